# SPDX-License-Identifier: MIT
"""A namespace of mounts and processes in which postrider is the system's sendmail.

Programs that know nothing but /usr/sbin/sendmail find it there; the home
directory of the user, /run and /usr/local are the test's own. Outside of the
namespace nothing changes.
"""
import os
import pathlib
import pwd
import shutil
import subprocess

from peers.daemon import require_root

PROGRAMS = ("postrider", "postrider-queue", "postrider-credential",
            "postrider-oauth2")
# $1: the test's directory, $2: the user's home, $3: the user's number.
SCRIPT = """\
set -e
mount --bind /usr/sbin "$1/old-sbin"
mount -t tmpfs tmpfs /usr/sbin
ln -s "$1"/old-sbin/* /usr/sbin/
ln -sf "$1/bin/postrider" /usr/sbin/sendmail
mount -t tmpfs tmpfs /usr/local
mkdir -p /usr/local/libexec
ln -s "$1/bin" /usr/local/libexec/postrider
mount -t tmpfs tmpfs /run
mkdir -p "/run/user/$3"
mount --bind "$1/home" "$2"
shift 3
exec "$@"
"""


class Jail:
    def __init__(self, directory, program):
        require_root("a program that only knows /usr/sbin/sendmail")
        self.directory = pathlib.Path(directory)
        self.directory.chmod(0o755)
        self.home = self.directory / "home"
        for name in ("home", "bin", "old-sbin"):
            (self.directory / name).mkdir(mode=0o755)
        for name in PROGRAMS:
            shutil.copy(program.with_name(name), self.directory / "bin")

    def configure(self, text):
        """The configuration of the user whose home is the jail's."""
        path = self.home / ".config/postrider/config"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o600)

    def command(self, *arguments):
        """Who kills it, kills every process inside."""
        user = pwd.getpwuid(os.getuid())
        return ["unshare", "-m", "-p", "-f", "--kill-child", "sh", "-c",
                SCRIPT, "sh", str(self.directory), user.pw_dir,
                str(user.pw_uid), *map(str, arguments)]

    def script(self, text):
        """A command that runs the shell text inside."""
        return self.command("sh", "-c", "set -e\n" + text, "sh", self.directory)

    def run(self, text, **how):
        return subprocess.run(self.script(text), capture_output=True,
                              text=True, timeout=60, **how)
