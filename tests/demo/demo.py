# SPDX-License-Identifier: MIT
"""make demo: one message, from a keyring to a mailbox, on this machine alone.

demo.py [BUILD [SVG]]; SVG is a file for a picture of what was shown.

Everything that it starts and writes is its own and is gone when it ends:
the certification authority, the server, the keyring, the configuration.
"""
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from dialogue.submission import SubmissionServer  # noqa: E402
from peers.ca import RunCA  # noqa: E402
from peers.keyring import Keyring, missing_programs  # noqa: E402
from picture import svg_of_lines  # noqa: E402

USER, PASSWORD = "alice@example.test", "correct horse battery staple"
RECIPIENT = "bob@example.test"
SHOWN = []  # the lines so far
MESSAGE = f"""\
To: {RECIPIENT}
Subject: A rider came

Dear Bob,

this left by postrider, over TLS and after a proper sign-in.
.
The line above was a lone dot. It arrived too.
"""


def main():
    build = pathlib.Path(sys.argv[1] if sys.argv[1:] else "build").resolve()
    picture = pathlib.Path(sys.argv[2]) if sys.argv[2:] else None
    # Ends as Ctrl-C does, so that everything is cleaned up.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.ExitStack() as stack:
            status = play(stack, build)
    except KeyboardInterrupt:
        print("\ninterrupted; everything is cleaned up")
        return 130
    if picture and status == 0:
        picture.write_text(svg_of_lines(SHOWN, "make demo of postrider"))
        print(f"The picture is in {picture}.")
    return status


def play(stack, build):
    directory = pathlib.Path(stack.enter_context(
        tempfile.TemporaryDirectory(prefix="postrider-demo-")))
    say("postrider sends one message. All of it happens on this machine.")

    step(1, "a certification authority and a server certificate, for this run")
    ca = RunCA(directory)
    step(2, "a mail server that demands STARTTLS and a password")
    server = stack.enter_context(
        SubmissionServer(ca.server, users={USER: PASSWORD}))
    say(f"it listens at localhost:{server.port}")

    keyring = open_keyring(stack)
    env = environment(directory, build, keyring)
    step(3, "login tests the password, stores it and adds the account")
    words = [] if keyring else file_settings(directory)
    log_in(build, env, server.port, ca, words)

    step(4, "the configuration that login wrote")
    path = directory / "config" / "postrider" / "config"
    say(str(path))
    show(path.read_text())

    step(5, "sending")
    status = send(build, env)
    step(6, f"what {RECIPIENT} received")
    return judge(server, status)


def open_keyring(stack):
    """A keyring of our own, unlocked, or None where none can run."""
    if missing_programs():
        return None
    try:
        return stack.enter_context(Keyring())
    except (OSError, subprocess.SubprocessError):
        return None


def environment(directory, build, keyring):
    env = dict(keyring.env) if keyring else dict(os.environ)
    env = {name: value for name, value in env.items()
           if not name.startswith("POSTRIDER_")}
    env.update(XDG_CONFIG_HOME=str(directory / "config"),
               POSTRIDER_EXEC_PATH=str(build))
    return env


def file_settings(directory):
    """Where no Secret Service can run."""
    return [f"--credential-folder={directory}/credentials",
            "--credential-encrypt=plain-text"]


def log_in(build, env, port, ca, words):
    """Without a terminal, the password is read from standard input."""
    words = [USER, "--host=localhost", f"--port={port}",
             f"--tls-trust-file={ca.pem}", *words]
    done = subprocess.run([build / "postrider", "login", *words], env=env,
                          input=PASSWORD.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60)
    show("$ postrider login " + " \\\n      ".join(words)
         + f"\npassword for {USER} at localhost: ********\n"
         + done.stdout.decode("utf-8", "backslashreplace"))


def send(build, env):
    command = ["postrider", "-v", "-i", RECIPIENT]
    show("$ " + " ".join(command) + " <message")
    begin = time.monotonic()
    done = subprocess.run([build / command[0], *command[1:]], env=env,
                          input=MESSAGE.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60)
    seconds = time.monotonic() - begin
    show(done.stdout.decode("utf-8", "backslashreplace"))
    put("")
    say(f"exit status {done.returncode}, "
        f"{seconds * 1000:.0f} ms from start to end")
    return done.returncode


def judge(server, status):
    body = MESSAGE.partition("\n\n")[2].replace("\n", "\r\n").encode()
    arrived = [message for message in server.messages
               if message.to == [RECIPIENT] and message.user == USER
               and message.data.partition(b"\r\n\r\n")[2] == body]
    for message in server.messages:
        show(message.data.decode("utf-8", "backslashreplace"))
    put("")
    if status != 0 or len(arrived) != 1:
        say("THE MESSAGE DID NOT ARRIVE AS IT WAS SENT")
        return 1
    say("It arrived byte for byte, over "
        f"{server.wires[0].tls_version}. Nothing of this is left behind.")
    return 0


def step(number, text):
    put("")
    put(f"{number}. {text[0].upper()}{text[1:]}")


def say(text):
    put(f"   {text}")


def show(text):
    put("")
    for line in text.replace("\r", "").rstrip("\n").split("\n"):
        put(f"   | {line}".rstrip())


def put(line):
    SHOWN.append(line)
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
