# SPDX-License-Identifier: MIT
"""The part of make bench that is about git: a series of patches by git
send-email to a server far away, by postrider as sendmailCmd and by git's own
SMTP, which keeps one session for all. The ratio is printed, never asserted.
"""
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import time

from peers.daemon import Daemon, free_port

DELAY = pathlib.Path(__file__).with_name("delay.py")
ONE_WAY_MS = 25
PATCHES = 50
SENDER, RECIPIENT = "alice@example.test", "bob@example.test"
CONFIGURATION = """\
account far {{ host = localhost  port = {port}  user = alice  auth = plain
    from = {{ alice@example.test }}  tls-trust-file = "{ca}"
    credential = "file:{secret}" }}
"""


def bench(build, directory, ca, postfix):
    """Prints a table."""
    home = directory / "series"
    port = free_port()
    relay = Daemon([sys.executable, DELAY, ONE_WAY_MS, port, postfix.port],
                   directory / "delay-series.log")
    try:
        relay.wait_for_port(port)
        configure(home, ca, port)
        env = environment(build, home)
        patches = make_patches(home, env)
        command = f"--sendmail-cmd={build / 'postrider'}"
        held = {**env, "POSTRIDER_HOLD": "20s"}
        taken = {
            "git's own SMTP": send(env, patches, own_smtp(ca, port)),
            "postrider as sendmailCmd": send(env, patches, [command]),
            "the same, hold = 20s": send(held, patches, [command])}
        handed_over = hand_over(build, held)
        stop(home)
    finally:
        relay.stop()
    show(taken)
    print(f"postrider hands a message over {handed_over:.0f} ms after its "
          "start")


def configure(home, ca, port):
    config = home / ".config/postrider/config"
    config.parent.mkdir(parents=True)
    secret = home / "password"
    secret.write_text("secret\n")
    secret.chmod(0o600)
    config.write_text(CONFIGURATION.format(port=port, ca=ca.pem,
                                           secret=secret))
    config.chmod(0o600)


def environment(build, home):
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Alice"), ("EMAIL", SENDER))}
    return {"HOME": str(home), "PATH": os.environ["PATH"],
            "POSTRIDER_EXEC_PATH": str(build), "GIT_CONFIG_NOSYSTEM": "1",
            **who}


def make_patches(home, env):
    repository = home / "repository"
    repository.mkdir()

    def git(*arguments):
        subprocess.run(["git", "-C", repository, *arguments], env=env,
                       check=True, stdout=subprocess.DEVNULL)
    git("init", "-q")
    for number in range(PATCHES):
        (repository / "file").write_text(f"{number}\n")
        git("add", "file")
        git("commit", "-q", "-m", f"change {number}")
    git("format-patch", "-q", "--root", "-o", "out")
    return sorted((repository / "out").iterdir())


def own_smtp(ca, port):
    return ["--smtp-server=localhost", f"--smtp-server-port={port}",
            "--smtp-encryption=tls", "--smtp-user=alice", "--smtp-pass=secret",
            "--smtp-auth=PLAIN", f"--smtp-ssl-cert-path={ca.pem}"]


def send(env, patches, options):
    """Seconds."""
    begin = time.monotonic()
    done = subprocess.run(
        ["git", "send-email", f"--from=Alice <{SENDER}>", f"--to={RECIPIENT}",
         "--confirm=never", "--suppress-cc=all", "--no-thread", *options,
         *patches], env=env, cwd=env["HOME"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"git send-email {options[0]} failed: {done.stderr}")
    return time.monotonic() - begin


def hand_over(build, env):
    """The median of some runs, in ms after the program has begun."""
    times = []
    for _ in range(20):
        done = subprocess.run(
            [build / "postrider", "-v", "-i", RECIPIENT],
            input=f"From: {SENDER}\n\nx\n", env=env, capture_output=True,
            text=True, check=True)
        times.append(int(re.search(r"(\d+) ms \* handed over", done.stderr)[1]))
    return statistics.median(times)


def stop(home):
    """Stops the process that holds the session."""
    for lock in (home / ".local/state/postrider/hold").glob("*.lock"):
        os.kill(int(lock.read_text()), signal.SIGTERM)


def show(taken):
    own = next(iter(taken.values()))
    print(f"\n{PATCHES} patches by git send-email, {2 * ONE_WAY_MS} ms round "
          "trip:")
    for name, seconds in taken.items():
        print(f"{name:<26}{seconds:>7.2f} s"
              f"{seconds / own:>8.2f} of git's own"
              f"{seconds / PATCHES * 1000:>8.0f} ms each")
