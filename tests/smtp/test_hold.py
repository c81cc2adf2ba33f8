# SPDX-License-Identifier: MIT
"""A session that another process holds: the messages of several runs go through
it, with what each would have said of a session of its own."""
import json
import os
import re
import socket
import signal
import stat
import subprocess

import pytest

from callers.held import LIMIT, is_running, kill_worker
from callers.session import MESSAGE
from patience import wait_for


def test_several_runs_share_a_session(held, make_server):
    server = make_server()
    held.configure(server.port)
    for _ in range(5):
        done = held.send()
        assert (done.status, done.out, done.err) == (0, "", "")
    assert len(server.messages) == 5
    assert all(message.data == MESSAGE.replace(b"\n", b"\r\n")
               for message in server.messages)
    assert len(server.wires) == 1
    assert len(held.holders()) == 1


def test_each_message_takes_one_round_trip(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    before = len(server.commands)
    done = held.send("-vv")
    assert "1 round trips" in done.err
    assert re.findall(r" ([<>]) (\w+)", done.err) == [
        (">", "MAIL"), (">", "RCPT"), (">", "BDAT"),
        ("<", "250"), ("<", "250"), ("<", "250")]
    assert [line.split()[0] for line in server.commands[before:]] == [
        "MAIL", "RCPT", "BDAT"]


FAULTS = {
    "accepted": {},
    "unknown recipient": {"rcpt": "550 5.1.1 no such user"},
    "some unknown": {"rcpt": ["550 5.1.1 no such user", None]},
    "busy": {"rcpt": "450 4.2.1 busy"},
    "sender refused": {"mail": "553 5.7.1 not yours"},
    "message refused": {"dot": "554 5.7.1 spam"},
    "message postponed": {"dot": "451 4.3.0 later"},
    "wrong password": {"auth": "535 5.7.8 no"},
    "no greeting": {"greeting": "554 5.7.1 go away"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_reported_is_as_in_a_session_of_its_own(
        held, make_server, postrider, fault):
    server = make_server()
    to = ("nobody@example.test", "bob@example.test")
    reports = []
    for hold in ("0", "60s"):
        log = postrider.home / f"log-{hold}"
        held.configure(server.port, hold, f'log-file = "{log}"')
        for step, reply in FAULTS[fault].items():
            server.fail(step, list(reply) if isinstance(reply, list) else reply)
        done = held.send("--json", to=to)
        reports.append((done.status, done.err, untimed(json.loads(done.out)),
                        without_times(log.read_text())))
        for step in FAULTS[fault]:
            server.fail(step)
    assert held.holders()
    assert reports[0] == reports[1]


def untimed(report):
    """Without what differs from run to run."""
    text = re.sub(r'"ms": \d+', '"ms": 0', json.dumps(report))
    return json.loads(re.sub(r"queued as \d+", "queued", text))


def without_times(log):
    return re.sub(r"queued as \d+", "queued",
                  re.sub(r"^\S+|[a-z_]+=\d+(ms)?|\d+ms", "", log, flags=re.M))


# ---- what can happen to the processes -----------------------------------------

def at(held, act):
    """A fault that acts on the processes that hold the session, then lets the
    server be friendly."""
    def fault(session, line):
        act(held)
    return fault


def kill_holder(held):
    for pid in held.holders():
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_running(pid))


EARLY = ("greeting", "starttls", "ehlo-tls", "auth", "mail", "rcpt", "data")


@pytest.mark.parametrize("step", EARLY)
def test_a_process_that_dies_early_loses_nothing(held, make_server, step):
    """The server has not seen the end of the message: postrider sends it, in a
    session of its own."""
    server = make_server(extensions=("SIZE 1000000", "DSN"))
    held.configure(server.port)
    server.fail(step, [at(held, kill_worker)])
    done = held.send("-v")
    assert done.status == 0, done.err
    assert "the process that held the session has ended" in done.err
    assert len(server.messages) == 1


@pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
def test_a_process_that_dies_late_leaves_the_outcome_open(held, make_server,
                                                          chunks):
    """As after a lost connection: never sent again by itself."""
    server = make_server(extensions=("SIZE 1000000", "DSN",
                                     *(["CHUNKING"] if chunks else [])))
    held.configure(server.port)
    server.fail("dot", [at(held, kill_worker)])
    done = held.send("--json")
    assert done.status == 75
    assert "the server may have accepted it" in done.err
    assert "Message-ID: <one@example.test>" in done.err
    report = json.loads(done.out)
    assert report["status"] == "ambiguous"
    assert len(server.arrived) == 1


def test_a_user_may_have_it_sent_again(held, make_server):
    server = make_server(extensions=("SIZE 1000000",))
    held.configure(server.port, more="retry-ambiguous = yes\nretry-delay = 1ms")
    config = held.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text().replace("retries = 0", "retries = 1"))
    server.fail("dot", [at(held, kill_worker)])
    done = held.send()
    assert done.status == 0, done.err
    assert "a duplicate with the same Message-ID is possible" in done.err
    assert len(server.arrived) == 2


@pytest.mark.parametrize("step", ["auth", "rcpt", "dot"])
def test_the_session_does_not_need_the_process_that_accepts(held, make_server,
                                                            step):
    server = make_server()
    held.configure(server.port)
    workers = []

    def act(held):
        workers.extend(held.workers())
        kill_holder(held)
    server.fail(step, [at(held, act)])
    done = held.send()
    assert (done.status, done.err) == (0, "")
    assert len(server.messages) == 1
    wait_for(lambda: not any(map(is_running, workers)))
    assert held.send().status == 0  # another process takes its place
    assert len(server.messages) == 2


def test_a_dead_session_is_replaced(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    for wire in server.wires:
        wire.abandon()
    assert held.send().status == 0
    assert len(server.messages) == 2
    assert len(server.wires) == 2


def test_a_server_that_ends_the_session_after_a_message(held, make_server):
    server = make_server()
    held.configure(server.port)
    for number in range(4):
        if number == 2:
            server.fail("mail", ["421 4.7.0 too many messages"])
        assert held.send().status == 0
    assert len(server.messages) == 4
    assert len(server.wires) == 2


def test_sigint_before_the_end_sends_nothing(held, make_server):
    server = make_server(extensions=("SIZE 1000000",))
    held.configure(server.port)
    running = []
    server.fail("data", [lambda session, line: interrupt(running)])
    status, err = start(held, running)
    assert status == -signal.SIGINT, err
    assert "SIGINT" in err
    assert server.arrived == []
    server.fail("data")
    assert held.send().status == 0
    assert len(server.arrived) == 1


def test_sigint_after_the_end_leaves_the_outcome_open(held, make_server):
    server = make_server(extensions=("SIZE 1000000",))
    held.configure(server.port)
    running = []
    server.fail("dot", [lambda session, line: interrupt(running)])
    status, err = start(held, running)
    assert status == -signal.SIGINT, err
    assert "the server may have accepted it" in err
    assert len(server.arrived) == 1


def start(held, running):
    source = held.postrider.home / "message"
    source.write_bytes(MESSAGE)
    with open(source, "rb") as stdin:
        running.append(held.postrider.start(
            "-i", "bob@example.test", stdin=stdin, env=held.env, text=True,
            stderr=subprocess.PIPE))
    err = running[0].communicate(timeout=LIMIT)[1]
    return running[0].returncode, err


def interrupt(running):
    wait_for(lambda: running)
    running[0].send_signal(signal.SIGINT)
    running[0].wait(timeout=LIMIT)


@pytest.mark.parametrize("reply, status", [
    (None, "accepted"), ("554 5.7.1 spam", "failed")])
def test_the_try_is_in_the_log_if_postrider_is_killed(held, make_server, reply,
                                                      status):
    server = make_server()
    log = held.postrider.home / "log"
    held.configure(server.port, more=f'log-file = "{log}"')
    running = []

    def kill(session, line):
        wait_for(lambda: running)
        running[0].kill()
        running[0].wait(timeout=LIMIT)
        return reply

    server.fail("dot", [kill])
    assert start(held, running)[0] == -signal.SIGKILL
    wait_for(lambda: log.exists() and "status=" in log.read_text())
    line, = log.read_text().splitlines()
    assert " sender=alice@example.test " in line
    assert " message-id=<one@example.test> " in line
    assert "=bob@example.test " in line
    assert f" status={status} exit=" in line and " reported=no " in line
    assert held.send().status == 0
    assert " reported=no " not in log.read_text().splitlines()[1]
    assert len(server.wires) == 1


def test_queue_stop_ends_the_processes(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    processes = [*held.holders(), *held.workers()]
    assert len(processes) == 2
    done = held.postrider.run("queue", "stop", env=held.env)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert not any(map(is_running, processes))
    assert "QUIT" in server.commands
    assert held.send().status == 0


def test_queue_stop_lets_a_message_be_sent(held, make_server):
    server = make_server(extensions=("SIZE 1000000",))
    held.configure(server.port)
    stopping = []

    def stop(session, line):
        stopping.append(held.postrider.start("queue", "stop", env=held.env))
        wait_for(lambda: not any(path.is_socket() and listens(path)
                                 for path in held.directory.iterdir()))
    server.fail("dot", [stop])
    assert held.send().status == 0
    assert stopping[0].wait(timeout=LIMIT) == 0
    assert held.holders() == []
    assert len(server.messages) == 1


def test_queue_stop_waits_for_what_a_killed_process_has_started(held,
                                                                make_server):
    """Its number may be that of any other process by now."""
    server = make_server(extensions=("SIZE 1000000",))
    held.configure(server.port)
    stopping = []

    def stop(session, line):
        pid, = held.holders()
        workers = held.workers()
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_running(pid))
        lock, = held.directory.glob("*.lock")
        lock.write_text(f"{other.pid}\n")
        stopping.append(held.postrider.start("queue", "stop", env=held.env))
        signal.sigtimedwait([], 0.2)  # it would have ended
        assert stopping[0].poll() is None
        assert any(map(is_running, workers))

    with subprocess.Popen(["sleep", "60"]) as other:
        server.fail("dot", [stop])
        assert held.send().status == 0
        assert stopping[0].wait(timeout=LIMIT) == 0
        assert other.poll() is None
        other.kill()
    assert len(server.messages) == 1


def test_the_processes_keep_no_file_of_their_starter(held, make_server):
    """A reader of its standard error, or a script's lock, does not wait."""
    server = make_server()
    held.configure(server.port)
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    source = held.postrider.home / "message"
    source.write_bytes(MESSAGE)
    with open(source, "rb") as stdin:
        started = held.postrider.start(
            "-i", "bob@example.test", stdin=stdin, stderr=writer,
            pass_fds=[writer], env=held.env)
    os.close(writer)
    assert os.read(reader, 1) == b""
    os.close(reader)
    assert started.wait(timeout=LIMIT) == 0
    assert held.holders()


# ---- which sessions are shared ------------------------------------------------

def test_another_secret_is_another_session(held, make_server):
    server = make_server()
    held.configure(server.port)
    assert held.send().status == 0
    done = held.send(env={"WORK_PASSWORD": "wrong"})
    assert done.status == 77
    assert "535" in done.err
    assert len(held.holders()) == 2


def test_a_changed_configuration_is_another_session(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    held.configure(server.port, more="chunking = no")
    done = held.send("-v")
    assert "> DATA" in done.err
    assert len(server.wires) == 2


def test_settings_of_the_command_line_have_a_session_of_their_own(
        held, make_server):
    server = make_server()
    held.configure(server.port)
    assert held.send("--timeout=10s").status == 0
    assert held.holders() == []
    assert len(server.messages) == 1


def test_a_held_session_ends_by_itself(held, make_server):
    server = make_server()
    held.configure(server.port, hold="50ms")
    held.send()
    wait_for(lambda: held.holders() == [])
    assert "QUIT" in server.commands
    assert not any(path.is_socket() for path in held.directory.iterdir())
    assert held.send().status == 0


def test_what_former_settings_left_is_removed(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.directory.mkdir(mode=0o700)
    old = [held.directory / ("0" * 32 + ending)
           for ending in (".lock", ".start")]
    new = held.directory / ("1" * 32 + ".lock")
    for path in (*old, new):
        path.touch()
    for path in old:
        os.utime(path, (0, 0))
    held.send()
    wait_for(lambda: not any(path.exists() for path in old))
    assert new.exists()


def test_without_a_credential_the_error_is_that_of_a_session(held,
                                                             make_server):
    """And a person would be asked for the password."""
    held.configure(make_server().port)
    done = held.send("-v", env={"WORK_PASSWORD": None})
    assert done.status == 77
    assert "the process that holds sessions has no credential" in done.err
    assert "environment variable WORK_PASSWORD is not set" in done.err


# ---- other users --------------------------------------------------------------

def test_nobody_else_has_access(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    assert stat.S_IMODE(held.directory.stat().st_mode) == 0o700
    sockets = [path for path in held.directory.iterdir() if path.is_socket()]
    assert len(sockets) == 1
    assert stat.S_IMODE(sockets[0].stat().st_mode) == 0o600
    assert b"secret" not in b"".join(
        path.name.encode() for path in held.directory.iterdir())


@pytest.mark.parametrize("spoil", [
    lambda path: path.chmod(0o755),
    lambda path: os.chown(path, 65534, 65534),
    lambda path: (path.rmdir(), path.symlink_to(path.parent)),
], ids=["open to others", "of another user", "a symlink"])
def test_a_directory_of_others_is_not_used(held, make_server, spoil):
    server = make_server()
    held.configure(server.port)
    held.directory.mkdir(mode=0o700)
    spoil(held.directory)
    done = held.send("-v")
    assert done.status == 0, done.err
    assert "no session is held: " in done.err
    assert len(server.messages) == 1


def test_a_socket_of_another_user_is_not_used(held, make_server):
    """One that another user's process listens on gets nothing."""
    server = make_server()
    held.configure(server.port)
    held.send()
    path, = (path for path in held.directory.iterdir() if path.is_socket())
    held.stop()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        os.chown(path, 65534, 65534)
        pid = os.fork()
        if pid == 0:
            os.setuid(65534)
            listener.listen()
            signal.pause()
            os._exit(0)
        wait_for(lambda: listens(path))
        try:
            done = held.send("-v")
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    assert done.status == 0, done.err
    assert "another user's process listens" in done.err
    assert len(server.messages) == 2


def test_the_path_of_the_directory_may_be_long(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.env["XDG_RUNTIME_DIR"] = held.runtime / ("x" * 120)
    held.env["XDG_RUNTIME_DIR"].mkdir(mode=0o700)
    held.runtime = held.env["XDG_RUNTIME_DIR"]
    for _ in range(2):
        assert held.send().status == 0
    assert len(server.wires) == 1


def test_without_a_runtime_directory_it_is_beside_the_queue(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.env["XDG_RUNTIME_DIR"] = None
    for _ in range(2):
        assert held.send().status == 0
    assert len(server.wires) == 1
    held.runtime = held.postrider.home / ".local/state"
    (held.runtime / "postrider/hold").rename(held.runtime / "x")
    (held.runtime / "postrider").rmdir()
    (held.runtime / "x").rename(held.runtime / "postrider")
    assert len(held.holders()) == 1


def listens(path):
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def test_what_is_no_request_ends_the_connection_only(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    path, = (path for path in held.directory.iterdir() if path.is_socket())
    for noise in (b"\0\0\0\0\1", b"\xff" * 64, b"\0\0\0\4\1abcd", b""):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(noise)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""
    assert held.send().status == 0
    assert len(server.messages) == 2
    assert len(server.wires) == 1
