# SPDX-License-Identifier: MIT
"""Runs postrider-credential with gnome-keyring: which items it finds, stores
and removes, and what it reports when the keyring is not available."""

import os
import subprocess

import pytest

from peers.daemon import free_port
from peers.keeper import PROGRAM, ask
from peers.keyring import Keyring, with_user_bus

HOST = "smtp.example.test"
USER = "alice@example.test"
MSMTP = {"host": HOST, "service": "smtp", "user": USER}
GIT = {"server": HOST, "protocol": "smtp", "user": USER}

TEMPORARY = 75  # EX_TEMPFAIL: the keyring can't answer now
DECLINED = 77  # EX_NOPERM


# ---- items ------------------------------------------------------------------


def test_stored_password_is_found_again(keyring):
    assert ask(keyring.env, "store", password="s3cret ä=x").status == 0
    answer = ask(keyring.env, "get")
    assert answer.status == 0
    assert answer.text == f"username={USER}\npassword=s3cret ä=x\n\n"
    assert answer.errors == ""


def test_nothing_is_answered_where_nothing_is_stored(keyring):
    ask(keyring.env, "store", password="s3cret")
    for values in (
        {"username": "bob@example.test"},
        {"username": "alice"},
        {"host": "smtp.other.test:587"},
        {"host": "example.test"},
    ):
        answer = ask(keyring.env, "get", **values)
        assert (answer.status, answer.text) == (0, ""), values


def test_storing_again_replaces(keyring):
    ask(keyring.env, "store", password="old")
    ask(keyring.env, "store", password="new", host=HOST + ":465")
    assert ask(keyring.env, "get").password == "new"
    found = keyring.run(["secret-tool", "search", "--all", "host", HOST])
    assert found.stdout.count("secret = ") == 1
    assert f"label = postrider: {USER} at {HOST}\n" in found.stdout


def test_a_password_stored_for_msmtp_is_found(keyring):
    keyring.store("from msmtp", label="msmtp", **MSMTP)
    assert ask(keyring.env, "get").password == "from msmtp"


def test_the_newline_of_a_pipe_is_no_part_of_the_password(keyring):
    keyring.store("from echo\n", **MSMTP)
    assert ask(keyring.env, "get").password == "from echo"


def test_msmtp_finds_what_was_stored_here(keyring):
    ask(keyring.env, "store", password="s3cret")
    assert keyring.lookup(**MSMTP) == "s3cret"


def test_an_item_of_msmtp_is_neither_overwritten_nor_erased(keyring):
    keyring.store("from msmtp", label="msmtp", **MSMTP)
    ask(keyring.env, "store", password="own")
    assert ask(keyring.env, "get").password == "own"
    assert ask(keyring.env, "erase").status == 0
    assert ask(keyring.env, "erase").status == 0
    assert ask(keyring.env, "get").password == "from msmtp"


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"port": "587"},
        {"port": "587", "xdg:schema": "org.git.Password"},
        {"xdg:schema": "org.gnome.keyring.NetworkPassword"},
        {"object": ""},
    ],
)
def test_a_password_stored_by_git_is_found(keyring, attributes):
    keyring.store("from git", label="Git: smtp", **GIT, **attributes)
    assert ask(keyring.env, "get").password == "from git"


def test_what_git_keeps_beside_the_password_is_left_out(keyring):
    keyring.store("from git\npassword_expiry_utc=1684189401", **GIT)
    answer = ask(keyring.env, "get")
    assert answer.text == f"username={USER}\npassword=from git\n\n"


def test_of_gits_items_the_one_for_the_port_is_preferred(keyring):
    for port in ("465", "587", "2525"):
        keyring.store("for " + port, **GIT, port=port)
    assert ask(keyring.env, "get").password == "for 587"
    assert ask(keyring.env, "get", host=HOST + ":465").password == "for 465"


def test_a_web_password_of_git_is_not_sent_to_a_mail_server(keyring):
    keyring.store("web", server=HOST, protocol="https", user=USER)
    assert ask(keyring.env, "get").text == ""


def test_own_item_comes_before_gits(keyring):
    keyring.store("from git", **GIT, port="587")
    ask(keyring.env, "store", password="own")
    assert ask(keyring.env, "get").password == "own"


def test_erase_spares_another_password(keyring):
    """git erases the password that a server refused. A newer one must stay."""
    ask(keyring.env, "store", password="new")
    assert ask(keyring.env, "erase", password="refused").status == 0
    assert ask(keyring.env, "get").password == "new"
    assert ask(keyring.env, "erase", password="new").status == 0
    assert ask(keyring.env, "get").text == ""


def test_logout_erases_the_password_and_nothing_else(keyring, tmp_path):
    config = tmp_path / "config"
    config.write_text(f'account a {{ host = {HOST} user = "{USER}" }}\n')

    def logout():
        return subprocess.run(
            [PROGRAM.with_name("postrider"), "logout", "-C", config, "a"],
            env={**keyring.env, "HOME": str(tmp_path),
                 "POSTRIDER_EXEC_PATH": str(PROGRAM.parent)},
            capture_output=True, text=True, timeout=60)

    ask(keyring.env, "store", password="s3cret")
    ask(keyring.env, "store", password="of bob", username="bob@example.test")
    done = logout()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"erased from the keyring: the password of {USER} at {HOST}\n"
        f'account "a" remains in {config}\n')
    assert ask(keyring.env, "get").text == ""
    assert ask(keyring.env, "get",
               username="bob@example.test").password == "of bob"
    assert f"the keyring has no password of {USER}" in logout().stdout


@pytest.mark.parametrize("port", ["465", "587"])
def test_of_several_items_made_by_hand_the_one_for_the_port_is_preferred(
    keyring, port
):
    for each in ("465", "587"):
        keyring.store("for " + each, **MSMTP, port=each)
    answer = ask(keyring.env, "get", host=f"{HOST}:{port}")
    assert answer.password == "for " + port


def test_the_keyring_is_asked_in_three_calls(keyring):
    ask(keyring.env, "store", password="s3cret")
    calls = keyring.method_calls(lambda: ask(keyring.env, "get"))
    assert calls == ["Hello", "SearchItems", "OpenSession", "GetSecret"]


# ---- git's protocol ---------------------------------------------------------


def test_git_uses_it_as_a_helper(keyring, tmp_path):
    (tmp_path / "git-credential-postrider").symlink_to(PROGRAM)
    env = {**keyring.env, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    env["GIT_TERMINAL_PROMPT"] = "0"
    git = ["git", "-c", "credential.helper=postrider", "credential"]
    lines = f"protocol=smtp\nhost={HOST}:587\nusername={USER}\n"

    def run(operation, text):
        return subprocess.run(
            git + [operation],
            input=text,
            env=env,
            stdout=subprocess.PIPE,
            check=True,
            universal_newlines=True,
        ).stdout

    run("approve", lines + "password=s3cret\n")
    assert keyring.lookup(**MSMTP) == "s3cret"
    assert "password=s3cret\n" in run("fill", lines)
    run("reject", lines + "password=s3cret\n")
    assert keyring.lookup(**MSMTP) is None


@pytest.mark.parametrize(
    "values",
    [{"protocol": "https"}, {"protocol": "SMTP"}, {"username": ""}],
)
def test_other_questions_get_no_answer(keyring, values):
    ask(keyring.env, "store", password="s3cret")
    assert ask(keyring.env, "get", **values).text == ""


def test_an_incomplete_question_gets_no_answer(keyring):
    for text in ("", "protocol=smtp\n", f"protocol=smtp\nhost={HOST}\n"):
        answer = ask(keyring.env, "get", text=text)
        assert (answer.status, answer.text) == (0, ""), text


def test_a_broken_question_is_a_data_error():
    answer = ask(dict(os.environ), "get", text="hunter2\n")
    assert answer.status == 65
    assert answer.errors.startswith("postrider-credential: line 1 ")
    assert "hunter2" not in answer.errors


def test_a_name_that_no_keyring_can_hold_is_a_data_error(keyring):
    for values in ({"username": "\udcff"}, {"host": "\udcff"}):
        answer = ask(keyring.env, "get", **values)
        assert answer.status == 65
        assert "UTF-8" in answer.errors


def test_operations_of_a_later_git_are_ignored():
    assert ask(dict(os.environ), "capability").status == 0


def test_usage():
    for argv, status in (([], 64), (["--bogus"], 64), (["--help"], 0)):
        run = subprocess.run(
            [str(PROGRAM), *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert run.returncode == status
        assert b"get|store|erase" in (run.stderr if status else run.stdout)
    version = subprocess.check_output([str(PROGRAM), "--version"])
    assert version.startswith(b"postrider-credential ")


# ---- a keyring that can't answer --------------------------------------------


def assert_failed(answer, status, text):
    assert answer.status == status, answer.errors
    assert answer.text == ""
    message, hint, cause = answer.errors.splitlines()[-3:]
    assert message.startswith("postrider-credential: ")
    assert text in message
    assert hint.startswith("hint: ")
    is_locked = "locked" in text or "dismissed" in text
    assert cause == "cause: keyring" + "-locked" * is_locked


@pytest.mark.parametrize("operation", ["get", "store", "erase"])
def test_locked_keyring(keyring, operation):
    ask(keyring.env, "store", password="s3cret")
    keyring.lock()
    answer = ask(keyring.env, operation, password="s3cret")
    assert_failed(answer, TEMPORARY, "the keyring is locked")
    assert "wait:" not in answer.errors


def test_dismissed_question(keyring):
    """With a display, the user can dismiss the prompt."""
    ask(keyring.env, "store", password="s3cret")
    keyring.lock()
    answer = ask({**keyring.env, "DISPLAY": ":99"}, "get")
    assert_failed(answer, DECLINED, "dismissed")
    assert answer.errors.startswith("wait: ")


def test_hanging_service(keyring):
    keyring.stop_service()
    answer = ask(keyring.env, "get")
    assert_failed(answer, TEMPORARY, "doesn't answer")


def test_bus_without_a_keyring(bus_without_keyring):
    answer = ask(bus_without_keyring.env, "get")
    assert_failed(answer, TEMPORARY, "no keyring service")


def test_bus_that_is_gone(bus_without_keyring):
    env = dict(bus_without_keyring.env)
    env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus"
    answer = ask(env, "get")
    assert_failed(answer, TEMPORARY, "unix:path=/nonexistent/bus")


def test_bus_that_hangs(bus_without_keyring):
    bus_without_keyring.stop_bus()
    answer = ask(bus_without_keyring.env, "get")
    assert_failed(answer, TEMPORARY, "it doesn't answer")


def test_a_secret_is_not_sent_over_a_network():
    port = free_port()
    with Keyring(port=port) as keyring:
        ask(keyring.env, "store", password="s3cret")
        address = f"tcp:host=127.0.0.1,port={port}"
        env = {**keyring.env, "DBUS_SESSION_BUS_ADDRESS": address}
        answer = ask(env, "get")
    assert_failed(answer, TEMPORARY, "not on a local socket")


@pytest.mark.parametrize("address", [None, "", "autolaunch:"])
def test_no_bus_at_all(bus_without_keyring, address, tmp_path):
    env = dict(bus_without_keyring.env, XDG_RUNTIME_DIR=str(tmp_path))
    del env["DBUS_SESSION_BUS_ADDRESS"]
    if address is not None:
        env["DBUS_SESSION_BUS_ADDRESS"] = address
    answer = ask(env, "get", wrap=with_user_bus(None))
    assert_failed(answer, TEMPORARY, "no D-Bus session")


# ---- cron -------------------------------------------------------------------


def test_bus_is_found_in_the_runtime_directory(keyring):
    ask(keyring.env, "store", password="s3cret")
    env = dict(keyring.env)
    del env["DBUS_SESSION_BUS_ADDRESS"]
    assert ask(env, "get").password == "s3cret"


def test_bus_path_with_odd_characters(keyring, tmp_path):
    ask(keyring.env, "store", password="s3cret")
    odd = tmp_path / "a,b=c;d %20 é"
    odd.mkdir()
    (odd / "bus").symlink_to(keyring.socket)
    env = dict(keyring.env, XDG_RUNTIME_DIR=str(odd))
    del env["DBUS_SESSION_BUS_ADDRESS"]
    assert ask(env, "get").password == "s3cret"


def test_bus_is_found_under_cron(keyring):
    ask(keyring.env, "store", password="s3cret")
    env = {"HOME": keyring.env["HOME"], "PATH": os.environ["PATH"]}
    wrap = with_user_bus(keyring.socket)
    answer = ask(env, "get", wrap=wrap)
    assert answer.errors == ""
    assert answer.password == "s3cret"


def test_bus_of_another_user_is_not_used(keyring):
    assert os.getuid() == 0, "only root can give a socket away: sudo make check"
    ask(keyring.env, "store", password="s3cret")
    os.chown(keyring.socket, 12345, -1)
    env = dict(keyring.env)
    del env["DBUS_SESSION_BUS_ADDRESS"]
    answer = ask(env, "get", wrap=with_user_bus(None))
    assert_failed(answer, TEMPORARY, "no D-Bus session")


# ---- secrets ----------------------------------------------------------------


def test_the_password_leaves_by_stdout_alone(keyring, tmp_path):
    secret = "unique-s3cret-0123456789"
    ask(keyring.env, "store", password=secret)
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-s", "4096", "-o", str(trace)]
    strace += ["-e", "trace=execve,write,writev,sendto,sendmsg,openat"]
    # The leak check of a sanitized build can't work under strace.
    env = {**keyring.env, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
           + ":detect_leaks=0"}
    assert ask(env, "get", wrap=strace).password == secret
    lines = [line for line in trace.read_text().splitlines() if secret in line]
    if os.getuid() != 0:
        # The program's memory is closed to the user's other processes.
        assert lines == []
        return
    assert len(lines) == 1, lines
    assert " write(1, " in lines[0]
