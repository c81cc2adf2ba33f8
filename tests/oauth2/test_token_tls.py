# SPDX-License-Identifier: MIT
"""No part of a request is sent to a token endpoint whose TLS can't be trusted.

All certificates and handshakes are tried in tests/unit/test-http.c; these are
the ones that a user is most likely to meet.
"""
import ssl

import pytest

from callers.credential import Endpoint, tokens
from peers.namespace import Mounts

NO_ANCHOR = "is not signed by a trusted CA"
OTHER_NAME = "is issued for another name"
WEAK = "or its chain uses a weak signature algorithm or key"
FAULTS = {
    "expired": "has expired",
    "not-yet-valid": "is not valid yet",
    "wrong-host": OTHER_NAME,
    "self-signed": NO_ANCHOR,
    "other-ca": NO_ANCHOR,
    "missing-intermediate": NO_ANCHOR,
    "common-name-only": OTHER_NAME,
    "no-server-purpose": "is not valid for a server",
    "sha1": WEAK,
    "rsa-1024": WEAK,
}


@pytest.fixture
def refused(keeper):
    """Asks a server of that certificate in each way there is."""
    def check(server, says):
        keeper.configure(keeper.provider(
            server=server, revocation_url=server.url("/revoke")))
        keeper.keep()
        results = [keeper.get(), keeper.run("--device", "login")]
        with keeper.sign_in() as sign_in:
            status, page = sign_in.come_back()
            assert status == 502
            results.append(sign_in.finish())
        for result in results:
            assert result.status == 76, result.err
            assert result.message.startswith("localhost: ")
            assert says in result.message
        assert keeper.kept()["oauth_refresh_token"] == "refresh-0"
        assert server.requests == []
        for wire in server.wires:
            assert not wire.inside
        for secret in (b"refresh-0", b"code-1", b"client-of-a"):
            assert secret not in server.received
        # The stored tokens are erased nevertheless.
        result = keeper.run("logout")
        assert result.status == 0
        assert "couldn't revoke the sign-in" in result.out
        assert keeper.kept() == {}
        assert server.requests == []

    return check


@pytest.mark.parametrize("kind", FAULTS)
def test_a_certificate_is_refused(refused, ca, kind):
    with Endpoint(ca.odd(kind), answers={"*": tokens()}) as server:
        refused(server, f"the certificate {FAULTS[kind]}")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_old_version_is_refused(refused, ca):
    context = ca.server.context(lowest=ssl.TLSVersion.TLSv1_1,
                                highest=ssl.TLSVersion.TLSv1_1)
    with Endpoint(None, context=context, answers={"*": tokens()}) as server:
        refused(server, "TLS handshake failed")


def test_the_trust_file_of_the_mail_server_is_not_the_endpoints(keeper,
                                                                endpoint):
    """A CA that is trusted for one isn't trusted for the other."""
    endpoint.token(tokens())
    keeper.configure(keeper.account(token_trust_file=None,
                                    tls_trust_file=keeper.ca.pem))
    keeper.keep()
    result = keeper.get()
    assert result.status == 76
    assert endpoint.requests == []


@pytest.mark.parametrize("emptied", [["/etc/ssl/certs"], []])
def test_the_package_of_the_cas_is_named(keeper, endpoint, emptied):
    """Where there are none, and where the one of the endpoint is missing."""
    keeper.configure(keeper.account(token_trust_file=None))
    keeper.keep()
    wrap = Mounts(empty=emptied).wrap([]) if emptied else []
    for result in keeper.get(wrap=wrap), keeper.run("--device", "login",
                                                    wrap=wrap):
        assert result.status == 76
        assert "the package ca-certificates" in result.hint
        assert "cause: certificate-untrusted" in result.err


def test_a_discovered_issuer_is_held_to_the_same(keeper, ca):
    with Endpoint(ca.odd("wrong-host"), answers={"*": tokens()}) as server:
        keeper.configure(keeper.provider(
            server=server, issuer=server.url(""), token_url=None))
        keeper.keep()
        result = keeper.get()
        assert result.status == 76
        assert server.requests == []
