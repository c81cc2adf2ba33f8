# SPDX-License-Identifier: MIT
"""What configure leaves out is left out, and the programs say so."""
import subprocess

import pytest

from callers.command_line import Send
from dialogue.submission import SubmissionServer
from peers.program import Postrider

RCPT = "you@example.org"
LEAST = ("--without-gsasl --without-oauth2 --without-libsecret "
         "--without-compose")
LEFT_OUT = ("libgsasl", "libcurl", "libjansson", "libmicrohttpd", "libsecret",
            "libgmime", "libmagic", "libexpat")


@pytest.fixture(scope="module")
def least(release):
    """The build directory of the smallest build."""
    tree = release("least", "-j2", f"CONFIGURE_FLAGS={LEAST}", "all")
    return tree / "build"


@pytest.fixture
def postrider(least, tmp_path):
    return Postrider(least, tmp_path)


@pytest.fixture
def send(postrider, ca):
    return Send(postrider, ca)


def test_version_says_what_is_missing(postrider):
    out = postrider.run("version").out
    for part in "GNU SASL", "OAuth2", "keyring", "send":
        assert f"without {part}" in out


def test_its_programs_need_few_libraries(least):
    for name in "postrider", "postrider-credential":
        needed = subprocess.run(["ldd", least / name], check=True,
                                capture_output=True, text=True).stdout
        for library in LEFT_OUT:
            assert library not in needed, name
    assert not (least / "postrider-oauth2").exists()
    assert not (least / "postrider-compose").exists()


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("password", ["secret", "\xfcnicode", "a b=c,d"])
def test_it_signs_in(send, ca, mechanism, password):
    with SubmissionServer(ca.leaf("localhost"), mechanisms=(mechanism,),
                          users={"alice": password}) as server:
        outcome = send(server, RCPT, password=password)
    assert outcome.status == 0, outcome.err
    assert len(server.messages) == 1


def test_a_server_without_these_mechanisms_is_explained(send, ca):
    with SubmissionServer(ca.leaf("localhost"),
                          mechanisms=("SCRAM-SHA-256",)) as server:
        outcome = send(server, RCPT)
    assert outcome.status == 77
    hint = outcome.err.split("hint: ")[1]
    assert "PLAIN" in hint and "SCRAM" not in hint


def test_oauth2_is_explained(postrider):
    outcome = postrider.run("login", "me@outlook.com")
    assert outcome.status == 78
    assert "no postrider-oauth2" in outcome.err
