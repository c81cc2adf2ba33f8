# SPDX-License-Identifier: MIT
"""Names and passwords as a real server takes them: outside ASCII, prepared by
SASLprep (RFC 4013), and for somebody else.
"""
import unicodedata

import pytest

MECHANISMS = pytest.mark.parametrize("mechanism", [
    "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
    "SCRAM-SHA-256"])
PREPARED = pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-1",
                                                 "SCRAM-SHA-256"])


@MECHANISMS
@pytest.mark.parametrize("user, password", [("bob", "secret"),
                                            ("müller", "pä€ss")])
def test_signs_in_as(sign_in, dovecot_all, postfix, mechanism, user, password):
    before = len(dovecot_all.sign_ins())
    attempt = sign_in(dovecot_all, mechanism, user=user, password=password)
    assert attempt.status == 0, attempt.err
    [(name, used)] = dovecot_all.sign_ins()[before:]
    # DIGEST-MD5 adds the realm.
    assert (name.removesuffix("@localhost"), used) == (user, mechanism)
    postfix.wait_for("bob", attempt.token)


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_one_password_may_be_written_in_two_ways(sign_in, dovecot_all,
                                                 mechanism):
    """A soft hyphen is nothing, and an accent may stand behind its letter."""
    attempt = sign_in(dovecot_all, mechanism, user="müller",
                      password=unicodedata.normalize("NFD", "pä€s\u00ads"))
    assert attempt.status == 0, attempt.err


@PREPARED
@pytest.mark.parametrize("password", ["pä\ue000ss", "p\ufffdss", "a\u05d0b"])
def test_what_saslprep_forbids_is_an_error(sign_in, dovecot_all, mechanism,
                                           password):
    attempt = sign_in(dovecot_all, mechanism, password=password)
    assert attempt.status in (65, 77, 78), attempt.err
    assert attempt.mechanisms == [], attempt.err
    assert password not in attempt.err


@MECHANISMS
@pytest.mark.parametrize("server", ["dovecot_all", "postfix_all", "exim"])
def test_a_wrong_password_is_told(request, sign_in, mechanism, server):
    attempt = sign_in(request.getfixturevalue(server), mechanism,
                      password="wrong-one")
    assert attempt.status == 77, attempt.err
    assert attempt.mechanisms == [mechanism]
    assert "wrong-one" not in attempt.err and "> MAIL" not in attempt.err


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-1",
                                       "SCRAM-SHA-256"])
def test_signs_in_for_somebody_else(sign_in, dovecot_all, postfix, mechanism):
    before = len(dovecot_all.sign_ins())
    attempt = sign_in(dovecot_all, mechanism, "--authzid", "bob", user="boss",
                      password="master")
    assert attempt.status == 0, attempt.err
    assert dovecot_all.sign_ins()[before:] == [("bob", mechanism)]
    postfix.wait_for("bob", attempt.token)


def test_not_everybody_may_stand_for_others(sign_in, dovecot_all):
    attempt = sign_in(dovecot_all, "plain", "--authzid", "bob")
    assert attempt.status == 77, attempt.err
    assert "> MAIL" not in attempt.err
