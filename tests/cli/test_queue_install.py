# SPDX-License-Identifier: MIT
"""postrider queue install: a timer of systemd, or a line for cron, starts the
program that sends the queue."""
import json
import pathlib
import shlex
import subprocess

import pytest

from callers.mail import MESSAGE
from patience import wait_for
from peers.namespace import Mounts
from peers.user_manager import UserManager

UNITS = ["postrider-queue.service", "postrider-queue.timer"]
ENABLE = "systemctl --user enable --now postrider-queue.timer"


@pytest.fixture
def manager(postrider):
    with UserManager(postrider.environment()) as started:
        yield started


@pytest.fixture
def logged_out(postrider):
    with UserManager(postrider.environment(), runs=False) as started:
        yield started


def unit_directory(postrider):
    return postrider.home / ".config/systemd/user"


def install(postrider, manager, *options, status=0, env=None):
    done = postrider.run("queue", "install", *options, wrap=manager.wrap,
                         env={"XDG_RUNTIME_DIR": manager.runtime,
                              **(env or {})})
    assert done.status == status, done.err
    return done


def verify(postrider, manager):
    done = subprocess.run(
        manager.wrap(["systemd-analyze", "--user", "verify", "--man=no",
                      *(unit_directory(postrider) / name for name in UNITS)]),
        env=manager.env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_timer_is_installed_and_sends(mail, postrider, manager):
    done = install(postrider, manager)
    paths = [unit_directory(postrider) / name for name in UNITS]
    assert done.err == ""
    assert done.out.splitlines() == [
        *(f"wrote {path}" for path in paths),
        "enabled postrider-queue.timer: the queue is sent at login and every "
        "15 minutes",
        "to have it sent also while you are logged out, run loginctl "
        "enable-linger"]
    verify(postrider, manager)
    assert manager.ctl("is-enabled", UNITS[1]).stdout == "enabled\n"
    assert manager.ctl("is-active", UNITS[1]).stdout == "active\n"

    mail.run("-odq", "you@example.org", input=MESSAGE)
    started = manager.ctl("start", UNITS[0])
    assert (started.returncode, started.stderr) == (0, "")
    mail.arrived()
    await_state(manager, "inactive")


def await_state(manager, state):
    wait_for(
        lambda: manager.ctl("is-active", UNITS[0]).stdout.strip() == state)
    assert manager.ctl("is-failed", UNITS[0]).stdout.strip() == state


def test_installing_again_and_removing(postrider, manager):
    install(postrider, manager)
    before = [(unit_directory(postrider) / name).read_text() for name in UNITS]
    install(postrider, manager)
    assert before == [
        (unit_directory(postrider) / name).read_text() for name in UNITS]
    done = install(postrider, manager, "--remove")
    assert (done.err, done.out.splitlines()) == ("", [
        f"removed {unit_directory(postrider) / name}" for name in UNITS])
    assert [path for path in unit_directory(postrider).rglob("*")
            if not path.is_dir()] == []
    assert manager.ctl("is-active", UNITS[1]).stdout == "inactive\n"
    assert install(postrider, manager, "--remove").out == (
        "no timer is installed\n")


def test_json_names_the_files(postrider, manager):
    files = [str(unit_directory(postrider) / name) for name in UNITS]
    assert json.loads(install(postrider, manager, "--json").out) == {
        "status": "installed", "files": files, "command": None}
    assert json.loads(install(postrider, manager, "--remove",
                              "--json").out) == {
        "status": "removed", "files": files, "command": None}


def test_without_a_user_manager_the_command_is_printed(postrider, logged_out):
    done = install(postrider, logged_out)
    assert done.out.splitlines()[-1] == f"to enable the timer, run {ENABLE}"
    assert done.err == ""
    verify(postrider, logged_out)
    link = unit_directory(postrider) / "timers.target.wants" / UNITS[1]
    link.parent.mkdir()
    link.symlink_to("../" + UNITS[1])
    install(postrider, logged_out, "--remove")
    assert not link.is_symlink()


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("option", [[], ["--remove"]])
def test_a_file_of_somebody_else_stays(postrider, logged_out, name, option):
    path = unit_directory(postrider) / name
    path.parent.mkdir(parents=True)
    path.write_text("[Unit]\n")
    done = install(postrider, logged_out, *option, status=73)
    assert f"{path}: was not written by postrider queue install" in done.err
    assert [one.name for one in path.parent.iterdir()] == [name]
    assert path.read_text() == "[Unit]\n"


def test_a_link_is_not_followed(postrider, logged_out):
    install(postrider, logged_out)
    path = unit_directory(postrider) / UNITS[0]
    other = path.rename(postrider.home / "mine")
    path.symlink_to(other)
    install(postrider, logged_out, status=73)
    install(postrider, logged_out, "--remove", status=73)
    assert path.is_symlink() and other.exists()


def test_strange_directories_are_quoted(postrider, logged_out):
    state = postrider.home / "a \"b\" 50%d $HOME \\x"
    install(postrider, logged_out, env={"XDG_STATE_HOME": state})
    verify(postrider, logged_out)
    service = (unit_directory(postrider) / UNITS[0]).read_text()
    assert ("Environment=\"XDG_STATE_HOME=" + str(state).replace("\\", "\\\\")
            .replace("\"", "\\\"").replace("%", "%%") + "\"\n") in service
    done = install(postrider, logged_out, status=78,
                   env={"XDG_STATE_HOME": "/a\nExecStart=/bin/false"})
    assert "control characters" in done.err


def test_systemd_reads_what_was_quoted(mail, postrider, manager):
    state = postrider.home / "a \"b\" 50%d $HOME \\x"
    install(postrider, manager, env={"XDG_STATE_HOME": state})
    mail.run("-odq", "you@example.org", input=MESSAGE,
             env={"XDG_STATE_HOME": state})
    manager.ctl("start", UNITS[0])
    mail.arrived()


def test_without_systemd_cron_can_start_it(postrider):
    without = Mounts(empty=["/run"])
    done = postrider.run("queue", "install", wrap=without.wrap)
    assert done.status == 71
    assert done.err.splitlines() == [
        "postrider: systemd isn't running, so no timer can be installed",
        "hint: postrider starts the queue whenever it is called; to have cron "
        "start it, run (crontab -l; postrider queue install --cron) | "
        "crontab -"]
    assert not unit_directory(postrider).exists()


def test_the_line_for_cron_runs_in_a_shell(mail, postrider):
    state = postrider.home / "it's 100%"
    line = postrider.run("queue", "install", "--cron",
                         env={"XDG_STATE_HOME": state}).out
    assert line.count("\n") == 1 and line.startswith("*/15 * * * * ")
    assert "100\\%" in line
    assert line.endswith(" start >/dev/null 2>&1\n")
    mail.run("-odq", "you@example.org", input=MESSAGE,
             env={"XDG_STATE_HOME": state})
    command = line.split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True,
                          env={"HOME": str(postrider.home),
                               "PATH": "/usr/bin:/bin"})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    mail.arrived()


@pytest.mark.parametrize("words", [
    ["list", "--remove"], ["run", "--cron"], ["--remove"]])
def test_the_options_are_for_install_only(postrider, words):
    done = postrider.run("queue", *words)
    assert done.status == 64 and "invalid option: --" in done.err


def test_the_program_must_exist(postrider, logged_out, tmp_path):
    done = install(postrider, logged_out, status=71,
                   env={"POSTRIDER_EXEC_PATH": tmp_path})
    assert f"{tmp_path}/postrider-queue: No such file" in done.err
