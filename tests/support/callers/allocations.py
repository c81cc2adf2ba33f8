# SPDX-License-Identifier: MIT
"""Runs a job while one allocation of one of its programs fails. See
allocator/fail-allocation.c."""
import dataclasses
import os
import pathlib
import re

from callers.surroundings import Surroundings

LIBRARY = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve(
    ) / "tests" / "fail-allocation.so"
FRAME = re.compile(r"^(?P<object>[^+]+?)(\.so[.\d]*)?\+0x(?P<offset>[0-9a-f]+)"
                   r"\((?P<function>.*)\)$")
C_LIBRARY = {"libc", "ld-linux-x86-64"}
# What allocates on behalf of its caller.
FOR_THE_CALLER = {"strdup", "__strdup", "strndup", "__strndup", "fdopen",
                  "_IO_fdopen", "reallocarray", "realpath", "fmemopen"}


@dataclasses.dataclass(frozen=True)
class Trace:
    """what: the number of the allocation, or "crash"."""
    what: str
    stack: tuple  # of (object, function or offset), innermost first

    @property
    def asker(self):
        """The program or library that asked for the memory."""
        for one, function in self.stack:
            if function not in FOR_THE_CALLER:
                return one
        return None

    @property
    def victim(self):
        """The first that isn't the C library; or that, in getaddrinfo."""
        if any(function == "getaddrinfo" for _, function in self.stack):
            return "libc"
        return next((one for one, _ in self.stack if one not in C_LIBRARY),
                    "libc")

    def __str__(self):
        return f"{self.what}: " + " < ".join(
            f"{one}:{function}" for one, function in self.stack)


def parse(line):
    what, *frames = line.split()
    found = [FRAME.match(frame) for frame in frames]
    return Trace(what, tuple((frame["object"],
                              frame["function"] or frame["offset"])
                             for frame in found if frame))


class Failing:
    """The allocations of one program in a job."""

    def __init__(self, job, program, directory):
        self.job = job
        self.program = program
        self._trace = pathlib.Path(directory, "trace")

    def count(self):
        """The Traces of all allocations of a run in which none fails."""
        outcome, traces = self._run(0)
        assert outcome.status == self.job.status, outcome
        assert traces, f"{LIBRARY} was not loaded"
        return traces

    def run(self, number):
        """(outcome, the Trace of what failed, that of a crash). The run may
        have ended without so many."""
        outcome, traces = self._run(number)
        return (outcome, next((one for one in traces if one.what != "crash"),
                              None),
                next((one for one in traces if one.what == "crash"), None))

    def _run(self, number):
        self._trace.unlink(missing_ok=True)
        self.job.prepare()
        outcome = Surroundings().run(
            self.job.command(), self.job.stdin, {
                **self.job.env, "LD_PRELOAD": str(LIBRARY),
                "FAIL_ALLOCATION_PROGRAM": self.program,
                "FAIL_ALLOCATION_NUMBER": str(number),
                "FAIL_ALLOCATION_TRACE": str(self._trace)})
        if not self._trace.exists():
            return outcome, []
        lines = self._trace.read_text().splitlines()
        return outcome, [parse(line) for line in lines]
