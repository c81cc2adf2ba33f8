# SPDX-License-Identifier: MIT
"""The server's end of one connection: bytes, clear or inside TLS.

It remembers what it received, before and inside TLS, so that a test can tell
what was never sent. It knows nothing of SMTP but the line end, and it can
misbehave on every level: split, drip, stall, reset, cut a record in half.
TLS runs over memory, so that what reaches the socket stays in our hands.
"""
import socket
import ssl
import struct

RECORD_MAX = 4 << 20  # bytes remembered of each kind
CLOSE_WAIT = 5  # seconds that a client has to notice a close


class Over(Exception):
    """The connection has ended, or is not to be used any more."""


class Wire:
    def __init__(self, connection, stop):
        self.clear = bytearray()  # received outside TLS
        self.inside = bytearray()  # received inside TLS
        self.split = False  # one byte a segment (and a TLS record)
        self.drip = 0.0  # seconds between bytes
        self.client_said_goodbye = False  # TLS close_notify came
        self.tls_version = None
        self.peer_name = None  # CN of the client's certificate
        self._socket = connection
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stop = stop
        self._tls = None
        self._unread = bytearray()

    @property
    def unread(self):
        """Bytes that were received but not read by a step."""
        return bytes(self._unread)

    @property
    def received(self):
        return bytes(self.clear + self.inside)

    @property
    def tls_unique(self):
        """The channel binding of RFC 5929; of TLS 1.2 only."""
        return self._tls.get_channel_binding("tls-unique")

    # ---- in ----------------------------------------------------------------

    def line(self):
        """The next line with its line end."""
        return self.until(b"\n")

    def until(self, end, before=b""):
        """All bytes up to and with the next `end`, as if `before` had come
        first."""
        self._unread[:0] = before
        searched = 0
        while (found := self._unread.find(end, searched)) < 0:
            searched = max(0, len(self._unread) - len(end) + 1)
            self._read_more()
        return self._take(found + len(end))

    def read(self, count):
        while len(self._unread) < count:
            self._read_more()
        return self._take(count)

    def some(self):
        """What has come and was not read, at least a byte."""
        self.peek()
        return self._take(len(self._unread))

    def peek(self):
        """Waits until something is there to be read."""
        if not self._unread:
            self._read_more()

    def read_to_end(self):
        """Waits until the client closes; what it sends is remembered."""
        while self._receive():
            pass

    def _take(self, count):
        taken = bytes(self._unread[:count])
        del self._unread[:count]
        return taken

    def _read_more(self):
        piece = self._receive()
        if not piece:
            raise Over("the client closed")
        self._unread += piece

    def _receive(self):
        try:
            if self._tls:
                piece = self._pump(lambda: self._tls.read(65536))
                record = self.inside
            else:
                piece = self._socket.recv(65536)
                record = self.clear
        except ssl.SSLZeroReturnError:
            self.client_said_goodbye = True
            return b""
        except (OSError, ValueError):
            return b""
        record += piece[:RECORD_MAX - len(record)]
        return piece

    # ---- out ---------------------------------------------------------------

    def send(self, data):
        if not self.split and not self.drip:
            self._send_piece(data)
            return
        for byte in data:
            self._send_piece(bytes([byte]))
            self.sleep(self.drip or 0.0005)

    def send_raw(self, data):
        """Puts bytes on the socket as they are, around TLS."""
        try:
            self._socket.sendall(data)
        except (OSError, ValueError) as failure:
            raise Over(str(failure)) from None

    def send_cut(self, data):
        """Sends the first half of the TLS record of data, then closes."""
        self._tls.write(data)
        record = self._out.read()
        self.send_raw(record[:len(record) // 2])
        self.close()

    def _send_piece(self, data):
        if not self._tls:
            self.send_raw(data)
            return
        try:
            self._tls.write(data)
        except ssl.SSLError as failure:
            raise Over(str(failure)) from None
        self.send_raw(self._out.read())

    # ---- TLS ---------------------------------------------------------------

    def start_tls(self, context):
        """The server's side of the handshake. Over when it fails."""
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._in.write(self._take(len(self._unread)))
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        try:
            self._pump(self._tls.do_handshake)
        except OSError as failure:
            raise Over(f"handshake: {failure}") from None
        self.tls_version = self._tls.version()
        self.peer_name = common_name(self._tls.getpeercert())

    def _pump(self, step):
        """Repeats a TLS step, moving records, until it has a result."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self._flush()
                records = self._socket.recv(65536)
                if records:
                    self._in.write(records)
                else:
                    self._in.write_eof()
            finally:
                self._flush()

    def _flush(self):
        records = self._out.read()
        if records:
            self._socket.sendall(records)

    # ---- ends --------------------------------------------------------------

    def hang(self):
        """Sends nothing more, and reads until the client closes."""
        self.read_to_end()
        raise Over("hung until the client left")

    def stall(self):
        """Neither sends nor reads until the test ends."""
        self._stop.wait()
        raise Over("stalled")

    def reset(self):
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                struct.pack("ii", 1, 0))
        self._socket.close()
        raise Over("reset")

    def close(self):
        """An end of file; inside TLS without close_notify."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
            # What is still unread would turn the end of file into a reset.
            self._socket.settimeout(CLOSE_WAIT)
            self.read_to_end()
        except OSError:
            pass
        self._socket.close()
        raise Over("closed")

    def goodbye(self, last=b""):
        """An orderly close: close_notify inside TLS, then the end of file. The
        client can't have the last bytes without the close_notify."""
        if self._tls:
            try:
                if last:
                    self._tls.write(last)
                self._tls.unwrap()
            except ssl.SSLError:  # our half is said; theirs may come or not
                pass
            self.send_raw(self._out.read())
        self.close()

    def sleep(self, seconds):
        if self._stop.wait(seconds):
            raise Over("the test is over")

    def abandon(self):
        """From another thread: ends whatever this wire waits for."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def dispose(self):
        self._socket.close()


def common_name(certificate):
    for part in (certificate or {}).get("subject", ()):
        for key, value in part:
            if key == "commonName":
                return value
    return None
