# SPDX-License-Identifier: MIT
"""providers NAME: how to sign in comes first, and then all fields."""
import pytest


def page(postrider, name):
    done = postrider.run("providers", name)
    assert (done.status, done.err) == (0, "")
    return done.out


def test_it_begins_with_how_to_sign_in(postrider):
    said = page(postrider, "gmail")
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
    ("gmial", "gmail"), ("outlok", "outlook"), ("icluod", "icloud"),
    ("gmail.com", "gmail"), ("hotmail.fr", "outlook")])
def test_a_mistyped_name(postrider, name, meant):
    done = postrider.run("providers", name)
    assert (done.status, done.out) == (64, "")
    assert f"{name}: no such provider" in done.err
    assert f"hint: did you mean {meant}?" in done.err


def test_an_address_is_no_name(postrider):
    done = postrider.run("providers", "me@corp.example")
    assert (done.status, done.out) == (64, "")
    assert "postrider providers --find me@corp.example" in done.err
