# SPDX-License-Identifier: MIT
"""Servers that quote what they were sent: none of it may be shown or logged."""
import base64
import json
import re
import urllib.parse

import pytest

from dialogue import scram
from callers.session import auths

SECRET = "s3cr3t-Zwanzig-4711-xyzzy"
RUN = 8  # characters of a secret that must not be shown

MECHANISMS = ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-256")


def decoded(response):
    return base64.b64decode(response).decode("utf-8", "replace")


QUOTES = {
    "whole": lambda sent: f"500 5.5.1 unrecognized command '{sent}'",
    "truncated": lambda sent: f"500 5.5.1 unrecognized: {sent[:20]}...",
    "end": lambda sent: f"500 5.5.1 unrecognized: ...{sent[-18:]}",
    "lower-case": lambda sent: f"535 5.7.8 refused: {sent.lower()}",
    "percent": lambda sent: f"535 5.7.8 refused: {urllib.parse.quote(sent)}",
    "decoded": lambda sent: "535 5.7.8 refused: "
                            + re.sub("[\0\1]", " ", decoded(sent)),
    "escaped": lambda sent: "535 5.7.8 refused: "
                            + repr(decoded(sent)).replace("-", "\\x2d"),
    "secret": lambda sent: f"535 5.7.8 the password {SECRET} is wrong",
    "lower-case-secret": lambda sent: f"535 5.7.8 not {SECRET.lower()}",
    "secret-in-base64": lambda sent: "535 5.7.8 not "
        + base64.b64encode(SECRET.encode()).decode(),
    "lines": lambda sent: f"535-5.7.8 refused: {sent[:12]}\n"
                          f"535-5.7.8 {sent[12:18]}\n535 5.7.8 {sent[18:]}",
    "lines-of-secret": lambda sent: f"535-5.7.8 refused: {SECRET[:6]}\n"
                                    f"535 5.7.8 {SECRET[6:]} is wrong",
    "temporary": lambda sent: f"454 4.7.0 try {sent} later, {SECRET}",
    "no-reply": lambda sent: f"{sent} is refused",
    "NUL": lambda sent: b"535 5.7.8 " + base64.b64decode(sent) + b"\r\n",
    "challenge": lambda sent: f"334 {sent}",
}


def sent_by(session):
    """The longest response that the client sent."""
    lines = bytes(session.wire.inside).decode().split("\r\n")
    start = max(at for at, line in enumerate(lines)
                if line.startswith("AUTH"))
    words = [line.split(" ")[-1] for line in lines[start:]
             if not line.startswith(("MAIL", "RCPT", "BDAT", "DATA"))]
    return max(words, key=len)


def shows(text, secret):
    """The runs of a secret that are found in text, however it is split."""
    text = re.sub(r"\s|\d{3}[ -]5\.7\.8", "", text).lower()
    secret = re.sub(r"\s", "", secret).lower()
    return [secret[at:at + RUN] for at in range(len(secret) - RUN + 1)
            if secret[at:at + RUN] in text]


class Quoting:
    """A fault that quotes; it keeps what must not be shown."""

    def __init__(self, quote):
        self._quote = quote
        self.secrets = [SECRET, base64.b64encode(SECRET.encode()).decode()]

    def __call__(self, session, line):
        sent = sent_by(session)
        self.secrets.append(sent)
        return self._quote(sent)

    def assert_hidden(self, *texts):
        assert len(self.secrets) > 2  # the server did quote
        for secret in self.secrets:
            for text in texts:
                assert shows(text, secret) == []


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("quote", QUOTES)
def test_a_quoted_response_is_redacted(submit, server_of, mechanism, quote):
    quoting = Quoting(QUOTES[quote])
    server = server_of(mechanism, faults={"auth": quoting})
    outcome = submit(server, "-v", "--json", "--auth", mechanism,
                     password=SECRET)
    assert outcome.status in (75, 76, 77), outcome.err
    quoting.assert_hidden(outcome.err, outcome.out, outcome.log)
    assert "<redacted" in outcome.err
    if quote not in ("challenge", "no-reply", "NUL"):
        for text in (outcome.err, outcome.out, outcome.log):
            assert "<redacted>" in text
            assert "refused" in text


@pytest.mark.parametrize("quote", ["whole", "secret", "lines"])
def test_check_redacts_too(postrider, ca, server_of, quote):
    quoting = Quoting(QUOTES[quote])
    server = server_of("PLAIN", faults={"auth": quoting})
    arguments = ("check", "--host=localhost", f"--port={server.port}",
                 f"--tls-trust-file={ca.pem}", "--user=alice")
    for options in ((), ("-v",), ("--json",)):
        done = postrider.run(*arguments, *options,
                             env={"POSTRIDER_PASSWORD": SECRET})
        assert done.status == 77
        assert "<redacted>" in done.err + done.out
        quoting.assert_hidden(done.err, done.out)


@pytest.mark.parametrize("step,answer", [
    ("mail", "550 5.7.1 not after {}"), ("rcpt", "450 4.2.1 not after {}"),
    ("dot", "554 5.7.1 not after {}"), ("dot", "250 2.0.0 taken after {}")])
def test_a_later_reply_is_redacted(submit, server_of, step, answer):
    quoting = Quoting(lambda sent: answer.format(f"{sent} ({SECRET})"))
    server = server_of("PLAIN", faults={step: quoting})
    outcome = submit(server, "-v", "--json", password=SECRET)
    assert "<redacted>" in outcome.err
    quoting.assert_hidden(outcome.err, outcome.out, outcome.log)


@pytest.mark.parametrize("answer", ["454 4.7.0 you said {}", "220 hello {}"])
def test_a_later_session_redacts_too(submit, server_of, answer):
    quoting = Quoting(QUOTES["temporary"])

    def greet(session, line):
        return answer.format(f"{quoting.secrets[-1]} ({SECRET})")

    server = server_of("PLAIN", faults={
        "auth": [quoting], "greeting": [None, greet]})
    outcome = submit(server, "-v", "--json", password=SECRET, retries=1)
    assert outcome.tries == 2
    quoting.assert_hidden(outcome.err, outcome.out, outcome.log)


def test_a_short_password_is_redacted_whole(submit, make_server):
    server = make_server(users={"alice": "xy"}, faults={
        "auth": "535 5.7.8 is it 'xy'? taxyway XY."})
    outcome = submit(server, "-v", password="xy")
    assert "is it '<redacted>'? taxyway <redacted>." in outcome.err


def test_the_user_name_is_not_redacted(submit, make_server):
    server = make_server(users={}, faults={
        "auth": "535 5.7.8 alice.liddell@example.test is not known"})
    outcome = submit(server, "-v", user="alice.liddell@example.test",
                     password=SECRET)
    assert outcome.err.count("alice.liddell@example.test is not known") == 2


def test_a_server_that_reveals_the_password_in_scram(submit, server_of):
    server = server_of("SCRAM-SHA-256")
    server.authenticate["SCRAM-SHA-256"] = scram.server(
        password=SECRET, first=f"e={SECRET}")
    outcome = submit(server, "-v", "--auth", "SCRAM-SHA-256", password=SECRET)
    assert outcome.status == 77
    assert shows(outcome.err + outcome.log, SECRET) == []


# ---- the dialogue from AUTH to its end --------------------------------------

def dialogue(outcome):
    """The lines from AUTH to the final reply, without the times."""
    lines = [line[10:] for line in outcome.err.splitlines()
             if line[7:10] == "ms "]
    start = next(at for at, line in enumerate(lines)
                 if line.startswith("> AUTH"))
    end = next(at for at, line in enumerate(lines) if at > start
               and line.startswith("< ") and not line.startswith("< 334"))
    return lines[start:end + 1]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_the_dialogue_shows_lengths_only(submit, server_of, mechanism):
    outcome = submit(server_of(mechanism), "-v", "--auth", mechanism,
                     password=SECRET)
    assert outcome.status == 0, outcome.err
    first, *rounds, last = dialogue(outcome)
    assert re.fullmatch(rf"> AUTH {mechanism}( <redacted, \d+ bytes>)?", first)
    for line in rounds:
        assert re.fullmatch(r"(>|< 334) <redacted, \d+ bytes>", line)
    assert last == "< 235 2.7.0 welcome"
    assert len(rounds) == {"LOGIN": 4, "SCRAM-SHA-256": 4}.get(mechanism, 0)


def test_the_lengths_are_those_of_the_base64(submit, server_of):
    outcome = submit(server_of("LOGIN"), "-v", "--auth", "LOGIN",
                     password=SECRET)
    assert dialogue(outcome)[1:-1] == [
        "< 334 <redacted, 12 bytes>", "> <redacted, 8 bytes>",
        "< 334 <redacted, 12 bytes>", "> <redacted, 36 bytes>"]


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_the_reason_for_a_refused_token_is_shown(submit, make_server,
                                                 mechanism):
    def refuse(session, initial):
        reason = {"status": "invalid_token", "hint": "\33[31m" + SECRET}
        session.challenge(json.dumps(reason))

    server = make_server(mechanisms=(mechanism,), token="another")
    server.authenticate[mechanism] = refuse
    outcome = submit(server, "-v", "--auth", mechanism, password=SECRET)
    assert outcome.status == 77
    assert len(auths(server)) == 1
    (note,) = [line for line in dialogue(outcome)
               if line.startswith("* the server refused the token: ")]
    assert '"status": "invalid_token"' in note
    assert '<redacted>"' in note
    assert "(token status invalid_token)" in outcome.err
    assert shows(outcome.err, SECRET) == []


def test_a_program_that_quotes_is_redacted(submit, make_server, tmp_path):
    program = tmp_path / "quoting"
    program.write_text(
        "#!/usr/bin/python3\nimport base64, os, sys\n"
        "secret = os.read(int(os.environ['POSTRIDER_SECRET_FD']), 4096)\n"
        "sent = base64.b64encode(b'alice:' + secret).decode()\n"
        "print(sent, flush=True)\nsys.stdin.readline()\n"
        f"sys.exit('bad: ' + sent + secret.decode()[2:])\n")
    program.chmod(0o755)
    server = make_server(mechanisms=("X-OWN",))
    server.authenticate["X-OWN"] = lambda session, initial: (
        session.challenge("more") and None)
    outcome = submit(server, f"--auth=command:{program}", "--mechanism=X-OWN",
                     "-v", password=SECRET)
    assert "bad: <redacted>" in outcome.err
    assert shows(outcome.err + outcome.log, SECRET) == []
