# SPDX-License-Identifier: MIT
"""Measures the memory of a running program."""
import pathlib
import subprocess


def watch(child):
    """Waits for the child's end; its peak of resident kilobytes. What wait4
    says of that begins with this process' own."""
    peak = 0
    status = pathlib.Path(f"/proc/{child.pid}/status")
    while child.poll() is None:
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                peak = int(line.split()[1])
        try:
            child.wait(0.005 if peak else 0)
        except subprocess.TimeoutExpired:
            pass
    return peak
