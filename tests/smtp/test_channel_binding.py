# SPDX-License-Identifier: MIT
"""SCRAM that is bound to its TLS session, and servers behind somebody."""
import base64
import ssl

import pytest

from callers.session import SECRET, auths, is_refused
from dialogue import scram

PLUS = pytest.mark.parametrize("mechanism, digest", [
    ("SCRAM-SHA-256-PLUS", "sha256"), ("SCRAM-SHA-1-PLUS", "sha1")])


def unique(session):
    return session.wire.tls_unique


def of_another_session(session):
    return bytes(12)


@pytest.fixture
def bound_server(make_server, ca):
    """Under TLS 1.2: Python can't tell what a session of 1.3 is bound to."""
    def make(*mechanisms, digest="sha256", bound=unique):
        context = ca.server.context(highest=ssl.TLSVersion.TLSv1_2)
        server = make_server(mechanisms=mechanisms, context=context)
        for name in mechanisms:
            if name.startswith("SCRAM-"):
                server.authenticate[name] = scram.server(
                    digest, bound=bound if name.endswith("PLUS") else None)
        return server
    return make


def first_words(server):
    (line,) = auths(server)
    return base64.b64decode(line.split()[2]).decode()


@PLUS
def test_a_bound_sign_in_succeeds(submit, bound_server, mechanism, digest):
    server = bound_server(mechanism, mechanism[:-5], "PLAIN", digest=digest)
    outcome = submit(server)
    assert outcome.status == 0, outcome.err
    assert auths(server)[0].startswith(f"AUTH {mechanism} ")
    assert first_words(server).startswith("p=tls-unique,,n=alice,r=")


@PLUS
@pytest.mark.parametrize("fallback", ["yes", "no"])
def test_somebody_in_the_middle_is_noticed(submit, bound_server, mechanism,
                                           digest, fallback):
    # What the server saw is another TLS session than the client's.
    server = bound_server(mechanism, mechanism[:-5], "PLAIN", digest=digest,
                          bound=of_another_session)
    outcome = submit(server, f"--fallback={fallback}", retries=2)
    is_refused(server, outcome, 76)
    assert "may be intercepting" in outcome.err
    assert len(auths(server)) == 1
    assert SECRET.encode() not in server.received


@PLUS
def test_nothing_follows_a_bound_sign_in_that_failed(submit, bound_server,
                                                     mechanism, digest):
    server = bound_server(mechanism, "PLAIN")
    server.authenticate[mechanism] = lambda session, initial: (
        session.say("504 5.5.4 not this one"), session.wire.goodbye())
    outcome = submit(server, "--fallback")
    is_refused(server, outcome)
    assert len(auths(server)) == 1
    assert f"use {mechanism[:-5]} instead (setting auth)" in outcome.err


@PLUS
def test_a_refusal_may_be_somebody_in_the_middle(submit, bound_server,
                                                 mechanism, digest):
    server = bound_server(mechanism, "PLAIN", digest=digest)
    outcome = submit(server, "--fallback", password="wrong")
    is_refused(server, outcome)
    assert f"refused alice by {mechanism}: 535" in outcome.err
    assert "an attacker may be intercepting" in outcome.err
    assert len(auths(server)) == 1


@pytest.mark.parametrize("auth", ["scram-sha-256-plus",
                                  "scram-sha-256-plus,scram-sha-1-plus"])
def test_a_downgrade_is_refused(submit, bound_server, auth):
    server = bound_server("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN")
    outcome = submit(server, "--auth", auth, "--fallback", retries=1)
    is_refused(server, outcome, 76)
    assert auths(server) == []
    assert "SCRAM-SHA-256-PLUS" in outcome.err.upper()
    assert "an attacker" in outcome.err


def test_a_list_may_do_without(submit, bound_server):
    server = bound_server("SCRAM-SHA-256")
    outcome = submit(server, "--auth", "scram-sha-256-plus,scram-sha-256")
    assert outcome.status == 0, outcome.err


def test_one_without_is_used_though_binding_is_offered(submit, bound_server):
    # "y" would be a lie here, and the server would have to refuse it.
    server = bound_server("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
    outcome = submit(server, "--auth", "scram-sha-256")
    assert outcome.status == 0, outcome.err
    assert first_words(server).startswith("n,,")


def test_tls_1_3_is_bound_by_the_exporter(submit, make_server):
    server = make_server(mechanisms=("SCRAM-SHA-256-PLUS",))
    server.authenticate["SCRAM-SHA-256-PLUS"] = scram.server(bound=unique)
    submit(server)
    assert first_words(server).startswith("p=tls-exporter,,n=alice,r=")


def test_without_the_extended_master_secret_nothing_is_bound(
        submit, bound_server):
    server = bound_server("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
    # SSL_OP_NO_EXTENDED_MASTER_SECRET of OpenSSL; Python has no name for it.
    server.context.options |= 1
    outcome = submit(server)
    assert outcome.status == 0, outcome.err
    assert auths(server)[0].startswith("AUTH SCRAM-SHA-256 ")
    outcome = submit(server, "--auth", "scram-sha-256-plus")
    assert outcome.status == 76, outcome.err
    assert "extended master" in outcome.err
