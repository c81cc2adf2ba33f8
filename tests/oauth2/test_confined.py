# SPDX-License-Identifier: MIT
"""What the process that speaks HTTP and parses JSON can still reach: neither
the session bus nor what is stored."""
import pathlib
import subprocess

import pytest

from callers.credential import PROGRAM, tokens

# Runs in postrider-oauth2, at the first connection, as code of an attacker
# would. The report is open before the sandbox is entered.
INTRUDER = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int report = -1;

__attribute__((constructor)) static void
begin(void)
{
	if (strcmp(program_invocation_short_name, "postrider-oauth2") == 0)
		report = open(getenv("REPORT"), O_WRONLY | O_APPEND | O_CLOEXEC);
}

static void
try(const char *name, long result)
{
	dprintf(report, "%s %s\n", name,
	    result == -1 ? strerrorname_np(errno) : "done");
}

int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
	static int once;
	char *argv[] = {"/bin/true", NULL};

	if (report != -1 && address->sa_family != AF_UNIX && once++ == 0) {
		try("bus", getenv("DBUS_SESSION_BUS_ADDRESS") ? 0 : -1);
		try("unix", socket(AF_UNIX, SOCK_STREAM, 0));
		try("vault", open(getenv("ENTRY"), O_RDONLY));
		try("home", open(getenv("NOTES"), O_RDONLY));
		try("write", open(getenv("REPORT"), O_WRONLY));
		try("create", open("created", O_WRONLY | O_CREAT, 0600));
		try("exec", execv(argv[0], argv));
		try("fork", fork());
		try("hosts", open("/etc/hosts", O_RDONLY));
		try("trust", open(getenv("TRUST"), O_RDONLY));
	}
	return (int)syscall(SYS_connect, fd, address, len);
}
"""
ALLOWED = ["hosts", "trust"]


@pytest.fixture
def is_active(keeper):
    output = keeper.run_postrider("version").out
    if "this is an instrumented build" in output:
        return False
    assert "(sandbox: Landlock, seccomp)" in output
    return True


@pytest.fixture
def intruder(keeper, tmp_path, is_active):
    """The environment that lets the intruder in, and its report."""
    trust = keeper.home / "ca.pem"
    trust.write_bytes(keeper.ca.pem.read_bytes())
    source, library = tmp_path / "intruder.c", tmp_path / "intruder.so"
    source.write_text(INTRUDER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source],
                   check=True)
    report, notes = tmp_path / "report", keeper.home / "notes"
    report.write_text("")
    notes.write_text("private")
    keeper.configure(keeper.account(token_trust_file=trust))
    keeper.keep()
    env = {"REPORT": str(report), "NOTES": str(notes), "TRUST": str(trust),
           "ENTRY": str(keeper.entry_file()),
           "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    # The library of the sanitizer would have to come first.
    if is_active:
        env["LD_PRELOAD"] = str(library)
    return env, report


def was_confined(report, is_active):
    tried = [line.split() for line in report.read_text().splitlines()]
    assert len(tried) == (10 if is_active else 0)
    for name, outcome in tried:
        assert (outcome == "done") == (name in ALLOWED), (name, outcome)


def test_a_renewal_reaches_neither_bus_nor_vault(keeper, endpoint, intruder,
                                                 is_active):
    env, report = intruder
    endpoint.token(tokens())
    result = keeper.get(env=env)
    assert result.status == 0, result.err
    assert result.answer["password"]
    was_confined(report, is_active)


def test_nor_does_reading_an_autoconfig_file(keeper, intruder, is_active):
    """Nothing listens on the port: the attempt to connect is enough."""
    env, report = intruder
    program = pathlib.Path(PROGRAM).with_name("postrider-oauth2")
    done = subprocess.run(
        [program, "--new", "--from=me@localhost",
         f"--token-trust-file={env['TRUST']}", "autoconfig"],
        env=keeper.environment(env), cwd=keeper.home, capture_output=True,
        text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 79, done.stderr
    was_confined(report, is_active)
