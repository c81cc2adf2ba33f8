# SPDX-License-Identifier: MIT
"""The process that sends the queue in the background: what it sends and when,
what wakes it, and how it ends."""
import pytest

from callers.queue import Queue


@pytest.fixture
def queue(mail):
    with Queue(mail) as queue:
        yield queue


def test_stop_without_a_process_does_nothing(queue):
    assert queue.do("stop").out == ""
    queue.add()
    assert queue.do("stop").err == ""
    assert queue.states() == [["waiting"]]


def test_stop_ends_a_run(mail, queue):
    queue.add()
    mail.server.fail("mail", lambda session, line: queue.do("stop") and None)
    queue.do("run", status=-15)
