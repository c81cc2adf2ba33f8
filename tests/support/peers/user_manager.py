# SPDX-License-Identifier: MIT
"""systemd --user in namespaces of its own, with an empty /run. As in a
container that runs systemd, it needs root."""
import os
import subprocess

from patience import wait_for

START_LIMIT_S = 30

SCRIPT = """\
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system "$1" && chmod 700 "$1"
[ "$2" = no ] || /lib/systemd/systemd --user >/dev/null 2>&1 </dev/null &
echo ready
read -r _
"""


class UserManager:
    """A context manager. runs=False: systemd is the system's manager, but the
    user has none."""

    def __init__(self, env, runs=True):
        self.runtime = f"/run/user/{os.getuid()}"
        self.env = {**env, "XDG_RUNTIME_DIR": self.runtime}
        self.runs = runs

    def __enter__(self):
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child",
             "--mount-proc", "--propagation", "private", "sh", "-c", SCRIPT,
             "sh", self.runtime, "yes" if self.runs else "no"],
            env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        assert self._holder.stdout.readline() == "ready\n"
        if self.runs:
            wait_for(lambda: self.ctl("is-system-running").stdout in (
                "running\n", "degraded\n"),
                lambda: "systemd --user did not start")
        return self

    def __exit__(self, *_):
        self._holder.kill()
        self._holder.wait()

    def wrap(self, command):
        namespaces = f"/proc/{self._holder.pid}/ns"
        return ["nsenter", f"--mount={namespaces}/mnt",
                f"--pid={namespaces}/pid_for_children", "--", *command]

    def ctl(self, *words):
        """systemctl --user. Returns what subprocess.run does."""
        return subprocess.run(
            self.wrap(["systemctl", "--user", *words]), env=self.env,
            capture_output=True, text=True, timeout=START_LIMIT_S)
