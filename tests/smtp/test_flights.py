# SPDX-License-Identifier: MIT
"""How many times the client waits for the server: as few as can be.

From SYN to the acceptance, for a server with PIPELINING and CHUNKING.
"""
import ssl

import pytest

from dialogue.submission import EXTENSIONS
from dialogue import scram
from peers.flights import Proxy
from callers.session import without

TLS13, TLS12 = ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("tls, version, chunks, mechanism, expected", [
    ("starttls", TLS13, True, "PLAIN", 8),
    ("implicit", TLS13, True, "PLAIN", 6),
    ("starttls", TLS13, False, "PLAIN", 9),
    ("implicit", TLS13, False, "PLAIN", 7),
    ("implicit", TLS13, True, "XOAUTH2", 6),
    ("implicit", TLS13, True, "OAUTHBEARER", 6),
    ("implicit", TLS13, True, "LOGIN", 8),
    ("implicit", TLS13, True, "SCRAM-SHA-256", 8),
    ("starttls", TLS12, True, "PLAIN", 9),
    # Here the greeting comes with the end of the handshake.
    ("implicit", TLS12, True, "PLAIN", 6),
    ("none", None, True, None, 4),
    ("none", None, False, None, 5),
])
def test_round_trips(submit, make_server, ca, tls, version, chunks, mechanism,
                     expected):
    def count():
        context = version and ca.server.context(lowest=version,
                                                highest=version)
        server = make_server(
            tls=tls, context=context, token="secret",
            mechanisms=(mechanism,) if mechanism else (),
            extensions=EXTENSIONS if chunks else without(EXTENSIONS,
                                                         "CHUNKING"))
        server.authenticate["SCRAM-SHA-256"] = scram.server()
        with Proxy(server) as proxy:
            outcome = submit(
                proxy, *(["--auth", mechanism] if mechanism else []),
                user="alice" if mechanism else None,
                to=[f"user{number}" for number in range(20)])
        assert outcome.status == 0, outcome.err
        assert len(server.messages[0].to) == 20
        return proxy.round_trips()

    # A machine that is busy elsewhere can cut a flight in two, never join two.
    counts = []
    while len(counts) < 5 and expected not in counts:
        counts.append(count())
    assert min(counts) == expected, counts


def test_the_last_flight_is_the_goodbye(submit, make_server):
    server = make_server(tls="none", mechanisms=())
    with Proxy(server) as proxy:
        assert submit(proxy, user=None).status == 0
    last = [data for who, data in proxy.flights if who == "client"][-1]
    assert last == b"QUIT\r\n"


def test_an_envelope_and_a_small_message_are_one_flight(submit, make_server):
    server = make_server(tls="none", mechanisms=())
    with Proxy(server) as proxy:
        assert submit(proxy, user=None).status == 0
    (flight,) = [data for who, data in proxy.flights if b"MAIL" in data]
    assert flight.startswith(b"MAIL FROM:<alice@example.test>")
    assert b"\r\nRCPT TO:<bob@example.test>" in flight
    assert b" LAST\r\n" in flight and flight.endswith(b"body\r\n")
