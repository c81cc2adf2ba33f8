# SPDX-License-Identifier: MIT
"""What a person sees who has no account yet and has not read the manual: each
message says what to type next."""
import json
import shutil

import pytest

from peers.domains import PASSWORD
from peers.namespace import Mounts
from peers.terminal import Terminal


def says(postrider, *arguments, status=78):
    done = postrider.run(*arguments, input=b"hi\n")
    assert (done.status, done.out) == (status, "")
    return done.err


def test_only_the_name_at_a_terminal(postrider):
    with Terminal(postrider) as person:
        assert person.leaves() == 64
        assert "Commands:" in person.shown
        assert person.lines[-2].strip() == "To begin: postrider login ADDRESS"
        assert person.too_long() == []


@pytest.mark.parametrize("arguments", [
    ["check"], ["you@example.org"], ["-s", "test", "you@example.org"],
    ["send", "you@example.org"], ["-i", "-f", "root", "you@example.org"]])
def test_what_needs_an_account_says_how_to_add_one(postrider, arguments):
    assert "postrider login ADDRESS" in says(postrider, *arguments)


@pytest.mark.parametrize("arguments", [["me@gmail.com"], ["-t"]])
def test_a_message_is_not_typed_in_vain(postrider, arguments):
    with Terminal(postrider, *arguments) as person:
        assert person.leaves() == 78
        assert "no submission server is configured" in person.shown
        assert "reading the message" not in person.shown


def test_a_name_is_not_an_address(postrider):
    err = says(postrider, "login", "me", status=64)
    assert "hint: type the whole address, for example me@example.org" in err
    postrider.configure("account work { host = a.test }\n")
    err = says(postrider, "login", "me", status=64)
    assert "hint: run postrider accounts" in err


@pytest.mark.parametrize("wrong, right", [
    ("me@gmial.com", "me@gmail.com"), ("me@gmail", "me@gmail.com"),
    ("me@gmail.con", "me@gmail.com"), ("me@hotmial.com", "me@hotmail.com"),
    ("me@iclod.com", "me@icloud.com"), ("me@outlook", "me@outlook.com")])
def test_a_mistyped_domain(postrider, domains, wrong, right):
    done = domains.run("login", wrong)
    assert done.status == 68, done.err
    assert f"did you mean {right}? Otherwise name the server" in done.err


def test_a_mistyped_domain_that_somebody_owns(domains):
    """It is said before a server of that domain is asked for anything."""
    status, said = domains.at_terminal(
        ["login", "me@gmai1.com"], [("Is this the server", "n"), ("Which", "")])
    said = " ".join(said.split())
    assert "did you mean me@gmail.com? Then press Ctrl-C and run" in said
    assert status == 78


def test_a_server_that_is_confirmed_is_not_shown_again(domains):
    status, said = domains.at_terminal(
        ["login", "me@srv.test"],
        [("Is this the server", ""), ("assword for", PASSWORD)])
    assert status == 0
    assert said.count("smtp.srv.test port 465") == 1


@pytest.mark.parametrize("arguments", [
    ["providers", "-v", "gmail"], ["accounts"]])
def test_no_line_is_broken_within_a_word(postrider, arguments):
    folder = "~/" + "a/long/path/" * 3 + "x"
    postrider.configure(
        "account alice@example.test { host = a.test user = alice "
        f'credential-folder = "{folder}" credential-encrypt = plain-text }}\n')
    with Terminal(postrider, *arguments) as person:
        assert person.leaves() == 0
        assert person.too_long() == []


@pytest.mark.parametrize("option", [["-b", "x"], ["-t"]])
def test_another_letter_for_send(postrider, option):
    err = says(postrider, "send", "you@example.org", *option, status=64)
    assert 'hint: "postrider help send" lists its options' in err


# ---- the computer -----------------------------------------------------------

def test_no_trusted_cas_are_installed(postrider, make_server):
    server = make_server(users={"me": PASSWORD})
    mounts = Mounts(empty=["/etc/ssl/certs"])
    done = postrider.run("login", "me@example.test", "--host=localhost",
                         f"--port={server.port}", input=b"x\n",
                         wrap=mounts.wrap)
    assert done.status == 76
    assert "this computer has no trusted CAs" in done.err
    assert "hint: install the package ca-certificates" in done.err


@pytest.fixture
def system(postrider, make_server, ca, keyring, tmp_path):
    """A system whose administrator has configured an account for all users."""
    etc = tmp_path / "etc"
    (etc / "postrider").mkdir(parents=True)
    for name in ("passwd", "group", "hosts", "nsswitch.conf"):
        shutil.copy(f"/etc/{name}", etc)
    postrider.server = make_server(users={"me": PASSWORD})
    config = etc / "postrider/config"
    config.write_text(
        f"# of the system\ntls-trust-file = {ca.pem}\n"
        "account all {\n\thost = localhost\n"
        f"\tport = {postrider.server.port}\n}}\n")
    postrider.wrap = Mounts({"/etc": etc}).wrap
    return config


def log_in(postrider, *more):
    return postrider.run(
        "login", "me@example.test", "--host=localhost", "--user=me",
        f"--port={postrider.server.port}", *more, input=PASSWORD.encode(),
        wrap=postrider.wrap)


def test_a_login_keeps_the_accounts_of_the_system(postrider, system):
    """The user's file replaces the system's: it begins with a copy."""
    before = system.read_text()
    done = log_in(postrider)
    own = postrider.home / ".config/postrider/config"
    assert (done.status, done.err) == (0, "")
    assert f"copied {system_path()} to {own}" in done.out
    assert own.read_text().startswith("# of the system\ntls-trust-file")
    assert own.stat().st_mode & 0o777 == 0o600
    assert system.read_text() == before
    names = [one["name"] for one in json.loads(postrider.run(
        "accounts", "--json", wrap=postrider.wrap).out)]
    assert names == ["all", "me@example.test"]
    assert '"all" stays the default account' in done.out


def test_a_file_of_the_user_gets_no_copy(postrider, system, ca):
    own = postrider.configure(f"tls-trust-file = {ca.pem}\n")
    done = log_in(postrider)
    assert (done.status, done.err) == (0, "")
    assert "copied" not in done.out
    assert "of the system" not in own.read_text()


def system_path():
    return "/etc/postrider/config"
