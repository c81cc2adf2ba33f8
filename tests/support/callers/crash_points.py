# SPDX-License-Identifier: MIT
"""Tries faults (callers/strace.py), one after the other, and counts what has
become of each: of a sample, or of all with POSTRIDER_CRASH_POINTS=all ("make
crash-points"), which prints a row for each test."""
import collections
import os

ALL = os.environ.get("POSTRIDER_CRASH_POINTS") == "all"


class Broken(AssertionError):
    """The promise was not kept."""


def require(condition, what):
    if not condition:
        raise Broken(what)


def choose(points, size, name):
    """All, or so many that are spread evenly, without those that last: not the
    same calls in each test."""
    if ALL:
        return points
    points = [point for point in points if not point.lasts]
    step = max(1, len(points) / size)
    first = sum(name.encode()) % max(1, int(step))
    return [points[int(first + i * step)] for i in range(size)
            if first + i * step < len(points)]


def try_each(points, attempt, name, capsys):
    """attempt returns a word for a point. Returns how often each came."""
    words, wrong = collections.Counter(), []
    for point in points:
        try:
            words[attempt(point)] += 1
        except AssertionError as broken:
            wrong.append(f"{name}: {point}: {broken}")
    if ALL:
        with capsys.disabled():
            print(f"\n{name:<25}{len(points):>5} points: " + ", ".join(
                f"{count} {word}" for word, count in sorted(words.items())),
                end="")
    assert not wrong, "\n".join(wrong)
    return words
