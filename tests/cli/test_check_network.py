# SPDX-License-Identifier: MIT
"""postrider check: what it finds out about the network around a session, and
the commands that it says mend what is wrong."""
import json
import os
import re
import shlex
import subprocess
import time

import pytest

from dialogue.faults import hang
from patience import wait_for
from peers.mail_network import MailNetwork, V4, V4_NAMELESS, V6

PASSWORD = "pass-word-51c7"
USERS = {"alice@corp.test": PASSWORD}


@pytest.fixture(scope="module")
def network(ca, tmp_path_factory):
    with MailNetwork(tmp_path_factory.mktemp("mail-network"), ca) as running:
        yield running


@pytest.fixture
def account(postrider, ca, network):
    """Writes the account work, and checks it in the network."""
    class Account:
        config = postrider.home / ".config/postrider/config"

        def set(self, **settings):
            settings = {"host": "mail.corp.test", "user": "alice@corp.test",
                        "tls-trust-file": str(ca.pem), "timeout": "3s",
                        **{name.replace("_", "-"): value
                           for name, value in settings.items()}}
            postrider.configure("account work {\n" + "".join(
                f'\t{name} = "{value}"\n' for name, value in settings.items()
                if value is not None) + "}\n")

        def check(self, *words):
            done = postrider.run("check", *words, wrap=network.wrap,
                                 env={"POSTRIDER_PASSWORD": PASSWORD})
            assert PASSWORD not in done.out + done.err
            return done

        def json(self, *words):
            done = self.check("--json", *words)
            said = json.loads(done.out)
            return said, {one["step"]: one for one in said["steps"]}

        def mend(self, text):
            """Runs the commands of a hint."""
            text = text[text.index("postrider config"):].partition(")")[0]
            for command in text.split("&&"):
                words = shlex.split(command)
                assert words[:3] == ["postrider", "config", "set"]
                assert postrider.run(*words[1:]).status == 0

    return Account()


def notes(said):
    return [one["text"] for one in said["advice"]]


def words(done, label):
    """The text of a step, without labels, times and line breaks."""
    lines = done.out.splitlines()
    first = next(i for i, line in enumerate(lines)
                 if line[3:].startswith(label + " "))
    text = [lines[first][25:]]
    for line in lines[first + 1:]:
        if not line[3:].startswith(" " * 11):
            break
        text.append(line[25:])
    return " ".join(text)


# ---- DNS --------------------------------------------------------------------

def test_records_of_server_and_sender_are_shown(account, network):
    account.set(host="both.corp.test", port=587)
    with network.server(users=USERS):
        done = account.check()
        assert (done.status, done.err) == (0, "")
        assert words(done, "DNS") == (
            f"both.corp.test: A {V4}, AAAA {V6} corp.test: MX mail.corp.test")
        assert all(len(line) <= 80 for line in done.out.splitlines())
        said, step = account.json()
    assert said["advice"] == []
    assert step["dns"]["records"] == [
        {"of": "server", "name": "both.corp.test", "type": "A",
         "state": "found", "values": [V4]},
        {"of": "server", "name": "both.corp.test", "type": "AAAA",
         "state": "found", "values": [V6]},
        {"of": "sender", "name": "corp.test", "type": "MX", "state": "found",
         "values": ["mail.corp.test"]}]


@pytest.mark.parametrize("domain, text", [
    ("bare.test", "bare.test has no MX record: replies to alice@bare.test are "
     "lost, and servers may refuse it as the sender"),
    ("address.test", "address.test has no MX record: replies to "
     f"alice@address.test go to its address, {V4}, which may not take mail"),
    ("null.test", 'null.test receives no mail (its MX record is "."): replies '
     "to alice@null.test are lost, and servers may refuse it as the sender; "
     "set from to another address"),
    ("missing.test", "the domain missing.test does not exist: replies to "
     "alice@missing.test are lost, and servers may refuse it as the sender; "
     "check the spelling of from")])
def test_a_sender_that_gets_no_replies_is_a_note(account, network, domain,
                                                 text):
    account.set(**{"from": f"alice@{domain}"})
    with network.server(users=USERS):
        said, _ = account.json()
    assert said["status"] == "works"
    assert said["advice"] == [{"kind": "note", "text": text, "command": None}]


def test_a_name_that_only_this_host_knows_is_a_note(account, network):
    account.set(host="hosts.corp.test")
    with network.server(users=USERS):
        said, _ = account.json()
    assert said["status"] == "works"
    assert "hosts.corp.test is not in DNS" in notes(said)[0]


def test_a_dead_name_server_does_not_hold_the_check_up(account, network):
    account.set(host="hosts.corp.test", deadline="5s")
    with network.server(users=USERS), network.without_answers():
        start = time.monotonic()
        done = account.check()
        took = time.monotonic() - start
    assert (done.status, done.err) == (0, "")
    assert "everything works" in done.out
    assert "have not answered yet" in words(done, "note")
    assert took < 5, took


def test_the_records_of_a_client_that_does_not_sign_in(account, network):
    account.set(host="nameless.test", user=None, tls="none", port=25,
                domain="client.missing.test")
    with network.server(V4_NAMELESS, 25, tls="none", mechanisms=()):
        said, step = account.json()
    assert said["status"] == "works"
    ptr = step["dns"]["records"][2]
    assert (ptr["of"], ptr["type"]) == ("client", "PTR")
    assert ptr["name"] == "2.2.0.192.in-addr.arpa"
    text = " ".join(notes(said))
    assert f"{V4_NAMELESS}, the address of this host, has no PTR" in text
    assert "client.missing.test, the name that EHLO gives, is not in DNS" in text


def test_another_ehlo_name_than_that_of_the_address(account, network):
    account.set(user=None, tls="none", port=25, domain="address.test")
    with network.server(V4, 25, tls="none", mechanisms=()):
        said, _ = account.json()
        item = next(one for one in said["advice"] if one["command"]
                    and "domain" in one["command"])
        assert item["kind"] == "note"
        assert item["text"] == (
            f"EHLO gives the name address.test, but {V4} belongs to "
            "mail.corp.test; some servers compare them")
        account.mend(item["command"])
        said, _ = account.json()
    assert not [one for one in said["advice"] if "EHLO" in one["text"]]


# ---- addresses --------------------------------------------------------------

def test_ipv6_that_is_broken_is_named(account, network):
    account.set(host="both.corp.test")
    with network.server(users=USERS), network.silence(V6):
        done = account.check()
        said, step = account.json()
    assert done.status == 0
    assert re.search(rf"^!  addresses +\d+ ms  {V6} does not answer$", done.out,
                     re.M)
    assert re.search(rf"^(?:✓ |ok) +\d+ ms  {V4} answers$", done.out, re.M)
    assert [(one["address"], one["state"])
            for one in step["addresses"]["addresses"]] == [
        (V6, "silent"), (V4, "answers")]
    assert step["dns"]["ms"] < 2000
    [item] = said["advice"]
    assert f"\n{' ' * 13}{item['command']}\n" in done.out
    assert item["kind"] == "warning"
    assert f"{V6} does not answer" in item["text"]
    assert item["command"].endswith("/etc/gai.conf")


def test_ipv6_that_refuses_costs_nothing(account, network):
    account.set(host="both.corp.test")
    with network.server(users=USERS):
        said, step = account.json()
    assert said["advice"] == []
    assert step["addresses"]["addresses"][0]["state"] == "refused"


# ---- other ports ------------------------------------------------------------

def test_a_blocked_port_leads_to_the_one_that_works(account, network):
    account.set(port=587)
    with network.silence(), network.server(port=465, tls="implicit",
                                           users=USERS):
        done = account.check()
        assert done.status == os.EX_TEMPFAIL
        assert done.err.splitlines()[1] == (
            "hint: port 587 is blocked here; 465 works: set port = 465 and "
            "tls = implicit: postrider config set work.port 465 && postrider "
            "config set work.tls implicit")
        assert words(done, "ports") == "465, tls = implicit: works"
        said, step = account.json()
        assert step["ports"]["ports"][0]["works"] is True
        account.mend(said["error"]["hint"])
        assert account.check().status == 0


def test_without_an_account_the_hint_names_options(account, network, postrider,
                                                   ca):
    with network.server(port=465, tls="implicit", users=USERS):
        done = postrider.run(
            "check", "--host=mail.corp.test", "--user=alice@corp.test",
            f"--tls-trust-file={ca.pem}", wrap=network.wrap,
            env={"POSTRIDER_PASSWORD": PASSWORD})
        assert done.status == os.EX_TEMPFAIL
        options = done.err.splitlines()[1].rpartition(": ")[2].split()
        assert options == ["--port=465", "--tls=implicit"]


def test_a_port_of_the_provider_is_tried(account, network, postrider):
    account.set(port=587)
    text = account.config.read_text()
    postrider.configure(
        "provider corp {\n\thost = mail.corp.test\n\ttls-modes = { starttls }\n"
        "\tother-ports = { 2525, \"2465/implicit\" }\n}\n"
        + text.replace("{", "{\n\tprovider = corp", 1))
    with network.silence(), network.server(port=2525, users=USERS):
        said, step = account.json()
    assert [(one["port"], one["works"]) for one in step["ports"]["ports"]] == [
        (2525, True)]
    assert "2525 works" in said["error"]["hint"]


def test_no_port_answers(account, network):
    account.set(port=587)
    with network.silence(), network.silence(port=465):
        done = account.check()
    assert done.status == os.EX_TEMPFAIL
    assert "port 465 does not answer either" in done.err


def test_a_name_that_does_not_exist_says_so_once(account):
    account.set(host="mial.corp.test")
    done = account.check()
    assert done.status == os.EX_NOHOST
    assert "A no such name, AAAA no such name" in words(done, "DNS")
    assert "note" not in done.out


def test_a_mistyped_server_leads_to_that_of_the_provider(account):
    account.set(host="smtp.gmial.com")
    done = account.check()
    assert done.status == os.EX_NOHOST
    assert done.err.splitlines()[1] == (
        "hint: did you mean smtp.gmail.com? Then run: postrider config set "
        "work.host smtp.gmail.com")


def test_tls_at_a_port_that_begins_in_the_clear(account, network):
    account.set(port=587, tls="implicit")
    with network.server(users=USERS):
        done = account.check()
        assert "port 587 works with tls = starttls" in done.err
        account.mend(done.err)
        assert account.check().status == 0


def test_clear_text_at_a_port_that_begins_with_tls(account, network):
    account.set(port=465, tls="starttls")
    with network.server(port=465, tls="implicit", users=USERS):
        done = account.check()
        assert done.status != 0
        assert "port 465 works with tls = implicit" in done.err
        account.mend(done.err)
        assert account.check().status == 0


def test_a_port_without_a_sign_in(account, network):
    account.set(port=25, tls="starttls")
    with network.server(port=25, mechanisms=()), network.server(users=USERS), \
            network.server(port=465, tls="implicit", mechanisms=()):
        said, step = account.json()
        assert [(one["port"], one["works"], one["reason"])
                for one in step["ports"]["ports"]][-2:] == [
            (465, False, "offers no sign-in"), (587, True, None)]
        assert ("port 25 does not take submissions; 587 works"
                in said["error"]["hint"])
        account.mend(said["error"]["hint"])
        assert account.check().status == 0


def test_no_port_has_a_sign_in(account, network):
    account.set(port=587)
    with network.server(mechanisms=()):
        hint = account.check().err.splitlines()[1]
    assert hint == (
        "hint: ask the operator of the server: neither this port nor 465 lets "
        "you sign in; if it takes mail without a sign-in, unset user")


def test_a_port_that_refuses(account, network):
    account.set(port=588)
    with network.server(users=USERS):
        done = account.check()
    assert ("hint: port 588 refuses connections; 587 works: set port = 587"
            in done.err)


def test_other_ports_are_tried_while_one_is_silent(account, network,
                                                   postrider):
    """So that the advice comes with the failure, which takes a minute."""
    account.set(port=587, timeout="1m")
    with network.silence(), network.server(port=465, tls="implicit",
                                           users=USERS) as other:
        command = network.wrap(postrider.command("check"))
        with subprocess.Popen(
                command, stdout=subprocess.DEVNULL,
                env=postrider.environment({"POSTRIDER_PASSWORD": PASSWORD}),
                ) as running:
            wait_for(lambda: other.wires != [] or running.poll() is not None)
            assert running.poll() is None
            running.terminate()


def test_a_server_that_does_not_speak(account, network):
    account.set(timeout="1s")
    with network.server(users=USERS, faults={"greeting": hang}):
        done = account.check()
        assert done.status == os.EX_TEMPFAIL
        assert "postrider config set work.timeout 1m" in done.err


def test_other_ports_are_left_alone_while_this_one_works(account, network):
    account.set(port=587)
    with network.server(users=USERS), network.server(
            port=465, tls="implicit") as other:
        assert account.check().status == 0
        assert other.wires == []


# ---- what mends it ----------------------------------------------------------

def test_a_private_ca_leads_to_the_setting(account, network, ca):
    account.set(tls_trust_file=None)
    with network.server(users=USERS):
        done = account.check()
        assert done.status == os.EX_PROTOCOL
        assert "postrider config set work.tls-trust-file /path/to/ca.pem" \
            in done.err
        account.mend(done.err.replace("/path/to/ca.pem", str(ca.pem)))
        assert account.check().status == 0


def test_a_certificate_of_another_name_leads_to_that_host(account, network):
    account.set(host="address.test")
    with network.server(users=USERS, leaf=network.leaf("mail.corp.test")):
        done = account.check()
        assert done.status == os.EX_PROTOCOL
        assert "if the provider calls it mail.corp.test: postrider config" \
            in done.err
        account.mend(done.err)
        assert account.check().status == 0


def test_a_sender_that_is_not_owned_leads_to_the_user(account, network):
    def refuse(session, line):
        return None if b"<alice@corp.test>" in line else (
            "553 5.7.1 Sender address rejected: not owned by user "
            "alice@corp.test")

    account.set(**{"from": "team@corp.test"})
    with network.server(users=USERS, faults={"mail": refuse}):
        done = account.check()
        assert done.status == os.EX_UNAVAILABLE
        account.mend(done.err)
        assert account.check().status == 0


def test_dead_name_servers_have_a_hint(account, network):
    account.set(timeout="1s")
    with network.without_answers():
        done = account.check()
    assert done.status == os.EX_TEMPFAIL
    assert "hint: check the network connection" in done.err


def test_no_port_offers_tls(account, network):
    account.set()
    with network.server(tls="none"):
        done = account.check()
    assert done.status == os.EX_PROTOCOL
    assert "none of its ports offers TLS" in done.err


def test_a_connection_without_tls_leads_to_the_setting(account, network):
    account.set(user=None, tls="none")
    with network.server(tls="none", mechanisms=()):
        said, _ = account.json()
    assert ["postrider config set work.tls starttls"] == [
        one["command"] for one in said["advice"]
        if "not encrypted" in one["text"]]
