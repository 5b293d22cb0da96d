# SPDX-License-Identifier: MIT
"""Throw-away certificates and signatures by the openssl program, for the packages that tests sign themselves."""
import os

from interop import get, good, put

CODE = ("keyUsage=critical,digitalSignature", "extendedKeyUsage=codeSigning")
PLAIN = ("keyUsage=critical,digitalSignature",)
CA = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")


def new(folder, name, by=None, extensions=CODE):
    """A certificate, self-signed or by another one, and its RSA key: NAME.pem and NAME.key."""
    pem, key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    words = [word for extension in extensions for word in ("-addext", extension)]
    issuer = [] if by is None else ["-CA", by, "-CAkey", by[:-4] + ".key"]
    config = put(os.path.join(folder, "openssl.cnf"), b"[req]\ndistinguished_name=dn\n[dn]\n")
    good("openssl", "req", "-x509", "-config", config, "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem,
         "-subj", f"/CN={name}", "-days", "30", "-sha256", *words, *issuer)
    return pem


def sign(folder, pem, content, digest="sha256"):
    """A raw signature."""
    message = put(os.path.join(folder, "message"), content)
    return good("openssl", "dgst", "-" + digest, "-sign", pem[:-4] + ".key", message)


def cms(folder, pem, content, *words):
    """A CMS signature in DER, detached unless -nodetach is among the words."""
    message, out = put(os.path.join(folder, "message"), content), os.path.join(folder, "signature")
    good("openssl", "cms", "-sign", "-binary", "-in", message, "-signer", pem, "-inkey", pem[:-4] + ".key",
         "-outform", "DER", "-out", out, *words)
    return get(out)
