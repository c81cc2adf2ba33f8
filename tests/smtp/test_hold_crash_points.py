# SPDX-License-Identifier: MIT
"""postrider, or a process that holds its session, is killed, or a system call
of it fails, anywhere between handing a message over and the report. Afterwards
the promise in callers/hold_trial.py holds.

A sample by default, with the faults that were found so; all with
POSTRIDER_CRASH_POINTS=all ("make crash-points"), which prints a table.
"""
import pytest

from callers.bad_day import bad_day
from callers.crash_points import ALL, choose, try_each
from callers.hold_trial import HoldTrial
from callers.strace import Fault, find_faults
from callers.session import without
from dialogue.submission import EXTENSIONS

SAMPLE = 12


def client_finds_a_session(trial, options):
    assert trial.send().status == 0
    trial.begin()
    return trial.send(options)


def client_starts_a_holder(trial, options):
    return trial.send(options)


def holder(trial, options):
    trial.start_holder(options)
    return trial.send()


def all_of_them(trial, options):
    """Each process that makes the call so often."""
    return trial.send(options, with_children=True)


# Who fails, and the first call that does.
WHO = {
    "client": (client_finds_a_session, "connect"),
    "first client": (client_starts_a_holder, "mkdir"),
    "holder": (holder, "flock"),
    "all": (all_of_them, "mkdir"),
}
FOUND = {
    "client": [("recvmsg", "1", "EIO"), ("recvmsg", "1+", "EIO"),
               ("recvmsg", "3", "KILL")],
    "holder": [("sendmsg", "1", "EIO"), ("sendmsg", "1+", "EIO"),
               ("socketpair", "1+", "EMFILE"), ("clone", "2+", "EAGAIN"),
               ("accept4", "1+", "EMFILE"), ("shutdown", "1", "EIO")],
}


@pytest.fixture
def make_trial(held, make_server, tmp_path):
    def make(chunks):
        return HoldTrial(held, make_server(
            extensions=EXTENSIONS if chunks
            else without(EXTENSIONS, "CHUNKING")), tmp_path / "trace")
    return make


def attempt(trial, send, fault):
    trial.begin()
    word = trial.check(send(trial, fault.options),
                       may_log=send is not all_of_them)
    trial.check_afterwards()
    return word


@pytest.mark.parametrize("chunks", [False, True] if ALL else [True],
                         ids=["data", "bdat"] if ALL else ["bdat"])
@pytest.mark.parametrize("who", WHO)
def test_a_fault_while_a_session_is_held(make_trial, capsys, who, chunks):
    send, begin = WHO[who]
    trial = make_trial(chunks)
    trial.begin()
    send(trial, [])
    trial.await_end()
    points = choose(find_faults(trial.trace, begin), SAMPLE, who)
    words = try_each(points, lambda point: attempt(trial, send, point),
                     f"hold {who}", capsys)
    assert words["sent"]


@pytest.mark.parametrize("who, fault", [
    (who, Fault(*words)) for who in FOUND for words in FOUND[who]], ids=str)
def test_a_fault_that_was_found(make_trial, who, fault):
    attempt(make_trial(True), WHO[who][0], fault)


def test_frames_that_come_in_pieces(held, make_server):
    """Each write to a socket is a short one."""
    server = make_server()
    held.configure(server.port)
    held.env.update(bad_day(send=1))
    for count in (1, 2):
        done = held.send("-v")
        assert done.status == 0, done.err
        assert "handed over" in done.err and "< 250 2.0.0 queued" in done.err
        assert len(server.messages) == count
    assert len(server.wires) == 1
