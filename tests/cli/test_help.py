# SPDX-License-Identifier: MIT
"""Help: a summary that fits a screen, a page for each command, and all
options."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
VERBS = re.findall(r'\{\.name = "([a-z]+)"',
                   (ROOT / "src/cli/verbs-table.c").read_text())
SUMMARY_LINES = 24
VERB_LINES = 25


def shown(postrider, *arguments):
    done = postrider.run(*arguments)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    return lines


@pytest.mark.parametrize("arguments", [["help"], ["--help"]])
def test_the_summary_fits_a_screen(postrider, arguments):
    lines = shown(postrider, *arguments)
    assert len(lines) < SUMMARY_LINES  # the shell needs one
    for verb in VERBS:
        assert any(line.startswith(f"  {verb} ") for line in lines), verb
    for word in ("Usage:", "-a, --account", "--dry-run",
                 "postrider help COMMAND", "postrider help options"):
        assert word in "\n".join(lines)


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_command_is_about_that_command(postrider, verb):
    lines = shown(postrider, "help", verb)
    assert len(lines) <= VERB_LINES
    assert lines[0].startswith(f"Usage: postrider {verb}")
    examples = lines[lines.index("Examples:") + 1:][:2]
    assert all(re.match(r"  (\S.*)?postrider ", line) for line in examples)
    assert shown(postrider, verb, "--help") == lines


def test_a_command_lists_its_own_options(postrider):
    login = "\n".join(shown(postrider, "help", "login"))
    assert "--device " in login and "--paste " in login
    assert "--host=HOST" in login
    assert "--min-valid" not in login
    assert "--min-valid=TIME" in "\n".join(shown(postrider, "token", "--help"))


@pytest.mark.parametrize("arguments", [
    ["login", "me@example.org", "--help"],
    ["login", "--host", "smtp.example.org", "--help"],
    ["check", "work", "--verbose", "--help"]])
def test_help_is_found_after_other_words(postrider, arguments):
    page = shown(postrider, "help", arguments[0])
    assert shown(postrider, *arguments) == page


def test_help_options_lists_all(postrider):
    text = "\n".join(shown(postrider, "help", "options"))
    for word in ("-N never|success,failure,delay", "--dry-run",
                 "--host=HOST", "--tls-trust-file=FILE"):
        assert word in text


@pytest.mark.parametrize("topic,hint", [
    ("logn", 'did you mean "postrider help login"?'),
    ("option", 'did you mean "postrider help options"?'),
    ("nope", "run postrider help to list the commands")])
def test_help_about_nothing_is_a_usage_error(postrider, topic, hint):
    done = postrider.run("help", topic)
    assert (done.status, done.out) == (64, "")
    assert done.err == (f"postrider: help: {topic}: no such command\n"
                        f"hint: {hint}\n")


def test_who_types_only_the_name_learns_of_help(postrider):
    done = postrider.run()
    assert done.status == 64
    assert 'no recipients\nhint: ' in done.err
    assert '"postrider help" lists the commands' in done.err
