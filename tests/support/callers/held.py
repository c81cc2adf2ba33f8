# SPDX-License-Identifier: MIT
"""postrider with an account whose sessions are held by other processes."""
import os
import pathlib
import signal

from callers.account import alice
from callers.session import MESSAGE
from patience import wait_for

LIMIT = 30


class Held:
    """Runs of postrider with an account whose sessions are held."""

    def __init__(self, postrider, ca, runtime):
        self.postrider, self.ca, self.runtime = postrider, ca, runtime
        self.env = {"XDG_RUNTIME_DIR": self.runtime, "WORK_PASSWORD": "secret"}

    @property
    def directory(self):
        return self.runtime / "postrider"

    def configure(self, port, hold="60s", more=""):
        self.postrider.configure(alice(
            self.ca, port, "env:WORK_PASSWORD", f"hold = {hold}", more))

    def send(self, *arguments, message=MESSAGE, to=("bob@example.test",),
             env=None, **how):
        return self.postrider.run(*arguments, "-i", "--", *to, input=message,
                                  env={**self.env, **(env or {})}, **how)

    def holders(self):
        """The numbers of the processes that accept clients."""
        return [int(lock.read_text()) for lock in
                sorted(self.directory.glob("*.lock")) if is_alive(lock)]

    def workers(self, holder=None):
        return [pid for one in ([holder] if holder else self.holders())
                for pid in children(one)]

    def stop(self):
        for pid in self.holders():
            workers = children(pid)
            os.kill(pid, signal.SIGTERM)
            wait_for(lambda: not any(map(is_running, [pid, *workers])))


def is_alive(lock):
    text = lock.read_text().strip()
    return text.isdigit() and is_running(int(text))


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def children(pid):
    task = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in task.read_text().split()]


def kill_worker(held):
    for pid in held.workers():
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_running(pid))
