# SPDX-License-Identifier: MIT
"""A store that can't be written, before or after a refresh token is spent. The
provider accepts each refresh token once."""
import contextlib
import os
import subprocess
import threading
import time

import pytest

from callers.credential import AGAIN, HOUR, Keeper, Rotating, tokens
from peers.keyring import Keyring
from peers.namespace import SmallDisk
from peers.stores import (EncryptedDirectory, Directory, Helper, InKeyring,
                          own_user)

USER = own_user("alice")
NOT_RENEWED = "the token is not renewed, because it could not be stored: "
UNSTORED = f"warning: the new refresh token of {USER} at localhost cannot " \
    "be stored: "
SOON = 60  # seconds; less than the margin, enough for one message
BRIEFLY = 1.0  # seconds


class Card:
    """A directory with entries that age encrypts, with a smart card."""

    def __init__(self, home):
        self._store = EncryptedDirectory(home)
        self._missing = home / "card-is-missing"
        self.env, self.wrap = {}, []
        self.fields = {**self._store.fields, "credential-encrypt":
                       f"test ! -e {self._missing} || exit 3; "
                       + self._store.encrypt}
        self.read, self.write = self._store.read, self._store.write

    def fail(self):
        self._missing.touch()

    def recover(self):
        self._missing.unlink()


class Disk:
    """A directory on a file system that becomes full."""

    def __init__(self, home, disk):
        self._disk = disk
        self._store = Directory(home)
        self._store.directory = disk.path
        self.env, self.wrap = {}, disk.wrap
        self.fields = {"credential-folder": disk.directory,
                       "credential-encrypt": "plain-text"}
        self.read, self.write = self._store.read, self._store.write
        self.fail, self.recover = disk.fill, disk.free


class Locked(InKeyring):
    """A keyring that the desktop locks."""
    wrap = ()

    def fail(self):
        self.keyring.lock()

    def recover(self):
        self.keyring.restart()


class FullKeyring(InKeyring):
    """A keyring whose disk gets full: its daemon can't replace its file."""
    wrap = ()

    def fail(self):
        self._strace = subprocess.Popen(
            ["strace", "-f", "-e", "trace=rename", "-e",
             "inject=rename:error=ENOSPC", "-o", os.devnull, "-p",
             str(self.keyring.daemon.pid)],
            stderr=subprocess.PIPE, text=True)
        assert "attached" in self._strace.stderr.readline()

    def recover(self):
        self._strace.terminate()
        self._strace.communicate()
        self.keyring.restart()


class Broken(Helper):
    """A git helper that fails, or that exits with 0 without storing."""
    wrap = ()

    def __init__(self, home, status):
        super().__init__(home)
        self._broken = home / "broken"
        program = self.fields["credential-helper"]
        program.write_text(program.read_text().replace(
            "store)", f"store) test ! -e {self._broken} || exit {status};"))

    def fail(self):
        self._broken.touch()

    def recover(self):
        self._broken.unlink()


@pytest.fixture
def make_store(tmp_path):
    with contextlib.ExitStack() as opened:
        def make(name):
            if name in ("keyring", "full keyring"):
                kind = Locked if name == "keyring" else FullKeyring
                return kind(tmp_path, opened.enter_context(Keyring()))
            if name == "disk":
                return Disk(tmp_path, opened.enter_context(
                    SmallDisk(tmp_path / "disk")))
            if name == "card":
                return Card(tmp_path)
            return Broken(tmp_path, 0 if name == "liar" else 1)

        yield make


@pytest.fixture
def provider(ca):
    with Rotating(ca.server) as server:
        yield server


@pytest.fixture
def make_keeper(tmp_path, ca, provider):
    def make(store, expires=-10, access="access-0"):
        keeper = Keeper(tmp_path, ca)
        keeper.server = provider
        keeper.env.update(store.env)
        keeper.configure(keeper.account(store=store, user=USER))
        now = int(time.time())
        store.write(USER, "localhost", {
            "password": access, "password_expiry_utc": now + expires,
            "oauth_refresh_token": "refresh-0",
            "postrider_issued_utc": now + expires - HOUR,
            "postrider_client_id": "client-of-a"})
        return keeper

    return make


def refresh_token(store):
    return store.read(USER, "localhost")["oauth_refresh_token"]


@pytest.mark.parametrize("name, reason", [
    ("card", "credential-encrypt ended with exit status 3"),
    ("disk", "No space left on device"),
    ("helper", 'credential-helper "'),
    ("full keyring", "storing in the keyring: "),
])
def test_a_refresh_token_is_not_spent_if_no_other_can_be_stored(
        name, reason, make_store, make_keeper, provider):
    store = make_store(name)
    keeper = make_keeper(store)
    store.fail()
    result = keeper.get(wrap=store.wrap)
    assert result.status not in (0, 77)
    assert result.message.startswith(NOT_RENEWED), result.err
    assert reason in result.message
    assert ("start a keyring" in result.hint) == ("keyring" in name)
    assert (provider.posts, provider.good) == ([], "refresh-0")
    store.recover()
    result = keeper.get(wrap=store.wrap)
    assert result.answer["password"] == "access-1", result.err
    assert refresh_token(store) == "refresh-1"


def test_a_token_that_lasts_a_moment_serves_if_no_other_can_be_stored(
        make_store, make_keeper, provider):
    store = make_store("card")
    keeper = make_keeper(store, expires=SOON)
    store.fail()
    result = keeper.get()
    assert (result.status, result.answer["password"]) == (0, "access-0")
    assert f"warning: {NOT_RENEWED}" in result.err
    assert provider.posts == []


@pytest.mark.parametrize("name, reason", [
    ("card", "credential-encrypt ended with exit status 3"),
    ("disk", "No space left on device"),
    ("helper", 'credential-helper "'),
    ("liar", "did not store the tokens"),
    ("keyring", "the keyring is locked"),
])
def test_a_new_token_that_cannot_be_stored_is_used_with_a_warning(
        name, reason, make_store, make_keeper, provider):
    """The stored tokens remain, although they can't be used any more."""
    store = make_store(name)
    keeper = make_keeper(store)
    provider.token(lambda request: store.fail() or provider.renew(request))
    result = keeper.get(wrap=store.wrap)
    assert (result.status, result.answer["password"]) == (0, "access-1")
    assert UNSTORED in result.err
    assert reason in result.err
    assert AGAIN in result.hint
    store.recover()
    assert refresh_token(store) == "refresh-0"
    result = keeper.get(wrap=store.wrap)
    assert (result.status, result.hint) == (77, AGAIN)


@pytest.mark.parametrize("name", ["card", "disk", "helper", "liar"])
def test_a_new_token_is_stored_as_soon_as_that_is_possible(
        name, make_store, make_keeper, provider):
    def renew(request):
        store.fail()
        threading.Timer(BRIEFLY, store.recover).start()
        return provider.renew(request)

    store = make_store(name)
    keeper = make_keeper(store)
    provider.token(renew)
    result = keeper.get(wrap=store.wrap)
    assert (result.status, result.answer["password"]) == (0, "access-1")
    assert "warning" not in result.err
    assert refresh_token(store) == "refresh-1"


def test_a_refresh_token_that_stays_valid_needs_no_new_sign_in(
        make_store, make_keeper, provider):
    store = make_store("card")
    keeper = make_keeper(store)
    provider.token(lambda request: store.fail() or tokens(refresh=None))
    result = keeper.get()
    assert (result.status, result.answer["password"]) == (0, "access-1")
    assert f"warning: the new access token of {USER} at localhost cannot " \
        "be stored: " in result.err
    assert "sign in" not in result.err
    store.recover()
    provider.token(tokens("access-2", refresh=None))
    assert keeper.get().answer["password"] == "access-2"


def test_postrider_prints_the_warning(make_store, make_keeper, provider):
    store = make_store("card")
    keeper = make_keeper(store)
    provider.token(lambda request: store.fail() or provider.renew(request))
    result = keeper.run_postrider("token", "a")
    assert (result.status, result.out) == (0, "access-1\n")
    assert f"postrider: {UNSTORED}" in result.err
    assert AGAIN in result.hint
