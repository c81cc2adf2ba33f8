# SPDX-License-Identifier: MIT
"""Real mail servers that offer every mechanism, and the ways to call postrider."""
import contextlib
import dataclasses
import pathlib
import tempfile

import pytest

from callers.held import Held
from callers.session import Submit
from dialogue import scram
from dialogue.submission import SubmissionServer
from peers.cyrus import CyrusPostfix
from peers.dovecot import Dovecot
from peers.exim import Exim
from peers.kerberos import Kerberos
from peers.middle import Middle
from peers.plus import PlusServer
from peers.postfix import Postfix, new_token


@dataclasses.dataclass
class Attempt:
    """One run, and the word by which its message is found."""
    status: int
    err: str
    token: str

    @property
    def dialogue(self):
        """What both said from AUTH on, without the times: "> AUTH ...". """
        lines = [line[10:] for line in self.err.splitlines()
                 if line[7:10] == "ms "]
        starts = [at for at, line in enumerate(lines)
                  if line.startswith("> AUTH ")]
        return lines[starts[0]:] if starts else []

    @property
    def mechanisms(self):
        """Those that were tried, in order."""
        return [line.split()[2] for line in self.dialogue
                if line.startswith("> AUTH ")]

    @property
    def turns(self):
        """Round trips from the first AUTH to 235."""
        turns = 0
        for line in self.dialogue:
            turns += line.startswith("> ")
            if line.startswith("< 235"):
                return turns
        raise AssertionError(f"nobody signed in: {self.err}")


class SignIn:
    """sign_in(server, "SCRAM-SHA-1") submits a message to bob. Without a
    user none is named, without a password there is none."""

    def __init__(self, postrider, ca):
        self._postrider = postrider
        self._ca = ca

    def __call__(self, server, auth, *arguments, user="alice",
                 password="secret", ticket=None, tls="starttls",
                 host="localhost", env=None, wrap=None):
        token = new_token()
        options = ["--host", host, "--port", str(server.port), "--tls", tls,
                   "--tls-trust-file", self._ca.pem, "--retries", "0",
                   "--from", "alice@example.test", "--auth", auth.lower(),
                   "--verbose"]
        if user:
            options += ["--user", user]
        result = self._postrider.run(
            *options, *arguments, "bob@example.test", wrap=wrap,
            input=b"Subject: %s\n\nbody\n" % token.encode(),
            env={"POSTRIDER_PASSWORD": password,
                 **(ticket.env if ticket else {}), **(env or {})})
        return Attempt(result.status, result.err, token)


@pytest.fixture
def submit(postrider, ca):
    return Submit(postrider, ca)


@pytest.fixture
def server(ca):
    """A scripted server with STARTTLS that accepts everything."""
    with SubmissionServer(ca.server) as running:
        yield running


@pytest.fixture
def server_of(make_server, request):
    """Makes servers with one mechanism that accept the SECRET of the file."""
    secret = request.module.SECRET

    def make(mechanism, **how):
        server = make_server(mechanisms=(mechanism,), token=secret,
                             users={"alice": secret}, **how)
        server.authenticate["SCRAM-SHA-256"] = scram.server(password=secret)
        return server
    return make


@pytest.fixture
def sign_in(postrider, ca):
    return SignIn(postrider, ca)


@pytest.fixture(scope="session")
def kerberos(run_directory):
    realm = Kerberos(run_directory / "kerberos")
    yield realm
    realm.stop()


@pytest.fixture(scope="session")
def dovecot_all(run_directory, ca, relay_port, postfix, introspection,
                kerberos):
    """A Dovecot with every mechanism, and POP3. It relays to postfix."""
    peer = Dovecot(run_directory / "dovecot-all", ca, relay_port,
                   introspection.url, kerberos=kerberos, pop3=True)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def postfix_all(run_directory, ca, dovecot_all):
    peer = Postfix(run_directory / "postfix-all", ca, dovecot_all.sasl_socket)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def cyrus_postfix(run_directory, ca, kerberos):
    peer = CyrusPostfix(run_directory / "cyrus", ca, kerberos)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def exim(run_directory, ca, dovecot_all):
    peer = Exim(run_directory / "exim", ca, dovecot_all.sasl_socket)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def plus_server(run_directory, ca, kerberos):
    peer = PlusServer(run_directory, ca, kerberos=kerberos)
    yield peer
    peer.stop()


@pytest.fixture
def make_plus_server(run_directory, ca):
    with contextlib.ExitStack() as running:
        def make(**how):
            server = PlusServer(run_directory, ca, **how)
            running.callback(server.stop)
            return server

        yield make


@pytest.fixture
def make_middle(ca):
    """A man in the middle of the way to a server."""
    with contextlib.ExitStack() as running:
        def make(server, **how):
            middle = Middle(ca, server, **how)
            running.callback(middle.stop)
            return middle

        yield make


@pytest.fixture(scope="session")
def arrivals(postfix):
    """Where a message can be waited for that a server took."""
    def of(server):
        return postfix if isinstance(server, Dovecot) else server
    return of


@pytest.fixture
def held(postrider, ca, run_directory):
    runtime = pathlib.Path(tempfile.mkdtemp(dir=run_directory))
    held = Held(postrider, ca, runtime)
    yield held
    held.stop()
