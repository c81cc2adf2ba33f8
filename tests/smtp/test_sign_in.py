# SPDX-License-Identifier: MIT
"""Each mechanism, with servers that ask oddly, refuse, or cheat."""
import base64

import pytest

from callers.session import SECRET, auths, inside, is_refused
from dialogue import scram

ALL = ("GSSAPI", "XOAUTH2", "LOGIN", "PLAIN", "OAUTHBEARER", "SCRAM-SHA-1",
       "SCRAM-SHA-256")
SCRAMS = pytest.mark.parametrize("mechanism, digest", [
    ("SCRAM-SHA-256", "sha256"), ("SCRAM-SHA-1", "sha1")])
BEARERS = pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
HUGE = base64.b64encode(b"realm=" + b"x" * 12000)


@pytest.fixture
def scram_server(make_server):
    def make(mechanism, **how):
        server = make_server(mechanisms=(mechanism,))
        server.authenticate[mechanism] = scram.server(**how)
        return server
    return make


# ---- which one ---------------------------------------------------------------

def test_the_best_is_chosen(submit, make_server):
    server = make_server(mechanisms=ALL)
    server.authenticate["SCRAM-SHA-256"] = scram.server()
    outcome = submit(server)
    assert outcome.status == 0, outcome.err
    assert [line.split()[1] for line in auths(server)] == ["SCRAM-SHA-256"]


@pytest.mark.parametrize("offered, wanted, used", [
    (("LOGIN", "PLAIN"), None, "PLAIN"), (("LOGIN",), None, "LOGIN"),
    (("PLAIN", "LOGIN"), "login", "LOGIN"),
    (("PLAIN", "LOGIN"), "login,plain", "LOGIN"),
    (("PLAIN", "LOGIN"), "xoauth2,plain", "PLAIN"),
    (("plain",), None, "PLAIN")])
def test_what_was_asked_for_is_chosen(submit, make_server, offered, wanted,
                                      used):
    server = make_server(mechanisms=offered)
    server.authenticate["plain"] = server.authenticate["PLAIN"]
    server.mechanisms = tuple({*offered, *map(str.upper, offered)})
    outcome = submit(server, *(["--auth", wanted] if wanted else []))
    assert outcome.status == 0, outcome.err
    assert [line.split()[1] for line in auths(server)] == [used]


@pytest.mark.parametrize("offered, wanted", [
    (("KERBEROS_V4", "SKEY"), None), (("XOAUTH2",), None), (("PLAIN",), "login"),
    ((), None), (("PLAIN",), "scram-sha-256"), (("XPLAIN", "PLAINX"), None),
    (("PLAIN-CLIENTTOKEN",), None)])
def test_nothing_in_common_is_told(submit, make_server, offered, wanted):
    server = make_server(mechanisms=offered)
    outcome = submit(server, *(["--auth", wanted] if wanted else []))
    is_refused(server, outcome)
    assert auths(server) == []
    assert "hint: " in outcome.err


def test_many_names_hide_none(submit, make_server):
    offered = tuple(f"X-MECHANISM-{number}" for number in range(60))
    server = make_server(mechanisms=("PLAIN", *offered))
    assert submit(server).status == 0


def test_the_old_way_to_offer_is_understood(submit, make_server):
    server = make_server(faults={
        "ehlo-tls": "250-mail.example.test\n250 AUTH=PLAIN LOGIN"})
    assert submit(server).status == 0


def test_without_a_user_nobody_signs_in(submit, make_server):
    server = make_server(mechanisms=())
    assert submit(server, user=None).status == 0
    assert auths(server) == []


# ---- PLAIN and LOGIN ---------------------------------------------------------

@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "SCRAM-SHA-256"])
@pytest.mark.parametrize("password", [
    "p", "with a space", "trailing ", "ünicode", "a:b=c,d", "%n%s\\",
    "x" * 1000, "=2C"])
def test_any_password_will_do(submit, make_server, mechanism, password):
    server = make_server(mechanisms=(mechanism,), users={"alice": password})
    server.authenticate["SCRAM-SHA-256"] = scram.server(password=password)
    outcome = submit(server, password=password)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == "alice"


def test_the_words_of_plain(submit, make_server):
    server = make_server(mechanisms=("PLAIN",))
    assert submit(server).status == 0
    assert auths(server) == [
        "AUTH PLAIN " + base64.b64encode(b"\0alice\0secret").decode()]


def test_another_identity_is_asked_for(submit, make_server):
    server = make_server(mechanisms=("PLAIN",))
    assert submit(server, "--authzid", "team").status == 0
    assert auths(server) == [
        "AUTH PLAIN " + base64.b64encode(b"team\0alice\0secret").decode()]


@pytest.mark.parametrize("prompts", [
    ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"), ("334 ", "334 "),
    ("334", "334"), ("334 dXNlcg==", "334 cGFzcw=="),
    ("334 VXNlciBOYW1lAA==", "334 UGFzc3dvcmQA")])
def test_prompts_of_login_are_all_alike(submit, make_server, prompts):
    server = make_server(mechanisms=("LOGIN",),
                         faults={"auth-round": list(prompts)})
    outcome = submit(server)
    assert outcome.status == 0, outcome.err


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("reply", ["535 5.7.8 wrong", "534 5.7.9 app password",
                                   "530 5.7.0 no", "504 5.5.4 not this one",
                                   "550 no"])
def test_a_refusal_is_told(submit, make_server, mechanism, reply):
    server = make_server(mechanisms=(mechanism,), faults={"auth": reply})
    outcome = submit(server, retries=2)
    is_refused(server, outcome)
    assert reply in outcome.err and "alice" in outcome.err
    assert server.commands[-1] == "QUIT" or "QUIT" not in server.commands


def test_a_wrong_password_is_tried_once(submit, make_server):
    server = make_server()
    outcome = submit(server, password="wrong", retries=3)
    is_refused(server, outcome)
    assert len(auths(server)) == 1


# ---- challenges that make no sense -------------------------------------------

@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "SCRAM-SHA-256",
                                       "XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("challenge", [
    b"334 !!!\r\n", b"334 " + HUGE + b"\r\n", b"334 A\r\n",
    b"334-dXNl\r\n334 cg==\r\n", b"334 " + b"=" * 64 + b"\r\n"],
    ids=["no-base64", "huge", "one-digit", "two-lines", "padding"])
def test_an_odd_challenge_never_signs_in(submit, make_server, mechanism,
                                         challenge):
    def always(session, initial):
        while True:
            session.wire.send(challenge)
            session.wire.line()

    server = make_server(mechanisms=(mechanism,), token="token")
    server.authenticate[mechanism] = always
    outcome = submit(server, "--auth", mechanism, password="token", retries=1,
                     limit=20)
    is_refused(server, outcome)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2"])
def test_a_challenge_of_a_megabyte_is_bounded(submit, make_server, mechanism):
    def once(session, initial):
        session.wire.send(b"334 " + b"QUFB" * 350000 + b"\r\n")
        session.wire.hang()

    server = make_server(mechanisms=(mechanism,))
    server.authenticate[mechanism] = once
    outcome = submit(server, "--auth", mechanism)
    assert outcome.status == 75, outcome.err
    assert "more than" in outcome.err


# ---- SCRAM -------------------------------------------------------------------

@SCRAMS
def test_scram_signs_in(submit, scram_server, mechanism, digest):
    server = scram_server(mechanism, digest=digest)
    outcome = submit(server)
    assert outcome.status == 0, outcome.err
    assert base64.b64encode(SECRET.encode()) not in server.received
    assert SECRET.encode() not in server.received


@SCRAMS
def test_a_server_that_skips_its_proof_is_refused(submit, scram_server,
                                                  mechanism, digest):
    server = scram_server(mechanism, digest=digest, skip_proof=True)
    outcome = submit(server, retries=2)
    is_refused(server, outcome, 76)
    assert "prov" in outcome.err


@SCRAMS
def test_a_wrong_proof_is_refused(submit, scram_server, mechanism, digest):
    size = 32 if digest == "sha256" else 20
    wrong = "v=" + base64.b64encode(bytes(size)).decode()
    server = scram_server(mechanism, digest=digest, final=wrong)
    outcome = submit(server, retries=2)
    is_refused(server, outcome, 76)


def test_success_at_once_is_refused(submit, make_server):
    server = make_server(mechanisms=("SCRAM-SHA-256",))
    server.authenticate["SCRAM-SHA-256"] = lambda session, initial: "alice"
    outcome = submit(server)
    is_refused(server, outcome, 76)


@pytest.mark.parametrize("cheat", [
    {"nonce": "another"}, {"iterations": 0}, {"iterations": -1},
    {"iterations": 10}, {"iterations": 2 ** 31 - 1},
    {"iterations": 2 ** 31}, {"iterations": 10 ** 12},
    {"iterations": "x"}, {"salt": b""}, {"first": "e=other-error"},
    {"first": "r=,s=,i="}, {"first": "m=x,r=a,s=YQ==,i=4096"},
    {"first": ""}, {"first": "," * 5000}, {"final": "e=invalid-proof"},
    {"final": "v="}, {"final": ""}, {"final": "x" * 5000}],
    ids=lambda cheat: "{0[0]}={0[1]!r:.12}".format(*cheat.items()))
def test_a_scram_server_that_makes_no_sense_is_refused(submit, scram_server,
                                                       cheat):
    # Neither believed nor waited for: nobody counts to 2**31 for a server.
    server = scram_server("SCRAM-SHA-256", **cheat)
    outcome = submit(server, limit=20)
    assert outcome.status in (76, 77), outcome.err
    assert b"MAIL FROM" not in server.received


# ---- bearer tokens -----------------------------------------------------------

@BEARERS
@pytest.mark.parametrize("length", [1, 400, 3000, 9000, 40000])
def test_a_token_signs_in(submit, make_server, mechanism, length):
    token = ("ya29." + "x" * length)[:length]
    server = make_server(mechanisms=(mechanism,), token=token)
    outcome = submit(server, "--auth", mechanism.lower(), password=token)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == "alice"
    # RFC 4954 4.: a line of AUTH has 12288 bytes at most.
    assert all(len(line) < 12286 for line in auths(server))


@BEARERS
def test_an_explained_refusal_is_acknowledged(submit, make_server, mechanism):
    server = make_server(mechanisms=(mechanism,), token="right")
    outcome = submit(server, "--auth", mechanism, password="wrong", retries=2)
    is_refused(server, outcome)
    assert "535 5.7.8" in outcome.err
    lines = inside(server).split(b"\r\n")
    (begin,) = [number for number, line in enumerate(lines)
                if line.startswith(b"AUTH ")]
    assert lines[begin + 1] == (b"" if mechanism == "XOAUTH2" else b"AQ==")


@BEARERS
def test_a_refusal_without_words_is_told(submit, make_server, mechanism):
    server = make_server(mechanisms=(mechanism,), token="right")
    server.authenticate[mechanism] = lambda session, initial: None
    outcome = submit(server, "--auth", mechanism, password="wrong")
    is_refused(server, outcome)
    assert "535 5.7.8" in outcome.err


def test_the_words_of_xoauth2(submit, make_server):
    server = make_server(mechanisms=("XOAUTH2",), token="tok")
    assert submit(server, "--auth", "xoauth2", password="tok").status == 0
    words = b"user=alice\1auth=Bearer tok\1\1"
    assert auths(server) == [
        "AUTH XOAUTH2 " + base64.b64encode(words).decode()]


def test_the_words_of_oauthbearer(submit, make_server):
    server = make_server(mechanisms=("OAUTHBEARER",), token="tok")
    assert submit(server, "--auth", "oauthbearer", password="tok").status == 0
    words = (f"n,a=alice,\1host=localhost\1port={server.port}"
             "\1auth=Bearer tok\1\1").encode()
    assert auths(server) == [
        "AUTH OAUTHBEARER " + base64.b64encode(words).decode()]


def test_another_identity_is_asked_for_with_a_token(submit, make_server):
    server = make_server(mechanisms=("OAUTHBEARER",), token="tok")
    assert submit(server, "--auth", "oauthbearer", "--authzid", "team",
                  password="tok").status == 0
    (line,) = auths(server)
    assert base64.b64decode(line.split()[2]).startswith(b"n,a=team,\1host=")


# ---- certificates ------------------------------------------------------------

@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_client_certificate_signs_in(submit, make_server, ca, tls):
    server = make_server(mechanisms=("EXTERNAL",), tls=tls,
                         context=ca.server.context(ask_client=True))
    outcome = submit(server, "--tls-cert-file", ca.client.cert,
                     "--tls-key-file", ca.client.key, user=None)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == "alice"
    assert auths(server) == ["AUTH EXTERNAL ="]


def test_a_key_that_others_can_read_is_not_used(submit, make_server, ca,
                                                tmp_path):
    key = tmp_path / "key.pem"
    key.write_bytes(ca.client.key.read_bytes())
    key.chmod(0o644)
    server = make_server(mechanisms=("EXTERNAL",))
    outcome = submit(server, "--tls-cert-file", ca.client.cert,
                     "--tls-key-file", key, user=None)
    assert outcome.status == 78, outcome.err
    assert str(key) in outcome.err
    assert auths(server) == []


def test_a_certificate_and_a_key_that_do_not_fit_are_told(submit, make_server,
                                                          ca):
    server = make_server(mechanisms=("EXTERNAL",))
    outcome = submit(server, "--tls-cert-file", ca.client.cert,
                     "--tls-key-file", ca.server.key, user=None)
    assert outcome.status == 78, outcome.err
    assert auths(server) == []


# ---- without TLS -------------------------------------------------------------

def test_nobody_signs_in_without_tls(submit, make_server):
    server = make_server(tls="none")
    outcome = submit(server)
    assert outcome.status in (76, 78), outcome.err
    assert auths(server) == []
    assert SECRET.encode() not in server.received


def test_mail_may_go_in_the_clear_when_asked_for(submit, make_server):
    server = make_server(tls="none", mechanisms=())
    outcome = submit(server, user=None)
    assert outcome.status == 0, outcome.err
