# SPDX-License-Identifier: MIT
"""Reads the log by the rule in LOG of postrider-output(5), and by nothing else."""
import re

LISTS = ("recipients", "ambiguous", "refused", "errors", "causes")
VALUE = r'[A-Za-z0-9._@+<>-]+|"(?:[^"\\]|\\["\\]|\\x[0-9A-F]{2})*"'
FIELD = re.compile(rf"([a-z-]+)=((?:{VALUE})(?:,(?:{VALUE}))*)")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}")


def entries(text):
    """The lines of a log-file as dictionaries; lists are lists."""
    lines = text.split("\n")
    assert lines.pop() == ""
    return [entry(line) for line in lines]


def entry(line):
    stamp, _, rest = line.partition(" ")
    assert STAMP.fullmatch(stamp), line
    fields = {}
    while rest:
        found = FIELD.match(rest)
        assert found, rest
        name = found[1]
        assert name not in fields, line
        values = [value(text) for text in re.findall(VALUE, found[2])]
        assert name in LISTS or len(values) == 1, line
        fields[name] = values if name in LISTS else values[0]
        rest = rest[found.end():]
        assert rest == "" or rest[0] == " " and rest[1:], line
        rest = rest[1:]
    return fields


def value(text):
    if not text.startswith('"'):
        return text
    raw = re.sub(rb"\\(x..|.)", lambda found: bytes.fromhex(
        found[1][1:].decode()) if len(found[1]) > 1 else found[1],
        text[1:-1].encode("ascii"))
    return raw.decode("utf-8", "surrogateescape")
