# SPDX-License-Identifier: MIT
"""Invalid configurations: exit status 78, with file and line."""
import os
import socket

import pytest

from dialogue.submission import SubmissionServer
from callers.mail import ACCOUNT, MESSAGE

RCPT = "you@example.org"


@pytest.fixture
def path(mail):
    return mail.postrider.home / ".config/postrider/config"


def good(mail):
    return ACCOUNT.format(port=mail.server.port, aliases="/none", more="")


@pytest.mark.parametrize("text, line, message", [
    ("hots = x\n", 1, "hots"),
    ("\n\naccount a {\n\thots = x\n}\n", 4, "hots"),
    ("account a {\n\thost = x\n", 0, ""),
    ("account a { host = x }\naccount a { host = y }\n", 2, "a"),
    ("port = 0\n", 1, "port"),
    ("port = 65536\n", 1, "port"),
    ("port = many\n", 1, "port"),
    ("timeout = 5parsecs\n", 1, "timeout"),
    ("tls = maybe\n", 1, "tls"),
    ("user = me\n}\n", 2, ""),
    ("account a { from = nobody }\n", 1, "from"),
    ("account a {\n\thost = \"a\0b\"\n}\n", 2, "control character"),
    ("account a {\n\thost = \"a\x1bb\"\n}\n", 2, "control character"),
    ("timeout = \"${HOME}\"\n", 1, "${"),
    ("account a { host = 'open\n}\n", 1, "quote"),
    ("/* open\n", 1, "comment"),
    ("account a { host = -x }\n", 1, "host"),
    ("account a { credential = \"guess:me\" }\n", 1, "credential"),
    ("default-account = nobody\naccount a { host = x }\n", 1, "nobody"),
    ("include \"config\"\n", 1, "include"),
    ("x" * 1000000 + "\n", 1, ""),
    ("user = \"" + "x" * 1000000 + "\"\n", 1, ""),
    ("# " + "x" * (1 << 20) + "\n", 0, "longer than"),
    ("account a { host = x " + "{" * 5000 + "\n", 1, ""),
])
def test_an_error_has_file_and_line(mail, path, text, line, message):
    mail.postrider.configure(text)
    err = mail.refuse(78, RCPT)
    assert str(path) in err
    assert message in err
    if line:
        assert f"{path}:{line}:" in err
    assert len(err) < 1500


def test_an_unknown_setting_is_explained(mail):
    mail.postrider.configure("account a {\n\thots = x\n}\n")
    assert "did you mean host?" in mail.refuse(78, RCPT)


def test_an_unknown_mechanism_is_answered_with_the_known_ones(mail):
    err = mail.refuse(78, "--tls", "starttls", "--auth", "SCRAM", RCPT)
    assert 'auth: unknown mechanism "SCRAM"\n' in err
    for name in ("PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2"):
        assert f" {name}" in err.split("hint: ")[1]


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text,
    lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    lambda text: text.rstrip("\n"),
    lambda text: text.replace("\n", " "),
    lambda text: "# Grüße\n// also\n/* and */\n" + text,
    lambda text: "#" + "x" * 1000000 + "\n" + text,
])
def test_harmless_forms_are_read(mail, path, change):
    path.write_bytes(change(good(mail)).encode())
    assert mail.send(RCPT).to == [RCPT]


@pytest.mark.parametrize("make", [
    lambda path: path.mkdir(),
    lambda path: os.mkfifo(path),
    lambda path: path.symlink_to("/dev/zero"),
    lambda path: path.symlink_to(path.name),
    lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
])
@pytest.mark.parametrize("option", [True, False])
def test_what_is_no_file_is_no_configuration(mail, path, make, option,
                                             monkeypatch):
    path.unlink()
    monkeypatch.chdir(path.parent)
    make(path)
    arguments = ["-C", path] if option else []
    err = mail.refuse(78, *arguments, RCPT, timeout=10)
    assert str(path) in err


def test_a_missing_file_that_was_named(mail, tmp_path):
    err = mail.refuse(78, "-C", tmp_path / "missing", RCPT)
    assert f"{tmp_path}/missing: No such file" in err


def test_no_configuration_at_all_says_what_to_do(mail, path):
    path.unlink()
    err = mail.refuse(78, RCPT, input=b"Subject: x\n\nx\n")
    assert "no submission server is configured" in err
    assert "--user" in err


@pytest.mark.parametrize("mode", [0o622, 0o660, 0o602, 0o666])
@pytest.mark.parametrize("option", [True, False])
def test_who_else_may_write_it_may_run_programs(mail, path, mode, option):
    path.chmod(mode)
    arguments = ["-C", path] if option else []
    err = mail.refuse(78, *arguments, RCPT)
    assert str(path) in err
    assert "chmod" in err


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400, 0o640])
def test_who_else_may_read_it_does_not_matter(mail, path, mode):
    path.chmod(mode)
    assert mail.send(RCPT).to == [RCPT]


def test_a_file_of_somebody_else_is_not_believed(mail, path):
    assert os.getuid() == 0, "sudo make check"
    os.chown(path, 12345, -1)
    err = mail.refuse(78, RCPT)
    assert str(path) in err


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_password_file_is_closed_to_others(postrider, ca, mode):
    secret = postrider.secret_file("secret", mode=mode)
    with SubmissionServer(ca.server) as server:
        done = postrider.run("--host=localhost", f"--port={server.port}",
                             f"--tls-trust-file={ca.pem}", "--user=alice",
                             f"--credential=file:{secret}", "--retries=0",
                             "--from=alice@example.test", RCPT, input=MESSAGE)
        assert done.status == 78, done.err
        assert str(secret) in done.err
        assert "chmod 600" in done.err
        assert not [line for line in server.commands
                    if line.startswith("AUTH")]


@pytest.mark.parametrize("name, value", [
    ("PORT", "x"), ("TLS", "maybe"), ("TIMEOUT", "-1"), ("HOST", "a b"),
    ("FROM", "nobody"), ("PROVIDER", "nobody"), ("RETRIES", "-1")])
def test_the_environment_is_checked_too(mail, name, value):
    err = mail.refuse(78, RCPT, env={f"POSTRIDER_{name}": value})
    assert f"POSTRIDER_{name}" in err


@pytest.mark.parametrize("word", ["--port=x", "--tls=maybe", "--timeout=-1",
                                  "--host=a b", "--from=nobody",
                                  "--retries=-1", "--syslog=perhaps"])
def test_the_command_line_is_checked_too(mail, word):
    err = mail.refuse(64, word, RCPT)
    assert word.partition("=")[0] in err
