# SPDX-License-Identifier: MIT
"""Tests the real OAuth2 peers with a client that is known to be correct."""
import base64
import http.server
import json
import smtplib
import ssl
import subprocess
import threading
import time
import urllib.parse
import uuid

import pytest

from patience import wait_for
from peers.oidc import DEVICE_CODE
from peers.postfix import body_of, new_token

PAGE = (b"<!doctype html><html lang=en><title>Signed in</title>"
        b"<p>This window can be closed.")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def listener():
    """Waits for the redirect as a native application does. `queries` are the
    queries of what it was asked for."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            if url.path == "/":
                server.queries.append(dict(urllib.parse.parse_qsl(url.query)))
            self.send_response(200 if url.path == "/" else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.queries = []
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def signed_in(dovecot_oauth2, ca):
    """The code that Dovecot answers a bearer token with."""
    def sign_in(token, user="alice"):
        with session(dovecot_oauth2, ca) as client:
            return bearer(client, token, user)

    return sign_in


def session(dovecot, ca):
    client = smtplib.SMTP("localhost", dovecot.port, timeout=20)
    client.starttls(context=ssl.create_default_context(cafile=ca.pem))
    client.ehlo()
    return client


def bearer(client, token, user="alice"):
    initial = f"user={user}\1auth=Bearer {token}\1\1".encode()
    code, _ = client.docmd("AUTH",
                           "XOAUTH2 " + base64.b64encode(initial).decode())
    return client.docmd("")[0] if code == 334 else code


def authorization_url(provider, redirect, state="a state"):
    return f"{provider.issuer}/auth?" + urllib.parse.urlencode({
        "client_id": "postrider", "response_type": "code", "scope": "smtp",
        "redirect_uri": redirect, "state": state,
        "code_challenge": "c" * 43, "code_challenge_method": "S256"})


def refresh(provider, token):
    return provider.token(grant_type="refresh_token", client_id="postrider",
                          refresh_token=token)


def test_the_metadata_names_https_endpoints(openid_provider):
    metadata = openid_provider.metadata
    assert metadata["issuer"] == openid_provider.issuer
    for endpoint in ("authorization", "token", "device_authorization",
                     "revocation"):
        assert metadata[f"{endpoint}_endpoint"].startswith("https://localhost")
    assert metadata["authorization_response_iss_parameter_supported"]


def test_the_metadata_is_where_rfc_8414_wants_it(openid_provider):
    assert openid_provider.get_json(
        "/.well-known/oauth-authorization-server") == openid_provider.metadata


@pytest.mark.parametrize("client", ["postrider", "postrider-secret"])
def test_dovecot_takes_the_token_of_a_person(openid_provider, signed_in,
                                             client):
    tokens = openid_provider.tokens_for("alice", client)
    assert tokens["refresh_token"]
    assert signed_in(tokens["access_token"]) == 235
    assert signed_in(tokens["access_token"] + "x") == 535
    assert signed_in(tokens["access_token"], user="bob") == 535


def test_dovecot_relays_a_message(openid_provider, dovecot_oauth2, postfix,
                                  ca):
    tokens, mark = openid_provider.tokens_for("alice"), new_token()
    with session(dovecot_oauth2, ca) as client:
        assert bearer(client, tokens["access_token"]) == 235
        client.sendmail("alice@example.test", ["bob@example.test"],
                        f"Subject: {mark}\r\n\r\nhello\r\n")
    assert body_of(postfix.wait_for("bob", mark)) == b"hello\n"


def test_a_used_refresh_token_ends_the_family(openid_provider, signed_in):
    first = openid_provider.tokens_for("alice")
    status, second = refresh(openid_provider, first["refresh_token"])
    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert signed_in(second["access_token"]) == 235

    status, answer = refresh(openid_provider, first["refresh_token"])
    assert (status, answer["error"]) == (400, "invalid_grant")
    status, _ = refresh(openid_provider, second["refresh_token"])
    assert status == 400
    assert signed_in(second["access_token"]) == 535


def test_without_rotation_a_refresh_token_stays_good(make_provider):
    provider = make_provider(rotation=False)
    tokens = provider.tokens_for("alice")
    for _ in range(2):
        status, answer = refresh(provider, tokens["refresh_token"])
        assert status == 200
        assert answer["refresh_token"] == tokens["refresh_token"]


def test_a_revoked_refresh_token_is_of_no_use(openid_provider):
    tokens = openid_provider.tokens_for("alice")
    form = {"client_id": "postrider", "token": tokens["refresh_token"]}
    assert openid_provider.post("/token/revocation", form) == (200, {})
    assert refresh(openid_provider, tokens["refresh_token"])[0] == 400


def test_an_access_token_expires(make_provider):
    provider = make_provider(lifetime=1)
    tokens = provider.tokens_for("alice")
    assert tokens["expires_in"] == 1
    wait_for(lambda: not is_active(provider, tokens["access_token"]),
             lambda: "it is good for ever")


def is_active(provider, token):
    name, secret = provider.introspection_client
    status, answer = provider.post("/token/introspection", {
        "client_id": name, "client_secret": secret, "token": token})
    assert status == 200
    return answer["active"]


def test_every_request_is_counted(make_provider):
    provider = make_provider()
    tokens = provider.tokens_for("alice")
    refresh(provider, tokens["refresh_token"])
    refresh(provider, tokens["refresh_token"])
    assert len(provider.asked(grant_type="authorization_code")) == 1
    good, bad = provider.asked(grant_type="refresh_token")
    assert (good["status"], good["client_id"]) == (200, "postrider")
    assert (bad["status"], bad["error"]) == (400, "invalid_grant")
    assert "refresh_token" in good["parameters"]
    assert tokens["refresh_token"] not in json.dumps(provider.requests)


def test_a_paused_provider_answers_later(make_provider):
    provider = make_provider()
    tokens = provider.tokens_for("alice")
    provider.pause()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(
        refresh(provider, tokens["refresh_token"])))
    asking.start()
    asking.join(0.5)
    assert not answers
    provider.resume()
    asking.join(60)
    assert answers[0][0] == 200


def test_a_service_signs_in_by_secret(openid_provider, signed_in):
    status, answer = openid_provider.token(
        grant_type="client_credentials", client_id="svc-secret",
        client_secret=openid_provider.secret("svc-secret"), scope="smtp")
    assert status == 200, answer
    assert "refresh_token" not in answer
    assert signed_in(answer["access_token"]) == 235


@pytest.mark.parametrize("algorithm", ["PS256", "RS256"])
def test_a_service_signs_in_by_key(openid_provider, ca, signed_in, algorithm):
    status, answer = openid_provider.token(
        grant_type="client_credentials", client_id="svc-jwt", scope="smtp",
        client_assertion_type=ASSERTION,
        client_assertion=assertion(openid_provider, ca, algorithm))
    assert status == 200, answer
    assert signed_in(answer["access_token"]) == 235


def assertion(provider, ca, algorithm):
    now = int(time.time())
    parts = [{"alg": algorithm, "typ": "JWT"},
             {"iss": "svc-jwt", "sub": "svc-jwt", "aud": provider.token_url,
              "jti": str(uuid.uuid4()), "iat": now, "exp": now + 300}]
    text = b".".join(base64url(json.dumps(part).encode()) for part in parts)
    padding = ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"] \
        if algorithm == "PS256" else ["rsa_padding_mode:pkcs1"]
    options = [word for one in padding for word in ("-sigopt", one)]
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", ca.rsa_client.key, *options],
        input=text, stdout=subprocess.PIPE, check=True).stdout
    return (text + b"." + base64url(signature)).decode()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def test_a_person_signs_in_with_a_browser(openid_provider, browser, listener):
    seen = browser.open(authorization_url(openid_provider, listener.url))
    assert seen.failure is None
    assert seen.steps == ["login", "consent"]
    query, = listener.queries
    assert query["state"] == "a state"
    assert query["iss"] == openid_provider.issuer
    assert query["code"]
    assert seen.url.startswith(listener.url)
    assert (seen.title, seen.text) == ("Signed in",
                                       "This window can be closed.")
    assert seen.loaded == []
    assert seen.screenshot.read_bytes().startswith(b"\x89PNG")


def test_a_person_declines(openid_provider, browser, listener):
    browser.behave(decline_at="consent")
    browser.open(authorization_url(openid_provider, listener.url))
    query, = listener.queries
    assert (query["error"], query["state"]) == ("access_denied", "a state")


def test_a_person_closes_the_window(openid_provider, browser, listener):
    browser.behave(leave_at="login")
    seen = browser.open(authorization_url(openid_provider, listener.url))
    assert (seen.steps, seen.title) == (["login"], "Sign-in")
    assert listener.queries == []


def test_a_browser_that_waits_is_ended(make_provider, browser):
    provider = make_provider()
    provider.pause()
    running = subprocess.Popen([browser.program, provider.issuer])
    wait_for(lambda: browser.runs, lambda: browser.log)
    browser.stop()
    running.wait(30)  # or it raises TimeoutExpired


@pytest.mark.parametrize("link", ["verification_uri_complete",
                                  "verification_uri"])
def test_a_person_lets_a_device_in(openid_provider, browser, signed_in, link):
    _, device = openid_provider.post("/device/auth", {
        "client_id": "postrider", "scope": "smtp"})
    form = {"grant_type": DEVICE_CODE, "client_id": "postrider",
            "device_code": device["device_code"]}
    _, answer = openid_provider.token(**form)
    assert answer["error"] == "authorization_pending"
    browser.behave(user_code=device["user_code"])
    seen = browser.open(device[link])
    assert seen.title == "Sign-in Success"
    _, answer = openid_provider.token(**form)
    assert signed_in(answer["access_token"]) == 235


def test_the_browser_trusts_nobody_else(make_provider, ca, browser, listener):
    provider = make_provider(leaf=ca.odd("self-signed"))
    seen = browser.open(authorization_url(provider, listener.url))
    assert "ERR_CERT" in seen.failure
    assert listener.queries == []
