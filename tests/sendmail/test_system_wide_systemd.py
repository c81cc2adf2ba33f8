# SPDX-License-Identifier: MIT
"""postrider.socket as systemd runs it, set up by the commands and files of
postrider-cron(7)."""
import pathlib
import re
import tempfile

import pytest

from callers.credential import Endpoint, json_answer, refusal, tokens
from callers.documents import one_line, page_commands
from peers.system_service import MESSAGE, PATH, SERVICE
from peers.systemd import SystemdMachine

ROOT = pathlib.Path(__file__).parents[2]
PAGE = (ROOT / "man/postrider-cron.7").read_text()
COMMANDS = [one_line(text) for where, text in page_commands()
            if where == "postrider-cron.7"]
CODE = json_answer({
    "device_code": "device-1", "user_code": "ABCD-EFGH", "interval": 1,
    "verification_uri": "https://example.test/device", "expires_in": 600})
PRELUDE = f"""\
cat >/usr/bin/sudo <<'END'
#!/bin/sh
exec "$@"
END
chmod 755 /usr/bin/sudo
cp /mnt/ca.pem /mnt/config /mnt/submit.conf /etc/postrider
chmod 644 /etc/postrider/*
as() {{
    user=$1; shift
    setpriv --reuid=$user --regid=nogroup --clear-groups env -i \\
        PATH="$PATH" POSTRIDER_QUEUE=no "$@"
}}
send() {{
    as ${{1:-nobody}} /usr/sbin/sendmail -t <<'END'
{MESSAGE}END
    echo "sent $?"
}}
"""


def command(start):
    """The one command of the page that begins so."""
    found, = (one for one in COMMANDS if one.startswith(start))
    return found


ENABLE = command("sudo systemctl enable") + " 2>&1\n"
LOGIN = command("sudo systemd-run --pty")
KEY = command("age-keygen") + "\n"
QUEUE = command("sudo systemd-run --pipe")
RUN = command("sudo systemd-run -q --pipe")


def block(start):
    """The one block of the page that begins so."""
    blocks = re.findall(r"^\.Bd -literal.*\n((?:(?!\.Ed).*\n)*)", PAGE, re.M)
    found, = (one for one in blocks if one.startswith(start))
    return found


def in_terminal(text):
    return f"script -qec '{text}' /dev/null </dev/null\n"


@pytest.fixture
def machine(postrider, run_directory, ca, make_server):
    """Makes a machine whose submit.conf is a block of the page, for a server."""
    def make(account, server, more="", preface="", queue="no"):
        shared = pathlib.Path(tempfile.mkdtemp(prefix="systemd-",
                                               dir=run_directory))
        machine = SystemdMachine(shared, postrider.program)
        (shared / "ca.pem").write_text(pathlib.Path(ca.pem).read_text())
        account = account.rstrip().removesuffix("}")
        account = account.replace(
            "provider           = microsoft365", "provider = op")
        (shared / "submit.conf").write_text(
            f"{preface}{account} host = localhost  port = {server.port}\n"
            f'tls-trust-file = /etc/postrider/ca.pem  aliases = ""\n'
            f"retries = 0\nqueue = {queue}\n{more} }}\n")
        (shared / "config").write_text(
            f"account system {{ host = unix:{PATH}  retries = 0 }}\n")
        return lambda script: machine.run(PRELUDE + script)

    return make


def accounts():
    """The account of the service with a password, and with OAuth2."""
    found = re.findall(r"^account system \{\n(?:    .*\n)+\}", PAGE, re.M)
    password, oauth2 = found
    return password, oauth2


def test_a_password(machine, make_server):
    server = make_server(users={"box@corp.example": "secret"})
    done = machine(accounts()[0], server)(
        "(umask 077; echo secret >/etc/postrider/password)\n"
        + ENABLE + "send\nsend daemon\nsend root\n"
        "as nobody cat /etc/postrider/password; as nobody postrider check")
    assert done.stdout.count("sent 0") == 3, done
    assert "everything works" in done.stdout
    assert "Permission denied" in done.stderr
    assert [one.to for one in server.messages] == 3 * [["admin@corp.example"]]
    assert {one.sender for one in server.messages} == {"box@corp.example"}


def test_a_missing_password(machine, make_server):
    server = make_server(users={"box@corp.example": "secret"})
    done = machine(accounts()[0], server)(ENABLE + "send\n")
    assert "sent 75" in done.stdout, done
    assert "the mail service of this computer cannot send" in done.stderr
    assert "the first line is empty" in done.stderr


def test_a_limit(machine, make_server):
    server = make_server(users={"box@corp.example": "secret"})
    limit = block("recipients-per-user").replace("100", "2")
    done = machine(accounts()[0], server, more=limit)(
        "(umask 077; echo secret >/etc/postrider/password)\n" + ENABLE
        + "send; send; send; send root; send daemon\n")
    assert re.findall(r"sent (\d+)", done.stdout) == [
        "0", "0", "75", "0", "0"], done
    assert "hint: wait 24 hours; this computer limits" in done.stderr


STATES = ("find /var/lib/private/postrider/.local/state/postrider/queue "
          "-name '*.state'")


def test_a_provider_that_is_away_for_a_while(machine, make_server):
    """The users' messages wait in the queue of the service, which is sent in
    the order of their arrival, once."""
    server = make_server(users={"box@corp.example": "secret"})
    done = machine(accounts()[0], server, queue="on-failure")(
        "(umask 077; echo secret >/etc/postrider/password)\n"
        f"sed -i 's/port = {server.port}/port = 9/' /etc/postrider/submit.conf\n"
        + ENABLE + "send; send daemon; send root\n"
        f'echo "queued $({STATES} | wc -l)"\n'
        "as nobody ls /var/lib/postrider\n"
        "systemctl is-active postrider-queue.path postrider-queue.timer\n"
        "until systemctl -q is-active postrider-queue.service; do sleep 0.05;"
        "done\n" + QUEUE + "\n"
        f"sed -i 's/port = 9/port = {server.port}/' /etc/postrider/submit.conf\n"
        + RUN + f'; echo "run $?"; echo "left $({STATES} | wc -l)"\n')
    assert done.stdout.count("sent 0") == 3, done
    assert "queued 3" in done.stdout, done
    assert "Permission denied" in done.stderr
    assert done.stdout.count("\nactive\n") >= 1, done
    assert "in 3 Requests" in done.stdout, done
    assert "Connection refused" in done.stdout
    assert "run 0" in done.stdout and "left 0" in done.stdout, done
    assert [one.to for one in server.messages] == 3 * [["admin@corp.example"]]


def test_always_is_sent_by_the_queue_of_the_service(machine, make_server):
    """The path unit starts it."""
    server = make_server(users={"box@corp.example": "secret"})
    done = machine(accounts()[0], server, queue="always")(
        "(umask 077; echo secret >/etc/postrider/password)\n"
        + ENABLE + f"send\nuntil [ -z \"$({STATES})\" ]; do sleep 0.05; done\n"
        "echo empty\n")
    assert done.stdout.endswith("sent 0\nempty\n"), done
    assert [one.to for one in server.messages] == [["admin@corp.example"]]


@pytest.fixture
def endpoint(ca):
    with Endpoint(ca.server) as server:
        server.answer("POST /device", CODE)
        server.token(tokens())
        yield server


@pytest.fixture
def oauth2(machine, endpoint, make_server):
    """Makes a machine for OAuth2; replaces a text of the account."""
    def make(old="", new=""):
        server = make_server(mechanisms=("XOAUTH2",), token="access-1")
        preface = (
            "provider op { host = localhost  scope = smtp "
            "bearer = { xoauth2 } sign-in = { oauth2 }\n"
            f'authorization-url = "{endpoint.url("/authorize")}"\n'
            f'token-url = "{endpoint.url("/token")}"\n'
            f'device-url = "{endpoint.url("/device")}" }}\n')
        account = accounts()[1]
        assert old in account
        run = machine(account.replace(old, new), server, preface=preface,
                      more="token-trust-file = /etc/postrider/ca.pem")
        return run, server

    return make


STORED = "find /var/lib/private/postrider/tokens -name 'oauth2-*'"
EXPIRE = f"sed -i 's/^password_expiry_utc=.*/password_expiry_utc=1/' $({STORED})\n"
SHOW = f"{STORED}\ngrep -l refresh-1 $({STORED})\n"


def test_a_sign_in_by_a_code(oauth2, endpoint):
    run, server = oauth2()
    done = run(in_terminal(LOGIN) + 'echo "login $?"\n' + ENABLE
               + "send\nsend daemon\n" + in_terminal(
                   LOGIN.replace("postrider login", "postrider check"))
               + "as nobody ls /var/lib/postrider\n" + SHOW)
    assert "ABCD-EFGH" in done.stdout, done
    assert "login 0" in done.stdout, done
    assert done.stdout.count("sent 0") == 2, done
    assert "everything works" in done.stdout, done
    assert "Permission denied" in done.stderr
    assert done.stdout.count("tokens/oauth2-box@corp.example@localhost") == 2
    assert len(server.messages) == 2
    assert len(endpoint.posts) == 1


def test_tokens_that_are_encrypted(oauth2, endpoint):
    cipher = block("credential-encrypt")
    run, server = oauth2("    credential-encrypt = plain-text\n", cipher)
    drop_in = block("[Service]\nLoadCredentialEncrypted=age.key")
    line = drop_in.split("\n")[1]
    login = LOGIN.replace(" -p User", f" -p {line} -p User")
    done = run(
        KEY + "mkdir /etc/systemd/system/postrider@.service.d\n"
        "cat >/etc/systemd/system/postrider@.service.d/override.conf <<END\n"
        f"{drop_in}END\nsystemctl daemon-reload\n" + in_terminal(login)
        + 'echo "login $?"\n' + ENABLE + "send\nsend daemon\n" + SHOW)
    assert "login 0" in done.stdout, done
    assert done.stdout.count("sent 0") == 2, done
    assert done.stdout.count("tokens/oauth2-box@corp.example@localhost") == 1
    assert len(server.messages) == 2


def test_a_sign_in_that_has_ended(oauth2, endpoint):
    """Users can't help it; the administrator signs in again."""
    run, server = oauth2()
    endpoint.token([tokens(), refusal("invalid_grant", "revoked"), tokens()])
    done = run(in_terminal(LOGIN) + ENABLE + EXPIRE + "send\n"
               + in_terminal(LOGIN) + "send\n")
    assert re.findall(r"sent (\d+)", done.stdout) == ["75", "0"], done
    assert "tell the administrator" in done.stderr
    assert len(server.messages) == 1


def test_an_application(oauth2, endpoint):
    run, server = oauth2("    grant              = device-code\n",
                         block("grant "))
    done = run("(umask 077; echo client-secret >/etc/postrider/password)\n"
               + ENABLE + "send\nsend daemon\n" + SHOW)
    assert done.stdout.count("sent 0") == 2, done
    assert [one["client_secret"] for one in endpoint.posts] == [
        "client-secret"]
    assert len(server.messages) == 2


def test_root_cannot_sign_in_for_the_service(oauth2):
    run, _ = oauth2()
    done = run(ENABLE + "send\npostrider login -C /etc/postrider/submit.conf "
               'system; echo "login $?"\n' + in_terminal(LOGIN) + "send\n")
    assert re.findall(r"login (\d+)", done.stdout) == ["78"], done
    assert "see postrider-cron(7)" in done.stderr
    assert re.findall(r"sent (\d+)", done.stdout) == ["75", "0"], done


def test_tokens_that_root_has_stored(oauth2):
    run, _ = oauth2()
    done = run(ENABLE + "send; mkdir -m 700 /var/lib/postrider/tokens; send\n")
    assert re.findall(r"sent (\d+)", done.stdout) == ["75", "75"], done
    assert "tokens: Permission denied" in done.stderr
    assert "token-scope" not in done.stderr


def test_the_state_of_the_service_is_its_home():
    assert "StateDirectory=postrider" in SERVICE
    assert "HOME=/var/lib/postrider" in SERVICE
    assert "HOME=/var/lib/postrider" in LOGIN
