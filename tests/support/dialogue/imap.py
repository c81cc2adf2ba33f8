# SPDX-License-Identifier: MIT
"""A small IMAP server (RFC 3501, RFC 6154) with mailboxes of header texts."""
import base64
import re

from dialogue.server import Listener
from dialogue.wire import Over

USERS = {"alice": "secret"}


class ImapServer(Listener):
    def __init__(self, leaf=None, tls="implicit", replies=None, users=USERS,
                 tokens=None, mailboxes=None, attributes="asked",
                 mechanisms=("PLAIN",), context=None):
        """mailboxes: name -> a list of headers, each a text; the first one has
        the attribute \\Sent. attributes: shown "always", only when "asked"
        for, or "never". tokens: user -> access token. replies: what takes the
        place of the friendly reply to a command, or of "greeting"; a text with
        TAG in it, or a function of the wire that does something else."""
        super().__init__(self._play_session)
        self.tls = tls
        self.context = context or (leaf.context() if leaf else None)
        self.replies = replies or {}
        self.users = users
        self.tokens = tokens or {}
        self.mailboxes = {"Sent": []} if mailboxes is None else mailboxes
        self.attributes = attributes
        self.mechanisms = mechanisms
        self.commands = []  # of all connections, without tags
        self.signed_in = []  # (user, mechanism)

    def _play_session(self, wire):
        secure = self.tls == "implicit"
        mailbox = None
        if secure:
            wire.start_tls(self.context)
        self._say(wire, "greeting", "", "* OK ready")
        while True:
            line = wire.line().decode("utf-8", "replace").rstrip("\r\n")
            tag, _, command = line.partition(" ")
            verb = command.split(" ")[0].upper()
            self.commands.append(command)
            done = f"TAG OK {verb} done"
            if verb == "CAPABILITY":
                words = ["IMAP4rev1", "SPECIAL-USE", "LOGINDISABLED"]
                words += [f"AUTH={name}" for name in self.mechanisms]
                words += [] if secure else ["STARTTLS"]
                self._say(wire, verb, tag, f"* CAPABILITY {' '.join(words)}",
                          done)
            elif verb == "STARTTLS":
                self._say(wire, verb, tag, done)
                wire.start_tls(self.context)
                secure = True
            elif verb == "AUTHENTICATE":
                self._authenticate(wire, tag, command.split(" ")[1])
            elif verb == "LIST":
                self._say(wire, verb, tag, *self._list(command), done)
            elif verb == "EXAMINE":
                mailbox = self._mailbox(command)
                self._say(wire, verb, tag, *(
                    ["TAG NO there is no such mailbox"] if mailbox is None else
                    [f"* {len(mailbox)} EXISTS", "TAG OK [READ-ONLY] done"]))
            elif verb in ("SEARCH", "FETCH") and mailbox is None:
                self._say(wire, verb, tag, "TAG BAD no mailbox is open")
            elif verb == "SEARCH":
                found = [number for number, header in enumerate(mailbox, 1)
                         if self._matches(command, header)]
                self._say(wire, verb, tag, " ".join(
                    ["* SEARCH", *map(str, found)]), done)
            elif verb == "FETCH":
                self._fetch(wire, verb, tag, command, mailbox)
            elif verb == "LOGOUT":
                self._say(wire, verb, tag, "* BYE", done)
                wire.goodbye()
            else:
                self._say(wire, verb, tag, "TAG BAD what?")

    def _authenticate(self, wire, tag, mechanism):
        if "AUTHENTICATE" in self.replies:
            return self._say(wire, "AUTHENTICATE", tag)
        wire.send(b"+ \r\n")
        response = base64.b64decode(wire.line()).decode()
        if mechanism == "PLAIN":
            _, user, secret = response.split("\0")
            fits = self.users.get(user) == secret
        else:
            user = re.search("(?:user=|a=)([^\1,]*)", response)[1]
            fits = f"Bearer {self.tokens.get(user)}\1" in response
        if fits:
            self.signed_in.append((user, mechanism))
            return self._say(wire, "sign-in", tag, "TAG OK welcome")
        if mechanism != "PLAIN":
            wire.send(b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n")
            wire.line()
        return self._say(wire, "sign-in", tag,
                         "TAG NO [AUTHENTICATIONFAILED] not you")

    def _list(self, command):
        asked = "SPECIAL-USE" in command
        shown = (self.attributes == "always"
                 or (self.attributes == "asked" and asked))
        for number, name in enumerate(self.mailboxes):
            flags = "\\HasNoChildren" + (
                " \\Sent" if shown and number == 0 else "")
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            yield f'* LIST ({flags}) "/" "{quoted}"'

    def _mailbox(self, command):
        quoted = command.partition(" ")[2][1:-1]
        return self.mailboxes.get(re.sub(r"\\(.)", r"\1", quoted))

    @staticmethod
    def _matches(command, header):
        return any(re.search(rf"(?im)^{name}: .*{re.escape(text)}", header)
                   for name, text in re.findall(
                       r'HEADER (\S+) "((?:[^"\\]|\\.)*)"', command))

    def _fetch(self, wire, verb, tag, command, mailbox):
        lines = []
        for number in command.split(" ")[1].split(","):
            header = mailbox[int(number) - 1]
            fields = "".join(re.findall(
                r"(?im)^received:.*\n(?:[ \t].*\n)*", header)).replace(
                    "\n", "\r\n") + "\r\n"
            lines.append(f"* {number} FETCH (BODY[HEADER.FIELDS (RECEIVED)] "
                         f"{{{len(fields)}}}\r\n{fields})")
        self._say(wire, verb, tag, *lines, "TAG OK done")

    def _say(self, wire, step, tag, *friendly):
        reply = self.replies.get(step, "\r\n".join(friendly))
        if callable(reply):
            reply(wire)
            raise Over(step)
        wire.send(reply.replace("TAG", tag).encode() + b"\r\n")
