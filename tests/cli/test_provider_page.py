# SPDX-License-Identifier: MIT
"""providers NAME: how to sign in; with -v, all fields follow."""
import json

import pytest

from peers.terminal import Terminal


def page(postrider, *arguments):
    done = postrider.run("providers", *arguments)
    assert (done.status, done.err) == (0, "")
    return done.out


def test_it_begins_with_how_to_sign_in(postrider):
    said = page(postrider, "-v", "gmail")
    lines = said.splitlines()
    assert lines[0] == "Gmail: smtp.gmail.com port 587, STARTTLS"
    order = ["With an app password:", "https://myaccount.google.com/",
             "postrider login me@gmail.com", "With OAuth2",
             "postrider login --client-id=ID me@gmail.com",
             "Limits and notes:", "at most 35.9 MB", "500 messages a day",
             "All fields",
             "token-url"]
    places = [said.index(text) for text in order]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["gmail", "outlook", "icloud", "gmx"])
def test_it_fits_a_screen(postrider, name):
    """It is how to sign in that must be read; outlook has a hundred domains."""
    with Terminal(postrider, "providers", name) as person:
        assert person.leaves() == 0
        assert len(person.lines) <= 24
        assert f"All fields: postrider providers -v {name}" in person.shown


@pytest.mark.parametrize("name, command", [
    ("outlook", "postrider login --client-id=ID me@outlook.com"),
    ("icloud", "postrider login me@icloud.com"),
    ("gmx", "postrider login me@gmx.de"),
    ("proton", "postrider login --provider=proton me@example.org"),
    ("ses", "postrider login --provider=ses --region=REGION --user=USER "
            "me@example.org")])
def test_the_command_finds_this_provider(postrider, name, command):
    assert command in [line.strip()
                       for line in page(postrider, name).splitlines()]


def test_what_must_be_enabled(postrider):
    said = page(postrider, "gmx")
    assert said.index("First switch on SMTP:") < said.index("postrider login")


def test_a_provider_without_smtp_has_no_command(postrider):
    said = page(postrider, "tuta")
    assert "Not available:\n  Tuta has no SMTP submission" in said
    assert "postrider login" not in said


def test_a_provider_of_the_configuration(postrider):
    postrider.configure('provider corp {\n\thost = smtp.corp.example\n'
                        '\tdomains = { corp.example }\n}\n')
    said = page(postrider, "corp")
    assert "corp: smtp.corp.example port 587, STARTTLS" in said
    assert "postrider login me@corp.example" in said


@pytest.mark.parametrize("name, meant", [
    ("gmial", "gmail"), ("outlok", "outlook"), ("icluod", "icloud")])
def test_a_mistyped_name(postrider, name, meant):
    done = postrider.run("providers", name)
    assert (done.status, done.out) == (64, "")
    assert f"{name}: no such provider" in done.err
    assert f"hint: did you mean {meant}?" in done.err


def test_an_address_is_no_name(postrider):
    done = postrider.run("providers", "me@corp.example")
    assert (done.status, done.out) == (64, "")
    assert "postrider providers --find me@corp.example" in done.err


@pytest.mark.parametrize("domain, name", [
    ("gmail.com", "gmail"), ("hotmail.fr", "outlook"),
    ("Yahoo.CO.JP", "yahoo-jp")])
def test_the_provider_of_a_domain(postrider, domain, name):
    assert page(postrider, domain) == page(postrider, name)


def test_the_providers_whose_name_or_title_contains_a_word(postrider):
    lines = page(postrider, "jApan").splitlines()
    assert [line.split()[0] for line in lines] == ["yahoo-jp", "zoho-jp"]
    assert "smtp.zoho.jp" in lines[1]
    assert lines[1].endswith("Zoho Mail, Japan")


def test_a_word_that_is_a_name_too_shows_that_provider(postrider):
    assert page(postrider, "zoho").startswith("Zoho Mail: smtp.zoho.com")


def test_the_list_is_in_the_order_of_names_and_fits(postrider):
    lines = postrider.run("providers").out.splitlines()
    names = [line.split()[0] for line in lines]
    assert names == sorted(names) and len(names) > 200
    assert max(len(line) for line in lines) <= 80


def test_json_of_a_word(postrider):
    done = postrider.run("providers", "--json", "mailgun-")
    assert [one["name"] for one in json.loads(done.out)] == ["mailgun-eu"]
