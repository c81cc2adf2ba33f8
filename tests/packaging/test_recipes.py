# SPDX-License-Identifier: MIT
"""What each recipe installs is all that there is: every program that is built,
every manual page and, where the system has systemd, every unit. The recipes are
run, as far as their tools allow, with the programs of this build."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PACKAGING = ROOT / ".packaging"
BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
MAKE = f"""\
#!/bin/sh
exec /usr/bin/make -s -C {ROOT} BUILD={BUILD} -o all "$@"
"""
SPEC_MACROS = {"%{buildroot}": "$out", "%make_build": "make prefix=/usr",
               "%{_sbindir}": "/usr/sbin", "%{_bindir}": "/usr/bin"}


def there_is(systemd):
    """The names of what a package must have."""
    names = {path.name for path in BUILD.glob("postrider*")
             if path.is_file() and os.access(path, os.X_OK)}
    names |= {page.name for page in ROOT.glob("man/*.[1-9]")}
    names |= {path.name for path in (BUILD / "completions").glob("*postrider*")}
    names |= {"git-credential-postrider", "output.schema.json"}
    if systemd:
        names |= {unit.name for unit in (PACKAGING / "systemd").iterdir()}
    # The name of its file in the directory of bash.
    return {name.removesuffix(".bash") for name in names}


def rpm():
    """The section %install of the spec."""
    section = re.search(r"^%install\n(.*?)^%post$", (
        PACKAGING / "rpm/postrider.spec").read_text(), re.M | re.S)[1]
    for macro, text in SPEC_MACROS.items():
        section = section.replace(macro, text)
    assert "%" not in section, section
    return section


def nix():
    text = (PACKAGING / "nix/default.nix").read_text()
    linux, _ = re.search(
        r'installTargets =\s+\[ \(if stdenv.hostPlatform.isLinux then '
        r'"([\w-]+)" else "([\w-]+)"\) \];', text).groups()
    return f"make prefix=$out {linux}"


def homebrew():
    text = (PACKAGING / "homebrew/postrider.rb").read_text()
    targets = re.findall(r'^ +system "make", "([\w-]+)"', text, re.M)
    return f"make prefix=$out {' '.join(targets)}"


RECIPES = {
    "make": ("make DESTDIR=$out install-service", True),
    "alpine": (f'. {PACKAGING}/alpine/APKBUILD; pkgdir=$out; cd {ROOT}; package',
               False),  # Alpine has OpenRC
    "rpm": (rpm(), True),
    "nix": (nix(), True),
    "homebrew": (homebrew(), False)}  # for macOS


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_installs_all(recipe, tmp_path):
    commands, systemd = RECIPES[recipe]
    make = tmp_path / "bin/make"
    make.parent.mkdir()
    make.write_text(MAKE)
    make.chmod(0o755)
    out = tmp_path / "out"
    subprocess.run(["sh", "-euc", commands], check=True, env={
        "PATH": f"{make.parent}:{os.environ['PATH']}", "out": str(out)})
    installed = {path.name for path in out.rglob("*") if not path.is_dir()}
    missing = there_is(systemd) - installed
    assert missing == set()


def test_every_program_is_in_the_profile():
    profile = (PACKAGING / "apparmor/usr.bin.postrider").read_text()
    programs = {name for name in there_is(False)
                if (BUILD / name).is_file() and name != "postrider"}
    assert len(programs) > 3
    assert {name for name in programs
            if f"/usr/libexec/postrider/{name} " not in profile} == set()


def test_the_debian_package_has_all(packages):
    content = subprocess.run(["dpkg-deb", "-c", packages["postrider"]],
                             check=True, capture_output=True, text=True).stdout
    installed = {pathlib.PurePath(line.split()[5]).name.removesuffix(".gz")
                 for line in content.splitlines()}
    assert there_is(True) - installed == set()


def test_the_tarball_has_all(tarball):
    listing = subprocess.run(["tar", "-tf", tarball], check=True,
                             capture_output=True, text=True).stdout
    names = {pathlib.PurePath(line).name for line in listing.splitlines()}
    assert {path.name for where in ("man", ".packaging/systemd")
            for path in (ROOT / where).iterdir()} - names == set()


def test_what_is_installed_is_removed(tmp_path):
    make = ["make", "-s", "-C", ROOT, f"BUILD={BUILD}", "-o", "all",
            f"DESTDIR={tmp_path}"]
    subprocess.run([*make, "install-service", "install-sendmail"], check=True)
    subprocess.run([*make, "uninstall"], check=True)
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []
