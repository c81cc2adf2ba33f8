# SPDX-License-Identifier: MIT
"""login with OAuth2 and a scripted postrider-credential: the questions, their
order, and the account block that is written.
"""
import json
import os
import signal

import pytest

from dialogue.submission import SubmissionServer
from peers.scripted_keeper import ScriptedKeeper, failure, token
from callers.mail import MESSAGE
from patience import wait_for

TOKEN = "an-access-token-4c1"
ME = "me@corp.test"
WELCOME = {"out": "a browser was opened\n"}


@pytest.fixture
def keeper(postrider, tmp_path):
    keeper = ScriptedKeeper(postrider, tmp_path / "keeper")
    keeper.answers("login", WELCOME)
    keeper.answers("get", token(TOKEN))
    return keeper


@pytest.fixture
def server(ca):
    with SubmissionServer(ca.server, mechanisms=("XOAUTH2", "PLAIN"),
                          users={ME: "a-password"}, token=TOKEN) as running:
        yield running


@pytest.fixture
def arguments(server, ca):
    """Options for the provider microsoft365, with the test's server."""
    return ["--provider=outlook", "--host=localhost",
            f"--port={server.port}", f"--tls-trust-file={ca.pem}"]


def config_of(postrider):
    return postrider.home / ".config/postrider/config"


def accounts(postrider):
    return {one["name"]: one for one in
            json.loads(postrider.run("accounts", "--json").out)}


def block(server, ca, more):
    return (f'account work {{\n\thost = localhost\n\tport = {server.port}\n'
            f'\ttls-trust-file = "{ca.pem}"\n\tuser = {ME}\n{more}}}\n')


def test_signs_in_tries_the_token_and_writes_the_account(
        postrider, server, keeper, arguments):
    done = postrider.run("login", *arguments, "--client-id=a-client", ME)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "entra.microsoft.com" in lines[1]  # before the browser's error
    assert lines[2:] == ["a browser was opened",
                         f"signed in to localhost as {ME}",
                         f'added the account "{ME}" to {config_of(postrider)}',
                         "the tokens are stored in the keyring"]
    assert keeper.operations == ["login", "get"]
    for call in keeper.calls:
        assert call.arguments[0] == "--new"
        assert "--provider=outlook" in call.arguments
        assert "--client-id=a-client" in call.arguments
        assert f"--user={ME}" in call.arguments
    assert server.messages == []
    text = config_of(postrider).read_text()
    assert "a-client" in text and TOKEN not in text and "auth" not in text
    sent = postrider.run("you@example.org", input=b"Subject: x\n\nx\n")
    assert (sent.status, sent.err) == (0, "")
    assert keeper.calls[-1].arguments == [f"--account={ME}",
                                          "--provider=outlook", "get"]


def test_json_is_alone_on_standard_output(postrider, keeper, arguments):
    done = postrider.run("login", *arguments, "--client-id=a", "--json", ME)
    assert done.status == 0
    assert done.out.count("\n") == 1
    answer = json.loads(done.out)
    assert (answer["status"], answer["auth"]) == ("signed-in", "oauth2")
    assert "a browser was opened" in done.err


@pytest.mark.parametrize("option", ["--device", "--paste"])
def test_where_no_browser_is(postrider, keeper, arguments, option):
    keeper.reads_a_line()
    done = postrider.run("login", option, *arguments, "--client-id=a", ME,
                         input=b"http://localhost/?code=x\n")
    assert (done.status, done.err) == (0, "")
    assert keeper.calls[0].arguments[-2:] == ["login", option]
    assert keeper.calls[0].question == "http://localhost/?code=x\n"


def test_a_token_that_is_refused_leaves_nothing_behind(postrider, server,
                                                       keeper, arguments):
    keeper.answers("get", token("another"))
    done = postrider.run("login", *arguments, "--client-id=a", ME)
    assert done.status == 77
    assert "535" in done.err and "hint: " in done.err
    assert keeper.operations == ["login", "get", "logout"]
    assert not config_of(postrider).exists()


def test_a_server_that_is_busy_costs_no_sign_in(postrider, keeper, ca):
    with SubmissionServer(ca.server, mechanisms=("XOAUTH2",),
                          faults={"auth": "454 4.7.0 later"}) as server:
        done = postrider.run(
            "login", "--provider=outlook", "--host=localhost", ME,
            f"--port={server.port}", f"--tls-trust-file={ca.pem}",
            "--client-id=a")
    assert done.status == 75, done.err
    assert keeper.operations == ["login", "get"]
    assert not config_of(postrider).exists()


def test_a_sign_in_that_fails_is_explained(postrider, server, keeper,
                                           arguments):
    keeper.answers("login", failure(77, "consent was declined", "try again"))
    done = postrider.run("login", *arguments, "--client-id=a", ME)
    assert done.status == 77
    assert done.err == "postrider: consent was declined\nhint: try again\n"
    assert keeper.operations == ["login"]
    assert not [line for line in server.commands if line.startswith("AUTH")]
    assert not config_of(postrider).exists()


def test_signing_in_again_writes_nothing(postrider, server, keeper, ca):
    path = postrider.configure(block(server, ca, "\tclient-id = a\n"))
    before = path.read_bytes()
    for who in ("work", ME):
        done = postrider.run("login", "--client-id=a", who)
        assert (done.status, done.err) == (0, "")
        assert keeper.calls[-1].arguments == ["--account=work", "--client-id=a",
                                              "get"]
    assert path.read_bytes() == before
    keeper.answers("get", token("another"))
    assert postrider.run("login", "work").status == 77
    assert "logout" not in keeper.operations


@pytest.mark.parametrize("flag", ["--client-id=b", "--tenant=corp.test",
                                  "--scope=more", "--client-secret=env:X"])
def test_login_changes_no_account(postrider, server, keeper, ca, flag):
    path = postrider.configure(block(server, ca, "\tclient-id = a\n"))
    done = postrider.run("login", flag, "work")
    assert done.status == 64
    assert f"hint: edit {path}\n" in done.err
    assert keeper.calls == []


def test_device_codes_that_a_provider_has_not(postrider, keeper):
    for arguments in (["--device"], ["--grant=device-code"]):
        done = postrider.run("login", *arguments, "me@gmail.com")
        assert done.status == 78
        assert "device code" in done.err and "--paste" in done.err
    assert keeper.calls == []


def test_tokens_of_an_account_with_a_password(postrider, keeper):
    done = postrider.run("login", "--device", "me@icloud.com")
    assert done.status == 78
    assert "signs in by password" in done.err
    assert keeper.calls == []


@pytest.mark.parametrize("arguments", [
    ["me@outlook.com"], ["--paste", "me@gmail.com"],
    ["--auth=xoauth2", "me@gmail.com"],
    ["--grant=authorization-code", "me@gmail.com"]])
def test_a_client_must_be_registered(postrider, keeper, arguments):
    done = postrider.run("login", *arguments, input=b"x\n")
    assert (done.status, done.out) == (78, "")
    assert "OAuth2 needs a client ID" in done.err
    assert "hint: register a client: https://" in done.err
    assert "--client-id" in done.err
    assert keeper.calls == []


def test_a_block_without_a_client(postrider, keeper):
    path = postrider.configure("account work { user = me@outlook.com }\n")
    done = postrider.run("login", "work", input=b"x\n")
    assert done.status == 78
    assert f"then set client-id in {path}" in done.err


def test_no_person_is_needed_for_client_credentials(postrider, server, keeper,
                                                    ca):
    done = postrider.run(
        "login", "--provider=microsoft365", "--host=localhost",
        f"--port={server.port}", f"--tls-trust-file={ca.pem}",
        "--grant=client-credentials", "--client-id=a", "--tenant=corp.test",
        "--client-secret=env:CLIENT_SECRET", ME)
    assert (done.status, done.err) == (0, "")
    assert keeper.operations == ["login", "get"]
    assert "complains" not in done.out  # no browser is started
    assert "--client-secret=env:CLIENT_SECRET" in keeper.calls[0].arguments
    text = config_of(postrider).read_text()
    for part in ("client-credentials", "corp.test", "env:CLIENT_SECRET"):
        assert part in text
    done = postrider.run("login", "--device", ME)
    assert done.status == 64


def test_a_client_of_all_accounts(postrider, server, keeper, ca):
    """The block sets grant if nothing else selects OAuth2."""
    postrider.configure("client-id = everywhere\n")
    done = postrider.run(
        "login", "--provider=gmail", "--host=localhost", ME,
        f"--port={server.port}", f"--tls-trust-file={ca.pem}")
    assert (done.status, done.err) == (0, "")
    assert "xoauth2" in config_of(postrider).read_text()
    assert accounts(postrider)[ME]["auth"] == "oauth2"


def test_a_credential_that_is_elsewhere(postrider, keeper):
    done = postrider.run("login", "--credential=env:X", "me@outlook.com")
    assert done.status == 78
    assert "where login does not store anything" in done.err


# ---- at a terminal ----------------------------------------------------------

def test_a_person_is_told_where_to_register(postrider, keeper, arguments):
    status, output = postrider.at_terminal(["login", *arguments, ME],
                                           [("client ID: ", "typed-client")])
    assert status == 0, output
    assert "entra.microsoft.com" in output
    assert "typed-client" in output  # it is no secret
    assert "typed-client" in config_of(postrider).read_text()
    assert "--client-id=typed-client" in keeper.calls[0].arguments


def test_a_person_without_a_client(postrider, keeper, arguments):
    status, output = postrider.at_terminal(["login", *arguments, ME],
                                           [("client ID: ", "")])
    assert status == 78, output
    assert keeper.calls == []


GMAIL = "--provider=gmail"


def test_a_person_chooses_a_password(postrider, server, keeper, arguments):
    status, output = postrider.at_terminal(
        ["login", *arguments[1:], GMAIL, ME],
        [("[1] ", ""), ("password for", "a-password")])
    assert status == 0, output
    assert "apppasswords" in output and "console.cloud.google.com" in output
    assert keeper.operations == ["store"]
    assert accounts(postrider)[ME]["auth"] == "password"


def test_a_person_chooses_oauth2(postrider, keeper, arguments):
    status, output = postrider.at_terminal(
        ["login", *arguments[1:], GMAIL, ME],
        [("[1] ", "2"), ("client ID: ", "typed-client")])
    assert status == 0, output
    assert keeper.operations == ["login", "get"]
    assert accounts(postrider)[ME]["auth"] == "oauth2"


def test_who_says_how_is_not_asked(postrider, keeper, arguments):
    status, output = postrider.at_terminal(
        ["login", *arguments[1:], GMAIL, "--client-id=a", ME], [])
    assert status == 0, output
    assert keeper.operations == ["login", "get"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_both(postrider, keeper, arguments, number):
    keeper.answers("login", {"sleep": 60})
    running = postrider.start("login", *arguments, "--client-id=a", ME)
    wait_for(lambda: keeper.calls)
    running.send_signal(number)
    assert running.wait(timeout=20) == -number
    with pytest.raises(ProcessLookupError):
        os.kill(keeper.calls[0].pid, 0)
    assert not config_of(postrider).exists()


def test_a_sign_in_may_be_used_at_once(postrider, server, keeper, arguments):
    assert postrider.run("login", *arguments, "--client-id=a", ME).status == 0
    done = postrider.run("-f", ME, "you@example.org", input=MESSAGE)
    assert (done.status, done.err) == (0, "")
    assert server.messages[0].user == ME
