# SPDX-License-Identifier: MIT
"""sendmail -bs with clients that send too much, or anything."""
import os
import random
import threading

import pytest

from callers.mail import HEADER, body_of
from callers.smtp_client import Server
from dialogue.submission import SubmissionServer
from callers.mail import Mail
from peers.postfix import new_token
from peers.resident import watch

START = HEADER.replace(b"\n", b"\r\n") + b"\r\n"
LINE = b"0123456789abcdef" * 4 + b"\r\n"
RESIDENT_MAX_KB = 12 * 1024


@pytest.fixture
def server(mail):
    with Server(mail.postrider) as server:
        yield server.greet()


def limit(session, line):
    if len(session.recipients) >= 2500:
        return "452 4.5.3 too many recipients"


def test_ten_thousand_recipients_in_batches(postrider):
    """The client sends the rest again, as RFC 5321 4.5.3.1.10 has it."""
    with SubmissionServer(tls="none", mechanisms=(),
                          faults={"rcpt": limit}) as upstream:
        Mail(postrider, upstream)
        with Server(postrider) as server:
            server.greet()
            left = [f"user{number}@example.org" for number in range(10000)]
            while left:
                replies = []

                def read(count=len(left) + 1):
                    replies.extend(server.reply() for _ in range(count))
                reader = threading.Thread(target=read)
                reader.start()
                server.write("MAIL FROM:<me@example.test>",
                             *(f"RCPT TO:<{name}>" for name in left))
                reader.join(60)
                assert set(replies) == {
                    "250 2.1.0 OK", "250 2.1.5 OK",
                    "452 4.5.3 too many recipients"} - (
                        set() if len(left) > 2500
                        else {"452 4.5.3 too many recipients"})
                left = [name for name, reply in zip(left, replies[1:])
                        if reply[:3] != "250"]
                assert server.say("DATA")[:3] == "354"
                assert server.say(START, ".")[:3] == "250"
            assert server.quit() == (0, "")
    assert [len(message.to) for message in upstream.messages] == [2500] * 4
    assert len({name for message in upstream.messages
                for name in message.to}) == 10000
    assert len(upstream.wires) == 1


def test_a_client_that_does_not_read_the_replies_yet(mail, server):
    """Its recipients are read as far as the replies to them have room."""
    writer = threading.Thread(target=server.write, args=[
        "MAIL FROM:<me@example.test>",
        *(f"RCPT TO:<{'x' * 100}{number}@example.org>"
          for number in range(20000)), "RSET", "QUIT"])
    writer.start()
    replies = [server.reply() for _ in range(20003)]
    writer.join(60)
    assert replies[:10001] == ["250 2.1.0 OK"] + ["250 2.1.5 OK"] * 10000
    assert set(replies[10001:-2]) == {"452 4.5.3 too many recipients"}
    assert replies[-2:] == ["250 2.0.0 OK", "221 2.0.0 closing"]


@pytest.mark.parametrize("announced", [False, True])
def test_a_message_that_is_too_large(mail, server, announced):
    size = 64 << 20
    parameter = f" SIZE={size}" if announced else ""
    server.say(f"MAIL FROM:<me@example.test>{parameter}")
    server.say("RCPT TO:<you@example.org>")
    reply = server.say("DATA")
    if not announced:
        assert reply[:3] == "354"
        for _ in range(size // (len(LINE) * 1024)):
            server.write(LINE * 1024)
        reply = server.say(".")
    assert reply.startswith("552 5.3.4 ")
    assert "20971520" in reply
    server.say("RSET")
    assert server.send(START)[:3] == "250"
    assert server.quit() == (0, "")
    assert len(mail.server.arrived) == 1


def test_memory_is_bounded(postrider, ca, postfix_unlimited):
    token = new_token()
    postrider.env.update(POSTRIDER_PASSWORD="secret", ASAN_OPTIONS=os.environ
                         .get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1")
    with Server(postrider, "--host", "localhost", "--port",
                str(postfix_unlimited.port), "--tls-trust-file", ca.pem,
                "--user", "alice", "--from", "alice@example.test") as server:
        def run():
            server.greet().begin("bob@example.test",
                                 sender="alice@example.test")
            server.write(f"Subject: {token}\r\n\r\n".encode())
            for _ in range((256 << 20) // (len(LINE) * 1024)):
                server.write(LINE * 1024)
            assert server.say(".")[:3] == "250"
            assert server.say("QUIT")[:3] == "221"
            server.socket.close()
        client = threading.Thread(target=run)
        client.start()
        resident_kb = watch(server.process)
        client.join(60)
        assert server.process.returncode == 0
    if b"__asan_init" not in postrider.program.read_bytes():
        assert 0 < resident_kb < RESIDENT_MAX_KB


@pytest.mark.parametrize("size, expected", [(1000, "250"), (1 << 20, "451")])
def test_no_room_for_a_large_message(mail, tmp_path, size, expected):
    mail.postrider.env["TMPDIR"] = str(tmp_path / "none")
    with Server(mail.postrider) as server:
        server.greet()
        reply = server.send(START + LINE * (size // len(LINE)))
        assert reply[:3] == expected
        assert (expected == "250") == (len(mail.server.arrived) == 1)
        assert server.send(START)[:3] == "250"


def test_bytes_are_kept(mail, server):
    text = (bytes(byte for byte in range(256) if byte not in b"\r\n")
            + b"\r\n" + b"x" * (1 << 20) + b"\r\n\0\0\r\n")
    assert server.send(START + text)[:3] == "250"
    assert body_of(mail.arrived()) == text


@pytest.mark.parametrize("size", [2100, 70000, 10 << 20])
def test_a_line_that_is_too_long_is_refused_once(mail, server, size):
    writer = threading.Thread(target=server.write,
                              args=[b"NOOP " + b"x" * size, b"\r\n", "NOOP"])
    writer.start()
    assert server.reply() == "500 5.5.2 line too long"
    assert server.reply() == "250 2.0.0 OK"
    writer.join(60)


@pytest.mark.parametrize("seed", range(20))
def test_garbage(mail, seed):
    """Any bytes, among which commands occur."""
    chance = random.Random(seed)
    words = [b"EHLO x\r\n", b"MAIL FROM:<a@b.test>", b"RCPT TO:<c@d.test>",
             b"RCPT TO:<", b"DATA\r\n", b"\r\n.\r\n", b"RSET\r\n", b"\r\n",
             b"\n", b"\0", b" ", b"<", b">", b"SIZE=", b"\xff\xfe", b"NOOP",
             b'"', b"\\", b",", b":;", b"@"]
    sent = b"".join(chance.choice(words) if chance.random() < 0.8
                    else chance.randbytes(chance.randrange(40))
                    for _ in range(2000))
    with Server(mail.postrider) as server:
        server.write(sent)
        status, err = server.end()
    assert status in (0, 66), err
    assert all(b"\r\n.\r\n" not in message.data
               for message in mail.server.arrived)
