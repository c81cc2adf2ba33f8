# SPDX-License-Identifier: MIT
"""Completions of bash, zsh and fish: subcommands, settings and accounts, and no
secret."""
import json
import os
import pathlib
import pty
import select
import subprocess
import time

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
    ("postrider queue r", ["release", "resend", "run"]),
    ("postrider queue hold ", ["me@home.test", "work"]),
    ("postrider queue run ", []),
    ("postrider config list wo", ["work"]),
    ("postrider config get retry-", ["retry-ambiguous", "retry-delay"]),
    ("postrider config --json get retry-d", ["retry-delay"]),
    ("postrider config get default-", ["default-account"]),
    ("postrider config unset work.retry-",
     ["work.retry-ambiguous", "work.retry-delay"]),
    ("postrider config set default-account ", ["me@home.test", "work"]),
    ("postrider config path ", []),
    # One account, and no second one.
    ("postrider login ", ["me@home.test", "work"]),
    ("postrider login wo", ["work"]),
    ("postrider login work ", []),
    ("postrider logout work m", []),
    ("postrider check --host work ", ["me@home.test", "work"]),
    ("postrider check -v work --host x ", []),
    ("postrider token --min-valid 10m wo", ["work"]),
    ("postrider providers gmail ", []),
    ("postrider help tok", ["token"]),
    ("postrider help op", ["options"]),
    ("postrider help token ", []),
    ("postrider -a wo", ["work"]),
    ("postrider you@example.org wo", []),
])
def test_what_may_follow(shell, name, line, expected):
    assert sorted(shell(name, line)) == expected


@pytest.mark.parametrize("name", ["bash", "fish"])
def test_a_name_with_a_space(shell, postrider, name):
    postrider.configure('account "my work" { host = work.test }\n')
    found = shell(name, "postrider check ")
    assert [word.replace("\\", "") for word in found] == ["my work"]


@pytest.mark.parametrize("name", ["bash", "fish"])
@pytest.mark.parametrize("line", [
    "postrider check ", "postrider -a ", "postrider --credential=",
    "postrider login --client-secret ", "postrider config set work.credential ",
    "postrider config get work."])
def test_no_credential_is_fetched_or_shown(shell, postrider, name, line):
    """Not even the programs that could fetch one are started."""
    started = postrider.home / "started"
    keeper = postrider.home / "keeper"
    keeper.mkdir()
    for program in ("postrider-credential", "postrider-oauth2"):
        (keeper / program).write_text(f"#!/bin/sh\n: > {started}\n")
        (keeper / program).chmod(0o755)
    postrider.env.update(POSTRIDER_EXEC_PATH=str(keeper),
                         POSTRIDER_PASSWORD="hunter2")
    postrider.configure(
        'account work { host = work.test user = u client-secret = "env:S"\n'
        f'credential = "command:touch {started}; echo hunter2" }}\n'
        'account home { host = home.test user = u }\n')
    assert "hunter2" not in " ".join(shell(name, line))
    assert not started.exists()


def test_bash_completes_a_value(shell):
    assert shell("bash", "postrider config set work.tls ") == [
        "starttls", "implicit", "none"]
    assert shell("bash", "postrider config set chunking ") == ["yes", "no"]


def test_bash_completes_a_name_with_dots_to_the_end(shell):
    assert "me@home.test." in shell("bash", "postrider config get me")
    assert shell("bash", "postrider config get me@home.test.retry-d") == [
        "me@home.test.retry-delay"]


class Zsh:
    """An interactive zsh that has read the completion."""

    def __init__(self, env, folder):
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], env)
        self.pid = pid
        self.seen = ""
        # Ctrl-X l shows the line. Words of marks are apart in what is echoed.
        self.send(f"fpath=({BUILD}/completions $fpath); unsetopt beep list_beep;"
                  "autoload -Uz compinit; compinit -u -D; bindkey -e;"
                  "show() { BUFFER=\"print -r 'LI''NE[$BUFFER]E''ND'\"; "
                  "zle accept-line }; zle -N show; bindkey '^Xl' show;"
                  "print LOA''DED\n")
        self.read_to("LOADED")

    def complete(self, line):
        """What Tab makes of the line."""
        self.send(f"{line}\t\x18l")
        return self.read_to("]END").rpartition("LINE[")[2]

    def send(self, text):
        os.write(self.terminal, text.encode())

    def read_to(self, mark):
        limit = time.monotonic() + 30
        while mark not in self.seen and time.monotonic() < limit:
            if select.select([self.terminal], [], [], 1)[0]:
                self.seen += os.read(self.terminal, 65536).decode()
        assert mark in self.seen, self.seen
        before, _, self.seen = self.seen.partition(mark)
        return before

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def test_zsh_completes_one_account(postrider):
    postrider.configure(CONFIG + 'account "my work" { host = my.test }\n')
    zsh = Zsh(postrider.environment({
        "PATH": f"{BUILD}:{os.environ['PATH']}", "TERM": "dumb"}),
        postrider.home)
    for line, completed in ZSH.items():
        assert zsh.complete(line) == completed
    zsh.close()


ZSH = {
    "postrider prov": "postrider providers ",
    "postrider login wo": "postrider login work ",
    "postrider login work m": "postrider login work m",
    "postrider login work ": "postrider login work ",
    "postrider check --host x wo": "postrider check --host x work ",
    "postrider check -v wo": "postrider check -v work ",
    "postrider check my": "postrider check my\\ work ",
    "postrider token --min": "postrider token --min-valid=",
    "postrider help tok": "postrider help token ",
    "postrider help token c": "postrider help token c",
    "postrider providers icl": "postrider providers icloud ",
    "postrider providers icloud g": "postrider providers icloud g",
    "postrider accounts default wo": "postrider accounts default work ",
    "postrider accounts default work m": "postrider accounts default work m",
    "postrider config get work.hos": "postrider config get work.host ",
    "postrider -a wo": "postrider -a work ",
    "postrider --account=wo": "postrider --account=work ",
    "postrider you@example.org wo": "postrider you@example.org wo",
}


@pytest.mark.parametrize("typed, said", [
    ("postrider config pa\t", "/.config/postrider/config"),
    ("postrider config get default-a\t", "work"),
    ("postrider config get work.hos\t", "work.test"),
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


@pytest.mark.parametrize("name", ["bash", "fish"])
def test_messages_of_the_queue_are_offered(postrider, shell, name):
    done = postrider.run("-odq", "--json", "-a", "work", "-f", "me@work.test",
                         "you@example.org", input=b"Subject: x\n\nx\n")
    id = json.loads(done.out)["id"]
    assert shell(name, "postrider queue drop ") == [id]
    assert sorted(shell(name, "postrider queue release ")) == [
        id, "me@home.test", "work"]
