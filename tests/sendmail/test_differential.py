# SPDX-License-Identifier: MIT
"""Hundreds of awkward calls, to postrider and to Postfix's sendmail: what comes
to the server must be the same, or differences.tsv has the reason."""
import fnmatch
import os
import pathlib

import pytest

from callers.awkward import CALLS
from callers.differential import differences, run_all
from dialogue.submission import SubmissionServer
from peers.postfix_relay import PostfixRelay
from peers.program import Postrider

ACCOUNT = """\
account test {{
	host = 127.0.0.1
	port = {port}
	tls = none
	from = root@example.test
	full-name = root
	aliases = /nonexistent
	retries = 0
}}
"""
TABLE = pathlib.Path(__file__).with_name("differences.tsv")
BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
REASONS = [line.split("\t") for line in TABLE.read_text().splitlines()
           if not line.startswith("#")]


@pytest.fixture(scope="module")
def found(ours, theirs):
    """call's name -> {aspect: (ours, theirs)}"""
    return {call.name: differences(call, ours[call.name], theirs[call.name])
            for call in CALLS}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    postrider = Postrider(BUILD, tmp_path_factory.mktemp("home"))
    postrider.command(name="sendmail")
    with SubmissionServer(tls="none", mechanisms=()) as server:
        postrider.configure(ACCOUNT.format(port=server.port))

        def send(arguments, message):
            done = postrider.run(*arguments, input=message, name="sendmail")
            return done.status, done.out + done.err
        return run_all(CALLS, send, server)


@pytest.fixture(scope="module")
def theirs(run_directory, ca):
    with SubmissionServer(tls="none", mechanisms=()) as server:
        postfix = PostfixRelay(run_directory / "postfix-relay", ca,
                               "/nonexistent", server.port)
        try:
            return run_all(CALLS, postfix.sendmail, server, postfix.flush)
        finally:
            postfix.stop()


def is_explained(call, aspect):
    return any(fnmatch.fnmatchcase(call.name, calls)
               and fnmatch.fnmatchcase(aspect, aspects)
               for calls, aspects, _ in REASONS)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_as_postfix_does_or_with_a_reason(call, found):
    unlisted = {aspect: pair for aspect, pair in found[call.name].items()
                if not is_explained(call, aspect)}
    assert unlisted == {}, "(ours, Postfix's)"


def test_the_table_lists_nothing_that_is_alike(found):
    real = [(name, aspect) for name, aspects in found.items()
            for aspect in aspects]
    assert [row for row in REASONS if not any(
        fnmatch.fnmatchcase(name, row[0])
        and fnmatch.fnmatchcase(aspect, row[1])
        for name, aspect in real)] == []


def test_most_calls_come_to_the_same(found, ours, theirs):
    """A peer that failed altogether would differ in every call."""
    alike = [name for name, aspects in found.items() if aspects == {}
             and ours[name].is_sent and theirs[name].is_sent]
    assert len(alike) >= 300
