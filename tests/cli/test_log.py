# SPDX-License-Identifier: MIT
"""Log entries are correct even if they contain hostile text."""
import contextlib
import itertools
import json
import os
import re
import socket
import subprocess

import pytest

from callers import log
from callers.mail import no_leak_check
from callers.session import MESSAGE, Submit
from dialogue import faults

FORGERY = 'x" status=accepted exit=0 recipients=<b@example.test>'
HOSTILE = (FORGERY, "x status=accepted exit=0", 'x",y="z', "x\\", 'x\\" y=z',
           "x,y", "x=y", "...", "-", "x\u00fc \u009b31m \u202e", "'x' #")
MAIL = 2 << 3  # the facility (RFC 3164, 4.1.1), and severities
ERR, WARNING, INFO = 3, 4, 6
FIELDS = ["host", "port", "user", "sender", "size", "try", "message-id",
          "recipients", "status", "exit", "reply", "tls", "cipher",
          "mechanism", "round-trips"]
STEPS = ["name", "connect", "greeting", "ehlo", "starttls", "tls", "credential",
         "auth", "mail", "rcpt", "message"]


def quoted(text):
    """The text as a quoted local part."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


@pytest.fixture
def submit(postrider, ca):
    return Submit(postrider, ca)


@pytest.fixture
def log_of(postrider, ca):
    """Sends one message; returns (entries of the log, outcome)."""
    def send(server, *arguments, **how):
        outcome = Submit(postrider, ca)(server, "--json", *arguments, **how)
        return log.entries(outcome.log), outcome
    return send


def test_the_fields_of_a_message(make_server, log_of):
    server = make_server()
    [entry], outcome = log_of(server, to=("bob", "carol"))
    assert outcome.status == 0, outcome.err
    steps = {key: entry.pop(key) for key in list(entry) if key.endswith("-ms")}
    assert list(steps) == [f"{step}-ms" for step in STEPS]
    assert all(ms.isdigit() for ms in steps.values())
    assert list(entry) == FIELDS
    assert entry == {
        "host": "localhost", "port": str(server.port), "user": "alice",
        "sender": "alice@example.test", "try": "1", "status": "accepted",
        "size": str(len(MESSAGE.replace(b"\n", b"\r\n"))), "exit": "0",
        "message-id": "<one@example.test>", "reply": "queued as 1",
        "tls": "1.3", "cipher": entry["cipher"], "mechanism": "PLAIN",
        "round-trips": "8",
        "recipients": ["bob@example.test", "carol@example.test"]}


def test_every_outcome_has_its_list(make_server, log_of):
    def rcpt(session, line):
        return "550 5.1.1 no" if b"<bob@" in line else None

    [entry], outcome = log_of(make_server(faults={"rcpt": rcpt}),
                              to=("bob", "carol", "dave"))
    assert outcome.status == 67
    assert entry["recipients"] == ["carol@example.test", "dave@example.test"]
    assert entry["refused"] == ["bob@example.test"]
    assert (entry["status"], entry["exit"]) == ("failed", "67")


def test_the_fields_of_a_failure(make_server, log_of):
    server = make_server(tls="implicit", faults={"rcpt": "550 5.1.1 no"})
    [entry], outcome = log_of(server)
    names = list(entry)
    assert [name for name in names[names.index("error"):]
            if not name.endswith("-ms")] == [
        "error", "step", "code", "enhanced", "cause", "hint", "tls", "cipher",
        "mechanism", "round-trips"]
    assert entry["error"] == ("localhost: refused the recipient "
                              "<bob@example.test>: 550 5.1.1 no")
    assert (entry["step"], entry["code"], entry["enhanced"], entry["cause"],
            entry["round-trips"]) == ("rcpt", "550", "5.1.1",
                                      "recipient-unknown", "6")
    assert "check the address" in entry["hint"]


def test_different_errors_are_listed(make_server, log_of):
    replies = {"bob": "550 5.1.1 no such user", "dave": "450 4.7.1 greylisted"}

    def rcpt(session, line):
        return next((reply for name, reply in replies.items()
                     if f"<{name}@".encode() in line), None)

    [entry], outcome = log_of(make_server(faults={"rcpt": rcpt}),
                              to=("bob", "carol", "dave"))
    errors = [f"localhost: refused the recipient <{name}@example.test>: {reply}"
              for name, reply in replies.items()]
    assert sorted(zip(entry["refused"], entry["errors"], entry["causes"])) == [
        ("bob@example.test", errors[0], "recipient-unknown"),
        ("dave@example.test", errors[1], "greylisting")]
    assert entry["error"] == errors[0]


def test_each_try_has_its_session(make_server, log_of):
    server = make_server(faults={"mail": ["451 4.3.0 busy"]},
                         extensions=("SIZE 20971520",))
    (first, second), outcome = log_of(server, retries=1)
    assert (first["status"], second["status"]) == ("retry", "accepted")
    assert "message-ms" not in first or first["message-ms"].isdigit()
    assert "data-ms" in second and "data-ms" not in first
    # MAIL, RCPT, DATA and the message each wait for their reply.
    assert (first["round-trips"], second["round-trips"]) == ("8", "11")


def test_a_failed_connection_has_its_time(log_of, make_server):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = make_server()
        [entry], outcome = log_of(server, "--port",
                                  str(silent.getsockname()[1]), timeout="300ms")
    assert (entry["status"], entry["exit"]) == ("failed", "75")
    assert int(entry["greeting-ms"]) >= 300
    assert list(entry)[-4:] == ["round-trips", "name-ms", "connect-ms",
                                "greeting-ms"]


# ---- the session in JSON -----------------------------------------------------

def test_json_has_the_session_and_the_replies(make_server, log_of):
    def rcpt(session, line):
        return "550 5.1.1 no\x1b[2J" if b"<bob@" in line else None

    server = make_server(faults={"rcpt": rcpt})
    [entry], outcome = log_of(server, to=("bob", "carol"))
    report = json.loads(outcome.out)
    assert report["session"] == {
        "tls": {"version": "1.3", "cipher": entry["cipher"]},
        "mechanism": "PLAIN", "round_trips": 8,
        "ms": sum(int(entry[f"{step}-ms"]) for step in STEPS),
        "steps": [{"step": step, "ms": int(entry[f"{step}-ms"])}
                  for step in STEPS]}
    bob, carol = report["recipients"]
    assert carol["reply"] == {"code": 250, "enhanced_code": "2.1.5",
                              "text": "recipient ok"}
    assert "error" not in carol
    assert bob["reply"] == {"code": 550, "enhanced_code": "5.1.1",
                            "text": r"no\x1B[2J"}
    assert bob["error"]["reply_text"] == bob["reply"]["text"]
    assert "\x1b" not in outcome.out


def test_json_without_tls_and_sign_in(make_server, log_of):
    server = make_server(tls="none", mechanisms=())
    [entry], outcome = log_of(server, user=None)
    session = json.loads(outcome.out)["session"]
    assert (session["tls"], session["mechanism"]) == (None, None)
    assert "tls" not in entry and "mechanism" not in entry


# ---- the dialogue ------------------------------------------------------------

def test_once_verbose_has_the_time_since_the_start(make_server, submit):
    outcome = submit(make_server(), "-v")
    assert all(re.match(r" *\d+ ms [*<>] ", line)
               for line in outcome.err.splitlines())


@pytest.mark.parametrize("twice", [["-vv"], ["-v", "--verbose"]])
def test_twice_verbose_has_the_times_of_lines_and_steps(make_server, submit,
                                                        twice):
    server = make_server(faults={"rcpt": ["450 4.2.1 busy"]})
    outcome = submit(server, *twice, retries=1)
    lines = outcome.err.splitlines()
    times = [re.match(r" *(\d+) ms +\+(\d+) ms [*<>] ", line)
             for line in lines]
    summaries = [line for line, time in zip(lines, times) if not time]
    since_start = [int(time[1]) for time in times if time]
    since_last = [int(time[2]) for time in times if time]
    assert len(since_start) > 40
    assert [sum(since_last[:i + 1]) for i in range(len(since_last))] == [
        at - since_start[0] + since_last[0] for at in since_start]
    assert summaries[0].startswith("postrider: try 1 of 2 failed: ")
    steps = ", ".join(rf"{step} \d+" for step in STEPS)
    for attempt, line in enumerate(summaries[1:], 1):
        assert re.fullmatch(rf"postrider: attempt {attempt} took \d+ ms: "
                            rf"{steps}, \d+ round trips", line)
    assert len(summaries) == 3


# ---- hostile text ------------------------------------------------------------

@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("code", ["250", "550"])
def test_a_reply_is_one_value(make_server, log_of, text, code):
    reply = f"{code} {text}\r\n".encode()
    [entry], outcome = log_of(make_server(faults={"dot": reply}))
    assert entry["status"] == ("accepted" if code == "250" else "failed")
    assert "x" in entry["reply" if code == "250" else "error"] \
        or text in entry["reply" if code == "250" else "error"]
    json.loads(outcome.out)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_message_id_is_one_value(make_server, log_of, text):
    hostile = MESSAGE.replace(b"<one@example.test>", text.encode())
    server = make_server(faults={"dot": "550 5.7.1 no"})
    [entry], outcome = log_of(server, message=hostile)
    assert (entry["status"], entry["exit"]) == ("failed", "69")
    assert json.loads(outcome.out)["message_id"] == entry["message-id"]
    if text.isprintable():
        assert entry["message-id"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_an_address_is_one_value(make_server, log_of, text):
    server = make_server(faults={"dot": "550 5.7.1 no"})
    local = quoted(text)
    [entry], outcome = log_of(server, "-f", f"{local}@example.test",
                              to=(local,))
    assert (entry["status"], entry["exit"]) == ("failed", "69"), outcome.err
    report = json.loads(outcome.out)
    assert entry["sender"] == report["sender"]
    assert entry["refused"] == [recipient["address"]
                                for recipient in report["recipients"]]
    assert entry["refused"] == [entry["sender"]]
    assert entry["sender"].strip('"').startswith(quoted(text)[1:-1])
    assert "\u009b" not in outcome.out + outcome.err + outcome.log


def test_an_address_is_printed_as_text(make_server, log_of):
    server = make_server(faults={
        "rcpt": ["250 ok", "550 5.1.1 no"]})
    local = quoted("x\u009b31m")
    [entry], outcome = log_of(server, to=("bob", local))
    assert len(entry["refused"]) == 1
    assert "31m" in outcome.err
    assert "\u009b" not in outcome.out + outcome.err + outcome.log


@pytest.mark.parametrize("text", HOSTILE)
def test_a_user_is_one_value(make_server, log_of, text):
    server = make_server(faults={"dot": "550 5.7.1 no"}, users={text: "secret"})
    [entry], outcome = log_of(server, user=text)
    assert entry["user"] == text, outcome.err
    assert entry["status"] == "failed"


@pytest.mark.parametrize("host", ["b\u00fccher.invalid", "x=y.invalid"])
def test_a_host_is_one_value(make_server, log_of, host):
    entries, outcome = log_of(make_server(), host=host)
    assert outcome.status != 0
    for entry in entries:
        assert entry["host"] == host
        assert entry["status"] == "failed"


def test_a_long_list_is_cut(make_server, log_of):
    names = [f"recipient-with-a-long-name-{number:04}" for number in range(2000)]
    [entry], outcome = log_of(make_server(), to=names)
    assert outcome.status == 0, outcome.err
    assert entry["recipients"][-1] == "..."
    assert entry["recipients"][0] == f"{names[0]}@example.test"
    assert entry["status"] == "accepted"


# ---- a log that can't be written --------------------------------------------

@pytest.fixture
def send(postrider, ca, make_server):
    """Sends one message, which arrives; returns what was printed."""
    def send(log, *wrapper):
        server = make_server()
        outcome = Submit(postrider, ca)(
            server, "--log-file", log, env=no_leak_check(),
            wrap=lambda command: [*wrapper, *command])
        assert len(server.messages) == 1
        assert outcome.status == 0, outcome.err
        return outcome.err
    return send


def test_a_full_disk_is_named_and_changes_nothing(send):
    assert send("/dev/full") == (
        "postrider: log: /dev/full: No space left on device\n")


def test_a_fifo_without_a_reader_is_not_waited_for(send, tmp_path):
    os.mkfifo(tmp_path / "log")
    assert send(tmp_path / "log") == (
        f"postrider: log: {tmp_path}/log: no program reads from it\n"
        "hint: start that program again, or log to a regular file\n")


def test_a_fifo_that_is_full_is_not_waited_for(send, tmp_path):
    os.mkfifo(tmp_path / "log")
    reader = os.open(tmp_path / "log", os.O_RDWR | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(reader, b"x" * 4096)
    assert send(tmp_path / "log") == (
        f"postrider: log: {tmp_path}/log: the program that reads from it is "
        "stuck\nhint: start that program again, or log to a regular file\n")
    os.close(reader)


class SystemLog:
    """A socket that commands which are wrapped see as /dev/log."""

    def __init__(self, folder):
        self.path = str(folder / "socket")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(20)
        (folder / "dev").mkdir()
        self._script = (
            f"mount --rbind /dev {folder}/dev && mount -t tmpfs none /dev && "
            "for name in null tty urandom; do : > /dev/$name && "
            f"mount --bind {folder}/dev/$name /dev/$name; done && "
            f'ln -s {self.path} /dev/log && exec "$@"')

    def wrap(self, command):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                self._script, "sh", *command]


@pytest.fixture
def system_log(tmp_path):
    log = SystemLog(tmp_path)
    with log.socket:
        yield log


def test_the_system_log_gets_each_line(submit, make_server, system_log):
    server = make_server(faults={"rcpt": ["450 4.2.1 busy"]})
    outcome = submit(server, "--syslog", retries=1, wrap=system_log.wrap)
    assert outcome.status == 0, outcome.err
    assert outcome.err == ""
    retry, final = (system_log.socket.recv(4096) for _ in range(2))
    assert b" postrider[" in retry and b" status=retry " in retry
    assert b" status=accepted exit=0 " in final


@pytest.mark.parametrize("wrong, retries, levels", [
    ({}, 0, [INFO]),
    ({"rcpt": ["450 4.2.1 busy"]}, 1, [WARNING, INFO]),
    ({"rcpt": "450 4.2.1 busy"}, 1, [WARNING, WARNING]),
    ({"mail": "550 5.4.5 daily sending quota exceeded"}, 0, [WARNING]),
    ({"dot": faults.close}, 0, [WARNING]),
    ({"rcpt": "550 5.1.1 no such user"}, 0, [ERR]),
    ({"auth": "535 5.7.8 wrong password"}, 0, [ERR])])
def test_the_priority_says_what_came_of_it(submit, make_server, system_log,
                                           wrong, retries, levels):
    outcome = submit(make_server(faults=wrong), "--syslog", retries=retries,
                     wrap=system_log.wrap)
    entries = [system_log.socket.recv(65536) for _ in levels]
    assert [entry.partition(b">")[0] for entry in entries] == [
        b"<%d" % (MAIL | level) for level in levels], outcome.err
    system_log.socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        system_log.socket.recv(65536)


def test_a_system_log_that_hangs_is_not_waited_for(submit, make_server,
                                                   system_log):
    with contextlib.ExitStack() as fillers:
        while fill_socket(system_log.path, fillers) > 0:
            pass
        server = make_server()
        outcome = submit(server, "--syslog", wrap=system_log.wrap)
    assert outcome.status == 0, outcome.err
    assert len(server.messages) == 1
    assert " status=accepted exit=0 " in outcome.log
    assert outcome.err == (
        "postrider: log: the system log accepts no entries\n")


def fill_socket(path, fillers):
    """Sends until it would block; returns how often. One sender is not enough
    where the queue of a socket is longer than what a sender may send."""
    filler = fillers.enter_context(
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    filler.setblocking(False)
    for count in itertools.count():
        try:
            filler.sendto(b"x", path)
        except BlockingIOError:
            return count


def test_the_reader_of_a_fifo_gets_the_line(send, tmp_path):
    """The FIFO is opened once: at its end the reader leaves."""
    os.mkfifo(tmp_path / "log")
    with subprocess.Popen(["cat", tmp_path / "log"],
                          stdout=subprocess.PIPE) as reader:
        assert send(tmp_path / "log") == ""
        assert b" status=accepted " in reader.stdout.read()


def test_no_part_of_a_line_remains(send, tmp_path):
    log = tmp_path / "log"
    log.write_text("x" * 1999 + "\n")
    assert send(log, "prlimit", "--fsize=2100") == (
        f"postrider: log: {log}: File too large\n")
    assert log.read_text() == "x" * 1999 + "\n"


def test_an_error_when_the_log_is_closed_is_reported(send, tmp_path):
    log = tmp_path / "log"
    log.touch()
    assert send(
        log, "strace", "-qq", "-o", "/dev/null", "-P", log,
        "-e", "trace=close", "-e", "inject=close:error=EDQUOT") == (
        f"postrider: log: {log}: Disk quota exceeded\n")
    assert log.read_text().count("\n") == 1
