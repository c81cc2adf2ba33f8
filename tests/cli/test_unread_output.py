# SPDX-License-Identifier: MIT
"""Nothing reads the output: the message is sent nevertheless, and the run ends.

A run that doesn't end is ended by the harness, and fails the test.
"""
import json
import os
import pty
import signal
import subprocess
import termios

import pytest

from callers.session import MESSAGE, Submit
from dialogue import faults

MISSING = "lines of the dialogue are missing here"


class FullPipe:
    """A pipe without room. read() empties it."""

    def __init__(self):
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)
        self.filled = 0
        with pytest.raises(BlockingIOError):
            while True:
                self.filled += os.write(self.writer, b"." * 4096)
        os.set_blocking(self.writer, True)

    def read(self):
        os.close(self.writer)
        with open(self.reader, "rb") as reader:
            return reader.read()[self.filled:].decode()


@pytest.fixture
def full_pipe():
    return FullPipe()


@pytest.fixture
def start(postrider, ca, tmp_path):
    """Starts a submission with a deadline; ends it if it doesn't end."""
    processes = []

    def start(server, *arguments, **how):
        processes.append(Submit(postrider, ca).start(
            server, "--deadline", "3s", *arguments, log=tmp_path / "log",
            **how))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_an_unread_transcript_stops_no_message(make_server, start, full_pipe):
    server = make_server()
    process = start(server, "-v", stderr=full_pipe.writer)
    assert process.wait(20) == 0
    assert len(server.messages) == 1
    assert full_pipe.read() == ""


def test_missing_lines_are_counted(make_server, start, full_pipe):
    def make_room(session, line):
        os.read(full_pipe.reader, 16384)
        full_pipe.filled -= 16384

    server = make_server(faults={"auth": make_room})
    process = start(server, "-v", stderr=full_pipe.writer)
    assert process.wait(20) == 0
    first, *others = full_pipe.read().splitlines()
    assert first.startswith("postrider: standard error was not read; ")
    assert first.endswith(MISSING)
    assert any("> MAIL FROM:" in line for line in others)
    assert any("250 2.0.0 queued" in line for line in others)


@pytest.mark.parametrize("options", [(), ("-v",), ("--json",)])
def test_an_unread_error_is_given_up(make_server, start, full_pipe, tmp_path,
                                     options):
    server = make_server(faults={"dot": "554 5.7.1 no"})
    process = start(server, *options, stderr=full_pipe.writer,
                    stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 69
    assert " status=failed exit=69 " in (tmp_path / "log").read_text()
    if "--json" in options:
        assert json.loads(out)["status"] == "failed"


def test_an_unread_object_is_given_up(make_server, start, full_pipe, tmp_path):
    server = make_server()
    process = start(server, "--json", stdout=full_pipe.writer,
                    stderr=subprocess.PIPE)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert err.startswith(b"postrider: standard output: ")
    assert " status=accepted exit=0 " in (tmp_path / "log").read_text()


def test_an_error_waits_for_its_reader(make_server, start, full_pipe):
    server = make_server(faults={"dot": "554 5.7.1 no"})
    process = start(server, "--deadline", "1h", stderr=full_pipe.writer)
    while not server.arrived:
        assert process.poll() is None
    assert "554 5.7.1 no" in full_pipe.read()
    assert process.wait(20) == 69


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT,
                                    signal.SIGHUP])
def test_a_signal_ends_the_wait_for_the_reader(make_server, start, full_pipe,
                                               tmp_path, number):
    log = tmp_path / "log"
    server = make_server(faults={"dot": "554 5.7.1 no"})
    process = start(server, "--deadline", "1h", stderr=full_pipe.writer)
    while not (log.exists() and log.read_text()):
        assert process.poll() is None
    process.send_signal(number)
    assert process.wait(20) == 69


def test_a_stopped_terminal_stops_no_message(postrider, make_server, ca,
                                             tmp_path):
    server = make_server()
    message = tmp_path / "message"
    message.write_bytes(MESSAGE)
    submit = Submit(postrider, ca)
    command = postrider.command(*submit.options(server), "-v",
                                "bob@example.test")
    environment = postrider.environment({"POSTRIDER_PASSWORD": "secret"})
    child, terminal = pty.fork()
    if child == 0:
        os.dup2(os.open(message, os.O_RDONLY), 0)
        termios.tcflow(2, termios.TCOOFF)
        os.execve(command[0], command, environment)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    assert status == 0
    assert len(server.messages) == 1
