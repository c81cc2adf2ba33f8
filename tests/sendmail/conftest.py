# SPDX-License-Identifier: MIT
"""Fixtures of the system's sendmail."""
import pathlib
import tempfile

import pytest

from callers.unknown import Unknown
from peers.daemon import find_program
from peers.jail import Jail
from peers.system_service import SystemService


@pytest.fixture
def make_system(postrider, run_directory):
    """Makes a machine with postrider.socket, for an account."""
    def make(account):
        find_program("systemd-socket-activate")
        directory = tempfile.mkdtemp(prefix="jail-", dir=run_directory)
        return SystemService(Jail(pathlib.Path(directory), postrider.program),
                             account)

    return make


@pytest.fixture
def unknown(mail, ca):
    return Unknown(mail, ca)
