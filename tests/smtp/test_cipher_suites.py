# SPDX-License-Identifier: MIT
"""Which cipher suites are offered (RFC 9325), and how a server that has none
of them can be used all the same."""
import ssl
import struct

import pytest

from dialogue.pop3 import Pop3Server
from dialogue.server import Listener

# From the IANA registry "TLS Cipher Suites".
RECOMMENDED = {
    0x1301: "TLS_AES_128_GCM_SHA256",
    0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256",
    0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
}
SIGNALS = {0x00FF}  # RFC 5746, no cipher suite
STATIC_RSA_CBC = 0x002F
ANCIENT = "AES128-SHA"  # TLS_RSA_WITH_AES_128_CBC_SHA


@pytest.fixture
def offered(submit):
    """The cipher suites of a ClientHello, with these arguments."""
    def run(*arguments):
        hellos = []

        def play(wire):
            head = wire.read(5)
            hellos.append(head + wire.read(int.from_bytes(head[3:], "big")))

        with Listener(play) as server:
            outcome = submit(server, *arguments, tls="implicit")
        assert outcome.status == 75, outcome.err
        return cipher_suites(hellos[0])
    return run


def cipher_suites(record):
    """Of a ClientHello (RFC 8446 sections 4.1.2 and 5.1)."""
    assert record[0] == 22 and record[5] == 1
    at = 5 + 4 + 2 + 32
    at += 1 + record[at]
    size, = struct.unpack_from(">H", record, at)
    return set(struct.unpack_from(f">{size // 2}H", record, at + 2)) - SIGNALS


@pytest.fixture
def ancient(ca):
    """The TLS context of a server with one obsolete cipher suite."""
    context = ca.leaf("ancient", algorithm="rsa:2048").context(
        highest=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(ANCIENT + ":@SECLEVEL=0")
    return context


def test_only_what_is_recommended_is_offered(offered):
    assert offered() == set(RECOMMENDED)


def test_a_priority_string_decides_what_is_offered(offered):
    assert STATIC_RSA_CBC in offered("--tls-priority=NORMAL")
    assert offered("--tls-priority=NORMAL:-CIPHER-ALL:+AES-128-GCM:-KX-ALL:"
                   "+ECDHE-RSA") == {0x1301, 0xC02F}
    assert offered("--tls-priority=") == set(RECOMMENDED)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("suite, used", [
    ("ECDHE-RSA-AES128-GCM-SHA256", True),
    ("ECDHE-RSA-CHACHA20-POLY1305", True),
    ("ECDHE-RSA-AES128-SHA", False), ("DHE-RSA-AES128-GCM-SHA256", False),
    ("AES128-GCM-SHA256", False), (ANCIENT, False)])
def test_a_server_with_one_cipher_suite(submit, make_server, ca, tls, suite,
                                        used):
    context = ca.leaf("single", algorithm="rsa:2048").context(
        highest=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(suite + ":@SECLEVEL=0")
    outcome = submit(make_server(context=context, tls=tls))
    assert outcome.status == (0 if used else 76), outcome.err
    if not used:
        hint = outcome.err.partition("hint: ")[2]
        assert "obsolete" in hint and "tls-priority" in hint


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_priority_string_permits_an_obsolete_server(submit, make_server,
                                                      ancient, tls):
    server = make_server(context=ancient, tls=tls)
    outcome = submit(server, "--tls-priority=NORMAL")
    assert outcome.status == 0, outcome.err
    assert len(server.messages) == 1


@pytest.mark.parametrize("string, position, rest", [
    ("NORMAL:+FOO", 8, "+FOO"), ("nonsense", 1, "nonsense"),
    ("NORMAL:%NOTHING:+AES-128-CBC", 8, "%NOTHING")])
def test_a_wrong_priority_string_is_an_error_of_configuration(
        submit, make_server, string, position, rest):
    server = make_server()
    outcome = submit(server, f"--tls-priority={string}")
    assert outcome.status == 78, outcome.err
    assert f"character {position}: \"{rest}" in outcome.err
    assert "tls-priority" in outcome.err.partition("hint: ")[2]
    assert server.messages == []


@pytest.mark.parametrize("way", ["implicit", "starttls"])
def test_pop_before_smtp_is_held_to_the_same(submit, make_server, ancient,
                                             way):
    smtp = make_server(mechanisms=())
    with Pop3Server(context=ancient, tls=way) as pop:
        options = ("--auth=pop-before-smtp", f"--pop-port={pop.port}",
                   f"--pop-tls={way}")
        outcome = submit(smtp, *options)
        assert outcome.status == 76, outcome.err
        assert "obsolete" in outcome.err and "tls-priority" in outcome.err
        assert pop.signed_in == [] and "PASS" not in pop.commands
        outcome = submit(smtp, *options, "--tls-priority=NORMAL")
        assert outcome.status == 0, outcome.err
        assert pop.signed_in == ["alice"]
        outcome = submit(smtp, *options, "--tls-priority=NORMAL:+FOO")
        assert outcome.status == 78, outcome.err
        assert "character 8" in outcome.err
        assert pop.signed_in == ["alice"]
