# SPDX-License-Identifier: MIT
"""A session that another process holds: the messages of several runs go through
it, with what each would have said of a session of its own."""
import json
import os
import pathlib
import re
import signal
import stat
import time

import pytest

from callers.session import MESSAGE

ACCOUNT = """\
account work {{
	host = localhost
	port = {port}
	user = alice
	tls-trust-file = "{trust}"
	from = alice@example.test
	credential = "env:WORK_PASSWORD"
	retries = 0
	hold = {hold}
	{more}
}}
"""
LIMIT = 30


class Held:
    """Runs of postrider with an account whose sessions are held."""

    def __init__(self, postrider, ca):
        self.postrider, self.ca = postrider, ca
        self.runtime = postrider.home / "run"
        self.runtime.mkdir(mode=0o700)
        self.env = {"XDG_RUNTIME_DIR": self.runtime, "WORK_PASSWORD": "secret"}

    @property
    def directory(self):
        return self.runtime / "postrider"

    def configure(self, port, hold="60s", more=""):
        self.postrider.configure(ACCOUNT.format(
            port=port, trust=self.ca.pem, hold=hold, more=more))

    def send(self, *arguments, message=MESSAGE, to=("bob@example.test",),
             env=None, **how):
        return self.postrider.run(*arguments, "-i", "--", *to, input=message,
                                  env={**self.env, **(env or {})}, **how)

    def holders(self):
        """The numbers of the processes that accept clients."""
        return [int(lock.read_text()) for lock in
                sorted(self.directory.glob("*.lock")) if is_alive(lock)]

    def workers(self, holder=None):
        return [pid for one in ([holder] if holder else self.holders())
                for pid in children(one)]

    def stop(self):
        for pid in self.holders():
            workers = children(pid)
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not any(map(is_running, [pid, *workers])))


def is_alive(lock):
    text = lock.read_text().strip()
    return text.isdigit() and is_running(int(text))


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def children(pid):
    task = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in task.read_text().split()]


def wait_until(condition):
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


@pytest.fixture
def held(postrider, ca):
    held = Held(postrider, ca)
    yield held
    held.stop()


def test_several_runs_share_a_session(held, make_server):
    server = make_server()
    held.configure(server.port)
    for _ in range(5):
        done = held.send()
        assert (done.status, done.out, done.err) == (0, "", "")
    assert len(server.messages) == 5
    assert all(message.data == MESSAGE.replace(b"\n", b"\r\n")
               for message in server.messages)
    assert len(server.wires) == 1
    assert len(held.holders()) == 1


def test_each_message_takes_one_round_trip(held, make_server):
    server = make_server()
    held.configure(server.port)
    held.send()
    before = len(server.commands)
    done = held.send("-vv")
    assert "1 round trips" in done.err
    assert re.findall(r" ([<>]) (\w+)", done.err) == [
        (">", "MAIL"), (">", "RCPT"), (">", "BDAT"),
        ("<", "250"), ("<", "250"), ("<", "250")]
    assert [line.split()[0] for line in server.commands[before:]] == [
        "MAIL", "RCPT", "BDAT"]


FAULTS = {
    "accepted": {},
    "unknown recipient": {"rcpt": "550 5.1.1 no such user"},
    "some unknown": {"rcpt": ["550 5.1.1 no such user", None]},
    "busy": {"rcpt": "450 4.2.1 busy"},
    "sender refused": {"mail": "553 5.7.1 not yours"},
    "message refused": {"dot": "554 5.7.1 spam"},
    "message postponed": {"dot": "451 4.3.0 later"},
    "wrong password": {"auth": "535 5.7.8 no"},
    "no greeting": {"greeting": "554 5.7.1 go away"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_reported_is_as_in_a_session_of_its_own(
        held, make_server, postrider, fault):
    server = make_server()
    to = ("nobody@example.test", "bob@example.test")
    reports = []
    for hold in ("0", "60s"):
        log = postrider.home / f"log-{hold}"
        held.configure(server.port, hold, f'log-file = "{log}"')
        for step, reply in FAULTS[fault].items():
            server.fail(step, list(reply) if isinstance(reply, list) else reply)
        done = held.send("--json", to=to)
        reports.append((done.status, done.err, untimed(json.loads(done.out)),
                        without_times(log.read_text())))
        for step in FAULTS[fault]:
            server.fail(step)
    assert held.holders()
    assert reports[0] == reports[1]


def untimed(report):
    """Without what differs from run to run."""
    text = re.sub(r'"ms": \d+', '"ms": 0', json.dumps(report))
    return json.loads(re.sub(r"queued as \d+", "queued", text))


def without_times(log):
    return re.sub(r"queued as \d+", "queued",
                  re.sub(r"^\S+|[a-z_]+=\d+(ms)?|\d+ms", "", log, flags=re.M))
