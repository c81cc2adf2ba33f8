# SPDX-License-Identifier: MIT
"""login: tests the password, stores it, and then writes the account block."""
import json
import stat
import subprocess

import pytest

from dialogue.submission import SubmissionServer
from peers.keyring import Keyring
from callers.mail import MESSAGE

PASSWORD = "abcd-efgh-ijkl"
RCPT = "you@example.org"


@pytest.fixture
def server(ca):
    with SubmissionServer(ca.server,
                          users={"me@example.test": PASSWORD}) as running:
        yield running


def arguments(server, ca):
    return ["--host=localhost", f"--port={server.port}",
            f"--tls-trust-file={ca.pem}", "--user=me@example.test"]


def log_in(postrider, server, ca, *more, password=PASSWORD,
           who="me@example.test"):
    return postrider.run("login", *arguments(server, ca), *more, who,
                         input=password.encode() + b"\n")


def config_of(postrider):
    return postrider.home / ".config/postrider/config"


def test_keeps_the_password_and_writes_the_account(postrider, server, ca,
                                                   keyring):
    done = log_in(postrider, server, ca)
    assert (done.status, done.err) == (0, "")
    assert "signed in to localhost as me@example.test" in done.out
    assert str(config_of(postrider)) in done.out
    assert PASSWORD not in done.out
    mode = stat.S_IMODE(config_of(postrider).stat().st_mode)
    assert mode == 0o600
    assert PASSWORD not in config_of(postrider).read_text()
    sent = postrider.run(RCPT, input=b"Subject: x\n\nbody\n")
    assert (sent.status, sent.out, sent.err) == (0, "", "")
    assert server.messages[0].user == "me@example.test"
    assert b"From: " in server.messages[0].data


def test_says_so_in_json(postrider, server, ca, keyring):
    done = log_in(postrider, server, ca, "--json")
    assert done.status == 0
    assert done.out.count("\n") == 1
    answer = json.loads(done.out)
    assert answer["status"] == "signed-in"
    assert answer["account"] == answer["user"] == "me@example.test"
    assert answer["added_to"] == str(config_of(postrider))
    assert answer["stored_in"] == "the keyring"


def test_the_rest_of_the_file_stays(postrider, server, ca, keyring):
    before = ("# mine\r\ntimeout = 5s\n\n\taccount other { host = x.test }"
              "  # no line end")
    path = postrider.configure(before, mode=0o640)
    assert log_in(postrider, server, ca).status == 0
    # The only account was the default, and stays it.
    after = before.replace("5s\n", "5s\ndefault-account = other\r\n")
    assert path.read_bytes().startswith(after.encode())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    names = [one["name"] for one in
             json.loads(postrider.run("accounts", "--json").out)]
    assert names == ["other", "me@example.test"]


def test_an_account_is_written_once(postrider, server, ca, keyring):
    assert log_in(postrider, server, ca).status == 0
    text = config_of(postrider).read_text()
    assert log_in(postrider, server, ca).status == 0
    assert config_of(postrider).read_text() == text


def test_a_linked_configuration_stays_a_link(postrider, server, ca, keyring,
                                             tmp_path):
    real = tmp_path / "dotfiles"
    real.write_text("timeout = 5s\n")
    real.chmod(0o600)
    path = config_of(postrider)
    path.parent.mkdir(parents=True)
    path.symlink_to(real)
    assert log_in(postrider, server, ca).status == 0
    assert path.is_symlink()
    assert "me@example.test" in real.read_text()


def test_a_block_that_is_there_is_used(postrider, server, ca, keyring):
    path = postrider.configure(
        f'account work {{\n\thost = localhost\n\tport = {server.port}\n'
        f'\ttls-trust-file = "{ca.pem}"\n\tuser = me@example.test\n}}\n')
    before = path.read_text()
    done = postrider.run("login", "work", input=PASSWORD.encode())
    assert (done.status, done.err) == (0, "")
    assert path.read_text() == before
    assert postrider.run("-a", "work", RCPT, input=MESSAGE).status == 0


@pytest.mark.parametrize("password", ["wrong", "", " ", PASSWORD + " "])
def test_a_wrong_password_is_kept_nowhere(postrider, server, ca, keyring,
                                          password):
    done = log_in(postrider, server, ca, password=password)
    assert done.status == 77, done.err
    assert done.out == ""
    assert done.err.count("\n") == 2  # the message and the hint
    assert not config_of(postrider).exists()
    found = keyring.run(["secret-tool", "search", "--all", "user",
                         "me@example.test"], check=False)
    assert "secret" not in found.stdout


def test_an_input_that_is_closed(postrider, server, ca, keyring):
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *postrider.command(
            "login", *arguments(server, ca), "me@example.test")],
        env=postrider.environment(), capture_output=True, timeout=30)
    assert done.returncode in (74, 77)
    assert not config_of(postrider).exists()


def test_a_server_that_is_not_what_it_says(postrider, server, keyring):
    """Without a trusted CA, the password is not sent."""
    done = postrider.run("login", "--host=localhost",
                         f"--port={server.port}", "--user=me@example.test",
                         "me@example.test", input=PASSWORD.encode())
    assert done.status == 76, done.err
    assert not [line for line in server.commands if line.startswith("AUTH")]
    assert not config_of(postrider).exists()


def test_no_keyring_is_said_and_nothing_is_written(postrider, server, ca):
    with Keyring(service=False) as bus:
        for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
            postrider.env[name] = bus.env[name]
        done = log_in(postrider, server, ca)
    assert done.status in (75, 77), done.err
    assert not config_of(postrider).exists()


def test_the_address_is_the_user(postrider, ca, postfix, keyring):
    """As in README: the address and a host. Postfix knows alice only by her
    name, which --user gives."""
    arguments = ["--host=localhost", f"--port={postfix.port}",
                 f"--tls-trust-file={ca.pem}"]
    done = postrider.run("login", "alice@example.test", *arguments,
                         input=b"the-wrong-one")
    assert done.status == 77, done.err
    assert "alice@example.test" in done.err and "no user" not in done.err
    done = postrider.run("login", "alice@example.test", *arguments,
                         "--user=alice", input=b"secret")
    assert (done.status, done.err) == (0, "")
    assert "signed in to localhost as alice\n" in done.out


def test_an_address_and_a_host_are_enough(postrider, server, ca, keyring):
    done = postrider.run("login", "me@example.test", "--host=localhost",
                         f"--port={server.port}", f"--tls-trust-file={ca.pem}",
                         input=PASSWORD.encode())
    assert (done.status, done.err) == (0, "")
    assert "user = " in config_of(postrider).read_text()
    assert postrider.run(RCPT, input=b"Subject: x\n\nx\n").status == 0
    assert server.messages[0].user == "me@example.test"


def test_a_block_without_a_user(postrider, server):
    path = postrider.configure("account work { host = localhost }\n")
    done = postrider.run("login", "work", input=PASSWORD.encode())
    assert done.status == 78
    assert f'hint: set user in the account block "work" of {path}' in done.err


def test_a_git_credential_helper_stands_in(postrider, server, ca):
    store = postrider.home / "store"
    helper = f"--credential-helper=store --file={store}"
    done = log_in(postrider, server, ca, helper)
    assert (done.status, done.err) == (0, "")
    assert PASSWORD in store.read_text()
    sent = postrider.run(RCPT, input=b"Subject: x\n\nbody\n")
    assert (sent.status, sent.err) == (0, "")
    assert server.messages[0].user == "me@example.test"


@pytest.mark.parametrize("who, message", [
    ("me@outlook.com", "OAuth2 needs a client ID"),
    ("me@tutanota.com", ""),
])
def test_a_provider_without_passwords_says_so(postrider, who, message):
    done = postrider.run("login", who, input=b"x\n")
    assert done.status == 78
    assert message in done.err
    assert not config_of(postrider).exists()


# ---- at a terminal ----------------------------------------------------------

def test_a_person_may_try_again(postrider, server, ca, keyring):
    status, output = postrider.at_terminal(
        ["login", *arguments(server, ca), "me@example.test"],
        [("assword for", "wrong-one"), ("assword for", PASSWORD)])
    assert status == 0, output
    assert "wrong-one" not in output and PASSWORD not in output
    assert config_of(postrider).exists()
    assert len([line for line in server.commands
                if line.startswith("AUTH")]) == 2


def test_a_person_may_not_try_for_ever(postrider, server, ca, keyring):
    status, output = postrider.at_terminal(
        ["login", *arguments(server, ca), "me@example.test"],
        [("assword for", "wrong")] * 3)
    assert status == 77, output
    assert len([line for line in server.commands
                if line.startswith("AUTH")]) == 3
    assert not config_of(postrider).exists()


def test_the_end_of_input_at_the_question_is_no_password(
        postrider, server, ca, keyring):
    status, output = postrider.at_terminal(
        ["login", *arguments(server, ca), "me@example.test"],
        [("assword for", "\x04")])
    assert status == 77, output
    assert "no password was entered" in output
    assert not config_of(postrider).exists()


# ---- before a password is asked for ------------------------------------------

def ask(postrider, arguments, *more):
    return postrider.at_terminal(
        ["login", *arguments, *more, "me@example.test"],
        wrap=lambda command: ["timeout", "--foreground", "20", *command])


@pytest.mark.parametrize("how, status, message", [
    ({"mechanisms": ()}, 77, "does not offer AUTH"),
    ({"tls": "none", "mechanisms": ()}, 76, "does not offer STARTTLS"),
    ({"faults": {"greeting": "554 5.7.1 go away"}}, 69, "554 5.7.1"),
])
def test_a_server_that_cannot_be_signed_in_to(postrider, make_server, ca,
                                              keyring, how, status, message):
    """The three are found before the question."""
    server = make_server(**{"users": {"me@example.test": PASSWORD}, **how})
    done, output = ask(postrider, arguments(server, ca))
    assert done == status, output
    assert message in output and "hint: " in output
    assert "assword for" not in output
    assert not config_of(postrider).exists()


def test_a_server_that_is_down(postrider, ca, keyring):
    status, output = ask(postrider, ["--host=localhost", "--port=9",
                                     "--user=me"])
    assert status == 75, output
    assert "assword for" not in output


def test_a_certificate_of_an_unknown_ca(postrider, server, keyring):
    status, output = ask(postrider, ["--host=localhost", "--user=me",
                                     f"--port={server.port}"])
    assert status == 76, output
    assert "certificate" in output and "assword for" not in output


def test_a_port_without_tls_from_the_first_byte(postrider, server, ca,
                                                keyring):
    status, output = ask(postrider, arguments(server, ca), "--tls=implicit")
    assert status in (75, 76), output
    assert "assword for" not in output


def test_a_locked_keyring_is_found_before_the_password(postrider, server, ca,
                                                       keyring):
    keyring.lock()
    done = log_in(postrider, server, ca)
    assert done.status == 75, done.err
    assert "locked" in done.err
    assert not [line for line in server.commands if line.startswith("AUTH")]


@pytest.mark.parametrize("setting, message", [
    (["--credential-helper=nowhere"], "nowhere"),
    (["--credential-folder=~/store"], "credential-folder needs"),
    (["--credential-folder=~/store", "--credential-encrypt=false",
      "--credential-decrypt=cat"], "credential-encrypt"),
    (["--credential-folder=~/store", "--credential-encrypt=cat",
      "--credential-decrypt=tr a-z A-Z"], "doesn't reverse"),
    (["--credential-folder=~/store", "--credential-encrypt=cat"],
     "needs credential-decrypt"),
    (["--credential-folder=/proc/store", "--credential-encrypt=plain-text"],
     "/proc"),
    (["--credential-folder=~/open", "--credential-encrypt=plain-text"],
     "must be private"),
])
def test_a_store_that_cannot_be_written(postrider, server, ca, setting,
                                        message):
    (postrider.home / "open").mkdir(mode=0o755)
    status, output = ask(postrider, arguments(server, ca), *setting)
    assert status in (73, 75, 78), output
    assert message in output and "assword for" not in output
    assert not (postrider.home / "store").exists()
    assert not [line for line in server.commands if line.startswith("AUTH")]


def test_a_configuration_that_cannot_be_written(postrider, server, ca,
                                                keyring):
    """Not even root can write to /proc."""
    postrider.env["XDG_CONFIG_HOME"] = "/proc/config"
    status, output = ask(postrider, arguments(server, ca))
    assert status == 73, output
    assert "cannot write to /proc" in output and "assword for" not in output


def test_a_missing_helper_program(postrider, server, ca, tmp_path):
    postrider.env["POSTRIDER_EXEC_PATH"] = str(tmp_path)
    status, output = ask(postrider, arguments(server, ca))
    assert status == 75, output
    assert f"{tmp_path}/postrider-credential" in output
    assert "POSTRIDER_EXEC_PATH" in output and "assword for" not in output


def test_a_certificate_needs_no_password(postrider, ca, dovecot):
    """Nothing is asked for, nothing is stored."""
    status, output = postrider.at_terminal(
        ["login", "alice@example.test", "--host=localhost",
         f"--port={dovecot.port}", f"--tls-trust-file={ca.pem}",
         "--auth=external", "--user=alice",
         f"--tls-cert-file={ca.client.cert}",
         f"--tls-key-file={ca.client.key}"])
    assert status == 0, output
    assert "signed in to localhost by EXTERNAL, without a password" in output
    assert "stored in" not in output
    assert "tls-cert-file" in config_of(postrider).read_text()


def test_the_session_before_the_question_ends_by_quit(postrider, server, ca,
                                                      keyring):
    """It goes as far as AUTH, and no failure is shown."""
    done = log_in(postrider, server, ca, "-v")
    assert done.status == 0
    first, second = [[line.split()[0] for line in wire.commands]
                     for wire in server.wires]
    assert first == ["EHLO", "STARTTLS", "EHLO", "QUIT"]
    assert "AUTH" in second
    assert "cause" not in done.err


# ---- where the password is --------------------------------------------------

def test_says_at_its_end_where_the_password_is(postrider, server, ca, keyring):
    done = log_in(postrider, server, ca)
    assert done.out.splitlines()[-1] == "the password is stored in the keyring"
    postrider.configure("")
    done = log_in(postrider, server, ca, "--credential-folder=~/store",
                  "--credential-encrypt=plain-text")
    assert done.out.splitlines()[-1] == (
        f"the password is stored in the directory {postrider.home}/store, "
        "in plain text")
    postrider.configure("")
    done = log_in(postrider, server, ca, "--credential-folder=~/coded",
                  "--credential-encrypt=rev -s3cret", who="me@example.test")
    assert done.status == 78, done.out
    done = log_in(postrider, server, ca, "--credential-folder=~/coded",
                  "--credential-encrypt=rev", "--credential-decrypt=rev")
    assert done.out.splitlines()[-1] == (
        f"the password is stored in the directory {postrider.home}/coded, "
        "encrypted by rev")
