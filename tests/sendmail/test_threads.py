# SPDX-License-Identifier: MIT
"""A series stays one thread where the server replaces the Message-IDs."""
import email
import json
import os

import pytest

from dialogue.submission import SubmissionServer

RCPT = "list@example.org"
ACCOUNT = ("provider = {}\n host = 127.0.0.1\n port = {}\n tls = none\n"
           "user = \"\"\n{}")


def outlook(number):
    return (f"250 2.0.0 OK <NEW{number}@EUR01.prod.outlook.com> "
            f"[Hostname=EUR01.prod.outlook.com]\r\n").encode()


def ses(number):
    return f"250 Ok 0100018{number}-0a-000000\r\n".encode()


@pytest.fixture
def series(postrider):
    """series(provider, reply, *headers) sends a message for each and gives the
    headers that arrived, and the outcomes."""
    def run(provider, reply, *headers, settings="", options=()):
        replies = [reply(number) for number, _ in enumerate(headers, 1)]
        with SubmissionServer(tls="none", mechanisms=(),
                              faults={"dot": replies}) as server:
            postrider.configure("account a { " + ACCOUNT.format(
                provider, server.port, settings) + " }\n")
            outcomes = [postrider.run("--json", "-v", *options, RCPT, input=(
                f"From: me@example.org\n{header}\nSubject: x\n\nbody\n"
            ).encode()) for header in headers]
        for outcome in outcomes:
            assert outcome.status == 0, outcome.err
        return [email.message_from_bytes(message.data)
                for message in server.arrived], outcomes
    return run


SERIES = ("Message-ID: <0@h>",
          "Message-ID: <1@h>\nIn-Reply-To: <0@h>\nReferences: <0@h>",
          "Message-ID: <2@h>\nIn-Reply-To: <1@h>\n"
          "References: <0@h>\n <1@h> <other@h>")


@pytest.mark.parametrize("provider", ["outlook", "microsoft365"])
def test_later_messages_refer_to_the_new_message_id(series, provider):
    arrived, outcomes = series(provider, outlook, *SERIES)
    new = [f"<NEW{number}@EUR01.prod.outlook.com>" for number in (1, 2)]
    assert [message["Message-ID"] for message in arrived] == [
        "<0@h>", "<1@h>", "<2@h>"]
    assert arrived[1]["In-Reply-To"] == new[0]
    assert arrived[2]["In-Reply-To"] == new[1]
    assert arrived[2]["References"].split() == [*new, "<other@h>"]
    said = json.loads(outcomes[2].out)
    assert said["new_message_id"] == "<NEW3@EUR01.prod.outlook.com>"
    assert said["references_rewritten"] == 3
    assert "changed the Message-ID to <NEW3@" in outcomes[2].err


@pytest.mark.parametrize("region, domain", [
    ("us-east-1", "email.amazonses.com"),
    ("eu-west-1", "eu-west-1.amazonses.com")])
def test_amazon_names_no_domain(series, region, domain):
    arrived, _ = series("ses", ses, *SERIES[:2],
                        settings=f"region = {region}\n")
    assert arrived[1]["In-Reply-To"] == f"<01000181-0a-000000@{domain}>"


def test_without_the_region_the_domain_is_unknown(series):
    arrived, outcomes = series("ses", ses, *SERIES[:2])
    assert arrived[1]["In-Reply-To"] == "<0@h>"
    assert json.loads(outcomes[0].out)["new_message_id"] is None


def test_another_server_keeps_its_message_ids(series):
    arrived, outcomes = series("gmail", outlook, *SERIES)
    assert arrived[1]["In-Reply-To"] == "<0@h>"
    assert json.loads(outcomes[1].out)["new_message_id"] is None


def test_it_can_be_switched_off(series):
    arrived, _ = series("outlook", outlook, *SERIES,
                        settings="rewrite-references = no\n")
    assert arrived[1]["In-Reply-To"] == "<0@h>"


def test_a_signed_header_is_not_changed(series):
    signed = SERIES[1] + "\nDKIM-Signature: v=1; h=In-Reply-To"
    arrived, _ = series("outlook", outlook, SERIES[0], signed)
    assert arrived[1]["In-Reply-To"] == "<0@h>"


@pytest.mark.parametrize("reply", [
    b"250 2.0.0 OK <> [Hostname=x]\r\n", b"250 OK\r\n", b"250 <no-at-sign>\r\n",
    b"250 <two words@x>\r\n", b"250 <endless@x\r\n",
    b"250 <" + b"a" * 300 + b"@x>\r\n"],
    ids=["empty", "none", "no-at", "space", "endless", "long"])
def test_a_reply_without_a_message_id_changes_nothing(series, reply):
    arrived, outcomes = series("outlook", lambda _: reply, *SERIES[:2])
    assert arrived[1]["In-Reply-To"] == "<0@h>"
    assert json.loads(outcomes[0].out)["new_message_id"] is None


def test_only_the_user_can_read_the_file(series, postrider):
    series("outlook", outlook, *SERIES)
    file = postrider.home / ".local/state/postrider/message-ids"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text().splitlines()) == 3


def test_the_file_does_not_grow_for_ever(series, postrider):
    file = postrider.home / ".local/state/postrider/message-ids"
    file.parent.mkdir(parents=True)
    file.write_text("".join(
        f"4000000000\tx 127.0.0.1\t<{n}@h>\t<{n}@new>\n" for n in range(4001)))
    series("outlook", outlook, SERIES[0])
    lines = file.read_text().splitlines()
    assert len(lines) < 2100
    assert lines[-2].split("\t")[2] == "<4000@h>"


@pytest.mark.parametrize("text", [
    "\0\0\n", "x", "1\t2\n", "\t\t\t\n", "a\tb\tc\td\te\n" * 10,
    "99999999999999999999999\ta\tb\tc\n"])
def test_a_damaged_file_does_no_harm(series, postrider, text):
    file = postrider.home / ".local/state/postrider/message-ids"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    series("outlook", outlook, *SERIES[:2])


def test_a_file_that_cannot_be_written_is_only_noted(series, postrider):
    file = postrider.home / ".local/state/postrider/message-ids"
    file.mkdir(parents=True)
    arrived, outcomes = series("outlook", outlook, *SERIES[:2])
    assert arrived[1]["In-Reply-To"] == "<0@h>"
    assert "the thread may break" in outcomes[0].err
    assert os.fspath(file) in outcomes[0].err


def test_a_dry_run_writes_nothing(series, postrider):
    series("outlook", outlook, SERIES[0], options=())
    file = postrider.home / ".local/state/postrider/message-ids"
    before = file.read_bytes()
    outcome = postrider.run("--dry-run", RCPT, input=(
        f"From: me@example.org\n{SERIES[1]}\n\nbody\n").encode())
    assert "In-Reply-To: <NEW1@" in outcome.out
    assert file.read_bytes() == before


def test_a_dialogue_of_smtp_is_a_series_too(postrider):
    message = "From: me@example.org\r\n{}\r\n\r\nbody\r\n.\r\n"
    dialogue = "EHLO x\r\n" + "".join(
        f"MAIL FROM:<me@example.org>\r\nRCPT TO:<{RCPT}>\r\nDATA\r\n"
        + message.format(header.replace("\n", "\r\n"))
        for header in SERIES) + "QUIT\r\n"
    with SubmissionServer(tls="none", mechanisms=(), faults={
            "dot": [outlook(number) for number in (1, 2, 3)]}) as server:
        postrider.configure("account a { " + ACCOUNT.format(
            "outlook", server.port, "") + " }\n")
        outcome = postrider.run("-bs", input=dialogue.encode())
    assert outcome.status == 0, outcome.err
    last = email.message_from_bytes(server.arrived[2].data)
    assert last["In-Reply-To"] == "<NEW2@EUR01.prod.outlook.com>"
