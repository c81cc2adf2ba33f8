# SPDX-License-Identifier: MIT
"""The part of make bench that is about the queue: adding a message, beside
Postfix's sendmail and the disk itself; listing 10,000; and sending 1,000 to a
server far away. Nothing here is asserted.
"""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

from peers.daemon import Daemon, free_port
from peers.postfix_relay import PostfixRelay
from peers.resident import watch

DELAY = pathlib.Path(__file__).with_name("delay.py")
ONE_WAY_MS = 25
ADDED, LISTED, SENT, ROUNDS = 300, 10000, 1000, 10
RECIPIENT = "bob@example.test"
MESSAGE = (b"From: alice@example.test\nSubject: bench\n\n"
           + b"0123456789abcdef" * 4 * 30 + b"\n")
CONFIGURATION = """\
account far {{ host = localhost  port = {port}  user = alice  auth = plain
    from = {{ alice@example.test }}  tls-trust-file = "{ca}"
    credential = "file:{secret}" }}
"""


class Bench:
    def __init__(self, build, directory, ca, postfix):
        self.build, self.ca, self.postfix = build, ca, postfix
        self.home = directory / "queue-home"
        self.spool = self.home / ".local/state/postrider/queue"
        self.env = {"HOME": str(self.home), "PATH": os.environ["PATH"],
                    "POSTRIDER_EXEC_PATH": str(build)}
        self.secret = self.home / "password"
        self.config = self.home / ".config/postrider/config"
        self.config.parent.mkdir(parents=True)
        self.secret.write_text("secret\n")
        self.secret.chmod(0o600)
        self.connect(9)  # nothing listens there

    def connect(self, port):
        self.config.write_text(CONFIGURATION.format(
            port=port, ca=self.ca.pem, secret=self.secret))
        self.config.chmod(0o600)

    def add(self):
        run([self.build / "postrider", "-odq", RECIPIENT], self.env)

    def list(self):
        run([self.build / "postrider", "queue", "list"], self.env)

    def multiply(self, count):
        """Until that many wait: the copies are made without the program."""
        state = min(self.spool.glob("*.state"))
        files = {suffix: state.with_suffix(suffix).read_bytes()
                 for suffix in (".state", ".message")}
        there = len(list(self.spool.glob("*.state")))
        for number in range(there, count):
            for suffix, content in files.items():
                path = self.spool / f"7{number:015x}{suffix}"
                path.write_bytes(content)
                path.chmod(0o600)

    def empty(self):
        for path in self.spool.iterdir():
            path.unlink()

    def send(self):
        """Seconds, and kilobytes resident at the most."""
        begin = time.monotonic()
        child = subprocess.Popen(
            [self.build / "postrider", "queue", "run"], env=self.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        resident = watch(child)
        return time.monotonic() - begin, resident


def bench(build, directory, ca, postfix):
    """Prints a table."""
    queue = Bench(build, directory, ca, postfix)
    print(f"\n{ADDED} messages of 2 KB into a queue:")
    show_adding(queue, directory)
    queue.multiply(LISTED)
    listed = statistics.median(taken(queue.list) for _ in range(ROUNDS))
    _, resident = queue.send()
    print(f"{LISTED} messages: listed in {listed * 1000:.0f} ms; a run is "
          f"{resident / 1024:.1f} MB resident")
    queue.empty()
    show_sending(queue, directory, postfix)


def show_adding(queue, directory):
    postfix = PostfixRelay(directory / "postfix-queue", queue.ca,
                           "/nonexistent", free_port())
    disk = directory / "disk"
    disk.mkdir()
    try:
        for name, add in {
                "the disk's part of it": lambda: write_safely(disk),
                "postrider -odq": queue.add,
                "Postfix's sendmail": lambda: postfix.sendmail(
                    ["-i", RECIPIENT], MESSAGE)}.items():
            add()
            each = statistics.mean(taken(add) for _ in range(ADDED))
            print(f"{name:<26}{each * 1000:>8.2f} ms each")
    finally:
        postfix.stop()


def show_sending(queue, directory, postfix):
    port = free_port()
    log = directory / "delay-queue.log"
    relay = Daemon([sys.executable, DELAY, ONE_WAY_MS, port, postfix.port], log)
    try:
        relay.wait_for_port(port)
        queue.connect(port)
        queue.add()
        queue.multiply(SENT)
        seconds, _ = queue.send()
        time.sleep(1)  # the end of the session has a long way, too
        counted = pathlib.Path(f"{log}.start").read_text()
    finally:
        relay.stop()
    trips = sum(map(int, re.findall(r"^(\d+) round trips$", counted, re.M)))
    print(f"{SENT} messages, {2 * ONE_WAY_MS} ms round trip: {seconds:.1f} s, "
          f"{trips / SENT:.2f} round trips each")


def write_safely(directory):
    """What any queue must do: two files and a name, each on disk."""
    handle = os.open(directory, os.O_RDONLY)
    for name, content in (("message", MESSAGE), ("state", b"x" * 300)):
        file = os.open(directory / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(file, content)
        os.fsync(file)
        os.close(file)
    os.rename(directory / "state", directory / f"{time.monotonic_ns()}")
    os.fsync(handle)
    os.close(handle)


def run(command, env):
    subprocess.run(command, env=env, input=MESSAGE, check=True,
                   stdout=subprocess.DEVNULL)


def taken(function):
    begin = time.monotonic()
    function()
    return time.monotonic() - begin
