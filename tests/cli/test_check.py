# SPDX-License-Identifier: MIT
"""postrider check: tests an account step by step, and sends no message."""
import base64
import json
import os
import re
import socket
import ssl
import time

import pytest

from dialogue.pop3 import Pop3Server
from patience import wait_for
from peers.ca import Authority
from peers.daemon import free_port
from peers.scripted_keeper import ScriptedKeeper, failure, token

PASSWORD = "pass-word-51c7"
TOKEN = "a-token-77f0"
STEPS = ["account", "name", "connection", "greeting", "TLS", "certificate",
         "server", "mechanisms", "credential", "sign-in"]
END = ["sandbox"]  # after the steps, if all went well
AROUND = {"addresses", "DNS", "ports", "warning", "note"}  # also after them
USERS = {"alice": PASSWORD}
SECRETS = (PASSWORD, TOKEN,
           base64.b64encode(f"\0alice\0{PASSWORD}".encode()).decode())


class Checked:
    """The output of check by step."""

    def __init__(self, done):
        self.status, self.out, self.err = done.status, done.out, done.err
        self.step = {}  # label -> words, the lines that go on included
        self.marks = {}  # label -> the mark of its first line
        self.failed = None  # the label of the step that failed
        label = None
        for line in done.out.splitlines():
            if line.startswith("everything works"):
                break
            if command := re.fullmatch(r" {13}(\S.*)", line):
                self.step[label].append(command[1])
                continue
            found = re.fullmatch(r"(ok|[!x✓✗] |  ) (.{11})"
                                 r"(?: *(\d+) ms|  {9})?  (.*)", line)
            assert found, line
            mark, name, words = (found[i].strip() for i in (1, 2, 4))
            assert len(line) <= 80 or " " not in words
            if mark in "x✗" and words == "failed":
                self.failed = name
                continue
            label = name or label
            self.marks.setdefault(label, mark)
            self.step.setdefault(label, []).append(words)

    @property
    def steps(self):
        return list(self.step)

    @property
    def session(self):
        return [label for label in self.step if label not in AROUND]

    def words(self, label):
        return " ".join(self.step[label])


@pytest.fixture
def check(postrider, ca):
    def check(server, *words, host="localhost", user="alice", env=None,
              port=None, wrap=None):
        named = [f"--user={user}"] if user else []
        done = postrider.run(
            "check", f"--host={host}", f"--port={port or server.port}",
            f"--tls-trust-file={ca.pem}", *named, *words, wrap=wrap,
            env={"POSTRIDER_PASSWORD": PASSWORD, **(env or {})})
        for secret in SECRETS:
            assert secret not in done.out + done.err
        if server:
            assert [line for line in server.commands
                    if line.startswith(("DATA", "BDAT"))] == []
        if "--json" in words:
            return done, json.loads(done.out)
        return Checked(done)

    return check


@pytest.fixture
def server(make_server):
    return make_server(users=USERS)


# ---- success ----------------------------------------------------------------

def test_each_step_is_a_line(check, server, ca):
    done = check(server)
    assert (done.status, done.err) == (0, "")
    assert done.steps == STEPS + END
    assert done.words("name") == "localhost is " + ", ".join(
        dict.fromkeys(info[4][0] for info in socket.getaddrinfo(
            "localhost", None, type=socket.SOCK_STREAM)))
    assert done.words("connection") == f"127.0.0.1 port {server.port}"
    assert done.words("greeting") == "mail.example.test ESMTP ready"
    assert re.fullmatch(r"1\.3, \w+, AES-256-GCM", done.words("TLS"))
    assert re.fullmatch(r"localhost, issued by postrider test ca, until "
                        r"2099-12-31 \(\d+ days left\)",
                        done.words("certificate"))
    assert done.words("server") == (
        "offers SIZE 21 MB, PIPELINING, CHUNKING, 8BITMIME, SMTPUTF8, DSN, "
        "ENHANCEDSTATUSCODES")
    assert done.step["mechanisms"] == ["PLAIN  used: the strongest",
                                       "LOGIN  could be used, too"]
    assert done.words("credential") == (
        "a password from the variable POSTRIDER_PASSWORD")
    assert done.words("sign-in") == "as alice by PLAIN, 1 round trip"
    assert re.fullmatch(r"everything works, after \d+ ms; no message was sent",
                        done.out.splitlines()[-1])
    for label in ("name", "connection", "greeting", "TLS", "server",
                  "credential", "sign-in"):
        assert re.search(rf"^(?:✓ |ok) {label} +\d+ ms  ", done.out, re.M)


def test_it_says_goodbye(check, server):
    check(server)
    wait_for(lambda: server.commands[-1:] == ["QUIT"])


def test_json_has_the_same_facts(check, server):
    done, said = check(server, "--json")
    assert (done.status, done.err) == (0, "")
    assert done.out.count("\n") == 1
    step = {one["step"]: one for one in said["steps"]}
    assert [name.lower() for name in STEPS[1:] if name != "certificate"] \
        == list(step)
    assert all(isinstance(one["ms"], int) for one in said["steps"])
    assert "127.0.0.1" in step["name"]["addresses"]
    assert step["connection"]["address"] == "127.0.0.1"
    assert step["connection"]["port"] == server.port
    assert step["greeting"]["text"] == "mail.example.test ESMTP ready"
    assert step["tls"]["version"] == "1.3"
    assert step["tls"]["cipher"] == "AES-256-GCM"
    certificate = step["tls"]["certificate"]
    assert certificate["subject"] == "localhost"
    assert certificate["issuer"] == "postrider test ca"
    assert certificate["expires_at"] == "2099-12-31T00:00:00Z"
    [link] = step["tls"]["chain"]
    assert (link["subject"], link["issuer"]) == ("localhost",
                                                 "postrider test ca")
    assert link["expires_at"] == "2099-12-31T00:00:00Z"
    assert link["days_left"] > 20000
    assert step["server"]["offers"] and step["server"]["lacks"] == []
    assert step["server"]["size_limit"] == 20971520
    assert step["mechanisms"]["chosen"] == "PLAIN"
    assert step["mechanisms"]["mechanisms"] == [
        {"name": "PLAIN", "offered": True, "why": "used: the strongest"},
        {"name": "LOGIN", "offered": True, "why": "could be used, too"}]
    assert step["credential"]["kind"] == "password"
    assert step["sign-in"]["mechanism"] == "PLAIN"
    assert step["sign-in"]["round_trips"] == 1
    assert said["status"] == "works"
    assert said["exit_status"] == 0
    assert "error" not in said


def test_the_fingerprint_it_shows_can_be_pinned(check, server):
    _, said = check(server, "--json")
    step = next(one for one in said["steps"] if one["step"] == "tls")
    pinned = f"--tls-fingerprint={step['certificate']['sha256']}"
    assert check(server, pinned, "--tls-trust-file=/dev/null").status == 0


def test_under_implicit_tls_the_greeting_comes_later(check, make_server):
    server = make_server(users=USERS, tls="implicit")
    done = check(server, "--tls=implicit")
    assert done.status == 0
    assert done.steps[2:6] == ["connection", "TLS", "certificate", "greeting"]


def test_verbose_shows_the_dialogue(check, server):
    done = check(server, "-v")
    assert done.status == 0
    assert "> AUTH PLAIN <redacted, " in done.err
    assert done.steps == STEPS + END


def test_without_a_user_nobody_signs_in(check, make_server):
    done = check(make_server(tls="none", mechanisms=()), "--tls=none",
                 user=None)
    assert (done.status, done.err) == (0, "")
    assert done.words("sign-in") == "none; the account has no user"
    assert "TLS" not in done.steps
    assert "is not encrypted" in done.words("warning")


def test_the_default_account_is_checked(postrider, server, ca):
    postrider.configure(
        f'account work {{\n\thost = localhost\n\tport = {server.port}\n'
        f'\ttls-trust-file = "{ca.pem}"\n\tuser = alice\n'
        f'\tcredential = "file:{postrider.secret_file(PASSWORD)}"\n}}\n')
    for words in ([], ["work"]):
        done = Checked(postrider.run("check", *words))
        assert (done.status, done.err) == (0, "")
        assert done.words("account").startswith("work (")
        assert done.words("credential").startswith("a password from the file ")


# ---- advice about the server ------------------------------------------------

def test_every_mechanism_is_explained(check, make_server):
    server = make_server(users=USERS, mechanisms=("XOAUTH2", "PLAIN", "LOGIN",
                                                  "X-OTHER"))
    done = check(server, "--auth=login,scram-sha-256")
    assert done.step["mechanisms"] == [
        "XOAUTH2        not among the allowed mechanisms",
        "PLAIN          not among the allowed mechanisms",
        "LOGIN          used: the first one in auth",
        "X-OTHER        unknown to postrider",
        "SCRAM-SHA-256  not offered by the server"]
    assert done.words("sign-in") == "as alice by LOGIN, 3 round trips"


def test_what_is_missing_is_said_with_what_follows(check, make_server):
    server = make_server(users=USERS, extensions=("SIZE 1000000", "DSN"))
    done = check(server)
    assert done.status == 0
    assert done.step["server"] == [
        "offers SIZE 1.0 MB, DSN",
        "no PIPELINING: each recipient takes a round trip",
        "no CHUNKING: each message takes one more round trip",
        "no 8BITMIME: 8-bit text may be damaged",
        "no SMTPUTF8: addresses must be ASCII",
        "no ENHANCEDSTATUSCODES: refusals are less specific"]
    assert done.words("warning") == "the server refuses messages over 1.0 MB"
    _, said = check(server, "--json")
    step = next(one for one in said["steps"] if one["step"] == "server")
    assert step["offers"] == ["DSN"]
    assert [one["name"] for one in step["lacks"]] == [
        "PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8",
        "ENHANCEDSTATUSCODES"]
    assert said["advice"] == [{"kind": "warning",
                               "text": "the server refuses messages over 1.0 MB",
                               "command": None}]


def test_a_certificate_that_ends_soon_is_a_warning(check, make_server, ca):
    soon = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 9.5 * 86400))
    server = make_server(users=USERS, leaf=ca.leaf("ends-soon", end=soon))
    done = check(server)
    assert done.status == 0
    assert done.words("warning") == (
        "the certificate of localhost expires in 9 days; ask the operator of "
        "localhost to renew it")
    assert done.words("certificate").endswith("(9 days left)")


def test_the_chain_of_certificates_is_shown(check, make_server, ca):
    middle = Authority(ca.directory, "middle", ca)
    done = check(make_server(users=USERS, leaf=middle.leaf("below")))
    assert done.status == 0
    assert re.fullmatch(
        r"localhost, issued by postrider test middle, until \S+ \(\d+ days "
        r"left\) postrider test middle, issued by postrider test ca, until "
        r"\S+ \(\d+ days left\)", done.words("certificate"))


def test_an_old_tls_is_a_warning(check, make_server, ca):
    context = ca.server.context(highest=ssl.TLSVersion.TLSv1_2)
    done = check(make_server(users=USERS, context=context))
    assert done.words("TLS").startswith("1.2, ")
    assert "only TLS 1.2" in done.words("warning")


@pytest.mark.parametrize("name, odd", [
    ("localhost.localdomain", True), ("laptop", True),
    ("mail.example.test", False), ("[192.0.2.1]", False)])
def test_an_odd_name_of_ours_is_a_warning(check, server, name, odd):
    done = check(server, f"--domain={name}")
    assert done.status == 0
    assert ("warning" in done.steps) == odd
    assert not odd or f"name of this host, {name};" in done.words("warning")


def test_what_is_known_of_the_provider_is_said(check, server, postrider):
    postrider.configure("provider corp {\n\thost = localhost\n"
                        "\tnote = \"three messages a minute\"\n}\n")
    done = check(server, "--provider=corp")
    assert (done.status, done.err) == (0, "")
    assert done.words("account") == "of the command line (provider corp)"
    assert done.words("note") == "corp: three messages a minute"


def test_what_the_server_says_is_made_printable(check, make_server):
    server = make_server(users=USERS, faults={
        "greeting": b"220 mail \x1b[2J\x07 ready\r\n"})
    done = check(server)
    assert done.status == 0
    assert "\x1b" not in done.out and "\x07" not in done.out
    assert done.words("greeting").startswith("mail ")


def test_a_certificate_signs_in_without_a_user(check, make_server, ca):
    server = make_server(mechanisms=("EXTERNAL", "PLAIN"),
                         context=ca.server.context(ask_client=True))
    done = check(server, f"--tls-cert-file={ca.client.cert}",
                 f"--tls-key-file={ca.client.key}", user=None,
                 env={"POSTRIDER_PASSWORD": None})
    assert (done.status, done.err) == (0, "")
    assert done.step["mechanisms"] == ["EXTERNAL  used: the strongest",
                                       "PLAIN     needs a user"]
    assert "credential" not in done.steps
    assert done.words("sign-in") == "by EXTERNAL, 1 round trip"


def test_a_mechanism_that_fails_gives_way_where_it_may(check, make_server):
    server = make_server(users=USERS, mechanisms=("SCRAM-SHA-256", "PLAIN"))

    def break_off(session, initial):
        session.challenge("nonsense")

    server.authenticate["SCRAM-SHA-256"] = break_off
    done = check(server, "--fallback=yes")
    assert (done.status, done.err) == (0, "")
    assert done.steps[-4:] == ["credential", "fallback", "sign-in", *END]
    assert done.words("fallback").startswith("SCRAM-SHA-256 failed: ")
    assert done.step["fallback"][-1] == "trying PLAIN next"
    assert done.words("sign-in") == "as alice by PLAIN, 1 round trip"
    _, said = check(server, "--fallback=yes", "--json")
    step = next(one for one in said["steps"] if one["step"] == "fallback")
    assert (step["failed"], step["next"]) == ("SCRAM-SHA-256", "PLAIN")
    done = check(server)
    assert done.status != 0
    assert done.steps == STEPS[:-1]


@pytest.mark.parametrize("locale, good", [
    ({"LC_ALL": "C.UTF-8"}, "✓ "), ({"LC_ALL": "C", "LANG": "C.UTF-8"}, "ok"),
    ({"LANG": "en_US.utf8"}, "✓ "), ({}, "ok")])
def test_each_step_has_a_mark(check, make_server, ca, locale, good):
    context = ca.server.context(highest=ssl.TLSVersion.TLSv1_2)
    server = make_server(users=USERS, context=context)
    env = {"LC_ALL": None, "LC_CTYPE": None, "LANG": None, **locale}
    done = check(server, env=env)
    marks = [line[:2] for line in done.out.splitlines()
             if line[3:7] in ("name", "TLS ", "sign", "warn")]
    assert marks == [good, good, good, "! "]


def test_the_step_that_failed_is_marked(check, server):
    done = check(server, env={"POSTRIDER_PASSWORD": "wrong", "LC_ALL": "C"})
    assert re.search(r"^x  sign-in +failed$", done.out, re.M)
    assert done.out.isascii()


# ---- failures: the last step, and the reason --------------------------------

def fails(done, status, message, hint, last, without=()):
    """The first failure is reported as by other commands; nothing follows."""
    assert done.status == status, (done.out, done.err)
    lines = done.err.splitlines()
    assert lines[0].startswith("postrider: ") and message in lines[0]
    assert lines[1].startswith("hint: ") and hint in lines[1]
    assert len(lines) == 2
    steps = [step for step in (*STEPS, "sender") if step not in without]
    assert done.session == steps[:steps.index(last) + 1]
    assert done.failed is not None or done.marks[last] in "x✗"
    assert "everything works" not in done.out


def test_a_name_that_does_not_exist(check):
    done = check(None, host="mail.nowhere.invalid", port=587)
    # Without a network, no name server answers.
    assert done.status in (os.EX_NOHOST, os.EX_TEMPFAIL)
    assert "mail.nowhere.invalid" in done.err and "hint: " in done.err
    assert done.session == ["account"]


def test_a_connection_that_is_refused(check):
    fails(check(None, port=free_port()), os.EX_TEMPFAIL, "Connection refused",
          "no server listens there", "name")


def test_a_greeting_that_is_none(check, make_server):
    server = make_server(faults={"greeting": "554 5.7.1 no service for you"})
    done = check(server)
    assert done.status == os.EX_UNAVAILABLE
    assert "no service for you" in done.err
    assert done.steps[-1] == "connection"


def test_starttls_is_missing(check, make_server):
    server = make_server(tls="none")
    fails(check(server), os.EX_PROTOCOL, "does not offer STARTTLS",
          "nothing was sent in the clear", "greeting")


def test_a_certificate_that_has_expired(check, make_server, ca):
    server = make_server(leaf=ca.odd("expired"))
    done = check(server)
    fails(done, os.EX_PROTOCOL, "the certificate has expired",
          "check the clock", "certificate", without=("TLS",))
    assert re.fullmatch("localhost, issued by postrider test ca, expired on "
                        r"\d{4}-\d\d-\d\d", done.words("certificate"))


def test_a_certificate_of_an_unknown_ca_is_shown(check, make_server, ca):
    done = check(make_server(leaf=ca.odd("other-ca")))
    assert done.status == os.EX_PROTOCOL
    assert done.steps[-1] == "certificate"
    assert "localhost, issued by " in done.words("certificate")
    _, said = check(make_server(leaf=ca.odd("other-ca")), "--json")
    assert said["steps"][-1]["step"] == "certificate"
    assert said["steps"][-1]["chain"][0]["subject"] == "localhost"


def test_no_mechanism_that_can_be_used(check, server):
    done = check(server, "--auth=scram-sha-256")
    fails(done, os.EX_NOPERM, "SCRAM-SHA-256: not offered by the server",
          "PLAIN LOGIN", "mechanisms")
    assert done.step["mechanisms"][-1] == (
        "SCRAM-SHA-256  not offered by the server")


def test_no_credential(check, server, postrider):
    missing = postrider.home / "nowhere"
    done = check(server, f"--credential=file:{missing}")
    assert done.status != 0
    assert "nowhere" in done.err
    assert done.steps[-1] == "mechanisms"
    assert not [line for line in server.commands if line.startswith("AUTH")]


def test_a_password_that_is_refused(check, server):
    done = check(server, env={"POSTRIDER_PASSWORD": "wrong-one"})
    fails(done, os.EX_NOPERM, "refused alice by PLAIN: 535 5.7.8",
          "type the SMTP password again", "credential")
    assert "wrong-one" not in done.out + done.err


def test_json_tells_a_failure(check, make_server, ca):
    server = make_server(leaf=ca.odd("expired"))
    done, said = check(server, "--json")
    assert done.status == said["exit_status"] == os.EX_PROTOCOL
    assert said["status"] == "failed"
    assert [one["step"] for one in said["steps"]] == [
        "name", "connection", "greeting", "certificate"]
    assert said["error"]["code"] == "security"
    assert said["error"]["message"] in done.err
    assert "check the clock" in said["error"]["hint"]


def test_json_tells_an_account_that_is_none(postrider):
    done = postrider.run("check", "--json", "nobody")
    said = json.loads(done.out)
    assert done.status == said["exit_status"] == os.EX_CONFIG
    assert "nobody" in said["error"]["message"]


def test_an_option_of_a_submission_is_refused(postrider):
    done = postrider.run("check", "-t")
    assert done.status == os.EX_USAGE
    assert '"postrider help check" lists its options' in done.err


def test_a_refusal_without_a_reason_has_a_hint(postrider, make_server, ca):
    server = make_server(users=USERS, faults={"auth": "550 not today"})
    postrider.configure(
        f'account work {{\n\thost = localhost\n\tport = {server.port}\n'
        f'\ttls-trust-file = "{ca.pem}"\n\tuser = alice\n}}\n')
    done = postrider.run("-a", "work", "you@example.org", input=b"\nx\n",
                         env={"POSTRIDER_PASSWORD": PASSWORD})
    assert done.status == os.EX_NOPERM
    assert "hint: run postrider login work and type the password again; if " \
        "it is right, see on the website of the provider" in done.err


# ---- tokens -----------------------------------------------------------------

@pytest.fixture
def keeper(postrider, tmp_path):
    return ScriptedKeeper(postrider, tmp_path / "keeper")


@pytest.fixture
def by_token(check, make_server):
    server = make_server(mechanisms=("XOAUTH2", "PLAIN"), token=TOKEN)

    def by_token(*words):
        return check(server, "--auth=xoauth2", "--client-id=x", *words,
                     env={"POSTRIDER_PASSWORD": None})

    return by_token


def test_a_token_says_how_long_it_lives(by_token, keeper):
    keeper.answers("get", token(TOKEN, time.time() + 42.5 * 60))
    done = by_token()
    assert (done.status, done.err) == (0, "")
    assert done.words("credential") == (
        "a token from the keyring, valid for 42 min")
    assert done.step["mechanisms"] == [
        "XOAUTH2  used: the only one in auth",
        "PLAIN    not among the allowed mechanisms"]
    assert done.words("sign-in") == "as alice by XOAUTH2, 1 round trip"


def test_a_token_that_is_refused_is_renewed_once(by_token, keeper):
    keeper.answers("get", token("old"), token(TOKEN))
    done = by_token()
    assert (done.status, done.err) == (0, "")
    assert done.step["sign-in"][0].startswith("refused: ")
    assert done.step["sign-in"][-1] == "as alice by XOAUTH2, 1 round trip"
    assert len(done.step["name"]) == 1
    keeper.answers("get", token("old"), token("older"))
    assert by_token().status == os.EX_NOPERM


def test_nobody_is_signed_in(by_token, keeper):
    keeper.answers("get", failure(os.EX_NOPERM, "not signed in",
                                  "postrider login alice"))
    done = by_token()
    assert done.status == os.EX_NOPERM
    assert "hint: postrider login alice" in done.err
    assert done.steps[-1] == "mechanisms"


# ---- POP before SMTP --------------------------------------------------------

@pytest.fixture
def pop(ca):
    with Pop3Server(leaf=ca.server, users=USERS) as running:
        yield running


def test_pop_comes_first_where_it_is_wanted(check, make_server, pop):
    words = ("--auth=pop-before-smtp", f"--pop-port={pop.port}")
    server = make_server(mechanisms=())
    done = check(server, *words)
    assert (done.status, done.err) == (0, "")
    assert done.steps[:4] == ["account", "credential", "POP", "name"]
    assert done.words("POP") == (
        f"signed in to localhost port {pop.port} as alice")
    assert "sign-in" not in done.steps
    _, said = check(server, *words, "--json")
    step = next(one for one in said["steps"] if one["step"] == "pop")
    assert (step["port"], step["user"]) == (pop.port, "alice")


def test_pop_refuses(check, make_server, pop):
    server = make_server(mechanisms=())
    done = check(server, "--auth=pop-before-smtp", f"--pop-port={pop.port}",
                 env={"POSTRIDER_PASSWORD": "wrong-one"})
    assert done.status == os.EX_NOPERM
    assert done.steps == ["account", "credential"]
    assert server.commands == []


# ---- real servers -----------------------------------------------------------

@pytest.mark.parametrize("peer", ["dovecot", "postfix"])
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_real_server_is_told_step_by_step(request, postrider, ca, peer, tls):
    server = request.getfixturevalue(peer)
    port = server.port if tls == "starttls" else server.tls_port
    before = server.log
    done = Checked(postrider.run(
        "check", "--host=localhost", f"--port={port}", f"--tls={tls}",
        f"--tls-trust-file={ca.pem}", "--user=alice",
        env={"POSTRIDER_PASSWORD": "secret"}))
    assert (done.status, done.err) == (0, "")
    assert sorted(done.steps) == sorted(STEPS + END)
    assert "by postrider test ca" in done.words("certificate")
    assert re.match(r"as alice by [A-Z0-9-]+, \d round trip",
                    done.words("sign-in"))
    assert len([line for line in done.step["mechanisms"]
                if "  used: " in line]) == 1
    assert "from=<" not in server.log.removeprefix(before)


@pytest.mark.parametrize("peer", ["dovecot", "postfix"])
def test_a_real_server_refuses(request, postrider, ca, peer):
    server = request.getfixturevalue(peer)
    done = Checked(postrider.run(
        "check", "--host=localhost", f"--port={server.port}",
        f"--tls-trust-file={ca.pem}", "--user=alice",
        env={"POSTRIDER_PASSWORD": "wrong-one"}))
    assert done.status == os.EX_NOPERM
    assert "refused alice by " in done.err and "hint: " in done.err
    assert done.steps[-1] == "credential"


# ---- the sender -------------------------------------------------------------

def test_the_sender_is_asked_about(check, server):
    done = check(server, "--from=alice@example.test")
    assert (done.status, done.err) == (0, "")
    assert done.words("sender") == "alice@example.test is accepted"
    assert "recipient" not in done.steps
    assert server.commands[-3:] == ["MAIL FROM:<alice@example.test>", "RSET",
                                    "QUIT"]


def test_each_address_of_the_account_is_asked_about(check, make_server):
    def refuse_team(session, line):
        return "550 5.7.1 not yours" if b"team@" in line else None

    server = make_server(users=USERS, faults={"mail": refuse_team})
    own = "--from=alice@example.test,*@lists.example.test,bob@example.test"
    done = check(server, own, "--to=carol@example.test")
    assert done.status == 0
    assert done.step["sender"] == ["alice@example.test is accepted",
                                   "bob@example.test is accepted"]
    assert done.step["recipient"] == ["carol@example.test is accepted"]
    done = check(server, own + ",team@example.test")
    assert done.status == os.EX_UNAVAILABLE
    assert "refused the sender <team@example.test>" in done.err


def test_an_address_that_is_not_ascii(check, make_server):
    server = make_server(users=USERS)
    assert check(server, "--from=älice@example.test").status == 0
    assert "MAIL FROM:<älice@example.test> SMTPUTF8" in server.commands
    done = check(make_server(users=USERS, extensions=()),
                 "--from=älice@example.test")
    assert done.status == os.EX_UNAVAILABLE
    assert "accepts only ASCII addresses (no SMTPUTF8)" in done.err


def test_a_recipient_is_asked_about(check, server):
    done, result = check(server, "--json", "--from=alice@example.test",
                         "--to=bob@example.test")
    assert done.status == 0
    assert [(step["step"], step["address"]) for step in result["steps"]
            if step["step"] in ("sender", "recipient")] \
        == [("sender", "alice@example.test"), ("recipient", "bob@example.test")]
    done = check(server, "--from=alice@example.test", "--to=bob")
    assert (done.status, done.out) == (os.EX_USAGE, "")
    assert "--to: bob is not an address" in done.err


def test_a_sender_that_is_refused(check, make_server):
    server = make_server(users=USERS, faults={
        "mail": "550 5.7.1 Sender address rejected: not owned by user alice"})
    done = check(server, "--from=alice@example.test")
    fails(done, os.EX_UNAVAILABLE, "refused the sender <alice@example.test>",
          "change From", "sign-in")


def test_a_recipient_that_is_refused(check, make_server):
    server = make_server(users=USERS, faults={"rcpt": "550 5.1.1 nobody"})
    done = check(server, "--from=alice@example.test", "--to=bob@example.test")
    fails(done, os.EX_NOUSER, "refused the recipient <bob@example.test>",
          "check the address", "sender")


def test_every_account_is_tested(postrider, ca, make_server):
    good = make_server(users=USERS)
    bad = make_server(users=USERS, faults={"mail": "550 no"})
    postrider.configure("".join(
        f"account {name} {{\n\thost = localhost\n\tport = {server.port}\n"
        f"\tuser = alice\n\ttls-trust-file = \"{ca.pem}\"\n"
        "\tfrom = alice@example.test\n}\n"
        for name, server in (("one", bad), ("two", good))))
    done = postrider.run("check", "--all",
                         env={"POSTRIDER_PASSWORD": PASSWORD})
    assert done.status == os.EX_UNAVAILABLE
    assert done.out.count("sign-in ") == 2
    assert done.out.rstrip().endswith("no message was sent")
    done = postrider.run("check", "--all", "one")
    assert (done.status, done.out) == (os.EX_USAGE, "")


def test_all_accounts_have_an_object(postrider, server):
    """One that can't be tested, too, so that they can be counted."""
    postrider.configure(
        "account one { host = localhost port = %d tls = none user = '' }\n"
        "account two { provider = nosuch }\n"
        "account three { host = localhost port = 1 tls = none }\n"
        % server.port)
    done = postrider.run("check", "--all", "--json")
    results = [json.loads(line) for line in done.out.splitlines()]
    assert [result.get("account") for result in results] == [
        "one", None, "three"]
    assert "config:2: unknown provider" in results[1]["error"]["message"]
    assert [result["status"] for result in results[1:]] == ["failed"] * 2
    assert done.status != 0
