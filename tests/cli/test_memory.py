# SPDX-License-Identifier: MIT
"""Memory use doesn't depend on the size of the message."""
import os
import subprocess

import pytest

from peers.resident import watch

LINE = b"0123456789abcdef" * 4 + b"\n"
SIZE = 256 * 1024 * 1024
RESIDENT_MAX_KB = 12 * 1024
SANITIZED_MAX_KB = SIZE // 1024 - 1  # ASan's own memory counts too


@pytest.fixture
def huge(tmp_path):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(b"Subject: huge\n\n")
        for _ in range(SIZE // (len(LINE) * 4096)):
            file.write(LINE * 4096)
    yield path
    path.unlink()


@pytest.mark.parametrize("by", ["bdat", "data"])
def test_memory_is_bounded(postrider, ca, postfix_unlimited, huge, by):
    with huge.open("rb") as file:
        child = postrider.start(
            "--host", "localhost", "--port", str(postfix_unlimited.port),
            "--tls-trust-file", ca.pem, "--user", "alice", "--from",
            "alice@example.test", "--chunking" if by == "bdat"
            else "--no-chunking", "-i", "bob@example.test", stdin=file,
            stderr=subprocess.PIPE, env={
                "POSTRIDER_PASSWORD": "secret",
                "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
                + ":quarantine_size_mb=1"})
        resident_kb = watch(child)
    assert child.stderr.read() == b""
    assert child.returncode == 0
    sanitized = b"__asan_init" in postrider.program.read_bytes()
    assert 0 < resident_kb < (SANITIZED_MAX_KB if sanitized
                              else RESIDENT_MAX_KB)
