# SPDX-License-Identifier: MIT
"""git's own SMTP code, with git-credential-postrider as its helper: by a token
and by an app password."""
import os
import pathlib
import subprocess

import pytest

from peers.postfix import new_token

ADDRESS = "alice@example.test"
PERL = pathlib.Path(__file__).parents[1] / "support/perl"
IDENTITY = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": ADDRESS,
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": ADDRESS,
            "GIT_CONFIG_NOSYSTEM": "1", "PERL5LIB": str(PERL)}


@pytest.fixture
def git(postrider, tmp_path, ca):
    """Runs git in a repository, with the helper installed as "make install"
    does: a link of that name in PATH."""
    bin_directory = tmp_path / "bin"
    bin_directory.mkdir()
    (bin_directory / "git-credential-postrider").symlink_to(
        postrider.program.parent / "postrider-credential")
    directory = tmp_path / "repository"
    directory.mkdir()
    path = f"{bin_directory}:{os.environ['PATH']}"

    def run(*arguments):
        return subprocess.run(
            ["git", *arguments], cwd=directory, stdin=subprocess.DEVNULL,
            env=postrider.environment({**IDENTITY, "PATH": path}),
            capture_output=True, text=True, timeout=60)

    run.directory = directory
    assert run("init", "-q").returncode == 0
    for name, value in {"credential.helper": "postrider",
                        "sendemail.smtpEncryption": "tls",
                        "sendemail.smtpServer": "localhost",
                        "sendemail.smtpUser": "alice",
                        "sendemail.smtpSSLCertPath": ca.pem,
                        "sendemail.confirm": "never"}.items():
        assert run("config", name, str(value)).returncode == 0
    return run


def send(git, postfix, server, mechanism):
    mark = new_token()
    (git.directory / "file").write_text(mark)
    assert git("add", "file").returncode == 0
    assert git("commit", "-q", "-m", mark).returncode == 0
    done = git("send-email", f"--smtp-server-port={server.port}",
               f"--smtp-auth={mechanism}", "--to=bob@example.test",
               f"--from={ADDRESS}", "--suppress-cc=all", "-1")
    assert done.returncode == 0, done.stdout + done.stderr
    postfix.wait_for("bob", mark)


def test_by_a_token(git, postrider, postfix, dovecot_oauth2, openid_provider,
                    corp, keyring, browser):
    corp()
    assert postrider.run("login", "--client-id=postrider", ADDRESS,
                         env=browser.env).status == 0
    kept = keyring.lookup(service="oauth2", user="alice")
    for _ in range(2):
        send(git, postfix, dovecot_oauth2, "XOAUTH2")
    # What git approves of changes nothing.
    assert keyring.lookup(service="oauth2", user="alice") == kept
    assert keyring.lookup(service="smtp", user="alice") is None


def test_by_an_app_password(git, postfix, keyring, dovecot):
    keyring.store("secret", service="smtp", host="localhost", user="alice")
    send(git, postfix, dovecot, "PLAIN")
