# SPDX-License-Identifier: MIT
"""A scripted postrider-credential, which can give answers that the real one
never gives.

    keeper = ScriptedKeeper(postrider, tmp_path / "keeper")
    keeper.answers("get", token("one"), token("two"))
    keeper.calls  # [Call(arguments, question), ...]: also the selection

"check", which comes first in every login, succeeds and is not among the calls
unless it has answers.
"""
import dataclasses
import json
import sys

SCRIPT = """\
#!{python}
import json, os, pathlib, sys, time
directory = pathlib.Path({directory!r})
plan = json.loads((directory / "plan").read_text())
operation = next(word for word in sys.argv[1:] if not word.startswith("--"))
answers = plan.get(operation, [{{}}])
question = ""
if operation in ("get", "store", "erase"):
    question = sys.stdin.read()
elif operation == "login" and plan.get("reads"):
    question = sys.stdin.readline()
log = directory / "log"
if operation == "check" and operation not in plan:
    sys.exit()
with log.open("a") as out:
    out.write(json.dumps([sys.argv[1:], question, os.getpid(),
                          sorted(os.environ)]) + "\\n")
calls = [json.loads(line)[0] for line in log.read_text().splitlines()]
answer = answers[min(sum(operation in call for call in calls),
                     len(answers)) - 1]
sys.stdout.write(answer.get("out", ""))
sys.stdout.flush()
sys.stderr.write(answer.get("err", ""))
sys.stderr.flush()
time.sleep(answer.get("sleep", 0))
sys.exit(answer.get("status", 0))
"""


@dataclasses.dataclass
class Call:
    arguments: list
    question: str
    pid: int
    variables: list

    @property
    def operation(self):
        return next(argument for argument in self.arguments
                    if not argument.startswith("--"))

    @property
    def password(self):
        """The value of "password=" in the request."""
        for line in self.question.splitlines():
            if line.startswith("password="):
                return line.removeprefix("password=")
        return None


def token(text, expires_at=None):
    """The answer to "get"."""
    out = f"username=x\npassword={text}\n"
    if expires_at is not None:
        out += f"password_expiry_utc={int(expires_at)}\n"
    return {"out": out + "\n"}


def failure(status, message, hint=None):
    err = f"postrider-credential: {message}\n"
    return {"status": status, "err": err + (f"hint: {hint}\n" if hint else "")}


class ScriptedKeeper:
    def __init__(self, postrider, directory):
        self.directory = directory
        directory.mkdir()
        program = directory / "postrider-credential"
        program.write_text(SCRIPT.format(python=sys.executable,
                                         directory=str(directory)))
        program.chmod(0o755)
        self._plan = {}
        self._write()
        postrider.env["POSTRIDER_EXEC_PATH"] = str(directory)

    def answers(self, operation, *answers):
        """Sets an answer for each call; the last one is repeated."""
        self._plan[operation] = answers
        self._write()

    def reads_a_line(self):
        """login takes a line of its standard input."""
        self._plan["reads"] = True
        self._write()

    def _write(self):
        (self.directory / "plan").write_text(json.dumps(self._plan))

    @property
    def calls(self):
        log = self.directory / "log"
        if not log.exists():
            return []
        return [Call(*json.loads(line))
                for line in log.read_text().splitlines()]

    @property
    def operations(self):
        return [call.operation for call in self.calls]
