# SPDX-License-Identifier: MIT
"""What arrives of a message: by DATA and by BDAT the same, byte for byte."""
import itertools
import random
import re

import pytest

from dialogue.submission import EXTENSIONS, SubmissionServer
from callers.session import MESSAGE, without

HEAD = (b"From: alice@example.test\r\nTo: bob@example.test\r\n"
        b"Message-ID: <one@example.test>\r\n"
        b"Date: Fri, 20 Nov 2026 20:00:00 +0000\r\n\r\n")
PIECE = 65536
STRAY = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def canonical(text):
    """Each CR, LF or CRLF one line end, and one at the end."""
    text = re.sub(rb"\r\n|\r|\n", b"\r\n", text)
    return text if not text or text.endswith(b"\r\n") else text + b"\r\n"


@pytest.fixture(scope="module")
def both(ca):
    """The same friendly server twice: with and without CHUNKING."""
    with SubmissionServer(ca.server) as by_bdat, SubmissionServer(
            ca.server, extensions=without(EXTENSIONS, "CHUNKING")) as by_data:
        yield by_bdat, by_data


def send(submit, both, message):
    """The message as it came by BDAT and by DATA."""
    for server, chunked in zip(both, (True, False)):
        outcome = submit(server, "-i", message=message)
        assert outcome.status == 0, outcome.err
        arrived = server.messages[-1]
        assert arrived.chunked is chunked
        yield arrived


def check(submit, both, body):
    by_bdat, by_data = send(submit, both, HEAD + body)
    assert by_bdat.data == HEAD + canonical(body)
    assert by_data.data == by_bdat.data
    for message in (by_bdat, by_data):
        assert not STRAY.search(message.wire)
    # The lone dot is at the end and nowhere else.
    assert by_data.wire.find(b"\r\n.\r\n") == len(by_data.wire) - 5
    size = f"SIZE={len(by_bdat.data)}"
    assert size in by_bdat.sender_parameters
    assert size in by_data.sender_parameters


MIXES = [b"".join(mix) for length in (1, 2, 3)
         for mix in itertools.product((b"\r", b"\n", b".", b"x"),
                                      repeat=length)]


def test_every_mix_of_line_ends_and_dots(submit, both):
    # All in one message, each between lines that show where it begins.
    body = b"".join(b"[%d]\n" % number + mix + b"\n"
                    for number, mix in enumerate(MIXES))
    check(submit, both, body)


@pytest.mark.parametrize("end", [b"", b"x", b"\r", b"\n", b"\r\n", b".",
                                 b"\n.", b"\r.", b"\n.\r", b"\r\n.\r\n",
                                 b"\n.\n", b"\r.\r", b"\n\n.\n\n", b"\r\n\r",
                                 b".\r\n.", b"\n.\r\n.\r\n", b"\n..\n"])
def test_every_end(submit, both, end):
    check(submit, both, b"body" + end)


@pytest.mark.parametrize("smuggled", [
    b"\n.\n", b"\r.\r", b"\n.\r", b"\r.\n", b"\r\n.\n", b"\n.\r\n",
    b"\r\n.\r", b"\r.\r\n", b"\r\n.\r\n", b"\r\n\0.\r\n", b"\n\0.\n"])
def test_nothing_is_smuggled(submit, both, smuggled):
    inner = b"MAIL FROM:<eve@example.test>\r\nRCPT TO:<x@example.test>\r\n"
    check(submit, both, b"one" + smuggled + inner + b"DATA\r\ntwo\r\n")
    for server in both:
        assert server.messages[-1].to == ["bob@example.test"]


@pytest.mark.parametrize("across", [b"\r\n", b"\n", b"\r", b"\r\n.\r\n",
                                    b"\n.\n", b"\r.\r", b"\r\n.", b"x.",
                                    b"\r\n..\r\n", b"\n\n", b"\r\r"])
@pytest.mark.parametrize("boundary", [PIECE, 2 * PIECE])
def test_line_ends_across_a_boundary(submit, both, across, boundary):
    # The same bytes, a place further each time; where in the message a piece
    # ends depends on the header.
    for shift in range(-len(across) - 1, 2):
        fill = boundary - len(HEAD) + shift
        body = (b"y" * 76 + b"\r\n") * (fill // 78) + b"z" * (fill % 78)
        check(submit, both, body + across + b"end\r\n")


@pytest.mark.parametrize("boundary", [PIECE, 2 * PIECE])
@pytest.mark.parametrize("shift", [-2, -1, 0, 1, 2])
def test_a_message_as_long_as_a_piece(submit, both, boundary, shift):
    size = boundary - len(HEAD) + shift
    check(submit, both, (b"w" * 70 + b"\r\n") * (size // 72)
          + b"v" * (size % 72 - 2) + b"\r\n" if size % 72 >= 2
          else b"w" * (size - 2) + b"\r\n")


@pytest.mark.parametrize("body", [
    b"", b"\n", b"\r", b".", b".\n", b"nul \0 nul\n", b"\xff\xfe 8-bit\n",
    b"x" * 5000, b"\n" * 70000, b"\r" * 70000, b".\n" * 70000,
    b"." * 200000, bytes(range(256)) * 300],
    ids=lambda body: f"{body[:4]!r}*{len(body)}")
def test_odd_bodies(submit, both, body):
    check(submit, both, body)


@pytest.mark.parametrize("seed", range(6))
def test_noise_of_what_matters(submit, both, seed):
    noise = random.Random(seed)
    body = bytes(noise.choices(b"\r\n..x\0", k=150000))
    check(submit, both, body)


def test_a_header_alone(submit, both):
    by_bdat, by_data = send(submit, both, HEAD[:-2])
    assert by_bdat.data == by_data.data
    assert by_bdat.data.startswith(HEAD[:-2])


def test_chunking_may_be_switched_off(submit, make_server):
    server = make_server()
    assert submit(server, "--chunking=no").status == 0
    assert not server.messages[0].chunked
    assert submit(server).status == 0
    assert server.messages[1].chunked
    assert server.messages[0].data == server.messages[1].data


def test_the_message_is_what_was_given(submit, make_server):
    server = make_server()
    assert submit(server).status == 0
    assert server.messages[0].data == MESSAGE.replace(b"\n", b"\r\n")
