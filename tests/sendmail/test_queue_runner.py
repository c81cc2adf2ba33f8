# SPDX-License-Identifier: MIT
"""The process that sends the queue in the background: what it sends and when,
what wakes it, and how it ends."""
import os
import signal
import subprocess

import pytest

from callers.mail import ACCOUNT, Mail
from callers.queue import Queue, wait_for
from dialogue.submission import SubmissionServer
from peers.namespace import Network

GREYLISTED = "450 4.2.0 greylisted, try again in 5 minutes"


@pytest.fixture
def queue(mail):
    with Queue(mail) as queue:
        yield queue


def recipients(server):
    return [message.to[0] for message in server.messages]


def test_it_sends_what_waits_and_ends(mail, queue):
    names = [f"n{number}@example.org" for number in range(5)]
    for name in names:
        queue.add(name)
    queue.start()
    mail.arrived(5)
    assert recipients(mail.server) == names
    queue.await_end()
    assert queue.list() == []


def test_it_sends_what_comes_while_another_message_waits(mail, queue):
    mail.server.fail("rcpt", lambda session, line: (
        GREYLISTED if b"grey" in line else None))
    queue.add("grey@example.org")
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    runner = queue.await_runner()
    queue.add("new@example.org")
    assert mail.arrived().to == ["new@example.org"]
    queue.await_states(["waiting"])
    queue.start()
    assert queue.await_runner() == runner
    queue.do("stop")
    assert queue.runner() is None


def test_a_run_takes_over_and_starts_it_again(mail, queue):
    mail.server.fail("rcpt", GREYLISTED)
    queue.add("a@example.org")
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    before = queue.await_runner()
    queue.run(status=75)
    assert queue.list()[0]["tries"] == 2
    assert queue.await_runner() != before
    mail.server.fail("rcpt")
    queue.run()
    mail.arrived()
    assert queue.runner() is None


@pytest.mark.parametrize("purpose", ["run", "start"])
def test_sigterm_ends_it_after_the_message(mail, queue, purpose):
    queue.add("first@example.org")
    queue.add("second@example.org")

    def end(session, line):
        pid = int((queue.path / "run").read_text().split()[0])
        pipes = len(os.listdir(f"/proc/{pid}/fd"))
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: len(os.listdir(f"/proc/{pid}/fd")) < pipes)

    mail.server.fail("rcpt", end)
    if purpose == "run":
        queue.run(status=-signal.SIGTERM)
    else:
        queue.start()
    queue.await_states(["waiting"])
    wait_for(lambda: (queue.path / "run").read_text() == "")
    assert recipients(mail.server) == ["first@example.org"]
    mail.server.fail("rcpt")
    queue.run()
    assert recipients(mail.server) == ["first@example.org",
                                       "second@example.org"]


def test_when_it_is_killed_no_message_is_sent_twice(mail, queue):
    names = [f"n{number}@example.org" for number in range(5)]
    for name in names:
        queue.add(name)

    def kill(session, line):
        if b"n2@" in line:
            os.kill(queue.runner(), signal.SIGKILL)

    mail.server.fail("rcpt", kill)
    queue.start()
    mail.arrived(3)
    mail.server.fail("rcpt")
    queue.start()
    mail.arrived(5)
    assert recipients(mail.server) == names
    queue.await_end()
    assert queue.list() == []


def test_accounts_do_not_wait_for_each_other(mail, queue):
    with SubmissionServer(tls="none", mechanisms=()) as other:
        mail.postrider.configure(
            ACCOUNT.format(port=mail.server.port, aliases="/none", more="")
            + ACCOUNT.replace("test {", "other {").format(
                port=other.port, aliases="/none", more=""))
        queue.add("a@example.org", options=["-a", "test"])
        queue.add("b@example.org", options=["-a", "other"])
        mail.server.fail("mail", lambda session, line: wait_for(
            lambda: other.messages) and None)
        queue.start()
        mail.arrived()
        assert recipients(other) == ["b@example.org"]


def test_a_queue_that_is_removed_ends_it(mail, queue):
    mail.server.fail("rcpt", GREYLISTED)
    queue.add("a@example.org")
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    runner = queue.await_runner()
    for path in queue.path.iterdir():
        path.unlink()
    queue.path.rmdir()
    wait_for(lambda: not os.path.exists(f"/proc/{runner}"))


# ---- the network ------------------------------------------------------------

@pytest.fixture
def offline(postrider):
    """A machine that is offline until its `link` is called with "up"."""
    with Network() as network:
        with network.entered():
            server = SubmissionServer(tls="none", mechanisms=())
        with server, Queue(Mail(postrider, server)) as queue:
            def link(state):
                subprocess.run(network.wrap(["ip", "link", "set", "lo",
                                             state]), check=True)
            queue.link, queue.wrap, queue.server = link, network.wrap, server
            link("down")
            yield queue


def test_ten_messages_go_in_order_when_the_link_comes_up(offline):
    names = [f"n{number}@example.org" for number in range(10)]
    for name in names:
        offline.add(name)
    offline.start(wrap=offline.wrap)
    wait_for(lambda: offline.list()[0]["tries"])
    os.kill(offline.await_runner(), signal.SIGKILL)
    offline.start(wrap=offline.wrap)
    assert offline.await_runner()
    offline.link("up")
    offline.mail.arrived(10)
    assert recipients(offline.server) == names
    offline.await_end()
    assert offline.list() == []
