#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Alpine packages and indexes, signed as abuild-sign does: by `openssl dgst`, in a tar archive that was cut off."""
import gzip
import hashlib
import io
import os
import tarfile

import certs
from interop import bulla, bulla_refuses, case, flipped, good, main, put, spread


def part(members, cut=True):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        end = file.offset
    return gzip.compress(out.getvalue()[:end] if cut else out.getvalue(), mtime=0)


DATA = part([("usr/bin/demo", b"demo\n")], cut=False)
INDEX = part([("DESCRIPTION", b"v1"), ("APKINDEX", b"P:demo\nV:1-r0\n\n")], cut=False)


def control(version="1-r0", data=DATA):
    return part([(".PKGINFO", f"pkgname = demo\npkgver = {version}\narch = x86_64\n"
                  f"datahash = {hashlib.sha256(data).hexdigest()}\n".encode())])


def signature(folder, pem, message, kind="RSA256", digest="sha256"):
    return part([(f".SIGN.{kind}.demo.rsa.pub", certs.sign(folder, pem, message, digest))])


def new_key(folder, name):
    pem, pub = certs.new(folder, name), os.path.join(folder, name + ".rsa.pub")
    good("openssl", "pkey", "-in", pem[:-4] + ".key", "-pubout", "-out", pub)
    return pem, pub


@case("signed packages and indexes are accepted by the public key", needs=["openssl"])
def accepted(folder):
    pem, pub = new_key(folder, "demo")
    for name, rest, signed in [("demo-1-r0.apk", control() + DATA, control()), ("APKINDEX.tar.gz", INDEX, INDEX)]:
        for kind, digest in [("RSA256", "sha256"), ("RSA512", "sha512")]:
            file = put(os.path.join(folder, name), signature(folder, pem, signed, kind, digest) + rest)
            bulla("verify", "-q", "--key", pub, file)
        put(file, signature(folder, pem, signed, "RSA", "sha1") + rest)
        assert b"weak-hash" in bulla_refuses("verify", "--key", pub, file)


@case("other data, another package's signature, another key and more bytes are refused", needs=["openssl"])
def attacks(folder):
    (pem, pub), (stranger, _) = new_key(folder, "demo"), new_key(folder, "stranger")
    file = os.path.join(folder, "demo-1-r0.apk")
    evil = part([("usr/bin/demo", b"evil\n")], cut=False)
    for words, content in [
            (b"hash-mismatch", signature(folder, pem, control()) + control() + evil),
            (b"bad-signature", signature(folder, pem, control()) + control(data=evil) + evil),
            (b"bad-signature", signature(folder, pem, control("2-r0")) + control() + DATA),
            (b"bad-signature", signature(folder, stranger, control()) + control() + DATA),
            (b"hash-mismatch", signature(folder, pem, control()) + control() + DATA + DATA),
            (b"ambiguous-archive", signature(folder, pem, control()) * 2 + control() + DATA),
            (b"ambiguous-archive", signature(folder, pem, INDEX) + INDEX + INDEX)]:
        put(file, content)
        assert words in bulla_refuses("verify", "--key", pub, file), words


@case("one changed bit in what is signed, or in the signature, is refused", needs=["openssl"])
def flips(folder):
    pem, pub = new_key(folder, "demo")
    for name, signed, rest in [("demo-1-r0.apk", control(), DATA), ("APKINDEX.tar.gz", INDEX, b"")]:
        file = os.path.join(folder, name)
        head = signature(folder, pem, signed)
        for bad in flipped(signed + rest, spread(signed + rest, 60)):
            put(file, head + bad)
            bulla_refuses("verify", "-q", "--key", pub, file)
        raw = certs.sign(folder, pem, signed)
        for bad in flipped(raw, spread(raw, 20)):
            put(file, part([(".SIGN.RSA256.demo.rsa.pub", bad)]) + signed + rest)
            bulla_refuses("verify", "-q", "--key", pub, file)


main()
