# SPDX-License-Identifier: MIT
"""The library support/preload/bad-day.c, which says what it can do."""
import os
import pathlib

BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()


def bad_day(**what):
    """The environment of a program that has such a day."""
    asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return {"LD_PRELOAD": str(BUILD / "tests/bad-day.so"),
            "ASAN_OPTIONS": asan,
            **{f"BAD_DAY_{name.upper()}": str(value)
               for name, value in what.items()}}
