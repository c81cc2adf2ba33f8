# SPDX-License-Identifier: MIT
"""A man in the middle, whose certificate the client trusts.

He ends the client's TLS with a certificate of the same authority for the same
names, opens TLS to the real server, and hands on what he reads. With
strip=True he also takes the mechanisms that bind the channel out of what the
server offers. `seen` is all that the client said.
"""
import re
import select
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
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def stop(self):
        # A close alone leaves the port open as long as somebody accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
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
            self._hand_on(self._to_client(client), server)
        except OSError:  # the client has seen enough
            client.close()

    def _hand_on(self, client, server):
        """Forwards both ways in one thread: SSL sessions aren't thread-safe."""
        while True:
            for source in ready(client, server):
                piece = received_now(source)
                if piece == b"":
                    client.close()
                    server.close()
                    return
                if piece:
                    self._pass(piece, source, client, server)

    def _pass(self, piece, source, client, server):
        if source is client:
            self.seen += piece
            server.sendall(piece)
        else:
            client.sendall(self._changed(piece))

    def _changed(self, reply):
        if not self._strip:
            return reply
        return re.sub(rb" [A-Z0-9-]+-PLUS\b", b"", reply)

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


def ready(*streams):
    """Those that can be read from; what TLS has read ahead counts."""
    pending = [one for one in streams if one.pending()]
    return pending or select.select(streams, [], [])[0]


def received_now(stream):
    """Empty at the end; None when TLS had words of its own."""
    stream.setblocking(False)
    try:
        return stream.recv(65536)
    except ssl.SSLWantReadError:
        return None
    except OSError:
        return b""
    finally:
        stream.setblocking(True)


def received_byte(stream):
    try:
        return stream.recv(1)
    except OSError:
        return b""


def line(stream):
    """Reads one line, and no byte after it."""
    received = b""
    while not received.endswith(b"\n"):
        byte = received_byte(stream)
        if not byte:
            break
        received += byte
    return received


def reply(stream):
    """All lines of a reply."""
    received = last = line(stream)
    while last[3:4] == b"-":
        last = line(stream)
        received += last
    return received
