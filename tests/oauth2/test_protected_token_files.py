# SPDX-License-Identifier: MIT
"""No file for OAuth2 is used if another user could have written it, or could
read a secret in it."""
import os
import shutil

import pytest

from callers.credential import tokens

TRUSTED = {
    "token-trust-file": lambda keeper: keeper.ca.pem,
    "client-cert-file": lambda keeper: keeper.ca.client.cert,
}
SECRETS = {
    "client-secret": lambda keeper: write(keeper.home / "made", "s3cret\n"),
    "client-key": lambda keeper: keeper.ca.client.key,
    "entry": lambda keeper: None,
}
FAULTS = {
    "of another user": (12345, 0o600),
    "writable by the group": (0, 0o660),
    "writable by all": (0, 0o602),
    "readable by the group": (0, 0o640),
    "readable by all": (0, 0o604),
}


def write(path, text):
    path.write_text(text)
    return path


def settings(kind, path, keeper):
    if kind == "client-secret":
        return {kind: f"file:{path}"}
    other = {"client-cert-file": {"client-key": keeper.ca.client.key},
             "client-key": {"client-cert-file": keeper.ca.client.cert}}
    return {kind: path, **other.get(kind, {})}


@pytest.fixture
def get(keeper, endpoint):
    """Renews a token with such a file."""
    def run(kind, owner, mode):
        endpoint.token(tokens())
        keeper.configure()
        keeper.keep()
        path = keeper.home / "file"
        if kind == "entry":
            path = keeper.entry_file()
        else:
            shutil.copyfile({**TRUSTED, **SECRETS}[kind](keeper), path)
            keeper.configure(keeper.account(**settings(kind, path, keeper)))
        path.chmod(mode)
        os.chown(path, owner, -1)
        return keeper.get(), path
    return run


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", [*TRUSTED, *SECRETS])
def test_a_file_that_others_can_change_is_refused(get, endpoint, kind, fault):
    owner, mode = FAULTS[fault]
    result, path = get(kind, owner, mode)
    if kind in TRUSTED and fault.startswith("readable"):
        assert result.status == 0, result.err
        return
    assert result.status == 78, result.err
    assert f"{path}: " in result.err and f"mode {mode:o}" in result.err
    assert str(path) in result.hint
    assert ("chown" if owner else "chmod") in result.hint
    assert endpoint.requests == []


@pytest.mark.parametrize("kind", [*TRUSTED, *SECRETS])
def test_a_protected_file_is_used(get, endpoint, kind):
    result, path = get(kind, 0, 0o600)
    assert result.status == 0, result.err
    assert result.answer["password"]
