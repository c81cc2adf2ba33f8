# SPDX-License-Identifier: MIT
"""SCRAM-PLUS binds the sign-in to the TLS channel that it happens in: a man in
the middle, with a certificate that everybody trusts, gets nowhere. Plain SCRAM
doesn't notice him, which is what these tests compare with.
"""
import pytest

from peers.plus import honest_flag

TLS = pytest.mark.parametrize("tls", ["starttls", "implicit"])
VERSIONS = pytest.mark.parametrize("version, binding", [
    ("TLS1.3", "tls-exporter"), ("TLS1.2", "tls-unique")])
PLUS = pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256-PLUS",
                                             "SCRAM-SHA-1-PLUS"])
ONLY_PLAIN = ("SCRAM-SHA-256", "SCRAM-SHA-1")


@pytest.fixture
def flag(run_directory):
    return honest_flag(run_directory)


def is_refused(server, attempt, status):
    assert attempt.status == status, attempt.err
    assert "> MAIL" not in attempt.err
    assert server.messages == b""


@TLS
@VERSIONS
@PLUS
def test_binds_to_the_channel(sign_in, make_plus_server, mechanism, version,
                              binding, tls):
    server = make_plus_server(tls=tls, version=version)
    attempt = sign_in(server, mechanism, tls=tls)
    assert attempt.status == 0, attempt.err
    server.wait_for("bob", attempt.token)
    assert f"accepted {mechanism} binding=p={binding} tls={version}" \
        in server.log


@VERSIONS
def test_auto_binds_where_it_can(sign_in, make_plus_server, version, binding):
    server = make_plus_server(version=version)
    attempt = sign_in(server, "auto")
    assert attempt.status == 0, attempt.err
    assert attempt.mechanisms == ["SCRAM-SHA-256-PLUS"]
    assert f"binding=p={binding}" in server.log


@TLS
@VERSIONS
@PLUS
def test_a_man_in_the_middle_is_refused(sign_in, make_plus_server, make_middle,
                                        mechanism, version, binding, tls):
    server = make_plus_server(tls=tls, version=version)
    middle = make_middle(server, tls=tls)
    attempt = sign_in(middle, mechanism, tls=tls)
    assert attempt.mechanisms == [mechanism]
    is_refused(server, attempt, 77)
    assert f"refused {mechanism}" in server.log
    assert b"secret" not in middle.seen


@TLS
def test_scram_alone_does_not_notice_him(sign_in, make_plus_server,
                                         make_middle, tls):
    server = make_plus_server(tls=tls, mechanisms=ONLY_PLAIN)
    middle = make_middle(server, tls=tls)
    attempt = sign_in(middle, "SCRAM-SHA-256", tls=tls)
    assert attempt.status == 0, attempt.err
    server.wait_for("bob", attempt.token)
    assert attempt.token.encode() in middle.seen


@VERSIONS
@PLUS
def test_a_downgrade_is_refused(sign_in, make_plus_server, make_middle,
                                mechanism, version, binding):
    server = make_plus_server(version=version)
    middle = make_middle(server, strip=True)
    attempt = sign_in(middle, mechanism)
    is_refused(server, attempt, 76)
    assert mechanism.lower() in attempt.err and "hint: " in attempt.err
    assert b"AUTH" not in middle.seen
    assert server.log == ""


@VERSIONS
def test_a_downgrade_is_seen_by_the_server(sign_in, make_plus_server, flag,
                                           make_middle, version, binding):
    """Where GNU SASL can say "y", the server that offered more refuses. Where
    it can't, only auth = scram-sha-256-plus helps, as above."""
    server = make_plus_server(version=version)
    middle = make_middle(server, strip=True)
    attempt = sign_in(middle, "auto")
    assert attempt.mechanisms[0] == "SCRAM-SHA-256"
    assert f"SCRAM-SHA-256 binding={flag} " in server.log
    if flag == "y":
        is_refused(server, attempt, 77)
        assert "refused SCRAM-SHA-256" in server.log
    else:
        assert attempt.status == 0, attempt.err


def test_without_its_plus_scram_says_so(sign_in, make_plus_server, flag):
    server = make_plus_server(mechanisms=ONLY_PLAIN)
    attempt = sign_in(server, "auto")
    assert attempt.status == 0, attempt.err
    assert f"accepted SCRAM-SHA-256 binding={flag} " in server.log


@PLUS
def test_a_wrong_password_is_just_that(sign_in, make_plus_server, mechanism):
    server = make_plus_server()
    attempt = sign_in(server, mechanism, password="wrong-one")
    is_refused(server, attempt, 77)
    assert attempt.mechanisms == [mechanism]
    assert "wrong-one" not in attempt.err
