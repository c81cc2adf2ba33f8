# SPDX-License-Identifier: MIT
"""The default account: shown and changed by "accounts default", and kept when
login adds a second account."""
import json

import pytest

from dialogue.submission import SubmissionServer
from peers.scripted_keeper import ScriptedKeeper

RCPT = "you@example.org"
HEADERLESS = b"Subject: x\n\nbody\n"
TWO = """\
# My mail

account work { host = work.test from = me@work.test } # the first
account home { host = home.test user = me@home.test }
"""


def default_of(postrider):
    done = postrider.run("--dry-run", "--json", RCPT, input=HEADERLESS)
    return json.loads(done.out).get("account")


def test_it_is_chosen_shown_and_used(postrider):
    path = postrider.configure(TWO, mode=0o640)
    assert default_of(postrider) is None
    done = postrider.run("accounts", "default", "home")
    assert (done.status, done.out, done.err) == (
        0, "home is now the default account\n", "")
    assert path.read_text() == TWO.replace(
        "account work", "default-account = home\n\naccount work", 1)
    assert path.stat().st_mode & 0o777 == 0o640
    assert default_of(postrider) == "home"
    assert postrider.run("accounts", "default").out == "home\n"
    postrider.run("accounts", "default", "work")
    assert path.read_text() == TWO.replace(
        "account work", "default-account = work\n\naccount work", 1)


def test_an_address_stands_for_its_account(postrider):
    postrider.configure(TWO)
    done = postrider.run("accounts", "default", "me@home.test", "--json")
    assert json.loads(done.out) == {"default": "home"}


def test_none_is_an_error_that_names_them(postrider):
    postrider.configure(TWO)
    done = postrider.run("accounts", "default")
    assert done.status == 78
    assert done.err.splitlines() == [
        "postrider: none of the 2 accounts is the default",
        "hint: use -a NAME, or choose one with \"postrider accounts default "
        "NAME\": work (me@work.test), home (me@home.test)"]


@pytest.mark.parametrize("arguments, status, message", [
    (["default", "hoem"], 78, "did you mean home?"),
    (["default", "work", "home"], 64, "too many arguments: home"),
    (["defualt"], 64, "unknown argument: defualt"),
])
def test_mistakes_are_explained(postrider, arguments, status, message):
    path = postrider.configure(TWO)
    done = postrider.run("accounts", *arguments)
    assert (done.status, done.out) == (status, "")
    assert message in done.err
    assert path.read_text() == TWO


def test_the_first_account_stays_the_default_after_a_second_login(
        postrider, ca, tmp_path):
    first = "account first { host = first.test user = me@first.test }\n"
    path = postrider.configure(first)
    ScriptedKeeper(postrider, tmp_path / "keeper")
    with SubmissionServer(ca.server) as server:
        done = postrider.run(
            "login", "alice@second.test", "--user=alice", "--host=localhost",
            f"--port={server.port}", f"--tls-trust-file={ca.pem}",
            input=b"secret\n")
    assert done.status == 0, done.err
    assert (
        '"first" stays the default account; to change that: postrider '
        "accounts default alice@second.test") in done.out.splitlines()
    assert path.read_text().startswith("default-account = first\n\n" + first)
    assert default_of(postrider) == "first"
