# SPDX-License-Identifier: MIT
"""Runs postrider with a server that accepts everything, for tests of what is
sent."""
import os
import subprocess

from patience import wait_for

ACCOUNT = """\
account test {{
	host = 127.0.0.1
	port = {port}
	tls = none
	from = me@example.test
	full-name = "Me"
	aliases = "{aliases}"
	retries = 0
	timeout = 5s
{more}
}}
"""
HEADER = b"From: me@example.test\nTo: you@example.org\nSubject: x\n"
MESSAGE = HEADER + b"\nbody\n"


class Mail:
    def __init__(self, postrider, server):
        self.postrider = postrider
        self.server = server
        self.aliases = postrider.home / "aliases"
        self.configure()

    def configure(self, more=""):
        self.postrider.configure(ACCOUNT.format(
            port=self.server.port, aliases=self.aliases, more=more))

    def run(self, *arguments, input=MESSAGE, **how):
        return self.postrider.run(*arguments, input=input, **how)

    def send(self, *arguments, input=MESSAGE, **how):
        """Sends; the one message that arrived. Success says nothing."""
        before = len(self.server.messages)
        done = self.run(*arguments, input=input, **how)
        assert (done.status, done.out, done.err) == (0, "", "")
        return self.arrived(before + 1)

    def arrived(self, count=1):
        """Waits for that many messages; returns the last one."""
        wait_for(lambda: len(self.server.messages) >= count)
        assert len(self.server.messages) == count
        return self.server.messages[-1]

    def refuse(self, status, *arguments, input=MESSAGE, **how):
        """Asserts that it fails so and sends nothing; returns its errors."""
        done = self.run(*arguments, input=input, **how)
        assert done.status == status, done.err
        assert done.out == ""
        lines = done.err.splitlines()
        assert lines[0].startswith("postrider: ")
        assert len(lines) == 1 or lines[1].startswith("hint: ")
        assert len(lines) <= 2
        assert self.server.messages == []
        assert not [line for line in self.server.commands
                    if line.startswith(("MAIL", "RCPT", "DATA", "BDAT"))]
        return done.err

    def start(self, *arguments, **how):
        """A Popen with pipes, for tests that act while it runs."""
        return self.postrider.start(*arguments, stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, **how)


def no_leak_check():
    """For a sanitizer's build: LeakSanitizer can't work under strace."""
    return {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
            + ":detect_leaks=0"}


def run_without_input(postrider, *arguments):
    """Its input stays open without data: a program that reads it hangs."""
    reader, writer = os.pipe()
    try:
        return subprocess.run(postrider.command(*arguments), stdin=reader,
                              env=postrider.environment(), timeout=5,
                              capture_output=True)
    finally:
        os.close(reader)
        os.close(writer)


def header_of(message):
    return message.data.partition(b"\r\n\r\n")[0] + b"\r\n"


def body_of(message):
    return message.data.partition(b"\r\n\r\n")[2]


def fields_of(message):
    """The header of what arrived: (lower-case name, unfolded value)."""
    lines = header_of(message).replace(b"\r\n ", b" ").replace(
        b"\r\n\t", b" ").split(b"\r\n")[:-1]
    pairs = [line.partition(b":") for line in lines]
    return [(name.decode().lower(), value.strip()) for name, _, value in pairs]


def field_of(message, name):
    """The value of the one field of that name."""
    values = [value for found, value in fields_of(message) if found == name]
    assert len(values) == 1, (name, fields_of(message))
    return values[0]


def names_of(message):
    return [name for name, _ in fields_of(message)]
