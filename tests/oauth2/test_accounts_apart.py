# SPDX-License-Identifier: MIT
"""Tokens are never given to another account, client or server."""
import pytest

from callers.credential import HOUR, Endpoint, json_answer, tokens


@pytest.fixture
def other(ca):
    """Another provider's endpoints."""
    with Endpoint(ca.server, answers={
            "/token": tokens("other-access", "other-refresh")}) as server:
        yield server


@pytest.mark.parametrize("difference", [
    {"user": "bob"}, {"user": "alice@example.test"}, {"user": "ALICE"},
    {"host": "127.0.0.1"}])
def test_each_account_has_its_own(keeper, endpoint, difference):
    keeper.configure(keeper.account(),
                     keeper.account("b", client_id="client-of-b",
                                    **difference))
    endpoint.token(lambda request: tokens(
        "access-" + request.form["client_id"],
        "refresh-" + request.form["client_id"]))
    for account in "ab":
        with keeper.sign_in(account=account) as sign_in:
            assert sign_in.query["client_id"] == f"client-of-{account}"
            assert sign_in.come_back()[0] == 200
            assert sign_in.finish().status == 0
    for account in "ab":
        answer = keeper.get(account=account).answer
        assert answer["password"] == f"access-client-of-{account}"
    assert keeper.run("logout").status == 0
    assert keeper.get().status == 77
    assert keeper.get(account="b").answer["password"] == "access-client-of-b"


def test_each_provider_is_asked_for_its_own(keeper, endpoint, other):
    keeper.configure(
        keeper.provider(), keeper.provider("op2", other), keeper.account(),
        keeper.account("b", provider="op2", user="bob"))
    keeper.keep(refresh="refresh-of-a")
    keeper.keep("bob", refresh="refresh-of-b")
    endpoint.token(tokens())
    assert keeper.get().answer["password"] == "access-1"
    assert keeper.get(account="b").answer["password"] == "other-access"
    assert [form["refresh_token"] for form in endpoint.posts] == [
        "refresh-of-a"]
    assert [form["refresh_token"] for form in other.posts] == ["refresh-of-b"]


def test_another_client_has_to_sign_in(keeper, endpoint):
    """A refresh token is of no use to another client."""
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    keeper.configure(keeper.account(client_id="another"))
    result = keeper.get()
    assert result.status == 77
    assert result.message == "not signed in as alice at localhost"
    assert result.hint == "sign in: postrider login a"
    assert keeper.run("status").answer == {"kind": "none"}
    assert endpoint.received == b""
    # The client is changed by mistake, and changed back.
    keeper.configure()
    assert keeper.get().answer["password"] == "access-0"


@pytest.mark.parametrize("access", [None, "access-0"])
def test_tokens_are_not_shown_to_another_server(keeper, endpoint, other,
                                                access):
    """Tokens of the previous provider are not sent to the new one."""
    keeper.keep(access=access, issued=0, expires=HOUR,
                postrider_token_url=endpoint.url("/token"))
    keeper.configure(keeper.provider(server=other))
    result = keeper.get()
    assert result.status == 77
    assert result.hint == "sign in: postrider login a"
    assert keeper.run("status").answer == {"kind": "none"}
    assert endpoint.received == other.received == b""


def test_tokens_are_not_shown_to_another_issuer(keeper, endpoint, other):
    keeper.keep(postrider_issuer=endpoint.url(""))
    other.answer("/.well-known/openid-configuration", json_answer({
        "issuer": other.url(""), "token_endpoint": other.url("/token")}))
    keeper.configure(keeper.provider(server=other, issuer=other.url(""),
                                     token_url=None))
    assert keeper.get().status == 77
    assert other.received == b""


def test_tokens_are_not_revoked_at_another_server(keeper, endpoint, other):
    keeper.keep(postrider_token_url=endpoint.url("/token"))
    keeper.configure(keeper.provider(server=other,
                                     revocation_url=other.url("/revoke")))
    result = keeper.run("logout")
    assert result.status == 0
    assert "to another server" in result.out
    assert other.received == b""
    assert keeper.kept() == {}


def test_another_path_at_the_same_server_is_the_same_server(keeper, endpoint):
    """If only the path of the endpoint changes, the sign-in stays valid."""
    keeper.keep(postrider_token_url=endpoint.url("/old/token"))
    endpoint.token(tokens())
    assert keeper.get().answer["password"] == "access-1"
    assert keeper.kept()["postrider_token_url"] == endpoint.url("/token")


@pytest.mark.parametrize("near", [
    "https://localhost.evil.example.test/token", "https://localhost/token",
    "https://localhost:1{port}/token", "http://localhost:{port}/token"])
def test_a_server_is_its_whole_name_and_port(keeper, endpoint, near):
    keeper.keep(postrider_token_url=near.format(port=endpoint.port))
    assert keeper.get().status == 77
    assert endpoint.received == b""


def test_a_password_is_no_token(keeper, endpoint):
    """A password that login stored is a separate entry."""
    keeper.keep()
    keeper.entry_file().rename(keeper.entry_file(service="smtp"))
    assert keeper.get().status == 77
    assert endpoint.received == b""


def test_two_clients_for_one_mailbox_take_turns(keeper, endpoint):
    """There is one entry for each user of a server: the last sign-in replaces
    it, and the other client can't use its tokens."""
    keeper.configure(keeper.account(),
                     keeper.account("b", client_id="client-of-b"))
    endpoint.token(tokens())
    with keeper.sign_in(account="b") as sign_in:
        assert sign_in.come_back()[0] == 200
        assert sign_in.finish().status == 0
    assert keeper.get(account="b").answer["password"] == "access-1"
    result = keeper.get()
    assert result.status == 77
    assert result.hint == "sign in: postrider login a"
    assert "access-1" not in result.out
    assert len(endpoint.posts) == 1


@pytest.mark.parametrize("helper", [
    "postrider", "/usr/bin/git-credential-postrider --account=a",
    "/usr/libexec/postrider/postrider-credential"])
def test_the_helper_is_never_its_own_store(keeper, endpoint, helper):
    """It would start itself recursively."""
    keeper.configure(keeper.account(credential_helper=helper))
    result = keeper.get()
    assert result.status == 78
    assert helper in result.message and "start itself" in result.message
    assert endpoint.received == b""


def test_an_account_of_the_command_line_gets_no_token(keeper, endpoint):
    """Its server isn't that of the default account, even if it has its name."""
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    place = [f"--credential-folder={keeper.vault}",
             "--credential-encrypt=plain-text"]
    question = "protocol=smtp\nhost=localhost\nusername=alice\n\n"
    assert keeper.get(*place, account=None, text=question).answer[
        "password"] == "access-0"  # of the default account
    result = keeper.get("--host=localhost", "--user=alice", *place,
                        account=None, text=question)
    assert (result.status, result.answer) == (0, {})
    assert endpoint.received == b""
