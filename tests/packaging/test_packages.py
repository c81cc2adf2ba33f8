# SPDX-License-Identifier: MIT
"""The Debian packages, built from the release tarball: installed, used and
removed in a copy of this machine that lasts as long as the test."""
import hashlib
import pathlib
import re
import subprocess

import pytest

from dialogue.submission import SubmissionServer
from peers.daemon import require_root

ROOT = pathlib.Path(__file__).parents[2]
# $1 is an empty directory; what is changed is in $1/changes.
COPY_OF_THIS_MACHINE = """\
set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/changes" "$1/work" "$1/machine"
mount -t overlay overlay "$1/machine" \\
	-o "lowerdir=/,upperdir=$1/changes,workdir=$1/work"
mount --rbind /dev "$1/machine/dev"
mount -t proc proc "$1/machine/proc"
mkdir "$1/machine/packages"
cp "$2" "$3" "$1/machine/packages"
status=0
chroot "$1/machine" sh -euc "$4" || status=$?
echo "== left"
cd "$1/changes"
find . ! -type d -print
exit $status
"""
# What dpkg and man-db keep for themselves.
BOOKKEEPING = re.compile(r"\./(packages/|var/(lib/dpkg|log|cache)/)")


@pytest.fixture
def machine(packages, tmp_path):
    """Runs shell commands where the packages are in /packages."""
    require_root("a mount namespace")

    def run(commands):
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", COPY_OF_THIS_MACHINE, "sh", tmp_path,
             packages["postrider"], packages["postrider-mta"], commands],
            capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        out, left = done.stdout.split("== left\n")
        return out, [file for file in left.split()
                     if not BOOKKEEPING.match(file)]
    return run


def test_two_builds_in_two_directories_are_the_same(packages, release):
    again = release("second", "deb") / "build/deb"
    for file in packages.values():
        assert digest(file) == digest(again / file.name)


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_installed_it_sends_as_sendmail(machine):
    with SubmissionServer(tls="none", mechanisms=()) as server:
        out, _ = machine(f"""
            dpkg -i /packages/*.deb >&2
            printf 'Subject: from the package\\n\\nhello\\n' |
                /usr/sbin/sendmail --host=127.0.0.1 --port={server.port} \\
                --tls=none you@example.org
            postrider version
            test -x "$(git --exec-path)/git-credential-postrider" ||
                command -v git-credential-postrider""")
    assert b"Subject: from the package" in server.messages[0].data
    assert "sandbox" in out


def test_it_is_removed_without_a_trace(machine):
    _, left = machine("""
        dpkg -i /packages/*.deb >&2
        postrider version >&2
        dpkg --purge postrider-mta postrider >&2""")
    assert left == []


def test_the_service_is_removed_with_its_tokens(machine):
    """What an administrator has enabled, and what it has stored."""
    out, left = machine("""
        dpkg -i /packages/postrider_*.deb >&2
        systemctl enable postrider.socket 2>&1
        mkdir -p /var/lib/private/postrider/tokens
        ln -s private/postrider /var/lib/postrider
        touch /var/lib/private/postrider/tokens/oauth2-x
        dpkg --remove postrider >&2
        ls /var/lib/postrider/tokens
        test ! -L /etc/systemd/system/sockets.target.wants/postrider.socket
        dpkg --purge postrider >&2""")
    assert out.endswith("oauth2-x\n")
    assert left == []


def test_a_machine_keeps_its_mail_server(machine):
    out, _ = machine("""
        echo there >/usr/sbin/sendmail
        dpkg -i /packages/postrider_*.deb >&2
        cat /usr/sbin/sendmail""")
    assert out == "there\n"


def test_each_command_has_a_manual_page(packages):
    for file in packages.values():
        content = subprocess.run(["dpkg-deb", "-c", file], check=True,
                                 capture_output=True, text=True).stdout
        paths = [pathlib.PurePath(line.split()[5])
                 for line in content.splitlines()]
        commands = {path.name for path in paths
                    if path.parent.name in ("bin", "sbin")}
        pages = {path.name.rsplit(".", 2)[0] for path in paths
                 if path.parent.name in ("man1", "man8")}
        assert commands != set()
        assert commands - pages == set()


def test_what_is_installed_belongs_to_root(packages):
    for file in packages.values():
        listing = subprocess.run(["dpkg-deb", "-c", file], check=True,
                                 capture_output=True, text=True).stdout
        for line in listing.splitlines():
            mode, owner = line.split()[:2]
            assert owner == "root/root", line
            assert mode[0] == "l" or "w" not in mode[4:], line
            assert not {"s", "S"} & set(mode), line


@pytest.mark.parametrize("file", [
    "debian/changelog", "rpm/postrider.spec", "alpine/APKBUILD",
    "homebrew/postrider.rb", "nix/default.nix"])
def test_every_recipe_is_for_this_version(file):
    version = re.search(r"AC_INIT\(\[postrider\], \[([\d.]+)\]",
                        (ROOT / "configure.ac").read_text())[1]
    assert version in (ROOT / ".packaging" / file).read_text()


def test_the_spec_lists_what_is_installed(packages):
    spec = (ROOT / ".packaging/rpm/postrider.spec").read_text()
    listed = re.findall(r"^(%\{_\w+\}\S*)$", spec, re.M)
    macros = {"%{_bindir}": "/usr/bin", "%{_sbindir}": "/usr/sbin",
              "%{_libexecdir}": "/usr/libexec", "%{_mandir}": "/usr/share/man",
              "%{_datadir}": "/usr/share",
              "%{_unitdir}": "/usr/lib/systemd/system"}
    patterns = []
    for entry in listed:
        for macro, directory in macros.items():
            entry = entry.replace(macro, directory)
        patterns.append(entry + ("*" if entry.endswith("/") else ""))
    content = subprocess.run(["dpkg-deb", "-c", packages["postrider"]],
                             check=True, capture_output=True, text=True).stdout
    for line in content.splitlines():
        path = line.split()[5].lstrip(".")
        if path.endswith("/") or path.startswith("/usr/share/doc/"):
            continue
        path = path.replace("vendor-completions", "site-functions")
        assert any(pathlib.PurePath(path).match(p) for p in patterns), path


def test_the_shell_reads_the_recipe_of_alpine():
    subprocess.run(["sh", "-n", ROOT / ".packaging/alpine/APKBUILD"],
                   check=True)
