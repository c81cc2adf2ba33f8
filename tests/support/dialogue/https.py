# SPDX-License-Identifier: MIT
"""A scripted HTTPS server on a free loopback port.

    with HttpsServer(ca.server, {"POST /token": json_answer({...})}) as server:
        ... server.url("/token") ...
        assert server.requests[0].form["grant_type"] == "refresh_token"

Answers are found by "METHOD /path", then "/path", then "*"; what is missing is
404. An answer is an Answer, a function of (request) that gives one, or a list
of these: one for each time, the last again and again. It remembers every
request, and by Listener every byte that came, inside TLS and outside.
"""
import dataclasses
import email.utils
import itertools
import json
import threading
import time
import urllib.parse

from dialogue.server import Listener
from dialogue.wire import Over


@dataclasses.dataclass
class Request:
    method: str
    target: str  # as it came, with the query
    headers: dict  # names in lower case
    body: bytes

    @property
    def path(self):
        return urllib.parse.urlsplit(self.target).path

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(
            urllib.parse.urlsplit(self.target).query, True))

    @property
    def pairs(self):
        """The form as a list, for what is there more than once."""
        return urllib.parse.parse_qsl(self.body.decode(), True)

    @property
    def form(self):
        return dict(self.pairs)


@dataclasses.dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict = dataclasses.field(default_factory=dict)
    delay: float = 0.0  # seconds before the first byte
    hold: threading.Event = None  # waited for before the first byte
    date: float = None  # what the Date header says; None: now
    raw: bytes = None  # sent in place of everything else; then a close
    cut: bool = False  # half of the last TLS record, then a close
    silent: bool = False  # nothing at all, until the client has enough
    reset: bool = False  # in place of an answer

    def bytes(self):
        if self.raw is not None:
            return self.raw
        date = time.time() if self.date is None else self.date
        headers = {"Date": email.utils.formatdate(date, usegmt=True),
                   "Content-Length": len(self.body), **self.headers}
        lines = [f"HTTP/1.1 {self.status} as written"]
        lines += [f"{name}: {value}" for name, value in headers.items()
                  if value is not None]
        return "\r\n".join(lines + ["", ""]).encode() + self.body


def json_answer(value, status=200, **how):
    """An Answer of JSON, as a token endpoint gives (RFC 6749 5.1)."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store",
               **how.pop("headers", {})}
    return Answer(status, json.dumps(value).encode(), headers, **how)


class HttpsServer(Listener):
    def __init__(self, leaf=None, answers=None, context=None, tls=True,
                 address="127.0.0.1", port=0):
        """Without tls it is plain HTTP."""
        super().__init__(self._play, address, port)
        self.requests = []
        self._context = context or (leaf.context() if leaf else None)
        self._tls = tls
        self._answers = {}
        for key, answer in (answers or {}).items():
            self.answer(key, answer)

    def answer(self, key, answer):
        """Sets or replaces what is answered to "METHOD /path", "/path", "*"."""
        self._answers[key] = (
            itertools.chain(answer, itertools.repeat(answer[-1]))
            if isinstance(answer, list) else itertools.repeat(answer))

    def url(self, path="/", host="localhost"):
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def _play(self, wire):
        if self._tls:
            wire.start_tls(self._context)
        while True:
            request = read_request(wire)
            self.requests.append(request)
            self._say(wire, self._find(request))

    def _find(self, request):
        for key in (f"{request.method} {request.path}", request.path, "*"):
            if key in self._answers:
                answer = next(self._answers[key])
                return answer(request) if callable(answer) else answer
        return Answer(404)

    @staticmethod
    def _say(wire, answer):
        if answer.hold:
            while not answer.hold.is_set():
                wire.sleep(0.01)
        if answer.delay:
            wire.sleep(answer.delay)
        if answer.silent:
            wire.hang()
        if answer.reset:
            wire.reset()
        if answer.cut:
            wire.send_cut(answer.bytes())
        wire.send(answer.bytes())
        if answer.raw is not None:
            wire.goodbye()


def read_request(wire):
    """The next request. Over when the client is done."""
    head = wire.until(b"\r\n\r\n").decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3:
        raise Over(f"no request: {first!r}")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = wire.read(int(headers.get("content-length", 0)))
    return Request(parts[0], parts[1], headers, body)
