# SPDX-License-Identifier: MIT
"""Whole tasks of the programs, with what must be true after each, whatever the
system refused meanwhile: memory, descriptors, the disk.

A Job has a home with a configuration, a directory of stored credentials and
the servers that it needs. prepare() brings all of it into the state before a
run; judge(outcome) looks at what the run left.
"""
import dataclasses
import re

from callers.credential import BUILD, LATER, PROGRAM, TRY_AGAIN, Keeper, Rotating
from dialogue.submission import COMMANDS, SubmissionServer

PASSWORD = "correct-horse-battery"
MESSAGE = (b"From: alice@example.test\nTo: bob@example.test\n"
           b"Subject: x\n\nbody\n")
# More than is held in memory, so that a temporary file takes it.
BIG_MESSAGE = MESSAGE + (b"0123456789abcdef" * 4 + b"\n") * 20000
STATUSES = {0, *range(64, 79), TRY_AGAIN, LATER}
TEMPORARY_FILE = re.compile(r"\.\w{6}$")
SECRETS = (PASSWORD, "refresh-", "access-", "client-secret")


@dataclasses.dataclass
class Outcome:
    """status: -N when signal N ended it. left: processes that it left."""
    status: int
    out: str
    err: str
    left: list = dataclasses.field(default_factory=list)
    hears: bool = True  # standard error was open


class Job:
    program = BUILD / "postrider"
    stdin = b""
    auth = "plain"
    tokens = False
    status = 0  # of a run that nothing disturbs
    shortage = {71}  # of a run without memory or descriptors
    is_strict = True  # about what no code of ours can prevent
    shows = ()  # secrets that the run may write to standard output

    def __init__(self, directory, ca):
        self.keeper = Keeper(directory, ca)
        self.home = self.keeper.home
        self.env = self.keeper.env
        self.ca = ca
        self.endpoint = Rotating(ca.server) if self.tokens else None
        self.server = SubmissionServer(
            self.leaf(), users={"alice": PASSWORD},
            mechanisms=("XOAUTH2",) if self.tokens else ("PLAIN",),
            token="access-1")

    def leaf(self):
        """The server's certificate."""
        return self.ca.server

    def __enter__(self):
        self.server.__enter__()
        if self.endpoint:
            self.endpoint.__enter__()
        return self

    def __exit__(self, *failure):
        if self.endpoint:
            self.endpoint.__exit__(*failure)
        self.server.__exit__(*failure)

    @property
    def config(self):
        return self.home / "config"

    @property
    def entry(self):
        if self.tokens:
            return self.keeper.entry_file()
        return self.keeper.vault / "smtp-alice@localhost"

    def command(self):
        return [str(self.program), *self.words()]

    def account(self):
        more = ""
        if self.tokens:
            more = ('\tclient-id = client-of-a\n\tauth = xoauth2\n'
                    f'\ttoken-trust-file = "{self.ca.pem}"\n'
                    "\tprovider = op\n")
        return (f"account a {{\n{more}\thost = localhost\n"
                f'\tport = {self.server.port}\n\tuser = alice\n'
                f'\ttls-trust-file = "{self.ca.pem}"\n'
                "\tfrom = alice@example.test\n\tfull-name = Alice\n"
                f'\tcredential-folder = "{self.keeper.vault}"\n'
                "\tcredential-encrypt = plain-text\n"
                "\tretries = 1\n\tretry-delay = 10ms\n\ttimeout = 5s\n"
                "\tqueue = no\n}\n")

    def configuration(self):
        if not self.tokens:
            return self.account()
        self.keeper.server = self.endpoint
        return self.keeper.provider() + self.account()

    def entries(self):
        """Stores what an earlier run would have stored."""
        if self.tokens:
            self.keeper.keep()
        else:
            self.entry.write_text(f"username=alice\npassword={PASSWORD}\n\n")
            self.entry.chmod(0o600)

    def prepare(self):
        self.server.messages.clear()
        self.server.arrived.clear()
        self.server.wires.clear()
        if self.endpoint:
            self.endpoint.requests.clear()
            self.endpoint.number = 0
            self.endpoint.good = "refresh-0"
        self.keeper.vault.mkdir(mode=0o700, exist_ok=True)
        for path in self.files():
            path.unlink()
        self.config.write_text(self.configuration())
        self.config.chmod(0o600)
        self.entries()
        self.before = self.contents()

    def files(self):
        """Below home, but for what the test itself keeps there."""
        return [path for path in self.home.rglob("*") if path.is_file()
                and self.keeper.browser not in path.parents]

    def contents(self):
        return {path: path.read_bytes() for path in self.files()}

    # ---- after a run -------------------------------------------------------

    def judge(self, outcome):
        assert outcome.status in STATUSES, outcome
        assert outcome.left == [], outcome
        if outcome.status != 0 and outcome.hears:
            assert f"{self.program.name}: " in outcome.err, outcome
        for secret in SECRETS:
            assert secret not in outcome.err, outcome
            assert secret in self.shows or secret not in outcome.out, outcome
        for path in self.files():
            assert not TEMPORARY_FILE.search(path.name), path
        # Output that reached a socket would be there.
        for line in self.server.commands:
            assert line.split(" ")[0] in COMMANDS, line
        self.judge_work(outcome)

    def judge_unchanged(self, *but):
        after = self.contents()
        for path, text in self.before.items():
            assert path in but or after.get(path) == text, path
        for path in set(after) - set(self.before):
            assert path in but or is_lock(path), path

    def judge_sent(self, outcome):
        """Accepted once, or reported as failed."""
        accepted = len(self.server.messages)
        assert len(self.server.arrived) <= 1, outcome
        if outcome.status == 0:
            assert accepted == 1, outcome
        elif accepted == 1:
            assert "may have" in outcome.err or not outcome.hears, outcome

    def judge_tokens(self, outcome):
        """A sign-in that was good is good. A library may lose the answer."""
        kept = self.keeper.kept()["oauth_refresh_token"]
        if self.is_strict or outcome.status == 0:
            assert kept == self.endpoint.good, outcome
        else:
            assert kept in (self.endpoint.good, "refresh-0"), outcome


def is_lock(path):
    """Those of directories and keyrings are named by a hash."""
    return bool(re.fullmatch("[0-9a-f]{64}", path.name)
                or path.parts[-2:] == ("locks", "configuration"))


class Send(Job):
    """A message, with a stored password."""
    stdin = MESSAGE

    def words(self):
        return ["-C", str(self.config), "-a", "a", "--", "bob@example.test"]

    def judge_work(self, outcome):
        self.judge_sent(outcome)
        self.judge_unchanged()


class SendToImpostor(Send):
    """A message, to a server whose certificate is of another authority."""
    status = 76

    def leaf(self):
        return self.ca.odd("other-ca")

    def judge_work(self, outcome):
        assert outcome.status != 0, outcome
        assert not any(line.startswith(("AUTH", "MAIL"))
                       for line in self.server.commands), outcome
        self.judge_unchanged()


class SendBig(Send):
    """A message that is too long to be kept in memory."""
    stdin = BIG_MESSAGE


class Compose(Send):
    """A message that is written first, with a file."""
    stdin = "Größe\n".encode()

    def entries(self):
        super().entries()
        (self.home / "file.txt").write_text("content\n")

    def words(self):
        return ["send", "-C", str(self.config), "-a", "a", "--subject",
                "Größe", "--attach", str(self.home / "file.txt"),
                "bob@example.test"]

    def judge_work(self, outcome):
        super().judge_work(outcome)
        for message in self.server.messages:
            assert b"Y29udGVudAo=" in message.data  # "content\n"


class Serve(Job):
    """A dialogue with two messages, which the client sends ahead."""
    shortage = {66, 71}  # a message that was refused at DATA
    to = {b"one": {"bob@example.test", "ops@example.test"},
          b"two": {"eve@example.test"}}
    stdin = b"\r\n".join([
        b"EHLO client.example", b"MAIL FROM:<alice@example.test> RET=HDRS",
        b"RCPT TO:<bob@example.test> NOTIFY=NEVER ORCPT=rfc822;b@example.test",
        b"RCPT TO:<ops@example.test>", b"DATA",
        MESSAGE.replace(b": x", b": one").replace(b"\n", b"\r\n") + b".",
        b"MAIL FROM:<alice@example.test>", b"RCPT TO:<eve@example.test>",
        b"DATA",
        BIG_MESSAGE.replace(b": x", b": two").replace(b"\n", b"\r\n") + b".",
        b"QUIT", b""])

    def words(self):
        return ["-C", str(self.config), "-a", "a", "-bs"]

    def judge_work(self, outcome):
        """Each at most once, to those who were named, and as the replies
        say."""
        found = [re.search(rb"^Subject: (\w+)", message.data, re.M)[1]
                 for message in self.server.arrived]
        assert len(set(found)) == len(found), outcome
        for name, message in zip(found, self.server.arrived):
            assert set(message.to) <= self.to[name], outcome
        told = outcome.out.count("\n250 2.0.0 ")
        assert told <= len(self.server.messages), outcome
        assert (told == len(self.server.messages) or outcome.status != 0
                or "may have" in outcome.out), outcome
        self.judge_unchanged()


class SendByToken(Send):
    """A message, with a token that has to be renewed."""
    tokens = True

    def judge_work(self, outcome):
        self.judge_sent(outcome)
        self.judge_tokens(outcome)
        self.judge_unchanged(self.entry)


class Check(Job):
    """check, with a stored password."""

    def words(self):
        return ["check", "-C", str(self.config), "a"]

    def judge_work(self, outcome):
        assert self.server.arrived == []
        if outcome.status == 0:
            assert "AUTH PLAIN" in " ".join(self.server.commands)
        self.judge_unchanged()


class Login(Job):
    """login by password, which adds the account to the configuration."""
    stdin = PASSWORD.encode() + b"\n"

    def words(self):
        return ["login", "-C", str(self.config), "--host=localhost",
                f"--port={self.server.port}", "--user=alice", "--timeout=5s",
                f"--tls-trust-file={self.ca.pem}",
                f"--credential-folder={self.keeper.vault}",
                "--credential-encrypt=plain-text", "alice@example.test"]

    def configuration(self):
        return "# of the user\n"

    def entries(self):
        pass

    def judge_work(self, outcome):
        text = self.config.read_text()
        is_written = "account alice@example.test {" in text
        is_stored = (self.entry.exists()
                     and f"password={PASSWORD}\n" in self.entry.read_text())
        assert text.startswith("# of the user\n")
        assert is_written or text == "# of the user\n", text
        assert is_stored or not self.entry.exists()
        if outcome.status == 0:
            assert is_written and is_stored, outcome
        # What is written last proves the rest.
        assert is_stored or not is_written, outcome
        self.judge_unchanged(self.config, self.entry)


class KeeperJob(Job):
    program = PROGRAM

    def words(self):
        return [f"--config={self.config}", "--account=a", self.operation]


class Get(KeeperJob):
    operation = "get"
    shows = (PASSWORD,)
    stdin = b"protocol=smtp\nhost=localhost\nusername=alice\n\n"

    def judge_work(self, outcome):
        if outcome.status == 0 and outcome.out:
            assert f"password={PASSWORD}\n" in outcome.out, outcome
        self.judge_unchanged()


class Store(KeeperJob):
    operation = "store"
    stdin = Get.stdin[:-1] + b"password=another\n\n"

    def judge_work(self, outcome):
        if outcome.status == 0:
            assert "password=another\n" in self.entry.read_text(), outcome
        else:
            self.judge_unchanged()


class Erase(KeeperJob):
    operation = "erase"
    stdin = Get.stdin[:-1] + f"password={PASSWORD}\n\n".encode()

    def judge_work(self, outcome):
        if outcome.status == 0:
            assert not self.entry.exists(), outcome
        self.judge_unchanged(self.entry)
        assert outcome.status == 0 or self.entry.exists()


class Renew(KeeperJob):
    """A token whose access token is over is asked for."""
    operation = "get"
    tokens = True
    shows = ("access-",)
    stdin = Get.stdin

    def judge_work(self, outcome):
        self.judge_tokens(outcome)
        if outcome.status == 0 and outcome.out:
            assert "password=access-1\n" in outcome.out, outcome
        self.judge_unchanged(self.entry)


JOBS = {job.__name__: job for job in (
    Send, SendToImpostor, SendBig, Compose, Serve, SendByToken, Check, Login, Get,
    Store, Erase, Renew)}
