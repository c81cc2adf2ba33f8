# SPDX-License-Identifier: MIT
"""Refusals that servers have really sent: what happened, and whether a retry
can help. Each file has lines of step, reply, provider, sign-in, cause, retry
(soon, later, never) and source; "|" separates alternatives that are true, too.
"""
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()


def rows():
    for path in sorted(HERE.glob("*.tsv")):
        # Other tests read these.
        if path.stem in ("local", "remedies", "sign-in", "token-endpoint"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line and not line.startswith("#"):
                yield f"{path.stem}:{number}", line.split("\t")


CASES = dict(rows())
SUBMIT = HERE.parents[1] / "src/submit"


@pytest.fixture(scope="module")
def explained():
    done = subprocess.run(
        [BUILD / "tests/classify"], capture_output=True, text=True, check=True,
        input="".join("\t".join(row[:4]) + "\n" for row in CASES.values()),
        env={"HOME": "/nonexistent"})
    assert done.stderr == ""
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return dict(zip(CASES, lines, strict=True))


def is_understood(explained, name):
    cause, _, retry, hint = explained[name]
    _, _, _, _, causes, retries, _ = CASES[name]
    assert (hint or cause == "sign-in-refused") and "{" not in hint
    return cause in causes.split("|") and retry in retries.split("|")


@pytest.mark.parametrize("name", [
    name for name in CASES if not name.startswith("missed:")])
def test_a_refusal_is_understood(explained, name):
    assert is_understood(explained, name), (CASES[name], explained[name])


@pytest.mark.parametrize("name", [
    name for name in CASES if name.startswith("missed:")])
def test_a_refusal_that_is_missed_stays_in_that_list(explained, name):
    """It has a hint at least; one that is understood moves to another file."""
    assert not is_understood(explained, name), CASES[name]


@pytest.mark.parametrize("provider, advice", [
    ("sunrise", "or the user name alice@example.org is wrong"),
    ("zoho", "an app password made at https://accounts.zoho.com/"),
    ("mailfence", "is wrong, or Mailfence wants another one: a service-"),
    ("fastmail", "Fastmail refuses the account's own password"),
    ("yeah", "create an authorization code"),
    ("resend", "that all accounts of Resend share, --user resend, then run"),
    ("gmx", "If both are right, switch SMTP on: web mail, Settings"),
    ("yandex", "If it is right, switch SMTP on: web mail, Settings")])
def test_the_advice_fits_the_kind_of_credential(provider, advice):
    done = subprocess.run(
        [BUILD / "tests/classify"], capture_output=True, text=True, check=True,
        input=f"auth\t535 5.7.8 Authentication failed\t{provider}\tpassword\n",
        env={"HOME": "/nonexistent"})
    cause, _, retry, hint = done.stdout.rstrip("\n").split("\t")
    assert (cause, retry) == ("wrong-secret", "never")
    assert advice in hint


def remedies():
    for line in (HERE / "remedies.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@pytest.mark.parametrize("row", list(remedies()), ids=lambda row: row[1][:50])
def test_the_advice_is_what_helped(row):
    done = subprocess.run(
        [BUILD / "tests/classify"], capture_output=True, text=True, check=True,
        input="\t".join(row[:4]) + "\n", env={"HOME": "/nonexistent"})
    _, _, _, hint = done.stdout.rstrip("\n").split("\t")
    for advice in row[4].split(" & "):
        assert advice in hint


def test_a_hint_is_at_most_two_sentences(explained):
    for name, (_, _, _, hint) in explained.items():
        assert hint.count(". ") <= 1 and not hint.endswith("."), name
        assert len(hint) < 420, (name, hint)


def test_the_rules_refer_only_to_lists_that_exist():
    lists = set()
    for line in (SUBMIT / "words.conf").read_text().splitlines():
        used = set(re.findall(r"\$([\w-]+)", line))
        assert line.startswith("#") or used <= lists, line
        lists |= {line.split(" ")[0]} if line[:1].isalpha() else set()
    for name in "causes.conf", "remedies.conf":
        text = re.sub('(?m)^#.*|hint="[^"]*"', "", (SUBMIT / name).read_text())
        assert set(re.findall(r"\$([\w-]+)", text)) <= lists
