# SPDX-License-Identifier: MIT
"""The part of make bench that is about OAuth2: what a token costs that must be
renewed first, where the mail server and the token endpoint are both far away.

The keyring is a directory of plain files here, so that its time doesn't count.
"""
import pathlib
import statistics
import subprocess
import sys
import time

from peers.daemon import Daemon, free_port
from peers.dovecot import Dovecot
from peers.oidc import OpenIdProvider, SCOPE
from peers.postfix import Postfix
from peers.stores import Directory

DELAY = pathlib.Path(__file__).with_name("delay.py")
ONE_WAY_MS = 25
ROUNDS_FAR, ROUNDS_NEAR = 15, 30
HOST, USER = "localhost", "alice"
MESSAGE = b"Subject: bench\n\nA message.\n"

CONFIGURATION = """\
provider far {{ host = localhost  token-url = "https://localhost:{token}/token"
    scope = "{scope}" }}
provider near {{ host = localhost  token-url = "{token_url}"
    scope = "{scope}" }}
account starttls {{ provider = far  port = {mail} {same} }}
account implicit {{ provider = far  port = {mail_tls}  tls = implicit {same} }}
account near {{ provider = near {same} }}
"""
SAME = """
    user = alice
    from = {{ alice@example.test }}
    client-id = postrider
    tls-trust-file = "{ca}"
    token-trust-file = "{ca}"
    {store}
"""


def bench(build, directory, ca):
    """Prints a table."""
    provider = OpenIdProvider(directory / "oidc", ca)
    dovecot = Dovecot(directory / "dovecot-oauth2", ca, free_port(),
                      provider.introspection_url,
                      provider.introspection_client)
    postfix = Postfix(directory / "postfix-oauth2", ca, dovecot.sasl_socket)
    ports = {name: free_port() for name in ("token", "mail", "mail_tls")}
    relay = Daemon(
        [sys.executable, DELAY, ONE_WAY_MS, ports["token"], provider.port,
         ports["mail"], postfix.port, ports["mail_tls"], postfix.tls_port],
        directory / "delay.log")
    try:
        for port in ports.values():
            relay.wait_for_port(port)
        show(Bench(build, directory / "home", ca, provider, ports))
    finally:
        for peer in (relay, postfix, dovecot, provider):
            peer.stop()


class Bench:
    def __init__(self, build, home, ca, provider, ports):
        (home / ".config/postrider").mkdir(parents=True)
        self.build = build
        self.store = Directory(home)
        self.env = {"HOME": str(home), "PATH": "/usr/bin:/bin",
                    "POSTRIDER_EXEC_PATH": str(build)}
        path = home / ".config/postrider/config"
        path.write_text(CONFIGURATION.format(
            scope=SCOPE, token_url=provider.token_url, **ports,
            same=SAME.format(ca=ca.pem, store=self.store.settings)))
        path.chmod(0o600)
        tokens = provider.tokens_for(USER)
        self.keep(tokens["access_token"], tokens["refresh_token"], 300)

    def keep(self, access_token, refresh_token, valid_s):
        now = int(time.time())
        self.store.write(USER, HOST, {
            "password": access_token, "password_expiry_utc": now + valid_s,
            "oauth_refresh_token": refresh_token,
            "postrider_issued_utc": now + valid_s - 300,
            "postrider_client_id": "postrider"})

    def expire(self):
        refresh_token = self.store.read(USER, HOST)["oauth_refresh_token"]
        self.keep("expired", refresh_token, -10)

    def send(self, account):
        return self._take([self.build / "postrider", "--account", account,
                           "-i", "bob@example.test"], MESSAGE)

    def get(self, account):
        return self._take([self.build / "postrider-credential",
                           f"--account={account}", "get"], b"")

    def both(self, act, account, rounds):
        """Medians in milliseconds: with a fresh token, with a stale one."""
        fresh, stale = [], []
        self.expire()  # what another account got by another road is no use
        act(account)
        for _ in range(rounds):
            fresh.append(act(account))
            self.expire()
            stale.append(act(account))
        return statistics.median(fresh), statistics.median(stale)

    def _take(self, command, text):
        begin = time.monotonic()
        done = subprocess.run(command, input=text, env=self.env,
                              capture_output=True)
        taken = time.monotonic() - begin
        if done.returncode != 0:
            sys.exit(f"{command[0].name} failed: {done.stderr.decode()}")
        return taken * 1000


def show(bench):
    near = bench.both(bench.get, "near", ROUNDS_NEAR)
    far = bench.both(bench.get, "starttls", ROUNDS_FAR)
    print(f"\na token from postrider-credential: kept {near[0]:.1f} ms, "
          f"renewed {near[1]:.1f} ms; renewed at {2 * ONE_WAY_MS} ms round "
          f"trip {far[1]:.1f} ms")
    print(f"\nOAuth2, {2 * ONE_WAY_MS} ms round trip to the mail server and "
          "the token endpoint:")
    print(f"{'':<12}{'kept':>10}{'renewed':>12}{'ratio':>8}"
          f"{'not hidden behind connection and TLS':>40}")
    for account in ("starttls", "implicit"):
        fresh, stale = bench.both(bench.send, account, ROUNDS_FAR)
        print(f"{account:<12}{fresh:>7.1f} ms{stale:>9.1f} ms"
              f"{stale / fresh:>8.2f}{stale - fresh:>22.1f} ms of "
              f"{far[1] - far[0]:.1f} ms")
