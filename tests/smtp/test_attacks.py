# SPDX-License-Identifier: MIT
"""Attacks and old bugs of others, for which support/dialogue has no script."""
import base64
import re

import pytest

from dialogue import faults
from dialogue.server import DialogueServer
from callers.session import MESSAGE, SECRET

# What a terminal would obey, or hide: ESC, BEL, C1, a title, backspace, bidi.
ESCAPES = (b"\x1b[2J\x1b]0;title\x07", b"\x07\x08\x7f", b"\x9b31m", b"\xff\xfe",
           b"\xc2\x9b31m", b"\xe2\x80\xae", b"\r\x1b[A", b"a\rb")
CONTROLS = set(map(chr, [*range(32), *range(127, 160), 0x202e])) - {"\n"}


@pytest.mark.parametrize("escape", ESCAPES, ids=repr)
@pytest.mark.parametrize("step", ["greeting", "ehlo-tls", "auth", "mail",
                                  "rcpt", "dot"])
def test_escapes_of_a_server_are_shown_as_text(submit, make_server, escape,
                                               step):
    server = make_server(faults={step: b"554 no " + escape + b" way\r\n"})
    outcome = submit(server, "-v", "--json")
    assert outcome.status not in (0, 75), outcome.err
    for text in (outcome.err, outcome.log, outcome.out):
        assert not CONTROLS & set(text)
    assert "554" in outcome.log


@pytest.mark.parametrize("escape", ESCAPES, ids=repr)
def test_escapes_of_a_receipt_are_logged_as_text(submit, make_server, escape):
    server = make_server(faults={"dot": b"250 ok " + escape + b"\r\n"})
    outcome = submit(server, "-v", "--json")
    assert outcome.status == 0, outcome.err
    for text in (outcome.err, outcome.log, outcome.out):
        assert not CONTROLS & set(text)


def test_a_reply_forges_no_line_of_the_log(submit, make_server):
    server = make_server(faults={
        "dot": b'250-one\r\n250 " status=failed exit=77\r\n'})
    outcome = submit(server)
    assert outcome.status == 0
    assert outcome.log.count("\n") == 1
    assert '\\" status=failed' in outcome.log


# ---- replies at the edge of what is one --------------------------------------

@pytest.mark.parametrize("reply", [b"250\r\n", b"250\n", b"250 \r\n",
                                   b"250-\r\n250\r\n", b"250-\n250-\n250 \n",
                                   b"250 2.1.0\r\n", b"250 2.\r\n"])
@pytest.mark.parametrize("step", ["mail", "rcpt", "dot"])
def test_a_reply_may_have_no_text(submit, make_server, step, reply):
    server = make_server(faults={step: reply})
    outcome = submit(server)
    assert outcome.status == 0, outcome.err


@pytest.mark.parametrize("reply", [b"2", b"25", b"250", b"250-", b"250-\r\n",
                                   b"250 ok", b"250 ok\r", b"250-ok\r\n2",
                                   b""])
@pytest.mark.parametrize("step, status", [("mail", 75), ("dot", 75)])
def test_a_reply_that_is_cut_is_none(submit, make_server, step, status,
                                     reply):
    def fault(session, line):
        session.wire.send(reply)
        session.wire.goodbye()

    server = make_server(faults={step: fault})
    outcome = submit(server)
    assert outcome.status == status, outcome.err
    assert server.messages == []


CODES = (200, 211, 220, 235, 250, 299, 300, 334, 354, 355)
WANTED = {"greeting": {220}, "ehlo-tls": {250}, "auth": {235, 334},
          "data": {354}, "dot": {200, 211, 220, 235, 250, 299}}


@pytest.mark.parametrize("step, code", [
    (step, code) for step in WANTED for code in CODES
    if code not in WANTED[step]])
def test_a_code_that_does_not_fit_is_no_success(submit, make_server, step,
                                                code):
    server = make_server(faults={step: f"{code} hm"}, extensions=())
    outcome = submit(server)
    assert outcome.status == 75, outcome.err
    assert server.messages == []


# ---- injection ---------------------------------------------------------------

EVIL = ("bob@example.test\r\nRCPT TO:<eve@example.test>",
        "bob@example.test\nDATA", "bob@example.test\rDATA",
        "<bob@example.test>\r\nQUIT", "bob\r\n@example.test",
        "bob@example.test> NOTIFY=NEVER", "bob@exa\x01mple.test")


@pytest.mark.parametrize("address", EVIL, ids=repr)
@pytest.mark.parametrize("place", ["recipient", "sender", "from", "header",
                                   "to-header"])
def test_no_address_carries_a_command(submit, make_server, address, place):
    server = make_server()
    arguments, message, names = [], MESSAGE, ["bob"]
    if place == "recipient":
        outcome = run_to(submit, server, address)
    else:
        if place == "sender":
            arguments = ["-f", address]
        elif place == "from":
            arguments = ["--from", address]
        elif place == "header":
            message = MESSAGE.replace(b"From: alice@example.test",
                                      b"From: " + address.encode())
        elif place == "to-header":
            arguments = ["-t"]
            message = MESSAGE.replace(b"To: bob@example.test",
                                      b"To: " + address.encode())
        outcome = submit(server, *arguments, message=message, to=names)
    for line in server.commands:
        verb = line.split(" ")[0]
        assert verb in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "BDAT",
                        "QUIT"), line
        assert "eve" not in line
    assert sum(line.startswith("RCPT") for line in server.commands) <= 2
    assert outcome.status in (0, 64, 65, 78), outcome.err
    if place in ("recipient", "sender", "from"):
        assert outcome.status != 0
        assert outcome.tries == 0


def run_to(submit, server, recipient):
    """With that recipient on the command line as it is."""
    result = submit.postrider.run(
        *submit.options(server), "--", recipient, input=MESSAGE,
        env={"POSTRIDER_PASSWORD": SECRET})
    result.tries = len(server.wires)
    return result


@pytest.mark.parametrize("value", ["x\r\nMAIL FROM:<>", "x\ny", "x\ry",
                                   "x y", "x\x01"], ids=repr)
@pytest.mark.parametrize("option", ["--domain", "--host", "-V", "-N", "-R"])
def test_no_option_carries_a_command(submit, make_server, option, value):
    server = make_server()
    outcome = submit(server, option, value)
    assert outcome.status in (0, 64, 65, 78), outcome.err
    # RFC 3461 4.4 has a way to write a space in an ENVID.
    if outcome.status == 0:
        assert option == "-V" and "\r" not in value and "\n" not in value
    else:
        assert outcome.tries == 0
    assert not any(line.startswith("MAIL FROM:<>")
                   for line in server.commands)


@pytest.mark.parametrize("user", ["alice\r\nQUIT", "alice\nx",
                                  "alice\1auth=Bearer evil"], ids=repr)
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2",
                                       "OAUTHBEARER"])
def test_no_user_carries_a_command(submit, make_server, user, mechanism):
    server = make_server(mechanisms=(mechanism,), token="t")
    outcome = submit(server, "--auth", mechanism, user=user, password="t")
    assert outcome.status in (64, 65, 78), outcome.err
    assert outcome.tries == 0
    assert b"Bearer evil" not in server.received


@pytest.mark.parametrize("password", ["line\nend", "line\r\nQUIT", "a\rb"],
                         ids=repr)
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2"])
def test_a_password_of_two_lines_is_not_sent(submit, make_server, mechanism,
                                             password):
    server = make_server(mechanisms=(mechanism,))
    outcome = submit(server, "--auth", mechanism, password=password)
    assert outcome.status != 0
    sent = b"".join(bytes(wire.inside) for wire in server.wires)
    assert password.encode() not in sent
    assert base64.b64encode(f"\0alice\0{password}".encode()) not in sent


@pytest.mark.parametrize("arguments", [
    ["-X", "PLACE"], ["-XPLACE"], ["-OQueueDirectory=PLACE"], ["-oQPLACE"],
    ["-O", "QueueDirectory=PLACE"], ["-CPLACE"], ["-C", "PLACE"],
    ["-bd", "-XPLACE"], ["-oAPLACE"], ["-dPLACE"], ["-D", "PLACE"]], ids=str)
def test_no_option_of_a_callers_address_writes_a_file(submit, make_server,
                                                      tmp_path, arguments):
    place = tmp_path / "shell.php"
    arguments = [word.replace("PLACE", str(place)) for word in arguments]
    submit(make_server(), *arguments)
    submit(make_server(), "-f", "alice@example.test -X" + str(place))
    assert not place.exists()


@pytest.mark.parametrize("name", ["$(touch PLACE)", "`touch PLACE`",
                                  "x;touch PLACE;", "|touch PLACE", "&touch",
                                  "${IFS}touch${IFS}PLACE", "-oQPLACE"])
def test_no_shell_sees_an_address(submit, make_server, tmp_path, name):
    place = tmp_path / "touched"
    address = '"' + name.replace("PLACE", str(place)) + '"@example.test'
    server = make_server()
    run_to(submit, server, address)
    submit(server, "-f", address)
    assert not place.exists()


# ---- measured with others ----------------------------------------------------

@pytest.mark.parametrize("header", [
    b"\0X: y\nBcc: carol@example.test\n", b"Bcc: carol@example.test\n",
    b"Resent-Bcc: carol@example.test\n", b"bCC : carol@example.test\n",
    b"Bcc: dave@example.test,\n carol@example.test\n",
    b"Bcc:\n carol@example.test\n", b"X: y\r\nBcc: carol@example.test\r\n",
    b"X: y\rBcc: carol@example.test\r"], ids=repr)
def test_no_bcc_leaves(submit, make_server, header):
    server = make_server()
    outcome = submit(server, "-t", message=header + MESSAGE, to=["bob"])
    assert outcome.status in (0, 65), outcome.err
    for message in server.arrived:
        assert b"carol" not in message.data
        assert not re.search(rb"(?i)bcc\s*:", message.data)


def test_a_password_command_that_fails_half_way_counts_as_failed(
        submit, make_server, tmp_path):
    command = tmp_path / "password"
    command.write_text("#!/bin/sh\nprintf half-a-\nexit 3\n")
    command.chmod(0o755)
    server = make_server()
    outcome = submit(server, "--credential", f"command:{command}",
                     env={"POSTRIDER_PASSWORD": None})
    assert outcome.status not in (0, 75), outcome.err
    assert b"AUTH" not in server.received
    assert "half-a-" not in outcome.err


# ---- TLS taken away ----------------------------------------------------------

@pytest.mark.parametrize("ehlo", [
    "250 mail.example.test", "250-mail.example.test\n250 AUTH PLAIN LOGIN",
    "250-mail.example.test\n250 XXXXXXXX", "250-STARTTLS\n250 AUTH PLAIN",
    "250-mail.example.test\n250 STARTTLSX", "250-x\n250  STARTTLS",
    "250-x\n250 X STARTTLS"])
def test_without_starttls_nothing_goes_in_the_clear(submit, make_server,
                                                    ehlo):
    server = make_server(faults={"ehlo": ehlo})
    outcome = submit(server, retries=2)
    assert outcome.status == 76, outcome.err
    assert outcome.tries == 1
    assert b"AUTH" not in server.received
    assert b"MAIL" not in server.received


def test_a_greeting_of_success_signs_nobody_in(submit, ca):
    play = """
        S: 220 ready
        C: EHLO *
        S: 250-x
        S: 250 STARTTLS
        C: STARTTLS
        S: 220 go
        ! tls
        C: EHLO *
        S: 235 signed in
        ! hang"""
    with DialogueServer(play, leaf=ca.server) as server:
        outcome = submit(server)
    assert outcome.status == 75
    assert b"AUTH" not in server.received


def test_plain_words_where_tls_is_expected_are_explained(submit,
                                                         make_server):
    server = make_server()
    outcome = submit(server, tls="implicit")
    assert outcome.status == 76, outcome.err
    assert "--tls=starttls" in outcome.err


def test_tls_where_plain_words_are_expected_is_temporary(submit, make_server):
    server = make_server(tls="implicit")
    outcome = submit(server, tls="starttls", timeout="500ms")
    assert outcome.status == 75, outcome.err
    assert b"AUTH" not in server.received


@pytest.mark.parametrize("fault", [faults.hang, faults.stall])
def test_silence_in_the_handshake_ends(submit, make_server, fault):
    server = make_server(tls="implicit", faults={"handshake": fault})
    outcome = submit(server, timeout="300ms")
    assert outcome.status == 75, outcome.err
    assert "TLS handshake" in outcome.err
