#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""OpenSSL's own signatures over files, by its keys."""
import os

from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, refused, spread

KEYS = {"ecdsa-p256-sha256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "ecdsa-p384-sha384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        "rsa-pkcs1-sha256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}


def signed(folder, algorithm):
    key, pub, message, signature = (os.path.join(folder, name) for name in ("key", "key.pub", "message", "message.sig"))
    put(message, b"what is signed\n" * 50)
    good("openssl", "genpkey", *KEYS[algorithm], "-out", key)
    good("openssl", "pkey", "-in", key, "-pubout", "-out", pub)
    good("openssl", "dgst", "-" + algorithm.rsplit("-", 1)[1], "-sign", key, "-out", signature, message)
    return pub, message, signature


def accepted(algorithm):
    def test(folder):
        pub, message, signature = signed(folder, algorithm)
        words = ("verify", "-q", "--key", pub, "--algorithm", algorithm, "--signature", signature, message)
        bulla(*words)
        for path in (signature, message):
            content = get(path)
            for changed in flipped(content, spread(content, 25)):
                put(path, changed)
                bulla_refuses(*words)
            put(path, content)
    return test


for name in KEYS:
    case(f"{name}: what openssl signs is accepted, with one bit changed it is not", needs=["openssl"])(accepted(name))


# What openssl is told about each of bulla's own throw-away keys and algorithms.
CHECKS = {("p256", "ecdsa-p256-sha256"): ["dgst", "-sha256"], ("p384", "ecdsa-p384-sha384"): ["dgst", "-sha384"],
          ("p521", "ecdsa-p521-sha512"): ["dgst", "-sha512"], ("rsa2048", "rsa-pkcs1-sha256"): ["dgst", "-sha256"],
          ("rsa2048", "rsa-pss-sha256-mgf1sha256-salt32"): ["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss",
                                                            "-sigopt", "rsa_pss_saltlen:32"],
          ("ed25519", "ed25519"): ["pkeyutl", "-verify", "-rawin", "-pubin"]}
FOLDER = os.path.join(os.environ["BULLA_SOURCE_ROOT"], "testdata", "keys")


def check(kind, words, signature, message):
    public = f"{FOLDER}/{kind}.pub"
    if words[0] == "pkeyutl":
        return ["openssl", *words, "-inkey", public, "-sigfile", signature, "-in", message]
    return ["openssl", *words, "-verify", public, "-signature", signature, message]


def made(kind, algorithm, words):
    def test(folder):
        message, signature = put(os.path.join(folder, "message"), b"what is signed\n" * 50), os.path.join(folder, "signature")
        key = put(os.path.join(folder, "key"), get(f"{FOLDER}/throwaway-{kind}.pem"))
        os.chmod(key, 0o600)
        bulla("sign", "--format", "raw", "--algorithm", algorithm, "--key", key, "--output", signature, message)
        good(*check(kind, words, signature, message))
        content = get(signature)
        for changed in flipped(content, spread(content, 9)):
            put(signature, changed)
            refused(*check(kind, words, signature, message))
    return test


for (name, algorithm), words in CHECKS.items():
    case(f"{algorithm}: openssl accepts what bulla signs; with one bit changed it does not", needs=["openssl"])(
        made(name, algorithm, words))

main()
