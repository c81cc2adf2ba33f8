# SPDX-License-Identifier: MIT
"""The queue behind sendmail -bs: the client gets the server's answers where it
can be asked, and "queued as ID" where it can't."""
import contextlib
import re
import signal
import threading

import pytest

from callers.mail import HEADER, Mail
from callers.queue import RCPT, Queue
from callers.smtp_client import Server
from dialogue import faults
from patience import wait_for
from peers.daemon import free_port

MESSAGE = HEADER.replace(b"\n", b"\r\n") + b"\r\n..dot\r\nbody\r\n"
QUEUED = re.compile(r"^250 2\.0\.0 queued as ([0-9a-f]{16})$")


class Away:
    """What Mail uses of a server that does not listen."""

    def __init__(self):
        self.port = free_port()


@pytest.fixture
def behind(postrider):
    """Starts postrider -bs for an account, and ends it; then what sends the
    queue."""
    del postrider.env["POSTRIDER_QUEUE"]
    with contextlib.ExitStack() as running:
        def start(mail, *arguments, more=""):
            mail.configure(more)
            return running.enter_context(Server(postrider, *arguments)).greet()

        yield start
    postrider.run("queue", "stop")


def run_once(mail, queue, count=1):
    queue.make_due()
    queue.run()
    mail.arrived(count)
    assert queue.list() == []


def test_a_server_that_is_away(behind, postrider, mail):
    queue = Queue(mail)
    server = behind(Mail(postrider, Away()))
    first = QUEUED.match(server.send(MESSAGE, RCPT, "b@example.org"))
    second = QUEUED.match(server.send(MESSAGE, "c@example.org"))
    assert server.quit() == (0, "")
    assert [message["id"] for message in queue.list()] == [first[1], second[1]]
    assert queue.states() == [["waiting", "waiting"], ["waiting"]]
    mail.configure()
    run_once(mail, queue, 2)
    assert [message.to for message in mail.server.messages] == [
        [RCPT, "b@example.org"], ["c@example.org"]]
    assert mail.server.messages[0].data.endswith(b"\r\n\r\n.dot\r\nbody\r\n")


def test_a_server_that_is_there_gets_it(behind, mail):
    server = behind(mail)
    assert server.send(MESSAGE) == "250 2.0.0 queued as 1"
    assert server.quit() == (0, "")
    mail.arrived()
    assert Queue(mail).list() == []


def test_local_checks_do_not_need_the_server(behind, postrider):
    server = behind(Mail(postrider, Away()), more="local-recipient = "
                    "ops@corp.example")
    assert server.say("MAIL FROM:<me@example.test>").startswith("250 ")
    assert server.say("RCPT TO:<\u00fc@example.org>").startswith("553 ")
    assert server.say("RCPT TO:<root>").startswith("250 ")
    assert server.say("DATA").startswith("354 ")
    assert QUEUED.match(server.say(MESSAGE, "."))
    server.quit()
    message, = Queue(Mail(postrider, Away())).list()
    assert [one["address"] for one in message["recipients"]] == [
        "ops@corp.example"]


def test_the_answers_to_recipients_are_the_servers(behind, mail):
    """What the client was told is refused, even for now, is not queued."""
    mail.server.fail("rcpt", lambda session, line: (
        "450 4.2.1 later" if b"later" in line else
        "550 5.1.1 never" if b"never" in line else None))
    mail.server.fail("dot", "451 4.3.0 disk full")
    server = behind(mail)
    server.say("MAIL FROM:<me@example.test>")
    assert server.say("RCPT TO:<later@example.org>").startswith("450 4.2.1")
    assert server.say("RCPT TO:<never@example.org>").startswith("550 5.1.1")
    assert server.say(f"RCPT TO:<{RCPT}>").startswith("250 ")
    server.say("DATA")
    assert QUEUED.match(server.say(MESSAGE, "."))
    server.quit()
    message, = Queue(mail).list()
    assert [one["address"] for one in message["recipients"]] == [RCPT]
    assert "disk full" in message["recipients"][0]["reason"]


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_session_that_ends_in_the_middle(behind, mail, step):
    mail.server.fail(step, faults.close)
    queue = Queue(mail)
    server = behind(mail)
    assert QUEUED.match(server.send(MESSAGE))
    server.quit()
    mail.server.fail(step)
    run_once(mail, queue)


def test_what_is_refused_for_good_is_told(behind, mail):
    mail.server.fail("dot", "554 5.6.0 no")
    server = behind(mail)
    assert server.send(MESSAGE).startswith("554 5.6.0")
    mail.server.fail("mail", "550 5.7.1 no")
    server.say("MAIL FROM:<me@example.test>")
    assert server.say(f"RCPT TO:<{RCPT}>").startswith("550 5.7.1")
    server.quit()
    assert Queue(mail).list() == []


def test_an_unknown_outcome_is_kept(behind, mail):
    """554, or the client would send it again by itself."""
    mail.server.fail("dot", faults.close)
    server = behind(mail)
    reply = server.send(MESSAGE)
    server.quit()
    message, = Queue(mail).list()
    assert reply.startswith("554")
    assert message["id"] in reply
    assert message["recipients"][0]["status"] == "unknown"


def test_always_asks_no_server(behind, mail):
    """It is answered before the message is sent."""
    answered = threading.Event()
    with Queue(mail) as queue:
        mail.server.fail("mail", lambda session, line: (
            None if answered.wait(30) else "451 4.3.0 not answered"))
        server = behind(mail, more="queue = always")
        assert QUEUED.match(server.send(MESSAGE))
        assert server.say("NOOP").startswith("250 ")
        answered.set()
        mail.arrived()
        server.quit()
        wait_for(lambda: queue.list() == [])


def test_odq_starts_nothing(behind, mail):
    server = behind(mail, "-odq")
    assert QUEUED.match(server.send(MESSAGE))
    server.quit()
    assert mail.server.commands == []
    run_once(mail, Queue(mail))


@pytest.mark.parametrize("words", [["--wait"], ["--queue=no"]])
def test_a_client_that_tries_again_itself(behind, postrider, words):
    server = behind(Mail(postrider, Away()), *words)
    assert server.say("MAIL FROM:<me@example.test>").startswith("451-4.4.1")
    server.quit()


def test_a_queue_that_cannot_be_written(behind, postrider):
    (postrider.home / ".local").write_text("not a directory")
    server = behind(Mail(postrider, Away()))
    assert server.say("MAIL FROM:<me@example.test>").startswith("451-4.4.1")
    server.quit()


def test_dsn_parameters_are_kept(behind, mail):
    queue = Queue(mail)
    server = behind(mail, "-odq")
    server.say("MAIL FROM:<me@example.test> RET=HDRS ENVID=id7")
    for parameters in ("a@example.org> NOTIFY=NEVER",
                       "b@example.org> ORCPT=rfc822;bob+2B@example.org "
                       "NOTIFY=SUCCESS,FAILURE",
                       "c@example.org>", "d@example.org> NOTIFY=DELAY"):
        assert server.say(f"RCPT TO:<{parameters}").startswith("250 ")
    assert server.say("DATA").startswith("354 ")
    id = QUEUED.match(server.say(MESSAGE, "."))[1]
    server.quit()
    state = queue.do("show", id).out.splitlines()
    for line in ("return       HDRS", "envelope-id  id7", "  notify     NEVER",
                 "  original   rfc822;bob+2B@example.org"):
        assert line in state
    mail.server.fail("rcpt", [None, "450 4.2.1 later", None])
    queue.run(status=75)
    queue.run()
    assert [message.recipients for message in mail.server.messages] == [
        [("a@example.org", ["NOTIFY=NEVER"]), ("c@example.org", []),
         ("d@example.org", ["NOTIFY=DELAY"])],
        [("b@example.org", ["NOTIFY=SUCCESS,FAILURE",
                            "ORCPT=rfc822;bob+2B@example.org"])]]
    assert [message.sender_parameters[-2:] for message
            in mail.server.messages] == [["RET=HDRS", "ENVID=id7"]] * 2
    assert queue.list() == []


def test_a_message_queued_by_the_first_version_is_sent(mail):
    queue = Queue(mail)
    id = queue.add("a@example.org", "b@example.org", options=["-N", "never"])
    state = (queue.path / f"{id}.state").read_text()
    assert state.startswith("postrider-queue 1\n")
    assert "\nnotify NEVER\n" in state
    queue.run()
    assert mail.server.messages[0].recipients == [
        ("a@example.org", ["NOTIFY=NEVER"]),
        ("b@example.org", ["NOTIFY=NEVER"])]


def test_the_log_has_the_id(behind, postrider, tmp_path):
    server = behind(Mail(postrider, Away()),
                    more=f'log-file = "{tmp_path}/log"')
    id = QUEUED.match(server.send(MESSAGE))[1]
    server.quit()
    # What sends the queue may have written its line before.
    assert (f" queued={RCPT} status=queued exit=0 queue-id={id} "
            in (tmp_path / "log").read_text())


def test_a_message_that_gets_through_ends_the_wait(behind, mail):
    queue = Queue(mail)
    behind(Mail(mail.postrider, Away())).send(MESSAGE, "a@example.org")
    waits = queue.path.glob
    while not list(waits("*.wait")):
        signal.sigtimedwait([], 0.01)
    queue.do("stop")
    server = behind(mail)
    assert QUEUED.match(server.send(MESSAGE, "b@example.org"))
    server.quit()
    assert mail.server.commands == []
    queue.do("stop")
    for path in waits("*.wait"):
        path.write_text(re.sub("(?m)^tried .*$", "tried 1", path.read_text()))
    server = behind(mail)
    assert server.send(MESSAGE, "c@example.org").startswith("250 ")
    mail.arrived(3)
    assert {message.to[0] for message in mail.server.messages} == {
        "a@example.org", "b@example.org", "c@example.org"}
    server.quit()
