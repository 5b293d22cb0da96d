#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Time stamps by an authority made with `openssl ts`, asked for over http on the loopback interface."""
import base64
import json
import os

from authority import Authority
from interop import BULLA, bulla, case, get, good, main, put, run


def prepared(folder):
    key, message = os.path.join(folder, "key"), put(os.path.join(folder, "message"), b"what is signed\n")
    bulla("key", "new", "--type", "ecdsa-p256", "--allow-unencrypted", key)
    return key, message


def sign(authority, path, key, message, command=("sign",)):
    return run(BULLA, *command, "--format", "sigstore", "--key", key, "--timestamp", authority.url(path), "--allow-loopback-http",
               "--output", message + ".json", message)


def signature_of(bundle):
    if "messageSignature" in bundle:
        return base64.b64decode(bundle["messageSignature"]["signature"])
    return base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"])


def accepted(command):
    def test(folder):
        authority = Authority(folder)
        key, message = prepared(folder)
        put(os.path.join(folder, "predicate"), b"{}")
        status, out, err = sign(authority, "/", key, message, [word.format(folder=folder) for word in command])
        assert status == 0, err
        bundle = json.loads(get(message + ".json"))
        stamps = bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"]
        assert len(stamps) == 1
        put(os.path.join(folder, "signature"), signature_of(bundle))
        put(os.path.join(folder, "stamp"), base64.b64decode(stamps[0]["signedTimestamp"]))
        good("openssl", "ts", "-verify", "-in", "stamp", "-data", "signature", "-CAfile", "ca.pem", folder=folder)
        bulla("verify", "-q", "--key", key + ".pub", "--signature", message + ".json", message)
        authority.close()
    return test


case("openssl verifies the time stamp over a signed file", needs=["openssl"])(accepted(["sign"]))
case("openssl verifies the time stamp over an attestation", needs=["openssl"])(
    accepted(["attest", "--type", "urn:x", "--predicate", "{folder}/predicate"]))


@case("an authority that answers badly gets nothing signed", needs=["openssl"])
def bad(folder):
    authority = Authority(folder)
    key, message = prepared(folder)
    sign(authority, "/", key, message)
    os.unlink(message + ".json")
    for path, exits, word in (("/old", (1, 6), b"[log-mismatch]"), ("/status", (1, 6), b"[bad-status]"), ("/long", (7,), b"[resource-limit]"),
                              ("/none", (7,), b"[bad-status]")):
        status, out, err = sign(authority, path, key, message)
        assert status in exits and word in err, (path, status, err)
        assert not os.path.exists(message + ".json"), path
    authority.close()


@case("an authority that is not there, or is not asked over https, gets nothing signed")
def absent(folder):
    key, message = prepared(folder)
    for url, word in (("http://127.0.0.1:1/", b"only https"), ("https://127.0.0.1:1/", b"not public"), ("nonsense", b"bulla-fetch")):
        status, out, err = run(BULLA, "sign", "--format", "sigstore", "--key", key, "--timestamp", url, message)
        assert status == 7 and word in err, (url, status, err)
        assert not os.path.exists(message + ".sigstore.json"), url
    status, out, err = run(BULLA, "sign", "--format", "raw", "--key", key, "--timestamp", "https://example.org/", message)
    assert status == 2 and b"no place for a time stamp" in err, err


main()
