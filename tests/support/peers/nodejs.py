# SPDX-License-Identifier: MIT
"""Node and the packages of it that the tests use, in the cache directory.

What is installed is what the lock files say, byte for byte. A Node that is too
old for them (Debian 12 has 18) is left alone, and a newer one is put into the
cache. Usage from the shell: nodejs.py, which installs what is missing.
"""
import fcntl
import functools
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.unpack import cache_directory  # noqa: E402

HERE = pathlib.Path(__file__).parent
PACKAGE_FILES = ("package.json", "package-lock.json")
# The youngest thing that oidc-provider wants of the language.
NEW_ENOUGH = "process.exit(typeof URL.parse === 'function' ? 0 : 1)"


@functools.lru_cache(maxsize=None)
def node():
    """The path of a Node that is new enough."""
    found = shutil.which("node")
    if found and subprocess.run([found, "-e", NEW_ENOUGH]).returncode == 0:
        return found
    programs = sorted(modules("node").glob("node-linux-*/bin/node"))
    if not programs:
        raise RuntimeError("Node 20.16 or newer is missing")
    return str(programs[0])


@functools.lru_cache(maxsize=None)
def modules(name):
    """The directory node_modules of the package files in directory `name`."""
    texts = [(HERE / name / file).read_bytes() for file in PACKAGE_FILES]
    digest = hashlib.sha256(b"".join(texts)).hexdigest()[:16]
    directory = cache_directory() / f"{name}-{digest}"
    with open(cache_directory() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not directory.is_dir():
            _install(name, directory)
    return directory / "node_modules"


def _install(name, directory):
    part = directory.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for file in PACKAGE_FILES:
        shutil.copy(HERE / name / file, part)
    npm = shutil.which("npm")
    if not npm:
        raise RuntimeError("npm is missing (make deps)")
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=part,
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env={**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"})
    if done.returncode:
        raise RuntimeError(f"npm ci failed (make deps): {done.stderr.strip()}")
    part.rename(directory)


def place(script, directory):
    """Puts a script into a directory where it finds its packages."""
    directory = pathlib.Path(directory)
    copy = shutil.copy(HERE / script, directory)
    link = directory / "node_modules"
    if not link.exists():
        link.symlink_to(modules("oidc"))
    return copy


if __name__ == "__main__":
    try:
        node()
        modules("oidc")
    except RuntimeError as failure:
        sys.exit(f"nodejs: {failure}")
