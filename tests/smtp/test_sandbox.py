# SPDX-License-Identifier: MIT
"""What a process that talks to a server can still do.

The kernel of the tests has Landlock and seccomp; a build with sanitizers has
no sandbox and says so.
"""
import ctypes
import json
import os
import pathlib
import subprocess
import threading

import pytest

from callers.session import SECRET

# Runs in the process, at the first connection, as code of an attacker would.
INTRUDER = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRY(name, call) \
	dprintf(2, "intruder %s: %s\n", name, \
	    (errno = 0, (call) == -1) ? strerrorname_np(errno) : "done")

static int
spawn(void)
{
	char *argv[] = {"/bin/true", NULL};
	pid_t pid;

	errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, argv + 1);
	return errno == 0 ? 0 : -1;
}

static void
attack(void)
{
	const char *home = getenv("HOME");
	char *argv[] = {"/bin/true", NULL};
	char path[4096];
	const struct sockaddr_in discard = {.sin_family = AF_INET,
	    .sin_port = htons(9),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	snprintf(path, sizeof path, "%s/file", home);
	TRY("read", open(path, O_RDONLY));
	TRY("write", open(path, O_WRONLY));
	TRY("truncate", truncate(path, 0));
	TRY("chmod", chmod(path, 0777));
	TRY("remove", unlink(path));
	TRY("rename", rename(path, "other"));
	TRY("create", open("created", O_WRONLY | O_CREAT, 0600));
	TRY("mkdir", mkdir("directory", 0700));
	TRY("exec", execv(argv[0], argv));
	TRY("spawn", spawn());
	TRY("fork", fork());
	TRY("ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0));
	TRY("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	TRY("packet", socket(AF_PACKET, SOCK_DGRAM, 0));
	TRY("listen", listen(socket(AF_INET, SOCK_STREAM, 0), 1));
	TRY("io_uring", syscall(425, 1, NULL));
	TRY("typing", ioctl(0, TIOCSTI, "x"));
	TRY("tcp", socket(AF_INET, SOCK_STREAM, 0));
	TRY("udp", socket(AF_INET6, SOCK_DGRAM, 0));
	TRY("unix", socket(AF_UNIX, SOCK_STREAM, 0));
	TRY("other port", syscall(SYS_connect, socket(AF_INET, SOCK_STREAM, 0),
	    &discard, sizeof discard));
	TRY("signal", kill(getppid(), 0));
}

int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
	static int once;

	if (address->sa_family == AF_INET && once++ == 0)
		attack();
	return (int)syscall(SYS_connect, fd, address, len);
}
"""
ALLOWED = {"read", "tcp"}
ALLOWED_FOR_KERBEROS = ALLOWED | {"udp", "unix", "other port"}
# Versions of Landlock that deny it.
SINCE = {"other port": 4, "signal": 6}


@pytest.fixture
def describes(postrider):
    """What "postrider version" says of the sandbox."""
    def run(**how):
        return postrider.run("version", **how).out.partition("sandbox: ")[2]
    return run


@pytest.fixture
def is_active(describes):
    output = describes().rstrip(")\n")
    if output == "none: this is an instrumented build":
        return False
    assert output == "Landlock, seccomp"
    return True


@pytest.fixture
def intruder(tmp_path):
    source = tmp_path / "intruder.c"
    source.write_text(INTRUDER.replace("#include <spawn.h>",
                                       "#include <spawn.h>\n#include <string.h>"))
    library = tmp_path / "intruder.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source],
                   check=True)
    return library


class Pause:
    """A fault: the session waits until the test has looked at the client."""

    def __init__(self):
        self.reached = threading.Event()
        self.over = threading.Event()

    def __call__(self, session, line):
        self.reached.set()
        self.over.wait(30)


@pytest.fixture
def during_session(submit, make_server):
    """Starts a session with these arguments and calls look(pid) in it."""
    def run(look, *arguments, **how):
        pause = Pause()
        server = make_server(faults={"ehlo": pause})
        child = submit.start(server, *arguments, stderr=subprocess.PIPE, **how)
        try:
            assert pause.reached.wait(30)
            seen = look(child.pid)
        finally:
            pause.over.set()
        err = child.communicate(timeout=30)[1].decode()
        assert child.returncode == 0, err
        assert len(server.messages) == 1
        return seen
    return run


def status_of(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines())


def children_of(pid):
    text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def test_a_session_is_confined(during_session, is_active):
    status = during_session(status_of)
    assert status["NoNewPrivs"] == ("1" if is_active else "0")
    assert status["Seccomp"] == ("2" if is_active else "0")


def landlock_version():
    create_ruleset, flag_version = 444, 1
    return ctypes.CDLL(None).syscall(create_ruleset, None, ctypes.c_size_t(0),
                                     flag_version)


@pytest.mark.parametrize("env, arguments, allowed", [
    ({"KRB5_CONFIG": None}, ("--auth=plain",), ALLOWED),
    ({"KRB5_CONFIG": "/dev/null"}, ("--auth=plain",), ALLOWED),
    ({"KRB5_CONFIG": "/dev/null"}, (), ALLOWED_FOR_KERBEROS),
    ({}, ("--auth=gssapi,plain",), ALLOWED_FOR_KERBEROS),
], ids=["password", "password-only", "auto", "kerberos"])
def test_an_intruder_gains_little(submit, make_server, postrider, intruder,
                                  is_active, env, arguments, allowed):
    (postrider.home / "file").write_text("precious")
    preload = {"LD_PRELOAD": str(intruder)} if is_active else {}
    server = make_server()
    outcome = submit(server, *arguments, env={**env, **preload})
    assert outcome.status == 0, outcome.err
    allowed = allowed | {name for name, version in SINCE.items()
                         if landlock_version() < version}
    assert len(server.messages) == 1 and "accepted" in outcome.log
    tried = dict(line.split(": ") for line in outcome.err.splitlines()
                 if line.startswith("intruder "))
    assert len(tried) == (22 if is_active else 0), outcome.err
    for name, result in tried.items():
        is_allowed = name.removeprefix("intruder ") in allowed
        wanted = {"done", "ECONNREFUSED"} if is_allowed else {"EPERM",
                                                              "EACCES"}
        assert result in wanted, (name, result)
    assert (postrider.home / "file").read_text() == "precious"


@pytest.mark.parametrize("source, helpers", [
    ("env:MAIL_SECRET", 0), ("file:{}", 0), ("command:cat {}", 1),
    ("keyring", 1)])
def test_a_process_for_programs_is_started_if_needed(
        during_session, postrider, is_active, source, helpers, keyring):
    path = postrider.secret_file(SECRET)
    keyring.store(SECRET, host="localhost", service="smtp", user="alice")

    def look(pid):
        """The filters of the copies of the process."""
        status = [status_of(child) for child in children_of(pid)]
        return [one["Seccomp"] for one in status if one["Name"] == "postrider"]

    seen = during_session(look, f"--credential={source.format(path)}",
                          env={"POSTRIDER_PASSWORD": None,
                               "MAIL_SECRET": SECRET})
    assert seen == ["0"] * (helpers if is_active else 0)


def test_the_session_of_a_login_is_confined(postrider, make_server, submit,
                                            is_active, tmp_path):
    """It has a process of its own: the login stores the password and writes
    the configuration."""
    pause = Pause()
    server = make_server(faults={"auth": pause})
    with open(postrider.secret_file(SECRET)) as typed:
        child = postrider.start(
            "login", *submit.options(server),
            "--credential-encrypt=plain-text", "--credential-folder",
            tmp_path / "secrets", "alice@example.test", stdin=typed,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert pause.reached.wait(30)
        [session] = [status for status in map(status_of, children_of(child.pid))
                     if status["Name"] == "postrider"]
    finally:
        pause.over.set()
    out, err = child.communicate(timeout=30)
    assert child.returncode == 0, err
    assert session["Seccomp"] == ("2" if is_active else "0")
    assert b"signed in to localhost as alice" in out
    assert SECRET in "".join(path.read_text() for path
                             in (tmp_path / "secrets").iterdir())


def test_a_smart_card_excludes_the_sandbox(postrider, make_server, ca,
                                           smart_card):
    server = make_server(mechanisms=("EXTERNAL",),
                         context=ca.server.context(ask_client=True))
    done = postrider.run("check", "--json", "--host=localhost",
                         f"--port={server.port}", f"--tls-trust-file={ca.pem}",
                         f"--tls-cert-file={ca.rsa_client.cert}",
                         f"--tls-key-file={smart_card}", "--auth=external")
    assert done.status == 0, done.err
    assert json.loads(done.out)["sandbox"] == {
        "landlock": 0, "seccomp": False,
        "obstacle": "the account uses a PKCS#11 token"}


# ---- kernels without it ------------------------------------------------------

def without(*calls):
    """As on a kernel that does not have these system calls."""
    def wrap(command):
        trace = ["strace", "-qq", "-f", "-o", "/dev/null", "-e",
                 "trace=" + ",".join(calls)]
        for call in calls:
            error = "EINVAL" if call == "prctl" else "ENOSYS"
            trace += ["-e", f"inject={call}:error={error}"]
        # LeakSanitizer does not work under strace.
        return ["env", "ASAN_OPTIONS=" + os.environ.get("ASAN_OPTIONS", "")
                + ":detect_leaks=0", *trace, *command]
    return wrap


@pytest.mark.parametrize("calls, landlock, seccomp, message", [
    ((), 1, True, "Landlock, seccomp"),
    (("landlock_create_ruleset",), 0, True, "seccomp"),
    (("landlock_create_ruleset", "seccomp", "prctl"), 0, False,
     "none: this system supports neither Landlock nor seccomp"),
    (("landlock_restrict_self",), 0, True, "seccomp"),
])
def test_what_the_kernel_lacks_is_left_out(postrider, submit, make_server, ca,
                                           is_active, calls, landlock, seccomp,
                                           message):
    wrap = without(*calls) if calls else None
    server = make_server()
    outcome = submit(server, wrap=wrap)
    assert outcome.status == 0, outcome.err
    options = submit.options(make_server())[:6]
    env = {"POSTRIDER_PASSWORD": SECRET}
    arguments = ["check", *options, "--user=alice",
                 f"--tls-trust-file={ca.pem}"]
    done = postrider.run(*arguments, "--json", env=env, wrap=wrap)
    assert done.status == 0, done.err
    output = json.loads(done.out)["sandbox"]
    text = postrider.run(*arguments, env=env, wrap=wrap).out
    if not is_active:
        assert output["obstacle"] == "this is an instrumented build"
        return
    assert (output["landlock"] >= 1, output["seccomp"]) == (landlock, seccomp)
    rows = [line.split() for line in text.splitlines()]
    assert [" ".join(words[words.index("sandbox"):]) for words in rows
            if "sandbox" in words[:2]] == [f"sandbox {message}"]


def test_version_says_what_the_kernel_has(describes, is_active):
    output = describes(wrap=without("landlock_create_ruleset"))
    assert output == ("seccomp)\n" if is_active
                      else "none: this is an instrumented build)\n")
