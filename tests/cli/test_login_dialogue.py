# SPDX-License-Identifier: MIT
"""The dialogues of login at a terminal: right, wrong, wrong three times, Ctrl-C
and Ctrl-D at each prompt, another size meanwhile, and a dumb terminal. Postfix
asks Dovecot for the password; the keyring is gnome-keyring on a bus of its own,
locked or absent."""
import os
import re
import shutil
import subprocess

import pytest

from peers.keyring import Keyring, with_user_bus
from peers.terminal import CTRL_C, CTRL_D, ENTER, Terminal

PASSWORD = "secret"  # of alice, at the real servers
TRY_IT = "try it: echo hello | postrider -s test alice@example.test"
QUESTION = "password for alice at localhost: "
OFFER = "Which? [1] "
WIDTHS = [80, 120]
SIGINT = -2


@pytest.fixture(params=WIDTHS)
def columns(request):
    return request.param


@pytest.fixture
def words(postfix, ca):
    return ["login", "alice@example.test", "--host=localhost", "--user=alice",
            f"--port={postfix.port}", f"--tls-trust-file={ca.pem}"]


@pytest.fixture
def no_keyring(postrider):
    """A bus without a keyring."""
    with Keyring(service=False) as bus:
        for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
            postrider.env[name] = bus.env[name]
        yield bus


@pytest.fixture
def programs(postrider):
    """A PATH with nothing but what a shell needs and the programs that a test
    adds."""
    directory = postrider.home / "programs"
    directory.mkdir()
    postrider.env["PATH"] = str(directory)

    def add(*names):
        for name in names:
            (directory / name).symlink_to(shutil.which(name))
    add("sh")
    return add


def config_of(postrider):
    path = postrider.home / ".config/postrider/config"
    return path.read_text() if path.exists() else None


def files_of(postrider):
    """What the password was written to."""
    directory = postrider.home / ".local/share/postrider"
    return {path.name: path for path in directory.glob("*")}


def sends(postrider, postfix):
    done = postrider.run("bob@example.test", input=b"Subject: x\n\nx\n")
    assert (done.status, done.err) == (0, "")


def shell(postrider, command, text=""):
    """Runs a command line that was copied from a hint."""
    command = re.sub(r"(^|&& |\| )postrider ", r'\1"$0" ', command)
    done = subprocess.run(
        [shutil.which("sh"), "-c", command, str(postrider.program)],
        input=text, text=True, env=postrider.environment(),
        capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


# ---- the password -----------------------------------------------------------

def test_right(postrider, postfix, words, keyring, columns):
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees(QUESTION)
        assert not person.echoes
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert person.is_as_before
        assert PASSWORD not in person.shown
        assert person.unwrapped.endswith(
            'added the account "alice@example.test" to '
            f"{postrider.home}/.config/postrider/config "
            f"the password is stored in the keyring {TRY_IT}")
        assert person.too_long() == []
    shell(postrider, TRY_IT.removeprefix("try it: "))
    sends(postrider, postfix)


def test_wrong_once(postrider, postfix, words, keyring, columns):
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees(QUESTION)
        person.enters("wrong-one")
        person.sees("535 5.7.8")
        person.sees("try again (2 of 3)\r\n" + QUESTION)
        assert not person.echoes
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert "wrong-one" not in person.shown
        assert person.too_long() == []
    sends(postrider, postfix)


def test_wrong_three_times(postrider, words, keyring, columns):
    with Terminal(postrider, *words, columns=columns) as person:
        for _ in range(3):
            person.sees(QUESTION)
            person.enters("wrong-one")
        assert person.leaves() == 77
        assert person.is_as_before
        assert person.shown.count("535 5.7.8") == 3
        assert person.too_long() == []
    assert config_of(postrider) is None
    assert keyring.lookup(user="alice") is None


def test_nothing_entered(postrider, postfix, words, keyring):
    """Return alone is a mistake, like a wrong password."""
    with Terminal(postrider, *words) as person:
        person.sees(QUESTION)
        person.enters("")
        person.sees("no password was entered")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown


@pytest.mark.parametrize("attempt", [1, 2, 3])
@pytest.mark.parametrize("key, status", [(CTRL_C, SIGINT), (CTRL_D, 77)])
def test_cancelled(postrider, words, keyring, columns, attempt, key, status):
    with Terminal(postrider, *words, columns=columns) as person:
        for _ in range(attempt - 1):
            person.sees(QUESTION)
            person.enters("wrong-one")
        person.sees(QUESTION)
        person.presses(key)
        assert person.leaves() == status, person.shown
        assert person.is_as_before
        assert person.shown.endswith("\r\n")  # the shell begins a new line
    assert config_of(postrider) is None
    assert keyring.lookup(user="alice") is None


@pytest.mark.parametrize("term", ["dumb", "vt100"])
def test_a_dumb_terminal(postrider, words, keyring, term):
    with Terminal(postrider, *words, term=term) as person:
        person.sees(QUESTION)
        person.enters("wrong-one")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        if term == "dumb":
            assert "\x1b" not in person.shown


def test_a_window_that_is_resized(postrider, words, keyring):
    with Terminal(postrider, *words) as person:
        person.sees(QUESTION)
        person.presses(PASSWORD[:3])
        person.resizes(120)
        person.resizes(40)
        person.presses(PASSWORD[3:] + ENTER)
        assert person.leaves() == 0, person.shown
        assert person.is_as_before


def test_a_locked_keyring(postrider, postfix, words, keyring, columns):
    """It may be unlocked meanwhile."""
    keyring.lock()
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees("the keyring is locked")
        person.sees(OFFER)
        person.presses("r")
        person.sees("the keyring is locked")
        person.sees(OFFER)
        keyring.restart()
        person.presses("r")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert "stored in the keyring" in person.shown
        assert person.too_long() == []
    assert "credential" not in config_of(postrider)
    sends(postrider, postfix)


# ---- no keyring -------------------------------------------------------------

def test_the_best_by_return(postrider, postfix, words, no_keyring, columns):
    """All four programs are there, and systemd-creds is the best. Its key
    belongs to root."""
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees("no keyring service is running")
        person.sees("1  encrypted by systemd-creds")
        person.sees("encrypted by age")
        person.sees("in plain text")
        person.sees(OFFER)
        person.presses(ENTER)
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert person.is_as_before
        assert person.unwrapped.endswith(
            f"the password is stored in the directory {postrider.home}"
            f"/.local/share/postrider, encrypted by systemd-creds {TRY_IT}")
        assert person.too_long() == []
    assert "systemd-creds decrypt" in config_of(postrider)
    (entry,) = files_of(postrider).values()
    assert PASSWORD.encode() not in entry.read_bytes()
    sends(postrider, postfix)


def test_another_account_is_stored_as_the_first(postrider, postfix, words,
                                                no_keyring, programs, columns):
    """By return, although another way comes first in the list."""
    programs("age", "age-keygen")
    with Terminal(postrider, *words) as person:
        person.sees("1  encrypted by age")
        person.sees("2  in plain text")
        person.sees(OFFER)
        person.presses("2")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
    words[words.index("alice@example.test")] = "bob@example.test"
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees("1  in plain text;")
        person.sees("as for alice@example.test")
        person.sees("2  encrypted by age")
        person.sees(OFFER)
        person.presses(ENTER)
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert "3  " not in person.shown
        assert person.too_long() == []
    assert config_of(postrider).count("plain-text") == 2


def test_the_first_account_may_use_another_directory(postrider, postfix, words,
                                                     no_keyring):
    """And commands of its own, which are in no table."""
    postrider.configure(
        "account other { host = a.test user = me credential-folder = "
        '"~/safe" credential-encrypt = "/bin/cat -" '
        'credential-decrypt = "/bin/cat -" }\n')
    with Terminal(postrider, *words) as person:
        person.sees("1  encrypted by the same commands, in")
        person.sees("as for other")
        person.sees(OFFER)
        person.presses(ENTER)
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
    assert "/bin/cat -" in config_of(postrider).partition("alice@")[2]
    assert list((postrider.home / "safe").iterdir()) != []


def test_no_bus_at_all(postrider, postfix, words):
    """As over ssh on a server: not even /run/user has one."""
    for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
        postrider.env.pop(name, None)
    with Terminal(postrider, *words,
                  wrap=lambda command: [*with_user_bus(None), *command],
                  ) as person:
        person.sees("no D-Bus session found")
        person.sees(OFFER)
        person.presses("1")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
    assert len(files_of(postrider)) == 1
    sends(postrider, postfix)


def test_gpg_by_its_key(postrider, postfix, words, no_keyring, programs):
    """It is offered only to those who have a key that needs no passphrase."""
    programs("gpg", "gpg-agent", "gpgconf")
    with Terminal(postrider, *words) as person:
        person.sees("1  in plain text")
        person.sees(OFFER)
        person.presses("q")
        assert person.leaves() == 75
    env = postrider.environment()
    subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "",
                    "--quick-gen-key", "alice@example.org"], env=env,
                   check=True, capture_output=True)
    try:
        with Terminal(postrider, *words) as person:
            person.sees("1  encrypted by gpg, with your own key")
            person.sees("2  in plain text")
            person.sees(OFFER)
            person.presses("1")
            person.sees(QUESTION)
            person.enters(PASSWORD)
            assert person.leaves() == 0, person.shown
        (entry,) = files_of(postrider).values()
        assert PASSWORD.encode() not in entry.read_bytes()
        sends(postrider, postfix)
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=env, check=True)


def test_age_by_a_key_that_is_made(postrider, postfix, words, no_keyring,
                                   programs):
    programs("age", "age-keygen")
    with Terminal(postrider, *words) as person:
        person.sees("1  encrypted by age")
        person.sees(OFFER)
        person.presses("1")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
    key = postrider.home / ".config/postrider/age.key"
    assert key.stat().st_mode & 0o777 == 0o600
    (entry,) = files_of(postrider).values()
    assert entry.read_bytes().startswith(b"age-encryption.org")
    sends(postrider, postfix)
    before = key.read_text()
    postrider.configure("")
    with Terminal(postrider, *words) as person:
        person.sees(OFFER)
        person.presses("1")
        person.sees(QUESTION)
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
    assert key.read_text() == before  # what is stored needs the same key
    sends(postrider, postfix)


def test_plain_text(postrider, postfix, words, no_keyring, programs, columns):
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees("1  in plain text")
        person.sees(OFFER)
        person.presses("7x")  # neither is a choice
        person.sees(OFFER)
        person.presses("1")
        person.sees(QUESTION)
        assert not person.echoes
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert f"/postrider, in plain text {TRY_IT}" in person.unwrapped
        assert person.too_long() == []
    (entry,) = files_of(postrider).values()
    assert entry.stat().st_mode & 0o777 == 0o600
    sends(postrider, postfix)


@pytest.mark.parametrize("key, status", [(CTRL_C, SIGINT), (CTRL_D, 75),
                                         ("q", 75)])
def test_an_offer_that_is_declined(postrider, words, no_keyring, columns, key,
                                   status):
    with Terminal(postrider, *words, columns=columns) as person:
        person.sees(OFFER)
        person.presses(key)
        assert person.leaves() == status, person.shown
        assert person.is_as_before
        assert person.shown.endswith("\r\n")
        assert "password for" not in person.shown
    assert config_of(postrider) is None
    assert files_of(postrider) == {}


def test_a_directory_that_cannot_be_used(postrider, words, no_keyring, programs):
    """No choice is offered that would fail."""
    directory = postrider.home / ".local/share/postrider"
    directory.mkdir(parents=True)
    directory.chmod(0o755)
    with Terminal(postrider, *words) as person:
        assert person.leaves() == 75
        assert OFFER not in person.shown
        assert "no keyring service is running" in person.shown


@pytest.mark.parametrize("paths", ["all", "none"])
def test_the_hint_without_a_terminal_is_a_command(postrider, postfix, words,
                                                  no_keyring, programs, paths):
    """A shell runs it as it is."""
    if paths == "all":
        postrider.env["PATH"] = os.environ["PATH"]
    done = postrider.run(*words, "--timeout=20s", input=PASSWORD.encode())
    assert done.status == 75
    assert config_of(postrider) is None
    hint = re.search(r"^hint: .*?: (postrider login .*)$", done.err, re.M)
    assert hint, done.err
    assert ("plain-text" in hint[1]) == (paths == "none")
    shell(postrider, hint[1], PASSWORD)
    assert "timeout" in config_of(postrider)
    sends(postrider, postfix)


@pytest.fixture
def block(postrider, postfix, ca):
    """An account that is there."""
    return postrider.configure(
        f"# mine\naccount work {{\n\thost = localhost\n\tport = {postfix.port}\n"
        f'\tuser = alice\n\ttls-trust-file = "{ca.pem}"\n}}\n'
        "account other { host = other.test }\n")


def test_an_account_that_is_there(postrider, block, postfix, no_keyring, programs):
    """Its block gets the settings, and nothing else changes."""
    before = block.read_text()
    with Terminal(postrider, "login", "work") as person:
        person.sees(OFFER)
        person.presses("1")
        person.sees(QUESTION)
        assert block.read_text() == before
        person.enters(PASSWORD)
        assert person.leaves() == 0, person.shown
        assert f'changed the account "work" in {block}' in person.unwrapped
    lines = block.read_text().splitlines()
    assert [line for line in lines if line not in before] == [
        "\tcredential-encrypt = plain-text",
        f'\tcredential-folder = "{postrider.home}/.local/share/postrider"']
    postrider.env["POSTRIDER_ACCOUNT"] = "work"
    sends(postrider, postfix)


@pytest.mark.parametrize("key", [CTRL_C, "q"])
def test_an_account_is_not_changed_in_vain(postrider, block, no_keyring, programs,
                                           key):
    before = block.read_text()
    with Terminal(postrider, "login", "work") as person:
        person.sees(OFFER)
        if key == CTRL_C:
            person.presses("1")
            person.sees(QUESTION)
        person.presses(key)
        assert person.leaves() == (SIGINT if key == CTRL_C else 75)
    assert block.read_text() == before


@pytest.mark.parametrize("paths", ["all", "none"])
def test_the_hint_for_an_account_is_a_command(postrider, block, postfix,
                                              no_keyring, programs, paths):
    if paths == "all":
        postrider.env["PATH"] = os.environ["PATH"]
    done = postrider.run("login", "work", input=PASSWORD.encode())
    assert done.status == 75
    hint = re.search(r"^hint: .*?: (postrider config .*)$", done.err, re.M)
    assert hint, done.err
    shell(postrider, hint[1])
    done = postrider.run("login", "work", input=PASSWORD.encode())
    assert (done.status, done.err) == (0, "")
    assert len(files_of(postrider)) == 1
    postrider.env["POSTRIDER_ACCOUNT"] = "work"
    sends(postrider, postfix)


# ---- what is said -----------------------------------------------------------

@pytest.fixture
def icloud(postfix, ca):
    """A provider that accepts app passwords only; its server is the test's."""
    return ["login", "alice@icloud.com", "--host=localhost", "--user=alice@x.y",
            f"--port={postfix.port}", f"--tls-trust-file={ca.pem}",
            "--provider=icloud"]


def test_the_app_password_is_called_so(postrider, icloud, keyring, columns):
    with Terminal(postrider, *icloud, columns=columns) as person:
        person.sees("app password for alice@x.y at localhost: ")
        person.presses(CTRL_C)
        person.leaves()
        assert ("enter an app password, created at https://account.apple.com"
                in person.unwrapped)
        assert person.too_long() == []


def test_a_provider_that_is_named_is_shown_once(postrider, icloud, keyring):
    with Terminal(postrider, *icloud) as person:
        person.sees("app password for")
        person.presses(CTRL_C)
        person.leaves()
        assert ", provider icloud\n" in person.shown.replace("\r", "")
        assert "(provider" not in person.shown


def test_the_hint_says_what_else_to_try(postrider, postfix, ca, keyring):
    """Without the advice to run login, which is running."""
    with Terminal(postrider, "login", "alice@x.y", "--host=localhost",
                  f"--port={postfix.port}", "--provider=gmx", "--user=alice@x.y",
                  f"--tls-trust-file={ca.pem}") as person:
        person.sees("password for alice@x.y at localhost: ")
        person.enters("wrong")
        person.sees("(2 of 3)")
        said = person.unwrapped
        person.presses(CTRL_C)
        person.leaves()
    assert "hint: type the password again; it or the user name" in said
    assert "If both are right, switch SMTP on: web mail, Settings" in said
    assert "run postrider login" not in said


def test_login_does_not_say_to_run_login(postrider, icloud, keyring):
    """Only after the last try."""
    with Terminal(postrider, *icloud) as person:
        for password in ("wrong-one", *["abcd-efgh-ijkl-mnop"] * 2):
            assert "run postrider login" not in person.unwrapped
            person.sees("app password for")
            person.enters(password)
        assert person.leaves() == 77
        assert "create an app password; the password does" in person.unwrapped
        assert "create a new app password; this one is" in person.unwrapped
        assert "create a new app password, then run" in person.unwrapped


def test_the_help_is_shown_once(postrider, gmail, keyring):
    with Terminal(postrider, *gmail) as person:
        person.sees("1  an app password, created at https://myaccount.google")
        person.sees(METHOD)
        person.presses(ENTER)
        person.sees("app password for")
        person.presses(CTRL_C)
        person.leaves()
        assert person.shown.count("apppasswords") == 1


def test_the_registration_comes_before_the_place(postrider, outlook,
                                                 no_keyring):
    """It takes longer."""
    words = [word for word in outlook if not word.startswith("--client-id")]
    with Terminal(postrider, *words) as person:
        person.sees("Overview")
        person.sees(CLIENT)
        assert OFFER not in person.shown
        person.presses(CTRL_C)
        assert person.leaves() == SIGINT


# ---- the other questions ----------------------------------------------------

METHOD = "Which? [1] "
CLIENT = "Its client ID: "


@pytest.fixture
def gmail(postfix, ca):
    """A provider that accepts both; its server is the test's."""
    return ["login", "alice@gmail.com", "--host=localhost", "--user=alice@x.y",
            f"--port={postfix.port}", f"--tls-trust-file={ca.pem}",
            "--provider=gmail"]


@pytest.mark.parametrize("key, status", [(CTRL_C, SIGINT), (CTRL_D, 66)])
def test_the_choice_of_the_method_is_cancelled(postrider, gmail, keyring,
                                               columns, key, status):
    with Terminal(postrider, *gmail, columns=columns) as person:
        person.sees(METHOD)
        person.presses(key)
        assert person.leaves() == status, person.shown
        assert person.is_as_before
    assert config_of(postrider) is None


@pytest.mark.parametrize("key, status", [(CTRL_C, SIGINT), (CTRL_D, 78)])
def test_the_client_id_is_cancelled(postrider, gmail, keyring, columns, key,
                                    status):
    with Terminal(postrider, *gmail, columns=columns) as person:
        person.sees(METHOD)
        person.enters("2")
        person.sees(CLIENT)
        person.presses(key)
        assert person.leaves() == status, person.shown
        assert person.is_as_before
    assert config_of(postrider) is None


@pytest.fixture
def outlook(postfix, ca):
    """A provider that takes nothing but tokens."""
    return ["login", "alice@outlook.com", "--host=localhost",
            f"--port={postfix.port}", f"--tls-trust-file={ca.pem}",
            "--provider=outlook", "--client-id=a-client"]


@pytest.mark.parametrize("key, status", [(CTRL_C, SIGINT), (CTRL_D, 77)])
def test_the_client_secret_is_cancelled(postrider, outlook, keyring, columns,
                                        key, status):
    """postrider-credential asks for it."""
    with Terminal(postrider, *outlook, "--client-secret=keyring",
                  columns=columns) as person:
        person.sees("client secret of a-client: ")
        assert not person.echoes
        person.presses(key)
        assert person.leaves() == status, person.shown
        assert person.is_as_before
    assert config_of(postrider) is None


def test_the_wait_for_the_browser_is_cancelled(postrider, outlook, keyring,
                                               columns):
    with Terminal(postrider, *outlook, "--paste", columns=columns) as person:
        person.sees("Waiting for the browser")
        person.enters("what is this")
        person.sees("Try again")
        person.presses(CTRL_C)
        assert person.leaves() == SIGINT, person.shown
        assert person.is_as_before
    assert config_of(postrider) is None


def test_an_error_that_only_the_browser_shows_is_pasted(postrider, outlook,
                                                        keyring):
    with Terminal(postrider, *outlook, "--paste") as person:
        person.sees("the error that a page shows")
        person.sees("Waiting for the browser")
        person.enters("AADSTS50020: User account 'a@b.example' does not exist "
                      "in tenant 'x'.")
        assert person.leaves() == 77, person.shown
        assert "the sign-in failed in the browser: AADSTS50020" in person.shown
        assert "set tenant" in person.shown
    assert config_of(postrider) is None


def test_no_browser_is_opened_without_a_store(postrider, outlook, no_keyring):
    with Terminal(postrider, *outlook, "--paste") as person:
        person.sees("Store the tokens in files")
        person.sees(OFFER)
        person.presses("q")
        assert person.leaves() == 75
        assert "https://" not in person.shown


def test_no_browser_is_opened_for_a_server_without_tokens(
        postrider, outlook, make_server, keyring):
    server = make_server(mechanisms=("PLAIN",))
    words = [f"--port={server.port}" if word.startswith("--port") else word
             for word in outlook]
    with Terminal(postrider, *words, "--paste") as person:
        assert person.leaves() == 77
        assert "https://login" not in person.shown
        assert "XOAUTH2" in person.shown
