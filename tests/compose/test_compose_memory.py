# SPDX-License-Identifier: MIT
"""Memory use doesn't depend on the size of what is attached, in none of the
programs that write and send the message."""
import os
import pathlib
import subprocess

import pytest

SIZE = 200 * 1000 * 1000
RESIDENT_MAX_KB = 12 * 1024
SANITIZED_MAX_KB = SIZE // 1024 - 1  # ASan's own memory counts too


def peaks(child):
    """Waits for the child's end; the name of each process that it has started,
    and of itself, with the peak of its resident kilobytes."""
    found = {}
    while child.poll() is None:
        for pid in [child.pid, *children(child.pid)]:
            name, peak = peak_of(pid)
            if name:
                found[pid] = name, max(peak, found.get(pid, ("", 0))[1])
        try:
            child.wait(0.002)
        except subprocess.TimeoutExpired:
            pass
    return list(found.values())


def children(pid):
    try:
        listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    direct = [int(word) for word in listed.split()]
    return direct + [other for child in direct for other in children(child)]


def peak_of(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "", 0
    fields = dict(line.split(":\t", 1) for line in status.splitlines()
                  if ":\t" in line)
    return fields["Name"], int(fields.get("VmHWM", "0 kB").split()[0])


@pytest.fixture(params=["random", "text"])
def huge(request, tmp_path):
    """libmagic reads the whole of its database for either."""
    path = tmp_path / "huge"
    piece = (os.urandom(1000 * 1000) if request.param == "random"
             else "žluťoučký kůň und so weiter\n".encode() * 31250)
    with path.open("wb") as file:
        for _ in range(SIZE // len(piece)):
            file.write(piece)
    yield path
    path.unlink()


def test_memory_does_not_grow_with_a_file(postrider, ca, postfix_unlimited,
                                          huge):
    child = postrider.start(
        "send", "--host", "localhost", "--port", str(postfix_unlimited.port),
        "--tls-trust-file", ca.pem, "--user", "alice", "--from",
        "alice@example.test", "--to", "bob@example.test", "--body", "x",
        "--attach", huge, stderr=subprocess.PIPE, env={
            "POSTRIDER_PASSWORD": "secret",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
            + ":quarantine_size_mb=1"})
    found = peaks(child)
    assert child.stderr.read() == b""
    assert child.returncode == 0
    sanitized = b"__asan_init" in postrider.program.read_bytes()
    limit = SANITIZED_MAX_KB if sanitized else RESIDENT_MAX_KB
    # Linux cuts names. Two are postrider-compose, of which one is a child.
    assert {name for name, _ in found} >= {"postrider", "postrider-compo"}
    assert len(found) >= 3
    assert [each for each in found if not 0 < each[1] < limit] == [], found
