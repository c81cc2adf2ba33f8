# SPDX-License-Identifier: MIT
"""What the tests of OAuth2's faults share."""
import pytest

from oauth2.kit import Endpoint, Keeper


@pytest.fixture
def endpoint(ca):
    """The scripted provider."""
    with Endpoint(ca.server) as server:
        yield server


@pytest.fixture
def keeper(tmp_path, ca, endpoint):
    """postrider-credential, configured for the scripted provider."""
    one = Keeper(tmp_path, ca)
    one.server = endpoint
    one.configure()
    return one
