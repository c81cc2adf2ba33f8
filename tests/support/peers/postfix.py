# SPDX-License-Identifier: MIT
"""Postfix on loopback: unpacked, never installed, with a queue of its own.

Three ports: `port` (STARTTLS and AUTH are mandatory), `tls_port` (the same
with implicit TLS), `clear_port` (a relay for this machine). Every domain ends
in a Maildir here: alice@example.test, bob@example.test, all others "other".
Recipients tempfail@, full@ and nouser@example.test are refused with 450, 452
and 550. Sign-in is asked of Dovecot.
"""
import email.utils
import os
import pathlib
import pwd
import subprocess
import time

from peers.daemon import (Daemon, free_port, has_ipv6, require_group,
                          require_root, require_user)
from peers.maildir import Maildirs
from peers.unpack import unpack

REFUSED = ("{tempfail@example.test = 450 4.2.1 mailbox busy} "
           "{nouser@example.test = 550 5.1.1 no such user} "
           "{full@example.test = 452 4.2.2 mailbox full}")

MAIN = """\
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
command_directory = {root}/usr/sbin
daemon_directory = {root}/usr/lib/postfix/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {root}/etc/postfix
mailq_path = {root}/usr/bin/mailq
newaliases_path = /bin/true
sendmail_path = {root}/usr/sbin/sendmail
manpage_directory = /tmp
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME LD_LIBRARY_PATH={root}/usr/lib/postfix{environment}
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {directory}
maillog_file = {directory}/postfix.log
myhostname = mail.example.test
mydestination =
local_recipient_maps =
inet_interfaces = {interfaces}
inet_protocols = {protocols}
mynetworks = 127.0.0.0/8 [::1]/128
alias_maps =
alias_database =
biff = no
smtputf8_enable = yes
strict_smtputf8 = no
message_size_limit = {size_limit}
virtual_mailbox_limit = 0
virtual_mailbox_domains = static:all
virtual_mailbox_maps = inline:{{alice@example.test=alice/ bob@example.test=bob/}}, static:other/
recipient_delimiter = +
virtual_mailbox_base = {directory}/mail
virtual_uid_maps = static:{mail.pw_uid}
virtual_gid_maps = static:{mail.pw_gid}
virtual_minimum_uid = 1
disable_dns_lookups = yes
smtp_dns_support_level = disabled
default_process_limit = 300
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
smtpd_tls_cert_file = {ca.server.cert}
smtpd_tls_key_file = {ca.server.key}
smtpd_tls_CAfile = {ca.pem}
smtpd_tls_ask_ccert = yes
smtpd_tls_loglevel = 1
smtpd_sasl_type = {sasl_type}
smtpd_sasl_path = {sasl_path}
smtpd_sasl_local_domain = {sasl_domain}
smtpd_sasl_security_options = noanonymous
smtpd_sasl_tls_security_options = noanonymous
smtpd_recipient_restrictions = check_recipient_access inline:{{{refused}}}, permit_sasl_authenticated, permit_mynetworks, reject
smtpd_relay_restrictions = permit_sasl_authenticated, permit_mynetworks, reject
"""

MASTER = """\
{port} inet n - n - - smtpd
  -o syslog_name=submission -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o {{ smtpd_relay_restrictions = permit_sasl_authenticated, reject }}
  -o {{ smtpd_client_restrictions = permit_sasl_authenticated, reject }}
{tls_port} inet n - n - - smtpd
  -o syslog_name=submissions -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o {{ smtpd_client_restrictions = permit_sasl_authenticated, reject }}
{clear_port} inet n - n - - smtpd
  -o syslog_name=clear -o smtpd_tls_security_level=none
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix(Maildirs):
    def __init__(self, directory, ca, sasl_socket, clear_port=None,
                 size_limit=20971520):
        """size_limit: bytes of a message, 0 for no limit."""
        require_root("Postfix")
        require_user("postfix")
        require_group("postdrop")
        self.directory = pathlib.Path(directory)
        self.root = unpack("postfix")
        self.port, self.tls_port = free_port(), free_port()
        self.clear_port = clear_port or free_port()
        self._configure(ca, size_limit, **self._sasl(sasl_socket))
        self.start()

    def _sasl(self, socket):
        """What the configuration says of who checks a sign-in."""
        return {"sasl_type": "dovecot", "sasl_path": socket,
                "sasl_domain": "", "environment": ""}

    def _configure(self, ca, size_limit, **sasl):
        mail = pwd.getpwnam("mail")
        for name in ("etc", "queue", "data", "mail"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        os.chown(self.directory / "data", pwd.getpwnam("postfix").pw_uid, -1)
        os.chown(self.directory / "mail", mail.pw_uid, mail.pw_gid)
        texts = {
            "main.cf": MAIN.format(
                directory=self.directory, root=self.root, mail=mail, ca=ca,
                size_limit=size_limit, refused=REFUSED, **sasl,
                protocols="all" if has_ipv6() else "ipv4",
                interfaces="127.0.0.1" + (", ::1" if has_ipv6() else "")),
            "master.cf": MASTER.format(
                port=self.port, tls_port=self.tls_port,
                clear_port=self.clear_port),
        }
        # A file changed less than two seconds ago makes Postfix wait.
        past = time.time() - 60
        for name, text in texts.items():
            path = self.directory / "etc" / name
            path.write_text(text)
            os.utime(path, (past, past))

    def start(self):
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
               "LD_LIBRARY_PATH": str(self.root / "usr/lib/postfix")}
        etc = self.directory / "etc"
        checked = subprocess.run(
            [self.root / "usr/sbin/postfix", "-c", etc, "check"], env=env,
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if checked.returncode:
            raise RuntimeError(f"postfix check: {checked.stderr}{self.log} (a library "
                               "that is missing is installed by: make deps)")
        # -d: stays in the foreground; on TERM it ends its process group.
        self._daemon = Daemon(
            [self.root / "usr/lib/postfix/sbin/master", "-c", etc, "-d"],
            self.directory / "postfix.log", env)
        for port in (self.port, self.tls_port, self.clear_port):
            self._daemon.wait_for_port(port)

    def stop(self):
        self._daemon.stop()

    @property
    def log(self):
        path = self.directory / "postfix.log"
        return path.read_text(errors="replace") if path.exists() else ""


def body_of(message):
    """The part after the empty line, with the LF line ends of a Maildir."""
    return message.partition(b"\n\n")[2]


def new_token():
    """A word to find one message by."""
    return email.utils.make_msgid(domain="token.example.test")[1:-1]
