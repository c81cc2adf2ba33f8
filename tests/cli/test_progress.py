# SPDX-License-Identifier: MIT
"""On a terminal, a line shows how much has been sent while that takes long."""
import re
import shlex
import signal
import threading

import pytest

from callers.mail import HEADER
from dialogue.submission import SubmissionServer
from peers.terminal import Terminal

LIMIT = 60  # seconds that no test waits
LONGER_THAN_A_SECOND = 1.5
RCPT = "you@example.org"
SHORT = HEADER + b"\nx\n"
LONG = HEADER + b"\n" + (b"x" * 75 + b"\r\n") * 200_000  # 15.4 MB
SENT_SOME = re.compile(
    r"\rsent \d+(\.\d)? [KM]B of 15\.4 MB, \d+(\.\d)? [KM]B/s, "
    r"(\d+ s|\d+ min \d\d s) left")
REPLY_AWAITED = "\rsent 15.4 MB; waiting for the server's reply"
ERASED = re.compile(r"\r +\r$")


class SlowServer(SubmissionServer):
    """Neither reads the message nor answers it before it may."""

    def __init__(self, chunking=True, leaf=None, early_answer=None,
                 limit=LIMIT):
        self.may_read, self.may_answer = threading.Event(), threading.Event()

        def body(session, line):
            self.may_read.wait(limit)
            return early_answer

        def dot(session, line):
            self.may_answer.wait(limit)

        extensions = ["PIPELINING", "SIZE 20971520", "8BITMIME"]
        super().__init__(leaf, tls="starttls" if leaf else "none",
                         extensions=extensions + ["CHUNKING"] * chunking,
                         mechanisms=(), faults={"body": body, "dot": dot})


def send(postrider, server, *more, message=LONG, script="{} < message",
         answers=()):
    """Runs the script at a terminal, with the command line for "{}"."""
    (postrider.home / "message").write_bytes(message)
    options = ["--host", "localhost", "--port", str(server.port),
               "--tls", server.tls, "--from", "me@example.test",
               "--timeout", f"{LIMIT}s", "--retries", "0"]
    return postrider.at_terminal(
        [*options, *more, RCPT], answers, columns=80,
        wrap=lambda command: [
            "sh", "-c", f"cd {postrider.home} && "
            + script.format(shlex.join(command))])


@pytest.mark.parametrize("chunking", [True, False])
@pytest.mark.parametrize("tls", [True, False])
def test_the_progress_is_shown_and_erased(postrider, ca, chunking, tls):
    trust = ["--tls-trust-file", str(ca.pem)] if tls else []
    with SlowServer(chunking, leaf=ca.server if tls else None) as server:
        status, output = send(postrider, server, *trust, answers=[
            ("s left", lambda _: server.may_read.set()),
            (REPLY_AWAITED, lambda _: server.may_answer.set())])
    assert status == 0, output
    assert SENT_SOME.match(output)
    assert ERASED.search(output)
    assert "\n" not in output and "\x1b" not in output
    assert server.messages[0].data.count(b"x" * 75) == 200_000


def test_a_refusal_is_reported_on_a_line_of_its_own(postrider):
    with SlowServer(early_answer="552 5.3.4 too big") as server:
        status, output = send(postrider, server, answers=[
            ("s left", lambda _: server.may_read.set())])
    assert status == 65
    assert re.search(r"\r +\rpostrider: localhost.*552", output), output


def test_an_interrupt_ends_the_wait_for_the_reply(postrider):
    with SlowServer() as server:
        server.may_read.set()
        (postrider.home / "message").write_bytes(LONG)
        options = ["--host", "localhost", "--port", str(server.port),
                   "--tls", "none", "--from", "me@example.test", RCPT]
        with Terminal(postrider, *options, wrap=lambda command: [
                "sh", "-c", f"exec {shlex.join(command)} < message"]) as shell:
            shell.sees(REPLY_AWAITED)
            shell.presses("\x03")
            assert shell.leaves() == -signal.SIGINT
    assert "SIGINT ended the wait for an answer" in shell.shown
    assert "the server may have accepted it" in shell.shown


def test_ctrl_c_ends_it_at_once(postrider):
    with SlowServer() as server:
        status, said = send(postrider, server, answers=[("s left", "\x03")],
                            script="exec {} < message")
    assert status == -signal.SIGINT
    after = said.partition("^C")[2]
    assert re.search(r"\r +\rpostrider: localhost: SIGINT ended", after), said
    assert after.count("\rsent") <= 1  # that was on its way


def test_a_short_message_shows_nothing(mail):
    assert send(mail.postrider, mail.server, message=SHORT) == (0, "")


@pytest.mark.parametrize("more,script", [
    (["-v"], "{} < message"), (["--json"], "{} < message"),
    (["-oeq"], "{} < message"), ([], "{} < message 2> errors"),
    ([], "set -m; {} < message & wait $!")])
def test_no_progress_is_shown(postrider, more, script):
    with SlowServer(limit=LONGER_THAN_A_SECOND) as server:
        server.may_read.set()
        status, output = send(postrider, server, *more, message=SHORT,
                              script=script)
    assert status == 0
    assert "\rsent" not in output
    errors = postrider.home / "errors"
    assert not errors.exists() or errors.read_bytes() == b""
