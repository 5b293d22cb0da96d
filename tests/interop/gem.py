#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signed gems. They are made here with tarfile and openssl as RubyGems makes them; where Ruby is at hand it verifies them too."""
import gzip
import hashlib
import io
import os
import shutil
import tarfile

import certs
from interop import bulla, bulla_refuses, case, flipped, good, main, put, spread

PARTS = ("metadata.gz", "data.tar.gz", "checksums.yaml.gz")


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


def parts_of(chain):
    spec = "--- !ruby/object:Gem::Specification\nname: demo\nversion: !ruby/object:Gem::Version\n  version: 1.2.3\n"
    spec += "platform: ruby\nauthors:\n- me\nsummary: demo\nfiles:\n- lib/demo.rb\ncert_chain:\n"
    for pem in chain:
        with open(pem, encoding="ascii") as file:
            spec += "- |\n" + "".join("  " + line for line in file)
    metadata = gzip.compress(spec.encode(), mtime=0)
    data = gzip.compress(tar([("lib/demo.rb", b"x = 1\n")]), mtime=0)
    sums = "---\n" + "".join(f"{name}:\n  metadata.gz: {hashlib.new(name.lower(), metadata).hexdigest()}\n"
                             f"  data.tar.gz: {hashlib.new(name.lower(), data).hexdigest()}\n" for name in ("SHA256", "SHA512"))
    return dict(zip(PARTS, (metadata, data, gzip.compress(sums.encode(), mtime=0))))


def members_of(folder, chain, by=None, digest="sha256"):
    """What RubyGems signs is the digest, once more digested."""
    members = []
    for name, content in parts_of(chain).items():
        signature = certs.sign(folder, by or chain[-1], hashlib.new(digest, content).digest(), digest)
        members += [(name, content), (name + ".sig", signature)]
    return members


@case("a signed gem is accepted by its certificate, and by the one above it; RubyGems agrees", needs=["openssl"])
def accepted(folder):
    root = certs.new(folder, "root", extensions=certs.CA)
    leaf, stranger = certs.new(folder, "leaf", by=root, extensions=certs.PLAIN), certs.new(folder, "stranger")
    gem = put(os.path.join(folder, "demo-1.2.3.gem"), tar(members_of(folder, [root, leaf])))
    bulla("verify", "-q", "--key", root, gem)
    bulla("verify", "-q", "--key", leaf, gem)
    assert b"untrusted-chain" in bulla_refuses("verify", "--key", stranger, gem)
    if shutil.which("gem"):
        good("gem", "cert", "--add", root, HOME=folder)
        good("gem", "install", "--local", "-P", "HighSecurity", "--install-dir", os.path.join(folder, "out"), gem, HOME=folder)


@case("SHA-1, a part that is not signed, another's signature and another member are refused", needs=["openssl"])
def attacks(folder):
    author, stranger = certs.new(folder, "author", extensions=certs.PLAIN), certs.new(folder, "stranger")
    gem = os.path.join(folder, "demo-1.2.3.gem")
    members = members_of(folder, [author])
    for words, changed in [
            (b"weak-hash", members_of(folder, [author], digest="sha1")),
            (b"bad-signature", members_of(folder, [author], by=stranger)),
            (b"unlisted-file", [m for m in members if m[0] != "data.tar.gz.sig"]),
            (b"missing-file", [m for m in members if m[0] != "checksums.yaml.gz"]),
            (b"ambiguous-archive", members + [("metadata", b"name: evil\n")]),
            (b"bad-signature", [(n, dict(members)["metadata.gz.sig"] if n == "data.tar.gz.sig" else c) for n, c in members])]:
        put(gem, tar(changed))
        assert words in bulla_refuses("verify", "--key", author, gem), words


@case("one changed bit in any member is refused", needs=["openssl"])
def flips(folder):
    author = certs.new(folder, "author", extensions=certs.PLAIN)
    gem = os.path.join(folder, "demo-1.2.3.gem")
    members = members_of(folder, [author])
    for at, (name, content) in enumerate(members):
        for bad in flipped(content, spread(content, 12)):
            put(gem, tar(members[:at] + [(name, bad)] + members[at + 1:]))
            bulla_refuses("verify", "-q", "--key", author, gem)


main()
