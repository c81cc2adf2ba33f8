# SPDX-License-Identifier: MIT
"""Runs postrider-compose, and reads what it wrote with Python's email package.
"""
import email
import email.policy
import subprocess

class Compose:
    def __init__(self, postrider):
        self.program = postrider.program.with_name("postrider-compose")
        self.directory = postrider.home
        self.env = postrider.environment()

    def run(self, *arguments, text=b"", **how):
        command = [self.program, *map(str, arguments)]
        return subprocess.run(command, input=text, capture_output=True,
                              env=self.env, cwd=self.directory, timeout=60,
                              **how)

    def write(self, *arguments, text=b"hello\n"):
        """The bytes of the message."""
        done = self.run(*arguments, text=text)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    def message(self, *arguments, text=b"hello\n"):
        return parse(self.write(*arguments, text=text))

    def refuse(self, status, *arguments, text=b"hello\n"):
        """Its error messages."""
        done = self.run(*arguments, text=text)
        assert (done.returncode, done.stdout) == (status, b"")
        lines = done.stderr.decode().splitlines()
        assert lines[0].startswith("postrider-compose: ")
        assert [line[:6] for line in lines[1:]] in ([], ["hint: "])
        return lines[0].partition(": ")[2]

    def file(self, name, content):
        path = self.directory / name
        path.write_bytes(content)
        return path


def parse(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message
