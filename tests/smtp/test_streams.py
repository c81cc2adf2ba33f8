# SPDX-License-Identifier: MIT
"""Both sides at once: early answers, slow readers, no deadlock.

Time-outs are long here and the test's patience is short: who waits for the
other for ever, fails.
"""
import pytest

from dialogue import faults
from dialogue.submission import EXTENSIONS
from callers.mail import no_leak_check
from callers.session import MESSAGE, without

LARGE = MESSAGE + b"a line of a large message\n" * 320000
PATIENCE = 30
WAYS = pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
TLS = pytest.mark.parametrize("tls", ["starttls", "implicit"])


def offering(chunks):
    return EXTENSIONS if chunks else without(EXTENSIONS, "CHUNKING")


def say_then(what_then):
    """The reply as soon as the body begins, then that."""
    def of_reply(reply):
        def fault(session, line):
            session.wire.send(reply.encode() + b"\r\n")
            what_then(session, line)
        return fault
    return of_reply


ENDS = [say_then(faults.stall), say_then(faults.close), say_then(faults.reset)]


@WAYS
@TLS
@pytest.mark.parametrize("reply, status", [
    ("552 5.3.4 too large", 65), ("554 5.7.1 no", 69),
    ("421 4.3.2 going down", 75), ("452 4.3.1 full", 75)])
@pytest.mark.parametrize("end", ENDS, ids=["stall", "close", "reset"])
def test_an_early_answer_is_heard(submit, make_server, chunks, tls, reply,
                                  status, end):
    server = make_server(extensions=offering(chunks), tls=tls,
                         faults={"body": end(reply)})
    outcome = submit(server, message=LARGE, timeout="5m", limit=PATIENCE)
    assert outcome.status == status, outcome.err
    assert reply in outcome.err
    assert server.arrived == []
    assert not outcome.says_duplicate


@WAYS
def test_half_a_message_is_never_taken_for_a_whole_one(submit, make_server,
                                                       chunks):
    server = make_server(extensions=offering(chunks),
                         faults={"body": say_then(faults.stall)("250 ok")})
    outcome = submit(server, message=LARGE, timeout="1s", limit=PATIENCE)
    assert outcome.status == 75, outcome.err
    assert server.arrived == []


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_chunk_that_is_refused_ends_the_message(submit, make_server,
                                                  number):
    replies = [None] * (number - 1) + ["552 5.3.4 too large"]
    server = make_server(faults={"bdat": replies})
    outcome = submit(server, message=LARGE, timeout="5m", limit=PATIENCE)
    assert outcome.status == 65, outcome.err
    assert server.arrived == []
    chunks = [line for line in server.commands if line.startswith("BDAT")]
    assert not any("LAST" in line for line in chunks)


@WAYS
@TLS
def test_a_large_message_arrives(submit, make_server, chunks, tls):
    server = make_server(extensions=offering(chunks), tls=tls)
    outcome = submit(server, message=LARGE, limit=PATIENCE)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].data == LARGE.replace(b"\n", b"\r\n")


@WAYS
def test_a_slow_reader_is_no_fault(submit, make_server, chunks):
    def fault(session, line):
        session.wire.sleep(1)

    server = make_server(extensions=offering(chunks), faults={"body": fault})
    outcome = submit(server, message=LARGE, timeout="5s", limit=PATIENCE)
    assert outcome.status == 0, outcome.err


@WAYS
@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_server_that_talks_and_does_not_read_is_left(submit, make_server,
                                                       chunks, step):
    names = [f"user{number}" for number in range(3000)]
    server = make_server(extensions=offering(chunks),
                         faults={step: faults.endless})
    outcome = submit(server, to=names, message=LARGE, timeout="5m",
                     limit=PATIENCE)
    assert outcome.status == 75, outcome.err


@WAYS
def test_replies_that_are_long_and_many_fill_no_buffer(submit, make_server,
                                                       chunks):
    names = [f"user{number}" for number in range(500)]
    reply = "\n".join(["250-" + "x" * 500] * 8 + ["250 ok"])
    server = make_server(extensions=offering(chunks), faults={"rcpt": reply})
    outcome = submit(server, to=names, message=LARGE, timeout="5m",
                     limit=PATIENCE)
    assert outcome.status == 0, outcome.err
    assert len(server.messages[0].to) == 500


def damage(session, line):
    """A record that no key decrypts; the connection stays open."""
    session.wire.send_raw(b"\x17\x03\x03\x00\x20" + bytes(32))
    session.wire.read_to_end()


@WAYS
@TLS
def test_a_damaged_record_is_not_waited_out(submit, make_server, chunks, tls):
    """It comes while the message is sent, when nothing is read."""
    server = make_server(extensions=offering(chunks), tls=tls,
                         faults={"body": damage})
    outcome = submit(server, message=LARGE, timeout="5m", limit=PATIENCE)
    assert outcome.status == 75, outcome.err
    assert server.arrived == []


@WAYS
@TLS
def test_what_could_not_be_sent_is_not_sent_at_the_end(submit, make_server,
                                                       chunks, tls):
    """The library of TLS keeps the bytes, and would send them with its
    farewell."""
    server = make_server(extensions=offering(chunks), tls=tls)
    seen = set()
    for number in range(1, 40):
        server.arrived.clear()
        outcome = submit(server, env=no_leak_check(), wrap=lambda command: [
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=sendmsg",
            "-e", f"inject=sendmsg:error=ENOBUFS:when={number}", *command])
        server.wait_until_idle()
        is_sent = len(server.arrived) == 1
        if "may have accepted it" not in outcome.err:
            assert is_sent == (outcome.status == 0), (number, outcome.err)
        seen.add(outcome.status)
        if outcome.status == 0:
            break
    assert seen >= {0, 75}
