# SPDX-License-Identifier: MIT
"""postrider send, and mailx's letters: what arrives at a server, and what is
refused before one is asked."""
import json
import os
import re
import subprocess

import pytest

from callers.account import alice
from callers.compose import parse
from callers.mail import Mail, names_of
from dialogue.submission import SubmissionServer
from peers.postfix import new_token

RCPT = "you@example.org"
SENDMAIL = "sendmail"


def read(arrived):
    return parse(arrived.data.replace(b"\r\n", b"\n"))


def test_a_message_from_a_shell_line(mail):
    arrived = mail.send("send", "--to", RCPT, "--subject", "Größe",
                        input="Hallo Jürg\n".encode())
    assert (arrived.sender, arrived.to) == ("me@example.test", [RCPT])
    message = read(arrived)
    assert message["From"] == "Me <me@example.test>"
    assert (message["To"], message["Subject"]) == (RCPT, "Größe")
    assert message["Date"] and message["Message-ID"].endswith("@example.test>")
    assert message.get_content() == "Hallo Jürg\n"


def test_every_kind_of_recipient(mail):
    arrived = mail.send(
        "send", "one@example.org", "--to", "Two <two@example.org>, three@b.test",
        "--cc", "four@example.org", "--bcc", "five@example.org,six@b.test",
        "--reply-to", "answers@example.org", "--body", "x", "seven@example.org")
    assert arrived.to == [
        "one@example.org", "two@example.org", "three@b.test",
        "four@example.org", "five@example.org", "six@b.test",
        "seven@example.org"]
    message = read(arrived)
    assert message["To"] == ("one@example.org, Two <two@example.org>, "
                             "three@b.test, seven@example.org")
    assert message["Cc"] == "four@example.org"
    assert message["Reply-To"] == "answers@example.org"
    assert b"five" not in arrived.data and b"six" not in arrived.data


def test_hidden_recipients_alone(mail):
    arrived = mail.send("send", "--bcc", RCPT, "--body", "x")
    assert arrived.to == [RCPT]
    assert not {"to", "cc", "bcc"} & set(names_of(arrived))


def test_an_attachment(mail):
    path = mail.postrider.home / "report.txt"
    path.write_bytes(b"one\r\ntwo\n.\n")
    message = read(mail.send("send", RCPT, "-A", "report.txt", "-s", "Report",
                             input=b""))
    [part] = message.iter_attachments()
    assert part.get_payload(decode=True) == path.read_bytes()
    assert part.get_filename() == "report.txt"


def test_the_account_is_chosen_as_ever(mail):
    mail.postrider.configure("\n".join(
        f"account {name} {{ host = 127.0.0.1  port = {mail.server.port}\n"
        f"tls = none  from = {name}@example.test }}"
        for name in ("one", "two")))
    message = read(mail.send("send", "-a", "two", RCPT, "--body", "x"))
    assert "two@example.test" in message["From"]
    arrived = mail.run("send", RCPT, "--body", "x", "--header",
                       "From: One <one@example.test>")
    assert arrived.status == 0, arrived.err
    assert mail.arrived(2).sender == "one@example.test"


def test_json(mail):
    done = mail.run("send", "--json", RCPT, "--body", "x")
    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out)["status"] == "accepted"


def test_an_error_in_json(mail):
    done = mail.run("send", "--json", RCPT, "--attach", "missing")
    error = json.loads(done.out)["error"]
    assert error["message"] == "missing: No such file or directory"
    assert (done.status, error["code"]) == (66, "input")


def test_the_envelope_is_set_as_ever(mail):
    arrived = mail.send("send", RCPT, "-f", "bounces@example.test", "-N",
                        "failure", "-R", "hdrs", "-V", "id", "--body", "x")
    assert arrived.sender == "bounces@example.test"
    assert {"RET=HDRS", "ENVID=id"} <= set(arrived.sender_parameters)
    assert arrived.recipients == [(RCPT, ["NOTIFY=FAILURE"])]
    assert read(arrived)["From"] == "Me <me@example.test>"


def test_it_is_tried_again_and_logged(postrider):
    with SubmissionServer(tls="none", mechanisms=(),
                          faults={"dot": [b"451 later\r\n"]}) as server:
        mail = Mail(postrider, server)
        log = postrider.home / "log"
        done = mail.run("send", RCPT, "--body", "x", "--retries", "1",
                        "--retry-delay", "10ms", "--log-file", log)
        assert (done.status, done.err) == (0, "")
        mail.arrived()
    assert RCPT in log.read_text()
    assert "451" in log.read_text()


# ---- --dry-run --------------------------------------------------------------

def test_a_dry_run_prints_the_message_alone(mail):
    done = mail.run("send", "--dry-run", RCPT, "--bcc", "eve@example.org",
                    "-s", "Größe", input=b"text\n")
    assert done.status == 0
    message = parse(done.out.encode())
    assert (message["Subject"], message.get_content()) == ("Größe", "text\n")
    assert message["From"] and message["Message-ID"]
    assert "eve" not in done.out
    assert re.search(r"^recipient  <eve@example.org>$", done.err, re.M)
    assert mail.server.commands == []


# ---- what is refused --------------------------------------------------------

@pytest.mark.parametrize("status,arguments,message", [
    (64, [], "no recipients"),
    (64, ["--cc", ""], '--cc "": no address'),
    (65, ["--to", "a b"], '--to "a b": missing comma between two words'),
    (65, ["--to", "a@example.org\nBcc: eve@example.org"], "--to "),
    (65, [RCPT, "--subject", "a\nBcc: eve@example.org"],
     '--subject "a Bcc: eve@example.org": contains a line end'),
    (64, [RCPT, "--header", "Content-Type: text/html"],
     "--header Content-Type: postrider makes this field"),
    (66, [RCPT, "--attach", "missing"], "missing: No such file or directory"),
    (66, [RCPT, "--attach", "/etc"], "/etc: is a directory"),
    (64, [RCPT, "-t"], "send: -t is an option of sending a message only"),
    (64, [RCPT, "--device"], "send: --device is an option of postrider login"),
    (64, [RCPT, "--subjct", "x"], "--subjct: no such option"),
])
def test_what_is_refused(mail, status, arguments, message):
    assert message in mail.refuse(status, "send", *arguments)


def test_an_empty_text(mail):
    output = mail.refuse(64, "send", RCPT, input=b"")
    assert output == ("postrider: standard input has no message\n"
                      "hint: pass the text on standard input, or with --body\n")
    assert mail.send("send", RCPT, "--body", "").data.endswith(b"\r\n\r\n")


def test_a_text_that_is_not_utf8(mail):
    output = mail.refuse(65, "send", RCPT, input=b"Gr\xfc\xdfe\n")
    assert "standard input: not UTF-8 text" in output
    assert "iconv" in output


@pytest.mark.parametrize("arguments,message", [
    (["-A", "missing"], "missing: No such file or directory"),
    (["-A", "/etc"], "hint: make one file of it"),
    (["-a", "nowhere"], "no account \"nowhere\""),
    (["--to", "a b"], "missing comma"),
])
@pytest.mark.parametrize("verb", [["send"], ["-s", "x"]])
def test_a_person_learns_it_before_typing(mail, verb, arguments, message):
    status, shown = mail.postrider.at_terminal(
        [*verb, *arguments, RCPT] if verb[0] == "send" or arguments[0] != "--to"
        else [*verb, arguments[1]])
    assert status in (64, 65, 66, 78)
    assert message in shown and "Ctrl-D" not in shown


def test_a_person_types_the_text(mail):
    status, shown = mail.postrider.at_terminal(
        ["send", RCPT, "-s", "x"], [("Ctrl-D", "Größe\n\x04")])
    assert status == 0, shown
    assert read(mail.arrived()).get_content().startswith("Größe")


def test_an_option_of_send_without_it(mail):
    output = mail.refuse(64, "--subject", "x", RCPT)
    assert output == ("postrider: --subject is an option of postrider send\n"
                      "hint: run postrider help send for details\n")


def test_no_program_to_write_the_message(mail, tmp_path):
    output = mail.refuse(71, "send", RCPT,
                         env={"POSTRIDER_EXEC_PATH": tmp_path})
    assert f"{tmp_path}/postrider-compose: No such file or directory" in output
    assert "hint: install postrider-compose" in output


@pytest.mark.parametrize("script,status,message", [
    ("exit 3", 71, "postrider-compose ended with exit status 3"),
    ("kill -9 $$", 71, "postrider-compose was ended by signal 9"),
    ("printf 'To: x\\n\\nhalf'; exit 74", 74,
     "postrider-compose ended with exit status 74"),
])
def test_a_program_that_fails(mail, tmp_path, script, status, message):
    """Half of a message is never sent."""
    path = tmp_path / "postrider-compose"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    assert message in mail.refuse(status, "send", RCPT,
                                  env={"POSTRIDER_EXEC_PATH": tmp_path})


def test_the_program_gets_no_password(mail, tmp_path):
    path = tmp_path / "postrider-compose"
    path.write_text(f"#!/bin/sh\nenv >{tmp_path}/env\n"
                    "printf '%s\\n' \"$@\" >{0}/words\n"
                    "printf 'Subject: x\\n\\nx\\n'\n".format(tmp_path))
    path.chmod(0o755)
    mail.send("send", RCPT, "--bcc", "eve@example.org", "--body", "x", env={
        "POSTRIDER_EXEC_PATH": tmp_path, "POSTRIDER_PASSWORD": "secret"})
    assert "secret" not in (tmp_path / "env").read_text()
    assert "eve" not in (tmp_path / "words").read_text()


# ---- mailx's letters --------------------------------------------------------

def test_the_habit_of_mailx(mail):
    (mail.postrider.home / "file").write_bytes(b"content\n")
    arrived = mail.send("-s", "a subject", "-A", "file", RCPT, "b@example.org",
                        input=b"text\n")
    assert arrived.to == [RCPT, "b@example.org"]
    message = read(arrived)
    assert message["Subject"] == "a subject"
    assert message["To"] == f"{RCPT}, b@example.org"
    body, part = message.iter_parts()
    assert body.get_content() == "text\n"
    assert part.get_payload(decode=True) == b"content\n"


def test_a_dot_is_text(mail):
    message = read(mail.send("-s", "x", RCPT, input=b"one\n.\ntwo\n"))
    assert message.get_content() == "one\n.\ntwo\n"


def test_recipients_of_the_header_are_no_habit_of_mailx(mail):
    assert "-t cannot be used with -s and -A" in mail.refuse(64, "-t", "-s", "x")


def test_sendmail_never_composes(mail):
    trace = mail.postrider.home / "trace"
    assert "-s: not supported" in mail.refuse(64, "-s", "x", RCPT,
                                              name=SENDMAIL)
    assert "-s: not supported" in mail.refuse(64, "-sx", RCPT, name=SENDMAIL)
    arrived = mail.send("-A/etc/passwd", "-Ac", "-A", RCPT, name=SENDMAIL)
    assert arrived.data.count(b"\r\n\r\n") == 1
    assert b"MIME" not in arrived.data
    subprocess.run(
        ["strace", "-f", "-o", trace, "-e", "trace=execve",
         *mail.postrider.command("-Am", RCPT, name=SENDMAIL)], check=True,
        input=b"Subject: x\n\nx\n", timeout=60,
        env=mail.postrider.environment({"ASAN_OPTIONS": "detect_leaks=0"}))
    assert "postrider-compose" not in trace.read_text()


def test_send_is_a_local_user_for_sendmail(mail):
    assert mail.send("send", name=SENDMAIL).to == ["send@example.test"]


# ---- a real server ----------------------------------------------------------

@pytest.fixture
def account(postrider, postfix, ca):
    """An account at Postfix; alice, with her password."""
    postrider.configure(alice(
        ca, postfix.port, f"file:{postrider.secret_file('secret')}"))
    return postrider


def test_postfix_takes_it(account, postfix):
    token, name = new_token(), "Größe 日本.bin"
    content = os.urandom(100_000)
    (account.home / name).write_bytes(content)
    (account.home / "page.html").write_text("<!DOCTYPE html><p>Größe " * 200)
    done = account.run(
        "send", "Jürg Ünal <bob@example.test>", "-s", f"Größe 日本 {token}",
        "--header", f"X-Token: {token}", "--html", "page.html", "-A", name,
        "--body", "From here\n.\nžluťoučký kůň\n-- \nme")
    assert (done.status, done.out, done.err) == (0, "", "")
    message = parse(postfix.wait_for("bob", token))
    assert message["Subject"] == f"Größe 日本 {token}"
    assert message["To"].addresses[0].display_name == "Jürg Ünal"
    both, part = message.iter_parts()
    text, html = both.iter_parts()
    assert text.get_content().splitlines() == [
        " From here", ".", "žluťoučký kůň", "-- ", "me"]
    assert html.get_content().startswith("<!DOCTYPE html><p>Größe ")
    assert part.get_filename() == name
    assert part.get_payload(decode=True) == content


def test_a_hidden_recipient_at_postfix(account, postfix):
    token = new_token()
    done = account.run("send", "bob@example.test", "--bcc",
                       "carol@example.test", "-s", token, "--body", "x")
    assert done.status == 0, done.err
    for user in ("bob", "other"):
        assert b"\nTo: bob@example.test\n" in postfix.wait_for(user, token)
        assert b"bcc" not in postfix.wait_for(user, token).lower()
