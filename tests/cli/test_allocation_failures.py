# SPDX-License-Identifier: MIT
"""Every allocation of a run fails once: no crash, no message lost or sent
twice, no sign-in lost, and a sentence.

"make check" tries a sample, "make allocation-failures" all.
"""
import os

import pytest

from callers.allocations import Failing
from callers.credential import BUILD
from callers.jobs import JOBS

EVERY = os.environ.get("POSTRIDER_ALLOCATION_FAILURES") == "all"
SAMPLE = 40  # of each run; half of them of the program's own code
RUNS = [(job, program) for job, *programs in (
    ("Send", "postrider", "postrider-credential"),
    ("Serve", "postrider"),
    ("SendByToken", "postrider"),
    ("SendToImpostor", "postrider"),
    ("Compose", "postrider", "postrider-compose"),
    ("Check", "postrider"),
    ("Login", "postrider"),
    ("Store", "postrider-credential"),
    ("Erase", "postrider-credential"),
    ("Renew", "postrider-credential", "postrider-oauth2"),
) for program in programs]
# These end the process, or use the memory that they did not get.
ENDING = {
    "libgmp": "__gmp_default_allocate aborts",
    "libgnutls": "its allocator for libgmp aborts; some functions, such as "
                 "gnutls_x509_rdn_get2, free what they could not initialise",
    "libtasn1": "asn1_create_element writes to a node that it did not get",
    "libconfuse": "its lexer asserts, or exits with 2",
    "libglib-2.0": "g_malloc aborts",
    "libc": "getaddrinfo asserts, or reads a database that it did not get",
}


def sample(traces, program):
    """The first allocation of each stack, by turns from our code and not."""
    first = {}
    for trace in traces:
        first.setdefault(trace.stack, trace)
    if EVERY:
        return [int(trace.what) for trace in traces]
    own = [one for one in first.values() if one.asker == program]
    other = [one for one in first.values() if one.asker != program]
    return sorted(int(one.what) for group in (own, other)
                  for one in group[::max(1, 2 * len(group) // SAMPLE)])


def ended_by_library(outcome, failed, crash):
    if outcome.status == 2:
        return failed.asker == "libconfuse" and \
            "out of dynamic memory in yy" in outcome.err
    if crash is None:  # the thread of getaddrinfo blocks all signals
        return outcome.status < 0 and failed.victim == "libc"
    return outcome.status < 0 and \
        failed.asker in ENDING and crash.victim in ENDING


def judge(job, program, outcome, failed, crash):
    if failed is None:
        return job.judge(outcome)
    job.is_strict = failed.asker == program
    if ended_by_library(outcome, failed, crash):
        return job.judge_work(outcome)
    job.judge(outcome)
    if failed.asker == program:
        assert (outcome.status in {job.status, *job.shortage}
                or "may have" in outcome.err)


@pytest.mark.parametrize("name, program", RUNS)
def test_a_failed_allocation_loses_nothing(tmp_path, ca, name, program):
    found = []
    with JOBS[name](tmp_path, ca) as job:
        failing = Failing(job, program, tmp_path)
        for number in sample(failing.count(), program):
            outcome, failed, crash = failing.run(number)
            try:
                judge(job, program, outcome, failed, crash)
            except AssertionError as failure:
                found.append(f"{failure}\n{outcome}\n{failed}\n{crash}")
    assert not found, f"{len(found)}:\n" + "\n\n".join(found[:20])


# The sanitizers have allocators of their own.
if b"__asan_init" in (BUILD / "postrider").read_bytes():
    del test_a_failed_allocation_loses_nothing
