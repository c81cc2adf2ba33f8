# SPDX-License-Identifier: MIT
"""What can be wrong with the place of the queue, the configuration and the
clock: each is said in a sentence, and nothing is lost."""
import errno
import os
import pathlib
import shutil
import socket
import subprocess

import pytest

from callers.bad_day import bad_day
from callers.queue_trial import ACCOUNTS, Letter, QueueTrial
from peers.namespace import Mounts, SmallDisk

YEAR = 366 * 86400
LETTER, OTHER = Letter(1), Letter(2, ("a@example.org", "b@example.org"))
LARGE = Letter(3, size=100000)
NOBODY = 65534


@pytest.fixture
def trial(mail, tmp_path):
    return QueueTrial(mail, tmp_path)


@pytest.fixture
def waiting(trial):
    """With a letter in the queue."""
    trial.prepare([LETTER])
    return trial


def add(trial, letter, **how):
    return trial.command(*letter.arguments, input=letter.text, **how)


def refused(trial, letter, status=73, **how):
    """Queueing fails with a sentence, which is returned."""
    done = add(trial, letter, **how)
    assert (done.status, done.out) == (status, ""), done
    return sentence(done.err)


def sentence(text):
    first, *rest = text.splitlines()
    assert first.startswith("postrider: "), text
    assert len(rest) <= 1 and all(line.startswith("hint: ") for line in rest)
    return text


def all_arrive(trial, *letters):
    trial.check(letters)
    assert trial.states() == {}


# ---- the file system --------------------------------------------------------

@pytest.fixture
def small(trial):
    trial.state.parent.mkdir(parents=True)
    with SmallDisk(trial.state) as disk:
        yield disk


def test_a_full_disk_accepts_nothing_and_loses_nothing(trial, small):
    def on_disk(command):
        return [*small.wrap, *command]

    assert add(trial, LETTER, wrap=on_disk).status == 0
    small.fill()
    for letter in (OTHER, LARGE):
        told = refused(trial, letter, wrap=on_disk)
        assert "No space left on device" in told
        assert "make space in the file system of the queue" in told
    told = trial.command("queue", "run", wrap=on_disk).err
    assert "No space left on device" in told
    assert trial.server.messages == []
    assert "you@example.org" in trial.command("queue", wrap=on_disk).out
    small.free()
    trial.command("queue", "run", wrap=on_disk)
    assert trial.accepted_by_server() == {(LETTER.id, "you@example.org"): 1}
    assert [path.name for path in (small.path / "queue").glob("*.*")] == []


def test_a_message_that_does_not_fit_leaves_nothing(trial, small):
    def on_disk(command):
        return [*small.wrap, *command]

    assert "No space left" in refused(trial, LARGE, wrap=on_disk)
    assert list((small.path / "queue").iterdir()) == []


def test_a_disk_that_cannot_be_written_is_named(waiting):
    def read_only(command):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                f"mount --bind {waiting.state} {waiting.state} && "
                f"mount -o remount,ro,bind {waiting.state} && "
                'exec "$@"', "sh", *command]

    assert "Read-only file system" in (told := refused(waiting, OTHER,
                                                       wrap=read_only))
    assert "for writing" in told
    assert "Read-only file system" in waiting.command(
        "queue", "run", wrap=read_only).err
    assert LETTER.id in waiting.command("queue", "--json",
                                        wrap=read_only).out
    all_arrive(waiting, LETTER)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_not_used(waiting, number):
    env = bad_day(lock=number)
    for told in (refused(waiting, OTHER, env=env),
                 waiting.command("queue", "run", env=env).err):
        assert os.strerror(number) in told
        assert "hint: its file system has no locks; set XDG_STATE_HOME" in told
    id = waiting.ids()[LETTER.id]
    assert "cannot lock" in waiting.command("queue", "drop", id, env=env).err
    assert waiting.server.messages == []
    all_arrive(waiting, LETTER)


def test_short_writes_change_nothing(trial):
    env = bad_day(write=1)
    for letter in (LETTER, OTHER, LARGE):
        assert add(trial, letter, env=env).status == 0
    trial.command("queue", "run", env=env)
    assert len(trial.server.messages) == 3
    assert trial.server.messages[-1].data.endswith(b"0123456789\r\n" * 10000)
    all_arrive(trial, LETTER, OTHER, LARGE)


# ---- whose it is ------------------------------------------------------------

def test_a_queue_of_another_user_is_not_used(waiting):
    os.chown(waiting.path, 12345, 12345)
    for told in (refused(waiting, OTHER), waiting.command("queue").err,
                 waiting.command("queue", "run").err):
        assert "the queue belongs to user 12345" in sentence(told)
    os.chown(waiting.path, 0, 0)
    all_arrive(waiting, LETTER)


def test_a_symbolic_link_in_place_of_the_queue_is_named(waiting, tmp_path):
    waiting.path.rename(tmp_path / "elsewhere")
    waiting.path.symlink_to(tmp_path / "elsewhere")
    for told in (refused(waiting, OTHER), waiting.command("queue").err):
        assert "it is a symbolic link" in sentence(told)
        assert "XDG_STATE_HOME" in told
    waiting.path.unlink()
    (tmp_path / "elsewhere").rename(waiting.path)
    all_arrive(waiting, LETTER)


def plant_link(path):
    path.symlink_to("/etc/passwd")


def plant_directory(path):
    path.mkdir()


@pytest.mark.parametrize("plant", [plant_link, os.mkfifo, plant_directory])
@pytest.mark.parametrize("suffix", [".state", ".message"])
def test_what_is_no_file_is_named_and_not_read(waiting, suffix, plant):
    id = waiting.ids()[LETTER.id]
    path = waiting.path / f"{id}{suffix}"
    kept = path.read_bytes()
    path.unlink()
    plant(path)
    assert add(waiting, OTHER).status == 0
    for words in ([], ["run"]) if suffix == ".state" else (["run"],):
        told = waiting.command("queue", *words).err
        assert id in told, words
    assert waiting.accepted_by_server().keys() == {
        (OTHER.id, to) for to in OTHER.to}
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else (
        path.unlink())
    path.write_bytes(kept)
    all_arrive(waiting, LETTER, OTHER)


@pytest.mark.parametrize("plant", [plant_link, plant_directory])
def test_a_lock_that_is_no_file_is_named(waiting, plant):
    (waiting.path / "run").unlink(missing_ok=True)
    plant(waiting.path / "run")
    assert f"{waiting.path}/run" in waiting.command("queue", "run").err
    assert waiting.server.messages == []
    (waiting.path / "run").rmdir() if plant == plant_directory else (
        (waiting.path / "run").unlink())
    all_arrive(waiting, LETTER)


def test_another_user_can_neither_read_nor_plant_nor_lock(waiting):
    """Also not where the home directory is open to all."""
    for path in (waiting.mail.postrider.home.parents):
        if path != pathlib.Path("/tmp") and "pytest" in str(path):
            path.chmod(0o755)
    waiting.mail.postrider.home.chmod(0o777)
    id = waiting.ids()[LETTER.id]
    script = " ; ".join([
        f"cat {waiting.path}/{id}.message", f"ls {waiting.path}",
        f"echo x >{waiting.path}/{id}.state", f"ln -s /x {waiting.path}/new",
        f"ln {waiting.path}/{id}.message /tmp/link", f"mkfifo {waiting.path}/p",
        f"flock {waiting.path}/run true", f"mv {waiting.path} /tmp/moved"])
    done = subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                           "--clear-groups", "sh", "-c", script],
                          capture_output=True, text=True)
    assert done.stdout == ""
    assert done.stderr.count("ermission denied") >= 8, done.stderr
    all_arrive(waiting, LETTER)


def test_many_strange_files_change_nothing(waiting):
    for number in range(5000):
        (waiting.path / f"{number:016x}.junk").touch()
        (waiting.path / f"{number:04x}").touch()
    (waiting.path / "core").write_bytes(bytes(100000))
    assert set(waiting.states().values()) == {"waiting"}
    all_arrive(waiting, LETTER)


NFS = 0x6969


def test_another_computer_that_shares_the_home_is_not_ignored(waiting):
    """Where its lock is not seen."""
    run = waiting.path / "run"
    run.write_text("4711 start\n1b9b4f8e-other other.example.org\n")
    done = waiting.command("queue", "run", env=bad_day(type=NFS))
    assert done.status == 73
    told = sentence(done.err)
    assert "the computer other.example.org is sending it" in told
    assert f"remove {run}" in told
    assert waiting.server.messages == []
    run.unlink()
    all_arrive(waiting, LETTER)


@pytest.mark.parametrize("env, host", [
    ({}, "other.example.org"), ({"type": NFS}, socket.gethostname())])
def test_a_lock_that_a_crash_left_is_no_other_computer(waiting, env, host):
    """The disk is this computer's, or its name is."""
    (waiting.path / "run").write_text(f"4711 start\n1b9b4f8e-other {host}\n")
    done = waiting.command("queue", "run", env=bad_day(**env))
    assert (done.status, done.err) == (0, "")
    assert waiting.states() == {}


def test_the_lock_names_the_computer(waiting):
    texts = []
    waiting.server.fail("mail", lambda session, line: texts.append(
        (waiting.path / "run").read_text()))
    waiting.command("queue", "run")
    assert texts[0].splitlines()[1].split()[1] == socket.gethostname()
    assert (waiting.path / "run").read_text() == ""


# ---- the clock --------------------------------------------------------------

@pytest.mark.parametrize("seconds", [-YEAR, YEAR, -4 * YEAR])
def test_a_clock_that_was_set_delays_nothing(waiting, seconds):
    done = waiting.command("queue", "run", env=bad_day(clock=seconds))
    assert (done.status, done.err) == (0, "")
    assert waiting.accepted_by_server() == {(LETTER.id, "you@example.org"): 1}
    assert waiting.states() == {}


def test_a_clock_that_was_wrong_for_a_while_loses_nothing(trial):
    env = bad_day(clock=YEAR)
    assert add(trial, LETTER, env=env).status == 0
    trial.server_answers({"rcpt": "451 4.3.0 later"})
    trial.command("queue", "run", env=env)
    assert set(trial.states().values()) == {"waiting"}
    trial.command("queue", "run")
    assert set(trial.states().values()) == {"waiting"}
    all_arrive(trial, LETTER)


# ---- the configuration ------------------------------------------------------

def test_a_configuration_that_is_gone_is_named(waiting):
    path = waiting.mail.postrider.home / ".config/postrider/config"
    kept = path.read_text()
    path.unlink()
    told = waiting.command("queue", "run").err
    assert "queue: " in told and "one" in told, told
    assert set(waiting.states().values()) == {"waiting"}
    waiting.mail.postrider.configure(kept)
    all_arrive(waiting, LETTER)


def test_an_account_that_was_renamed_is_named(waiting):
    port = waiting.server.port
    waiting.mail.postrider.configure(ACCOUNTS.format(
        name="new", port=port, start="no"))
    told = waiting.command("queue", "run").err
    assert "one" in told, told
    assert set(waiting.states().values()) == {"waiting"}
    waiting.mail.postrider.configure(ACCOUNTS.format(
        name="one", port=port, start="no"))
    all_arrive(waiting, LETTER)


def test_a_configuration_that_is_damaged_is_named(waiting):
    path = waiting.mail.postrider.home / ".config/postrider/config"
    kept = path.read_text()
    path.write_text("account one {")
    assert str(path) in waiting.command("queue", "run").err
    waiting.mail.postrider.configure(kept)
    all_arrive(waiting, LETTER)
