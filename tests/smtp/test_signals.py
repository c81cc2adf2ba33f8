# SPDX-License-Identifier: MIT
"""Signals at every step: no half message, no second one, nothing left."""
import os
import signal
import threading

import pytest

from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, without

# At QUIT nobody waits any more: the program may be gone already.
STEPS = ("greeting", "ehlo", "starttls", "handshake", "ehlo-tls", "auth",
         "mail", "rcpt", "data", "body", "dot", "quit")
LARGE = MESSAGE + b"a line of a large message\n" * 320000


class Stop:
    """A fault that says when its step is reached, then waits to go on."""

    def __init__(self, then=None):
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self._then = then

    def __call__(self, session, line):
        self.reached.set()
        if not self.go_on.wait(20):
            raise AssertionError("nobody let the server go on")
        return self._then


@pytest.fixture
def stopped(submit, make_server, tmp_path):
    """Starts a submission that waits at a step: (process, stop, server)."""
    processes = []

    def make(step, **how):
        stop = Stop()
        extensions = without(EXTENSIONS, "CHUNKING")
        server = make_server(extensions=extensions, faults={step: stop})
        process = submit.start(server, message=LARGE, timeout="60s",
                               env={"TMPDIR": tmp_path}, **how)
        processes.append(process)
        assert stop.reached.wait(20)
        return process, stop, server

    yield make
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.parametrize("step", STEPS[:-1])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT,
                                    signal.SIGHUP])
def test_who_is_told_to_stop_stops(stopped, tmp_path, step, number):
    process, stop, server = stopped(step)
    process.send_signal(number)
    assert process.wait(20) in (-number, 75)
    stop.go_on.set()
    assert len(server.arrived) == (step == "dot")
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", [signal.SIGPIPE, signal.SIGCONT,
                                    signal.SIGWINCH])
def test_other_signals_change_nothing(stopped, step, number):
    process, stop, server = stopped(step)
    if process.poll() is None:
        process.send_signal(number)
    stop.go_on.set()
    assert process.wait(20) == 0
    assert len(server.messages) == 1


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_rest_is_no_time_out(stopped, step):
    process, stop, server = stopped(step)
    process.send_signal(signal.SIGSTOP)
    stop.go_on.set()
    process.send_signal(signal.SIGCONT)
    assert process.wait(20) == 0
    assert len(server.messages) == 1


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_nobody_who_listens_is_no_reason_to_fail(submit, make_server, stream):
    server = make_server()
    reader, writer = os.pipe()
    os.close(reader)
    process = submit.start(server, "-v", **{stream: writer})
    os.close(writer)
    assert process.wait(20) == 0
    assert len(server.messages) == 1


@pytest.mark.parametrize("step", ["mail", "dot"])
def test_a_kill_leaves_no_file(stopped, tmp_path, step):
    process, stop, server = stopped(step)
    process.kill()
    process.wait()
    stop.go_on.set()
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
