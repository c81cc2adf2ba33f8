# SPDX-License-Identifier: MIT
"""A person with a real browser, for the variable BROWSER.

`browser.program` takes a URL, as any browser does, and what the person saw at
the end is in `browser.seen()`. The browser reaches loopback only, and trusts
the run's server certificate only.
"""
import dataclasses
import json
import os
import pathlib
import shlex
import signal
import subprocess
import time

from patience import wait_for
from peers.daemon import SEARCH_PATH, find_program
from peers.nodejs import node, place

SCRIPT = """\
#!/bin/sh
exec env -i PATH={path} HOME={directory} TMPDIR={directory} LANG=C.UTF-8 \\
    {node} {script} {directory} "$@" >>{directory}/log 2>&1
"""


@dataclasses.dataclass
class Seen:
    """asked: the URL it was started with. steps: which pages of the provider
    were answered (login, consent, device, code). visited: all URLs in the
    address bar. failure: what went wrong on the way, or None. The rest is of
    the last page; loaded: what it fetched besides itself."""
    asked: str
    steps: list
    visited: list
    loaded: list
    screenshot: pathlib.Path
    url: str = None
    status: int = None
    headers: dict = None
    title: str = None
    text: str = None
    html: str = None
    language: str = None
    failure: str = None


class Browser:
    def __init__(self, directory, ca):
        self.directory = pathlib.Path(directory)
        self.program = self.directory / "browser"
        self._ca = ca
        self.behave()
        self.program.write_text(SCRIPT.format(
            path=shlex.quote(SEARCH_PATH), directory=self.directory,
            node=shlex.quote(node()), script=place("browser.mjs", directory)))
        self.program.chmod(0o755)

    @property
    def env(self):
        return {"BROWSER": str(self.program)}

    def behave(self, user="alice", decline_at=None, leave_at=None,
               user_code=None, color_scheme="light"):
        """How the person acts from now on. decline_at: the page (login,
        consent, device) where "Cancel" is clicked; leave_at: the page where
        the window is closed. user_code is what is typed at the device page
        when its URL does not bring it."""
        (self.directory / "settings.json").write_text(json.dumps({
            "user": user, "decline_at": decline_at, "leave_at": leave_at,
            "user_code": user_code, "color_scheme": color_scheme,
            "chromium": find_program("chromium"),
            "certificates": [str(self._ca.server.cert)]}))

    def open(self, url, number=1):
        """Opens a page as the program would, and returns what was seen."""
        subprocess.run([self.program, url], check=True, timeout=60)
        return self.seen(number)

    def seen(self, number=1, seconds=60):
        """What the browser's run of that number saw. Waits for its end."""
        directory = self.directory / str(number)
        result = directory / "seen.json"
        wait_for(result.exists, lambda: "the browser shows no last page:\n"
                 + self.log, seconds)
        return Seen(screenshot=directory / "page.png",
                    **json.loads(result.read_text()))

    @property
    def runs(self):
        """How often it was started."""
        return len(list(self.directory.glob("[0-9]*/pid")))

    @property
    def log(self):
        log = self.directory / "log"
        return log.read_text(errors="replace") if log.exists() else ""

    def stop(self):
        """Ends the runs that have not ended."""
        for pid in self.directory.glob("[0-9]*/pid"):
            if not (pid.parent / "seen.json").exists():
                end(int(pid.read_text()))


def end(pid, seconds=10):
    """Ends the driver, and Chromium with it."""
    limit = time.monotonic() + seconds
    try:
        os.kill(pid, signal.SIGTERM)
        while is_running(pid) and time.monotonic() < limit:
            time.sleep(0.02)
    except ProcessLookupError:
        pass


def is_running(pid):
    """Whether the process runs; a zombie doesn't."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"
