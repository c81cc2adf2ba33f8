# SPDX-License-Identifier: MIT
"""The accounts of other programs, from files as people have them."""
import os
import subprocess

import pytest

MSMTP = """\
# Set default values for all following accounts.
defaults
auth           on
tls            on
tls_trust_file /etc/ssl/certs/ca-certificates.crt
logfile        ~/.msmtp.log

# Gmail
account        gmail
host           smtp.gmail.com
port           587
from           username@gmail.com
user           username
passwordeval   "gpg --no-tty -q -d ~/.msmtp-gmail.gpg"

account        freemail
host           smtp.freemail.example
from           joe_smith@freemail.example
tls_starttls   off
user           joe.smith
password       "se cret"

account work : freemail
host smtp.corp.example
from me@corp.example
tls_certcheck off

account local
host localhost
tls off
auth off

account default : gmail
"""
AERC = """\
[Personal]
source            = imaps://me%40example.org@imap.example.org:993
outgoing          = smtps://me%40example.org:p%20w@smtp.example.org:465
default           = INBOX
from              = "Me Myself" <me@example.org>

[Work]
outgoing          = smtp+xoauth2://me%40corp.example@smtp.corp.example:587
outgoing-cred-cmd = pass mail/me
from              = Me <me@corp.example>
"""
HIMALAYA = """\
downloads-dir = "/tmp"
[accounts.posteo]
default = true
email = "me@posteo.net"
display-name = 'Me'
backend.type = "imap"
backend.host = "imap.posteo.de"
message.send.backend.host = "posteo.de"
message.send.backend.port = 587
message.send.backend.login = "me@posteo.net"
message.send.backend.encryption.type = "start-tls"
message.send.backend.auth.cmd = "pass show posteo"
[accounts.other.message.send.backend]
host = "smtp.other.example"
login = "x"
auth.raw = "hush"
"""
MUTT = """\
set realname = "Jo Smith" from=jo@example.org
set smtp_url="smtps://jo@smtp.example.org:465/"
set smtp_pass="`pass show mail`"
source ~/.config/mutt/more
macro index x "foo"
"""
GIT = """\
[sendemail]
	smtpEncryption = tls
	smtpServer = smtp.gmail.com
	smtpUser = me@gmail.com
	smtpServerPort = 587
[sendemail "work"]
	smtpServer = smtp.corp.example
	smtpUser = me@corp.example
	smtpEncryption = ssl
	smtpServerPort = 465
	from = Me <me@corp.example>
"""
SSMTP = """\
root=postmaster@corp.example
mailhub=smtp.gmail.com:587
AuthUser=me@gmail.com
AuthPass=p#w=d
UseSTARTTLS=YES
FromLineOverride=YES
"""
ESMTP = """\
identity me@gmail.com
hostname = smtp.gmail.com:587
username = "me@gmail.com"
password = "x y"
starttls = required
identity = me@corp.example
hostname = smtp.corp.example:25
starttls = disabled
mda = "/usr/bin/procmail -d %T"
"""
NULLMAILER = ("smtp.corp.example smtp --port=587 --starttls --user=me "
              "--pass=secret\n[::1] smtp\n")
SWAKS = """\
--server smtp.corp.example:587
-tls
--auth-user me
--auth-password "p w"
-f me@example.org
"""

# program: (its file, its text, what is in the blocks)
PROGRAMS = {
    "msmtp": (".msmtprc", MSMTP, [
        "account gmail", "host = smtp.gmail.com", "port = 587",
        "tls = starttls", "user = username", "from = username@gmail.com",
        'credential = "command:gpg --no-tty -q -d ~/.msmtp-gmail.gpg"',
        "account freemail", "tls = implicit", "account work",
        "host = smtp.corp.example", "from = me@corp.example",
        "account local", "port = 25", 'user = ""',
        'default-account = "gmail"']),
    "aerc": (".config/aerc/accounts.conf", AERC, [
        "account Personal", "user = me@example.org",
        'full-name = "Me Myself"', "port = 465", "tls = implicit",
        "account Work", "auth = xoauth2", "tls = starttls",
        'credential = "command:pass mail/me"']),
    "himalaya": (".config/himalaya/config.toml", HIMALAYA, [
        "account posteo", "host = posteo.de", "tls = starttls",
        'credential = "command:pass show posteo"', "account other",
        "host = smtp.other.example", "tls = implicit",
        'default-account = "posteo"']),
    "mutt": (".muttrc", MUTT, [
        "account jo@example.org", "user = jo", 'full-name = "Jo Smith"',
        'credential = "command:pass show mail"', "port = 465",
        "auth = login"]),
    "git": (".gitconfig", GIT, [
        "account work", "user = me@corp.example", "tls = implicit",
        "account git", "user = me@gmail.com", "tls = starttls"]),
    "ssmtp": (None, SSMTP, [
        "host = smtp.gmail.com", "port = 587", "tls = starttls",
        "user = me@gmail.com", "local-recipient = postmaster@corp.example"]),
    "esmtp": (".esmtprc", ESMTP, [
        "account me@gmail.com", "host = smtp.gmail.com", "tls = starttls",
        "account me@corp.example", "tls = none", "port = 25", 'user = ""']),
    "nullmailer": (None, NULLMAILER, [
        "account smtp.corp.example", "port = 587", "user = me",
        'host = "::1"']),
    "swaks": (".swaksrc", SWAKS, [
        "host = smtp.corp.example", "tls = starttls", "user = me",
        "from = me@example.org"]),
}
SECRETS = ("se cret", "p w", "p%20w", "hush", "p#w=d", "x y", "secret\n")


@pytest.fixture
def home(postrider):
    """home(program) puts its file in place, and gives the arguments."""
    def put(program, text=None):
        name, usual, _ = PROGRAMS[program]
        file = postrider.home / (name or program)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(usual if text is None else text)
        return [program] if name else [program, os.fspath(file)]
    more = postrider.home / ".config/mutt/more"
    more.parent.mkdir(parents=True)
    more.write_text("set smtp_authenticators = 'login'\n")
    return put


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_accounts_are_shown(postrider, home, program):
    outcome = postrider.run("import", "--dry-run", *home(program))
    assert outcome.status == 0, outcome.err
    for line in PROGRAMS[program][2]:
        assert line in outcome.out
    for secret in SECRETS:
        assert secret not in outcome.out + outcome.err
    assert not (postrider.home / ".config/postrider").exists()


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_accounts_can_be_used(postrider, home, program, keyring):
    outcome = postrider.run("import", *home(program))
    assert outcome.status == 0, outcome.err
    assert "not stored" not in outcome.out
    config = postrider.home / ".config/postrider/config"
    for secret in SECRETS:
        assert secret not in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o600
    listed = postrider.run("accounts")
    assert listed.status == 0, listed.err
    for line in PROGRAMS[program][2]:
        if line.startswith("account "):
            assert line.split()[1] in listed.out


@pytest.mark.parametrize("program, host, user, password", [
    ("msmtp", "smtp.corp.example", "joe.smith", "se cret"),
    ("aerc", "smtp.example.org", "me@example.org", "p w"),
    ("himalaya", "smtp.other.example", "x", "hush"),
    ("ssmtp", "smtp.gmail.com", "me@gmail.com", "p#w=d"),
    ("esmtp", "smtp.gmail.com", "me@gmail.com", "x y"),
    ("swaks", "smtp.corp.example", "me", "p w")])
def test_a_password_is_stored_in_the_keyring(postrider, home, keyring, program,
                                             host, user, password):
    outcome = postrider.run("import", *home(program))
    assert "stored its password" in outcome.out
    asked = subprocess.run(
        [postrider.program.parent / "postrider-credential", "get"],
        input=f"protocol=smtp\nhost={host}\nusername={user}\n\n", text=True,
        capture_output=True, env=postrider.environment())
    assert f"password={password}\n" in asked.stdout, asked.stderr


def test_without_a_keyring_the_password_is_not_lost_silently(postrider, home):
    outcome = postrider.run("import", *home("swaks"))
    assert outcome.status == 0
    assert "its password is not stored: " in outcome.out
    assert "postrider login swaks" in outcome.out


def test_what_cannot_be_carried_over_is_named(postrider, home):
    text = MSMTP.replace("auth off", "auth off\nproxy_host p\nfoo bar")
    outcome = postrider.run("import", *home("msmtp", text))
    rc = postrider.home / ".msmtprc"
    for line, word in ((26, "tls_certcheck"), (32, "proxy_host"), (33, "foo")):
        assert f"note: {rc}:{line}: {word}: " in outcome.err


def test_a_note_cannot_change_the_terminal(postrider, home):
    outcome = postrider.run("import", "--dry-run", *home(
        "msmtp", "account a\nhost x\nb\x1b[2Jad y\n"))
    assert "b\\x1B[2Jad: " in outcome.err
    assert "\x1b" not in outcome.err


def test_a_password_without_tls_is_not_sent(postrider, home):
    outcome = postrider.run("import", "--dry-run", *home(
        "ssmtp", "mailhub=smtp.corp.example\nAuthUser=me\nAuthPass=x\n"))
    assert "tls = starttls" in outcome.out
    assert "signing in requires TLS" in outcome.err


@pytest.mark.parametrize("program, text, place, reason", [
    ("msmtp", "account a\nhost x\nport many\n", ":3: ", "port"),
    ("msmtp", "host x\n", ":1: ", "not part of an account"),
    ("msmtp", "account a : b\n", ":1: ", 'no account "b"'),
    ("msmtp", "account a\nhost x\ntls maybe\n", ":3: ", "neither on nor off"),
    ("msmtp", "account a\nhost x\nprotocol lmtp\n", ":3: ", "lmtp"),
    ("msmtp", "account a\n" + "x" * 5000 + "\n", ":2: ", "too long"),
    ("aerc", "[A\noutgoing = smtp://x\n", ":1: ", "]"),
    ("aerc", "[A]\noutgoing = ftp://x\n", ":2: ", "not a URL"),
    ("aerc", "[A]\noutgoing = smtp://a:%zz@x\n", ":2: ", "not a URL"),
    ("himalaya", "[accounts.a]\nemail\n", ":2: ", "KEYWORD = VALUE"),
    ("mutt", "set smtp_url = nonsense\n", ":1: ", "not a URL"),
    ("ssmtp", "mailhub\n", ":1: ", "KEYWORD = VALUE"),
    ("nullmailer", "smtp.corp.example qmqp\n", ":1: ", "qmqp"),
    ("git", "[sendemail]\n smtpServerPort = x\n", "git's sendemail.smtpserverport: ",
     "number"),
    ("git", "[sendemail\n", "", "git")])
def test_a_broken_line_is_named_and_nothing_is_written(
        postrider, home, program, text, place, reason):
    outcome = postrider.run("import", *home(program, text))
    assert outcome.status == 78, outcome.out
    first = outcome.err.split("hint: ")[0]
    assert place in first and reason in first
    assert not (postrider.home / ".config/postrider").exists()


def test_an_account_that_exists_stays(postrider, home):
    postrider.configure("account work { host = smtp.mine.example }\n")
    outcome = postrider.run("import", *home("msmtp"))
    assert 'the account "work" exists already' in outcome.out
    config = (postrider.home / ".config/postrider/config").read_text()
    assert "smtp.mine.example" in config
    assert "smtp.corp.example" not in config
    assert "account gmail" in config


def test_without_a_program_those_that_are_configured_are_listed(postrider,
                                                               home):
    home("msmtp")
    home("aerc")
    outcome = postrider.run("import")
    assert "4 accounts: postrider import msmtp\n" in outcome.out
    assert "2 accounts: postrider import aerc\n" in outcome.out
    assert "swaks" not in outcome.out


def test_nothing_to_import_is_said(postrider):
    outcome = postrider.run("import")
    assert outcome.status == 78
    assert "postrider login" in outcome.err


def test_a_program_that_is_not_configured(postrider):
    outcome = postrider.run("import", "aerc")
    assert outcome.status == 66
    assert "postrider import aerc FILE" in outcome.err


@pytest.mark.parametrize("name, hint", [
    ("mstmp", "did you mean msmtp?"), ("thunderbird", "the programs are ")])
def test_an_unknown_program(postrider, name, hint):
    outcome = postrider.run("import", name)
    assert outcome.status == 64
    assert hint in outcome.err
