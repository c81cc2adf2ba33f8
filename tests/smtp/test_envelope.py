# SPDX-License-Identifier: MIT
"""What a server is told, and the message as it stands on the wire."""
import json
import re

import pytest

from callers.mail import field_of

MESSAGE = b"To: bob@example.test\nSubject: hello\n\nbody\n"


def head(message):
    return message.data.partition(b"\r\n\r\n")[0] + b"\r\n"


def body(message):
    return message.data.partition(b"\r\n\r\n")[2]


def test_the_sender_is_told(send, server):
    assert send(server, "-f", "list@example.test",
                  "bob@example.test").status == 0
    (message,) = server.messages
    assert message.sender == "list@example.test"
    assert message.to == ["bob@example.test"]
    assert message.user == "alice"


@pytest.mark.parametrize("sender", ["<>", ""])
def test_the_null_sender_still_has_a_from(send, server, sender):
    assert send(server, "-f", sender, "bob@example.test").status == 0
    (message,) = server.messages
    assert message.sender == ""
    assert re.search(rb"(?m)^From: .*alice@example\.test", head(message))


def test_wishes_about_reports_are_told(send, server):
    result = send(server, "-N", "success,failure", "-R", "hdrs",
                    "-V", "id+1", "bob@example.test")
    assert result.status == 0, result.err
    (message,) = server.messages
    assert "RET=HDRS" in message.sender_parameters
    assert "ENVID=id+2B1" in message.sender_parameters
    (_, parameters), = message.recipients
    assert "NOTIFY=SUCCESS,FAILURE" in parameters


@pytest.mark.parametrize("arguments", [("-N", "sometimes"), ("-R", "some")])
def test_a_wish_that_does_not_exist_is_64(send, server, arguments):
    assert send(server, *arguments, "bob@example.test").status == 64
    assert server.received == b""


def test_wishes_are_dropped_where_nobody_knows_them(send, make_server):
    server = make_server(extensions=["PIPELINING"])
    result = send(server, "-N", "never", "bob@example.test")
    assert (result.status, result.err) == (0, "")
    assert server.messages[0].recipients == [("bob@example.test", [])]


def test_size_and_8bit_are_told(send, server):
    assert send(server, "bob@example.test",
                  message="Subject: x\n\nb\u00fc\n".encode()).status == 0
    (message,) = server.messages
    assert "BODY=8BITMIME" in message.sender_parameters
    (size,) = [word for word in message.sender_parameters
               if word.startswith("SIZE=")]
    assert int(size[5:]) >= len(message.data)


def test_a_size_over_the_limit_is_refused_before_mail(send, make_server):
    server = make_server(extensions=["SIZE 1000"])
    result = send(server, "bob@example.test",
                    message=b"Subject: x\n\n" + b"0123456789\n" * 200)
    assert result.status == 65
    assert not [line for line in server.commands if line.startswith("DATA")]
    assert server.arrived == []


@pytest.mark.parametrize("extensions", [[], ["PIPELINING"], ["CHUNKING"],
                                        ["PIPELINING", "CHUNKING"]],
                         ids=lambda words: "+".join(words) or "nothing")
def test_dots_and_line_ends_on_the_wire(send, make_server, extensions):
    server = make_server(extensions=extensions)
    result = send(server, "-i", "bob@example.test",
                    message=b"Subject: x\n\n.\n..a\rb\r\n\n.\r\n.c")
    assert result.status == 0, result.err
    (message,) = server.messages
    assert body(message) == b".\r\n..a\r\nb\r\n\r\n.\r\n.c\r\n"
    assert message.chunked == ("CHUNKING" in extensions)
    assert not re.search(rb"\r[^\n]|[^\r]\n", message.wire)


def test_what_is_missing_is_added(send, server):
    assert send(server, "-F", "Alice \"A\" Example", "bob@example.test",
                  message=b"Subject: x\n\nbody\n").status == 0
    (message,) = server.messages
    fields = head(message)
    assert fields.startswith(b"Subject: x\r\n")
    for name in (b"From", b"Date", b"Message-ID"):
        assert len(re.findall(rb"(?im)^" + name + b":", fields)) == 1
    assert rb'From: "Alice \"A\" Example" <alice@example.test>' in fields
    assert body(message) == b"body\r\n"


def test_what_is_there_stays(send, server):
    sent = (b"From: x@example.test\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n"
            b"Message-ID: <one@example.test>\r\nTo: bob@example.test\r\n\r\nb")
    assert send(server, "-t", message=sent).status == 0
    assert server.messages[0].data == sent + b"\r\n"


@pytest.mark.parametrize("field", [
    b"Bcc: hidden@example.test",
    b"bcc : hidden@example.test",
    b"BCC:\n\thidden@example.test",
    b"Bcc: a@example.test,\n  hidden@example.test",
    b"Bcc: hidden@example.test\nBcc: a@example.test",
], ids=["plain", "space", "folded", "folded list", "twice"])
def test_bcc_is_used_and_removed(send, server, field):
    result = send(server, "-t", message=MESSAGE.replace(
        b"Subject", field + b"\nSubject"))
    assert result.status == 0, result.err
    (message,) = server.messages
    assert "hidden@example.test" in message.to
    assert b"hidden" not in message.data
    assert b"bcc:" not in message.data.lower().replace(b" ", b"")


def test_resent_fields_replace_the_others(send, server):
    result = send(server, "-t", message=(
        b"Resent-To: new@example.test\nResent-Bcc: hidden@example.test\n"
        + MESSAGE))
    assert result.status == 0, result.err
    (message,) = server.messages
    assert message.to == ["new@example.test", "hidden@example.test"]
    assert b"hidden" not in message.data


RESENT = (b"From: author@example.net\nDate: Thu, 1 Jan 1970 00:00:00 +0000\n"
          b"Message-ID: <one@example.net>\nTo: old@example.test\n"
          b"Cc: other@example.test\nSubject: x\n")


def names(message):
    return [line.split(":")[0] for line in
            message.data.partition(b"\r\n\r\n")[0].decode().split("\r\n")]


@pytest.mark.parametrize("block", [
    "Resent-To: new@example.test\n",
    "Resent-Bcc: new@example.test\n",
    "Resent-From: root\nresent-to: new@example.test\n",
    "RESENT-SENDER: root\nResent-Cc: new@example.test\n"])
def test_a_message_that_is_resent_gets_what_it_lacks(send, server, block):
    """RFC 5322, 3.6.6; the fields of the first sending stay as they are."""
    result = send(server, "-t", message=block.encode() + RESENT + b"\nbody\n")
    assert result.status == 0, result.err
    message, = server.messages
    assert message.to == ["new@example.test"]
    assert message.sender == "alice@example.test"
    found = [name.lower() for name in names(message)]
    assert sorted(set(found)) == sorted(found)
    assert {"resent-from", "resent-date", "resent-message-id"} <= {*found}
    resent = [name.startswith("resent-") for name in found]
    assert resent == sorted(resent, reverse=True), found  # all are first
    assert field_of(message, "resent-from").endswith(b"<alice@example.test>")
    if "resent-sender" in found:
        assert field_of(message, "resent-sender").endswith(
            b"<alice@example.test>")
    assert message.data.endswith(
        RESENT.replace(b"\n", b"\r\n") + b"\r\nbody\r\n")


def test_a_complete_block_stays(send, server):
    """As mutt writes it, before one of another person."""
    blocks = "".join(
        f"Resent-From: {who}@example.test\nResent-Date: Fri, 2 Jan 1970 "
        f"00:00:00 +0000\nResent-Message-ID: <{who}@example.test>\n"
        f"Resent-To: for-{who}@example.test\n" for who in ("alice", "bob"))
    sent = blocks.encode() + RESENT + b"\nbody\n"
    result = send(server, "new@example.test", message=sent)
    assert result.status == 0, result.err
    message, = server.messages
    assert message.to == ["new@example.test"]
    assert message.data == sent.replace(b"\n", b"\r\n")


def test_who_resends_selects_the_account(postrider):
    postrider.configure(
        "account home { host = home.test from = me@home.test }\n"
        "account work { host = work.test from = me@work.test }\n"
        "default-account = home\n")

    def account(block):
        done = postrider.run("--dry-run", "--json", "-t",
                             input=block.encode() + RESENT + b"\nx\n")
        assert done.status == 0, done.err
        answer = json.loads(done.out)
        return answer["account"], answer["sender"]

    to = "Resent-To: you@example.org\n"
    work = account("Resent-From: Me <me@work.test>\n" + to)
    assert work == ("work", "me@work.test")
    assert account(to + "X: y\n") == ("home", "me@home.test")


def test_no_sender_is_added_to_a_resent_message(send, server):
    result = send(server, "--add-sender=yes", "-t",
                  message=b"Resent-To: new@example.test\n" + RESENT + b"\nx\n")
    assert result.status == 0, result.err
    assert "Sender" not in names(server.messages[0])


def test_arguments_are_added_to_the_header_each_once(send, server):
    result = send(server, "-t", "carol@example.test", "bob@EXAMPLE.test",
                    message=MESSAGE)
    assert result.status == 0, result.err
    assert sorted(address.lower() for address in server.messages[0].to) == [
        "bob@example.test", "carol@example.test"]


def test_nobody_to_send_to_is_64(send, server):
    result = send(server, "-t", message=b"Subject: x\n\nbody\n")
    assert result.status == 64
    assert "no recipients" in result.err
    assert server.received == b""


def test_a_nul_in_the_header_sends_nothing(send, server):
    result = send(server, "-t", message=(
        b"To: bob@example.test\n\0Bcc: x@example.test\n\nbody\n"))
    assert result.status == 65
    assert server.messages == []


@pytest.mark.parametrize("text", ["a@example.test\r\nRCPT TO:<x@example.test>",
                                  "a@example.test\nDATA", "<a@b> SIZE=1\r"])
def test_no_argument_brings_a_command(send, server, text):
    assert send(server, text).status == 65
    assert server.received == b""


def test_a_lone_dot_ends_the_message_without_i(send, server):
    assert send(server, "bob@example.test",
                  message=b"Subject: x\n\none\n.\ntwo\n").status == 0
    assert body(server.messages[0]) == b"one\r\n"


def test_as_sendmail(postrider, server, ca):
    postrider.configure(f"""
        host = localhost
        port = {server.port}
        tls-trust-file = "{ca.pem}"
        user = alice
        from = {{ alice@example.test }}
        """)
    result = postrider.run("-oem", "-oi", "-fme@example.test", "--",
                           "-dash@example.test", name="sendmail",
                           input=MESSAGE, env={"POSTRIDER_PASSWORD": "secret"})
    assert (result.status, result.out, result.err) == (0, "", "")
    assert server.messages[0].to == ["-dash@example.test"]
    assert server.messages[0].sender == "me@example.test"


def test_a_dry_run_connects_to_nobody(send, server):
    result = send(server, "--dry-run", "bob@example.test", message=MESSAGE)
    assert result.status == 0, result.err
    assert "bob@example.test" in result.out
    assert "Subject: hello" in result.out
    assert "secret" not in result.out + result.err
    assert server.wires == []
