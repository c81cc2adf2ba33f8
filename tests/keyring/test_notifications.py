# SPDX-License-Identifier: MIT
"""postrider-credential notify: a notification on the desktop."""
import subprocess

import pytest

from peers.keeper import PROGRAM
from peers.keyring import Keyring
from peers.notifications import Notifications

NOTHING_SHOWS_IT = 69


def notify(env, text):
    return subprocess.run([PROGRAM, "notify"], input=text, env=env, timeout=60,
                          capture_output=True)


@pytest.fixture
def bus():
    with Keyring(service=False) as started:
        yield started


def test_a_notification_is_shown(run_directory, bus):
    with Notifications(run_directory, bus.env, "body") as service:
        done = notify(bus.env, "Not sent: Müsli\nto you@example.org\n"
                      "550 no such user\n".encode())
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert service.next() == (
            "postrider", 0, "mail-send", "Not sent: Müsli",
            "to you@example.org\n550 no such user", [], {"category": "email"},
            -1)


@pytest.mark.parametrize("capabilities, shown", [
    (["body", "body-markup"], "&lt;b&gt; &amp; &lt;/b&gt;"),
    (["body"], "<b> & </b>"), ([], "<b> & </b>")])
def test_markup_of_the_text_is_none(run_directory, bus, capabilities, shown):
    with Notifications(run_directory, bus.env, *capabilities) as service:
        assert notify(bus.env, b"a <b>\n<b> & </b>").returncode == 0
        assert service.next()[3:5] == ("a <b>", shown)


def test_whatever_the_bytes_are_it_is_printable(run_directory, bus):
    with Notifications(run_directory, bus.env) as service:
        assert notify(bus.env, b"a\x1b[31m\xff\n\x07b\r\n\xe2\x80\xae\x00c"
                      ).returncode == 0
        summary, body = service.next()[3:5]
        assert summary == "a\\x1B[31m\\xFF"
        assert body == "\\x07b \n\\xE2\\x80\\xAE"
        assert notify(bus.env, b"s" * 5000 + b"\n" + b"line\n" * 9000
                      ).returncode == 0
        summary, body = service.next()[3:5]
        assert len(summary) < 256 and 1900 < len(body) < 2048


def test_nothing_to_show_is_a_usage_error(bus):
    done = notify(bus.env, b"")
    assert (done.returncode, done.stderr) == (
        64, b"postrider-credential: notify: standard input is empty\n")


def test_without_a_service_the_status_says_so(bus):
    done = notify(bus.env, b"x\n")
    assert done.returncode == NOTHING_SHOWS_IT
    assert b"no program shows notifications here" in done.stderr


def test_without_a_bus_the_status_says_so(tmp_path):
    done = notify({"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path),
                   "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"},
                  b"x\n")
    assert done.returncode == NOTHING_SHOWS_IT
    assert b"no D-Bus session" in done.stderr


def test_a_service_that_hangs_is_left(run_directory, bus):
    with Notifications(run_directory, bus.env, "hang"):
        done = notify(bus.env, b"x\n")
        assert done.returncode == 79
        assert b"the notification service doesn't answer" in done.stderr
