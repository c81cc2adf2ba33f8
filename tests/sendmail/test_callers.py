# SPDX-License-Identifier: MIT
"""Programs that call sendmail: run for real, or with their exact arguments."""
import email
import email.policy
import os
import pathlib
import pwd
import subprocess
import time

import pexpect
import pytest

from dialogue.submission import SubmissionServer
from peers.daemon import find_program
from peers.keyring import Keyring
from peers.postfix import new_token
from peers.jail import Jail
from callers.mail import ACCOUNT, Mail, body_of, field_of, no_leak_check
from patience import wait_for

RCPT = "you@example.org"
IDENTITY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Jürgen"),
                                ("EMAIL", "j@example.test"))}


def parsed(message):
    return email.message_from_bytes(message.data,
                                    policy=email.policy.default)


def call(mail, arguments, input=b"", env=None, status=0, cwd=None):
    """Runs a caller with the environment that postrider's user has."""
    find_program(arguments[0])
    done = subprocess.run([str(word) for word in arguments], input=input,
                          env=mail.postrider.environment(env), timeout=60,
                          capture_output=True,
                          cwd=cwd or mail.postrider.home)
    output = (done.stdout + done.stderr).decode(errors="replace")
    assert (done.returncode == 0) == (status == 0), output
    return output


# ---- git --------------------------------------------------------------------

@pytest.fixture
def series(tmp_path):
    """Two patches; the name of one author has an umlaut."""
    directory = tmp_path / "patches"
    directory.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path),
           "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY}

    def git(*arguments):
        subprocess.run(["git", "-C", directory, *arguments], env=env,
                       check=True, capture_output=True)
    git("init", "-q")
    for number in (1, 2):
        (directory / "file").write_text(f"{number}\n.\nü\r\n")
        git("add", "file")
        git("commit", "-q", "-m", f"change {number}\n\n.\nBefore: after")
    git("format-patch", "-q", "--root", "-o", "out")
    return sorted((directory / "out").iterdir())


def git_send(mail, series, *arguments, **how):
    command = f"{mail.postrider.program} -a test"
    return call(mail, ["git", "send-email", f"--sendmail-cmd={command}",
                       "--from=J <me@example.test>", f"--to={RCPT}",
                       "--cc=Two <two@example.org>", "--confirm=never",
                       "--suppress-cc=all", "--8bit-encoding=UTF-8", *arguments,
                       *series],
                env={"GIT_CONFIG_NOSYSTEM": "1", **IDENTITY}, **how)


def test_git_send_email(mail, series):
    git_send(mail, series, "--envelope-sender=me@example.test")
    mail.arrived(2)
    for number, message in enumerate(mail.server.messages, 1):
        assert message.sender == "me@example.test"
        assert sorted(message.to) == ["two@example.org", RCPT]
        assert f"change {number}" in parsed(message)["Subject"]
        patch = series[number - 1].read_bytes().partition(b"\n\n")[2]
        body = parsed(message).get_payload(decode=True)
        assert body.replace(b"\r\n", b"\n").endswith(patch)


def test_git_stops_when_a_patch_is_refused(postrider, series):
    with SubmissionServer(tls="none", mechanisms=(),
                          faults={"rcpt": "550 5.1.1 unknown"}) as server:
        mail = Mail(postrider, server)
        output = git_send(mail, series, status=1)
        assert "550 5.1.1" in output
        assert server.messages == []
        assert len([line for line in server.commands
                    if line.startswith("MAIL")]) == 1


# ---- mutt, s-nail, PHP ------------------------------------------------------

def mutt(mail, *arguments, status=0):
    rc = mail.postrider.home / "muttrc"
    rc.write_text(f'set sendmail = "{mail.postrider.program} -oem -oi"\n'
                  "set from = me@example.test\nset use_envelope_from\n"
                  "set use_8bitmime\nunset record\nset copy = no\n"
                  "set dsn_notify = never\nset dsn_return = hdrs\n")
    return call(mail, ["mutt", "-n", "-F", rc, *arguments],
                input="Grüße\n.\nzwei\n".encode(), status=status,
                env={"TERM": "dumb"})


def test_mutt_sends_an_attachment(mail, tmp_path):
    data = bytes(range(256)) * 10
    (tmp_path / "data.bin").write_bytes(data)
    mutt(mail, "-s", "Hällo", "-b", "hidden@example.org", "-a",
         tmp_path / "data.bin", "--", RCPT)
    message = mail.arrived()
    assert message.sender == "me@example.test"
    assert sorted(message.to) == ["hidden@example.org", RCPT]
    assert b"hidden" not in message.data
    assert message.recipients[0][1] == ["NOTIFY=NEVER"]
    whole = parsed(message)
    assert whole["Subject"] == "Hällo"
    text, attached = whole.iter_parts()
    assert text.get_content().splitlines() == ["Grüße", ".", "zwei"]
    assert attached.get_content() == data


def test_mutt_bounces_a_message(mail):
    """It writes the Resent- fields, and names the recipient after --."""
    box = mail.postrider.home / "box"
    message = ("From: Author <author@example.net>\nTo: me@example.test\n"
               "Date: Thu, 1 Jan 1970 00:00:00 +0000\nSubject: bounced\n"
               "Message-ID: <one@example.net>\n\nGr\xfc\xdfe\n.\n")
    box.write_bytes(b"From author@example.net Thu Jan  1 00:00:00 1970\n"
                    + message.encode() + b"\n")
    rc = mail.postrider.home / "muttrc"
    rc.write_text(f'set sendmail = "{mail.postrider.program} -oem -oi"\n'
                  "set from = me@example.test\nset wait_key = no\n"
                  f'set folder = "{mail.postrider.home}"\n'
                  f'push "<bounce-message>{RCPT}<enter>y<exit>"\n')
    find_program("mutt")
    child = pexpect.spawn(
        "mutt", ["-n", "-F", str(rc), "-R", "-f", str(box)], timeout=60,
        env=mail.postrider.environment({"TERM": "xterm"}),
        cwd=str(mail.postrider.home))
    child.expect(pexpect.EOF)
    arrived = mail.arrived()
    assert (arrived.sender, arrived.to) == ("me@example.test", [RCPT])
    header, _, body = arrived.data.partition(b"\r\n\r\n")
    found = [line.split(b":")[0] for line in header.split(b"\r\n")]
    assert sorted(found[:4]) == [b"Resent-Date", b"Resent-From",
                                 b"Resent-Message-ID", b"Resent-To"]
    assert arrived.data.endswith(message.replace("\n", "\r\n").encode())
    assert body == "Gr\xfc\xdfe\r\n.\r\n".encode()


def test_mutt_shows_why_it_failed(postrider):
    with SubmissionServer(tls="none", mechanisms=(),
                          faults={"rcpt": "550 5.1.1 unknown"}) as server:
        mail = Mail(postrider, server)
        output = mutt(mail, "-s", "x", "--", RCPT, status=1)
    assert "67" in output


def test_s_nail(mail):
    call(mail, ["s-nail", "-:/", "-S", "v15-compat", "-S",
                f"mta={mail.postrider.program}", "-S",
                "from=me@example.test", "-r", "me@example.test", "-s", "hello",
                "-c", "two@example.org", "-b", "hidden@example.org", RCPT],
         input=b"one\n.\ntwo\n", env={"USER": None, "LOGNAME": None})
    message = mail.arrived()
    assert sorted(message.to) == ["hidden@example.org", "two@example.org",
                                  RCPT]
    assert b"hidden" not in message.data
    assert parsed(message)["Subject"] == "hello"
    assert body_of(message) == b"one\r\n.\r\ntwo\r\n"


def test_php_mail(mail):
    script = (r'exit(mail("you@example.org", "Subj", "one\n.\ntwo", '
              r'"From: me@example.test\r\nBcc: hidden@example.org\r\n'
              r'X-Two: 2", "-fme@example.test") ? 0 : 1);')
    call(mail, ["php", "-n", "-d",
                f"sendmail_path={mail.postrider.program} -t -i", "-r", script])
    message = mail.arrived()
    assert message.sender == "me@example.test"
    assert sorted(message.to) == ["hidden@example.org", RCPT]
    assert b"hidden" not in message.data
    assert field_of(message, "x-two") == b"2"
    assert body_of(message) == b"one\r\n.\r\ntwo\r\n"


def test_php_hears_of_a_failure(mail):
    call(mail, ["php", "-n", "-d",
                f"sendmail_path={mail.postrider.program} -t -i", "-r",
                'exit(mail("", "Subj", "text") ? 0 : 1);'], status=1)
    assert mail.server.messages == []


# ---- into a real server -----------------------------------------------------

@pytest.fixture
def into_postfix(postrider, postfix, ca):
    """Sends to a real Postfix, with STARTTLS and a password."""
    mail = Mail(postrider, postfix)
    mail.configure(f'user = alice\ntls = starttls\ntls-trust-file = "{ca.pem}"'
                   f'\ncredential = "file:{postrider.secret_file("secret")}"')
    return mail


def test_git_into_postfix(into_postfix, postfix, series):
    token = new_token()
    git_send(into_postfix, series, "--to=bob@example.test",
             f"--in-reply-to=<{token}>")
    for number in (1, 2):
        postfix.wait_for("bob", f"change {number}")
    assert token.encode() in postfix.wait_for("bob", "change 1")


def test_mutt_into_postfix(into_postfix, postfix):
    token = new_token()
    mutt(into_postfix, "-s", token, "--", "bob@example.test")
    arrived = postfix.wait_for("bob", token)
    assert b"\n.\nzwei\n" in arrived


def test_mutt_hears_what_postfix_refuses(into_postfix):
    output = mutt(into_postfix, "-s", "x", "--", "nouser@example.test",
                  status=1)
    assert "67" in output


# ---- arguments of other programs --------------------------------------------

TO = "To: you@example.org\n"


@pytest.mark.parametrize("who, arguments, header, status", [
    ("emacs", ["-oi", "-f", "me@example.test", "-oem", "-odb", "-t"], TO, 0),
    ("emacs, joined", ["-oi", "-f", "me@example.test",
                       "you@example.org, Two <two@example.org>"], "", 0),
    ("bsd-mailx", ["-i", "-t", "-f", "me@example.test", "-m"], TO, 0),
    ("mailutils", ["-oi", "-f", "me@example.test", "-t"], TO, 0),
    ("cronie", ["-FCronDaemon", "-i", "-odi", "-oem", "-oi", "-t", "-f",
                "root"], "From: \"(Cron Daemon)\" <root>\n" + TO, 0),
    ("vixie-cron", ["-FCronDaemon", "-odi", "-oem", "-or0s",
                    "you@example.org"], "", 0),
    ("dcron", ["-t", "-oem", "-i"], TO, 0),
    ("anacron", ["-FAnacron", "-odi", "you@example.org"], "", 0),
    ("systemd-cron", ["-i", "-B8BITMIME", "you@example.org"], "", 0),
    ("mdadm", ["-t"], TO, 0),
    ("unattended-upgrades", ["-oi", "-t"], TO, 0),
    ("fail2ban", ["-f", "me@example.test", "you@example.org"], "", 0),
    ("Rails", ["-i", "-f", "me@example.test", "--", "you@example.org"], "",
     0),
    ("MIME::Lite", ["-t", "-oi", "-oem", "-fme@example.test"], TO, 0),
    ("Sieve", ["-i", "-f", "<>", "--", "you@example.org"], "", 0),
    ("reportbug", ["-f", "me@example.test", "-oi", "-oem",
                   "you@example.org"], "", 0),
    ("aerc", ["you@example.org"], "", 0),
    ("neomutt", ["-oem", "-oi", "-B8BITMIME", "-f", "me@example.test", "-N",
                 "never", "-R", "hdrs", "--", "you@example.org"], "", 0),
])
def test_others_are_understood(mail, who, arguments, header, status):
    text = f"{header}Subject: from {who}\n\nbody\n".encode()
    message = mail.send(*arguments, input=text, name="sendmail", cwd="/")
    assert RCPT in message.to
    assert message.sender in ("me@example.test", "")
    assert body_of(message) == b"body\r\n"


def test_sudo_calls_with_hardly_an_environment(mail):
    env = {name: None for name in mail.postrider.env}
    env.update(HOME="/", PATH="/usr/bin:/bin", LOGNAME="root", USER="root")
    for name in os.environ:
        env.setdefault(name, None)
    config = mail.postrider.home / ".config/postrider/config"
    message = mail.send("-C", config, "-t", env=env, cwd="/",
                        input=b"To: you@example.org\nFrom: root\n"
                        b"Subject: *** SECURITY information ***\n\nx\n")
    assert message.to == [RCPT]


# ---- cron and at, which know only /usr/sbin/sendmail ------------------------

CRON = """\
mkdir -p "$1/crontabs" "$1/cron.d"
chgrp crontab "$1/crontabs"; chmod 1730 "$1/crontabs"
mount --bind "$1/crontabs" /var/spool/cron/crontabs
mount --bind "$1/cron.d" /etc/cron.d
mount --bind /dev/null /etc/crontab
chown "$(id -un):crontab" "$1/crontabs/$(id -un)"
chmod 600 "$1/crontabs/$(id -un)"
[ ! -S "$1/bus" ] || ln -s "$(readlink -f "$1/bus")" "/run/user/$(id -u)/bus"
exec /usr/sbin/cron -f
"""
# A job that writes to its output, once, when cron starts.
CRONTAB = """\
MAILTO=you@example.org
@reboot printf 'one\\n.\\nzw\\303\\266lf\\n'; env
"""
AT = """\
mkdir "$1/atjobs" "$1/atspool"
touch "$1/atjobs/.SEQ"
chmod 1770 "$1/atjobs" "$1/atspool"; chmod 600 "$1/atjobs/.SEQ"
chown daemon:daemon "$1/atjobs" "$1/atspool" "$1/atjobs/.SEQ"
mount --bind "$1/atjobs" /var/spool/cron/atjobs
mount --bind "$1/atspool" /var/spool/cron/atspool
/usr/sbin/atd -b 1
cd /
echo 'echo at-output; echo .; echo more' | at -m now 2>&1
exec sleep 60
"""


@pytest.fixture
def jail(postrider, run_directory):
    directory = pathlib.Path(run_directory, f"jail-{time.monotonic_ns()}")
    directory.mkdir()
    return Jail(directory, postrider.program)


def in_jail(jail, server, script, more="", home="/", seconds=30):
    """Runs the script until a message comes; the message."""
    jail.configure(ACCOUNT.format(port=server.port, aliases="/nonexistent",
                                  more=more))
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SHELL": "/bin/sh",
           **no_leak_check()}
    if home:
        env["HOME"] = home
    log = jail.directory / "log"
    with open(log, "wb") as out:
        running = subprocess.Popen(jail.script(script), env=env, stdout=out,
                                   stderr=out, stdin=subprocess.DEVNULL,
                                   start_new_session=True)
    try:
        wait_for(lambda: server.messages or running.poll() is not None,
                 lambda: log.read_text(errors="replace"), seconds)
    finally:
        running.kill()
        running.wait()
    assert server.messages, log.read_text(errors="replace")
    return server.messages[0]


def crontab(jail, text):
    (jail.directory / "crontabs").mkdir()
    user = pwd.getpwuid(os.getuid()).pw_name
    (jail.directory / "crontabs" / user).write_text(text)


@pytest.mark.parametrize("home", ["/", None])
def test_cron(jail, home):
    """Mail is sent in the daemon's environment, not in the job's."""
    find_program("cron")
    crontab(jail, CRONTAB)
    with SubmissionServer(tls="none", mechanisms=()) as server:
        message = in_jail(jail, server, CRON, home=home)
    assert message.to == [RCPT]
    assert message.sender == "me@example.test"
    body = body_of(message)
    assert body.startswith(b"one\r\n.\r\nzw\xc3\xb6lf\r\n")
    assert b"Cron" in field_of(message, "subject")


def test_cron_writes_to_root(jail):
    """Without MAILTO the recipient and both addresses are "root"."""
    find_program("cron")
    crontab(jail, CRONTAB.partition("\n")[2])
    with SubmissionServer(tls="none", mechanisms=()) as server:
        message = in_jail(jail, server, CRON,
                          more="local-recipient = ops@corp.example\n")
    assert message.to == ["ops@corp.example"]
    assert field_of(message, "to") == b"root <ops@corp.example>"
    assert field_of(message, "from").endswith(b"<me@example.test>")


def test_cron_finds_the_keyring_without_a_session(jail, ca):
    """No DBUS_SESSION_BUS_ADDRESS, no XDG_RUNTIME_DIR, as cron is."""
    crontab(jail, CRONTAB)
    with Keyring() as keyring, SubmissionServer(ca.server) as server:
        keyring.store("secret", host="127.0.0.1", service="smtp",
                      user="alice")
        (jail.directory / "bus").symlink_to(keyring.socket)
        message = in_jail(jail, server, CRON, more=(
            f'user = alice\ntls = starttls\ntls-trust-file = "{ca.pem}"\n'))
    assert message.user == "alice"
    body = body_of(message)
    for name in (b"DBUS_SESSION_BUS_ADDRESS", b"XDG_RUNTIME_DIR"):
        assert name not in body


def test_at(jail):
    find_program("atd")
    with SubmissionServer(tls="none", mechanisms=()) as server:
        message = in_jail(jail, server, AT, seconds=40)
    assert message.to == ["root@example.test"]
    assert body_of(message) == b"at-output\r\n.\r\nmore\r\n"
