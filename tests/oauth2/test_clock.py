# SPDX-License-Identifier: MIT
"""The clock was wrong when a token was stored, or is wrong now."""
import pytest

from callers.credential import HOUR, tokens

DAY = 24 * HOUR


def refreshed(keeper, endpoint, expected=True):
    endpoint.token(tokens())
    result = keeper.get()
    assert result.status == 0, result.err
    assert result.answer["password"] == \
        ("access-1" if expected else "access-0")
    assert len(endpoint.posts) == int(expected)


@pytest.mark.parametrize("ahead", [HOUR, 5 * HOUR, DAY, 30 * 365 * DAY])
def test_a_token_from_the_future_is_not_trusted(keeper, endpoint, ahead):
    """The clock was ahead when it was stored, so it may have expired."""
    keeper.keep(access="access-0", issued=ahead, expires=ahead + HOUR)
    refreshed(keeper, endpoint)


@pytest.mark.parametrize("ahead", [1, 20])
def test_clocks_of_machines_that_share_a_directory_differ(keeper, endpoint,
                                                          ahead):
    keeper.keep(access="access-0", issued=ahead, expires=ahead + HOUR)
    refreshed(keeper, endpoint, False)


@pytest.mark.parametrize("behind", [HOUR, 5 * HOUR, DAY, 30 * 365 * DAY])
def test_a_token_of_the_past_is_refreshed(keeper, endpoint, behind):
    keeper.keep(access="access-0", issued=-behind, expires=HOUR - behind)
    refreshed(keeper, endpoint)


def test_a_token_that_is_about_to_end_is_refreshed(keeper, endpoint):
    keeper.keep(access="access-0", issued=60 - HOUR, expires=60)
    refreshed(keeper, endpoint)


@pytest.mark.parametrize("values", [
    {"password_expiry_utc": None}, {"password_expiry_utc": "soon"},
    {"password_expiry_utc": ""}, {"password_expiry_utc": "-1"},
    {"password_expiry_utc": "9" * 30}])
def test_a_token_without_a_good_end_is_refreshed(keeper, endpoint, values):
    keeper.keep(access="access-0", issued=0, expires=HOUR, **values)
    refreshed(keeper, endpoint)


def test_a_token_that_never_ends_is_no_trouble(keeper, endpoint):
    keeper.keep(access="access-0", issued=0,
                password_expiry_utc=str(2**63 - 1))
    refreshed(keeper, endpoint, False)
