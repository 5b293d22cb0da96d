#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""OpenSSL's own signatures over files, by its keys."""
import os

from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, spread

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

main()
