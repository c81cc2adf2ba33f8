# SPDX-License-Identifier: MIT
"""Runs postrider-credential as git or postrider does."""
import os
import pathlib
import subprocess

BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
PROGRAM = BUILD / "postrider-credential"


class Answer:
    """What postrider-credential answered, and how."""

    def __init__(self, completed):
        self.status = completed.returncode
        self.text = completed.stdout
        self.errors = completed.stderr

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
    return Answer(completed)
