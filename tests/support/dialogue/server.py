# SPDX-License-Identifier: MIT
"""A small SMTP server on a free loopback port that follows a written dialogue.

A dialogue is text, one step a line; tests/support/dialogue/*.txt hold some.

    S: 220 ready            send the line and CRLF; lines in a row are one
                            segment. \\r \\n \\t \\\\ \\xNN are escapes
    S- 220 half             the same without CRLF
    C: EHLO *               the next line must match (shell pattern, any case)
    ! tls                   the handshake
    ! message               read up to the lone dot
    ! bytes 512             read that many bytes
    ! split, ! drip 1       from here on one byte a segment, or a second
    ! wait 0.5              seconds
    ! flood 1000000 250-x\\r\\n   send the text that many times
    ! raw \\x15\\x03            bytes around TLS
    ! cut 250 ok\\r\\n         half of the TLS record that holds the text
    ! hang, stall, reset, close, goodbye    see wire.py
    # a remark

A dialogue that ends, ends the connection decently.
"""
import fnmatch
import itertools
import pathlib
import re
import socket
import threading

from dialogue.wire import Over, Wire

DIRECTORY = pathlib.Path(__file__).parent


def load(name):
    """The text of tests/support/dialogue/NAME.txt."""
    return (DIRECTORY / f"{name}.txt").read_text()


class Listener:
    """Accepts connections; play(wire) runs in a thread for each.

    A context manager. Leaving it ends all threads, and raises the first
    failure of a play, unless the test is failing already.
    """

    def __init__(self, play, address="127.0.0.1", port=0):
        self.address = address
        self.wires = []
        self.failures = []
        self._play = play
        self._stop = threading.Event()
        self._threads = []
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.create_server((address, port), family=family)
        self.port = self._socket.getsockname()[1]

    @property
    def received(self):
        """All bytes of all connections, in clear and inside TLS."""
        return b"".join(wire.received for wire in self.wires)

    @property
    def received_clear(self):
        return b"".join(bytes(wire.clear) for wire in self.wires)

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, kind, value, trace):
        self._stop.set()
        # A shutdown wakes accept(2) on Linux, a close alone does not.
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
        for wire in self.wires:
            wire.abandon()
        for thread in self._threads:
            thread.join(timeout=10)
        if kind is None and self.failures:
            raise AssertionError(self.failures[0])

    def wait_until_idle(self):
        """Waits for the ends of all connections so far."""
        for thread in self._threads[1:]:
            thread.join(timeout=10)
            self._threads.remove(thread)

    def _start(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self):
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            wire = Wire(connection, self._stop)
            self.wires.append(wire)
            self._start(self._serve, wire)

    def _serve(self, wire):
        try:
            self._play(wire)
            wire.goodbye()
        except Over:
            pass
        except Exception as failure:  # reported when the server is stopped
            self.failures.append(f"{type(failure).__name__}: {failure}")
        finally:
            wire.dispose()


class DialogueServer(Listener):
    """Plays one text on each connection, the last one again and again."""

    def __init__(self, *texts, leaf=None, context=None, implicit_tls=False,
                 address="127.0.0.1"):
        super().__init__(self._play_next, address)
        self.implicit_tls = implicit_tls
        self._context = context or (leaf.context() if leaf else None)
        self._dialogues = [parse(text) for text in texts]
        self._number = itertools.count()

    def _play_next(self, wire):
        number = min(next(self._number), len(self._dialogues) - 1)
        if self.implicit_tls:
            wire.start_tls(self._context)
        for step, argument in self._dialogues[number]:
            STEPS[step](wire, argument, self._context)


def parse(text):
    """The steps of a dialogue: (word, argument)."""
    steps = []
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        mark, rest = line[:2], line[2:].strip()
        if mark in ("S:", "S-"):
            _add_to_segment(steps, unescape(rest, b"\r\n" * (mark == "S:")))
        elif mark == "C:":
            steps.append(("expect", rest))
        elif mark == "! " and rest.split()[0] in STEPS:
            word, _, argument = rest.partition(" ")
            steps.append((word, argument))
        else:
            raise ValueError(f"no step of a dialogue: {line}")
    return steps


def _add_to_segment(steps, data):
    if steps and steps[-1][0] == "send":
        data = steps.pop()[1] + data
    steps.append(("send", data))


def unescape(text, end=b""):
    codes = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}

    def one(found):
        if found[2]:
            return bytes([int(found[2], 16)])
        return codes[found[1]]

    return re.sub(rb"\\(x([0-9a-fA-F]{2})|[rnt\\])", one, text.encode()) + end


def _expect(wire, pattern, _):
    line = wire.line().decode("utf-8", "backslashreplace").rstrip("\r\n")
    assert fnmatch.fnmatchcase(line.upper(), pattern.upper()), (
        f"the dialogue expects {pattern!r}, the client said {line!r}")


def _flood(wire, argument, _):
    times, _, text = argument.partition(" ")
    data = unescape(text)
    batch = max(1, 65536 // len(data))
    for left in range(int(times), 0, -batch):
        wire.send(data * min(batch, left))


def _split(wire, argument, _):
    wire.split = True


def _drip(wire, seconds, _):
    wire.drip = float(seconds)


STEPS = {
    "send": lambda wire, data, _: wire.send(data),
    "expect": _expect,
    "tls": lambda wire, _, context: wire.start_tls(context),
    "message": lambda wire, *_: wire.until(b"\r\n.\r\n"),
    "bytes": lambda wire, count, _: wire.read(int(count)),
    "split": _split,
    "drip": _drip,
    "wait": lambda wire, seconds, _: wire.sleep(float(seconds)),
    "flood": _flood,
    "raw": lambda wire, text, _: wire.send_raw(unescape(text)),
    "cut": lambda wire, text, _: wire.send_cut(unescape(text)),
    "hang": lambda wire, *_: wire.hang(),
    "stall": lambda wire, *_: wire.stall(),
    "reset": lambda wire, *_: wire.reset(),
    "close": lambda wire, *_: wire.close(),
    "goodbye": lambda wire, *_: wire.goodbye(),
}
