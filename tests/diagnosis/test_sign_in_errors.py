# SPDX-License-Identifier: MIT
"""Errors of OAuth2 endpoints while a person signs in: in the browser, at the
exchange of the code, with a device. sign-in.tsv has them."""
import pathlib

import pytest

from callers.credential import Endpoint, Keeper, json_answer, refusal

TABLE = pathlib.Path(__file__).with_name("sign-in.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text().splitlines()
        if not line.startswith("#")]
USER = "alice@example.test"
CLIENT = "00000000-0000-0000-0000-000000000000"
MICROSOFT = ("microsoft365", "outlook")


@pytest.fixture(scope="module")
def endpoint(ca):
    with Endpoint(ca.server) as running:
        yield running


@pytest.fixture
def sign_in(tmp_path, ca, endpoint):
    """A sign-in at a provider of that name."""
    def start(provider, *arguments):
        keeper = Keeper(tmp_path, ca)
        keeper.server = endpoint
        how = {"redirect": "http://localhost"} if provider in MICROSOFT else {}
        keeper.configure(keeper.provider(provider, **how),
                         keeper.account(provider=provider, user=USER,
                                        client_id=CLIENT,
                                        client_secret="env:CLIENT_SECRET"))
        return keeper.sign_in(*arguments, env={"CLIENT_SECRET": "s3cret"})
    return start


def come_back(running, **values):
    """Browsers add the path that Microsoft's redirect URI lacks."""
    place, _, query = running.redirect(**values).partition("?")
    slash = "" if place.count("/") > 2 else "/"
    running.fetch(f"{place}{slash}?{query}")


def at_redirect(sign_in, endpoint, provider, error, description):
    with sign_in(provider) as running:
        come_back(running, code=None, error=error,
                  error_description=description)
        return running.finish()


def at_code(sign_in, endpoint, provider, error, description):
    endpoint.token(refusal(error, description))
    with sign_in(provider) as running:
        come_back(running)
        return running.finish()


def at_device_start(sign_in, endpoint, provider, error, description):
    endpoint.answer("POST /device", refusal(error, description))
    with sign_in(provider, "--device") as running:
        return running.finish()


def at_device(sign_in, endpoint, provider, error, description):
    endpoint.answer("POST /device", json_answer({
        "device_code": "device-code-1", "user_code": "ABCD",
        "verification_uri": "https://op.test/device", "interval": 1}))
    endpoint.token(refusal(error, description))
    with sign_in(provider, "--device") as running:
        return running.finish()


def at_page(sign_in, endpoint, provider, error, description):
    """The person pastes what the page says; the browser never comes back."""
    with sign_in(provider) as running:
        assert running.url
        running.process.stdin.write(f"Something went wrong\n{description}\n")
        running.process.stdin.flush()
        return running.finish()


def test_a_page_that_is_not_known_is_repeated(sign_in, endpoint):
    """Printable, and not without end; the person needn't wait."""
    with sign_in("op") as running:
        assert running.url
        running.process.stdin.write(
            "The page \x1b[31mis cold" + " and cold" * 500 + "\n")
        running.process.stdin.flush()
        result = running.finish()
    assert result.status == 77
    assert "failed in the browser: The page " in result.message
    assert "\x1b" not in result.err and len(result.err) < 1500
    assert "paste its code" in result.hint


STEPS = {"redirect": at_redirect, "page": at_page, "code": at_code, "device": at_device,
         "device-start": at_device_start}


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_an_error_during_a_sign_in_is_understood(sign_in, endpoint, row):
    step, provider, error, description, cause, words, _ = row
    result = STEPS[step](sign_in, endpoint,
                         "op" if provider == "-" else provider, error,
                         None if description == "-" else description)
    assert result.cause == cause, result.err
    assert words in result.hint
    assert "{" not in result.hint
