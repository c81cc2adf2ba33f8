# SPDX-License-Identifier: MIT
"""The setting deadline ends a run in every state, however long timeout is.

A run that doesn't end is ended by the harness, and fails the test.
"""
import pytest

from dialogue import faults
from dialogue.pop3 import Pop3Server
from dialogue.server import Listener
from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, Submit, without
from peers.namespace import NameServer, Network, in_network
from peers.scripted_keeper import ScriptedKeeper

STEPS = ("greeting", "ehlo", "starttls", "handshake", "ehlo-tls", "auth",
         "mail", "rcpt", "data", "dot")
LARGE = MESSAGE + b"a line of a large message\n" * 320000


@pytest.fixture
def limited(postrider, ca):
    def run(server, *arguments, **how):
        return Submit(postrider, ca)(server, "--deadline", "2s", *arguments,
                                     timeout="10m", limit=30, **how)
    return run


@pytest.fixture
def server(make_server):
    return make_server()


@pytest.mark.parametrize("step", STEPS)
def test_a_silent_server_is_left_at_the_deadline(limited, make_server, step):
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={step: faults.hang})
    outcome = limited(server)
    assert outcome.status == 75
    assert "took too long" in outcome.err


@pytest.mark.parametrize("step", ["greeting", "ehlo", "auth", "dot"])
def test_a_reply_in_fragments_is_left_at_the_deadline(limited, make_server,
                                                      step):
    reply = faults.drip("250-" + "x" * 500 + "\n250 ok", 0.2)
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={step: reply})
    outcome = limited(server)
    assert outcome.status == 75
    assert "took too long" in outcome.err


def test_content_is_not_sent_past_the_deadline(limited, make_server):
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults={"data": faults.stall})
    outcome = limited(server, message=LARGE)
    assert outcome.status == 75
    assert server.messages == []


# ---- what postrider waits for beside the server ------------------------------

SOURCES = {
    "command": "--credential=command:sleep 1000",
    "deaf-command": "--credential=command:trap '' TERM; sleep 1000",
    "helper": "--credential-helper={sleeper}",
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_credential_is_not_awaited_past_the_deadline(limited, server, source,
                                                       tmp_path):
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 1000\n")
    sleeper.chmod(0o755)
    outcome = limited(server, "--credential=keyring",
                      SOURCES[source].format(sleeper=sleeper))
    assert outcome.status == 75, outcome.err
    assert "didn't answer within" in outcome.err
    assert server.messages == []


@pytest.mark.parametrize("retries", [0, 1000])
@pytest.mark.parametrize("message", ["", "wait: answer the prompt\n"])
def test_a_keyring_that_prompts_is_left_at_the_deadline(
        postrider, limited, server, tmp_path, message, retries):
    keeper = ScriptedKeeper(postrider, tmp_path / "keeper")
    keeper.answers("get", {"err": message, "sleep": 1000})
    outcome = limited(server, "--credential=keyring", retries=retries)
    assert outcome.status == 75, outcome.err
    assert "didn't answer within" in outcome.err


def test_a_person_is_prompted_until_the_deadline(postrider, ca, server,
                                                 tmp_path):
    keeper = ScriptedKeeper(postrider, tmp_path / "keeper")
    keeper.answers("get", {"status": 1, "err": "no password\n"})
    message = tmp_path / "message"
    message.write_bytes(b"Subject: x\n\nbody\n")
    options = Submit(postrider, ca).options(server, timeout="500ms")
    command = postrider.command(*options, "--deadline", "3s",
                                "bob@example.test")
    status, output = postrider.at_terminal(
        options, wrap=lambda _: [
            "timeout", "--foreground", "30", "sh", "-c",
            'exec "$@" < "$0"; echo', message, *command])
    assert status == 75, output
    assert "password for alice at localhost" in output
    assert "the prompt was not answered before the deadline" in output
    assert server.messages == []


@pytest.mark.parametrize("step", ["greeting", "USER", "PASS"])
def test_pop_before_smtp_ends_at_the_deadline(limited, server, ca, step):
    with Pop3Server(ca.server, replies={step: lambda wire: wire.hang()}) as pop:
        outcome = limited(server, "--auth=pop-before-smtp",
                          f"--pop-port={pop.port}")
    assert outcome.status == 75, outcome.err
    assert "didn't answer within" in outcome.err
    assert server.wires == []


def test_a_mechanism_of_ones_own_ends_at_the_deadline(limited, make_server):
    server = make_server(mechanisms=("X-OWN",))
    outcome = limited(server, "--auth=command:sleep 1000",
                      "--mechanism=X-OWN")
    assert outcome.status == 75, outcome.err
    assert server.messages == []


class Truncating(NameServer):
    """Tells everyone to ask again by TCP."""

    def _answer(self, query):
        answer = bytearray(super()._answer(query))
        answer[2] |= 2
        return bytes(answer)


@pytest.mark.parametrize("options", [
    ("--host=mail.example.test", "--user="), ("--user=me@company.test",)],
    ids=["address", "mx"])
@pytest.mark.parametrize("server", [NameServer, Truncating])
def test_name_servers_are_not_awaited_past_the_deadline(
        postrider, tmp_path, options, server):
    with Network() as network:
        wrap = in_network(network, tmp_path, "")
        (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        with network.entered():
            silent = Listener(lambda wire: wire.hang(), "127.0.0.1", 53)
            names = server(None if server is NameServer else 0)
        with silent:
            done = postrider.run(
                "--deadline=2s", "--timeout=10m", "--retries=0", *options,
                "bob@example.test", input=MESSAGE, timeout=30, wrap=wrap)
            names.close()
    assert done.status == 75, done.err
    assert "name server" in done.err
    assert names.questions > 0
    assert server is NameServer or silent.wires != []


def test_no_retry_begins_after_the_deadline(limited, make_server):
    server = make_server(faults={"greeting": "421 later"})
    outcome = limited(server, "--retry-delay", "10m", retries=5)
    assert outcome.status == 75
    assert outcome.tries == 1


@pytest.mark.parametrize("fault", [faults.hang, faults.stall])
def test_quit_is_not_awaited(limited, make_server, fault):
    server = make_server(faults={"quit": fault})
    assert limited(server).status == 0
