# SPDX-License-Identifier: MIT
"""What a file that takes over GMime or libmagic can still reach: neither the
network nor the user's files."""
import subprocess

import pytest

from callers.credential import BUILD

# Takes the place of a function of each library, as code of an attacker would.
# The report is open before the sandbox is entered.
INTRUDER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int report = -1;

__attribute__((constructor)) static void
begin(void)
{
	report = open(getenv("REPORT"), O_WRONLY | O_APPEND | O_CLOEXEC);
}

static void
try(const char *name, long result)
{
	dprintf(report, "%s %s\n", name,
	    result == -1 ? strerrorname_np(errno) : "done");
}

static void
intrude(void)
{
	char *argv[] = {"/bin/true", NULL};

	try("inet", socket(AF_INET, SOCK_STREAM, 0));
	try("inet6", socket(AF_INET6, SOCK_DGRAM, 0));
	try("unix", socket(AF_UNIX, SOCK_STREAM, 0));
	try("netlink", socket(AF_NETLINK, SOCK_RAW, 0));
	try("home", open(getenv("NOTES"), O_RDONLY));
	try("write", open(getenv("REPORT"), O_WRONLY));
	try("create", open("created", O_WRONLY | O_CREAT, 0600));
	try("exec", execv(argv[0], argv));
	try("fork", fork());
	try("hosts", open("/etc/hosts", O_RDONLY));
}

void
g_mime_init(void)
{
	void (*real)(void) = (void (*)(void))dlsym(RTLD_NEXT, "g_mime_init");

	if (strcmp(getenv("LIBRARY"), "gmime") == 0)
		intrude();
	real();
}

const char *
magic_descriptor(void *magic, int fd)
{
	const char *(*real)(void *, int) =
	    (const char *(*)(void *, int))dlsym(RTLD_NEXT, "magic_descriptor");

	if (strcmp(getenv("LIBRARY"), "magic") == 0)
		intrude();
	return real(magic, fd);
}
"""


@pytest.fixture
def intruder(compose, tmp_path):
    source, library = tmp_path / "intruder.c", tmp_path / "intruder.so"
    source.write_text(INTRUDER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"],
                   check=True)
    report = tmp_path / "report"
    report.touch()
    compose.file("notes", b"private\n")
    compose.file("attached", b"content\n")
    compose.env.update(LD_PRELOAD=str(library), REPORT=str(report),
                       NOTES=str(compose.directory / "notes"))
    return report


@pytest.mark.parametrize("library", ["gmime", "magic"])
def test_nothing_is_in_reach(compose, intruder, library):
    compose.env["LIBRARY"] = library
    [part] = compose.message("--body", "x", "--attach",
                             "attached").iter_attachments()
    assert part.get_content() == "content\n"
    reached = [line.split()[0] for line in intruder.read_text().splitlines()
               if line.endswith(" done")]
    assert len(intruder.read_text().splitlines()) == 10
    assert reached == ["hosts"]


# Sanitized programs are not confined (base/sandbox.c), and their library must
# be loaded first.
if b"__asan_init" in (BUILD / "postrider-compose").read_bytes():
    del test_nothing_is_in_reach
