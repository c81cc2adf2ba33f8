# SPDX-License-Identifier: MIT
"""Programs whose mail is sent by /usr/sbin/sendmail, into Postfix: what Postfix
delivers is compared with what they wrote. Of those that aren't run, the exact
command and message are replayed."""
import dataclasses
import email
import email.policy
import pathlib
import quopri
import shutil
import subprocess
import time

import pytest

from peers.daemon import find_program
from peers.jail import Jail
from peers.postfix import body_of, new_token
from peers.unpack import unpack
from callers.account import alice
from callers.mail import no_leak_check
from callers.system_mail import PROGRAMS, REPLAYS

TRACE = {"Return-Path", "X-Original-To", "Delivered-To", "Received"}


@pytest.fixture
def jail(postrider, run_directory, postfix, ca):
    directory = pathlib.Path(run_directory, f"jail-{time.monotonic_ns()}")
    directory.mkdir()
    jail = Jail(directory, postrider.program)
    secret = directory / "secret"
    secret.write_text("secret\n")
    secret.chmod(0o600)
    jail.configure(alice(ca, postfix.port, f"file:{secret}",
                         "full-name = Alice", "aliases = /nonexistent",
                         "local-recipient = bob@example.test", name="test"))
    return jail


@dataclasses.dataclass
class Delivered:
    sender: str
    fields: dict
    body: bytes

    def __init__(self, message):
        assert b"\nBcc:" not in message.partition(b"\n\n")[0]
        whole = email.message_from_bytes(message, policy=email.policy.compat32)
        self.sender = whole["Return-Path"].strip("<>")
        self.fields = {name: str(value) for name, value in whole.items()
                       if name not in TRACE}
        self.body = body_of(message)
        if whole["Content-Transfer-Encoding"] == "quoted-printable":
            self.body = quopri.decodestring(self.body).replace(b"\r\n", b"\n")


def run_in(jail, script, token, input=b"", directory=""):
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
           "USER": "root", "LOGNAME": "root", "LANG": "C.UTF-8", "T": token,
           "P": str(directory), **no_leak_check()}
    done = subprocess.run(jail.script(script), env=env, input=input,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout + done.stderr


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_programs(jail, postfix, program):
    directory = jail.directory / "unpacked"
    if program.package:  # the jail hides the cache directory
        shutil.copytree(unpack(program.package), directory, symlinks=True)
    else:
        find_program(program.name.partition(" ")[0])
    token = new_token()
    run_in(jail, program.script, token, program.input, directory)
    body = program.body
    if body is None:
        body = (jail.directory / "expected").read_bytes()
    for user in program.users:
        arrived = Delivered(postfix.wait_for(user, token))
        assert arrived.sender == program.sender
        assert arrived.body == body
        for name, value in program.fields.items():
            assert arrived.fields[name] == value.replace("$T", token)
        assert "Date" in arrived.fields


@pytest.mark.parametrize("replay", REPLAYS, ids=lambda replay: replay.name)
def test_replays(jail, postfix, replay):
    token = new_token()
    text = replay.message.replace("$T", token).encode()
    output = run_in(jail, f"cd /\nexec {replay.command}", token, text)
    assert output == b""
    arrived = Delivered(postfix.wait_for("bob", token))
    assert arrived.sender == replay.sender
    assert arrived.body == text.partition(b"\n\n")[2]
    for line in replay.message.partition("\n\n")[0].replace(
            "\n ", " ").splitlines():
        name, _, value = line.partition(": ")
        value = replay.changes.get(name, value).replace("$T", token)
        assert arrived.fields[name].replace("\n ", " ") == value
