# SPDX-License-Identifier: MIT
"""A certification authority for one test run, and its certificates.

Everything is made by the openssl command, good certificates and odd ones
alike. A Leaf knows its own files and makes the ssl.SSLContext that a test's
server presents it with.
"""
import dataclasses
import functools
import pathlib
import ssl
import subprocess

SERVER_NAMES = ("DNS:localhost", "DNS:mail.example.test", "IP:127.0.0.1",
                "IP:127.0.0.2", "IP:::1")
LONG_AGO, TOMORROW = "20010101000000Z", "20991231000000Z"

CONFIG = """
[ca]
default_ca = here
[here]
database = {directory}/{name}.index
new_certs_dir = {directory}
rand_serial = yes
unique_subject = no
policy = any
default_md = sha256
[any]
commonName = supplied
[req]
distinguished_name = nothing
[nothing]
"""


@dataclasses.dataclass
class Leaf:
    """A certificate with its key; `chain` is what a server would present."""
    cert: pathlib.Path
    key: pathlib.Path
    chain: pathlib.Path
    trust: pathlib.Path

    def context(self, lowest=ssl.TLSVersion.TLSv1_2, highest=None,
                ask_client=False):
        """A server's TLS context. ask_client requests a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Level 0 lets even 1024 bits, SHA-1 and TLS 1.0 be presented: that
        # the client refuses them is what is tested.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = lowest
        if highest:
            context.maximum_version = highest
        context.load_cert_chain(self.chain, self.key)
        if ask_client:
            context.load_verify_locations(self.trust)
            context.verify_mode = ssl.CERT_OPTIONAL
        return context


class Authority:
    """Signs leaves; `pem` is its certificate. A name may have a directory."""

    def __init__(self, directory, name="ca", parent=None, common_name=None):
        self.directory = pathlib.Path(directory)
        self.name = name
        self.parent = parent
        self.pem = self.directory / f"{name}.pem"
        self.key = self.directory / f"{name}.key"
        self._config = self.directory / f"{name}.conf"
        (self.directory / f"{name}.index").touch()
        self._config.write_text(CONFIG.format(directory=directory, name=name))
        if common_name is None:
            common_name = "postrider test " + pathlib.Path(name).name
        subject = "/CN=" + common_name.replace("/", r"\/")
        extensions = ("basicConstraints=critical,CA:TRUE",
                      "keyUsage=critical,keyCertSign,cRLSign",
                      "subjectKeyIdentifier=hash")
        if parent:
            parent.sign(name, subject, extensions)
        else:
            self_signed(self.directory, name, subject, extensions)

    @property
    def trust(self):
        return self.parent.trust if self.parent else self.pem

    def leaf(self, name, names=SERVER_NAMES, common_name="localhost",
             purpose="serverAuth", present_chain=True, **how):
        """Makes a leaf; `how` goes to sign()."""
        extensions = ["keyUsage=digitalSignature,keyEncipherment"]
        if names:
            extensions.append("subjectAltName=" + ",".join(names))
        if purpose:
            extensions.append(f"extendedKeyUsage={purpose}")
        cert, key = self.sign(name, f"/CN={common_name}", extensions, **how)
        chain = cert
        if self.parent and present_chain:
            chain = self.directory / f"{name}.chain.pem"
            chain.write_bytes(cert.read_bytes() + self.pem.read_bytes())
        return Leaf(cert, key, chain, self.trust)

    def sign(self, name, subject, extensions, start=None, end=TOMORROW,
             algorithm="ec", digest="sha256"):
        key, request = self._key_and_request(name, subject, algorithm)
        cert = self.directory / f"{name}.pem"
        wanted = self.directory / f"{name}.ext"
        wanted.write_text("\n".join(extensions) + "\n")
        openssl("ca", "-batch", "-notext", "-config", self._config,
                "-cert", self.pem, "-keyfile", self.key, "-in", request,
                "-out", cert, "-md", digest, "-extfile", wanted,
                "-startdate", start or LONG_AGO, "-enddate", end)
        return cert, key

    def _key_and_request(self, name, subject, algorithm):
        key = self.directory / f"{name}.key"
        request = self.directory / f"{name}.csr"
        openssl("req", "-new", "-config", self._config, "-subj", subject,
                "-keyout", key, "-out", request, *key_arguments(algorithm))
        return key, request


class RunCA(Authority):
    """The run's trust anchor with the leaves that most tests want."""

    def __init__(self, directory):
        super().__init__(directory)
        self.server = self.leaf("server")
        self.client = self.leaf("client", names=(), common_name="alice",
                                purpose="clientAuth")

    @functools.cached_property
    def rsa_client(self):
        return self.leaf("rsa-client", names=(), common_name="alice",
                         purpose="clientAuth", algorithm="rsa:2048")

    def odd(self, kind):
        """The leaf of that name in ODD; none of them may be accepted."""
        (self.directory / kind).mkdir(exist_ok=True)
        return ODD[kind](self, kind)


def self_signed(directory, name, subject, extensions):
    directory = pathlib.Path(directory)
    config = directory / f"{name}.self.conf"
    config.write_text("[req]\ndistinguished_name = nothing\n[nothing]\n")
    arguments = []
    for extension in extensions:
        arguments += ["-addext", extension]
    openssl("req", "-x509", "-config", config, "-days", "3650",
            "-subj", subject, "-keyout", directory / f"{name}.key",
            "-out", directory / f"{name}.pem", *key_arguments("ec"), *arguments)


def key_arguments(algorithm):
    if algorithm == "ec":
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes"]
    return ["-newkey", algorithm, "-nodes"]


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")


def _leaf(**how):
    return lambda ca, kind: ca.leaf(f"{kind}/leaf", **how)


def _self_signed(ca, kind):
    directory = ca.directory / kind
    self_signed(directory, "leaf", "/CN=localhost",
                ("subjectAltName=" + ",".join(SERVER_NAMES),
                 "extendedKeyUsage=serverAuth", "basicConstraints=CA:FALSE"))
    return Leaf(directory / "leaf.pem", directory / "leaf.key",
                directory / "leaf.pem", ca.trust)


def _other_ca(ca, kind):
    return dataclasses.replace(
        Authority(ca.directory, f"{kind}/other").leaf(f"{kind}/leaf"),
        trust=ca.trust)


def _missing_intermediate(ca, kind):
    intermediate = Authority(ca.directory, f"{kind}/intermediate", ca)
    return intermediate.leaf(f"{kind}/leaf", present_chain=False)


ODD = {
    "expired": _leaf(end="20200101000000Z"),
    "not-yet-valid": _leaf(start="20980101000000Z"),
    "wrong-host": _leaf(names=("DNS:other.example.test",),
                        common_name="other.example.test"),
    "self-signed": _self_signed,
    "other-ca": _other_ca,
    "missing-intermediate": _missing_intermediate,
    "common-name-only": _leaf(names=()),
    "no-server-purpose": _leaf(purpose="clientAuth"),
    "rsa-1024": _leaf(algorithm="rsa:1024"),
    "sha1": _leaf(algorithm="rsa:2048", digest="sha1"),
    "address-as-name": _leaf(names=("DNS:127.0.0.1",),
                             common_name="127.0.0.1"),
    "wildcard-top": _leaf(names=("DNS:*.test",), common_name="example.test"),
    "wildcard-part": _leaf(names=("DNS:m*.example.test",),
                           common_name="mail.example.test"),
    "wildcard-two-labels": _leaf(names=("DNS:*.example.test",),
                                 common_name="a.mail.example.test"),
}
