# SPDX-License-Identifier: MIT
"""Waiting for what another process does."""

import time

PAUSE_S = 0.005


def wait_for(condition, explain=lambda: "it never came", seconds=30):
    """Returns what condition() returns as soon as that is true.

    Looks are counted, not seconds: a machine that stands still for half a
    minute uses up one of them.
    """
    for _ in range(int(seconds / PAUSE_S)):
        if found := condition():
            return found
        time.sleep(PAUSE_S)
    raise AssertionError(explain())
