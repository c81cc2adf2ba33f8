# SPDX-License-Identifier: MIT
"""The sessions that a provider allows, shared by all that sends for an account
whose sessions are held: held sessions, queue runs, -bs and single messages."""
import concurrent.futures
import itertools
import os
import re
import signal
import subprocess
import threading

import pytest

from callers.held import LIMIT, children, is_running
from callers.queue import Queue
from callers.smtp_client import Server
from dialogue.counting import Counting
from patience import wait_for
from peers.postfix import Postfix, new_token

CORP = "provider corp {{ title = Corp\n host = localhost\n sessions = {} }}\n"
IN_USE = "all sessions that the provider allows (1) are in use"
ALICE = "alice@example.test"
# A setting of the command line: the message has a session of its own.
OWN = ["-a", "work", "--timeout=50s"]


class Limited:
    """A held account at a server that counts its sessions."""

    def __init__(self, held, server):
        self.held, self.server, self.postrider = held, server, held.postrider
        self.slots = self.postrider.home / ".local/state/postrider/sessions"
        self.queue = Queue(self)

    def configure(self, sessions, hold="60s", more=""):
        self.held.configure(self.server.port, hold, more="provider = corp\n"
                            + more)
        config = self.postrider.home / ".config/postrider/config"
        config.write_text(CORP.format(sessions) + config.read_text().replace(
            "env:WORK_PASSWORD",
            f"file:{self.postrider.secret_file('secret')}"))

    def run(self, *arguments, input, **how):
        return self.postrider.run(*arguments, input=input, env=self.held.env,
                                  **how)

    def send(self, *arguments, token="x", **how):
        return self.held.send(*arguments, message=message(token),
                              timeout=3 * LIMIT, **how)

    def serve(self, *arguments):
        return Server(self.postrider, *arguments, env=self.held.env)

    def add(self, token="x"):
        return self.queue.add("bob@example.test", input=message(token))

    def arrived(self):
        return sorted(re.search(rb"^Subject: (\S+)", one.data, re.M)[1].decode()
                      for one in self.server.messages)


def message(token):
    return f"From: {ALICE}\nSubject: {token}\n\nbody\n".encode()


@pytest.fixture
def limited(held, ca):
    with Counting(ca.server) as server:
        limited = Limited(held, server)
        yield limited
        limited.run("queue", "stop", input=b"")


def test_twenty_processes_of_all_kinds_share_two_sessions(limited):
    limited.configure(2)
    tokens = [new_token() for _ in range(28)]
    for token in tokens[:4]:
        limited.add(token)
    kinds = [
        lambda *tokens: [check(limited.send(token=one)) for one in tokens],
        # Another environment: another process holds the sessions.
        lambda *tokens: [check(limited.send(token=one, env={
            "SSH_AUTH_SOCK": "/"})) for one in tokens],
        lambda *tokens: [check(limited.send(*OWN, token=one))
                         for one in tokens],
        lambda *tokens: serve(limited, tokens)]
    jobs = [(kinds[number % 4], tokens[4 + number:5 + number])
            for number in range(16)]
    jobs += [(kinds[number], tokens[20 + 2 * number:22 + 2 * number])
             for number in range(4)]
    with concurrent.futures.ThreadPoolExecutor(len(jobs) + 1) as pool:
        run = pool.submit(limited.queue.run, timeout=3 * LIMIT)
        for done in [pool.submit(kind, *tokens) for kind, tokens in jobs]:
            done.result()
        run.result()
    assert limited.arrived() == sorted(tokens)
    assert limited.server.most == 2
    assert limited.queue.list() == []


def check(done):
    assert (done.status, done.out, done.err) == (0, "", "")


def serve(limited, tokens):
    with limited.serve() as server:
        server.greet()
        for token in tokens:
            assert server.send(message(token).replace(b"\n", b"\r\n"),
                               "bob@example.test",
                               sender=ALICE).startswith("250 ")
        assert server.quit() == (0, "")


@pytest.mark.parametrize("how", ["run", "start"])
def test_an_idle_held_session_makes_way(limited, how):
    """Also for a process in the background that has no runtime directory."""
    limited.configure(1)
    check(limited.send(token="1"))
    limited.add("2")
    getattr(limited.queue, how)()
    wait_for(lambda: len(limited.server.messages) == 2)
    serve(limited, ["3"])
    check(limited.send(token="4"))
    check(limited.send(*OWN, token="5"))
    assert limited.arrived() == list("12345")
    assert (limited.server.most, len(limited.server.wires)) == (1, 5)


def test_a_session_of_bs_makes_way_after_its_message(limited):
    limited.configure(1)
    with limited.serve() as server:
        server.greet().begin("bob@example.test", sender=ALICE)
        limited.add("2")
        with limited.postrider.start("queue", "run", "-v", env=limited.held.env,
                                     stderr=subprocess.PIPE) as run:
            while f"waiting: {IN_USE}" not in run.stderr.readline().decode():
                assert run.poll() is None
            assert server.say(b"Subject: 1\r\n\r\n", ".").startswith("250 ")
            run.stderr.read()
            assert run.wait(LIMIT) == 0
        assert server.send(b"Subject: 3\r\n\r\n", "bob@example.test",
                           sender=ALICE).startswith("250 ")
        server.quit()
    assert limited.arrived() == list("123")
    assert limited.server.most == 1


def test_an_idle_session_of_bs_makes_way(limited):
    limited.configure(1)
    with limited.serve() as server:
        server.greet()
        for token in "13":
            assert server.send(message(token).replace(b"\n", b"\r\n"),
                               "bob@example.test",
                               sender=ALICE).startswith("250 ")
            check(limited.send(token=str(int(token) + 1)))
        server.quit()
    assert limited.arrived() == list("1234")
    assert limited.server.most == 1


def test_a_series_makes_way_after_its_turn(limited):
    limited.configure(1)
    sent = itertools.count()
    stop = threading.Event()

    def series():
        while not stop.is_set():
            check(limited.send(token=f"s{next(sent)}"))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        crowd = [pool.submit(series) for _ in range(6)]
        try:
            wait_for(lambda: limited.server.messages)
            limited.add("queued")
            limited.queue.run(timeout=3 * LIMIT)
        finally:
            stop.set()
        for one in crowd:
            one.result()
    assert limited.arrived() == sorted(
        ["queued", *(f"s{number}" for number in range(next(sent)))])
    assert limited.server.most == 1


def test_a_wait_ends_by_the_deadline(limited):
    limited.configure(1, more="deadline = 1s")
    with limited.serve() as server:
        server.greet().begin("bob@example.test", sender=ALICE)
        held = limited.send("-v")
        assert held.status == 75
        assert f"waiting: {IN_USE}" in held.err
        own = limited.send(*OWN)
        assert (own.status, own.err) == (
            75, f"postrider: localhost: {IN_USE}\n"
            "hint: try again when other programs have sent their messages\n")
        limited.add()
        limited.queue.run(status=75)
        queued, = limited.queue.list()
        assert IN_USE in queued["recipients"][0]["reason"]
        with limited.serve() as other:
            reply = other.greet().say(f"MAIL FROM:<{ALICE}>")
        assert reply.startswith("451-") and IN_USE in reply
    assert limited.server.messages == []


def test_a_message_of_sendmail_is_queued_after_the_wait(limited):
    limited.configure(1, more="queue-after = 1s")
    with limited.serve() as server:
        server.greet().begin("bob@example.test", sender=ALICE)
        check(limited.send("--queue=on-failure", token="1"))
        assert len(limited.queue.list()) == 1
    limited.queue.run()
    assert limited.arrived() == ["1"]


@pytest.mark.parametrize("which", ["holder", "worker", "both"])
def test_a_process_that_is_killed_leaves_no_session_behind(limited, which):
    limited.configure(1)
    limited.send(token="1")
    holder, = limited.held.holders()
    worker, = children(holder)
    for pid in {"holder": [holder], "worker": [worker],
                "both": [holder, worker]}[which]:
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_running(pid))
    limited.add("2")
    limited.queue.run()
    assert limited.arrived() == ["1", "2"]


def test_without_hold_nothing_is_limited(limited):
    limited.configure(1, hold="0")
    with limited.serve() as one, limited.serve() as other:
        for server in one, other:
            server.greet().begin("bob@example.test", sender=ALICE)
        check(limited.send())
        for server in one, other:
            assert server.say(b"\r\n", ".").startswith("250 ")
    assert limited.server.most == 3
    assert not limited.slots.exists()


def test_without_a_number_of_the_provider_nothing_is_limited(limited):
    limited.configure(100000)
    serve(limited, ["1"])
    check(limited.send(token="2"))
    assert not limited.slots.exists()


def test_a_limit_that_cannot_be_kept_stops_nothing(limited):
    limited.configure(1)
    limited.slots.parent.mkdir(parents=True)
    limited.slots.write_text("not a directory")
    limited.add("1")
    done = limited.queue.run("-v")
    assert "the number of sessions is not limited: " in done.err
    serve(limited, ["2"])
    check(limited.send(token="3"))
    assert limited.arrived() == list("123")


class LimitedPostfix(Postfix):
    """Postfix that refuses the third session of a client."""

    def _configure(self, *arguments, **how):
        super()._configure(*arguments, **how)
        main = self.directory / "etc/main.cf"
        past = main.stat().st_mtime
        main.write_text(main.read_text() + "smtpd_client_connection_count_limit"
                        " = 2\nsmtpd_client_event_limit_exceptions =\n")
        os.utime(main, (past, past))


@pytest.fixture
def limited_postfix(run_directory, ca, dovecot):
    peer = LimitedPostfix(run_directory / "postfix-limited", ca,
                          dovecot.sasl_socket)
    yield peer
    peer.stop()


def test_postfix_never_refuses_a_session(limited, limited_postfix):
    """Its anvil counts sessions."""
    limited.server.port, port = limited_postfix.port, limited.server.port
    limited.configure(2)
    limited.server.port = port
    tokens = [new_token() for _ in range(20)]
    for token in tokens[:4]:
        limited.add(token)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        run = pool.submit(limited.queue.run, timeout=3 * LIMIT)
        jobs = [pool.submit(serve, limited, [token]) for token in tokens[4:8]]
        jobs += [pool.submit(limited.send,
                             *(OWN if number % 2 else []), token=token)
                 for number, token in enumerate(tokens[8:])]
        for job in jobs:
            job.result()
        run.result()
    for token in tokens:
        limited_postfix.wait_for("bob", token)
    assert len(limited_postfix.messages("bob")) == len(tokens)
    assert "Connection concurrency limit exceeded" not in limited_postfix.log
