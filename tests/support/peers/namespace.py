# SPDX-License-Identifier: MIT
"""Runs a command with a different file system or network.

Mounts lays files and empty directories over the real ones; SmallDisk is a file
system that can be full; Network is a machine that has nothing but a loopback
interface. All need root (and, in a container,
--privileged).
"""
import contextlib
import ctypes
import os
import pathlib
import shlex
import socket
import subprocess
import sys
import threading

CLONE_NEWNET = 0x40000000
HOLDER = """
import ctypes, fcntl, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x40000000):
    sys.exit("no network namespace: root? --privileged?")
up = struct.pack("16sh14x", b"lo", 1)  # IFF_UP
fcntl.ioctl(socket.socket(), 0x8914, up)  # SIOCSIFFLAGS
print("ready", flush=True)
sys.stdin.read()
"""


class Mounts:
    def __init__(self, files=None, empty=()):
        """files: place -> path of what is seen there; empty: directories that
        are first made empty, in which a place needs not exist."""
        steps = [f"mount -t tmpfs none {shlex.quote(str(directory))}"
                 for directory in empty]
        for place, path in (files or {}).items():
            place, path = shlex.quote(str(place)), shlex.quote(str(path))
            steps.append(f"mkdir -p $(dirname {place})")
            steps.append(f"test -e {place} || : > {place}")
            steps.append(f"mount --bind {path} {place}")
        self._script = " && ".join(steps + ['exec "$@"'])

    def wrap(self, command):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                self._script, "sh", *map(str, command)]


class SmallDisk:
    """A context manager: a file system of 64 KB at directory, which only
    commands that are wrapped see there. `path` is it for the test."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True)

    def __enter__(self):
        script = ('mount -t tmpfs -o size=64k,mode=700 tmpfs "$1" && '
                  'echo ready && read -r _')
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c",
             script, "sh", self.directory],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout.readline() == "ready\n"
        self.path = pathlib.Path(f"/proc/{self._holder.pid}/root",
                                 self.directory.relative_to("/"))
        return self

    def __exit__(self, *_):
        self._holder.communicate()

    @property
    def wrap(self):
        return ["nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt"]

    def fill(self):
        with contextlib.suppress(OSError):
            with (self.path / "filler").open("wb", buffering=0) as file:
                while file.write(bytes(4096)) == 4096:
                    pass

    def free(self):
        (self.path / "filler").unlink()


class Network:
    """A context manager. Sockets made while entered() are in it."""

    def __enter__(self):
        self._holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout.readline() == "ready\n"
        self._path = f"/proc/{self._holder.pid}/ns/net"
        return self

    def __exit__(self, *_):
        self._holder.communicate()

    def wrap(self, command):
        return ["nsenter", f"--net={self._path}", *map(str, command)]

    @contextlib.contextmanager
    def entered(self):
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            enter(self._path)
            yield
        finally:
            setns(home)
            os.close(home)


def enter(path):
    there = os.open(path, os.O_RDONLY)
    try:
        setns(there)
    finally:
        os.close(there)


def setns(descriptor):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class NameServer:
    """Answers every question alike: an rcode, no addresses; None: silence."""

    def __init__(self, rcode, addresses=()):
        self._rcode = rcode
        self._addresses = addresses
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        self._socket.settimeout(0.05)
        self._stop = threading.Event()
        self.questions = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while not self._stop.is_set():
            try:
                query, peer = self._socket.recvfrom(4096)
            except socket.timeout:
                continue
            self.questions += 1
            if self._rcode is not None:
                self._socket.sendto(self._answer(query), peer)

    def _answer(self, query):
        question = query[12:query.index(b"\0", 12) + 5]
        is_a = question[-4:-2] == b"\0\1"
        records = [b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(address)
                   for address in self._addresses if is_a]
        return (query[:2] + bytes([0x81, 0x80 | self._rcode]) + b"\0\1"
                + len(records).to_bytes(2, "big") + bytes(4) + question
                + b"".join(records))


def resolver_files(directory, hosts=""):
    """What makes one name server at 127.0.0.1 and a hosts file count."""
    directory = pathlib.Path(directory)
    contents = {
        "/etc/resolv.conf":
            "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
        "/etc/nsswitch.conf": "hosts: files dns\n",
        "/etc/hosts": hosts}
    files = {}
    for place, text in contents.items():
        files[place] = directory / pathlib.Path(place).name
        files[place].write_text(text)
    return files


def in_network(network, directory, hosts="127.0.0.1 localhost\n"):
    """Returns a function that wraps a command so that it is in the network,
    with these hosts and one name server, at 127.0.0.1."""
    mounts = Mounts(resolver_files(directory, hosts))
    return lambda command: network.wrap(mounts.wrap(command))
