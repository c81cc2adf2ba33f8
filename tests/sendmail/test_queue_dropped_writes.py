# SPDX-License-Identifier: MIT
"""The power fails at any instant, and the disk has only what it had to write by
then (callers/disk_record.py): the promise in callers/queue_trial.py holds for
each directory that may be left.

A sample by default; all with POSTRIDER_CRASH_POINTS=all ("make crash-points"),
which prints a table.
"""
import collections
import shutil
import threading
import time

import pytest

from callers import disk_record
from callers.crash_points import ALL, Broken, require
from callers.queue_trial import (
    Letter, MIXED, ONE, QueueTrial, THREE, postpone_later)
from callers.strace import strace
from dialogue import faults
from dialogue.submission import EXTENSIONS

IMAGES = 64 if ALL else 3  # at most, of one instant
CRASHES = 100000 if ALL else 24  # at most, of one command
LARGE = 300000
SEVERAL = (Letter(1, THREE), Letter(2), Letter(3, account="two"))
WITHOUT_CHUNKING = tuple(word for word in EXTENSIONS if word != "CHUNKING")

ADDING = {
    "first": ((), Letter(1)),
    "second": (ONE, Letter(2)),
    "recipients": ((), Letter(1, THREE)),
    "large": (ONE, Letter(2, size=LARGE)),
}
SENDING = {
    "one": (ONE, {}, EXTENSIONS),
    "several": (SEVERAL, {}, EXTENSIONS),
    "several-data": (SEVERAL, {}, WITHOUT_CHUNKING),
    "mixed": (MIXED, {"rcpt": postpone_later}, EXTENSIONS),
    "later": (SEVERAL, {"mail": ["451 4.3.0 later", None]}, EXTENSIONS),
    "large": ((Letter(1, size=LARGE), Letter(2)), {}, EXTENSIONS),
}


class Messages(list):
    """Those that the server accepted, with the time of each. Two sessions may
    be at work."""

    def __init__(self, messages):
        super().__init__(messages)
        self.moments = [0.0] * len(messages)
        self._lock = threading.Lock()

    def append(self, message):
        with self._lock:
            self.moments.append(time.time())
            super().append(message)


class Recorded(QueueTrial):
    """One command, recorded."""

    def __init__(self, mail, directory):
        super().__init__(mail, directory)
        self.top = mail.postrider.home / ".local"
        self.top.mkdir(exist_ok=True)
        self.calls = []
        self.disk = None

    def begin(self):
        """What is there now is on the disk, and all that follows recorded."""
        self.server.wait_until_idle()
        self.server.messages = Messages(self.server.messages)
        self.calls = []
        self.disk = disk_record.Disk(self.top)

    def record(self, *words, input=b"", answers=None, options=()):
        self.server_answers(answers or {})
        command = strace(self.trace, *disk_record.OPTIONS, *options,
                         with_children=True)
        done = self.command(*words, input=input,
                            wrap=lambda program: [*command, *program])
        self.server.wait_until_idle()
        self.sent = list(self.server.messages)
        self.moments = list(self.server.messages.moments)
        self.calls += disk_record.read_calls(self.trace)
        return done

    def crashes(self):
        """(how many calls were made, image, how many messages the server had
        accepted, whether the command was done) of each crash."""
        found = []
        times = [call.time for call in self.calls] + [float("inf")]
        last = -1
        for number, call in enumerate(self.calls):
            if self.disk.apply(call):
                last = len(found)
                found += self._crashes_after(number, times)
        is_done = [number >= last for number in range(len(found))]
        found = [(*one, done) for one, done in zip(found, is_done)]
        step = max(1, len(found) / CRASHES)
        return [found[int(i * step)] for i in range(min(CRASHES, len(found)))
                ] + ([] if ALL else found[-1:])

    def _crashes_after(self, number, times):
        first = sum(moment < times[number] for moment in self.moments)
        last = sum(moment < times[number + 1] for moment in self.moments)
        return [(number, image, count)
                for image in self.disk.images(IMAGES, number)
                for count in range(first, last + 1)]

    def leave(self, image, count):
        """What is there after the crash."""
        self.server.wait_until_idle()
        self.server.wires.clear()
        shutil.rmtree(self.top, ignore_errors=True)
        disk_record.write_image(image, self.top)
        self.server.messages[:] = self.sent[:count]
        return self.drop_what_lacks_its_message()

    def drop_what_lacks_its_message(self):
        """It was not accepted: its state came to the disk before its name."""
        left = [path.stem for path in self.path.glob("*.state")
                if not path.with_suffix(".message").exists()]
        for id in left:
            told = self.command("queue", "run").err
            require("the file of the message is missing" in told
                    and f"run postrider queue drop {id}" in told, told)
            done = self.command("queue", "drop", id)
            require((done.status, done.err) == (0, ""), f"drop: {done}")
        return len(left)


class Outcomes:
    def __init__(self, capsys, name):
        self._capsys, self._name = capsys, name

    def try_all(self, trial, outcome):
        crashes = trial.crashes()
        outcomes, wrong = collections.Counter(), []
        for number, image, count, is_done in crashes:
            call = trial.calls[number]
            try:
                outcomes[outcome(image, count, is_done)] += 1
            except Broken as broken:
                wrong.append(f"{self._name}: after {call.name} "
                             f"{call.words[:2]}, {count} accepted: {broken}\n"
                             f"{listing(image)}")
        if ALL:
            with self._capsys.disabled():
                print(f"\n{self._name:<20}{len(crashes):>5} crashes: "
                      + ", ".join(f"{count} {what}" for what, count in
                                  sorted(outcomes.items())), end="")
        assert crashes
        assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong[:5])


def listing(image, path=""):
    """The names and sizes in an image."""
    return " ".join(
        listing(content, f"{path}{name}/") if isinstance(content, dict)
        else f"{path}{name}:{len(content)}" for name, content in image.items())


@pytest.fixture
def trial(mail, tmp_path):
    return Recorded(mail, tmp_path)


@pytest.mark.parametrize("name", ADDING)
def test_a_power_cut_while_a_message_is_queued(trial, capsys, name):
    letters, letter = ADDING[name]
    trial.prepare(letters)
    trial.begin()
    done = trial.record(*letter.arguments, input=letter.text)
    assert (done.status, done.err) == (0, "")

    def outcome(image, count, is_done):
        dropped = trial.leave(image, count)
        is_queued = letter.id in {id for id, _ in trial.states()}
        require(is_queued or not is_done, "accepted, but lost")
        trial.check([*letters, *([letter] if is_queued else [])])
        return ("queued" if is_queued else
                "without its message" if dropped else "not queued")

    Outcomes(capsys, f"add {name}").try_all(trial, outcome)


def test_a_power_cut_after_another_process_was_killed(trial, capsys):
    """It had just created the directory."""
    trial.forget()
    trial.begin()
    letter, killed = Letter(1), Letter(2)
    for name in ("syncfs", "fchmod"):
        trial.record(*killed.arguments, input=killed.text,
                     options=["-e", f"inject={name}:signal=KILL:when=1"])
        trial.record(*letter.arguments, input=letter.text)

        def outcome(image, count, is_done):
            trial.leave(image, count)
            is_queued = bool(trial.states())
            require(is_queued or not is_done, "accepted, but lost")
            return "queued" if is_queued else "not queued"

        Outcomes(capsys, f"killed at {name}").try_all(trial, outcome)
        trial.forget()
        trial.begin()


@pytest.mark.parametrize("name", SENDING)
def test_a_power_cut_while_the_queue_is_sent(trial, capsys, name):
    letters, answers, extensions = SENDING[name]
    trial.prepare(letters, extensions)
    trial.begin()
    trial.record("queue", "run", answers={
        step: list(answer) if isinstance(answer, list) else answer
        for step, answer in answers.items()})

    def outcome(image, count, is_done):
        trial.leave(image, count)
        before = trial.accepted_by_server()
        final = trial.check(letters)
        unknown = [one for one, word in final.items() if word == "unknown"]
        if not unknown:
            return "none unknown"
        return ("arrived" if all(before[one] for one in unknown)
                else "some not arrived") + ", unknown"

    Outcomes(capsys, f"send {name}").try_all(trial, outcome)


@pytest.mark.parametrize("what", ["drop", "resend"])
def test_a_power_cut_while_the_user_decides(trial, capsys, what):
    letter, other = Letter(1, THREE), Letter(2, account="two")
    trial.prepare([letter, other])
    trial.server_answers({"dot": faults.close})
    trial.command("queue", "run")
    id = trial.ids()[letter.id]
    trial.begin()
    trial.record("queue", what, id)

    def outcome(image, count, is_done):
        trial.leave(image, count)
        words = {word for (one, _), word in trial.states().items()
                 if one == letter.id}
        if is_done:
            require(words == (set() if what == "drop" else {"waiting"}),
                    f"done, but {words}")
        trial.check([letter, other],
                    dropped=[letter.id] if what == "drop" else ())
        return " ".join(words) or "gone"

    Outcomes(capsys, what).try_all(trial, outcome)
