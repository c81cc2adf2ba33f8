# SPDX-License-Identifier: MIT
"""The reply to the message is lost: no copy more than the user permits.

The server counts the messages that arrived whole, whatever it replied.
"""
import json
import re

import pytest

from dialogue import faults
from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, without

RETRIES = 2
ID = "<one@example.test>"
WAYS = pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
SHORT = ("--final-timeout", "300ms")


def late(session, line):
    session.wire.sleep(3)


ENDS = {
    "reset": (faults.reset, ()),
    "close": (faults.close, ()),
    "silence": (faults.hang, SHORT),
    "deaf": (faults.stall, SHORT),
    "deadline": (faults.hang, ("--deadline", "1s")),
    "fragments": (faults.drip("250-" + "x" * 500, 0.05), SHORT),
    "fragments-deadline": (faults.drip("250-" + "x" * 500, 0.05),
                           ("--deadline", "1s")),
    "endless": (faults.endless, ()),
    "long": (faults.long_line, ()),
    "garbage": (b"hello\r\n", ()),
    "nul": (b"250 o\0k\r\n", ()),
    "two-codes": (b"250-one\r\n251 two\r\n", ()),
    "no-answer": ("354 go on", ()),
    "half": (faults.half("250 taken"), ()),
    "alert": (faults.alert, ()),
    "record": (faults.bad_record, ()),
    "cut-record": (faults.cut_record("250 taken"), ()),
}


@pytest.fixture
def lose_reply(submit, make_server):
    """Sends with retries to a server that does this instead of replying to
    the message: (server, outcome)."""
    def run(fault, *arguments, chunks=False, faults=None, **how):
        extensions = EXTENSIONS if chunks else without(EXTENSIONS, "CHUNKING")
        server = make_server(faults={"dot": fault, **(faults or {})},
                             extensions=extensions)
        return server, submit(server, *arguments, retries=RETRIES, **how)
    return run


@WAYS
@pytest.mark.parametrize("end", ENDS)
def test_the_message_is_sent_once(lose_reply, end, chunks):
    fault, options = ENDS[end]
    server, outcome = lose_reply(fault, "--json", *options, chunks=chunks)
    assert outcome.status == 75, outcome.err
    assert len(server.arrived) == 1
    assert outcome.tries == 1
    assert "the server may have accepted it" in outcome.err
    assert f"send it again with the header field Message-ID: {ID}" \
        in outcome.err
    assert "status=ambiguous exit=75" in outcome.log
    assert f"message-id={ID}" in outcome.log
    assert "send it again" in outcome.log
    report = json.loads(outcome.out)
    assert report["status"] == "ambiguous"
    assert report["exit_status"] == 75
    assert report["message_id"] == ID
    assert not report["duplicate_possible"]
    [recipient] = report["recipients"]
    assert recipient["accepted"] is None
    assert recipient["error"]["code"] == "ambiguous"
    assert not recipient["error"]["temporary"]
    assert ID in recipient["error"]["hint"]


@WAYS
@pytest.mark.parametrize("reply", ["451 4.3.0 later", "421 4.3.2 going down"])
def test_a_temporary_refusal_is_still_retried(lose_reply, reply, chunks):
    server, outcome = lose_reply([reply], chunks=chunks)
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 2
    assert len(server.messages) == 1
    assert not outcome.says_duplicate and not outcome.logs_duplicate


@WAYS
def test_the_reply_to_the_message_has_a_limit_of_its_own(lose_reply, chunks):
    server, outcome = lose_reply(late, chunks=chunks, timeout="300ms")
    assert outcome.status == 0, outcome.err
    assert len(server.arrived) == 1


@pytest.mark.parametrize("headless", [
    MESSAGE.replace(b"Message-ID: <one@example.test>\n", b""),
    b"\nonly a body\n"], ids=["header", "no-header"])
def test_a_message_id_that_was_added_is_named(lose_reply, headless):
    server, outcome = lose_reply(faults.close, message=headless)
    assert outcome.status == 75, outcome.err
    [message] = server.arrived
    [sent] = re.findall(rb"(?m)^Message-ID: (<.*>)\r$", message.data)
    assert f"Message-ID: {sent.decode()}\n" in outcome.err
    assert f"message-id={sent.decode()}" in outcome.log


def test_only_recipients_that_were_refused_are_tried_again(lose_reply):
    refused = iter(["450 4.2.1 busy"])

    def rcpt(session, line):
        return next(refused, None) if b"<carol@" in line else None

    server, outcome = lose_reply([faults.close], "--json",
                                 faults={"rcpt": rcpt}, to=("bob", "carol"))
    assert [message.to for message in server.arrived] == [
        ["bob@example.test"], ["carol@example.test"]]
    assert outcome.status == 75, outcome.err
    assert "bob@example.test: " in outcome.err
    assert "carol@example.test" not in outcome.err
    report = json.loads(outcome.out)
    assert report["status"] == "ambiguous"
    assert {recipient["address"]: recipient["accepted"]
            for recipient in report["recipients"]} == {
                "bob@example.test": None, "carol@example.test": True}
    final = outcome.log.splitlines()[-1]
    assert "recipients=carol@example.test " in final
    assert "ambiguous=bob@example.test " in final


@WAYS
def test_it_is_sent_again_on_request(lose_reply, chunks):
    server, outcome = lose_reply([faults.close], "--retry-ambiguous",
                                 "--json", chunks=chunks)
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 2
    assert len(server.arrived) == 2
    assert {b"Message-ID: <one@example.test>" in message.data
            for message in server.arrived} == {True}
    assert outcome.says_duplicate and outcome.logs_duplicate
    assert json.loads(outcome.out)["duplicate_possible"]


def test_an_earlier_copy_is_not_forgotten(lose_reply):
    server, outcome = lose_reply([faults.close, "554 5.7.1 no"],
                                 "--retry-ambiguous")
    assert outcome.status == 69
    assert len(server.arrived) == 2
    assert outcome.says_duplicate and outcome.logs_duplicate
