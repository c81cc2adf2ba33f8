# SPDX-License-Identifier: MIT
"""Exim on loopback: unpacked, never installed, with a spool of its own.

Two ports: `port` (STARTTLS) and `tls_port` (implicit TLS); without TLS no AUTH
is offered, and without AUTH nothing is taken. Exim itself checks PLAIN, LOGIN,
CRAM-MD5, NTLM and certificates of alice; for all else it asks Dovecot. Every
message ends in a Maildir: alice, bob, or other.
"""
import os
import pathlib
import pwd

from peers.daemon import Daemon, free_port, has_ipv6, require_root, \
    require_user
from peers.maildir import Maildirs
from peers.unpack import unpack

# Started with -C Exim gives up being root, so its user owns all directories.
MAIN = """\
exim_path = {program}
deliver_drop_privilege = true
spool_directory = {directory}/spool
log_file_path = {directory}/log/%slog
pid_file_path =
keep_environment =
primary_hostname = mail.example.test
hostlist relay_from_hosts =
daemon_smtp_ports = {port} : {tls_port}
local_interfaces = <; {interfaces}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = *
tls_certificate = {directory}/server.pem
tls_privatekey = {directory}/server.key
tls_verify_certificates = {ca.pem}
tls_try_verify_hosts = *
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
smtp_accept_max = 500
smtp_accept_max_per_host = 0
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
prdr_enable = true
chunking_advertise_hosts = *
pipelining_advertise_hosts = *
accept_8bitmime = true
message_size_limit = 20M
host_lookup =
rfc1413_hosts =
acl_smtp_mail = acl_mail
acl_smtp_rcpt = accept
acl_smtp_data = accept
begin acl
acl_mail:
  require message = 550 5.7.0 Authentication required
          authenticated = *
  accept
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = {directory}/mail/${{lookup{{$local_part}}lsearch{{{directory}/users}}{{$value}}{{other}}}}
  maildir_format
  create_directory
  user = Debian-exim
  group = Debian-exim
begin retry
* * F,2h,15m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{alice}}}}{{eq{{$auth3}}{{secret}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{{{eq{{$auth1}}{{alice}}}}{{eq{{$auth2}}{{secret}}}}}}}}
  server_set_id = $auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{if eq{{$auth1}}{{alice}}{{secret}}fail}}
  server_set_id = $auth1
ntlm:
  driver = spa
  public_name = NTLM
  server_password = ${{if eq{{$auth1}}{{alice}}{{secret}}fail}}
  server_set_id = $auth1
external:
  driver = external
  public_name = EXTERNAL
  server_advertise_condition = $tls_in_certificate_verified
  server_param2 = ${{certextract{{subject,CN}}{{$tls_in_peercert}}}}
  server_condition = ${{if eq{{$auth2}}{{alice}}}}
  server_set_id = $auth2
"""

BY_DOVECOT = """\
{name}:
  driver = dovecot
  public_name = {mechanism}
  server_socket = {socket}
  server_set_id = $auth1
"""

ASKED_OF_DOVECOT = ("DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "GSSAPI",
                    "XOAUTH2", "OAUTHBEARER", "ANONYMOUS")


class Exim(Maildirs):
    def __init__(self, directory, ca, sasl_socket):
        require_root("Exim")
        require_user("Debian-exim")
        self.directory = pathlib.Path(directory)
        self.program = unpack("exim4-daemon-heavy") / "usr/sbin/exim4"
        self.port, self.tls_port = free_port(), free_port()
        self._configure(ca, sasl_socket)
        self._daemon = Daemon([self.program, "-C", self.directory / "exim.conf",
                               "-bdf", "-q1m"], self.directory / "log/mainlog")
        for port in (self.port, self.tls_port):
            self._daemon.wait_for_port(port)

    def _configure(self, ca, sasl_socket):
        for name in ("spool", "mail", "log"):
            (self.directory / name).mkdir(parents=True)
        # The CA's files belong to the run, these copies to Exim's user.
        for name, source in (("server.pem", ca.server.chain),
                             ("server.key", ca.server.key)):
            (self.directory / name).write_bytes(source.read_bytes())
        (self.directory / "users").write_text("alice: alice\nbob: bob\n")
        user = pwd.getpwnam("Debian-exim")
        for path in ("spool", "mail", "log", "server.key"):
            os.chown(self.directory / path, user.pw_uid, user.pw_gid)
        (self.directory / "exim.conf").write_text(MAIN.format(
            program=self.program, directory=self.directory, ca=ca,
            port=self.port, tls_port=self.tls_port,
            interfaces="127.0.0.1" + (" ; ::1" if has_ipv6() else "")) +
            "".join(BY_DOVECOT.format(name=mechanism.replace("-", "_"),
                                      mechanism=mechanism, socket=sasl_socket)
                    for mechanism in ASKED_OF_DOVECOT))

    def stop(self):
        self._daemon.stop()

    @property
    def log(self):
        path = self.directory / "log/mainlog"
        return path.read_text(errors="replace") if path.exists() else ""
