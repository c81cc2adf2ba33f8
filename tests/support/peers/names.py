# SPDX-License-Identifier: MIT
"""Runs a command with its own /etc/hosts.

The command runs in a mount namespace where another file lies over /etc/hosts.
That needs root (and, in a container, --privileged).
"""
import pathlib
import subprocess

BIND = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'


class Names:
    def __init__(self, directory, names):
        """names: name -> address; localhost stays what it is."""
        self._file = pathlib.Path(directory, "hosts")
        self._file.write_text("127.0.0.1 localhost\n" + "".join(
            f"{address} {name}\n" for name, address in names.items()))

    def wrap(self, command):
        """The command line that runs `command` among these names."""
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                BIND, "sh", str(self._file), *map(str, command)]

    def check(self):
        """Says what is missing, instead of a test that fails for it."""
        done = subprocess.run(self.wrap(["true"]), capture_output=True,
                              text=True)
        assert done.returncode == 0, (
            f"no mount namespace (root? --privileged?): {done.stderr}")
