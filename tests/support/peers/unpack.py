# SPDX-License-Identifier: MIT
"""Unpacks a Debian package into a cache directory instead of installing it.

Debian's mail servers remove one another when installed, so a test must never
install one. Usage from the shell: unpack.py [--deb] PACKAGE, which prints the
folder, or the path of the package file.
"""
import fcntl
import os
import pathlib
import pwd
import subprocess
import sys


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME")
    if not base:
        home = os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir
        base = pathlib.Path(home, ".cache")
    folder = pathlib.Path(base, "postrider-tests")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def download(package):
    """The package's .deb, from the cache or from the mirror."""
    folder = cache_folder()
    with open(folder / f"{package}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = sorted(folder.glob(f"{package}_*.deb"))
        if found:
            return found[-1]
        done = subprocess.run(["apt-get", "download", "-q", package],
                              cwd=folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        found = sorted(folder.glob(f"{package}_*.deb"))
        if done.returncode or not found:
            raise RuntimeError(f"apt-get download {package} failed "
                               f"(make deps): {done.stderr.strip()}")
        return found[-1]


def unpack(package):
    """The folder that holds the package's files."""
    deb = download(package)
    folder = deb.with_suffix("")
    if not folder.is_dir():
        part = deb.with_suffix(f".part{os.getpid()}")
        subprocess.run(["dpkg-deb", "-x", deb, part], check=True)
        try:
            part.rename(folder)
        except OSError:  # another run was faster
            subprocess.run(["rm", "-rf", part], check=True)
    return folder


if __name__ == "__main__":
    try:
        what = unpack if sys.argv[1] != "--deb" else download
        print(what(sys.argv[-1]))
    except RuntimeError as failure:
        sys.exit(f"unpack: {failure}")
