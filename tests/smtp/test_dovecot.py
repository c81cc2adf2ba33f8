# SPDX-License-Identifier: MIT
"""Every way to sign in, to a real Dovecot submission service."""
import pytest

from callers.account import alice
from peers.postfix import body_of, new_token


def compose(token):
    return b"Subject: " + token.encode() + b"\n\none\n.two\n"


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_signs_in_with(send, dovecot, postfix, mechanism, tls):
    token = new_token()
    result = send(dovecot, "--auth", mechanism, "-i", "bob@example.test",
                    tls=tls, message=compose(token))
    assert (result.status, result.out, result.err) == (0, "", "")
    assert body_of(postfix.wait_for("bob", token)) == b"one\n.two\n"


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_signs_in_with_a_token(send, dovecot, postfix, bearer_token,
                               mechanism):
    token = new_token()
    result = send(dovecot, "--auth", mechanism, "-i", "bob@example.test",
                    password=bearer_token, message=compose(token))
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_forged_token_is_77(send, dovecot, mechanism):
    result = send(dovecot, "--auth", mechanism, "bob@example.test",
                    password="forged")
    assert result.status == 77
    assert "forged" not in result.err


def test_signs_in_by_certificate(send, dovecot, postfix, ca):
    token = new_token()
    result = send(dovecot, "--auth", "external",
                    "--tls-cert-file", ca.client.cert,
                    "--tls-key-file", ca.client.key, "-i", "bob@example.test",
                    message=compose(token), env={"POSTRIDER_PASSWORD": None})
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_a_wrong_password_is_77(send, dovecot, mechanism):
    result = send(dovecot, "--auth", mechanism, "bob@example.test",
                    password="wrong-one")
    assert result.status == 77
    assert "wrong-one" not in result.err


def test_a_name_and_password_outside_ascii(send, dovecot, postfix):
    token = new_token()
    result = send(dovecot, "-i", "bob@example.test", user="müller",
                    password="pä€ss", message=compose(token))
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)


@pytest.mark.parametrize("mechanism", ["gssapi", "ntlm"])
def test_a_mechanism_that_is_not_offered_is_an_error(send, dovecot,
                                                     mechanism):
    result = send(dovecot, "--auth", mechanism, "bob@example.test")
    assert result.status in (77, 78)
    assert result.err


def test_never_signs_in_without_tls(send, dovecot):
    result = send(dovecot, "bob@example.test", tls="none", host="127.0.0.2")
    assert result.status != 0
    assert "secret" not in dovecot.log


def test_the_password_comes_from_a_file(send, dovecot, postfix, postrider):
    token = new_token()
    result = send(dovecot, "-i", "--credential",
                    f"file:{postrider.secret_file('secret')}",
                    "bob@example.test", message=compose(token),
                    env={"POSTRIDER_PASSWORD": None})
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)


def test_the_password_comes_from_a_variable(send, dovecot, postfix):
    token = new_token()
    result = send(dovecot, "-i", "--credential", "env:MY_SECRET",
                    "bob@example.test", message=compose(token),
                    env={"POSTRIDER_PASSWORD": "wrong", "MY_SECRET": "secret"})
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)


def test_the_account_comes_from_the_configuration(postrider, dovecot, postfix,
                                                  ca):
    token = new_token()
    postrider.configure(alice(
        ca, dovecot.port, f"file:{postrider.secret_file('secret')}"))
    result = postrider.run("-f", "alice@example.test", "-i",
                           "bob@example.test", input=compose(token))
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)
