# SPDX-License-Identifier: MIT
"""sendmail -bs: an SMTP server on standard input and output."""
import email
import email.policy

import pytest

from callers.mail import HEADER, Mail, body_of, field_of, run_without_input
from callers.smtp_client import Client, Server
from dialogue.submission import SubmissionServer

MESSAGE = HEADER.replace(b"\n", b"\r\n") + b"\r\nbody\r\n"


@pytest.fixture
def server(mail):
    with Server(mail.postrider) as server:
        yield server.greet()


@pytest.fixture
def make_server(postrider):
    """postrider -bs in front of a server with faults or other extensions."""
    running = []

    def make(*arguments, more="", **how):
        upstream = SubmissionServer(tls="none", mechanisms=(), **how)
        upstream.__enter__()
        running.append(upstream)
        Mail(postrider, upstream).configure(more)
        server = Server(postrider, *arguments)
        running.append(server)
        server.upstream = upstream
        return server.greet()
    yield make
    for one in reversed(running):
        one.__exit__(None, None, None)


# ---- the dialogue -----------------------------------------------------------

def test_a_message_is_submitted(mail, server):
    assert server.send(MESSAGE) == "250 2.0.0 queued as 1"
    message = mail.arrived()
    assert message.sender == "me@example.test"
    assert message.to == ["you@example.org"]
    assert body_of(message) == b"body\r\n"
    assert field_of(message, "date") and field_of(message, "message-id")
    assert server.quit() == (0, "")


def test_python_sends_several(mail):
    with Server(mail.postrider) as server:
        client = Client(server)
        for number in range(3):
            message = email.message.EmailMessage(policy=email.policy.SMTP)
            message["From"] = "me@example.test"
            message["To"] = f"user{number}@example.org"
            message["Subject"] = f"Grüße {number}"
            message.set_content(".\n..\n.dot\nnumber %d\n" % number)
            assert client.send_message(message) == {}
        client.quit()
        assert server.process.wait(20) == 0
    for number, message in enumerate(mail.server.messages):
        assert message.to == [f"user{number}@example.org"]
        assert body_of(message) == b".\r\n..\r\n.dot\r\nnumber %d\r\n" % number
    assert len(mail.server.messages) == 3


def test_one_session_serves_the_whole_dialogue(mail, server):
    for number in range(5):
        assert server.send(MESSAGE, f"user{number}@example.org")[:3] == "250"
    server.quit()
    assert len(mail.server.wires) == 1
    assert [line for line in mail.server.commands
            if line.startswith(("EHLO", "RSET"))] == ["EHLO [127.0.0.1]"]


def test_what_is_offered_can_be_honoured(mail):
    with Server(mail.postrider) as server:
        server.reply()
        lines = server.say("EHLO client.example").split("\n")
    assert sorted(line[4:] for line in lines[1:]) == [
        "8BITMIME", "DSN", "ENHANCEDSTATUSCODES", "PIPELINING", "SIZE",
        "SMTPUTF8"]


@pytest.mark.parametrize("commands, expected", [
    (["MAIL FROM:<me@example.test>"], "503 5.5.1"),
    (["HELO x", "MAIL FROM:<me@example.test>"], "250 2.1.0"),
    (["EHLO"], "501 5.5.4"),
    (["EHLO x", "RCPT TO:<a@example.org>"], "503 5.5.1"),
    (["EHLO x", "DATA"], "503 5.5.1"),
    (["EHLO x", "MAIL FROM:<me@example.test>", "DATA"], "503 5.5.1"),
    (["EHLO x", "MAIL FROM:<me@example.test>", "MAIL FROM:<>"], "503 5.5.1"),
    (["EHLO x", "MAIL FROM:<>", "RSET", "RCPT TO:<a@b.test>"], "503 5.5.1"),
    (["EHLO x", "MAIL FROM:<>", "EHLO x", "RCPT TO:<a@b.test>"], "503 5.5.1"),
    (["EHLO x", "MAIL FROM:<>", "RCPT TO:<a@b.test>", "DATA now"],
     "501 5.5.4"),
    (["NOOP", "RSET", "HELP"], "214 2.0.0"),
    (["VRFY someone"], "252 2.5.2"),
    (["VRFY"], "501 5.5.4"),
    (["EXPN list"], "502 5.5.1"),
    (["EHLO x", "STARTTLS"], "502 5.5.1"),
    (["EHLO x", "AUTH PLAIN AGEAYg=="], "502 5.5.1"),
    (["EHLO x", "XCLIENT ADDR=1.2.3.4"], "500 5.5.1"),
    (["GET / HTTP/1.1"], "500 5.5.1"),
    ([""], "500 5.5.1"),
    (["NOOP " + "x" * 5000], "500 5.5.2"),
    ([b"NOOP a\0b\r\n"], "500 5.5.2"),
    ([b"NOOP a\rQUIT\r\n"], "500 5.5.2"),
])
def test_the_order_and_form_of_commands(mail, commands, expected):
    with Server(mail.postrider) as server:
        server.reply()
        replies = [server.say(command) for command in commands]
        assert replies[-1].startswith(expected), replies
        assert all(reply[0] == "2" for reply in replies[:-1]), replies
        assert server.say("NOOP").startswith("250 ")
        assert server.quit() == (0, "")
    assert mail.server.messages == []


@pytest.mark.parametrize("argument, expected", [
    ("FROM:me@example.test", "250 2.1.0"),
    ("from: <me@example.test>", "250 2.1.0"),
    ("FROM:<@a.test,@b.test:me@example.test>", "250 2.1.0"),
    ("FROM:<me@example.test> SIZE=1 BODY=8BITMIME", "250 2.1.0"),
    ("FROM:<me@example.test> AUTH=<>", "250 2.1.0"),
    ('FROM:<"o> d"@example.test> SIZE=7', "250 2.1.0"),
    ("FROM:<me@example.test", "501 5.1.3"),
    ("FROM:<me@example.test>SIZE=1", "501 5.1.3"),
    ("FROM:", "501 5.5.4"),
    ("TO:<me@example.test>", "501 5.5.4"),
    ("", "501 5.5.4"),
    ("FROM:<a@b.test, c@d.test>", "501 5.5.4"),
    ("FROM:<me@example.test> SIZE=x", "501 5.5.4"),
    ("FROM:<me@example.test> SIZE=1 SIZE=2", "501 5.5.4"),
    ("FROM:<me@example.test> BODY=BINARYMIME", "501 5.5.4"),
    ("FROM:<me@example.test> RET=some", "501 5.5.4"),
    ("FROM:<me@example.test> ENVID=a+2", "501 5.5.4"),
    ("FROM:<me@example.test> NOTIFY=NEVER", "555 5.5.4"),
    ("FROM:<me@example.test> HOLDFOR=5", "555 5.5.4"),
])
def test_the_argument_of_mail(server, argument, expected):
    assert server.say(f"MAIL {argument}").startswith(expected)
    assert server.quit() == (0, "")


def test_the_parameters_reach_the_server(mail, server):
    server.say("MAIL FROM:<me@example.test> SIZE=500 RET=HDRS ENVID=id+2B1")
    server.say("RCPT TO:<a@example.org> NOTIFY=SUCCESS,DELAY "
               "ORCPT=rfc822;other@example.org")
    server.say("RCPT TO:<b@example.org> NOTIFY=NEVER")
    server.say("RCPT TO:<c@example.org>")
    server.say("DATA")
    assert server.say(MESSAGE, ".").startswith("250 ")
    message = mail.arrived()
    assert message.sender_parameters == ["SIZE=500", "BODY=8BITMIME",
                                         "RET=HDRS", "ENVID=id+2B1"]
    assert message.recipients == [
        ("a@example.org", ["NOTIFY=SUCCESS,DELAY",
                           "ORCPT=rfc822;other@example.org"]),
        ("b@example.org", ["NOTIFY=NEVER"]), ("c@example.org", [])]


def test_everything_in_one_flight(mail, server):
    server.write("MAIL FROM:<me@example.test>",
                 *(f"RCPT TO:<user{number}@example.org>"
                   for number in range(150)), "DATA")
    replies = [server.reply() for _ in range(152)]
    assert {reply[:3] for reply in replies[:-1]} == {"250"}
    assert replies[-1].startswith("354 ")
    server.write(MESSAGE, ".", "MAIL FROM:<me@example.test>",
                 "RCPT TO:<a@example.org>", "RSET", "QUIT")
    assert [server.reply()[:3] for _ in range(5)] == [
        "250", "250", "250", "250", "221"]
    assert len(mail.arrived().to) == 150


@pytest.mark.parametrize("arguments", [["you@example.org"], ["--json"],
                                       ["--dry-run"]])
def test_what_does_not_go_together_is_a_usage_error(postrider, arguments):
    done = run_without_input(postrider, "-bs", *arguments)
    assert done.returncode == 64
    assert not done.stdout.startswith(b"220")
    assert b"-bs" in done.stderr


# ---- the message ------------------------------------------------------------

def test_dots_are_unstuffed_once(mail, server):
    text = MESSAGE + b"..\r\n...x\r\n..y\r\n .\r\n. \r\nend\r\n"
    assert server.send(text)[:3] == "250"
    assert body_of(mail.arrived()) == (
        b"body\r\n.\r\n..x\r\n.y\r\n .\r\n \r\nend\r\n")


def test_a_bare_line_feed_ends_no_message(mail, server):
    smuggled = (b"\n.\nMAIL FROM:<me@example.test>\nRCPT TO:<x@example.org>\n"
                b"DATA\nFrom: evil@example.org\n\nevil\n.\r\n")
    reply = server.send(MESSAGE + smuggled + b"end\r\n")
    assert reply.startswith("250 ")
    message = mail.arrived()
    assert message.to == ["you@example.org"]
    assert body_of(message).endswith(b"evil\r\n.\r\nend\r\n")
    assert server.quit() == (0, "")


def test_a_person_may_type_line_feeds(mail):
    done = mail.run("-bs", input=b"HELO me\nMAIL FROM:<me@example.test>\n"
                    b"RCPT TO:<you@example.org>\nDATA\n" + HEADER
                    + b"\n..\none\n.\nQUIT\n")
    assert (done.status, done.err) == (0, "")
    assert [line[:3] for line in done.out.split("\r\n")] == [
        "220", "250", "250", "250", "354", "250", "221", ""]
    assert body_of(mail.arrived()) == b".\r\none\r\n"


@pytest.mark.parametrize("sent", [
    b"", b"body", b"body\r\n", b"body\r\n.", b"body\r\n.\r", b"body\n.\n"])
def test_a_message_that_is_cut_is_not_sent(mail, server, sent):
    server.begin()
    server.write(HEADER.replace(b"\n", b"\r\n") + b"\r\n" + sent)
    status, err = server.end()
    assert status == 66
    assert "ended before the message" in err
    assert mail.server.arrived == []
    assert not [line for line in mail.server.commands
                if line.startswith(("DATA", "BDAT"))]


def test_an_end_between_messages_is_no_error(mail, server):
    assert server.send(MESSAGE)[:3] == "250"
    assert server.end() == (0, "")
    mail.arrived()


# ---- what the server says ---------------------------------------------------

def test_the_reply_to_a_recipient_is_passed_on(make_server):
    server = make_server(faults={"rcpt": [
        "550 5.1.1 <a@example.org>: no such user", None,
        "452 4.2.2 mailbox full", "550 unknown"]})
    server.say("MAIL FROM:<me@example.test>")
    assert [server.say(f"RCPT TO:<{name}@example.org>")
            for name in "abcd"] == [
        "550 5.1.1 <a@example.org>: no such user", "250 2.1.5 OK",
        "452 4.2.2 mailbox full", "550 5.0.0 unknown"]
    server.say("DATA")
    assert server.say(MESSAGE, ".") == "250 2.0.0 queued as 1"
    assert server.upstream.messages[0].to == ["b@example.org"]


def test_without_a_recipient_there_is_no_message(make_server):
    server = make_server(faults={"rcpt": ["550 5.1.1 unknown", None]})
    server.say("MAIL FROM:<me@example.test>")
    assert server.say("RCPT TO:<a@example.org>").startswith("550 ")
    assert server.say("DATA").startswith("554 5.5.1")
    assert server.say("RSET").startswith("250 ")
    assert server.send(MESSAGE)[:3] == "250"
    assert len(server.upstream.wires) == 1


def test_a_sender_that_is_refused_is_no_recipient_less(make_server):
    server = make_server(faults={"mail": ["553 5.7.1 not your address",
                                          None]})
    server.say("MAIL FROM:<me@example.test>")
    for name in "ab":
        assert server.say(f"RCPT TO:<{name}@example.org>") == (
            "553 5.7.1 not your address")
    server.say("RSET")
    assert server.send(MESSAGE)[:3] == "250"


@pytest.mark.parametrize("extensions", [
    None, ["PIPELINING", "8BITMIME"], []])
@pytest.mark.parametrize("answer, expected", [
    ("554 5.7.1 this is spam", "554 5.7.1 this is spam"),
    ("451 4.7.0 later", "451 4.7.0 later"),
    ("250 2.6.0 <new@example.org> queued", "250 2.6.0 <new@example.org> queued"),
    ("250 OK id=1", "250 2.0.0 OK id=1"),
])
def test_the_reply_to_the_message_is_passed_on(make_server, extensions, answer,
                                               expected):
    how = {} if extensions is None else {"extensions": extensions}
    server = make_server(faults={"dot": [answer, None]}, **how)
    assert server.send(MESSAGE) == expected
    assert server.send(MESSAGE)[:3] == "250"
    assert server.quit() == (0, "")
    assert len(server.upstream.arrived) == 2
