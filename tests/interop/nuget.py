#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signed NuGet packages. They are made here with zipfile and openssl, which knows no commitments: those are added in its DER."""
import base64
import hashlib
import os
import zipfile

import certs
from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, spread

ATTRIBUTES = """asn1=SET:set
[set]
type=SEQUENCE:type
digest=SEQUENCE:digest
certificate=SEQUENCE:certificate
commitment=SEQUENCE:commitment
[type]
oid=OID:contentType
values=SET:type_set
[type_set]
value=OID:pkcs7-data
[digest]
oid=OID:messageDigest
values=SET:digest_set
[digest_set]
value=FORMAT:HEX,OCTETSTRING:{content}
[certificate]
oid=OID:1.2.840.113549.1.9.16.2.47
values=SET:certificate_set
[certificate_set]
value=SEQUENCE:certificate_v2
[certificate_v2]
list=SEQUENCE:certificate_list
[certificate_list]
one=SEQUENCE:certificate_id
[certificate_id]
hash=FORMAT:HEX,OCTETSTRING:{certificate}
[commitment]
oid=OID:1.2.840.113549.1.9.16.2.16
values=SET:commitment_set
[commitment_set]
value=SEQUENCE:commitment_type
[commitment_type]
oid=OID:1.2.840.113549.1.9.16.6.{commitment}
"""


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 + (size.bit_length() + 7) // 8]) + \
        size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + content


def made(folder, text):
    out = os.path.join(folder, "asn1")
    good("openssl", "asn1parse", "-genconf", put(os.path.join(folder, "asn1.cnf"), text.encode()), "-noout", "-out", out)
    return get(out)


def elements(content):
    """The elements that stand in a row, whole."""
    while content:
        start, size = 2, content[1]
        if size >= 128:
            start, size = 2 + size - 128, int.from_bytes(content[2:2 + size - 128], "big")
        yield content[:start + size]
        content = content[start + size:]


def inside(element):
    return element[2 + max(0, element[1] - 128) if element[1] >= 128 else 2:]


def signed_data(folder, pem, text, commitment=1):
    certificate = good("openssl", "x509", "-in", pem, "-outform", "DER")
    attributes = made(folder, ATTRIBUTES.format(content=hashlib.sha256(text).hexdigest(), commitment=commitment,
                                                certificate=hashlib.sha256(certificate).hexdigest()))
    fields = list(elements(inside(list(elements(inside(certificate)))[0])))
    algorithm = made(folder, "asn1=SEQUENCE:a\n[a]\noid=OID:sha256\n")
    rsa = made(folder, "asn1=SEQUENCE:a\n[a]\noid=OID:rsaEncryption\nnone=NULL\n")
    oids = [made(folder, f"asn1=OID:{name}\n") for name in ("pkcs7-data", "pkcs7-signedData")]
    signature = certs.sign(folder, pem, attributes)
    signer = der(0x30, b"\x02\x01\x01", der(0x30, fields[3], fields[1]), algorithm, b"\xa0" + attributes[1:], rsa,
                 der(0x04, signature))
    body = der(0x30, b"\x02\x01\x01", der(0x31, algorithm), der(0x30, oids[0], der(0xa0, der(0x04, text))),
               der(0xa0, certificate), der(0x31, signer))
    return der(0x30, oids[1], der(0xa0, body))


MEMBERS = {"demo.nuspec": b"<package/>", "lib/net8.0/demo.dll": b"MZ" * 100}


def new_package(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == ".signature.p7s" else zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return path


def signature_of(folder, pem, members, **how):
    digest = hashlib.sha256(get(new_package(os.path.join(folder, "before"), members))).digest()
    text = b"Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:" + base64.b64encode(digest) + b"\n\n"
    return signed_data(folder, pem, text, **how)


@case("a package that its author signed is accepted by the certificate above", needs=["openssl"])
def accepted(folder):
    root = certs.new(folder, "root", extensions=certs.CA)
    author, stranger = certs.new(folder, "author", by=root), certs.new(folder, "stranger")
    package = os.path.join(folder, "demo.1.0.0.nupkg")
    p7s = put(os.path.join(folder, "signature.p7s"), signature_of(folder, author, MEMBERS))
    good("openssl", "cms", "-verify", "-inform", "DER", "-in", p7s, "-CAfile", root, "-purpose", "any", "-out", os.devnull)
    new_package(package, {**MEMBERS, ".signature.p7s": get(p7s)})
    bulla("verify", "-q", "--key", root, package)
    bulla("verify", "-q", "--key", author, package)
    assert b"untrusted-chain" in bulla_refuses("verify", "--key", stranger, package)
    new_package(package, {**MEMBERS, ".signature.p7s": signature_of(folder, author, MEMBERS, commitment=2)})
    bulla("verify", "-q", "--key", root, package)


@case("a member more, less or other, and another package's signature, are refused", needs=["openssl"])
def attacks(folder):
    root = certs.new(folder, "root", extensions=certs.CA)
    author, server = certs.new(folder, "author", by=root), certs.new(folder, "server", by=root, extensions=certs.PLAIN)
    package = os.path.join(folder, "demo.1.0.0.nupkg")
    p7s = signature_of(folder, author, MEMBERS)
    for words, members, signature in [
            (b"hash-mismatch", {**MEMBERS, "lib/evil.dll": b"MZ"}, p7s),
            (b"hash-mismatch", {"demo.nuspec": b"<package/>"}, p7s),
            (b"hash-mismatch", {**MEMBERS, "demo.nuspec": b"<evil/>"}, p7s),
            (b"hash-mismatch", MEMBERS, signature_of(folder, author, {"demo.nuspec": b"<other/>"})),
            (b"wrong-usage", MEMBERS, signature_of(folder, server, MEMBERS)),
            (b"bad-type", MEMBERS, signature_of(folder, author, MEMBERS, commitment=5))]:
        new_package(package, {**members, ".signature.p7s": signature})
        assert words in bulla_refuses("verify", "--key", root, package), words


@case("one changed bit in the package or its signature is refused", needs=["openssl"])
def flips(folder):
    author = certs.new(folder, "author")
    package = os.path.join(folder, "demo.1.0.0.nupkg")
    p7s = signature_of(folder, author, MEMBERS)
    for bad in flipped(p7s, spread(p7s, 60)):
        new_package(package, {**MEMBERS, ".signature.p7s": bad})
        bulla_refuses("verify", "-q", "--key", author, package)
    content = get(new_package(package, {**MEMBERS, ".signature.p7s": p7s}))
    for part in (content[:content.index(b".signature.p7s") - 30], content[-22:-2]):
        at = content.index(part)
        for bad in flipped(part, spread(part, 40)):
            put(package, content[:at] + bad + content[at + len(part):])
            bulla_refuses("verify", "-q", "--key", author, package)


main()
