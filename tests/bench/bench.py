# SPDX-License-Identifier: MIT
"""make bench: postrider beside other clients, through the same server, in the
same run. What counts is the ratio: the times are this machine's.

The server is Postfix with STARTTLS and PLAIN, on loopback. A client that isn't
installed is left out, and the table says so. What OAuth2, a series of
patches and a queue cost over a long line is told at the end.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import credentials  # noqa: E402 (the file beside this one)
import oauth2  # noqa: E402 (the file beside this one)
import queue_bench  # noqa: E402 (the file beside this one)
import series  # noqa: E402 (the file beside this one)
from peers.ca import RunCA  # noqa: E402
from peers.daemon import free_port  # noqa: E402
from peers.dovecot import Dovecot  # noqa: E402
from peers.introspection import Introspection  # noqa: E402
from peers.postfix import Postfix  # noqa: E402
from peers.resident import watch  # noqa: E402

SENDER, RECIPIENT = "alice@example.test", "bob@example.test"
SMALL, LARGE = 2 * 1024, 200 * 1000 * 1000
ROUNDS_SMALL, ROUNDS_LARGE, ROUNDS_START = 30, 3, 50


def main():
    build = pathlib.Path(sys.argv[1] if sys.argv[1:] else "build").resolve()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="postrider-bench-",
                                              dir="/tmp"))
    directory.chmod(0o755)
    (directory / "ca").mkdir()
    ca = RunCA(directory / "ca")
    introspection = Introspection({})
    dovecot = Dovecot(directory / "dovecot", ca, free_port(), introspection.url)
    postfix = Postfix(directory / "postfix", ca, dovecot.sasl_socket,
                      size_limit=0)
    try:
        compare(build, directory, ca, postfix)
        credentials.bench(build, ca, postfix, introspection)
        oauth2.bench(build, directory, ca)
        series.bench(build, directory, ca, postfix)
        queue_bench.bench(build, directory, ca, postfix)
    finally:
        postfix.stop()
        dovecot.stop()
        introspection.stop()
        shutil.rmtree(directory, ignore_errors=True)


def compare(build, directory, ca, postfix):
    clients = {name: make(build, directory, ca, postfix.port)
               for name, make in CLIENTS.items()}
    small, large = message(directory, SMALL), message(directory, LARGE)
    table = []
    for name, (command, env) in clients.items():
        if shutil.which(command[0]) is None:
            table.append((name, None))
            continue
        take(command, env, small)  # warms the caches
        table.append((name, (
            statistics.median(take(command, env, small)[0]
                              for _ in range(ROUNDS_SMALL)),
            *min(take(command, env, large) for _ in range(ROUNDS_LARGE)))))
        shutil.rmtree(postfix.directory / "mail" / "bob", ignore_errors=True)
    show(table)
    show_start(build)


def postrider(build, directory, ca, port):
    env = {"HOME": str(directory), "POSTRIDER_PASSWORD": "secret",
           "POSTRIDER_EXEC_PATH": str(build)}
    return [str(build / "postrider"), "--host", "localhost", "--port",
            str(port), "--tls-trust-file", str(ca.pem), "--user", "alice",
            "--auth", "plain", "--from", SENDER, "-i", RECIPIENT], env


def msmtp(build, directory, ca, port):
    return ["msmtp", "--host=localhost", f"--port={port}", "--tls=on",
            "--tls-starttls=on", f"--tls-trust-file={ca.pem}", "--auth=plain",
            "--user=alice", "--passwordeval=echo secret", f"--from={SENDER}",
            RECIPIENT], {"HOME": str(directory)}


def curl(build, directory, ca, port):
    return ["curl", "--silent", "--show-error", "--ssl-reqd", "--cacert",
            str(ca.pem), "--user", "alice:secret", "--login-options",
            "AUTH=PLAIN", "--mail-from", SENDER, "--mail-rcpt", RECIPIENT,
            "--upload-file", "-", f"smtp://localhost:{port}"], {
                "HOME": str(directory)}


CLIENTS = {"postrider": postrider, "msmtp": msmtp, "curl": curl}


def message(directory, size):
    path = directory / f"message-{size}"
    line = b"0123456789abcdef" * 4 + b"\n"
    with path.open("wb") as file:
        file.write(b"From: alice@example.test\nSubject: bench\n\n")
        for _ in range(size // len(line)):
            file.write(line)
    return path


def take(command, env, path):
    """Seconds from start to end, and kilobytes resident at the most."""
    env = {"PATH": os.environ["PATH"], **env}
    with path.open("rb") as file:
        begin = time.monotonic()
        child = subprocess.Popen(command, stdin=file, env=env)
        resident = watch(child)
        seconds = time.monotonic() - begin
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed: exit status {child.returncode}")
    return seconds, resident


def show(table):
    ours = dict(table)["postrider"]
    print(f"{'client':<12}{'2 KB':>10}{'ratio':>8}{'200 MB':>10}{'ratio':>8}"
          f"{'resident':>12}")
    for name, taken in table:
        if taken is None:
            print(f"{name:<12}  not installed")
            continue
        small, large, resident = taken
        print(f"{name:<12}{small * 1000:>7.1f} ms{small / ours[0]:>8.1f}"
              f"{large:>8.2f} s{large / ours[1]:>8.1f}"
              f"{resident / 1024:>9.1f} MB")


def show_start(build):
    """How long the program takes to start and to say its version, beside a
    program that does nothing."""
    taken = {}
    for command in ([str(build / "postrider"), "version"], ["true"]):
        runs = []
        for _ in range(ROUNDS_START):
            begin = time.monotonic()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            runs.append(time.monotonic() - begin)
        taken[command[0]] = statistics.median(runs)
    ours, nothing = taken.values()
    print(f"\nstart: {ours * 1000:.1f} ms, true: {nothing * 1000:.1f} ms, "
          f"ratio {ours / nothing:.1f}")


if __name__ == "__main__":
    main()
