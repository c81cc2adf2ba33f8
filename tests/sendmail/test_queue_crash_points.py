# SPDX-License-Identifier: MIT
"""postrider is killed, or a system call of it fails, anywhere while it queues a
message or sends the queue. Afterwards nothing that was accepted is lost, and
nothing was sent twice; only where the answer of the server was lost does a
message wait for the user.

A sample by default; all with POSTRIDER_CRASH_POINTS=all ("make crash-points"),
which prints a table.
"""
import collections
import json
import os
import re
import shutil

import pytest

from callers.strace import find_faults, strace

ALL = os.environ.get("POSTRIDER_CRASH_POINTS") == "all"
SAMPLE = 40
RCPT = "you@example.org"


class Trial:
    def __init__(self, mail, directory):
        self.mail, self.trace = mail, directory / "trace"
        self.path = mail.postrider.home / ".local/state/postrider/queue"

    def wrap(self, *options):
        words = strace(self.trace, *options)
        return lambda command: [*words, *command]

    def add(self, *options):
        return self.mail.run("-odq", RCPT, wrap=self.wrap(*options))

    def run(self, *options):
        return self.mail.run("queue", "run", input=b"",
                             wrap=self.wrap(*options), timeout=120)

    def states(self):
        done = self.mail.run("queue", "--json", input=b"")
        assert (done.status, done.err) == (0, "")
        return [one["recipients"][0]["status"] for one in json.loads(done.out)]

    def reset(self):
        shutil.rmtree(self.path, ignore_errors=True)
        self.mail.server.messages.clear()

    def send_the_rest(self):
        """A run without a fault; the number of messages that arrived ever."""
        for path in self.path.glob("*.state"):
            path.write_text(re.sub("(?m)^next .*$", "next 0",
                                   path.read_text()))
        done = self.mail.run("queue", "run", input=b"")
        assert (done.status, done.err) == (0, "")
        return len(self.mail.server.messages)

    def after_adding(self, fault):
        self.reset()
        done = self.add(*fault.options)
        states = self.states()
        if done.status == 0:
            assert states == ["waiting"], "accepted, but lost"
        elif not fault.is_death:
            assert states == [], "refused, but queued"
        assert self.send_the_rest() == len(states)
        assert self.states() == []
        return "queued" if states else "not queued"

    def after_running(self, fault):
        self.reset()
        assert self.mail.run("-odq", RCPT).status == 0
        self.run(*fault.options)
        before = len(self.mail.server.messages)
        states = self.states()
        arrived = self.send_the_rest()
        assert arrived <= 1, "sent twice"
        if states == ["waiting"]:
            assert (before, arrived) == (0, 1)
            return "sent by the next run"
        if states == []:
            assert before == 1, "lost"
            return "sent"
        assert states == ["unknown"]
        assert arrived == before, "sent again"
        assert self.states() == ["unknown"]
        return f"unknown, {'has' if before else 'not'} arrived"


@pytest.fixture
def trial(mail, tmp_path):
    return Trial(mail, tmp_path)


def chosen(faults):
    faults = [fault for fault in faults if ALL or not fault.lasts]
    if ALL or len(faults) <= SAMPLE:
        return faults
    return [faults[i * len(faults) // SAMPLE] for i in range(SAMPLE)]


def try_all(what, faults, outcome, capsys):
    outcomes, wrong = collections.Counter(), []
    for fault in faults:
        try:
            kind = "killed" if fault.is_death else "failed"
            outcomes[kind, outcome(fault)] += 1
        except AssertionError as error:
            wrong.append(f"{fault}: {error}")
    if ALL:
        with capsys.disabled():
            print(f"\n{what}: {len(faults)} points, {len(wrong)} wrong")
            for (kind, result), count in sorted(outcomes.items()):
                print(f"    {kind:<8}{result:<24}{count:>6}")
    assert not wrong, "\n".join(wrong)


def test_a_crash_while_a_message_is_queued(trial, capsys):
    trial.reset()
    assert trial.add().status == 0
    faults = chosen(find_faults(trial.trace, "mkdir"))
    assert any(fault.name == "renameat" for fault in find_faults(
        trial.trace, "mkdir"))
    try_all("adding", faults, trial.after_adding, capsys)


def test_a_crash_while_the_queue_is_sent(trial, capsys):
    trial.reset()
    assert trial.mail.run("-odq", RCPT).status == 0
    assert trial.run().status == 0
    faults = chosen(find_faults(trial.trace, "fcntl"))
    try_all("running", faults, trial.after_running, capsys)
