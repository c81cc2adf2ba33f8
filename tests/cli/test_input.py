# SPDX-License-Identifier: MIT
"""If reading, writing or the disk fails, nothing is sent; the error says why."""
import base64
import os
import pathlib
import signal
import subprocess
import time

import pytest

from dialogue.submission import SubmissionServer
from callers.mail import HEADER, MESSAGE, no_leak_check

RCPT = "you@example.org"
LARGE = HEADER + b"\n" + (b"y" * 70 + b"\n") * 120000


def run_sh(mail, script, *arguments, input=b"", wrap=(), env=None):
    """Runs script, where "$@" is postrider with these words."""
    return subprocess.run(
        [*wrap, "sh", "-c", script, "sh", *mail.postrider.command(*arguments)],
        input=input, env=mail.postrider.environment(env), timeout=60,
        capture_output=True)


def refused(mail, done, status, message):
    err = done.stderr.decode()
    assert done.returncode == status, err
    assert message in err
    assert err.startswith("postrider: ")
    assert mail.server.commands == []


# ---- standard input and output ----------------------------------------------

@pytest.mark.parametrize("redirect, message", [
    ("<&-", "standard input"),
    ("</", "standard input"),
    ("<&- >&-", "standard input"),
    ("<&- >&- 2>\"$LOG\"", ""),
])
@pytest.mark.parametrize("word", ["-i", "-t"])
def test_an_input_that_can_not_be_read(mail, redirect, message, word, tmp_path):
    done = run_sh(mail, f'"$@" {redirect}', word, RCPT,
                  env={"LOG": tmp_path / "log"})
    assert done.returncode == 74
    assert message in done.stderr.decode()
    assert mail.server.commands == []


def test_an_input_that_fails_half_way(mail, tmp_path):
    whole = tmp_path / "message"
    whole.write_bytes(LARGE)
    with open(whole, "rb") as stdin:
        done = subprocess.run(
            ["strace", "-qq", "-o", "/dev/null", "-P", whole, "-e",
             "trace=read", "-e", "inject=read:error=EIO:when=3",
             *mail.postrider.command(RCPT)], stdin=stdin,
            env=mail.postrider.environment(no_leak_check()),
            capture_output=True, timeout=60)
    refused(mail, done, 74, "standard input: Input/output error")


def test_an_input_that_is_cut_while_it_is_read(mail, tmp_path):
    whole, trace = tmp_path / "message", tmp_path / "trace"
    whole.write_bytes(LARGE)
    trace.touch()
    with open(whole, "rb") as stdin:
        running = subprocess.Popen(
            ["strace", "-o", trace, "-P", whole, "-e", "trace=read",
             "-e", "inject=read:signal=SIGSTOP:when=3",
             *mail.postrider.command(RCPT)], stdin=stdin,
            env=mail.postrider.environment(no_leak_check()),
            stderr=subprocess.PIPE, text=True)
    while (running.poll() is None
           and "stopped by SIGSTOP" not in trace.read_text()):
        time.sleep(0.01)
    os.truncate(whole, 100000)
    [child] = pathlib.Path(
        f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    os.kill(int(child), signal.SIGCONT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 74
    assert err == ("postrider: standard input: the file became shorter while "
                   "it was read\n")
    assert mail.server.commands == []


@pytest.mark.parametrize("arguments, input", [
    (["--dry-run", RCPT], MESSAGE), (["--dry-run", "--json", RCPT], MESSAGE),
    (["providers"], b""), (["accounts"], b""), (["version"], b""),
    (["--help"], b""), (["-bp"], b"")])
@pytest.mark.parametrize("redirect", [">&-", ">/dev/full"])
def test_what_is_printed_must_be_taken(mail, arguments, input, redirect):
    done = run_sh(mail, f'"$@" {redirect}', *arguments, input=input)
    assert done.returncode == 74
    assert done.stderr.startswith(b"postrider: standard output: ")


@pytest.mark.parametrize("redirect", [">&-", ">/dev/full"])
def test_a_lost_report_changes_no_status(mail, redirect):
    """Whoever sees a failure would send the message again."""
    done = run_sh(mail, f'"$@" {redirect}', "--json", RCPT, input=MESSAGE)
    assert done.returncode == 0
    assert done.stderr.startswith(b"postrider: standard output: ")
    assert mail.arrived().to == [RCPT]


def test_who_prints_nothing_needs_no_output(mail):
    done = run_sh(mail, '"$@" >&- 2>&-', RCPT, input=MESSAGE)
    assert done.returncode == 0
    assert mail.arrived().to == [RCPT]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT,
                                    signal.SIGHUP])
def test_a_signal_while_the_message_is_read(mail, number):
    running = mail.start(RCPT)
    running.stdin.write(MESSAGE)
    running.stdin.flush()
    time.sleep(0.1)
    running.send_signal(number)
    assert running.wait(20) == -number
    running.communicate()
    assert mail.server.wires == []


def test_a_large_message_leaves_no_file(mail, tmp_path):
    directory = tmp_path / "temporary"
    directory.mkdir()
    message = mail.send(RCPT, input=LARGE, env={"TMPDIR": directory})
    assert len(message.data) > len(LARGE)
    assert list(directory.iterdir()) == []


# ---- the temporary copy of a large message ----------------------------------

SMALL_DISK = ('mkdir -p "$TMPDIR" && mount -t tmpfs -o size=64k tmpfs '
              '"$TMPDIR" && exec "$@"')


def test_a_full_disk(mail, tmp_path):
    done = run_sh(mail, SMALL_DISK, RCPT, input=LARGE,
                  wrap=["unshare", "-m", "--propagation", "private"],
                  env={"TMPDIR": tmp_path / "small"})
    refused(mail, done, 74, "No space left on device")
    assert b"TMPDIR" in done.stderr


@pytest.mark.parametrize("directory", ["missing", "file"])
def test_no_directory_for_the_temporary_copy(mail, tmp_path, directory):
    (tmp_path / "file").touch()
    done = mail.run(RCPT, input=LARGE, env={"TMPDIR": tmp_path / directory})
    assert done.status == 73
    assert str(tmp_path / directory) in done.err
    assert mail.server.commands == []


def traced(mail, call, input, inject=None):
    """Runs under strace; the outcome, and how often the call was made."""
    trace = mail.postrider.home / "trace"
    fault = f"inject={call}:error=EIO:when={inject}"
    arguments = ["-e", fault] if inject else []
    done = subprocess.run(
        ["strace", "-qq", "-o", trace, "-e", f"trace={call}", *arguments,
         *mail.postrider.command(RCPT)], input=input, timeout=60,
        env=mail.postrider.environment(no_leak_check()), capture_output=True)
    return done, trace.read_text().count(f"{call}(")


@pytest.mark.parametrize("call", ["write", "pread64"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_disk_that_breaks(mail, call, nth):
    """A small message needs none of these calls for a file."""
    done, before = traced(mail, call, MESSAGE)
    assert done.returncode == 0
    messages = len(mail.server.messages)
    done, count = traced(mail, call, LARGE, before + nth)
    assert count > before
    assert done.returncode == 74
    assert b"temporary copy of the message: Input/output" in done.stderr
    assert len(mail.server.messages) == messages


def test_a_copy_that_keeps_its_name_gets_no_message(mail, tmp_path):
    done = subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", "trace=unlink", "-e",
         "inject=unlink:error=EACCES", *mail.postrider.command(RCPT)],
        input=LARGE, capture_output=True, timeout=60,
        env=mail.postrider.environment(
            {"TMPDIR": str(tmp_path), **no_leak_check()}))
    [copy] = tmp_path.glob("postrider.*")
    refused(mail, done, 73, f"cannot remove {copy}: Permission denied")
    assert copy.read_bytes() == b""


# ---- environment ------------------------------------------------------------

def test_hardly_an_environment(mail):
    config = mail.postrider.home / ".config/postrider/config"
    done = subprocess.run(
        mail.postrider.command("-C", config, RCPT), input=MESSAGE, env={},
        capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert mail.arrived().to == [RCPT]


@pytest.mark.parametrize("env", [
    {"HOME": None, "XDG_CONFIG_HOME": "HOME/.config"},
    {"HOME": "HOME", "XDG_CONFIG_HOME": None},
    {"HOME": "HOME", "XDG_CONFIG_HOME": ""},
    {"HOME": "HOME", "XDG_CONFIG_HOME": "relative"},
    {"HOME": "nowhere", "XDG_CONFIG_HOME": "HOME/.config"}])
def test_the_configuration_is_found_by_what_there_is(mail, env):
    home = str(mail.postrider.home)
    env = {name: value and value.replace("HOME", home)
           for name, value in env.items()}
    assert mail.send(RCPT, env=env).to == [RCPT]


def test_a_directory_that_is_gone(mail, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    done = run_sh(mail, 'cd "$GONE" && rmdir "$GONE" && exec "$@"', RCPT,
                  input=MESSAGE, env={"GONE": gone})
    assert done.returncode == 0, done.stderr
    assert mail.arrived().to == [RCPT]


@pytest.mark.parametrize("limit", ["-n 16", "-c unlimited"])
def test_limits_of_the_process(mail, limit):
    done = run_sh(mail, f'ulimit {limit}; exec "$@"', RCPT, input=MESSAGE)
    assert done.returncode == 0, done.stderr
    assert mail.arrived().to == [RCPT]


def test_a_file_size_limit_is_an_error_and_no_signal(mail, tmp_path):
    done = run_sh(mail, 'ulimit -f 8; exec "$@"', RCPT, input=LARGE,
                  env={"TMPDIR": tmp_path})
    refused(mail, done, 74, "File too large")


# ---- secrets ----------------------------------------------------------------

SECRET = "Unique-s3cret-8c1f0e"


@pytest.mark.parametrize("source", ["file", "env", "command", "default"])
@pytest.mark.parametrize("right", [True, False])
def test_a_secret_is_nowhere(postrider, ca, tmp_path, source, right):
    directory = tmp_path / "temporary"
    directory.mkdir()
    path = postrider.secret_file(SECRET)
    words = {"file": f"file:{path}", "env": "env:THE_PASSWORD",
             "command": f"command:cat {path}"}
    env = {"TMPDIR": directory, **no_leak_check()}
    if source == "env":
        env["THE_PASSWORD"] = SECRET
    if source == "default":
        env["POSTRIDER_PASSWORD"] = SECRET
    users = {"alice": SECRET if right else "another"}
    with SubmissionServer(ca.server, users=users) as server:
        log = postrider.home / "log"
        trace = tmp_path / "trace"
        command = postrider.command(
            "-v", "--host=localhost", f"--port={server.port}",
            f"--tls-trust-file={ca.pem}", "--user=alice", "--retries=0",
            "--from=alice@example.test", f"--log-file={log}", "--json",
            *([f"--credential={words[source]}"] if source in words else []),
            RCPT)
        done = subprocess.run(
            ["strace", "-f", "-qq", "-s", "65536", "-v", "-o", trace, "-e",
             "trace=execve,openat", *command], input=LARGE,
            env=postrider.environment(env), capture_output=True, timeout=60)
        assert done.returncode == (0 if right else 77), done.stderr
        assert len(server.arrived) == right
    both = [SECRET.encode(),
            base64.b64encode(b"\0alice\0" + SECRET.encode())[8:-4]]
    output = [done.stdout, done.stderr, log.read_bytes()]
    output += [path.read_bytes() for path in directory.iterdir()]
    # The execve that starts postrider contains it, as the caller passed it.
    lines = trace.read_bytes().splitlines()
    output += lines[1:]
    assert not [text for text in output for secret in both if secret in text]
