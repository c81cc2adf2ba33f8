# SPDX-License-Identifier: MIT
"""Processes of one user whose $HOME differs, as by sudo -u, and that share a
keyring or a git credential helper."""
import threading
import time

import pytest

from callers.credential import Keeper, Rotating, refusal
from patience import wait_for
from peers.keyring import Keyring
from peers.namespace import Mounts
from peers.stores import Helper, InKeyring, home_locks, own_user

USER = own_user("alice")
ENTRY = {"password": "access-0", "oauth_refresh_token": "refresh-0",
         "postrider_client_id": "client-of-a"}


@pytest.fixture
def keyring():
    with Keyring() as started:
        yield started


@pytest.fixture(params=["keyring", "helper"])
def store(request, tmp_path):
    if request.param == "helper":
        return Helper(tmp_path)
    return InKeyring(tmp_path, request.getfixturevalue("keyring"))


@pytest.fixture
def provider(ca):
    with Rotating(ca.server) as server:
        yield server


@pytest.fixture
def keepers(tmp_path, ca, provider, store):
    """One for each home. Their access token has expired."""
    both = [Keeper(tmp_path / name, ca) for name in ("first", "second")]
    for keeper in both:
        keeper.server = provider
        keeper.env.update(store.env)
        keeper.configure(keeper.account(store=store, user=USER))
    store.write(USER, "localhost", {
        **ENTRY, "password_expiry_utc": int(time.time()) - 10})
    return both


def test_two_homes_renew_a_token_once(keepers, provider, store):
    answered = threading.Event()
    provider.hold(answered)
    first = keepers[0].start("get")
    wait_for(lambda: provider.good != "refresh-0")
    second = keepers[1].start("get")
    assert second.stderr.readline().startswith("wait: ")
    answered.set()
    for process in (first, second):
        out, err = process.communicate(timeout=60)
        assert (process.returncode, "access-1" in out) == (0, True), err
    assert len(provider.posts) == 1
    assert store.read(USER, "localhost")["oauth_refresh_token"] == \
        "refresh-1"


def test_a_lock_directory_that_cannot_be_used_has_a_substitute(
        keepers, provider):
    """Where the home directory is read-only, but $HOME is another one."""
    home_locks().mkdir(mode=0o700, parents=True, exist_ok=True)
    wrap = Mounts({home_locks(): "/proc/sys"}).wrap([])
    assert keepers[0].get(wrap=wrap).answer["password"] == "access-1"
    assert (keepers[0].home / ".local/state/postrider/locks").is_dir()
    assert len(provider.posts) == 1


def test_a_refusal_leaves_what_a_process_with_another_lock_stored(
        keepers, provider, store):
    """As in a container: the first one is refused what the second spent."""
    def refuse_late(request):
        provider.token(provider.renew)
        assert keepers[1].get(wrap=elsewhere).status == 0
        return refusal("invalid_grant", "used before")

    home_locks().mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = Mounts({home_locks(): "/proc/sys"}).wrap([])
    provider.token(refuse_late)
    for keeper in keepers:
        result = keeper.get()
        assert result.answer["password"] == "access-1", result.err
    assert store.read(USER, "localhost")["oauth_refresh_token"] == \
        "refresh-1"
    assert len(provider.posts) == 2
