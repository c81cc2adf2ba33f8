# SPDX-License-Identifier: MIT
"""Sending with access tokens, and the commands token, logout and accounts,
with a scripted postrider-credential.
"""
import datetime
import json
import subprocess
import time

import pytest

from dialogue.submission import SubmissionServer
from peers.scripted_keeper import ScriptedKeeper, failure, token
from callers.mail import MESSAGE

OLD, NEW = "old-token-8f3a", "new-token-91bd"
RCPT = "you@example.org"
TRY_AGAIN = 79


@pytest.fixture
def keeper(postrider, tmp_path):
    return ScriptedKeeper(postrider, tmp_path / "keeper")


@pytest.fixture
def server(ca):
    with SubmissionServer(ca.server, mechanisms=("XOAUTH2",),
                          token=NEW) as running:
        yield running


@pytest.fixture
def work(postrider, server, ca):
    """An account that signs in with OAuth2."""
    return configure(postrider, server, ca)


def configure(postrider, server, ca, more="", user="me@corp.test"):
    return postrider.configure(
        f'account work {{\n\thost = localhost\n\tport = {server.port}\n'
        f'\ttls-trust-file = "{ca.pem}"\n\tuser = {user}\n'
        f'\tclient-id = a-client\n\tauth = {{ xoauth2 }}\n'
        f'\tretry-delay = 10ms\n{more}}}\n')


def sign_ins(server):
    return [line for line in server.commands if line.startswith("AUTH")]


# ---- sending ----------------------------------------------------------------

def test_a_token_is_asked_for_by_the_account(postrider, server, keeper, work):
    keeper.answers("get", token(NEW))
    done = postrider.run("-C", work, "--timeout=9s", RCPT, input=MESSAGE)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert server.messages[0].user == "me@corp.test"
    assert keeper.calls[0].arguments == [f"--config={work}", "--account=work",
                                         "--timeout=9s", "get"]
    assert keeper.calls[0].question == (
        f"protocol=smtp\nhost=localhost:{server.port}\n"
        "username=me@corp.test\n\n")
    assert NEW not in repr(keeper.calls)


def test_without_a_block_the_flags_are_the_account(postrider, server, keeper,
                                                   ca):
    keeper.answers("get", token(NEW))
    done = postrider.run(
        "--host=localhost", f"--port={server.port}", "--client-id=x",
        f"--tls-trust-file={ca.pem}", "--auth=xoauth2,oauthbearer",
        "--from=me@corp.test", "--user=me@corp.test", RCPT, input=MESSAGE)
    assert (done.status, done.err) == (0, "")
    arguments = keeper.calls[0].arguments
    assert arguments[0] == "--new" and arguments[-1] == "get"
    assert "--auth=xoauth2,oauthbearer" in arguments
    assert "--user=me@corp.test" in arguments


def test_where_a_credential_comes_from_is_not_passed_on(postrider, server,
                                                        keeper, work):
    keeper.answers("get", token(NEW))
    done = postrider.run("--credential=keyring", RCPT, input=MESSAGE)
    assert done.status == 0, done.err
    assert not [argument for argument in keeper.calls[0].arguments
                if "credential" in argument]


def test_a_token_that_is_refused_is_renewed_once(postrider, server, keeper,
                                                 work):
    keeper.answers("get", token(OLD), token(NEW))
    done = postrider.run("-v", RCPT, input=MESSAGE)
    assert done.status == 0, done.err
    assert len(server.messages) == 1
    assert len(sign_ins(server)) == 2
    assert keeper.operations == ["get", "erase", "get"]
    assert keeper.calls[1].password == OLD
    assert "refused the token; renewing it once" in done.err
    assert "retrying in" not in done.err  # no retry, no delay
    assert OLD not in done.err and NEW not in done.err


def test_the_second_refusal_counts(postrider, server, keeper, work):
    keeper.answers("get", token(OLD))
    done = postrider.run("--json", RCPT, input=MESSAGE)
    assert done.status == 77
    assert len(sign_ins(server)) == 2
    assert keeper.operations == ["get", "erase", "get"]
    assert not server.messages
    assert "535" in done.err and "hint: " in done.err
    assert json.loads(done.out)["tries"] == 1


def test_nobody_is_signed_in_any_more(postrider, server, keeper, work):
    """The refresh token is refused when a new access token is needed."""
    keeper.answers("get", token(OLD), failure(
        77, "the sign-in has expired", "postrider login work"))
    done = postrider.run(RCPT, input=MESSAGE)
    assert done.status == 77
    assert done.err == ("postrider: the sign-in has expired\n"
                        "hint: postrider login work\n")


def test_a_keeper_that_can_not_forget(postrider, server, keeper, work):
    """The refusal is reported, not the failure to erase."""
    keeper.answers("get", token(OLD))
    keeper.answers("erase", failure(75, "the keyring is locked"))
    done = postrider.run(RCPT, input=MESSAGE)
    assert done.status == 77
    assert "535" in done.err
    assert len(sign_ins(server)) == 1


def test_a_token_of_somebody_else_is_not_renewed(postrider, server, keeper,
                                                 work):
    done = postrider.run("--credential=env:TOKEN", RCPT, input=MESSAGE,
                         env={"TOKEN": OLD})
    assert done.status == 77
    assert len(sign_ins(server)) == 1
    assert keeper.calls == []


def test_a_password_is_not_tried_twice(postrider, keeper, ca):
    keeper.answers("get", token("wrong"))
    with SubmissionServer(ca.server) as server:
        done = postrider.run(
            "--host=localhost", f"--port={server.port}",
            f"--tls-trust-file={ca.pem}", "--user=alice",
            "--from=a@corp.test", RCPT, input=MESSAGE)
        assert done.status == 77
        assert len(sign_ins(server)) == 1
    assert keeper.operations == ["get"]
    assert keeper.calls[0].arguments[-1] == "get"


@pytest.mark.parametrize("more", ["", "\tcredential = keyring\n",
                                  "\tcredential-helper = store\n"])
def test_nobody_is_signed_in(postrider, server, keeper, ca, more):
    configure(postrider, server, ca, more)
    done = postrider.run(RCPT, input=MESSAGE)
    assert done.status == 77
    assert done.err == (
        "postrider: not signed in as me@corp.test at localhost\n"
        "hint: sign in: postrider login work\n")
    assert sign_ins(server) == []


def test_an_endpoint_that_is_down_is_tried_again(postrider, server, keeper,
                                                 work):
    keeper.answers("get", failure(TRY_AGAIN, "tokens.test: no answer"),
                   failure(TRY_AGAIN, "tokens.test: no answer"), token(NEW))
    done = postrider.run(RCPT, input=MESSAGE)
    assert (done.status, done.err) == (0, "")
    assert keeper.operations == ["get"] * 3
    assert len(server.messages) == 1


@pytest.mark.parametrize("status, ours, asked", [
    (TRY_AGAIN, 75, 3), (75, 75, 1), (76, 76, 1), (69, 69, 1), (68, 68, 1),
    (77, 77, 1), (78, 78, 1), (71, 71, 1), (1, 75, 1)])
def test_what_the_end_of_the_keeper_means(postrider, server, keeper, work,
                                          status, ours, asked):
    keeper.answers("get", failure(status, "it is as it is"))
    done = postrider.run(RCPT, input=MESSAGE)
    assert done.status == ours
    assert "postrider: it is as it is\n" in done.err
    assert keeper.operations == ["get"] * asked


def test_a_shared_mailbox_is_named_to_the_server(postrider, server, keeper,
                                                 ca):
    configure(postrider, server, ca, "\tmailbox = team@corp.test\n")
    keeper.answers("get", token(NEW))
    done = postrider.run(RCPT, input=MESSAGE)
    assert (done.status, done.err) == (0, "")
    assert server.messages[0].user == "team@corp.test"
    assert "username=me@corp.test\n" in keeper.calls[0].question


def test_a_directory_keeps_passwords_too(postrider, keeper, ca):
    keeper.answers("get", token("secret"))
    with SubmissionServer(ca.server) as server:
        postrider.configure(
            f'account work {{\n\thost = localhost\n\tport = {server.port}\n'
            f'\ttls-trust-file = "{ca.pem}"\n\tuser = alice\n'
            f'\tfrom = a@corp.test\n\tcredential-folder = "~/kept"\n}}\n')
        done = postrider.run(RCPT, input=MESSAGE)
    assert (done.status, done.err) == (0, "")
    assert keeper.calls[0].arguments == ["--account=work", "get"]


# ---- token ------------------------------------------------------------------

@pytest.mark.parametrize("arguments", [[], ["work"], ["me@corp.test"]])
def test_a_token_is_printed(postrider, keeper, work, arguments):
    keeper.answers("get", token(NEW, time.time() + 3600))
    done = postrider.run("token", *arguments)
    assert (done.status, done.out, done.err) == (0, NEW + "\n", "")
    assert keeper.calls[0].arguments == ["--account=work", "get"]


def test_a_token_in_json(postrider, keeper, work):
    end = int(time.time()) + 3600
    keeper.answers("get", token('to"ken', end))
    done = postrider.run("token", "work", "--json")
    assert (done.status, done.err) == (0, "")
    answer = json.loads(done.out)
    assert answer["access_token"] == 'to"ken'
    assert answer["token_type"] == "Bearer"
    assert 3590 <= answer["expires_in"] <= 3600
    assert datetime.datetime.fromisoformat(
        answer["expires_at"].replace("Z", "+00:00")).timestamp() == end


def test_a_token_must_be_valid_for_long_enough(postrider, keeper, work):
    keeper.answers("get", token(NEW, time.time() + 3600))
    done = postrider.run("token", "--min-valid=30m", "work")
    assert (done.status, done.out) == (0, NEW + "\n")
    assert keeper.calls[0].arguments[-2:] == ["get", "--min-valid=1800000ms"]
    done = postrider.run("token", "--min-valid=2h", "work")
    assert (done.status, done.out) == (69, "")
    assert "7200 s are required" in done.err
    done = postrider.run("token", "--min-valid=soon", "work")
    assert (done.status, done.out) == (64, "")


def test_an_expired_token_is_none(postrider, keeper, work):
    keeper.answers("get", token(NEW, time.time() - 1))
    done = postrider.run("token")
    assert (done.status, done.out) == (77, "")


def test_an_account_with_a_password_has_no_token(postrider, keeper):
    postrider.configure("account old { host = x.test user = me@x.test }\n")
    done = postrider.run("token", "old")
    assert (done.status, done.out) == (78, "")
    assert "signs in by password" in done.err
    assert keeper.calls == []


def test_a_token_of_nobody(postrider, keeper, work):
    for who in ("nobody", "you@elsewhere.test"):
        done = postrider.run("token", who)
        assert done.status != 0 and done.out == ""
    assert keeper.calls == []


def test_a_token_that_can_not_be_written(postrider, keeper, work):
    keeper.answers("get", token(NEW))
    for redirection in (">/dev/full", ">&-"):
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {redirection}', "sh",
             *postrider.command("token", "work")],
            env=postrider.environment(), capture_output=True, timeout=30)
        assert done.returncode == 74, redirection
        assert NEW.encode() not in done.stderr


@pytest.mark.parametrize("arguments", [
    ["accounts", "--device"], ["token", "--paste"], ["--device", RCPT],
    ["login", "--min-valid=5s", "work"], ["--min-valid=5s", RCPT],
    ["login", "--device", "--paste", "work"]])
def test_an_option_of_another_verb(postrider, keeper, work, arguments):
    done = postrider.run(*arguments, input=MESSAGE)
    assert (done.status, done.out) == (64, "")
    assert keeper.calls == []


# ---- logout -----------------------------------------------------------------

def test_logout_says_what_was_done(postrider, keeper, work):
    keeper.answers("logout", {"out": "the tokens were erased\nand \x1bmore\n"})
    done = postrider.run("logout", "work")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "the tokens were erased", "and \\x1Bmore",
        f'account "work" remains in {work}']
    assert keeper.calls[0].arguments == ["--account=work", "logout"]
    answer = json.loads(postrider.run("logout", "work", "--json").out)
    assert answer["status"] == "signed-out"
    assert answer["done"][0] == "the tokens were erased"
    assert answer["stays_in"] == str(work)


def test_logout_of_a_password(postrider, keeper):
    postrider.configure("account old { host = x.test user = me@x.test }\n")
    keeper.answers("logout", {"out": "the password was erased\n"})
    done = postrider.run("logout", "me@x.test")
    assert done.out.startswith("the password was erased\n")
    assert keeper.calls[0].arguments == ["--account=old", "logout"]


def test_logout_that_fails(postrider, keeper, work):
    keeper.answers("logout", failure(75, "the keyring is locked", "unlock it"))
    done = postrider.run("logout", "work")
    assert (done.status, done.out) == (75, "")
    assert done.err == "postrider: the keyring is locked\nhint: unlock it\n"


@pytest.mark.parametrize("source", ["env:X", "file:/x", "systemd:x",
                                    "command:echo hidden"])
def test_logout_where_nothing_is_kept(postrider, keeper, source):
    postrider.configure(f'account old {{ host = x.test user = me@x.test '
                        f'credential = "{source}" }}\n')
    done = postrider.run("logout", "old")
    assert (done.status, done.err) == (0, "")
    assert "nothing to delete" in done.out
    assert "hidden" not in done.out
    assert keeper.calls == []


def test_logout_by_a_git_credential_helper(postrider, keeper):
    store = postrider.home / "store"
    store.write_text("smtp://me%40x.test:secret@x.test%3a587\n")
    postrider.configure(
        f'account old {{ host = x.test user = me@x.test '
        f'credential-helper = "store --file={store}" }}\n')
    done = postrider.run("logout", "old")
    assert (done.status, done.err) == (0, "")
    assert "secret" not in store.read_text()
    assert keeper.calls == []


# ---- accounts ---------------------------------------------------------------

MANY = """\
account tokens { host = a.test user = me@a.test client-id = x }
account word { host = b.test user = me@b.test }
account variable { host = c.test user = me@c.test credential = "env:SET" }
account unset { host = c.test user = me@c.test credential = "env:UNSET" }
account file { host = d.test user = me@d.test credential = "file:~/here" }
account gone { host = d.test user = me@d.test credential = "file:/no/where" }
account asked { host = e.test user = me@e.test
	credential = "command:echo hidden" }
account open { host = f.test }
account folder { host = g.test user = me@g.test credential-helper = cache }
"""


def standings(postrider, **how):
    done = postrider.run("accounts", "--json", **how)
    assert (done.status, done.err) == (0, "")
    return {one["name"]: one for one in json.loads(done.out)}


def test_accounts_say_how_each_stands(postrider, keeper):
    postrider.configure(MANY)
    postrider.secret_file("secret", name="here")
    end = int(time.time()) + 3600
    keeper.answers("status",
                   {"out": f"kind=oauth2\npassword_expiry_utc={end}\n"
                           "refreshable=yes\n\n"},
                   {"out": "kind=password\n\n"})
    found = standings(postrider, env={"SET": "a-secret"})
    states = {name: (one["auth"], one["state"]) for name, one in found.items()}
    assert states == {
        "tokens": ("oauth2", "signed-in"), "word": ("password", "kept"),
        "variable": ("password", "set"), "unset": ("password", "missing"),
        "file": ("password", "there"), "gone": ("password", "missing"),
        "asked": ("password", "asked-when-needed"),
        "open": ("none", "not-needed"),
        "folder": ("password", "asked-when-needed")}
    assert found["tokens"]["expires_at"].endswith("Z")
    assert found["variable"]["credential"] == "env:SET"
    assert found["word"]["expires_at"] is None
    assert keeper.operations == ["status", "status"]
    assert keeper.calls[1].arguments == ["--account=word", "status"]
    shown = postrider.run("accounts", env={"SET": "a-secret"}).out
    assert len(shown.splitlines()) == 2 * len(states) - 1
    assert "password: the variable UNSET is not set" in shown
    for hidden in ("hidden", "a-secret"):
        assert hidden not in shown and hidden not in repr(found)


@pytest.mark.parametrize("answer, state, message", [
    ("kind=none\n", "missing", "postrider login tokens"),
    ("kind=oauth2\nrefreshable=no\npassword_expiry_utc=5\n", "expired",
     "sign in again"),
    ("kind=oauth2\nrefreshable=yes\npassword_expiry_utc=5\n", "signed-in",
     "renewed when needed"),
    ("kind=oauth2\nrefreshable=no\nrefusal=the grant \x1b was revoked\n",
     "refused", "the grant \\x1B was revoked"),
    ("nonsense", "missing", "not signed in"),
])
def test_a_standing_in_words(postrider, keeper, answer, state, message):
    postrider.configure(MANY.splitlines()[0] + "\n")
    keeper.answers("status", {"out": answer})
    assert standings(postrider)["tokens"]["state"] == state
    lines = postrider.run("accounts").out.splitlines()
    assert len(lines) == 2 and message in lines[1]


@pytest.mark.parametrize("answer", [{"status": 1}, {"sleep": 60},
                                    failure(75, "the keyring is locked")])
def test_a_keeper_that_does_not_answer_hangs_nobody(postrider, keeper, answer):
    postrider.configure("".join(
        f"account a{i} {{ host = a.test user = me@a.test client-id = x }}\n"
        for i in range(20)))
    keeper.answers("status", answer)
    done = postrider.run("accounts", "--json", timeout=20)
    assert (done.status, done.err) == (0, "")
    assert {one["state"] for one in json.loads(done.out)} == {"unknown"}


def test_a_password_in_the_environment_is_one(postrider, keeper):
    postrider.configure(MANY)
    found = standings(postrider, env={"POSTRIDER_PASSWORD": "a-secret"})
    for name in ("tokens", "word"):
        assert found[name]["state"] == "set"
        assert found[name]["credential"] == "env:POSTRIDER_PASSWORD"
    assert keeper.calls == []
