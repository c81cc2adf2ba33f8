# SPDX-License-Identifier: MIT
"""Hostile input can't inject commands, neither into SMTP nor into a shell."""
import os
import subprocess

import pytest

from dialogue.submission import SubmissionServer
from callers.mail import (HEADER, MESSAGE, Mail, body_of, field_of,
                           names_of, no_leak_check)

RCPT = "you@example.org"
# Each adds a recipient if it is sent unchanged.
TAILS = ["\r\nRCPT TO:<evil@example.org>", "\nRCPT TO:<evil@example.org>",
         "\rRCPT TO:<evil@example.org>", "\r\n.\r\n", "\x00x", "\x1b[2J",
         "\x7f"]
NO_NUL = [tail for tail in TAILS if "\0" not in tail]


def nothing_evil(mail):
    commands = mail.server.commands
    assert not [line for line in commands if "evil" in line]
    assert mail.server.messages == []


@pytest.mark.parametrize("tail", NO_NUL)
@pytest.mark.parametrize("form", [
    "-f{a}{tail}", "-f<{a}{tail}>", "-f{a}{tail}@x.test", "-r{a}{tail}"])
def test_the_sender_of_the_command_line(mail, tail, form):
    word = form.format(a="a@example.org" if "@" not in form else "a",
                       tail=tail)
    done = mail.run(word, RCPT)
    assert done.status in (64, 65), done.err
    assert "\x1b" not in done.err
    nothing_evil(mail)


@pytest.mark.parametrize("tail", NO_NUL)
@pytest.mark.parametrize("form", [
    "a@example.org{tail}", "<a@example.org{tail}>", '"a{tail}"@example.org',
    "a{tail}@example.org", "A{tail} <a@example.org"])
def test_a_recipient_of_the_command_line(mail, tail, form):
    done = mail.run("-i", form.format(tail=tail))
    assert done.status in (64, 65), done.err
    assert "\x1b" not in done.err
    nothing_evil(mail)


@pytest.mark.parametrize("tail", [b"\x00", b"\x1b[2J", b"\x7f", b"\x08"])
@pytest.mark.parametrize("form", [
    b"To: <a%s@example.org>\n", b"Cc: a@example.org%s\n",
    b"Bcc: \"a%s\"@example.org\n", b"To: a@exa%smple.org\n"])
def test_a_recipient_of_the_header(mail, tail, form):
    done = mail.run("-t", input=b"From: me@example.test\n" + form % tail
                    + b"\nbody\n")
    assert done.status in (64, 65), done.err
    nothing_evil(mail)


@pytest.mark.parametrize("fold", [b"\r\n ", b"\n ", b"\r\n\t", b"\r "])
@pytest.mark.parametrize("form", [
    b'To: "a%sRCPT"@example.org\n', b"To: <a@example.org%sRCPT>\n",
    b"To: a@example.org,%s<RCPT@example.org>\n"])
def test_a_folded_recipient_stays_in_its_line(mail, fold, form):
    done = mail.run("-t", input=b"From: me@example.test\n" + form % fold
                    + b"\nbody\n")
    assert done.status in (0, 65)
    for line in mail.server.commands:
        assert line.partition(" ")[0] in ("EHLO", "MAIL", "RCPT", "BDAT",
                                          "QUIT")


@pytest.mark.parametrize("tail", NO_NUL)
@pytest.mark.parametrize("option", ["-F", "-V", "--user=", "--host=",
                                    "--domain=", "--from=", "--authzid=",
                                    "--full-name=", "--local-recipient=",
                                    "--auth=", "--region=", "--provider="])
def test_the_options(mail, tail, option):
    word = f"{option}a@example.org{tail}"
    done = mail.run(word, "local", input=b"Subject: x\n\nbody\n")
    assert done.status in (64, 65, 78), done.err
    assert done.err.startswith("postrider: ")
    assert done.err.count("\n") <= 2
    assert "\x1b" not in done.err and "\r" not in done.err
    nothing_evil(mail)


@pytest.mark.parametrize("tail", NO_NUL)
@pytest.mark.parametrize("name", ["USER", "HOST", "DOMAIN", "FROM",
                                  "FULL_NAME", "AUTHZID", "LOCAL_RECIPIENT",
                                  "ACCOUNT", "PROVIDER", "LOG_FILE"])
def test_the_environment(mail, tail, name):
    done = mail.run("local", input=b"Subject: x\n\nbody\n",
                    env={f"POSTRIDER_{name}": f"a@example.org{tail}"})
    assert done.status == 78, done.err
    assert done.err.count("\n") <= 2
    assert "\x1b" not in done.err and "\r" not in done.err
    nothing_evil(mail)


@pytest.mark.parametrize("tail", NO_NUL)
def test_the_name_in_the_environment(mail, tail):
    mail.postrider.configure(
        "account a { host = 127.0.0.1 port = %d tls = none "
        "from = me@example.test }" % mail.server.port)
    done = mail.run(RCPT, input=b"Subject: x\n\nbody\n",
                    env={"NAME": f"Me{tail}\nBcc: evil@example.org"})
    assert done.status in (65, 78), done.err
    nothing_evil(mail)


def test_names_of_the_account_in_the_aliases(mail):
    mail.aliases.write_bytes(b"root: a@example.org\rRCPT TO:<evil@x.test>\n")
    done = mail.run("root")
    assert done.status in (65, 78), done.err
    nothing_evil(mail)


def test_a_stray_cr_in_the_header_makes_no_hidden_line(mail):
    message = mail.send("-t", input=b"From: me@example.test\nTo: "
                        b"you@example.org\nSubject: a\rBcc: x@y.test\n\nb\n")
    assert message.to in ([RCPT], [RCPT, "x@y.test"])
    assert b"x@y.test" not in message.data or "bcc" not in names_of(message)
    assert b"\r" not in message.data.replace(b"\r\n", b"")


@pytest.mark.parametrize("end", [
    b"\n.\n", b"\r\n.\r\n", b"\r.\r", b"\n.\r", b"\r.\n", b"\n.\r\n",
    b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\n.\n\r", b"\r\n\0.\r\n"])
@pytest.mark.parametrize("chunking", ["yes", "no"])
@pytest.mark.parametrize("before", [0, 1, 8190, 16381, 65533])
def test_the_body_ends_the_message_nowhere(mail, end, chunking, before):
    text = b"x" * before + end + b"MAIL FROM:<evil@example.org>\r\n"
    message = mail.send("-i", f"--chunking={chunking}", RCPT,
                        input=HEADER + b"\n" + text)
    assert b"MAIL FROM:<evil" in body_of(message)
    assert not [line for line in mail.server.commands if "evil" in line]
    if not message.chunked:
        assert message.wire.count(b"\r\n.\r\n") == 1
    bare = message.wire.replace(b"\r\n", b"")
    assert b"\r" not in bare and b"\n" not in bare


# ---- a shell ----------------------------------------------------------------

EVIL = ["`touch MARK`", "$(touch MARK)", "a;touch MARK;", "a|touch MARK",
        "a&touch MARK&", "a'touch MARK'", "-oQ/tmp", "a\\$(touch MARK)",
        "|touch MARK", "a>MARK"]


def strip_unfit(text):
    """What may stand in a dot-atom; MARK is a file of the test."""
    return text.replace(" ", "${IFS}")


@pytest.mark.parametrize("text", EVIL)
def test_no_address_reaches_a_shell(mail, tmp_path, text):
    mark = tmp_path / "mark"
    quoted = text.replace("MARK", str(mark)).replace("\\", "\\\\").replace(
        '"', '\\"')
    address = f'"{quoted}"@example.org'
    trace = tmp_path / "trace"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", trace, "-e", "trace=execve,execveat",
         *mail.postrider.command("-f", address, "--", address,
                                 strip_unfit(text.replace("MARK", "mark"))
                                 + "@example.org")],
        input=MESSAGE, cwd=tmp_path, capture_output=True, timeout=60,
        env=mail.postrider.environment(no_leak_check()))
    assert done.returncode in (0, 65), done.stderr
    assert trace.read_text().count("execve") == 1
    assert not mark.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home",
                                                                "trace"]


@pytest.mark.parametrize("user", ["$(touch mark)", "a;touch mark", "`id`"])
def test_no_user_reaches_a_shell(mail, tmp_path, user):
    """Not even with credential = command:..., which isn't passed the user."""
    done = mail.run("--tls=starttls", f"--user={user}",
                    "--credential=command:echo secret", RCPT)
    assert done.status != 0
    assert not (mail.postrider.home / "mark").exists()
    assert mail.server.messages == []


def test_words_of_a_careless_caller(mail, tmp_path):
    """CVE-2016-10033: the sender's field of a web form."""
    target = tmp_path / "shell.php"
    for arguments in (["-f", f"a@example.org -X{target}"],
                      ["-fa@example.org", f"-X{target}"],
                      ["-fa@example.org", "-oQ" + str(tmp_path), f"-X{target}"],
                      ["-f", '"a\\" -oQ/tmp/ -X%s b"@example.org' % target]):
        done = mail.run("-t", "-i", *arguments,
                        input=b"To: you@example.org\n\n<?php evil(); ?>\n")
        assert done.status in (0, 64, 65)
        assert not target.exists()
    assert os.listdir(tmp_path) == ["home"]


def test_a_reply_is_printed_as_text(postrider):
    reply = b"550 5.1.1 \x1b[31mred\x07\x9b8-bit \xc3\xbc\r\n"
    with SubmissionServer(tls="none", mechanisms=(),
                          faults={"rcpt": reply}) as server:
        mail = Mail(postrider, server)
        log = postrider.home / "log"
        done = mail.run("-v", f"--log-file={log}", RCPT)
    assert done.status == 67
    for text in (done.err, log.read_text(errors="surrogateescape")):
        assert "red" in text
        assert not set(text) & set("\x1b\x07\x9b\udc9b")


def test_fields_stay_what_they_are(mail):
    message = mail.send("-F", "a: b; c", RCPT, input=b"Subject: x\n\nb\n")
    assert field_of(message, "from") == b'"a: b; c" <me@example.test>'
