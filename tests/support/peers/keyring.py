# SPDX-License-Identifier: MIT
"""A real gnome-keyring on a private D-Bus session, for as long as a test
needs it. Nothing of the user's own session is touched."""

import os
import re
import shutil
import signal
import subprocess
import tempfile

from patience import wait_for

# Without <servicedir>, the bus starts nothing by itself, neither another keyring
# nor a prompter.
BUS_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  {network}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

NETWORK_CONFIG = """\
<listen>tcp:host=127.0.0.1,port={port}</listen>
  <auth>ANONYMOUS</auth>
  <allow_anonymous/>"""

BUS = "org.freedesktop.DBus"

# What a Keyring runs.
PROGRAMS = (
    "dbus-daemon",
    "dbus-monitor",
    "dbus-send",
    "gnome-keyring-daemon",
    "secret-tool",
)
SESSION_VARIABLES = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "GNOME_KEYRING_CONTROL",
    "POSTRIDER_PASSWORD",
)
START_LIMIT_S = 15


def missing_programs():
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Keyring:
    """A context manager. `env` is the environment of a program that uses the
    keyring: with a HOME and an XDG_RUNTIME_DIR of its own and no display.

    service=False: a bus without a keyring service.
    port: the bus also listens on that TCP port.
    """

    def __init__(self, service=True, password="pw", port=None):
        self.service = service
        self.network = NETWORK_CONFIG.format(port=port) if port else ""
        self.password = password
        self.daemon = None
        self.bus = None

    def __enter__(self):
        # Short, because the path of a socket has 107 bytes at most.
        self.directory = tempfile.mkdtemp(prefix="keyring-")
        self.runtime = os.path.join(self.directory, "run")
        self.socket = os.path.join(self.runtime, "bus")
        os.mkdir(self.runtime, 0o700)
        self.env = {
            key: value
            for key, value in os.environ.items()
            if key not in SESSION_VARIABLES and not key.startswith("XDG_")
        }
        self.env.update(
            HOME=self.directory,
            XDG_RUNTIME_DIR=self.runtime,
            DBUS_SESSION_BUS_ADDRESS="unix:path=" + self.socket,
        )
        try:
            self._start_bus()
            if self.service:
                self._start_service()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in (self.daemon, self.bus):
            if process is not None:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def store(self, password, label="test", **attributes):
        """Stores an item as a user does: with secret-tool."""
        words = [word for pair in attributes.items() for word in pair]
        self.run(["secret-tool", "store", "--label=" + label] + words, password)

    def lookup(self, **attributes):
        """The secret that secret-tool finds, or None."""
        words = [word for pair in attributes.items() for word in pair]
        found = self.run(["secret-tool", "lookup"] + words, check=False)
        return found.stdout if found.returncode == 0 else None

    def lock(self):
        """Locks the collection. No prompt can unlock it."""
        self._call(
            "org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        )

    def restart(self):
        """The daemon starts anew, unlocked, with what it saved."""
        self.daemon.terminate()
        self.daemon.wait()
        self._start_service()

    def method_calls(self, action):
        """The names of the methods that programs call during action()."""
        monitor = subprocess.Popen(
            ["dbus-monitor", "--session", "type='method_call'"],
            env=self.env,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        try:
            # A monitor has no name on the bus.
            self._members(monitor, until="NameLost")
            action()
            self._call(BUS, "/org/freedesktop/DBus", BUS + ".GetId")
            # The last one connected dbus-send.
            return self._members(monitor, until="GetId")[:-1]
        finally:
            monitor.kill()
            monitor.communicate()

    @staticmethod
    def _members(monitor, until):
        members = []
        for line in monitor.stdout:
            found = re.match(r"(?:method call|signal) .* member=(\w+)", line)
            if found and found[1] == until:
                break
            if found:
                members.append(found[1])
        return members

    def stop_service(self):
        """The service keeps its name and answers no more."""
        self.daemon.send_signal(signal.SIGSTOP)

    def stop_bus(self):
        """The bus takes connections and answers nothing."""
        self.bus.send_signal(signal.SIGSTOP)

    def run(self, argv, text="", check=True):
        return subprocess.run(
            argv,
            input=text,
            env=self.env,
            check=check,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=START_LIMIT_S,
        )

    def _start_bus(self):
        config = os.path.join(self.directory, "bus.conf")
        with open(config, "w") as file:
            file.write(BUS_CONFIG.format(socket=self.socket,
                                         network=self.network))
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--config-file=" + config],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: os.path.exists(self.socket),
                 lambda: "the bus did not start")

    def _start_service(self):
        self.daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock"]
            + ["--components=secrets"],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.daemon.stdin.write(self.password.encode())
        self.daemon.stdin.close()
        wait_for(self._has_collection,
                 lambda: "gnome-keyring did not start")

    def _has_collection(self):
        reply = self._call(
            "org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.ReadAlias",
            "string:default",
            check=False,
        )
        return "/collection/login" in reply.stdout

    def _call(self, service, path, method, *arguments, check=True):
        argv = ["dbus-send", "--session", "--print-reply", "--dest=" + service]
        return self.run(argv + [path, method, *arguments], check=check)



def with_user_bus(socket):
    """Words that run a command where /run/user/UID/bus is that socket."""
    uid = os.getuid()
    script = (
        "mount -t tmpfs tmpfs /run && "
        f"mkdir -p /run/user/{uid} && "
        + (f"ln -s {socket} /run/user/{uid}/bus && " if socket else "")
        + 'exec "$@"'
    )
    own = ["unshare", "-m"] if uid == 0 else ["unshare", "-cm", "--keep-caps"]
    wrap = [*own, "sh", "-c", script, "sh"]
    if subprocess.call([*wrap, "true"], stderr=subprocess.DEVNULL) != 0:
        raise RuntimeError("no mount namespace can be had for /run/user")
    return wrap
