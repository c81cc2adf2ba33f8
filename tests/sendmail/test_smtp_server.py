# SPDX-License-Identifier: MIT
"""sendmail -bs: an SMTP server on standard input and output."""
import contextlib
import email
import email.policy
import signal
import threading

import pytest

from callers import log
from callers.mail import HEADER, Mail, body_of, field_of, run_without_input
from callers.smtp_client import Client, Server
from dialogue import faults
from dialogue.submission import SubmissionServer

MESSAGE = HEADER.replace(b"\n", b"\r\n") + b"\r\nbody\r\n"


@pytest.fixture
def server(mail):
    with Server(mail.postrider) as server:
        yield server.greet()


@pytest.fixture
def make_server(postrider):
    """postrider -bs in front of a server with faults or other extensions."""
    with contextlib.ExitStack() as running:
        def make(*arguments, more="", **how):
            upstream = running.enter_context(
                SubmissionServer(tls="none", mechanisms=(), **how))
            Mail(postrider, upstream).configure(more)
            server = running.enter_context(Server(postrider, *arguments))
            server.upstream = upstream
            return server.greet()

        yield make


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
    ("FROM:<a@b.test, c@d.test>", "553 5.1.7"),
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


@pytest.mark.parametrize("faults_of", [
    {"rcpt": "550 5.1.1 unknown"}, {"mail": "550 5.7.1 no"}])
def test_a_message_after_a_refused_data_is_no_commands(make_server, faults_of):
    server = make_server(faults=faults_of)
    server.write("MAIL FROM:<me@example.test>", "RCPT TO:<a@example.org>",
                 "DATA", MESSAGE, "RSET", "MAIL FROM:<evil@example.test>",
                 ".", "QUIT")
    assert [server.reply()[:3] for _ in range(4)] == [
        "250", "550", "554", "421"]
    status, err = server.end()
    assert status == 66 and "DATA was refused" in err
    assert not any("evil" in line for line in server.upstream.commands)


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


# ---- sessions that end ------------------------------------------------------

def close_later(session, line):
    """Accepts, then closes, as a server that was idle too long does."""
    session.say("250 2.0.0 queued as 1")
    session.server.messages.append(session.server.arrived[-1])
    session.wire.goodbye()


def test_a_session_that_ended_between_messages_is_replaced(make_server):
    server = make_server(faults={"dot": [close_later, None]})
    for number in (1, 2):
        assert server.send(MESSAGE) == f"250 2.0.0 queued as {number}"
    assert server.quit() == (0, "")
    assert len(server.upstream.wires) == 2
    assert len(server.upstream.messages) == 2


def close_at_once(session, line):
    """As close_later, but postrider has both when it answers its client."""
    session.server.messages.append(session.server.arrived[-1])
    session.wire.goodbye(b"250 2.0.0 queued as 1\r\n")


@pytest.fixture
def make_server_with_new_password(postrider, ca):
    """A server whose password changes when the given fault comes."""
    with contextlib.ExitStack() as stack:
        def make(step, replies, fault, **how):
            path = postrider.secret_file("secret", "password")
            users = {"alice": "secret"}

            def change(session, line):
                users["alice"] = "another"
                postrider.secret_file("another", "password")
                return fault(session, line)
            upstream = stack.enter_context(SubmissionServer(
                ca.server, users=users, **how,
                faults={step: [*[None] * replies, change, None]}))
            postrider.configure(
                "account a { host = localhost port = %d user = alice "
                "tls-trust-file = \"%s\" from = me@example.test "
                "credential = \"file:%s\" }" % (upstream.port, ca.pem, path))
            server = stack.enter_context(Server(postrider)).greet()
            server.upstream = upstream
            return server
        yield make


@pytest.mark.parametrize("step, replies, fault, how", [
    ("dot", 0, close_at_once, {}),
    ("mail", 1, faults.close, {"extensions": ["8BITMIME"]})])
def test_a_new_session_has_a_new_credential(make_server_with_new_password,
                                            step, replies, fault, how):
    """A dialogue may last longer than an access token."""
    server = make_server_with_new_password(step, replies, fault, **how)
    for _ in range(2):
        assert server.send(MESSAGE)[:3] == "250"
    assert server.quit() == (0, "")
    assert len(server.upstream.messages) == 2


def test_a_credential_that_changed_during_a_transaction_is_fetched_again(
        make_server_with_new_password):
    """The client has been told that the sender is accepted."""
    server = make_server_with_new_password("mail", 1, faults.close)
    assert server.send(MESSAGE)[:3] == "250"
    assert server.say("MAIL FROM:<me@example.test>").startswith("250 ")
    reply = server.say("RCPT TO:<you@example.org>")
    assert reply.startswith("451-") and "535" in reply
    assert "fetched again for the next message" in reply
    assert server.say("RSET").startswith("250 ")
    assert server.send(MESSAGE)[:3] == "250"
    assert server.quit() == (0, "")
    assert len(server.upstream.messages) == 2


@pytest.mark.parametrize("extensions", [None, ["8BITMIME"]])
@pytest.mark.parametrize("step, fault", [
    ("mail", faults.close), ("mail", faults.reset),
    ("mail", "421 4.7.0 too many messages"),
    ("rcpt", faults.close), ("rcpt", "421 4.3.2 going down"),
    ("data", faults.close), ("data", "421 4.3.2 going down"),
    ("dot", "421 4.3.2 going down")])
def test_a_session_that_ends_before_the_message_is_replaced(
        make_server, step, fault, extensions):
    if step == "data":
        extensions = ["PIPELINING"]
    how = {} if extensions is None else {"extensions": extensions}
    server = make_server(faults={step: [None, fault]}, **how)
    for number in (1, 2):
        assert server.send(MESSAGE)[:3] == "250"
    assert server.quit() == (0, "")
    assert len(server.upstream.messages) == 2
    assert len(server.upstream.wires) == 2


def test_a_message_is_not_sent_if_a_recipient_is_now_refused(make_server):
    server = make_server(extensions=["PIPELINING"], faults={
        "data": [faults.close, None],
        "rcpt": [None, None, None, "550 5.1.1 unknown"]})
    server.begin("a@example.org", "b@example.org")
    reply = server.say(MESSAGE, ".")
    assert reply.startswith("451 4.4.1 ")
    assert "<b@example.org>" in reply
    assert server.upstream.arrived == []


def test_a_session_is_replaced_once(make_server):
    server = make_server(faults={"rcpt": faults.close})
    server.say("MAIL FROM:<me@example.test>")
    for name in "ab":
        reply = server.say(f"RCPT TO:<{name}@example.org>")
        assert reply.startswith("451-4.4.1 ") and "closed" in reply
    assert server.say("DATA").startswith("554 5.5.1")
    assert len(server.upstream.wires) == 2


@pytest.mark.parametrize("extensions", [None, ["PIPELINING"]])
@pytest.mark.parametrize("fault", [faults.close, faults.reset, b"hello\r\n"])
def test_a_lost_reply_to_the_message_is_permanent(make_server, fault,
                                                  extensions, postrider):
    how = {} if extensions is None else {"extensions": extensions}
    server = make_server(faults={"dot": [fault, None]}, **how)
    message = MESSAGE.replace(b"Subject", b"Message-ID: <1@a.test>\r\nSubject")
    reply = server.send(message)
    assert reply.startswith("554-5.4.2 ")
    assert "may have accepted it" in reply
    assert "<1@a.test>" in reply
    assert len(server.upstream.arrived) == 1
    # The next one is not affected.
    assert server.send(MESSAGE)[:3] == "250"
    assert server.quit() == (0, "")
    assert len(server.upstream.arrived) == 2


def test_a_server_that_can_not_be_reached(make_server):
    server = make_server(more="port = 1")
    reply = server.say("MAIL FROM:<me@example.test>")
    assert reply.startswith("451-4.4.1 127.0.0.1 port 1: Connection refused")
    assert server.say("RCPT TO:<a@example.org>").startswith("503 5.5.1")
    assert server.quit() == (0, "")


def test_the_log_has_a_line_for_each_message(make_server, tmp_path):
    log = tmp_path / "log"
    server = make_server(more=f'log-file = "{log}"', faults={
        "rcpt": [None, "550 5.1.1 unknown"], "dot": [None, "554 5.7.1 spam"]})
    server.say("MAIL FROM:<me@example.test>")
    server.say("RCPT TO:<a@example.org>")
    server.say("RCPT TO:<b@example.org>")
    server.say("DATA")
    assert server.say(MESSAGE, ".")[:3] == "250"
    assert server.send(MESSAGE)[:3] == "554"
    server.quit()
    first, second = log.read_text().splitlines()
    assert "recipients=a@example.org refused=b@example.org" in first
    assert "status=failed" in second and "5.7.1 spam" in second


def test_the_log_shows_that_a_session_was_kept(make_server, tmp_path):
    server = make_server(more=f'log-file = "{tmp_path}/log"')
    for number in range(2):
        assert server.send(MESSAGE)[:3] == "250"
    assert server.quit() == (0, "")
    first, second = log.entries((tmp_path / "log").read_text())
    assert [name for name in first if name.endswith("-ms")] == [
        f"{step}-ms" for step in ("name", "connect", "greeting", "ehlo",
                                  "mail", "rcpt", "message")]
    assert [name for name in second if name.endswith("-ms")] == [
        "mail-ms", "rcpt-ms", "message-ms"]
    # SYN, greeting, EHLO before the recipient's reply and the message.
    assert (first["round-trips"], second["round-trips"]) == ("5", "2")


def test_the_log_has_messages_that_were_not_sent(make_server, tmp_path):
    log = tmp_path / "log"
    server = make_server(
        more=f'log-file = "{log}"', extensions=["PIPELINING", "SIZE 100"],
        faults={"rcpt": ["550 5.1.1 unknown", None],
                "mail": [None, None, faults.close, faults.close]})
    server.say("MAIL FROM:<me@example.test>")
    server.say("RCPT TO:<a@example.org>")
    server.say("RSET")
    assert server.send(MESSAGE)[:3] == "552"
    server.say("MAIL FROM:<me@example.test>")
    assert server.say("RCPT TO:<a@example.org>")[:3] == "451"
    server.say("RSET")
    # What the client gives up is its own affair.
    server.begin()
    server.end()
    first, second, third = log.read_text().splitlines()
    assert "refused=a@example.org status=failed exit=67" in first
    assert "status=failed exit=65" in second and "100 bytes" in second
    assert "refused=a@example.org status=failed exit=75" in third


def test_the_log_has_servers_that_were_not_reached(make_server, tmp_path):
    log = tmp_path / "log"
    server = make_server(more=f'log-file = "{log}"\nport = 1')
    assert server.say("MAIL FROM:<me@example.test>")[:3] == "451"
    server.quit()
    (line,) = log.read_text().splitlines()
    assert "sender=me@example.test" in line
    assert "status=failed exit=75" in line and "refused" in line


# ---- accounts ---------------------------------------------------------------

ACCOUNTS = """\
account one { host = 127.0.0.1 port = %d tls = none from = me@one.test }
account two { host = 127.0.0.1 port = %d tls = none from = me@two.test }
account default { host = 127.0.0.1 port = %d tls = none from = me@three.test }
"""


@pytest.fixture
def three(postrider):
    with (SubmissionServer(tls="none", mechanisms=()) as one,
          SubmissionServer(tls="none", mechanisms=()) as two,
          SubmissionServer(tls="none", mechanisms=()) as default):
        servers = [one, two, default]
        postrider.configure(ACCOUNTS % tuple(one.port for one in servers))
        yield servers


@pytest.mark.parametrize("arguments, sender, chosen, sent", [
    ([], "me@one.test", 0, "me@one.test"),
    ([], "me@two.test", 1, "me@two.test"),
    ([], "x@y.test", 2, "x@y.test"), ([], "", 2, ""),
    ([], "root", 2, "me@three.test"),
    (["-a", "two"], "me@one.test", 1, "me@one.test"),
    (["-f", "me@two.test"], "me@one.test", 1, "me@two.test")])
def test_the_account_is_that_of_the_sender(postrider, three, arguments, sender,
                                           chosen, sent):
    with Server(postrider, *arguments) as server:
        assert server.greet().send(MESSAGE, sender=sender)[:3] == "250"
        server.quit()
    assert [len(server.messages) for server in three] == [
        number == chosen for number in range(3)]
    assert three[chosen].messages[0].sender == sent


def test_each_message_has_its_account(postrider, three):
    with Server(postrider) as server:
        server.greet()
        for sender in ("me@one.test", "me@one.test", "me@two.test",
                       "me@one.test"):
            assert server.send(MESSAGE, sender=sender)[:3] == "250"
        assert server.quit() == (0, "")
    assert [len(server.messages) for server in three] == [3, 1, 0]
    assert [len(server.wires) for server in three] == [2, 1, 0]


def test_accounts_may_change_in_one_flight(postrider, three):
    with Server(postrider) as server:
        server.greet()
        server.write("MAIL FROM:<me@one.test>", "RCPT TO:<a@example.org>",
                     "RSET", "MAIL FROM:<me@two.test>",
                     "RCPT TO:<b@example.org>", "RCPT TO:<c@example.org>",
                     "DATA")
        assert [server.reply()[:3] for _ in range(7)] == [
            "250", "250", "250", "250", "250", "250", "354"]
        assert server.say(MESSAGE, ".")[:3] == "250"
        assert server.quit() == (0, "")
    assert [len(server.messages) for server in three] == [0, 1, 0]


def test_a_sender_without_an_account(postrider, three):
    postrider.configure((ACCOUNTS % tuple(one.port for one in three)).replace(
        "default", "three"))
    with Server(postrider) as server:
        server.greet()
        for _ in range(2):
            reply = server.say("MAIL FROM:<x@unknown.invalid>")
            assert reply.startswith(("554-5.3.5 ", "451-4.4.1 ")), reply
        assert server.send(MESSAGE, sender="me@two.test")[:3] == "250"
        server.quit()


# ---- signals ----------------------------------------------------------------

@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT,
                                    signal.SIGHUP])
def test_a_signal_ends_an_idle_dialogue(mail, server, number):
    assert server.send(MESSAGE)[:3] == "250"
    server.process.send_signal(number)
    assert server.process.wait(20) == -number
    assert server.reply() == ""


def test_a_signal_waits_for_the_message(make_server):
    waiting, go_on = threading.Event(), threading.Event()

    def wait(session, line):
        waiting.set()
        go_on.wait(20)
    server = make_server(faults={"dot": wait})
    server.begin()
    server.write(MESSAGE, ".")
    waiting.wait(20)
    server.process.send_signal(signal.SIGTERM)
    reply = server.reply()
    go_on.set()
    assert reply.startswith(("250", "554-5.4.2"))
    assert server.process.wait(20) == -signal.SIGTERM


# ---- local recipients -------------------------------------------------------

def test_aliases_are_resolved(make_server, postrider):
    (postrider.home / "aliases").write_text("root: a@example.org, me\n"
                                            "me: b@example.org\n")
    server = make_server()
    assert server.send(MESSAGE, "root", "a@example.org", "bob")[:3] == "250"
    assert server.upstream.messages[0].to == [
        "a@example.org", "b@example.org", "bob@example.test"]


def test_an_alias_that_is_refused_in_part_stops_the_message(make_server,
                                                            postrider):
    """To refuse it and send to the rest would be a lie, whoever retries."""
    (postrider.home / "aliases").write_text("root: a@example.org, "
                                            "b@example.org\n")
    server = make_server(faults={"rcpt": faults.for_recipient(
        "b@example.org", "550 5.1.1 unknown")})
    server.say("MAIL FROM:<me@example.test>")
    assert server.say("RCPT TO:<c@example.org>")[:3] == "250"
    assert server.say("RCPT TO:<root>") == "550 5.1.1 unknown"
    reply = server.say("DATA")
    assert reply.startswith("550") and "b@example.org" in reply
    server.say("RSET")
    assert server.send(MESSAGE, "c@example.org")[:3] == "250"
    assert [message.to for message in server.upstream.arrived] == [
        ["c@example.org"]]


@pytest.mark.parametrize("recipient, expected", [
    ("<a@b@c>", "553"), ("<a@b.test, c@d.test>", "553"),
    ("<jürgen@example.org>", "553"), ("<|/bin/sh>", "250"), ("<>", "553"),
    ("<broken>", "554")])
def test_an_address_that_is_invalid(make_server, postrider, recipient,
                                    expected):
    (postrider.home / "aliases").write_text("broken: |/bin/program\n")
    server = make_server()
    server.say("MAIL FROM:<me@example.test>")
    assert server.say(f"RCPT TO:{recipient}")[:3] == expected
    assert server.say("RCPT TO:<you@example.org>")[:3] == "250"


def test_smtputf8(make_server):
    server = make_server()
    server.say("MAIL FROM:<me@example.test> SMTPUTF8")
    assert server.say("RCPT TO:<jürgen@bücher.example>")[:3] == "250"
    server.say("DATA")
    assert server.say(MESSAGE, ".")[:3] == "250"
    message = server.upstream.messages[0]
    assert message.to == ["jürgen@bücher.example"]
    assert "SMTPUTF8" in message.sender_parameters


def test_a_server_without_smtputf8(make_server):
    server = make_server(extensions=["PIPELINING"])
    server.say("MAIL FROM:<me@example.test> SMTPUTF8")
    assert server.say("RCPT TO:<jürgen@example.org>").startswith("554 5.6.7")
    assert server.say("RCPT TO:<you@example.org>")[:3] == "250"
    server.say("DATA")
    assert server.say(MESSAGE, ".")[:3] == "250"


# ---- the same as other messages ---------------------------------------------

COMPLETE = (b"From: me@example.test\r\nDate: Fri, 20 Nov 2026 20:00:00 +0000\r\n"
            b"Message-ID: <1@example.test>\r\n")


@pytest.mark.parametrize("message", [
    COMPLETE + b"\r\n",
    COMPLETE,
    COMPLETE + b"\r\nno line end",
    COMPLETE + b"Bcc: hidden@example.org,\r\n\ttwo@example.org\r\n\r\nx\r\n",
    b"From me Fri Nov 20 20:00:00 2026\r\n" + COMPLETE + b"\r\nFrom x\r\n",
    COMPLETE + b"\r\n.\r\n..\r\n...\r\n.x\r\n \r\n\r\n\r\n",
    COMPLETE + b"\r\none\rtwo\nthree\r\r\nfour\n\n.\nfive\r\n",
    COMPLETE + b"Subject: \xc3\xa4\r\n\r\n\xff\xfe\0\x80\r\n",
    COMPLETE + b"no header\r\n\r\nall is text\r\n",
    COMPLETE + b"Return-Path: <x@y.test>\r\nContent-Length: 3\r\n\r\nx\r\n",
    COMPLETE + b"To: a@example.org,\r\n b@example.org\r\n\r\n"
    + b"y" * 5000 + b"\r\n",
], ids=range(11))
def test_a_message_arrives_as_from_standard_input(mail, server, message):
    other = mail.send("-i", "you@example.org", input=message)
    end = b"" if message.endswith(b"\r\n") else b"\r\n"
    stuffed = message.replace(b"\r\n.", b"\r\n..") + end
    assert server.send(stuffed)[:3] == "250"
    assert mail.arrived(2).data == other.data
