# SPDX-License-Identifier: MIT
"""No file that a configuration names is used if another user could have
written it, or could read a secret in it."""
import os
import pathlib
import shutil

import pytest

from callers.session import MESSAGE, SECRET, auths
from peers.revocation import RevokingCA

FAULTS = {
    "of another user": (12345, 0o600, "chown "),
    "writable by the group": (0, 0o660, "chmod "),
    "writable by all": (0, 0o602, "chmod "),
    "readable by the group": (0, 0o640, "chmod 600 "),
    "readable by all": (0, 0o604, "chmod 600 "),
}
TRUSTED = {
    "tls-trust-file": lambda ca, one: ca.pem,
    "tls-crl-file": lambda ca, one: RevokingCA(
        one.parent, "revoking").revocation_list(),
    "tls-cert-file": lambda ca, one: ca.client.cert,
    "aliases": lambda ca, one: write(one, "bob: bob@example.test\n"),
    "-C": lambda ca, one: write(one, "retries = 0\n"),
}
SECRETS = {
    "tls-key-file": lambda ca, one: ca.client.key,
    "credential": lambda ca, one: write(one, SECRET + "\n"),
    "pin-source": lambda ca, one: write(one, "4321\n"),
}
WITH_CERTIFICATE = ("tls-cert-file", "tls-key-file", "pin-source")


def write(path, text):
    path.write_text(text)
    return path


def options(kind, path, ca):
    """The options that make postrider use the file."""
    if kind == "-C":
        return ["-C", path]
    if kind == "credential":
        return [f"--credential=file:{path}"]
    if kind == "pin-source":
        return [f"--tls-cert-file={ca.client.cert}",
                f"--tls-key-file=pkcs11:token=x?pin-source=file:{path}"]
    other = {"tls-cert-file": [f"--tls-key-file={ca.client.key}"],
             "tls-key-file": [f"--tls-cert-file={ca.client.cert}"]}
    return [f"--{kind}={path}", *other.get(kind, [])]


@pytest.fixture
def outcome_of(submit, make_server, ca, tmp_path):
    def run(kind, owner, mode):
        make = {**TRUSTED, **SECRETS}[kind]
        path = tmp_path / "file"
        shutil.copyfile(make(ca, tmp_path / "made"), path)
        path.chmod(mode)
        os.chown(path, owner, -1)
        how = {}
        if kind in WITH_CERTIFICATE:
            how = {"mechanisms": ("EXTERNAL",),
                   "context": ca.server.context(ask_client=True)}
        server = make_server(**how)
        outcome = submit(server, *options(kind, path, ca), "-t",
                         message=MESSAGE.replace(b"To: bob@example.test",
                                                 b"To: bob"),
                         user=None if how else "alice")
        return outcome, server, path
    return run


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", [*TRUSTED, *SECRETS])
def test_a_file_that_others_can_change_is_refused(outcome_of, kind, fault):
    owner, mode, remedy = FAULTS[fault]
    outcome, server, path = outcome_of(kind, owner, mode)
    if kind in TRUSTED and fault.startswith("readable"):
        assert outcome.status == 0, outcome.err
        return
    assert outcome.status == 78, outcome.err
    assert f"{path}: " in outcome.err
    assert f"{owner}" in outcome.err and f"mode {mode:o}" in outcome.err
    hint = outcome.err.partition("hint: ")[2]
    assert remedy in hint and str(path) in hint
    assert auths(server) == [] and server.messages == []


@pytest.mark.parametrize("kind", [*TRUSTED, "tls-key-file", "credential"])
def test_a_protected_file_is_used(outcome_of, kind):
    outcome, server, path = outcome_of(kind, 0, 0o600)
    assert outcome.status == 0, outcome.err
    assert len(server.messages) == 1


def test_a_file_that_systemd_protects_is_used(submit, make_server, ca,
                                              tmp_path):
    """systemd opens a credential for the user of the service by an access
    control list, whose mask is in the bits of the group."""
    directory = tmp_path / "credentials"
    directory.mkdir(mode=0o700)
    key = pathlib.Path(shutil.copy(ca.client.key, directory / "key"))
    key.chmod(0o440)
    server = make_server(mechanisms=("EXTERNAL",),
                         context=ca.server.context(ask_client=True))
    outcome = submit(server, f"--tls-cert-file={ca.client.cert}",
                     f"--tls-key-file={key}", user=None,
                     env={"CREDENTIALS_DIRECTORY": str(directory)})
    assert outcome.status == 0, outcome.err
