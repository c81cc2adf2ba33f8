# SPDX-License-Identifier: MIT
"""Mail domains below .test that say which server sends for them, in a network
of their own: a name server with SRV records, web servers with autoconfig
files, and submission servers on the usual ports. Needs root.

Domain      what it has
srv         SRV _submissions._tcp and _submission._tcp
starttls    SRV _submission._tcp only; _submissions._tcp is "."
away        SRV _submissions._tcp, a host of another domain
gmail       SRV _submission._tcp, the server of the provider gmail
auto        a file at autoconfig.auto.test
known       a file at known.test/.well-known
bad         a file at autoconfig.bad.test, which tests replace
wrong       web servers with the certificate of another name
none        nothing
company     the MX of the provider corp
müller      SRV _submissions._tcp
bücher      a file at autoconfig.bücher.test
straße      the MX of the provider corp

gmai1.com is what a mistyped gmail.com might be: it has an SRV record.
"""
import pathlib

from dialogue.https import Answer, HttpsServer
from dialogue.submission import SubmissionServer
from peers.daemon import Daemon, find_program, require_root
from peers.namespace import Mounts, Network, resolver_files

PASSWORD = "abcd-efgh-ijkl"
AUTOCONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
FILES, OTHERS, WRONG = "127.0.0.2", "127.0.0.3", "127.0.0.4"
DNSMASQ = ["--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
           "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
           "--no-hosts", "--local=/#/", "--pid-file=",
           *[f"--srv-host=_{record}" for record in (
               "submissions._tcp.srv.test,backup.srv.test,4465,20,0",
               "submissions._tcp.srv.test,smtp.srv.test,465,10,5",
               "submission._tcp.srv.test,smtp.srv.test,587,0,0",
               "submissions._tcp.starttls.test",
               "submission._tcp.starttls.test,smtp.starttls.test,587,0,0",
               "submissions._tcp.away.test,mail.hoster.test,465,0,0",
               "submission._tcp.gmail.test,smtp.gmail.com,587,0,0",
               "submissions._tcp.xn--mller-kva.test,smtp.xn--mller-kva.test,"
               "465,0,0",
               "submission._tcp.gmai1.com,smtp.gmai1.com,587,0,0")],
           "--mx-host=company.test,mx.corp.test,1",
           "--mx-host=xn--strae-oqa.test,mx.corp.test,1",
           "--address=/xn--mller-kva.test/127.0.0.1",
           f"--host-record=autoconfig.xn--bcher-kva.test,{FILES}",
           "--address=/srv.test/127.0.0.1",
           "--address=/starttls.test/127.0.0.1",
           "--address=/hoster.test/127.0.0.1",
           "--address=/smtp.auto.test/127.0.0.1",
           "--address=/smtp.none.test/127.0.0.1",
           "--address=/submission.none.test/127.0.0.1",
           "--address=/closed.none.test/127.0.0.5",
           "--host-record=none.test,127.0.0.9",
           f"--host-record=autoconfig.auto.test,{FILES}",
           f"--host-record=autoconfig.bad.test,{FILES}",
           f"--host-record=bad.test,{OTHERS}",
           f"--host-record=known.test,{OTHERS}",
           f"--host-record=autoconfig.wrong.test,{WRONG}",
           f"--host-record=wrong.test,{WRONG}"]
FILE = """\
<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{domain}">
    <domain>{domain}</domain>
    <incomingServer type="imap">
      <hostname>imap.{domain}</hostname>
      <port>993</port>
      <socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>{host}</hostname>
      <port>{port}</port>
      <socketType>{tls}</socketType>
      <username>{user}</username>
      <authentication>{auth}</authentication>
    </outgoingServer>
  </emailProvider>
</clientConfig>
"""
PROVIDER = """\
provider corp {
	title = "Corp Mail"
	host = smtp.corp.test
	mx = { mx.corp.test }
}
"""


def file_of(domain, host="smtp.auto.test", port=465, tls="SSL",
            user="%EMAILLOCALPART%", auth="password-cleartext"):
    """An Answer with an autoconfig file."""
    text = FILE.format(domain=domain, host=host, port=port, tls=tls,
                       user=user, auth=auth)
    return Answer(200, text.encode(), {"Content-Type": "text/xml"})


class Domains:
    """A context manager. `implicit` and `starttls` are the submission servers,
    `files`, `others` and `wrong` the web servers."""

    def __init__(self, postrider, ca, directory):
        self.postrider = postrider
        self.ca = ca
        self._directory = pathlib.Path(directory)
        self._mounts = Mounts(
            resolver_files(directory, "127.0.0.1 localhost\n"))
        self.config = postrider.configure(PROVIDER)
        postrider.env["POSTRIDER_TOKEN_TRUST_FILE"] = str(ca.pem)
        postrider.env["POSTRIDER_TLS_TRUST_FILE"] = str(ca.pem)

    def __enter__(self):
        require_root("a name server on port 53")
        self.network = Network().__enter__()
        names = [f"DNS:{name}.test" for name in (
            "smtp.srv", "smtp.starttls", "mail.hoster", "smtp.auto",
            "smtp.none", "submission.none", "autoconfig.auto",
            "autoconfig.bad", "bad", "known", "smtp.xn--mller-kva",
            "autoconfig.xn--bcher-kva")]
        leaf = self.ca.leaf("domains", names=names, common_name="domains")
        users = {f"me@{domain}.test": PASSWORD for domain in (
            "srv", "starttls", "away", "known", "none", "company", "müller",
            "bücher")}
        users["me"] = PASSWORD
        with self.network.entered():
            self.implicit = SubmissionServer(leaf, tls="implicit", port=465,
                                             users=users)
            self.starttls = SubmissionServer(leaf, port=587, users=users)
            self.files = HttpsServer(leaf, {AUTOCONFIG: file_of("auto.test")},
                                     address=FILES, port=443)
            self.others = HttpsServer(leaf, address=OTHERS, port=443)
            self.wrong = HttpsServer(self.ca.server, {"*": file_of("x.test")},
                                     address=WRONG, port=443)
        self._servers = [self.implicit, self.starttls, self.files,
                         self.others, self.wrong]
        self.others.answer(WELL_KNOWN, self._well_known)
        for server in self._servers:
            server.__enter__()
        self._name_server = Daemon(
            self.network.wrap([find_program("dnsmasq"), *DNSMASQ]),
            log=self._directory / "dnsmasq.log")
        with self.network.entered():
            self._name_server.wait_for_port(53)
        return self

    @staticmethod
    def _well_known(request):
        if request.headers["host"] == "known.test":
            return file_of("known.test", user="%EMAILADDRESS%")
        return Answer(404)

    def __exit__(self, *how):
        self._name_server.stop()
        for server in self._servers:
            server.__exit__(*how)
        self.network.__exit__()

    def wrap(self, command):
        return self.network.wrap(self._mounts.wrap(command))

    def run(self, *arguments, input=b"", env=None):
        return self.postrider.run(*arguments, input=input, env=env,
                                  wrap=self.wrap)

    def at_terminal(self, arguments, answers=(), env=None):
        return self.postrider.at_terminal(arguments, answers, env=env,
                                          wrap=self.wrap)
