# SPDX-License-Identifier: MIT
"""Errors of an endpoint as users see them: with a hint, but without secrets,
the server's internal ids or terminal escape sequences."""
import time

import pytest

from callers.credential import AGAIN, HOUR, LATER, refusal, tokens

RECORDS = ("\r\nTrace ID: 11111111-2222\r\nCorrelation ID: 33333333-4444\r\n"
           "Timestamp: 2026-01-01 00:00:00Z")
# What Microsoft's numbers mean; the whole table is in test-endpoint-failure.c.
NUMBERS = [
    (65001, "invalid_grant", "give consent"),
    (90094, "interaction_required", "administrator"),
    (50194, "invalid_request", "set tenant"),
    (700016, "unauthorized_client", "check client-id and tenant of a"),
    (7000218, "invalid_client", "Allow public client flows"),
    (700025, "invalid_client", "remove client-secret from a"),
    (7000222, "invalid_client", "create a new client secret"),
    (50076, "interaction_required", "with a second factor"),
    (53003, "access_denied", "Conditional Access"),
    (700082, "invalid_grant", AGAIN),
    (70011, "invalid_scope", "SMTP.Send"),
    (28000, "invalid_request", "one resource only"),
    (50196, "invalid_request", "too many identical requests"),
]


@pytest.mark.parametrize("number, error, advice", NUMBERS)
def test_a_number_of_microsofts_has_advice(keeper, endpoint, number, error,
                                           advice):
    text = f"AADSTS{number}: What it is. Once more: AADSTS1."
    endpoint.token(refusal(error, text + RECORDS))
    keeper.keep()
    result = keeper.get()
    assert result.status == (LATER if number == 50196 else 77)
    assert advice in result.hint
    # Ids in the server's logs don't help the user.
    assert result.message == (f"{endpoint.url('/token')}: {error}: "
                              f"AADSTS{number}: What it is. Once more: "
                              "AADSTS1")


def test_a_sign_in_of_google_that_lasts_a_week(keeper, endpoint):
    """As long as the application is not published."""
    endpoint.token(refusal("invalid_grant",
                           "Token has been expired or revoked."))
    keeper.keep()
    result = keeper.get()
    assert result.status == 77
    assert result.hint == (f"{AGAIN}; if that lasts 7 days only, publish the "
                           "application: https://console.cloud.google.com/"
                           "auth/audience")


def test_the_error_decides_and_not_the_number(keeper, endpoint):
    """With another error code, an AADSTS number doesn't end the sign-in."""
    endpoint.token([refusal("invalid_request", "AADSTS700082: expired"),
                    tokens()])
    keeper.keep()
    assert keeper.get().status == 77
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"
    assert keeper.get().status == 0


def test_advice_is_the_same_when_told_again(keeper, endpoint):
    endpoint.token(refusal("invalid_grant", "AADSTS700082: inactive"))
    keeper.keep()
    first, second = keeper.get(), keeper.get()
    assert "has expired or was revoked" in first.hint
    assert first.cause == "sign-in-expired"
    assert (first.message, first.hint, first.cause) == (
        second.message, second.hint, second.cause)
    assert len(endpoint.posts) == 1


@pytest.mark.parametrize("number", [50076, 53003, 65001, 50057, 70000])
def test_a_refusal_that_somebody_can_lift_keeps_the_sign_in(
        keeper, endpoint, number):
    """Microsoft says invalid_grant, too, where another network, an
    administrator or consent is due: the refresh token is then still good."""
    endpoint.token([refusal("invalid_grant", f"AADSTS{number}: x"), tokens()])
    keeper.keep()
    assert keeper.get().status == 77
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"
    assert keeper.get().status == 0


@pytest.mark.parametrize("description", [
    "\x1b[2J\x1b[31mred", "bell\x07", "back\x08\x08", "line\nhint: a lie",
    "line\r\npostrider-credential: another", "\x9b31m", "\u202eback",
    "tab\there", "x" * 10000])
def test_a_description_is_one_printable_line(keeper, endpoint, description):
    endpoint.token(refusal("invalid_scope", description))
    keeper.keep()
    result = keeper.get()
    assert result.status == 77
    lines = result.err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "wait", "postrider-credential", "hint", "cause"]
    assert len(result.err) < 1500
    for c in "\x1b\x07\x08\x9b\r\t":
        assert c not in result.err


@pytest.mark.parametrize("error", [
    "\x1b[31m", "a\nhint: b", "x" * 10000, "invalid_grant\x00",
    "invalid_grant\n"])
def test_an_error_is_a_short_printable_word(keeper, endpoint, error):
    endpoint.token([refusal(error), tokens()])
    keeper.keep()
    result = keeper.get()
    assert result.status in (69, 77)
    assert len(result.err) < 500 and "\x1b" not in result.err
    assert result.cause == "token-endpoint"
    assert keeper.get().status == 0


@pytest.mark.parametrize("where", ["error", "error_description"])
def test_no_secret_is_shown_that_a_server_repeats(keeper, endpoint, where):
    """Any value of the request may be quoted, decoded or not."""
    keeper.configure(keeper.account(client_secret="env:SECRET"))
    secrets = {"refresh_token": "refresh/+secret==",
               "client_secret": "client&secret%", "code": "code+secret/",
               "code_verifier": None}
    env = {"SECRET": secrets["client_secret"]}

    def echo(request):
        quoted = quote(request)
        if where == "error":
            return refusal(quoted)
        return refusal("invalid_scope", f"bad: {quoted}.")

    endpoint.token(echo)
    keeper.keep(refresh=secrets["refresh_token"])
    for name in secrets:
        for quote in (lambda request: request.form[name],
                      lambda request: request.body.decode()):
            if name == "refresh_token":
                result = keeper.get(env=env)
                page = ""
            else:
                with keeper.sign_in(env=env) as sign_in:
                    _, page = sign_in.come_back(code=secrets["code"])
                    result = sign_in.finish()
            assert endpoint.requests, result.err
            sent = endpoint.requests[-1]
            assert result.status in (69, 77), result.err
            assert "localhost" in result.message
            for text in (result.out, result.err, page):
                assert sent.form[name] not in text
                assert sent.body.decode() not in text


def test_a_secret_that_goes_in_a_header_is_not_shown_either(keeper, endpoint):
    issuer = endpoint.url("")
    endpoint.answer("GET /.well-known/openid-configuration", tokens(
        issuer=issuer, token_endpoint=endpoint.url("/token")))
    keeper.configure(keeper.provider(issuer=issuer, token_url=None),
                     keeper.account(client_secret="env:SECRET"))
    endpoint.token(refusal("invalid_client", "not 'client secret'!", 401))
    keeper.keep()
    result = keeper.get(env={"SECRET": "client secret"})
    assert result.status == 77
    assert endpoint.requests[-1].headers["authorization"].startswith("Basic ")
    assert "client_secret" not in endpoint.posts[0]
    assert "client secret" not in result.err
    assert "invalid_client" in result.message


@pytest.mark.parametrize("hours, way", [(-5, "fast"), (5, "slow")])
def test_a_wrong_clock_is_blamed_for_a_refused_client(keeper, endpoint, hours,
                                                      way):
    date = time.time() + hours * HOUR
    endpoint.token(refusal("invalid_client", date=date))
    keeper.keep()
    result = keeper.get()
    assert result.status == 77
    assert "set this computer's clock, which is" in result.hint
    assert f"minutes {way}, and try again" in result.hint


def test_a_clock_that_is_right_is_not_blamed(keeper, endpoint):
    endpoint.token(refusal("invalid_client", date=time.time() + 120))
    keeper.keep()
    assert "clock" not in keeper.get().hint


def test_a_wrong_clock_does_not_hide_that_the_sign_in_is_over(keeper,
                                                              endpoint):
    endpoint.token(refusal("invalid_grant", date=time.time() - 5 * HOUR))
    keeper.keep()
    assert keeper.get().hint == AGAIN
