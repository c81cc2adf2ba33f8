# SPDX-License-Identifier: MIT
"""Dovecot's submission service on loopback, and the SASL of Postfix.

Users alice and bob with the password "secret", müller with "pä€ss"; alice by
client certificate; bearer tokens by introspection; with a realm of Kerberos
also all of its users, every mechanism that Dovecot has, and boss with
"master", who may sign in for others. alice@anything has alice's password and
mailboxes of its own. A message is relayed to Postfix.
127.0.0.1 counts as secure for Dovecot, so PLAIN without TLS works there;
connect to 127.0.0.2 to see that TLS is demanded.
"""
import contextlib
import imaplib
import os
import pathlib
import pwd
import re
import ssl
import subprocess

from peers.daemon import (Daemon, find_program, free_port, loopback,
                          require_root)

PASSWORDS = "alice:{PLAIN}secret::::::\nbob:{PLAIN}secret::::::\n" \
            "müller:{PLAIN}pä€ss::::::\n"
CERTIFICATES = "alice:::::::nopassword\n"
MECHANISMS = "plain login cram-md5 scram-sha-1 scram-sha-256"
ALL_MECHANISMS = MECHANISMS + " digest-md5"

OAUTH2 = """\
introspection_mode = post
introspection_url = {url}
client_id = {client[0]}
client_secret = {client[1]}
username_attribute = username
active_attribute = active
active_value = true
tokeninfo_url =
force_introspection = yes
timeout_msecs = 30000
"""

# Each mechanism needs one passdb that doesn't filter it out. Without
# auth_failure_delay and the anvil penalty a failed sign-in would slow down
# every later one. A hundred messages of one user at once are no attack here.
MAIN = """\
base_dir = {directory}/run
state_dir = {directory}/state
instance_name = postrider-tests-{port}
log_path = {directory}/dovecot.log
auth_verbose = yes
listen = {listen}
protocols = {protocols}
hostname = mail.example.test
login_trusted_networks =
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{directory}/mail/%u
ssl = required
ssl_cert = <{ca.server.cert}
ssl_key = <{ca.server.key}
ssl_ca = <{ca.pem}
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = {mechanisms} {bearer} external {others}
auth_realms = localhost
mail_max_userip_connections = 0
default_process_limit = 300
default_client_limit = 3000
auth_username_chars =
auth_failure_delay = 0
{first}passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = external
  args = username_format=%n {directory}/certificates
}}
passdb {{
  driver = passwd-file
  mechanisms = {mechanisms}
  args = scheme=PLAIN username_format=%n {directory}/passwords
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={directory}/mail/%n
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay_port}
submission_relay_trusted = no
submission_relay_ssl = no
submission_max_mail_size = 20M
service auth {{
  unix_listener {directory}/auth-client {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

KERBEROS = """\
auth_krb5_keytab = {keytab}
auth_gssapi_hostname = "$ALL"
auth_anonymous_username = guest
import_environment = TZ KRB5_CONFIG={config}
passdb {{
  driver = static
  mechanisms = gssapi
  args = nopassword=y
}}
"""

# Whoever signs in for somebody else is looked for here.
MASTERS = """\
passdb {{
  driver = passwd-file
  master = yes
  args = scheme=PLAIN {directory}/masters
}}
"""

LISTENERS = """\
service {protocol}-login {{
  inet_listener {protocol} {{
    port = {port}
  }}
  inet_listener {protocol}s {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""

# Those mailboxes that exist have the attribute.
MAILBOXES = """\
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}}}
"""

SENT_MAILBOX = """  mailbox "{name}" {{
    special_use = \\Sent
  }}
"""


class Dovecot:
    def __init__(self, directory, ca, relay_port, introspection_url,
                 introspector=None, kerberos=None, pop3=False, imap=False,
                 sent=(), bearer="xoauth2 oauthbearer"):
        """introspector: the client ID and the secret to ask with. kerberos:
        a realm whose users sign in; DIGEST-MD5 and ANONYMOUS come with it.
        pop3, imap: serves that too, on pop3_port or imap_port (STARTTLS) and
        pop3s_port or imaps_port. sent: the mailboxes that have the attribute
        \\Sent, in UTF-8. bearer: the mechanisms for tokens."""
        require_root("Dovecot")
        self.directory = pathlib.Path(directory)
        self._ca = ca
        self.sasl_socket = self.directory / "auth-client"
        program = find_program("dovecot")
        require_version(program)
        self._ports = []
        self._protocols = []
        self.port, self.tls_port, more = self._listen("submission")
        if pop3:
            self.pop3_port, self.pop3s_port, text = self._listen("pop3")
            more += text
        if imap:
            self.imap_port, self.imaps_port, text = self._listen("imap")
            more += text + MAILBOXES.format(mailboxes="".join(
                SENT_MAILBOX.format(name=name) for name in sent))
        if kerberos:
            more += KERBEROS.format(keytab=kerberos.keytab,
                                    config=kerberos.config)
        self._configure(ca, relay_port, OAUTH2.format(
            url=introspection_url, client=introspector or ("", "")),
            kerberos, bearer, more)
        self._daemon = Daemon(
            [program, "-F", "-c", self.directory / "dovecot.conf"],
            self.directory / "dovecot.log")
        for port in self._ports:
            self._daemon.wait_for_port(port)

    def _listen(self, protocol):
        """The ports for STARTTLS and TLS, and their configuration."""
        port, tls_port = free_port(), free_port()
        self._ports += [port, tls_port]
        self._protocols.append(protocol)
        return port, tls_port, LISTENERS.format(
            protocol=protocol, port=port, tls_port=tls_port)

    def _configure(self, ca, relay_port, oauth2, kerberos, bearer, more):
        mail = pwd.getpwnam("mail")
        for name in ("run", "state", "mail"):
            (self.directory / name).mkdir(parents=True)
        os.chown(self.directory / "mail", mail.pw_uid, mail.pw_gid)
        texts = {
            "passwords": PASSWORDS,
            "certificates": CERTIFICATES,
            "masters": "boss:{PLAIN}master::::::\n",
            "oauth2.conf": oauth2,
            "dovecot.conf": MAIN.format(
                directory=self.directory, ca=ca, listen=", ".join(loopback()),
                first=(MASTERS.format(directory=self.directory)
                       if kerberos else ""),
                mechanisms=ALL_MECHANISMS if kerberos else MECHANISMS,
                others="gssapi anonymous" if kerberos else "",
                bearer=bearer,
                protocols=" ".join(self._protocols),
                relay_port=relay_port, port=self.port) + more,
        }
        for name, text in texts.items():
            (self.directory / name).write_text(text)

    @property
    def log(self):
        return (self.directory / "dovecot.log").read_text(errors="replace")

    def sign_ins(self, service="submission"):
        """Who signed in to this service, and by which mechanism."""
        return re.findall(rf"{service}-login: Info: Login: "
                          r"user=<([^>]*)>, method=([\w-]+)", self.log)

    def create_mailbox(self, user, mailbox, *messages):
        """Makes a mailbox, named in modified UTF-7, with these messages."""
        with self._imap_session(user) as session:
            must(session.create(f'"{mailbox}"'))
            for message in messages:
                must(session.append(f'"{mailbox}"', None, None, message))

    def flags(self, user, mailbox):
        """What FETCH says of the flags of each message."""
        with self._imap_session(user) as session:
            must(session.select(f'"{mailbox}"', readonly=True))
            return must(session.fetch("1:*", "FLAGS"))

    @contextlib.contextmanager
    def _imap_session(self, user):
        context = ssl.create_default_context(cafile=str(self._ca.pem))
        with imaplib.IMAP4_SSL("localhost", self.imaps_port,
                               ssl_context=context) as session:
            must(session.login(user, "secret"))
            yield session

    def stop(self):
        self._daemon.stop()


def must(reply):
    status, data = reply
    assert status == "OK", reply
    return data


def require_version(program):
    text = subprocess.run([program, "--version"], capture_output=True,
                          text=True).stdout
    version = re.match(r"(\d+)\.(\d+)", text)
    assert version and version.groups() == ("2", "3"), (
        f"dovecot is {text.strip()!r}; its configuration here is for 2.3")
