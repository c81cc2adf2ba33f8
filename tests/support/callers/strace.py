# SPDX-License-Identifier: MIT
"""Runs a program under strace: lists its system calls, kills it at one of them
or lets one fail; and, if asked to, those of the programs that it starts."""
import collections
import dataclasses
import os
import re
import subprocess

CALL = re.compile(r"(\d+) +(\w+)\(")

# What a call can fail with on a machine in trouble. A close that fails closes
# nevertheless, which strace doesn't.
FAILURES = {
    "openat": ("ENOSPC", "EMFILE"), "mkdir": ("ENOSPC",),
    "read": ("EIO", "EINTR"), "pread64": ("EIO",),
    "write": ("ENOSPC", "EIO", "EINTR"), "pwrite64": ("ENOSPC",),
    "fsync": ("EIO", "ENOSPC"), "rename": ("ENOSPC", "EIO"),
    "renameat": ("ENOSPC", "EIO"),
    "ftruncate": ("EIO",), "fchmod": ("EIO",), "unlink": ("EIO",),
    "fstat": ("EIO",), "newfstatat": ("EIO",),
    "flock": ("EINTR", "ENOLCK"),
    "poll": ("EINTR",), "pipe2": ("EMFILE",),
    "clone": ("EAGAIN",), "clone3": ("EAGAIN",), "vfork": ("EAGAIN",),
    "wait4": ("EINTR",), "clock_nanosleep": ("EINTR",),
    "socket": ("EMFILE",), "connect": ("EIO", "EINTR"),
    "sendmsg": ("EIO", "EINTR"), "recvmsg": ("EIO", "EINTR"),
    "sendto": ("EIO", "EINTR"), "recvfrom": ("EIO", "EINTR"),
    "socketpair": ("EMFILE",), "bind": ("ENOSPC",), "listen": ("EMFILE",),
    "accept4": ("EMFILE", "ECONNABORTED"), "shutdown": ("EIO",),
    "memfd_create": ("EMFILE",), "ppoll": ("EINTR",), "setsid": ("EPERM",),
    "getdents64": ("EIO",), "unlinkat": ("EIO",), "fcntl": ("ENOLCK",),
    "inotify_init1": ("EMFILE",), "inotify_add_watch": ("ENOSPC",),
    "timerfd_create": ("EMFILE",), "timerfd_settime": ("EIO",),
}
# They change nothing outside the process: a death at one of them is a death at
# the next other call. So are writes that wake up a thread.
INSIDE = {"rt_sigaction", "rt_sigprocmask", "mmap", "munmap", "mprotect",
          "madvise", "brk", "futex", "prlimit64", "getrandom", "getpid",
          "geteuid", "getegid", "getrusage", "clock_gettime",
          "restart_syscall", "exit", "exit_group"}
WAKE_UP = '"\\1\\0\\0\\0\\0\\0\\0\\0", 8'
# These also fail from one call on: the disk stays full, descriptors are missing.
LASTING = {"fsync": "ENOSPC", "rename": "ENOSPC", "renameat": "ENOSPC",
           "accept4": "EMFILE", "socketpair": "EMFILE", "clone": "EAGAIN",
           "sendmsg": "EIO", "recvmsg": "EIO"}


@dataclasses.dataclass(frozen=True)
class Fault:
    """At the call `name` with this number, of any thread or process, or ("7+") from it
    on: `action` is KILL, or the error that the call gives instead of being
    made."""
    name: str
    number: str
    action: str

    def __str__(self):
        return f"{self.name}#{self.number} {self.action}"

    @property
    def is_death(self):
        return self.action == "KILL"

    @property
    def lasts(self):
        return self.number.endswith("+")

    @property
    def options(self):
        what = "signal=KILL" if self.is_death else f"error={self.action}"
        return ["-e", f"trace={self.name}", "-e",
                f"inject={self.name}:{what}:when={self.number}"]


def strace(path, *options, with_children=False):
    """Words that run a command under strace, which writes to path."""
    which = ["-f"] if with_children else ["-f", "-b", "execve"]
    leaks = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    return ["env", f"ASAN_OPTIONS={leaks}", "strace", *which, "-qq",
            "-e", "signal=none", "-o", str(path), *options]


def find_faults(path, begin):
    """All faults of the calls in a trace, from the first one named begin on.
    In the order of the calls."""
    counts = collections.Counter()
    faults = {}
    is_over = False
    for line in path.read_text(errors="replace").splitlines():
        found = CALL.match(line)
        if not found:
            continue
        process, name = found.groups()
        counts[process, name] += 1
        is_over = is_over or name == begin
        if is_over and name not in INSIDE and WAKE_UP not in line:
            number = str(counts[process, name])
            for action in ("KILL", *FAILURES.get(name, ())):
                faults[Fault(name, number, action)] = None
            if name in LASTING:
                faults[Fault(name, number + "+", LASTING[name])] = None
    return list(faults)
