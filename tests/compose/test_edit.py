# SPDX-License-Identifier: MIT
"""postrider send --edit: the draft, the editor, and what becomes of both."""
import re
import shlex
import stat

import pytest

from callers.compose import parse

RCPT = "you@example.org"
EDITED = ("To: Jürg <you@example.org>\nCc: carol@example.org\n"
          "Bcc: eve@example.org\nSubject: Größe\n und mehr\nX-Job: 17\n\n"
          "Hallo\n.\n")


@pytest.fixture
def editor(mail):
    """editor(text) gives the environment with an editor that writes it."""
    def environment(text, ends="", option=""):
        (mail.postrider.home / "text").write_text(text)
        script = mail.postrider.home / "my editor"
        script.write_text(f"#!/bin/sh\ncd {shlex.quote(str(script.parent))}\n"
                          "for path; do :; done\necho \"$#\" >count\n"
                          "cp -p \"$path\" before\n"
                          f"cat text >\"$path\"\n{ends}\n")
        script.chmod(0o755)
        return {"VISUAL": f"{shlex.quote(str(script))} {option}"}
    return environment


def drafts(mail):
    directory = mail.postrider.home / ".local/state/postrider/drafts"
    return sorted(directory.glob("*")) if directory.exists() else []


def test_what_is_edited_is_sent(mail, editor):
    arrived = mail.send("send", "--edit", "--to", "nobody@example.org",
                        "--body", "first words", env=editor(EDITED))
    assert arrived.to == [RCPT, "carol@example.org", "eve@example.org"]
    message = parse(arrived.data.replace(b"\r\n", b"\n"))
    assert message["To"] == "Jürg <you@example.org>"
    assert (message["Subject"], message["X-Job"]) == ("Größe und mehr", "17")
    assert message.get_content() == "Hallo\n.\n"
    assert b"eve" not in arrived.data
    assert drafts(mail) == []
    draft = mail.postrider.home / "before"
    assert draft.read_text() == ("To: nobody@example.org\nCc: \nSubject: \n\n"
                                 "first words\n")
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600


def test_an_editor_has_options(mail, editor):
    mail.send("send", "--edit", env=editor(EDITED, option="--wait '-x y'"))
    assert (mail.postrider.home / "count").read_text() == "3\n"


def test_EDITOR_is_the_second_choice(mail, editor):
    command = editor(EDITED)["VISUAL"]
    mail.send("send", "--edit", env={"EDITOR": command, "VISUAL": ""})


def test_files_go_with_it(mail, editor):
    (mail.postrider.home / "file").write_bytes(b"content\n")
    arrived = mail.send("send", "--edit", "-A", "file",
                        env=editor(f"To: {RCPT}\n\n"))
    [part] = parse(arrived.data.replace(b"\r\n", b"\n")).iter_attachments()
    assert part.get_payload(decode=True) == b"content\n"


@pytest.mark.parametrize("text,message", [
    ("To: \nCc: \nSubject: \n\n", "the draft was not changed"),
    ("", "the draft is empty"), (" \n\n", "the draft is empty")])
def test_nothing_to_send(mail, editor, text, message):
    assert message in mail.refuse(64, "send", "--edit", env=editor(text))
    assert drafts(mail) == []


@pytest.mark.parametrize("status,text,message", [
    (64, f"To: {RCPT}\nSubject: x\n\n \n", "the draft has no text"),
    (64, "To:\nSubject: x\n\ntext\n", "no recipients"),
    (65, "To: a b\n\ntext\n", "missing comma"),
    (64, f"To: {RCPT}\nContent-Type: text/html\n\ntext\n",
     "--header Content-Type: postrider makes this field"),
])
def test_a_draft_that_cannot_be_sent_is_kept(mail, editor, status, text,
                                             message):
    done = mail.run("send", "--edit", env=editor(text))
    assert (done.status, mail.server.messages) == (status, [])
    assert message in done.err
    [draft] = drafts(mail)
    assert f"postrider send --draft {draft}" in done.err
    assert draft.read_text() == text
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600
    assert stat.S_IMODE(draft.parent.stat().st_mode) == 0o700


def test_a_draft_that_a_server_refuses_is_kept(mail, editor):
    done = mail.run("send", "--edit", env={**editor(EDITED),
                                           "POSTRIDER_PORT": "1"})
    assert done.status == 75
    [draft] = drafts(mail)
    assert draft.read_text() == EDITED
    assert f"postrider send --draft {draft}" in done.err


def test_a_draft_that_was_kept_is_sent(mail, editor):
    """By the command that the hint says."""
    env = editor(EDITED)
    done = mail.run("send", "--edit", env={**env, "POSTRIDER_PORT": "1"})
    command = re.search(r"postrider (send --draft .*)", done.err)[1].split()
    arrived = mail.send(*command, env={"VISUAL": "true"})
    assert parse(arrived.data.replace(b"\r\n", b"\n"))["X-Job"] == "17"
    assert drafts(mail) == []


@pytest.mark.parametrize("arguments,message", [
    (["--to", RCPT], "--to cannot be used with --draft"),
    ([], "no file in"),
])
def test_what_is_no_draft(mail, arguments, message):
    path = mail.postrider.home / "message.eml"
    path.write_text(EDITED)
    assert message in mail.refuse(64, "send", "--draft", path, *arguments,
                                  env={"VISUAL": "true"})
    assert path.read_text() == EDITED


def test_a_draft_that_is_gone(mail):
    folder = mail.postrider.home / ".local/state/postrider/drafts"
    folder.mkdir(parents=True)
    done = mail.run("send", "--draft", folder / "gone.eml",
                    env={"VISUAL": "true"})
    assert done.status == 66
    assert "gone.eml: No such file or directory" in done.err
    assert "--draft" not in done.err


def test_a_dry_run_keeps_it(mail, editor):
    done = mail.run("send", "--edit", "--dry-run", env=editor(EDITED))
    assert done.status == 0
    assert parse(done.out.encode())["X-Job"] == "17"
    assert len(drafts(mail)) == 1


@pytest.mark.parametrize("ends,message", [
    ("exit 3", "ended with exit status 3"),
    ("kill -9 $$", "was ended by signal 9")])
def test_an_editor_that_fails(mail, editor, ends, message):
    done = mail.run("send", "--edit", env=editor(EDITED, ends=ends))
    assert (done.status, mail.server.messages) == (71, [])
    assert message in done.err
    [draft] = drafts(mail)
    assert draft.read_text() == EDITED
    assert f"hint: edit it again with: postrider send --draft {draft}" in done.err


def test_an_editor_that_is_missing(mail):
    done = mail.run("send", "--edit", env={"VISUAL": "no-such-editor"})
    assert done.status == 71
    assert "hint: set VISUAL or EDITOR to an editor" in done.err
    assert drafts(mail) == []


def test_vi_needs_a_terminal(mail):
    output = mail.refuse(64, "send", "--edit", env={"VISUAL": None,
                                                    "EDITOR": None})
    assert "there is no terminal for the editor vi" in output
    assert drafts(mail) == []


def test_a_missing_file_is_named_before_the_editor_opens(mail, editor):
    output = mail.refuse(66, "send", "--edit", "-A", "missing",
                         env=editor(EDITED))
    assert "missing: No such file or directory" in output
    assert not (mail.postrider.home / "before").exists()


def test_the_editor_gets_no_password(mail, editor):
    mail.send("send", "--edit", env={
        **editor(EDITED, ends="env >environment"),
        "POSTRIDER_PASSWORD": "secret"})
    assert "secret" not in (mail.postrider.home / "environment").read_text()


def test_the_editor_has_the_terminal(mail):
    """Ctrl-C in the editor does not end postrider."""
    script = mail.postrider.home / "editor"
    script.write_text("#!/bin/sh\ntrap 'echo interrupted' INT\n"
                      "echo ready; read line\nread line\n"
                      f"printf 'To: {RCPT}\\n\\n%s\\n' \"$line\" >\"$1\"\n")
    script.chmod(0o755)
    status, output = mail.postrider.at_terminal(
        ["send", "--edit"], [("ready", "\x03"), ("interrupted", "typed")],
        env={"VISUAL": script})
    assert status == 0, output
    assert mail.arrived().data.endswith(b"\r\n\r\ntyped\r\n")
