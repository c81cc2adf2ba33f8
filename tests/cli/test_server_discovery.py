# SPDX-License-Identifier: MIT
"""login finds the server of a domain that no provider is known for.

It asks SRV records, then autoconfig files by https; what is found is confirmed
at the terminal before a password is typed.
"""
import pytest

from peers.domains import AUTOCONFIG, PASSWORD, PROVIDER, file_of
from peers.namespace import Network, in_network
from peers.terminal import CTRL_C, CTRL_D, Terminal

RCPT = "you@example.org"
MESSAGE = b"Subject: x\n\nx\n"
RIGHT = "Is this the server for your mail?"
WHICH = "Which server sends for"
PROMPT = "assword for"


def sends(domains, server, address):
    done = domains.run("-f", address, RCPT, input=MESSAGE)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert server.messages[-1].to == [RCPT]


def log_in(domains, address, *answers):
    status, said = domains.at_terminal(
        ["login", address], [*answers, (PROMPT, PASSWORD)])
    assert status == 0, said
    return said, domains.config.read_text()


def test_srv_record_with_implicit_tls(domains):
    said, config = log_in(domains, "me@srv.test", (RIGHT, ""))
    assert "no provider is known for srv.test" in said
    assert "found: smtp.srv.test port 465, implicit TLS\r\n" in said
    assert "  named by SRV record _submissions._tcp.srv.test\r\n" in said
    for line in ("host = smtp.srv.test", "port = 465", "tls = implicit",
                 "user = me@srv.test"):
        assert line in config
    sends(domains, domains.implicit, "me@srv.test")
    assert domains.files.requests + domains.others.requests == []


def test_srv_record_with_starttls(domains):
    said, config = log_in(domains, "me@starttls.test", (RIGHT, ""))
    assert "port 587, STARTTLS" in said
    assert "SRV record _submission._tcp.starttls.test" in said
    assert "tls = starttls" in config
    sends(domains, domains.starttls, "me@starttls.test")


def test_a_server_of_another_domain_is_not_the_default(domains):
    status, said = domains.at_terminal(
        ["login", "me@away.test"], [(RIGHT, ""), (WHICH, "")])
    assert status == 78
    assert "which anyone may forge" in said
    assert f"{RIGHT} [y/N]" in said
    assert PROMPT not in said
    assert "no server was named" in said
    said, config = log_in(domains, "me@away.test", (RIGHT, "y"))
    assert "host = mail.hoster.test" in config


def test_autoconfig_file(domains):
    said, config = log_in(domains, "me@auto.test", (RIGHT, ""))
    assert ("found: smtp.auto.test port 465, implicit TLS, user me" in
            " ".join(said.split()))
    assert "https://autoconfig.auto.test/mail/config-v1.1.xml" in said
    assert "which anyone may forge" not in said
    assert "user = me\n" in config
    sends(domains, domains.implicit, "me@auto.test")


def test_the_address_is_sent_to_no_web_server(domains):
    log_in(domains, "me@auto.test", (RIGHT, ""))
    [request] = domains.files.requests
    assert request.target == "/mail/config-v1.1.xml"
    assert "me@" not in str(request)


def test_well_known_file(domains):
    said, config = log_in(domains, "me@known.test", (RIGHT, "y"))
    assert ("https://known.test/.well-known/autoconfig/mail/config-v1.1.xml"
            in said)
    assert "user = me@known.test" in config


def test_a_domain_with_an_umlaut(domains):
    said, config = log_in(domains, "me@müller.test", (RIGHT, ""))
    assert "found: smtp.xn--mller-kva.test port 465" in said
    for line in ("user = me@müller.test", "from = me@müller.test",
                 "host = smtp.xn--mller-kva.test"):
        assert line in config.replace('"', "")
    done = domains.run("-f", "me@müller.test", RCPT, input=MESSAGE)
    assert (done.status, done.err) == (0, "")
    [message] = domains.implicit.messages
    assert (message.user, message.sender) == ("me@müller.test",
                                              "me@xn--mller-kva.test")


@pytest.mark.parametrize("user", ["%EMAILADDRESS%", "%EMAILLOCALPART%"])
def test_a_file_of_a_domain_with_an_umlaut(domains, user):
    domains.files.answer(AUTOCONFIG, file_of("xn--bcher-kva.test", user=user))
    said, config = log_in(domains, "me@bücher.test", (RIGHT, ""))
    name = "me" if "LOCAL" in user else "me@bücher.test"
    assert f"user = {name}\n" in config.replace('"', "")
    assert "from = me@bücher.test" in config.replace('"', "")


def test_a_provider_of_a_domain_with_a_sharp_s(domains):
    status, said = domains.at_terminal(
        ["login", "me@straße.test"], [("Is that right?", "n")])
    assert status == 78
    assert "Corp Mail" in said


@pytest.mark.parametrize("address, found", [
    ("me@müller.test", "smtp.xn--mller-kva.test"),
    ("me@bücher.test", "smtp.auto.test"), ("me@straße.test", "corp")])
def test_what_is_found_for_such_a_domain(domains, address, found):
    domains.files.answer(AUTOCONFIG, file_of("xn--bcher-kva.test"))
    done = domains.run("providers", "--find", address)
    assert done.status == 0, done.err
    assert found in done.out


def test_what_is_no_domain_name(domains):
    done = domains.run("login", "me@-ü-.test")
    assert done.status in (64, 65, 78)
    assert "-ü-.test" in done.err


def test_the_provider_whose_server_it_is(domains):
    status, said = domains.at_terminal(
        ["login", "me@gmail.test"], [(RIGHT, "y"), ("Which? [1]", "\x03")])
    assert "provider gmail" in said


@pytest.mark.parametrize("address, words", [
    ("me@srv.test", "--host=smtp.srv.test --port=465 --tls=implicit"),
    ("me@away.test", "--host=mail.hoster.test --port=465 --tls=implicit"),
    ("me@auto.test",
     "--host=smtp.auto.test --port=465 --tls=implicit --user=me"),
    ("me@gmail.test", "--provider=gmail")])
def test_without_a_terminal_it_is_an_error(domains, address, words):
    done = domains.run("login", address, input=PASSWORD.encode())
    assert (done.status, done.out) == (78, "")
    assert "which a person must confirm" in done.err
    assert f"if it is right: postrider login {words} {address}" in done.err
    assert domains.implicit.commands == []


def test_the_hint_quotes_a_user_for_the_shell(domains):
    domains.files.answer(AUTOCONFIG, file_of(
        "auto.test", user="auto\\%EMAILLOCALPART%"))
    done = domains.run("login", "me@auto.test")
    assert r"--user='auto\me' me@auto.test" in done.err


@pytest.mark.parametrize("user", ["$(id)", "a;b", "`id`", "-oX", "a'b",
                                  "a&#x1b;b", "a&#x202e;b"])
def test_a_user_that_a_shell_would_run(domains, user):
    domains.files.answer(AUTOCONFIG, file_of("auto.test", user=user))
    done = domains.run("login", "me@auto.test")
    assert (done.status, done.out) == (78, "")
    assert "no known mail provider" in done.err


@pytest.mark.parametrize("address", ["me@srv.test", "me@auto.test"])
def test_the_command_of_the_hint_works(domains, address):
    hint = domains.run("login", address).err.split("postrider login ")[1]
    done = domains.run("login", *hint.split(), input=PASSWORD.encode())
    assert done.status == 0, done.err


@pytest.mark.parametrize("auth, problem", [
    ("OAuth2", "accepts only OAuth2, and its OAuth2 server is not known"),
    ("client-IP-address", "accepts mail without a sign-in")])
def test_a_server_that_takes_no_password(domains, auth, problem):
    domains.files.answer(AUTOCONFIG, file_of("auto.test", auth=auth))
    status, said = domains.at_terminal(["login", "me@auto.test"],
                                       [(RIGHT, "y")])
    assert status == 78
    assert problem in " ".join(said.split())
    assert PROMPT not in said
    assert "account" not in domains.config.read_text()


# ---- nothing is found -------------------------------------------------------

def test_it_asks_for_the_server(domains):
    said, config = log_in(domains, "me@none.test", (WHICH, "smtp.none.test"))
    assert "neither its DNS nor an autoconfig file names one" in said
    assert "port = 465" in config
    assert "tls = implicit" in config
    sends(domains, domains.implicit, "me@none.test")


def test_a_port_may_be_given(domains):
    said, config = log_in(domains, "me@none.test",
                          (WHICH, "smtp.none.test:587"))
    assert "port = 587" in config
    sends(domains, domains.starttls, "me@none.test")


def test_a_wrong_answer_can_be_corrected(domains):
    said, config = log_in(
        domains, "me@none.test", (WHICH, "closed.none.test"),
        (WHICH, "smtp.none.test:x"), (WHICH, "smtp.none.test"))
    assert "neither port 465 nor port 587 can be reached" in said
    assert "the port must be a number" in said
    assert "host = smtp.none.test" in config


def test_three_wrong_answers_end_it(domains):
    status, said = domains.at_terminal(
        ["login", "me@none.test"],
        [(WHICH, "nowhere.none.test")] * 3)
    assert status != 0
    assert PROMPT not in said
    assert "account" not in domains.config.read_text()


@pytest.mark.parametrize("answer", ["", "\x03", "\x04"])
def test_no_answer_ends_it(domains, answer):
    status, said = domains.at_terminal(
        ["login", "me@none.test"], [(WHICH, answer)])
    assert status != 0
    assert PROMPT not in said


def test_nothing_is_found_without_a_terminal(domains):
    done = domains.run("login", "me@none.test", input=PASSWORD.encode())
    assert (done.status, done.out) == (78, "")
    assert "no known mail provider for the domain none.test" in done.err
    assert "postrider login --host=HOST me@none.test" in done.err


def test_a_domain_that_does_not_exist(domains):
    done = domains.run("login", "me@nowhere.test", input=b"x\n")
    assert done.status == 68
    assert "nowhere.test: no such domain" in done.err
    assert "postrider login --host=HOST me@nowhere.test" in done.err


def test_no_name_server(postrider, tmp_path):
    with Network() as network:
        done = postrider.run(
            "login", "me@corp.test", "--timeout=1s", input=b"x\n",
            wrap=in_network(network, tmp_path))
    assert done.status == 75
    assert "corp.test: no answer from a name server" in done.err
    assert "check the network connection" in done.err
    assert "postrider login --host=HOST me@corp.test" in done.err


def test_a_message_needs_no_discovery(domains):
    done = domains.run("--user=me@auto.test", RCPT, input=MESSAGE,
                       env={"POSTRIDER_PASSWORD": PASSWORD})
    assert done.status == 78
    assert "no known mail provider" in done.err
    assert '"postrider login ADDRESS" looks for the server' in done.err
    assert domains.files.requests == []


# ---- an account block that names no server ----------------------------------

def block_of(domains, settings):
    text = PROVIDER + "account work {\n\t# mine\n\t" + settings + "\n}\n"
    domains.config.write_text(text)


@pytest.mark.parametrize("settings, words", [
    ("user = me@srv.test",
     ["host = smtp.srv.test", "port = 465", "tls = implicit",
      "user = me@srv.test"]),
    ("from = me@srv.test", ["host = smtp.srv.test"]),
    ("user = me@auto.test",
     ["host = smtp.auto.test", "user = me\n", "from = me@auto.test"]),
    ("from = me@auto.test", ["user = me\n", "from = me@auto.test"])])
def test_a_block_gets_its_server(domains, settings, words):
    block_of(domains, settings)
    address = settings.split()[-1]
    said, config = log_in(domains, "work", (RIGHT, ""))
    assert 'changed the account "work" in' in said
    for word in [*words, "\t# mine\n", "mx = { mx.corp.test }"]:
        assert word in config
    sends(domains, domains.implicit, address)
    assert domains.run("check", "work").status == 0


def test_a_block_gets_its_provider(domains):
    """The login itself fails: there is no Gmail."""
    block_of(domains, "user = me@gmail.test")
    status, said = domains.at_terminal(["login", "work"], [(RIGHT, "y")])
    assert status != 0
    assert "provider gmail" in said
    assert "provider = gmail" not in domains.config.read_text()


def test_a_block_gets_the_server_that_is_named(domains):
    block_of(domains, "user = me@none.test")
    said, config = log_in(domains, "work", (WHICH, "smtp.none.test"))
    assert "server: smtp.none.test port 465" in said
    assert "host = smtp.none.test" in config
    sends(domains, domains.implicit, "me@none.test")


@pytest.mark.parametrize("address, hint", [
    ("me@srv.test", "set host = smtp.srv.test, port = 465 and tls = implicit"),
    ("me@gmail.test", "set provider = gmail"),
    ("me@none.test", "set host or provider")])
def test_a_block_without_a_terminal(domains, address, hint):
    block_of(domains, f"user = {address}")
    before = domains.config.read_text()
    done = domains.run("login", "work", input=b"x\n")
    assert (done.status, done.out) == (78, "")
    assert f"{hint} in the account block work" in done.err
    assert domains.config.read_text() == before


def test_a_wrong_password_changes_no_block(domains):
    block_of(domains, "user = me@srv.test")
    before = domains.config.read_text()
    status, said = domains.at_terminal(
        ["login", "work"], [(RIGHT, ""), *[(PROMPT, "wrong")] * 3])
    assert status == 77
    assert domains.config.read_text() == before


def test_only_login_looks_for_the_server_of_a_block(domains):
    block_of(domains, "user = me@auto.test")
    done = domains.run("-a", "work", RCPT, input=MESSAGE)
    assert done.status == 78
    assert "set host or provider in the account block work" in done.err
    assert domains.files.requests == []


# ---- the dialogues ----------------------------------------------------------

DIALOGUES = [
    ("me@srv.test", [(RIGHT, "")]),
    ("me@starttls.test", [(RIGHT, "y")]),
    ("me@away.test", [(RIGHT, "y")]),
    ("me@auto.test", [(RIGHT, "")]),
    ("me@none.test", [(WHICH, "smtp.none.test:x"),
                      (WHICH, "closed.none.test"),
                      (WHICH, "smtp.none.test")]),
    ("me@company.test", [("Is that right?", "n")])]


@pytest.mark.parametrize("columns, term", [
    (80, "xterm-256color"), (120, "xterm-256color"), (80, "dumb"),
    (120, "dumb")])
@pytest.mark.parametrize("address, answers", DIALOGUES)
def test_each_dialogue_fits_the_terminal(domains, address, answers, columns,
                                         term):
    with Terminal(domains.postrider, "login", address, columns=columns,
                  term=term, wrap=domains.wrap) as person:
        for question, answer in answers:
            person.sees(question)
            person.enters(answer)
        if address != "me@company.test":
            person.sees(PROMPT)
            person.enters(PASSWORD)
        status = person.leaves()
        assert status == (78 if address == "me@company.test" else 0)
        assert person.is_as_before
        assert person.too_long() == []
        if term == "dumb":
            assert "\x1b" not in person.shown


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("key, status", [(CTRL_C, -2), (CTRL_D, None)])
@pytest.mark.parametrize("address, question", [
    ("me@srv.test", RIGHT), ("me@none.test", WHICH)])
def test_a_question_is_cancelled(domains, columns, key, status, address,
                                 question):
    """The terminal and the configuration stay as they were."""
    before = domains.config.read_text()
    with Terminal(domains.postrider, "login", address, columns=columns,
                  wrap=domains.wrap) as person:
        person.sees(question)
        person.presses(key)
        assert person.leaves() in ([status] if status else range(64, 79))
        assert person.is_as_before
        assert person.shown.endswith("\r\n")
        assert person.too_long() == []
        assert PROMPT not in person.shown
    assert domains.config.read_text() == before
