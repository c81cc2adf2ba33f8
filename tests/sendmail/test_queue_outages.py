# SPDX-License-Identifier: MIT
"""The process that sends the queue, and a real Postfix that is stopped, slow or
full."""
import os
import socket
import time

import pytest

from callers.account import alice
from callers.mail import HEADER, Mail
from callers.queue import Queue
from patience import wait_for
from peers.postfix import Postfix, new_token


def is_open(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Changing(Postfix):
    """Its configuration can be changed."""

    def stop(self):
        """Its children have the port a little longer."""
        super().stop()
        wait_for(lambda: not is_open(self.port))

    def change(self, *lines):
        path = self.directory / "etc/main.cf"
        self.stop()
        path.write_text(path.read_text() + "".join(
            f"{line}\n" for line in lines))
        past = time.time() - 60
        os.utime(path, (past, past))
        self.start()


@pytest.fixture
def server(run_directory, ca, dovecot, tmp_path):
    peer = Changing(run_directory / f"postfix-{tmp_path.name}"[-30:], ca,
                    dovecot.sasl_socket)
    yield peer
    peer.stop()


@pytest.fixture
def queue(postrider, ca, server):
    class Account(Mail):
        def configure(self):
            postrider.configure(alice(
                ca, server.port, f"file:{postrider.secret_file('secret')}"))

    with Queue(Account(postrider, server)) as queue:
        yield queue


def post(queue, count):
    tokens = [new_token() for number in range(count)]
    for token in tokens:
        queue.add("bob@example.test", input=HEADER.replace(
            b"me@", b"alice@") + b"X: " + token.encode() + b"\n\nbody\n")
    return tokens


def arrived(server, tokens):
    """The order in which they did; each once."""
    for token in tokens:
        server.wait_for("bob", token, seconds=60)
    return [token for text in server.messages("bob") for token in tokens
            if token.encode() in text]


def test_ten_messages_wait_for_a_server_that_is_stopped(queue, server):
    server.stop()
    tokens = post(queue, 10)
    queue.start()
    wait_for(lambda: queue.list()[0]["account_state"])
    state = queue.list()[0]["account_state"]
    assert (state["status"], state["cause"]) == ("waiting",
                                                 "connection-refused")
    runner = queue.await_runner()
    server.start()
    queue.do("release", "work")
    assert sorted(arrived(server, tokens)) == sorted(tokens)
    queue.await_states()
    assert server.log.count(" auth=1 mail=10 ") == 1  # in one session
    wait_for(lambda: not os.path.exists(f"/proc/{runner}")
             or queue.runner() is None)


def test_a_server_that_is_full_gets_all_once_it_has_room(queue, server):
    server.change("queue_minfree = 1000000000000000")
    tokens = post(queue, 3)
    queue.start()
    wait_for(lambda: queue.list()[0]["account_state"])
    message = queue.list()[0]
    assert message["cause"] == "storage-server"
    assert message["reply"].startswith("452 4.3.1")
    server.change("queue_minfree = 0")
    queue.run()
    assert sorted(arrived(server, tokens)) == sorted(tokens)


def test_a_slow_server_gets_each_message_once(queue, server):
    server.change("smtpd_data_restrictions = sleep 1")
    tokens = post(queue, 2)
    queue.start()
    for number in range(5):
        queue.start()
    tokens += post(queue, 2)
    assert sorted(arrived(server, tokens)) == sorted(tokens)
    queue.await_states()
