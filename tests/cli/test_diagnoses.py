# SPDX-License-Identifier: MIT
"""Replies of providers: the hint for each, and whether postrider retries."""
import json

import pytest

# (provider, step, reply, part of the hint, exit status)
REFUSALS = [
    ("gmail", "auth", "534-5.7.9 Application-specific password required. "
     "For more information, go to\r\n534 5.7.9  https://support.google.com",
     "https://myaccount.google.com/apppasswords", 77),
    ("gmail", "auth", "535-5.7.8 Username and Password not accepted.\r\n"
     "535 5.7.8 gsmtp", "wrong or was revoked", 77),
    ("gmail", "auth", "534-5.7.14 <https://accounts.google.com/signin>\r\n"
     "534 5.7.14 Please log in via your web browser", "in a browser", 77),
    ("gmail", "mail", "550 5.4.5 Daily user sending limit exceeded.",
     "24 hours", 75),
    ("gmail", "dot", "552-5.7.0 This message was blocked because its content "
     "presents a\r\n552 5.7.0 security issue", "attachment", 69),
    ("google-relay", "ehlo", "421 4.7.0 Try again later, closing connection. "
     "(EHLO)", "set domain", 69),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, "
     "SmtpClientAuthentication is disabled for the Tenant.",
     "for the organisation", 77),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, "
     "SmtpClientAuthentication is disabled for the Mailbox.",
     "for this mailbox", 77),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, "
     "basic authentication is disabled.", "no longer accepts passwords", 77),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, the "
     "user credentials were incorrect. The request did not meet the criteria",
     "policy", 77),
    ("microsoft365", "auth", "535 5.7.3 Authentication unsuccessful",
     "by OAuth2", 77),
    ("microsoft365", "dot", "550 5.7.60 SMTP; Client does not have permissions "
     "to send as this sender", "Send As", 69),
    ("microsoft365", "dot", "554 5.2.0 STOREDRV.Submission.Exception:"
     "SubmissionQuotaExceededException", "24 hours", 75),
    ("microsoft365", "dot", "554 5.2.0 STOREDRV.Submission.Exception:"
     "SendAsDeniedException.MapiExceptionSendAsDenied", "Send As", 69),
    ("microsoft365", "mail", "550 5.1.8 Access denied, bad outbound sender",
     "suspended or blocked", 69),
    ("yahoo", "auth", "535 5.7.0 (#AUTH005) Too many bad auth attempts.",
     "app password", 77),
    ("zoho", "mail", "553 Relaying disallowed as alice@example.test",
     "data centre", 69),
    ("posteo", "mail", "553 5.7.1 <alice@example.test>: Sender address "
     "rejected: not owned by user alice", "change From to an address", 69),
    ("icloud", "auth", "535 5.7.8 Error: authentication failed",
     "App-Specific Passwords", 77),
    ("posteo", "rcpt", "554 5.7.1 <bob@example.test>: Relay access denied",
     "does not relay for others", 69),
]


@pytest.mark.parametrize(
    "provider,step,reply,hint,status", REFUSALS,
    ids=[f"{row[0]}-{row[2][:12]}-{row[3]}" for row in REFUSALS])
def test_a_refusal_is_explained(send, make_server, provider, step, reply,
                                hint, status):
    server = make_server(faults={step: reply},
                         users={"alice@example.test": "secret"})
    result = send(server, "--provider", provider, "--auth", "plain",
                    "bob@example.test", user="alice@example.test", retries=2,
                    env={"POSTRIDER_RETRY_DELAY": "1ms"})
    assert result.status == status, result.err
    assert hint in result.err.partition("\nhint: ")[2]
    assert len(server.wires) == 1, "it never heals, and was tried again"


@pytest.mark.parametrize("provider,hint", [
    ("gmail", "https://mail.google.com/"), ("posteo", "the token must belong"),
    ("microsoft365", "SMTP.Send")])
def test_a_token_is_not_called_a_password(send, make_server, provider, hint):
    server = make_server(mechanisms=("XOAUTH2",), token="another",
                         faults={"auth": "535 5.7.3 no"})
    result = send(server, "--provider", provider, "--auth", "xoauth2",
                    "bob@example.test", user="alice@example.test")
    assert result.status == 77, result.err
    advice = result.err.partition("\nhint: ")[2]
    assert hint in advice and "postrider login alice@example.test" in advice
    assert "password" not in advice


def test_the_reason_in_a_challenge_counts(send, make_server):
    server = make_server(mechanisms=("OAUTHBEARER",), token="another")
    server.authenticate["OAUTHBEARER"] = lambda session, initial: (
        session.challenge('{"status":"insufficient_scope"}') and None)
    result = send(server, "--auth", "oauthbearer", "--json",
                  "bob@example.test", user="alice@example.test")
    (recipient,) = json.loads(result.out)["recipients"]
    assert recipient["error"]["cause"] == "token-scope"
    assert "lacks the scope" in recipient["error"]["hint"]
    assert "insufficient_scope" in recipient["error"]["message"]


def test_rules_of_the_user_come_first(send, make_server, postrider):
    rules = postrider.home / ".config/postrider/diagnoses"
    rules.parent.mkdir(parents=True, exist_ok=True)
    rules.write_text('# ours\nstorage-server at=dot\n'
                     'storage-server at=message says="policy 17"\n'
                     '\thint="ask {host}\'s help desk"\n')
    rules.chmod(0o600)
    server = make_server(faults={"dot": "550 Policy no. 17"})
    result = send(server, "bob@example.test", retries=0)
    assert result.status == 75
    assert "hint: ask localhost's help desk" in result.err
    rules.write_text('server-trouble when=never\n')
    result = send(server, "bob@example.test", retries=0)
    assert f"warning: {rules}:1: expected a condition" in result.err
    assert result.status == 69


FINDINGS = b"""From: Alice <alice@example.test>, bob@example.test
From: Carol <carol@example.test>
To: bob@example.test
Subject: hello

Hello.
"""


def test_what_was_odd_is_said_after_a_refusal(send, make_server):
    server = make_server(users={"alice@example.test": "secret"},
                         faults={"dot": "554 5.7.1 rejected"})
    result = send(server, "--provider", "icloud", "--domain", "laptop",
                  "bob@example.test", user="alice@example.test",
                  message=FINDINGS)
    notes = [line.removeprefix("note: ") for line in result.err.splitlines()
             if line.startswith("note: ")]
    assert result.status == 69, result.err
    assert notes == [
        "domain laptop is no public name; some servers refuse it in EHLO",
        "From has 2 addresses; many servers accept only one",
        "From names bob@example.test, which is not an address of the account",
        "the header has several fields From"]


def test_what_is_odd_is_not_said_of_a_message_that_goes(send, make_server):
    server = make_server()
    result = send(server, "bob@example.test", message=FINDINGS)
    assert (result.status, result.err) == (0, "")
