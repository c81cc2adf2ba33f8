# SPDX-License-Identifier: MIT
"""A complete submission server that accepts everything, except for the faults
that a test adds.

    with SubmissionServer(ca.server, faults={"rcpt": "450 4.2.1 busy"}) as s:

A fault takes the place of one reply. It is a reply as text ("\\n" between
lines; CRLF is added), bytes to be sent as they are, a function of (session,
line) that gives one of these or None for the friendly reply or does something
else (faults.py has the usual ones), or a list of them, one for each time the
step is reached; after its last the server is friendly again.
"""
import base64
import dataclasses
import itertools

from dialogue.server import Listener
from dialogue.wire import Over

STEPS = ("greeting", "ehlo", "starttls", "handshake", "ehlo-tls", "auth-round",
         "auth", "mail", "rcpt", "data", "bdat", "body", "dot", "quit")
EXTENSIONS = ("PIPELINING", "SIZE 20971520", "8BITMIME", "SMTPUTF8", "DSN",
              "CHUNKING", "ENHANCEDSTATUSCODES")
MECHANISMS = ("PLAIN", "LOGIN")
USERS = {"alice": "secret", "bob": "secret"}


@dataclasses.dataclass
class Message:
    """One message, as it came."""
    sender: str
    sender_parameters: list
    recipients: list  # (address, [parameter, ...])
    data: bytes  # dots unstuffed
    wire: bytes  # as it came, with the lone dot
    user: str
    chunked: bool

    @property
    def to(self):
        return [address for address, _ in self.recipients]


class SubmissionServer(Listener):
    def __init__(self, leaf=None, tls="starttls", faults=None, users=None,
                 extensions=EXTENSIONS, mechanisms=MECHANISMS, token=None,
                 context=None, split=False, address="127.0.0.1", port=0):
        """tls: starttls (before it nothing is allowed), implicit or none."""
        super().__init__(self._play_session, address, port)
        self.tls = tls
        self.extensions = extensions
        self.mechanisms = mechanisms
        self.users = USERS if users is None else users
        self.token = token  # for XOAUTH2 and OAUTHBEARER
        self.messages = []  # those that were accepted
        self.arrived = []  # those that came whole, whatever was answered
        self.context = context or (leaf.context() if leaf else None)
        self.authenticate = dict(AUTHENTICATE)  # name -> (session, initial)
        self._split = split
        self._faults = {}
        for step, fault in (faults or {}).items():
            self.fail(step, fault)

    def fail(self, step, fault=None):
        """Sets the fault of a step; None: it is friendly from now on."""
        assert step in STEPS, step
        self._faults[step] = (iter(fault) if isinstance(fault, list)
                              else itertools.repeat(fault))

    @property
    def commands(self):
        """The commands of all connections, as text without line ends."""
        return [line for wire in self.wires for line in wire.commands]

    def fault(self, step, session, line):
        fault = next(self._faults.get(step, iter(())), None)
        return fault(session, line) if callable(fault) else fault

    def _play_session(self, wire):
        wire.commands = []
        wire.split = self._split
        Session(self, wire).run()


class Session:
    """One connection's state."""

    def __init__(self, server, wire):
        self.server = server
        self.wire = wire
        self.secure = server.tls == "none"
        self.user = None
        self._forget()

    def _forget(self):
        self.sender = None
        self.recipients = []
        self.chunks = bytearray()

    def run(self):
        if self.server.tls == "implicit":
            self._handshake()
        if self.reply("greeting", "220 mail.example.test ESMTP ready") != 2:
            raise Over("greeting")
        while True:
            line = self.wire.line()
            text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
            self.wire.commands.append(text)
            verb, _, rest = text.partition(" ")
            command = COMMANDS.get(verb.upper())
            if command:
                command(self, rest, line)
            else:
                self.say("500 5.5.2 what?")

    def say(self, answer):
        data = answer
        if isinstance(answer, str):
            data = answer.replace("\n", "\r\n").encode() + b"\r\n"
        self.wire.send(data)
        if data.startswith(b"421"):
            self.wire.goodbye()

    def reply(self, step, friendly, line=b""):
        """Answers and returns the first digit of the answer."""
        answer = self.answer(step, friendly, line)
        self.say(answer)
        return first_digit(answer)

    def answer(self, step, friendly, line):
        answer = self.server.fault(step, self, line)
        return friendly if answer is None else answer

    # ---- commands ----------------------------------------------------------

    def ehlo(self, rest, line):
        self._forget()
        step = "ehlo-tls" if self.wire.tls_version else "ehlo"
        words = ["mail.example.test greets you", *self.server.extensions]
        if self.server.tls == "starttls" and not self.secure:
            words.append("STARTTLS")
        elif self.server.mechanisms:
            words.append("AUTH " + " ".join(self.server.mechanisms))
        self.reply(step, multiline("250", words), line)

    def helo(self, rest, line):
        self.say("250 mail.example.test")

    def starttls(self, rest, line):
        if self.reply("starttls", "220 2.0.0 go ahead", line) == 2:
            self._handshake()
            self.user = None
            self._forget()

    def _handshake(self):
        self.server.fault("handshake", self, b"")
        self.wire.start_tls(self.server.context)
        self.secure = True

    def auth(self, rest, line):
        if not self.secure:
            return self.say("538 5.7.11 encryption needed")
        words = rest.split(" ")
        mechanism = words[0].upper()
        if mechanism not in self.server.mechanisms:
            return self.say("504 5.5.4 no such mechanism")
        initial = words[1] if len(words) > 1 else None
        user = self.server.authenticate[mechanism](self, initial)
        friendly = ("235 2.7.0 welcome" if user
                    else "535 5.7.8 authentication credentials invalid")
        if self.reply("auth", friendly, line) == 2:
            self.user = user

    def mail(self, rest, line):
        if not self.secure:
            return self.say("530 5.7.0 must issue a STARTTLS command first")
        if self.server.mechanisms and not self.user:
            return self.say("530 5.7.0 authentication required")
        address, parameters = path(rest)
        if self.reply("mail", "250 2.1.0 sender ok", line) == 2:
            self._forget()
            self.sender, self.sender_parameters = address, parameters

    def rcpt(self, rest, line):
        if self.sender is None:
            return self.say("503 5.5.1 MAIL first")
        if self.reply("rcpt", "250 2.1.5 recipient ok", line) == 2:
            self.recipients.append(path(rest))

    def data(self, rest, line):
        if not self.recipients:
            return self.say("503 5.5.1 RCPT first")
        if self.reply("data", "354 go ahead", line) != 3:
            return
        self._body_may_fail()
        # The CRLF of the DATA line is the one before the first line's dot.
        wire = self.wire.until(b"\r\n.\r\n", before=b"\r\n")
        content = wire[:-3].replace(b"\r\n.", b"\r\n")
        self._arrive(content[2:], wire[2:], False, line)

    def bdat(self, rest, line):
        words = rest.split()
        last = words[1:] and words[1].upper() == "LAST"
        if self.chunks == b"":
            self._body_may_fail(int(words[0]))
        self.chunks += self.wire.read(int(words[0]))
        if not self.recipients:
            self._forget()
            return self.say("503 5.5.1 RCPT first")
        if last:
            chunks = bytes(self.chunks)
            return self._arrive(chunks, chunks, True, line)
        if self.reply("bdat", f"250 2.0.0 {words[0]} octets", line) != 2:
            self._forget()

    def _body_may_fail(self, size=1):
        """A fault in the body comes when its first byte is there."""
        if size:
            self.wire.peek()
        early = self.server.fault("body", self, b"")
        if early is not None:
            self.say(early)
            self.wire.goodbye()

    def _arrive(self, content, wire, chunked, line):
        message = Message(self.sender, self.sender_parameters, self.recipients,
                          content, wire, self.user, chunked)
        self._forget()
        self.server.arrived.append(message)
        queued = f"250 2.0.0 queued as {len(self.server.arrived)}"
        answer = self.answer("dot", queued, line)
        # Before it is said: the client may be gone a moment later.
        if first_digit(answer) == 2:
            self.server.messages.append(message)
        self.say(answer)

    def rset(self, rest, line):
        self._forget()
        self.say("250 2.0.0 ok")

    def noop(self, rest, line):
        self.say("250 2.0.0 ok")

    def quit(self, rest, line):
        self.reply("quit", "221 2.0.0 bye", line)
        self.wire.goodbye()

    # ---- AUTH --------------------------------------------------------------

    def challenge(self, text):
        """Sends a challenge; the client's answer, decoded, None if '*'."""
        words = "334 " + base64.b64encode(text.encode()).decode()
        if self.reply("auth-round", words) != 3:
            return None
        return decode(self.wire.line().decode().strip())

    def plain(self, initial):
        answer = decode(initial) if initial else self.challenge("")
        _, user, password = ((answer or "").split("\0") + ["", "", ""])[:3]
        return user if self.knows(user, password) else None

    def login(self, initial):
        user = decode(initial) if initial else self.challenge("Username:")
        password = self.challenge("Password:") if user else None
        return user if self.knows(user, password) else None

    def external(self, initial):
        if initial is None:
            self.challenge("")
        return self.wire.peer_name

    def bearer(self, initial):
        answer = decode(initial) if initial else self.challenge("")
        fields = (answer or "").split("\1")
        if f"auth=Bearer {self.server.token}" in fields:
            name = fields[0].removeprefix("n,").removeprefix("a=")
            return name.removeprefix("user=").rstrip(",") or None
        self.challenge('{"status":"invalid_token"}')
        return None

    def knows(self, user, password):
        return bool(password) and self.server.users.get(user) == password


COMMANDS = {
    "EHLO": Session.ehlo, "HELO": Session.helo, "STARTTLS": Session.starttls,
    "AUTH": Session.auth, "MAIL": Session.mail, "RCPT": Session.rcpt,
    "DATA": Session.data, "BDAT": Session.bdat, "RSET": Session.rset,
    "NOOP": Session.noop, "QUIT": Session.quit,
}
AUTHENTICATE = {
    "PLAIN": Session.plain, "LOGIN": Session.login,
    "EXTERNAL": Session.external, "XOAUTH2": Session.bearer,
    "OAUTHBEARER": Session.bearer,
}


def multiline(code, words):
    return "\n".join([f"{code}-{word}" for word in words[:-1]]
                     + [f"{code} {words[-1]}"])


def first_digit(answer):
    digit = answer[:1]
    if isinstance(digit, bytes):
        digit = digit.decode("latin-1")
    return int(digit) if digit in ("2", "3", "4", "5") else 0


def path(text):
    """'FROM:<a@b> SIZE=1' as ('a@b', ['SIZE=1'])."""
    _, _, rest = text.partition(":")
    address, _, parameters = rest.strip().rpartition(">")
    return address.removeprefix("<"), parameters.split()


def decode(text):
    if text == "*":
        return None
    if text == "=":
        return ""
    return base64.b64decode(text).decode("utf-8", "backslashreplace")
