# SPDX-License-Identifier: MIT
"""Finds the command lines in README, in the manual pages and in help."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[3]
README = ROOT / "README"
PAGES = sorted(ROOT.glob("man/*.[157]"))
# README's section that has a label before each command.
TABLE, TABLE_END = "\nUse it with\n", "\nIf something does not work"


def documented_commands(program):
    """{command: where it is}, each command as one line without its comment.
    `program` is the built postrider, whose help has examples."""
    found = {}
    for where, text in (*readme_commands(README.read_text()),
                        *page_commands(), *help_commands(program)):
        found.setdefault(one_line(text), where)
    return found


def one_line(text):
    """A command over several lines as one, without a comment at its end."""
    text = re.sub(r"\\\n", " ", text)
    text = re.sub(r"\s+#\s.*$", "", text, flags=re.M)
    return " ".join(text.split())


def readme_commands(text):
    for block in re.findall(r"(?<=\n\n)((?: {4,}\S.*\n)+)", text):
        yield from in_block("README", block)
    for command in in_table(text.partition(TABLE)[2].partition(TABLE_END)[0]):
        yield "README", command
    prose = " ".join(text.split())
    for command in re.findall(r'"((?:postrider|make|sudo) [^"]+)"', prose):
        yield "README", command


def in_table(section):
    """The first line of each entry, with what continues it."""
    entries = re.findall(
        r"(?<=\n\n)\S.{11}(\S.*(?:(?<=\\)\n.*|\n +set .*)*)$", section, re.M)
    for entry in entries:
        lines = re.sub(r"\\\n", " ", entry).splitlines()
        yield from (line.strip() for line in lines)


def page_commands():
    for page in PAGES:
        blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed",
                            page.read_text(), re.M | re.S)
        for block in blocks:
            if is_configuration(page, block):
                continue
            yield from in_block(page.name, block.replace(r"\e", "\\"))


def is_configuration(page, block):
    """Of section 5, whatever is no command; elsewhere, blocks of accounts
    and providers and lines of settings."""
    if page.suffix == ".5":
        return not block.startswith("$ ")
    return bool(re.match(r"(?:#.*\n)*(?:(account|provider) \S+ \{|"
                         r"[a-z-]+ += )", block))


def in_block(where, block):
    """A command goes on after "\\" and "|"."""
    command = ""
    for line in block.splitlines():
        command += line.strip().removeprefix("$ ")
        if command.endswith(("\\", "|")):
            command += "\n"
            continue
        yield where, command
        command = ""


def help_commands(program):
    listed = subprocess.run([program, "help"], capture_output=True, text=True,
                            check=True).stdout
    for verb in re.findall(r"^  ([a-z]+)", listed, re.M):
        page = subprocess.run([program, "help", verb], capture_output=True,
                              text=True, check=True).stdout
        examples = page.partition("Examples:\n")[2].splitlines()[:2]
        yield from ((f"help {verb}", example) for example in examples)
