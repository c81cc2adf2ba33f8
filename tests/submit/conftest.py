# SPDX-License-Identifier: MIT
"""How the tests of submission call postrider."""
import pytest

from dialogue.submission import SubmissionServer


class Submit:
    """postrider with the account on its command line: the CA, the user.

    submit(server, *arguments) gives the Result. `server` is a peer or a
    SubmissionServer; with tls="implicit" its tls_port is used, if it has one.
    """

    def __init__(self, postrider, ca):
        self._postrider = postrider
        self._ca = ca

    def __call__(self, server, *arguments, message=b"Subject: x\n\nx\n",
                 tls="starttls", host="localhost", user="alice",
                 password="secret", env=None, timeout=60, retries=0):
        port = server.port
        if tls == "implicit":
            port = getattr(server, "tls_port", port)
        options = ["--host", host, "--port", str(port), "--tls", tls,
                   "--tls-trust-file", self._ca.pem,
                   "--retries", str(retries), "--from", "alice@example.test"]
        if user:
            options += ["--user", user]
        return self._postrider.run(
            *options, *arguments, input=message, timeout=timeout,
            env={"POSTRIDER_PASSWORD": password, **(env or {})})


@pytest.fixture
def submit(postrider, ca):
    return Submit(postrider, ca)


@pytest.fixture
def server(ca):
    """A friendly server with STARTTLS."""
    with SubmissionServer(ca.server) as running:
        yield running
