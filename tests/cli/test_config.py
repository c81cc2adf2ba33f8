# SPDX-License-Identifier: MIT
"""postrider config: shows and changes settings, and keeps the rest of the
file."""
import json
import os
import subprocess

import pytest

from dialogue.submission import SubmissionServer
from peers.scripted_keeper import ScriptedKeeper

FILE = """\
# Mail of this computer
timeout = 20s     // patient

/* for
   work */
account work {
    provider = corp   # ours
    user     = "w"
    from     = { me@corp.test, team@corp.test }
}
account me@home.test { host = smtp.home.test user = me@home.test }

provider corp { host = smtp.corp.test tls = implicit }
"""


@pytest.fixture
def config(postrider):
    """config(words...) runs postrider config; config.path is the file."""
    path = postrider.configure(FILE)

    def config(*arguments, status=0, **how):
        done = postrider.run("config", *arguments, **how)
        assert done.status == status, done.err
        return done
    config.path = path
    return config


def silent(done):
    return (done.out, done.err) == ("", "")


# ---- set and unset ----------------------------------------------------------

@pytest.mark.parametrize("arguments, before, after", [
    (["timeout", "5s"], "20s ", "5s "),
    (["work.user", "a b"], '"w"', '"a b"'),
    (["work.user", "w2"], '"w"', "w2"),
    (["work.provider", "corp"], "", ""),
    (["work.from", "x@corp.test"], "{ me@corp.test, team@corp.test }",
     "x@corp.test"),
    (["work.from", "x@corp.test", "*@corp.test"],
     "{ me@corp.test, team@corp.test }", '{ x@corp.test, "*@corp.test" }'),
    (["work.from", "x@corp.test,y@corp.test"],
     "{ me@corp.test, team@corp.test }", "{ x@corp.test, y@corp.test }"),
    (["work.port", "465"], "team@corp.test }\n",
     "team@corp.test }\n    port = 465\n"),
    (["me@home.test.port", "465"], "user = me@home.test }",
     "user = me@home.test port = 465 }"),
    (["retries", "0"], "// patient\n", "// patient\nretries = 0\n"),
    (["default-account", "work"], "// patient\n",
     "// patient\ndefault-account = work\n"),
    (["work.full-name", "--", "-x"], "team@corp.test }\n",
     'team@corp.test }\n    full-name = -x\n'),
    (["log-file", "~/mail log"], "// patient\n",
     '// patient\nlog-file = "~/mail log"\n'),
])
def test_set_changes_one_place(config, arguments, before, after):
    assert silent(config("set", *arguments))
    assert config.path.read_text() == FILE.replace(before, after, 1)
    got = config("get", arguments[0]).out
    if arguments[0] != "log-file":
        assert got.splitlines() == [
            word for text in arguments[1:] if text != "--"
            for word in text.split(",")]


def test_unset_removes_one_place(config):
    config("unset", "work.from")
    assert config.path.read_text() == FILE.replace(
        "    from     = { me@corp.test, team@corp.test }\n", "")
    config("unset", "timeout")
    assert "\n// patient\n" in config.path.read_text()
    assert config("get", "timeout").out == "15s\n"
    done = config("unset", "timeout", status=78)
    assert done.err == f"postrider: {config.path}: timeout is not set\n"


def test_a_new_file_is_made_for_the_user_alone(postrider):
    path = postrider.home / ".config/postrider/config"
    assert postrider.run("config", "path").out == f"{path}\n"
    assert json.loads(postrider.run("config", "path", "--json").out) == {
        "path": str(path), "exists": False}
    assert silent(postrider.run("config", "set", "timeout", "5s"))
    assert path.read_text() == "timeout = 5s\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(postrider.run("config", "path", "--json").out)["exists"]


def test_another_file_is_named_by_an_option(config, tmp_path):
    other = tmp_path / "other"
    other.write_text("")
    config("set", "-C", other, "timeout", "5s")
    config("set", "retries", "1", f"--config={other}")
    assert other.read_text() == "timeout = 5s\nretries = 1\n"
    assert config.path.read_text() == FILE


@pytest.mark.parametrize("arguments, status, message, hint", [
    (["set", "work.port", "70000"], 64, 'work.port: "70000" ', None),
    (["set", "timeout", "soon"], 64, 'timeout: "soon" ', None),
    (["set", "timeuot", "5s"], 64, 'unknown setting "timeuot"',
     "did you mean timeout?"),
    (["set", "work.hots", "x"], 64, 'unknown setting "hots"',
     "did you mean host?"),
    (["set", "wrok.host", "x"], 78, 'there is no account "wrok"',
     "did you mean work?"),
    (["set", "me@home.test", "x"], 64,
     "me@home.test is an account, not a setting", "me@home.test.host"),
    (["set", "provider", "gmail"], 64,
     "provider can be set only for one account", "ACCOUNT.provider"),
    (["set", "timeout"], 64, "config set: missing argument",
     "usage: postrider config set [ACCOUNT.]NAME VALUE..."),
    (["set", "timeout", "5s", "6s"], 64, "timeout takes one value", None),
    (["set", "default-account", "wrok"], 78, 'there is no account "wrok"',
     "did you mean work?"),
    (["get"], 64, "config get: missing argument", "usage"),
    (["path", "x"], 64, "config path: too many arguments", "usage"),
    (["gte", "timeout"], 64, "config: unknown argument: gte",
     'did you mean "postrider config get"?'),
    (["set", "--timeout=5s"], 64, "config: --timeout has no effect here",
     "postrider config set timeout VALUE"),
    (["set", "work.from", "a@x.test", "b"], 64, 'work.from: "b" isn', "form"),
    (["list", "wrok"], 78, 'there is no account "wrok"', "work"),
])
def test_mistakes_are_explained(config, arguments, status, message, hint):
    done = config(*arguments, status=status)
    lines = done.err.splitlines()
    assert lines[0].startswith(f"postrider: {message}")
    assert (hint is None) == (len(lines) == 1)
    if hint:
        assert hint in " ".join(lines[1:])
    assert config.path.read_text() == FILE


def test_an_invalid_file_is_not_changed(config):
    config.path.write_text(FILE + "hots = x\n")
    done = config("set", "timeout", "5s", status=78)
    assert done.err.startswith(f"postrider: {config.path}:14: ")
    assert config.path.read_text() == FILE + "hots = x\n"


def test_an_account_that_cannot_be_used_is_told(config):
    done = config("set", "work.provider", "gmial")
    assert done.err.splitlines()[0] == (
        f"postrider: warning: {config.path}:7: unknown provider \"gmial\"")
    assert 'gmial   # ours' in config.path.read_text()


def test_what_the_file_is_stays(config, tmp_path):
    real = tmp_path / "dotfiles"
    config.path.rename(real)
    config.path.symlink_to(real)
    real.chmod(0o640)
    os.chown(real, 0, 12)
    config("set", "timeout", "5s")
    status = real.stat()
    assert (status.st_mode & 0o7777, status.st_uid, status.st_gid) == (
        0o640, 0, 12)
    assert config.path.is_symlink()
    assert config("get", "timeout").out == "5s\n"
    assert [one.name for one in config.path.parent.iterdir()] == ["config"]


# ---- many at once -----------------------------------------------------------

def test_many_at_once_lose_nothing(postrider, ca, tmp_path):
    """Changes of settings, and logins that add accounts, side by side."""
    count = 24
    path = postrider.configure("".join(
        f"account a{i} {{ host = h.test }} # {i}\n" for i in range(count)))
    keeper = ScriptedKeeper(postrider, tmp_path / "keeper")
    with SubmissionServer(ca.server, users={"alice": "secret"}) as server:
        login = ["--user=alice", "--host=localhost", f"--port={server.port}",
                 f"--tls-trust-file={ca.pem}"]
        running = [postrider.start("config", "set", f"a{i}.port", str(i + 1),
                                   stderr=subprocess.PIPE)
                   for i in range(count)]
        running += [postrider.start("login", f"new{i}@h.test", *login,
                                    stdin=subprocess.PIPE,
                                    stderr=subprocess.PIPE,
                                    stdout=subprocess.DEVNULL)
                    for i in range(6)]
        for one in running:
            output = one.communicate(b"secret\n", timeout=120)[1]
            assert one.returncode == 0, output
    assert len(keeper.calls) >= 6
    listed = json.loads(postrider.run("config", "list", "--json").out)
    ports = {row["account"]: row["value"] for row in listed
             if row["name"] == "port"}
    assert {f"a{i}": str(i + 1) for i in range(count)}.items() <= ports.items()
    assert {f"new{i}@h.test" for i in range(6)} <= set(ports)
    text = path.read_text()
    for i in range(count):
        assert f"account a{i} {{ host = h.test port = {i + 1} }} # {i}\n" in (
            text)


# ---- get and list -----------------------------------------------------------

def test_get_prints_what_is_used(config):
    assert config("get", "work.host").out == "smtp.corp.test\n"
    assert config("get", "work.port").out == "465\n"
    assert config("get", "work.timeout").out == "20s\n"
    assert config("get", "work.timeout", env={"POSTRIDER_TIMEOUT": "3s"}
                  ).out == "3s\n"
    assert config("get", "me@home.test.port").out == "587\n"
    assert config("get", "team@corp.test.user").out == "w\n"
    assert silent(config("get", "work.realm", status=1))
    assert silent(config("get", "default-account", status=1))


def test_get_as_json(config):
    assert json.loads(config("get", "--json", "work.from").out) == {
        "name": "work.from", "value": ["me@corp.test", "team@corp.test"],
        "origin": f"{config.path}:9"}
    assert json.loads(config("get", "work.port", "--json").out) == {
        "name": "work.port", "value": "465", "origin": "default"}
    assert json.loads(config("get", "work.realm", "--json", status=1).out) == {
        "name": "work.realm", "value": None, "origin": None}


def test_list_shows_what_is_written(config):
    for arguments in ([], ["list"]):
        done = config(*arguments, env={"POSTRIDER_PORT": "2525",
                                       "POSTRIDER_QUEUE": ""})
        rows = done.out.splitlines()
        assert rows[0] == str(config.path)
        assert [row.split() for row in rows[1:]] == [
            ["port", "=", "2525", "POSTRIDER_PORT"],
            ["timeout", "=", "20s", "line", "2"],
            ["work.provider", "=", "corp", "line", "7"],
            ["work.user", "=", "w", "line", "8"],
            ["work.from", "=", "me@corp.test,", "team@corp.test", "line", "9"],
            ["me@home.test.host", "=", "smtp.home.test", "line", "11"],
            ["me@home.test.user", "=", "me@home.test", "line", "11"]]


def test_list_of_an_account_shows_what_is_used(config):
    rows = {row.split(" = ")[0]: " ".join(row.split(" = ")[1].split())
            for row in config("list", "work").out.splitlines()[1:]}
    assert rows["work.host"] == "smtp.corp.test provider corp"
    assert rows["work.tls"] == "implicit provider corp"
    assert rows["work.timeout"] == "20s line 2"
    assert rows["work.user"] == "w line 8"
    assert rows["work.retries"] == "2 default"
    listed = json.loads(config("list", "work", "--json").out)
    assert {"account": "work", "name": "host", "value": "smtp.corp.test",
            "origin": "provider corp"} in listed


def test_list_hides_commands_which_may_contain_a_secret(config):
    for name, value in (("credential", "command:echo hunter2"),
                        ("credential-encrypt", "crypt -p hunter2"),
                        ("credential-decrypt", "crypt -d -p hunter2"),
                        ("client-secret", "command:echo hunter2")):
        config("set", f"work.{name}", value)
        assert config("get", f"work.{name}").out == value + "\n"
    for arguments in (["list"], ["list", "work"], ["list", "--json"],
                      ["list", "work", "--json"]):
        out = config(*arguments).out
        assert "hunter2" not in out
        assert "command:(hidden)" in out


# ---- edit -------------------------------------------------------------------

@pytest.fixture
def editor(postrider):
    """editor(lines...) is the environment with an editor that runs one of the
    shell's lines each time, with the file as $1."""
    def editor(*lines):
        script = postrider.home / "editor"
        cases = "\n".join(f"{i}) {line} ;;" for i, line in enumerate(lines))
        script.write_text(f"""#!/bin/sh
count=$(cat {script}.count 2>/dev/null || echo 0)
echo $((count + 1)) >{script}.count
case $count in
{cases}
esac
""")
        script.chmod(0o755)
        return {"EDITOR": f"{script}", "TMPDIR": str(postrider.home)}
    return editor


def copies(postrider):
    return list(postrider.home.glob("postrider-config.*"))


def test_edit_replaces_the_file(postrider, config, editor):
    config.path.chmod(0o640)
    done = config("edit", env=editor("sed -i s/20s/5s/ $1"))
    assert (done.out, done.err) == (f"changed {config.path}\n", "")
    assert config.path.read_text() == FILE.replace("20s", "5s")
    assert config.path.stat().st_mode & 0o777 == 0o640
    assert copies(postrider) == []


@pytest.mark.parametrize("env", [
    {"EDITOR": "true"}, {"VISUAL": "true", "EDITOR": "false"},
    {"EDITOR": "touch -c"}])
def test_edit_without_a_change_changes_nothing(postrider, config, env):
    done = config("edit", env={**env, "TMPDIR": postrider.home})
    assert (done.out, done.err) == ("nothing was changed\n", "")
    assert config.path.read_text() == FILE
    assert copies(postrider) == []


def test_edit_begins_a_new_file(postrider, editor):
    path = postrider.home / ".config/postrider/config"
    done = postrider.run("config", "edit", env=editor(
        "true", "echo 'timeout = 5s' >>$1"))
    assert done.out == "nothing was changed\n"
    assert not path.exists()
    done = postrider.run("config", "edit", env=editor(
        "true", "echo 'timeout = 5s' >>$1"))
    assert done.out == f"changed {path}\n"
    assert path.read_text().startswith("# The configuration of postrider")
    assert postrider.run("config", "get", "timeout").out == "5s\n"


def test_edit_mends_an_invalid_file(config, editor):
    config.path.write_text(FILE + "hots = x\n")
    assert config("path").out == f"{config.path}\n"
    config("edit", env=editor("sed -i /hots/d $1"))
    assert config.path.read_text() == FILE


def test_edit_keeps_the_file_if_the_copy_is_invalid(postrider, config, editor):
    done = config("edit", status=78, env=editor("echo 'hots = x' >>$1"))
    copy, = copies(postrider)
    assert done.err == (f'postrider: {config.path}:14: unknown setting "hots"\n'
                        f"hint: did you mean host?; your changes are in {copy}"
                        "\n")
    assert config.path.read_text() == FILE
    assert copy.read_text() == FILE + "hots = x\n"


def test_edit_offers_to_edit_again(postrider, config, editor):
    status, said = postrider.at_terminal(
        ["config", "edit"], [("again? [Y/n]", ""), ("again? [Y/n]", "y")],
        env=editor("echo 'hots = x' >>$1", "sed -i s/hots/prot/ $1",
                   "sed -i 's/prot = x/port = 25/' $1"))
    assert status == 0, said
    assert said.count("unknown setting") == 2
    assert config.path.read_text() == FILE + "port = 25\n"
    assert copies(postrider) == []


def test_edit_gives_up_on_request(postrider, config, editor):
    status, said = postrider.at_terminal(
        ["config", "edit"], [("again? [Y/n]", "n")],
        env=editor("echo 'hots = x' >>$1"))
    copy, = copies(postrider)
    assert status == 78
    assert said.count("unknown setting") == 1
    assert f"{config.path}: was not changed" in " ".join(said.split())
    assert f"your changes are in {copy}" in " ".join(said.split())
    assert config.path.read_text() == FILE


def test_edit_undoes_no_change_that_was_made_meanwhile(postrider, config,
                                                       editor):
    done = config("edit", status=78, env=editor(
        f"{postrider.program} config set retries 1; sed -i s/20s/5s/ $1"))
    copy, = copies(postrider)
    assert done.err.startswith(
        f"postrider: {config.path}: has changed meanwhile\n")
    assert config("get", "retries").out == "1\n"
    assert config("get", "timeout").out == "20s\n"
    assert copy.read_text() == FILE.replace("20s", "5s")


def test_an_editor_that_fails_changes_nothing(postrider, config, editor):
    done = config("edit", status=71, env=editor(
        "sed -i s/20s/5s/ $1; exit 3"))
    assert "ended with exit status 3" in done.err
    assert config.path.read_text() == FILE
