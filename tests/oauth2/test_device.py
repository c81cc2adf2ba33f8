# SPDX-License-Identifier: MIT
"""The device grant (RFC 8628) with a scripted endpoint.

A server's interval is at least a second; the tests keep to that.
"""
import pytest

from callers.credential import TRY_AGAIN, Answer, json_answer, refusal, tokens

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def code(**more):
    return json_answer({
        "device_code": "device-1", "user_code": "ABCD-EFGH", "interval": 1,
        "verification_uri": "https://example.test/device", "expires_in": 600,
        **more})


@pytest.fixture
def device(keeper, endpoint):
    """Signs in by a code; the arguments are the answers to the polls."""
    def sign_in(*answers, arguments=(), code=code()):
        endpoint.answer("POST /device", code)
        if answers:
            endpoint.token(list(answers))
        return keeper.run("--device", *arguments, "login")

    return sign_in


def test_a_code_is_shown_and_waited_for(device, keeper, endpoint):
    result = device(refusal("authorization_pending"), tokens())
    assert result.status == 0, result.err
    assert "https://example.test/device" in result.out
    assert "ABCD-EFGH" in result.out
    assert "device-1" not in result.out + result.err
    assert endpoint.requests[0].form == {"client_id": "client-of-a",
                                         "scope": "smtp"}
    assert endpoint.posts == 2 * [{
        "grant_type": GRANT, "device_code": "device-1",
        "client_id": "client-of-a"}]
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"
    assert not (keeper.browser / "url").exists()


def test_slow_down_adds_five_seconds_for_good(device, endpoint):
    result = device(refusal("slow_down"), refusal("authorization_pending"),
                    tokens())
    assert result.status == 0, result.err
    asked, *polls = endpoint.times
    pauses = [after - before
              for before, after in zip([asked, *polls], polls)]
    assert pauses[0] >= 1
    assert pauses[1] >= 6 and pauses[2] >= 6


def test_an_answer_that_is_lost_is_asked_for_again(device, endpoint):
    lost = [Answer(reset=True), Answer(raw=b""), Answer(503), Answer(429),
            Answer(200, b"<html>"), Answer(200, b"{}" * 100, cut=True)]
    result = device(*lost, tokens())
    assert result.status == 0, result.err
    assert len(endpoint.posts) == len(lost) + 1


def test_an_answer_that_does_not_come_is_asked_for_again(device, endpoint):
    result = device(Answer(silent=True), tokens(), arguments=["--timeout=1s"])
    assert result.status == 0, result.err
    assert len(endpoint.posts) == 2


@pytest.mark.parametrize("error, hint", [
    ("expired_token", "postrider login --device a"),
    ("access_denied", "postrider login --device a"),
    ("invalid_client", "check client-id"),
    ("invalid_grant", "postrider login --device a"),
    ("made_up", "")])
def test_a_refusal_ends_it(device, keeper, endpoint, error, hint):
    result = device(refusal(error, "why"), tokens())
    assert result.status == 77
    assert f"{error}: why" in result.message
    assert hint in result.hint
    assert len(endpoint.posts) == 1
    assert keeper.kept() == {}


def test_a_code_that_nobody_enters_expires(device, keeper, endpoint):
    result = device(refusal("authorization_pending"), code=code(expires_in=3))
    assert result.status == 77
    assert result.message == "the code expired before it was entered"
    assert result.hint == "run postrider login --device a again"
    assert 1 <= len(endpoint.posts) <= 2
    assert keeper.kept() == {}


@pytest.mark.parametrize("interval", [0, 0.5, "0"])
def test_no_server_makes_us_ask_without_a_pause(device, endpoint, interval):
    result = device(tokens(), code=code(interval=interval))
    assert result.status == 0
    asked, polled = endpoint.times
    assert polled - asked >= 1


@pytest.mark.parametrize("answer, status, says", [
    (code(device_code=None), TRY_AGAIN, "no device code"),
    (code(user_code=None), TRY_AGAIN, "no user code or URL"),
    (code(verification_uri=None), TRY_AGAIN, "no user code or URL"),
    (Answer(500), TRY_AGAIN, "status 500"),
    (Answer(404), 69, "status 404"),
    (Answer(302, headers={"Location": "/token"}), 69, "redirect"),
    (refusal("unauthorized_client"), 77, "unauthorized_client"),
    (refusal("invalid_client", "AADSTS7000218: no"), 77, "AADSTS7000218")])
def test_no_code_is_no_sign_in(device, endpoint, answer, status, says):
    result = device(code=answer)
    assert result.status == status, result.err
    assert says in result.message
    assert endpoint.posts == []


def test_an_older_name_of_the_place_will_do(device):
    result = device(tokens(), code=code(
        verification_uri=None, verification_url="https://example.test/old"))
    assert result.status == 0
    assert "https://example.test/old" in result.out


def test_what_is_shown_is_printable(device):
    result = device(tokens(), code=code(
        user_code="AB\x1b[2JCD", verification_uri="https://x\r\nEnter here:"))
    assert result.status == 0
    assert "\x1b" not in result.out and "\r" not in result.out
    assert not any(line.startswith("Enter here")
                   for line in result.out.splitlines())


@pytest.mark.parametrize("provider", ["gmail", "google-relay"])
def test_google_has_no_mail_by_device(keeper, endpoint, provider):
    """It is refused before any request."""
    keeper.configure(keeper.account(
        provider=provider, user="alice@gmail.com", client_secret="env:SECRET"))
    result = keeper.run("--device", "login", env={
        "SECRET": "secret", "https_proxy": endpoint.url("")})
    assert result.status == 78
    assert "Google does not allow access to mail with a device code" in result.message
    assert "--paste a" in result.hint
    assert result.out == ""
    assert endpoint.received == b""


def test_a_provider_without_the_device_grant_says_so(keeper, endpoint):
    keeper.configure(keeper.provider(device_url=None))
    result = keeper.run("--device", "login")
    assert result.status == 78
    assert "no device-url" in result.message
    assert result.hint == "sign in without --device"
    assert endpoint.received == b""
