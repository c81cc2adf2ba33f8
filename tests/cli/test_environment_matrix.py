# SPDX-License-Identifier: MIT
"""Runs each job of the programs in each difficult environment (closed
descriptors, ignored signals, full disks): it works or says why it can't, and
nothing is lost, sent twice or left over."""
import resource

import pytest

from callers.credential import BUILD
from callers.jobs import JOBS
from callers.surroundings import Surroundings
from peers.namespace import SmallDisk

WORKING = [name for name, job in JOBS.items() if job.status == 0]
SANITIZED = b"__asan_init" in (BUILD / "postrider").read_bytes()
READ_INPUT = {"Send", "SendBig", "Compose", "Serve", "SendByToken", "Login",
              "Get", "Store", "Erase", "Renew"}
WRITE_OUTPUT = {"Serve", "Check", "Login", "Get", "Renew"}
CHANGE_FILES = {"SendByToken", "Login", "Store", "Renew"}
# Where the programs' libraries cannot be loaded, the system says so.
UNLOADED = (127, "error while loading shared libraries: ")
# glibc's message if getaddrinfo(3) runs out of memory.
ABORTED = (-6, "Unexpected error.", "nss_database.c")


def works(job):
    return {0}


def fails(status, *names):
    """These jobs fail with this status; others succeed."""
    return lambda job: {status} if job in set().union(*names) else {0}


def no_room(job):
    """The message is copied to a temporary file, or a file is replaced."""
    return {74} if job == "SendBig" else fails(73, CHANGE_FILES)(job)


def at_a_limit(job):
    return {0, *JOBS[job].shortage}


# name: (what the run finds, the exit statuses that a job may have)
STATES = {
    "plain": (lambda job: Surroundings(), works),
    "HOME unset": (lambda job: Surroundings().set(HOME=None), works),
    "HOME root": (lambda job: Surroundings().set(HOME="/"), works),
    "no environment": (lambda job: Surroundings().set(
        **dict.fromkeys(["HOME", "LANG", "TZ", "USER", "LOGNAME", "PATH"])),
        works),
    "0 closed": (lambda job: Surroundings().close(0), fails(74, READ_INPUT)),
    "1 closed": (lambda job: Surroundings().close(1),
                 fails(74, WRITE_OUTPUT)),
    "2 closed": (lambda job: Surroundings().close(2), works),
    "0 1 closed": (lambda job: Surroundings().close(0, 1),
                   fails(74, READ_INPUT, WRITE_OUTPUT)),
    "0 2 closed": (lambda job: Surroundings().close(0, 2),
                   fails(74, READ_INPUT)),
    "1 2 closed": (lambda job: Surroundings().close(1, 2),
                   fails(74, WRITE_OUTPUT)),
    "0 1 2 closed": (lambda job: Surroundings().close(0, 1, 2),
                     fails(74, READ_INPUT, WRITE_OUTPUT)),
    "signals blocked": (lambda job: Surroundings().block_signals(), works),
    "signals ignored": (lambda job: Surroundings().ignore_signals(), works),
    "HOME read-only": (lambda job: read_only(job),
                       fails(73, CHANGE_FILES, {"Erase"})),
    "TMPDIR missing": (lambda job: Surroundings().set(TMPDIR="/none"),
                       fails(73, {"SendBig"})),
    "umask 0": (lambda job: Surroundings().umask(0), works),
    "umask 777": (lambda job: Surroundings().obey_modes().umask(0o777),
                  works),
    "directory closed": (lambda job: Surroundings().enter(
        directory(job, 0)).obey_modes(), works),
    "directory removed": (lambda job: Surroundings().enter(
        directory(job, 0o700), then_remove=True), works),
    "files of no size": (lambda job: Surroundings().limit(
        resource.RLIMIT_FSIZE, 0), lambda job: no_room(job)),
}
# The sanitizers themselves need more.
LIMITS = {} if SANITIZED else {
    **{f"{count} descriptors": (lambda job, count=count: Surroundings().limit(
        resource.RLIMIT_NOFILE, count), at_a_limit)
       for count in range(3, 17)},
    **{f"{size} MB": (lambda job, size=size: Surroundings().limit(
        resource.RLIMIT_AS, size << 20), at_a_limit)
       for size in range(6, 90, 6)},
}


def directory(job, mode):
    path = job.home.parent / "directory"
    path.mkdir()
    path.chmod(mode)
    return path


def read_only(job):
    for path in [job.home, *job.home.rglob("*")]:
        if path.is_dir():
            path.chmod(0o500)
    return Surroundings().obey_modes()


@pytest.mark.parametrize("state", [*STATES, *LIMITS])
@pytest.mark.parametrize("name", WORKING)
def test_nothing_is_lost_in_any_state(tmp_path, ca, name, state):
    with JOBS[name](tmp_path, ca) as job:
        job.prepare()
        find, statuses = {**STATES, **LIMITS}[state]
        outcome = find(job).run(job.command(), job.stdin, job.env)
        if statuses is at_a_limit and ended_by_system(outcome):
            return
        job.judge(outcome)
        assert outcome.status in statuses(name), outcome


def ended_by_system(outcome):
    return any(outcome.status == status
               and any(word in outcome.err for word in words)
               for status, *words in (UNLOADED, ABORTED))


@pytest.mark.parametrize("name", WORKING)
def test_nothing_is_lost_on_a_full_disk(tmp_path, ca, name):
    with SmallDisk(tmp_path / "disk") as disk, JOBS[name](disk.path, ca) as job:
        job.prepare()
        disk.fill()
        outcome = Surroundings().set(TMPDIR=str(disk.path)).run(
            job.command(), job.stdin, job.env)
        job.judge(outcome)
        assert outcome.status in no_room(name), outcome
        if outcome.status == 73:
            assert f"{job.entry}: No space left on device" in outcome.err


def test_a_missing_directory_for_temporary_files_is_explained(tmp_path, ca):
    with JOBS["SendBig"](tmp_path, ca) as job:
        job.prepare()
        outcome = Surroundings().set(TMPDIR="/none").run(
            job.command(), job.stdin, job.env)
        assert outcome.err == ("postrider: /none: No such file or directory\n"
                               "hint: set TMPDIR to another directory\n")
