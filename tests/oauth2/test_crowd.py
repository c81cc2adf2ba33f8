# SPDX-License-Identifier: MIT
"""Many processes share one sign-in, which survives if any of them is killed.

The provider is real: it replaces the refresh token with each use, and revokes
all tokens of the sign-in if one is used twice.
"""
import collections
import contextlib
import fcntl
import os
import re
import signal
import subprocess
import threading
import time

import pytest

from callers.credential import refusal, tokens as token_answer
from patience import wait_for
from peers.dovecot import Dovecot
from peers.keyring import Keyring, with_user_bus
from peers.oidc import OpenIdProvider, SCOPE
from peers.postfix import new_token
from peers.stores import (EncryptedDirectory, Directory, Helper, InKeyring,
                          lock_holder, own_user)

CROWD = 100
SOME = 12  # processes, enough for some to wait
HOST = "localhost"
NO_PERMISSION = 77
TRY_AGAIN = 79  # credential/exit-status.h
LIMIT_S = 240  # of a process here; it never comes near it
SLOW_S = 2  # how long the slow provider takes for a refresh

CONFIGURATION = """\
provider {name} {{
    host = {host}
    issuer = "{provider.issuer}"
    scope = "{scope}"
}}
account {name} {{
    provider = {name}
    port = {port}
    user = {user}
    from = {{ {user}@example.test }}
    client-id = postrider
    tls-trust-file = "{ca}"
    token-trust-file = "{ca}"
    timeout = 60s
    {store}
}}
"""


# A provider and the Dovecot that asks it about tokens.
Service = collections.namedtuple("Service", "provider dovecot")


@pytest.fixture(scope="module")
def make_service(run_directory, ca, relay_port, postfix):
    with contextlib.ExitStack() as running:
        def make(name, **how):
            provider = OpenIdProvider(run_directory / name, ca, **how)
            running.callback(provider.stop)
            dovecot = Dovecot(run_directory / f"{name}-dovecot", ca,
                              relay_port, provider.introspection_url,
                              provider.introspection_client)
            running.callback(dovecot.stop)
            return Service(provider, dovecot)

        yield make


@pytest.fixture(scope="module")
def slow(make_service):
    return make_service("slow", delay=SLOW_S)


@pytest.fixture(scope="module")
def quick(make_service):
    return make_service("quick")


@pytest.fixture
def keyring():
    with Keyring() as started:
        yield started


@pytest.fixture
def make_store(request, postrider):
    """Makes the place that a name says, in the home of postrider."""
    def make(name):
        if name == "keyring":
            return InKeyring(postrider.home,
                             request.getfixturevalue("keyring"))
        return {"directory": Directory, "encrypted": EncryptedDirectory,
                "helper": Helper}[name](postrider.home)

    return make


class Account:
    """A user whose tokens are in the store."""
    count = 0

    def __init__(self, postrider, service, store, dovecot=None):
        """dovecot: another one than the provider's."""
        Account.count += 1
        self.postrider = postrider
        self.provider = service.provider
        self.store = store
        self.name = f"account{Account.count}"
        self.user = own_user(f"person{Account.count}x")
        self.port = (dovecot or service.dovecot).port
        self.tokens = self.provider.tokens_for(self.user)
        self.posts_before = len(self.all_posts())

    def block(self, ca):
        return CONFIGURATION.format(
            name=self.name, host=HOST, provider=self.provider, scope=SCOPE,
            port=self.port, user=self.user, ca=ca.pem,
            store=self.store.settings)

    def keep(self, valid_s, access_token=None):
        """Puts the tokens into the store; they end in valid_s seconds."""
        now = int(time.time())
        self.store.write(self.user, HOST, {
            "password": access_token or self.tokens["access_token"],
            "password_expiry_utc": now + valid_s,
            "oauth_refresh_token": self.tokens["refresh_token"],
            "postrider_issued_utc": now + valid_s - 300,
            "postrider_client_id": "postrider",
            "postrider_issuer": self.provider.issuer,
            "postrider_token_url": self.provider.token_url})

    def kept(self):
        return self.store.read(self.user, HOST)

    def expire(self):
        """What is kept stays, but its access token is of no use any more."""
        self.store.write(self.user, HOST, {
            **self.kept(), "password": "expired",
            "password_expiry_utc": int(time.time()) - 10})

    def all_posts(self):
        return self.provider.asked(grant_type="refresh_token")

    def posts(self):
        """The statuses of the answers to refreshes since the sign-in."""
        return [one["status"]
                for one in self.all_posts()[self.posts_before:]]

    def start(self, token, **how):
        env = self.postrider.environment(self.store.env)
        return start_message(self.postrider, self.name, token,
                             **{"env": env, **how})

    def send(self, token=None, **how):
        """Sends one message: (status, stderr)."""
        return finish(self.start(token or new_token(), **how))


@pytest.fixture
def make_account(postrider, ca):
    """Makes an Account whose access token has expired, and configures it."""
    blocks = []

    def make(service, store, dovecot=None):
        account = Account(postrider, service, store, dovecot)
        blocks.append(account.block(ca))
        postrider.configure("".join(blocks))
        account.keep(-10, "expired")
        return account

    return make


@pytest.fixture
def account(make_account, make_store, quick):
    return make_account(quick, make_store("directory"))


@pytest.fixture
def slow_account(make_account, make_store, slow):
    return make_account(slow, make_store("directory"))


def start_message(postrider, account, token, wrap=None, **how):
    command = postrider.command("--account", account, "-i",
                                "bob@example.test")
    child = subprocess.Popen(
        wrap(command) if wrap else command,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=postrider.home, **how)
    child.stdin.write(f"Subject: {token}\n\nA message.\n")
    child.stdin.close()
    child.stdin = None
    return child


def finish(child):
    """(status, stderr). A process that hangs fails the test."""
    try:
        _, errors = child.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise
    return child.returncode, errors


def start_crowd(account, size):
    tokens = [new_token() for _ in range(size)]
    return tokens, [account.start(token) for token in tokens]


def failures(children):
    return [end for end in map(finish, children) if end != (0, "")]


def wait_until(condition, what):
    return wait_for(condition, lambda: f"in vain: {what}", seconds=60)


def subjects(postfix):
    """Counts bob's messages by subject."""
    return collections.Counter(
        line[9:].decode() for message in postfix.messages("bob")
        for line in message.partition(b"\n\n")[0].splitlines()
        if line.startswith(b"Subject: "))


def assert_arrive_once(postfix, tokens):
    wait_until(lambda: set(tokens) <= subjects(postfix).keys(),
               "all messages arrive")
    counted = subjects(postfix)
    assert [counted[token] for token in tokens] == [1] * len(tokens)


def assert_signed_in(account):
    """Another token can be obtained without the user."""
    before = account.posts()
    account.expire()
    assert account.send() == (0, "")
    assert account.posts() == before + [200]


# ---- a crowd ----------------------------------------------------------------


@pytest.mark.parametrize("place", ["directory", "keyring"])
def test_a_crowd_with_a_stale_token_asks_for_a_new_one_once(
        place, make_account, make_store, slow, postfix):
    account = make_account(slow, make_store(place))
    tokens, crowd = start_crowd(account, CROWD)
    assert failures(crowd) == []
    assert account.posts() == [200]
    assert_arrive_once(postfix, tokens)
    assert account.kept()["oauth_refresh_token"] != \
        account.tokens["refresh_token"]
    assert_signed_in(account)


def test_two_accounts_do_not_wait_for_each_other(
        account, make_account, slow, postrider):
    other = make_account(slow, account.store)
    other.provider.pause()
    try:
        waiting = other.start(new_token())
        wait_until(lambda: lock_holder(account.store.locks), "a lock")
        assert account.send() == (0, "")
        assert waiting.poll() is None
    finally:
        other.provider.resume()
    assert finish(waiting) == (0, "")
    assert (account.posts(), other.posts()) == ([200], [200])


# ---- a death in between -----------------------------------------------------


def test_another_takes_over_from_one_that_was_killed_before_it_asked(
        slow_account, postfix):
    slow_account.provider.pause()
    try:
        tokens, crowd = start_crowd(slow_account, SOME)
        first = wait_until(lambda: lock_holder(slow_account.store.locks),
                           "a lock")
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: lock_holder(slow_account.store.locks)
                   not in (None, first), "another lock")
    finally:
        slow_account.provider.resume()
    assert failures(crowd) == []
    assert slow_account.posts() == [200]
    assert_arrive_once(postfix, tokens)
    assert_signed_in(slow_account)


def test_a_token_that_was_spent_in_vain_is_told_and_not_tried_again(
        slow_account):
    """A process that is killed between the request and storing loses the only
    valid refresh token. The next process learns that from the provider, and all
    others from the store."""
    done = slow_account.provider.done
    _, crowd = start_crowd(slow_account, SOME)
    wait_until(lambda: slow_account.provider.done > done, "a request")
    os.kill(lock_holder(slow_account.store.locks), signal.SIGKILL)
    ends = [finish(child) for child in crowd]
    assert [status for status, _ in ends] == [NO_PERMISSION] * SOME
    for _, errors in ends:
        assert "sign in again" in errors, errors
        assert f"postrider login {slow_account.name}" in errors, errors
    assert slow_account.posts() == [200, 400]
    status, errors = slow_account.send()
    assert (status, slow_account.posts()) == (NO_PERMISSION, [200, 400])
    assert f"postrider login {slow_account.name}" in errors


@pytest.mark.parametrize("number, place", [
    (signal.SIGINT, "directory"), (signal.SIGTERM, "directory"),
    (signal.SIGHUP, "directory"), (signal.SIGQUIT, "directory"),
    (signal.SIGINT, "keyring")])
def test_a_signal_to_all_in_the_wrong_moment_loses_no_token(
        number, place, make_account, make_store, slow):
    account = make_account(slow, make_store(place))
    child = start_and_wait_for_request(account)
    os.killpg(child.pid, number)
    assert finish(child)[0] == -number
    assert_is_stored_nevertheless(account)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_postrider_that_is_ended_in_the_wrong_moment_loses_no_token(
        number, slow_account):
    child = start_and_wait_for_request(slow_account)
    os.kill(child.pid, number)
    assert finish(child)[0] == -number
    assert_is_stored_nevertheless(slow_account)


def start_and_wait_for_request(account):
    done = account.provider.done
    child = account.start(new_token(), start_new_session=True)
    wait_until(lambda: account.provider.done > done, "a request")
    return child


def assert_is_stored_nevertheless(account):
    wait_until(lambda: account.kept().get("oauth_refresh_token") !=
               account.tokens["refresh_token"], "the new token is stored")
    assert account.send() == (0, "")
    assert account.posts() == [200]


def test_a_message_goes_with_a_token_that_cannot_be_stored(
        slow_account, postfix):
    """The directory becomes accessible to others while the provider answers."""
    done = slow_account.provider.done
    token = new_token()
    child = slow_account.start(token)
    wait_until(lambda: slow_account.provider.done > done, "a request")
    slow_account.store.directory.chmod(0o755)
    status, errors = finish(child)
    assert status == 0, errors
    assert "postrider: warning: the new refresh token of " in errors
    assert "must be private" in errors
    assert f"sign in again: postrider login {slow_account.name}" in errors
    assert_arrive_once(postfix, [token])


# ---- a provider in trouble --------------------------------------------------


def test_those_who_wait_share_a_failure(keeper, endpoint):
    """A busy server gets one request, not one from each waiting process."""
    hold = threading.Event()
    endpoint.token(refusal("temporarily_unavailable", "so many", status=503,
                           hold=hold))
    keeper.keep()
    crowd = [keeper.start("get") for _ in range(SOME)]
    for child in crowd:
        assert child.stderr.readline().startswith("wait: ")
    hold.set()
    ends = [finish(child) for child in crowd]
    assert [status for status, _ in ends] == [TRY_AGAIN] * SOME
    assert [end for end in ends if "so many" not in end[1]] == []
    assert len(endpoint.posts) == 1

    endpoint.token(token_answer())
    assert keeper.get().status == 0
    assert len(endpoint.posts) == 2


# ---- a token at hand --------------------------------------------------------


def test_a_fresh_token_costs_no_request(account, tmp_path):
    account.keep(300)
    before = len(account.provider.requests)
    ports = traced_ports(account, tmp_path / "fresh")
    asked = account.provider.requests[before:]
    assert {one["path"] for one in asked} == {"/token/introspection"}
    assert account.port in ports
    assert account.provider.port not in ports


def test_a_stale_token_costs_one_connection(account, tmp_path):
    before = len(account.provider.requests)
    ports = traced_ports(account, tmp_path / "stale")
    asked = account.provider.requests[before:]
    assert sorted(one["path"] for one in asked) == ["/token",
                                                    "/token/introspection"]
    assert account.provider.port in ports


def traced_ports(account, path):
    """Sends a message, and lists the ports that were connected to."""
    def wrap(command):
        # LeakSanitizer doesn't work under strace.
        leaks = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        return ["env", f"ASAN_OPTIONS={leaks}", "strace", "-f", "-qq", "-e",
                "trace=connect", "-o", str(path), *command]

    status, errors = account.send(wrap=wrap)
    assert status == 0, errors
    return {number for line in path.read_text().splitlines()
            for number in [port_of(line)] if number is not None}


def port_of(line):
    """The port in a line such as "... sin_port=htons(587), ..."."""
    _, found, rest = line.partition("htons(")
    return int(rest.partition(")")[0]) if found else None


# ---- a token that the server refuses ----------------------------------------


@pytest.mark.parametrize("place", ["directory", "encrypted", "helper",
                                   "keyring"])
def test_a_token_that_was_withdrawn_is_replaced_once(
        place, make_account, make_store, quick, postfix):
    account = make_account(quick, make_store(place))
    withdrawn = withdrawn_token(account)
    account.keep(300, withdrawn)
    token = new_token()
    assert account.send(token) == (0, "")
    assert account.posts() == [200]
    assert_arrive_once(postfix, [token])
    assert_signed_in(account)


def test_a_crowd_with_a_withdrawn_token_asks_for_a_new_one_once(
        slow_account, postfix):
    slow_account.keep(300, withdrawn_token(slow_account))
    tokens, crowd = start_crowd(slow_account, SOME)
    assert failures(crowd) == []
    assert slow_account.posts() == [200]
    assert_arrive_once(postfix, tokens)
    assert_signed_in(slow_account)


def test_who_forgets_a_token_says_that_another_is_at_work(account):
    """Otherwise postrider would reach its deadline while a slow provider
    answers."""
    assert account.send() == (0, "")
    token = account.kept()["password"]
    with locked(account.store.locks):
        child = start_erase(account, token)
        assert child.stderr.readline().startswith("wait: ")
        assert account.kept()["password"] == token
    assert finish(child)[0] == 0
    assert "password" not in account.kept()


@contextlib.contextmanager
def locked(directory):
    """Holds all existing locks in the directory."""
    with contextlib.ExitStack() as stack:
        paths = [path for path in directory.iterdir()
                 if re.fullmatch("[0-9a-f]{64}", path.name)]
        assert paths
        for path in paths:
            file = stack.enter_context(path.open())
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start_erase(account, token):
    child = subprocess.Popen(
        [account.postrider.program.with_name("postrider-credential"),
         f"--account={account.name}", "erase"],
        env=account.postrider.environment(account.store.env), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    child.stdin.write(f"protocol=smtp\nhost={HOST}\n"
                      f"username={account.user}\npassword={token}\n\n")
    child.stdin.close()
    child.stdin = None
    return child


def withdrawn_token(account):
    """A token of another sign-in; the provider revokes all tokens of one."""
    token = account.provider.tokens_for(account.user)["access_token"]
    status, _ = account.provider.post("/token/revocation", {
        "token": token, "client_id": "postrider"})
    assert status == 200
    return token


def test_a_server_that_refuses_every_token_is_asked_twice(
        make_account, make_store, quick, slow):
    account = make_account(quick, make_store("directory"), dovecot=slow.dovecot)
    account.keep(300)
    status, errors = account.send()
    assert status == NO_PERMISSION
    assert "535" in errors or "refused" in errors, errors
    assert account.posts() == [200]


# ---- where tokens are kept --------------------------------------------------


@pytest.mark.parametrize("place", ["directory", "encrypted", "helper",
                                   "keyring"])
def test_each_new_refresh_token_is_kept(place, make_account, make_store,
                                        quick):
    account = make_account(quick, make_store(place))
    kept = [account.tokens["refresh_token"]]
    for _ in range(3):
        account.expire()
        assert account.send() == (0, "")
        kept.append(account.kept()["oauth_refresh_token"])
    assert len(set(kept)) == 4
    assert account.posts() == [200] * 3


@pytest.mark.parametrize("place", ["directory", "encrypted", "helper",
                                   "keyring"])
def test_that_a_sign_in_is_over_is_learnt_once(place, make_account,
                                               make_store, quick):
    account = make_account(quick, make_store(place))
    account.expire()
    status, _ = account.provider.post("/token/revocation", {
        "token": account.tokens["refresh_token"], "client_id": "postrider"})
    assert status == 200
    for _ in range(2):
        status, errors = account.send()
        assert status == NO_PERMISSION
        assert f"postrider login {account.name}" in errors
    assert account.posts() == [400]


def test_cron_can_have_a_token_renewed(make_account, make_store, quick,
                                       keyring, postrider):
    account = make_account(quick, make_store("keyring"))
    bare = {name: postrider.env[name]
            for name in ("HOME", "POSTRIDER_EXEC_PATH")}
    wrap = with_user_bus(keyring.socket)
    for _ in range(2):
        account.expire()
        assert account.send(env=bare,
                            wrap=lambda command: wrap + command) == (0, "")
    assert account.posts() == [200, 200]
    assert_signed_in(account)
