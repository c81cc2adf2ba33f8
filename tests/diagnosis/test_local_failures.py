# SPDX-License-Identifier: MIT
"""What goes wrong between this computer and the server, made for real: names,
networks, ports, TLS, certificates, the clock. Each ends in a cause that a
script can read, a hint, an exit status, and a retry only where it can help."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import threading

import pytest

from callers.session import Submit
from dialogue.submission import SubmissionServer
from peers.ca import Authority
from peers.keyring import Keyring
from peers.namespace import NameServer, Network, in_network
from peers.notifications import FailingKeyring

NAME = "mail.example.test"
GMAIL = "smtp.gmail.com"


@pytest.fixture
def submit(postrider, ca):
    return Submit(postrider, ca)


@pytest.fixture(scope="module")
def network():
    with Network() as running:
        yield running


@pytest.fixture
def inside(network, tmp_path):
    """Wraps a command so that it is in the network, with these hosts."""
    def make(**hosts):
        text = "".join(
            f"{address} {name}\n"
            for name, address in {"localhost": "127.0.0.1", **hosts}.items())
        return in_network(network, tmp_path, text)
    return make


class Place:
    """A port on which something other than a mail server may be. It says its
    first words at once, or an answer to what comes first."""

    def __init__(self, first=b"", answer=b"", port=0, close=False,
                 address="127.0.0.1"):
        self.tls = "starttls"
        self.wires = []
        self._socket = socket.create_server((address, port))
        self.port = self._socket.getsockname()[1]
        self._first, self._answer, self._close = first, answer, close
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,),
                             daemon=True).start()

    def _talk(self, connection):
        self.wires.append(connection)
        with connection, contextlib.suppress(OSError):
            connection.sendall(self._first)
            while not self._close and connection.recv(4096):
                if self._answer:
                    connection.sendall(self._answer)
                    return

    def close(self):
        # A thread in accept(2) would take the connections of the next server
        # that gets the same descriptor.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=10)
        self._socket.close()


@pytest.fixture
def place():
    with contextlib.ExitStack() as running:
        def make(*arguments, **how):
            return running.enter_context(
                contextlib.closing(Place(*arguments, **how)))

        yield make


class Nowhere:
    """A port for the options, where the test runs no server."""
    tls = "starttls"
    wires = ()

    def __init__(self, port=587):
        self.port = port


def explain(submit, server, *arguments, **how):
    """The error in JSON, and the outcome. The log has the same cause."""
    outcome = submit(server, "--json", *arguments, **how)
    error = json.loads(outcome.out)["recipients"][0]["error"]
    assert f"cause={error['cause']}" in outcome.log
    assert "\n" not in error["hint"] and "{" not in error["hint"]
    return error, outcome


# ---- names -------------------------------------------------------------------

@pytest.mark.parametrize("rcode, cause, status, tries", [
    (3, "no-such-host", 68, 1), (2, "name-servers", 75, 2)])
def test_a_name_that_is_not_found(submit, network, inside, rcode, cause,
                                  status, tries):
    with network.entered():
        names = NameServer(rcode)
    try:
        error, outcome = explain(submit, Nowhere(), host=NAME, wrap=inside(),
                                 retries=1)
    finally:
        names.close()
    assert (error["cause"], outcome.status) == (cause, status)
    assert error["step"] == "name"
    assert outcome.log.count("status=retry") == tries - 1


@pytest.mark.parametrize("name, cause, status, advice", [
    ("smtp.office365.com", "name-servers", 75, "Microsoft 365 serves"),
    (NAME, "no-such-host", 68, "has no address")])
def test_a_name_without_an_address(submit, network, inside, name, cause,
                                   status, advice):
    """The name servers know the name."""
    with network.entered():
        names = NameServer(0)
    try:
        error, outcome = explain(submit, Nowhere(), host=name, wrap=inside())
    finally:
        names.close()
    assert (error["cause"], outcome.status) == (cause, status)
    assert advice in error["hint"]


def test_no_network_at_all(submit, inside):
    error, outcome = explain(submit, Nowhere(), host="203.0.113.5",
                             wrap=inside(), retries=1)
    assert (error["cause"], outcome.status) == ("no-network", 75)
    assert error["hint"] == "check the network connection"
    assert outcome.log.count("status=retry") == 1


@pytest.mark.parametrize("address, where", [
    ("127.0.0.1", "this computer"), ("0.0.0.0", "this computer"),
    ("10.20.30.40", "sign in to the network in a browser")])
def test_a_filter_or_portal_answers_for_a_public_provider(
        submit, inside, address, where):
    """Nothing listens there; or it is unreachable."""
    error, outcome = explain(submit, Nowhere(), host=GMAIL,
                             wrap=inside(**{GMAIL: address}))
    assert (error["cause"], outcome.status) == ("captive-network", 75)
    assert where in error["hint"] and GMAIL in error["hint"]


def test_a_portal_with_a_certificate_of_its_own(submit, network, inside, ca):
    with network.entered():
        server = SubmissionServer(ca.server, port=465, tls="implicit")
    with server:
        error, outcome = explain(submit, server, host=GMAIL,
                                 wrap=inside(**{GMAIL: "127.0.0.1"}))
    assert (error["cause"], outcome.status) == ("captive-network", 76)
    assert b"AUTH" not in server.received


def test_an_own_server_may_have_a_private_address(submit, inside):
    error, _ = explain(submit, Nowhere(), host=NAME,
                       wrap=inside(**{NAME: "127.0.0.1"}))
    assert error["cause"] == "connection-refused"


# ---- ports -------------------------------------------------------------------

def ip(network, *words):
    subprocess.run(network.wrap([shutil.which("ip"), *words]), check=True)


@pytest.fixture
def deaf(network):
    """A port that drops what comes: its backlog is full."""
    sockets = []

    def make(port):
        with network.entered():
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(0)
            sockets.append(listener)
            for _ in range(3):
                sockets.append(socket.socket())
                sockets[-1].settimeout(0.2)
                try:
                    sockets[-1].connect(("127.0.0.1", port))
                except socket.timeout:
                    return Nowhere(port)
        raise AssertionError("the backlog does not fill up")

    yield make
    for one in sockets:
        one.close()


@pytest.mark.parametrize("port, advice", [
    (25, "use port 587 (--tls=starttls) or 465 (--tls=implicit)"),
    (587, "try port 465 (--tls=implicit)"),
    (465, "try port 587 (--tls=starttls)"),
    (2525, "465 with --tls=implicit, 587 with --tls=starttls")])
def test_a_port_that_a_firewall_drops(submit, deaf, inside, port, advice):
    error, outcome = explain(submit, deaf(port), host="127.0.0.1",
                             wrap=inside(), timeout="300ms", retries=1)
    assert (error["cause"], outcome.status) == ("port-filtered", 75)
    assert advice in error["hint"]
    assert outcome.log.count("status=retry") == 1


def test_a_firewall_of_this_computer(submit, network, inside):
    ip(network, "route", "add", "prohibit", "198.51.100.0/24")
    error, outcome = explain(submit, Nowhere(), host="198.51.100.5",
                             wrap=inside())
    assert (error["cause"], outcome.status) == ("port-filtered", 75)
    assert "of this computer" in error["hint"]


@pytest.mark.parametrize("port, advice", [
    (25, "try port 587"), (587, "check the host and the port")])
def test_a_port_on_which_nothing_listens(submit, inside, port, advice):
    error, outcome = explain(submit, Nowhere(port), host="127.0.0.1",
                             wrap=inside(), retries=1)
    assert (error["cause"], outcome.status) == ("connection-refused", 75)
    assert advice in error["hint"]
    assert "Bridge" not in error["hint"]  # it has a port of its own
    assert outcome.log.count("status=retry") == 1


def test_a_bridge_that_is_not_running(submit, inside):
    error, _ = explain(submit, Nowhere(1025), host="127.0.0.1", wrap=inside())
    assert "start Proton Mail Bridge" in error["hint"]


# ---- something else ----------------------------------------------------------

@pytest.mark.parametrize("first", [
    b"HTTP/1.1 400 Bad Request\r\n\r\n", b"+OK Dovecot ready.\r\n",
    b"* OK [CAPABILITY IMAP4rev1] ready\r\n", b"SSH-2.0-OpenSSH_9.2\r\n",
    b"<html><body>sign in</body></html>\r\n"])
def test_another_kind_of_server(submit, place, first):
    """Only a portal for sign-ins goes away, and is worth another try."""
    is_portal = first.startswith((b"HTTP", b"<html>"))
    error, outcome = explain(submit, place(first))
    assert (error["cause"], outcome.status) == (
        "not-a-mail-server", 76 if is_portal else 78)
    assert "check host and port" in error["hint"]
    assert error["temporary"] == is_portal
    assert ("sign-in in a browser" in error["hint"]) == is_portal


def test_a_portal_that_closes_at_once(submit, place):
    error, outcome = explain(submit, place(close=True))
    assert (error["cause"], outcome.status) == ("connection-lost", 75)
    assert "tls" in error["hint"]


# ---- TLS or not --------------------------------------------------------------

def test_a_port_with_tls_is_spoken_to_in_clear(submit, network, inside, ca):
    with network.entered():
        server = SubmissionServer(ca.server, port=465, tls="implicit")
    with server:
        error, outcome = explain(submit, server, tls="starttls",
                                 timeout="500ms", wrap=inside())
    assert (error["cause"], outcome.status) == ("timeout", 75)
    assert "--tls=implicit" in error["hint"]


@pytest.mark.parametrize("answer, word", [
    (b"220 mail.example.test ESMTP\r\n", "SMTP"),
    (b"+OK ready\r\n", "POP3"), (b"* OK ready\r\n", "IMAP")])
def test_a_port_in_clear_is_spoken_to_by_tls(submit, place, answer, word):
    error, outcome = explain(submit, place(answer), tls="implicit")
    assert outcome.status == 76
    assert word in error["message"]
    assert error["cause"] == ("tls-not-spoken" if word == "SMTP"
                              else "not-a-mail-server")
    assert ("STARTTLS (--tls=starttls)" in error["hint"]) == (word == "SMTP")


def test_a_web_server_is_spoken_to_by_tls(submit, place):
    server = place(b"", b"HTTP/1.1 400 Bad Request\r\n\r\n")
    error, outcome = explain(submit, server, tls="implicit")
    assert (error["cause"], outcome.status) == ("not-a-mail-server", 76)
    assert "HTTP" in error["message"]


@pytest.mark.parametrize("reply, cause, status, temporary", [
    ("454 4.7.0 TLS not available due to temporary reason", "server-trouble",
     75, True),
    ("454 4.7.0 TLS not available due to local problem", "tls-failed", 75, True),
    ("454 4.7.0 no TLS", "starttls-missing", 76, False),
    ("502 5.5.1 not implemented", "starttls-missing", 76, False)])
def test_starttls_is_refused(submit, make_server, reply, cause, status,
                             temporary):
    server = make_server(faults={"starttls": reply})
    error, outcome = explain(submit, server)
    assert (error["cause"], outcome.status) == (cause, status)
    assert error["temporary"] == temporary
    assert b"MAIL" not in server.received


def test_nothing_listens_on_this_computer(submit, inside):
    error, _ = explain(submit, Nowhere(), host="localhost", wrap=inside())
    assert error["cause"] == "connection-refused"
    assert "In a container" in error["hint"]


def test_a_firewall_overwrites_starttls(submit, make_server):
    """Cisco's inspection of ESMTP makes it XXXXXXXA."""
    server = make_server(faults={
        "ehlo": "250-mail.example.test\r\n250-PIPELINING\r\n250 XXXXXXXA"})
    error, outcome = explain(submit, server)
    assert (error["cause"], outcome.status) == ("interception", 76)
    assert "a firewall on the way hides STARTTLS" in error["message"]
    assert "--tls=implicit" in error["hint"]


@pytest.mark.parametrize("alert, cause, status, advice", [
    (40, "tls-failed", 76, "tls-priority"),
    (40, "tls-failed", 76, "try again, then another port"),
    (42, "tls-failed", 76, "check tls-cert-file"),
    (45, "tls-failed", 76, "check tls-cert-file"),
    (48, "tls-failed", 76, "check tls-cert-file"),
    (49, "tls-failed", 76, "check tls-cert-file"),
    (51, "tls-failed", 76, "another network"),
    (70, "tls-obsolete", 76, "enable TLS 1.2"),
    (71, "tls-obsolete", 76, "tls-priority"),
    (80, "tls-failed", 75, "try again later"),
    (86, "tls-obsolete", 76, "enable TLS 1.2"),
    (112, "tls-failed", 76, "check the host name")])
def test_a_server_ends_the_handshake_with_an_alert(submit, make_server, ca,
                                                   alert, cause, status,
                                                   advice):
    context = ca.server.context()
    context.sni_callback = lambda *_: alert
    error, outcome = explain(submit, make_server(context=context))
    assert (error["cause"], outcome.status) == (cause, status)
    assert advice in error["hint"]


def test_obsolete_tls_at_a_known_provider_is_this_sides_fault(
        submit, network, inside, ca):
    ip(network, "address", "replace", "203.0.113.7/32", "dev", "lo")
    context = ca.server.context()
    context.sni_callback = lambda *_: 70
    with network.entered():
        server = SubmissionServer(ca.server, port=465, tls="implicit",
                                  address="203.0.113.7", context=context)
    with server:
        error, _ = explain(submit, server, host=GMAIL,
                           wrap=inside(**{GMAIL: "203.0.113.7"}))
    assert error["cause"] == "tls-obsolete"
    assert "operator" not in error["hint"]
    assert "remove tls-priority" in error["hint"]


def test_a_server_requires_a_certificate_after_the_handshake(
        submit, make_server, ca):
    """With TLS 1.3, the alert comes when the client has finished."""
    context = ca.server.context(ssl.TLSVersion.TLSv1_3, ask_client=True)
    context.verify_mode = ssl.CERT_REQUIRED
    error, outcome = explain(submit, make_server(context=context))
    assert (error["cause"], outcome.status) == ("tls-failed", 76)
    assert "set tls-cert-file" in error["hint"]


def weak_context(ca, directory):
    """Diffie-Hellman of 1024 bits, and nothing else."""
    weak = directory / "weak.pem"
    subprocess.run(["openssl", "dhparam", "-dsaparam", "-out", weak, "1024"],
                   check=True, capture_output=True)
    context = ca.server.context(highest=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers("DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0")
    context.load_dh_params(weak)
    return context


def test_a_server_with_weak_diffie_hellman(submit, make_server, ca, tmp_path):
    error, _ = explain(submit, make_server(context=weak_context(ca, tmp_path)))
    assert error["cause"] == "tls-failed"
    assert "tls-priority" in error["hint"]


class Resetting(Place):
    """Resets the connection when TLS begins."""

    def _talk(self, connection):
        self.wires.append(connection)
        with connection:
            connection.sendall(b"220 mail.example.test ESMTP\r\n")
            connection.recv(512)
            connection.sendall(b"250-mail.example.test\r\n"
                               b"250-AUTH PLAIN\r\n250 STARTTLS\r\n")
            connection.recv(512)
            connection.sendall(b"220 go\r\n")
            connection.recv(16)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))


def with_place(submit, server, **how):
    try:
        return explain(submit, server, **how)
    finally:
        server.close()


def test_a_server_ends_the_connection_when_tls_begins(submit):
    error, outcome = with_place(submit, Resetting())
    assert (error["cause"], outcome.status) == ("connection-lost", 75)
    assert "when TLS begins" in error["hint"]


def closing_465(submit, network, inside):
    with network.entered():
        server = Place(close=True, port=465)
    return with_place(submit, server, tls="starttls", wrap=inside())


def test_port_465_closes_connections_in_clear(submit, network, inside):
    error, outcome = closing_465(submit, network, inside)
    assert (error["cause"], outcome.status) == ("connection-lost", 78)
    assert "--tls implicit" in error["hint"]


def silent_provider(submit, network, inside, host):
    ip(network, "address", "replace", "203.0.113.7/32", "dev", "lo")
    with network.entered():
        server = Place(port=465, address="203.0.113.7")
    return with_place(submit, server, host=host, tls="implicit",
                      timeout="500ms", wrap=inside(**{host: "203.0.113.7"}))


def test_a_provider_that_is_silent_on_its_port(submit, network, inside):
    error, outcome = silent_provider(submit, network, inside, GMAIL)
    assert (error["cause"], outcome.status) == ("timeout", 75)
    assert "from another network" in error["hint"]
    assert "starttls" not in error["hint"]


# ---- certificates ------------------------------------------------------------

@pytest.mark.parametrize("name, product", [
    ("Kaspersky Anti-Virus Personal Root Certificate", "Kaspersky"),
    ("Zscaler Intermediate Root CA (zscaler.net)", "Zscaler"),
    ("Avast Web/Mail Shield Root", "Avast"), ("ESET SSL Filter CA", "ESET")])
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_software_that_decrypts_is_named(submit, make_server, tmp_path, name,
                                         product, tls):
    authority = Authority(tmp_path, "shield", common_name=name)
    server = make_server(leaf=authority.leaf("leaf"), tls=tls)
    error, outcome = explain(submit, server)
    assert (error["cause"], outcome.status) == ("interception", 76)
    assert name in error["message"]
    assert error["hint"].startswith(f"{product} decrypts the connection")
    assert "--tls-trust-file" in error["hint"]
    assert b"AUTH" not in server.received


def test_a_ca_of_ones_own_can_be_trusted_by_the_hint(submit, make_server,
                                                     tmp_path):
    """The command of the hint, and the file that it makes."""
    authority = Authority(tmp_path, "corp", common_name="Corp Root")
    server = make_server(leaf=authority.leaf("leaf"), tls="starttls")
    error, _ = explain(submit, server)
    assert error["cause"] == "certificate-untrusted"
    assert error["message"].endswith("its issuer is Corp Root")
    command = error["hint"].partition("saves: ")[2].partition(" (--")[0]
    assert command.startswith("openssl s_client")
    pem = tmp_path / "ca.pem"
    subprocess.run(command.replace(">ca.pem", f">{pem}"), shell=True,
                   check=True, stderr=subprocess.DEVNULL)
    assert submit(server, "--tls-trust-file", pem, trust=False).status == 0


def test_a_server_that_does_not_send_the_whole_chain(submit, make_server, ca):
    middle = Authority(ca.directory, "unsent", parent=ca)
    leaf = middle.leaf("incomplete", present_chain=False)
    error, outcome = explain(submit, make_server(leaf=leaf))
    assert (error["cause"], outcome.status) == ("certificate-untrusted", 76)
    assert "fullchain.pem" in error["hint"]


def test_the_fingerprint_of_the_hint_can_be_pinned(submit, make_server, ca):
    server = make_server(leaf=ca.odd("self-signed"))
    error, _ = explain(submit, server)
    assert error["message"].endswith("it is self-signed")
    pin = error["hint"].partition("certificate, ")[2].split()[0]
    assert submit(server, "--tls-fingerprint", pin).status == 0


def test_the_certificate_of_proton_mail_bridge_can_be_exported(
        submit, make_server, ca):
    """It runs on this computer, and nobody intercepts it."""
    error, outcome = explain(submit, make_server(leaf=ca.odd("self-signed")),
                             "--provider=proton-bridge",
                             user="alice@example.test")
    assert (error["cause"], outcome.status) == ("certificate-untrusted", 76)
    assert "Export TLS certificates" in error["hint"]
    assert "attacker" not in error["hint"]


def test_a_public_provider_is_not_to_be_trusted_blindly(
        submit, network, inside, tmp_path):
    """A name that is looked up: an address that is public, but ours."""
    ip(network, "address", "replace", "203.0.113.7/32", "dev", "lo")
    leaf = Authority(tmp_path, "other").leaf("leaf", names=[f"DNS:{GMAIL}"])
    with network.entered():
        server = SubmissionServer(leaf, port=465, tls="implicit",
                                  address="203.0.113.7")
    with server:
        error, outcome = explain(submit, server, host=GMAIL,
                                 wrap=inside(**{GMAIL: "203.0.113.7"}))
    assert (error["cause"], outcome.status) == ("certificate-untrusted", 76)
    assert "ca-certificates" in error["hint"]
    assert "trust-file" not in error["hint"]


@pytest.mark.parametrize("kind, cause, said", [
    ("expired", "certificate-expired", "it ended on 2020-01-01"),
    ("not-yet-valid", "clock-wrong", "it begins on 2098-01-01"),
    ("wrong-host", "certificate-name", "issued for another name")])
def test_a_certificate_that_is_not_good_now(submit, make_server, ca, kind,
                                            cause, said):
    error, outcome = explain(submit, make_server(leaf=ca.odd(kind)))
    assert (error["cause"], outcome.status) == (cause, 76)
    assert said in error["message"]


@pytest.mark.parametrize("host, advice", [
    ("localhost", "be a name in the certificate: mail.corp.test, corp.test"),
    ("127.0.0.1", "not an address: mail.corp.test, corp.test")])
def test_the_hint_shows_the_names_in_a_certificate(submit, make_server, ca,
                                                   host, advice):
    leaf = ca.leaf("names", names=["DNS:mail.corp.test", "DNS:corp.test"])
    error, _ = explain(submit, make_server(leaf=leaf), host=host)
    assert error["cause"] == "certificate-name"
    assert advice in error["hint"]


def expired_ca(ca):
    """A leaf below a CA that ended long ago."""
    class Expired:
        trust = ca.pem

        @staticmethod
        def sign(name, *how):
            return ca.sign(name, *how, end="20200101000000Z")

    return Authority(ca.directory, "expired-ca", parent=Expired()).leaf("below")


def test_a_ca_that_has_expired_is_named(submit, make_server, ca):
    error, outcome = explain(submit, make_server(leaf=expired_ca(ca)))
    assert (error["cause"], outcome.status) == ("certificate-expired", 76)
    assert "its CA postrider test expired-ca ended on 2020-01-01" in \
        error["message"]
    assert "or its chain" in error["hint"]


@pytest.mark.parametrize("content", ["", "no certificate\n",
                                     "-----BEGIN PRIVATE KEY-----\n"])
def test_a_trust_file_without_a_certificate(submit, make_server, tmp_path,
                                            content):
    path = tmp_path / "ca.pem"
    path.write_text(content)
    outcome = submit(make_server(), "--tls-trust-file", path)
    assert outcome.status == 78
    assert f"{path}: contains no certificate" in outcome.err
    assert "openssl x509" in outcome.err


def test_a_trust_file_that_is_missing(submit, make_server, tmp_path):
    outcome = submit(make_server(), "--tls-trust-file", tmp_path / "none")
    assert outcome.status == 78
    assert "check tls-trust-file" in outcome.err


def test_a_certificate_of_the_hosting_company(submit, make_server, ca):
    leaf = ca.leaf("hosting", names=["DNS:*.hosting.example"])
    error, _ = explain(submit, make_server(leaf=leaf))
    assert error["cause"] == "certificate-name"
    assert "hosting company" in error["hint"]
    assert error["hint"].endswith("*.hosting.example")


def test_a_network_that_refuses_a_known_server(submit, network, inside):
    ip(network, "address", "replace", "203.0.113.7/32", "dev", "lo")
    error, outcome = explain(submit, Nowhere(), host="smtp.zoho.com",
                             wrap=inside(**{"smtp.zoho.com": "203.0.113.7"}),
                             retries=0)
    assert (error["cause"], outcome.status) == ("connection-refused", 75)
    assert "port 465" in error["hint"]
    assert "the mail server of your hosting company" in error["hint"]


def test_a_server_that_has_no_tls(submit, make_server):
    error, _ = explain(submit, make_server(tls="none"), "--tls", "starttls")
    assert error["cause"] == "starttls-missing"
    assert "another network" in error["hint"]
    assert "--tls=none" in error["hint"]


# ---- credentials -------------------------------------------------------------

def without_password(submit, server, *arguments, env=None, **how):
    """The account has no POSTRIDER_PASSWORD: its credential is elsewhere."""
    return explain(submit, server, *arguments,
                   env={"POSTRIDER_PASSWORD": None, **(env or {})}, **how)


def test_no_bus(submit, make_server):
    error, outcome = without_password(submit, make_server(), env={
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"})
    assert (error["cause"], outcome.status) == ("keyring", 75)
    assert "DBUS_SESSION_BUS_ADDRESS" in error["hint"]


def test_no_keyring_on_the_bus(submit, make_server):
    with Keyring(service=False) as bus:
        error, outcome = without_password(submit, make_server(), env=bus.env)
    assert (error["cause"], outcome.status) == ("keyring", 75)
    assert "gnome-keyring" in error["hint"]


def test_a_keyring_without_the_password(submit, make_server, keyring):
    error, outcome = without_password(submit, make_server())
    assert (error["cause"], outcome.status) == ("no-credential", 77)
    assert "postrider login" in error["hint"] or \
        "secret-tool store" in error["hint"]


def test_a_locked_keyring(submit, make_server, keyring):
    keyring.store("secret", service="smtp", host="localhost", user="alice")
    keyring.lock()
    error, outcome = without_password(submit, make_server())
    assert (error["cause"], outcome.status) == ("keyring-locked", 75)
    assert "unlock" in error["hint"]


DBUS = "org.freedesktop.DBus.Error."


@pytest.mark.parametrize("name, text, cause, advice", [
    (DBUS + "UnknownMethod", "Object does not exist at path "
     "“/org/freedesktop/secrets/collection/login”", "keyring",
     "create a keyring"),
    (DBUS + "UnknownObject", "no such object", "keyring", "create a keyring"),
    ("org.freedesktop.Secret.Error.NoSuchObject", "no such collection",
     "keyring", "create a keyring"),
    (DBUS + "Spawn.ServiceNotFound", "The name org.freedesktop.secrets was not "
     "provided by any .service files", "keyring", "install and start"),
    (DBUS + "ServiceUnknown", "The name org.freedesktop.secrets was not "
     "provided by any .service files", "keyring", "install and start"),
    (DBUS + "Spawn.ChildExited", "Process org.freedesktop.secrets exited with "
     "status 1", "keyring", "start it in a terminal"),
    (DBUS + "Spawn.Failed", "Failed to execute program", "keyring",
     "start it in a terminal"),
    (DBUS + "TimedOut", "Failed to activate service 'org.freedesktop.secrets': "
     "timed out (service_start_timeout=120000ms)", "keyring", "restart"),
    (DBUS + "NoReply", "Message recipient disconnected from message bus "
     "without replying", "keyring", "restart"),
    (DBUS + "AccessDenied", "An AppArmor policy prevents this sender from "
     "sending this message", "keyring", "snap"),
    ("org.freedesktop.Secret.Error.IsLocked", "locked", "keyring-locked",
     "unlock"),
    (DBUS + "Failed", "Failed to unlock default keyring", "keyring-locked",
     "unlock")])
def test_a_keyring_service_that_fails(submit, make_server, run_directory,
                                      name, text, cause, advice):
    with Keyring(service=False) as bus, \
            FailingKeyring(run_directory, bus.env, name, text):
        error, outcome = without_password(submit, make_server(), env=bus.env)
    assert (error["cause"], outcome.status) == (cause, 75)
    assert advice in error["hint"]


def test_the_keyring_program_is_killed(submit, make_server, tmp_path):
    """A helper that ends by a signal, in place of postrider-credential."""
    helper = tmp_path / "postrider-credential"
    helper.write_text("#!/bin/sh\nkill -KILL $$\n")
    helper.chmod(0o755)
    error, outcome = without_password(submit, make_server(), env={
        "POSTRIDER_EXEC_PATH": str(tmp_path)})
    assert (error["cause"], outcome.status) == ("credential-program", 75)
    assert "signal 9" in error["message"]


@pytest.mark.parametrize("source, cause", [
    ("env:NOWHERE", "no-credential"), ("file:/nonexistent", "no-credential"),
    ("systemd:smtp", "no-credential"),
    ("command:false", "credential-program"),
    ("command:true", "credential-program")])
def test_a_source_without_a_password(submit, make_server, source, cause):
    error, outcome = without_password(submit, make_server(), "--credential",
                                      source)
    assert (error["cause"], outcome.status) == (cause, 77)


@pytest.mark.parametrize("command, reason, advice", [
    ("cat {}/closed", "Permission denied", "owner and mode"),
    ("cat {}/missing", "No such file or directory", "should be absolute"),
    ("cat <{}/missing", "No such file", "should be absolute"),
    ("no-such-program", "command not found", "install the program"),
    ("{}/script", "not executable", "chmod +x"),
    ("printf 'x", "Unterminated quoted string", "correct the quotes"),
    ("echo 'gpg: decryption failed: No secret key' >&2; false",
     "No secret key", "GPG_TTY"),
    ("echo 'gpg: decryption failed: Inappropriate ioctl for device' >&2; false",
     "decryption failed: Inappropriate ioctl for device", "GPG_TTY"),
    ("echo 'gpg: key: No public key' >&2; false", "No public key",
     "--list-keys"),
    ("echo '40A7:error:1C800064:Provider:bad decrypt:x.c:351:' >&2; false",
     "bad decrypt", "check the passphrase"),
    ("echo 'Error: mail is not in the password store.' >&2; false",
     "is not in the password store", "PASSWORD_STORE_DIR"),
    ("echo 'You are not logged in.' >&2; false", "not logged in",
     "unlock the password manager"),
    ("echo 'secret-tool: Cannot autolaunch D-Bus without X11' >&2; false",
     "Cannot autolaunch D-Bus", "DBUS_SESSION_BUS_ADDRESS"),
    ("echo 'curl: (6) COULD NOT RESOLVE HOST: x' >&2; false",
     "Could not resolve host", "run the command in a shell")])
def test_a_credential_command_that_fails(submit, make_server, tmp_path,
                                         command, reason, advice):
    """The common reasons are named, with a hint on what to do."""
    (tmp_path / "script").write_text("")
    (tmp_path / "closed").write_text("")
    (tmp_path / "closed").chmod(0)

    def wrap(line):
        """Root may read all files, unless it has no capabilities."""
        plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]
        return [*plain, *line] if os.geteuid() == 0 else line

    error, _ = without_password(
        submit, make_server(), "--credential",
        "command:" + command.format(tmp_path), wrap=wrap)
    assert error["cause"] == "credential-program"
    assert error["message"] == f"the credential command failed: {reason}"
    assert advice in error["hint"]


def test_a_credential_command_that_is_unknown(submit, make_server):
    error, _ = without_password(submit, make_server(), "--credential",
                                "command:echo a new reason >&2; exit 41")
    assert error["message"] == "the credential command ended with exit " \
        "status 41; its message is withheld, as it may contain a secret"
    assert "run the command in a shell" in error["hint"]


def test_a_credential_command_that_waits(submit, make_server):
    error, _ = without_password(submit, make_server(), "--credential",
                                "command:sleep 60", timeout="1s")
    assert "didn't answer within" in error["message"]
    assert "increase timeout" in error["hint"]


# ---- what a 334 says of a token ----------------------------------------------

@pytest.mark.parametrize("said, cause, word", [
    ('{"status":"401","schemes":"bearer mac","scope":'
     '"https://mail.google.com/"}', "token-refused", "token status 401"),
    ('{"status":"400","schemes":"Bearer","scope":'
     '"https://mail.google.com/"}', "token-refused", "token status 400"),
    ('{"status":"invalid_token","scope":"smtp","openid-configuration":'
     '"https://op.example/.well-known/openid-configuration"}',
     "token-refused", "token status invalid_token"),
    ('{"status":"insufficient_scope","scope":"mail:smtp"}', "token-scope",
     "the scope must be mail:smtp"),
    ("no JSON at all", "token-refused", "no JSON at all")])
def test_what_is_wrong_with_a_token(submit, make_server, said, cause, word):
    """The scope that servers send in any case is no reason."""
    server = make_server(mechanisms=("XOAUTH2",), token="another")
    server.authenticate["XOAUTH2"] = lambda session, initial: (
        session.challenge(said) and None)
    error, outcome = explain(submit, server, "--auth", "xoauth2")
    assert (error["cause"], outcome.status) == (cause, 77)
    assert word in error["message"]
    assert "mail.google.com" not in error["message"]


# ---- what people reported ----------------------------------------------------

TABLE = pathlib.Path(__file__).with_name("local.tsv")
REPORTS = [line.split("\t") for line in TABLE.read_text().splitlines()
           if not line.startswith("#")]


def reported_name(submit, network, inside, rcode, name):
    with network.entered():
        names = NameServer(rcode)
    try:
        return explain(submit, Nowhere(), host=name, wrap=inside())
    finally:
        names.close()


@pytest.fixture
def act(submit, network, inside, deaf, place, make_server, ca, tmp_path,
        request):
    """Makes a situation of local.tsv, and gives what postrider says."""
    def issuer(name):
        leaf = Authority(tmp_path, "shield", common_name=name).leaf("leaf")
        return explain(submit, make_server(leaf=leaf))

    def bus(_):
        with Keyring(service=False) as running:
            return without_password(submit, make_server(), env=running.env)

    def locked(_):
        keyring = request.getfixturevalue("keyring")
        keyring.store("secret", service="smtp", host="localhost",
                      user="alice")
        keyring.lock()
        return without_password(submit, make_server())

    def bus_error(name):
        run_directory = request.getfixturevalue("run_directory")
        with Keyring(service=False) as running, \
                FailingKeyring(run_directory, running.env, name, "reported"):
            return without_password(submit, make_server(), env=running.env)

    return {
        "dropped": lambda port: explain(
            submit, deaf(int(port)), host="127.0.0.1", wrap=inside(),
            timeout="300ms"),
        "refused": lambda port: explain(
            submit, Nowhere(int(port)), host="127.0.0.1", wrap=inside()),
        "unreachable": lambda address: explain(
            submit, Nowhere(), host=address, wrap=inside()),
        "name-again": lambda name: reported_name(
            submit, network, inside, 2, name),
        "name-missing": lambda name: reported_name(
            submit, network, inside, 3, name),
        "clear": lambda line: explain(
            submit, place(line.encode() + b"\r\n"), tls="implicit"),
        "issuer": issuer,
        "self-signed": lambda _: explain(
            submit, make_server(leaf=ca.odd("self-signed"))),
        "no-bus": lambda _: without_password(submit, make_server(), env={
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}),
        "no-service": bus, "locked": locked, "bus-error": bus_error,
        "name-empty": lambda name: reported_name(
            submit, network, inside, 0, name),
        "reset": lambda _: with_place(submit, Resetting()),
        "closed-465": lambda _: closing_465(submit, network, inside),
        "mute-465": lambda host: silent_provider(submit, network, inside,
                                                 host),
        "expired": lambda _: explain(
            submit, make_server(leaf=ca.odd("expired"))),
        "expired-ca": lambda _: explain(
            submit, make_server(leaf=expired_ca(ca))),
        "hosting": lambda name: explain(submit, make_server(
            leaf=ca.leaf("hosting", names=[f"DNS:{name}"]))),
        "pinned": lambda _: explain(
            submit, make_server(), "--tls-fingerprint", "AA" * 32),
        "tls-1.1": lambda _: explain(submit, make_server(
            context=ca.server.context(ssl.TLSVersion.TLSv1,
                                      ssl.TLSVersion.TLSv1_1))),
        "weak-dh": lambda _: explain(submit, make_server(
            context=weak_context(ca, tmp_path)))}


@pytest.mark.filterwarnings("ignore:.*TLSv1:DeprecationWarning")
@pytest.mark.parametrize("row", REPORTS, ids=range(len(REPORTS)))
def test_a_reported_failure_is_understood(act, row):
    situation, parameter, causes, retries, _ = row
    error, _ = act[situation](parameter)
    assert error["cause"] in causes.split("|")
    assert ("soon" if error["temporary"] else "never") in retries.split("|")
