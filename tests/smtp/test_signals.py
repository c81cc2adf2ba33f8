# SPDX-License-Identifier: MIT
"""Signals at every step: no half message, no second one, nothing left."""
import json
import os
import pty
import signal
import subprocess
import threading

import pytest

from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, SECRET, without

# At QUIT nobody waits any more: the program may be gone already.
STEPS = ("greeting", "ehlo", "starttls", "handshake", "ehlo-tls", "auth",
         "mail", "rcpt", "data", "body", "dot", "quit")
ID = "<one@example.test>"
STOPPING = pytest.mark.parametrize("number", [
    signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
WAYS = pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
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

    def make(step, *arguments, chunks=False, message=LARGE, reply=None, **how):
        stop = Stop(reply)
        extensions = EXTENSIONS if chunks else without(EXTENSIONS, "CHUNKING")
        server = make_server(extensions=extensions, faults={step: stop})
        process = submit.start(server, *arguments, message=message,
                               timeout="60s", env={"TMPDIR": tmp_path}, **how)
        processes.append(process)
        assert stop.reached.wait(20)
        return process, stop, server

    yield make
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()


def pipes():
    return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


@WAYS
@STOPPING
def test_a_message_that_was_sent_is_reported(stopped, tmp_path, number,
                                             chunks):
    log = tmp_path / "log"
    process, stop, server = stopped("dot", "--json", chunks=chunks, log=log,
                                    message=MESSAGE, retries=2, **pipes())
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    stop.go_on.set()
    assert process.returncode == -number
    assert len(server.arrived) == 1 and len(server.wires) == 1
    assert (f"{number.name} ended the wait for an answer; the message was "
            "sent, and the server may have accepted it") in err.decode()
    assert f"with the header field Message-ID: {ID}" in err.decode()
    assert f"status=ambiguous exit={128 + number} " in log.read_text()
    assert f"message-id={ID}" in log.read_text()
    report = json.loads(out)
    assert report["status"] == "ambiguous"
    assert report["exit_status"] == 128 + number
    [recipient] = report["recipients"]
    assert recipient["accepted"] is None
    assert ID in recipient["error"]["hint"]


@pytest.mark.parametrize("step", ["mail", "data", "body"])
@STOPPING
def test_a_message_that_was_not_sent_is_logged(stopped, tmp_path, step,
                                               number):
    log = tmp_path / "log"
    process, stop, server = stopped(step, log=log, retries=2, **pipes())
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    stop.go_on.set()
    assert process.returncode == -number
    assert f"{number.name} ended the wait for " in err.decode()
    assert "may have accepted" not in err.decode()
    assert f"status=failed exit={128 + number} " in log.read_text()
    assert server.arrived == [] and len(server.wires) == 1


@STOPPING
def test_a_signal_ends_the_wait_for_a_retry(submit, make_server, tmp_path,
                                            number):
    log = tmp_path / "log"
    server = make_server(faults={"rcpt": "450 4.2.1 busy"})
    process = submit.start(server, "--retry-delay", "10m", "--deadline", "1h",
                           "-v", retries=2, log=log, **pipes())
    while b"; retrying in" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == -number
    assert "450 4.2.1 busy" in err.decode()
    retry, final = log.read_text().splitlines()
    assert "status=retry" in retry
    assert f"status=failed exit={128 + number} " in final
    assert len(server.wires) == 1


@pytest.mark.parametrize("step", ["data", "dot"])
@STOPPING
def test_an_ignored_signal_stays_ignored(stopped, step, number):
    before = signal.signal(number, signal.SIG_IGN)
    try:
        process, stop, server = stopped(step)
    finally:
        signal.signal(number, before)
    process.send_signal(number)
    stop.go_on.set()
    assert process.wait(20) == 0
    assert len(server.messages) == 1


@pytest.mark.parametrize("verbose", [(), ("-v",)], ids=["", "verbose"])
def test_a_terminal_that_closes_leaves_a_log(submit, postrider, make_server,
                                             tmp_path, verbose):
    log = tmp_path / "log"
    message = tmp_path / "message"
    message.write_bytes(MESSAGE)
    stop = Stop()
    server = make_server(faults={"dot": stop})
    command = postrider.command(*submit.options(server, log=log), *verbose,
                                "bob@example.test")
    environment = postrider.environment({"POSTRIDER_PASSWORD": SECRET})
    child, terminal = pty.fork()
    if child == 0:
        os.dup2(os.open(message, os.O_RDONLY), 0)
        os.execve(command[0], command, environment)
    assert stop.reached.wait(20)
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    stop.go_on.set()
    assert status == -signal.SIGHUP
    assert len(server.arrived) == 1
    assert f"status=ambiguous exit={128 + signal.SIGHUP} " in log.read_text()


@pytest.mark.parametrize("step", STEPS[:-1])
@STOPPING
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
