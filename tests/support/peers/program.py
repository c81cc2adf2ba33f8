# SPDX-License-Identifier: MIT
"""The built postrider, run as a user would run it, in a home of its own."""
import dataclasses
import os
import pathlib
import pty
import subprocess
import termios

from callers.json_schema import check_output

KEPT = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")


@dataclasses.dataclass
class Result:
    status: int  # the exit status; -N when signal N ended it
    out: str
    err: str


class Running(subprocess.Popen):
    """Checks, too, what was printed with --json."""

    def communicate(self, *arguments, **how):
        out, err = super().communicate(*arguments, **how)
        if out and self.returncode >= 0:
            check_output(self.args, out if isinstance(out, str)
                         else out.decode())
        return out, err


class Postrider:
    def __init__(self, build, directory):
        self.program = pathlib.Path(build, "postrider")
        self.home = pathlib.Path(directory, "home")
        self.home.mkdir()
        self.env = {name: os.environ[name] for name in KEPT
                    if name in os.environ}
        self.env.update(HOME=str(self.home), USER="alice", LOGNAME="alice",
                        XDG_CONFIG_HOME=str(self.home / ".config"),
                        POSTRIDER_EXEC_PATH=str(build), LANG="C.UTF-8",
                        TZ="UTC", POSTRIDER_QUEUE="no")
        # Tests of the queue unset POSTRIDER_QUEUE, for the default.

    def environment(self, extra=None):
        """extra: variables to set, or to unset where the value is None."""
        env = {**self.env, **(extra or {})}
        return {name: str(value) for name, value in env.items()
                if value is not None}

    def command(self, *arguments, name="postrider"):
        """The command line; name is what argv[0] calls the program."""
        assert self.program.exists(), f"{self.program} is missing: make"
        if name == "postrider":
            return [str(self.program), *map(os.fspath, arguments)]
        link = self.home / name
        if not link.exists():
            link.symlink_to(self.program)
        return [str(link), *map(os.fspath, arguments)]

    def run(self, *arguments, input=b"", env=None, timeout=60,
            name="postrider", cwd=None, wrap=None):
        """wrap: what turns the command line into another, as Names.wrap."""
        command = self.command(*arguments, name=name)
        done = subprocess.run(wrap(command) if wrap else command,
                              input=input, env=self.environment(env),
                              capture_output=True, timeout=timeout,
                              cwd=cwd or self.home)
        if done.returncode >= 0:
            check_output(arguments, done.stdout.decode())
        return Result(done.returncode,
                      done.stdout.decode("utf-8", "backslashreplace"),
                      done.stderr.decode("utf-8", "backslashreplace"))

    def start(self, *arguments, env=None, **how):
        """A Popen, for tests that act while it runs."""
        return Running(self.command(*arguments),
                       env=self.environment(env), **how)

    def at_terminal(self, arguments, answers=(), env=None, wrap=None,
                    columns=0):
        """Runs it at a terminal. answers: pairs of words that are shown ("":
        at once), and what is then typed, or a function of all that was shown,
        which may return what to type. columns: its width; 0: unknown.
        Returns the exit status and all that was shown."""
        command = self.command(*arguments)
        command = wrap(command) if wrap else command
        pid, terminal = pty.fork()
        if pid == 0:
            termios.tcsetwinsize(0, (24 if columns else 0, columns))
            os.execvpe(command[0], command, self.environment(env))
        output, seen, answers = b"", 0, list(answers)
        piece = None
        while piece != b"":
            while answers and answers[0][0].encode() in output[seen:]:
                seen = len(output)
                answer = answers.pop(0)[1]
                if callable(answer):
                    answer = answer(output.decode())
                if answer is not None:
                    os.write(terminal, answer.encode() + b"\n")
            piece = read_terminal(terminal)
            output += piece
        os.close(terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert answers == [], output
        check_output(arguments, "\n".join(
            line for line in output.decode().splitlines()
            if line.startswith(('{"', "[{"))))
        return status, output.decode()

    def configure(self, text, mode=0o600):
        """Writes the user's configuration and returns its path."""
        path = self.home / ".config" / "postrider" / "config"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def secret_file(self, secret, name="password", mode=0o600):
        """A file for credential = file:PATH."""
        path = self.home / name
        path.write_text(secret + "\n")
        path.chmod(mode)
        return path


def read_terminal(terminal):
    """Returns nothing once no process has the terminal open."""
    try:
        return os.read(terminal, 1000)
    except OSError:
        return b""
