# SPDX-License-Identifier: MIT
"""Runs postrider-compose, and reads what it wrote with Python's email package.
"""
import email
import email.policy
import subprocess

class Compose:
    def __init__(self, postrider):
        self.program = postrider.program.with_name("postrider-compose")
        self.folder = postrider.home
        self.env = postrider.environment()

    def run(self, *words, text=b"", **how):
        command = [self.program, *map(str, words)]
        return subprocess.run(command, input=text, capture_output=True,
                              env=self.env, cwd=self.folder, timeout=60, **how)

    def write(self, *words, text=b"hello\n"):
        """The bytes of the message."""
        done = self.run(*words, text=text)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    def message(self, *words, text=b"hello\n"):
        return parse(self.write(*words, text=text))

    def refuse(self, status, *words, text=b"hello\n"):
        """Its error messages."""
        done = self.run(*words, text=text)
        assert (done.returncode, done.stdout) == (status, b"")
        lines = done.stderr.decode().splitlines()
        assert lines[0].startswith("postrider-compose: ")
        assert [line[:6] for line in lines[1:]] in ([], ["hint: "])
        return lines[0].partition(": ")[2]

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path


def parse(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message
