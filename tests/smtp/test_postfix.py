# SPDX-License-Identifier: MIT
"""Messages through a real Postfix, to the bytes in a Maildir."""
import pytest

from peers.postfix import body_of, new_token

# Lines of dots, empty lines, and every byte but NUL and CR: Postfix takes a NUL
# away and a CR is a line end.
BODY = (b"plain\n.\n..\n.dot\n\n\ntrailing space \n"
        + bytes(range(1, 10)) + b"\x0b\x0c" + bytes(range(14, 256)) + b"\n"
        + b"\n\nlast line\n")


def compose(token, body=BODY, to="bob@example.test", extra=b""):
    return (b"From: alice@example.test\nTo: " + to.encode()
            + b"\nSubject: " + token.encode() + b"\n" + extra + b"\n" + body)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_message_arrives_byte_for_byte(send, postfix, tls):
    token = new_token()
    result = send(postfix, "-i", "bob@example.test", tls=tls,
                    message=compose(token))
    assert (result.status, result.out, result.err) == (0, "", "")
    assert body_of(postfix.wait_for("bob", token)) == BODY


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_signs_in_with(send, postfix, mechanism):
    token = new_token()
    result = send(postfix, "--auth", mechanism, "-i", "bob@example.test",
                    message=compose(token))
    assert result.status == 0, result.err
    postfix.wait_for("bob", token)


def test_a_wrong_password_is_77(send, postfix):
    result = send(postfix, "bob@example.test", password="not-the-one")
    assert result.status == 77
    assert "535" in result.err
    assert "not-the-one" not in result.err


def test_one_refused_recipient_of_several(send, postfix):
    token = new_token()
    result = send(postfix, "-i", "alice@example.test",
                    "nouser@example.test", "bob@example.test",
                    message=compose(token))
    assert result.status == 67
    assert "nouser@example.test" in result.err
    postfix.wait_for("alice", token)
    postfix.wait_for("bob", token)


def test_a_recipient_that_is_refused_for_now_is_75(send, postfix):
    token = new_token()
    result = send(postfix, "-i", "bob@example.test", "tempfail@example.test",
                    message=compose(token))
    assert result.status == 75
    assert "tempfail@example.test" in result.err
    postfix.wait_for("bob", token)


@pytest.mark.parametrize("recipient", ["tempfail", "full"])
def test_nobody_accepted_for_now_is_75(send, postfix, recipient):
    assert send(postfix, f"{recipient}@example.test").status == 75


def test_too_large_is_refused_before_data(send, postfix):
    token = new_token()
    result = send(postfix, "-i", "bob@example.test", message=compose(
        token, body=b"0123456789abcdef" * 63 * 21000 + b"\n"))
    assert result.status == 65
    assert "20971520" in result.err or "large" in result.err
    assert token not in postfix.log


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_line_ends_of_the_caller(send, postfix, end):
    token = new_token()
    message = compose(token, body=b"one\ntwo\n").replace(b"\n", end)
    assert send(postfix, "-i", "bob@example.test",
                  message=message).status == 0
    arrived = postfix.wait_for("bob", token)
    assert body_of(arrived) == b"one\ntwo\n"
    assert b"\r" not in arrived


def test_line_ends_mixed_by_php(send, postfix):
    token = new_token()
    message = (f"To: bob@example.test\nSubject: {token}\n"
               "From: a@example.test\r\nX-One: 1\r\nX-Two: 2\n\n"
               "one\r\ntwo\nthree\r\n").encode()
    assert send(postfix, "-t", "-i", message=message).status == 0
    arrived = postfix.wait_for("bob", token)
    assert b"\nX-One: 1\nX-Two: 2\n" in arrived
    assert body_of(arrived) == b"one\ntwo\nthree\n"


def test_recipients_from_the_header_and_no_bcc_leaves(send, postfix):
    token = new_token()
    message = compose(token, to="Bob <bob@example.test>", extra=(
        b"Cc: friends: x@one.test, \"y z\"@two.test;\n"
        b"Bcc: alice@example.test,\n hidden@example.test\n"))
    assert send(postfix, "-t", "-i", message=message).status == 0
    for user in ("alice", "bob", "other"):
        arrived = postfix.wait_for(user, token)
        assert b"bcc:" not in arrived.lower().replace(b" ", b"")
    assert b"hidden@example.test" not in postfix.wait_for("bob", token)


def test_a_name_outside_ascii(send, postfix):
    token = new_token()
    result = send(postfix, "-i", "jörg@example.test",
                    message=compose(token, to="jörg@example.test"))
    assert result.status == 0, result.err
    arrived = postfix.wait_for("other", token)
    assert "jörg@example.test".encode() in arrived


def test_a_domain_outside_ascii(send, postfix):
    token = new_token()
    result = send(postfix, "-i", "info@bücher.example",
                    message=compose(token))
    assert result.status == 0, result.err
    assert b"info@xn--bcher-kva.example" in postfix.wait_for("other", token)


def test_large_messages_pass(send, postfix_unlimited):
    token = new_token()
    body = b"".join(b"%07d 23456789 abcdefghij\n" % n for n in range(1000000))
    result = send(postfix_unlimited, "-i", "bob@example.test",
                    message=compose(token, body=body))
    assert result.status == 0, result.err
    assert body_of(postfix_unlimited.wait_for("bob", token)) == body


def test_nothing_secret_shows_in_the_dialogue(send, postfix):
    result = send(postfix, "-v", "-i", "bob@example.test",
                    password="secret")
    assert result.status == 0
    assert "AUTH" in result.err
    assert "<redacted, " in result.err
    assert "secret" not in result.err
    assert "AGFsaWNlAHNlY3JldA" not in result.err  # the same in base64


def test_a_server_nobody_listens_at_is_75(send, postfix):
    class Nowhere:
        port = 1

    assert send(Nowhere, "bob@example.test").status == 75


def test_a_host_that_does_not_exist_is_68(send, postfix):
    result = send(postfix, "bob@example.test", host="no-such-host.invalid")
    assert result.status in (68, 75)  # 75 when no name server answers
    assert "no-such-host.invalid" in result.err


def test_a_certificate_that_nobody_vouches_for_is_76(postrider, postfix):
    result = postrider.run("--host", "localhost", "--port", str(postfix.port),
                           "--user", "alice", "--from",
                           "alice@example.test", "--retries", "0",
                           "bob@example.test", input=b"Subject: x\n\n",
                           env={"POSTRIDER_PASSWORD": "secret"})
    assert result.status == 76


def test_more_recipients_than_postfix_accepts(send, postfix):
    """It ends a session in which far too many follow; its limit is 1,000."""
    names = [f"user{number}@example.test" for number in range(3500)]
    token = new_token()
    done = send(postfix, *names, "nouser@example.test",
                message=f"Subject: {token}\n\nx\n".encode())
    assert done.status == 67, done.err
    assert "sent to 3500 of 3501 recipients" in done.err
    postfix.wait_for("other", token)
