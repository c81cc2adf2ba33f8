# SPDX-License-Identifier: MIT
"""The entries of postrider-credential: which process may replace one, and when
a sign-in ends."""
import signal
import socket
import threading

import pytest

from callers.credential import AGAIN, HOUR, json_answer, refusal, tokens
from patience import wait_for


def test_a_sign_in_outlives_a_refresh_that_was_under_way(keeper, endpoint):
    """The old refresh token is refused after the user has signed in again."""
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
    wait_for(lambda: len(endpoint.posts) == 1)
    with keeper.sign_in() as sign_in:
        assert sign_in.come_back()[0] == 200
        late.set()
        assert sign_in.finish().status == 0
    getter.join()
    assert results[0].status == 77
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"
    assert keeper.get().answer["password"] == "access-1"


@pytest.mark.parametrize("found, posts, password", [
    ({"refresh": "refresh-1", "access": "access-1", "issued": 0,
      "expires": HOUR}, ["refresh-0"], "access-1"),
    ({"refresh": "refresh-1"}, ["refresh-0", "refresh-1"], "access-2"),
])
def test_a_refusal_leaves_what_another_process_has_stored(
        keeper, endpoint, found, posts, password):
    """One that doesn't share the lock, as in a container."""
    def answer(request):
        if request.form["refresh_token"] == "refresh-0":
            keeper.keep(**found)
            return refusal("invalid_grant")
        return tokens("access-2", "refresh-2")

    endpoint.token(answer)
    keeper.keep()
    result = keeper.get()
    assert (result.status, result.err) == (0, "wait: renewing the token\n")
    assert result.answer["password"] == password
    assert [form["refresh_token"] for form in endpoint.posts] == posts
    assert keeper.kept()["password"] == password


def test_a_refusal_does_not_bring_back_what_was_erased(keeper, endpoint):
    def answer(_request):
        keeper.entry_file().unlink()
        return refusal("invalid_grant")

    endpoint.token(answer)
    keeper.keep()
    result = keeper.get()
    assert (result.status, result.hint) == (77, "sign in: postrider login a")
    assert keeper.kept() == {}


def test_renewing_ends_where_an_entry_is_replaced_again_and_again(
        keeper, endpoint):
    def answer(_request):
        keeper.keep(refresh=f"refresh-{len(endpoint.posts)}")
        return refusal("invalid_grant")

    endpoint.token(answer)
    keeper.keep()
    result = keeper.get()
    assert (result.status, result.hint) == (77, AGAIN)
    assert len(endpoint.posts) == 3
    assert keeper.kept()["oauth_refresh_token"] == "refresh-3"


def test_a_sign_in_without_a_refresh_token_says_when_it_ends(keeper,
                                                             endpoint):
    endpoint.token(tokens(refresh=None, expires_in=1800))
    with keeper.sign_in() as sign_in:
        sign_in.come_back()
        result = sign_in.finish()
    assert result.status == 0
    assert "the sign-in expires with the token, in 30 min" in result.out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_sign_in_ends_with_the_program_that_started_it(keeper, number):
    with keeper.sign_in() as sign_in:
        port = sign_in.port
        assert accepts(port)
        sign_in.process.send_signal(number)
        wait_for(lambda: not accepts(port))
        assert sign_in.process.wait(10) == -number


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_pasted_address_serves_in_place_of_a_device(keeper, endpoint):
    """As the hint suggests if the provider doesn't support device codes."""
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
    """For servers that accept it only there."""
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


def test_logout_forgets_the_client_secret(keeper, endpoint):
    """Where there is nothing to revoke at, too, and not while another account
    needs it."""
    secret = keeper.entry_file("client-of-a", service="oauth2%2Dclient")
    accounts = [keeper.account(client_secret="keyring"),
                keeper.account("b", client_secret="keyring", user="bob")]
    keeper.keep()
    secret.write_text("password=client secret\n\n")
    secret.chmod(0o600)
    keeper.configure(*accounts)
    done = keeper.run("logout")
    assert (done.status, done.err) == (0, "")
    assert not keeper.entry_file().exists()
    assert secret.exists()
    keeper.configure(accounts[0])
    done = keeper.run("logout")
    assert (done.status, done.err) == (0, "")
    assert not secret.exists()


def test_git_may_write_the_host_as_it_likes(keeper, endpoint):
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    for host in ("localhost", "LocalHost", "localhost:587"):
        result = keeper.run("get", account=None, text="protocol=smtp\n"
                            f"host={host}\nusername=alice\n\n")
        assert result.answer["password"] == "access-0"


def test_an_answer_that_has_no_way_out_is_an_error(keeper, endpoint):
    """And no other file or connection is used instead."""
    endpoint.token(tokens())
    keeper.keep()
    result = keeper.get(wrap=["sh", "-c", 'exec "$@" >&-', "sh"])
    assert (result.status, result.out) == (74, "")
    assert keeper.kept()["oauth_refresh_token"] == "refresh-1"


# ---- accounts that name no token endpoint -----------------------------------

def test_a_provider_for_organisations_needs_their_name(keeper):
    keeper.configure(keeper.provider(
        token_url="https://login.corp.example/{tenant}/token"))
    done = keeper.run_postrider("token", "a")
    assert done.status == 78
    assert done.err == (
        "postrider: provider op requires a tenant\n"
        "hint: set tenant to the organisation's domain or GUID\n")


def test_without_a_provider_no_endpoint_is_known(keeper):
    keeper.configure(keeper.account(provider=None, host="mail.corp.example",
                                    auth="XOAUTH2"))
    done = keeper.run_postrider("token", "a")
    assert done.status == 78
    assert done.err == (
        "postrider: mail.corp.example: no provider, so no token endpoint is "
        "known\n"
        "hint: set provider, or add a provider block with issuer: see "
        "postrider(5)\n")


def test_without_a_provider_nobody_signs_in(keeper):
    keeper.configure(keeper.account(provider=None, host="mail.corp.example",
                                    auth="XOAUTH2"))
    for how in ([], ["--device"]):
        done = keeper.run("login", *how)
        assert done.status == 78
        assert "no provider, so no token endpoint is known" in done.err


def test_a_sign_in_whose_provider_was_removed_can_be_ended(keeper, endpoint):
    """Only its tokens cannot be revoked, nor used."""
    keeper.configure(keeper.provider(token_url=endpoint.url("/token")),
                     keeper.account(host="mail.corp.example"))
    keeper.keep(host="mail.corp.example")
    keeper.configure(keeper.account(provider=None, host="mail.corp.example",
                                    auth="XOAUTH2"))
    assert keeper.run_postrider("token", "a").status == 78
    done = keeper.run_postrider("logout", "a")
    assert (done.status, done.err) == (0, "")


def test_the_organisation_is_part_of_the_endpoint(keeper, endpoint):
    endpoint.answer("POST /corp.example/token", tokens())
    keeper.configure(
        keeper.provider(token_url=endpoint.url("/{tenant}/token")),
        keeper.account(tenant="corp.example"))
    keeper.keep()
    assert keeper.get().answer["password"] == "access-1"
