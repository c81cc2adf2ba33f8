# SPDX-License-Identifier: MIT
"""postrider queue look with Dovecot, whose mailboxes Python's imaplib fills."""
import pytest

from callers.unknown import ID
from peers.dovecot import Dovecot

COPY = (f"From: me@example.test\r\nMessage-ID: {ID}\r\nSubject: x\r\n\r\n"
        "body\r\n").encode()
ACCEPTED = b"Received: from me by mx\r\n\tfor you\r\n" + COPY
OTHER = ACCEPTED.replace(b"one@", b"other@")
WAYS = ("implicit", "starttls")
# In modified UTF-7, as IMAP has them, and in UTF-8.
NAMES = {"Sent": "Sent", "Gesendet": "Gesendet", "Kopien/Post": "Kopien/Post",
         "Mail &- 50 %": "Mail & 50 %",
         "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-": "Отправленные",
         "&2D3c5A-": "\N{OUTBOX TRAY}"}


@pytest.fixture(scope="module")
def dovecot_imap(run_directory, ca, relay_port, introspection):
    peer = Dovecot(run_directory / "dovecot-imap", ca, relay_port,
                   introspection.url, imap=True, sent=NAMES.values())
    yield peer
    peer.stop()


@pytest.fixture
def sign_in_as(unknown, dovecot_imap):
    """Sets the account to this user of Dovecot; the next one is another."""
    def configure(user, *more, way="implicit", **how):
        port = {"implicit": dovecot_imap.imaps_port,
                "starttls": dovecot_imap.imap_port}[way]
        unknown.configure(port, f"imap-tls = {way}", *more, user=user, **how)
    return configure


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mailbox", NAMES)
def test_it_is_found_in_the_mailbox_with_the_attribute(
        unknown, dovecot_imap, sign_in_as, mailbox, way):
    user = f"alice@found-{way}-{list(NAMES).index(mailbox)}"
    dovecot_imap.create_mailbox(user, "Archive", COPY)
    dovecot_imap.create_mailbox(user, mailbox, OTHER, COPY, ACCEPTED, OTHER)
    flags = dovecot_imap.flags(user, mailbox)
    sign_in_as(user, way=way)
    id = unknown.add()
    done = unknown.look(id)
    assert done.out == (f"{id}: found in the mailbox {NAMES[mailbox]} at "
                        "localhost, so it was accepted\n"
                        "it is no longer in the queue\n")
    assert done.err == ""
    assert unknown.statuses(id) is None
    assert dovecot_imap.flags(user, mailbox) == flags


def test_it_is_not_there(unknown, dovecot_imap, sign_in_as):
    user = "alice@not-there"
    dovecot_imap.create_mailbox(user, "Sent", OTHER)
    dovecot_imap.create_mailbox(user, "Archive", ACCEPTED)
    sign_in_as(user)
    id = unknown.add()
    done = unknown.look(id, status=69)
    assert f"{id}: not found in the mailbox Sent at localhost\n" in done.out
    assert "so this proves nothing" in done.out
    assert unknown.statuses(id) == ["unknown"]


def test_an_empty_mailbox_has_nothing(unknown, dovecot_imap, sign_in_as):
    user = "alice@empty"
    dovecot_imap.create_mailbox(user, "Sent")
    sign_in_as(user)
    assert "not found in the mailbox Sent" in unknown.look(
        unknown.add(), status=69).out


def test_a_copy_by_a_mail_program_proves_nothing(unknown, dovecot_imap,
                                                 sign_in_as):
    user = "alice@copy"
    dovecot_imap.create_mailbox(user, "Sent", COPY)
    sign_in_as(user)
    id = unknown.add()
    assert "a mail program may have put it there" in unknown.look(
        id, status=69).out
    assert unknown.statuses(id) == ["unknown"]


def test_without_a_mailbox_of_sent_mail_the_setting_names_it(
        unknown, dovecot_imap, sign_in_as):
    user = "alice@none"
    dovecot_imap.create_mailbox(user, "Archive", ACCEPTED)
    sign_in_as(user)
    id = unknown.add()
    done = unknown.look(id, status=78)
    assert "doesn't name the mailbox of sent mail" in done.err
    assert "hint: set sent-mailbox in the account" in done.err
    sign_in_as(user, "sent-mailbox = Archive")
    unknown.look(id)


@pytest.mark.parametrize("spelling", [
    "Отправленные & mehr/ü", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1- &- mehr/&APw-"])
def test_the_setting_may_have_either_spelling(unknown, dovecot_imap, sign_in_as,
                                              spelling):
    user = f"alice@spelling-{len(spelling)}"
    dovecot_imap.create_mailbox(
        user, "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1- &- mehr/&APw-", ACCEPTED)
    sign_in_as(user, f'sent-mailbox = "{spelling}"')
    assert ("found in the mailbox Отправленные & mehr/ü at"
            in unknown.look(unknown.add()).out)


def test_a_setting_that_names_no_mailbox_is_a_fault_of_the_configuration(
        unknown, sign_in_as):
    sign_in_as("alice@elsewhere", "sent-mailbox = Söndes")
    done = unknown.look(unknown.add(), status=78)
    assert "the mailbox Söndes can't be opened: localhost: NO " in done.err
    assert "hint: check sent-mailbox" in done.err


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_password_is_refused(unknown, sign_in_as, way):
    sign_in_as("alice@wrong", way=way, secret="s3cr3t-Zwanzig-4711")
    id = unknown.add()
    done = unknown.look(id, status=77)
    assert ("localhost: alice@wrong can't sign in by IMAP: "
            "NO [AUTHENTICATIONFAILED] Authentication failed.") in done.err
    assert "hint: check user and password" in done.err
    assert "s3cr3t" not in done.err
    assert unknown.statuses(id) == ["unknown"]


@pytest.mark.parametrize("way, port, status, hint", [
    ("implicit", "imap_port", 76, "STARTTLS, set imap-tls to starttls"),
    ("starttls", "imaps_port", 75, "implicit TLS, set imap-tls to implicit")])
def test_the_port_of_the_other_way_is_explained(unknown, dovecot_imap, way,
                                                port, status, hint):
    number = getattr(dovecot_imap, port)
    unknown.configure(number, f"imap-tls = {way}", "timeout = 2s")
    done = unknown.look(unknown.add(), status=status)
    assert (f"hint: if port {number} is for {hint}; otherwise check imap-host "
            "and imap-port") in done.err
    assert "http" not in done.err.lower()


@pytest.mark.parametrize("way", WAYS)
def test_a_token_signs_in(unknown, dovecot_imap, sign_in_as, bearer_token, way):
    dovecot_imap.create_mailbox("alice", f"Token-{way}", ACCEPTED)
    sign_in_as("alice", "auth = xoauth2", f"sent-mailbox = Token-{way}",
               way=way, secret=bearer_token)
    before = len(dovecot_imap.sign_ins("imap"))
    unknown.look(unknown.add())
    assert dovecot_imap.sign_ins("imap")[before:] == [("alice", "OAUTHBEARER")]


def test_an_older_server_takes_the_token_by_xoauth2(
        unknown, run_directory, ca, relay_port, introspection, bearer_token):
    peer = Dovecot(run_directory / "dovecot-imap-xoauth2", ca, relay_port,
                   introspection.url, imap=True, bearer="xoauth2")
    try:
        peer.create_mailbox("alice", "Sent", ACCEPTED)
        unknown.configure(peer.imaps_port, "auth = xoauth2",
                          secret=bearer_token)
        unknown.look(unknown.add())
        assert peer.sign_ins("imap")[-1] == ("alice", "XOAUTH2")
    finally:
        peer.stop()


def test_an_unknown_token_is_refused(unknown, sign_in_as, bearer_token):
    sign_in_as("alice", "auth = xoauth2", secret=bearer_token + "-of-yesterday")
    done = unknown.look(unknown.add(), status=77)
    assert "alice can't sign in by IMAP" in done.err
    assert "the token may be for SMTP only" in done.err
    assert bearer_token not in done.err
