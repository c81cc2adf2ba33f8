# SPDX-License-Identifier: MIT
"""sendmail -bv: what would be done with each recipient."""
import json

import pytest

from callers.mail import run_without_input

ALIASES = """\
root: me, ops@example.org
me: me@example.net
loop: loop
broken: |/bin/program
"""


@pytest.fixture
def verify(mail):
    mail.aliases.write_text(ALIASES)

    def run(*arguments):
        done = run_without_input(mail.postrider, "-bv", *arguments)
        assert mail.server.wires == []
        return done.returncode, done.stdout.decode(), done.stderr.decode()
    run.port = mail.server.port
    return run


def test_each_recipient_has_a_line(verify):
    server = f"by 127.0.0.1 port {verify.port}, account test"
    assert verify("root", "you@example.org", "B <b@bücher.example>, bob") == (
        0,
        f"root: would be sent to <me@example.net>, <ops@example.org> {server}\n"
        f"you@example.org: would be sent to <you@example.org> {server}\n"
        f"b@bücher.example: would be sent to <b@xn--bcher-kva.example> {server}"
        f"\nbob: would be sent to <bob@example.test> {server}\n", "")


@pytest.mark.parametrize("recipient, status, said", [
    ("broken", 78, "aliases:4"), ("a@b@c", 65, "a@b@"),
    ("<>", 65, "recipient")])
def test_a_failure_does_not_hide_the_others(verify, recipient, status, said):
    found, out, err = verify("-oi", recipient, "you@example.org")
    assert found == status
    assert "you@example.org: would be" in out
    assert said in err
    assert len(out.splitlines()) == 1


def test_the_account_is_chosen_as_for_a_message(verify, mail):
    mail.configure("}\naccount other { host = mail.example.net port = 2525 "
                   "tls = none from = me@other.test")
    for arguments in (["-a", "other"], ["-f", "me@other.test"]):
        assert verify(*arguments, "bob")[1] == (
            "bob: would be sent to <bob@other.test> by mail.example.net port "
            "2525, account other\n")
    assert verify("-a", "none", "bob")[0] == 78


def test_json(verify):
    status, out, err = verify("--json", "root", "broken")
    first, second = json.loads(out)
    assert first["addresses"] == ["me@example.net", "ops@example.org"]
    assert first["account"] == "test"
    assert second["error"]["code"] == "config"
    assert status == 78 and "aliases:4" in err


def test_without_recipients_it_is_a_usage_error(verify):
    assert verify()[0] == 64
