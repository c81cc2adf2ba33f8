# SPDX-License-Identifier: MIT
"""The queue: sendmail -odq puts a message into it, "postrider queue run" sends
what is due, and nothing is lost or sent twice."""
import json
import os
import re
import signal
import subprocess

import pytest

from callers.mail import MESSAGE, no_leak_check
from callers.queue import RCPT, Queue
from callers.strace import strace
from dialogue import faults
from patience import wait_for

ID = re.compile(r"^[0-9a-f]{16}$")


@pytest.fixture
def queue(mail):
    with Queue(mail) as queue:
        yield queue


def test_a_run_says_what_became_of_the_messages(mail, queue):
    assert json.loads(queue.run("--json").out)["status"] == "done"
    for name in ("a", "later", "never"):
        queue.add(f"{name}@example.org")
    mail.server.fail("rcpt", lambda session, line: (
        "450 4.2.1 later" if b"later" in line else
        "550 5.1.1 never" if b"never" in line else None))
    done = queue.run("--json", status=67)
    assert json.loads(done.out) == {
        "status": "incomplete", "exit_status": 67, "sent": 1, "waiting": 1,
        "unknown": 0, "failed": 1}


def test_a_message_waits_until_the_queue_is_run(mail, queue):
    id = queue.add()
    assert ID.match(id)
    assert mail.server.messages == []
    assert queue.states() == [["waiting"]]
    done = queue.run()
    assert (done.out, done.err) == ("", "")
    assert mail.arrived().to == [RCPT]
    assert queue.list() == []
    assert sorted(path.name for path in queue.path.iterdir()) == ["run"]


@pytest.mark.parametrize("name, words", [
    ("postrider", ["-q"]), ("sendmail", ["-q"]), ("sendmail", ["-q15m"])])
def test_q_runs_the_queue(mail, queue, name, words):
    queue.add()
    done = mail.run(*words, name=name, input=b"")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert mail.arrived().to == [RCPT]


def test_success_says_nothing_and_v_names_the_id(mail):
    done = mail.run("-odq", RCPT)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert re.search("queued as [0-9a-f]{16}$",
                     mail.run("-odq", "-v", RCPT).err.strip())


def test_the_last_delivery_mode_counts(mail):
    assert mail.send("-odq", "-odi", RCPT).to == [RCPT]


def test_what_is_sent_is_what_would_have_been_sent(mail, queue):
    text = (b"From: me@example.test\nTo: you@example.org\nBcc: b@example.org\n"
            b"Date: Sun, 29 Nov 2026 13:00:00 +0000\n"
            b"Message-ID: <a@example.test>\nSubject: x\n y\n\n"
            b".dot\n..\nlast\rbare\n\nno end")
    direct = mail.send("-t", "-i", input=text)
    queue.add("-t", "-i", input=text)
    assert b"Bcc" not in next(queue.path.glob("*.message")).read_bytes()
    queue.run()
    queued = mail.arrived(2)
    assert queued.to == direct.to == [RCPT, "b@example.org"]
    assert queued.data == direct.data


def test_messages_go_in_order_over_one_session(mail, queue):
    for number in range(10):
        queue.add(f"n{number}@example.org")
    queue.run()
    mail.arrived(10)
    assert [message.to for message in mail.server.messages] == [
        [f"n{number}@example.org"] for number in range(10)]
    assert len([line for line in mail.server.commands
                if line.startswith("EHLO")]) == 1


def test_large_messages_fit_in_one_session(mail, queue):
    """They are in a file, which a process in the sandbox can't create."""
    large = MESSAGE + b"0123456789\n" * 50000
    for number in range(3):
        queue.add(input=large)
    assert queue.run().err == ""
    mail.arrived(3)
    assert {len(message.data) for message in mail.server.messages} == {
        len(mail.server.messages[0].data)}
    assert len(mail.server.messages[0].data) > 12 * 50000


def test_dsn_parameters_are_kept(mail, queue):
    queue.add(options=["-N", "success,failure", "-R", "hdrs", "-V", "id7"])
    state = next(queue.path.glob("*.state")).read_text()
    for line in ("notify SUCCESS,FAILURE", "return HDRS", "envelope-id id7"):
        assert line in state.splitlines()


def test_a_server_that_is_down_is_tried_again_later(mail, queue):
    queue.add()
    port = mail.server.port
    mail.configure("retries = 3")
    down = mail.postrider.home / ".config/postrider/config"
    down.write_text(down.read_text().replace(f"port = {port}", "port = 9"))
    assert "127.0.0.1" in queue.run(status=75).err
    message, = queue.list()
    assert message["tries"] == 1
    assert message["recipients"][0]["status"] == "waiting"
    assert "127.0.0.1" in message["recipients"][0]["reason"]
    mail.configure()
    assert queue.run().err == ""
    assert mail.arrived().to == [RCPT]


def test_each_recipient_has_an_outcome_of_its_own(mail, queue):
    mail.server.fail("rcpt", lambda session, line: (
        "450 4.2.1 later" if b"later" in line else
        "550 5.1.1 never" if b"never" in line else None))
    queue.add("a@example.org", "later@example.org", "never@example.org")
    queue.run(status=67)
    assert mail.arrived().to == ["a@example.org"]
    assert queue.states() == [["sent", "waiting", "refused"]]
    queue.make_due()
    mail.server.fail("rcpt")
    queue.run()
    assert mail.arrived(2).to == ["later@example.org"]
    assert queue.states() == [["sent", "sent", "refused"]]
    queue.make_due()
    queue.run()
    mail.arrived(2)


def test_an_unknown_outcome_is_for_the_user_to_decide(mail, queue):
    id = queue.add()
    for step in ("dot", "bdat"):
        mail.server.fail(step, faults.close)
    queue.run(status=75)
    for step in ("dot", "bdat"):
        mail.server.fail(step)
    queue.make_due()
    assert queue.states() == [["unknown"]]
    queue.run()
    assert queue.states() == [["unknown"]]
    before = len(mail.server.messages)
    assert "unknown whether it arrived" in queue.do("list").out
    assert queue.runner() is None
    queue.do("resend", id)
    mail.arrived(before + 1)
    wait_for(lambda: queue.list() == [])


def test_a_message_can_be_dropped_and_shown(queue):
    id = queue.add()
    state, message = queue.do("show", id).out.split("\n\n", 1)
    assert re.search(f"^recipient +{RCPT}: waiting$", state, re.M)
    assert re.search(r"^queued +\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}$", state, re.M)
    assert "Subject: x" in message
    assert json.loads(queue.do("show", "--json", id).out) == queue.list()[0]
    queue.do("drop", id)
    assert queue.list() == []
    for word in ("drop", "show", "resend"):
        assert "no such message" in queue.do(word, id, status=64).err
        assert "no such message" in queue.do(word, "../x", status=64).err
        assert "missing ID" in queue.do(word, status=64).err


def test_mailq_has_the_layout_of_postfix(mail, queue):
    id = queue.add("a@example.org", "b@example.org")
    lines = mail.run(name="mailq", input=b"").out.splitlines()
    assert lines[0].startswith("----Queue ID-----")
    assert re.match(rf"{id}  +\d+ \w{{3}} \w{{3}} [ \d]\d [\d:]{{8}} +"
                    "me@example.test$", lines[1])
    assert [line.strip() for line in lines[2:5]] == [
        "a@example.org", "b@example.org", ""]
    assert lines[5] == "-- 1 Kbytes in 1 Request."


def test_an_account_that_is_gone_loses_nothing(mail, queue):
    queue.add()
    path = mail.postrider.home / ".config/postrider/config"
    path.write_text(path.read_text().replace("account test", "account other"))
    assert "test" in queue.run(status=78).err
    assert queue.states() == [["waiting"]]
    mail.configure()
    queue.run()
    mail.arrived()


@pytest.mark.parametrize("option", ["--timeout=3s", "--port=25"])
def test_options_that_would_be_lost_are_refused(mail, option):
    assert "queued" in mail.refuse(64, "-odq", option, "-a", "test", RCPT)


# ---- bad days ---------------------------------------------------------------

@pytest.mark.parametrize("change, message", [
    (lambda text: text[:-5], "damaged"),
    (lambda text: "", "damaged"),
    (lambda text: text.replace("recipient waiting", "recipient w"), "damaged"),
    (lambda text: text + "more\n", "damaged"),
    (lambda text: text.replace("queue 1", "queue 9"), "newer version")])
def test_a_state_that_cannot_be_read_is_left_alone(mail, queue, change,
                                                   message):
    queue.add("a@example.org")
    path = next(queue.path.glob("*.state"))
    path.write_text(change(path.read_text()))
    kept = path.read_bytes()
    queue.add("b@example.org")
    assert message in queue.do("list").err
    assert message in queue.run().err
    assert mail.arrived().to == ["b@example.org"]
    assert path.read_bytes() == kept
    assert path.with_suffix(".message").exists()
    queue.do("drop", path.stem)
    assert [left.name for left in queue.path.iterdir()] == ["run"]


def test_a_message_that_was_cut_is_not_sent(mail, queue):
    queue.add()
    path = next(queue.path.glob("*.message"))
    path.write_bytes(path.read_bytes()[:-3])
    assert "damaged" in queue.run(status=65).err
    assert mail.server.messages == []
    assert queue.states() == [["waiting"]]


def test_a_queue_that_others_can_enter_is_refused(mail, queue):
    queue.add()
    queue.path.chmod(0o750)
    assert "chmod 700" in mail.refuse(73, "-odq", RCPT)
    assert "chmod 700" in queue.do("run", status=73).err


def test_a_symbolic_link_is_no_queue(mail, queue, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    queue.path.parent.mkdir(parents=True)
    queue.path.symlink_to(tmp_path / "elsewhere")
    mail.refuse(73, "-odq", RCPT)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_clock_that_was_set_back_delays_nothing(mail, queue):
    queue.add()
    path = next(queue.path.glob("*.state"))
    path.write_text(re.sub("(?m)^next .*$", "next 99999999999",
                           path.read_text()))
    queue.run()
    mail.arrived()


def test_after_five_days_it_is_given_up_and_kept(mail, queue):
    queue.add()
    path = next(queue.path.glob("*.state"))
    path.write_text(re.sub("(?m)^created .*$", "created 1", path.read_text()))
    mail.server.fail("mail", "451 4.3.0 later")
    queue.run(status=75)
    assert queue.states() == [["expired"]]
    assert "451 4.3.0 later" in queue.do("list").out


def test_twenty_processes_at_once(mail, queue):
    started = [mail.start("-odq", f"n{number}@example.org")
               for number in range(20)]
    for process in started:
        assert process.communicate(MESSAGE) == (b"", b"")
        assert process.returncode == 0
    queue.run()
    mail.arrived(20)
    assert sorted(message.to for message in mail.server.messages) == sorted(
        [f"n{number}@example.org"] for number in range(20))


def test_a_second_run_says_so_and_ends(mail, queue):
    queue.add()
    met = []

    def run_again(session, line):
        met.append(queue.do("run", status=75).err)

    mail.server.fail("mail", run_again)
    queue.run()
    mail.arrived()
    assert len(met) == 1
    assert "another process is sending the queue" in met[0]


# ---- another home -----------------------------------------------------------

# $1: a user database.
WITH_USERS = """\
set -e
mount --bind "$1" /etc/passwd
shift
exec "$@"
"""


def test_mail_in_the_home_of_the_user_database_is_not_forgotten(mail, queue,
                                                                tmp_path):
    """Another $HOME has another queue."""
    users = tmp_path / "passwd"
    users.write_text(f"root:x:0:0::{mail.postrider.home}:/bin/sh\n")
    other = tmp_path / "other"
    other.mkdir()

    def list_in(home):
        return mail.postrider.at_terminal(
            ["queue"], env={"HOME": str(home)}, wrap=lambda command: [
                "unshare", "-m", "sh", "-c", WITH_USERS, "sh", str(users),
                *command])[1]
    queue.add()
    queue.add()
    shown = " ".join(list_in(other).split())
    assert f"2 messages wait in {queue.path}" in shown
    assert "hint: HOME or XDG_STATE_HOME names another directory" in shown
    assert "names another directory" not in list_in(mail.postrider.home)
