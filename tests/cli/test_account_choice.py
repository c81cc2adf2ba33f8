# SPDX-License-Identifier: MIT
"""Which of many accounts a message goes through, and the reason that is shown:
the order of the table in postrider(5)."""
import json
import os
import subprocess

import pytest

from callers.mail import Mail
from dialogue.submission import SubmissionServer

RCPT = "you@example.org"
ACCOUNTS = """\
account home { host = home.test  user = me@home.test  auth = login }
account work {
    host = work.test
    from = { me@work.test, "*@team.test" }
    directory = { ~/corp, "~/my projects" }
}
account client { host = client.test from = me@client.test
                 directory = ~/corp/client }
account all { host = all.test from = "*@work.test" directory = /srv/none }
default-account = home
"""


@pytest.fixture
def places(postrider):
    """The directories of a home; the account of a run in one of them."""
    postrider.configure(ACCOUNTS)
    for name in ("corp/client/deep", "corps", "my projects", "elsewhere"):
        (postrider.home / name).mkdir(parents=True)
    return postrider


def choice(postrider, *arguments, cwd=".", sender=None, env=None):
    """(account, reason)"""
    header = f"From: {sender}\n" if sender else ""
    done = postrider.run("--dry-run", "--json", *arguments, RCPT, env=env,
                         input=f"{header}Subject: x\n\nx\n".encode(),
                         cwd=postrider.home / cwd)
    assert done.status == 0, done.err
    answer = json.loads(done.out)
    return answer["account"], answer["found_by"].rpartition(",")[0]


@pytest.mark.parametrize("cwd, account, reason", [
    (".", "home", "default account"),
    ("corp", "work", "directory ~/corp"),
    ("my projects", "work", "directory ~/my projects"),
    ("corp/client", "client", "directory ~/corp/client"),
    ("corp/client/deep", "client", "directory ~/corp/client"),
    ("corps", "home", "default account"),
    ("/", "home", "default account"),
])
def test_the_innermost_directory(places, cwd, account, reason):
    assert choice(places, cwd=cwd) == (account, reason)


@pytest.mark.parametrize("arguments, sender, account, reason", [
    (["-a", "home"], "me@work.test", "home", "by name"),
    (["-f", "me@home.test"], "me@work.test", "home", "sender address"),
    ([], "me@work.test", "work", "sender address"),
    ([], "Me <me@home.test>", "home", "sender address"),
    ([], "other@work.test", "all", "sender domain"),
    ([], "boss@team.test", "work", "sender domain"),
    ([], "stranger@example.org", "client", "directory ~/corp/client"),
    ([], "root (Cron Daemon)", "client", "directory ~/corp/client"),
    (["-f", "<>"], None, "client", "directory ~/corp/client"),
    (["--user", "me@home.test"], None, "home", "user"),
])
def test_the_order(places, arguments, sender, account, reason):
    assert choice(places, *arguments, sender=sender,
                  cwd="corp/client") == (account, reason)


def test_a_name_in_the_environment_comes_first(places):
    assert choice(places, cwd="corp", sender="me@work.test", env={
        "POSTRIDER_ACCOUNT": "client"}) == ("client", "by name")


def test_links_are_followed(places):
    home = places.home
    (home / "link").symlink_to(home / "corp/client/deep")
    assert choice(places, cwd="link")[0] == "client"
    (home / "real").mkdir()
    (home / "real/inside").mkdir()
    (home / "corp/client/deep").rmdir()
    (home / "corp/client").rmdir()
    (home / "corp").rmdir()
    (home / "corp").symlink_to(home / "real")
    assert choice(places, cwd="real/inside") == ("work", "directory ~/corp")


def test_a_link_inside_belongs_to_it_if_the_shell_says_so(places):
    link = places.home / "corp/link"
    link.symlink_to(places.home / "elsewhere")
    assert choice(places, cwd="elsewhere")[0] == "home"
    assert choice(places, cwd="elsewhere", env={"PWD": link})[0] == "work"
    stale = {"PWD": places.home / "corp"}
    assert choice(places, cwd="elsewhere", env=stale)[0] == "home"
    crooked = {"PWD": places.home / "corp/../elsewhere"}
    assert choice(places, cwd="elsewhere", env=crooked)[0] == "home"


def test_a_directory_that_is_gone(places):
    gone = places.home / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *places.command(
            "--dry-run", RCPT)], cwd=gone, input=b"Subject: x\n\nx\n",
        env=places.environment(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"home (default account, host)" in done.stdout


def test_the_reason_is_shown(places):
    done = places.run("--dry-run", RCPT, input=b"Subject: x\n\nx\n",
                      cwd=places.home / "corp")
    assert "account    work (directory ~/corp, host)" in done.out.splitlines()
    with SubmissionServer(tls="none", mechanisms=()) as server:
        mail = Mail(places, server)
        mail.configure("directory = ~/corp")
        done = mail.run("-v", RCPT, cwd=places.home / "corp")
        assert "account test (sender address, host)" in done.err
        done = mail.run("-v", RCPT, input=b"Subject: x\n\nx\n",
                        cwd=places.home / "corp")
    assert "account test (directory ~/corp, host)" in done.err


def test_commands_use_the_directory_too(places):
    done = places.run("check", "--timeout=1ms", cwd=places.home / "corp")
    assert "work" in done.out.splitlines()[0]
    assert "work.test" in done.err


def test_git_sends_through_the_account_of_the_clone(postrider):
    """git send-email changes to the top of the working tree."""
    with SubmissionServer(tls="none", mechanisms=()) as server:
        postrider.configure(
            "account other { host = other.test  from = me@other.test }\n"
            f"account work {{ host = 127.0.0.1  port = {server.port} tls = none"
            "  from = me@work.test  directory = ~/clones\n"
            "set-from = always }\n" "default-account = other\n")
        clone = postrider.home / "clones/project/sub"
        clone.mkdir(parents=True)
        env = {"GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"],
               **{f"GIT_{who}_{what}": value
                  for who in ("AUTHOR", "COMMITTER") for what, value in
                  (("NAME", "Me"), ("EMAIL", "me@example.test"))}}
        (clone / "file").write_text("one\n")
        for command in (["init", "-q"], ["add", "file"],
                        ["commit", "-q", "-m", "one", "-m", "text"],
                        ["send-email", "--sendmail-cmd",
                         str(postrider.program), "--to", RCPT, "--quiet",
                         "--confirm=never", "--suppress-cc=all", "--root",
                         "HEAD"]):
            done = subprocess.run(["git", *command], cwd=clone, timeout=60,
                                  env=postrider.environment(env),
                                  capture_output=True)
            assert done.returncode == 0, done.stderr
        message = mail_of(server)
    assert message.sender == "me@work.test"
    assert b"From: Me <me@work.test>" in message.data


def mail_of(server):
    assert len(server.messages) == 1
    return server.messages[0]


@pytest.mark.parametrize("path", ["work", "./work", "~other/work"])
def test_a_relative_directory_is_refused(postrider, path):
    config = postrider.configure(
        f'account a {{\nhost = a.test\ndirectory = "{path}"\n}}\n')
    done = postrider.run("accounts")
    assert done.status == 78
    assert f"{config}:3: directory: \"{path}\" doesn't begin with" in done.err


def test_it_is_no_option(places):
    done = places.run("--directory=/", RCPT, input=b"x\n")
    assert done.status == 64 and "no such option" in done.err
    assert choice(places, env={"POSTRIDER_DIRECTORY": "x"})[0] == "home"


def test_config_sets_it(places):
    done = places.run("config", "set", "home.directory", "~/elsewhere")
    assert done.status == 0, done.err
    assert choice(places, cwd="elsewhere") == (
        "home", "directory ~/elsewhere")


def test_the_list_shows_what_accounts_are_chosen_by(places):
    lines = places.run("accounts").out.splitlines()
    column = " " * 22
    assert lines[0].startswith("home                  home.test:587  me@home.test")
    assert lines[2:] == [
        "work                  work.test:587  no sign-in",
        f"{column}from: me@work.test, *@team.test",
        f"{column}directory: ~/corp, ~/my projects",
        "client                client.test:587  no sign-in",
        f"{column}from: me@client.test",
        f"{column}directory: ~/corp/client",
        "all                   all.test:587  no sign-in",
        f"{column}from: *@work.test",
        f"{column}directory: /srv/none"]
    found = {one["name"]: one for one in
             json.loads(places.run("accounts", "--json").out)}
    assert found["work"]["directories"] == ["~/corp", "~/my projects"]
    assert found["work"]["from"] == ["me@work.test", "*@team.test"]
    assert found["home"]["directories"] == []
