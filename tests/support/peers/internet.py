# SPDX-License-Identifier: MIT
"""The hosts that the documents name, on a machine of their own.

A network namespace with a name server, submission servers on ports 587 and 465
and an OAuth2 server on port 443, for all names alike. The commands that are
wrapped see these, and the CA of the run in place of the system's.
"""
import contextlib
import secrets
import urllib.parse

from dialogue.https import Answer, HttpsServer, json_answer
from dialogue.submission import SubmissionServer
from peers.daemon import Daemon, find_program, require_root
from peers.namespace import Mounts, Network, resolver_files

TRUST_FILE = "/etc/ssl/certs/ca-certificates.crt"
MAIL_HOSTS = ("smtp.gmail.com", "smtp.mail.me.com", "smtp-mail.outlook.com",
              "smtp.office365.com", "smtp.corp.example")
OAUTH2_HOSTS = ("accounts.google.com", "oauth2.googleapis.com",
                "login.microsoftonline.com")
MX = "corp.example,corp-example.mail.protection.outlook.com,1"
PASSWORD = "abcd-efgh-ijkl"
USERS = dict.fromkeys(("me@gmail.com", "me@icloud.com", "me@corp.example",
                       "ci@corp.example"), PASSWORD)
TOKEN = "an-access-token-of-the-documents"
BROWSER = """\
#!/usr/bin/python3
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile="{ca}")
urllib.request.urlopen(sys.argv[1], context=context).read()
"""


class Internet:
    def __init__(self, directory, ca):
        require_root("a name server on port 53")
        self._ca = ca
        self._stack = contextlib.ExitStack()
        self._directory = directory
        self._mounts = Mounts({**resolver_files(directory,
                                                "127.0.0.1 localhost\n"),
                               TRUST_FILE: ca.pem},
                              empty=["/usr/local"])
        self.browser = directory / "browser"
        self.browser.write_text(BROWSER.format(ca=ca.pem))
        self.browser.chmod(0o755)

    def __enter__(self):
        leaf = self._ca.leaf("internet", names=[
            f"DNS:{name}" for name in (*MAIL_HOSTS, *OAUTH2_HOSTS)])
        self._network = self._stack.enter_context(Network())
        with self._network.entered():
            self.servers = [
                SubmissionServer(
                    leaf, tls=tls, port=port, users=USERS, token=TOKEN,
                    mechanisms=("PLAIN", "XOAUTH2", "OAUTHBEARER"))
                for tls, port in (("starttls", 587), ("implicit", 465))]
            self.oauth2 = HttpsServer(leaf, {"*": answer}, port=443)
        for server in (*self.servers, self.oauth2):
            self._stack.enter_context(server)
        names = [f"--address=/{name}/127.0.0.1"
                 for name in (*MAIL_HOSTS, *OAUTH2_HOSTS)]
        name_server = Daemon(self._network.wrap([
            find_program("dnsmasq"), "--keep-in-foreground",
            "--conf-file=/dev/null", "--user=root", "--no-resolv",
            "--listen-address=127.0.0.1", "--bind-interfaces", "--no-hosts",
            "--pid-file=", "--local=/#/", f"--mx-host={MX}", *names]),
            log=self._directory / "dnsmasq.log")
        self._stack.callback(name_server.stop)
        with self._network.entered():
            name_server.wait_for_port(53)
        return self

    def __exit__(self, *how):
        return self._stack.__exit__(*how)

    def wrap(self, command):
        return self._network.wrap(self._mounts.wrap(command))

    @property
    def messages(self):
        return [message for server in self.servers
                for message in server.messages]


def answer(request):
    """Everyone is signed in and consents; every client is known."""
    if request.path.endswith("/devicecode"):
        return json_answer({
            "device_code": "a-device-code", "user_code": "ABCD-EFGH",
            "verification_uri": "https://login.microsoftonline.com/device",
            "expires_in": 900, "interval": 1})
    if request.method == "POST":
        return json_answer({
            "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": secrets.token_urlsafe()})
    return Answer(302, headers={"Location": final_url(request.query)})


def final_url(query):
    """Where a browser ends that opened the URL with this query."""
    reply = {"code": "a-code", "state": query["state"]}
    return query["redirect_uri"] + "?" + urllib.parse.urlencode(reply)
