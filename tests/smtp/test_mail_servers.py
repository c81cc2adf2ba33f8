# SPDX-License-Identifier: MIT
"""The real peers themselves, seen by a client that is known good."""
import base64
import smtplib
import ssl
import subprocess

import pytest

from peers.ca import ODD
from peers.names import Names
from peers.postfix import body_of, new_token

BODY = b"one\n.two\nb\xc3\xbc\n"


@pytest.fixture
def context(ca):
    return ssl.create_default_context(cafile=ca.pem)


@pytest.fixture(params=["postfix", "dovecot"])
def peer(request):
    return request.getfixturevalue(request.param)


def send(client, token, *recipients):
    message = b"Subject: " + token.encode() + b"\n\n" + BODY
    return client.sendmail("alice@example.test", recipients,
                           message.replace(b"\n", b"\r\n"))


def test_takes_a_message_with_starttls(peer, postfix, context):
    token = new_token()
    with smtplib.SMTP("localhost", peer.port, timeout=10) as client:
        client.starttls(context=context)
        client.login("alice", "secret")
        send(client, token, "bob@example.test")
    assert body_of(postfix.wait_for("bob", token)) == BODY


def test_takes_a_message_with_implicit_tls(peer, postfix, context):
    token = new_token()
    with smtplib.SMTP_SSL("localhost", peer.tls_port, timeout=10,
                          context=context) as client:
        client.login("alice", "secret")
        send(client, token, "x@elsewhere.test")
    assert body_of(postfix.wait_for("other", token)) == BODY


def test_demands_tls_and_sign_in(postfix):
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=10) as client:
        client.ehlo()
        assert client.mail("alice@example.test")[0] == 530


def test_refuses_some_recipients(postfix, context):
    token = new_token()
    with smtplib.SMTP("localhost", postfix.port, timeout=10) as client:
        client.starttls(context=context)
        client.login("alice", "secret")
        refused = send(client, token, "alice@example.test",
                       "tempfail@example.test", "full@example.test",
                       "nouser@example.test")
    assert {address: code for address, (code, _) in refused.items()} == {
        "tempfail@example.test": 450, "full@example.test": 452,
        "nouser@example.test": 550}
    postfix.wait_for("alice", token)


def test_offers_what_is_tested_with_it(postfix, context):
    with smtplib.SMTP("localhost", postfix.port, timeout=10) as client:
        client.starttls(context=context)
        client.ehlo()
        for extension in ("pipelining", "size", "dsn", "8bitmime", "smtputf8",
                          "chunking", "enhancedstatuscodes", "auth"):
            assert client.has_extn(extension)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("token_is_good", [True, False])
def test_checks_a_bearer_token(dovecot, context, bearer_token, mechanism,
                               token_is_good):
    token = bearer_token if token_is_good else "forged"
    initial = {
        "XOAUTH2": f"user=alice\1auth=Bearer {token}\1\1",
        "OAUTHBEARER": f"n,a=alice,\1auth=Bearer {token}\1\1",
    }[mechanism]
    with smtplib.SMTP("localhost", dovecot.port, timeout=10) as client:
        client.starttls(context=context)
        client.ehlo()
        code, _ = client.docmd("AUTH", mechanism + " " + base64.b64encode(
            initial.encode()).decode())
        if code == 334:
            code, _ = client.docmd("AQ==" if mechanism == "OAUTHBEARER"
                                   else "")
    assert code == (235 if token_is_good else 535)


def test_signs_in_by_certificate(dovecot, context, ca):
    context.load_cert_chain(ca.client.cert, ca.client.key)
    with smtplib.SMTP("localhost", dovecot.port, timeout=10) as client:
        client.starttls(context=context)
        client.ehlo()
        assert client.docmd("AUTH", "EXTERNAL =")[0] == 235


def test_knows_a_name_outside_ascii(dovecot, context):
    with smtplib.SMTP("localhost", dovecot.port, timeout=10) as client:
        client.starttls(context=context)
        client.ehlo()
        initial = base64.b64encode("\0müller\0pä€ss".encode()).decode()
        assert client.docmd("AUTH", "PLAIN " + initial)[0] == 235


def test_a_command_may_have_names_of_its_own(tmp_path):
    names = Names(tmp_path, {"mail.example.test": "127.0.0.2"})
    names.check()
    found = subprocess.run(names.wrap(["getent", "hosts",
                                       "mail.example.test"]),
                           capture_output=True, text=True).stdout
    assert found.split() == ["127.0.0.2", "mail.example.test"]


def test_odd_certificates_can_be_presented(ca):
    for kind in ODD:
        ca.odd(kind).context()
