# SPDX-License-Identifier: MIT
"""The redirect that the browser delivers to login, and other requests to its
address.

The listener is the one of a running login; the test is the browser.
"""
import base64
import hashlib
import pathlib
import re
import signal
import socket
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from callers.credential import json_answer, refusal, tokens
from patience import wait_for


def s256(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def connections(port):
    """How many connections to a port of 127.0.0.1 there are."""
    local = f"0100007F:{port:04X}"
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()
    return sum(line.split()[1] == local and line.split()[3] == "01"
               for line in lines)


def signs_in(sign_in, endpoint, keeper):
    """The right answer still works."""
    endpoint.token(tokens())
    status, page = sign_in.come_back()
    result = sign_in.finish()
    assert (status, result.status) == (200, 0), result.err
    assert "You are signed in" in page
    assert [form["code"] for form in endpoint.posts] == ["code-1"]
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"
    return result


def ends(sign_in, endpoint, keeper, status):
    """The sign-in has failed, without a token request or a stored token."""
    result = sign_in.finish()
    assert result.status == status, result.err
    assert endpoint.requests == []
    assert keeper.kept() == {}
    return result


def test_a_sign_in_proves_itself_by_s256(keeper, endpoint):
    with keeper.sign_in() as sign_in:
        query = sign_in.query
        signs_in(sign_in, endpoint, keeper)
    form = endpoint.posts[0]
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert query["code_challenge"] == s256(form["code_verifier"])
    assert 43 <= len(form["code_verifier"]) <= 128
    assert form == {"grant_type": "authorization_code", "code": "code-1",
                    "code_verifier": form["code_verifier"],
                    "redirect_uri": query["redirect_uri"],
                    "client_id": "client-of-a"}


def test_state_and_verifier_are_random_and_new_each_time(keeper):
    seen = []
    for _ in range(2):
        with keeper.sign_in() as sign_in:
            seen.append(sign_in.query)
    for name in ("state", "code_challenge"):
        first, second = (query[name] for query in seen)
        assert first != second
        # 128 bits in the alphabet of base64url, 6 bits each.
        assert len(first) >= 22 and len(set(first)) > 8


@pytest.mark.parametrize("state", [
    None, "", "wrong", "x" * 5000, "%00"])
def test_a_wrong_state_is_ignored_and_the_right_one_still_works(
        keeper, endpoint, state):
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back(code="of-a-thief", state=state)
        assert status == 400
        assert "does not belong to the current sign-in" in page
        assert endpoint.requests == []
        result = signs_in(sign_in, endpoint, keeper)
    assert "Ignored a redirect that does not belong to this sign-in" in result.out


def test_most_of_the_right_state_is_wrong_too(keeper, endpoint):
    with keeper.sign_in() as sign_in:
        state = sign_in.query["state"]
        for other in (state[:-1], state + "x", state.swapcase()):
            assert sign_in.come_back(state=other)[0] == 400
        assert endpoint.requests == []
        signs_in(sign_in, endpoint, keeper)


@pytest.mark.parametrize("twice", ["state", "code", "iss", "error"])
def test_what_is_there_twice_is_ignored(keeper, endpoint, twice):
    with keeper.sign_in() as sign_in:
        pairs = f"&{twice}=1" * (1 if twice in ("state", "code") else 2)
        status, _ = sign_in.fetch(sign_in.redirect() + pairs)
        assert status == 400
        assert endpoint.requests == []
        result = signs_in(sign_in, endpoint, keeper)
    assert f'"{twice}" appears twice' in result.out


@pytest.mark.parametrize("host", [
    "evil.example.test", "evil.example.test:{port}", "127.0.0.1",
    "127.0.0.1:1", "127.0.0.1.evil.example.test:{port}", "localhost:{port}"])
def test_a_foreign_host_is_turned_away(keeper, endpoint, host):
    """DNS rebinding would let a web page send requests to the listener."""
    with keeper.sign_in() as sign_in:
        status, page = sign_in.fetch(sign_in.redirect(),
                                     host=host.format(port=sign_in.port))
        assert status == 421
        assert "Wrong address" in page
        assert endpoint.requests == []
        signs_in(sign_in, endpoint, keeper)


@pytest.mark.parametrize("path", [
    "/other", "//", "/index.html", "/favicon.ico", "/..", "/%2e"])
def test_any_other_path_is_empty(keeper, endpoint, path):
    with keeper.sign_in() as sign_in:
        query = urllib.parse.urlsplit(sign_in.redirect()).query
        status, _ = sign_in.fetch(
            f"http://127.0.0.1:{sign_in.port}{path}?{query}")
        assert status == 404
        assert endpoint.requests == []
        signs_in(sign_in, endpoint, keeper)


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_an_answer_comes_by_get_alone(keeper, endpoint, method):
    with keeper.sign_in() as sign_in:
        status, _ = sign_in.fetch(sign_in.redirect(), method=method)
        assert status == 405
        assert endpoint.requests == []
        signs_in(sign_in, endpoint, keeper)


def test_nobody_listens_after_success(keeper, endpoint):
    with keeper.sign_in() as sign_in:
        signs_in(sign_in, endpoint, keeper)
        assert not is_listening(sign_in.port)
        with pytest.raises(ConnectionRefusedError):
            sign_in.come_back()
    assert len(endpoint.posts) == 1


def test_a_second_answer_meanwhile_is_told_that_it_is_over(keeper, endpoint):
    """As when somebody reloads the page, while the code is exchanged."""
    hold = threading.Event()
    endpoint.token(tokens(hold=hold))
    with keeper.sign_in() as sign_in, ThreadPoolExecutor() as pool:
        first = pool.submit(sign_in.come_back)
        wait_for(lambda: endpoint.posts)
        second = pool.submit(sign_in.come_back, code="code-2")
        wait_for(lambda: connections(sign_in.port) == 2)
        hold.set()
        assert first.result()[0] == 200
        status, page = second.result()
        assert status == 410
        assert "This sign-in has ended" in page
        assert sign_in.finish().status == 0
    assert [form["code"] for form in endpoint.posts] == ["code-1"]


def test_an_answer_from_another_issuer_ends_the_sign_in(keeper, endpoint):
    keeper.configure(keeper.provider(issuer="https://issuer.example.test"))
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back(iss="https://evil.example.test")
        assert status == 403
        assert "cannot be trusted" in page
        result = ends(sign_in, endpoint, keeper, 76)
    assert "from https://evil.example.test, not from " \
        "https://issuer.example.test" in result.message


@pytest.mark.parametrize("iss", [
    "https://issuer.example.test/", "HTTPS://issuer.example.test",
    "https://issuer.example.test:443"])
def test_an_issuer_is_compared_byte_for_byte(keeper, endpoint, iss):
    keeper.configure(keeper.provider(issuer="https://issuer.example.test"))
    with keeper.sign_in() as sign_in:
        assert sign_in.come_back(iss=iss)[0] == 403
        ends(sign_in, endpoint, keeper, 76)


def test_the_right_issuer_is_fine(keeper, endpoint):
    keeper.configure(keeper.provider(issuer="https://issuer.example.test"))
    endpoint.token(tokens())
    with keeper.sign_in() as sign_in:
        assert sign_in.come_back(iss="https://issuer.example.test")[0] == 200
        assert sign_in.finish().status == 0


def test_an_issuer_that_always_names_itself_must(keeper, endpoint):
    """RFC 9207 2.4."""
    issuer = endpoint.url("")
    document = {
        "issuer": issuer, "token_endpoint": endpoint.url("/token"),
        "authorization_endpoint": endpoint.url("/authorize"),
        "authorization_response_iss_parameter_supported": True}
    endpoint.answer("GET /.well-known/openid-configuration",
                    json_answer(document))
    keeper.configure(keeper.provider(issuer=issuer, authorization_url=None,
                                     token_url=None))
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back()
        assert status == 403
        result = sign_in.finish()
    assert result.status == 76
    assert "names no issuer" in result.message
    assert endpoint.posts == [] and keeper.kept() == {}


def test_somebody_declines(keeper, endpoint):
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back(
            code=None, error="access_denied",
            error_description="The user \x1b[31msaid no")
        assert status == 403
        assert "declined" in page
        result = ends(sign_in, endpoint, keeper, 77)
    assert "declined in the browser" in result.message
    assert "\x1b" not in page + result.out + result.err
    assert result.hint.startswith(
        "to allow it, sign in again: postrider login a; if the provider")


def test_the_server_fails_in_the_browser(keeper, endpoint):
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back(
            code=None, error="invalid_request",
            error_description="AADSTS50011: The redirect URI is not known")
        assert status == 502
        result = ends(sign_in, endpoint, keeper, 77)
    assert "AADSTS50011" in result.message
    assert "add the redirect URI http://127.0.0.1/" in result.hint


@pytest.mark.parametrize("code", [None, ""])
def test_an_answer_without_a_code_is_none(keeper, endpoint, code):
    with keeper.sign_in() as sign_in:
        sign_in.come_back(code=code)
        ends(sign_in, endpoint, keeper, 77)


def test_the_page_tells_that_the_exchange_failed(keeper, endpoint):
    endpoint.token(refusal("invalid_grant", "the code is too old"))
    with keeper.sign_in() as sign_in:
        status, page = sign_in.come_back()
        result = sign_in.finish()
    assert (status, result.status) == (502, 77)
    assert "the code is too old" in page and "the code is too old" in \
        result.message
    assert keeper.kept() == {}


def test_the_redirect_is_called_localhost_where_that_is_registered(
        keeper, endpoint):
    keeper.configure(keeper.provider(redirect="http://localhost/back"))
    with keeper.sign_in() as sign_in:
        assert sign_in.redirect_uri == f"http://localhost:{sign_in.port}/back"
        signs_in(sign_in, endpoint, keeper)
    assert endpoint.posts[0]["redirect_uri"] == sign_in.redirect_uri


@pytest.mark.parametrize("redirect", [
    "https://localhost/back", "http://example.org/back",
    "http://localhost:8080/back", "http://localhost.example.org/",
    "http://" + "x" * 1000 + "/", "back"])
def test_a_redirect_to_another_computer_is_refused(keeper, endpoint, redirect):
    keeper.configure(keeper.provider(redirect=redirect))
    done = keeper.run("login")
    assert done.status == 78
    assert done.message == (
        f'provider op: the redirect "{redirect}" is not supported')[:767]
    assert done.hint == ("set redirect to http://127.0.0.1/PATH or "
                         "http://localhost/PATH, without a port")
    assert not (keeper.browser / "started").exists()


def test_an_address_is_pasted(keeper, endpoint):
    endpoint.token(tokens())
    with keeper.sign_in() as sign_in:
        lines = ["what is this", sign_in.redirect(state="wrong"),
                 "  " + sign_in.redirect() + " "]
        out, err = sign_in.process.communicate("\n".join(lines) + "\n",
                                               timeout=60)
        assert sign_in.process.returncode == 0, err
    assert "This is not the URL of the final page" in out
    assert "belongs to another sign-in" in out
    assert out.endswith("\nThe URL is accepted; getting the token ...\n")
    assert out.count("getting the token") == 1
    assert [form["code"] for form in endpoint.posts] == ["code-1"]


def test_paste_starts_no_browser(keeper, endpoint):
    endpoint.token(tokens())
    with keeper.sign_in("--paste") as sign_in:
        shown = ""
        while "https://" not in shown:
            shown = sign_in.process.stdout.readline()
        (keeper.browser / "url").write_text(shown.strip())
        assert sign_in.query["state"]
        sign_in.process.stdin.write(sign_in.redirect() + "\n")
        assert sign_in.finish().status == 0
    assert not (keeper.browser / "started").exists()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_at_once(keeper, endpoint, by):
    with keeper.sign_in() as sign_in:
        port = sign_in.port
        assert is_listening(port)
        sign_in.process.send_signal(by)
        ends(sign_in, endpoint, keeper, -by)
        assert not is_listening(port)


def test_nobody_answers_in_time(keeper, endpoint):
    with keeper.sign_in("--deadline=2s") as sign_in:
        port = sign_in.port
        result = ends(sign_in, endpoint, keeper, 77)
        assert not is_listening(port)
    assert re.fullmatch("no response from the browser within [12] s",
                        result.message)
    assert "sign in again" in result.hint
