# SPDX-License-Identifier: MIT
"""postrider-credential is killed, or a system call of it fails, anywhere from
the lock before a renewal to its end. Afterwards a good refresh token is stored,
or, if it was spent, a sentence asks to sign in again.

A sample by default; all with POSTRIDER_CRASH_POINTS=all ("make crash-points"),
which prints a table.
"""
import collections
import os
import subprocess
import time

import pytest

from callers.crash_points import ALL
from callers.credential import AGAIN, Keeper, Rotating
from callers.strace import find_faults, strace
from peers.keyring import Keyring
from peers.stores import (EncryptedDirectory, Directory, Helper, InKeyring,
                          own_user)

WHO = (own_user("alice"), "localhost")
# How many faults a sample has, without and with those of the programs that
# postrider-credential starts.
SAMPLES = {("directory", False): 40, ("encrypted", False): 15,
           ("helper", False): 15, ("keyring", False): 15,
           ("directory", True): 10, ("encrypted", True): 10,
           ("helper", True): 10}


@pytest.fixture
def keyring():
    with Keyring() as started:
        yield started


@pytest.fixture
def make_store(request, tmp_path):
    def make(name):
        if name == "keyring":
            return InKeyring(tmp_path, request.getfixturevalue("keyring"))
        return {"directory": Directory, "encrypted": EncryptedDirectory,
                "helper": Helper}[name](tmp_path)

    return make


@pytest.fixture
def provider(ca):
    with Rotating(ca.server) as server:
        yield server


class Trial:
    """Renews again and again, from the same state."""

    def __init__(self, directory, ca, provider, store, with_children):
        self.provider, self.store = provider, store
        self.trace = directory / "trace"
        self.with_children = with_children
        self.keeper = Keeper(directory, ca)
        self.keeper.server = provider
        self.keeper.env.update(store.env)
        self.keeper.configure(self.keeper.account(store=store,
                                                  user=WHO[0]))

    def reset(self):
        self.provider.number, self.provider.good = 0, "refresh-0"
        self.store.write(*WHO, {
            "password": "access-0", "oauth_refresh_token": "refresh-0",
            "password_expiry_utc": int(time.time()) - 10,
            "postrider_client_id": "client-of-a"})

    def renew(self, *options):
        return self.keeper.get(wrap=strace(
            self.trace, *options, with_children=self.with_children))

    def faults(self):
        self.reset()
        result = self.renew()
        assert result.answer["password"] == "access-1", result.err
        return find_faults(self.trace, "flock")

    def outcome(self, fault):
        """What became of the tokens; fails if it is the wrong thing."""
        self.reset()
        first = self.renew(*fault.options)
        stored = self.store.read(*WHO).get("oauth_refresh_token")
        good = self.provider.good
        assert stored is not None, f"wiped\n{first.err}"
        assert good is not None, f"used twice\n{first.err}"
        second = self.keeper.get()
        if second.status == 0:  # or a helper has ended since
            assert second.answer["password"] == \
                f"access-{self.provider.number}"
            return "renewed" if good == "refresh-1" else "not renewed"
        assert stored != good, f"good, but refused\n{second.err}"
        assert (second.status, second.hint) == (77, AGAIN), second.err
        if first.answer.get("password") == "access-1":
            assert AGAIN in first.hint
            return "used, but not stored"
        return "spent"


def chosen(faults, count):
    """All, or some that are evenly spread; one that lasts takes 5 s, and is in
    test_unstorable.py."""
    if ALL:
        return faults
    faults = [fault for fault in faults if not fault.lasts]
    return [faults[i * len(faults) // count] for i in range(count)]


@pytest.mark.parametrize("name, with_children", SAMPLES)
def test_a_crash_leaves_a_good_token_or_a_sentence(
        name, with_children, make_store, tmp_path, ca, provider, capsys):
    trial = Trial(tmp_path, ca, provider, make_store(name), with_children)
    faults = chosen(trial.faults(), SAMPLES[name, with_children])
    outcomes, wrong = collections.Counter(), []
    for fault in faults:
        try:
            kind = "killed" if fault.is_death else "failed"
            outcomes[kind, trial.outcome(fault)] += 1
        except (AssertionError, subprocess.TimeoutExpired) as error:
            wrong.append(f"{fault}: {error}")
    if ALL:
        with capsys.disabled():
            children = " with children" if with_children else ""
            print(f"\n{name}{children}: {len(faults)} points, {len(wrong)} wrong")
            for (kind, outcome), count in sorted(outcomes.items()):
                print(f"    {kind:<8}{outcome:<24}{count:>6}")
    assert not wrong, "\n".join(wrong)


def test_the_next_store_removes_what_a_killed_one_left(tmp_path, ca, provider):
    trial = Trial(tmp_path, ca, provider, Directory(tmp_path), False)
    trial.reset()
    trial.renew("-e", "trace=rename", "-e", "inject=rename:signal=KILL")
    [left] = trial.store.directory.glob("*~??????")
    os.utime(left, (0, 0))
    trial.reset()
    assert trial.keeper.get().answer["password"] == "access-1"
    assert not left.exists()
