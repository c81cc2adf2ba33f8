# SPDX-License-Identifier: MIT
"""postrider-credential in a home of its own, and the endpoints that it asks.

The one provider is "op" and the one account "a", unless a test says more. What
is kept is in a directory of plain text, so that a test can write and read it.
"""
import dataclasses
import http.client
import os
import pathlib
import re
import shlex
import subprocess
import threading
import time
import urllib.parse

from dialogue.https import Answer, HttpsServer, json_answer
from patience import wait_for

BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
PROGRAM = BUILD / "postrider-credential"
KEPT = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")
AGAIN = "sign in again: postrider login a"
HOUR = 3600
# postrider-credential's own way to say "temporary", which postrider tells as
# 75: of a keyring that can't answer that doesn't come.
TRY_AGAIN = 79
LATER = 80

BROWSER = """\
#!/bin/sh
touch {directory}/started
printf '%s' "$1" >{directory}/url.new
mv {directory}/url.new {directory}/url
"""


def tokens(access="access-1", refresh="refresh-1", **more):
    """The answer of a token endpoint; members that are None are omitted."""
    how = {name: more.pop(name) for name in ("date", "hold") if name in more}
    members = {"access_token": access, "token_type": "Bearer",
               "expires_in": HOUR, "refresh_token": refresh, **more}
    return json_answer({name: value for name, value in members.items()
                        if value is not None}, **how)


def refusal(error, description=None, status=400, **how):
    members = {"error": error}
    if description is not None:
        members["error_description"] = description
    return json_answer(members, status, **how)


class Endpoint(HttpsServer):
    """A scripted provider. What isn't scripted is refused with 404."""

    def __init__(self, leaf, **how):
        super().__init__(leaf, **how)
        self.times = []

    def _find(self, request):
        self.times.append(time.monotonic())
        return super()._find(request)

    def token(self, answer):
        self.answer("POST /token", answer)

    @property
    def posts(self):
        """The forms that came to the token endpoint."""
        return [request.form for request in self.requests
                if (request.method, request.path) == ("POST", "/token")]


class Rotating(Endpoint):
    """A scripted provider whose refresh tokens can be used once, from
    "refresh-0" on: when one is used again, the sign-in is over."""

    def __init__(self, leaf, **how):
        super().__init__(leaf, **how)
        self.number = 0
        self.good = "refresh-0"  # None: the sign-in is over
        self._turn = threading.Lock()
        self.token(self.renew)

    def renew(self, request, **how):
        with self._turn:
            if request.form["refresh_token"] != self.good:
                self.good = None
                return refusal("invalid_grant", "used before")
            self.number += 1
            self.good = f"refresh-{self.number}"
            return tokens(f"access-{self.number}", self.good, **how)

    def hold(self, event):
        """Renews at once, but answers only once the event is set."""
        self.token(lambda request: self.renew(request, hold=event))


class Endless(HttpsServer):
    """An endpoint whose answers never end."""

    @staticmethod
    def _say(wire, answer):
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                  b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            wire.send(b"4000\r\n" + b" " * 0x4000 + b"\r\n")


@dataclasses.dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def message(self):
        return self._line("postrider-credential: ")

    @property
    def hint(self):
        return self._line("hint: ")

    @property
    def cause(self):
        return self._line("cause: ")

    @property
    def answer(self):
        """The lines of git's protocol."""
        return dict(line.split("=", 1)
                    for line in self.out.splitlines() if line)

    def _line(self, mark):
        found = [line for line in self.err.splitlines()
                 if line.startswith(mark)]
        assert len(found) <= 1, self.err
        return found[0].removeprefix(mark) if found else ""


class Keeper:
    def __init__(self, directory, ca):
        self.home = pathlib.Path(directory, "home")
        self.vault = self.home / "vault"
        self.browser = self.home / "browser"
        self.ca = ca
        self.server = None  # what block() and account() lead to
        self.browser.mkdir(parents=True)
        script = self.browser / "run"
        script.write_text(BROWSER.format(directory=shlex.quote(
            str(self.browser))))
        script.chmod(0o755)
        self.env = {name: os.environ[name] for name in KEPT
                    if name in os.environ}
        self.env.update(HOME=str(self.home), LANG="C.UTF-8", TZ="UTC",
                        USER="alice", LOGNAME="alice", BROWSER=str(script),
                        POSTRIDER_EXEC_PATH=str(BUILD))

    @property
    def config(self):
        return self.home / ".config" / "postrider" / "config"

    def provider(self, name="op", server=None, **fields):
        """A provider block; a field that is None is left out."""
        server = server or self.server
        return block("provider", name, {
            "host": "localhost", "scope": "smtp",
            "authorization-url": server.url("/authorize"),
            "token-url": server.url("/token"),
            "device-url": server.url("/device"), **named(fields)})

    def account(self, name="a", store=None, **settings):
        """store: one of peers.stores, instead of the plain directory."""
        place = store.fields if store else {
            "credential-folder": self.vault,
            "credential-encrypt": "plain-text"}
        return block("account", name, {
            "provider": "op", "user": "alice", "client-id": "client-of-a",
            "token-trust-file": self.ca.pem, **place, **named(settings)})

    def configure(self, *blocks):
        """The provider and the account, where blocks has none."""
        text = "".join(blocks)
        if not any(one.startswith("provider ") for one in blocks):
            text = self.provider() + text
        if not any(one.startswith("account ") for one in blocks):
            text += self.account()
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text)
        self.config.chmod(0o600)

    def command(self, *arguments, account="a"):
        selection = [f"--account={account}"] if account else []
        return [str(PROGRAM), *selection, *arguments]

    def environment(self, extra=None):
        env = {**self.env, **(extra or {})}
        return {name: value for name, value in env.items()
                if value is not None}

    def start(self, *arguments):
        return subprocess.Popen(
            self.command(*arguments), env=self.environment(), cwd=self.home,
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def run(self, *arguments, account="a", **how):
        return self._run(self.command(*arguments, account=account), **how)

    def run_postrider(self, *arguments, **how):
        return self._run([str(BUILD / "postrider"), *arguments], **how)

    def _run(self, command, text="", env=None, wrap=()):
        done = subprocess.run(
            [*wrap, *command], input=text, env=self.environment(env),
            capture_output=True, text=True, errors="backslashreplace",
            timeout=60, cwd=self.home)
        return Result(done.returncode, done.stdout, done.stderr)

    def get(self, *arguments, **how):
        return self.run(*arguments, "get", **how)

    def entry_file(self, user="alice", host="localhost", service="oauth2"):
        return self.vault / f"{service}-{user}@{host}"

    def keep(self, user="alice", host="localhost", refresh="refresh-0",
             access=None, issued=None, expires=None, **more):
        """Writes an entry as an earlier run left it, with a refresh token
        alone unless told. issued and expires are seconds from now."""
        now = int(time.time())
        values = {
            "password": access,
            "password_expiry_utc": None if expires is None else now + expires,
            "oauth_refresh_token": refresh,
            "postrider_issued_utc": None if issued is None else now + issued,
            "postrider_client_id": "client-of-a", **more}
        self.vault.mkdir(mode=0o700, exist_ok=True)
        path = self.entry_file(user, host)
        path.write_text("".join(f"{key}={value}\n"
                                for key, value in values.items()
                                if value is not None) + "\n")
        path.chmod(0o600)

    def kept(self, user="alice", host="localhost", service="oauth2"):
        """The stored entry as a dict, empty if there is none."""
        path = self.entry_file(user, host, service)
        if not path.exists():
            return {}
        return dict(line.split("=", 1)
                    for line in path.read_text().splitlines() if line)

    def sign_in(self, *arguments, **how):
        return SignIn(self, *arguments, **how)


def named(fields):
    return {name.replace("_", "-"): value for name, value in fields.items()}


def block(kind, name, fields):
    lines = [f'  {field} = "{value}"\n' for field, value in fields.items()
             if value is not None]
    return f"{kind} {name} {{\n{''.join(lines)}}}\n"


class SignIn:
    """A running login; the test acts as the user and the browser."""

    def __init__(self, keeper, *arguments, account="a", env=None, wrap=()):
        self._place = keeper.browser / "url"
        self._place.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [*wrap, *keeper.command(*arguments, "login", account=account)],
            env=keeper.environment(env), cwd=keeper.home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    @property
    def url(self):
        """Where the browser was sent."""
        wait_for(self._place.exists, lambda: "no browser was started")
        return self._place.read_text()

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(
            urllib.parse.urlsplit(self.url).query))

    @property
    def redirect_uri(self):
        return self.query["redirect_uri"]

    @property
    def port(self):
        return urllib.parse.urlsplit(self.redirect_uri).port

    def redirect(self, **values):
        """The address that the provider sends the browser to."""
        values = {"code": "code-1", "state": self.query["state"], **values}
        pairs = [(name, value) for name, value in values.items()
                 if value is not None]
        return f"{self.redirect_uri}?{urllib.parse.urlencode(pairs)}"

    def fetch(self, url, host=None, method="GET"):
        """(status, page): the page as text, without its markup."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port,
                                                timeout=30)
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(method, target, headers={
            "Host": host or parts.netloc, "Connection": "close"})
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, re.sub(r"<style>.*?</style>|<[^>]*>", " ", page,
                                     flags=re.DOTALL)

    def come_back(self, **values):
        """The browser follows the redirect."""
        return self.fetch(self.redirect(**values))

    def finish(self):
        out, err = self.process.communicate(timeout=60)
        return Result(self.process.returncode, out, err)


__all__ = ["AGAIN", "BUILD", "HOUR", "PROGRAM", "Answer", "Endless",
           "Endpoint", "Keeper", "LATER", "Result", "Rotating", "SignIn", "TRY_AGAIN",
           "block", "json_answer", "refusal", "tokens"]
