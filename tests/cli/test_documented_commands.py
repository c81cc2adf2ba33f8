# SPDX-License-Identifier: MIT
"""Every command line of README, of the manual pages and of help does what the
text around it says. They are run literally, by a shell at a terminal.

A command that is new needs a row here: what is there before it, what a person
enters, and what comes of it.
"""
import dataclasses
import os
import pathlib
import re
import subprocess
import urllib.parse

import pytest

from callers.documents import documented_commands, in_block, one_line
from peers.internet import PASSWORD, TOKEN, Internet, final_url

BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
PERL = pathlib.Path(__file__).parents[1] / "support/perl"
DOCUMENTED = documented_commands(BUILD / "postrider")
YOU = "you@example.org"
LIMIT = 60  # seconds

# ---- what is there before a command -----------------------------------------

FILES = {
    "message": f"From: me@gmail.com\nTo: {YOU}\nSubject: x\n\nbody\n",
    "report.eml": f"To: {YOU}\nSubject: Report\n\nAll is well.\n",
    "text": "Here it is.\n",
    "report.pdf": "%PDF-1.4\n",
    "page.html": '<!DOCTYPE html><img src="cid:logo.png">\n',
    "logo.png": "\x89PNG\r\n",
}
BY_PASSWORD = ("password for ", PASSWORD)
BY_CHOICE = ("Which? [1]", "1"), BY_PASSWORD
SECRET = ("ecret", "a-client-secret")
SIGN_IN = {
    "gmail": ("postrider login me@gmail.com", BY_CHOICE),
    "gmail-oauth2": ("postrider login --client-id ID me@gmail.com", [SECRET]),
    "work": ("postrider login work", [BY_PASSWORD]),
}
WORK = ('account work {\n\thost = smtp.corp.example\n'
        '\tuser = me@corp.example\n\tfrom = me@corp.example\n}\n')
TWO = ('account work {\n\thost = smtp.corp.example\n'
       '\tuser = me@corp.example\n\tcredential = env:PASSWORD\n}\n'
       'account home { user = me@gmail.com }\ndefault-account = home\n'
       'log-file = "~/log"\n')


@dataclasses.dataclass
class Case:
    """Prepared accounts; what is shown and then entered; what comes of it."""
    account: str = None  # a key of SIGN_IN
    config: str = None
    answers: tuple = ()
    env: dict = dataclasses.field(default_factory=dict)
    to: tuple = ()  # the recipients of the message that arrives
    shows: str = ""  # a pattern in what is shown
    script: str = "{}"  # what is run, with the command for "{}"
    setup: str = ""  # run before it


def login(*answers):
    """After it, a message can be sent."""
    return Case(answers=answers, shows="signed in to ", to=(YOU,),
                script="{} && postrider you@example.org < text")


def elsewhere(shown):
    """What a browser on another computer shows at the end."""
    url = re.search(r"https://accounts\.google\.com\S+", shown)[0]
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    return final_url(query).replace("?", "/?", 1)


SENT = Case("gmail", to=(YOU,))
SHOWN = Case("gmail")
GIT = ('git config --global user.name Me; '
       'git config --global user.email me@gmail.com; git init -q r; cd r; '
       'echo one > f; git add f; git commit -q -m one; '
       'echo two > f; git commit -q -a -m two;')

BOX = ('account default {\n\thost = smtp.corp.example\n'
       '\tuser = me@corp.example\n\tcredential = env:PASSWORD\n'
       '\tlocal-recipient = admin@corp.example\n\taliases = ""\n}\n')
AS_SENDMAIL = ('mkdir ~/sbin; ln -s ~/bin/postrider ~/sbin/sendmail; '
               'mount --bind ~/sbin /usr/sbin;')
SENDMAIL_CMD = "git config --global sendemail.sendmailCmd postrider;"
CI = {"POSTRIDER_HOST": "smtp.corp.example",
      "POSTRIDER_USER": "ci@corp.example"}


def through_work(setup, command="git send-email --to=list@example.org -1"):
    """A patch of me@gmail.com goes through the account "work"."""
    return Case(
        config=TWO, setup=SENDMAIL_CMD + GIT, env={"PASSWORD": PASSWORD},
        answers=(("Send this email?", "y"),),
        script=f"{setup}; {command}; cat ~/log", shows="user=me@corp.example",
        to=("list@example.org", "me@gmail.com"))


MSMTP = ("printf 'account work\\nhost smtp.corp.example\\ntls on\\n' "
         "> ~/.msmtprc;")

CASES = {
    # README and postrider(1)
    "postrider login me@gmail.com": login(*BY_CHOICE),
    "postrider login me@icloud.com": login(BY_PASSWORD),
    "postrider login me@corp.example --host smtp.corp.example": login(BY_PASSWORD),
    "postrider login --client-id ID me@gmail.com": login(SECRET),
    "postrider login --client-id ID me@outlook.com": login(),
    "postrider login --client-id ID --tenant corp.example me@corp.example":
        login(("[y/N]", "y")),
    "postrider login --client-id ID --tenant corp.example "
    "--user me@corp.example --mailbox team@corp.example team@corp.example":
        login(("[y/N]", "y")),
    "echo 'It works.' | postrider -s hello you@example.org": SENT,
    r"printf 'Subject: hello\n\nIt works.\n' | postrider you@example.org":
        SENT,
    "postrider -t < message": SENT,
    "postrider check me@gmail.com": Case("gmail", shows="everything works"),
    "postrider check work --port=465 --tls=implicit":
        Case("work", WORK, shows="everything works"),
    "postrider check --to you@example.org work":
        Case("work", WORK, shows="everything works"),
    "postrider --dry-run you@example.org < message":
        Case("gmail", shows=r"smtp\.gmail\.com"),
    "postrider -v you@example.org < message":
        Case("gmail", to=(YOU,), shows="AUTH PLAIN"),
    "POSTRIDER_PASSWORD=$SECRET postrider --host smtp.corp.example "
    "--user ci@corp.example -t < report.eml":
        Case(to=(YOU,), env={"SECRET": PASSWORD}),
    "POSTRIDER_PASSWORD=$SMTP_PASSWORD postrider --host smtp.corp.example "
    "--user ci@corp.example -t < report.eml":
        Case("gmail", to=(YOU,), env={"SMTP_PASSWORD": PASSWORD}),
    "CLIENT_SECRET=$SECRET postrider --provider microsoft365 "
    "--user reports@corp.example --grant client-credentials "
    "--tenant corp.example --client-id ID --client-secret env:CLIENT_SECRET "
    "--json -t < report.eml": Case(
        to=(YOU,), env={"SECRET": "a-client-secret"},
        shows='"status": "accepted"'),
    "postrider token me@gmail.com": Case("gmail-oauth2", shows=TOKEN),
    "postrider token --min-valid 10m me@gmail.com":
        Case("gmail-oauth2", shows=TOKEN),
    "0 6 * * * report | postrider you@example.org": Case(
        "gmail", to=(YOU,),
        script="line='{}'; sh -c \"${{line#'0 6 * * * '}}\""),
    "postrider accounts": Case("gmail", shows="me@gmail.com"),
    "postrider accounts default me@gmail.com":
        Case("gmail", script="{} && postrider config get default-account",
             shows="me@gmail.com"),
    "postrider import msmtp": Case(setup=MSMTP, shows='added the account "work"'),
    "postrider import msmtp --dry-run":
        Case(setup=MSMTP, shows="host = smtp.corp.example"),
    "postrider config": Case(config=WORK, shows="smtp.corp.example"),
    "postrider config set work.timeout 30s":
        Case(config=WORK, script="{} && postrider config get work.timeout",
             shows="30s"),
    "postrider providers --find me@corp.example":
        Case(shows=r"smtp\.office365\.com"),
    "postrider config get work.host":
        Case(config=WORK, shows="smtp.corp.example"),
    "postrider config set timeout 30s":
        Case(script="{} && postrider config get timeout", shows="30s"),
    "postrider config set work.from me@corp.example team@corp.example":
        Case(config=WORK, script="{} && postrider config get work.from",
             shows="team@corp.example"),
    'postrider config set me@gmail.com.full-name "My Name"':
        Case("gmail", shows="My Name",
             script="{} && postrider config get me@gmail.com.full-name"),
    "postrider --queue=on-failure you@example.org < message":
        Case("gmail", to=(YOU,)),
    "postrider queue": Case(
        "gmail", setup="postrider -odq you@example.org < message;",
        shows="in 1 Request"),
    "postrider queue run": Case(
        "gmail", to=(YOU,), setup="postrider -odq you@example.org < message;"),
    "postrider queue run -v": Case(
        "gmail", to=(YOU,), setup="postrider -odq you@example.org < message;",
        shows="AUTH PLAIN"),
    "postrider providers": Case(shows="gmail"),
    "postrider providers yahoo": Case(shows="Yahoo"),
    "postrider providers icloud": Case(shows="iCloud"),
    "postrider providers --find me@corp.example":
        Case(shows=r"provider   microsoft365 \(Microsoft 365\)"),
    "postrider logout me@gmail.com": Case("gmail", shows="erased"),
    "postrider logout --json work": Case(
        "work", WORK, shows='"status": "signed-out"'),
    "postrider help login": Case(shows="--device"),
    "postrider help options": Case(shows="--tls-trust-file"),
    "postrider version": Case(shows="postrider "),
    "postrider --version": Case(shows="postrider "),
    # send
    "postrider send you@example.org -s Report -A report.pdf < text": SENT,
    "postrider send --to you@example.org --subject Report -A report.pdf "
    "< text": SENT,
    "postrider send --to 'Alice <alice@example.org>, bob@example.org' "
    "--bcc archive@corp.example --subject 'Backup finished' < text":
        Case("gmail", to=("alice@example.org", "bob@example.org",
                          "archive@corp.example")),
    "postrider send --dry-run --to you@example.org < text > message": Case(
        "gmail", script="{} && cat message", shows=r"Here it is\."),
    "echo text | postrider -s subject -A report.pdf you@example.org": SENT,
    "postrider send alice@example.org -s Report -A report.pdf": Case(
        "gmail", to=("alice@example.org",), answers=(("", "text\n\x04"),)),
    "date | postrider send --to alice@example.org --subject Done":
        Case("gmail", to=("alice@example.org",)),
    "postrider send you@example.org -s News --body 'See the picture.' "
    "--html page.html --inline logo.png": SENT,
    "postrider send --to you@example.org --edit": Case(
        "gmail", to=(YOU,),
        env={"EDITOR": "sed -i -e 's/^Subject:.*/Subject: x/' -e '$aBody'"}),
    # git
    "git config --global sendemail.sendmailCmd postrider": Case(
        script="{} && git config --get sendemail.sendmailCmd",
        shows="postrider"),
    "git send-email --to=list@example.org HEAD^": Case(
        "gmail", to=("list@example.org", "me@gmail.com"),
        answers=(("Send this email?", "y"),),
        setup="git config --global sendemail.sendmailCmd postrider;" + GIT),
    # postrider-git(7)
    "postrider config set hold 20s":
        Case(script="{} && postrider config get hold", shows="20s"),
    "git config --global sendemail.smtpServer \"$(command -v postrider)\"": Case(
        "gmail", to=("list@example.org", "me@gmail.com"),
        script=GIT + "{} && git send-email --confirm=never "
        "--to=list@example.org HEAD^"),
    "git send-email --to=me@gmail.com -1": Case(
        "gmail", to=("me@gmail.com",), answers=(("Send this email?", "y"),),
        setup=SENDMAIL_CMD + GIT),
    "git send-email --sendmail-cmd='postrider --dry-run' --confirm=never "
    "--to=list@example.org -1": Case(
        "gmail", setup=GIT, shows=r"account +me@gmail\.com"),
    "git send-email --sendmail-cmd='postrider -v' --to=me@gmail.com -1": Case(
        "gmail", to=("me@gmail.com",), answers=(("Send this email?", "y"),),
        setup=GIT, shows="AUTH PLAIN"),
    "git config user.email me@corp.example": through_work("{}"),
    "git config --file ~/corp/gitconfig user.email me@corp.example": Case(
        setup="mkdir ~/corp;", script="{} && cat ~/corp/gitconfig",
        shows="email = me@corp.example"),
    "git config --global includeIf.gitdir:~/corp/.path ~/corp/gitconfig": Case(
        setup="mkdir ~/corp; git config --file ~/corp/gitconfig user.email "
        "me@corp.example; git init -q ~/corp/r;",
        script="{} && cd ~/corp/r && git config user.email",
        shows="me@corp.example"),
    "git config --global sendemail.work.from me@corp.example": Case(
        script="{} && git config --get-regexp .", shows="me@corp.example"),
    "git config --global sendemail.work.sendmailCmd 'postrider -a work'":
        through_work("{}; git config sendemail.identity work"),
    "git send-email --identity=work --to=list@example.org -1": through_work(
        "git config sendemail.work.sendmailCmd 'postrider -a work'", "{}"),
    "git send-email --to=list@example.org --in-reply-to=\"$ID\" "
    "0002-two.patch": Case(
        "gmail", to=("list@example.org", "me@gmail.com"),
        answers=(("Send this email?", "y"),), env={"ID": "<one@example.org>"},
        setup=SENDMAIL_CMD + GIT + "git format-patch -q --root;",
        shows="In-Reply-To: <one@example.org>"),
    **{f"git config --global {words}": Case(
        script="{} && git config --get-regexp .", shows=words.lower())
       for words in ("sendemail.smtpBatchSize 25",
                     "sendemail.smtpReloginDelay 60")},
    "export POSTRIDER_HOST=smtp.corp.example POSTRIDER_USER=ci@corp.example":
        Case(to=(YOU,), env={"POSTRIDER_PASSWORD": PASSWORD},
             script="{} && postrider -t < report.eml"),
    'export POSTRIDER_PASSWORD="$SMTP_PASSWORD"': Case(
        to=(YOU,), env={"SMTP_PASSWORD": PASSWORD, **CI},
        script="{} && postrider -t < report.eml"),
    "git send-email --sendmail-cmd=postrider --confirm=never "
    "--from=ci@corp.example --to=list@example.org -1": Case(
        to=("list@example.org", "me@gmail.com"), setup=GIT,
        env={"POSTRIDER_PASSWORD": PASSWORD, **CI}),
    # postrider-cron(7)
    "0 6 * * * report | postrider -s 'Daily report' you@example.org": Case(
        "gmail", to=(YOU,),
        script='line="{}"; sh -c "${{line#\'0 6 * * * \'}}"'),
    "/usr/sbin/sendmail -bv root": Case(
        config=BOX, setup=AS_SENDMAIL, shows="admin@corp.example"),
    r"printf 'Subject: test\n\nIt works.\n' | /usr/sbin/sendmail root": Case(
        config=BOX, setup=AS_SENDMAIL, env={"PASSWORD": PASSWORD},
        to=("admin@corp.example",)),
    # postrider-migrate(7)
    "postrider import": Case(setup=MSMTP,
                             shows="msmtp +1 account: postrider import msmtp"),
    "postrider check --all": Case("work", WORK, shows="everything works"),
    "postrider config set local-recipient admin@corp.example": Case(
        "gmail", shows="admin@corp.example",
        script="{} && postrider -bv root"),
    "readlink -f /usr/sbin/sendmail": Case(
        setup=AS_SENDMAIL, shows="/postrider"),
    "rm -r ~/.config/postrider ~/.local/state/postrider": Case(
        "gmail", script="{}; find ~ -name postrider -type d | wc -l",
        shows=r"(?m)^0"),
    # mutt
    'set sendmail = "postrider"': Case(
        "gmail", to=(YOU,),
        script="echo '{}' > rc; mutt -n -F rc -s x -- you@example.org < text"),
    "set use_envelope_from = yes": Case(
        "gmail", to=(YOU,),
        script="printf 'set sendmail = \"postrider\"\\n{}\\n"
               "set from = me@gmail.com\\n' > rc; "
               "mutt -n -F rc -s x -- you@example.org < text"),
    # postrider-oauth(7)
    "postrider login --provider gmail --client-id ID me@corp.example":
        login(SECRET),
    "postrider login --device --client-id ID me@outlook.com": login(),
    "postrider login --paste --client-id ID me@gmail.com":
        login(SECRET, ("Paste the URL", elsewhere)),
    "openssl req -x509 -newkey rsa:2048 -noenc -days 365 "
    "-subj /CN=postrider -keyout client.key -out client.pem": Case(
        script="{} && openssl x509 -in client.pem -noout -subject && "
        "stat -c %a client.key", shows=r"CN ?= ?postrider[\s\S]+600"),
    # postrider-credential(1), postrider-oauth2(1)
    "secret-tool store --label=gmail host smtp.gmail.com service smtp "
    "user me@gmail.com": Case(
        config="account default { user = me@gmail.com }\n",
        answers=(("assword", PASSWORD),),
        script="{} && postrider you@example.org < text", to=(YOU,)),
    r"printf 'protocol=smtp\nhost=smtp.gmail.com\nusername=me@gmail.com\n\n' "
    "| git credential-postrider get":
        Case("gmail", shows=f"password={PASSWORD}"),
    **{f"git config --global {words}": Case(
        script="{} && git config --get-regexp .", shows=value)
       for words, value in (
           ("sendemail.smtpServer smtp.gmail.com", "smtp.gmail.com"),
           ("sendemail.smtpServerPort 587", "587"),
           ("sendemail.smtpEncryption tls", "tls"),
           ("sendemail.smtpUser me@gmail.com", "me@gmail.com"),
           ("--add credential.helper postrider", "postrider"),
           ("sendemail.smtpAuth XOAUTH2", "XOAUTH2"))},
    "/usr/local/libexec/postrider/postrider-oauth2 --account=work endpoints":
        Case(config="account work { user = me@gmail.com }\n",
             setup=f"mkdir /usr/local/libexec; cp -r {BUILD} /usr/local/libexec/postrider;",
             shows="oauth2.googleapis.com"),
}

SYSTEMD = "tests/sendmail/test_system_wide_systemd.py runs it"
NOT_RUN = {
    "make deps": "installs packages",
    "make": "has built what is tested",
    "sudo make install": "writes to /usr/local",
    "make CONFIGURE_FLAGS=--without-libsecret": "configures and builds",
    "make install": "writes to /usr/local",
    "make install prefix=/usr DESTDIR=...": "names no directory",
    "make distclean": "removes the build that is tested",
    "sudo make install-sendmail": "changes the system's sendmail",
    "sudo make install-service": "writes to /usr/local",
    "systemd-ask-password -n | sudo install -D -m 600 /dev/stdin "
    "/etc/postrider/password": "needs systemd",
    "sudoedit /etc/postrider/submit.conf /etc/postrider/config":
        "tests/sendmail/test_system_wide.py has both files",
    "sudo systemctl enable --now postrider.socket": SYSTEMD,
    "sudo systemd-run --pty --collect -p DynamicUser=yes -p User=postrider "
    "-p StateDirectory=postrider -p StateDirectoryMode=0700 "
    "-E HOME=/var/lib/postrider "
    "postrider login -C /etc/postrider/submit.conf system": SYSTEMD,
    "sudo systemd-run --pipe --collect -p DynamicUser=yes -p User=postrider "
    "-p StateDirectory=postrider -E HOME=/var/lib/postrider postrider queue":
        SYSTEMD,
    "sudo systemd-run -q --pipe --wait --collect -p DynamicUser=yes "
    "-p User=postrider -p StateDirectory=postrider "
    "-p LoadCredential=password:/etc/postrider/password "
    "-E HOME=/var/lib/postrider postrider queue run": SYSTEMD,
    "age-keygen | sudo systemd-creds encrypt --name=age.key - "
    "/etc/postrider/age.key": SYSTEMD,
    "sudo systemctl start mail@cron.service": "needs systemd",
    "sudo systemd-creds encrypt --name=smtp /dev/stdin "
    "/etc/credstore.encrypted/smtp": "needs systemd",
    "journalctl -t postrider --since today": "needs systemd",
    "sudo install -D -m 600 /dev/null /etc/postrider/password":
        "changes the system",
    "sudoedit /etc/postrider/password": "changes the system",
    "sudo systemctl disable --now postrider.socket": "needs systemd",
    "sudo rm -r /etc/postrider": "changes the system",
    "sudo apt install ./postrider_*.deb ./postrider-mta_*.deb":
        "tests/packaging installs them",
    "sudo apt install msmtp-mta": "changes the system",
    "sudo make uninstall": "tests/packaging removes what is installed",
    "make demo": "tests/cli/test_demo.py runs what it runs",
    "make demo SVG=demo.svg": "tests/cli/test_demo.py runs what it runs",
    "make bench": "takes minutes",
    "sendmail you@example.org < message":
        "tests/sendmail/test_queue_on_failure.py runs it",
    "sudo postrider queue": "postrider queue is run above",
    "postrider queue look ID": "tests/sendmail/test_queue_look.py runs it",
    "postrider queue install": "tests/cli/test_queue_install.py runs it",
    "postrider accounts default NAME": "is an abbreviation of another command",
    "postrider -t": "is an abbreviation of another command",
    "postrider logout": "is an abbreviation of another command",
}

PAGE = pathlib.Path(__file__).parents[2] / "man/postrider-cron.7"
MAIL_UNIT_TEXT = next(
    block for block in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed",
                                  PAGE.read_text(), re.M | re.S)
    if "Type=oneshot" in block).replace(r"\e", "\\")
MAIL_UNIT = [one_line(line) for _, line in in_block("", MAIL_UNIT_TEXT)]

NO_COMMAND = {
    "MAILER_DSN=sendmail://default?command=/usr/bin/postrider%20-bs":
        "a setting of Symfony; see test_php_as_symfony_mailer",
    "postrider: the keyring has no password for me@gmail.com at "
    "smtp.gmail.com": "a message",
    "hint: store it with: postrider login me@gmail.com; ...": "its hint",
    "New-ServicePrincipal -AppId ID -ObjectId OBJECT_ID":
        "PowerShell of Exchange Online",
    "Add-MailboxPermission -Identity reports@corp.example "
    "-User OBJECT_ID -AccessRights FullAccess":
        "PowerShell of Exchange Online",
    "Set-CASMailbox me@corp.example -SmtpClientAuthenticationDisabled $false":
        "PowerShell of Exchange Online",
    "Set-TransportConfig -SmtpClientAuthenticationDisabled $false":
        "PowerShell of Exchange Online",
    "2 KB 200 MB resident": "a table",
    "From: root (Cron Daemon) From: Cron Daemon <box@corp.example>": "a table",
    "To: root To: root <admin@corp.example>": "a table",
    "root: admin@corp.example, ops@corp.example": "aliases",
    **dict.fromkeys(MAIL_UNIT, "test_the_unit_that_mails_a_failure"),
    "OnFailure=mail@%n.service": "test_the_unit_that_mails_a_failure",
    "LoadCredentialEncrypted=smtp:/etc/credstore.encrypted/smtp":
        "a unit file",
    "LoadCredentialEncrypted=age.key:/etc/postrider/age.key":
        "test_tokens_that_are_encrypted",
    "Environment=POSTRIDER_CREDENTIAL=systemd:smtp": "a unit file",
    "ExecStart=/usr/local/bin/report": "a unit file",
}


@pytest.fixture(scope="module")
def internet(tmp_path_factory, ca):
    with Internet(tmp_path_factory.mktemp("internet"), ca) as running:
        yield running


@pytest.fixture
def desk(postrider, keyring, internet):
    return Desk(postrider, internet)


class Desk:
    """A person's machine: what is installed, the files in the directory, and
    how to run a command line there."""

    def __init__(self, postrider, internet):
        self.postrider = postrider
        self.internet = internet
        programs = postrider.home / "bin"
        programs.mkdir()
        for name, program in (("postrider", "postrider"),
                              ("git-credential-postrider",
                               "postrider-credential")):
            (programs / name).symlink_to(BUILD / program)
        report = programs / "report"
        report.write_text("#!/bin/sh\necho All is well.\n")
        report.chmod(0o755)
        for name, text in FILES.items():
            (postrider.home / name).write_text(text)
        postrider.env.update(
            PATH=f"{programs}:{os.environ['PATH']}", PERL5LIB=str(PERL),
            BROWSER=str(internet.browser), GIT_CONFIG_NOSYSTEM="1", GIT_PAGER="cat")

    def script(self, command):
        return lambda _: self.internet.wrap(
            ["timeout", "--foreground", str(LIMIT), "sh", "-c",
             f"cd {self.postrider.home}; {command}"])

    def sign_in(self, account):
        command, answers = SIGN_IN[account]
        status, said = self.run(Case(answers=answers), command)
        assert status == 0, said

    def run(self, case, command):
        return self.postrider.at_terminal(
            [], case.answers, case.env, columns=80,
            wrap=self.script(case.setup + case.script.format(command)))


@pytest.mark.parametrize("command", CASES)
def test_a_documented_command_works(desk, command):
    case = CASES[command]
    if case.config:
        desk.postrider.configure(case.config)
    if case.account:
        desk.sign_in(case.account)
    before = len(desk.internet.messages)
    status, said = desk.run(case, command)
    assert status == 0, said
    assert re.search(case.shows, said), said
    arrived = desk.internet.messages[before:]
    assert sorted(to for message in arrived for to in message.to) == sorted(
        case.to), said


@pytest.mark.parametrize("command", NOT_RUN)
def test_a_command_that_is_not_run_can_be_parsed(command):
    subprocess.run(["sh", "-n", "-c", command], check=True)


def test_every_documented_command_is_here():
    known = {*CASES, *NOT_RUN, *NO_COMMAND}
    assert {command: where for command, where in DOCUMENTED.items()
            if command not in known} == {}
    assert known - {*DOCUMENTED} == set()


def test_the_environment_of_the_unit_file(desk):
    """What systemd does with it, as far as that concerns postrider."""
    line = "Environment=POSTRIDER_CREDENTIAL=systemd:smtp"
    assert line in DOCUMENTED
    credentials = desk.postrider.home / "credentials"
    credentials.mkdir()
    (credentials / "smtp").write_text(PASSWORD)
    (credentials / "smtp").chmod(0o600)
    case = Case(env={"CREDENTIALS_DIRECTORY": str(credentials)}, to=(YOU,))
    before = len(desk.internet.messages)
    status, said = desk.run(
        case, f"{line.removeprefix('Environment=')} postrider "
        f"--user me@gmail.com {YOU} < text")
    assert status == 0, said
    assert len(desk.internet.messages) == before + 1


def test_the_unit_that_mails_a_failure(desk):
    """systemd accepts it; its command sends the status of the other unit."""
    unit = desk.postrider.home / "mail@.service"
    unit.write_text(MAIL_UNIT_TEXT)
    subprocess.run(["systemd-analyze", "verify", "--man=no",
                    unit.with_name("mail@x.service")], check=True)
    systemctl = desk.postrider.home / "bin/systemctl"
    systemctl.write_text("#!/bin/sh\necho \"$3: failed\"\nexit 3\n")
    systemctl.chmod(0o755)
    command = re.search(r"^ExecStart=(.*)", one_line(MAIL_UNIT[-1]), re.M)[1]
    desk.postrider.configure(BOX)
    case = Case(env={"PASSWORD": PASSWORD})
    before = len(desk.internet.messages)
    status, said = desk.run(case, command.replace("%i", "a-b.service").replace(
        "%H", "box").replace("{", "{{"))
    assert status == 0, said
    message = desk.internet.messages[before]
    assert message.to == ["admin@corp.example"]
    assert b"Subject: a-b.service failed on box" in message.data
    assert b"a-b.service: failed" in message.data
