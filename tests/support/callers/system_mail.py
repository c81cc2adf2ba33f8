# SPDX-License-Identifier: MIT
"""What programs send by /usr/sbin/sendmail: some are run, of others the command
and the message are written here as they make them. $T is a word by which the
message is found; bob@example.test is the recipient, and root's address."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    script: str
    body: bytes  # None: what is in the file "expected"
    fields: dict
    input: bytes = b""
    sender: str = "alice@example.test"
    users: tuple = ("bob",)
    package: str = ""  # is unpacked instead of installed; $P is the directory


@dataclasses.dataclass(frozen=True)
class Replay:
    name: str
    command: str
    message: str
    changes: dict = dataclasses.field(default_factory=dict)
    sender: str = "alice@example.test"


TEXT = "Grüße\n.\n..\nFrom here\n".encode()
BEFORE_DOT = "Grüße\n".encode()  # without -i
SUBJECT = {"Subject": "$T"}
FROM_ADDRESS = {**SUBJECT, "From": "alice@example.test",
                "To": "bob@example.test"}
FROM_ALICE = {**FROM_ADDRESS, "From": "Alice <alice@example.test>"}
ROOT = {"To": "root <bob@example.test>"}

GIT = r"""
mkdir "$1/repository"; cd "$1/repository"
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=Alice GIT_COMMITTER_NAME=Alice
export GIT_AUTHOR_EMAIL=alice@example.test
export GIT_COMMITTER_EMAIL=alice@example.test
git init -q
printf 'one\n.\n' >file
git add file
git commit -q -m "$T"
git format-patch -q --root --zero-commit -o .
sed '1,/^$/d' 0001-* >"$1/expected"
git send-email --smtp-server=/usr/sbin/sendmail \
    --from='Alice <alice@example.test>' --to=bob@example.test \
    --confirm=never --suppress-cc=all 0001-*
"""
PHP = r"""
exec php -n -r '$text = stream_get_contents(STDIN);
exit(mail("bob@example.test", getenv("T"), $text,
    "From: Alice <alice@example.test>\r\nBcc: carol@example.test\r\n" .
    "Content-Type: text/plain; charset=UTF-8\r\nX-Two:\r\n 2")
    ? 0 : 1);'
"""
PERL = r"""
exec perl -MMail::Send -e '
my $mail = Mail::Send->new(Subject => $ENV{T}, To => "bob\@example.test");
$mail->cc("carol\@example.test");
my $out = $mail->open("sendmail");
print $out $_ while <STDIN>;
$out->close or exit 1;'
"""
PYTHON = r"""
exec /usr/bin/python3 -c '
import email.message, os, subprocess, sys
message = email.message.EmailMessage()
message["From"] = "Alice <alice@example.test>"
message["To"] = "bob@example.test"
message["Subject"] = os.environ["T"]
message.set_content(sys.stdin.read(), cte="8bit")
subprocess.run(["/usr/sbin/sendmail", "-t", "-oi"], check=True,
               input=message.as_bytes())'
"""
# As nodemailer's transport, which waits for the exit status.
NODE = r"""
exec node -e '
const child = require("child_process").spawn("sendmail",
    ["-i", "-f", "alice@example.test", "bob@example.test",
     "carol@example.test"]);
child.on("exit", code => process.exit(code));
child.stdin.write("From: alice@example.test\r\nTo: bob@example.test\r\n" +
    "Bcc: carol@example.test\r\nSubject: " + process.env.T + "\r\n\r\n");
process.stdin.pipe(child.stdin);'
"""
MUTT = r"""
exec mutt -n -F /dev/null -e 'unset record; set copy=no; set send_charset=utf-8' \
    -e 'set from="Alice <alice@example.test>"; set use_envelope_from' \
    -s "$T" -b carol@example.test -- bob@example.test
"""
S_NAIL = r"""
exec s-nail -:/ -S v15-compat -S mime-encoding=8b -r alice@example.test \
    -s "$T" -b carol@example.test bob@example.test
"""
NEOMUTT = MUTT.replace("mutt -n", "neomutt -n").replace(
    "set copy=no", "set copy=no; set dsn_notify=never; set dsn_return=hdrs")
BSD_MAILX = r"""
exec "$P/usr/bin/bsd-mailx" -s "$T" -r alice@example.test \
    -b carol@example.test bob@example.test
"""
ANACRON = r"""
mkdir "$1/spool"
cat >"$1/text"
cat >"$1/anacrontab" <<END
SHELL=/bin/sh
PATH=/usr/bin:/bin
1 0 $T cat $1/text
END
exec "$P/usr/sbin/anacron" -d -f -t "$1/anacrontab" -S "$1/spool"
"""
SWAKS = r"""
exec swaks --pipe '/usr/sbin/sendmail -bs' -f alice@example.test \
    -t bob@example.test,carol@example.test --header "Subject: $T" --body -
"""
RUBY = r"""
exec ruby -e '
require "mail"
mail = Mail.new(charset: "UTF-8", from: "Alice <alice@example.test>",
                to: "bob@example.test", bcc: "carol@example.test",
                subject: ENV["T"], content_type: "text/plain; charset=UTF-8",
                body: STDIN.read)
mail.delivery_method :sendmail
mail.deliver!'
"""
EMAIL_SENDER = r"""
exec perl -MEmail::Simple -MEmail::Sender::Simple \
    -MEmail::Sender::Transport::Sendmail -e '
my $mail = Email::Simple->create(header => [
    From => q(Alice <alice@example.test>), To => q(bob@example.test),
    Subject => $ENV{T}], body => join("", <STDIN>));
Email::Sender::Simple->send($mail, {from => q(alice@example.test),
    to => [q(bob@example.test), q(carol@example.test)],
    transport => Email::Sender::Transport::Sendmail->new});'
"""
MIME_LITE = r"""
exec perl -MMIME::Lite -e '
MIME::Lite->new(From => q(Alice <alice@example.test>),
    To => q(bob@example.test), Bcc => q(carol@example.test),
    Subject => $ENV{T}, Encoding => "8bit", Data => join("", <STDIN>))->send;'
"""
SYMFONY = r"""
exec php -r '
require "Symfony/Component/Mailer/autoload.php";
$mail = (new Symfony\Component\Mime\Email())->from("alice@example.test")
    ->to("bob@example.test")->bcc("carol@example.test")
    ->subject(getenv("T"))->text(stream_get_contents(STDIN));
(new Symfony\Component\Mailer\Mailer(
    Symfony\Component\Mailer\Transport::fromDsn("sendmail://default")))
    ->send($mail);'
"""

PROGRAMS = [
    Program("git send-email", GIT, None, {
        "Subject": "[PATCH] $T", "From": "Alice <alice@example.test>"}),
    Program("mutt", MUTT, TEXT, SUBJECT, TEXT, users=("bob", "other")),
    Program("s-nail", S_NAIL, TEXT, SUBJECT, TEXT, users=("bob", "other")),
    Program("php", PHP, TEXT + b"\n", {**SUBJECT, "X-Two": "\n 2"}, TEXT,
            users=("bob", "other")),
    Program("perl Mail::Send", PERL, BEFORE_DOT, {
        **SUBJECT, "From": "Alice <alice@example.test>"}, TEXT,
        users=("bob", "other")),
    Program("python3", PYTHON, TEXT, SUBJECT, TEXT),
    Program("node", NODE, TEXT, SUBJECT, TEXT, users=("bob", "other")),
    Program("neomutt", NEOMUTT, TEXT, FROM_ALICE, TEXT,
            users=("bob", "other")),
    Program("bsd-mailx", BSD_MAILX, TEXT, FROM_ADDRESS, TEXT,
            users=("bob", "other"), package="bsd-mailx"),
    Program("anacron", ANACRON, BEFORE_DOT, {
        **ROOT, "From": "Anacron <alice@example.test>"}, TEXT,
        package="anacron"),
    # swaks ends the text with two more lines, Symfony with one.
    Program("swaks", SWAKS, TEXT + b"\n\n", {
        **FROM_ADDRESS, "To": "bob@example.test,carol@example.test"}, TEXT,
        users=("bob", "other")),
    Program("ruby mail", RUBY, TEXT, FROM_ALICE, TEXT, users=("bob", "other")),
    Program("perl Email::Sender", EMAIL_SENDER, TEXT, FROM_ALICE, TEXT,
            users=("bob", "other")),
    Program("perl MIME::Lite", MIME_LITE, TEXT, FROM_ALICE, TEXT,
            users=("bob", "other")),
    Program("php Symfony", SYMFONY, TEXT + b"\n", FROM_ADDRESS, TEXT,
            users=("bob", "other")),
]

MDADM = """\
From: mdadm monitoring <root>
To: root
Subject: DegradedArray event on /dev/md0:$T

This is an automatically generated mail message from mdadm
running on host

A DegradedArray event had been detected on md device /dev/md0.

Faithfully yours, etc.

P.S. The /proc/mdstat file currently contains the following:

md0 : active raid1 sda1[0]
      18554944 blocks [2/1] [U_]

unused devices: <none>
"""
SUDO = """\
To: root
From: root
Auto-Submitted: auto-generated
Subject: *** SECURITY information for $T ***

host : Nov 29 10:00:00 : www : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ;
    USER=root ; COMMAND=/bin/sh
"""
FAIL2BAN = """\
Subject: [Fail2Ban] sshd: banned 192.0.2.1 from $T
Date: Sun, 29 Nov 2026 10:00:00 +0000
From: Fail2Ban <fail2ban>
To: bob@example.test

Hi,

The IP 192.0.2.1 has just been banned by Fail2Ban after
5 attempts against sshd.

Regards,

Fail2Ban
"""
SYSTEMD = """\
To: bob@example.test
From: systemd <root@host.example.test>
Subject: $T
Content-Transfer-Encoding: 8bit
Content-Type: text/plain; charset=UTF-8

× backup.service - Nightly backup
     Loaded: loaded (/etc/systemd/system/backup.service; static)
     Active: failed (Result: exit-code)
"""
LOGWATCH = """\
To: root
From: root
Subject: Logwatch for $T (Linux)
Auto-Submitted: auto-generated
Precedence: bulk
MIME-Version: 1.0
Content-Transfer-Encoding: 8bit
Content-Type: text/plain; charset="UTF-8"

 ################### Logwatch 7.5.6 ####################
 .
 ###################### Logwatch End #########################
"""
CRONIE = """\
From: "(Cron Daemon)" <root>
To: root
Subject: Cron <root@host> $T
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Auto-Submitted: auto-generated
Precedence: bulk
X-Cron-Env: <LANG=C.UTF-8>

Grüße
.
"""
LIBRARY = """\
Date: Sun, 29 Nov 2026 10:00:00 +0000
From: Alice <alice@example.test>
To: bob@example.test
Message-ID: <$T>
Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=
Mime-Version: 1.0
Content-Type: text/plain;
 charset=UTF-8
Content-Transfer-Encoding: 8bit

Grüße
.
"""
FROM_ROOT = {**ROOT, "From": "root <alice@example.test>"}
BARE = "env -i HOME=/ PATH=/usr/bin:/bin LOGNAME=root USER=root "

REPLAYS = [
    Replay("mdadm", "/usr/sbin/sendmail -t", MDADM,
           {**ROOT, "From": "mdadm monitoring <alice@example.test>"}),
    Replay("sudo", BARE + "/usr/sbin/sendmail -t", SUDO, FROM_ROOT),
    Replay("fail2ban", "/usr/sbin/sendmail -f root@host bob@example.test",
           FAIL2BAN, {"From": "Fail2Ban <alice@example.test>"}),
    Replay("systemd OnFailure=", "/usr/sbin/sendmail -t", SYSTEMD),
    Replay("logwatch", "/usr/sbin/sendmail -t -oi", LOGWATCH, FROM_ROOT),
    Replay("cronie", "/usr/sbin/sendmail -FCronDaemon -i -odi -oem -oi -t "
           "-f root", CRONIE,
           {**ROOT, "From": '"(Cron Daemon)" <alice@example.test>'}),
    Replay("vixie-cron", "/usr/sbin/sendmail -FCronDaemon -odi -oem -or0s "
           "root", CRONIE.replace("\n.\n", "\n"),
           {**ROOT, "From": '"(Cron Daemon)" <alice@example.test>'}),
    Replay("lettre, of Rust", "sendmail -i -f alice@example.test -- "
           "bob@example.test", LIBRARY),
    Replay("gomail, of Go", "/usr/sbin/sendmail -t", LIBRARY.replace(
        "\n.\n", "\n")),
    Replay("Sieve", "/usr/sbin/sendmail -i -f '<>' -- bob@example.test",
           LIBRARY, sender=""),
    Replay("reportbug", "/usr/sbin/sendmail -f alice@example.test -oi -oem "
           "bob@example.test", LIBRARY),
    Replay("b4", "/usr/sbin/sendmail -i -f alice@example.test "
           "bob@example.test", LIBRARY),
    Replay("mailutils", "/usr/sbin/sendmail -oi -f alice@example.test -t",
           LIBRARY),
    Replay("emacs", "/usr/sbin/sendmail -oi -f alice@example.test -oem -odb "
           "-t", LIBRARY),
    Replay("unattended-upgrades", "/usr/sbin/sendmail -oi -t", LOGWATCH,
           FROM_ROOT),
]
