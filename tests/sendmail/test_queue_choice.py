# SPDX-License-Identifier: MIT
"""Which messages are queued: --wait, -od and the setting queue."""
import json

import pytest

RCPT = "you@example.org"


@pytest.fixture
def always(mail):
    del mail.postrider.env["POSTRIDER_QUEUE"]
    mail.configure("queue = always")
    return mail


def queued(mail):
    return json.loads(mail.run("queue", "--json", input=b"").out)


@pytest.mark.parametrize("name", ["postrider", "sendmail"])
def test_always_is_sent_in_the_background(always, name):
    done = always.run("--json", RCPT, name=name)
    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out)["status"] == "queued"
    assert always.arrived().to == [RCPT]


def test_always_answers_without_the_server(always):
    """The server answers MAIL only when the caller has ended."""
    ended = []
    always.server.fail("mail", lambda session, line: ended.append(
        process.wait(timeout=30)))
    process = always.start(RCPT)
    assert process.communicate(b"Subject: x\n\nx\n", timeout=30) == (b"", b"")
    assert process.returncode == 0
    always.arrived()
    assert ended == [0]


@pytest.mark.parametrize("words", [["--wait"], ["-odi"], ["--queue=no"],
                                   ["-odq", "--wait"]])
def test_the_caller_can_wait(always, words):
    assert always.send(*words, RCPT).to == [RCPT]
    assert queued(always) == []


def test_what_cannot_be_queued_is_sent_at_once(always):
    """Other settings would be lost; the queue's own and the sender's not."""
    done = always.run("-v", "--chunking=no", RCPT)
    assert done.status == 0
    assert ("sent now, because it can't be queued: --chunking: not possible"
            in done.err)
    always.arrived()
    state = always.postrider.home / ".local/state/postrider"
    state.mkdir(parents=True)
    (state / "queue").write_text("not a directory")
    assert "can't be queued" in always.run("-v", RCPT).err
    always.arrived(2)


def test_odq_only_queues(mail):
    assert mail.run("-odq", "--set-from=always", "--queue=always",
                    RCPT).status == 0
    assert mail.server.commands == []
    message, = queued(mail)
    assert message["tries"] == 0


def test_the_command_send_can_queue_too(always):
    done = always.run("send", "--to", RCPT, "-s", "x", "--body", "y")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert always.arrived().to == [RCPT]
