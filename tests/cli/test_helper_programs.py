# SPDX-License-Identifier: MIT
"""Which postrider-credential is started when nothing but the place of postrider
tells: that of the build tree, of a DESTDIR tree, never one of somebody else."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from callers.mail import MESSAGE
from dialogue.submission import SubmissionServer
from peers.scripted_keeper import ScriptedKeeper, token

PROGRAMS = ("postrider", "postrider-credential", "postrider-oauth2")
# The leak sanitizer cannot work then.
UNDER_STRACE = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
                + ":detect_leaks=0"}
ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def build(postrider):
    del postrider.env["POSTRIDER_EXEC_PATH"]
    return postrider.program.parent


@pytest.fixture
def tree(build, tmp_path):
    """A copy of the programs, as a build tree has them."""
    directory = tmp_path / "tree"
    directory.mkdir(mode=0o755)
    for name in PROGRAMS:
        shutil.copy(build / name, directory)
        (directory / name).chmod(0o755)
    return directory


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The whole of "make install", where it will not stay."""
    build = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
    stage = tmp_path_factory.mktemp("stage")
    subprocess.run(["make", "-C", ROOT, f"BUILD={build}", f"DESTDIR={stage}",
                    "install"],
                   check=True, capture_output=True, env={
                       name: value for name, value in os.environ.items()
                       if not name.startswith("MAKE")})
    return stage / "usr/local"


def started(postrider, command, cwd=None, path=None):
    """The path of the postrider-credential that this command starts."""
    env = postrider.environment({"PATH": path or os.environ["PATH"],
                                 **UNDER_STRACE})
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=execve", "-e", "signal=none",
         *command, "token", "--client-id=x", "--provider=outlook",
         "--user=me@outlook.com"],
        env=env, cwd=cwd, capture_output=True, text=True, timeout=60)
    return re.findall(r'execve\("([^"]*/postrider-credential)"', done.stderr)


def ways(program, tmp_path):
    """The ways in which people start a program."""
    link = tmp_path / "link"
    link.symlink_to(program)
    strace = os.path.dirname(shutil.which("strace"))
    path = f"{program.parent}:{strace}"
    yield [str(program)], None, None
    yield ["./postrider"], program.parent, None
    yield ["../" + program.parent.name + "/postrider"], program.parent, None
    yield ["postrider"], None, path
    yield [str(link)], None, None
    yield ["./link"], tmp_path, None


def test_beside_the_program_in_a_build_tree(postrider, tree, tmp_path):
    for command, cwd, path in ways(tree / "postrider", tmp_path):
        found = started(postrider, command, cwd, path)
        assert found == [str(tree / "postrider-credential")], command


def test_in_libexec_of_a_destdir_tree(postrider, build, installed, tmp_path):
    helper = installed / "libexec/postrider/postrider-credential"
    for command, cwd, path in ways(installed / "bin/postrider", tmp_path):
        found = started(postrider, command, cwd, path)
        assert found == [str(helper)], command


def test_the_helper_finds_its_own_helper(postrider, build, installed, keyring):
    """git starts postrider-credential by a link of another name."""
    helper = installed / "libexec/postrider/postrider-credential"
    link = postrider.home / "git-credential-postrider"
    link.symlink_to(helper)
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=execve", link, "--new",
         "--provider=microsoft365", "--user=me@corp.example",
         "--grant=client-credentials", "--client-id=x", "--tenant=corp.example",
         "--client-secret=env:SECRET", "login"],
        env=postrider.environment({"SECRET": "x", **UNDER_STRACE}),
        capture_output=True,
        text=True, timeout=60)
    assert f'execve("{helper.parent}/postrider-oauth2"' in done.stderr


def test_the_variable_takes_precedence(postrider, tree, build):
    postrider.env["POSTRIDER_EXEC_PATH"] = str(build)
    found = started(postrider, [str(tree / "postrider")])
    assert found == [str(build / "postrider-credential")]


@pytest.mark.parametrize("name", ["postrider-credential", "."])
def test_what_others_may_write_is_not_started(postrider, tree, name):
    (tree / name).chmod(0o757)
    found = started(postrider, [str(tree / "postrider")])
    assert str(tree / "postrider-credential") not in found
    (tree / name).chmod(0o775)
    found = started(postrider, [str(tree / "postrider")])
    assert str(tree / "postrider-credential") not in found
    (tree / "postrider").chmod(0o775)  # the umask 002 in a build tree
    found = started(postrider, [str(tree / "postrider")])
    assert found == [str(tree / "postrider-credential")]


def test_says_why_it_is_not_started(postrider, tree):
    """As on a file system where all files have the mode 777."""
    (tree / "postrider-credential").chmod(0o777)
    done = subprocess.run(
        [tree / "postrider", "token", "--provider=outlook", "--client-id=x",
         "--user=me@outlook.com"], env=postrider.environment(),
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 75, done.stderr
    assert (f"hint: {tree}/postrider-credential is not used, because others "
            "may change it: run chmod go-w" in done.stderr)


def test_a_file_of_another_owner_is_not_started(postrider, tree):
    os.chown(tree / "postrider-credential", 65534, 65534)
    found = started(postrider, [str(tree / "postrider")])
    assert str(tree / "postrider-credential") not in found


def test_a_confined_process_finds_it_again(postrider, ca, tmp_path):
    """To renew a refused token, in a sandbox that starts only what was found
    before."""
    keeper = ScriptedKeeper(postrider, tmp_path / "keeper")
    keeper.answers("get", token("old"), token("new"))
    del postrider.env["POSTRIDER_EXEC_PATH"]
    shutil.copy(postrider.program, keeper.directory)
    postrider.program = keeper.directory / "postrider"
    with SubmissionServer(ca.server, mechanisms=("XOAUTH2",),
                          token="new") as server:
        done = postrider.run(
            "-v", "--host=localhost", f"--port={server.port}",
            f"--tls-trust-file={ca.pem}", "--auth=xoauth2", "--client-id=x",
            "--user=me@corp.test", "you@example.org", input=MESSAGE)
    assert done.status == 0, done.err
    assert keeper.operations == ["get", "erase", "get"]
    assert len(server.messages) == 1
