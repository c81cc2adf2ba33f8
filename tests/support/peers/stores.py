# SPDX-License-Identifier: MIT
"""The places where postrider stores OAuth2 tokens. Tests can read them, and
store tokens without a sign-in.

Each has `fields`, the settings of an account that is kept there, `settings`,
the same as lines of its block, and `env`, variables that postrider needs to
find it.
"""
import atexit
import hashlib
import os
import pathlib
import pwd
import re
import subprocess

# Of all attributes of git's credential protocol, whatever they are.
HELPER = """\
#!/bin/sh
entry=${0%/*}/entry
case $1 in
get) if test -e "$entry"; then cat "$entry"; fi ;;
store)  # nothing without a password, as git's own
    cat > "$entry.new" || exit
    if grep -q ^password= "$entry.new"; then mv "$entry.new" "$entry"; fi ;;
erase) cat > /dev/null; rm -f "$entry" ;;
esac
"""


def compose(entry):
    return "".join(f"{key}={value}\n" for key, value in entry.items()) + "\n"


def parse(text):
    return dict(line.split("=", 1) for line in text.splitlines() if line)


def home_locks():
    """Where the locks of a keyring or a helper are, whatever $HOME is."""
    home = pathlib.Path(pwd.getpwuid(os.geteuid()).pw_dir)
    return home / ".local/state/postrider/locks"


def own_user(name):
    """A user of this run alone, whose lock no other run of the tests holds. It
    is removed at the end."""
    user = f"{name}{os.getpid()}"
    digest = hashlib.sha256(f"oauth2\0localhost\0{user}\0".encode())
    lock = home_locks() / digest.hexdigest()
    atexit.register(lock.unlink, missing_ok=True)
    return user


class Store:
    @property
    def settings(self):
        return "".join(f'{name} = "{value}"\n'
                       for name, value in self.fields.items())


class Directory(Store):
    """A directory of files in plain text."""

    def __init__(self, home):
        self.directory = home / "tokens"
        self.directory.mkdir(mode=0o700)
        self.env = {}
        self.fields = {"credential-folder": self.directory,
                       "credential-encrypt": "plain-text"}

    @property
    def locks(self):
        return self.directory

    def path(self, user, host):
        return self.directory / f"oauth2-{user}@{host}"

    def write(self, user, host, entry):
        path = self.path(user, host)
        path.write_bytes(self.encrypted(compose(entry).encode()))
        path.chmod(0o600)

    def read(self, user, host):
        return parse(self.decrypted(self.path(user, host).read_bytes())
                     .decode())

    def encrypted(self, text):
        return text

    def decrypted(self, text):
        return text


class EncryptedDirectory(Directory):
    """Files that age encrypts."""

    def __init__(self, home):
        super().__init__(home)
        key = home / "age-key"
        made = subprocess.run(["age-keygen", "-o", key], check=True,
                              stderr=subprocess.PIPE, text=True).stderr
        recipient = re.search(r"age1\w+", made)[0]
        self.encrypt = f"age --recipient {recipient}"
        self.decrypt = f"age --decrypt --identity {key}"
        self.fields = {"credential-folder": self.directory,
                       "credential-encrypt": self.encrypt,
                       "credential-decrypt": self.decrypt}

    def encrypted(self, text):
        return filtered(self.encrypt, text)

    def decrypted(self, text):
        return filtered(self.decrypt, text)


def filtered(command, text):
    return subprocess.run(command.split(), input=text, check=True,
                          capture_output=True).stdout


class Helper(Store):
    """A git credential helper that keeps one entry, as it got it."""

    def __init__(self, home):
        directory = home / "helper"
        directory.mkdir()
        program = directory / "helper"
        program.write_text(HELPER)
        program.chmod(0o755)
        self.entry = directory / "entry"
        self.locks = home_locks()
        self.env = {}
        self.fields = {"credential-helper": program}

    def write(self, user, host, entry):
        self.entry.write_text(compose(entry))

    def read(self, user, host):
        return parse(self.entry.read_text())


class InKeyring(Store):
    """A Keyring of peers/keyring.py, which must be running."""
    fields = {}

    def __init__(self, home, keyring):
        self.keyring = keyring
        self.locks = home_locks()
        self.env = {name: keyring.env[name] for name in
                    ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}

    def write(self, user, host, entry):
        self.keyring.store(compose(entry), **self.attributes(user, host))

    def read(self, user, host):
        return parse(self.keyring.lookup(**self.attributes(user, host)))

    @staticmethod
    def attributes(user, host):
        return {"service": "oauth2", "host": host, "user": user,
                "xdg:schema": "org.postrider.Credential"}


def lock_holder(directory):
    """The process that has a file in the directory locked, or None."""
    inodes = {entry.inode() for entry in os.scandir(directory)} \
        if os.path.isdir(directory) else set()
    with open("/proc/locks") as locks:
        for line in locks:
            words = line.split()
            if "->" in words or words[1] != "FLOCK":
                continue
            if int(words[5].rsplit(":", 1)[1]) in inodes:
                return int(words[4])
    return None
