# SPDX-License-Identifier: MIT
"""How many times a client of -bs waits for the server.

A client wants the reply to RCPT before it sends the message, so the envelope
and the message can't be one flight. Nothing else is added: the session is
opened once, and MAIL, DATA and the client's own commands cost no round trip.
"""
import ssl

import pytest

from callers.session import MESSAGE, without
from callers.smtp_client import Server
from dialogue.submission import EXTENSIONS
from peers.flights import Proxy

TLS13 = ssl.TLSVersion.TLSv1_3
CRLF = MESSAGE.replace(b"\n", b"\r\n")


def one_by_one(server):
    """A client that waits for each reply."""
    server.begin("user1@example.org")
    server.write(CRLF, ".")


def sends_ahead(server):
    """A client with pipelining (RFC 2920)."""
    server.write("MAIL FROM:<alice@example.test>",
                 *(f"RCPT TO:<user{number}@example.org>"
                   for number in range(20)), "DATA")
    while not server.reply().startswith("354"):
        pass
    server.write(CRLF, ".")


@pytest.mark.parametrize("client", [one_by_one, sends_ahead])
@pytest.mark.parametrize("tls, chunks, alone, later", [
    ("starttls", True, 8, 2), ("implicit", True, 6, 2),
    ("implicit", False, 7, 3), ("none", True, 4, 2), ("none", False, 5, 3),
])
def test_round_trips_of_a_dialogue(submit, make_server, ca, tls, chunks, alone,
                                   later, client):
    """alone: of a message by itself (test_flights.py)."""
    def count():
        server = make_server(
            tls=tls, context=tls != "none" and ca.server.context(
                lowest=TLS13, highest=TLS13),
            mechanisms=("PLAIN",) if tls != "none" else (),
            extensions=EXTENSIONS if chunks else without(EXTENSIONS,
                                                         "CHUNKING"))
        user = "alice" if tls != "none" else None
        counts = []
        with Proxy(server) as proxy:
            submit.postrider.env["POSTRIDER_PASSWORD"] = "secret"
            with Server(submit.postrider,
                        *submit.options(proxy, user=user)) as caller:
                caller.greet()
                for _ in range(3):
                    client(caller)
                    assert caller.reply()[:3] == "250"
                    counts.append(proxy.round_trips())
                assert caller.quit() == (0, "")
        assert len(server.messages) == 3
        return counts[0], counts[1] - counts[0], counts[2] - counts[1]

    # A machine that is busy elsewhere can cut a flight in two, never join two.
    expected = (alone + 1, later, later)
    counts = []
    while len(counts) < 5 and expected not in counts:
        counts.append(count())
    assert expected in counts, counts
