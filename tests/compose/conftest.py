# SPDX-License-Identifier: MIT
"""Fixtures for messages that are composed."""
import pytest

from callers.compose import Compose


@pytest.fixture
def compose(postrider):
    return Compose(postrider)
