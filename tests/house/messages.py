#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints every text that the programs show, by file: messages, hints, help.

A text is a string literal, with its adjacent pieces joined, that has at least
two words. The function that it is passed to stands before it. "make messages"
runs this, so that all texts can be read as one.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[2]

TOKEN = re.compile(r"""
    (?P<comment> /\*.*?\*/ )
  | (?P<directive> ^[ \t]*\#(?:[^\n]*\\\n)*[^\n]* )
  | (?P<text> "(?:\\.|[^"\\])*" )
  | (?P<character> '(?:\\.|[^'\\])+' )
  | (?P<name> [A-Za-z_]\w* )
  | (?P<other> \S )
""", re.X | re.S | re.M)
TWO_WORDS = re.compile(r"[A-Za-z%][\w%'.:,-]*\\?n? +[A-Za-z%\"(<-]")
MACRO = re.compile(r"PRI\w+|[A-Z][A-Z0-9]*_[A-Z0-9_]+")


def texts_of_c(source):
    """(line, function, text) of each joined literal."""
    calls, name, pieces, line = [], "", [], 0
    for token in TOKEN.finditer(source):
        kind, word = token.lastgroup, token[0]
        if kind in ("comment", "directive"):
            continue
        if kind == "text":
            line = line if pieces else source.count("\n", 0, token.start()) + 1
            pieces.append(word[1:-1])
            continue
        if pieces and kind == "name" and MACRO.fullmatch(word):
            pieces.append(f"<{word}>")
            continue
        if pieces:
            yield line, calls[-1] if calls else "", "".join(pieces)
            pieces = []
        if word == "(":
            calls.append(name)
        elif word == ")" and calls:
            calls.pop()
        name = word if kind == "name" else ""


def texts_of_conf(source):
    for number, line in enumerate(source.splitlines(), 1):
        if found := re.match(r'\s*([\w-]+)\s*=\s*"(.*)"', line) or \
                re.search(r'\b(hint)="(.*?)"', line):
            yield number, found[1], found[2]


def main():
    for path in sorted(ROOT.glob("src/*/*")):
        readers = {".c": texts_of_c, ".conf": texts_of_conf}
        if path.suffix not in readers:
            continue
        found = [row for row in readers[path.suffix](path.read_text())
                 if TWO_WORDS.search(row[2])]
        if found:
            print(f"\n{path.relative_to(ROOT)}")
        for line, name, text in found:
            print(f"{line:5}  {name + ':' if name else ''} {text}")


if __name__ == "__main__":
    sys.exit(main())
