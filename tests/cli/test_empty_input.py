# SPDX-License-Identifier: MIT
"""Empty input is an error, except when called as sendmail."""
import json
import os
import subprocess
import threading

import pytest

RCPT = "you@example.org"
LONGER_THAN_A_SECOND = 1.5
READING = "postrider: reading the message from the terminal; end with Ctrl-D"


@pytest.mark.parametrize("arguments", [
    [RCPT], ["-t"], ["-i", "--", "root"], ["--dry-run", RCPT], ["-t", RCPT],
    ["-oi", "-f", "me@example.test", RCPT]])
def test_an_empty_input(mail, arguments):
    output = mail.refuse(64, *arguments, input=b"")
    assert "standard input has no message" in output


def test_an_empty_input_in_json(mail):
    done = mail.run("--json", RCPT, input=b"")
    assert done.status == json.loads(done.out)["exit_status"] == 64


@pytest.mark.parametrize("arguments", [
    ["-a", "test", "chekc"], ["-a", "test", "check"], ["chekc", RCPT]])
def test_an_empty_input_after_what_looks_like_a_command(mail, arguments):
    output = mail.refuse(64, *arguments, input=b"")
    assert 'did you mean "postrider check"?' in output


@pytest.mark.parametrize("arguments", [[RCPT], ["-t"], ["--", "chekc"]])
def test_a_person_ends_the_input_at_once(mail, arguments):
    status, output = mail.postrider.at_terminal(arguments, [("", "\x04")])
    assert status == 64
    assert "standard input has no message" in output
    assert mail.server.commands == []


def test_a_person_sends_a_message(mail):
    status, output = mail.postrider.at_terminal([RCPT],
                                                [("", "hello\n.")])
    assert status == 0, output
    assert mail.arrived().data.endswith(b"hello\r\n")


@pytest.mark.parametrize("name", ["postrider", "sendmail"])
@pytest.mark.parametrize("end", ["\x04", "."])
def test_a_person_who_types_nothing_learns_what_to_do(mail, name, end):
    command = mail.postrider.command(RCPT, name=name)
    status, output = mail.postrider.at_terminal(
        [], [(READING, f"hello\n{end}")], wrap=lambda _: command)
    assert status == 0, output
    assert mail.arrived().data.endswith(b"hello\r\n")


@pytest.mark.parametrize("arguments,script", [
    (["-oeq"], '"$@"'), ([], '"$@" 2> errors'), ([], 'cat | "$@"')])
def test_only_a_person_learns_what_to_do(mail, arguments, script):
    def hesitate(_):
        threading.Event().wait(LONGER_THAN_A_SECOND)

    command = mail.postrider.command(*arguments, RCPT)
    status, output = mail.postrider.at_terminal(
        [], [("", hesitate), ("", "hello\n\x04")],
        wrap=lambda _: ["sh", "-c", f"cd {mail.postrider.home}; {script}",
                        "sh", *command])
    assert status == 0, output
    assert "Ctrl-D" not in output
    errors = mail.postrider.home / "errors"
    assert not errors.exists() or errors.read_text() == ""


def test_a_line_end_is_a_message(mail):
    mail.send(RCPT, input=b"\n")


def test_no_account_is_needed_to_say_so(postrider):
    with open(os.devnull) as nothing:
        done = subprocess.run(postrider.command("chekc"), stdin=nothing,
                              env=postrider.environment(), timeout=60,
                              capture_output=True)
    assert done.returncode == 64
    assert b"did you mean" in done.stderr
