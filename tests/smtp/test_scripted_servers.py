# SPDX-License-Identifier: MIT
"""The scripted servers themselves, seen by a client that is known good."""
import smtplib
import socket
import ssl

import pytest

from dialogue import faults
from dialogue.server import DialogueServer, parse
from dialogue.submission import SubmissionServer
from patience import wait_for

MESSAGE = b"Subject: hello\r\n\r\n.a dot\r\n..two\r\nb\xc3\xbc\r\n"


def client_context(ca):
    return ssl.create_default_context(cafile=ca.pem)


def signed_in(server, ca):
    client = smtplib.SMTP("localhost", server.port, timeout=10)
    client.starttls(context=client_context(ca))
    client.login("alice", "secret")
    return client


def test_keeps_a_message_as_it_was(ca):
    with SubmissionServer(ca.server) as server:
        with signed_in(server, ca) as client:
            client.sendmail("a@example.test", ["b@example.test"], MESSAGE,
                            mail_options=["BODY=8BITMIME"])
    (message,) = server.messages
    assert message.data == MESSAGE
    assert message.to == ["b@example.test"]
    assert "BODY=8BITMIME" in message.sender_parameters
    assert message.user == "alice"
    assert b"AUTH" not in server.received_clear
    assert b"AUTH" in server.received


def test_takes_chunks(ca):
    with SubmissionServer(ca.server) as server:
        with signed_in(server, ca) as client:
            client.mail("a@example.test")
            client.rcpt("b@example.test")
            client.send(b"BDAT 9\r\nSubject: BDAT 7 LAST\r\ntwo\r\n\r\n")
            assert client.getreply()[0] == 250
            assert client.getreply()[0] == 250
    assert server.messages[0].data == b"Subject: two\r\n\r\n"
    assert server.messages[0].chunked


def test_refuses_a_wrong_password(ca):
    with SubmissionServer(ca.server) as server:
        client = smtplib.SMTP("localhost", server.port, timeout=10)
        client.starttls(context=client_context(ca))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("alice", "wrong")
        client.close()


def test_refuses_to_sign_in_in_the_clear(ca):
    with SubmissionServer(ca.server) as server:
        with smtplib.SMTP("localhost", server.port, timeout=10) as client:
            assert client.docmd("AUTH", "PLAIN")[0] == 538


def test_a_fault_takes_the_place_of_one_reply(ca):
    with SubmissionServer(ca.server, faults={"mail": ["451 4.3.0 later"]}) \
            as server:
        with signed_in(server, ca) as client:
            assert client.mail("a@example.test")[0] == 451
            assert client.mail("a@example.test")[0] == 250


@pytest.mark.parametrize("fault", [faults.reset, faults.close,
                                   faults.bad_record,
                                   faults.cut_record("250 ok")])
def test_a_fault_may_end_the_connection(ca, fault):
    with SubmissionServer(ca.server, faults={"mail": fault}) as server:
        client = signed_in(server, ca)
        with pytest.raises((smtplib.SMTPException, OSError)):
            client.mail("a@example.test")
        client.close()


def test_plays_a_dialogue_and_sees_what_comes(ca):
    with DialogueServer("""
            S: 220 ready
            C: EHLO *
            S: 250-mail.example.test
            S: 250 STARTTLS
            C: STARTTLS
            S: 220 go
            ! tls
            C: NOOP
            S: 250 inside""", leaf=ca.server) as server:
        client = smtplib.SMTP("localhost", server.port, timeout=10)
        client.starttls(context=client_context(ca))
        assert client.noop() == (250, b"inside")
        client.close()
    assert bytes(server.wires[0].inside) == b"noop\r\n"


def test_complains_of_a_client_that_says_something_else():
    with pytest.raises(AssertionError, match="'HELO x'"):
        with DialogueServer("S: 220 ready\nC: EHLO *") as server:
            with socket.create_connection(("127.0.0.1", server.port)) as peer:
                peer.sendall(b"HELO x\r\n")
                wait_for(lambda: server.failures)


def test_lines_in_a_row_are_one_segment():
    assert parse(r"""
        S: 220 go
        S- 250 injected\x00
        C: *""") == [("send", b"220 go\r\n250 injected\0"), ("expect", "*")]


def test_splits_and_floods():
    with DialogueServer("! split\nS: 220 ready\n! flood 3 250-x\\r\\n\n"
                        ) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as peer:
            data = b""
            while piece := peer.recv(100):
                data += piece
    assert data == b"220 ready\r\n" + 3 * b"250-x\r\n"


def test_refuses_a_step_that_does_not_exist():
    with pytest.raises(ValueError):
        parse("! explode")
