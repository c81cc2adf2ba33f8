# SPDX-License-Identifier: MIT
"""A server process that belongs to a test run: started, awaited, stopped."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

SEARCH_PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def loopback():
    return ["127.0.0.1", "127.0.0.2"] + (["::1"] if has_ipv6() else [])


def free_port():
    """A port that is free on every loopback address."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = first.getsockname()[1]
            try:
                for address in loopback()[1:]:
                    family = (socket.AF_INET6 if ":" in address
                              else socket.AF_INET)
                    socket.create_server((address, port),
                                         family=family).close()
                return port
            except OSError:
                continue


def require_root(who):
    assert os.getuid() == 0, f"{who} must be started as root: sudo make check"


def require_user(name):
    """Makes a system user that an unpacked package did not bring."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "-d",
                        "/nonexistent", "-s", "/usr/sbin/nologin", name],
                       check=True, env={"PATH": SEARCH_PATH})


def require_group(name):
    subprocess.run(["groupadd", "--system", "--force", name], check=True,
                   env={"PATH": SEARCH_PATH})


def find_program(name):
    path = shutil.which(name, path=SEARCH_PATH)
    assert path, f"{name} is missing: make deps"
    return path


class Daemon:
    """Runs in its own session, so that its whole group can be ended."""

    def __init__(self, arguments, log, env=None):
        self.name = pathlib.Path(arguments[0]).name
        self.log = pathlib.Path(log)
        with open(f"{log}.start", "wb") as out:
            self.process = subprocess.Popen(
                list(map(str, arguments)), env=env, stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True)

    def wait_for_port(self, port, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"{self.name} did not start:\n{self.last_words()}")

    def last_words(self):
        texts = [path.read_text(errors="replace")[-2000:]
                 for path in (pathlib.Path(f"{self.log}.start"), self.log)
                 if path.exists()]
        return "\n".join(texts)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
