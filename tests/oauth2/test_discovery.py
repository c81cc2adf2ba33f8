# SPDX-License-Identifier: MIT
"""A provider configured only by its issuer (RFC 8414, OpenID Connect)."""
import pytest

from callers.credential import TRY_AGAIN, Answer, Endpoint, json_answer, tokens

OPENID = "/.well-known/openid-configuration"
OAUTH2 = "/.well-known/oauth-authorization-server"


@pytest.fixture
def issuer(keeper, endpoint):
    """Configures the provider by issuer, which may have a path."""
    def configure(path="", **fields):
        keeper.configure(keeper.provider(
            issuer=endpoint.url(path), authorization_url=None, token_url=None,
            device_url=None, **fields))
        keeper.keep()
        endpoint.token(tokens())
        return endpoint.url(path)

    return configure


def document(endpoint, issuer, **more):
    members = {"issuer": issuer, "token_endpoint": endpoint.url("/token"),
               "authorization_endpoint": endpoint.url("/authorize"), **more}
    return json_answer({name: value for name, value in members.items()
                        if value is not None})


def asked(endpoint):
    return [f"{request.method} {request.target}"
            for request in endpoint.requests]


def test_the_document_says_where_tokens_are(keeper, endpoint, issuer):
    endpoint.answer(OPENID, document(endpoint, issuer()))
    assert keeper.get().answer["password"] == "access-1"
    assert asked(endpoint) == [f"GET {OPENID}", "POST /token"]


def test_what_was_found_is_remembered(keeper, endpoint, issuer):
    """The next refresh needs only one request."""
    endpoint.answer(OPENID, document(endpoint, issuer()))
    keeper.get()
    assert keeper.run("erase", text="password=access-1\n\n").status == 0
    assert keeper.get().status == 0
    assert asked(endpoint) == [f"GET {OPENID}", "POST /token", "POST /token"]


@pytest.mark.parametrize("path, openid, oauth2", [
    ("", OPENID, OAUTH2),
    ("/", OPENID, OAUTH2),
    ("/tenant", "/tenant" + OPENID, OAUTH2 + "/tenant"),
    ("/tenant/", "/tenant" + OPENID, OAUTH2 + "/tenant"),
    ("/a/b", "/a/b" + OPENID, OAUTH2 + "/a/b")])
def test_openids_place_is_empty_and_rfc_8414s_has_it(keeper, endpoint, issuer,
                                                     path, openid, oauth2):
    endpoint.answer(oauth2, document(endpoint, issuer(path)))
    assert keeper.get().answer["password"] == "access-1"
    assert asked(endpoint) == [f"GET {openid}", f"GET {oauth2}", "POST /token"]


@pytest.mark.parametrize("named", [
    "https://evil.example.test", None, "", ["x"], "HTTPS://localhost",
    "https://localhost/\x1b[31m"])
def test_a_document_of_another_issuer_is_not_believed(keeper, endpoint, issuer,
                                                      named):
    """RFC 8414 3.3. The refresh token is not sent."""
    issuer()
    endpoint.answer(OPENID, document(endpoint, named))
    result = keeper.get()
    assert result.status == 76
    assert "its metadata names another issuer" in result.message
    assert "\x1b" not in result.err
    assert endpoint.posts == []
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


@pytest.mark.parametrize("made", [
    lambda url: url + "/", lambda url: url.replace("https", "HTTPS"),
    lambda url: url.replace("localhost", "127.0.0.1")])
def test_an_issuer_is_its_name_byte_for_byte(keeper, endpoint, issuer, made):
    endpoint.answer(OPENID, document(endpoint, made(issuer())))
    assert keeper.get().status == 76
    assert endpoint.posts == []


@pytest.mark.parametrize("answer, status, says", [
    (Answer(404), 78, "no metadata found"),
    (Answer(403), 78, "no metadata found"),
    (Answer(500), TRY_AGAIN, "HTTP status 500"),
    (Answer(200, b"<html>"), TRY_AGAIN, "not a JSON object"),
    (Answer(200, b"[]"), TRY_AGAIN, "not a JSON object"),
    (Answer(200, b" " * (1 << 20)), TRY_AGAIN, "longer than 64 KiB"),
    (Answer(302, headers={"Location": "/elsewhere"}), 69, "redirect"),
    (Answer(reset=True), TRY_AGAIN, "")])
def test_there_is_no_document(keeper, endpoint, issuer, answer, status, says):
    issuer()
    endpoint.answer(OPENID, answer)
    result = keeper.get()
    assert result.status == status, result.err
    assert says in result.message
    assert "localhost" in result.message
    assert endpoint.posts == []
    assert "GET /elsewhere" not in asked(endpoint)
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


@pytest.mark.parametrize("token_endpoint", [None, 7, ["https://x"]])
def test_a_document_without_a_token_endpoint(keeper, endpoint, issuer,
                                             token_endpoint):
    endpoint.answer(OPENID, document(endpoint, issuer(),
                                     token_endpoint=token_endpoint))
    result = keeper.get()
    assert result.status == 78
    assert "provider op has no token-url" in result.message
    assert "set token-url" in result.hint
    assert endpoint.posts == []


def test_a_document_cannot_lead_out_of_tls(keeper, endpoint, issuer):
    with Endpoint(None, tls=False, answers={"*": tokens()}) as clear:
        endpoint.answer(OPENID, document(
            endpoint, issuer(), token_endpoint=clear.url("/token")))
        with keeper.sign_in() as sign_in:
            login = sign_in.finish()
        for result in (keeper.get(), login):
            assert result.status == 78
            assert "does not use https" in result.message
            assert "https://" in result.hint
        assert clear.received == b""
    assert not (keeper.browser / "url").exists()


@pytest.mark.parametrize("url", [
    "http://evil.example.test/authorize", "javascript:alert(1)", "file:///x",
    "https://x/ --remote-debugging-port=1", "-private", "https://x/\x1b[31m"])
def test_a_document_cannot_lead_the_browser_astray(keeper, endpoint, issuer,
                                                   url):
    endpoint.answer(OPENID, document(endpoint, issuer(),
                                     authorization_endpoint=url))
    with keeper.sign_in() as sign_in:
        result = sign_in.finish()
    assert result.status == 78
    assert "\x1b" not in result.err + result.out
    assert not (keeper.browser / "url").exists()


def test_what_the_block_says_counts_more(keeper, endpoint, issuer):
    url = issuer(revocation_url=endpoint.url("/revoke"))
    keeper.configure(keeper.provider(issuer=url, device_url=None))
    endpoint.answer(OPENID, document(
        endpoint, url, token_endpoint=endpoint.url("/not-this")))
    assert keeper.get().status == 0
    assert asked(endpoint) == ["POST /token"]


def test_an_issuer_is_https_too(keeper, endpoint):
    with Endpoint(None, tls=False, answers={"*": tokens()}) as clear:
        keeper.configure(keeper.provider(issuer=clear.url(""),
                                         token_url=None))
        keeper.keep()
        result = keeper.get()
        assert result.status == 78
        assert "https" in result.message
        assert clear.received == b""
