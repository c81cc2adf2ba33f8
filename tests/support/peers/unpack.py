# SPDX-License-Identifier: MIT
"""Unpacks a Debian package into a cache directory instead of installing it.

Debian's mail servers remove one another when installed, so a test must never
install one. Usage from the shell: unpack.py [--deb] PACKAGE, which prints the
directory, or the path of the package file.
"""
import fcntl
import os
import pathlib
import pwd
import subprocess
import sys


def cache_directory():
    base = os.environ.get("XDG_CACHE_HOME")
    if not base:
        home = os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir
        base = pathlib.Path(home, ".cache")
    directory = pathlib.Path(base, "postrider-tests")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def download(package):
    """The package's .deb, from the cache or from the mirror."""
    directory = cache_directory()
    with open(directory / f"{package}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = sorted(directory.glob(f"{package}_*.deb"))
        if found:
            return found[-1]
        done = subprocess.run(["apt-get", "download", "-q", package],
                              cwd=directory, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        found = sorted(directory.glob(f"{package}_*.deb"))
        if done.returncode or not found:
            raise RuntimeError(f"apt-get download {package} failed "
                               f"(make deps): {done.stderr.strip()}")
        return found[-1]


def unpack(package):
    """The directory that holds the package's files."""
    deb = download(package)
    directory = deb.with_suffix("")
    if not directory.is_dir():
        part = deb.with_suffix(f".part{os.getpid()}")
        subprocess.run(["dpkg-deb", "-x", deb, part], check=True)
        try:
            part.rename(directory)
        except OSError:  # another run was faster
            subprocess.run(["rm", "-rf", part], check=True)
    return directory


if __name__ == "__main__":
    try:
        what = unpack if sys.argv[1] != "--deb" else download
        print(what(sys.argv[-1]))
    except RuntimeError as failure:
        sys.exit(f"unpack: {failure}")
