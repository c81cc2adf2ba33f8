# SPDX-License-Identifier: MIT
"""A network of its own with public addresses, a name server, and servers that
a test puts where it wants them. Needs root.

Name               records
mail.corp.test     A 192.0.2.1
both.corp.test     A 192.0.2.1, AAAA 2001:db8::1
hosts.corp.test    none; 192.0.2.1 in /etc/hosts
nameless.test      A 192.0.2.2; that address has no PTR
corp.test          MX mail.corp.test
address.test       A 192.0.2.1, no MX
bare.test          TXT only
null.test          MX .

192.0.2.1 has the PTR mail.corp.test; a connection to it comes from it.
"""
import contextlib
import socket
import subprocess

from dialogue.submission import SubmissionServer
from peers.daemon import Daemon, find_program, require_root
from peers.namespace import Mounts, Network, resolver_files

V4, V4_NAMELESS, V6 = "192.0.2.1", "192.0.2.2", "2001:db8::1"
HOSTS = ("mail.corp.test", "both.corp.test", "hosts.corp.test", "nameless.test")
DNSMASQ = ["--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
           "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
           "--no-hosts", "--local=/#/", "--pid-file=",
           f"--host-record=mail.corp.test,{V4}",
           f"--host-record=both.corp.test,{V4},{V6}",
           f"--address=/nameless.test/{V4_NAMELESS}",
           f"--host-record=address.test,{V4}",
           "--mx-host=corp.test,mail.corp.test,1",
           "--mx-host=null.test,.,0", "--txt-record=bare.test,hello"]


class MailNetwork:
    def __init__(self, directory, ca):
        require_root("a name server on port 53")
        self._directory = directory
        self._mounts = Mounts(resolver_files(
            directory, f"127.0.0.1 localhost\n{V4} hosts.corp.test\n"))
        self._ca = ca
        self._leaf = ca.leaf("mail-network",
                             names=[f"DNS:{name}" for name in HOSTS])
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        self.network = self._stack.enter_context(Network())
        for address in (f"{V4}/32", f"{V4_NAMELESS}/32", f"{V6}/128"):
            self._ip("address", "add", address, "dev", "lo",
                     *(["nodad"] if ":" in address else []))
        name_server = Daemon(self.network.wrap(
            [find_program("dnsmasq"), *DNSMASQ]),
            log=self._directory / "dnsmasq.log")
        self._stack.callback(name_server.stop)
        with self.network.entered():
            name_server.wait_for_port(53)
        return self

    def __exit__(self, *how):
        return self._stack.__exit__(*how)

    def _ip(self, *words):
        subprocess.run(self.network.wrap([find_program("ip"), *words]),
                       check=True)

    def leaf(self, name):
        return self._ca.leaf(f"of-{name}", names=[f"DNS:{name}"],
                             common_name=name)

    def wrap(self, command):
        return self.network.wrap(self._mounts.wrap(command))

    @contextlib.contextmanager
    def without_answers(self):
        """For wrap: the name server is one that never answers."""
        silent = self._directory / "silent"
        silent.mkdir(exist_ok=True)
        files = resolver_files(silent, f"{V4} hosts.corp.test\n")
        files["/etc/resolv.conf"].write_text(f"nameserver {V4}\n")
        with self.network.entered():
            listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            listener.bind((V4, 53))
        before, self._mounts = self._mounts, Mounts(files)
        try:
            yield
        finally:
            self._mounts = before
            listener.close()

    @contextlib.contextmanager
    def server(self, address=V4, port=587, tls="starttls", leaf=None, **how):
        with self.network.entered():
            server = SubmissionServer(leaf or self._leaf, tls=tls, address=address,
                                      port=port, **how)
        with server:
            yield server

    @contextlib.contextmanager
    def silence(self, address=V4, port=587):
        """A port that does not answer, as behind a firewall."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with contextlib.ExitStack() as stack, self.network.entered():
            listener = stack.enter_context(socket.socket(family))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(0)
            for _ in range(3):
                caller = stack.enter_context(socket.socket(family))
                caller.settimeout(0.2)
                try:
                    caller.connect((address, port))
                except socket.timeout:
                    break
            else:
                raise AssertionError("the backlog does not fill up")
            held = stack.pop_all()
        with held:
            yield
