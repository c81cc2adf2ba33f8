# SPDX-License-Identifier: MIT
"""postrider is killed, or a system call of it fails, anywhere while it queues a
message, sends the queue, or does what the user says of a message. Afterwards
the promise in callers/queue_trial.py holds.

A sample by default; all with POSTRIDER_CRASH_POINTS=all ("make crash-points"),
which prints a table.
"""
import collections
import dataclasses

import pytest

from callers.crash_points import ALL, choose, require, try_each
from callers.queue_trial import (
    LATER, Letter, MIXED, ONE, QueueTrial, SEVERAL, THREE, TWO_ACCOUNTS,
    postpone_later)
from callers.strace import find_faults, strace
from dialogue import faults
from dialogue.submission import EXTENSIONS

SAMPLE = 12
AT_LEAST = 5000
WITHOUT_CHUNKING = tuple(word for word in EXTENSIONS if word != "CHUNKING")
LARGE = 300000


@dataclasses.dataclass(frozen=True)
class Scenario:
    letters: tuple  # in the queue before
    answers: dict = dataclasses.field(default_factory=dict)
    chunking: bool = True

    @property
    def extensions(self):
        return EXTENSIONS if self.chunking else WITHOUT_CHUNKING


ADDING = {
    "first": (Scenario(()), Letter(1)),
    "second": (Scenario(ONE), Letter(2)),
    "recipients": (Scenario(()), Letter(1, THREE)),
    "large": (Scenario(ONE), Letter(2, size=LARGE)),
}

SENDING = {
    "one": Scenario(ONE),
    "one-data": Scenario(ONE, chunking=False),
    "several": Scenario(SEVERAL),
    "several-data": Scenario(SEVERAL, chunking=False),
    "accounts": Scenario(TWO_ACCOUNTS),
    "accounts-data": Scenario(TWO_ACCOUNTS, chunking=False),
    "large": Scenario((Letter(1, size=LARGE), Letter(2))),
    "large-data": Scenario((Letter(1, size=LARGE), Letter(2)), chunking=False),
    "mixed": Scenario(MIXED, {"rcpt": postpone_later}),
    "mixed-data": Scenario(MIXED, {"rcpt": postpone_later}, False),
    "sender-4xx": Scenario(SEVERAL, {"mail": [LATER, None, LATER]}),
    "recipients-4xx": Scenario(SEVERAL, {"rcpt": LATER}),
    "data-4xx": Scenario(SEVERAL, {"data": [None, LATER]}, False),
    "end-4xx": Scenario(SEVERAL, {"dot": [None, LATER]}),
    "end-4xx-data": Scenario(SEVERAL, {"dot": [None, LATER]}, False),
    "lost": Scenario(SEVERAL, {"dot": [None, faults.close]}),
    "lost-data": Scenario(SEVERAL, {"dot": [None, faults.close]}, False),
    "lost-late": Scenario(SEVERAL, {"dot": [None, None, faults.reset]}),
    "goodbye-421": Scenario(SEVERAL, {"mail": [None, "421 4.3.2 bye"]}),
    "arrived-lost": Scenario(SEVERAL, {
        "dot": [None, faults.accept_then_close]}),
    "arrived-lost-data": Scenario(SEVERAL, {
        "dot": [None, faults.accept_then_close]}, False),
}

# The letter that the command is about, after a run with these answers.
CHANGING = {
    ("drop", "waiting"): {"rcpt": LATER},
    ("drop", "unknown"): {"dot": faults.close},
    ("resend", "unknown"): {"dot": faults.close},
    ("resend", "arrived"): {"dot": faults.accept_then_close},
    ("resend", "waiting"): {"rcpt": LATER},
}


@pytest.fixture
def trial(mail, tmp_path):
    return QueueTrial(mail, tmp_path)


@pytest.fixture(scope="module")
def tally():
    """The number of points of each scenario."""
    counts = collections.Counter()
    yield counts
    total = sum(counts.values())
    if ALL:
        print(f"\ncrash points of the queue: {total}")
        assert total >= AT_LEAST or len(counts) < 30


class Points:
    """All faults of one command, one after the other."""

    def __init__(self, trial, tally, capsys, name):
        self.trial, self.name = trial, name
        self.tally, self.capsys = tally, capsys

    def find(self, begin, perform):
        """The faults from the first call named begin on."""
        self.trial.restore()
        perform(())
        points = find_faults(self.trial.trace, begin)
        assert any(point.name == "fsync" for point in points), points
        return choose(points, SAMPLE, self.name)

    def try_all(self, points, outcome):
        def attempt(point):
            self.trial.restore()
            return outcome(point)

        self.tally[self.name] += len(points)
        try_each(points, attempt, self.name, self.capsys)


def run_under(trial, options, *words, input=b""):
    command = strace(trial.trace, *options, with_children=True)
    return trial.command(*words, input=input,
                         wrap=lambda program: [*command, *program])


@pytest.mark.parametrize("name", ADDING)
def test_a_crash_while_a_message_is_queued(trial, tally, capsys, name):
    scenario, letter = ADDING[name]
    trial.prepare(scenario.letters)

    def add(options):
        return run_under(trial, options, *letter.arguments, input=letter.text)

    def outcome(point):
        done = add(point.options)
        is_queued = letter.id in {id for id, _ in trial.states()}
        if done.status == 0:
            require(is_queued, "accepted, but not in the queue")
        elif not point.is_death:
            require(not is_queued, "refused, but in the queue")
        trial.check([*scenario.letters, *([letter] if is_queued else [])])
        return "queued" if is_queued else "not queued"

    points = Points(trial, tally, capsys, f"add {name}")
    begin = "fcntl" if scenario.letters else "mkdir"
    points.try_all(points.find(begin, add), outcome)


@pytest.mark.parametrize("name", SENDING)
def test_a_crash_while_the_queue_is_sent(trial, tally, capsys, name):
    scenario = SENDING[name]
    trial.prepare(scenario.letters, scenario.extensions)

    def run(options):
        trial.server_answers({
            step: list(answer) if isinstance(answer, list) else answer
            for step, answer in scenario.answers.items()})
        return run_under(trial, options, "queue", "run")

    def outcome(point):
        run(point.options)
        before = trial.accepted_by_server()
        final = trial.check(scenario.letters)
        unknown = [one for one, word in final.items() if word == "unknown"]
        if not unknown:
            return "none unknown"
        return ("arrived" if all(before[one] for one in unknown)
                else "some not arrived") + ", unknown"

    points = Points(trial, tally, capsys, f"send {name}")
    points.try_all(points.find("fcntl", run), outcome)


@pytest.mark.parametrize("what, state", CHANGING)
def test_a_crash_while_the_user_decides(trial, tally, capsys, what, state):
    letter = Letter(1, THREE)
    trial.prepare([letter, Letter(2, account="two")])
    trial.server_answers(CHANGING[what, state])
    trial.command("queue", "run")
    trial.keep()
    id = trial.ids()[letter.id]
    before = set(trial.states().values())

    def change(options):
        trial.server_answers({})
        return run_under(trial, options, "queue", what, id)

    def outcome(point):
        done = change(point.options)
        now = {word for (id, _), word in trial.states().items()
               if id == letter.id}
        if done.status == 0:
            require(now == (set() if what == "drop" else {"waiting"}),
                    f"done, but {now}")
        require(now <= before | {"waiting"}, f"{before} became {now}")
        trial.check([letter, Letter(2, account="two")],
                    dropped=[letter.id] if what == "drop" else (),
                    most=2 if what == "resend" else 1)
        return "changed" if now != before else "not changed"

    points = Points(trial, tally, capsys, f"{what} {state}")
    points.try_all(points.find("fcntl", change), outcome)
