# SPDX-License-Identifier: MIT
"""Header fields that are removed or added; the rest stays unchanged."""
import email.utils
import re

import pytest

from callers.mail import (HEADER, body_of, field_of, fields_of, header_of,
                           names_of)

RCPT = "you@example.org"
SECRET = b"hidden@example.org"


# ---- removed ----------------------------------------------------------------

@pytest.mark.parametrize("field", [
    b"Bcc: hidden@example.org\n",
    b"BCC:hidden@example.org\n",
    b"bcc : hidden@example.org\n",
    b"Bcc:\n hidden@example.org\n",
    b"Bcc: a@x.test,\n\thidden@example.org,\n b@x.test\n",
    b"Bcc: a@x.test\r\n ,hidden@example.org\r\n",
    b"Bcc: hidden@example.org\nBcc: a@x.test\n",
    b"Resent-Bcc: hidden@example.org\n",
    b"Resent-BCC:\n hidden@example.org\n",
    b"Bcc:\r\n\thidden@example.org\r\n",
    b"Bcc: a@x.test\r hidden@example.org\r",
    b"Bcc: friends: hidden@example.org;\n",
    b"X: y\rBcc: hidden@example.org\n",
    b"\0X: y\nBcc: hidden@example.org\n",
])
@pytest.mark.parametrize("t", [False, True])
def test_bcc_never_leaves(mail, field, t):
    text = b"From: me@example.test\nTo: you@example.org\n" + field + (
        b"Subject: x\n\nbody\n")
    done = mail.run(*(["-t"] if t else [RCPT]), input=text)
    # Ambiguous fields may be refused, but are never passed on.
    if done.status:
        assert done.status == 65
        assert mail.server.messages == []
        return
    message = mail.arrived()
    header = header_of(message)
    assert SECRET not in message.data
    assert b"bcc:" not in header.lower().replace(b" ", b"")
    if t and b"Resent" not in field:
        assert SECRET.decode() in message.to
    assert field_of(message, "subject") == b"x"
    assert body_of(message) == b"body\r\n"


def test_what_begins_with_nul_hides_no_bcc(mail):
    """The recipients found and the fields removed are the same set."""
    text = (b"From: me@example.test\nTo: you@example.org\n\0: z\n"
            b"Bcc: hidden@example.org\n\nbody\n")
    done = mail.run("-t", input=text)
    if done.status == 0:
        message = mail.arrived()
        assert SECRET not in message.data
        assert SECRET.decode() in message.to
    else:
        assert done.status == 65


def test_bcc_in_the_body_is_text(mail):
    text = HEADER + b"\nBcc: hidden@example.org\n"
    message = mail.send("-t", input=text)
    assert message.to == [RCPT]
    assert body_of(message) == b"Bcc: hidden@example.org\r\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("t", [False, True])
@pytest.mark.parametrize("field", [b"Bcc: ", b"bcc : ", b"To: ", b"CC:",
                                   b"Resent-Bcc: "])
@pytest.mark.parametrize("lines, line", [
    (b"Subject: x\nnot a field\n", 2),
    (b"From me Thu Jan  1 00:00:00 2026\nSubject: x\n y\nnot a field\nX: y\n",
     4),
    (b"not a field\n", 1)])
def test_a_recipient_field_after_a_faulty_line_is_refused(
        mail, lines, line, field, t, end):
    """It would become part of the body: all recipients could read the Bcc, and
    those in it would get no copy."""
    text = lines + field + SECRET + b"\n\nbody\n"
    output = mail.refuse(65, *(["-t"] if t else []), RCPT,
                         input=text.replace(b"\n", end))
    assert f"line {line} " in output and "field" in output
    assert "put an empty line before it" in output


@pytest.mark.parametrize("text", [
    b"Subject: x\nThe body begins.\nIt ends.\n",
    b"Subject: x\nThe body begins.\n\nTo: be, or not to be.\n"])
def test_a_body_may_follow_without_an_empty_line(mail, text):
    message = mail.send(RCPT, input=text)
    assert field_of(message, "subject") == b"x"
    assert body_of(message) == text.partition(b"\n")[2].replace(
        b"\n", b"\r\n")


def test_return_path_and_content_length_are_removed(mail):
    message = mail.send(RCPT, input=b"Return-Path: <x@y.test>\n"
                        b"content-length:\n 12\n" + HEADER + b"\nbody\n")
    assert names_of(message)[:3] == ["from", "to", "subject"]
    assert b"x@y.test" not in message.data


def test_nothing_is_invented_when_bcc_was_all(mail):
    message = mail.send("-t", input=b"From: me@example.test\nSubject: x\n"
                        b"Bcc: hidden@example.org\n\nbody\n")
    assert message.to == ["hidden@example.org"]
    assert sorted(names_of(message)) == ["date", "from", "message-id",
                                         "subject"]


@pytest.mark.parametrize("line", [
    b"From me@example.test Thu Jan  1 00:00:00 2026\n",
    b">From me@example.test Thu Jan  1 00:00:00 2026\n",
    b"From me@example.test Thu Jan  1 00:00:00 2026\r\n"])
def test_the_line_of_an_mbox_is_removed(mail, line):
    message = mail.send(RCPT, input=line + HEADER + b"\nbody\n")
    assert header_of(message).startswith(b"From: me@example.test\r\n")
    assert b"Jan" not in header_of(message).partition(b"Date:")[0]


# ---- added ------------------------------------------------------------------

@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("rest", [b"\nbody\n", b"\n", b""])
def test_what_is_missing_is_added(mail, end, rest):
    text = (b"To: you@example.org\nSubject: x\n" + rest).replace(b"\n", end)
    message = mail.send("-t", input=text)
    assert sorted(names_of(message)) == ["date", "from", "message-id",
                                         "subject", "to"]
    assert field_of(message, "from") == b"Me <me@example.test>"
    assert re.fullmatch(rb"<[^<>@\s]+@example\.test>",
                        field_of(message, "message-id"))
    date = email.utils.parsedate_to_datetime(
        field_of(message, "date").decode())
    assert date.utcoffset() is not None
    assert body_of(message) == rest[1:].replace(b"\n", b"\r\n")


def test_two_message_ids_differ(mail):
    ids = {field_of(mail.send(RCPT, input=b"Subject: x\n\nx\n"),
                    "message-id") for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.parametrize("text", [
    b"no header at all\nsecond line\n",
    b"\nonly a body\n",
    b" begins with a space\n",
])
def test_a_message_without_a_header_is_all_body(mail, text):
    message = mail.send(RCPT, input=text)
    assert sorted(names_of(message)) == ["date", "from", "message-id"]
    assert body_of(message) == text.lstrip(b"\n").replace(b"\n", b"\r\n")


def test_an_empty_input_sends_the_header_alone(mail):
    message = mail.send(RCPT, input=b"", name="sendmail")
    assert sorted(names_of(message)) == ["date", "from", "message-id"]
    assert body_of(message) == b""


# ---- left alone -------------------------------------------------------------

@pytest.mark.parametrize("name, text", [
    ("LF", b"From: me@example.test\nTo: you@example.org\nX: a\n\none\ntwo\n"),
    ("CRLF", b"From: me@example.test\r\nTo: you@example.org\r\nX: a\r\n\r\n"
             b"one\r\ntwo\r\n"),
    ("as PHP mixes", b"From: me@example.test\nTo: you@example.org\r\n"
                     b"X: a\n\none\ntwo\r\n"),
    ("mixed at the empty line", b"From: me@example.test\r\n"
                                b"To: you@example.org\nX: a\r\n\none\n"
                                b"two\n"),
    ("CR", b"From: me@example.test\rTo: you@example.org\rX: a\r\r"
           b"one\rtwo\r"),
    ("no last line end", b"From: me@example.test\nTo: you@example.org\n"
                         b"X: a\n\none\ntwo"),
])
def test_line_ends_of_all_kinds_are_read(mail, name, text):
    message = mail.send("-t", input=text)
    assert message.to == [RCPT]
    assert names_of(message)[:3] == ["from", "to", "x"]
    assert body_of(message) == b"one\r\ntwo\r\n"
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", message.data)


def test_8_bit_bytes_pass_unchanged(mail):
    latin = b"Subject: J\xfcrgen\n"
    utf = "X-Name: Jürgen ж 😀\n".encode()
    body = bytes(range(128, 256)) + b"\n"
    message = mail.send(RCPT, input=b"From: me@example.test\n" + latin + utf
                        + b"\n" + body)
    assert field_of(message, "subject") == b"J\xfcrgen"
    assert field_of(message, "x-name") == "Jürgen ж 😀".encode()
    assert body_of(message) == body[:-1] + b"\r\n"
    assert "BODY=8BITMIME" in message.sender_parameters


def test_nul_and_long_lines_pass_unchanged(mail):
    body = b"a\0b\n" + b"x" * 5000 + b"\n\x1b[31m\x07\n"
    message = mail.send(RCPT, input=HEADER + b"\n" + body)
    assert body_of(message) == body.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("chunking", ["yes", "no"])
def test_dots_arrive_as_they_were_written(mail, chunking):
    body = b"".join(b"." * count + b"\n" for count in range(5)) + b".x\n"
    message = mail.send("-i", f"--chunking={chunking}", RCPT,
                        input=HEADER + b"\n" + body)
    assert message.chunked == (chunking == "yes")
    assert body_of(message) == body.replace(b"\n", b"\r\n")


def test_the_order_and_folding_of_fields_stay(mail):
    header = (b"Received: from a\n\tby b;\n  now\nFrom: me@example.test\n"
              b"X-One:  two  spaces \nSubject: a\n b\nTo: you@example.org\n"
              b"Date: Thu, 1 Jan 2026 00:00:00 +0000\n"
              b"Message-ID: <1@example.test>\n")
    message = mail.send("-t", input=header + b"\nbody\n")
    assert header_of(message) == header.replace(b"\n", b"\r\n")


def test_a_large_message_arrives_whole(mail):
    body = b"".join(b"%08d %s\n" % (i, b"x" * 60) for i in range(70000))
    message = mail.send(RCPT, input=HEADER + b"\n" + body, timeout=60)
    assert body_of(message) == body.replace(b"\n", b"\r\n")


# ---- addresses --------------------------------------------------------------

@pytest.mark.parametrize("to, recipients", [
    (b"undisclosed-recipients:;, a@x.test", ["a@x.test"]),
    (b"Friends: a@x.test, B <b@x.test>;, c@x.test",
     ["a@x.test", "b@x.test", "c@x.test"]),
    (b'"Doe, Jane" <a@x.test>', ["a@x.test"]),
    (b"Jane (with, a comment (nested)) <a@x.test>", ["a@x.test"]),
    (b"a@x.test (A), (B) b@x.test", ["a@x.test", "b@x.test"]),
    (b"A <a@x.test>,\n\tB <b@x.test>,\r\n C\n <c@x.test>",
     ["a@x.test", "b@x.test", "c@x.test"]),
    (b"=?utf-8?q?J=C3=BCrgen=2C_x?= <a@x.test>", ["a@x.test"]),
    (b'"odd local"@x.test', ['"odd local"@x.test']),
    (b'"a@b"@x.test, "plain"@x.test', ['"a@b"@x.test', "plain@x.test"]),
    (b"a@x.test,,b@x.test,", ["a@x.test", "b@x.test"]),
    (b"<@relay.test:a@x.test>", ["a@x.test"]),
    ("Jürgen Groß <a@x.test>".encode(), ["a@x.test"]),
    (b"J\xfcrgen <a@x.test>", ["a@x.test"]),
    ("a@bücher.example".encode(), ["a@xn--bcher-kva.example"]),
    (b"Jane Q. Public <a@x.test>", ["a@x.test"]),
    (b"a@[192.0.2.1]", ["a@[192.0.2.1]"]),
])
def test_every_form_of_an_address_list_is_read(mail, to, recipients):
    message = mail.send("-t", input=b"From: me@example.test\nTo: " + to
                        + b"\n\nbody\n")
    assert sorted(message.to) == sorted(recipients)


def test_a_local_part_outside_ascii_asks_for_smtputf8(mail):
    message = mail.send("jürgen@example.org")
    assert message.to == ["jürgen@example.org"]
    assert "SMTPUTF8" in message.sender_parameters


def test_two_fields_of_a_kind_both_count(mail):
    message = mail.send("-t", input=b"From: me@example.test\nTo: a@x.test\n"
                        b"To: b@x.test\n\nbody\n")
    assert message.to == ["a@x.test", "b@x.test"]
    assert [value for name, value in fields_of(message) if name == "to"] == [
        b"a@x.test", b"b@x.test"]


@pytest.mark.parametrize("to", [b"a@x.test, @@@", b"a@x.test, \"open",
                                b"a b c", b"<a@x.test"])
def test_t_refuses_what_it_can_not_read(mail, to):
    done = mail.run("-t", input=b"From: me@example.test\nTo: " + to
                    + b"\n\nbody\n")
    assert done.status == 65
    assert "To" in done.err
    assert mail.server.messages == []


# ---- local recipients -------------------------------------------------------

ALIASES = """\
# a comment
root: alice, "Ops Team" <ops@example.org>
alice: alice@example.net
  , second@example.net
postmaster: root
loop: pool
pool: loop
pipe: "|/bin/sh -c 'touch %s'"
file: /var/mail/x
include: :include:/etc/passwd
"""


def test_a_local_recipient_goes_by_the_aliases(mail):
    mail.aliases.write_text(ALIASES)
    message = mail.send("postmaster", "ROOT", "alice")
    assert sorted(message.to) == ["alice@example.net", "ops@example.org",
                                  "second@example.net"]


@pytest.mark.parametrize("name", ["pipe", "file", "include"])
def test_an_alias_runs_and_writes_nothing(mail, name, tmp_path):
    mark = tmp_path / "mark"
    mail.aliases.write_text(ALIASES % mark)
    done = mail.run(name)
    assert done.status in (65, 78), done.err
    assert str(mail.aliases) in done.err
    assert not mark.exists()
    assert mail.server.messages == []


def test_aliases_in_a_circle_end(mail):
    mail.aliases.write_text(ALIASES)
    done = mail.run("loop", timeout=10)
    assert done.status in (65, 78, 64), done.err
    assert mail.server.messages == []


def test_no_alias_goes_to_the_local_recipient_else_the_own_domain(mail):
    mail.aliases.write_text(ALIASES)
    assert mail.send("www-data").to == ["www-data@example.test"]
    mail.configure("\tlocal-recipient = me@example.net\n")
    assert mail.send("www-data", "x@y.test").to == ["me@example.net",
                                                    "x@y.test"]
    assert "ops@example.org" in mail.send("root").to


def test_local_names_in_the_header_go_the_same_way(mail):
    mail.aliases.write_text(ALIASES)
    message = mail.send("-t", input=b"From: root (Cron Daemon)\n"
                        b"To: alice\nSubject: x\n\nbody\n")
    assert message.to == ["alice@example.net", "second@example.net"]
    assert message.sender == "me@example.test"


# ---- the sender -------------------------------------------------------------

@pytest.mark.parametrize("header", [
    b"From: me@example.test", b"From: other@elsewhere.test", b"From: root",
    b"Subject: none"])
def test_the_envelope_sender_is_the_accounts(mail, header):
    message = mail.send(RCPT, input=header + b"\n\nbody\n")
    assert message.sender == "me@example.test"


def test_an_address_of_the_account_sends_as_itself(mail):
    mail.postrider.configure(
        "account a { host = 127.0.0.1 port = %d tls = none from = "
        '{ me@example.test, team@example.test, "*@own.test" } }'
        % mail.server.port)
    for address in ("team@example.test", "any@own.test"):
        message = mail.send(RCPT, input=b"From: %s\n\nx\n"
                            % address.encode())
        assert message.sender == address
