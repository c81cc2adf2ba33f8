# SPDX-License-Identifier: MIT
"""Services of a desktop, built for the run, on the bus of a Keyring: the
notification service, and a keyring service that only fails."""
import ast
import functools
import pathlib
import shlex
import subprocess

HERE = pathlib.Path(__file__).parent
FLAGS = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror"]


@functools.cache
def build(directory, name):
    program = pathlib.Path(directory, name)
    libraries = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "gio-2.0"],
        check=True, capture_output=True, text=True).stdout
    subprocess.run(["cc", *FLAGS, "-o", program,
                    HERE / f"{name}.c", *shlex.split(libraries)],
                   check=True)
    return program


class Service:
    """A context manager."""

    def __init__(self, run_directory, env, name, *arguments):
        self._command = [build(run_directory, name), *arguments]
        self._env = env

    def __enter__(self):
        self._service = subprocess.Popen(
            self._command, env=self._env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True)
        assert self._service.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_):
        self._service.kill()
        self._service.communicate()


class FailingKeyring(Service):
    """Answers every call with one D-Bus error."""

    def __init__(self, run_directory, env, error, message):
        super().__init__(run_directory, env, "secret-service", error, message)


class Notifications(Service):
    """capabilities: what it says it can show; "hang": it answers nothing."""

    def __init__(self, run_directory, env, *capabilities):
        super().__init__(run_directory, env, "notification-service",
                         *capabilities)

    def next(self):
        """Waits for a notification. Returns its parameters, in order:
        application, ID that it replaces, icon, summary, body, actions, hints,
        duration."""
        line = self._service.stdout.readline().strip()
        for variant in ("@as ", "<", ">"):
            if variant != "@as ":
                # Only values of hints are variants; texts come before them.
                head, brace, hints = line.rpartition("{")
                line = head + brace + hints.replace(variant, "")
            else:
                line = line.replace(variant, "")
        return ast.literal_eval(line)
