# SPDX-License-Identifier: MIT
"""Runs postrider for tests of SMTP sessions, and collects what they check."""
import dataclasses
import itertools
import pathlib
import time

SECRET = "secret"
MESSAGE = (b"From: alice@example.test\nTo: bob@example.test\n"
           b"Subject: x\nMessage-ID: <one@example.test>\n"
           b"Date: Fri, 20 Nov 2026 20:00:00 +0000\n\nbody\n")


@dataclasses.dataclass
class Outcome:
    """What is left of one run."""
    status: int
    out: str
    err: str
    log: str
    tries: int  # connections that the server saw

    @property
    def says_duplicate(self):
        return "duplicate with the same Message-ID is possible" in self.err

    @property
    def logs_duplicate(self):
        return "duplicate=possible" in self.log


class Submit:
    """postrider with its account on the command line: the CA, the user.

    submit(server, *arguments) gives an Outcome. An argument that names a
    setting again outweighs what stands here.
    """

    def __init__(self, postrider, ca):
        self.postrider = postrider
        self._ca = ca
        self._number = itertools.count()

    def options(self, server, tls=None, host="localhost", user="alice",
                trust=True, retries=0, timeout="20s", final_timeout="20s",
                log=None):
        tls = tls or getattr(server, "tls", "starttls")
        options = ["--host", host, "--port", str(server.port), "--tls", tls,
                   "--retries", str(retries), "--retry-delay", "5ms",
                   "--timeout", timeout, "--final-timeout", final_timeout,
                   "--from", "alice@example.test"]
        if trust:
            options += ["--tls-trust-file", self._ca.pem]
        if user:
            options += ["--user", user]
        if log:
            options += ["--log-file", log]
        return options

    def __call__(self, server, *arguments, message=MESSAGE, to=("bob",),
                 password=SECRET, env=None, wrap=None, limit=60, **account):
        log = pathlib.Path(self.postrider.home,
                           f"log-{next(self._number)}")
        options = self.options(server, log=log, **account)
        recipients = [f"{name}@example.test" for name in to]
        before = len(server.wires)
        result = self.postrider.run(
            *options, *arguments, "--", *recipients, input=message,
            env={"POSTRIDER_PASSWORD": password, **(env or {})},
            timeout=limit, wrap=wrap)
        return Outcome(result.status, result.out, result.err,
                       log.read_text() if log.exists() else "",
                       len(server.wires) - before)

    def start(self, server, *arguments, message=MESSAGE, password=SECRET,
              env=None, **how):
        """A Popen that has been given its message. `how` may say what
        becomes of its descriptors, and what options() takes."""
        popen = {key: how.pop(key) for key in ("stdout", "stderr", "cwd")
                 if key in how}
        source = pathlib.Path(self.postrider.home,
                              f"message-{next(self._number)}")
        source.write_bytes(message)
        with open(source, "rb") as stdin:
            return self.postrider.start(
                *self.options(server, **how), *arguments, "--",
                "bob@example.test", stdin=stdin,
                env={"POSTRIDER_PASSWORD": password, **(env or {})}, **popen)


def without(extensions, *names):
    """The extensions but for those that begin with one of the names."""
    return tuple(word for word in extensions
                 if word.split()[0] not in names)


def auths(server):
    return [line for line in server.commands if line.startswith("AUTH")]


def inside(server):
    return b"".join(bytes(wire.inside) for wire in server.wires)


def is_cancelled(server):
    """Whether the client gave up in the middle, and said so. The server may
    still be reading when the client is gone."""
    for _ in range(500):
        if b"\r\n*\r\n" in inside(server):
            return True
        time.sleep(0.01)
    return False


def is_refused(server, outcome, status=77):
    assert outcome.status == status, outcome.err
    assert outcome.tries == 1
    assert b"MAIL FROM" not in server.received
    assert SECRET not in outcome.err
