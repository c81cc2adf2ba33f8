# SPDX-License-Identifier: MIT
"""The process that sends the queue in the background, one of those that it
starts, or a run that takes its place is killed, or a system call of it fails,
anywhere. Afterwards the promise in callers/runner_trial.py holds. And it is
stopped anywhere while a message is queued: that is sent, too.

A sample by default; all with POSTRIDER_CRASH_POINTS=all ("make crash-points"),
which prints a table.
"""
import dataclasses
import re

import pytest

from callers.crash_points import choose, require, try_each
from callers.queue_trial import (
    LATER, Letter, MIXED, SEVERAL, THREE, TWO_ACCOUNTS, postpone_later)
from callers.runner_trial import RunnerTrial
from callers.strace import Fault, find_faults, strace
from dialogue import faults
from patience import wait_for

SAMPLE = 3


@dataclasses.dataclass(frozen=True)
class Scenario:
    letters: tuple
    answers: dict = dataclasses.field(default_factory=dict)
    held: str = None  # an account
    is_old: bool = False  # the time of queue-lifetime is over


SENDING = {
    "one": Scenario((Letter(1),)),
    "several": Scenario(SEVERAL),
    "accounts": Scenario(TWO_ACCOUNTS),
    "mixed": Scenario(MIXED, {"rcpt": postpone_later}),
    "later": Scenario(SEVERAL, {"rcpt": LATER}),
    "account waits": Scenario(SEVERAL, {"mail": "421 4.3.2 busy"}),
    "lost": Scenario(SEVERAL, {"dot": [None, faults.close]}),
    "arrived-lost": Scenario(SEVERAL, {"dot": [None, faults.accept_then_close]}),
    "held": Scenario(TWO_ACCOUNTS, held="two"),
    "old": Scenario(SEVERAL, {"rcpt": LATER}, is_old=True),
}


@pytest.fixture
def trial(mail, tmp_path):
    trial = RunnerTrial(mail, tmp_path)
    yield trial
    trial.command("queue", "stop")


def prepare(trial, scenario):
    trial.prepare(scenario.letters)
    if scenario.held:
        assert trial.command("queue", "hold", scenario.held).status == 0
    if scenario.is_old:
        for path in trial.path.glob("*.state"):
            path.write_text(re.sub("(?m)^created .*$", "created 1",
                                   path.read_text()))
    trial.keep()


def begin(trial, scenario):
    trial.restore()
    trial.server_answers({
        step: list(answer) if isinstance(answer, list) else answer
        for step, answer in scenario.answers.items()})


def check(trial, scenario, point):
    """Returns a word for what has become of the messages."""
    trial.settle()
    if not (point.is_death or point.lasts or scenario.held):
        trial.check_not_stranded()
    trial.stop()
    held = {letter.id for letter in scenario.letters
            if letter.account == scenario.held}
    require(not any(id in held for id, _ in trial.accepted_by_server()),
            "sent, although it is held")
    trial.server_answers({})
    if scenario.held:
        trial.command("queue", "release")
        trial.stop()
    if scenario.is_old:
        resend_expired(trial)
    final = trial.check(scenario.letters)
    return "some unknown" if "unknown" in final.values() else "none unknown"


def resend_expired(trial):
    expired = {id for (id, _), word in trial.states().items()
               if word == "expired"}
    ids = trial.ids()
    for one in expired:
        trial.command("queue", "resend", ids[one])
    trial.stop()


def try_all(trial, capsys, name, points, attempt):
    # Of descriptors that are not open.
    points = [point for point in points if point.name != "close"]
    points = choose(points, SAMPLE, name)
    assert len(points) >= SAMPLE
    try_each(points, attempt, name, capsys)


@pytest.mark.parametrize("name", SENDING)
def test_a_fault_in_the_background(trial, capsys, name):
    scenario = SENDING[name]
    prepare(trial, scenario)

    def attempt(point):
        begin(trial, scenario)
        trial.start(point.options)
        return check(trial, scenario, point)

    begin(trial, scenario)
    trial.start()
    trial.settle()
    trial.stop()
    try_all(trial, capsys, f"start {name}",
            find_faults(trial.trace, "setsid"), attempt)


@pytest.mark.parametrize("name, fault", [
    ("one", ("getdents64", "1", "EIO")),
    ("one", ("pipe2", "1", "EMFILE")),
    ("later", ("pwrite64", "1", "ENOSPC")),
])
def test_a_fault_that_was_found(trial, name, fault):
    """The process ended, and its messages waited for the next call; or held
    the lock, but could not be found."""
    scenario, fault = SENDING[name], Fault(*fault)
    prepare(trial, scenario)
    begin(trial, scenario)
    trial.start(fault.options)
    check(trial, scenario, fault)


def test_a_queue_that_cannot_be_read_is_not_empty(trial):
    prepare(trial, SENDING["one"])
    done = trial.command("queue", "list", wrap=lambda words: [
        *strace(trial.trace, "-e", "trace=getdents64", "-e",
                "inject=getdents64:error=EIO"), *words])
    assert done.status == 74 and "Input/output error" in done.err, done
    assert "empty" not in done.out


def test_an_account_is_held_if_its_file_cannot_be_read(trial):
    scenario = SENDING["held"]
    prepare(trial, scenario)
    begin(trial, scenario)
    trial.start(["-e", "trace=newfstatat,openat", "-P", "account-two.hold",
                 "-e", "inject=newfstatat,openat:error=EIO"])
    check(trial, scenario, Fault("newfstatat", "1+", "EIO"))


@pytest.mark.parametrize("name", ["later", "mixed"])
def test_a_fault_in_a_run_that_takes_over(trial, capsys, name):
    """While one in the background waits."""
    scenario = SENDING[name]
    prepare(trial, scenario)

    def take_over(options):
        begin(trial, scenario)
        trial.command("queue", "release")
        wait_for(lambda: trial.is_running() and trial.has_tried_all())
        trial.run(options)

    def attempt(point):
        take_over(point.options)
        return check(trial, scenario, point)

    take_over([])
    trial.settle()
    trial.stop()
    try_all(trial, capsys, f"run over start {name}",
            find_faults(trial.trace, "fcntl"), attempt)


@pytest.mark.parametrize("who", ["start", "run"])
def test_what_is_queued_at_any_moment_is_sent(trial, capsys, who):
    """The process with the lock is stopped there meanwhile."""
    first, second = Letter(1), Letter(2)
    prepare(trial, Scenario((first,)))

    def begin_with(options, with_children=False):
        trial.restore()
        (trial.start if who == "start" else trial.run)(options, with_children)

    def attempt(point):
        trial.trace.write_text("")
        begin_with(["-e", "signal=STOP", "-e", f"trace={point.name}",
                    "-e", f"inject={point.name}:signal=STOP"
                    f":when={point.number}"])
        wait_for(lambda: trial.tracers[-1].poll() is not None
                 or "stopped by" in trial.trace.read_text().partition(
                     "SI_KERNEL")[2])
        done = trial.command("-a", second.account, *second.to,
                             input=second.text,
                             env={"POSTRIDER_QUEUE": "always"})
        assert (done.status, done.err) == (0, "")
        trial.go_on()
        wait_for(lambda: trial.states() == {})
        require(sorted(trial.accepted_by_server().values()) == [1, 1],
                "not once each")
        return "sent"

    begin_with([], with_children=True)
    wait_for(lambda: trial.tracers[-1].poll() is not None)
    lines = trial.trace.read_text().splitlines(keepends=True)
    trial.trace.write_text("".join(
        line for line in lines if line.split()[0] == lines[0].split()[0]))
    points = [Fault(point.name, point.number, "STOP") for point in find_faults(
        trial.trace, "setsid" if who == "start" else "fcntl")
        if point.is_death]
    try_all(trial, capsys, f"queued during {who}", points, attempt)
