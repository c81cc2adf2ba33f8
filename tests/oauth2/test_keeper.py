# SPDX-License-Identifier: MIT
"""What postrider-credential does with its entries: who may replace one, and
what becomes of a sign-in."""
import threading

from oauth2.kit import refusal, tokens, wait_until


def test_a_sign_in_outlives_a_refresh_that_was_under_way(keeper, endpoint):
    """The earlier refresh token turns out to be over after the person has
    signed in anew."""
    late = threading.Event()

    def answer(request):
        if request.form["grant_type"] == "refresh_token":
            return refusal("invalid_grant", hold=late)
        return tokens()

    endpoint.token(answer)
    keeper.keep()
    results = []
    getter = threading.Thread(target=lambda: results.append(keeper.get()))
    getter.start()
    assert wait_until(lambda: len(endpoint.posts) == 1)
    with keeper.sign_in() as sign_in:
        assert sign_in.come_back()[0] == 200
        late.set()
        assert sign_in.finish().status == 0
    getter.join()
    assert results[0].status == 77
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"
    assert keeper.get().answer["password"] == "access-1"


def test_a_sign_in_without_a_refresh_token_says_when_it_ends(keeper,
                                                             endpoint):
    endpoint.token(tokens(refresh=None, expires_in=1800))
    with keeper.sign_in() as sign_in:
        sign_in.come_back()
        result = sign_in.finish()
    assert result.status == 0
    assert "the sign-in ends with the token, after 30 min" in result.out


def test_a_pasted_address_serves_in_place_of_a_device(keeper, endpoint):
    """As the hint says where device codes are of no use."""
    keeper.configure(keeper.provider(device_unavailable="no mail by it"),
                     keeper.account(grant="device-code"))
    endpoint.token(tokens())
    refused = keeper.run("login")
    assert (refused.status, refused.message) == (78, "no mail by it")
    assert "--paste" in refused.hint
    with keeper.sign_in("--paste") as sign_in:
        assert any(line.startswith(endpoint.url("/authorize?"))
                   for line in sign_in.process.stdout)
