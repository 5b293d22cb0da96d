#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CMS signatures by OpenSSL, detached and around the file, under a CA that is made for the test."""
import os

from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, run, spread

CONFIG = b"""[req]
distinguished_name = dn
prompt = no
[dn]
CN = throw-away
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
keyUsage = critical, digitalSignature
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
KEYS = {"P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "P-384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        "RSA": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}


def signer(folder, kind):
    def ssl(*words):
        good("openssl", *words, folder=folder)

    put(os.path.join(folder, "config"), CONFIG)
    put(os.path.join(folder, "message"), b"what is signed\n" * 50)
    for name in ("ca", "leaf"):
        ssl("genpkey", *KEYS[kind], "-out", name + ".key")
    ssl("req", "-x509", "-new", "-key", "ca.key", "-config", "config", "-extensions", "ca", "-days", "30", "-out", "ca.pem")
    ssl("req", "-new", "-key", "leaf.key", "-config", "config", "-subj", "/CN=signer", "-out", "leaf.csr")
    ssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "7", "-days", "30", "-extfile",
        "config", "-extensions", "leaf", "-out", "leaf.pem")


def sign(folder, *options, form="DER"):
    good("openssl", "cms", "-sign", "-binary", "-in", "message", "-signer", "leaf.pem", "-inkey", "leaf.key", "-outform", form,
         "-out", "message.p7s", *options, folder=folder)
    return os.path.join(folder, "message.p7s")


def words(folder, key="ca.pem"):
    return ("verify", "-q", "--key", os.path.join(folder, key), "--signature", os.path.join(folder, "message.p7s"),
            os.path.join(folder, "message"))


def openssl_accepts(folder):
    return run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "message.p7s", "-content", "message", "-CAfile",
               "ca.pem", "-out", os.devnull, folder=folder)[0] == 0


def accepted(kind, *options):
    def test(folder):
        signer(folder, kind)
        path = sign(folder, *options)
        bulla(*words(folder))
        assert openssl_accepts(folder)
        content = get(path)
        for changed in flipped(content, spread(content, 60)):
            put(path, changed)
            if not openssl_accepts(folder):
                bulla_refuses(*words(folder))
        put(path, content)
        put(os.path.join(folder, "message"), b"something else")
        bulla_refuses(*words(folder))
    return test


for name in KEYS:
    case(f"{name}: what openssl signs is accepted, and nothing that openssl refuses", needs=["openssl"])(accepted(name))
case("SHA-512", needs=["openssl"])(accepted("RSA", "-md", "sha512"))
case("RSA-PSS", needs=["openssl"])(accepted("RSA", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:32"))
case("no attributes", needs=["openssl"])(accepted("P-256", "-noattr"))
case("by key identifier", needs=["openssl"])(accepted("P-256", "-keyid"))
case("the certificate is named (CAdES)", needs=["openssl"])(accepted("P-256", "-cades"))


@case("PEM", needs=["openssl"])
def pem(folder):
    signer(folder, "P-256")
    sign(folder, form="PEM")
    bulla(*words(folder))


@case("the file inside is opened", needs=["openssl"])
def inside(folder):
    signer(folder, "P-256")
    path = sign(folder, "-nodetach")
    out = os.path.join(folder, "out")
    bulla("verify", "-o", "payload=" + out, "--key", os.path.join(folder, "ca.pem"), path)
    assert get(out) == get(os.path.join(folder, "message"))


@case("SHA-1 and another CA are refused", needs=["openssl"])
def refused(folder):
    signer(folder, "RSA")
    sign(folder, "-md", "sha1")
    bulla_refuses(*words(folder))
    sign(folder)
    other = os.path.join(folder, "other")
    os.mkdir(other)
    signer(other, "RSA")
    bulla_refuses(*words(folder, key="other/ca.pem"))


main()
