# SPDX-License-Identifier: MIT
"""Postfix as the system's sendmail, which relays all mail to one server."""
import os
import pathlib
import pwd
import subprocess
import time

from patience import wait_for
from peers.postfix import Postfix

# Instead of those of Postfix.
MAIN = """\
export_environment = TZ MAIL_CONFIG LANG LD_LIBRARY_PATH
myorigin = example.test
virtual_mailbox_domains =
default_transport = smtp:[127.0.0.1]:{port}
local_transport = smtp:[127.0.0.1]:{port}
"""
MASTER = "smtp unix - - n - 20 smtp\n"
# What is in one of these has not been relayed.
WAITING = ("maildrop", "incoming", "active")


class PostfixRelay(Postfix):
    def __init__(self, directory, ca, sasl_socket, server_port):
        self._server_port = server_port
        super().__init__(directory, ca, sasl_socket)

    def _configure(self, *arguments, **how):
        super()._configure(*arguments, **how)
        etc = self.directory / "etc"
        main = MAIN.format(port=self._server_port)
        names = {line.split()[0] for line in main.splitlines()}
        kept = [line for line in (etc / "main.cf").read_text().splitlines()
                if line.split()[0] not in names]
        past = time.time() - 60
        for path, text in ((etc / "main.cf", "\n".join([*kept, main])),
                           (etc / "master.cf",
                            (etc / "master.cf").read_text() + MASTER)):
            path.write_text(text)
            os.utime(path, (past, past))

    def sendmail(self, arguments, message):
        """The exit status and the output."""
        done = subprocess.run(
            [self.root / "usr/sbin/sendmail", *arguments], input=message,
            capture_output=True, timeout=60, env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "MAIL_CONFIG": str(self.directory / "etc"),
                "USER": pwd.getpwuid(os.getuid()).pw_name,
                "LD_LIBRARY_PATH": str(self.root / "usr/lib/postfix")})
        return done.returncode, (done.stdout + done.stderr).decode(
            errors="replace")

    def flush(self, seconds=120):
        """Waits until everything is relayed or deferred."""
        wait_for(lambda: not any(
            path.is_file() for name in WAITING for path in pathlib.Path(
                self.directory, "queue", name).rglob("*")),
            lambda: self.log[-1500:], seconds)
