# SPDX-License-Identifier: MIT
"""The account of alice, whom Postfix and Dovecot know."""


def alice(ca, port, credential, *more, name="work"):
    """A block for alice@example.test at a server on localhost, over TLS, which
    is tried once. credential: "keyring", "env:NAME" or what else the setting
    can be. more: other settings, each "name = value"."""
    settings = ["host = localhost", f"port = {port}",
                f'tls-trust-file = "{ca.pem}"', "user = alice",
                "from = alice@example.test", f'credential = "{credential}"',
                "retries = 0", *more]
    return f"account {name} {{\n" + "".join(
        f"\t{setting}\n" for setting in settings) + "}\n"
