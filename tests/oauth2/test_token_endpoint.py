# SPDX-License-Identifier: MIT
"""The answers of a token endpoint to a refresh, and their effect."""
import dataclasses

import pytest

from callers.credential import (AGAIN, HOUR, TRY_AGAIN, Answer, Endless, Endpoint,
                        json_answer, refusal, tokens)


def html(status):
    return Answer(status, b"<html>\x1b[31mOops</html>",
                  {"Content-Type": "text/html"})


@dataclasses.dataclass
class Fault:
    answer: object
    status: int = TRY_AGAIN
    says: str = ""


FAULTS = {
    "500": Fault(Answer(500), says="HTTP status 500"),
    "503 with a page": Fault(html(503), says="HTTP status 503"),
    "502 with an error": Fault(refusal("invalid_grant", status=502),
                               says="invalid_grant"),
    "429": Fault(Answer(429), says="HTTP status 429"),
    "429 with JSON": Fault(refusal("rate_limit_exceeded", status=429),
                           says="rate_limit_exceeded"),
    "temporarily_unavailable": Fault(refusal("temporarily_unavailable"),
                                     says="temporarily_unavailable"),
    "server_error": Fault(refusal("server_error"), says="server_error"),
    "a page": Fault(html(200), says="not a JSON object"),
    "nothing": Fault(Answer(200), says="not a JSON object"),
    "a list": Fault(json_answer(["access_token"]), says="not a JSON object"),
    "a text": Fault(json_answer("access_token"), says="not a JSON object"),
    "half of it": Fault(Answer(200, b'{"access_token":"a"'),
                        says="not a JSON object"),
    "more behind it": Fault(Answer(200, b'{"access_token":"a"}{}'),
                            says="not a JSON object"),
    "a NUL": Fault(Answer(200, b'{"access_token":"a\\u0000b"}'),
                   says="not a JSON object"),
    "no Unicode": Fault(Answer(200, b'{"access_token":"\xff"}'),
                        says="not a JSON object"),
    "deep": Fault(Answer(200, b'{"a":' + b"[" * 30000), says="not a JSON"),
    "no token": Fault(tokens(access=None), says="no access token"),
    "an empty token": Fault(tokens(access=""), says="no access token"),
    "a token that is a number": Fault(tokens(access=7), says="no access"),
    "a token that is a list": Fault(tokens(access=["a"]), says="no access"),
    "a token with a space": Fault(tokens(access="a b"), says="no access"),
    "a token with a line end": Fault(
        tokens(access="a\nusername=mallory"), says="no access token"),
    "a token with CR": Fault(tokens(access="a\rb"), says="no access token"),
    "a token with ^A": Fault(tokens(access="a\x01b"), says="no access token"),
    "a token with DEL": Fault(tokens(access="a\x7f"), says="no access token"),
    "a token with an accent": Fault(tokens(access="é"), says="no access"),
    "a refresh token with a line end": Fault(
        tokens(refresh="r\npassword=x"), says="no access token"),
    "type mac": Fault(tokens(token_type="mac"), 69, "token of type mac"),
    "a type with escapes": Fault(tokens(token_type="\x1b[31m"), 69, "type"),
    "1 MB": Fault(Answer(200, b" " * (1 << 20)), says="longer than 64 KiB"),
    "cut off": Fault(Answer(200, b"{}" * 500, cut=True), says="closed"),
    "reset": Fault(Answer(reset=True)),
    "closed": Fault(Answer(raw=b""), says="closed before the response"),
    "no HTTP": Fault(Answer(raw=b"220 ready\r\n"), says="not HTTP"),
    "404": Fault(Answer(404), 69, "HTTP status 404"),
    "400 without JSON": Fault(html(400), 69, "HTTP status 400"),
    "401 without JSON": Fault(Answer(401), 69, "HTTP status 401"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_and_costs_nothing(keeper, endpoint, name):
    """The refresh token stays, nothing is repeated, and the next try works."""
    fault = FAULTS[name]
    endpoint.token([fault.answer, tokens()])
    keeper.keep()
    result = keeper.get()
    assert result.status == fault.status, result.err
    assert fault.says in result.message
    assert result.message.startswith(
        (endpoint.url("/token"), "localhost"))
    assert result.out == ""
    assert "\x1b" not in result.err and "mallory" not in result.err
    assert len(endpoint.posts) == 1
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"
    assert keeper.get().answer["password"] == "access-1"
    assert endpoint.posts[1]["refresh_token"] == "refresh-0"


@pytest.mark.parametrize("expires, arguments, status", [
    (60, [], 0), (60, ["--min-valid=30s"], 0),
    (60, ["--min-valid=100s"], TRY_AGAIN), (5, [], TRY_AGAIN),
    (-5, [], TRY_AGAIN)])
def test_a_token_that_ends_soon_will_do_when_no_other_is_to_be_had(
        keeper, endpoint, expires, arguments, status):
    endpoint.token(Answer(503))
    keeper.keep(access="access-0", issued=expires - 3600, expires=expires)
    result = keeper.get(*arguments)
    assert result.status == status, result.err
    assert len(endpoint.posts) == 1
    if status == 0:
        assert result.answer["password"] == "access-0"


def test_a_sign_in_that_is_over_is_told_though_its_token_lasts(keeper,
                                                               endpoint):
    endpoint.token(refusal("invalid_grant"))
    keeper.keep(access="access-0", issued=-3000, expires=60)
    result = keeper.get()
    assert result.status == 77
    assert result.hint == "sign in again: postrider login a"


def test_an_endless_answer_is_cut(keeper, ca):
    with Endless(ca.server) as server:
        keeper.configure(keeper.provider(server=server))
        keeper.keep()
        result = keeper.get()
    assert result.status == TRY_AGAIN
    assert "longer than 64 KiB" in result.message
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


def test_silence_ends_at_the_time_limit(keeper, endpoint):
    endpoint.token(Answer(silent=True))
    keeper.keep()
    result = keeper.get("--timeout=1s")
    assert result.status == TRY_AGAIN
    assert "no response within the time limit" in result.message
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(keeper, endpoint, ca, status):
    with Endpoint(ca.server, answers={"*": tokens()}) as elsewhere:
        for place in ("/token", "/other"):
            endpoint.token(Answer(status, b"", {
                "Location": elsewhere.url(place)}))
            keeper.keep()
            result = keeper.get()
            assert result.status == 69
            assert "redirect" in result.message
            assert result.hint == f"check the endpoint {endpoint.url('/token')}"
        assert elsewhere.received == b""
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


@pytest.mark.parametrize("url", [
    "http://localhost:{port}/token", "HTTP://localhost:{port}/token",
    "ftp://localhost:{port}/token", "file:///etc/passwd",
    "localhost:{port}/token"])
def test_what_is_not_https_gets_nothing(keeper, url):
    with Endpoint(None, tls=False, answers={"*": tokens()}) as server:
        keeper.configure(keeper.provider(
            token_url=url.format(port=server.port)))
        keeper.keep(postrider_token_url=None)
        with keeper.sign_in() as sign_in:
            login = sign_in.finish()
        for result in (keeper.get(), login):
            assert result.status == 78, result.err
            assert "https" in result.message
            assert "https://" in result.hint
        assert server.received == b""
    assert not (keeper.browser / "url").exists(), "asked a person for nothing"


@pytest.mark.parametrize("url", [
    "https://alice:secret@localhost:{port}/token", "https://", "https:///x"])
def test_what_is_no_address_gets_nothing(keeper, endpoint, url):
    keeper.configure(keeper.provider(
        token_url=url.format(port=endpoint.port)))
    keeper.keep()
    result = keeper.get()
    assert result.status == 78
    assert "secret" not in result.err
    assert endpoint.received == b""


def test_invalid_grant_is_for_good(keeper, endpoint):
    """The second run says so without a request."""
    endpoint.token(refusal("invalid_grant", "the token was revoked"))
    keeper.keep(access="access-0", issued=-2 * HOUR, expires=-HOUR)
    for _ in range(2):
        result = keeper.get()
        assert result.status == 77
        assert result.message == (endpoint.url("/token") +
                                  ": invalid_grant: the token was revoked")
        assert result.hint == AGAIN
        assert result.out == ""
    assert len(endpoint.posts) == 1
    assert "refresh-0" not in keeper.entry_file().read_text()
    assert "access-0" not in keeper.entry_file().read_text()
    status = keeper.run("status").answer
    assert status["refreshable"] == "no"
    assert "invalid_grant" in status["refusal"]


def test_a_new_sign_in_ends_the_refusal(keeper, endpoint):
    endpoint.token([refusal("invalid_grant"), tokens()])
    keeper.keep()
    assert keeper.get().status == 77
    with keeper.sign_in() as sign_in:
        assert sign_in.come_back()[0] == 200
        assert sign_in.finish().status == 0
    result = keeper.get()
    assert result.answer["password"] == "access-1"
    assert "postrider_refusal" not in keeper.kept()


@pytest.mark.parametrize("error, advice", [
    ("invalid_client", "check client-id of a, and set client-secret"),
    ("invalid_scope", "no longer allows scope of a"),
    ("unauthorized_client", "registration"),
    ("unsupported_grant_type", "must allow refresh tokens"),
    ("interaction_required", AGAIN),
    ("invalid_request", "check provider, tenant and client-id"),
    ("made_up_by_the_server", "what this error means")])
@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_a_refusal_is_told_with_advice(keeper, endpoint, error, advice,
                                       status):
    """Some servers refuse with status 200."""
    endpoint.token([refusal(error, "as written", status), tokens()])
    keeper.keep()
    result = keeper.get()
    assert result.status == 77
    assert result.message == f"{endpoint.url('/token')}: {error}: as written"
    assert advice in result.hint
    # None of these says that the refresh token is spent.
    assert keeper.get().answer["password"] == "access-1"
    assert endpoint.posts[1]["refresh_token"] == "refresh-0"


@pytest.mark.parametrize("expires_in, lifetime", [
    (None, HOUR), ("7200", 7200), (7200.0, 7200), (-5, HOUR), ("-5", HOUR),
    ("soon", HOUR), ("", HOUR), ([7200], HOUR), (True, HOUR),
    (9223372036854775807, 2**31 - 1), (10**30, 2**31 - 1),
    (1e300, 2**31 - 1)])
def test_a_lifetime_is_believed_within_reason(keeper, endpoint, expires_in,
                                              lifetime):
    """A missing or implausible one is treated as an hour."""
    endpoint.token(tokens(expires_in=expires_in))
    keeper.keep()
    result = keeper.get()
    assert result.status == 0, result.err
    kept = keeper.kept()
    assert int(kept["password_expiry_utc"]) - \
        int(kept["postrider_issued_utc"]) == lifetime
    assert result.answer["password_expiry_utc"] == kept["password_expiry_utc"]
    assert keeper.get().answer == result.answer
    assert len(endpoint.posts) == 1


def test_a_refresh_token_that_is_not_replaced_stays(keeper, endpoint):
    endpoint.token(tokens(refresh=None))
    keeper.keep(access="access-0", issued=-2 * HOUR, expires=-HOUR)
    assert keeper.get().answer["password"] == "access-1"
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


def test_an_empty_refresh_token_replaces_nothing(keeper, endpoint):
    endpoint.token(tokens(refresh=""))
    keeper.keep()
    assert keeper.get().answer["password"] == "access-1"
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


def test_a_new_refresh_token_replaces_the_old_one(keeper, endpoint):
    endpoint.token([tokens(), tokens("access-2", "refresh-2")])
    keeper.keep()
    assert keeper.get().answer["password"] == "access-1"
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"
    assert "refresh-0" not in keeper.entry_file().read_text()
    assert keeper.get("--min-valid=2h").status == 77, "an hour is too short"
    assert [form["refresh_token"] for form in endpoint.posts] == [
        "refresh-0", "refresh-1"]
    assert keeper.kept()["oauth_refresh_token"] == "refresh-2"


def test_what_a_refresh_sends(keeper, endpoint):
    endpoint.token(tokens())
    keeper.keep()
    keeper.get()
    request, = endpoint.requests
    assert request.form == {"grant_type": "refresh_token",
                            "refresh_token": "refresh-0",
                            "client_id": "client-of-a"}
    assert request.headers["content-type"] == \
        "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert "?" not in request.target


def test_a_token_that_is_good_for_long_costs_no_request(keeper, endpoint):
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    assert keeper.get().answer["password"] == "access-0"
    assert endpoint.received == b""


@pytest.mark.parametrize("granted", ["profile", "SMTP", "smtp.read", ""])
def test_a_sign_in_without_the_scope_for_mail_is_not_kept(
        keeper, endpoint, granted):
    """The user didn't grant it (RFC 6749 3.3)."""
    endpoint.token(tokens(scope=granted))
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back()
        result = sign_in.finish()
    assert status == 502 and "without the scope smtp" in page
    assert result.status == 77
    assert "without the scope smtp" in result.message
    assert "grant every permission" in result.hint
    assert keeper.kept() == {}


@pytest.mark.parametrize("granted", [None, "smtp", "openid smtp profile"])
def test_a_sign_in_with_the_scope_for_mail_is_kept(keeper, endpoint, granted):
    keeper.configure(keeper.provider(scope="smtp offline_access openid"))
    endpoint.token(tokens(scope=granted))
    with keeper.sign_in() as sign_in:
        assert sign_in.come_back()[0] == 200
        assert sign_in.finish().status == 0
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"


@pytest.mark.parametrize("answer, status, says", [
    (Answer(500), 75, "HTTP status 500"),
    (Answer(200, b"<html>"), 75, "not a JSON object"),
    (refusal("temporarily_unavailable"), 75, "temporarily_unavailable"),
    (refusal("invalid_grant"), 77, AGAIN),
    (refusal("invalid_client"), 77, "check client-id"),
    (Answer(302, headers={"Location": "/other"}), 69, "redirect"),
    (tokens(access=None), 75, "no access token")])
def test_postrider_passes_it_on(keeper, endpoint, answer, status, says):
    """A status of sysexits(3), the message and the hint, and no token."""
    endpoint.token(answer)
    keeper.keep()
    result = keeper.run_postrider("token", "a")
    assert result.status == status, result.err
    assert says in result.err
    assert result.out == ""
    assert {form["refresh_token"] for form in endpoint.posts} == {"refresh-0"}
