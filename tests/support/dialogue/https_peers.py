# SPDX-License-Identifier: MIT
"""The servers of tests/unit/test-http.c: https_peers.py DIRECTORY.

Makes a CA and certificates in the directory (ca.pem is the anchor), starts a
server for each, and says "NAME PORT" a line, then "ready". A line "NAME" on
standard input is answered by how many bytes that server has received inside
TLS; it ends with its standard input.
"""
import contextlib
import pathlib
import socket
import ssl
import sys
import threading
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from dialogue.https import Answer, HttpsServer, json_answer  # noqa: E402
from dialogue.server import Listener  # noqa: E402
from dialogue.wire import Over  # noqa: E402
from peers.ca import ODD, RunCA, openssl, self_signed  # noqa: E402
from peers.revocation import RevokingCA, StaplingTLS  # noqa: E402

# libcurl takes every name under localhost for this machine.
NAMES = {
    "wildcard-good": ("DNS:*.example.localhost",),
    "wildcard-top": ("DNS:*.localhost",),
    "wildcard-part": ("DNS:m*.example.localhost",),
    "address-good": ("IP:127.0.0.1",),
    "address-other": ("IP:127.0.0.2",),
    "name-not-address": ("IP:127.0.0.1",),
    "name-good": ("DNS:other.localhost", "DNS:localhost"),
}
LONG = 65536
MARK = "access-token-of-the-answer"
ANSWERS = {
    "/echo": lambda request: json_answer({
        "method": request.method, "target": request.target,
        "headers": request.headers, "form": request.pairs}),
    "/token": json_answer({"access_token": MARK}),
    "/refused": json_answer({"error": "invalid_grant"}, 400),
    "/broken": Answer(500, b"<h1>Oops</h1>"),
    "/empty": Answer(204, headers={"Content-Length": None}),
    "/old-date": Answer(200, b"{}", date=1000000000),
    "/no-date": Answer(200, b"{}", {"Date": None}),
    "/odd-date": Answer(200, b"{}", {"Date": "yesterday"}),
    "/redirect": Answer(302, b"", {"Location": "/token"}),
    "/redirect-away": Answer(307, b"", {"Location": "http://127.0.0.1:9/"}),
    "/longest": Answer(200, b"x" * LONG),
    "/too-long": Answer(200, b"x" * (LONG + 1)),
    "/megabyte": Answer(200, b"x" * (1 << 20)),
    "/zipped": Answer(200, b"not zipped", {"Content-Encoding": "gzip"}),
    "/long-headers": Answer(200, b"{}", {f"X-{number}": "x" * 1000
                                         for number in range(1000)}),
    "/long-header": Answer(200, b"{}", {"X": "x" * (1 << 20)}),
    "/silent": Answer(silent=True),
    "/reset": Answer(reset=True),
    "/cut": Answer(200, b"x" * 1000, cut=True),
    "/short": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
    "/nothing": Answer(raw=b""),
    "/no-http": Answer(raw=b"220 mail.example.test ESMTP\r\n"),
    "/nul": Answer(200, b"a\0b"),
    "/cookie": Answer(200, b"{}", {"Set-Cookie": "a=b"}),
}


class Proxy(Listener):
    """Answers CONNECT with a status, and carries bytes after a 200."""

    def __init__(self, status, context=None):
        super().__init__(self._play)
        self._status = status
        self._context = context

    def _play(self, wire):
        if self._context:
            wire.start_tls(self._context)
        target = wire.until(b"\r\n\r\n").split()[1].decode()
        wire.send(b"HTTP/1.1 %d as written\r\n\r\n" % self._status)
        if self._status != 200:
            wire.goodbye()
        peer = socket.create_connection(
            ("127.0.0.1", int(target.rpartition(":")[2])))
        threading.Thread(target=self._back, args=(peer, wire),
                         daemon=True).start()
        with peer:
            while True:
                peer.sendall(wire.some())

    @staticmethod
    def _back(peer, wire):
        try:
            while data := peer.recv(65536):
                wire.send(data)
        except (OSError, Over, ValueError):
            pass


def closed_at_once(wire):
    wire.close()


def silent(wire):
    wire.hang()


def no_tls(wire):
    wire.send(b"220 mail.example.test ESMTP\r\n")
    wire.read_to_end()


def plain_http(wire):
    wire.peek()
    wire.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    wire.goodbye()


def alert(wire):
    wire.peek()
    wire.send_raw(b"\x15\x03\x03\x00\x02\x02\x28")  # handshake_failure
    wire.close()


def servers(directory, stack):
    """(name, server) of all."""
    ca = RunCA(directory)
    yield "good", HttpsServer(ca.server, ANSWERS)
    yield "good-v6", HttpsServer(ca.server, ANSWERS, address="::1")
    for kind in ODD:
        if kind not in NAMES:
            yield kind, HttpsServer(ca.odd(kind), ANSWERS)
    for name, names in NAMES.items():
        leaf = ca.leaf(f"names-{name}", names=names, common_name="localhost")
        yield name, HttpsServer(leaf, ANSWERS)
    yield from protocols(ca)
    yield "weak-exchange", weak_exchange(ca)
    for name, suite in OBSOLETE.items():
        context = ca.leaf(name, algorithm="rsa:2048").context(
            highest=ssl.TLSVersion.TLSv1_2)
        context.set_ciphers(f"{suite}:@SECLEVEL=0")
        yield name, HttpsServer(context=context, answers=ANSWERS)
    yield from revoked(directory, stack)
    for play in (closed_at_once, silent, plain_http, no_tls, alert):
        yield play.__name__.replace("_", "-"), Listener(play)
    self_signed(directory, "proxy", "/CN=localhost",
                ("subjectAltName=DNS:localhost", "basicConstraints=CA:FALSE"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "proxy.pem", directory / "proxy.key")
    yield "proxy", Proxy(200)
    yield "proxy-refuses", Proxy(403)
    yield "proxy-untrusted", Proxy(200, context)


OBSOLETE = {"static-rsa": "AES128-GCM-SHA256",
            "cbc": "ECDHE-RSA-AES128-SHA"}


def protocols(ca):
    warnings.simplefilter("ignore", DeprecationWarning)
    for version in ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, \
            ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        context = ca.server.context(lowest=version, highest=version)
        yield f"only-{version.name}", HttpsServer(context=context,
                                                  answers=ANSWERS)


def weak_exchange(ca):
    """Diffie-Hellman with 1024 bits, which TLS 1.2 lets a server choose."""
    leaf = ca.leaf("exchange", algorithm="rsa:2048")
    openssl("dhparam", "-dsaparam", "-out", ca.directory / "dh.pem", "1024")
    context = leaf.context(highest=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers("DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0")
    context.load_dh_params(ca.directory / "dh.pem")
    return HttpsServer(context=context, answers=ANSWERS)


def revoked(directory, stack):
    """What a stapled answer takes back; the anchor is revoking.pem."""
    ca = RevokingCA(directory, "revoking")
    bad = ca.leaf("bad")
    ca.revoke(bad)
    for name, leaf in ("revoked", bad), ("good", ca.leaf("kept")):
        tls = stack.enter_context(StaplingTLS(leaf, ca.staple(leaf)))
        yield f"stapled-{name}", Listener(tls.play("implicit"))


def main():
    directory = pathlib.Path(sys.argv[1])
    with contextlib.ExitStack() as stack:
        peers = {}
        for name, server in servers(directory, stack):
            peers[name] = stack.enter_context(server)
            print(name, server.port, flush=True)
        print("ready", flush=True)
        for line in sys.stdin:
            wires = peers[line.strip()].wires
            print(sum(len(wire.inside) for wire in wires), flush=True)


if __name__ == "__main__":
    main()
