# SPDX-License-Identifier: MIT
"""Series and crowds of messages through held sessions, and what providers limit.
"""
import concurrent.futures
import json
import os
import re
import subprocess

import pytest

from callers.held import LIMIT, kill_worker
from dialogue.counting import Counting
from patience import wait_for
from peers.postfix import new_token

CROWD = 100
ALICE = "alice@example.test"
IDENTITY = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "A"), ("EMAIL", ALICE))}
LIMITED = "provider = corp"
CORP = "provider corp {{ title = Corp\n host = localhost\n {} }}\n"


@pytest.fixture
def counting(ca):
    with Counting(ca.server) as server:
        yield server


def crowd(held, count=CROWD):
    """Runs so many at once, and gives their tokens."""
    tokens = [new_token() for _ in range(count)]

    def send(token):
        return held.send(message=b"Subject: %s\n\nbody\n" % token.encode(),
                         timeout=2 * LIMIT)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        for done in pool.map(send, tokens):
            assert (done.status, done.out, done.err) == (0, "", "")
    return tokens


def test_a_crowd_shares_the_sessions(held, counting):
    held.configure(counting.port)
    tokens = crowd(held)
    arrived = [re.search(rb"^Subject: (\S+)", message.data, re.M)[1].decode()
               for message in counting.messages]
    assert sorted(arrived) == sorted(tokens)
    assert 1 <= counting.most <= 2
    assert len(held.holders()) == 1


def test_a_crowd_at_postfix_arrives_once(held, postfix):
    held.configure(postfix.port)
    for token in crowd(held):
        postfix.wait_for("bob", token)
        assert len([text for text in postfix.messages("bob")
                    if token.encode() in text]) == 1


def test_a_provider_names_the_number_of_sessions(held, counting):
    held.configure(counting.port, more=LIMITED)
    provider(held, "sessions = 1")
    crowd(held, 20)
    assert counting.most == 1


def provider(held, fields):
    config = held.postrider.home / ".config/postrider/config"
    config.write_text(CORP.format(fields) + config.read_text())


def test_git_sends_a_series_in_one_session(held, postfix, tmp_path):
    held.configure(postfix.port)
    env = held.postrider.environment({
        **held.env, **IDENTITY, "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": os.environ["PATH"]})

    def git(*arguments):
        done = subprocess.run(["git", "-C", tmp_path, *arguments], env=env,
                              capture_output=True, text=True, timeout=LIMIT)
        assert done.returncode == 0, done.stderr
        return done
    marks = [new_token() for _ in range(5)]
    git("init", "-q")
    for mark in marks:
        (tmp_path / "file").write_text(mark)
        git("add", "file")
        git("commit", "-q", "-m", mark)
    git("send-email", f"--from={ALICE}", "--to=bob@example.test",
        "--confirm=never", "--suppress-cc=all",
        f"--sendmail-cmd={held.postrider.program}", "--root", "HEAD")
    for mark in marks:
        postfix.wait_for("bob", mark)
    assert len(held.workers()) == 1


def test_a_series_keeps_its_thread_where_the_server_renames(held, make_server):
    """As in tests/sendmail/test_threads.py, but each by its own process, and
    all in one session."""
    server = make_server()
    server.fail("dot", [
        f"250 2.0.0 OK <NEW{number}@EUR01.prod.outlook.com> "
        "[Hostname=EUR01.prod.outlook.com]" for number in range(2)])
    held.configure(server.port, more="provider = outlook")
    config = held.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text().replace(
        "user = alice", "user = alice@example.test\n\tauth = plain"))
    server.users["alice@example.test"] = "secret"
    for header in (b"Message-ID: <0@h>\n",
                   b"Message-ID: <1@h>\nIn-Reply-To: <0@h>\n"):
        done = held.send("--json", message=b"From: alice@example.test\n"
                         + header + b"Subject: x\n\nbody\n")
        assert done.status == 0, done.err
    assert json.loads(done.out)["references_rewritten"] == 1
    assert b"In-Reply-To: <NEW0@EUR01.prod.outlook.com>" in (
        server.messages[1].data)
    assert len(server.wires) == 1


# ---- what providers limit -----------------------------------------------------

DMC = "450 MI:DMC too many messages in this connection"


@pytest.mark.parametrize("step", ["mail", "dot"])
@pytest.mark.parametrize("reply", [DMC, "421 4.7.0 too many messages",
                                   "450 4.7.1 too many messages, slow down"])
def test_a_limit_of_a_session_begins_another(held, make_server, step, reply):
    server = make_server()
    held.configure(server.port)
    for number in range(4):
        if number == 2:
            server.fail(step, [reply])
        done = held.send("-v")
        assert done.status == 0, done.err
    assert len(server.messages) == 4
    assert len(server.wires) == 2


def test_without_a_message_before_a_limit_is_an_error(held, make_server):
    """A user who has just begun is told at once."""
    server = make_server(faults={"auth": "454 4.7.0 Too many login attempts"})
    held.configure(server.port)
    done = held.send()
    assert done.status == 75
    assert "Too many login attempts" in done.err


def test_too_many_sign_ins_are_waited_for(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    for wire in server.wires:
        wire.abandon()
    server.fail("auth", ["454 4.7.0 Too many login attempts"])
    done = held.send("-v")
    assert done.status == 0, done.err
    assert "trying again in a new session in " in done.err
    assert len(server.messages) == 2


def test_a_death_while_it_waits_leaves_nothing_open(held, make_server):
    """The server has refused the message: postrider sends it itself."""
    server = make_server(extensions=("SIZE 1000000",))
    held.configure(server.port)
    held.send()
    server.fail("dot", ["421 4.7.0 too many messages"])
    server.fail("auth", [lambda session, line: kill_worker(held)])
    done = held.send("-v")
    assert done.status == 0, done.err
    assert "the process that held the session has ended" in done.err
    assert len(server.messages) == 2


def test_a_wait_ends_by_the_deadline(held, make_server):
    server = make_server()
    held.configure(server.port, more="deadline = 3s")
    held.send()
    for wire in server.wires:
        wire.abandon()
    server.fail("auth", "454 4.7.0 Too many login attempts")
    done = held.send()
    assert done.status == 75
    assert "Too many login attempts" in done.err


def test_a_provider_names_the_messages_of_a_session(held, make_server):
    server = make_server()
    held.configure(server.port, more=LIMITED)
    provider(held, "messages-per-session = 2")
    for _ in range(5):
        assert held.send().status == 0
    assert len(server.messages) == 5
    assert len(server.wires) == 3


def test_a_provider_names_the_messages_of_a_minute(held, make_server):
    server = make_server()
    held.configure(server.port, more=LIMITED + "\ndeadline = 2s")
    provider(held, "messages-per-minute = 2")
    for _ in range(2):
        assert held.send().status == 0
    done = held.send("-v")
    assert "the provider accepts 2 messages a minute" in done.err
    assert done.status == 75
    assert len(server.messages) == 2


def test_a_number_of_a_provider_is_checked(held, make_server):
    held.configure(make_server().port, more=LIMITED)
    provider(held, "sessions = many")
    done = held.send()
    assert done.status == 78
    assert 'sessions: "many" is not a number from 1 to' in done.err


def test_an_idle_session_is_kept_alive(held, make_server):
    """By NOOP after 10 seconds; then the next message still goes through it."""
    server = make_server()
    held.configure(server.port)
    held.send()
    wait_for(lambda: "NOOP" in server.commands)
    assert held.send().status == 0
    assert len(server.wires) == 1
    assert len(server.messages) == 2


def test_a_message_that_cannot_be_sent_now_is_queued(held, make_server):
    """The process that holds sessions says why."""
    server = make_server(faults={"greeting": "421 4.3.2 not now"})
    held.configure(server.port)
    secret = held.postrider.secret_file("secret")
    config = held.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text().replace("env:WORK_PASSWORD",
                                                 f"file:{secret}"))
    done = held.send(env={"POSTRIDER_QUEUE": "on-failure"})
    assert (done.status, done.out, done.err) == (0, "", "")
    held.postrider.run("queue", "stop", env=held.env)
    message, = queued(held)
    assert "not now" in message["recipients"][0]["reason"]


def queued(held):
    listed = json.loads(held.postrider.run("queue", "--json").out)
    return listed["messages"] if isinstance(listed, dict) else listed
