# SPDX-License-Identifier: MIT
"""The anchors that a system trusts, without an option that names them.

Only those are parsed that a chain needs, and all of them before anything is
refused. Which of the two found it shows where only one of them looks.
"""
import pathlib

import pytest

from peers.ca import Authority
from peers.namespace import Mounts

SYSTEM = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def with_bundle(tmp_path):
    """Wraps a command for which the text is the system's bundle."""
    def make(text, place=SYSTEM):
        bundle = tmp_path / "bundle.pem"
        bundle.write_text(text)
        return Mounts({place: bundle}, empty=["/etc/ssl"]).wrap
    return make


@pytest.fixture(scope="module")
def roots():
    text = SYSTEM.read_text()
    assert text.count("BEGIN CERTIFICATE") > 100
    return text


@pytest.mark.parametrize("first", [False, True], ids=["last", "first"])
def test_one_anchor_of_many_is_found(submit, make_server, ca, roots,
                                     with_bundle, first):
    own = ca.pem.read_text()
    text = own + roots if first else roots + own
    outcome = submit(make_server(), trust=False, wrap=with_bundle(text))
    assert outcome.status == 0, outcome.err


def test_an_anchor_that_is_missing_is_a_security_stop(submit, make_server,
                                                      roots, with_bundle):
    server = make_server()
    outcome = submit(server, trust=False, wrap=with_bundle(roots))
    assert outcome.status == 76, outcome.err
    assert "not signed by a trusted" in outcome.err
    assert b"AUTH" not in server.received


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nMIIB\n"])
def test_a_bundle_that_is_no_use_is_a_security_stop(submit, make_server,
                                                    with_bundle, text):
    outcome = submit(make_server(), trust=False, wrap=with_bundle(text))
    assert outcome.status == 76, outcome.err


def test_no_bundle_at_all_is_a_security_stop(submit, make_server):
    outcome = submit(make_server(), trust=False,
                     wrap=Mounts(empty=["/etc/ssl"]).wrap)
    assert outcome.status == 76, outcome.err


def test_a_place_that_only_we_know_is_read(submit, make_server, ca, roots,
                                           with_bundle):
    wrap = with_bundle(roots + ca.pem.read_text(), "/etc/ssl/cert.pem")
    outcome = submit(make_server(), trust=False, wrap=wrap)
    assert outcome.status == 0, outcome.err


def test_what_only_the_whole_trust_has_is_found_too(submit, make_server, ca,
                                                    roots, with_bundle):
    # An older label, which the search for issuers doesn't know.
    own = ca.pem.read_text().replace(" CERTIFICATE", " X509 CERTIFICATE")
    outcome = submit(make_server(), trust=False,
                     wrap=with_bundle(roots + own))
    assert outcome.status == 0, outcome.err


def test_an_anchor_of_the_same_name_is_no_obstacle(submit, make_server, ca,
                                                   tmp_path, with_bundle):
    double = Authority(tmp_path, "ca")  # the same subject, another key
    text = double.pem.read_text() + ca.pem.read_text()
    outcome = submit(make_server(), trust=False, wrap=with_bundle(text))
    assert outcome.status == 0, outcome.err
    other = with_bundle(double.pem.read_text())
    assert submit(make_server(), trust=False, wrap=other).status == 76


def test_remarks_and_other_line_ends_are_no_obstacle(submit, make_server, ca,
                                                     roots, with_bundle):
    own = "# ours\n" + ca.pem.read_text()
    text = (roots + own).replace("\n", "\r\n") + "-----BEGIN CERTIFICATE-----"
    outcome = submit(make_server(), trust=False, wrap=with_bundle(text))
    assert outcome.status == 0, outcome.err


def test_a_chain_with_an_intermediate_is_followed(submit, make_server, ca,
                                                  roots, with_bundle):
    (ca.directory / "followed").mkdir()
    leaf = Authority(ca.directory, "followed/intermediate", ca).leaf(
        "followed/leaf")
    wrap = with_bundle(roots + ca.pem.read_text())
    outcome = submit(make_server(leaf=leaf), trust=False, wrap=wrap)
    assert outcome.status == 0, outcome.err
    # The root of the chain is enough; the intermediate is no anchor.
    wrap = with_bundle(roots)
    assert submit(make_server(leaf=leaf), trust=False, wrap=wrap).status == 76
