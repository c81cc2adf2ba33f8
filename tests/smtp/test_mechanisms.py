# SPDX-License-Identifier: MIT
"""The mechanisms that are neither PLAIN, LOGIN nor SCRAM, and their servers."""
import base64
import hashlib
import hmac
import struct
import time

import pytest

from callers.session import (SECRET, auths, inside, is_cancelled,
                             is_refused)

CRAM_CHALLENGE = "<1896.697170952@mail.example.test>"
NTLM_CHALLENGE = (b"NTLMSSP\0" + struct.pack("<IHHII", 2, 0, 0, 48, 0x202)
                  + b"12345678" + bytes(16))


def cram_md5(password=SECRET):
    def authenticate(session, initial):
        assert initial is None
        user, _, digest = session.challenge(CRAM_CHALLENGE).rpartition(" ")
        right = hmac.new(password.encode(), CRAM_CHALLENGE.encode(), "md5")
        return user if digest == right.hexdigest() else None
    return authenticate


def digest_md5(password=SECRET, realm="example.test", final=None,
               skip_proof=False):
    def authenticate(session, initial):
        assert initial is None
        answer = session.challenge(
            f'realm="{realm}",nonce="abc",qop="auth",charset=utf-8,'
            "algorithm=md5-sess")
        fields = {name.strip(): value.strip('"') for name, _, value in (
            word.partition("=") for word in answer.split(","))}
        if fields["response"] != digest(fields, password, "AUTHENTICATE:"):
            return None
        proof = "rspauth=" + digest(fields, password, ":")
        if not skip_proof:
            session.challenge(proof if final is None else final)
        return fields["username"]
    return authenticate


def digest(fields, password, method):
    """RFC 2831 section 2.1.2.1."""
    def hashed(data):
        return hashlib.md5(data, usedforsecurity=False)
    known = hashed(f"{fields['username']}:{fields['realm']}:{password}"
                   .encode()).digest()
    arguments = [fields["nonce"], fields["cnonce"]]
    if fields.get("authzid"):
        arguments.append(fields["authzid"])
    first = hashed(known + ":".join(["", *arguments]).encode()).hexdigest()
    second = hashed((method + fields["digest-uri"]).encode()).hexdigest()
    text = ":".join([first, fields["nonce"], fields["nc"], fields["cnonce"],
                     fields["qop"], second])
    return hashed(text.encode()).hexdigest()


def ntlm(names, challenge=NTLM_CHALLENGE):
    """names gets (domain, user) of what the client says in the end."""
    def authenticate(session, initial):
        assert base64.b64decode(initial).startswith(b"NTLMSSP\0\1\0\0\0")
        session.say("334 " + base64.b64encode(challenge).decode())
        line = session.wire.line().strip()
        if line == b"*":
            return None
        answer = base64.b64decode(line)
        for at in (28, 36):
            size, _, start = struct.unpack_from("<HHI", answer, at)
            names.append(answer[start:start + size].decode("utf-16-le"))
        return names[1]
    return authenticate


@pytest.fixture
def one_server(make_server):
    def make(mechanism, authenticate):
        server = make_server(mechanisms=(mechanism,))
        server.authenticate[mechanism] = authenticate
        return server
    return make


# ---- hashes ------------------------------------------------------------------

@pytest.mark.parametrize("password", [SECRET, "pä€ss", "x" * 200])
def test_cram_md5_signs_in(submit, one_server, password):
    server = one_server("CRAM-MD5", cram_md5(password))
    outcome = submit(server, password=password)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == "alice"
    assert password.encode() not in server.received


@pytest.mark.parametrize("options, realm", [
    ((), "example.test"), (("--realm", "other.test"), "other.test"),
    (("--authzid", "team"), "example.test")])
def test_digest_md5_signs_in(submit, one_server, options, realm):
    server = one_server("DIGEST-MD5", digest_md5())
    outcome = submit(server, *options)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == "alice"
    words = [base64.b64decode(line) for line in inside(server).split(b"\r\n")
             if line.startswith(b"dXNlcm5hbWU9")]
    assert f'realm="{realm}"'.encode() in words[0]
    assert SECRET.encode() not in words[0]


@pytest.mark.parametrize("cheat", [
    {"skip_proof": True}, {"final": "rspauth=" + 32 * "0"}],
    ids=lambda cheat: next(iter(cheat)))
def test_a_digest_server_that_cannot_prove_itself_is_refused(
        submit, one_server, cheat):
    server = one_server("DIGEST-MD5", digest_md5(**cheat))
    outcome = submit(server, "--fallback", retries=1)
    is_refused(server, outcome, 76)
    assert "prov" in outcome.err


@pytest.mark.parametrize("user, options, domain, name", [
    ("alice", (), "", "alice"),
    ("alice", ("--ntlm-domain", "CORP"), "CORP", "alice"),
    ("CORP\\alice", (), "CORP", "alice"),
    ("alice@corp.example", (), "corp.example", "alice"),
    ("alice@corp.example", ("--ntlm-domain", "CORP"), "CORP", "alice")])
def test_ntlm_names_the_domain(submit, one_server, user, options, domain,
                               name):
    names = []
    server = one_server("NTLM", ntlm(names))
    outcome = submit(server, *options, user=user)
    assert outcome.status == 0, outcome.err
    assert names == [domain, name]


def longer(bytes_at_12):
    return NTLM_CHALLENGE[:12] + bytes_at_12 + NTLM_CHALLENGE[20:]


@pytest.mark.parametrize("challenge", [
    b"", b"NTLMSSP\0", NTLM_CHALLENGE[:31],
    b"NTLMSSP\0\3" + NTLM_CHALLENGE[9:],
    longer(struct.pack("<HHI", 16, 16, 47)),
    longer(struct.pack("<HHI", 64, 64, 0xfffffff0)),
    longer(struct.pack("<HHI", 0xffff, 0xffff, 0))])
def test_an_ntlm_challenge_that_points_elsewhere_is_refused(
        submit, one_server, challenge):
    names = []
    server = one_server("NTLM", ntlm(names, challenge))
    outcome = submit(server)
    assert outcome.status in (76, 77), outcome.err
    assert names == []
    assert is_cancelled(server)


@pytest.mark.parametrize("mechanism", ["CRAM-MD5", "DIGEST-MD5", "NTLM",
                                       "LOGIN", "PLAIN", "EXTERNAL"])
def test_a_challenge_too_many_is_not_answered(submit, one_server, ca,
                                              mechanism):
    friendly = {"CRAM-MD5": cram_md5(), "DIGEST-MD5": digest_md5(),
                "NTLM": ntlm([])}

    def once_more(session, initial):
        inner = friendly.get(mechanism, plain_enough)
        user = inner(session, initial)
        assert session.challenge("more") is None
        return user

    def plain_enough(session, initial):
        default = {"LOGIN": type(session).login, "PLAIN": type(session).plain}
        return default.get(mechanism, type(session).external)(session, initial)

    server = one_server(mechanism, once_more)
    outcome = submit(server, "--auth", mechanism, "--tls-cert-file",
                     ca.client.cert, "--tls-key-file", ca.client.key)
    is_refused(server, outcome)
    assert "after the exchange ended" in outcome.err and "hint: " in outcome.err


@pytest.mark.parametrize("mechanism", ["LOGIN", "CRAM-MD5", "DIGEST-MD5",
                                       "NTLM"])
def test_success_too_early_is_not_believed(submit, one_server, mechanism):
    server = one_server(mechanism, lambda session, initial: "alice")
    outcome = submit(server, "--fallback")
    is_refused(server, outcome, 76)
    assert "hint: " in outcome.err


@pytest.mark.parametrize("mechanism", ["CRAM-MD5", "DIGEST-MD5", "NTLM",
                                       "ANONYMOUS"])
@pytest.mark.parametrize("challenge", [
    b"334 !!!\r\n", b"334 " + b"QUFB" * 3500 + b"\r\n", b"334 \r\n"],
    ids=["no-base64", "huge", "empty"])
def test_an_odd_challenge_is_told(submit, one_server, mechanism, challenge):
    def odd(session, initial):
        session.wire.send(challenge)
        session.wire.line()

    server = one_server(mechanism, odd)
    outcome = submit(server, "--auth", mechanism)
    is_refused(server, outcome)
    assert mechanism in outcome.err and "hint: " in outcome.err
    assert is_cancelled(server)


# ---- nobody ------------------------------------------------------------------

def test_anonymous_is_used_when_it_is_named(submit, one_server):
    server = one_server("ANONYMOUS", lambda session, initial: "nobody")
    outcome = submit(server, "--auth", "anonymous", "--user=")
    assert outcome.status == 0, outcome.err
    assert auths(server) == ["AUTH ANONYMOUS ="]
    server = one_server("ANONYMOUS", lambda session, initial: "nobody")
    is_refused(server, submit(server))
    assert auths(server) == []


# ---- names and passwords -----------------------------------------------------

@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "CRAM-MD5"])
@pytest.mark.parametrize("user, password, named", [
    ("alice", "hidden\N{LEFT-TO-RIGHT MARK}word", "password"),
    ("al\N{LEFT-TO-RIGHT MARK}ice", "hiddenword", "user name")])
def test_what_saslprep_forbids_is_told(submit, one_server, mechanism, user,
                                       password, named):
    server = one_server(mechanism, lambda session, initial: "alice")
    outcome = submit(server, user=user, password=password)
    is_refused(server, outcome)
    assert named in outcome.err and "hint: " in outcome.err
    assert "hidden" not in outcome.err
    assert auths(server) == []


def test_a_password_is_not_changed_for_plain(submit, make_server):
    # A ligature: SASLprep would make two letters of it.
    server = make_server(mechanisms=("PLAIN",), users={"alice": "\ufb01sh"})
    assert submit(server, password="\ufb01sh").status == 0


# ---- Kerberos, as far as no KDC is needed -------------------------------------

def counted(data):
    return struct.pack(">I", len(data)) + data


def der(tag, *parts):
    data = b"".join(parts)
    assert len(data) < 256
    length = bytes([len(data)] if len(data) < 128 else [0x81, len(data)])
    return bytes([tag]) + length + data


def ticket():
    """RFC 4120 section 5.3, sealed with nobody's key."""
    name = der(0x30, der(0xa0, b"\2\1\2"), der(0xa1, der(
        0x30, der(0x1b, b"krbtgt"), der(0x1b, b"EXAMPLE.TEST"))))
    sealed = der(0x30, der(0xa0, b"\2\1\22"), der(0xa2, der(4, bytes(64))))
    return der(0x61, der(0x30, der(0xa0, b"\2\1\5"),
                         der(0xa1, der(0x1b, b"EXAMPLE.TEST")),
                         der(0xa2, name), der(0xa3, sealed)))


def principal(*names):
    return (struct.pack(">II", 1, len(names) - 1)
            + b"".join(counted(name.encode()) for name in names))


def ticket_file(path, ends):
    """A cache of MIT's file format 4 with a ticket of alice's that opens
    nothing."""
    alice = principal("EXAMPLE.TEST", "alice")
    tgt = principal("EXAMPLE.TEST", "krbtgt", "EXAMPLE.TEST")
    key = struct.pack(">H", 18) + counted(bytes(32))
    times = struct.pack(">IIII", ends - 3600, ends - 3600, ends, 0)
    path.write_bytes(b"\5\4\0\0" + alice + alice + tgt + key + times
                     + b"\0" + struct.pack(">III", 0, 0, 0)
                     + counted(ticket()) + counted(b""))
    return {"KRB5CCNAME": f"FILE:{path}"}


@pytest.fixture
def kerberos(tmp_path):
    """Settings for a realm whose KDC answers nobody."""
    config = tmp_path / "krb5.conf"
    config.write_text("[libdefaults]\n default_realm = EXAMPLE.TEST\n"
                      " dns_lookup_kdc = false\n dns_lookup_realm = false\n"
                      " dns_canonicalize_hostname = false\n"
                      "[realms]\n EXAMPLE.TEST = {\n  kdc = 127.0.0.1:1\n }\n"
                      "[domain_realm]\n localhost = EXAMPLE.TEST\n")
    return {"KRB5_CONFIG": str(config), "KRB5_CLIENT_KTNAME": "FILE:/none",
            "KRB5CCNAME": f"FILE:{tmp_path}/none"}


TICKETS = pytest.mark.parametrize("mechanism", ["GSSAPI", "GS2-KRB5"])


@TICKETS
@pytest.mark.parametrize("user", ["", "alice"])
def test_no_ticket_is_told(submit, make_server, kerberos, mechanism, user):
    server = make_server(mechanisms=(mechanism, "PLAIN"))
    outcome = submit(server, "--auth", mechanism, f"--user={user}",
                     env=kerberos)
    is_refused(server, outcome)
    assert auths(server) == []
    assert "no Kerberos ticket" in outcome.err and "kinit" in outcome.err


@TICKETS
def test_an_expired_ticket_is_told(submit, make_server, kerberos, tmp_path,
                                   mechanism):
    env = kerberos | ticket_file(tmp_path / "old", int(time.time()) - 3600)
    server = make_server(mechanisms=(mechanism, "PLAIN"))
    outcome = submit(server, "--auth", mechanism, "--user=", env=env)
    is_refused(server, outcome)
    assert auths(server) == []
    assert "expired" in outcome.err and "kinit" in outcome.err


@TICKETS
@pytest.mark.parametrize("user, ends", [("alice", -3600), ("bob", 3600)])
def test_a_useless_ticket_makes_way(submit, make_server, kerberos, tmp_path,
                                    mechanism, user, ends):
    env = kerberos | ticket_file(tmp_path / "some", int(time.time()) + ends)
    server = make_server(mechanisms=(mechanism, "PLAIN"))
    outcome = submit(server, user=user, env=env, password=SECRET)
    assert [line.split()[1] for line in auths(server)] == ["PLAIN"]
    assert outcome.status == (0 if user in server.users else 77)


@TICKETS
def test_a_kdc_that_does_not_answer_is_told_or_makes_way(
        submit, make_server, kerberos, tmp_path, mechanism):
    env = kerberos | ticket_file(tmp_path / "good", int(time.time()) + 3600)
    server = make_server(mechanisms=(mechanism, "PLAIN"))
    outcome = submit(server, "--auth", mechanism, "--user=", env=env)
    is_refused(server, outcome)
    assert "smtp@localhost" in outcome.err and "hint: " in outcome.err
    outcome = submit(server, env=env)
    assert outcome.status == 0, outcome.err
    assert [line.split()[1] for line in auths(server)] == ["PLAIN"]


@pytest.mark.parametrize("name", ["smtp", "smtp@", "smtp@a@B", "@host"])
def test_a_target_that_is_no_service_is_told(submit, make_server, name):
    server = make_server(mechanisms=("PLAIN",))
    outcome = submit(server, "--target-name", name)
    assert outcome.status == 78, outcome.err
    assert "target-name" in outcome.err
    assert auths(server) == []
