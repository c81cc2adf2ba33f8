# SPDX-License-Identifier: MIT
"""The submission server of plus-server.c, built for the run: what no mail
server offers (SCRAM-PLUS, GS2-KRB5), by GNU SASL's own server side.

User alice, password "secret"; in Kerberos alice@EXAMPLE.TEST.
"""
import functools
import pathlib
import shlex
import subprocess
import tempfile

from patience import wait_for
from peers.daemon import Daemon, free_port

HERE = pathlib.Path(__file__).parent
FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror"]
MECHANISMS = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256",
              "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5", "LOGIN", "PLAIN",
              "ANONYMOUS")
KERBEROS = ("GS2-KRB5", "GSSAPI")
VERSIONS = {"TLS1.2": "NORMAL:-VERS-ALL:+VERS-TLS1.2",
            "TLS1.3": "NORMAL:-VERS-ALL:+VERS-TLS1.3"}


@functools.cache
def build(directory, name):
    program = pathlib.Path(directory, name)
    libraries = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "gnutls", "libgsasl"],
        check=True, capture_output=True, text=True).stdout
    subprocess.run(["cc", *FLAGS, "-o", program, HERE / f"{name}.c",
                    *shlex.split(libraries)], check=True)
    return program


def honest_flag(run_directory):
    """What GNU SASL's client says of a channel that it doesn't bind to, though
    it could: "y" (RFC 5802 section 6); GNU SASL 2.2.0 can't, and says "n"."""
    return subprocess.run([build(run_directory, "scram-flag")], check=True,
                          capture_output=True, text=True).stdout.strip()


class PlusServer:
    def __init__(self, run_directory, ca, tls="starttls", version="TLS1.3",
                 mechanisms=MECHANISMS, kerberos=None):
        """kerberos: a realm in whose name it takes tickets, too."""
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="plus-",
                                                       dir=run_directory))
        self.port = free_port()
        self.tls = tls
        env = {"PATH": "/usr/bin:/bin"}
        if kerberos:
            mechanisms = (*KERBEROS, *mechanisms)
            env.update(KRB5_CONFIG=str(kerberos.config),
                       KRB5_KTNAME=f"FILE:{kerberos.keytab}",
                       KRB5RCACHENAME="none:")
        self._daemon = Daemon(
            [build(run_directory, "plus-server"), self.port, tls,
             ca.server.chain, ca.server.key, VERSIONS[version],
             " ".join(mechanisms),
             self.directory], self.directory / "log", env)
        self._daemon.wait_for_port(self.port)

    def stop(self):
        self._daemon.stop()

    @property
    def log(self):
        """A line for each sign-in."""
        return (self.directory / "log.start").read_text(errors="replace")

    @property
    def messages(self):
        path = self.directory / "messages"
        return path.read_bytes() if path.exists() else b""

    def wait_for(self, user, token, seconds=10):
        wait_for(lambda: token.encode() in self.messages, lambda: self.log,
                 seconds)
