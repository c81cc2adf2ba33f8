# SPDX-License-Identifier: MIT
"""Calls postrider with the whole account on the command line."""


class Send:
    """send(server, *arguments) gives the Result. `server` is a peer or a
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
