# SPDX-License-Identifier: MIT
"""Runs a command in a difficult environment: closed descriptors, blocked
signals, resource limits and the like."""
import contextlib
import ctypes
import os
import pathlib
import resource
import signal
import subprocess
import time

from callers.jobs import Outcome

PR_SET_CHILD_SUBREAPER = 36
PR_CAPBSET_DROP = 24
CAPABILITIES_OF_FILES = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
LIBC = ctypes.CDLL(None, use_errno=True)


class Surroundings:
    """What a run finds. Each method changes something and returns self."""

    def __init__(self, wrap=()):
        self.variables = {}
        self.wrap = list(wrap)
        self.cwd = "/"
        self.is_closed = set()
        self._steps = []

    def set(self, **variables):
        """None unsets."""
        self.variables.update(variables)
        return self

    def limit(self, which, value):
        return self.then(lambda: resource.setrlimit(which, (value, value)))

    def close(self, *descriptors):
        self.is_closed.update(descriptors)
        return self.then(lambda: [os.close(one) for one in descriptors])

    def umask(self, mask):
        return self.then(lambda: os.umask(mask))

    def ignore_signals(self):
        return self.then(ignore_signals)

    def block_signals(self):
        return self.then(lambda: signal.pthread_sigmask(
            signal.SIG_BLOCK, signal.valid_signals()))

    def obey_modes(self):
        """Even root."""
        return self.then(drop_capabilities)

    def enter(self, directory, then_remove=False):
        def step():
            os.chdir(directory)
            if then_remove:
                os.rmdir(directory)
        return self.then(step)

    def then(self, step):
        """A step in the child, before the program starts."""
        self._steps.append(step)
        return self

    def run(self, command, stdin, env, timeout=30):
        env = {**env, **self.variables}
        with adopted_orphans() as orphans:
            done = subprocess.run(
                [*self.wrap, *command], input=stdin, capture_output=True,
                env={name: value for name, value in env.items()
                     if value is not None},
                cwd=self.cwd, timeout=timeout, preexec_fn=self._prepare)
            left = orphans()
        return Outcome(done.returncode, printable(done.stdout),
                       printable(done.stderr), left,
                       2 not in self.is_closed)

    def _prepare(self):
        for step in self._steps:
            step()


def printable(data):
    return data.decode("utf-8", "backslashreplace")


def ignore_signals():
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)


def drop_capabilities():
    if os.geteuid() == 0:
        for capability in CAPABILITIES_OF_FILES:
            LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@contextlib.contextmanager
def adopted_orphans():
    """Gives a function that lists the processes that the children of this one
    left, after giving them a few seconds to end."""
    before = set(children())
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def orphans():
        end = time.monotonic() + 5
        while True:
            left = [name for pid, name in reap(before)]
            if not left or time.monotonic() > end:
                return left
            time.sleep(0.01)

    try:
        yield orphans
    finally:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def reap(known):
    for pid, name in children().items():
        if pid not in known and os.waitpid(pid, os.WNOHANG)[0] == 0:
            yield pid, name


def children():
    """pid -> name of the children of this process."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = path.read_text().rpartition(") ")
            if int(rest.split()[1]) == os.getpid():
                found[int(path.parent.name)] = name.partition("(")[2]
    return found
