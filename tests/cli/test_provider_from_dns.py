# SPDX-License-Identifier: MIT
"""A provider that only an MX record names is shown as such.

DNS answers can be forged. login asks before a password is typed, or refuses.
"""
import contextlib
import json

import pytest

from callers.mail import MESSAGE
from dialogue.submission import SubmissionServer
from peers.daemon import Daemon, find_program, require_root
from peers.namespace import Network, in_network
from peers.terminal import CTRL_C, CTRL_D, Terminal

ME = "me@company.test"
RCPT = "you@example.org"
PASSWORD = "abcd-efgh-ijkl"
DNSMASQ = ["--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
           "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
           "--no-hosts", "--local=/test/", "--pid-file=",
           "--mx-host=company.test,mx.corp.test,1"]
PROVIDER = """\
provider corp {{
	title = "Corp Mail"
	host = localhost
	port = {port}
	tls-trust-file = "{ca}"
	mx = {{ mx.corp.test }}
	domains = {{ corp.test }}
}}
"""
NOT_CONFIRMED = "provider corp is known only from DNS"


class Company:
    """postrider where company.test has the MX of a provider."""

    def __init__(self, postrider, server, wrap, ca):
        self.postrider = postrider
        self.server = server
        self.provider = PROVIDER.format(port=server.port, ca=ca.pem)
        self.config = postrider.configure(self.provider)
        self.wrap = wrap

    def run(self, *arguments, input=MESSAGE, env=None):
        return self.postrider.run(*arguments, input=input, env=env,
                                  wrap=self.wrap)

    def at_terminal(self, arguments, answers):
        return self.postrider.at_terminal(arguments, answers, wrap=self.wrap)

    def add_account(self, text):
        self.postrider.configure(self.provider + text)


@contextlib.contextmanager
def stopping(daemon):
    try:
        yield
    finally:
        daemon.stop()


@pytest.fixture
def company(postrider, ca, tmp_path):
    require_root("a name server on port 53")
    with Network() as network:
        with network.entered():
            server = SubmissionServer(ca.server, users={ME: PASSWORD})
        name_server = Daemon(
            network.wrap([find_program("dnsmasq"), *DNSMASQ]),
            log=tmp_path / "dnsmasq.log")
        with server, stopping(name_server):
            with network.entered():
                name_server.wait_for_port(53)
            yield Company(postrider, server, in_network(network, tmp_path), ca)


def refused(company, done, message=NOT_CONFIRMED):
    assert done.status == 78, done.err
    assert message in done.err
    assert "MX of company.test" in done.err
    assert company.server.commands == []


# ---- sending ----------------------------------------------------------------

def test_a_message_is_sent(company):
    done = company.run("-v", "--user", ME, RCPT,
                       env={"POSTRIDER_PASSWORD": PASSWORD})
    assert done.status == 0, done.err
    assert "(MX of company.test), provider corp, server localhost" in done.err
    assert [message.to for message in company.server.messages] == [[RCPT]]


@pytest.mark.parametrize("confirmed", [
    "provider = corp", "host = localhost\n\tport = {port}\n"
                       "\ttls-trust-file = \"{ca}\""])
def test_an_account_that_names_it(company, ca, confirmed):
    confirmed = confirmed.format(port=company.server.port, ca=ca.pem)
    company.add_account(f"account work {{\n\tuser = {ME}\n\t{confirmed}\n}}\n")
    done = company.run(RCPT, env={"POSTRIDER_PASSWORD": PASSWORD})
    assert (done.status, done.out, done.err) == (0, "", "")
    assert [message.to for message in company.server.messages] == [[RCPT]]


def test_a_listed_domain_needs_no_confirmation(company):
    done = company.run("--user=me@corp.test", "--dry-run", "--json", RCPT)
    assert json.loads(done.out)["provider_from_dns"] is False


def test_an_option_confirms_it(company):
    done = company.run("--user", ME, "--provider=corp", RCPT,
                       env={"POSTRIDER_PASSWORD": PASSWORD})
    assert (done.status, done.out, done.err) == (0, "", "")


# ---- how it was found is shown ----------------------------------------------

def test_dry_run_says_so(company):
    done = company.run("--user", ME, "--dry-run", RCPT)
    assert done.status == 0
    assert "(MX of company.test)" in done.out
    assert "corp (known only from DNS)" in done.out


@pytest.mark.parametrize("arguments", [
    ["--dry-run", "--json", "--user", ME, RCPT], ["check", "--json", ME]])
def test_json_says_so(company, arguments):
    answer = json.loads(company.run(*arguments).out)
    assert answer["provider"] == "corp"
    assert answer["provider_from_dns"] is True
    assert "MX of company.test" in answer["found_by"]


def test_check_says_so(company):
    done = company.run("check", ME)
    assert "(MX of company.test), provider corp" in " ".join(done.out.split())


# ---- login ------------------------------------------------------------------

def test_login_asks_and_then_names_it_in_the_account(company, keyring):
    status, output = company.at_terminal(
        ["login", ME], [("Is that right? [y/N]", "y"),
                        ("assword for", PASSWORD)])
    assert status == 0, output
    assert "server: localhost port" in output
    assert "MX of company.test" in output
    assert "Corp Mail" in output
    assert "provider = corp" in company.config.read_text()
    done = company.run("-f", ME, RCPT)
    assert (done.status, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("answer", ["", "n", "x", "no"])
def test_login_takes_no_for_an_answer(company, answer):
    before = company.config.read_text()
    status, output = company.at_terminal(
        ["login", ME], [("Is that right? [y/N]", answer)])
    assert status == 78
    assert "provider corp was not confirmed" in output
    assert "assword for" not in output
    assert company.server.commands == []
    assert company.config.read_text() == before


def test_login_without_a_terminal(company):
    done = company.run("login", ME, input=PASSWORD.encode() + b"\n")
    refused(company, done)
    assert "--provider=corp" in done.err


def test_login_for_an_account_that_names_no_provider(company, keyring):
    company.add_account("account work {\n\tuser = me@company.test\n}\n")
    status, output = company.at_terminal(
        ["login", "work"], [("Is that right? [y/N]", "y"),
                            ("assword for", PASSWORD)])
    assert status == 0, output
    status, output = company.at_terminal(
        ["login", "work"], [("Is that right? [y/N]", "n")])
    assert status == 78
    done = company.run("login", "work", input=PASSWORD.encode() + b"\n")
    assert done.status == 78
    assert "set provider = corp in the account block work" in done.err


def test_login_with_the_provider_does_not_ask(company, keyring):
    done = company.run("login", "--provider=corp", ME,
                       input=PASSWORD.encode() + b"\n")
    assert done.status == 0, done.err
    assert "provider = corp" in company.config.read_text()


@pytest.mark.parametrize("key, status", [(CTRL_C, -2), (CTRL_D, 78)])
def test_the_question_is_cancelled(company, keyring, key, status):
    with Terminal(company.postrider, "login", ME, wrap=company.wrap) as person:
        person.sees("Is that right? [y/N] ")
        person.presses(key)
        assert person.leaves() == status, person.shown
        assert person.is_as_before
        assert "password for" not in person.shown
    assert "account" not in company.config.read_text()
    assert company.server.wires == []
