# SPDX-License-Identifier: MIT
"""A queue that something goes wrong with, and the promise that it must keep:

Each recipient of a message that was accepted is sent to exactly once; or it is
unknown whether the message arrived, and it is not sent again; or the server
refused it. Never is it sent twice, lost, or reported as sent without the
server's word.

A message is known by its Message-ID. A recipient "never..." is refused by the
server, "later..." gets a 450 until the run that repairs all.
"""
import collections
import dataclasses
import json
import re
import shutil

from callers.crash_points import require

ACCOUNTS = """\
account {name} {{
	host = 127.0.0.1
	port = {port}
	tls = none
	from = {name}@example.test
	retries = 0
	timeout = 5s
	queue-start = {start}
}}
"""
MESSAGE_ID = re.compile(rb"^Message-ID: (<.*>)\r$", re.M)


@dataclasses.dataclass(frozen=True)
class Letter:
    """One message of a scenario. number: what its Message-ID has."""
    number: int
    to: tuple = ("you@example.org",)
    account: str = "one"
    size: int = 10

    @property
    def id(self):
        return f"<letter{self.number}@example.test>"

    @property
    def text(self):
        return (f"From: {self.account}@example.test\nTo: you@example.org\n"
                f"Subject: {self.number}\nMessage-ID: {self.id}\n\n".encode()
                + b"0123456789\n" * (self.size // 10))

    @property
    def arguments(self):
        return ["-odq", "-a", self.account, *self.to]


THREE = ("a@example.org", "b@example.org", "c@example.org")
ONE = (Letter(1),)
SEVERAL = (Letter(1, THREE), Letter(2), Letter(3, THREE))
TWO_ACCOUNTS = (Letter(1), Letter(2, THREE, "two"), Letter(3),
                Letter(4, account="two"))
MIXED = (Letter(1, ("a@example.org", "later@example.org",
                    "never@example.org")), Letter(2))
LATER = "451 4.3.0 later"


class QueueTrial:
    starts = "no"  # what sends in the background

    def __init__(self, mail, directory):
        self.mail, self.server = mail, mail.server
        self.trace = directory / "trace"
        self.state = mail.postrider.home / ".local/state/postrider"
        self.path = self.state / "queue"
        self._kept = directory / "kept"
        self._arrived = []
        mail.postrider.configure("".join(
            ACCOUNTS.format(name=name, port=mail.server.port, start=self.starts)
            for name in ("one", "two")))

    # ---- what is there before ----------------------------------------------

    def prepare(self, letters, extensions=None):
        """Queues the letters; keep() then makes this the beginning of each
        trial."""
        if extensions is not None:
            self.server.extensions = extensions
        self.forget()
        self.server_answers({})
        for letter in letters:
            done = self.command(*letter.arguments, input=letter.text)
            assert (done.status, done.out, done.err) == (0, "", "")
        self.keep()

    def forget(self):
        shutil.rmtree(self.state, ignore_errors=True)
        self.server.messages.clear()

    def keep(self):
        self.server.wait_until_idle()
        shutil.rmtree(self._kept, ignore_errors=True)
        if self.state.exists():
            shutil.copytree(self.state, self._kept)
        self._arrived = list(self.server.messages)

    def restore(self):
        self.server.wait_until_idle()
        self.server.wires.clear()
        shutil.rmtree(self.state, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, self.state)
        self.server.messages[:] = self._arrived

    def server_answers(self, answers):
        """answers: the fault of each step, as SubmissionServer has them."""
        for step in ("mail", "rcpt", "data", "bdat", "body", "dot"):
            self.server.fail(step, answers.get(step))
        self.server.fail("rcpt", answers.get("rcpt", refuse_never))

    # ---- the program --------------------------------------------------------

    def command(self, *words, input=b"", **how):
        return self.mail.run(*words, input=input, timeout=120, **how)

    def states(self):
        """(Message-ID, recipient) -> the word for its state, of all that is
        in the queue."""
        done = self.command("queue", "list", "--json")
        require((done.status, done.err) == (0, ""), f"list: {done}")
        return {(message["message_id"], one["address"]): one["status"]
                for message in json.loads(done.out)
                for one in message["recipients"]}

    def ids(self):
        """The ID in the queue of each Message-ID."""
        return {message["message_id"]: message["id"] for message in
                json.loads(self.command("queue", "list", "--json").out)}

    def make_due(self):
        for path in self.path.glob("*.state"):
            path.write_bytes(re.sub(rb"(?m)^next .*$", b"next 0",
                                    path.read_bytes()))

    def run_without_fault(self):
        self.server_answers({})
        self.make_due()
        done = self.command("queue", "run")
        require(done.status in (0, 67), f"a run afterwards: {done}")
        require("never" in done.err or done.err == "",
                f"a run afterwards: {done.err}")
        self.server.wait_until_idle()

    # ---- the promise --------------------------------------------------------

    def accepted_by_server(self):
        """How often each (Message-ID, recipient) was accepted."""
        self.server.wait_until_idle()
        return collections.Counter(
            (MESSAGE_ID.search(message.data)[1].decode(), address)
            for message in self.server.messages for address in message.to)

    def check(self, letters, dropped=(), most=1):
        """Recovers, and holds the promise against what became of letters.
        dropped: Message-IDs that may be gone. most: how often a message may
        have been sent by now. Returns the final state of each recipient, "sent"
        where the message is no more in the queue."""
        self.states()
        self.run_without_fault()
        final = self._check_now(letters, dropped, most)
        unknown = {id for (id, _), word in final.items() if word == "unknown"}
        if unknown:
            before = self.accepted_by_server()
            self.run_without_fault()
            require(self.accepted_by_server() == before, "sent again by itself")
            self._resend(unknown)
            self._check_now(letters, dropped, most + 1)
        return final

    def _check_now(self, letters, dropped, most):
        states, accepted = self.states(), self.accepted_by_server()
        wanted = {(letter.id, to) for letter in letters for to in letter.to}
        require(set(accepted) <= wanted and set(states) <= wanted,
                f"out of nowhere: {set(accepted) | set(states) - wanted}")
        final = {}
        for letter in letters:
            is_gone = letter.id not in {id for id, _ in states}
            for to in letter.to:
                word = "sent" if is_gone else states[letter.id, to]
                if not (is_gone and letter.id in dropped):
                    check_one(word, to, accepted[letter.id, to], most)
                require(accepted[letter.id, to] <= most,
                        f"{to}: sent {accepted[letter.id, to]} times")
                final[letter.id, to] = word
        return final

    def _resend(self, unknown):
        ids = self.ids()
        for message_id in unknown:
            done = self.command("queue", "resend", ids[message_id])
            require((done.status, done.err) == (0, ""), f"resend: {done}")
        self.run_without_fault()
        require("unknown" not in self.states().values(), "unknown after resend")


def check_one(word, to, count, most):
    """count: how often the server accepted it."""
    expected = {
        "sent": not to.startswith("never") and 1 <= count <= most,
        "unknown": count <= most,
        "refused": to.startswith("never") and count == 0}
    require(expected.get(word, False),
            f"{to} is {word}; the server accepted it {count} times")


# ---- what the server says ---------------------------------------------------

def refuse_never(session, line):
    return "550 5.1.1 no such user" if b"<never" in line else None


def postpone_later(session, line):
    return ("450 4.2.1 later" if b"<later" in line
            else refuse_never(session, line))
