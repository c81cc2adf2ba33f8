#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reports the line coverage of src by layer, and the files with the lowest:
coverage.py BUILD, after tests have run the programs of a build with --coverage.

A process that ends by a signal writes no counts. A source file that no process
has run counts with all its lines as not covered.
"""
import collections
import json
import pathlib
import subprocess
import sys


def covered_lines(build):
    """{source file: {line: whether it was run}}."""
    files = collections.defaultdict(dict)
    for notes in sorted(pathlib.Path(build).glob("*/*.gcno")):
        text = subprocess.run(["gcov", "--json-format", "--stdout", notes],
                              capture_output=True, text=True,
                              check=True).stdout
        for file in json.loads(text)["files"]:
            if file["file"].startswith("src/"):
                lines = files[file["file"]]
                for line in file["lines"]:
                    number = line["line_number"]
                    lines[number] = lines.get(number) or line["count"] > 0
    return files


def report(files):
    layers = collections.defaultdict(list)
    for name, lines in files.items():
        layers[name.split("/")[1]] += lines.values()
    layers["total"] = [run for lines in files.values()
                       for run in lines.values()]
    for layer, lines in layers.items():
        print(f"{layer:12} {100 * sum(lines) / len(lines):5.1f} %"
              f" of {len(lines):6} lines")


def report_low(files, percent=90):
    """Names the files below that, and their lines that were not run."""
    shares = {name: 100 * sum(lines.values()) / len(lines)
              for name, lines in files.items()}
    for name in sorted(shares, key=shares.get):
        if shares[name] < percent:
            print(f"{shares[name]:5.1f} % {name}: {missed(files[name])}")


def missed(lines):
    """The numbers of lines that were not run: "3-5 9"."""
    runs = []
    for number in sorted(lines):
        if lines[number]:
            runs.append(None)
        elif runs and runs[-1]:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"{first}-{last}" if first < last else str(first)
                    for first, last in filter(None, runs))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: coverage.py BUILD")
    counted = covered_lines(sys.argv[1])
    if not counted:
        sys.exit(f"coverage.py: no .gcno files in {sys.argv[1]}")
    report(dict(sorted(counted.items())))
    report_low(counted)
