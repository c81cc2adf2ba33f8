# SPDX-License-Identifier: MIT
"""POP before SMTP: a sign-in by POP3 comes first, and no AUTH after it."""
import base64
import contextlib
import json

import pytest

from dialogue.pop3 import Pop3Server
from callers.session import Submit
from patience import wait_for
from peers.revocation import RevokingCA

SECRET = "s3cr3t-Zwanzig-4711-xyzzy"
PLAIN = base64.b64encode(f"\0alice\0{SECRET}".encode()).decode()
WAYS = ("implicit", "starttls")


@pytest.fixture
def submit(postrider, ca):
    """submit(smtp, pop) sends a message; pop is a Pop3Server or a port."""
    call = Submit(postrider, ca)

    def run(smtp, pop, *arguments, way="implicit", **how):
        return call(smtp, "--auth=pop-before-smtp",
                    f"--pop-port={getattr(pop, 'port', pop)}",
                    f"--pop-tls={way}", *arguments, **how)
    return run


@pytest.fixture
def make_pop(ca):
    with contextlib.ExitStack() as running:
        def make(**how):
            if "context" not in how:
                how.setdefault("leaf", ca.server)
            return running.enter_context(Pop3Server(**how))

        yield make


@pytest.fixture
def smtp(make_server):
    """Takes mail from everybody: it knows no AUTH."""
    return make_server(mechanisms=())


# ---- with Dovecot -----------------------------------------------------------

@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("user", ["alice", "alice@localhost"])
def test_dovecot_sees_the_sign_in_first(submit, make_server, dovecot_all, way,
                                        user):
    before = len(dovecot_all.sign_ins("pop3"))

    def admit(session, line):
        came = wait_for(lambda: len(dovecot_all.sign_ins("pop3")) > before)
        return None if came else "554 5.7.1 POP first"

    smtp = make_server(mechanisms=(), faults={"greeting": admit})
    port = {"implicit": dovecot_all.pop3s_port,
            "starttls": dovecot_all.pop3_port}[way]
    outcome = submit(smtp, port, "-v", way=way, user=user)
    assert outcome.status == 0, outcome.err
    assert "signing in by POP3" in outcome.err
    assert [name for name, _ in dovecot_all.sign_ins("pop3")[before:]] == [
        user]
    assert len(smtp.messages) == 1
    assert "AUTH" not in "".join(smtp.commands)


@pytest.mark.parametrize("way", WAYS)
def test_dovecot_refuses_a_wrong_password(submit, smtp, dovecot_all, way):
    port = {"implicit": dovecot_all.pop3s_port,
            "starttls": dovecot_all.pop3_port}[way]
    outcome = submit(smtp, port, way=way, password="wrong" + SECRET)
    assert outcome.status == 77
    assert "alice can't sign in by POP3" in outcome.err
    assert "hint:" in outcome.err
    assert SECRET not in outcome.err
    assert smtp.wires == []


# ---- with a server that can do wrong ----------------------------------------

@pytest.mark.parametrize("way", WAYS)
def test_it_is_over_before_smtp_begins(submit, make_server, make_pop, way):
    pop = make_pop(tls=way)
    order = []

    def greet(session, line):
        order.extend(pop.commands)

    smtp = make_server(mechanisms=(), faults={"greeting": greet})
    outcome = submit(smtp, pop, way=way)
    assert outcome.status == 0, outcome.err
    assert order[-4:] == ["USER", "PASS", "NOOP", "QUIT"]
    assert pop.signed_in == ["alice"]
    assert len(smtp.messages) == 1
    if way == "starttls":
        assert b"USER" not in pop.received_clear


def test_retries_need_no_other_sign_in(submit, make_server, make_pop):
    pop = make_pop()
    smtp = make_server(mechanisms=(), faults={"mail": ["451 4.3.0 wait"]})
    outcome = submit(smtp, pop, retries=2)
    assert outcome.status == 0, outcome.err
    assert outcome.tries == 2
    assert pop.signed_in == ["alice"]


def test_what_may_pass_is_tried_again(submit, smtp, make_pop):
    first = iter([lambda wire: wire.reset()])
    pop = make_pop(replies={"greeting": lambda wire: next(
        first, lambda w: w.send(b"+OK ready\r\n"))(wire)})
    outcome = submit(smtp, pop, retries=1)
    assert outcome.status == 75  # the second is cut behind the greeting
    assert len(pop.wires) == 2
    assert smtp.wires == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["expired", "wrong-host", "self-signed",
                                  "other-ca", "common-name-only",
                                  "no-server-purpose", "rsa-1024", "sha1"])
def test_a_bad_certificate_gets_nothing(submit, smtp, make_pop, ca, way, kind):
    pop = make_pop(leaf=ca.odd(kind), tls=way)
    outcome = submit(smtp, pop, way=way, password=SECRET)
    assert outcome.status == 76, outcome.err
    assert "localhost" in outcome.err
    assert not {"USER", "PASS", "AUTH"} & set(pop.commands)
    assert SECRET.encode() not in pop.received
    assert smtp.wires == []


@pytest.mark.parametrize("way", WAYS)
def test_a_pinned_certificate_is_enough(submit, smtp, make_pop, ca, way,
                                        make_server):
    pop = make_pop(tls=way)
    outcome = submit(smtp, pop, "--tls-fingerprint", "00" * 32, way=way)
    assert outcome.status == 76
    assert pop.signed_in == []
    pin = outcome.err.partition("SHA-256 fingerprint: ")[2].split()[0]
    outcome = submit(smtp, pop, "--tls-fingerprint", pin, way=way, trust=False)
    assert outcome.status == 0, outcome.err
    assert pop.signed_in == ["alice"]


@pytest.mark.parametrize("way", WAYS)
def test_a_revoked_certificate_gets_nothing(submit, smtp, make_pop,
                                            run_directory, way):
    authority = RevokingCA(run_directory, f"pop-ca-{way}")
    leaf = authority.leaf("pop-" + way)
    pop = make_pop(leaf=leaf, tls=way)
    trust = ["--tls-trust-file", authority.pem, "--tls-crl-file"]
    smtp.context = leaf.context()
    outcome = submit(smtp, pop, *trust, authority.revocation_list(), way=way)
    assert outcome.status == 0, outcome.err
    authority.revoke(leaf)
    outcome = submit(smtp, pop, *trust, authority.revocation_list(), way=way)
    assert outcome.status == 76
    assert "is revoked" in outcome.err
    assert pop.signed_in == ["alice"]
    assert len(smtp.wires) == 1


@pytest.mark.parametrize("way,status,message,hint", [
    ("implicit", 76, "TLS handshake failed",
     "is for STARTTLS, set pop-tls to starttls; otherwise check pop-host and "),
    ("starttls", 75, "time limit",
     "is for implicit TLS, set pop-tls to implicit; otherwise check ")])
def test_the_other_way_is_not_tried(submit, smtp, make_pop, way, status,
                                    message, hint):
    pop = make_pop(tls=WAYS[way == "implicit"])
    outcome = submit(smtp, pop, way=way, password=SECRET, timeout="1s")
    assert outcome.status == status, outcome.err
    assert message in outcome.err
    assert f"hint: if port {pop.port} {hint}" in outcome.err
    assert SECRET.encode() not in pop.received
    assert smtp.wires == []


def test_no_proxy_comes_between(submit, smtp, make_pop):
    # The server would let the proxy in, not this computer.
    pop = make_pop()
    outcome = submit(smtp, pop, env={"all_proxy": "http://127.0.0.1:1/",
                                     "ALL_PROXY": "http://127.0.0.1:1/"})
    assert outcome.status == 0, outcome.err
    assert pop.signed_in == ["alice"]


def test_without_stls_nothing_is_sent(submit, smtp, make_pop):
    pop = make_pop(tls="starttls", offers_stls=False)
    outcome = submit(smtp, pop, way="starttls", password=SECRET)
    assert outcome.status == 76
    assert "offers no STLS" in outcome.err
    assert SECRET.encode() not in pop.received
    assert not {"USER", "PASS", "AUTH"} & set(pop.commands)
    assert smtp.wires == []


def test_what_stands_behind_stls_is_an_attack(submit, smtp, make_pop):
    pop = make_pop(tls="starttls", replies={
        "STLS": "+OK go ahead\r\n+OK\r\nUSER\r\n.\r\n+OK\r\n+OK"})
    outcome = submit(smtp, pop, way="starttls", password=SECRET)
    assert outcome.status in (75, 76)
    assert SECRET.encode() not in pop.received
    assert smtp.wires == []


@pytest.mark.parametrize("replies,status,message", [
    ({"PASS": "-ERR [IN-USE] the mailbox is open"}, 75, "the mailbox is open"),
    ({"PASS": "-ERR [LOGIN-DELAY] too soon"}, 75, "too soon"),
    ({"PASS": "-ERR [SYS/TEMP] broken"}, 75, "broken"),
    ({"PASS": f"-ERR not {SECRET}"}, 77, "not <redacted>"),
    ({"PASS": f"-ERR not {SECRET.upper()}"}, 77, "not <redacted>"),
    ({"CAPA": "+OK\r\nSASL PLAIN\r\n.", "AUTH": "+ ",
      PLAIN.upper(): f"-ERR unknown command {PLAIN}"}, 77, "command <redacted>"),
    ({"USER": "-ERR who?"}, 77, "who?"),
    ({"greeting": "-ERR out of order"}, 75, "out of order"),
    ({"greeting": "220 mail.example.test ESMTP"}, 75, "isn't POP3"),
    ({"greeting": lambda wire: wire.reset()}, 75, "localhost"),
    ({"PASS": lambda wire: wire.reset()}, 75, "localhost"),
    ({"PASS": lambda wire: wire.hang()}, 75, "time limit"),
    ({"CAPA": lambda wire: flood(wire)}, 75, "localhost"),
])
def test_each_failure_has_its_words(submit, smtp, make_pop, replies, status,
                                    message):
    pop = make_pop(replies=replies, users={})
    outcome = submit(smtp, pop, password=SECRET, timeout="2s")
    assert outcome.status == status, outcome.err
    assert message in outcome.err
    assert SECRET not in outcome.err
    assert smtp.wires == []


def flood(wire):
    wire.send(b"+OK\r\n" + b"X" * 70 + b"\r\n")
    while True:
        wire.send((b"X" * 70 + b"\r\n") * 1000)


def test_nobody_listens(submit, smtp, make_pop):
    pop = make_pop()
    port = pop.port
    pop.__exit__(None, None, None)
    outcome = submit(smtp, port)
    assert outcome.status == 75
    assert "refused" in outcome.err.lower()
    assert smtp.wires == []


def test_the_secret_is_in_no_argument_and_no_environment(
        submit, smtp, make_pop, postrider, tmp_path):
    pop = make_pop(users={"alice": SECRET})
    wrapped = tmp_path / "bin"
    wrapped.mkdir()
    program = postrider.env["POSTRIDER_EXEC_PATH"] + "/postrider-oauth2"
    (wrapped / "postrider-oauth2").write_text(
        "#!/bin/sh\n"
        f"tr '\\0' '\\n' </proc/$$/environ >>{tmp_path}/seen\n"
        f"tr '\\0' '\\n' </proc/$$/cmdline >>{tmp_path}/seen\n"
        f"exec {program} \"$@\"\n")
    (wrapped / "postrider-oauth2").chmod(0o755)
    outcome = submit(smtp, pop, "-v", "--json", password=SECRET,
                     env={"POSTRIDER_EXEC_PATH": wrapped})
    assert outcome.status == 0, outcome.err
    assert pop.signed_in == ["alice"]
    seen = (tmp_path / "seen").read_text()
    assert "\npop\n" in seen
    for text in (seen, outcome.out, outcome.err, outcome.log):
        assert SECRET not in text


def test_the_host_may_be_another(submit, smtp, make_pop):
    pop = make_pop()
    outcome = submit(smtp, pop, "--pop-host=127.0.0.1", "-v")
    assert outcome.status == 0, outcome.err
    assert "127.0.0.1 port" in outcome.err


def test_smtp_may_be_in_the_clear_then(submit, make_server, make_pop):
    pop = make_pop()
    smtp = make_server(tls="none", mechanisms=())
    outcome = submit(smtp, pop, tls="none")
    assert outcome.status == 0, outcome.err
    assert SECRET.encode() not in smtp.received


def test_it_needs_a_user(submit, smtp, make_pop):
    outcome = submit(smtp, make_pop(), "--user=", user=None)
    assert outcome.status == 78
    assert "needs a user" in outcome.err


def test_login_tries_it(postrider, ca, smtp, make_pop, keyring):
    pop = make_pop()
    postrider.configure(f"""account old {{
  host = localhost  port = {smtp.port}  user = alice  from = alice@example.test
  auth = pop-before-smtp  pop-port = {pop.port}  tls-trust-file = "{ca.pem}"
}}""")
    result = postrider.run("login", "old", input=b"wrong\n")
    assert result.status == 77, result.err
    assert all("MAIL" not in wire.commands for wire in smtp.wires)
    result = postrider.run("login", "old", "--json", input=b"secret\n")
    assert result.status == 0, result.err
    assert json.loads(result.out)
    assert pop.signed_in == ["alice"]
    result = postrider.run("-a", "old", "bob@example.test", input=b"\nx\n")
    assert result.status == 0, result.err
    assert pop.signed_in == ["alice", "alice"]


def test_the_helper_program_needs_an_account(postrider):
    done = postrider.run(
        input=b"protocol=smtp\nhost=x\nusername=y\npassword=z\n\n",
        wrap=lambda command: [
            postrider.env["POSTRIDER_EXEC_PATH"] + "/postrider-oauth2",
            "pop"])
    assert done.status == 64
    assert "pop: missing account" in done.err
