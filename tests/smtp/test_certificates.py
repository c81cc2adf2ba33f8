# SPDX-License-Identifier: MIT
"""Which certificates are believed, through STARTTLS and through implicit TLS.

Whatever is refused is refused before a byte of AUTH, once, with 76.
"""
import hashlib
import ssl

import pytest

from dialogue.server import Listener
from peers.names import Names
from callers.session import SECRET
from peers.revocation import RevokingCA, StaplingTLS

NAMES = ("mail.example.test", "example.test", "a.mail.example.test",
         "other.example.test", "xn--bcher-kva.example.test",
         "mail.example.test.")
# What is odd, the host that it is shown for, a word of the explanation.
REFUSED = [
    ("expired", "localhost", "expired"),
    ("not-yet-valid", "localhost", "not valid yet"),
    ("wrong-host", "localhost", "another name"),
    ("self-signed", "localhost", "not signed by a trusted"),
    ("other-ca", "localhost", "not signed by a trusted"),
    ("missing-intermediate", "localhost", "not signed by a trusted"),
    ("common-name-only", "localhost", "another name"),
    ("no-server-purpose", "localhost", "not valid for a server"),
    ("rsa-1024", "localhost", "uses a weak"),
    ("sha1", "localhost", "uses a weak"),
    ("address-as-name", "127.0.0.1", "another name"),
    ("wildcard-top", "example.test", "another name"),
    ("wildcard-part", "mail.example.test", "another name"),
    ("wildcard-two-labels", "a.mail.example.test", "another name"),
]
TLS = pytest.mark.parametrize("tls", ["starttls", "implicit"])


@pytest.fixture(scope="session")
def names(run_directory):
    directory = run_directory / "session-names"
    directory.mkdir()
    names = Names(directory, dict.fromkeys(NAMES, "127.0.0.1"))
    names.check()
    return names


@pytest.fixture(scope="session")
def odd(ca):
    """Makes each odd leaf once."""
    made = {}

    def make(kind):
        if kind not in made:
            made[kind] = ca.odd(kind)
        return made[kind]

    return make


@pytest.fixture(scope="session")
def revoking(run_directory):
    directory = run_directory / "revoking"
    directory.mkdir()
    ca = RevokingCA(directory, "revoking")
    bad = ca.leaf("bad")
    ca.revoke(bad)
    return ca, ca.leaf("good"), bad


def is_refused(server, outcome, message):
    assert outcome.status == 76, outcome.err
    assert outcome.tries == 1
    assert message in outcome.err
    assert b"AUTH" not in server.received
    assert SECRET.encode() not in server.received


def fingerprint(leaf):
    der = ssl.PEM_cert_to_DER_cert(leaf.cert.read_text())
    return hashlib.sha256(der).hexdigest()


@TLS
@pytest.mark.parametrize("kind, host, message", REFUSED,
                         ids=[row[0] for row in REFUSED])
def test_an_odd_certificate_is_refused(submit, make_server, odd, names, tls,
                                       kind, host, message):
    server = make_server(leaf=odd(kind), tls=tls)
    outcome = submit(server, host=host, wrap=names.wrap, retries=2)
    is_refused(server, outcome, message)
    assert outcome.err.count("hint: ") == 1


@TLS
@pytest.mark.filterwarnings("ignore:.*TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1,
                                     ssl.TLSVersion.TLSv1_1])
def test_an_old_protocol_is_refused(submit, make_server, ca, tls, version):
    context = ca.server.context(lowest=version, highest=version)
    server = make_server(context=context, tls=tls)
    outcome = submit(server, retries=2)
    is_refused(server, outcome, "TLS handshake")


@TLS
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_a_new_protocol_is_accepted(submit, make_server, ca, tls, version):
    context = ca.server.context(lowest=version, highest=version)
    outcome = submit(make_server(context=context, tls=tls))
    assert outcome.status == 0, outcome.err


@TLS
@pytest.mark.parametrize("host, leaf_names", [
    ("127.0.0.1", ("IP:127.0.0.1",)),
    ("mail.example.test", ("DNS:*.example.test",)),
    ("MAIL.Example.Test", ("DNS:mail.example.test",)),
    ("mail.example.test.", ("DNS:mail.example.test",)),
    ("mail.example.test", ("DNS:other.example.test",
                           "DNS:mail.example.test")),
    ("bücher.example.test", ("DNS:xn--bcher-kva.example.test",)),
    ("xn--bcher-kva.example.test", ("DNS:xn--bcher-kva.example.test",)),
    ("BÜCHER.example.test", ("DNS:*.example.test",)),
])
def test_a_good_name_is_accepted(submit, make_server, ca, names, tls, host,
                                 leaf_names):
    leaf = ca.leaf("good-name", names=leaf_names, common_name="whatever")
    server = make_server(leaf=leaf, tls=tls)
    outcome = submit(server, host=host, wrap=names.wrap)
    assert outcome.status == 0, outcome.err


@TLS
def test_an_address_of_ipv6_is_accepted(submit, make_server, ca, tls):
    server = make_server(address="::1", tls=tls)
    outcome = submit(server, host="::1")
    assert outcome.status == 0, outcome.err


@TLS
@pytest.mark.parametrize("host, leaf_names", [
    ("127.0.0.1", ("IP:127.0.0.2",)),
    ("127.0.0.1", ("DNS:localhost",)),
    ("localhost", ("IP:127.0.0.1",)),
    ("localhost", ("URI:smtp://localhost",)),
    ("localhost", ("email:alice@localhost",)),
    ("mail.example.test", ("DNS:example.test",)),
    ("example.test", ("DNS:*.example.test",)),
    ("mail.example.test", ("DNS:*",)),
    ("mail.example.test", ("DNS:*.*.test",)),
    ("mail.example.test", ("DNS:mail.*.test",)),
    ("mail.example.test", ("DNS:*mail.example.test",)),
    ("xn--bcher-kva.example.test", ("DNS:xn--*.example.test",)),
])
def test_a_name_that_only_looks_alike_is_refused(submit, make_server, ca,
                                                 names, tls, host,
                                                 leaf_names):
    leaf = ca.leaf("alike", names=leaf_names, common_name=host)
    server = make_server(leaf=leaf, tls=tls)
    outcome = submit(server, host=host, wrap=names.wrap)
    is_refused(server, outcome, "another name")


@pytest.mark.parametrize("host", [".localhost", "local\thost", "local\x7fhost",
                                  "localhost\n", "local host", "a..b",
                                  "localhost\x01"])
def test_a_host_that_is_none_is_refused(submit, make_server, host):
    outcome = submit(make_server(), host=host)
    assert outcome.status in (64, 78), outcome.err
    assert outcome.tries == 0


@TLS
@pytest.mark.parametrize("kind", ["self-signed", "expired", "wrong-host",
                                  "rsa-1024"])
def test_a_pinned_certificate_is_accepted(submit, make_server, odd, tls,
                                          kind):
    leaf = odd(kind)
    outcome = submit(make_server(leaf=leaf, tls=tls), "--tls-fingerprint",
                     fingerprint(leaf))
    assert outcome.status == 0, outcome.err


@TLS
def test_another_than_the_pinned_one_is_refused(submit, make_server, odd, ca,
                                                tls):
    server = make_server(tls=tls)
    outcome = submit(server, "--tls-fingerprint",
                     fingerprint(odd("self-signed")))
    is_refused(server, outcome, "pinned")
    seen = fingerprint(ca.server).upper()
    assert seen in outcome.err.replace(":", "")


# ---- revoked -----------------------------------------------------------------

@TLS
def test_a_listed_certificate_is_refused(submit, make_server, revoking, tls):
    ca, good, bad = revoking
    crl = ca.revocation_list()
    server = make_server(leaf=bad, tls=tls)
    trust = ("--tls-trust-file", ca.pem)
    assert submit(server, *trust).status == 0
    server = make_server(leaf=bad, tls=tls)
    outcome = submit(server, *trust, "--tls-crl-file", crl)
    is_refused(server, outcome, "is revoked")


@TLS
def test_one_that_is_not_listed_is_accepted(submit, make_server, revoking,
                                            tls):
    ca, good, bad = revoking
    outcome = submit(make_server(leaf=good, tls=tls), "--tls-trust-file",
                     ca.pem, "--tls-crl-file", ca.revocation_list())
    assert outcome.status == 0, outcome.err


@TLS
@pytest.mark.parametrize("state", ["good", "revoked"])
def test_a_stapled_answer_counts(submit, revoking, tls, state):
    ca, good, bad = revoking
    leaf = good if state == "good" else bad
    with StaplingTLS(leaf, ca.staple(leaf)) as stapling, \
            Listener(stapling.play(tls)) as server:
        outcome = submit(server, "--tls-trust-file", ca.pem, tls=tls)
    if state == "good":
        assert outcome.status == 75, outcome.err
        assert "421 4.3.2 convinced" in outcome.err
    else:
        is_refused(server, outcome, "is revoked")


# ---- files that are no use ---------------------------------------------------

@pytest.mark.parametrize("option", ["--tls-trust-file", "--tls-crl-file",
                                    "--tls-cert-file"])
@pytest.mark.parametrize("content", [None, b"no certificate\n"])
def test_a_file_that_is_no_use_stops_before_anything_is_sent(
        submit, make_server, tmp_path, option, content):
    path = tmp_path / "file.pem"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    server = make_server()
    outcome = submit(server, option, path)
    assert outcome.status in (76, 78), outcome.err
    assert b"AUTH" not in server.received
    if content is None:
        assert outcome.status == 78
        assert str(path) in outcome.err
