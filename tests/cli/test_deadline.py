# SPDX-License-Identifier: MIT
"""The setting deadline ends a run in every state, however long timeout is.

A run that doesn't end is ended by the harness, and fails the test.
"""
import pytest

from dialogue import faults
from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, Submit, without

STEPS = ("greeting", "ehlo", "starttls", "handshake", "ehlo-tls", "auth",
         "mail", "rcpt", "data", "dot")
LARGE = MESSAGE + b"a line of a large message\n" * 320000


@pytest.fixture
def limited(postrider, ca):
    def run(server, **how):
        return Submit(postrider, ca)(server, "--deadline", "2s", timeout="10m",
                                     limit=30, **how)
    return run


@pytest.mark.parametrize("step", STEPS)
def test_a_silent_server_is_left_at_the_deadline(limited, make_server, step):
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={step: faults.hang})
    outcome = limited(server)
    assert outcome.status == 75
    assert "took too long" in outcome.err


@pytest.mark.parametrize("step", ["greeting", "ehlo", "auth", "dot"])
def test_a_reply_in_fragments_is_left_at_the_deadline(limited, make_server,
                                                      step):
    reply = faults.drip("250-" + "x" * 500 + "\n250 ok", 0.2)
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={step: reply})
    outcome = limited(server)
    assert outcome.status == 75
    assert "took too long" in outcome.err


def test_content_is_not_sent_past_the_deadline(limited, make_server):
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={"data": faults.stall})
    outcome = limited(server, message=LARGE)
    assert outcome.status == 75
    assert server.messages == []
