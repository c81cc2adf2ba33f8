# SPDX-License-Identifier: MIT
"""sendmail's default with a real Postfix, without DNS, with a locked keyring:
in the sandbox, over TLS."""
import json

import pytest

from callers.account import alice
from peers.namespace import Network, in_network
from peers.postfix import Postfix, body_of, new_token


class Sender:
    def __init__(self, postrider, ca, postfix):
        self.postrider, self.ca, self.postfix = postrider, ca, postfix
        self.file = postrider.secret_file("secret")
        self.configure()
        del postrider.env["POSTRIDER_QUEUE"]

    def configure(self, credential=None):
        self.postrider.configure(alice(
            self.ca, self.postfix.port, credential or f"file:{self.file}",
            "queue-after = 20s"))

    def send(self, *recipients, status=0, body=b"body\n", **how):
        """Returns what is in the message, and what was printed."""
        token = new_token()
        done = self.postrider.run(
            *recipients, input=b"From: alice@example.test\nSubject: "
            + token.encode() + b"\n\n" + body, name="sendmail", **how)
        assert done.status == status, done.err
        return token, done.err

    def queue(self, *words):
        done = self.postrider.run("queue", *words)
        assert done.status == 0, done.err
        return done

    def list(self):
        return json.loads(self.queue("--json").out)

    def run(self):
        return self.queue("run").err

    def arrived_once(self, token, user="bob"):
        text = self.postfix.wait_for(user, token)
        assert len([other for other in self.postfix.messages(user)
                    if token.encode() in other]) == 1
        return text


@pytest.fixture
def sender(postrider, ca, postfix):
    yield Sender(postrider, ca, postfix)
    postrider.run("queue", "stop")


def test_postfix_is_stopped_and_started(postrider, ca, dovecot, run_directory):
    postfix = Postfix(run_directory / "postfix-stopped", ca,
                      dovecot.sasl_socket)
    try:
        sender = Sender(postrider, ca, postfix)
        first, said = sender.send("bob@example.test")
        assert said == ""
        postfix.stop()
        tokens = [sender.send("bob@example.test", body=b".dot\n\nx\n")
                  for number in range(3)]
        assert {said for token, said in tokens} == {""}
        assert [message["recipients"][0]["status"]
                for message in sender.list()] == 3 * ["waiting"]
        postfix.start()
        assert sender.run() == ""
        assert sender.list() == []
        for token, said in tokens:
            assert body_of(sender.arrived_once(token)) == b".dot\n\nx\n"
        sender.arrived_once(first)
    finally:
        postrider.run("queue", "stop")
        postfix.stop()


def test_a_password_that_was_changed_loses_nothing(sender):
    sender.postrider.secret_file("changed")
    token, said = sender.send("bob@example.test")
    assert said == ""
    message, = sender.list()
    assert "535" in message["recipients"][0]["reason"]
    sender.postrider.secret_file("secret")
    assert sender.run() == ""
    sender.arrived_once(token)


def test_recipients_that_postfix_distinguishes(sender):
    token, said = sender.send("alice@example.test", "nouser@example.test",
                              "tempfail@example.test", status=67)
    assert "550 5.1.1" in said
    assert "450" not in said
    assert "sent to 1 of 3 recipients, queued as" in said
    sender.arrived_once(token, "alice")
    message, = sender.list()
    assert [(one["address"], one["status"]) for one in message["recipients"]] \
        == [("tempfail@example.test", "waiting")]


def test_a_large_message_in_the_sandbox(sender):
    """It is in a file, which the process has open."""
    sender.postrider.secret_file("changed")
    body = b"0123456789\n" * 50000
    token, said = sender.send("bob@example.test", body=body)
    sender.postrider.secret_file("secret")
    assert sender.run() == ""
    assert body_of(sender.arrived_once(token)) == body


def test_a_keyring_that_is_not_there(sender):
    sender.configure("keyring")
    sender.send("bob@example.test")
    assert "keyring" in sender.list()[0]["recipients"][0]["reason"]


def test_a_keyring_that_is_locked(sender, keyring):
    sender.configure("keyring")
    keyring.store("secret", host="localhost", service="smtp", user="alice")
    keyring.lock()
    sender.send("bob@example.test")
    assert "locked" in sender.list()[0]["recipients"][0]["reason"]


@pytest.mark.parametrize("account", [
    "account work { user = me@company.test  queue-after = 2s }",
    "account work { user = me@gmail.com  retries = 0 }"])
def test_without_a_name_server(postrider, tmp_path, account):
    """The first needs it to find the provider, by the MX of the domain."""
    del postrider.env["POSTRIDER_QUEUE"]
    postrider.configure(account)
    with Network() as network:
        done = postrider.run(
            "you@example.org", input=b"Subject: x\n\nx\n", name="sendmail",
            env={"POSTRIDER_LOG_FILE": tmp_path / "log"},
            wrap=in_network(network, tmp_path))
        assert (done.status, done.out, done.err) == (0, "", "")
        postrider.run("queue", "stop")
    message, = json.loads(postrider.run("queue", "--json").out)
    assert message["account"] == "work"
    assert message["sender"].startswith("me@")
    assert message["recipients"][0]["status"] == "waiting"
    assert " status=queued " in (tmp_path / "log").read_text()
