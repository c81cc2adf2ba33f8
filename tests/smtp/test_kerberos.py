# SPDX-License-Identifier: MIT
"""A ticket of Kerberos signs its user in; whatever is wrong with it is told,
with a way out, and nothing is sent.
"""
import socket

import pytest

from dialogue.server import Listener
from peers.daemon import free_port
from peers.names import Names

SERVERS = pytest.mark.parametrize("server", ["dovecot_all", "postfix_all",
                                             "exim"])
MECHANISMS = pytest.mark.parametrize("mechanism", ["GSSAPI", "GS2-KRB5"])
NOBODY = {"user": None, "password": None}


@pytest.fixture
def peer(request):
    return request.getfixturevalue


@pytest.fixture
def simple_server(make_plus_server, kerberos):
    """It offers Kerberos, and else nothing but PLAIN."""
    return make_plus_server(mechanisms=("PLAIN",), kerberos=kerberos)


def is_refused(attempt):
    assert attempt.status == 77, attempt.err
    assert "> MAIL" not in attempt.err
    assert "hint: " in attempt.err


def errors(attempt):
    """The messages for the user, without the dialogue."""
    return "\n".join(line for line in attempt.err.splitlines()
                     if line.startswith(("postrider: ", "hint: ")))


# ---- who needs no password ---------------------------------------------------

@SERVERS
@pytest.mark.parametrize("auth", ["gssapi", "gssapi,plain", "auto", "secure"])
def test_a_ticket_is_enough(sign_in, peer, arrivals, kerberos, server, auth):
    attempt = sign_in(peer(server), auth, ticket=kerberos.ticket(), **NOBODY)
    assert attempt.status == 0, attempt.err
    assert attempt.mechanisms == ["GSSAPI"]
    arrivals(peer(server)).wait_for("bob", attempt.token)


def test_the_ticket_says_who_it_is(sign_in, dovecot_all, kerberos):
    before = len(dovecot_all.sign_ins())
    assert sign_in(dovecot_all, "gssapi", ticket=kerberos.ticket(),
                   **NOBODY).status == 0
    assert dovecot_all.sign_ins()[before:] == [
        ("alice@example.test", "GSSAPI")]


def test_another_name_for_the_service(sign_in, dovecot_all, kerberos):
    attempt = sign_in(dovecot_all, "gssapi", "--target-name",
                      "smtp@mail.example.test", ticket=kerberos.ticket(),
                      **NOBODY)
    assert attempt.status == 0, attempt.err
    assert "smtp/mail.example.test@EXAMPLE.TEST" in kerberos.log


def test_the_service_is_that_of_the_host(sign_in, dovecot_all, kerberos, ca,
                                         tmp_path):
    names = Names(tmp_path, {"mail.example.test": "127.0.0.1"})
    ticket = kerberos.ticket()
    attempt = sign_in(dovecot_all, "gssapi", host="mail.example.test",
                      ticket=ticket, wrap=names.wrap, **NOBODY)
    assert attempt.status == 0, attempt.err
    assert "smtp/mail.example.test@EXAMPLE.TEST" in kerberos.services(ticket)


# ---- tickets that don't help -------------------------------------------------

def tickets(kerberos):
    return {"none": kerberos.no_ticket(), "expired": kerberos.expired_ticket(),
            "foreign": kerberos.foreign_ticket(),
            "unreachable": kerberos.unreachable(kerberos.ticket()),
            "skewed": kerberos.skewed_ticket("smtp/localhost")}


@pytest.fixture(scope="module")
def useless(kerberos):
    return tickets(kerberos)


@MECHANISMS
@pytest.mark.parametrize("kind", ["none", "expired", "foreign", "unreachable",
                                  "skewed"])
def test_a_ticket_that_is_no_use_is_told(sign_in, simple_server, useless,
                                         mechanism, kind):
    attempt = sign_in(simple_server, mechanism, ticket=useless[kind], **NOBODY)
    is_refused(attempt)
    assert simple_server.messages == b""


def test_each_trouble_has_words_of_its_own(sign_in, simple_server, useless):
    messages = {kind: errors(sign_in(simple_server, "gssapi", ticket=ticket,
                                     **NOBODY))
                for kind, ticket in useless.items()}
    assert len(set(messages.values())) == len(messages), messages


def test_a_kdc_that_is_not_there_is_named(sign_in, simple_server, kerberos):
    port = free_port()
    attempt = sign_in(simple_server, "gssapi", ticket=kerberos.unreachable(
        kerberos.ticket(), port), **NOBODY)
    assert f"krb5.conf names the KDC 127.0.0.1:{port}\n" in attempt.err


def test_an_unknown_service_is_told(sign_in, simple_server, kerberos):
    attempt = sign_in(simple_server, "gssapi", "--target-name",
                      "smtp@nowhere.example.test", ticket=kerberos.ticket(),
                      **NOBODY)
    is_refused(attempt)
    assert "nowhere.example.test" in errors(attempt)


@pytest.mark.parametrize("kind", ["none", "expired"])
@pytest.mark.parametrize("auth", ["auto", "gssapi,plain"])
def test_the_next_is_taken_without_a_ticket(sign_in, simple_server, useless,
                                            kind, auth):
    attempt = sign_in(simple_server, auth, ticket=useless[kind])
    assert attempt.status == 0, attempt.err
    assert attempt.mechanisms == ["PLAIN"]
    simple_server.wait_for("bob", attempt.token)


def test_a_ticket_goes_before_a_password(sign_in, simple_server, kerberos):
    attempt = sign_in(simple_server, "auto", ticket=kerberos.ticket())
    assert attempt.status == 0, attempt.err
    assert attempt.mechanisms == ["GSSAPI"]


# ---- a KDC that never replies ------------------------------------------------

@pytest.fixture
def silent_kdc(kerberos):
    """A ticket whose KDC swallows what it gets, by TCP and by UDP; it must
    have been asked."""
    with Listener(lambda wire: wire.hang()) as kdc, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", kdc.port))
        ticket = kerberos.unreachable(kerberos.ticket(), kdc.port)
        ticket.kdc = f"127.0.0.1:{kdc.port}"
        yield ticket
        assert kdc.wires != []


@MECHANISMS
@pytest.mark.parametrize("limits", [
    ("--deadline=4s", "--timeout=10m"), ("--deadline=10m", "--timeout=2s")],
    ids=["deadline", "timeout"])
def test_a_silent_kdc_is_left_in_time(sign_in, simple_server, silent_kdc,
                                      mechanism, limits):
    attempt = sign_in(simple_server, mechanism, *limits, ticket=silent_kdc,
                      **NOBODY)
    assert attempt.status == 75, attempt.err
    assert "no KDC of the realm EXAMPLE.TEST responded in time" in attempt.err
    assert f"krb5.conf names the KDC {silent_kdc.kdc}\n" in attempt.err
    assert "> MAIL" not in attempt.err


def test_a_silent_kdc_is_tried_again(sign_in, dovecot_all, silent_kdc):
    attempt = sign_in(dovecot_all, "gssapi", "--timeout=1s", "--retries=2",
                      "--retry-delay=5ms", ticket=silent_kdc, **NOBODY)
    assert attempt.status == 75, attempt.err
    assert attempt.err.count("* connected to") == 3


def test_a_password_serves_when_the_kdc_is_silent(sign_in, dovecot_all,
                                                  silent_kdc, arrivals):
    attempt = sign_in(dovecot_all, "gssapi,plain", "--timeout=2s",
                      ticket=silent_kdc)
    assert attempt.status == 0, attempt.err
    assert attempt.mechanisms == ["PLAIN"]
    arrivals(dovecot_all).wait_for("bob", attempt.token)
