# SPDX-License-Identifier: MIT
"""What the programs inherit from a caller: ignored and blocked signals, and
privileges."""
import os
import shutil
import signal
import subprocess

import pytest

MESSAGE = b"Subject: hello\n\nHello.\n"
UNPRIVILEGED = 65534
PROGRAMS = ["postrider", "postrider-credential", "postrider-oauth2",
            "postrider-compose"]


def ignore_children():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def block_everything():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


@pytest.mark.parametrize("disturb", [ignore_children, block_everything])
def test_a_child_is_waited_for_in_any_state_of_signals(
        postrider, make_server, ca, disturb):
    server = make_server()
    done = subprocess.run(
        postrider.command("--host", "localhost", "--port", str(server.port),
                          "--tls-trust-file", ca.server.trust, "--user", "alice",
                          "--credential", "command:echo secret",
                          "--from", "alice@example.org", "bob@example.org"),
        input=MESSAGE, env=postrider.environment(), capture_output=True,
        timeout=60, preexec_fn=disturb)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(server.messages) == 1


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("bit", [0o4755, 0o2755], ids=["setuid", "setgid"])
def test_a_privileged_program_refuses_to_run(postrider, run_directory, program,
                                             bit):
    copy = run_directory / f"{program}-{bit:o}"
    shutil.copyfile(postrider.program.parent / program, copy)
    os.chown(copy, 0, 0)
    copy.chmod(bit)
    done = subprocess.run([copy, "--version"], user=UNPRIVILEGED,
                          group=UNPRIVILEGED, extra_groups=[],
                          env={"PATH": os.environ["PATH"]}, cwd="/",
                          capture_output=True, text=True, timeout=60)
    # Under ASan it cannot examine a setgid process, and replaces the status.
    if "LeakSanitizer has encountered a fatal error" not in done.stderr:
        assert done.returncode == 71
    assert done.stdout == ""
    assert "setuid, setgid or file capabilities" in done.stderr
