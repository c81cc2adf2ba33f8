# SPDX-License-Identifier: MIT
"""A held session that something goes wrong with, and the promise that it must
keep:

A message arrives once and is reported as sent; or it may have arrived and is
reported so; or it has not arrived, and postrider says why. If postrider itself
was killed and the server has accepted the message, the log says so. Afterwards
no process is left that has a lock, and the next message is sent.
"""
import fcntl
import os
import re
import subprocess

from callers.crash_points import require
from callers.mail import no_leak_check
from callers.strace import strace
from patience import wait_for

HOLD = "80ms"
KILLED = (-9, 137)


class HoldTrial:
    def __init__(self, held, server, trace):
        self.held, self.server, self.trace = held, server, trace
        self.log = held.postrider.home / "log"
        self._tracers = []
        held.configure(server.port, hold=HOLD,
                       more=f'log-file = "{self.log}"')

    # ---- a message, and what has gone wrong ---------------------------------

    def begin(self):
        self.server.messages.clear()
        self.server.arrived.clear()
        self.log.write_text("")

    def send(self, options=None, with_children=False):
        """options: of strace, for the run of postrider."""
        def wrap(command):
            return [*strace(self.trace, *options, with_children=with_children),
                    *command]
        return self.held.send("-v", env=no_leak_check(),
                              wrap=wrap if options is not None else None)

    def start_holder(self, options):
        """Starts what holds the session, under strace, and waits until it
        listens or has ended."""
        program = self.held.postrider.env["POSTRIDER_EXEC_PATH"]
        tracer = subprocess.Popen(
            [*strace(self.trace, *options, with_children=True),
             f"{program}/postrider-queue", "hold", "--account=work"],
            env=self.held.postrider.environment(
                {**self.held.env, **no_leak_check()}),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: tracer.poll() is not None or self._is_listening())
        self._tracers.append(tracer)

    def _is_listening(self):
        return any(path.is_socket() for path in self._files())

    def _files(self):
        directory = self.held.directory
        return list(directory.iterdir()) if directory.exists() else []

    # ---- the promise --------------------------------------------------------

    def check(self, done, may_log=True):
        """Returns a word for what has become of the message, once no process
        is left. may_log: one was left that could write the log."""
        self.await_end()
        arrived, accepted = len(self.server.arrived), len(self.server.messages)
        logged = self.log.read_text() if self.log.exists() else ""
        require(arrived <= 1, f"sent {arrived} times: {done}")
        if done.status in KILLED:
            word = "killed"
            require(not accepted or "status=" in logged or not may_log,
                    "accepted, but not in the log")
        elif done.status == 0:
            word = "sent"
            require(accepted == 1, f"not sent: {done}")
        elif "may have accepted it" in done.err:
            word = "open"
            require(done.status == 75, f"open: {done}")
        else:
            word = "not sent"
            require(arrived == 0, f"sent, but: {done}")
            require("postrider: " in done.err, f"silent: {done}")
        if word in ("sent", "open"):
            require("status=" in logged or "postrider: log: " in done.err,
                    f"not in the log: {done}")
        return word

    def check_afterwards(self):
        """The next message is sent."""
        before = len(self.server.arrived)
        done = self.send()
        require(done.status == 0, f"the next message: {done}")
        require(len(self.server.arrived) == before + 1, "the next message")
        done = self.held.postrider.run("queue", "stop", env=self.held.env)
        require(done.status == 0, f"queue stop: {done}")
        self.await_end()

    def await_end(self):
        """Waits until the processes that hold sessions have ended."""
        wait_for(lambda: all(map(is_free, self._files())),
                 lambda: "a process has a lock forever")
        for tracer in self._tracers:
            tracer.wait(timeout=20)
        self._tracers.clear()
        self.server.wait_until_idle()


def is_free(path):
    """Whether no process has locked the file."""
    if path.suffix not in (".lock", ".start"):
        return True
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
