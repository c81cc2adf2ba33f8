# SPDX-License-Identifier: MIT
"""Fixtures for all tests: the program under test, the CA, the real peers.

Nothing is skipped: a peer that is missing fails the test that needs it.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))

from callers.command_line import Send  # noqa: E402
from callers.mail import Mail  # noqa: E402
from dialogue.submission import SubmissionServer  # noqa: E402
from peers.browser import Browser  # noqa: E402
from peers.ca import RunCA  # noqa: E402
from peers.daemon import free_port  # noqa: E402
from peers.dovecot import Dovecot  # noqa: E402
from peers.introspection import Introspection  # noqa: E402
from peers.keyring import Keyring  # noqa: E402
from peers.oidc import OpenIdProvider  # noqa: E402
from peers.postfix import Postfix  # noqa: E402
from peers.program import Postrider  # noqa: E402

# A run in the background ignores these, and so would the program under test.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

TOKEN = "a-bearer-token-of-alice"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    skipped_is_failed(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    outcome = yield
    skipped_is_failed(outcome.get_result())


def skipped_is_failed(report):
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed: {report.longrepr}"


@pytest.fixture(scope="session")
def run_directory():
    """A directory with a short path that every user of the system can enter:
    the peers drop privileges, and a socket's path is short."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="postrider-", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def ca(run_directory):
    directory = run_directory / "ca"
    directory.mkdir()
    return RunCA(directory)


@pytest.fixture
def postrider(tmp_path):
    """The built program, in a home of its own. See peers/program.py."""
    build = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
    return Postrider(build, tmp_path)


@pytest.fixture
def send(postrider, ca):
    """Calls postrider with the account on the command line."""
    return Send(postrider, ca)


@pytest.fixture
def mail(postrider):
    """postrider with one account, whose server accepts everything."""
    with SubmissionServer(tls="none", mechanisms=()) as server:
        yield Mail(postrider, server)


@pytest.fixture
def keyring(postrider):
    """A keyring that postrider finds; its home stays its own."""
    with Keyring() as running:
        for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
            postrider.env[name] = running.env[name]
        yield running


@pytest.fixture
def smart_card(postrider, ca, tmp_path):
    """A PKCS#11 token that has the key of ca.rsa_client; its URI."""
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm.conf"
    conf.write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    pin = postrider.secret_file("4321", "pin")
    postrider.env["SOFTHSM2_CONF"] = str(conf)
    for arguments in (["--init-token", "--free", "--so-pin", "12345678"],
                      ["--import", ca.rsa_client.key, "--id", "01", "--label",
                       "key"]):
        subprocess.run(["softhsm2-util", *arguments, "--pin", "4321",
                        *["--label" if "--free" in arguments else "--token",
                          "card"]],
                       check=True, capture_output=True,
                       env={**os.environ, "SOFTHSM2_CONF": str(conf)})
    return f"pkcs11:token=card;object=key;type=private?pin-source=file:{pin}"


@pytest.fixture(scope="session")
def bearer_token(introspection):
    """A token that Dovecot and Postfix accept for alice."""
    return TOKEN


@pytest.fixture(scope="session")
def introspection():
    server = Introspection({TOKEN: "alice"})
    yield server
    server.stop()


@pytest.fixture(scope="session")
def relay_port():
    """Where Dovecot relays to: the clear port of Postfix."""
    return free_port()


@pytest.fixture(scope="session")
def dovecot(run_directory, ca, relay_port, introspection):
    peer = Dovecot(run_directory / "dovecot", ca, relay_port, introspection.url)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def postfix(run_directory, ca, dovecot, relay_port):
    peer = Postfix(run_directory / "postfix", ca, dovecot.sasl_socket,
                   relay_port)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def postfix_unlimited(run_directory, ca, dovecot):
    """Postfix without a limit on the size of a message."""
    peer = Postfix(run_directory / "postfix-unlimited", ca, dovecot.sasl_socket,
                   size_limit=0)
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def openid_provider(run_directory, ca):
    """A real OpenID provider, whose tokens dovecot_oauth2 accepts."""
    provider = OpenIdProvider(run_directory / "oidc", ca)
    yield provider
    provider.stop()


@pytest.fixture
def make_provider(run_directory, ca):
    """Makes an OpenIdProvider that is like no other, and ends it. No Dovecot
    knows its tokens."""
    with contextlib.ExitStack() as running:
        def make(**how):
            directory = tempfile.mkdtemp(prefix="oidc-", dir=run_directory)
            provider = OpenIdProvider(directory, ca, **how)
            running.callback(provider.stop)
            return provider

        yield make


@pytest.fixture(scope="session")
def dovecot_oauth2(run_directory, ca, relay_port, postfix, openid_provider):
    """A Dovecot that takes the tokens of openid_provider. Right after a good
    sign-in it connects to Postfix, which it relays to."""
    peer = Dovecot(run_directory / "dovecot-oauth2", ca, relay_port,
                   openid_provider.introspection_url,
                   openid_provider.introspection_client)
    yield peer
    peer.stop()


@pytest.fixture
def browser(run_directory, ca):
    """A person with a browser, for $BROWSER. See peers/browser.py."""
    person = Browser(tempfile.mkdtemp(prefix="browser-", dir=run_directory), ca)
    yield person
    person.stop()


@pytest.fixture
def make_server(ca):
    """Makes a SubmissionServer that is like no other, and ends it."""
    with contextlib.ExitStack() as running:
        def make(**how):
            how.setdefault("leaf", ca.server)
            return running.enter_context(SubmissionServer(**how))

        yield make
