# SPDX-License-Identifier: MIT
"""The process that sends the queue in the background: what it sends and when,
what wakes it, and how it ends."""
import fcntl
import os
import pathlib
import re
import signal
import struct
import subprocess
import time

import pytest

from callers.mail import ACCOUNT, Mail, no_leak_check
from callers.queue import Queue
from dialogue.submission import SubmissionServer
from patience import wait_for
from peers.namespace import Network

BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
F_OFD_SETLK = 37
GREYLISTED = "450 4.2.0 greylisted, try again in 5 minutes"


@pytest.fixture
def queue(mail):
    with Queue(mail) as queue:
        yield queue


def is_dead(pid):
    """Or only its number is left, until its parent asks for it."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def recipients(server):
    return [message.to[0] for message in server.messages]


def test_it_sends_what_waits_and_ends(mail, queue):
    names = [f"n{number}@example.org" for number in range(5)]
    for name in names:
        queue.add(name)
    queue.start()
    mail.arrived(5)
    assert recipients(mail.server) == names
    queue.await_end()
    assert queue.list() == []


def test_one_that_is_slow_to_start_is_left_alone(mail, queue, tmp_path):
    """As on a computer that has much to do."""
    programs = pathlib.Path(mail.postrider.env["POSTRIDER_EXEC_PATH"])
    for path in programs.glob("postrider*"):
        (tmp_path / path.name).symlink_to(path)
    slow = tmp_path / "postrider-queue"
    slow.unlink()
    slow.write_text(f"#!/bin/sh\nuntil [ -e {tmp_path}/ready ]; do sleep 0.01; "
                    f'done\nexec {programs}/postrider-queue "$@"\n')
    slow.chmod(0o755)
    mail.configure("queue = always")
    done = mail.run("you@example.org", env={
        "POSTRIDER_QUEUE": None, "POSTRIDER_EXEC_PATH": tmp_path})
    assert (done.status, done.out, done.err) == (0, "", "")
    (tmp_path / "ready").touch()
    mail.arrived()
    queue.await_end()


def test_it_sends_what_comes_while_another_message_waits(mail, queue):
    mail.server.fail("rcpt", lambda session, line: (
        GREYLISTED if b"grey" in line else None))
    queue.add("grey@example.org")
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    runner = queue.await_runner()
    queue.add("new@example.org")
    assert mail.arrived().to == ["new@example.org"]
    queue.await_states(["waiting"])
    queue.start()
    assert queue.await_runner() == runner
    queue.do("stop")
    assert queue.runner() is None


def test_a_message_that_is_still_locked_is_waited_for(mail, queue):
    """What has queued it may not have closed it yet."""
    id = queue.add()
    lock = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    with (queue.path / f"{id}.message").open("rb+") as message:
        fcntl.fcntl(message, F_OFD_SETLK, lock)
        queue.start()
        wait_for(queue.runner)
        signal.sigtimedwait([], 0.5)  # it tries now
    mail.arrived()


def test_a_run_takes_over_and_starts_it_again(mail, queue):
    mail.server.fail("rcpt", GREYLISTED)
    queue.add("a@example.org")
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    before = queue.await_runner()
    queue.run(status=75)
    assert queue.list()[0]["tries"] == 2
    assert queue.await_runner() != before
    mail.server.fail("rcpt")
    queue.run()
    mail.arrived()
    assert queue.runner() is None


def test_what_is_queued_during_a_run_is_sent(mail, queue):
    """What is started for it leaves it to the run."""
    queue.add("first@example.org")

    def add(session, line):
        if b"first" in line:
            done = mail.run("new@example.org",
                            env={"POSTRIDER_QUEUE": "always"})
            assert done.status == 0, done.err

    mail.server.fail("rcpt", add)
    queue.run()
    mail.arrived(2)
    queue.await_end()
    assert queue.list() == []


def test_a_hold_is_obeyed_after_the_message_that_is_being_sent(mail, queue):
    for number in range(3):
        queue.add(f"n{number}@example.org")
    mail.server.fail("rcpt", [lambda session, line: queue.do(
        "hold", "test") and None])
    queue.start()
    mail.arrived()
    queue.await_end()
    assert recipients(mail.server) == ["n0@example.org"]
    queue.do("release")
    mail.arrived(3)


def test_a_start_that_fails_is_noticed(mail, queue):
    queue.add()
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-P", "/dev/null",
         "-e", "trace=openat", "-e", "inject=openat:error=EMFILE",
         f"{BUILD}/postrider-queue", "start"], capture_output=True,
        env=mail.postrider.environment(no_leak_check()), text=True)
    assert done.returncode == 71
    assert "/dev/null: Too many open files" in done.stderr
    assert queue.states() == [["waiting"]]


@pytest.mark.parametrize("purpose", ["run", "start"])
def test_sigterm_ends_it_after_the_message(mail, queue, purpose):
    queue.add("first@example.org")
    queue.add("second@example.org")

    def end(session, line):
        pid = int((queue.path / "run").read_text().split()[0])
        pipes = len(os.listdir(f"/proc/{pid}/fd"))
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: len(os.listdir(f"/proc/{pid}/fd")) < pipes)

    mail.server.fail("rcpt", end)
    if purpose == "run":
        queue.run(status=-signal.SIGTERM)
    else:
        queue.start()
    queue.await_states(["waiting"])
    wait_for(lambda: (queue.path / "run").read_text() == "")
    assert recipients(mail.server) == ["first@example.org"]
    mail.server.fail("rcpt")
    queue.run()
    assert recipients(mail.server) == ["first@example.org",
                                       "second@example.org"]


def test_when_it_is_killed_no_message_is_sent_twice(mail, queue):
    names = [f"n{number}@example.org" for number in range(5)]
    for name in names:
        queue.add(name)

    killed = []

    def kill(session, line):
        if b"n2@" in line:
            killed.append(queue.runner())
            os.kill(killed[0], signal.SIGKILL)

    mail.server.fail("rcpt", kill)
    queue.start()
    # Its child may have begun with one more.
    wait_for(lambda: len(mail.server.messages) >= 3)
    wait_for(lambda: is_dead(killed[0]))
    mail.server.fail("rcpt")
    queue.start()
    mail.arrived(5)
    assert recipients(mail.server) == names
    queue.await_end()
    assert queue.list() == []


def test_accounts_do_not_wait_for_each_other(mail, queue):
    with SubmissionServer(tls="none", mechanisms=()) as other:
        mail.postrider.configure(
            ACCOUNT.format(port=mail.server.port, aliases="/none", more="")
            + ACCOUNT.replace("test {", "other {").format(
                port=other.port, aliases="/none", more=""))
        queue.add("a@example.org", options=["-a", "test"])
        queue.add("b@example.org", options=["-a", "other"])
        mail.server.fail("mail", lambda session, line: wait_for(
            lambda: other.messages) and None)
        queue.start()
        mail.arrived()
        assert recipients(other) == ["b@example.org"]


def test_a_queue_that_is_removed_ends_it(mail, queue):
    mail.server.fail("rcpt", GREYLISTED)
    queue.add("a@example.org")
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    runner = queue.await_runner()
    for path in queue.path.iterdir():
        path.unlink()
    queue.path.rmdir()
    wait_for(lambda: not os.path.exists(f"/proc/{runner}"))


@pytest.mark.parametrize("line, stays", [
    ("*/15 * * * * /usr/libexec/postrider/postrider-queue start", False),
    ("# postrider-queue start", True)])
def test_a_long_wait_ends_it_if_a_timer_starts_it(mail, queue, tmp_path, line,
                                                  stays):
    crontab = tmp_path / "crontab"
    crontab.write_text(f"#!/bin/sh\necho '{line}'\necho >{tmp_path}/asked\n")
    crontab.chmod(0o755)
    mail.server.fail("rcpt", "450 4.7.1 try again in 2 hours")
    queue.add()
    queue.start(extra={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    wait_for((tmp_path / "asked").exists)
    if stays:
        queue.add()
        wait_for(lambda: [one["tries"] for one in queue.list()] == [1, 1])
        assert queue.await_runner()
    else:
        queue.await_end()
    assert queue.list()[0]["tries"] == 1


# ---- the network ------------------------------------------------------------

@pytest.fixture
def offline(postrider):
    """A machine that is offline until its `link` is called with "up"."""
    with Network() as network:
        with network.entered():
            server = SubmissionServer(tls="none", mechanisms=())
        with server, Queue(Mail(postrider, server)) as queue:
            def link(state):
                subprocess.run(network.wrap(["ip", "link", "set", "lo",
                                             state]), check=True)
            queue.link, queue.wrap, queue.server = link, network.wrap, server
            link("down")
            yield queue


def test_ten_messages_go_in_order_when_the_link_comes_up(offline):
    names = [f"n{number}@example.org" for number in range(10)]
    for name in names:
        offline.add(name)
    offline.start(wrap=offline.wrap)
    wait_for(lambda: offline.list()[0]["tries"])
    os.kill(offline.await_runner(), signal.SIGKILL)
    offline.start(wrap=offline.wrap)
    assert offline.await_runner()
    offline.link("up")
    offline.mail.arrived(10)
    assert recipients(offline.server) == names
    offline.await_end()
    assert offline.list() == []


# ---- many -------------------------------------------------------------------

def test_a_hundred_processes_send_each_message_once(mail, queue):
    """Each process queues three, one after the other."""
    mail.configure("queue = always")
    words = " ".join(mail.postrider.command("$n.$i@example.org"))
    script = ("for i in 1 2 3; do printf 'From: me@example.test\\n\\nx\\n' | "
              f"{words} || exit; done")
    started = [subprocess.Popen(
        ["sh", "-c", f"n={number}; {script}"], stderr=subprocess.PIPE,
        env=mail.postrider.environment({"POSTRIDER_QUEUE": None}))
        for number in range(100)]
    for process in started:
        assert process.communicate() == (None, b"")
        assert process.returncode == 0
    wait_for(lambda: len(mail.server.messages) >= 300)
    queue.await_end()
    names = recipients(mail.server)
    assert sorted(names) == sorted(
        f"{number}.{i}@example.org" for number in range(100)
        for i in (1, 2, 3))
    for number in range(100):
        assert [name for name in names if name.startswith(f"{number}.")] == [
            f"{number}.{i}@example.org" for i in (1, 2, 3)]
    sessions = [line for line in mail.server.commands
                if line.startswith("EHLO")]
    assert len(sessions) < 100
    assert queue.list() == []


def test_ten_thousand_messages_need_little_memory(mail, queue):
    mail.server.fail("rcpt", GREYLISTED)
    id = queue.add()
    state = (queue.path / f"{id}.state").read_text()
    later = re.sub("(?m)^next .*$", f"next {int(time.time()) + 7200}", state)
    message = (queue.path / f"{id}.message").read_bytes()
    for number in range(1, 10_000):
        other = f"{int(id, 16) + number:016x}"
        (queue.path / f"{other}.message").write_bytes(message)
        (queue.path / f"{other}.state").write_text(later)
    queue.start()
    wait_for(lambda: "\ntries 1\n" in (queue.path
                                       / f"{id}.state").read_text())
    status = pathlib.Path(f"/proc/{queue.runner()}/status").read_text()
    assert int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) < 12 * 1024


# The sanitizers need memory of their own.
if b"__asan_init" in (BUILD / "postrider").read_bytes():
    del test_ten_thousand_messages_need_little_memory


def test_what_comes_while_the_session_is_open_goes_over_it(mail, queue):
    queue.add("first@example.org")
    mail.server.fail("mail", lambda session, line: (
        len(queue.list()) == 1 and queue.add("second@example.org")) and None)
    queue.start()
    mail.arrived(2)
    assert len([line for line in mail.server.commands
                if line.startswith("EHLO")]) == 1


# ---- the clock --------------------------------------------------------------

def test_a_clock_that_was_set_has_the_network_tried_again(mail, queue):
    """As the kernel says it: the timer ends with ECANCELED."""
    port = mail.server.port
    config = mail.postrider.home / ".config/postrider/config"
    config.write_text(config.read_text().replace(f"port = {port}", "port = 9"))
    queue.add()
    queue.start()
    wait_for(lambda: queue.list()[0]["tries"])
    runner = queue.await_runner()
    mail.configure()
    with subprocess.Popen(
            ["strace", "-qq", "-o", "/dev/null", "-p", str(runner), "-e",
             "trace=read", "-e", "inject=read:error=ECANCELED", "-P",
             "anon_inode:[timerfd]"],
            stdin=subprocess.DEVNULL) as tracer:
        wait_for(lambda: "TracerPid:\t0" not in pathlib.Path(
            f"/proc/{runner}/status").read_text())
        queue.add("other@example.org")  # wakes it up
        wait_for(lambda: mail.server.messages)
        tracer.terminate()


# ---- for the user -----------------------------------------------------------

def test_a_run_at_a_terminal_shows_the_progress(mail, queue):
    for number in range(3):
        queue.add(f"n{number}@example.org")
    status, shown = mail.postrider.at_terminal(["queue", "run"])
    assert status == 0
    assert re.findall(r"sending \d of \d", shown) == [
        "sending 1 of 3", "sending 2 of 3", "sending 3 of 3"]
    assert shown.endswith("\r")
    queue.add()
    status, shown = mail.postrider.at_terminal(["queue", "run", "-v"])
    assert "sending" not in shown and "> EHLO" in shown
