# SPDX-License-Identifier: MIT
"""From a name to a connection: names, addresses, and who wins the race."""
import contextlib
import socket

import pytest

from dialogue.submission import SubmissionServer
from peers.namespace import NameServer, Network, in_network

NAME = "mail.example.test"


@pytest.fixture(scope="module")
def network():
    with Network() as running:
        yield running


@pytest.fixture
def lonely(network, tmp_path):
    """Wraps a command so that it is in the network, with these hosts."""
    def make(*hosts):
        return in_network(network, tmp_path, "".join(
            f"{address} {NAME}\n" for address in hosts))
    return make


@pytest.fixture
def name_server(network):
    with contextlib.ExitStack() as running:
        def make(*how):
            with network.entered():
                return running.enter_context(
                    contextlib.closing(NameServer(*how)))

        yield make


@pytest.fixture
def server_at(network, ca):
    with contextlib.ExitStack() as running:
        def make(address, port=0):
            with network.entered():
                server = SubmissionServer(ca.server, address=address,
                                          port=port)
            return running.enter_context(server)

        yield make


@pytest.fixture
def deaf_at(network):
    """A listener that takes no connection any more: its backlog is full."""
    sockets = []

    def make(address, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with network.entered():
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(0)
            sockets.append(listener)
            for _ in range(3):
                caller = socket.socket(family)
                caller.settimeout(0.2)
                sockets.append(caller)
                try:
                    caller.connect((address, port))
                except socket.timeout:
                    return
        raise AssertionError("the backlog does not fill up")

    yield make
    for one in sockets:
        one.close()


# ---- names -------------------------------------------------------------------

def test_a_name_server_finds_the_host(submit, server_at, name_server, lonely):
    name_server(0, ["127.0.0.1"])
    outcome = submit(server_at("127.0.0.1"), host=NAME, wrap=lonely())
    assert outcome.status == 0, outcome.err


def test_a_host_that_does_not_exist_is_permanent(submit, server_at,
                                                 name_server, lonely):
    questions = name_server(3)
    outcome = submit(server_at("127.0.0.1"), host=NAME, wrap=lonely(),
                     retries=2)
    assert outcome.status == 68, outcome.err
    assert f"{NAME}: there is no such host" in outcome.err
    assert "status=retry" not in outcome.log
    assert questions.questions > 0


@pytest.mark.parametrize("rcode", [2, None], ids=["servfail", "silence"])
def test_a_name_server_that_fails_is_temporary(submit, server_at, name_server,
                                               lonely, rcode):
    name_server(rcode)
    outcome = submit(server_at("127.0.0.1"), host=NAME, wrap=lonely(),
                     retries=1, timeout="300ms")
    assert outcome.status == 75, outcome.err
    assert outcome.log.count("status=retry") == 1
    assert NAME in outcome.err


def test_no_name_server_is_temporary(submit, server_at, lonely):
    outcome = submit(server_at("127.0.0.1"), host=NAME, wrap=lonely())
    assert outcome.status == 75, outcome.err
    assert "name servers do not respond" in outcome.err


# ---- connections -------------------------------------------------------------

def test_nobody_listens_is_temporary(submit, server_at, lonely):
    server = server_at("127.0.0.1")
    outcome = submit(server, host="127.0.0.2", wrap=lonely(), retries=1)
    assert outcome.status == 75, outcome.err
    assert "Connection refused" in outcome.err
    assert outcome.log.count("status=retry") == 1


def test_the_first_address_is_preferred(submit, server_at, lonely):
    first = server_at("::1")
    second = server_at("127.0.0.1", first.port)
    outcome = submit(first, host=NAME, wrap=lonely("::1", "127.0.0.1"))
    assert outcome.status == 0, outcome.err
    assert len(first.messages) == 1
    assert second.received == b""


def test_an_address_that_refuses_is_passed_over(submit, server_at, lonely):
    server = server_at("127.0.0.1")
    outcome = submit(server, "-v", host=NAME,
                     wrap=lonely("::1", "127.0.0.1"))
    assert outcome.status == 0, outcome.err
    assert "connected to 127.0.0.1 port" in outcome.err


def test_a_dead_address_loses_the_race(submit, server_at, deaf_at, lonely):
    server = server_at("127.0.0.1")
    deaf_at("::1", server.port)
    outcome = submit(server, host=NAME, wrap=lonely("::1", "127.0.0.1"))
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 1


def test_addresses_that_are_all_dead_are_temporary(submit, server_at, deaf_at,
                                                   lonely):
    server = server_at("127.0.0.3")
    deaf_at("::1", server.port)
    deaf_at("127.0.0.1", server.port)
    outcome = submit(server, host=NAME, wrap=lonely("::1", "127.0.0.1"),
                     timeout="600ms")
    assert outcome.status == 75, outcome.err
    assert "timed out" in outcome.err.lower()


def test_many_addresses_are_tried(submit, server_at, lonely):
    hosts = [f"127.0.1.{number}" for number in range(1, 13)]
    server = server_at(hosts[-1])
    outcome = submit(server, host=NAME, wrap=lonely(*hosts))
    # The certificate is made out to the name, whatever the address.
    assert outcome.status == 0, outcome.err


@pytest.mark.parametrize("address", ["::1", "0:0:0:0:0:0:0:1"])
def test_an_address_of_ipv6_is_a_host(submit, server_at, lonely, address):
    server = server_at("::1")
    outcome = submit(server, host=address, wrap=lonely())
    assert outcome.status == 0, outcome.err


def test_the_ehlo_name_may_be_an_address(submit, server_at, lonely):
    server = server_at("::1")
    wrap = lonely("::1")
    outcome = submit(server, "-v", host=NAME,
                     wrap=lambda command: ["unshare", "--uts", "sh", "-c",
                                           'hostname plain && exec "$@"',
                                           "sh", *wrap(command)])
    assert outcome.status == 0, outcome.err
    assert "EHLO [IPv6:::1]" in server.commands
