# SPDX-License-Identifier: MIT
"""Messages in the queue whose outcome is unknown, for queue look."""
import json
import re

from callers.mail import HEADER

ID = "<one@example.test>"
MESSAGE = HEADER + f"Message-ID: {ID}\n\nbody\n".encode()

ACCOUNT = """\
account test {{
	host = 127.0.0.1
	port = {smtp}
	tls = starttls
	tls-trust-file = "{pem}"
	from = me@example.test
	user = "{user}"
	credential = "file:{secret}"
	imap-host = localhost
	imap-port = {imap}
	timeout = 5s
{more}
}}
"""


class Unknown:
    """Queues messages that may have arrived, and looks for them by IMAP."""

    def __init__(self, mail, ca):
        self.mail = mail
        self.ca = ca
        self.queue = mail.postrider.home / ".local/state/postrider/queue"

    def configure(self, imap, *more, secret="secret", user="alice"):
        self.mail.postrider.configure(ACCOUNT.format(
            smtp=self.mail.server.port, imap=getattr(imap, "port", imap),
            pem=self.ca.pem, user=user,
            secret=self.mail.postrider.secret_file(secret),
            more="\n".join(f"\t{line}" for line in more)))

    def add(self, *recipients, input=MESSAGE, statuses=("unknown",)):
        done = self.mail.run("-odq", "--json",
                             *(recipients or ["you@example.org"]), input=input)
        assert done.status == 0, done.err
        id = json.loads(done.out)["id"]
        state = self.queue / f"{id}.state"
        left = iter(statuses)
        state.write_text(re.sub(
            r"(?m)^(recipient|to|rcpt) waiting", lambda found:
            f"{found[1]} {next(left, 'unknown')}", state.read_text()))
        assert self.statuses(id) == list(statuses)
        return id

    def statuses(self, id):
        for message in json.loads(self.mail.run(
                "queue", "list", "--json", input=b"").out):
            if message["id"] == id:
                return [one["status"] for one in message["recipients"]]
        return None

    def look(self, id, *options, status=0):
        done = self.mail.run("queue", "look", id, *options, input=b"")
        assert done.status == status, (done.out, done.err)
        return done
