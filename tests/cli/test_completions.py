# SPDX-License-Identifier: MIT
"""Completions of bash, zsh and fish: subcommands, settings and accounts, and no
secret."""
import os
import pathlib
import subprocess

import pytest

BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
CONFIG = """\
default-account = work
account work { host = work.test }
account me@home.test { host = home.test user = u credential = "command:hid" }
"""
BASH = """\
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
_postrider postrider
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = 'source "$argv[1]"; complete -C "$argv[2]"'


@pytest.fixture
def shell(postrider):
    """shell(name, line) is the list of what may follow."""
    postrider.configure(CONFIG)

    def run(*command):
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=60, env=postrider.environment(
                                  {"PATH": f"{BUILD}:{os.environ['PATH']}"}))
        assert done.stderr == ""
        return [line.split("\t")[0] for line in done.stdout.splitlines()
                if line]

    def shell(name, line):
        if name == "bash":
            return run("bash", "-c", BASH, "bash",
                       BUILD / "completions/postrider.bash", line)
        return run("fish", "--no-config", "-c", FISH,
                   BUILD / "completions/postrider.fish", line)
    return shell


@pytest.mark.parametrize("name", ["bash", "fish"])
@pytest.mark.parametrize("line, expected", [
    ("postrider conf", ["config"]),
    ("postrider accounts ", ["default"]),
    ("postrider accounts default ", ["me@home.test", "work"]),
    ("postrider accounts default work ", []),
    ("postrider config ", ["edit", "get", "list", "path", "set", "unset"]),
    ("postrider config un", ["unset"]),
    ("postrider config list wo", ["work"]),
    ("postrider config get retry-", ["retry-ambiguous", "retry-delay"]),
    ("postrider config --json get retry-d", ["retry-delay"]),
    ("postrider config get default-", ["default-account"]),
    ("postrider config unset work.retry-",
     ["work.retry-ambiguous", "work.retry-delay"]),
    ("postrider config set default-account ", ["me@home.test", "work"]),
    ("postrider config path ", []),
])
def test_what_may_follow(shell, name, line, expected):
    assert sorted(shell(name, line)) == expected


def test_bash_completes_a_value(shell):
    assert shell("bash", "postrider config set work.tls ") == [
        "starttls", "implicit", "none"]
    assert shell("bash", "postrider config set chunking ") == ["yes", "no"]


def test_bash_completes_a_name_with_dots_to_the_end(shell):
    assert "me@home.test." in shell("bash", "postrider config get me")
    assert shell("bash", "postrider config get me@home.test.retry-d") == [
        "me@home.test.retry-delay"]


@pytest.mark.parametrize("typed, said", [
    ("postrider config pa\t", "/.config/postrider/config"),
    ("postrider config get default-a\t", "work"),
    ("postrider config get work.ho\t", "work.test"),
    ("postrider accounts def\tme\t", "me@home.test is now the default"),
])
def test_zsh_completes_what_is_typed(postrider, tmp_path, typed, said):
    postrider.configure(CONFIG)
    (tmp_path / ".zshrc").write_text(
        f"PS1='$ '\nfpath=({BUILD}/completions $fpath)\n"
        f"autoload -Uz compinit\ncompinit -u -d {tmp_path}/dump\n")
    done = subprocess.run(
        ["script", "-qec", "zsh -i", "/dev/null"],
        input=f"{typed}\nexit\n".encode(), capture_output=True, timeout=60,
        env=postrider.environment({
            "PATH": f"{BUILD}:{os.environ['PATH']}", "TERM": "dumb",
            "ZDOTDIR": str(tmp_path)}))
    assert said in done.stdout.decode().split(typed.split("\t")[0], 1)[1]
