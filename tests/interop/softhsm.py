#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keys on a token: a SoftHSM2 of this test's own, whose keys sign as the same keys in a file do."""
import glob
import os

from interop import BULLA, bulla, case, good, main, put, run

KEYS = os.path.join(os.environ["BULLA_SOURCE_ROOT"], "testdata", "keys")
MODULE = (glob.glob("/usr/lib*/softhsm/libsofthsm2.so") + ["/usr/lib/softhsm/libsofthsm2.so"])[0]
PIN = "5678"
KINDS = {"ed25519": "ed25519", "p256": "ecdsa-p256-sha256", "p384": "ecdsa-p384-sha384", "p521": "ecdsa-p521-sha512-p1363",
         "rsa2048": "rsa-pkcs1-sha384"}


def uri(rest, query=""):
    return f"pkcs11:{rest}?module-path={MODULE}{query}"


def token(folder):
    """A token with each of the throw-away keys, its object called as the key."""
    os.mkdir(os.path.join(folder, "tokens"))
    conf = put(os.path.join(folder, "softhsm2.conf"),
               f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n".encode())
    env = {"SOFTHSM2_CONF": conf}
    good("softhsm2-util", "--init-token", "--free", "--label", "test", "--so-pin", "1234", "--pin", PIN, **env)
    for number, kind in enumerate(KINDS):
        good("softhsm2-util", "--import", f"{KEYS}/throwaway-{kind}.pem", "--token", "test", "--label", kind, "--id",
             f"{number + 1:02}", "--pin", PIN, **env)
    return env, put(os.path.join(folder, "message"), b"what is signed\n" * 50)


def sign(key, message, *words, env, pin=PIN):
    return run(BULLA, "sign", "--key", key, "--passphrase-fd", "0", *words, message, stdin=pin.encode() + b"\n", **env)


@case("what a token signs is what its public key verifies", needs=["softhsm2-util"])
def signs(folder):
    env, message = token(folder)
    for kind, algorithm in KINDS.items():
        public = f"{KEYS}/{kind}.pub"
        for name, words in (("raw", ["--algorithm", algorithm]), ("sigstore", []), ("dsse", [])):
            out = os.path.join(folder, f"{kind}.{name}")
            status, _, err = sign(uri(f"token=test;object={kind}"), message, "--format", name, *words, "--output", out, env=env)
            assert status == 0, (kind, name, err)
            bulla("verify", "-q", "--key", public, *words, "--signature", out, message)


@case("openssl verifies what a token signs", needs=["softhsm2-util", "openssl"])
def openssl(folder):
    env, message = token(folder)
    out = os.path.join(folder, "signature")
    status, _, err = sign(uri("object=rsa2048;type=private"), message, "--format", "raw", "--algorithm", "rsa-pkcs1-sha256",
                          "--output", out, env=env)
    assert status == 0, err
    good("openssl", "dgst", "-sha256", "-verify", f"{KEYS}/rsa2048.pub", "-signature", out, message)
    status, _, err = sign(uri("id=%02"), message, "--format", "raw", "--output", out, env=env)
    assert status == 0, err
    good("openssl", "dgst", "-sha256", "-verify", f"{KEYS}/p256.pub", "-signature", out, message)


@case("a URI that is not of one key, and a wrong PIN, are refused", needs=["softhsm2-util"])
def refused(folder):
    env, message = token(folder)
    for key, pin, exit, word in (
            (uri("token=test;object=p256", f"&pin-value={PIN}"), PIN, 2, b"carries a PIN"),
            (uri("token=test;object=p256", "&pin-source=/tmp/pin"), PIN, 2, b"carries a PIN"),
            (uri("token=test"), PIN, 2, b"more than one key"),
            (uri("token=other;object=p256"), PIN, 7, b"no such token"),
            (uri("token=test;object=other"), PIN, 7, b"no such private key"),
            (uri("token=test;object=p256;type=public"), PIN, 2, b"not of a private key"),
            (uri("token=test;objekt=p256"), PIN, 2, b"not known"),
            (uri("token=test;object=p256"), "9999", 2, b"does not take this PIN"),
            (uri("token=test;object=p256"), "", 2, b"empty PIN"),
            ("pkcs11:object=p256?module-path=libsofthsm2.so", PIN, 2, b"no absolute path"),
            ("pkcs11:object=p256?module-path=/bin/sh", PIN, 7, b"not a PKCS#11 module"),
            ("pkcs11:%zz", PIN, 2, b"not a pkcs11: URI")):
        status, _, err = sign(key, message, env=env, pin=pin)
        assert status == exit and word in err and PIN.encode() not in err, (key, status, err)
        assert not os.path.exists(message + ".dsse.json"), key


main()
