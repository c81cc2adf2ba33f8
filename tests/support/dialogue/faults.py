# SPDX-License-Identifier: MIT
"""Common faults for a SubmissionServer.

Those without a reply end the session; those made of a reply misbehave while
they give it.
"""


def reset(session, line):
    session.wire.reset()


def close(session, line):
    """An end of file; inside TLS a cut one, without close_notify."""
    session.wire.close()


def accept_then_close(session, line):
    """To the end of a message: it was accepted, and the reply is lost."""
    session.server.messages.append(session.server.arrived[-1])
    session.wire.close()


def hang(session, line):
    session.wire.hang()


def stall(session, line):
    session.wire.stall()


def endless(session, line):
    """A reply of continuation lines that never ends."""
    while True:
        session.wire.send(b"250-more of the same\r\n" * 1000)


def long_line(session, line):
    return b"250 " + b"x" * (1 << 20) + b"\r\n"


def alert(session, line):
    """A fatal TLS alert, handshake_failure, in the clear."""
    session.wire.send_raw(b"\x15\x03\x03\x00\x02\x02\x28")
    session.wire.close()


def reply_then_close(session, data):
    """Those bytes around TLS, then an end of file."""
    session.wire.send_raw(data)
    session.wire.close()


def bad_record(session, line):
    """A TLS record that no key decrypts."""
    session.wire.send_raw(b"\x17\x03\x03\x00\x20" + bytes(32))
    session.wire.close()


def cut_record(reply):
    """Half of the TLS record that would have held the reply."""
    def fault(session, line):
        session.wire.send_cut(reply.encode() + b"\r\n")
    return fault


def drip(reply, seconds=1.0):
    """The reply, a byte at a time."""
    def fault(session, line):
        session.wire.drip = seconds
        session.say(reply)
        session.wire.hang()
    return fault


def half(reply):
    """The reply without its line end, then an end of file."""
    def fault(session, line):
        session.wire.send(reply.encode())
        session.wire.close()
    return fault


def for_recipient(address, reply):
    """The reply for that recipient only."""
    def fault(session, line):
        return reply if f"<{address}>".encode() in line else None
    return fault
