# SPDX-License-Identifier: MIT
"""Of a command that fails to provide a credential nothing is shown: its text
and what it prints may contain the secret, in any form."""
import base64
import shlex
import subprocess
import urllib.parse

import pytest

SECRET = "kq7vWx2zQ9j#Xw4%g5"
BASE64 = base64.b64encode(SECRET.encode()).decode()

# {s} is the secret, {b} its base64, {kept} a file that contains it, {named} a
# file that is named so; $HIDDEN is the secret, too.
COMMANDS = [
    # in the text of the command
    "echo {s} >&2; false",
    "printf %s {s} >&2; exit 3",
    "printf '%s\\n' 'password: {s}' >&2; false",
    "echo {s}; false",
    "{s}",
    "'{s}'",
    "\"{s}",
    "{s} --option; false",
    "/{s}",
    "./{s}/x",
    "exec {s}",
    "printf {s})",
    "if {s}",
    "cd /{s}",
    "cat /nonexistent/{s}",
    "cat </nonexistent/{s}",
    "cat {named}/x",
    "cat {named}/x {named}",
    "ls --password={s} /",
    "ls -{s}",
    "cat --{s}",
    "env -u {s} --password={s} x",
    "env PASS={s} nonexistent-program",
    "env {s}",
    "nice -n {s} true",
    "sh -c 'VAULT_TOKEN={s} nonexistent-vault read'",
    "sh -c 'VAULT_TOKEN={s}; nonexistent-vault $VAULT_TOKEN'",
    "sh -c '{s}'",
    "bash -c '{s}'",
    "bash -c 'echo {s})'",
    "bash -c 'printf \"{s}'",
    "bash -c 'x={s}; ${{x?}}; $x'",
    "sh -xc 'x={s}; false'",
    "sh -xc 'echo {s}; false' 2>&1 >/dev/null | tail -n 1 >&2; false",
    "set -x; : {s}; false",
    "bash -xc 'cat <<<{s}; false'",
    "sh -vc 'x={s}; false'",
    "x={s}; : ${{y?$x}}",
    "x={s}; : ${{y?}} $x",
    "export {s}",
    "export x-{s}=1",
    "readonly x={s}; x={s}1",
    "x=$(({s}))",
    ". ./{s}",
    "ulimit -n {s}",
    "kill {s}",
    "test {s} -eq 1 || exit 2",
    "[ {s} -eq 1 ; exit 2",
    "exit {s}",
    "trap {s} {s}",
    "case {s} in",
    "unset {s}-x",
    "python3 -c 'raise SystemExit(\"bad {s}\")'",
    "python3 -c 'x = {s}'",
    "python3 -c 'int(\"{s}\")'",
    "perl -e 'die \"no {s}\\n\"'",
    "curl -sS -u me:{s} https://{s}.invalid/x",
    "curl -sS -H 'Authorization: Bearer {s}' telnet-{s}://x/",
    "curl --{s} https://localhost/",
    "openssl enc -d -aes-256-cbc -pass pass:{s} -in /nonexistent",
    "openssl x509 -{s}",
    "gpg --passphrase {s} --decrypt /nonexistent/{s}",
    "gpg --{s}",
    # in other forms
    "echo {b} >&2; false",
    "echo {b} | base64 -d >&2; false",
    "$(echo {b} | base64 -d)",
    "cat \"$(echo {b} | base64 -d)\"",
    "cat /$(printf %s '{s}' | tr a-z A-Z)",
    "printf %s '{s}' | tr a-z A-Z >&2; false",
    "printf %s '{s}' | tr -d '#%' >&2; false",
    "printf %s '{s}' | sed 's/./&-/9' >&2; false",
    "printf %s '{s}' | cut -c 1-9 >&2; false",
    "printf %s '{s}' | cut -c 5- >&2; false",
    "printf %s '{s}' | fold -w 6 >&2; false",
    "printf %s '{s}' | od -An -tx1 | tr -d ' ' >&2; false",
    "echo {u} >&2; false",
    "echo 'https://me:{u}@localhost/: not found' >&2; false",
    "printf 'cat: \\r%s: Permission denied\\n' '{s}' >&2; false",
    # in the environment, in a file or printed by the command
    "echo \"$HIDDEN\" >&2; false",
    "echo \"cat: $HIDDEN: Permission denied\" >&2; false",
    "echo \"no secret key $HIDDEN\" >&2; false",
    "$HIDDEN",
    "cat \"/$HIDDEN\"",
    "cd \"$HIDDEN\"",
    "ls --password=\"$HIDDEN\"",
    ": ${{nothing?$HIDDEN}}",
    "cat {kept} >&2; false",
    "cat {kept}; false",
    "cat {kept}; cat {kept} >&2; kill -9 $$",
    "head -c 9 {kept}; head -c 9 {kept} >&2; false",
    "(cat {kept}; echo ': Permission denied') >&2; false",
    "(printf 'gpg: '; cat {kept}) >&2; false",
    "(cat {kept}; echo; echo '...') >&2; false",
    "(cat {kept}; echo; echo; echo) >&2; false",
    "(cat {kept}; printf '\\0not found\\n') >&2; false",
    ". {kept}",
    "sh {kept}",
    "bash {kept}",
    "python3 {kept}",
    "xargs cat <{kept}",
    "xargs -I {{}} curl -sS {{}}://x <{kept}",
    "(echo usage: x; cat {kept}) >&2; exit 126",
    "cat {kept} >&2; exit 127",
    "(echo 'postrider-credential: '; cat {kept}) >&2; false",
    "(printf 'hint: '; cat {kept}) >&2; false",
    "(printf 'wait: '; cat {kept}) >&2; false",
    "(printf 'cause: '; cat {kept}) >&2; false",
    "(printf 'postrider-credential: '; cat {kept}) >&2; false",
    "(printf 'postrider-oauth2: '; cat {kept}) >&2; false",
    "cat {kept} >&2; sleep 60",
    "cat {kept} >&2",
]


# What a command is run for, apart from a credential: git's protocol and
# encryption.
HELPERS = ["cat {kept} >&2; exit 1", "cat >&2; exit 1", "echo {s} >&2; exit 1",
           "echo \"$HIDDEN: Permission denied\" >&2; exit 1",
           "cat {kept} >&2; exit 127"]


def parts_of_secret():
    """Four characters of the secret, or eight of another form of it, do not
    occur by accident."""
    forms = [(SECRET, 4), (SECRET.replace("#", ""), 4), (BASE64, 8),
             (SECRET.encode().hex(), 8), (urllib.parse.quote(SECRET), 8)]
    return {form[at:at + size].lower() for form, size in forms
            for at in range(len(form) - size + 1)}


@pytest.fixture
def fill(tmp_path):
    """Puts the secret into the text of a command, and beside it."""
    kept = tmp_path / "kept"
    kept.write_text(SECRET)
    named = tmp_path / SECRET
    named.write_text("")
    named.chmod(0)
    return lambda command: command.format(
        s=SECRET, b=BASE64, u=urllib.parse.quote(SECRET), kept=kept,
        named=shlex.quote(str(named)))


def assert_hidden(*texts):
    text = "".join(texts).lower()
    assert not {part for part in parts_of_secret() if part in text}, text


ENV = {"POSTRIDER_PASSWORD": None, "HIDDEN": SECRET}


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_of_a_credential_command_is_shown(submit, make_server, fill,
                                                  command):
    outcome = submit(make_server(), "-vv", "--json", "--credential",
                     "command:" + fill(command), timeout="2s", env=ENV)
    assert "the credential command" in outcome.out
    assert_hidden(outcome.out, outcome.err, outcome.log)


@pytest.mark.parametrize("body", HELPERS)
def test_nothing_of_a_git_helper_is_shown(submit, make_server, fill, tmp_path,
                                          body):
    helper = tmp_path / "helper"
    helper.write_text("#!/bin/sh\n" + fill(body) + "\n")
    helper.chmod(0o700)
    outcome = submit(make_server(), "-vv", "--json",
                     f"--credential-helper={helper} --pw={SECRET}", env=ENV)
    assert "credential-helper" in outcome.out
    assert_hidden(outcome.out, outcome.err, outcome.log)


@pytest.mark.parametrize("command", HELPERS)
def test_nothing_of_a_cipher_command_is_shown(postrider, fill, tmp_path,
                                              command):
    """It reads the password that is stored."""
    postrider.configure(
        "account work {\nhost = localhost\nuser = alice\n"
        f'credential-folder = "{tmp_path}/folder"\n'
        f"credential-encrypt = {quoted(fill(command))}\n"
        f"credential-decrypt = {quoted(fill(command))}\n}}\n")
    done = subprocess.run(
        [postrider.program.with_name("postrider-credential"),
         "--account=work", "store"], env=postrider.environment(ENV),
        input="protocol=smtp\nhost=localhost\nusername=alice\n"
              f"password={SECRET}\n\n", capture_output=True, text=True,
        timeout=60)
    assert "credential-encrypt" in done.stderr
    assert_hidden(done.stdout, done.stderr)


@pytest.mark.parametrize("verb", ["check", "accounts"])
def test_no_other_command_shows_it(postrider, make_server, ca, fill, verb):
    server = make_server()
    command = fill("echo {s} >&2; cat {kept} >&2; cat {kept}; exit 3")
    postrider.configure(
        f"account work {{\nhost = localhost\nport = {server.port}\n"
        f'user = alice\ntls-trust-file = "{ca.pem}"\n'
        f"credential = {quoted('command:' + command)}\n}}\n")
    for options in ([], ["--json"], ["-vv"]):
        result = postrider.run(verb, *options, env=ENV)
        assert_hidden(result.out, result.err)


def quoted(text):
    """A string of the configuration."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("$", "\\$") + '"'
