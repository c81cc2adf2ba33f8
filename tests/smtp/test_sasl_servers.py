# SPDX-License-Identifier: MIT
"""The servers of these tests, seen by clients that are known good."""
import poplib
import smtplib
import ssl

import pytest

from peers.postfix import new_token


@pytest.fixture
def context(ca):
    return ssl.create_default_context(cafile=ca.pem)


def send(client, token):
    client.login("alice", "secret")
    client.sendmail("alice@example.test", ["bob@example.test"],
                    f"Subject: {token}\r\n\r\nbody\r\n")


@pytest.mark.parametrize("server", ["exim", "cyrus_postfix", "plus_server"])
def test_takes_a_message_with_starttls(request, context, server):
    peer, token = request.getfixturevalue(server), new_token()
    with smtplib.SMTP("localhost", peer.port, timeout=10) as client:
        client.starttls(context=context)
        send(client, token)
    peer.wait_for("bob", token)


@pytest.mark.parametrize("server", ["exim", "cyrus_postfix"])
def test_takes_a_message_with_implicit_tls(request, context, server):
    peer, token = request.getfixturevalue(server), new_token()
    with smtplib.SMTP_SSL("localhost", peer.tls_port, timeout=10,
                          context=context) as client:
        send(client, token)
    peer.wait_for("bob", token)


def test_exim_takes_nothing_without_a_sign_in(exim, context):
    with smtplib.SMTP("localhost", exim.port, timeout=10) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        client.starttls(context=context)
        client.ehlo()
        assert client.mail("alice@example.test")[0] == 550


@pytest.mark.parametrize("is_implicit", [True, False])
def test_dovecot_serves_pop3(dovecot_all, context, is_implicit):
    before = len(dovecot_all.sign_ins("pop3"))
    if is_implicit:
        client = poplib.POP3_SSL("localhost", dovecot_all.pop3s_port,
                                 context=context, timeout=10)
    else:
        client = poplib.POP3("localhost", dovecot_all.pop3_port, timeout=10)
        client.stls(context)
    client.user("alice")
    client.pass_("secret")
    client.quit()
    assert dovecot_all.sign_ins("pop3")[before:] == [("alice", "PLAIN")]


def test_a_message_passes_the_man_in_the_middle(make_plus_server, make_middle,
                                                context):
    server, token = make_plus_server(), new_token()
    middle = make_middle(server)
    with smtplib.SMTP("localhost", middle.port, timeout=10) as client:
        client.starttls(context=context)
        send(client, token)
    server.wait_for("bob", token)
    assert token.encode() in middle.seen


def test_a_kerberos_of_its_own_gives_tickets(kerberos):
    assert "krbtgt/EXAMPLE.TEST" in kerberos.services(kerberos.ticket())
    assert "OTHER.TEST" in kerberos.services(kerberos.foreign_ticket())
    assert "krbtgt" not in kerberos.services(kerberos.no_ticket())
