# SPDX-License-Identifier: MIT
import pytest

from peers.keyring import Keyring


@pytest.fixture
def keyring():
    with Keyring() as started:
        yield started


@pytest.fixture
def bus_without_keyring():
    with Keyring(service=False) as started:
        yield started
