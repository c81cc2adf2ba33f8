#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes what fuzz-verify needs, in a directory: trust.pem, the parts of
certificates that their signatures cover (*.tbs) of those that may be accepted,
and seeds, chains of certificates good and bad: chains.py DIRECTORY."""
import pathlib
import shutil
import ssl
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from peers.ca import ODD, RunCA  # noqa: E402

BEGIN = "-----BEGIN CERTIFICATE-----"
STRENGTH, PINNED = 1, 2  # as in fuzz-verify.c


def certificates(path):
    """The DER of each certificate of a PEM file."""
    blocks = path.read_text().split(BEGIN)[1:]
    return [ssl.PEM_cert_to_DER_cert(BEGIN + block) for block in blocks]


def element(der, at):
    """(start of the content, end) of the DER element at an offset."""
    length, start = der[at + 1], at + 2
    if length >= 0x80:
        start += length & 0x7f
        length = int.from_bytes(der[at + 2:start], "big")
    return start, start + length


def to_be_signed(der):
    start, _ = element(der, 0)
    return der[start:element(der, start)[1]]


def seed(flags, chain):
    return bytes([flags]) + b"".join(
        struct.pack(">H", len(der)) + der for der in chain)


def main(directory):
    directory = pathlib.Path(directory)
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "ca").mkdir(parents=True)
    (directory / "seeds").mkdir()
    ca = RunCA(directory / "ca")
    odd = {kind: ca.odd(kind) for kind in ODD}
    shutil.copy(ca.pem, directory / "trust.pem")
    leaf, = certificates(ca.server.chain)
    other, = certificates(odd["missing-intermediate"].chain)
    (directory / "leaf.der").write_bytes(leaf)
    (directory / "leaf.tbs").write_bytes(to_be_signed(leaf))
    (directory / "other.tbs").write_bytes(to_be_signed(other))
    between = certificates(
        directory / "ca/missing-intermediate/intermediate.pem")
    chains = {"good": [leaf], "long": [other, *between],
              "whole": [leaf, *certificates(ca.pem)],
              **{kind: certificates(one.chain) for kind, one in odd.items()}}
    for name, chain in chains.items():
        for flags in (0, STRENGTH, PINNED):
            (directory / "seeds" / f"{name}-{flags}").write_bytes(
                seed(flags, chain))


main(sys.argv[1])
