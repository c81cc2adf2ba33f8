# SPDX-License-Identifier: MIT
"""Plays each tests/support/dialogue/*.txt, and checks how postrider ends it.

What they have in common: nothing that a thief could use is ever sent.
"""
import re
import time

import pytest

from dialogue.server import DIRECTORY, DialogueServer, load

TIMEOUT = 2  # seconds that postrider gives each command
ATTACKS = sorted(path.stem for path in DIRECTORY.glob("*.txt"))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("mechanism", ["plain", "login", "xoauth2"])
def test_nothing_secret_is_sent(postrider, ca, attack, mechanism):
    text = load(attack)
    statuses = re.search(r"^# exit (.*)$", text, re.M)[1].split()
    begin = time.monotonic()
    with DialogueServer(text, leaf=ca.server) as server:
        result = postrider.run(
            "--host", "localhost", "--port", str(server.port),
            "--tls-trust-file", ca.pem, "--user", "alice",
            "--from", "alice@example.test", "--auth", mechanism,
            "--timeout", str(TIMEOUT), "--retries", "0",
            "bob@example.test", input=b"Subject: x\n\nbody\n",
            env={"POSTRIDER_PASSWORD": "secret"})
    assert str(result.status) in statuses, result.err
    assert result.err.startswith("postrider: ")
    assert b"AUTH" not in server.received
    assert b"MAIL" not in server.received
    assert time.monotonic() - begin < 3 * TIMEOUT
