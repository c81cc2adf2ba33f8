# SPDX-License-Identifier: MIT
"""What follows when a mechanism fails: another, or an explanation."""
import pytest

from dialogue import scram
from callers.session import (SECRET, auths, inside, is_cancelled,
                             is_refused)

CONFUSED = pytest.mark.parametrize("reply", [
    "500 5.5.1 what?", "501 5.5.2 cannot decode", "502 5.5.1 not here",
    "504 5.5.4 not this one"])


def names(server):
    return [line.split()[1] for line in auths(server)]


@pytest.fixture
def broken_server(make_server):
    """Its SCRAM-SHA-256 answers with `reply`, or with a challenge."""
    def make(reply=None, challenge=None, mechanisms=(
            "SCRAM-SHA-256", "PLAIN", "LOGIN")):
        def confused(session, initial):
            if challenge is not None:
                session.wire.send(challenge)
                session.wire.line()
            return None

        faults = {"auth": [reply or "501 5.7.0 cancelled", None]}
        server = make_server(mechanisms=mechanisms, faults=faults)
        server.authenticate["SCRAM-SHA-256"] = confused
        return server
    return make


@CONFUSED
def test_a_simpler_one_follows_when_it_may(submit, broken_server, reply):
    server = broken_server(reply)
    outcome = submit(server, "--fallback")
    assert outcome.status == 0, outcome.err
    assert names(server) == ["SCRAM-SHA-256", "PLAIN"]
    assert len(server.wires) == 1


@CONFUSED
def test_what_could_follow_is_told(submit, broken_server, reply):
    server = broken_server(reply)
    outcome = submit(server, retries=1)
    is_refused(server, outcome)
    assert names(server) == ["SCRAM-SHA-256"]
    assert reply in outcome.err
    assert "PLAIN would be tried next with fallback = yes" in outcome.err


@pytest.mark.parametrize("challenge", [b"334 !!!\r\n", b"334 \r\n",
                                       b"334 dj1hYmM=\r\n"],
                         ids=["no-base64", "empty", "out-of-order"])
def test_nonsense_is_cancelled_before_another_follows(submit, broken_server,
                                                      challenge):
    server = broken_server(challenge=challenge)
    outcome = submit(server, "--fallback")
    assert outcome.status == 0, outcome.err
    assert names(server) == ["SCRAM-SHA-256", "PLAIN"]
    lines = inside(server).split(b"\r\n")
    first, second = [number for number, line in enumerate(lines)
                     if line.startswith(b"AUTH ")]
    assert lines[first + 1:second] == [b"*"]


def test_nonsense_is_cancelled_when_nothing_follows(submit, broken_server):
    server = broken_server(challenge=b"334 !!!\r\n", mechanisms=(
        "SCRAM-SHA-256",))
    is_refused(server, submit(server))
    assert is_cancelled(server)


@pytest.mark.parametrize("reply, status", [
    ("535 5.7.8 wrong", 77), ("530 5.7.0 no", 77), ("534 5.7.9 weak", 77),
    ("454 4.7.0 later", 75), ("421 4.3.2 bye", 75)])
def test_a_refusal_is_no_confusion(submit, broken_server, reply, status):
    server = broken_server(reply)
    outcome = submit(server, "--fallback")
    is_refused(server, outcome, status)
    assert names(server) == ["SCRAM-SHA-256"]
    assert SECRET.encode() not in server.received


def test_a_refusal_in_the_words_of_scram_is_no_confusion(submit, make_server):
    server = make_server(mechanisms=("SCRAM-SHA-256", "PLAIN"))
    server.authenticate["SCRAM-SHA-256"] = scram.server(
        final="e=invalid-proof")
    outcome = submit(server, "--fallback")
    is_refused(server, outcome)
    assert names(server) == ["SCRAM-SHA-256"]
    assert "invalid-proof" in outcome.err


@pytest.mark.parametrize("cheat", [{"skip_proof": True}, {"nonce": "another"},
                                   {"iterations": 10},
                                   {"iterations": 2 ** 31},
                                   {"final": "v=AAAA"}],
                         ids=lambda cheat: next(iter(cheat)))
def test_nothing_follows_a_server_that_cheats(submit, make_server, cheat):
    server = make_server(mechanisms=("SCRAM-SHA-256", "PLAIN"))
    server.authenticate["SCRAM-SHA-256"] = scram.server(**cheat)
    outcome = submit(server, "--fallback", retries=1)
    is_refused(server, outcome, 76)
    assert names(server) == ["SCRAM-SHA-256"]
    assert "hint: " in outcome.err
    assert SECRET.encode() not in server.received


def test_simple_ones_come_first_when_preferred(submit, make_server):
    server = make_server(mechanisms=("SCRAM-SHA-256", "LOGIN", "PLAIN"))
    assert submit(server, "--prefer", "simple").status == 0
    assert names(server) == ["PLAIN"]


def test_secure_never_shows_the_password(submit, make_server):
    server = make_server(mechanisms=("LOGIN", "PLAIN"))
    outcome = submit(server, "--auth", "secure", "--fallback")
    is_refused(server, outcome)
    assert auths(server) == []
    assert "secure" in outcome.err
    server = make_server(mechanisms=("PLAIN", "SCRAM-SHA-1"))
    server.authenticate["SCRAM-SHA-1"] = scram.server("sha1")
    assert submit(server, "--auth", "secure").status == 0
    assert names(server) == ["SCRAM-SHA-1"]


def test_the_last_that_fails_is_told(submit, make_server):
    server = make_server(mechanisms=("SCRAM-SHA-256", "PLAIN"), faults={
        "auth": ["504 5.5.4 first", "504 5.5.4 second"]})
    server.authenticate["SCRAM-SHA-256"] = lambda session, initial: None
    outcome = submit(server, "--fallback")
    is_refused(server, outcome)
    assert names(server) == ["SCRAM-SHA-256", "PLAIN"]
    assert "504 5.5.4 second" in outcome.err


@pytest.mark.parametrize("reply", [
    "500 unrecognized command", '502 5.5.1 Command not implemented: "AUTH"'])
def test_a_sign_in_that_was_offered_is_not_said_to_be_missing(
        submit, make_server, reply):
    server = make_server(mechanisms=("PLAIN",), faults={"auth": reply})
    outcome = submit(server, retries=1)
    is_refused(server, outcome)
    assert reply in outcome.err
    assert "no sign-in" not in outcome.err.replace("know no sign-in", "")
    assert "another mechanism" in outcome.err
