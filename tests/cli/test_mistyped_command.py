# SPDX-License-Identifier: MIT
"""A mistyped command is an error; it isn't taken for a recipient."""
import pytest

from callers.mail import MESSAGE

RCPT = "you@example.org"
NEAR = [("chekc", "check"), ("chek", "check"), ("cehck", "check"),
        ("acc", "accounts"), ("account", "accounts"), ("provider", "providers"),
        ("logn", "login"), ("Login", "login"), ("tokn", "token"),
        ("vers", "version"), ("halp", "help"), ("logut", "logout")]


@pytest.mark.parametrize("word, meant", NEAR)
@pytest.mark.parametrize("input", [b"", MESSAGE])
def test_a_lone_word_near_a_command(mail, word, meant, input):
    output = mail.refuse(64, word, input=input)
    assert f"{word}: unknown command" in output
    assert f'did you mean "postrider {meant}"?' in output
    assert f"postrider -- {word}" in output


@pytest.mark.parametrize("arguments", [["-v"], ["--timeout=3s"], ["-F", "Me"]])
@pytest.mark.parametrize("word", ["chekc", "check"])
def test_options_of_commands_may_precede_it(mail, arguments, word):
    output = mail.refuse(64, *arguments, word)
    assert 'did you mean "postrider check"?' in output


@pytest.mark.parametrize("arguments", [
    ["--", "chekc"], ["-i", "chekc"], ["-oem", "-i", "chekc"], ["chuckle"],
    ["-f", "me@example.test", "chekc"], ["chekc", "root"], ["root"],
    ["-i", "queue"], ["ac"], ["chekc@example.test"]])
def test_what_may_be_a_local_user(mail, arguments):
    name = arguments[-1].partition("@")[0]
    assert f"{name}@example.test" in mail.send(*arguments).to


@pytest.mark.parametrize("address", ["accounts@a.b", "providers@x"])
def test_an_address_is_no_command(mail, address):
    assert mail.send(address).to == [address]


@pytest.mark.parametrize("name", ["sendmail", "send-mail"])
@pytest.mark.parametrize("input", [b"", MESSAGE])
def test_sendmail_sends_to_every_name(mail, name, input):
    assert mail.send("chekc", name=name, input=input).to == [
        "chekc@example.test"]


@pytest.mark.parametrize("arguments", [
    ["-a", "test", "chekc"], ["-i", "chekc"], ["logni", "me@example.test"],
    ["chekc", RCPT]])
def test_a_person_means_a_command(mail, arguments):
    """At a terminal it is refused before the user enters a message."""
    status, output = mail.postrider.at_terminal(arguments)
    assert status == 64
    assert "unknown command" in output
    assert mail.server.commands == []
