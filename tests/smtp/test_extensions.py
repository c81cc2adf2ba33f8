# SPDX-License-Identifier: MIT
"""Each extension offered and not: what is used, and nothing but that."""
import pytest

from dialogue.submission import EXTENSIONS
from callers.session import MESSAGE, without

EIGHT_BIT = MESSAGE + "übung\n".encode()
SMALL = tuple(word if not word.startswith("SIZE") else "SIZE 200"
              for word in EXTENSIONS)


def mail_of(server):
    (line,) = [line for line in server.commands if line.startswith("MAIL")]
    return line


def rcpt_of(server):
    return [line for line in server.commands if line.startswith("RCPT")]


def test_nothing_is_used_that_is_not_offered(submit, make_server):
    server = make_server(extensions=())
    outcome = submit(server, "-N", "success", "-R", "hdrs", "-V", "id1",
                     message=EIGHT_BIT)
    assert outcome.status == 0, outcome.err
    assert mail_of(server) == "MAIL FROM:<alice@example.test>"
    assert rcpt_of(server) == ["RCPT TO:<bob@example.test>"]
    assert "DATA" in server.commands
    assert server.messages[0].data.endswith("übung\r\n".encode())


def test_all_that_is_offered_is_used(submit, make_server):
    server = make_server()
    outcome = submit(server, "-N", "success,delay", "-R", "hdrs", "-V",
                     "id1", message=EIGHT_BIT)
    assert outcome.status == 0, outcome.err
    size = len(EIGHT_BIT.replace(b"\n", b"\r\n"))
    words = mail_of(server).split()
    assert words[:2] == ["MAIL", "FROM:<alice@example.test>"]
    assert set(words[2:]) == {f"SIZE={size}", "BODY=8BITMIME", "RET=HDRS",
                              "ENVID=id1"}
    assert rcpt_of(server)[0].startswith(
        "RCPT TO:<bob@example.test> NOTIFY=")
    assert server.messages[0].chunked


@pytest.mark.parametrize("off, absent", [
    ("SIZE", "SIZE="), ("8BITMIME", "BODY="), ("DSN", "RET="),
    ("DSN", "ENVID="), ("DSN", "NOTIFY="), ("CHUNKING", "BDAT")])
def test_one_that_is_missing_is_not_used(submit, make_server, off, absent):
    server = make_server(extensions=without(EXTENSIONS, off))
    outcome = submit(server, "-N", "never", "-R", "full", "-V", "id1",
                     message=EIGHT_BIT)
    assert outcome.status == 0, outcome.err
    assert not any(absent in line for line in server.commands)


def test_seven_bits_need_no_8bitmime(submit, make_server):
    server = make_server()
    assert submit(server).status == 0
    assert "BODY=" not in mail_of(server)


def test_8bit_goes_as_it_is_and_says_so(submit, make_server):
    server = make_server(extensions=without(EXTENSIONS, "8BITMIME"))
    outcome = submit(server, "-v", message=EIGHT_BIT)
    assert outcome.status == 0
    assert "does not offer 8BITMIME" in outcome.err
    assert server.messages[0].data == EIGHT_BIT.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("offered", [True, False])
def test_an_address_outside_ascii_needs_smtputf8(submit, make_server,
                                                 offered):
    extensions = EXTENSIONS if offered else without(EXTENSIONS, "SMTPUTF8")
    server = make_server(extensions=extensions)
    outcome = submit(server, to=["bücher"])
    if offered:
        assert outcome.status == 0, outcome.err
        assert "SMTPUTF8" in mail_of(server).split()
        assert server.messages[0].to == ["bücher@example.test"]
    else:
        assert outcome.status == 69, outcome.err
        assert "SMTPUTF8" in outcome.err
        assert "MAIL" not in "".join(server.commands)


def test_smtputf8_is_asked_for_only_where_it_is_needed(submit, make_server):
    server = make_server()
    assert submit(server, message=EIGHT_BIT).status == 0
    assert "SMTPUTF8" not in mail_of(server).split()


def test_a_message_that_is_too_large_is_not_sent(submit, make_server):
    server = make_server(extensions=SMALL)
    outcome = submit(server, message=MESSAGE + b"x" * 300, retries=2)
    assert outcome.status == 65, outcome.err
    assert outcome.tries == 1
    assert "accepts at most 200" in outcome.err
    assert "MAIL" not in "".join(server.commands)


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE 99999999999999999999"
                                  "9", "SIZE x", "SIZE -1"])
def test_a_size_without_a_limit_is_no_limit(submit, make_server, size):
    extensions = without(EXTENSIONS, "SIZE") + (size,)
    server = make_server(extensions=extensions)
    outcome = submit(server, message=MESSAGE + b"x" * 3000)
    assert outcome.status == 0, outcome.err
    assert "SIZE=" in mail_of(server)


def test_commands_wait_for_their_replies_without_pipelining(submit, ca,
                                                            make_server):
    early = []

    def watch(session, line):
        if session.wire.unread:
            early.append(session.wire.unread)

    steps = dict.fromkeys(("mail", "rcpt", "data"), watch)
    server = make_server(extensions=without(EXTENSIONS, "PIPELINING",
                                            "CHUNKING"), faults=steps)
    assert submit(server, to=["bob", "carol", "dave"]).status == 0
    assert early == []
    # The same eyes do see it where commands may come ahead.
    server = make_server(extensions=without(EXTENSIONS, "CHUNKING"),
                         faults=steps)
    assert submit(server, to=["bob", "carol", "dave"]).status == 0
    assert early != []


def test_keywords_are_known_in_any_case(submit, make_server):
    server = make_server(extensions=[word.lower() for word in EXTENSIONS])
    assert submit(server, message=EIGHT_BIT).status == 0
    assert server.messages[0].chunked
    assert "BODY=8BITMIME" in mail_of(server)


def test_capabilities_without_tls_are_forgotten(submit, make_server):
    # Before TLS somebody may write what he likes.
    server = make_server(faults={
        "ehlo": "250-evil\n250-SIZE 10\n250-STARTTLS\n250 AUTH PLAIN LOGIN"})
    outcome = submit(server)
    assert outcome.status == 0, outcome.err
    assert b"AUTH" not in server.received_clear


def test_an_empty_greeting_line_hides_no_extension(submit, make_server):
    server = make_server(faults={"ehlo": "250-\n250 STARTTLS"})
    assert submit(server).status == 0


def test_an_ehlo_name_may_be_set(submit, make_server):
    server = make_server()
    assert submit(server, "--domain", "client.example.test").status == 0
    assert server.commands[0] == "EHLO client.example.test"
