# SPDX-License-Identifier: MIT
"""The secrets of a sign-in appear only where they are needed.

strace(1) sees each command line, each environment and each byte that is
written: a secret may go through a pipe between the programs, to the endpoint
inside TLS, and nowhere else. What is kept is enciphered.
"""
import base64
import os
import re
import urllib.parse

import pytest

from callers.credential import json_answer, refusal, tokens

# Turns text into something else, and that into the text again.
CIPHER = "tr A-Za-z0-9 N-ZA-Mn-za-m5-90-4"
CODE = "code-Mz8vKq2LwT"
DEVICE = "device-Rt5yGh7NbX"
CLIENT = "clientsecret-Pw3xVd9JkC"
ACCESS = [f"access-{n}-Hf4kWm6QzB" for n in range(9)]
REFRESH = [f"refresh-{n}-Yc2nTs8DgL" for n in range(9)]


class Watch:
    """Runs programs under strace, and searches the trace for secrets."""

    def __init__(self, keeper, directory):
        self.keeper = keeper
        self.directory = directory
        self.secrets = {CODE, DEVICE, CLIENT, *ACCESS, *REFRESH}
        self.outputs = []
        self._count = 0
        directory.mkdir()
        self.temporary = keeper.home / "tmp"
        self.temporary.mkdir()
        keeper.env["TMPDIR"] = str(self.temporary)
        keeper.env["ASAN_OPTIONS"] = (os.environ.get("ASAN_OPTIONS", "")
                                      + ":detect_leaks=0")

    @property
    def wrap(self):
        self._count += 1
        return ["strace", "-f", "-v", "-y", "-s", "1000000", "-o",
                self.directory / f"{self._count}.trace", "-e",
                "trace=execve,write,writev,pwrite64,sendto,sendmsg"]

    def heard(self, result, *allowed):
        """All output, without the secrets that it may contain."""
        self.outputs.append(result.err)
        out = result.out
        for secret in allowed:
            assert secret in out
            out = out.replace(secret, "")
        self.outputs.append(out)
        return result

    def sent(self, endpoint):
        """What only the form knows."""
        for form in endpoint.posts:
            self.secrets.update(form[name] for name in (
                "code_verifier", "client_assertion") if name in form)

    def finds_nothing(self):
        assert self._count and len(self.outputs) >= 2 * self._count
        for text in self.outputs:
            assert self.find(text) == []
        started = piped = 0
        for trace in self.directory.iterdir():
            for line in trace.read_text(errors="replace").splitlines():
                started += "execve(" in line
                if self.find(line):
                    assert re.search(r"write\(\d+<pipe:", line), line
                    piped += 1
        assert started >= self._count and piped > 0
        files = [path for path in self.keeper.home.rglob("*")
                 if path.is_file() and path.name != "client-secret"]
        assert len(files) >= 3
        for path in files:
            assert self.find(path.read_text(errors="replace")) == [], path
        assert list(self.temporary.iterdir()) == []

    def find(self, text):
        return [form for secret in self.secrets for form in forms(secret)
                if form in text]


def forms(secret):
    yield secret
    yield urllib.parse.quote(secret)
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        yield encoded[4 if shift else 0:-4]


@pytest.fixture
def watch(keeper, tmp_path):
    watch = Watch(keeper, tmp_path / "traces")
    keeper.vault.mkdir(mode=0o700)
    return watch


def kept_in(keeper, **settings):
    secret = keeper.home / "client-secret"
    secret.write_text(CLIENT + "\n")
    secret.chmod(0o600)
    return keeper.account(**{
        "client_secret": f"file:{secret}", "credential_encrypt": CIPHER,
        "credential_decrypt": CIPHER, **settings})


def quoting(error, status=400):
    """A refusal that quotes all that it was sent."""
    return lambda request: refusal(
        error, f"you sent {request.body.decode()} that is "
        f"{' '.join(request.form.values())}", status)


def test_a_secret_would_be_found(watch):
    """Also in encoded form."""
    assert watch.find(f"--token={REFRESH[0]}")
    for before in (b"", b"a", b"ab"):
        text = base64.b64encode(before + CLIENT.encode() + b"\1").decode()
        assert watch.find(text)


def test_a_sign_in_from_beginning_to_end(keeper, endpoint, watch):
    keeper.configure(keeper.provider(revocation_url=endpoint.url("/revoke")),
                     kept_in(keeper))
    endpoint.token([tokens(ACCESS[0], REFRESH[0]),
                    tokens(ACCESS[1], REFRESH[1]),
                    quoting("temporarily_unavailable", 503),
                    quoting("invalid_grant")])
    endpoint.answer("/revoke", quoting("server_error", 500))
    with keeper.sign_in(wrap=watch.wrap) as sign_in:
        status, page = sign_in.come_back(code=CODE)
        watch.outputs.append(page)
        assert watch.heard(sign_in.finish()).status == 0
    assert status == 200
    watch.heard(keeper.get(wrap=watch.wrap), ACCESS[0])
    erase = f"password={ACCESS[0]}\n\n"
    for number, status, allowed in ((0, 0, [ACCESS[1]]), (1, 79, []),
                                    (1, 77, [])):
        watch.heard(keeper.run("erase", text=erase, wrap=watch.wrap))
        erase = f"password={ACCESS[1]}\n\n"
        assert watch.heard(keeper.get(wrap=watch.wrap),
                           *allowed).status == status
    assert watch.heard(keeper.run("status", wrap=watch.wrap)).status == 0
    assert watch.heard(keeper.run("logout", wrap=watch.wrap)).status == 0
    watch.sent(endpoint)
    assert len(endpoint.posts) == 4
    watch.finds_nothing()
    assert list(keeper.vault.glob("oauth2-alice@localhost*")) == []


@pytest.mark.parametrize("status", [200, 500])
def test_a_sign_out_that_revokes(keeper, endpoint, watch, status):
    keeper.configure(keeper.provider(revocation_url=endpoint.url("/revoke")),
                     kept_in(keeper))
    endpoint.token(tokens(ACCESS[0], REFRESH[0]))
    endpoint.answer("/revoke", quoting("server_error", status)
                    if status != 200 else json_answer({}))
    with keeper.sign_in(wrap=watch.wrap) as sign_in:
        watch.outputs.append(sign_in.come_back(code=CODE)[1])
        assert watch.heard(sign_in.finish()).status == 0
    result = watch.heard(keeper.run("logout", wrap=watch.wrap))
    assert result.status == 0
    assert ("revoked the sign-in" in result.out) == (status == 200)
    assert endpoint.requests[-1].form["token"] == REFRESH[0]
    watch.sent(endpoint)
    watch.finds_nothing()


def test_a_browser_inherits_no_password_and_no_pipe(keeper, endpoint):
    """Its environment lacks our variable, and its descriptors the pipes to
    postrider-credential."""
    browser = keeper.browser / "run"
    browser.write_text(browser.read_text().replace(
        "touch", f"env >{keeper.home}/environment\n"
        f"ls -l /proc/self/fd >{keeper.home}/descriptors\ntouch"))
    endpoint.token(tokens(ACCESS[0], REFRESH[0]))
    with keeper.sign_in(env={"POSTRIDER_PASSWORD": CLIENT}) as sign_in:
        sign_in.come_back(code=CODE)
        assert sign_in.finish().status == 0
    environment = (keeper.home / "environment").read_text()
    assert "HOME=" in environment
    assert "POSTRIDER_PASSWORD" not in environment
    assert CLIENT not in environment
    assert "pipe:" not in (keeper.home / "descriptors").read_text()


def test_the_device_grant(keeper, endpoint, watch):
    keeper.configure(kept_in(keeper))
    endpoint.answer("/device", json_answer({
        "device_code": DEVICE, "user_code": "ABCD", "interval": 1,
        "verification_uri": "https://example.test/device"}))
    endpoint.token([quoting("access_denied"),
                    tokens(ACCESS[0], REFRESH[0])])
    for status in (77, 0):
        assert watch.heard(keeper.run(
            "--device", "login", wrap=watch.wrap)).status == status
    watch.finds_nothing()


def test_an_assertion(keeper, endpoint, watch, ca):
    keeper.configure(kept_in(
        keeper, grant="client-credentials", client_secret=None,
        client_cert_file=ca.client.cert, client_key=ca.client.key))
    endpoint.token([quoting("invalid_client", 401),
                    tokens(ACCESS[0], None)])
    assert watch.heard(keeper.get(wrap=watch.wrap)).status == 77
    watch.heard(keeper.get(wrap=watch.wrap), ACCESS[0])
    watch.sent(endpoint)
    assert all(len(form["client_assertion"]) > 100 for form in endpoint.posts)
    watch.finds_nothing()


@pytest.mark.parametrize("refused", [False, True])
def test_a_message_is_sent_and_told_about_at_length(keeper, endpoint, watch,
                                                    make_server, refused):
    """postrider receives the access token, and never shows it."""
    server = make_server(mechanisms=("XOAUTH2",), token=ACCESS[1],
                         users={"alice": ACCESS[1]},
                         faults={"auth": "535 5.7.8 no"} if refused else None)
    keeper.configure(
        keeper.provider(port=server.port, bearer="xoauth2"),
        kept_in(keeper, tls_trust_file=keeper.ca.pem, retries=0))
    endpoint.token([tokens(ACCESS[0], REFRESH[0], expires_in=1),
                    tokens(ACCESS[1], REFRESH[1])])
    with keeper.sign_in(wrap=watch.wrap) as sign_in:
        watch.outputs.append(sign_in.come_back(code=CODE)[1])
        assert watch.heard(sign_in.finish()).status == 0
    log = keeper.home / "log"
    result = watch.heard(keeper.run_postrider(
        "-v", "-a", "a", f"--log-file={log}", "-f", "alice@example.test",
        "bob@example.test", text="Subject: x\n\nx\n",
        wrap=watch.wrap))
    assert result.status == (77 if refused else 0), result.err
    assert "AUTH XOAUTH2" in result.err
    assert log.read_text()
    result = watch.heard(keeper.run_postrider("token", "a",
                                              wrap=watch.wrap), ACCESS[1])
    assert result.status == 0
    watch.sent(endpoint)
    watch.finds_nothing()
