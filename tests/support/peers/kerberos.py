# SPDX-License-Identifier: MIT
"""A throw-away Kerberos realm: MIT's KDC, unpacked, on a port of its own.

Principals of EXAMPLE.TEST: alice by keytab, bob with the password "secret",
the services smtp and pop on localhost, smtp on mail.example.test. A second
realm, OTHER.TEST, knows mallory and trusts nobody. A Ticket is what a user
has: a cache of credentials, and the variables that make it found.
"""
import os
import pathlib
import struct
import subprocess

from patience import wait_for
from peers.daemon import Daemon, find_program, free_port
from peers.unpack import unpack

REALM, OTHER_REALM = "EXAMPLE.TEST", "OTHER.TEST"
SERVICES = ("smtp/localhost", "smtp/mail.example.test", "pop/localhost")
LIFE = "10h"

# Names are taken as they are written: no DNS, no canonical names. The KDC is
# asked by TCP alone. No cache and no keytab of the machine's is ever looked at.
CLIENT = """\
[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
default_ccache_name = FILE:{directory}/none
default_keytab_name = FILE:{directory}/server.keytab
default_client_keytab_name = FILE:{directory}/none
{extra}
[realms]
EXAMPLE.TEST = {{
  kdc = 127.0.0.1:{port}
}}
OTHER.TEST = {{
  kdc = 127.0.0.1:{port}
}}
[domain_realm]
localhost = {realm}
.example.test = {realm}
[logging]
kdc = FILE:{directory}/kdc.log
"""

KDC = """\
[kdcdefaults]
kdc_listen = ""
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
EXAMPLE.TEST = {{
  database_module = example
  key_stash_file = {directory}/stash.EXAMPLE.TEST
  max_life = 10h
}}
OTHER.TEST = {{
  database_module = other
  key_stash_file = {directory}/stash.OTHER.TEST
}}
[dbdefaults]
[dbmodules]
db_module_dir = {modules}
example = {{
  db_library = db2
  database_name = {directory}/principal.EXAMPLE.TEST
}}
other = {{
  db_library = db2
  database_name = {directory}/principal.OTHER.TEST
}}
"""


class Ticket:
    """env: what a program needs to find it."""

    def __init__(self, config, cache):
        self.cache = pathlib.Path(cache)
        self.env = {"KRB5_CONFIG": str(config),
                    "KRB5CCNAME": f"FILE:{self.cache}"}


class Kerberos:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self.port = free_port()
        self.keytab = self.directory / "server.keytab"
        self.config = self._write("krb5.conf", CLIENT)
        self._other_config = self._write("krb5-other.conf", CLIENT,
                                         realm=OTHER_REALM)
        self._kdc = unpack("krb5-kdc")
        self._admin = unpack("krb5-admin-server")
        [modules] = self._kdc.glob("usr/lib/*/krb5/plugins/kdb")
        self._env = {**os.environ, "KRB5_CONFIG": str(self.config),
                     "KRB5_KDC_PROFILE": str(self._write(
                         "kdc.conf", KDC, modules=modules))}
        self._make_realms()
        self._daemon = Daemon(
            [self._kdc / "usr/sbin/krb5kdc", "-n", "-r", REALM,
             "-r", OTHER_REALM], self.directory / "kdc.log", self._env)
        self._daemon.wait_for_port(self.port)
        self._number = 0

    def stop(self):
        self._daemon.stop()

    @property
    def log(self):
        return (self.directory / "kdc.log").read_text(errors="replace")

    def ticket(self, principal="alice", life=LIFE):
        """A fresh one of a user who has a keytab."""
        ticket = self.no_ticket()
        self._kinit(ticket, principal, self.directory / "alice.keytab",
                    "-l", life)
        return ticket

    def no_ticket(self):
        """A cache that isn't there."""
        self._number += 1
        return Ticket(self.config, self.directory / f"cache-{self._number}")

    def expired_ticket(self):
        """One that was good for a second."""
        ticket = self.ticket(life="1s")
        wait_for(lambda: not self._is_valid(ticket),
                 lambda: "the ticket doesn't expire")
        return ticket

    def foreign_ticket(self):
        """Of a user of the other realm, which shares no key with this one."""
        ticket = self.no_ticket()
        self._kinit(ticket, f"mallory@{OTHER_REALM}",
                    self.directory / "mallory.keytab")
        return ticket

    def skewed_ticket(self, service, seconds=3600):
        """One for that service, of a user whose clock is wrong: the cache
        holds what its owner adds to the time (the tag DeltaTime of a file's
        header), which nobody but the server can check."""
        ticket = self.ticket()
        run([find_program("kvno"), service], {**self._env, **ticket.env})
        cache = bytearray(ticket.cache.read_bytes())
        assert cache[:8] == b"\5\4\0\x0c\0\1\0\x08", cache[:16]
        cache[8:12] = struct.pack(">i", seconds)
        ticket.cache.write_bytes(cache)
        return ticket

    def services(self, ticket):
        """The services that its cache has tickets for."""
        return subprocess.run([find_program("klist"), "-c", ticket.cache],
                              env=self._env, capture_output=True,
                              text=True).stdout

    def unreachable(self, ticket, port=None):
        """The same ticket, without a reachable KDC, or with that port as the
        KDC's."""
        port = port or free_port()
        config = self.directory / f"krb5-{port}.conf"
        config.write_text(self.config.read_text().replace(
            f"127.0.0.1:{self.port}", f"127.0.0.1:{port}"))
        return Ticket(config, ticket.cache)

    def _kinit(self, ticket, principal, keytab, *arguments):
        run([find_program("kinit"), *arguments, "-c", f"FILE:{ticket.cache}",
             "-k", "-t", keytab, principal], self._env)

    def _is_valid(self, ticket):
        return subprocess.run([find_program("klist"), "-s", "-c",
                               f"FILE:{ticket.cache}"],
                              env=self._env).returncode == 0

    def _write(self, name, text, realm=REALM, extra="", **values):
        path = self.directory / name
        path.write_text(text.format(directory=self.directory, port=self.port,
                                    realm=realm, extra=extra, **values))
        return path

    def _make_realms(self):
        for realm in (REALM, OTHER_REALM):
            run([self._kdc / "usr/sbin/kdb5_util", "-r", realm, "create", "-s",
                 "-P", "master"], self._env)
        self._administer(
            REALM, "addprinc -randkey alice", "addprinc -pw secret bob",
            "ktadd -norandkey -k {}/alice.keytab alice".format(self.directory),
            *(f"addprinc -randkey {name}" for name in SERVICES),
            f"ktadd -k {self.keytab} " + " ".join(SERVICES))
        self._administer(
            OTHER_REALM, "addprinc -randkey mallory",
            f"ktadd -norandkey -k {self.directory}/mallory.keytab mallory")
        # The server reads its keys as a user of its own.
        self.keytab.chmod(0o644)

    def _administer(self, realm, *commands):
        for command in commands:
            run([self._admin / "usr/sbin/kadmin.local", "-r", realm,
                 *command.split()], self._env)


def run(command, env):
    done = subprocess.run(list(map(str, command)), env=env,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
