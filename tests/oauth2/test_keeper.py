# SPDX-License-Identifier: MIT
"""What postrider-credential does with its entries: who may replace one, and
what becomes of a sign-in."""
import threading

import pytest

from oauth2.kit import json_answer, refusal, tokens, wait_until


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


def test_no_token_is_spent_that_can_not_be_kept(keeper, endpoint):
    keeper.configure(keeper.account(credential_encrypt=None,
                                    credential_decrypt="plain-text"))
    endpoint.token(tokens())
    keeper.keep()
    for operation in ("get", "login"):
        refused = keeper.run(operation)
        assert refused.status == 78
        assert "credential-folder needs credential-encrypt" in refused.message
    assert endpoint.posts == []
    assert keeper.kept()["oauth_refresh_token"] == "refresh-0"


@pytest.mark.parametrize("number", ["INT", "TERM", "HUP", "QUIT"])
def test_a_signal_to_all_while_a_token_is_encrypted_loses_none(
        keeper, endpoint, number):
    """A terminal sends Ctrl-C to the command too."""
    keeper.configure(keeper.account(
        credential_encrypt=f"kill -{number} 0; cat", credential_decrypt="cat"))
    endpoint.token(tokens())
    keeper.keep()
    assert keeper.run("get", wrap=["setsid", "--wait"]).status == 0
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"


def test_a_secret_goes_in_a_header_at_each_refresh(keeper, endpoint):
    """Where the server takes it nowhere else."""
    secret = keeper.home / "secret"
    secret.write_text("client secret\n")
    secret.chmod(0o600)
    issuer = endpoint.url("")
    keeper.configure(
        keeper.provider(issuer=issuer, token_url=None),
        keeper.account(client_secret=f"file:{secret}"))
    endpoint.answer("GET /.well-known/openid-configuration", json_answer({
        "issuer": issuer, "token_endpoint": endpoint.url("/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic"]}))
    endpoint.token(tokens())
    keeper.keep(postrider_issuer=issuer,
                postrider_token_url=endpoint.url("/token"))
    assert keeper.get().status == 0
    asked = endpoint.requests[-1]
    assert asked.headers["authorization"].startswith("Basic ")
    assert "client_secret" not in asked.form
