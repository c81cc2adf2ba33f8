# SPDX-License-Identifier: MIT
"""The caller for the tests of sessions."""
import pytest

from session.kit import Submit


@pytest.fixture
def submit(postrider, ca):
    return Submit(postrider, ca)
