# SPDX-License-Identifier: MIT
"""A CA that revokes certificates, by a list or by a stapled response.

Python's ssl can't staple, so openssl s_server is the server's TLS; what is said
before STARTTLS, and the one reply inside, are played around it.
"""
import socket
import subprocess
import threading

from dialogue.wire import Over
from peers.ca import Authority, openssl
from peers.daemon import free_port


class RevokingCA(Authority):
    def __init__(self, directory, name):
        super().__init__(directory, name)
        self._options = ("-config", self._config, "-cert", self.pem,
                         "-keyfile", self.key)

    def revoke(self, leaf):
        openssl("ca", *self._options, "-revoke", leaf.cert)

    def revocation_list(self):
        """Lists what was revoked until now."""
        path = self.directory / f"{self.name}.crl"
        openssl("ca", *self._options, "-gencrl", "-crldays", "30",
                "-out", path)
        return path

    def staple(self, leaf):
        """What the CA says about a leaf now, as an OCSP response."""
        request = leaf.cert.with_suffix(".ocsp-request")
        response = leaf.cert.with_suffix(".ocsp")
        index = self.directory / f"{self.name}.index"
        openssl("ocsp", "-issuer", self.pem, "-cert", leaf.cert,
                "-reqout", request)
        openssl("ocsp", "-index", index, "-CA", self.pem, "-rsigner",
                self.pem, "-rkey", self.key, "-reqin", request, "-ndays",
                "30", "-respout", response)
        return response


class StaplingTLS:
    """An s_server that sends one reply to a client that trusts it.

    play(tls) is what a Listener plays: the words before TLS, then bytes are
    carried to s_server and back.
    """

    def __init__(self, leaf, response):
        self.port = free_port()
        self._process = subprocess.Popen(
            ["openssl", "s_server", "-quiet", "-accept",
             f"127.0.0.1:{self.port}", "-cert", leaf.chain, "-key", leaf.key,
             "-status_file", response],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    def play(self, tls):
        def play(wire):
            if tls == "starttls":
                wire.send(b"220 ready\r\n")
                wire.line()
                wire.send(b"250-mail.example.test\r\n250 STARTTLS\r\n")
                wire.line()
                wire.send(b"220 go\r\n")
            self._carry(wire)
        return play

    def _carry(self, wire):
        peer = self._connect(wire)
        back = threading.Thread(target=self._back, args=(peer, wire),
                                daemon=True)
        back.start()
        try:
            while True:
                peer.sendall(wire.some())
        except (OSError, Over):
            pass
        finally:
            peer.shutdown(socket.SHUT_RDWR)
            back.join(5)
            peer.close()

    def _connect(self, wire):
        for _ in range(500):
            try:
                peer = socket.create_connection(("127.0.0.1", self.port))
                break
            except OSError:
                wire.sleep(0.01)
        # Said once the handshake is over: it is the first reply inside TLS.
        self._process.stdin.write(b"421 4.3.2 convinced\r\n")
        self._process.stdin.flush()
        return peer

    @staticmethod
    def _back(peer, wire):
        try:
            while data := peer.recv(65536):
                wire.send_raw(data)
        except (OSError, Over):
            pass
