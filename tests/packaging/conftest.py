# SPDX-License-Identifier: MIT
"""The release tarball, and what is built from it."""
import os
import pathlib
import subprocess
import tarfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def make(directory, *arguments, path=None):
    """make, without what an outer make says, and without this build tree."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("MAKE", "POSTRIDER"))}
    if path:
        env["PATH"] = f"{path}:{env['PATH']}"
    subprocess.run(["make", "-C", directory, *arguments], check=True, env=env,
                   stdin=subprocess.DEVNULL)


@pytest.fixture(scope="package")
def tarball(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    make(ROOT, f"BUILD={out}", "dist")
    found, = out.glob("*.tar.gz")
    return found


@pytest.fixture(scope="package")
def release(tarball, tmp_path_factory):
    """release(name, target) unpacks the tarball in a directory of that name and
    makes the target there; no autoconf can be run."""
    no_autoconf = tmp_path_factory.mktemp("bin")
    for name in "autoconf", "autoheader":
        (no_autoconf / name).write_text("#!/bin/sh\nexit 1\n")
        (no_autoconf / name).chmod(0o755)

    def build(name, *target):
        directory = tmp_path_factory.mktemp(name)
        with tarfile.open(tarball) as archive:
            archive.extractall(directory)
        tree, = directory.iterdir()
        make(tree, *target, path=no_autoconf)
        return tree
    return build


@pytest.fixture(scope="package")
def packages(release):
    """The packages, {name: file}."""
    found = (release("first", "deb") / "build/deb").glob("*.deb")
    return {file.name.split("_")[0]: file for file in found}
