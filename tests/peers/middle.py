# SPDX-License-Identifier: MIT
"""A man in the middle, whose certificate the client trusts.

He ends the client's TLS with a certificate of the same authority for the same
names, opens TLS to the real server, and hands on what he reads. With
strip=True he also takes the mechanisms that bind the channel out of what the
server offers. `seen` is all that the client said.
"""
import re
import socket
import ssl
import threading

from peers.daemon import free_port


class Middle:
    def __init__(self, ca, server, tls="starttls", strip=False):
        """server: a peer that does the same kind of TLS on its port."""
        self.tls, self.port = tls, free_port()
        self.seen = b""
        self._server, self._strip = server, strip
        self._leaf = ca.leaf(f"middle-{self.port}").context()
        self._trust = ssl.create_default_context(cafile=ca.pem)
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,),
                             daemon=True).start()

    def _relay(self, client):
        try:
            server = self._to_server()
            client = self._to_client(client)
        except (OSError, ssl.SSLError):
            client.close()
            return
        for work in ((self._to_the_server, client, server),
                     (self._to_the_client, server, client)):
            threading.Thread(target=work[0], args=work[1:],
                             daemon=True).start()

    def _to_server(self):
        raw = socket.create_connection(("127.0.0.1", self._server.port))
        if self.tls == "starttls":
            reply(raw)
            for command in (b"EHLO middle.example.test", b"STARTTLS"):
                raw.sendall(command + b"\r\n")
                reply(raw)
        wrapped = self._trust.wrap_socket(raw, server_hostname="localhost")
        if self.tls == "implicit":
            reply(wrapped)
        return wrapped

    def _to_client(self, raw):
        if self.tls == "implicit":
            wrapped = self._leaf.wrap_socket(raw, server_side=True)
            wrapped.sendall(b"220 mail.example.test\r\n")
            return wrapped
        raw.sendall(b"220 mail.example.test\r\n")
        line(raw)
        raw.sendall(b"250-mail.example.test\r\n250 STARTTLS\r\n")
        line(raw)
        raw.sendall(b"220 go ahead\r\n")
        return self._leaf.wrap_socket(raw, server_side=True)

    def _to_the_server(self, client, server):
        while piece := received(client):
            self.seen += piece
            server.sendall(piece)
        hang_up(server)

    def _to_the_client(self, server, client):
        while piece := line(server):
            if self._strip:
                piece = re.sub(rb" [A-Z0-9-]+-PLUS\b", b"", piece)
            client.sendall(piece)
        hang_up(client)


def received(stream, most=65536):
    try:
        return stream.recv(most)
    except OSError:
        return b""


def line(stream):
    """One line, and not a byte of what stands behind it."""
    said = b""
    while not said.endswith(b"\n"):
        byte = received(stream, 1)
        if not byte:
            break
        said += byte
    return said


def reply(stream):
    """All lines of a reply."""
    said = last = line(stream)
    while last[3:4] == b"-":
        last = line(stream)
        said += last
    return said


def hang_up(stream):
    try:
        stream.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
