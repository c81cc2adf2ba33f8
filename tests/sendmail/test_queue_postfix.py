# SPDX-License-Identifier: MIT
"""The queue with a real Postfix: signed in over TLS, in the sandbox."""
import json

import pytest

from callers.account import alice
from peers.postfix import body_of, new_token


class Queued:
    def __init__(self, postrider, ca, postfix):
        self.postrider, self.ca, self.postfix = postrider, ca, postfix
        self.connect(postfix.port)

    def connect(self, port):
        self.postrider.configure(alice(self.ca, port, "env:QUEUE_PASSWORD"))

    def add(self, *recipients, body=b"body\n"):
        token = new_token()
        done = self.postrider.run(
            "-odq", *recipients, input=b"From: alice@example.test\nSubject: "
            + token.encode() + b"\n\n" + body)
        assert (done.status, done.out, done.err) == (0, "", "")
        return token

    def run(self, password="secret"):
        return self.postrider.run("queue", "run",
                                  env={"QUEUE_PASSWORD": password})

    def make_due(self):
        for message in self.list():
            done = self.postrider.run("queue", "resend", message["id"])
            assert done.status == 0, done.err

    def list(self):
        return json.loads(self.postrider.run("queue", "--json").out)


@pytest.fixture
def queue(postrider, ca, postfix):
    return Queued(postrider, ca, postfix)


def test_what_waited_for_the_server_arrives_once(queue, postfix):
    queue.connect(9)  # nothing listens there
    tokens = [queue.add("bob@example.test", body=b".dot\n\nx\n")
              for number in range(3)]
    assert "port 9" in queue.run().err
    assert len(queue.list()) == 3
    queue.connect(postfix.port)
    queue.make_due()
    done = queue.run()
    assert (done.status, done.out, done.err) == (0, "", "")
    assert queue.list() == []
    queue.run()
    for token in tokens:
        assert body_of(postfix.wait_for("bob", token)) == b".dot\n\nx\n"
        assert len([text for text in postfix.messages("bob")
                    if token.encode() in text]) == 1


def test_a_wrong_password_refuses_no_message(queue, postfix):
    token = queue.add("bob@example.test")
    assert "535" in queue.run("not-the-one").err
    message, = queue.list()
    assert message["recipients"][0]["status"] == "waiting"
    assert "535" in message["recipients"][0]["reason"]
    queue.make_due()
    assert queue.run().err == ""
    postfix.wait_for("bob", token)


def test_what_postfix_refuses_is_kept_by_recipient(queue, postfix):
    token = queue.add("alice@example.test", "nouser@example.test",
                      "tempfail@example.test")
    assert "nouser@example.test" in queue.run().err
    postfix.wait_for("alice", token)
    message, = queue.list()
    assert {one["address"]: one["status"] for one in message["recipients"]} \
        == {"alice@example.test": "sent", "nouser@example.test": "refused",
            "tempfail@example.test": "waiting"}
