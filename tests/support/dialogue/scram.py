# SPDX-License-Identifier: MIT
"""The server's side of SCRAM (RFC 5802, 7677), including incorrect servers.

server(...) is a mechanism for SubmissionServer.authenticate.
"""
import base64
import hashlib
import hmac

SALT = b"a salt of sixteen"


def server(digest="sha256", password="secret", iterations=4096, salt=SALT,
           nonce=None, first=None, final=None, skip_proof=False, bound=None):
    """first, final: what is sent in place of the server's messages; nonce:
    in place of the client's, extended; skip_proof: 235 without the server's
    signature; bound: a function of the session that gives what the channel is
    bound to, which the client has to prove too."""

    def authenticate(session, initial):
        flag, authzid, bare = base64.b64decode(initial).decode().split(",", 2)
        fields = dict(word.split("=", 1) for word in bare.split(","))
        joined = nonce or fields["r"] + "server"
        text = "r={},s={},i={}".format(
            joined, base64.b64encode(salt).decode(), iterations)
        if first is not None:
            text = first
        answer = session.challenge(text)
        if not answer or ",p=" not in answer:
            return None
        without_proof, _, proof = answer.rpartition(",p=")
        header = f"{flag},{authzid},".encode()
        if bound:
            header += bound(session)
        if base64.b64decode(without_proof[2:].partition(",")[0]) != header:
            session.challenge("e=channel-bindings-dont-match")
            return None
        message = ",".join((bare, text, without_proof)).encode()
        client, signature = signatures(digest, password, salt, iterations,
                                       message)
        if base64.b64decode(proof) != client:
            return None
        if not skip_proof:
            proof = "v=" + base64.b64encode(signature).decode()
            session.challenge(proof if final is None else final)
        return fields["n"]

    return authenticate


def signatures(digest, password, salt, iterations, message):
    """The proof that the client must send, and the server's signature."""
    salted = hashlib.pbkdf2_hmac(digest, password.encode(), salt, iterations)
    client_key = mac(digest, salted, b"Client Key")
    stored = hashlib.new(digest, client_key).digest()
    client = bytes(a ^ b for a, b in zip(client_key,
                                         mac(digest, stored, message)))
    return client, mac(digest, mac(digest, salted, b"Server Key"), message)


def mac(digest, key, text):
    return hmac.new(key, text, digest).digest()
