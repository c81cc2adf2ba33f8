# SPDX-License-Identifier: MIT
"""Mail of system programs, whose addresses have no domain: what a provider
gets."""
import email
import email.policy
import socket

import pytest

from callers.mail import Mail, body_of, field_of, fields_of, names_of
from peers.postfix import new_token

ME = b"me@example.test"
OPS = b"ops@corp.example"
BOX = socket.gethostname()
CRON = b"""\
From: root (Cron Daemon)
To: root
Subject: Cron <root@box> test -x /bin/true
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
X-Cron-Env: <LOGNAME=root>

From: root
To: root
"""
MDADM = b"""\
From: mdadm monitoring <root>
To: root
Subject: DegradedArray event on /dev/md0:box

This is an automatically generated mail message.
"""
CALLERS = [
    ("Debian's cron", ["-FCronDaemon", "-i", "-B8BITMIME", "-oem", "root"],
     CRON, b"Cron Daemon <me@example.test>", b"root"),
    ("cronie", ["-FCronDaemon", "-i", "-odi", "-oem", "-oi", "-t", "-f",
                "root"],
     CRON.replace(b"root (Cron Daemon)", b'"(Cron Daemon)" <root>'),
     b'"(Cron Daemon)" <me@example.test>', b"root"),
    ("dcron", ["-t", "-oem", "-i"],
     CRON.replace(b"root (Cron Daemon)", b"root@"),
     b"root <me@example.test>", b"root"),
    ("mdadm", ["-t"], MDADM, b"mdadm monitoring <me@example.test>", b"root"),
    ("logwatch", ["-t"],
     b"To: root\nFrom: Logwatch <root@localhost>\nSubject: x\n\nx\n",
     b"Logwatch <me@example.test>", b"root"),
    ("unattended-upgrades", ["-oi", "-t"],
     f"From: root@{BOX}\nTo: root@{BOX}\n\nx\n".encode(),
     b"root <me@example.test>", b"root"),
    ("sudo", ["-t"], b"To: root\nFrom: www-data\nSubject: x\n\nx\n",
     b"www-data <me@example.test>", b"root"),
    ("fail2ban", ["-f", "fail2ban", "root"],
     b"Subject: x\nFrom: Fail2Ban <fail2ban>\nTo: root\n\nx\n",
     b"Fail2Ban <me@example.test>", b"root"),
]


def rest_of(data):
    """What is not an address field: bytes that may not change."""
    head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    return ([line for line in head.split(b"\n") if not line.startswith(
        (b"From:", b"To:", b"Date:", b"Message-ID:"))], body)


@pytest.fixture(params=["local-recipient", "aliases"])
def to_ops(request, mail):
    if request.param == "aliases":
        mail.aliases.write_text("root: ops@corp.example\n")
    else:
        mail.configure("local-recipient = ops@corp.example")
    return mail


@pytest.mark.parametrize("who, arguments, text, sender, name", CALLERS,
                         ids=[row[0] for row in CALLERS])
def test_is_completed(to_ops, who, arguments, text, sender, name):
    message = to_ops.send(*arguments, input=text, name="sendmail", cwd="/")
    assert message.sender == ME.decode()
    assert message.to == [OPS.decode()]
    assert field_of(message, "from") == sender
    assert field_of(message, "to") == name + b" <" + OPS + b">"
    assert rest_of(message.data) == rest_of(text)
    parsed = email.message_from_bytes(message.data,
                                      policy=email.policy.default)
    for field in ("from", "to"):
        for address in parsed[field].addresses:
            assert address.username and address.domain


@pytest.mark.parametrize("who, arguments, text, sender, name", CALLERS,
                         ids=[row[0] for row in CALLERS])
def test_postfix_delivers_it(postrider, postfix, ca, who, arguments, text,
                             sender, name):
    """A server appends its own domain to an address that has none."""
    token = new_token().encode()
    mail = Mail(postrider, postfix)
    mail.configure("user = alice  tls = starttls  local-recipient = "
                   f'bob@example.test  tls-trust-file = "{ca.pem}" credential '
                   f'= "file:{postrider.secret_file("secret")}"')
    done = mail.run(*arguments, input=text + token, name="sendmail", cwd="/")
    assert (done.status, done.err) == (0, "")
    head = postfix.wait_for("bob", token.decode()).partition(b"\n\n")[0]
    assert b"\nFrom: " + sender + b"\n" in head
    assert b"\nTo: root <bob@example.test>\n" in head


def test_a_complete_message_is_as_before(to_ops):
    text = (b"from:  =?utf-8?q?J=C3=BC?=\n <me@example.test> (note)\n"
            b"To:you@example.org ,\n\t\"A, B\" <two@example.org>\n"
            b"Cc: friends: three@example.org;\nSubject: root\n\nFrom: root\n")
    message = to_ops.send("-t", input=text)
    head = text.partition(b"\n\n")[0].replace(b"\n", b"\r\n") + b"\r\n"
    assert message.data.startswith(head)


def test_never_leaves_the_header(to_ops):
    to_ops.postrider.env["POSTRIDER_SET_FROM"] = "never"
    message = to_ops.send("root", input=CRON)
    assert field_of(message, "from") == b"root (Cron Daemon)"
    assert field_of(message, "to") == b"root"
    assert (message.sender, message.to) == (ME.decode(), [OPS.decode()])


def test_always_replaces_the_sender(mail):
    mail.configure("set-from = always")
    text = (b"From: Bob <bob@corp.example>\nSubject: x\n\nx\n")
    message = mail.send("-f", "bounce@corp.example", "you@example.org",
                        input=text)
    assert message.sender == ME.decode()
    assert field_of(message, "from") == b"Bob <me@example.test>"
    assert field_of(message, "reply-to") == b"bob@corp.example"
    assert "sender" not in names_of(message)


def test_a_null_sender_stays(mail):
    mail.configure("set-from = always")
    assert mail.send("-f", "<>", "you@example.org").sender == ""


def test_sender_on_request(mail):
    text = b"From: bob@corp.example\nSubject: x\n\nx\n"
    assert "sender" not in names_of(mail.send("you@example.org", input=text))
    mail.configure("add-sender = yes")
    message = mail.send("you@example.org", input=text)
    assert field_of(message, "from") == b"bob@corp.example"
    assert field_of(message, "sender") == ME


def test_an_unreadable_from_needs_always(mail):
    text = b"From: Cron Daemon\nSubject: x\n\nx\n"
    error = mail.refuse(65, "you@example.org", input=text)
    assert "From" in error and "--set-from=always" in error
    message = mail.send("--set-from=always", "you@example.org", input=text)
    assert field_of(message, "from") == b"Me <me@example.test>"


def test_a_broken_signature_is_said(mail):
    text = (b"DKIM-Signature: v=1; d=box; h=Subject:\n\tFrom; b=x\n"
            b"From: root\nSubject: x\n\nx\n")
    done = mail.run("-v", "you@example.org", input=text)
    assert done.status == 0
    assert "From named root; it now has the account's address" in done.err
    assert "DKIM-Signature covers" in done.err
    mail.arrived()


def test_several_recipients_stay_unnamed(mail):
    mail.aliases.write_text("root: a@corp.example, b@corp.example\n")
    message = mail.send("-t", input=b"To: root\n\nx\n")
    assert message.to == ["a@corp.example", "b@corp.example"]
    assert field_of(message, "to") == b"root:;"


def test_root_of_a_provider_is_not_root_here(postrider):
    """root@gmail.com belongs to another person."""
    postrider.configure('account a { user = me@gmail.com '
                        'aliases = "" }\n')
    done = postrider.run("--dry-run", "root", input=CRON)
    assert done.status == 0
    assert "recipient  <me@gmail.com>" in done.out
    assert "\nTo: root <me@gmail.com>\n" in done.out


def test_without_an_account_address_the_login_name_is_used(mail):
    mail.postrider.configure(
        f'account a {{ host = 127.0.0.1  port = {mail.server.port} '
        'tls = none  domain = mail.corp.example }\n')
    message = mail.send("you@example.org",
                        input=b"From: root (Cron)\nTo: bob\n\nx\n")
    assert field_of(message, "from").startswith(b"Cron <")
    assert field_of(message, "from").endswith(b"@mail.corp.example>")
    assert field_of(message, "to") == b"bob"
    assert dict(fields_of(message))["from"].count(b"@") == 1


def test_over_smtp_too(to_ops):
    dialogue = (b"EHLO x\r\nMAIL FROM:<root@localhost>\r\nRCPT TO:<root>\r\n"
                b"DATA\r\n" + MDADM.replace(b"\n", b"\r\n") + b".\r\nQUIT\r\n")
    done = to_ops.run("-bs", input=dialogue, name="sendmail")
    assert done.status == 0, done
    assert "250 2.0.0" in done.out, done.out
    message = to_ops.arrived()
    assert (message.sender, message.to) == (ME.decode(), [OPS.decode()])
    assert field_of(message, "from") == b"mdadm monitoring <me@example.test>"
    assert field_of(message, "to") == b"root <" + OPS + b">"
    assert body_of(message) == MDADM.partition(b"\n\n")[2].replace(b"\n",
                                                                   b"\r\n")
