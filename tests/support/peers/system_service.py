# SPDX-License-Identifier: MIT
"""postrider.socket in a jail: systemd-socket-activate serves the socket with the
command line and the environment of the unit, as the user daemon."""
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[3]
UNITS = ROOT / ".packaging/systemd"
SERVICE = (UNITS / "postrider@.service").read_text()
SOCKET = (UNITS / "postrider.socket").read_text()


def value_of(unit, name):
    return re.search(rf"^{name}=(.*)", unit, re.M)[1]


PATH = value_of(SOCKET, "ListenStream")
ENVIRONMENT = value_of(SERVICE, "Environment")
STATE = re.search(r"HOME=(\S+)", ENVIRONMENT)[1]
ARGUMENTS = value_of(SERVICE, "ExecStart").partition(" ")[2]
MESSAGE = "From: Carol <carol@corp.example>\nTo: root\nSubject: x\n\nbody\n"

SETUP = f"""\
etc=/etc/postrider
mkdir -p "$1/old-etc"
mount --bind /etc "$1/old-etc"
mount -t tmpfs tmpfs /etc
ln -s "$1"/old-etc/* /etc/
rm -f "$etc"
mkdir "$etc" /run/credentials
(umask 077; echo secret >"$etc/password"; cp "$etc/password" /run/credentials)
chown -R daemon /run/credentials
mount -t tmpfs tmpfs {pathlib.Path(STATE).parent}
mkdir -m 700 {STATE}
chown daemon {STATE}
# LeakSanitizer can't look into processes of other users.
no_leak_check=ASAN_OPTIONS=detect_leaks=0
in_service() {{
    setpriv --reuid=daemon --regid=daemon --clear-groups env -i \\
        CREDENTIALS_DIRECTORY=/run/credentials PATH="$PATH" {ENVIRONMENT} \\
        $no_leak_check "$@"
}}
as() {{
    user=$1; shift
    setpriv --reuid=$user --regid=nogroup --clear-groups env -i \\
        PATH="$PATH" POSTRIDER_QUEUE=no $no_leak_check "$@"
}}
"""
SERVE = f"""\
systemd-socket-activate --accept --inetd -l {PATH} \\
    setpriv --reuid=daemon --regid=daemon --clear-groups env -i \\
    CREDENTIALS_DIRECTORY=/run/credentials PATH="$PATH" {ENVIRONMENT} \\
    $no_leak_check "$1/bin/postrider" {ARGUMENTS} 2>/run/log &
until [ -S {PATH} ]; do sleep 0.01; done
chmod {value_of(SOCKET, "SocketMode")} {PATH}
"""


class SystemService:
    """A machine with the service. In its scripts, "in_service COMMAND" runs in
    the environment of the unit, "as USER COMMAND" as a user of the machine,
    without a queue."""

    def __init__(self, jail, account):
        self.jail = jail
        self.account = (
            f'queue = no {account} from = box@corp.example  aliases = "" '
            "local-recipient = admin@corp.example  retries = 0 "
            "set-from = always ")
        self.credential = "credential = systemd:password"
        self.preface = ""  # of submit.conf
        self.log = "/run/credentials/log"

    def write(self, name, text, mode=644):
        return f"""cat >"$etc/{name}" <<'END'
{text}
END
chmod {mode} "$etc/{name}"
"""

    def files(self):
        return SETUP + self.write(
            "submit.conf", f"{self.preface}account system {{ {self.account} "
            f"{self.credential} log-file = {self.log} }}") + self.write(
                "config", f'account system {{ host = "unix:{PATH}" }}')

    def run(self, script, service=True):
        """The output and status of a script in the jail, as root."""
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/run/home-of-root"}
        return self.jail.run(self.files() + (SERVE if service else "")
                             + "set +e\n" + script, env=env)


def send(arguments="-t", text=MESSAGE, user="nobody", env=""):
    """A script that sends as a user of the machine."""
    return (f"as {user} {env} /usr/sbin/sendmail {arguments} "
            f'<<"END"\n{text}END\n')
