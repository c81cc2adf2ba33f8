# SPDX-License-Identifier: MIT
"""What postrider finds before a message is sent, and what it says of it: under
-v, in check, and when the server then refuses."""
import json

import pytest

REFUSED = {"auth": "535 5.7.8 Authentication failed"}
ORDINARY = "correct horse 7"
MESSAGE = b"From: %s\nTo: bob@example.test\nSubject: x\n\nx\n"


def notes(result):
    return [line.removeprefix("note: ") for line in result.err.splitlines()
            if line.startswith("note: ")]


# ---- the secret -------------------------------------------------------------

SHAPES = [
    # provider, user, a password of another shape, one of the right shape,
    # what is said of the former
    ("gmail", "alice@gmail.com", ORDINARY, "abcd efgh ijkl mnop",
     "an app password of Gmail, which has 16 letters"),
    ("yahoo", "alice@yahoo.com", ORDINARY, "abcdefghijklmnop",
     "an app password of Yahoo Mail, which has 16 letters"),
    ("icloud", "alice@icloud.com", "Abcdefghijklmnop1",
     "abcd-efgh-ijkl-mnop",
     "an app password of iCloud Mail, which has the form "
     "xxxx-xxxx-xxxx-xxxx"),
    ("fastmail", "alice@fastmail.com", ORDINARY, "a1b2c3d4e5f6g7h8",
     "an app password of Fastmail, which has 16 letters or digits"),
    ("qq", "alice@qq.com", "12345678", "abcdefghijklmnop",
     "a key of QQ Mail, which has 16 letters"),
    ("sendgrid", "apikey", ORDINARY, "SG.abcdef.ghijkl",
     "a key of SendGrid, which begins with SG."),
    ("ses", "AKIAEXAMPLEEXAMPLEEX", "k" * 40, "k" * 44,
     "a key of Amazon SES, which has 44 characters"),
]


@pytest.mark.parametrize("provider, user, other, usual, text", SHAPES,
                         ids=[row[0] for row in SHAPES])
def test_the_shape_of_a_password_explains_its_refusal(
        send, make_server, provider, user, other, usual, text):
    server = make_server(users={user: "another"}, faults=REFUSED)
    result = send(server, "--provider", provider, "-v", "bob@example.test",
                  user=user, password=other)
    assert result.status == 77, result.err
    assert f"; the password does not look like {text}: " in result.err
    assert "postrider login" in result.err
    assert other not in result.err + result.out
    result = send(server, "--provider", provider, "bob@example.test",
                  user=user, password=usual)
    assert result.status == 77, result.err
    assert "look like" not in result.err


def test_the_cause_is_that_an_app_password_is_due(send, make_server):
    server = make_server(users={"alice@gmail.com": "another"}, faults=REFUSED)
    result = send(server, "--provider=gmail", "--json", "bob@example.test",
                  user="alice@gmail.com", password=ORDINARY)
    [recipient] = json.loads(result.out)["recipients"]
    assert recipient["error"]["cause"] == "app-password-due"


def test_a_password_that_works_is_not_judged(send, make_server):
    server = make_server(users={"alice@gmail.com": ORDINARY})
    result = send(server, "--provider=gmail", "bob@example.test",
                  user="alice@gmail.com", password=ORDINARY)
    assert (result.status, result.err) == (0, "")


def test_an_ordinary_password_is_right_where_both_are_accepted(send,
                                                               make_server):
    server = make_server(users={"alice@zoho.com": "another"}, faults=REFUSED)
    result = send(server, "--provider=zoho", "bob@example.test",
                  user="alice@zoho.com", password=ORDINARY)
    assert "look like" not in result.err


@pytest.mark.parametrize("password", ["secret ", "\tsecret"])
def test_a_blank_at_the_end_of_a_password_is_said(send, make_server, password):
    server = make_server(users={"alice": "secret"})
    result = send(server, "bob@example.test", user="alice", password=password)
    assert result.status == 77
    assert ("the password begins or ends with a space or a control character"
            in result.err)


def test_a_shape_that_is_none_is_named(postrider):
    path = postrider.configure("provider x {\n\tsecret-shape = \"16 apples\"\n"
                               "\thost = a.test\n}\n")
    result = postrider.run("providers", "x")
    assert result.status == 78
    assert f"{path}:2: secret-shape: \"16 apples\" is no shape" in result.err


# ---- the user name ----------------------------------------------------------

@pytest.mark.parametrize("provider, user, text, command", [
    ("sendgrid", "alice@example.test", "the user name at sendgrid is the word "
     "apikey, not alice@example.test", "apikey"),
    ("ses", "alice@example.test", "the user name alice@example.test does not "
     "look like one of ses, which begins with AKIA", None),
    ("webde", "alice@web.de", "the user name at webde is usually the part of "
     "the address before the @: alice", "alice")])
def test_a_user_name_of_another_form(postrider, send, make_server, ca,
                                     provider, user, text, command):
    server = make_server(users={user: "secret"},
                         faults={"dot": "554 5.7.1 rejected"})
    result = send(server, "--provider", provider, "bob@example.test",
                  user=user)
    assert text in notes(result)
    postrider.configure(
        f"account work {{\n\tprovider = {provider}\n\thost = localhost\n"
        f"\tport = {server.port}\n\ttls = starttls\n\tuser = {user}\n"
        f"\ttls-trust-file = \"{ca.pem}\"\n}}\n")
    result = postrider.run("check", "--json", "work",
                           env={"POSTRIDER_PASSWORD": "secret"})
    advice = json.loads(result.out)["advice"]
    [item] = [item for item in advice if item["text"] == text]
    assert item["command"] == (
        command and f"postrider config set work.user {command}")


# ---- senders ----------------------------------------------------------------

@pytest.mark.parametrize("sender, text", [
    (b"root@localhost", "From names root@localhost, which only this host "
     "knows; many servers refuse that"),
    (b"undisclosed:;", "From has no address; many servers refuse that")])
def test_a_from_that_many_refuse(send, make_server, sender, text):
    server = make_server(users={"alice@example.test": "secret"},
                         faults={"dot": "554 5.7.1 rejected"})
    result = send(server, "--set-from=never", "bob@example.test",
                  user="alice@example.test", message=MESSAGE % sender)
    assert text in notes(result)


def test_an_empty_envelope_sender_is_said(send, make_server):
    server = make_server(faults={"mail": "550 5.7.1 no"})
    result = send(server, "-f", "", "bob@example.test")
    assert ("the envelope sender is empty (<>), which submission servers often "
            "refuse") in notes(result)
