# SPDX-License-Identifier: MIT
"""Each mechanism with each real server: it signs in, the message arrives, and
it takes as many round trips from AUTH to the server's 235 as TABLE says. None
is a server without that mechanism: sign-in fails, and nothing is sent.

Dovecot is 2.3. Postfix 3.7 and Exim 4.96 ask Dovecot for what they cannot check
themselves. Cyrus is Postfix with Cyrus SASL 2.1, whose GS2-KRB5 rejects that of
GNU SASL and is not offered here. "GNU SASL" is a small server of this suite
around the server side of GNU SASL 2.2: none of the others has SCRAM-PLUS.

The initial response is sent with AUTH if the client begins; LOGIN, CRAM-MD5 and
DIGEST-MD5 begin with the server. Asking the KDC for a service ticket is not
counted: it is done once in the life of a ticket.
"""
import pytest

SERVERS = {"Dovecot": "dovecot_all", "Postfix": "postfix_all",
           "Cyrus": "cyrus_postfix", "Exim": "exim",
           "GNU SASL": "plus_server"}
TABLE = {
    "EXTERNAL":           (1, None, None, 1, None),
    "SCRAM-SHA-256-PLUS": (None, None, None, None, 3),
    "SCRAM-SHA-1-PLUS":   (None, None, None, None, 3),
    "SCRAM-SHA-256":      (3, 3, 3, 3, 3),
    "SCRAM-SHA-1":        (3, 3, 3, 3, 3),
    "GSSAPI":             (3, 3, 3, 3, 3),
    "GS2-KRB5":           (None, None, None, None, 2),
    "PLAIN":              (1, 1, 1, 1, 1),
    "LOGIN":              (3, 3, 3, 3, 3),
    "DIGEST-MD5":         (3, 3, 3, 3, 3),
    "CRAM-MD5":           (2, 2, 2, 2, 2),
    "NTLM":               (None, None, 2, 2, None),
    "OAUTHBEARER":        (1, 1, None, 1, None),
    "XOAUTH2":            (1, 1, None, 1, None),
    "ANONYMOUS":          (None, None, None, 1, 1),
}
CELLS = [(mechanism, server, turns) for mechanism, row in TABLE.items()
         for server, turns in zip(SERVERS, row)]
WITH_TICKET = ("GSSAPI", "GS2-KRB5")
WITH_TOKEN = ("OAUTHBEARER", "XOAUTH2")
WITHOUT_SECRET = (*WITH_TICKET, "EXTERNAL", "ANONYMOUS")


@pytest.fixture
def try_cell(request, sign_in, kerberos, bearer_token, ca):
    def attempt(mechanism, server, **how):
        peer = request.getfixturevalue(SERVERS[server])
        arguments = []
        if mechanism == "EXTERNAL":
            arguments = ["--tls-cert-file", ca.client.cert,
                         "--tls-key-file", ca.client.key]
        if mechanism in WITH_TOKEN:
            how["password"] = bearer_token
        if mechanism in WITH_TICKET:
            how["ticket"] = kerberos.ticket()
            if server == "Cyrus":
                arguments = ["--target-name", "smtp@mail.example.test"]
        if mechanism in WITHOUT_SECRET:
            how.update(user=None, password=None)
        return peer, sign_in(peer, mechanism, *arguments, **how)
    return attempt


@pytest.mark.parametrize("mechanism, server, turns",
                         [cell for cell in CELLS if cell[2]])
def test_signs_in(try_cell, arrivals, mechanism, server, turns):
    peer, attempt = try_cell(mechanism, server)
    assert attempt.status == 0, attempt.err
    assert attempt.mechanisms == [mechanism]
    arrivals(peer).wait_for("bob", attempt.token)
    assert attempt.turns == turns


@pytest.mark.parametrize("mechanism, server",
                         [cell[:2] for cell in CELLS if not cell[2]])
def test_what_a_server_does_not_have_is_told(try_cell, mechanism, server):
    _, attempt = try_cell(mechanism, server)
    # A mechanism that binds the channel may have been hidden: no accident.
    assert attempt.status == (76 if "-PLUS" in mechanism else 77), attempt.err
    assert attempt.mechanisms == []
    assert "hint: " in attempt.err
    assert "> MAIL" not in attempt.err
