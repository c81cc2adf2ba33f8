# SPDX-License-Identifier: MIT
"""git asks for a token: git credential fill, approve and reject."""
import subprocess

import pytest

from callers.credential import HOUR, PROGRAM, Result, refusal, tokens

QUESTION = "protocol=smtp\nhost=localhost\nusername=alice\n"


@pytest.fixture
def git(keeper, tmp_path):
    """Runs git, which finds the helper by a symbolic link, as installed."""
    directory = tmp_path / "bin"
    directory.mkdir()
    (directory / "git-credential-postrider").symlink_to(PROGRAM)
    env = keeper.environment({
        "PATH": f"{directory}:{keeper.env['PATH']}", "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_ASKPASS": "/bin/false"})

    def run(action, text=QUESTION):
        done = subprocess.run(
            ["git", "-c", "credential.helper=postrider", "credential", action],
            input=text + "\n", env=env, capture_output=True, text=True,
            timeout=60, cwd=keeper.home)
        result = Result(done.returncode, done.stdout, done.stderr)
        assert "refresh" not in result.out
        assert "refresh-" not in result.err
        return result

    return run


def given(keeper, text=QUESTION):
    """The same from the program itself, which an older git passes on."""
    return keeper.run("get", account=None, text=text + "\n")


def test_fill_gives_a_token_with_its_end(git, keeper, endpoint):
    endpoint.token(tokens())
    keeper.keep()
    result = git("fill")
    assert result.status == 0, result.err
    answer = result.answer
    assert (answer["username"], answer["password"]) == ("alice", "access-1")
    end = keeper.kept()["password_expiry_utc"]
    # git 2.40 and later say it; the program does in any case.
    assert answer.get("password_expiry_utc", end) == end
    assert given(keeper).answer == {"username": "alice",
                                    "password": "access-1",
                                    "password_expiry_utc": end}
    assert len(endpoint.posts) == 1


def test_approve_keeps_no_token_as_a_password(git, keeper, endpoint):
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    before = keeper.entry_file().read_bytes()
    filled = git("fill")
    assert git("approve", filled.out).status == 0
    assert git("approve", QUESTION + "password=made-up\n").status == 0
    assert [path.name for path in keeper.vault.iterdir()
            if path.is_file() and path.stat().st_size] == [
        "oauth2-alice@localhost"]
    assert keeper.entry_file().read_bytes() == before
    assert endpoint.received == b""


def test_reject_drops_the_access_token_alone(git, keeper, endpoint):
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    endpoint.token(tokens())
    filled = git("fill")
    assert filled.answer["password"] == "access-0"
    assert git("reject", filled.out).status == 0
    kept = keeper.kept()
    assert "password" not in kept
    assert kept["oauth_refresh_token"] == "refresh-0"
    assert endpoint.received == b""
    assert git("fill").answer["password"] == "access-1"
    assert [form["refresh_token"] for form in endpoint.posts] == ["refresh-0"]


def test_reject_of_an_old_token_leaves_the_new_one(git, keeper, endpoint):
    """Another program has refreshed it in the meantime."""
    keeper.keep(access="access-new", issued=0, expires=HOUR)
    assert git("reject", QUESTION + "password=access-old\n").status == 0
    assert git("reject", QUESTION).status == 0
    assert git("fill").answer["password"] == "access-new"
    assert endpoint.received == b""


def test_who_must_sign_in_is_told(git, keeper, endpoint):
    endpoint.token(refusal("invalid_grant"))
    keeper.keep()
    result = git("fill")
    assert result.status != 0
    assert "sign in again: postrider login a" in result.err
    assert "password" not in result.out


@pytest.mark.parametrize("question", [
    "protocol=https\nhost=localhost\nusername=alice\n",
    "protocol=smtp\nhost=localhost\nusername=bob\n",
    "protocol=smtp\nhost=other.example.test\nusername=alice\n",
    "protocol=smtp\nhost=localhost:2525\nusername=alice\n",
    "protocol=smtp\nhost=localhost\n"])
def test_nobody_else_gets_the_token(git, keeper, endpoint, question):
    """A request for another server or user gets no token of this account."""
    keeper.keep(access="access-0", issued=0, expires=HOUR)
    assert "access-0" not in given(keeper, question).out
    assert "access-0" not in git("fill", question).out
    assert endpoint.received == b""
