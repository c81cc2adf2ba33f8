# SPDX-License-Identifier: MIT
"""The processes of a held session are killed at each frame that they send, and
at each wait: a message is sent once, or its outcome is open, and is never sent
twice.
"""
import pytest

from callers.mail import no_leak_check

LAST = {"sendmsg": 36, "poll": 48}


def killed_at(call, number):
    """Each process that makes the call so often dies instead."""
    def wrap(command):
        return ["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                f"trace={call}", "-e",
                f"inject={call}:signal=KILL:when={number}", *command]
    return wrap


@pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
@pytest.mark.parametrize("call", LAST)
def test_no_death_loses_or_doubles_a_message(held, make_server, call, chunks):
    server = make_server(extensions=("SIZE 1000000", "PIPELINING",
                                     *(["CHUNKING"] if chunks else [])))
    held.configure(server.port, hold="30ms")
    seen = set()
    for number in range(2, LAST[call], 2 if chunks else 1):
        before = len(server.arrived)
        done = held.send("-v", env=no_leak_check(),
                         wrap=killed_at(call, number))
        arrived = len(server.arrived) - before
        seen.add(outcome(done, arrived))
        assert arrived <= 1, (number, done.err)
        if done.status == 0:
            assert arrived == 1, (number, done.err)
        elif done.status == 75:
            assert "the server may have accepted it" in done.err
        else:  # postrider itself was killed
            assert done.status in (-9, 137), (number, done.err)
    assert "sent by itself" in seen
    if call == "sendmsg":
        assert "open" in seen


def outcome(done, arrived):
    if done.status == 75:
        return "open"
    if "the process that held the session has ended" in done.err:
        return "sent by itself"
    return "sent" if arrived else "killed"
