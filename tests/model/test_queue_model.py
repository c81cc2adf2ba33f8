# SPDX-License-Identifier: MIT
"""The model of the queue keeps its promise, whatever crashes; it would not if a
step were missing or came too early; and the programs take the steps of the model.
"""
import os

import pytest

from callers import disk_record
from callers.queue_trial import Letter, QueueTrial
from callers.strace import strace
from dialogue import faults
from model import queue_states
from model.queue_states import Programs, Violation, save

CRASHES = 3 if os.environ.get("POSTRIDER_CRASH_POINTS") == "all" else 2
RIGHT = Programs()
SUFFIXES = {".message": "message", ".new": "new", ".state": "state"}


def test_the_queue_keeps_its_promise(capsys):
    states = queue_states.explore(RIGHT, crashes=CRASHES)
    assert states > 50000
    if CRASHES > 2:
        with capsys.disabled():
            print(f"\nmodel of the queue: {states} states", end="")


def without(tasks, task):
    assert task in tasks
    return tuple(one for one in tasks if one != task)


def moved(tasks, task, index):
    left = list(without(tasks, task))
    left.insert(index, task)
    return tuple(left)


def replaced(tasks, old, new):
    assert old in tasks
    return tuple(new if one == old else one for one in tasks)


SYNC_NEW, SYNC_DIRECTORY = ("sync", "new"), ("sync", "directory")
WRONG = {
    "message not synced": ("lost", {
        "enqueue": without(RIGHT.enqueue, ("sync", "message"))}),
    "message synced too late": ("lost", {
        "enqueue": moved(RIGHT.enqueue, ("sync", "message"), 9)}),
    "first state not synced": ("lost", {
        "enqueue": without(RIGHT.enqueue, SYNC_NEW)}),
    "first state renamed before it is synced": ("lost", {
        "enqueue": moved(RIGHT.enqueue, ("rename", "new", "state"), 6)}),
    "directory not synced": ("lost", {
        "enqueue": without(RIGHT.enqueue, SYNC_DIRECTORY)}),
    "accepted before the directory is synced": ("lost", {
        "enqueue": moved(RIGHT.enqueue, ("say", "accepted"), 8)}),
    "sent before the state": ("sent twice", {
        "waiting": moved(RIGHT.waiting, ("end of data",), 0)}),
    "sent before the directory is synced": ("sent twice", {
        "waiting": moved(RIGHT.waiting, ("end of data",), 4)}),
    "new state not synced": ("lost", {
        "waiting": without(RIGHT.waiting, SYNC_NEW)}),
    "old state emptied": ("lost", {
        "waiting": replaced(RIGHT.waiting, ("create", "new"),
                            ("reuse", "new"))}),
    "what a killed process was sending waits": ("sent twice", {
        "sending": save("waiting")}),
    "a lost reply taken for a refusal": ("sent twice", {
        "lost": save("waiting")}),
    "removed before the answer": ("lost", {
        "waiting": (*RIGHT.waiting[:-2], ("remove", "state"),
                    *RIGHT.waiting[-2:])}),
    "no lock": ("lost", {"load": (("load",),)}),
    "state loaded before the lock": ("lost", {
        "load": (("load",), ("lock", "message"))}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_step_that_is_wrong_is_found(name):
    expected, change = WRONG[name]
    with pytest.raises(Violation) as found:
        queue_states.explore(RIGHT._replace(**change))
    assert found.value.what == expected


# ---- the programs -----------------------------------------------------------

@pytest.fixture
def trial(mail, tmp_path):
    return QueueTrial(mail, tmp_path)


def steps_of(trial, *words, input=b""):
    """What a command does, in the words of the model."""
    calls = ",".join([*disk_record.CALLS, "sendto"])
    command = strace(trial.trace, *disk_record.FORMAT, "-e", f"trace={calls}",
                     with_children=True)
    trial.command(*words, input=input,
                  wrap=lambda program: [*command, *program])
    steps = []
    for call in disk_record.read_calls(trial.trace):
        step = step_of(call, str(trial.path))
        if step and not (step[0] == "write" and steps[-1:] == [step]):
            steps.append(step)
    return steps


def step_of(call, directory):
    if call.name == "sendto":
        is_end = call.words[1].endswith("0123456789\r\n")
        return ("end of data",) if is_end else None
    paths = [path for path in disk_record.paths_of(call)
             if path.startswith(directory)]
    if call.name == "openat" and "O_CREAT" in " ".join(call.words):
        paths = [call.opened] if call.opened.startswith(directory) else []
    names = [SUFFIXES.get(os.path.splitext(path)[1]) for path in paths[:2]]
    if call.name == "fsync" and paths == [directory]:
        return SYNC_DIRECTORY
    if not names or None in names:
        return None
    if call.name == "openat":
        return ("create", *names) if "O_CREAT" in " ".join(call.words) else None
    if call.name == "write":
        text = call.words[1].partition("\nrecipient ")[2].partition(" ")[0]
        return ("write", *names, text or "whole")
    word = {"fsync": "sync", "renameat": "rename",
            "unlinkat": "remove"}.get(call.name)
    return (word, *names) if word else None


def on_disk_or_net(*programs):
    """The steps of a program that strace can see."""
    return [task for tasks in programs for task in tasks
            if task[0] in queue_states.DISK or task == ("end of data",)]


def test_the_program_queues_as_the_model_does(trial):
    trial.prepare([Letter(1)])
    letter = Letter(2)
    assert steps_of(trial, *letter.arguments, input=letter.text) == (
        on_disk_or_net(RIGHT.enqueue))


@pytest.mark.parametrize("answer, programs", [
    (None, [RIGHT.waiting, RIGHT.accepted]),
    ("554 5.7.1 no", [RIGHT.waiting, RIGHT.refused]),
    ("451 4.3.0 later", [RIGHT.waiting, RIGHT.postponed]),
    (faults.close, [RIGHT.waiting, RIGHT.lost])])
def test_the_program_sends_as_the_model_does(trial, answer, programs):
    trial.prepare([Letter(1)])
    trial.server_answers({"dot": answer})
    assert steps_of(trial, "queue", "run") == on_disk_or_net(*programs)


def test_the_program_resends_as_the_model_does(trial):
    trial.prepare([Letter(1)])
    trial.server_answers({"dot": faults.close})
    trial.command("queue", "run")
    id, = trial.ids().values()
    assert steps_of(trial, "queue", "resend", id) == on_disk_or_net(
        RIGHT.resent)


def test_the_program_finds_what_was_being_sent_as_the_model_does(trial):
    trial.prepare([Letter(1)])
    state = next(trial.path.glob("*.state"))
    state.write_text(state.read_text().replace(" waiting ", " sending "))
    assert steps_of(trial, "queue", "run") == on_disk_or_net(RIGHT.sending)
