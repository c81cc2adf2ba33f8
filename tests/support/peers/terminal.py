# SPDX-License-Identifier: MIT
"""A person at a terminal, by pexpect: what is shown, what is typed, and in
which state the terminal is left.

    with Terminal(postrider, "login", ..., columns=80) as person:
        person.sees("password for")
        person.enters("secret")
        assert person.leaves() == 0
"""
import re
import termios

import pexpect

LIMIT_S = 30
ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"


class Terminal:
    def __init__(self, postrider, *arguments, columns=80, term="xterm-256color",
                 env=None, wrap=None):
        """wrap: as in Postrider.run."""
        command = postrider.command(*arguments)
        command = wrap(command) if wrap else command
        self.shown = ""
        self.home = str(postrider.home)
        self.columns = columns
        self.program = pexpect.spawn(
            command[0], command[1:], dimensions=(24, columns),
            env=postrider.environment({"TERM": term, **(env or {})}),
            cwd=str(postrider.home), timeout=LIMIT_S, encoding="utf-8",
            echo=True)
        self.program.delaybeforesend = None
        self.before = self._state()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.close(force=True)

    def sees(self, text):
        """Waits until the text is shown, after all that was seen before."""
        try:
            self.program.expect_exact(text)
        except pexpect.EOF:
            self.shown += self.program.before
            raise AssertionError(f"no {text!r} in: {self.shown}") from None
        self.shown += self.program.before + text

    def enters(self, text):
        self.program.send(text + ENTER)

    def presses(self, key):
        self.program.send(key)

    def resizes(self, columns):
        self.columns = max(self.columns, columns)
        self.program.setwinsize(24, columns)

    def leaves(self):
        """Waits for the end of the program. Its status, or -N after signal
        N."""
        self.program.expect(pexpect.EOF)
        self.shown += self.program.before
        self.after = self._state()
        self.program.close()
        if self.program.signalstatus is not None:
            return -self.program.signalstatus
        return self.program.exitstatus

    @property
    def echoes(self):
        return bool(self._state()[3] & termios.ECHO)

    @property
    def is_as_before(self):
        """Whether the terminal was left as it was found."""
        return self.after == self.before

    @property
    def lines(self):
        return self.shown.replace("\r\n", "\n").split("\n")

    @property
    def unwrapped(self):
        """What was shown, with single blanks and no colours."""
        return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", self.shown).split())

    def too_long(self):
        """The lines that the terminal had to break. The home directory of a
        test has a longer path than that of a person."""
        plain = re.sub(r"\x1b\[[0-9;]*m", "", self.shown)
        plain = plain.replace(self.home, "/home/alice").replace("\r", "")
        return [line for line in plain.split("\n")
                if len(line) > self.columns]

    def _state(self):
        return termios.tcgetattr(self.program.child_fd)
