# SPDX-License-Identifier: MIT
"""Signing in and sending with a real OpenID provider, a real browser, a real
keyring, and a Dovecot that accepts the token."""
import json
import stat

import pytest

from peers.oidc import DEVICE_CODE
from peers.postfix import body_of, new_token

ADDRESS = "alice@example.test"
SERVICE = """\
account robot {{
    provider = corp
    from = {{ robot@example.test }}
    user = alice
    grant = client-credentials
    scope = smtp
    {settings}
}}
"""


def send(postrider, postfix, *arguments):
    """Sends a message as a program does, and sees it arrive."""
    mark = new_token()
    done = postrider.run(*arguments, "bob@example.test",
                         input=f"Subject: {mark}\n\nhello\n".encode())
    assert (done.status, done.out, done.err) == (0, "", "")
    assert body_of(postfix.wait_for("bob", mark)) == b"hello\n"


def requests_after(provider, act):
    before = len(provider.requests)
    result = act()
    return result, provider.requests[before:]


def test_by_the_browser(postrider, postfix, openid_provider, corp, browser,
                        keyring):
    path = corp()
    done = postrider.run("login", "--client-id=postrider", ADDRESS,
                         env=browser.env)
    assert (done.status, done.err) == (0, "")
    assert "signed in to localhost as alice" in done.out
    seen = browser.seen()
    assert "You are signed in" in seen.text
    assert "terminal" in seen.text
    assert openid_provider.issuer not in seen.url

    text = path.read_text()
    assert "account alice@example.test {" in text
    assert "client-id = postrider" in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    # A valid token needs no request.
    _, asked = requests_after(openid_provider,
                              lambda: send(postrider, postfix))
    assert [one["path"] for one in asked] == ["/token/introspection"]


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_by_each_mechanism(postrider, postfix, openid_provider, corp, keyring,
                           browser, mechanism):
    path = corp()
    done = postrider.run("login", "--client-id=postrider",
                         f"--auth={mechanism}", ADDRESS, env=browser.env)
    assert (done.status, done.err) == (0, "")
    assert mechanism in path.read_text()
    shown = postrider.run("-v", "bob@example.test", input=b"Subject: x\n\nx\n")
    assert shown.status == 0
    assert f"> AUTH {mechanism.upper()} <redacted, " in shown.err
    send(postrider, postfix)


def test_a_person_declines(postrider, corp, browser, keyring):
    path = corp()
    browser.behave(decline_at="login")
    done = postrider.run("login", "--client-id=postrider", ADDRESS,
                         env=browser.env)
    assert done.status == 77
    assert "declined" in done.err
    assert "declined" in browser.seen().text
    assert "account" not in path.read_text()


def test_by_a_pasted_address(postrider, postfix, openid_provider, corp,
                             keyring):
    """As with ssh: the browser runs elsewhere and can't reach the listener."""
    corp()
    process = postrider.start("login", "--paste", "--client-id=postrider",
                              ADDRESS, stdin=-1, stdout=-1, stderr=-1,
                              text=True)
    url = next(line.strip() for line in process.stdout
               if line.strip().startswith("https://"))
    ended_at = openid_provider.walk(url, "alice")
    out, err = process.communicate(ended_at + "\n", timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[-4:] == [
        "The URL is accepted; getting the token ...",
        "signed in to localhost as alice",
        f'added the account "{ADDRESS}" to '
        f"{postrider.home}/.config/postrider/config",
        "the tokens are stored in the keyring"]
    send(postrider, postfix)


def test_by_a_code_on_another_device(postrider, postfix, openid_provider, corp,
                                     browser, keyring):
    corp()
    process = postrider.start("login", "--device", "--client-id=postrider",
                              ADDRESS, stdin=-3, stdout=-1, stderr=-1,
                              text=True)
    words = {}
    for line in process.stdout:
        words.update({line.rsplit(None, 1)[0].strip(): line.split()[-1]})
        if "Waiting" in line:
            break
    code = next(value for what, value in words.items() if "code" in what)
    place = next(value for what, value in words.items()
                 if value.startswith("https://") and "code=" not in value)
    browser.behave(user_code=code)
    assert browser.open(place).failure is None
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "signed in to localhost as alice" in out
    assert openid_provider.asked(grant_type=DEVICE_CODE, status=200)
    send(postrider, postfix)


@pytest.mark.parametrize("client", ["svc-secret", "svc-secret-basic"])
def test_as_an_application_by_secret(postrider, postfix, openid_provider, corp,
                                     client):
    """As a build machine does: no keyring, no person, nothing kept."""
    corp(SERVICE.format(settings=f'client-id = {client} '
                                 'client-secret = "env:CLIENT_SECRET"'))
    postrider.env["CLIENT_SECRET"] = openid_provider.secret(client)
    for _ in range(2):
        _, asked = requests_after(
            openid_provider,
            lambda: send(postrider, postfix, "-a", "robot"))
        assert [one["client_id"] for one in asked
                if one["path"] == "/token"] == [client]


def test_as_an_application_whose_secret_is_typed(postrider, postfix, corp,
                                                 openid_provider, keyring):
    """It is stored in the keyring, and can be replaced."""
    corp(SERVICE.format(settings="client-id = svc-secret"))
    secret = openid_provider.secret("svc-secret")
    question = "client secret of svc-secret"
    typed = [("wrong", 77), (secret, 0), ("", 0), ("wrong", 77)]
    for text, expected in typed:
        status, output = postrider.at_terminal(["login", "robot"],
                                               [(question, text)])
        assert status == expected, output
        assert secret not in output and "wrong" not in output
        assert ("Enter" in output) == (text == "" or text == typed[-1][0] and
                                       keyring.lookup(
                                         service="oauth2-client") is not None)
    assert secret in keyring.lookup(service="oauth2-client",
                                    user="svc-secret")
    send(postrider, postfix, "-a", "robot")
    assert postrider.run("logout", "robot").status == 0
    assert keyring.lookup(service="oauth2-client") is None


@pytest.mark.parametrize("client, leaf, signature", [
    ("svc-jwt", "rsa_client", "ps256"),
    ("svc-jwt", "rsa_client", "rs256"),
    ("svc-jwt-ec", "client", "ps256"),
])
def test_as_an_application_by_certificate(postrider, postfix, openid_provider,
                                          corp, ca, plain_directory, client,
                                          leaf, signature):
    leaf = getattr(ca, leaf)
    corp(SERVICE.format(settings=plain_directory + f"""
        client-id = {client}  client-signature = {signature}
        client-cert-file = "{leaf.cert}"  client-key = "{leaf.key}" """))
    _, asked = requests_after(
        openid_provider, lambda: send(postrider, postfix, "-a", "robot"))
    token_request, = [one for one in asked if one["path"] == "/token"]
    assert "client_assertion" in token_request["parameters"]
    assert "client_secret" not in token_request["parameters"]
    # And the second message by the token that is kept.
    _, asked = requests_after(
        openid_provider, lambda: send(postrider, postfix, "-a", "robot"))
    assert [one["path"] for one in asked] == ["/token/introspection"]


def test_as_an_application_by_a_smart_card(postrider, postfix, corp, ca,
                                           smart_card):
    corp(SERVICE.format(settings=f"""client-id = svc-jwt
        client-cert-file = "{ca.rsa_client.cert}"
        client-key = "{smart_card}" """))
    send(postrider, postfix, "-a", "robot")


def test_from_the_mailbox_of_others(postrider, openid_provider, corp, keyring,
                                    browser, dovecot_oauth2):
    """The token belongs to alice, the name in AUTH is the mailbox: this Dovecot
    refuses that, and logs both."""
    path = corp()
    done = postrider.run("login", "--client-id=postrider",
                         "--mailbox=team@example.test", ADDRESS,
                         env=browser.env)
    assert done.status == 77
    assert "team@example.test" in dovecot_oauth2.log
    # What the server didn't take is neither kept nor written.
    assert "account" not in path.read_text()
    assert keyring.lookup(service="oauth2", user="alice") is None


def test_token_prints_what_mutt_wants(postrider, openid_provider, corp,
                                      keyring, browser):
    corp()
    assert postrider.run("login", "--client-id=postrider", ADDRESS,
                         env=browser.env).status == 0
    first = postrider.run("token", ADDRESS)
    assert (first.status, first.err) == (0, "")
    again = postrider.run("token", "--json", ADDRESS)
    answer = json.loads(again.out)
    assert answer["access_token"] + "\n" == first.out
    assert 0 < answer["expires_in"] <= 300
    introspected = openid_provider.post("/token/introspection", {
        "token": answer["access_token"],
        "client_id": openid_provider.introspector,
        "client_secret": openid_provider.secret(openid_provider.introspector),
    })
    assert introspected[1]["active"] is True
    refused = postrider.run("token", "--min-valid=1h", ADDRESS)
    assert refused.status == 77
    assert "300 s" in refused.err and refused.out == ""


def test_logout_ends_the_sign_in(postrider, openid_provider, corp, keyring,
                                 browser):
    path = corp()
    assert postrider.run("login", "--client-id=postrider", ADDRESS,
                         env=browser.env).status == 0
    token = postrider.run("token", ADDRESS).out.strip()
    done = postrider.run("logout", ADDRESS)
    assert (done.status, done.err) == (0, "")
    assert "revoked" in done.out and str(path) in done.out
    assert openid_provider.asked("/token/revocation", status=200)
    introspected = openid_provider.post("/token/introspection", {
        "token": token, "client_id": openid_provider.introspector,
        "client_secret": openid_provider.secret(openid_provider.introspector),
    })
    assert introspected[1]["active"] is False
    refused = postrider.run("bob@example.test", input=b"Subject: x\n\nx\n")
    assert refused.status == 77
    assert f"postrider login {ADDRESS}" in refused.err


def test_a_token_is_no_password(postrider, corp, keyring, browser,
                                dovecot_oauth2):
    """With --auth=plain a password is needed, and none is stored."""
    corp()
    assert postrider.run("login", "--client-id=postrider", ADDRESS,
                         env=browser.env).status == 0
    log = dovecot_oauth2.log
    done = postrider.run("--auth=plain", "bob@example.test",
                         input=b"Subject: x\n\nx\n")
    assert done.status == 77
    assert "no password" in done.err
    assert dovecot_oauth2.log.count("method=PLAIN") == \
        log.count("method=PLAIN")
