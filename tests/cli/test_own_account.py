# SPDX-License-Identifier: MIT
"""A command line that names the server, the provider or another user describes
an account of its own: no account block gives it a credential or a mechanism."""
import json

import pytest

from callers.mail import MESSAGE
from dialogue.submission import SubmissionServer

RCPT = "you@example.org"
PASSWORD = "pass-word-51c7"
CI = "ci@corp.test"
# As login writes it for OAuth2: what README's line for CI must not use.
OAUTH2 = """\
timeout = 7s
account "me@outlook.com" {
	provider = outlook
	user = me@outlook.com
	from = me@outlook.com
	client-id = 0000-client
}
"""
TWO = """\
account work { host = work.test user = w from = me@work.test }
account home { host = home.test user = me@home.test auth = login }
"""


def shown(postrider, *arguments, env=None, input=b"Subject: x\n\nbody\n"):
    done = postrider.run("--dry-run", "--json", *arguments, RCPT, input=input,
                         env=env)
    assert (done.status, done.err) == (0, ""), done.err
    return json.loads(done.out)


@pytest.fixture
def server(ca):
    with SubmissionServer(ca.server, users={CI: PASSWORD}) as server:
        yield server


def corp(server, ca):
    return ["--host=localhost", f"--port={server.port}",
            f"--tls-trust-file={ca.pem}"]


def test_the_line_for_ci_ignores_the_default_account(postrider, server, ca):
    postrider.configure(OAUTH2)
    done = postrider.run(*corp(server, ca), "--user", CI, RCPT, input=MESSAGE,
                         env={"POSTRIDER_PASSWORD": PASSWORD})
    assert (done.status, done.err) == (0, "")
    assert server.messages[0].user == CI
    assert [line.split()[1] for line in server.commands
            if line.startswith("AUTH")] == ["PLAIN"]


def test_check_tests_the_same_account(postrider, server, ca):
    postrider.configure(OAUTH2)
    done = postrider.run("check", *corp(server, ca), "--user", CI,
                         env={"POSTRIDER_PASSWORD": PASSWORD})
    assert done.status == 0, done.out + done.err
    assert "of the command line (host)" in done.out.splitlines()[0]
    assert "sasl-ir" not in done.out.lower()


def test_with_a_name_the_block_is_used_and_changed(postrider, server, ca):
    postrider.configure(OAUTH2)
    answer = shown(postrider, "-a", "me@outlook.com", "--host=localhost")
    assert (answer["account"], answer["host"]) == ("me@outlook.com",
                                                   "localhost")
    assert answer["provider"] == "outlook"


@pytest.mark.parametrize("arguments, env", [
    (["--host=own.test"], {}),
    (["--host=own.test", "--user=u"], {}),
    ([], {"POSTRIDER_HOST": "own.test"}),
    ([], {"POSTRIDER_HOST": "own.test", "POSTRIDER_USER": "u"}),
    # Exported for other calls; the command line says more.
    (["--host=own.test"], {"POSTRIDER_ACCOUNT": "work"}),
    (["--host=own.test", "-f", "me@work.test"], {}),
])
def test_a_host_makes_an_account_of_its_own(postrider, arguments, env):
    postrider.configure("port = 2500\n" + TWO + "account default { host = d }")
    answer = shown(postrider, *arguments, env=env)
    assert (answer["account"], answer["host"]) == (None, "own.test")
    assert answer["user"] == ("u" if "--user=u" in arguments
                              or "POSTRIDER_USER" in env else None)
    assert answer["port"] == 2500  # for all accounts


@pytest.mark.parametrize("arguments, provider", [
    (["--provider=gmail", "--user=me@work.test"], "gmail"),
    (["--user=other@gmail.com"], "gmail"),
    (["--user=other@gmail.com", "-f", "me@work.test"], "gmail"),
    (["--user=other@icloud.com", "--from=me@home.test"], "icloud"),
])
def test_a_provider_or_another_user_does_so_too(postrider, arguments, provider):
    postrider.configure(TWO)
    answer = shown(postrider, *arguments)
    assert (answer["account"], answer["provider"]) == (None, provider)


@pytest.mark.parametrize("arguments, env, account", [
    (["--timeout=5s", "--port=25", "--auth=plain"], {}, "default"),
    (["--from=me@work.test"], {}, "work"),
    (["--user=me@home.test"], {}, "home"),
    (["--user=me@home.test", "-f", "me@work.test"], {}, "home"),
    (["--user=w"], {"POSTRIDER_ACCOUNT": "home"}, "work"),
    (["--user="], {}, "default"),
    (["-a", "work", "--user=other@gmail.com"], {}, "work"),
    ([], {"POSTRIDER_ACCOUNT": "work", "POSTRIDER_HOST": "x.test"}, "work"),
])
def test_other_settings_change_those_of_a_block(postrider, arguments, env,
                                                account):
    postrider.configure(TWO + "account default { provider = gmail "
                        "user = me@gmail.com }")
    assert shown(postrider, *arguments, env=env)["account"] == account


def test_the_argument_of_a_command_names_the_account(postrider):
    postrider.configure(TWO)
    for name in ("work", "me@work.test"):
        done = postrider.run("check", name, "--host=127.0.0.1", "--port=1",
                             "--json")
        assert json.loads(done.out)["account"] == "work"


@pytest.mark.parametrize("arguments, account", [
    (["--host=127.0.0.1", "--port=1"], "of the command line"),
    (["-a", "work", "--host=127.0.0.1", "--port=1"], "work"),
    (["-a", "home", "--host=127.0.0.1", "--port=1"], "home"),
    (["--user=stranger"], "of the command line"),
])
def test_an_error_names_the_account(postrider, arguments, account):
    postrider.configure(TWO)
    done = postrider.run(*arguments, "--retries=0", RCPT,
                         input=b"Subject: x\n\nx\n")
    assert done.status in (75, 78)
    assert done.err.startswith(f"postrider: account {account}: "), done.err


def test_no_account_is_named_where_there_is_one_only(postrider):
    postrider.configure("account a { host = 127.0.0.1 port = 1 tls = none "
                        "retries = 0 }")
    done = postrider.run(RCPT, input=MESSAGE)
    assert done.err.startswith("postrider: 127.0.0.1"), done.err


@pytest.mark.parametrize("header", [b"", b"From: root (Cron Daemon)\n"])
def test_without_a_default_the_error_says_how_to_choose(postrider, header):
    postrider.configure(TWO)
    done = postrider.run(RCPT, input=header + b"Subject: x\n\nx\n")
    assert done.status == 78
    assert done.err.splitlines() == [
        "postrider: none of the 2 accounts is the default",
        "hint: use -a NAME, or choose one with \"postrider accounts default "
        "NAME\": work (me@work.test), home (me@home.test)"]
