# SPDX-License-Identifier: MIT
"""The part of make bench that is about the keyring: what a message costs whose
password or token comes from gnome-keyring, compared with a password from a
file, and a look-up compared with secret-tool's. The limits are printed, never
asserted: the times are this machine's.
"""
import pathlib
import statistics
import subprocess
import sys
import time

from peers.keyring import Keyring
from peers.stores import InKeyring

ROUNDS = 40
KEYRING_LIMIT_MS, LOOKUP_LIMIT_MS = 15, 20
HOST, USER, TOKEN = "localhost", "alice", "a-kept-token"
PASSWORD = {"service": "smtp", "host": HOST, "user": USER}
QUESTION = f"protocol=smtp\nhost={HOST}\nusername={USER}\n\n".encode()
MESSAGE = b"Subject: bench\n\nA message.\n"

CONFIGURATION = """\
provider tokens {{ token-url = "https://localhost:1/token"  scope = "mail" }}
account file {{ credential = "file:{password}"  auth = plain {same} }}
account keyring {{ credential = keyring  auth = plain {same} }}
account token {{ provider = tokens {same} }}
"""
SAME = """
    host = {host}
    port = {port}
    user = {user}
    from = {{ alice@example.test }}
    client-id = postrider
    tls-trust-file = "{ca}"
"""


def bench(build, ca, postfix, introspection):
    """Prints a table."""
    introspection.tokens[TOKEN] = USER
    with Keyring() as keyring:
        home = pathlib.Path(keyring.directory)
        configure(home, ca, postfix.port)
        keyring.store("secret", **PASSWORD)
        InKeyring(home, keyring).write(USER, HOST, {
            "password": TOKEN, "password_expiry_utc": int(time.time()) + 3600,
            "oauth_refresh_token": "unused",
            "postrider_client_id": "postrider"})
        env = {**keyring.env, "POSTRIDER_EXEC_PATH": str(build)}
        show(*take(build, env))


def configure(home, ca, port):
    password = home / "password"
    password.write_text("secret\n")
    config = home / ".config/postrider/config"
    config.parent.mkdir(parents=True)
    same = SAME.format(host=HOST, port=port, user=USER, ca=ca.pem)
    config.write_text(CONFIGURATION.format(password=password, same=same))
    for path in (password, config):
        path.chmod(0o600)


def take(build, env):
    """Medians in milliseconds of the messages and of the look-ups, by name."""
    arguments = [word for pair in PASSWORD.items() for word in pair]
    messages = {name: [build / "postrider", "--account", name, "-i",
                       "bob@example.test"]
                for name in ("file", "keyring", "token")}
    lookups = {"postrider-credential get": [build / "postrider-credential",
                                            "get"],
               "secret-tool lookup": ["secret-tool", "lookup", *arguments]}
    taken = {name: [] for name in (*messages, *lookups)}
    for number in range(ROUNDS + 1):
        for commands, text in ((messages, MESSAGE), (lookups, QUESTION)):
            for name, command in commands.items():
                seconds = run(command, env, text)
                if number > 0:  # the first fills the caches
                    taken[name].append(seconds * 1000)
    medians = {name: statistics.median(taken[name]) for name in taken}
    return ({name: medians[name] for name in messages},
            {name: medians[name] for name in lookups})


def run(command, env, text):
    begin = time.monotonic()
    done = subprocess.run(command, input=text, env=env, capture_output=True)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed: {done.stderr.decode()}")
    return seconds


def show(messages, lookups):
    print(f"\n{'credential':<24}{'message':>10}{'more':>11}")
    for name, taken in messages.items():
        more = taken - messages["file"]
        print(f"{name:<24}{taken:>7.1f} ms{more:>8.1f} ms"
              + (f"  {verdict(more, KEYRING_LIMIT_MS)}"
                 if name == "keyring" else ""))
    get, reference = lookups.values()
    for name, taken in lookups.items():
        print(f"{name:<24}{taken:>7.1f} ms")
    print(f"{'ratio':<24}{get / reference:>10.2f}"
          f"             {verdict(get, LOOKUP_LIMIT_MS)}")


def verdict(taken, limit):
    return f"limit {limit} ms: {'kept' if taken <= limit else 'EXCEEDED'}"
