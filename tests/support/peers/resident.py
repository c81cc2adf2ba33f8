# SPDX-License-Identifier: MIT
"""Measures the memory of a running program."""
import pathlib
import subprocess


def watch(child):
    """Waits for the child's end; the peak of resident kilobytes of it or of
    one of its own children. What wait4 says of that begins with this process'
    own."""
    peak = 0
    while child.poll() is None:
        for pid in [child.pid, *children_of(child.pid)]:
            peak = max(peak, peak_of(pid))
        try:
            child.wait(0.005 if peak else 0)
        except subprocess.TimeoutExpired:
            pass
    return peak


def peak_of(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return max((int(line.split()[1]) for line in text.splitlines()
                if line.startswith("VmHWM:")), default=0)


def children_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(
            ).split()
    except OSError:
        return []
