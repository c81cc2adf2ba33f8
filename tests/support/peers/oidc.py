# SPDX-License-Identifier: MIT
"""A real OpenID provider, oidc-provider on Node, over HTTPS on loopback.

Anybody may sign in as anybody, by any password. Access tokens are opaque, are
good for the scope smtp, and Dovecot learns from them who the user is. A used
refresh token is replaced, and using it again ends the whole family.
"""
import base64
import hashlib
import http.cookiejar
import json
import pathlib
import re
import secrets
import signal
import ssl
import urllib.error
import urllib.parse
import urllib.request

from peers.daemon import Daemon, free_port, has_ipv6
from peers.nodejs import node, place

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
CODE_GRANTS = ["authorization_code", "refresh_token"]
# A native application: the port of a loopback redirect is free.
LOOPBACK_REDIRECTS = ["http://127.0.0.1", "http://127.0.0.1/",
                      "http://localhost", "http://localhost/"]
REDIRECT = "http://127.0.0.1:1/"
SCOPE = "openid offline_access smtp"

SETTINGS = {
    "lifetime": 300,  # of an access token, in seconds
    "device_lifetime": 300,  # of a device code
    "interval": 1,  # between two polls for a device code
    "rotation": True,  # a refresh token is good for one use
    "delay": 0,  # before a refresh token is answered, in seconds
    "service_user": "alice",  # the user that a service client acts for
}


def public_client(name, grants=(*CODE_GRANTS, DEVICE_CODE)):
    return {"client_id": name, "application_type": "native",
            "token_endpoint_auth_method": "none",
            "redirect_uris": LOOPBACK_REDIRECTS, "response_types": ["code"],
            "grant_types": list(grants)}


def secret_client(name, secret, grants=CODE_GRANTS):
    """As a desktop client of Google: its secret is sent in the body."""
    return {**public_client(name, grants), "client_secret": secret,
            "token_endpoint_auth_method": "client_secret_post"}


def service_client(name, method="client_secret_post", **how):
    """Signs in as itself: by `client_secret`, or by the `certificate` that
    its assertions are signed for (method private_key_jwt)."""
    return {"client_id": name, "redirect_uris": [], "response_types": [],
            "grant_types": ["client_credentials"], "scope": "smtp",
            "token_endpoint_auth_method": method,
            **{key: str(value) for key, value in how.items()}}


class OpenIdProvider:
    """`issuer` is its URL, and the certificate there is signed by `ca`.

    The clients that are always there: postrider (public), postrider-secret,
    svc-secret and svc-secret-basic (secret() tells their secrets), svc-jwt
    (with the key of ca.rsa_client) and svc-jwt-ec (with that of ca.client).
    """
    introspector = "dovecot"

    def __init__(self, directory, ca, clients=(), leaf=None, **how):
        """clients: more of them. leaf: another certificate to present than
        ca.server. how: other values than those of SETTINGS."""
        assert how.keys() <= SETTINGS.keys(), f"no such setting: {how}"
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ca = ca
        self.port, self.clear_port = free_port(), free_port()
        self.issuer = f"https://localhost:{self.port}"
        self._log = self.directory / "requests.jsonl"
        self._done = self.directory / "done"
        for path in (self._log, self._done):
            path.touch()
        settings = self.directory / "settings.json"
        settings.write_text(json.dumps(
            {**self._settings(leaf or ca.server, clients), **how}))
        self._daemon = Daemon(
            [node(), place("oidc/oidc.mjs", self.directory), settings],
            self.directory / "oidc.log")
        for port in (self.port, self.clear_port):
            self._daemon.wait_for_port(port)

    def _settings(self, leaf, clients):
        return {
            **SETTINGS, "issuer": self.issuer, "port": self.port,
            "clear_port": self.clear_port,
            "addresses": ["127.0.0.1"] + ["::1"] * has_ipv6(),
            "certificate": str(leaf.chain), "key": str(leaf.key),
            "log": str(self._log), "done": str(self._done),
            "introspector": self.introspector,
            "clients": [*self._usual_clients(), *clients],
        }

    def _usual_clients(self):
        ca = self.ca
        return [
            public_client("postrider"),
            secret_client("postrider-secret", self.secret("postrider-secret")),
            service_client("svc-secret",
                           client_secret=self.secret("svc-secret")),
            service_client("svc-secret-basic", "client_secret_basic",
                           client_secret=self.secret("svc-secret-basic")),
            service_client("svc-jwt", "private_key_jwt",
                           certificate=ca.rsa_client.cert),
            service_client("svc-jwt-ec", "private_key_jwt",
                           certificate=ca.client.cert),
            {"client_id": self.introspector, "redirect_uris": [],
             "response_types": [], "grant_types": [],
             "client_secret": self.secret(self.introspector),
             "token_endpoint_auth_method": "client_secret_post"},
        ]

    @staticmethod
    def secret(client):
        return f"{client}-value"

    @property
    def introspection_url(self):
        return f"http://127.0.0.1:{self.clear_port}/token/introspection"

    @property
    def introspection_client(self):
        return self.introspector, self.secret(self.introspector)

    @property
    def token_url(self):
        return f"{self.issuer}/token"

    @property
    def metadata(self):
        return self.get_json("/.well-known/openid-configuration")

    def get_json(self, path):
        with self._opener().open(self.issuer + path, timeout=60) as answer:
            return json.load(answer)

    @property
    def requests(self):
        """What was asked so far, and answered: a dict for each request."""
        return [json.loads(line)
                for line in self._log.read_text().splitlines()]

    def asked(self, path="/token", **wanted):
        """The requests for a path that have these values, such as
        grant_type="refresh_token" or status=200."""
        return [one for one in self.requests if one["path"] == path and all(
            one.get(key) == value for key, value in wanted.items())]

    @property
    def done(self):
        """How many requests to the token endpoint have had their effect,
        whether they are answered yet or not."""
        return self._done.stat().st_size

    def pause(self):
        """Accepts connections, but doesn't answer."""
        self._daemon.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._daemon.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self._daemon.process.poll() is None:
            self.resume()
        self._daemon.stop()

    def token(self, **form):
        """POSTs a form to the token endpoint: (status, the JSON answer)."""
        return self.post("/token", form)

    def post(self, path, form):
        body = urllib.parse.urlencode(form).encode()
        try:
            with self._opener().open(self.issuer + path, body,
                                     timeout=60) as answer:
                return answer.status, json.loads(answer.read() or "{}")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or "{}")

    def tokens_for(self, user, client="postrider", scope=SCOPE):
        """What a person gets who signs in: a dict that has access_token,
        refresh_token, expires_in and scope. No browser is needed."""
        verifier = secrets.token_urlsafe(48)
        code = self.code_for(user, client, scope, verifier)
        form = {"grant_type": "authorization_code", "client_id": client,
                "code": code, "code_verifier": verifier,
                "redirect_uri": REDIRECT}
        if client != "postrider":
            form["client_secret"] = self.secret(client)
        status, answer = self.token(**form)
        assert status == 200, answer
        return answer

    def code_for(self, user, client, scope, verifier):
        """The authorization code, got by filling the forms in."""
        digest = hashlib.sha256(verifier.encode()).digest()
        state = secrets.token_urlsafe(16)
        url = f"{self.issuer}/auth?" + urllib.parse.urlencode({
            "client_id": client, "response_type": "code", "scope": scope,
            "redirect_uri": REDIRECT, "prompt": "consent", "state": state,
            "code_challenge_method": "S256",
            "code_challenge":
                base64.urlsafe_b64encode(digest).decode().rstrip("=")})
        query = self._click_through(url, user)
        assert query.get("state") == [state], query
        assert query.get("iss") == [self.issuer], query
        return query["code"][0]

    def _click_through(self, url, user):
        """Follows the pages up to the redirect, whose query it returns."""
        ended_at = self.walk(url, user)
        return urllib.parse.parse_qs(urllib.parse.urlsplit(ended_at).query)

    def walk(self, url, user):
        """Signs a person in at the pages; the address where that ends, which
        is nobody's page here."""
        opener = self._opener(follow=False)
        while url.startswith(self.issuer):
            page, onward = visit(opener, url)
            if onward is None:
                prompt = re.search(r'name="prompt" value="(\w+)"', page)
                assert prompt, f"no form on the page:\n{page}"
                form = {"prompt": prompt[1], "login": user, "password": "x"}
                _, onward = visit(opener, url, form)
            url = urllib.parse.urljoin(url, onward)
        return url

    def _opener(self, follow=True):
        handlers = [
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(
                context=ssl.create_default_context(cafile=self.ca.pem)),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())]
        if not follow:
            handlers.append(NoRedirect())
        return urllib.request.build_opener(*handlers)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def visit(opener, url, form=None):
    """(the page, None), or (None, where it sends on)."""
    body = urllib.parse.urlencode(form).encode() if form else None
    try:
        with opener.open(url, body, timeout=20) as answer:
            return answer.read().decode(), None
    except urllib.error.HTTPError as answer:
        assert answer.code in (302, 303), answer.read().decode()
        return None, answer.headers["Location"]
