# SPDX-License-Identifier: MIT
"""Every fault at every step of a session: what is done about it.

T  temporary: tried again, 75 when the tries are used up
F  permanent: reported at once, the status says why
S  security stop: one try, 76, nothing secret on the wire
A  ambiguous: not sent again, 75, and told (test_ambiguous.py has more)
D  done: the message was accepted, whatever came then
"""
import pytest

from dialogue import faults
from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, SECRET, without

TRIES = 2
SHORT = "300ms"
BEFORE_TLS = ("greeting", "ehlo", "starttls", "handshake")
INSIDE = ("ehlo-tls", "auth-round", "auth", "mail", "rcpt", "data", "body")
# More than the buffers between the two hold: its end is not sent unread.
LARGE = MESSAGE + b"a line of a large message\n" * 320000
CLOSED = (faults.reset, faults.close)
CAPABILITIES = "\n".join(f"250-{word}" for word in
                         ("mail.example.test", *EXTENSIONS)) + "\n"

# The reply that the step would have had, where a fault needs one.
GOOD = {"greeting": "220 ready", "ehlo": CAPABILITIES + "250 STARTTLS",
        "starttls": "220 go", "ehlo-tls": CAPABILITIES + "250 AUTH PLAIN",
        "auth-round": "334 ", "auth": "235 welcome", "mail": "250 ok",
        "rcpt": "250 ok", "data": "354 go", "dot": "250 taken",
        "bdat": "250 ok", "quit": "221 bye"}


def name_of(value):
    if callable(value):
        return value.__name__
    if isinstance(value, bytes):
        return value[:12].decode("ascii", "backslashreplace")
    return str(value)[:20]


def run(submit, make_server, step, fault, timeout="20s", chunks=False,
        friendly_after=None, extensions=None, limit=60, **how):
    """Two tries against a server with that fault. Steps of DATA need a server
    without CHUNKING; a challenge is only sent where PLAIN has none."""
    offered = extensions or (EXTENSIONS if chunks
                             else without(EXTENSIONS, "CHUNKING"))
    mechanism = "LOGIN" if step == "auth-round" else "PLAIN"
    wanted = [fault] * friendly_after if friendly_after else fault
    server = make_server(faults={step: wanted}, extensions=offered,
                         mechanisms=(mechanism,), **how)
    message = LARGE if step == "body" else MESSAGE
    outcome = submit(server, retries=TRIES - 1, timeout=timeout,
                     final_timeout=timeout,
                     message=message, limit=limit)
    return server, outcome


def is_temporary(outcome, status=75):
    assert outcome.status == status, outcome.err
    assert outcome.tries == TRIES
    assert outcome.err.startswith("postrider: ")
    assert outcome.log.count("status=retry") == TRIES - 1
    assert not outcome.says_duplicate and not outcome.logs_duplicate


def is_permanent(outcome, status):
    assert outcome.status == status, outcome.err
    assert outcome.tries == 1
    assert "status=failed" in outcome.log


def is_security_stop(server, outcome):
    assert outcome.status == 76, outcome.err
    assert outcome.tries == 1
    assert b"AUTH" not in server.received
    assert b"MAIL" not in server.received
    assert SECRET.encode() not in server.received


def is_ambiguous(server, outcome):
    assert outcome.status == 75, outcome.err
    assert outcome.tries == 1
    assert len(server.arrived) == 1
    assert "the server may have accepted it" in outcome.err
    assert "Message-ID: <one@example.test>" in outcome.err
    assert "status=ambiguous" in outcome.log
    assert not outcome.says_duplicate and not outcome.logs_duplicate


def is_done(server, outcome):
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 1
    assert outcome.err == ""
    assert len(server.arrived) == 1


# ---- the connection ends -----------------------------------------------------

@pytest.mark.parametrize("step", BEFORE_TLS + INSIDE)
@pytest.mark.parametrize("fault", CLOSED, ids=name_of)
def test_a_lost_connection_is_temporary(submit, make_server, step, fault):
    server, outcome = run(submit, make_server, step, fault)
    is_temporary(outcome)
    assert server.arrived == []


@pytest.mark.parametrize("fault", CLOSED, ids=name_of)
@pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
def test_a_lost_answer_is_ambiguous(submit, make_server, fault, chunks):
    is_ambiguous(*run(submit, make_server, "dot", fault, chunks=chunks))


@pytest.mark.parametrize("fault", CLOSED + (faults.hang, faults.stall,
                                            faults.endless, "421 bye",
                                            "500 no", b"\0\0\r\n"),
                         ids=name_of)
def test_an_accepted_message_stays_accepted(submit, make_server, fault):
    # Nobody waits for the answer to QUIT: patience ends before the time-out.
    is_done(*run(submit, make_server, "quit", fault, timeout="5m", limit=20))


# ---- silence -----------------------------------------------------------------

@pytest.mark.parametrize("step", BEFORE_TLS + INSIDE)
@pytest.mark.parametrize("fault", [faults.hang, faults.stall], ids=name_of)
def test_silence_is_temporary(submit, make_server, step, fault):
    if (step, fault) == ("body", faults.hang):
        fault = faults.stall  # who reads on has the whole message in the end
    server, outcome = run(submit, make_server, step, fault, timeout=SHORT)
    is_temporary(outcome)
    assert "took too long" in outcome.err
    assert server.arrived == []


@pytest.mark.parametrize("fault", [faults.hang, faults.stall], ids=name_of)
def test_silence_after_the_dot_is_ambiguous(submit, make_server, fault):
    is_ambiguous(*run(submit, make_server, "dot", fault, timeout=SHORT))


@pytest.mark.parametrize("step", ["greeting", "ehlo", "starttls", "ehlo-tls",
                                  "auth", "mail", "data"])
def test_a_drip_has_one_deadline(submit, make_server, step):
    # Each byte comes in time, the whole reply does not.
    server, outcome = run(submit, make_server, step,
                          faults.drip("220 " + "x" * 400, 0.05),
                          timeout=SHORT)
    is_temporary(outcome)


# ---- replies that say no -----------------------------------------------------

@pytest.mark.parametrize("step", ("greeting", "ehlo", "starttls", *INSIDE,
                                  "dot"))
def test_421_is_temporary(submit, make_server, step):
    server, outcome = run(submit, make_server, step,
                          "421 4.3.2 going down")
    is_temporary(outcome)
    assert "421 4.3.2 going down" in outcome.err
    assert server.messages == []


@pytest.mark.parametrize("step", ("greeting", "ehlo", *INSIDE, "dot"))
@pytest.mark.parametrize("reply", ["451 4.3.0 later", "450", "454 4.7.0 busy",
                                   "432 4.3.2 busy"])
def test_4xx_is_temporary(submit, make_server, step, reply):
    server, outcome = run(submit, make_server, step, reply)
    is_temporary(outcome)
    assert reply in outcome.err
    assert server.messages == []


@pytest.mark.parametrize("step, status", [
    ("greeting", 69), ("ehlo", 69), ("ehlo-tls", 69), ("auth-round", 77),
    ("auth", 77), ("mail", 69), ("rcpt", 69), ("data", 69), ("body", 69),
    ("dot", 69)])
def test_5xx_is_permanent(submit, make_server, step, status):
    server, outcome = run(submit, make_server, step, "554 5.7.1 refused")
    is_permanent(outcome, status)
    assert "554 5.7.1 refused" in outcome.err
    assert server.messages == []


@pytest.mark.parametrize("reply, status", [
    ("550 5.1.1 no such user", 67), ("550 no such user", 67),
    ("551 not local", 67), ("553 bad mailbox", 67),
    ("550 5.1.2 no such domain", 68), ("553 5.1.3 bad syntax", 65),
    ("550 5.1.10 null mx", 68), ("550 5.7.1 policy", 69),
    ("550 the mailbox is full", 69), ("553 check your mail first", 69),
    ("554 no", 69), ("501 what", 65)])
def test_the_reason_of_a_refused_recipient_is_the_status(
        submit, make_server, reply, status):
    server, outcome = run(submit, make_server, "rcpt", reply)
    is_permanent(outcome, status)


def test_too_many_recipients_is_temporary(submit, make_server):
    """RFC 5321 section 4.5.3.1.10: those that are left are sent later."""
    server, outcome = run(submit, make_server, "rcpt", "552 too many")
    is_temporary(outcome)
    assert "hint: send to fewer recipients at a time" in outcome.err


def test_a_password_that_must_be_changed_is_not_tried_again(submit,
                                                            make_server):
    server, outcome = run(submit, make_server, "auth", "432 4.7.12 transition")
    is_permanent(outcome, 77)


@pytest.mark.parametrize("step", ["mail", "dot"])
@pytest.mark.parametrize("reply", ["552 5.3.4 too big", "554 5.6.0 bad"])
def test_a_message_at_fault_is_a_data_error(submit, make_server, step, reply):
    server, outcome = run(submit, make_server, step, reply)
    is_permanent(outcome, 65)


@pytest.mark.parametrize("reply", ["454 4.7.0 no TLS now", "502 5.5.1 what",
                                   "354 go on", "235 welcome", "250 ok"])
def test_starttls_that_is_refused_is_a_security_stop(
        submit, make_server, reply):
    is_security_stop(*run(submit, make_server, "starttls", reply))


# ---- what is no reply --------------------------------------------------------

GARBAGE = [b"\r\n", b"hello\r\n", b"\0\0\0\0\r\n", b"250 o\0k\r\n",
           b"199 low\r\n", b"699 high\r\n", b"25 short\r\n", b"250x\r\n",
           b"250-one\r\n251 two\r\n", b"\xff\xfe250 ok\r\n",
           b"250_ok\r\n", b" 250 ok\r\n"]


@pytest.mark.parametrize("step", ("greeting", "ehlo", "starttls") + INSIDE)
@pytest.mark.parametrize("reply", GARBAGE, ids=name_of)
def test_garbage_is_tried_again(submit, make_server, step, reply):
    server, outcome = run(submit, make_server, step, reply)
    is_temporary(outcome, 76)
    assert "not an SMTP reply" in outcome.err
    assert server.messages == []


@pytest.mark.parametrize("reply", GARBAGE, ids=name_of)
def test_garbage_after_the_dot_is_ambiguous(submit, make_server, reply):
    is_ambiguous(*run(submit, make_server, "dot", reply))


# ---- length ------------------------------------------------------------------

def stretch(reply, length):
    """The reply with a last line of that many bytes."""
    head, line_end, last = reply.rpartition("\n")
    return head + line_end + last + " " + "x" * (length - len(last) - 1)


@pytest.mark.parametrize("step", sorted(set(GOOD) - {"auth-round", "bdat"}))
@pytest.mark.parametrize("length", [511, 513, 4096])
def test_a_long_line_is_read(submit, make_server, step, length):
    server, outcome = run(submit, make_server, step,
                          stretch(GOOD[step], length))
    is_done(server, outcome)


@pytest.mark.parametrize("step", ("greeting", "ehlo", "starttls") + INSIDE)
@pytest.mark.parametrize("fault", [faults.long_line, faults.endless],
                         ids=name_of)
def test_too_much_is_temporary(submit, make_server, step, fault):
    server, outcome = run(submit, make_server, step, fault)
    is_temporary(outcome)
    assert "more than" in outcome.err


@pytest.mark.parametrize("fault", [faults.long_line, faults.endless],
                         ids=name_of)
def test_too_much_after_the_dot_is_ambiguous(submit, make_server, fault):
    is_ambiguous(*run(submit, make_server, "dot", fault))


@pytest.mark.parametrize("step", ("greeting", "ehlo-tls", "mail", "dot"))
@pytest.mark.parametrize("fault", [faults.long_line, faults.endless],
                         ids=name_of)
def test_memory_is_bounded(submit, make_server, step, fault):
    friendly = make_server()
    server = make_server(faults={step: fault})
    limits = ["prlimit", "--as=200000000"]

    def wrap(command):
        return limits + command

    # So much a submission needs at all; a reply without end needs no more.
    if "asan" not in str(submit.postrider.program):
        assert submit(friendly, wrap=wrap).status == 0
        assert submit(server, wrap=wrap).status == 75


# ---- pieces ------------------------------------------------------------------

@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("chunks", [False, True], ids=["data", "bdat"])
def test_replies_may_come_a_byte_at_a_time(submit, make_server, tls, chunks):
    extensions = EXTENSIONS if chunks else without(EXTENSIONS, "CHUNKING")
    server = make_server(split=True, tls=tls, extensions=extensions)
    is_done(server, submit(server))


# ---- TLS in between ----------------------------------------------------------

@pytest.mark.parametrize("fault", [
    faults.alert,
    lambda session, line: faults.reply_then_close(
        session, b"\x16\x03\x03\x00\x40\x02\x00\x00\x3c\x03\x03")],
    ids=["alert", "cut"])
def test_a_broken_handshake_is_a_security_stop(submit, make_server, fault):
    is_security_stop(*run(submit, make_server, "handshake", fault))


@pytest.mark.parametrize("step", INSIDE)
@pytest.mark.parametrize("kind", ["alert", "bad-record", "cut"])
def test_a_broken_record_is_temporary(submit, make_server, step, kind):
    reply = GOOD.get(step, "250 ok").split("\n")[-1]
    fault = {"alert": faults.alert, "bad-record": faults.bad_record,
             "cut": faults.cut_record(reply)}[kind]
    server, outcome = run(submit, make_server, step, fault)
    is_temporary(outcome)


@pytest.mark.parametrize("fault", [faults.alert, faults.bad_record,
                                   faults.cut_record("250 taken"),
                                   faults.half("250 taken")],
                         ids=["alert", "bad-record", "cut", "half"])
def test_a_broken_record_after_the_dot_is_ambiguous(
        submit, make_server, fault):
    is_ambiguous(*run(submit, make_server, "dot", fault))


@pytest.mark.parametrize("end", [faults.reset, faults.close,
                                 faults.bad_record, faults.alert],
                         ids=name_of)
def test_a_whole_answer_counts_however_the_connection_ends(
        submit, make_server, end):
    def fault(session, line):
        session.wire.send(b"250 taken\r\n")
        end(session, line)

    is_done(*run(submit, make_server, "dot", fault))


# ---- more than the reply -----------------------------------------------------

@pytest.mark.parametrize("step", ["starttls"])
@pytest.mark.parametrize("more", ["\r\n250 injected\r\n", "\r\n250 half",
                                  "\r\n235 welcome\r\n", "\r\n\0", "\r\n\n"])
def test_bytes_behind_starttls_are_a_security_stop(
        submit, make_server, step, more):
    server, outcome = run(submit, make_server, step,
                          ("220 go" + more).encode())
    is_security_stop(server, outcome)
    assert "tampering" in outcome.err


@pytest.mark.parametrize("step", ["greeting", "ehlo", "ehlo-tls", "auth",
                                  "auth-round", "mail", "rcpt", "data"])
@pytest.mark.parametrize("pipelining", [False, True],
                         ids=["lockstep", "pipelined"])
def test_a_reply_too_many_is_temporary(submit, make_server, step, pipelining):
    extensions = without(EXTENSIONS, "CHUNKING",
                         *(() if pipelining else ("PIPELINING",)))
    reply = GOOD[step].replace("\n", "\r\n") + "\r\n250 more\r\n"
    server, outcome = run(submit, make_server, step, reply.encode(),
                          extensions=extensions)
    is_temporary(outcome)
    assert server.messages == []


def test_bytes_behind_the_last_answer_change_nothing(submit, make_server):
    is_done(*run(submit, make_server, "dot", b"250 taken\r\n554 more\r\n"))


# ---- once is enough ----------------------------------------------------------

@pytest.mark.parametrize("step", BEFORE_TLS + INSIDE)
def test_the_second_try_may_succeed(submit, make_server, step):
    server, outcome = run(submit, make_server, step, faults.close,
                          friendly_after=1)
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 2
    assert len(server.messages) == 1
