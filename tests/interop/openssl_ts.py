#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""RFC 3161 time stamps by OpenSSL's own authority, under a CA that is made for the test."""
import os

from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, run, spread

CONFIG = """[req]
distinguished_name = dn
prompt = no
[dn]
CN = throw-away
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
extendedKeyUsage = critical, timeStamping
[code]
extendedKeyUsage = codeSigning
[tsa_config]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha1, sha256, sha384, sha512
ess_cert_id_alg = {ess}
"""


def authority(folder, ess="sha256", extensions="tsa", curve="P-256"):
    """A CA and the key and certificate of its time-stamping authority; `openssl ts` finds the rest in the folder."""
    def ssl(*words):
        good("openssl", *words, folder=folder)

    put(os.path.join(folder, "config"), CONFIG.format(ess=ess).encode())
    put(os.path.join(folder, "serial"), b"01\n")
    put(os.path.join(folder, "message"), b"what is stamped\n" * 50)
    for name in ("ca", "tsa"):
        ssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-out", name + ".key")
    ssl("req", "-x509", "-new", "-key", "ca.key", "-config", "config", "-extensions", "ca", "-days", "30", "-out", "ca.pem")
    ssl("req", "-new", "-key", "tsa.key", "-config", "config", "-subj", "/CN=stamper", "-out", "tsa.csr")
    ssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "7", "-days", "30", "-extfile",
        "config", "-extensions", extensions, "-out", "tsa.pem")


def stamp(folder, *query, token=False):
    good("openssl", "ts", "-query", "-data", "message", "-out", "query.tsq", *query, folder=folder)
    good("openssl", "ts", "-reply", "-config", "config", "-section", "tsa_config", "-queryfile", "query.tsq", "-signer",
         "tsa.pem", "-inkey", "tsa.key", "-chain", "ca.pem", "-out", "message.tsr", *(["-token_out"] if token else []),
         folder=folder)
    return os.path.join(folder, "message.tsr")


def words(folder, key="ca.pem"):
    return ("verify", "-q", "--key", os.path.join(folder, key), "--signature", os.path.join(folder, "message.tsr"),
            os.path.join(folder, "message"))


def openssl_accepts(folder):
    return run("openssl", "ts", "-verify", "-data", "message", "-in", "message.tsr", "-CAfile", "ca.pem", folder=folder)[0] == 0


def accepted(digest, ess="sha256", curve="P-256", token=False):
    def test(folder):
        authority(folder, ess, curve=curve)
        path = stamp(folder, "-" + digest, "-cert", token=token)
        bulla(*words(folder))
        assert token or openssl_accepts(folder)
        content = get(path)
        for changed in flipped(content, spread(content, 60)):
            put(path, changed)
            if not openssl_accepts(folder):
                bulla_refuses(*words(folder))
        put(path, content)
        put(os.path.join(folder, "message"), b"something else")
        bulla_refuses(*words(folder))
    return test


for name in ("sha256", "sha384", "sha512"):
    case(f"{name}: what openssl stamps is accepted, and nothing that openssl refuses", needs=["openssl"])(accepted(name))
case("the certificate is named by SHA-1", needs=["openssl"])(accepted("sha256", ess="sha1"))
case("P-384", needs=["openssl"])(accepted("sha256", curve="P-384"))


@case("a token without its response", needs=["openssl"])
def token_alone(folder):
    authority(folder)
    stamp(folder, "-sha256", "-cert", token=True)
    bulla(*words(folder))


@case("another CA, a SHA-1 imprint and a certificate for another use are refused", needs=["openssl"])
def refused(folder):
    authority(folder)
    stamp(folder, "-sha1", "-cert")
    assert openssl_accepts(folder)
    bulla_refuses(*words(folder))
    stamp(folder, "-sha256", "-cert")
    other = os.path.join(folder, "other")
    os.mkdir(other)
    authority(other)
    bulla_refuses(*words(folder, key="other/ca.pem"))


@case("without its certificate a stamp holds for who pins it", needs=["openssl"])
def no_certificate(folder):
    authority(folder)
    stamp(folder, "-sha256")
    bulla_refuses(*words(folder))
    bulla(*words(folder, key="tsa.pem"))


main()
