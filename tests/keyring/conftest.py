# SPDX-License-Identifier: MIT
import os
import pathlib
import shutil
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "peers"))

from keyring import PROGRAMS as PROGRAMS_NEEDED  # noqa: E402
from keyring import Keyring  # noqa: E402

PROGRAM = ROOT / os.environ.get("BUILD", "build") / "postrider-credential"


class Answer:
    """What postrider-credential answered, how, and how fast."""

    def __init__(self, completed, took_s):
        self.status = completed.returncode
        self.text = completed.stdout
        self.complaint = completed.stderr
        self.took_s = took_s

    @property
    def password(self):
        for line in self.text.splitlines():
            key, _, value = line.partition("=")
            if key == "password":
                return value
        return None


def ask(env, operation, *, wrap=(), text=None, **values):
    """Runs one operation; the values become lines of git's protocol."""
    if text is None:
        lines = {
            "protocol": "smtp",
            "host": "smtp.example.test:587",
            "username": "alice@example.test",
        }
        lines.update(values)
        text = "".join(f"{key}={value}\n" for key, value in lines.items())
    start = time.monotonic()
    completed = subprocess.run(
        [*wrap, str(PROGRAM), operation],
        input=text + "\n",
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=60,
    )
    return Answer(completed, time.monotonic() - start)


def give_up(reason):
    """Skips, but not in CI: there everything is to be had."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def need(programs):
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        give_up("not installed: " + ", ".join(missing))


@pytest.fixture
def keyring():
    need(PROGRAMS_NEEDED)
    with Keyring() as started:
        yield started


@pytest.fixture
def bus_without_keyring():
    need(PROGRAMS_NEEDED)
    with Keyring(service=False) as started:
        yield started
