# SPDX-License-Identifier: MIT
"""A client of "postrider -bs": smtplib, or commands as they are written."""
import smtplib
import socket
import subprocess


class Server:
    """postrider -bs, with one end of a socket as its standard streams."""

    def __init__(self, postrider, *arguments, **how):
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(60)
        self.process = postrider.start("-bs", *arguments, stdin=theirs,
                                       stdout=theirs, stderr=subprocess.PIPE,
                                       **how)
        theirs.close()
        self._reader = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._reader.close()
        self.socket.close()
        if self.process.poll() is None:
            try:
                self.process.wait(20)
            finally:
                self.process.kill()
        self.process.stderr.close()

    def write(self, *lines):
        """The lines, in one flight; CRLF is added to text."""
        self.socket.sendall(b"".join(
            line if isinstance(line, bytes) else line.encode() + b"\r\n"
            for line in lines))

    def reply(self):
        """The next reply, its lines joined by newlines; "" at the end."""
        lines = []
        while True:
            line = self._reader.readline()
            assert line == b"" or line.endswith(b"\r\n"), line
            assert len(line) <= 512
            lines.append(line.decode().rstrip("\r\n"))
            if line[3:4] != b"-":
                return "\n".join(lines)

    def say(self, *lines):
        """Writes one command and returns the reply."""
        self.write(*lines)
        return self.reply()

    def greet(self):
        assert self.reply().startswith("220 ")
        assert self.say("EHLO client.example").startswith("250-")
        return self

    def begin(self, *recipients, sender="me@example.test"):
        """Up to the 354."""
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250 ")
        for recipient in recipients or ["you@example.org"]:
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250 ")
        assert self.say("DATA").startswith("354 ")

    def send(self, data, *recipients, **how):
        """A whole message, dots stuffed by the caller; the last reply."""
        self.begin(*recipients, **how)
        return self.say(data, ".")

    def quit(self):
        """The exit status and standard error."""
        assert self.say("QUIT").startswith("221 ")
        return self.end()

    def end(self):
        """The same when it has ended, or will, as its input does."""
        self.socket.shutdown(socket.SHUT_WR)
        while self.reply():
            pass
        err = self.process.stderr.read().decode()
        return self.process.wait(20), err


class Client(smtplib.SMTP):
    """Python's own client, over the socket of a Server."""

    def __init__(self, server):
        self._server_socket = server.socket
        super().__init__("postrider", 25, local_hostname="client.example")

    def _get_socket(self, host, port, timeout):
        return self._server_socket
