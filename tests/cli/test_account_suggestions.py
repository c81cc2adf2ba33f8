# SPDX-License-Identifier: MIT
"""A name that is close to an account's name or address gets a suggestion."""
import pytest

ACCOUNTS = """\
account "alice@example.test" {
	host = smtp.example.test
	user = alice@example.test
}
account work {
	host = smtp.corp.example
	user = robert@corp.example
	from = { robert@corp.example, team@corp.example, "*@corp.example" }
}
"""
NEAR = [("alice", "alice@example.test"), ("alcie", "alice@example.test"),
        ("wrok", "work"), ("worj", "work"),
        ("robert", "work, the account of robert@corp.example"),
        ("team", "work, the account of team@corp.example")]


@pytest.fixture
def run(postrider):
    postrider.configure(ACCOUNTS)
    return postrider.run


@pytest.mark.parametrize("command", ["login", "check", "token", "logout"])
@pytest.mark.parametrize("name, meant", NEAR)
def test_a_command(run, command, name, meant):
    done = run(command, name)
    assert done.status == (64 if command == "login" else 78)
    assert f"hint: did you mean {meant}?" in done.err


@pytest.mark.parametrize("name, meant", NEAR)
def test_a_message(run, name, meant):
    done = run("-a", name, "you@example.org", input=b"Subject: x\n\nx\n")
    assert done.status == 78
    assert f"hint: did you mean {meant}?" in done.err


@pytest.mark.parametrize("name", ["carol", "al", "w", "zebra"])
def test_a_name_that_is_close_to_none(run, name):
    output = run("check", name).err
    assert "did you mean" not in output
    assert "use one of the accounts alice@example.test, work" in output
