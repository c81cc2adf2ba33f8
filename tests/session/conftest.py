# SPDX-License-Identifier: MIT
"""Servers and callers for the tests of sessions."""
import pytest

from dialogue.submission import SubmissionServer
from session.kit import Submit


@pytest.fixture
def submit(postrider, ca):
    return Submit(postrider, ca)


@pytest.fixture
def make_server(ca):
    """Makes a SubmissionServer that is like no other, and ends it."""
    running = []

    def make(**how):
        how.setdefault("leaf", ca.server)
        running.append(SubmissionServer(**how))
        return running[-1].__enter__()

    yield make
    for one in running:
        one.__exit__(None, None, None)
