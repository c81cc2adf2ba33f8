# SPDX-License-Identifier: MIT
"""Accounts and messages of the queue that are held: by the user, or because the
account can't be used. And messages that have failed for good."""
import json
import re
import shlex

import pytest

from callers.account import alice
from callers.mail import HEADER, MESSAGE
from callers.queue import Queue
from patience import wait_for
from peers.keyring import Keyring
from peers.notifications import Notifications
from peers.postfix import new_token


@pytest.fixture
def queue(mail):
    with Queue(mail) as queue:
        yield queue


# ---- by the user ------------------------------------------------------------

@pytest.mark.parametrize("what", ["test", None])
def test_an_account_that_is_held_sends_nothing(mail, queue, what):
    words = [what] if what else []
    queue.do("hold", *words)
    queue.add()
    queue.start()
    queue.await_end()
    queue.run()
    assert mail.server.commands == []
    message, = queue.list()
    assert message["account_state"]["status"] == "held"
    assert message["next_try_at"] is None
    assert queue.do("list").out.splitlines()[-1] == (
        "account test is held; run postrider queue release test to send its "
        "messages" if what else
        "all accounts are held; run postrider queue release to send their "
        "messages")
    assert queue.do("release", *words).err == ""
    assert mail.arrived().to == ["you@example.org"]
    wait_for(lambda: queue.list() == [])


def test_an_account_of_another_configuration_is_held(mail, queue):
    usual = mail.postrider.home / ".config/postrider/config"
    other = usual.with_name("other file")
    usual.rename(other)
    queue.add(options=["-C", other])
    queue.do("hold", "test", "-C", other)
    queue.run()
    assert mail.server.commands == []
    said = queue.do("list").out.splitlines()[-1]
    words = f"queue release test -C '{other}'"
    assert said == (f"account test is held; run postrider {words} to send its "
                    "messages")
    queue.do(*shlex.split(words)[1:])
    mail.arrived()
    wait_for(lambda: queue.list() == [])


def test_a_message_that_is_held_lets_others_go(mail, queue):
    first = queue.add("first@example.org")
    queue.do("hold", first)
    queue.add("second@example.org")
    queue.run()
    assert mail.arrived().to == ["second@example.org"]
    message, = queue.list()
    assert message["held"] and message["next_try_at"] is None
    assert re.search(f"^{first}!", queue.do("list").out, re.M)
    queue.do("release", first)
    assert mail.arrived(2).to == ["first@example.org"]


def test_release_without_argument_releases_all(mail, queue):
    queue.do("hold", queue.add())
    queue.add()
    queue.do("hold", "test")
    queue.do("release")
    mail.arrived(2)
    wait_for(lambda: queue.list() == [])


def test_release_without_argument_releases_accounts_without_messages(queue):
    queue.do("hold", "test")
    queue.do("release")
    queue.add()
    queue.start()
    queue.mail.arrived()


def test_a_mistyped_account_is_noticed(queue):
    for word in ("hold", "release"):
        assert queue.do(word, "tset", status=64).err == (
            "postrider: tset: neither an account nor the ID of a message\n"
            "hint: run postrider accounts, or postrider queue\n")


# ---- by a failure of the account --------------------------------------------

class Signed(Queue):
    """With an account that signs in to Postfix."""

    def __init__(self, mail, postfix, ca, credential):
        super().__init__(mail)
        self.log = mail.postrider.home / "log"
        mail.postrider.configure(alice(ca, postfix.port, credential,
                                       f'log-file = "{self.log}"'))

    def post(self, recipient="bob@example.test"):
        token = new_token()
        self.add(recipient, input=HEADER.replace(
            b"me@", b"alice@") + b"X: " + token.encode() + b"\n\nbody\n")
        return token

    def state(self):
        return self.list()[0]["account_state"]


@pytest.fixture
def desktop(run_directory, mail):
    with Keyring() as bus:
        for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
            mail.postrider.env[name] = bus.env[name]
        with Notifications(run_directory, bus.env, "body") as service:
            yield service


def test_a_wrong_password_holds_the_account(mail, ca, postfix, desktop):
    password = mail.postrider.secret_file("wrong")
    with Signed(mail, postfix, ca, f"file:{password}") as queue:
        tokens = [queue.post() for number in range(3)]
        queue.start()
        wait_for(queue.state)
        assert queue.state()["status"] == "needs-user"
        assert queue.state()["cause"] == "wrong-secret"
        assert "535" in queue.list()[0]["reply"]
        assert [message["tries"] for message in queue.list()] == [1, 0, 0]
        summary, body = desktop.next()[3:5]
        assert summary == "Messages of account work wait"
        assert "535" in body
        shown = queue.do("list").out.splitlines()[-2:]
        assert re.match("account work is tried again in [0-9]+ min: .*535",
                        shown[0])
        assert shown[1].startswith("hint: ")
        mail.postrider.secret_file("secret")
        queue.do("release", "work")
        for token in tokens:
            postfix.wait_for("bob", token)
        wait_for(lambda: queue.list() == [])
        assert [path.name for path in queue.path.iterdir()] == ["run"]


def test_a_login_releases_the_account(mail, ca, postfix, desktop):
    with Signed(mail, postfix, ca, "keyring") as queue:
        token = queue.post()
        queue.start()
        wait_for(queue.state)
        assert queue.state()["status"] == "needs-user"
        status, shown = mail.postrider.at_terminal(
            ["login", "work"], answers=[("assword", "secret")])
        assert status == 0, shown
        postfix.wait_for("bob", token)
        wait_for(lambda: queue.list() == [])


# ---- for good ---------------------------------------------------------------

def test_a_refused_message_is_kept_and_told_of_once(mail, ca, postfix,
                                                    desktop):
    password = mail.postrider.secret_file("secret")
    with Signed(mail, postfix, ca, f"file:{password}") as queue:
        token = queue.post("nouser@example.test")
        queue.start()
        summary, body = desktop.next()[3:5]
        message, = queue.list()
        assert summary == "A message to nouser@example.test was refused"
        assert body.splitlines()[-1] == (
            f"run postrider queue show {message['id']}")
        assert queue.states() == [["refused"]]
        assert re.search(f"^{message['id']}!", queue.do("list").out, re.M)
        assert "status=failed" in queue.log.read_text()
        queue.await_end()
        assert token in queue.do("show", message["id"]).out
        queue.do("drop", message["id"])


def test_a_message_that_is_too_old_expires_untried(mail, queue):
    """The first message has shown that the server can't be reached."""
    log = mail.postrider.home / "log"
    config = mail.postrider.home / ".config/postrider/config"
    mail.configure(f'queue-lifetime = 2h\nlog-file = "{log}"')
    config.write_text(config.read_text().replace(
        f"port = {mail.server.port}", "port = 9"))
    for number in range(3):
        queue.add(f"n{number}@example.org")
    for path in sorted(queue.path.glob("*.state"))[:2]:
        text = path.read_text()
        created = int(re.search("(?m)^created (.*)$", text)[1]) - 7300
        path.write_text(re.sub("(?m)^created .*$", f"created {created}", text))
    queue.run(status=75)
    assert queue.states() == [["expired"], ["expired"], ["waiting"]]
    assert [message["tries"] for message in queue.list()] == [1, 0, 0]
    assert len(re.findall("not tried again", log.read_text())) == 2
    mail.configure()
    for message in queue.list():
        queue.do("resend", message["id"])
    queue.run()
    mail.arrived(3)
