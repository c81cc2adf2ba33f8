# SPDX-License-Identifier: MIT
"""On a terminal, help and messages are wrapped to its width and the words that
matter are coloured. In files, nothing is."""
import json
import re

import pytest

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
HINT_COMMAND = "postrider -- lgin"


def lines(message):
    return COLOUR.sub("", message).replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_messages_are_wrapped_to_the_terminal(postrider, columns):
    status, output = postrider.at_terminal(["lgin"], columns=columns)
    assert status == 64
    shown = lines(output)
    assert max(map(len, shown)) <= columns
    assert shown[0] == "postrider: lgin: unknown command"
    assert shown[1].startswith('hint: did you mean "postrider login"?')
    assert any(line.endswith(HINT_COMMAND) for line in shown)
    assert all(line.startswith("      ") for line in shown[2:])
    assert len(shown) == {40: 4, 80: 3, 120: 2}[columns]


def test_columns_overrides_the_size_of_the_terminal(postrider):
    output = postrider.at_terminal(["lgin"], columns=120,
                                   env={"COLUMNS": "50"})[1]
    assert max(map(len, lines(output))) <= 50


def test_a_terminal_of_unknown_width_gets_whole_lines(postrider):
    assert len(lines(postrider.at_terminal(["lgin"])[1])) == 2


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("arguments", [["help"], ["help", "login"],
                                       ["help", "options"]], ids=" ".join)
def test_help_is_wrapped_to_the_terminal(postrider, arguments, columns):
    status, output = postrider.at_terminal(arguments, columns=columns)
    assert status == 0
    too_long = [line for line in lines(output) if len(line) > columns]
    # A command line and the name of an option are not broken.
    assert all(re.match(r"Usage: |  (postrider|-| {4}--)| {7}postrider", line)
               for line in too_long)
    assert columns < 80 or too_long == []


def test_a_file_has_one_line_for_each_message(postrider):
    done = postrider.run("lgin", env={"COLUMNS": "30", "TERM": "xterm"})
    assert len(done.err.splitlines()) == 2
    assert "\x1b" not in done.err


def test_wide_characters_take_two_columns(postrider):
    words = " ".join(["\u90ae\u4ef6"] * 8)
    output = postrider.at_terminal(["-t", f"--tls={words}"], columns=40)[1]
    shown = lines(output)
    assert max(len(line) + sum(ord(c) > 0x2E80 for c in line)
               for line in shown) <= 40
    assert "".join(shown).count("\u90ae\u4ef6") == 8


@pytest.mark.parametrize("env,coloured", [
    ({"TERM": "xterm"}, True),
    ({"TERM": "xterm", "NO_COLOR": ""}, True),
    ({"TERM": "xterm", "NO_COLOR": "1"}, False),
    ({"TERM": "dumb"}, False),
    ({}, False)])
def test_labels_are_coloured(postrider, env, coloured):
    output = postrider.at_terminal(["lgin"], env=env, columns=80)[1]
    assert ("\x1b[1;31mpostrider: \x1b[m" in output) == coloured
    assert ("\x1b[1;36mhint: \x1b[m" in output) == coloured
    assert ("\x1b" in output) == coloured


def test_the_result_of_a_check_is_coloured(mail):
    env = {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
    output = mail.postrider.at_terminal(["check"], env=env, columns=80)[1]
    assert "\x1b[1;32m✓\x1b[m  server " in output
    assert "\x1b[1;32meverything works\x1b[m, after " in output
    assert "\x1b" not in mail.postrider.run("check", env=env).out


def test_json_is_never_coloured(mail):
    output = mail.postrider.at_terminal(["check", "--json"], columns=40,
                                        env={"TERM": "xterm"})[1]
    assert json.loads(output)["status"] == "works"
