# SPDX-License-Identifier: MIT
"""Uses the queue of a postrider (callers/mail.py) as a user would."""
import json
import re
import subprocess

from callers.mail import MESSAGE
from patience import wait_for

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

    def run(self, *words, **how):
        return self.do("run", *words, **how)

    def list(self):
        return json.loads(self.do("list", "--json").out)

    def states(self):
        return [[one["status"] for one in message["recipients"]]
                for message in self.list()]

    def make_due(self):
        for path in self.path.glob("*.state"):
            path.write_text(re.sub("(?m)^next .*$", "next 0",
                                   path.read_text()))

    # ---- the process in the background ----

    def start(self, wrap=None, **how):
        """Starts it as "postrider-queue start"."""
        command = [self.mail.postrider.env["POSTRIDER_EXEC_PATH"]
                   + "/postrider-queue", "start"]
        done = subprocess.run(wrap(command) if wrap else command,
                              env=self.mail.postrider.environment(**how),
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=30)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def runner(self):
        """Its number, or None."""
        path = self.path / "run"
        text = path.read_text() if path.exists() else ""
        words = text.split()
        return int(words[0]) if words[1:2] == ["start"] else None

    def await_runner(self):
        return wait_for(self.runner)

    def await_end(self):
        wait_for(lambda: self.runner() is None)

    def await_states(self, *states):
        wait_for(lambda: self.states() == list(states),
                 lambda: f"{self.states()} instead of {list(states)}")
