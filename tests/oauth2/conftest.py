# SPDX-License-Identifier: MIT
"""Fixtures: a company with Dovecot and a real OpenID provider, configured by a
provider block; and a scripted provider for answers that no real one gives."""
import pytest

from callers.credential import Endpoint, Keeper

BLOCK = """\
provider corp {{
    domains = {{ example.test }}
    host = localhost
    port = {port}
    tls-trust-file = "{ca}"
    user-form = local-part
    issuer = "{issuer}"
    token-trust-file = "{ca}"
    scope = "openid offline_access smtp"
    authorization-parameters = "prompt=consent"
}}
"""


@pytest.fixture
def corp(postrider, openid_provider, dovecot_oauth2, ca):
    """Writes the configuration: the provider block and what is given. Returns
    its path."""
    def configure(*blocks):
        return postrider.configure(BLOCK.format(
            port=dovecot_oauth2.port, ca=ca.pem,
            issuer=openid_provider.issuer) + "".join(blocks))

    return configure


@pytest.fixture
def plain_directory(postrider):
    """Settings: tokens in a directory, as they are."""
    return (f'credential-folder = "{postrider.home}/credentials" '
            "credential-encrypt = plain-text ")


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
