# SPDX-License-Identifier: MIT
"""Fixtures: the mail domains of the discovery."""
import pytest

from peers.domains import Domains


@pytest.fixture
def domains(postrider, ca, tmp_path, keyring):
    with Domains(postrider, ca, tmp_path) as running:
        yield running
