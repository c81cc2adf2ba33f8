# SPDX-License-Identifier: MIT
"""queue = on-failure, sendmail's default: what can't be sent now is queued, and
sent later, once; what the server refuses for good is told at once."""
import json
import re
import signal

import pytest

from callers.mail import ACCOUNT, MESSAGE
from callers.queue import RCPT, Queue
from dialogue import faults
from peers.daemon import free_port
from peers.namespace import Mounts

QUEUED = re.compile(r"postrider: queued as ([0-9a-f]{16}): (.*)")


class OnFailure(Queue):
    def __init__(self, mail):
        super().__init__(mail)
        self.postrider = mail.postrider
        del self.postrider.env["POSTRIDER_QUEUE"]

    def sendmail(self, *arguments, status=0, **how):
        done = self.mail.run(*arguments, name="sendmail", **how)
        assert done.status == status, done.err
        return done

    def states(self):
        return [{one["address"]: one["status"] for one in message["recipients"]}
                for message in self.list()]

    def disconnect(self, more=""):
        """Nothing listens at the account's port."""
        self.postrider.configure(ACCOUNT.format(
            port=free_port(), aliases=self.mail.aliases, more=more))


@pytest.fixture
def queue(mail):
    with OnFailure(mail) as queue:
        yield queue


def test_what_cannot_be_sent_is_queued_and_arrives_once(queue, mail):
    queue.disconnect()
    done = queue.sendmail(RCPT)
    assert (done.out, done.err) == ("", "")
    message, = queue.list()
    assert message["tries"] in (1, 2)  # the second in the background
    assert message["recipients"][0]["status"] == "waiting"
    assert "Connection refused" in message["recipients"][0]["reason"]
    mail.configure()
    queue.make_due()
    queue.run()
    assert mail.arrived().to == [RCPT]
    assert queue.list() == []


def test_what_can_be_sent_is_not_queued(queue, mail):
    done = queue.sendmail(RCPT)
    assert (done.out, done.err) == ("", "")
    mail.arrived()
    assert list(queue.path.iterdir()) == []


def test_v_has_the_id_and_the_reason(queue):
    queue.disconnect()
    found = QUEUED.findall(queue.sendmail("-v", RCPT).err)
    assert len(found) == 1
    assert "Connection refused" in found[0][1]
    assert found[0][0] == queue.list()[0]["id"]


def test_json_has_the_id_and_the_reason(queue):
    queue.disconnect()
    told = json.loads(queue.sendmail("--json", RCPT).out)
    assert (told["status"], told["exit_status"]) == ("queued", 0)
    assert told["id"] == queue.list()[0]["id"]
    error = told["recipients"][0]["error"]
    assert (error["code"], error["cause"]) == ("queued", "connection-refused")


def test_a_person_at_a_terminal_is_told(queue):
    queue.disconnect()
    queue.postrider.env["POSTRIDER_QUEUE"] = "on-failure"
    status, shown = queue.postrider.at_terminal(
        [RCPT], [("", "Subject: x\n\nx\n\x04")])
    assert status == 0
    assert "queued as" in shown and "Connection refused" in shown
    assert "hint:" in shown


def test_the_log_has_a_line(queue, tmp_path):
    queue.disconnect(f'log-file = "{tmp_path}/log"')
    queue.sendmail(RCPT)
    # What sends the queue may have written its line before.
    line, = (line for line in (tmp_path / "log").read_text().splitlines()
             if " status=queued exit=0 queue-id=" in line)
    assert f" queued={RCPT} " in line
    assert "Connection refused" in line


def test_each_recipient_has_an_outcome_of_its_own(queue, mail):
    """The sent ones are not queued, nor the refused ones, which are told."""
    mail.server.fail("rcpt", lambda session, line: (
        "450 4.2.1 later" if b"later" in line else
        "550 5.1.1 never" if b"never" in line else None))
    done = queue.sendmail("a@example.org", "later@example.org",
                          "never@example.org", status=67)
    assert "550 5.1.1 never" in done.err
    assert "450" not in done.err
    assert "sent to 1 of 3 recipients, queued as" in done.err
    assert mail.arrived().to == ["a@example.org"]
    assert queue.states() == [{"later@example.org": "waiting"}]
    mail.server.fail("rcpt")
    queue.make_due()
    queue.run()
    assert mail.arrived(2).to == ["later@example.org"]


@pytest.mark.parametrize("step, reply, status", [
    ("mail", "550 5.7.1 no", 69), ("rcpt", "550 5.1.1 no", 67),
    ("dot", "554 5.6.0 no", 65)])
def test_what_is_refused_for_good_is_told_at_once(queue, mail, step, reply,
                                                  status):
    mail.server.fail(step, reply)
    done = queue.sendmail(RCPT, status=status)
    assert reply in done.err
    assert queue.list() == []


@pytest.mark.parametrize("arguments, status", [
    (["not an address"], 65), (["-a", "other", RCPT], 78), ([], 64)])
def test_mistakes_are_told_at_once(queue, arguments, status):
    queue.disconnect()
    assert queue.sendmail(*arguments, status=status).err != ""
    assert queue.list() == []


@pytest.mark.parametrize("words", [["--wait"], ["--queue=no"]])
def test_the_caller_can_wait(queue, words):
    queue.disconnect()
    assert "Connection refused" in queue.sendmail(*words, RCPT, status=75).err
    assert queue.list() == []


def test_postrider_itself_does_not_queue(queue, mail):
    queue.disconnect()
    done = mail.run(RCPT)
    assert (done.status, queue.list()) == (75, [])
    done = mail.run("--queue=on-failure", RCPT)
    assert (done.status, done.err) == (0, "")
    assert len(queue.list()) == 1


@pytest.mark.parametrize("words", [
    ["-FCronDaemon", "-i", "-odi", "-oem", "-oi", "-t", "-f", "root"],
    ["-FAnacron", "-odi", "root"]])
def test_cron_that_uses_odi_loses_nothing(queue, words):
    """It ignores the exit status."""
    queue.disconnect("local-recipient = ops@corp.example")
    queue.sendmail(*words, input=b"From: root\nTo: root\nSubject: x\n\nx\n")
    assert queue.states() == [{"ops@corp.example": "waiting"}]


def test_an_unknown_outcome_is_kept_for_the_user(queue, mail):
    for step in ("dot", "bdat"):
        mail.server.fail(step, faults.close)
    done = queue.sendmail(RCPT, status=75)
    message, = queue.list()
    assert message["recipients"][0]["status"] == "unknown"
    assert f"postrider queue resend {message['id']}" in done.err
    assert message["message_id"] in done.err
    for step in ("dot", "bdat"):
        mail.server.fail(step)
    queue.make_due()
    queue.run()
    assert queue.states() == [{RCPT: "unknown"}]
    before = len(mail.server.messages)
    queue.do("resend", message["id"])
    queue.run()
    mail.arrived(before + 1)


def test_a_silent_server_does_not_hold_the_caller(queue, mail):
    """Without queue-after, each of the tries would last for the timeout."""
    mail.configure("queue-after = 300ms timeout = 1h deadline = 2h")
    mail.server.fail("greeting", faults.hang)
    queue.sendmail(RCPT, timeout=30)
    message, = queue.list()
    assert "took too long" in message["recipients"][0]["reason"]


def test_retries_end_with_the_patience(queue, mail):
    queue.disconnect("queue-after = 1s retries = 1000 retry-delay = 3s")
    done = queue.sendmail("-v", RCPT, timeout=30)
    assert "retrying" not in done.err
    assert len(queue.list()) == 1


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
def test_a_session_that_goes_on_is_not_cut(queue, mail, step):
    """The server answers only after the patience has ended."""
    mail.configure("queue-after = 200ms")

    def slow(session, line):
        signal.sigtimedwait([], 0.4)

    mail.server.fail(step, slow)
    queue.sendmail(RCPT)
    mail.arrived()
    assert queue.list() == []


def test_cron_without_home(queue):
    """The user database has the home directory."""
    queue.disconnect("queue-start = no")
    root = Mounts(empty=["/root"])
    script = '"$@" && find /root -name "*.state" | wc -l'
    done = queue.sendmail(
        "-i", RCPT, env={"HOME": None},
        wrap=lambda command: root.wrap(["sh", "-c", script, "sh", *command]))
    assert (done.out.strip(), done.err) == ("1", "")
    assert not queue.path.exists()


def test_nothing_is_started_where_something_else_does_it(queue):
    queue.disconnect("queue-start = no")
    queue.sendmail(RCPT)
    assert len(queue.list()) == 1
    assert not (queue.path / "run").exists()


def test_another_configuration_is_remembered(queue, mail, tmp_path):
    """Its account has the name of another one in the usual configuration."""
    other = tmp_path / "other.conf"
    other.write_text(ACCOUNT.format(
        port=free_port(), aliases=mail.aliases, more="").replace(
            "me@example.test", "other@example.test"))
    other.chmod(0o600)
    done = queue.sendmail("-C", "other.conf", RCPT, cwd=tmp_path,
                          input=b"Subject: x\n\nx\n")
    assert (done.out, done.err) == ("", "")
    message, = queue.list()
    assert (message["account"], message["config"]) == ("test", str(other))
    other.write_text(other.read_text().replace("retries", (
        f"port = {mail.server.port} retries"), 1))
    queue.make_due()
    queue.run()
    assert mail.arrived().sender == "other@example.test"
    assert queue.list() == []


# ---- an account that waits --------------------------------------------------

def await_wait(queue):
    """What sends in the background has tried, too."""
    while not list(queue.path.glob("account-*.wait")):
        signal.sigtimedwait([], 0.01)


def test_an_account_that_has_just_failed_is_not_tried(queue, mail):
    """One connection that fails is enough for ten messages; they stay in
    order."""
    queue.disconnect()
    queue.sendmail("n0@example.org")
    await_wait(queue)
    mail.configure()
    for number in range(1, 10):
        done = queue.sendmail("-v", f"n{number}@example.org")
        assert "Connection refused" in done.err
    assert mail.server.commands == []
    queue.run()
    mail.arrived(10)
    assert [message.to for message in mail.server.messages] == [
        [f"n{number}@example.org"] for number in range(10)]


def test_a_message_that_gets_through_releases_the_account(queue, mail):
    queue.disconnect()
    queue.sendmail("a@example.org")
    await_wait(queue)
    queue.do("stop")
    mail.configure()
    for path in queue.path.glob("account-*.wait"):
        path.write_text(re.sub("(?m)^tried .*$", "tried 1", path.read_text()))
    queue.sendmail("b@example.org")
    mail.arrived(2)
    assert [message.to for message in mail.server.messages] == [
        ["b@example.org"], ["a@example.org"]]


# ---- what can't be queued ---------------------------------------------------

def refused(done, why):
    first, *rest = done.err.splitlines()
    assert "Connection refused" in first
    assert [line for line in rest if line.startswith(
        "postrider: warning: the message is not queued: ") and why in line]


def test_an_account_of_the_command_line(queue):
    done = queue.sendmail("--host=127.0.0.1", "--tls=none", "--retries=0",
                          f"--port={free_port()}", RCPT, status=75)
    refused(done, "--host: not possible")
    assert queue.list() == []


def test_a_credential_of_the_environment(queue):
    """The process that would send the queue does not have it."""
    queue.disconnect('user = me tls = starttls credential = '
                     '"env:MAIL_PASSWORD"')
    done = queue.sendmail(RCPT, status=75, env={"MAIL_PASSWORD": "secret"})
    refused(done, "environment")
    assert queue.list() == []


def test_a_full_disk(queue):
    """RLIMIT_FSIZE: the message can't be written."""
    queue.disconnect()
    done = queue.sendmail(
        RCPT, status=75, input=MESSAGE + b"0123456789\n" * 3000,
        wrap=lambda command: ["prlimit", "--fsize=1000", *command])
    refused(done, "File too large")
    assert queue.list() == []


def test_a_home_that_cannot_be_written(queue):
    queue.disconnect()
    (queue.postrider.home / ".local").write_text("not a directory")
    refused(queue.sendmail(RCPT, status=75), "Not a directory")


def test_a_home_that_does_not_exist_is_not_created(queue, tmp_path):
    queue.disconnect()
    home = tmp_path / "nonexistent"
    done = queue.sendmail(RCPT, status=75, env={"HOME": home})
    refused(done, "nonexistent: No such file or directory")
    assert not home.exists()

