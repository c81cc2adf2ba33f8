# SPDX-License-Identifier: MIT
"""A secret that exists once must be found nowhere, in no form."""
import base64
import os
import pathlib
import re
import shlex
import signal
import threading

import pytest

from callers.session import MESSAGE

SECRET = "s3cr3t-Zwanzig-4711-xyzzy"
MECHANISMS = ("PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER")
SOURCES = ("env", "file", "command")


def forms():
    """The secret as it is, and what of its base64 any neighbours leave."""
    raw = SECRET.encode()
    yield raw
    yield raw.hex().encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        yield encoded[4 if shift else 0:-4]


def find(data):
    return [form for form in forms() if form in data]


def test_the_forms_are_found():
    for words in (b"\0alice\0", b"user=al\1auth=Bearer ", b"a", b"ab", b"abc"):
        assert find(base64.b64encode(words + SECRET.encode() + b"\1\1"))


@pytest.fixture
def source(postrider, tmp_path):
    """The arguments and the environment that make the secret known."""
    def make(kind):
        env = {"POSTRIDER_PASSWORD": None}
        if kind == "env":
            return ["--credential", "env:MAIL_SECRET"], {
                **env, "MAIL_SECRET": SECRET}
        if kind == "file":
            path = postrider.secret_file(SECRET)
            return ["--credential", f"file:{path}"], env
        kept = tmp_path / "kept"
        kept.write_text(SECRET)
        command = tmp_path / "command"
        command.write_text(f"#!/bin/sh\ntr '\\0' '\\n' </proc/$$/environ "
                           f">{tmp_path}/seen\ntr '\\0' '\\n' "
                           f"</proc/$$/cmdline >>{tmp_path}/seen\n"
                           f"cat {kept}\n")
        command.chmod(0o755)
        return ["--credential", f"command:{command}"], env
    return make


@pytest.mark.parametrize("shell", ["", "bash -c "])
@pytest.mark.parametrize("broken", [
    "printf {}'", "printf {})", "{}", "{} --option", "printf \"{}", "cd /{}",
    "printf {} >&2; false",
    "$(echo " + base64.b64encode(SECRET.encode()).decode() + " | base64 -d)"])
def test_no_part_of_a_command_that_fails_is_shown(
        submit, server_of, tmp_path, shell, broken):
    server = server_of("PLAIN")
    log = tmp_path / "log"
    command = broken.format(SECRET)
    outcome = submit(server, "-v", "--log-file", str(log), "--credential",
                     "command:" + shell + (shlex.quote(command) if shell
                                           else command),
                     env={"POSTRIDER_PASSWORD": None})
    assert outcome.status == 77, outcome.err
    assert "the credential command " in outcome.err
    assert "hint: " in outcome.err
    text = outcome.out + outcome.err + log.read_text()
    # A port may be 34711, so digits alone say nothing.
    parts = re.findall(r"[a-z]\w{3,}", SECRET, re.IGNORECASE)
    assert not [part for part in parts if part in text]


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("fault", [None, "535 5.7.8 you said s", "dot"])
def test_nothing_that_is_written_has_it(submit, server_of, source, tmp_path,
                                        kind, mechanism, fault):
    steps = {"auth": fault} if fault else {}
    if fault == "dot":
        steps = {"dot": b"\0garbage\r\n"}
    server = server_of(mechanism, faults=steps)
    options, env = source(kind)
    outcome = submit(server, "-v", "--json", "--auth", mechanism, *options,
                     env=env, retries=1)
    assert outcome.status == {None: 0, "dot": 75}.get(fault, 77), outcome.err
    for text in (outcome.out, outcome.err, outcome.log):
        assert not find(text.encode())
    assert "<redacted, " in outcome.err
    assert not find(server.received_clear)
    seen = tmp_path / "seen"
    if kind == "command":
        assert not find(seen.read_bytes())


def test_no_system_call_writes_it(submit, server_of, source, tmp_path):
    trace = tmp_path / "trace"
    options, env = source("file")
    calls = "write,writev,pwrite64,sendto,sendmsg,execve,open,openat,memfd_" \
            "create"
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    outcome = submit(
        server_of("PLAIN"), "-v", *options,
        message=MESSAGE + b"x" * (1 << 20), limit=120,
        env={**env, "ASAN_OPTIONS": sanitizer},
        wrap=lambda command: ["strace", "-f", "-v", "-xx", "-s", "4000000",
                              "-e", f"trace={calls}", "-o", trace, *command])
    assert outcome.status == 0, outcome.err
    text = trace.read_bytes().replace(b"\\x", b"")
    assert b"EHLO".hex().encode() in text  # what is sent does show
    for form in forms():
        assert form.hex().encode() not in text


@pytest.mark.parametrize("step", ["auth", "mail", "dot"])
def test_no_file_and_no_argument_has_it(submit, server_of, source, tmp_path,
                                        step):
    reached = threading.Event()

    def fault(session, line):
        reached.set()
        session.wire.hang()

    options, env = source("file")
    directory = tmp_path / "tmp"
    directory.mkdir()
    server = server_of("PLAIN", faults={step: fault})
    process = submit.start(server, *options, message=MESSAGE + b"x" * (9 << 20),
                           env={**env, "TMPDIR": directory})
    try:
        assert reached.wait(20)
        place = pathlib.Path("/proc", str(process.pid))
        assert not find((place / "cmdline").read_bytes())
        assert not find((place / "environ").read_bytes())
        for descriptor in (place / "fd").iterdir():
            if descriptor.is_file():
                assert not find(descriptor.read_bytes())
        for path in directory.rglob("*"):
            assert not find(path.read_bytes())
    finally:
        process.terminate()
        process.wait()
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT,
                                    signal.SIGQUIT])
def test_no_core_is_left(submit, server_of, source, tmp_path, number):
    reached = threading.Event()

    def fault(session, line):
        reached.set()
        session.wire.hang()

    options, env = source("env")
    server = server_of("PLAIN", faults={"mail": fault})
    handlers = os.environ.get("ASAN_OPTIONS", "") + ":handle_segv=0"
    process = submit.start(server, *options, cwd=tmp_path,
                           env={**env, "ASAN_OPTIONS": handlers})
    assert reached.wait(20)
    limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
    process.send_signal(number)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status  # Popen can't ask any more
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number
    assert not os.WCOREDUMP(status)
    assert not list(tmp_path.glob("core*"))
    (line,) = [line for line in limits.splitlines() if "core file" in line]
    assert line.split()[4:6] == ["0", "0"]


def test_no_credential_is_asked_for_before_tls(submit, make_server, tmp_path):
    # The command may run beside the connection; its answer goes nowhere.
    server = make_server(faults={"starttls": "454 4.7.0 no TLS"})
    outcome = submit(server, password=SECRET)
    assert outcome.status == 76
    assert not find(server.received)
