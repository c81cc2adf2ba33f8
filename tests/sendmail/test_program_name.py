# SPDX-License-Identifier: MIT
"""Commands are recognised only as the first argument, and only if the program
is called as postrider."""
import pytest

from callers.mail import run_without_input

RCPT = "you@example.org"
VERBS = ["help", "version", "providers", "accounts", "login"]


@pytest.mark.parametrize("name", ["sendmail", "send-mail"])
def test_is_sendmail(mail, name):
    assert mail.send("-oi", RCPT, name=name).to == [RCPT]


def test_mailq_shows_the_queue_without_reading(mail):
    done = mail.run(name="mailq", input=b"")
    assert (done.status, done.out, done.err) == (0, "Mail queue is empty\n",
                                                 "")
    done = run_without_input(mail.postrider, "-bp")
    assert done.stdout == b"Mail queue is empty\n"


@pytest.mark.parametrize("arguments", [[], ["-v"]])
def test_newaliases_is_silent(mail, arguments):
    done = mail.run(*arguments, name="newaliases", input=b"")
    assert (done.status, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["sendmail", "send-mail"])
def test_sendmail_has_no_verbs(mail, name, verb):
    """A local user may have that name."""
    message = mail.send(verb, name=name)
    assert message.to == [f"{verb}@example.test"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_one_only_as_the_first_word(mail, verb):
    assert mail.send("-i", verb).to == [f"{verb}@example.test"]
    assert mail.send("--", verb).to == [f"{verb}@example.test"]
    assert mail.send(RCPT, verb).to == [RCPT, f"{verb}@example.test"]


@pytest.mark.parametrize("arguments", [["version"], ["--version"]])
def test_version_is_one_line(postrider, arguments):
    done = postrider.run(*arguments)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("postrider ")
    assert done.out.count("\n") == 1


@pytest.mark.parametrize("arguments, message", [
    (["accounts", "one"], "unknown argument: one"),
    (["login"], "missing address or account name"),
    (["login", "me@example.test", "-t"], "-t is an option of sending"),
    (["login", "me"], "neither an account nor an email address"),
    (["providers", "nobody"], "no such provider"),
    (["providers", "--nonsense"], "no such option"),
])
def test_a_verb_that_is_misused_says_so(postrider, arguments, message):
    done = postrider.run(*arguments)
    assert done.status == 64
    assert done.out == ""
    assert message in done.err
