# SPDX-License-Identifier: MIT
"""A queue whose process in the background something goes wrong with. It must
keep the promise of callers/queue_trial.py; besides:

After a failure that has passed, no message waits that no process will try.
"queue stop" ends all processes, and none has a lock then. What the user holds
is not sent.
"""
import fcntl
import json
import os
import pathlib
import signal
import struct
import subprocess
import time

from callers.bad_day import BUILD, bad_day
from callers.crash_points import require
from callers.held import children
from callers.queue_trial import QueueTrial
from callers.strace import strace
from patience import wait_for

F_OFD_GETLK = 36
LOCK = "hhqqi4x"
QUIET = 0.15  # seconds without a change: it waits for something


class RunnerTrial(QueueTrial):
    starts = "yes"

    def __init__(self, mail, directory):
        super().__init__(mail, directory)
        self.tracers = []
        self.number = None  # of a process that strace has not started
        self.errors = directory / "errors"  # of a run

    # ---- the process in the background --------------------------------------

    def start(self, options=(), with_children=True):
        """Starts it, and strace as soon as it is detached."""
        postrider = self.mail.postrider
        note = self.trace.with_name("number")
        note.unlink(missing_ok=True)
        env = bad_day(stop=note)
        env["ASAN_OPTIONS"] += ":detect_leaks=0"  # which strace prevents
        subprocess.run([f"{BUILD}/postrider-queue", "start"], check=True,
                       stdin=subprocess.DEVNULL,
                       env=postrider.environment(env))
        wait_for(lambda: note.exists() and note.read_text().endswith("\n"))
        self.number = int(note.read_text())
        wait_for(lambda: state_of(self.number) == "T")
        self._follow(options, with_children)
        os.kill(self.number, signal.SIGCONT)

    def _follow(self, options, with_children):
        words = strace(self.trace, *options, with_children=True)
        if not with_children:
            words.remove("-f")
        tracer = subprocess.Popen(
            [*words, "-p", str(self.number)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: tracer.poll() is not None
                 or is_traced(self.number))
        self.tracers.append(tracer)

    def run(self, options, with_children=True):
        """Starts a run under strace."""
        words = strace(self.trace, *options, with_children=True)
        if not with_children:
            words.remove("-f")
        self.number = None
        with self.errors.open("wb") as errors:
            self.tracers.append(subprocess.Popen(
                [*words, *self.mail.postrider.command("queue", "run")],
                env=self.mail.postrider.environment(),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=errors))

    def go_on(self):
        """Continues the process under strace, if it was stopped."""
        if self.tracers[-1].poll() is None:
            number, = [self.number] if self.number else children(
                self.tracers[-1].pid)
            os.kill(number, signal.SIGCONT)

    def is_running(self):
        """Whether a process has the lock."""
        try:
            with (self.path / "run").open("rb+") as file:
                lock = struct.pack(LOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
                found = fcntl.fcntl(file, F_OFD_GETLK, lock)
        except FileNotFoundError:
            return False
        return struct.unpack(LOCK, found)[0] != fcntl.F_UNLCK

    def settle(self):
        """Waits until it has ended, or nothing changes any more."""
        before, since = None, 0
        while any(tracer.poll() is None for tracer in self.tracers):
            now = (len(self.server.received), tuple(sorted(
                (path.name, times(path)) for path in self.path.glob("*"))))
            if now != before:
                before, since = now, time.monotonic()
            elif time.monotonic() > since + QUIET:
                return
            time.sleep(0.005)

    def stop(self):
        """One that has just started, or waits a second to lock the queue, is
        found later."""
        wait_for(self._has_stopped, lambda: "a process is left")
        self.tracers.clear()

    def _has_stopped(self):
        done = self.command("queue", "stop")
        require((done.status, done.err) == (0, ""), f"stop: {done}")
        return not self.is_running() and all(
            tracer.poll() is not None for tracer in self.tracers)

    def has_tried_all(self):
        """Each message that is left."""
        done = self.command("queue", "list", "--json")
        return all(one["tries"] for one in json.loads(done.out or "[]"))

    # ---- the promise --------------------------------------------------------

    def check_not_stranded(self):
        """Unless a run has said so. It may just be starting the process in the
        background again."""
        wait_for(lambda: self.is_running() or self._is_reported()
                 or not set(self.states().values()) & {"waiting", "sending"},
                 lambda: "it waits, and nothing sends it")

    def _is_reported(self):
        return (self.errors.exists()
                and "postrider-queue" in self.errors.read_text())

    def make_due(self):
        self.stop()
        super().make_due()

    def restore(self):
        self.errors.unlink(missing_ok=True)
        self.stop()
        super().restore()


def state_of(pid):
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0]


def is_traced(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True
    return "TracerPid:\t0\n" not in status


def times(path):
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
