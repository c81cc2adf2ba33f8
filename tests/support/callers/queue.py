# SPDX-License-Identifier: MIT
"""Uses the queue of a postrider (callers/mail.py) as a user would."""
import json
import re

from callers.mail import MESSAGE

RCPT = "you@example.org"


class Queue:
    def __init__(self, mail):
        self.mail = mail
        self.path = mail.postrider.home / ".local/state/postrider/queue"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """What sends in the background ends with the test."""
        self.mail.run("queue", "stop")

    def add(self, *recipients, input=MESSAGE, options=()):
        """Queues a message; returns its ID."""
        done = self.mail.run("-odq", "--json", *options,
                             *(recipients or [RCPT]), input=input)
        assert (done.status, done.err) == (0, "")
        assert json.loads(done.out)["status"] == "queued"
        return json.loads(done.out)["id"]

    def do(self, *words, status=0, **how):
        done = self.mail.run("queue", *words, input=b"", **how)
        assert done.status == status, done.err
        return done

    def run(self, **how):
        return self.do("run", **how)

    def list(self):
        return json.loads(self.do("list", "--json").out)

    def states(self):
        return [[one["status"] for one in message["recipients"]]
                for message in self.list()]

    def make_due(self):
        for path in self.path.glob("*.state"):
            path.write_text(re.sub("(?m)^next .*$", "next 0",
                                   path.read_text()))
