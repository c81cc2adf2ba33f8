# SPDX-License-Identifier: MIT
"""Replies of providers: the hint for each, and whether postrider retries."""
import json
import shlex

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
     "(EHLO)", "--domain example.test", 69),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, "
     "SmtpClientAuthentication is disabled for the Tenant.",
     "for the organisation", 77),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, "
     "SmtpClientAuthentication is disabled for the Mailbox.",
     "Set-CASMailbox alice@example.test", 77),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, "
     "basic authentication is disabled.",
     "passwords are switched off for this mailbox", 77),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, the "
     "user credentials were incorrect. The request did not meet the criteria",
     "Conditional Access", 77),
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
    password = "abcd-efgh-ijkl-mnop" if provider == "icloud" \
        else "abcd efgh ijkl mnop"
    server = make_server(faults={step: reply},
                         users={"alice@example.test": password})
    result = send(server, "--provider", provider, "--auth", "plain",
                    "bob@example.test", user="alice@example.test", retries=2,
                    password=password,
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


def test_a_provider_that_is_set_is_named_once(send, make_server):
    result = send(make_server(), "-v", "--provider", "posteo",
                  "bob@example.test", user="alice@example.test")
    (line,) = [line for line in result.err.splitlines() if "account" in line]
    assert "(provider posteo), server localhost port " in line


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


def test_a_hint_names_the_command_that_sets_a_setting(postrider, make_server,
                                                      ca):
    """It can be copied to a shell, and mends what was refused."""
    server = make_server(faults={"ehlo": "550 5.7.1 invalid HELO name"})
    postrider.configure(
        f'account "my work" {{\n\thost = localhost\n\tport = {server.port}\n'
        f'\ttls-trust-file = "{ca.pem}"\n\tfrom = alice@example.test\n}}\n')
    done = postrider.run("-a", "my work", "you@example.org", input=b"\nx\n")
    command = "postrider config set 'my work'.domain example.test"
    assert done.err.splitlines()[1].endswith(f": {command}")
    words = shlex.split(command)
    assert postrider.run(*words[1:]).status == 0
    assert postrider.run("config", "get", "my work.domain").out == \
        "example.test\n"


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


# What is in the file, the line that has the mistake, and what is said of it.
MISTAKES = {
    "unknown cause": ("greylistig at=rcpt\n", 1, "unknown cause: greylistig"),
    "no condition": ("# mine\nspam rcpt\n", 2,
                     "expected a condition such as at=auth: rcpt"),
    "unknown condition": ("spam when=never\n", 1,
                          "expected a condition such as at=auth: when"),
    "space at =": ("spam at = rcpt\n", 1,
                   "expected a condition such as at=auth: at"),
    "open quote": ('spam at=mail\n\nspam says="a\n  b\n', 3,
                   "the value of says lacks its closing quote"),
    "given twice": ("spam at=rcpt\n at=mail\n", 1, "at is given twice"),
    "unknown step": ("spam at=rcpt,massage\n", 1,
                     "invalid at=massage; use name, connect, greeting, ehlo, "
                     "starttls, tls, auth, mail, rcpt, data or message"),
    "no code": ("spam code=5x1\n", 1,
                "invalid code=5x1; use a code such as 550 or 5xx"),
    "no enhanced code": ("spam enhanced=5.7\n", 1, "invalid enhanced=5.7; "
                         "use a code such as 5.7.1 or x.7.x"),
    "unknown errno": ("spam errno=EMAIL\n", 1, "invalid errno=EMAIL; use a "
                      "name such as ECONNREFUSED"),
    "unknown sign-in": ("spam sign-in=oauth\n", 1, "invalid sign-in=oauth; use "
                        "password, oauth2 or none"),
    "unknown tls": ("spam tls=yes\n", 1, "invalid tls=yes; use starttls, "
                    "implicit or none"),
    "no port": ("spam port=smtp\n", 1, "invalid port=smtp; use a number"),
    "no retry": ("spam retry=soonish\n", 1, "retry must be soon, later or "
                 "never: soonish"),
    "no value": ("spam provider=\n", 1, "provider has no value"),
    "empty pattern": ('spam says=""\n', 1, "says has no value"),
    "unknown list": ('spam says="$pasword|x $full"\n', 1,
                     "unknown list of words: $pasword"),
    "unknown placeholder": ('spam at=rcpt hint="ask {hots}"\n', 1,
                            "unknown placeholder in hint: {hots}"),
    "open placeholder": ('spam at=rcpt hint="ask {host"\n', 1,
                         "unknown placeholder in hint: {host"),
    "binary": ("\x7fELF\x02\n", 1, r"unknown cause: \x7FELF\x02"),
    "byte order mark": ("\ufeffspam at=rcpt\n", 1,
                        r"unknown cause: \xEF\xBB\xBFspam"),
    "NUL": ("# one\n# \0\nspam at=rcpt\n", 2, "a NUL byte ends the rules here"),
}


@pytest.fixture
def with_rules(send, make_server, postrider):
    """Sends a message that is refused, with these rules of the user."""
    def run(text, reply="550 5.1.1 no such user", mode=0o600):
        rules = postrider.home / ".config/postrider/diagnoses"
        rules.parent.mkdir(parents=True, exist_ok=True)
        rules.write_bytes(text.encode())
        rules.chmod(mode)
        server = make_server(faults={"rcpt": reply})
        return rules, send(server, "--json", "bob@example.test")
    return run


def is_explained(result):
    """The built-in rules are used."""
    [recipient] = json.loads(result.out)["recipients"]
    assert recipient["error"]["cause"] == "recipient-unknown"
    assert "hint: check the address" in result.err
    assert result.status == 67


@pytest.mark.parametrize("text, line, says", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_rules_is_named(with_rules, text, line, says):
    rules, result = with_rules(text)
    warnings = [text for text in result.err.splitlines() if "warning:" in text]
    assert warnings == [f"postrider: warning: {rules}:{line}: {says}"]
    is_explained(result)


def test_the_rules_around_a_mistake_are_used(with_rules):
    before = 'policy at=rcpt says="no such" hint="ask {host}"\n'
    for text, line in ((before + "spam at=x\n", 2),
                       ("spam at=x\n" + before, 1)):
        rules, result = with_rules(text)
        assert f"{rules}:{line}: invalid at=x" in result.err
        assert "hint: ask localhost\n" in result.err
        [recipient] = json.loads(result.out)["recipients"]
        assert recipient["error"]["cause"] == "policy"


def test_rules_with_line_ends_of_windows_are_read(with_rules):
    _, result = with_rules('policy at=rcpt\r\n  hint="ask {host}"\r\n')
    assert "warning" not in result.err
    assert "hint: ask localhost\n" in result.err


@pytest.mark.parametrize("mode, lines, says", [
    (0o666, 1, "other users can write to it (owner 0, mode 666)\nhint: chmod "),
    (0o600, 300000, "longer than 1048575 bytes\n")])
def test_rules_that_cannot_be_used_are_named(with_rules, mode, lines, says):
    rules, result = with_rules("# x\n" * lines, mode=mode)
    assert f"postrider: warning: {rules}: {says}" in result.err
    is_explained(result)


def test_a_directory_in_place_of_the_rules_is_named(send, make_server,
                                                    postrider):
    rules = postrider.home / ".config/postrider/diagnoses"
    rules.mkdir(parents=True)
    result = send(make_server(faults={"rcpt": "550 5.1.1 no such user"}),
                  "--json", "bob@example.test")
    assert f"warning: {rules}: " in result.err
    is_explained(result)


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
        "domain laptop is not a public name; some servers refuse it in EHLO",
        "From has 2 addresses; many servers accept only one",
        "From names bob@example.test, which is not an address of the account",
        "the header has several fields From"]


def test_what_is_odd_is_not_said_of_a_message_that_goes(send, make_server):
    server = make_server()
    result = send(server, "bob@example.test", message=FINDINGS)
    assert (result.status, result.err) == (0, "")
