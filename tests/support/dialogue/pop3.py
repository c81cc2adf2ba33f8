# SPDX-License-Identifier: MIT
"""A small POP3 server that accepts or refuses sign-ins."""
from dialogue.server import Listener
from dialogue.wire import Over

USERS = {"alice": "secret"}


class Pop3Server(Listener):
    def __init__(self, leaf=None, tls="implicit", replies=None, users=USERS,
                 context=None, offers_stls=True):
        """tls: starttls or implicit. replies: what takes the place of the
        friendly reply to a command, or of "greeting"; a text, or a function
        of the wire that does something else."""
        super().__init__(self._play_session)
        self.tls = tls
        self.context = context or (leaf.context() if leaf else None)
        self.replies = replies or {}
        self.users = users
        self.offers_stls = offers_stls
        self.commands = []  # of all connections: the verbs alone
        self.signed_in = []

    def _play_session(self, wire):
        secure = self.tls == "implicit"
        user = None
        if secure:
            wire.start_tls(self.context)
        self._say(wire, "greeting", "+OK ready")
        while True:
            line = wire.line().decode("utf-8", "replace")
            words = line.rstrip("\r\n").split(" ")
            verb = words[0].upper()
            self.commands.append(verb)
            if verb == "CAPA":
                lines = ["+OK", "USER"]
                if self.offers_stls and not secure:
                    lines.append("STLS")
                self._say(wire, verb, "\r\n".join([*lines, "."]))
            elif verb == "STLS":
                self._say(wire, verb, "+OK go ahead")
                wire.start_tls(self.context)
                secure = True
            elif verb == "USER":
                user = words[1]
                self._say(wire, verb, "+OK and now?")
            elif verb == "PASS" and self.users.get(user) == words[1]:
                self.signed_in.append(user)
                self._say(wire, verb, "+OK welcome")
            elif verb == "PASS":
                self._say(wire, verb, "-ERR [AUTH] no such password")
            elif verb == "QUIT":
                self._say(wire, verb, "+OK bye")
                wire.goodbye()
            else:
                self._say(wire, verb, "+OK")

    def _say(self, wire, step, friendly):
        reply = self.replies.get(step, friendly)
        if callable(reply):
            reply(wire)
            raise Over(step)
        wire.send(reply.encode() + b"\r\n")
