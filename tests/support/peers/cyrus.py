# SPDX-License-Identifier: MIT
"""Postfix with Cyrus SASL: its own users and mechanisms, no Dovecot.

alice has the password "secret"; in Kerberos the service is not that of
localhost, but smtp@mail.example.test.
"""
import subprocess

from peers.postfix import Postfix
from peers.unpack import unpack

REALM = "mail.example.test"
# Not GS2-KRB5: it refuses that of GNU SASL, and doesn't say why.
MECHANISMS = ("PLAIN LOGIN CRAM-MD5 DIGEST-MD5 NTLM SCRAM-SHA-1 SCRAM-SHA-256 "
              "GSSAPI")

# Debian's Postfix looks for it in its own configuration's directory.
SMTPD = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {directory}/sasldb2
mech_list: {mechanisms}
keytab: {keytab}
"""


class CyrusPostfix(Postfix):
    def __init__(self, directory, ca, kerberos):
        self._kerberos = kerberos
        super().__init__(directory, ca, None)

    def _sasl(self, socket):
        directory = self.directory / "etc/sasl"
        directory.mkdir(parents=True)
        (directory / "smtpd.conf").write_text(SMTPD.format(
            directory=directory, mechanisms=MECHANISMS,
            keytab=self._kerberos.keytab))
        users = directory / "sasldb2"
        subprocess.run(
            [unpack("sasl2-bin") / "usr/sbin/saslpasswd2", "-p", "-c", "-f",
             users, "-u", REALM, "alice"], input=b"secret", check=True)
        users.chmod(0o644)
        return {"sasl_type": "cyrus", "sasl_path": "smtpd",
                "sasl_domain": REALM,
                "environment": f" KRB5_CONFIG={self._kerberos.config}"
                               f" KRB5_KTNAME=FILE:{self._kerberos.keytab}"
                               " KRB5RCACHENAME=none:"}
