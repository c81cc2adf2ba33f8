# SPDX-License-Identifier: MIT
"""Several recipients: who gets it, who doesn't, and who is asked again."""
import json

import pytest

from dialogue import faults
from dialogue.submission import EXTENSIONS
from callers.session import without

WAYS = pytest.mark.parametrize("extensions", [
    EXTENSIONS, without(EXTENSIONS, "CHUNKING"),
    without(EXTENSIONS, "CHUNKING", "PIPELINING"),
    without(EXTENSIONS, "PIPELINING")],
    ids=["bdat", "data", "data-lockstep", "bdat-lockstep"])
MANY = 10000


def refuse(**replies):
    """A fault for RCPT: the reply, or a list of one for each time."""
    left = {f"<{name}@example.test>".encode():
            iter(reply) if isinstance(reply, list) else None
            for name, reply in replies.items()}

    def fault(session, line):
        for name, reply in replies.items():
            address = f"<{name}@example.test>".encode()
            if address in line:
                return next(left[address], None) if left[address] else reply
        return None
    return fault


def asked(server):
    """The recipients that each connection named."""
    return [[line[9:line.index("@")] for line in wire.commands
             if line.startswith("RCPT TO:<")] for wire in server.wires]


@WAYS
@pytest.mark.parametrize("reply, status", [
    ("550 5.1.1 no such user", 67), ("550 5.7.1 policy", 69),
    ("554 no", 69), ("553 5.1.3 bad", 65)])
def test_one_that_is_refused_leaves_the_others(submit, make_server,
                                               extensions, reply, status):
    server = make_server(extensions=extensions,
                         faults={"rcpt": refuse(carol=reply)})
    outcome = submit(server, "--json", to=["bob", "carol", "dave"], retries=2)
    assert outcome.status == status, outcome.err
    assert outcome.tries == 1
    assert server.messages[0].to == ["bob@example.test", "dave@example.test"]
    assert "carol@example.test" in outcome.err and reply in outcome.err
    assert "bob@example.test" not in outcome.err
    assert "sent to 2 of 3 recipients" in outcome.err
    assert "other recipients" not in outcome.err  # they would get it twice
    accepted = {who["address"]: who["accepted"]
                for who in json.loads(outcome.out)["recipients"]}
    assert accepted == {"bob@example.test": True, "dave@example.test": True,
                        "carol@example.test": False}


@WAYS
def test_only_those_are_asked_again_who_have_no_message(submit, make_server,
                                                        extensions):
    server = make_server(extensions=extensions, faults={"rcpt": refuse(
        carol=["450 busy"], dave="550 5.1.1 no", erin=["451 later"])})
    outcome = submit(server, to=["bob", "carol", "dave", "erin", "frank"],
                     retries=2)
    assert outcome.status == 67, outcome.err
    assert asked(server) == [["bob", "carol", "dave", "erin", "frank"],
                             ["carol", "erin"]]
    assert [message.to for message in server.messages] == [
        ["bob@example.test", "frank@example.test"],
        ["carol@example.test", "erin@example.test"]]
    assert "dave@example.test" in outcome.err


@WAYS
def test_json_keeps_the_order_of_the_recipients(submit, make_server,
                                                extensions):
    names = ["bob", "carol", "dave", "erin", "frank"]
    server = make_server(extensions=extensions, faults={"rcpt": refuse(
        bob="550 5.1.1 no", dave=["450 busy"], erin=["451 a", "451 b"],
        frank=["450 c"])})
    said = json.loads(submit(server, "--json", to=names, retries=2).out)
    assert said["tries"] == 3
    assert [(who["address"], who["accepted"]) for who in said["recipients"]] \
        == [(f"{name}@example.test", name != "bob") for name in names]


def test_json_has_the_steps_of_the_last_try(submit, make_server):
    """They are those of a session that does nothing else."""
    server = make_server(extensions=["DSN"], faults={
        "mail": [None, "550 5.7.1 no"], "rcpt": refuse(carol=["450 busy"])})
    said = json.loads(submit(server, "--json", to=["bob", "carol"],
                             retries=1).out)
    assert said["tries"] == 2 and len(server.messages) == 1
    steps = [step["step"] for step in said["session"]["steps"]]
    first = make_server(extensions=["DSN"], faults={"mail": "550 5.7.1 no"})
    said = json.loads(submit(first, "--json", to=["carol"]).out)
    assert steps == [step["step"] for step in said["session"]["steps"]]


@WAYS
def test_one_that_stays_busy_is_temporary(submit, make_server, extensions):
    server = make_server(extensions=extensions,
                         faults={"rcpt": refuse(carol="450 4.2.1 busy")})
    outcome = submit(server, to=["bob", "carol"], retries=2)
    assert outcome.status == 75, outcome.err
    assert asked(server) == [["bob", "carol"], ["carol"], ["carol"]]
    assert len(server.messages) == 1


@WAYS
def test_nobody_left_gets_no_message(submit, make_server, extensions):
    server = make_server(extensions=extensions,
                         faults={"rcpt": "550 5.1.1 no"})
    outcome = submit(server, to=["bob", "carol"], retries=2)
    assert outcome.status == 67, outcome.err
    assert outcome.tries == 1
    assert server.arrived == []


def test_a_server_that_takes_the_message_for_nobody_gets_a_lone_dot(
        submit, make_server):
    # RFC 2920 3.1: DATA came in the same flight, and 354 was said to it.
    seen = []

    def data(session, line):
        session.recipients.append(("nobody", []))
        return "354 go ahead"

    def dot(session, line):
        seen.append(session.server.arrived[-1].data)
        return "554 5.5.1 no valid recipients"

    server = make_server(
        extensions=without(EXTENSIONS, "CHUNKING"),
        faults={"rcpt": lambda session, line: pretend(session),
                "data": data, "dot": dot})
    outcome = submit(server)
    assert outcome.status == 67, outcome.err
    assert seen in ([], [b""])


def pretend(session):
    session.recipients.append(("nobody", []))  # so that DATA is answered
    return "550 5.1.1 no"


def accept_but_say(reply):
    """Accepts the sender, but replies something else."""
    def fault(session, line):
        session.sender, session.sender_parameters = "alice@example.test", []
        return reply
    return fault


@pytest.mark.parametrize("reply, status, tries", [
    ("550 5.1.8 no", 69, 1), ("450 4.1.8 later", 75, 3)])
def test_354_after_a_refused_sender_ends_the_connection(
        submit, make_server, reply, status, tries):
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={"mail": accept_but_say(reply)})
    outcome = submit(server, retries=2)
    assert outcome.status == status, outcome.err
    assert reply in outcome.err
    assert outcome.tries == tries
    assert server.arrived == []


@pytest.mark.parametrize("reply", ["550 5.1.8 no", "450 4.1.8 later"])
@pytest.mark.parametrize("end", [None, faults.close], ids=["reply", "close"])
def test_a_chunk_that_left_before_the_sender_was_refused_is_ambiguous(
        submit, make_server, reply, end):
    server = make_server(faults={"mail": accept_but_say(reply), "dot": end})
    outcome = submit(server, retries=2)
    assert outcome.status == 75, outcome.err
    assert "the server may have accepted it" in outcome.err
    assert outcome.tries == 1
    assert len(server.arrived) == 1


@pytest.mark.parametrize("statuses, worst", [
    (["550 5.1.1 no", "450 busy"], 67), (["550 5.7.1 no", "550 5.1.1 x"], 69),
    (["450 busy", "451 busy"], 75)])
def test_the_worst_is_the_status(submit, make_server, statuses, worst):
    server = make_server(faults={"rcpt": refuse(bob=statuses[0],
                                                carol=statuses[1])})
    outcome = submit(server, to=["bob", "carol", "dave"])
    assert outcome.status == worst, outcome.err
    assert len(server.messages) == 1


@WAYS
def test_very_many(submit, make_server, extensions):
    names = [f"user{number}" for number in range(MANY)]
    server = make_server(extensions=extensions)
    outcome = submit(server, to=names)
    assert outcome.status == 0, outcome.err
    assert [len(message.to) for message in server.messages] == [1000] * 10
    assert [to for message in server.messages for to in message.to] == [
        f"{name}@example.test" for name in names]


@WAYS
def test_very_many_with_refusals(submit, make_server, extensions):
    def fault(session, line):
        return ("550 5.1.1 " + "x" * 400 if b"7@" in line else None)

    names = [f"user{number}" for number in range(2000)]
    server = make_server(extensions=extensions, faults={"rcpt": fault})
    outcome = submit(server, to=names)
    assert outcome.status == 67
    assert sum(len(message.to) for message in server.messages) == 1800


@WAYS
def test_the_null_sender(submit, make_server, extensions):
    server = make_server(extensions=extensions)
    assert submit(server, "-f", "<>").status == 0
    assert server.messages[0].sender == ""


def at_most(limit, reply="452 4.5.3 Error: too many recipients"):
    """A fault for RCPT: refuses those above the limit, and "bad" ones."""
    def fault(session, line):
        if b"<bad" in line:
            return "550 5.1.1 no such user"
        return reply if len(session.recipients) >= limit else None
    return fault


@WAYS
@pytest.mark.parametrize("reply", [
    "452 4.5.3 Error: too many recipients", "452 too many recipients",
    "552 5.5.3 Too many recipients"])
def test_as_many_at_a_time_as_the_server_accepts(submit, make_server,
                                                 extensions, reply):
    """At once and in one session; it is one try."""
    names = [f"user{number}" for number in range(250)]
    server = make_server(extensions=extensions,
                         faults={"rcpt": at_most(100, reply)})
    outcome = submit(server, "-v", to=names, retries=2)
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 1
    assert len(server.wires) == 1
    assert [len(message.to) for message in server.messages] == [100, 100, 50]
    assert sorted(to for message in server.messages for to in message.to) == (
        sorted(f"{name}@example.test" for name in names))
    assert len(asked(server)[0]) == 250 + 150
    assert len({message.data for message in server.messages}) == 1
    assert "the server accepts 100 recipients at a time" in outcome.err


def test_ten_thousand_in_batches(submit, make_server):
    names = [f"{'bad' if number % 1000 == 7 else 'user'}{number}"
             for number in range(MANY)]
    server = make_server(faults={"rcpt": at_most(1000)})
    outcome = submit(server, "--json", to=names, retries=0)
    assert outcome.status == 67
    assert len(server.messages) == 10
    got = [to for message in server.messages for to in message.to]
    assert sorted(got) == sorted(f"{name}@example.test" for name in names
                                 if name.startswith("user"))
    assert {one["address"]: one["accepted"]
            for one in json.loads(outcome.out)["recipients"]} == {
        f"{name}@example.test": name.startswith("user") for name in names}
    assert "sent to 9990 of 10000 recipients" in outcome.err


def test_a_busy_recipient_does_not_stop_the_batches(submit, make_server):
    limit = at_most(2)

    def fault(session, line):
        return ("450 4.2.1 busy" if b"<busy@" in line
                else limit(session, line))
    server = make_server(faults={"rcpt": fault})
    outcome = submit(server, to=["busy", "bob", "carol", "dave", "erin"],
                     retries=0)
    assert outcome.status == 75
    assert [len(message.to) for message in server.messages] == [2, 2]
    assert "sent to 4 of 5 recipients" in outcome.err


def test_a_batch_that_is_lost_ends_the_batches(submit, make_server):
    """What a batch got is known of each of its recipients."""
    server = make_server(faults={
        "rcpt": at_most(2),
        "mail": [None, "451 4.3.0 later"]})
    outcome = submit(server, "--json", to=["bob", "carol", "dave", "erin"],
                     retries=0)
    assert outcome.status == 75
    assert [message.to for message in server.messages] == [
        ["bob@example.test", "carol@example.test"]]
    assert "sent to 2 of 4 recipients" in outcome.err


@pytest.mark.parametrize("step, reply, status", [
    ("auth", "535 5.7.8 no", 77),
    ("dot", "554 5.7.1 spam", 69), ("mail", "550 5.7.1 no", 69)])
def test_what_fails_for_one_batch_is_not_tried_for_the_next(
        submit, make_server, step, reply, status):
    """A second refused sign-in could lock the account."""
    server = make_server(faults={step: reply})
    outcome = submit(server, to=[f"user{number}" for number in range(1500)],
                     retries=2)
    assert outcome.status == status, outcome.err
    assert outcome.tries == 1
    assert server.messages == []
    assert len(server.wires) == 1
    assert len([line for line in server.commands
                if line.startswith("MAIL")]) <= 1
