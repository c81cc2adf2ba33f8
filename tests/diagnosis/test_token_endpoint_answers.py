# SPDX-License-Identifier: MIT
"""Answers that token endpoints have really given to the renewal of a token:
what happened, and whether a retry can help. token-endpoint.tsv has lines of
HTTP status, body, provider, cause, retry (soon, later, never) and source; "|"
separates alternatives that are true, too."""
import json
import pathlib
import socket
import threading

import pytest

from callers.credential import LATER, TRY_AGAIN, Endpoint, Keeper, refusal
from dialogue.https import Answer
from peers.ca import Authority

TABLE = pathlib.Path(__file__).with_name("token-endpoint.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text().splitlines()
        if line and not line.startswith("#")]
RETRIES = {TRY_AGAIN: "soon", LATER: "later"}


@pytest.fixture(scope="module")
def renew(tmp_path_factory, ca):
    """Renews a token with one answer of the endpoint."""
    with Endpoint(ca.server) as endpoint:
        keeper = Keeper(tmp_path_factory.mktemp("keeper"), ca)
        keeper.server = endpoint
        keeper.configure()

        def run(status, body):
            endpoint.token(Answer(status, body.encode()))
            keeper.keep()
            return keeper.get()

        yield run


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_an_answer_of_a_token_endpoint_is_understood(renew, row):
    status, body, _, causes, retries, _ = row
    result = renew(int(status), body)
    assert result.cause in causes.split("|"), result.err
    assert RETRIES.get(result.status, "never") in retries.split("|")
    assert result.hint and "%" not in result.hint


@pytest.fixture
def op(tmp_path, ca):
    """A provider that refuses the refresh token, and what keeps it."""
    with Endpoint(ca.server) as endpoint:
        keeper = Keeper(tmp_path, ca)
        keeper.server = endpoint
        endpoint.token(refusal("invalid_grant", "AADSTS700082: inactive"))
        keeper.keep()
        yield keeper


def submission(op, make_server, ca):
    server = make_server(mechanisms=("XOAUTH2",), token="another")
    op.configure(op.provider(port=server.port, tls="starttls",
                             tls_trust_file=ca.pem),
                 op.account(**{"from": "alice@example.test",
                               "log-file": op.home / "log"}))


def test_the_cause_of_a_failed_renewal_is_logged(op, make_server, ca):
    submission(op, make_server, ca)
    result = op.run_postrider("-a", "a", "--json", "bob@example.test",
                              text="Subject: x\n\nx\n")
    (recipient,) = json.loads(result.out)["recipients"]
    assert result.status == 77
    assert recipient["error"]["cause"] == "sign-in-expired"
    assert "postrider login a" in recipient["error"]["hint"]
    assert "cause=sign-in-expired" in (op.home / "log").read_text()


@pytest.mark.parametrize("command", ["check", "token"])
def test_a_command_tells_the_cause_in_json(op, make_server, ca, command):
    submission(op, make_server, ca)
    result = op.run_postrider(command, "--json", "a")
    assert result.status == 77
    assert '"cause": "sign-in-expired"' in result.out


def test_a_sign_in_that_is_declined_has_a_cause(op):
    op.configure()
    with op.sign_in() as sign_in:
        sign_in.come_back(code=None, error="access_denied")
        result = sign_in.finish()
    assert (result.status, result.cause) == (77, "declined")


@pytest.mark.parametrize("error, cause", [
    ("admin_policy_enforced", "policy-sign-in"),
    ("org_internal", "client-registration"),
    ("disallowed_useragent", "browser-due"),
    ("redirect_uri_mismatch", "client-registration"),
    ("login_required", "interaction-due"), ("server_error", "token-endpoint"),
    ("consent_required", "consent-due"), ("invalid_scope", "scope-refused")])
def test_a_sign_in_that_fails_in_the_browser_has_a_cause(op, error, cause):
    op.configure()
    with op.sign_in() as sign_in:
        sign_in.come_back(code=None, error=error)
        result = sign_in.finish()
    assert result.cause == cause, result.err
    assert result.hint


def test_an_endpoint_that_cannot_be_reached(op):
    op.configure(op.provider(token_url="https://localhost:9/token"))
    result = op.get()
    assert (result.status, result.cause) == (TRY_AGAIN, "connection-refused")
    assert "check the network" in result.hint


@pytest.mark.parametrize("kind, cause", [
    ("expired", "certificate-expired"), ("wrong-host", "certificate-name"),
    ("not-yet-valid", "clock-wrong"), ("other-ca", "certificate-untrusted")])
def test_a_certificate_of_an_endpoint(op, ca, kind, cause):
    with Endpoint(ca.odd(kind)) as endpoint:
        op.configure(op.provider(server=endpoint))
        result = op.get()
    assert (result.status, result.cause) == (76, cause)
    assert endpoint.posts == []


def test_software_that_decrypts_the_way_to_an_endpoint(op, tmp_path):
    authority = Authority(tmp_path, "shield", common_name="Zscaler Root CA")
    with Endpoint(authority.leaf("leaf")) as endpoint:
        op.configure(op.provider(server=endpoint))
        result = op.get()
    assert (result.status, result.cause) == (76, "interception")
    assert result.hint.startswith("Zscaler decrypts the connection")
    assert "token-trust-file" in result.hint


@pytest.mark.parametrize("error, description, advice", [
    ("invalid_request", "AADSTS90023: Public clients can't send a client "
     "secret.", "remove client-secret from a"),
    ("invalid_request", "AADSTS900144: The request body must contain the "
     "following parameter: 'refresh_token'.", "offline_access"),
    ("invalid_client", "AADSTS7000218: The request body must contain the "
     "following parameter: 'client_assertion' or 'client_secret'.",
     "Mobile and desktop applications"),
    ("invalid_grant", "AADSTS7000012: The grant was obtained for a different "
     "tenant.", "set tenant of a"),
    ("invalid_grant", "AADSTS54005: OAuth2 Authorization code was already "
     "redeemed.", "or was used already"),
    ("invalid_code", None, "sign in again: postrider login a"),
    ("invalid_request", "Invalid parameter value for redirect_uri: Missing "
     "authority: https://", "redirect URI"),
    ("invalid_request", None, "sign in again"),
    ("invalid_grant", "Token has been expired or revoked.", "publish")])
def test_the_advice_fits_the_error_of_the_endpoint(renew, error, description,
                                                   advice):
    body = {"error": error}
    if description:
        body["error_description"] = description
    assert advice in renew(400, json.dumps(body)).hint


def test_an_endpoint_that_closes_the_connection(op):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        closing = threading.Thread(target=lambda: server.accept()[0].close())
        closing.start()
        op.configure(op.provider(token_url=f"https://localhost:{port}/token"))
        result = op.get()
        closing.join()
    assert result.cause == "connection-lost"
    assert "stops HTTPS" in result.hint and "465" not in result.hint
