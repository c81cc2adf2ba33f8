# SPDX-License-Identifier: MIT
"""Calls postrider at a terminal, with a person's answers."""
import os
import pty


def at_terminal(postrider, arguments, answers):
    """
    answers: pairs of a prompt and what is typed when it appears, in order;
    "" is there from the beginning. Exit status and all output.
    """
    answers = list(answers)
    pid, terminal = pty.fork()
    if pid == 0:
        command = postrider.command(*arguments)
        os.execve(command[0], command, postrider.environment())
    said = ""
    start = 0
    while True:
        while answers and answers[0][0] in said[start:]:
            prompt, answer = answers.pop(0)
            start = said.index(prompt, start) + len(prompt)
            os.write(terminal, answer.encode())
        try:
            piece = os.read(terminal, 1000)
        except OSError:
            break
        if not piece:
            break
        said += piece.decode()
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said
