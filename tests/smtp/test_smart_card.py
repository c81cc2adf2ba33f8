# SPDX-License-Identifier: MIT
"""EXTERNAL by a client certificate whose key never leaves its token."""
import pytest

from peers.postfix import new_token


@pytest.fixture
def send(postrider, dovecot, ca):
    def run(key, *arguments):
        mark = new_token()
        done = postrider.run(
            "--host=localhost", f"--port={dovecot.port}",
            f"--tls-trust-file={ca.pem}", "--user=alice", "--auth=external",
            f"--tls-cert-file={ca.rsa_client.cert}", f"--tls-key-file={key}",
            "--from=alice@example.test", *arguments, "bob@example.test",
            input=f"Subject: {mark}\n\nhello\n".encode())
        return done, mark

    return run


def test_a_key_on_a_smart_card_signs_in(send, postfix, smart_card):
    done, mark = send(smart_card)
    assert (done.status, done.err) == (0, "")
    postfix.wait_for("bob", mark)


def test_a_wrong_pin_is_told_and_not_shown(send, postrider, smart_card):
    wrong = postrider.secret_file("9876", "wrong-pin")
    done, _ = send(smart_card.partition("?")[0] +
                   f"?pin-source=file:{wrong}")
    assert done.status == 78
    assert "PIN" in done.err
    assert "9876" not in done.err


def test_a_key_of_another_certificate_is_refused(send, ca):
    done, _ = send(ca.client.key)
    assert done.status == 78
    assert str(ca.client.key) in done.err
