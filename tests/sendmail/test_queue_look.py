# SPDX-License-Identifier: MIT
"""postrider queue look: asks the provider's mailbox of sent mail whether a
message arrived whose outcome is unknown."""
import contextlib
import json
import re

import pytest

from callers.unknown import ID, MESSAGE
from dialogue.imap import ImapServer

SECRET = "s3cr3t-Zwanzig-4711-xyzzy"
COPY = f"From: me@example.test\nMessage-ID: {ID}\nSubject: x\n\n"
ACCEPTED = "Received: from me by mx\n\tfor you\n" + COPY
OTHER = ACCEPTED.replace("one@", "other@")
WAYS = ("implicit", "starttls")


@pytest.fixture
def make_imap(ca):
    with contextlib.ExitStack() as running:
        def make(**how):
            how.setdefault("leaf", ca.server)
            return running.enter_context(ImapServer(**how))

        yield make


@pytest.mark.parametrize("way", WAYS)
def test_what_the_provider_filed_was_accepted(unknown, make_imap, way):
    imap = make_imap(mailboxes={"Sent": [OTHER, ACCEPTED]}, tls=way)
    unknown.configure(imap, f"imap-tls = {way}")
    id = unknown.add()
    done = unknown.look(id)
    assert done.err == ""
    assert done.out == (
        f"{id}: found in the mailbox Sent at localhost, so it was accepted\n"
        "it is no longer in the queue\n")
    assert unknown.statuses(id) is None
    assert imap.signed_in == [("alice", "PLAIN")]
    assert len(imap.wires) == 1
    assert not [line for line in imap.commands
                if line.startswith(("SELECT", "STORE", "APPEND"))]
    if way == "starttls":
        assert b"AUTHENTICATE" not in imap.received_clear


def test_json_says_the_same(unknown, make_imap):
    unknown.configure(make_imap(mailboxes={"Sent": [ACCEPTED]}))
    id = unknown.add()
    assert json.loads(unknown.look(id, "--json").out) == {
        "status": "found", "exit_status": 0, "id": id, "message_id": ID,
        "host": "localhost", "mailbox": "Sent", "in_queue": False}


def test_what_a_mail_program_filed_proves_nothing(unknown, make_imap):
    unknown.configure(make_imap(mailboxes={"Sent": [COPY]}))
    id = unknown.add()
    done = unknown.look(id, status=69)
    assert done.out == (
        f"{id}: found in the mailbox Sent at localhost\n"
        "a mail program may have put it there, so this doesn't prove that it "
        "was accepted\n"
        f"nothing was changed; postrider queue resend {id} sends it again, "
        f"postrider queue drop {id} removes it\n")
    assert unknown.statuses(id) == ["unknown"]


def test_beside_a_copy_the_filed_one_counts(unknown, make_imap):
    unknown.configure(make_imap(mailboxes={"Sent": [COPY, OTHER, ACCEPTED]}))
    id = unknown.add()
    unknown.look(id)
    assert unknown.statuses(id) is None


def test_a_message_that_was_received_before_proves_nothing(unknown, make_imap):
    unknown.configure(make_imap(mailboxes={"Sent": [ACCEPTED]}))
    id = unknown.add(input=b"Received: by somebody\n" + MESSAGE)
    assert "since an earlier delivery" in unknown.look(id, status=69).out
    assert unknown.statuses(id) == ["unknown"]


def test_an_earlier_transaction_proves_nothing(unknown, make_imap):
    imap = make_imap(mailboxes={"Sent": [ACCEPTED]})
    unknown.configure(imap)
    id = unknown.add("you@example.org", "b@example.org",
                     statuses=("sent", "unknown"))
    assert "since an earlier delivery" in unknown.look(id, status=69).out
    imap.mailboxes["Sent"].clear()
    assert "so this proves nothing" in unknown.look(id, status=69).out
    assert unknown.statuses(id) == ["sent", "unknown"]


def test_refused_recipients_stay(unknown, make_imap):
    unknown.configure(make_imap(mailboxes={"Sent": [ACCEPTED]}))
    id = unknown.add("you@example.org", "b@example.org",
                     statuses=("unknown", "refused"))
    assert "its other recipients are still" in unknown.look(id).out
    assert unknown.statuses(id) == ["sent", "refused"]


@pytest.mark.parametrize("fields, words", [
    ("", "it isn't known whether the provider files mail there"),
    ("sent-copy = yes", "it was probably not accepted")])
def test_not_found_is_told_by_what_the_provider_does(unknown, make_imap,
                                                     fields, words):
    imap = make_imap(mailboxes={"Sent": [OTHER]})
    unknown.configure(imap, "provider = corp")
    config = unknown.mail.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text()
                      + f"provider corp {{ host = 127.0.0.1\n{fields}\n}}\n")
    id = unknown.add()
    done = unknown.look(id, status=69)
    assert done.out.splitlines()[0] == (
        f"{id}: not found in the mailbox Sent at localhost")
    assert words in done.out
    assert json.loads(unknown.look(id, "--json", status=69).out) == {
        "status": "not-found", "exit_status": 69, "id": id, "message_id": ID,
        "host": "localhost", "mailbox": "Sent", "in_queue": True}
    assert unknown.statuses(id) == ["unknown"]


def test_a_provider_that_files_nothing_is_not_asked(unknown, make_imap):
    imap = make_imap(mailboxes={"Sent": [ACCEPTED]})
    unknown.configure(imap, "provider = corp")
    config = unknown.mail.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text() + "provider corp {\n"
                      "host = 127.0.0.1\nsent-copy = no\n}\n")
    id = unknown.add()
    done = unknown.look(id, status=69)
    assert "the provider doesn't file mail that is sent by SMTP" in done.out
    assert imap.wires == []
    assert json.loads(unknown.look(id, "--json", status=69).out)["host"] is None


def test_a_replaced_message_id_is_found(unknown, make_imap):
    imap = make_imap(mailboxes={"Sent": [ACCEPTED.replace(
        f"Message-ID: {ID}", f"Message-ID: <new@mx>\nX-Original-ID: {ID}")]})
    unknown.configure(imap, "provider = corp")
    config = unknown.mail.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text() + "provider corp {\n"
                      "host = 127.0.0.1\noriginal-id = X-Original-ID\n}\n")
    unknown.look(unknown.add())


# ---- the mailbox -------------------------------------------------------------

@pytest.mark.parametrize("attributes", ["always", "asked"])
@pytest.mark.parametrize("name", [
    "Gesendet", "[Gmail]/Sent Mail", "a \"b\" \\c", "50% of&AOk-",
    "Sent (old) ]"])
def test_the_mailbox_is_found_by_its_attribute(unknown, make_imap, attributes,
                                              name):
    unknown.configure(make_imap(mailboxes={name: [ACCEPTED], "Sent": []},
                                attributes=attributes))
    unknown.look(unknown.add())


def test_without_attributes_usual_names_count(unknown, make_imap):
    unknown.configure(make_imap(
        mailboxes={"Archive": [], "INBOX/Sent Items": [ACCEPTED]},
        attributes="never"))
    unknown.look(unknown.add())


def test_else_the_setting_names_it(unknown, make_imap):
    imap = make_imap(mailboxes={"Versandt": [ACCEPTED]}, attributes="never")
    unknown.configure(imap)
    id = unknown.add()
    done = unknown.look(id, status=78)
    assert "doesn't name the mailbox of sent mail" in done.err
    assert "hint: set sent-mailbox in the account" in done.err
    unknown.configure(imap, "sent-mailbox = Elsewhere")
    done = unknown.look(id, status=78)
    assert "the mailbox Elsewhere can't be opened" in done.err
    assert "there is no such mailbox" in done.err
    unknown.configure(imap, "sent-mailbox = Versandt")
    unknown.look(id)
    assert not [line for line in imap.commands[-6:] if "LIST" in line]


def test_a_literal_names_the_mailbox(unknown, make_imap):
    unknown.configure(make_imap(mailboxes={"Sent \"x\"": [ACCEPTED]}, replies={
        "LIST": "* LIST (\\Sent) NIL {8}\r\nSent \"x\"\r\nTAG OK done"}))
    unknown.look(unknown.add())


# ---- the sign-in ------------------------------------------------------------

def test_a_wrong_password_changes_nothing(unknown, make_imap):
    unknown.configure(make_imap(users={}), secret=SECRET)
    id = unknown.add()
    done = unknown.look(id, status=77)
    assert "localhost: alice can't sign in by IMAP" in done.err
    assert "require IMAP to be enabled" in done.err
    assert unknown.statuses(id) == ["unknown"]


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("way", WAYS)
def test_a_token_signs_in(unknown, make_imap, mechanism, way):
    imap = make_imap(mailboxes={"Sent": [ACCEPTED]}, tokens={"alice": SECRET},
                     mechanisms=("PLAIN", mechanism), tls=way)
    unknown.configure(imap, "auth = xoauth2", f"imap-tls = {way}",
                      secret=SECRET)
    unknown.look(unknown.add())
    assert imap.signed_in == [("alice", mechanism)]


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("fields, hint", [
    ("", "add the scope for IMAP to scope"),
    ("imap-scope = \"https://mail/imap\"", "add https://mail/imap to scope")])
def test_a_token_for_smtp_only_is_explained(unknown, make_imap, mechanism,
                                            fields, hint):
    def refuse(wire):
        wire.send(b"+ \r\n")
        quoted = wire.line().strip()
        wire.send(b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n")
        wire.line()
        tag = b"A002" if b"A002" in wire.received else b"A001"
        wire.send(tag + b" NO not " + quoted + b"\r\n")
        wire.read_to_end()

    imap = make_imap(mechanisms=(mechanism,), replies={"AUTHENTICATE": refuse})
    unknown.configure(imap, "provider = corp", "auth = xoauth2", secret=SECRET)
    config = unknown.mail.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text() + "provider corp {\n"
                      f"host = 127.0.0.1\n{fields}\n}}\n")
    id = unknown.add()
    done = unknown.look(id, status=77)
    # libcurl (7.88) doesn't read what follows the challenge of XOAUTH2.
    assert "alice can't sign in by IMAP" + (
        ": NO not <redacted>" if mechanism == "OAUTHBEARER" else "\n"
    ) in done.err
    assert hint in done.err
    assert unknown.statuses(id) == ["unknown"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["expired", "wrong-host", "self-signed",
                                  "other-ca", "common-name-only"])
def test_a_bad_certificate_gets_nothing(unknown, make_imap, ca, way, kind):
    imap = make_imap(leaf=ca.odd(kind), tls=way)
    unknown.configure(imap, f"imap-tls = {way}", secret=SECRET)
    done = unknown.look(unknown.add(), status=76)
    assert "localhost" in done.err
    assert not [line for line in imap.commands if "AUTH" in line]
    assert SECRET.encode() not in imap.received


def test_without_starttls_nothing_is_sent(unknown, make_imap):
    imap = make_imap(tls="starttls", replies={
        "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done"})
    unknown.configure(imap, "imap-tls = starttls", secret=SECRET)
    done = unknown.look(unknown.add(), status=76)
    assert "offers no STARTTLS" in done.err
    assert "set imap-tls to implicit" in done.err
    assert SECRET.encode() not in imap.received


def huge_literal(wire):
    wire.send(b"* LIST (\\Sent) \"/\" {999999999}\r\n")
    while True:
        wire.send((b"x" * 70 + b"\r\n") * 1000)


@pytest.mark.parametrize("replies, status, message", [
    ({"greeting": "220 mail.example.test ESMTP"}, 75, "isn't IMAP"),
    ({"greeting": "* BYE overloaded"}, 75, "localhost"),
    ({"greeting": lambda wire: wire.reset()}, 75, "localhost"),
    ({"greeting": lambda wire: wire.hang()}, 75, "time limit"),
    ({"AUTHENTICATE": f"TAG NO not {SECRET}"}, 77, "not <redacted>"),
    ({"sign-in": f"TAG NO [ALERT] {SECRET[::1]} is bad"}, 77, "<redacted>"),
    ({"sign-in": "A999 OK welcome"}, 75, "time limit"),
    ({"LIST": huge_literal}, 75, "localhost"),
    ({"LIST": "* LIST garbage\r\nTAG OK done"}, 78, "doesn't name the mailbox"),
    ({"LIST": "* LIST (\\Sent) \"/\" {99}\r\nSent\r\nTAG OK done"}, 78,
     "doesn't name the mailbox"),
    ({"LIST": "TAG BAD what?"}, 78, "doesn't name the mailbox"),
    ({"LIST": lambda wire: wire.reset()}, 75, "localhost"),
    ({"EXAMINE": "TAG NO locked"}, 69, "localhost: NO locked"),
    ({"SEARCH": "TAG BAD no index"}, 69, "localhost: BAD no index"),
    ({"SEARCH": lambda wire: wire.hang()}, 75, "time limit"),
    ({"SEARCH": "B999 OK done"}, 75, "time limit"),
])
def test_each_failure_has_its_words(unknown, make_imap, replies, status,
                                    message):
    unknown.configure(make_imap(replies=replies, users={"alice": SECRET}),
                      "timeout = 2s", secret=SECRET)
    id = unknown.add()
    done = unknown.look(id, status=status)
    assert message in done.err
    assert done.out == ""
    assert SECRET not in done.err
    assert unknown.statuses(id) == ["unknown"]


def test_nobody_listens(unknown, make_imap):
    imap = make_imap()
    port = imap.port
    imap.__exit__(None, None, None)
    unknown.configure(port)
    done = unknown.look(unknown.add(), status=75)
    assert "localhost: Connection refused" in done.err
    assert f"imap-host and imap-port ({port})" in done.err


# ---- what can't be asked ----------------------------------------------------

def test_an_account_without_imap_says_what_to_look_for(mail, unknown):
    unknown.configure(1)
    config = mail.postrider.home / ".config/postrider/config"
    config.write_text(re.sub(".*imap.*\n", "", config.read_text()))
    done = unknown.look(unknown.add(), status=78)
    assert "account test: imap-host isn't set" in done.err
    assert f"look yourself for the Message-ID {ID}" in done.err


def test_a_known_outcome_is_not_looked_for(unknown, make_imap):
    unknown.configure(make_imap())
    id = unknown.add(statuses=("refused",))
    assert "the outcome isn't unknown" in unknown.look(id, status=64).err


def test_an_own_host_keeps_its_password_from_the_provider(unknown, mail):
    mail.postrider.configure(
        "account test {\nprovider = corp\nhost = smtp.other.example\n"
        "from = me@example.test\nuser = alice\ncredential = \"env:X\"\n}\n"
        "provider corp {\nhost = smtp.corp.example\n"
        "imap-host = imap.corp.example\n}\n")
    id = unknown.add()
    assert "imap-host isn't set" in unknown.look(id, status=78).err


def test_a_program_that_crashes_is_named(unknown, make_imap, tmp_path):
    program = tmp_path / "postrider-oauth2"
    program.write_text("#!/bin/sh\nkill -SEGV $$\n")
    program.chmod(0o755)
    unknown.configure(make_imap())
    id = unknown.add()
    done = unknown.mail.run("queue", "look", id, input=b"",
                            env={"POSTRIDER_EXEC_PATH": tmp_path})
    assert done.status == 75
    assert "postrider-oauth2 was ended by signal 11" in done.err
    assert unknown.statuses(id) == ["unknown"]
