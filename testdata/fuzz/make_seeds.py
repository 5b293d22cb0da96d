#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the seeds of the fuzz targets: one small file for each thing that a grammar has or refuses.

    make_seeds.py          write TARGET/NAME beside this script, and remove what is no seed
    make_seeds.py --check  fail when what is there is not what would be written"""
import base64
import hashlib
import io
import json
import pathlib
import struct
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent

JSON = {
    "scalars": b'[null,true,false,0,-0,42,"x"]',
    "numbers": b"[1.5,-2.25e-3,1E+9,0.1,9.8,1e300,5e-324,123456789012345678901]",
    "integers": b"[9223372036854775807,-9223372036854775808,9223372036854775808]",
    "overflow": b"[1.7976931348623157e308,1e309]",
    "leading-zero": b"[01]",
    "plus": b"+1",
    "escapes": b'"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"',
    "lone-surrogate": b'"\\ud800"',
    "nul": b'"\\u0000"',
    "utf8": '"é€😀 and a run of plain text"'.encode(),
    "overlong": b'"\xc0\xaf"',
    "bom": b"\xef\xbb\xbf{}",
    "nested": b'{"a":{"b":[{"c":[]},{}]},"d":[[[[]]]]}',
    "too-deep": b"[" * 129 + b"]" * 129,
    "deepest": b"[" * 128 + b"]" * 128,
    "duplicate": b'{"a":1,"\\u0061":2}',
    "large-table": b"{" + b",".join(b'"k%d":%d' % (i, i) for i in range(40)) + b"}",
    "blanks": b' {\r\n\t"a" : [ 1 , 2 ] }\n',
    "trailing-comma": b"[1,]",
    "trailing": b"{}{}",
    "truncated": b'{"a":[1,"x',
    "control": b'"a\x01b"',
    "empty": b"",
}

TOML = {
    "keys": b"a = 1\n\"b c\" = 2\n'd' = 3\ne.f.\"g\" = 4\n",
    "strings":
        "a = \"é\\u00e9\\n\"\nb = 'x\\y'\nc = \"\"\"\nx\\\n  é\"\"\"\nd = '''\ny''''\n".encode(),
    "numbers": b"a = [+1, -2, 1_000, 0xFF, 0o7, 0b1, 1.5, 6e-3, inf, -nan]\n",
    "times": b"a = 2026-11-21T00:00:00Z\nb = 2026-11-21 02:00:00.5+02:00\n"
             b"c = 2026-11-21\nd = 07:32:00\ne = 2026-11-21T00:00:00\n",
    "old-time": b"a = 1900-01-01T00:00:00Z\n",
    "tables": b"[a]\nb = 1\n[a.c]\nd = { e = [1, { f = 2 }], g.h = 3 }\n"
              b"[[p]]\n[[p]]\nq = 1\n[p.r]\n",
    "out-of-order": b"[a.b.c]\n[d]\n[a]\ne.f = 1\ne.g = 2\n[[h]]\n[d.i]\n[[h]]\n[h.j]\n",
    "dotted-then-header": b"a.b = 1\n[a.c]\n[a]\n",
    "header-then-dotted": b"[a.b]\n[a]\nb.c = 1\n",
    "array-then-table": b"[[a]]\n[a.b]\n[a.b]\n",
    "static-array": b"a = [{}]\n[[a]]\n",
    "array-lines": b"a = [ # x\r\n 1,\n\n[2, [ ]],{ }, # y\n]\n",
    "multi-line": b'a = \'\'\'\n\'\'x\r\n\'\'\'\'\'\nb = """"\\\n\n \\" \\\\"""""\n',
    "escapes": b'a = "\\b\\t\\n\\f\\r\\"\\\\\\u0041\\U0001F600"\n',
    "bad-escape": b'a = "\\U0011FFFF"\n',
    "bare-cr": b"a = 1\rb = 2\n",
    "delete": b'a = "\x7f"\n',
    "bases": b"a = [0x7fff_FFFF_ffff_ffff, 0o777, 0b1_0, -9223372036854775808, -0]\n",
    "reals": b"a = [1e06, -0.0, 6.626e-34, 1_0.0_1, +inf, nan, 1e400]\n",
    "bad-real": b"a = 1._5\n",
    "leap-days": b"a = [2000-02-29, 0000-02-29, 9999-12-31T23:59:59-23:59]\n",
    "no-leap-day": b"a = 1900-02-29\n",
    "no-seconds": b"a = 07:32\n",
    "cargo-lock": b"version = 4\n\n[[package]]\nname = \"a\"\ndependencies = [\n \"b\",\n]\n\n"
                  b"[[package]]\nname = \"b\"\n",
    "poetry-lock": b"[[package]]\nname = \"a\"\nfiles = [\n    {file = \"a\", hash = \"sha256:0\"},\n]\n"
                   b"\n[package.dependencies]\nb = {version = \"*\", markers = \"x == 'y'\"}\n"
                   b"\n[metadata]\nlock-version = \"2.0\"\n",
    "comments": "# é\na = 1 # b = 2\r\n\r\n".encode(),
    "redefined": b"[a]\n[b]\n[a]\n",
    "duplicate": b"a = 1\na = 2\n",
    "inline-extended": b"a = { b = 1 }\na.c = 2\n",
    "letters-outside": "é = 1\n".encode(),
    "surrogate": b'a = "\\ud800"\n',
    "nul": b'a = "\\u0000"\n',
    "latin-1": b'a = "\xe9"\n',
    "bom": b"\xef\xbb\xbfa = 1\n",
    "deep-key": b"a" + b".a" * 130 + b" = 1\n",
    "deep-header": b"[" + b"a." * 130 + b"a]\n",
    "deep-array": b"a = " + b"[" * 130 + b"]" * 130 + b"\n",
    "deep-inline": b"a = " + b"{a = " * 130 + b"1" + b"}" * 130 + b"\n",
    "large-table": b"".join(b"k%d = %d\n" % (i, i) for i in range(40)),
    "truncated": b'a = ["x',
    "leading-zero": b"a = 01\n",
    "too-large": b"a = 9223372036854775808\n",
    "empty": b"",
}

PURL = {
    "npm": b"pkg:npm/%40scope/name@1.0.0",
    "npm-unencoded": b"pkg:npm/@scope/name@1.0.0?b=2&a=1#x/y",
    "case": b"PKG:PyPI/Django_Package@1.11.1.DEV1",
    "slashes": b"pkg:///golang//github.com//a/b@v1#/c/../d/",
    "deb": b"pkg:deb/debian/libstdc%2B%2B6@12.2.0-14+deb12u1?arch=amd64&distro=debian-12",
    "docker": b"pkg:docker/customer/image@sha256%3Aabcdef?repository_url=gcr.io/x",
    "qualifiers": b"pkg:maven/a/b@1?Arch=x&repositorY_url=https://example.org/a%20b&empty=",
    "chrome": b"pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1.2.3.4",
    "git": b"pkg:git/GitHub.com/Owner/Repo@abc",
    "julia": b"pkg:julia/Dates@1?uuid=ade2ca70-3891-5945-98fb-dc099432e06a",
    "mlflow": b"pkg:mlflow/Model@3?repository_url=https://x.azuredatabricks.net",
    "otp": b"pkg:otp/Asn1@5#Src/A.erl",
    "pub": b"pkg:pub/My-Package@1",
    "swid": b"pkg:swid/Acme/a/Server@1?tag_id=75B8C285-FA7B-485B-B199-4745E3004D0D",
    "unregistered": b"pkg:no-such.type/N/S/Name@V",
    "unicode": b"pkg:generic/caf%C3%A9",
    "not-unicode": b"pkg:generic/%FF",
    "nul": b"pkg:generic/%00",
    "hidden-slash": b"pkg:npm/a%2Fb/c#d%2Fe",
    "bad-percent": b"pkg:npm/a%4",
    "no-name": b"pkg:npm/@1.0",
    "no-type": b"pkg:",
    "module": b"pkg:cpan/LWP::UserAgent@6",
    "twice": b"pkg:npm/a?b=1&B=2",
    "empty": b"",
}

STANZAS = {
    "one": b"Package: a\nVersion: 1\n",
    "many": b"\n\nPackage: a\nVersion: 1\n\n\nPackage: b\nDescription: x\n y\n .\n\tz  \n",
    "list": b"Suite: stable\nSHA256:\n aa 1 main/Packages\n bb 2 main/Packages.xz\n",
    "no-value": b"A:\nB: \t\n",
    "utf8": "Maintainer: Zoë <z@example.org>\n".encode(),
    "no-line-end": b"A: b",
    "crlf": b"A: b\r\n",
    "nul": b"A: \x00\n",
    "latin-1": b"A: \xe9\n",
    "blank-line": b"A: b\n \nC: d\n",
    "leading-blank": b" A: b\n",
    "comment": b"# x\nA: b\n",
    "twice": b"A: b\na: c\n",
    "no-colon": b"A b\n",
    "many-fields": b"".join(b"F%d: x\n" % i for i in range(130)),
    "pgp": b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nA: b\n",
    "empty": b"",
}

YAML = {
    "scalars": b"[null, ~, True, 0x1F, 0o17, -5.10, .inf, 2001-12-14, 'it''s', \"\\x41\\u20ac\"]\n",
    "lockfile": b"lockfileVersion: '9.0'\n\npackages:\n\n  '@a/b@1.0.0':\n"
                b"    resolution: {integrity: sha512-x==}\n    engines: {node: '>=4'}\n",
    "sequences": b"PODS:\n  - A (1.0):\n    - B (= 1.0)\n  - B\nx:\n- - 1\n  - 2\n",
    "blocks": b"a: |\n  b\n   c\n\nd: >-\n  e\n  f\ng: two\n  words\n",
    "explicit": b"? long key\n: v\n? 'k'\n",
    "document": b"--- # comment\na: 1\n...\n",
    "characters": "# é€\ncafé: '😀'\r\nx:\ty\n".encode(),
    "json": b'{"a":[1,-2,"x",{"b":null}],"c":true}',
    "anchor": b"a: &x 1\nb: *x\n",
    "merge": b"<<: {a: 1}\n",
    "tag": b"a: !!binary AA==\n",
    "directive": b"%YAML 1.1\n---\n",
    "two": b"---\na\n---\nb\n",
    "key": b"{[a]: 1}",
    "duplicate": b"a: 1\n\"\\x61\": 2\n",
    "old-line-end": b"# x\xe2\x80\xa8a: 1\n",
    "nul": b'"\\0"',
    "deep": b"[" * 130,
    "deep-block": b"- " * 130,
    "blanks": b"a:" + b" " * 4097 + b"b\n",
    "truncated": b"a: [1, {b: 'c",
    "tab": b"a: 1\n\tb: 2\n",
    "empty": b"",
}

XML = {
    "gradle": b'<?xml version="1.0" encoding="UTF-8"?>\n<verification-metadata xmlns="urn:x">\n'
              b'   <components>\n      <component group="g" name="n" version="1.0">\n'
              b'         <artifact name="n.jar"><sha256 value="00" origin="o"/></artifact>\n'
              b"      </component>\n   </components>\n</verification-metadata>\n",
    "text": "<p:a>\n x &amp;&#65;&#x20AC;<!-- c --><![CDATA[<]]> é\r\n<b/>y</p:a>".encode(),
    "attributes": b"<a b='\"' c = \"'&lt;\n\" x:d=''/>",
    "bom": b"\xef\xbb\xbf<a/>",
    "latin-1": b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
    "utf-16": "<a/>".encode("utf-16-le"),
    "version": b"<?xml version='1.1'?><a/>",
    "doctype": b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
    "external": b"<!DOCTYPE a SYSTEM 'file:///dev/zero'><a/>",
    "entity": b"<a>&nbsp;</a>",
    "instruction": b"<a><?x y?></a>",
    "mismatch": b"<a><b></a></b>",
    "redefined": b"<a b='' b=''/>",
    "two": b"<a/><b/>",
    "deep": b"<a>" * 130,
    "many": b"<a" + b"".join(b" b%d=''" % i for i in range(257)) + b"/>",
    "no-attributes": b"<a>" + b" b=''" * 257 + b"<!--<c '--><![CDATA[<d \"]]></a>",
    "nul": b"<a>&#0;</a>",
    "truncated": b"<a b='c",
    "empty": b"",
}

JSONC = {
    "comments": b'// a\n{ /* b */ "c": [1 /**/, // d\r 2] /***/ }\n//',
    "commas": b'{"a":[1,2,],"b":{"c":1 , },}',
    "bun": b'{\n  "lockfileVersion": 1,\n  "packages": {\n    "a": ["a@1.0.0", "", {}, "sha512-"],\n  }\n}\n',
    "strings": b'["//","/*",",]","\\"//"]',
    "two-commas": b"[1,,]",
    "only-comma": b"[,]",
    "open": b"[1 /* ",
    "slash": b"[1 / 2]",
    "nested": b"/* /* */ */ 1",
    "line-separator": b"// \xe2\x80\xa8 1",
    "control": b"/* \x00 */ 1",
    "overlong": b"// \xc0\xaf\n1",
    "duplicate": b'{"a":1,/**/"a":1}',
    "empty": b"// only",
}

RECORD = {
    "plain": b"a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\na-1.dist-info/RECORD,,\n",
    "quoted": b'"a,""b""",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,"7"\r\n',
    "md5": b"a,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\n",
    "padded": b"a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=,0\n",
    "two-fields": b"a,\n",
    "open-quote": b'"a,,\n',
}

POM_PROPERTIES = {
    "maven": b"#Generated by Maven\r\nversion=1.0\r\ngroupId=g\r\nartifactId=a\r\n",
    "twice": b"version=1\nversion=2\ngroupId=g\nartifactId=a\n",
    "escape": b"groupId=\\u0067\n",
    "no-version": b"groupId=g\nartifactId=a\n",
}

# The first byte of a stanza seed is the size of the pieces it comes in.
def layer(*members):
    """A layer of an image: (name, content or link target, type)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text, *kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind[0] if kind else tarfile.REGTYPE
            info.linkname = text if info.issym() or info.islnk() else ""
            info.size = len(text) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


STATUS = "var/lib/dpkg/status"
IMAGE = {
    "database": layer(("var/", "", tarfile.DIRTYPE), (STATUS, "Package: a\n"), ("etc/os-release", "ID=a\n")),
    "folder": layer((STATUS + ".d/a", "a"), (STATUS + ".d/b", "b"), ("var/lib/dpkg/.wh..wh..opq", "")),
    "whiteout": layer(("var/lib/dpkg/.wh.status", ""), ("var/.wh.lib", "")),
    "merged": layer(("lib", "usr/lib", tarfile.SYMTYPE), ("usr/lib/apk/db/installed", "P:a\n")),
    "cycle": layer(("lib", "usr/lib", tarfile.SYMTYPE), ("usr/lib", "/lib", tarfile.SYMTYPE)),
    "hard-link": layer((STATUS + ".d/a", "a"), (STATUS, STATUS + ".d/a", tarfile.LNKTYPE)),
    "device": layer(("dev/null", "", tarfile.CHRTYPE), (STATUS, "", tarfile.FIFOTYPE)),
    "climbing": layer(("var/../../x", "x"), ("var/.wh...", "")),
    "twice": layer((STATUS, "a"), (STATUS, "b")),
}

def _lines(label, content, rest=b""):
    return label + b" comment: x\n" + base64.b64encode(content) + b"\n" + rest


_NUMBER, _POINT = bytes(range(8)), bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")  # both: RFC 8032, 7.1
_SECOND = _lines(b"trusted", bytes(64))

MINISIGN = {
    "prehashed": _lines(b"untrusted", b"ED" + _NUMBER + bytes(64), _SECOND),
    "legacy": _lines(b"untrusted", b"Ed" + _NUMBER + bytes(64), _SECOND),
    "cut": _lines(b"untrusted", b"Ed" + _NUMBER + bytes(64)),
    "escape": _lines(b"untrusted", b"ED" + _NUMBER + bytes(64), b"trusted comment: \x1b[1m\nAAAA\n"),
    "algorithm": _lines(b"untrusted", b"Ee" + _NUMBER + bytes(64), _SECOND),
    "trailing": _lines(b"untrusted", b"ED" + _NUMBER + bytes(64), _SECOND + b"x"),
    "short": _lines(b"untrusted", b"ED", _lines(b"trusted", b"")),
}

SIGNIFY = {
    "signature": _lines(b"untrusted", b"Ed" + _NUMBER + bytes(64)),
    "embedded": _lines(b"untrusted", b"Ed" + _NUMBER + bytes(64), b"message\n"),
    "gzip": b"\x1f\x8b\x08\x10" + bytes(6) + b"untrusted comment: x\n",
    "public": _lines(b"untrusted", b"Ed" + _NUMBER + _POINT),
    "bare-public": base64.b64encode(b"Ed" + _NUMBER + _POINT) + b"\n",
    "weak-public": _lines(b"untrusted", b"Ed" + _NUMBER + bytes(32)),
    "clear": _lines(b"untrusted", b"EdBK" + bytes(20) + hashlib.sha512(_SEED + _POINT).digest()[:8]
                    + _NUMBER + _SEED + _POINT),
    "encrypted": _lines(b"untrusted", b"EdBK\0\0\0\x2a" + bytes(96)),
    "minisign-clear": _lines(b"untrusted", b"Ed\0\0B2" + bytes(48) + _NUMBER + _SEED + _POINT + bytes(32)),
    "minisign-encrypted": _lines(b"untrusted", b"EdScB2" + bytes(152)),
}


def _string(content):
    return struct.pack(">I", len(content)) + content


def _ssh(*strings):
    return b"".join(map(_string, strings))


_KEY = _ssh(b"ssh-ed25519", _POINT)
_HARDWARE = _ssh(b"sk-ssh-ed25519@openssh.com", _POINT, b"ssh:")
_RSA = _ssh(b"ssh-rsa", b"\1\0\1", b"\0" + b"\xff" * 256)


def _sshsig(key, signature, space=b"file", digest=b"sha512", version=1):
    return b"SSHSIG" + struct.pack(">I", version) + _ssh(key, space, b"", digest, signature)


SSHSIG = {
    "ed25519": _sshsig(_KEY, _ssh(b"ssh-ed25519", bytes(64))),
    "hardware": _sshsig(_HARDWARE, _ssh(b"sk-ssh-ed25519@openssh.com", bytes(64)) + bytes(5)),
    "rsa": _sshsig(_RSA, _ssh(b"rsa-sha2-512", b"\1" * 256)),
    "sha1": _sshsig(_RSA, _ssh(b"ssh-rsa", b"\1" * 256)),
    "namespace": _sshsig(_KEY, _ssh(b"ssh-ed25519", bytes(64)), space=b"git"),
    "digest": _sshsig(_KEY, _ssh(b"ssh-ed25519", bytes(64)), digest=b"sha1"),
    "version": _sshsig(_KEY, _ssh(b"ssh-ed25519", bytes(64)), version=2),
    "trailing": _sshsig(_KEY, _ssh(b"ssh-ed25519", bytes(64))) + b"x",
    "long-string": b"SSHSIG\0\0\0\1\xff\xff\xff\xff",
}


def _ssh_file(hidden, cipher=b"none", kdf=b"none", options=b"", count=1):
    return _ssh(cipher, kdf, options) + struct.pack(">I", count) + _ssh(_KEY, hidden)


_HIDDEN = b"\1\2\3\4" * 2 + _ssh(b"ssh-ed25519", _POINT, _SEED + _POINT, b"comment") + b"\1\2\3"

OPENSSH_KEY = {
    "ed25519": _ssh_file(_HIDDEN),
    "padding": _ssh_file(_HIDDEN + b"\5"),
    "numbers": _ssh_file(b"\0" + _HIDDEN[1:]),
    "encrypted": _ssh_file(bytes(64), b"aes256-ctr", b"bcrypt", _ssh(bytes(16)) + struct.pack(">I", 16)),
    "cipher": _ssh_file(bytes(64), b"aes256-cbc", b"bcrypt", _ssh(bytes(16)) + struct.pack(">I", 16)),
    "two-keys": _ssh_file(_HIDDEN, count=2),
    "truncated": _ssh_file(_HIDDEN)[:40],
}

_LINE = b"ssh-ed25519 " + base64.b64encode(_KEY)

ALLOWED_SIGNERS = {
    "keys": b"# keys\n\n" + _LINE + b"\n" + _LINE + b" comment\r\n",
    "principals": b'a@example.com,b ' + _LINE + b'\n"c d" ' + _LINE + b"\n",
    "options": b'a namespaces="git,f*",valid-after="20200101Z",valid-before="202101010203Z" ' + _LINE + b"\n",
    "negated": b'a namespaces="*,!file" ' + _LINE + b"\n",
    "authority": b"a cert-authority " + _LINE + b"\n",
    "local-time": b'a valid-after="20200101" ' + _LINE + b"\n",
    "open-quote": b'a namespaces="file ' + _LINE + b"\n",
    "hardware": b"sk-ssh-ed25519@openssh.com " + base64.b64encode(_HARDWARE) + b"\n",
    "other-type": b"ssh-rsa " + base64.b64encode(_KEY) + b"\n",
    "dsa": b"a ssh-dss AAAA\n",
}

DIGEST = b"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

JAR_MANIFEST = {
    "plain": b"Manifest-Version: 1.0\r\nCreated-By: x\r\n\r\nName: a\r\nSHA-256-Digest: " + DIGEST + b"\r\n\r\n",
    "folded": b"Manifest-Version: 1.0\n\nName: a/long\n er/name\nSHA-256-Digest: AQEB\n " + DIGEST[4:] + b"\n\n",
    "two": b"Manifest-Version: 1.0\n\nName: b\nX: 1\n\n\nName: a\nSHA1-Digest: AQEB\n",
    "same": b"Manifest-Version: 1.0\n\nName: a\n\nName: a\n\n",
    "twice": b"Manifest-Version: 1.0\nmanifest-version: 2\n\n",
    "bare-cr": b"Manifest-Version: 1.0\rX: 1\n\n",
    "truncated": b"Manifest-Version: 1.0\n\nName: a",
}

NUGET = {
    "plain": b"Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:" + DIGEST + b"\n\n",
    "sha1": b"Version:1\n\n1.3.14.3.2.26-Hash:AQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\n",
    "version": b"Version:2\n\n",
    "more": b"Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:" + DIGEST + b"\n\nx",
}

GLOB = {
    "star": b"pkg:npm/*@1\0pkg:npm/a@1",
    "stars": b"**/a*b/c*d\0x/y/aab/ccd",
    "both": b"a**b*c?d\0a/x/bycd",
    "three": b"***a\0/a",
    "slash": b"a?b\0a/b",
    "greedy": b"*a*b*a\0aaabbbaaab",
    "patterns": b"a/**/*b\0a/*/?b",
    "empty": b"\0",
}

OS_RELEASE = {
    "debian": b'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n',
    "quotes": b"# x\n\nID='alpine'\nNAME=\"a \\\"b\\\" \\$c\"\nEMPTY=\n",
    "twice": b"ID=a\nID=b\n",
    "shell": b"ID=$(id)\n",
    "two-words": b"ID=a b\n",
    "open-quote": b'ID="a\n',
    "upper": b"ID=Debian\n",
    "no-line-end": b"ID=a",
}


def _case(facts, **more):
    return {"purl": "pkg:generic/x@1", "name": "x.tgz", "origin": "artifact", "verdict": "allowed",
            "facts": facts, **more}


def _cases(*cases, **more):
    return json.dumps({"schema": "bulla.input/1", **more, "components": cases}).encode()


def _fact(proof, outcome="held", **more):
    return {"proof": proof, "outcome": outcome, **more}


def _said(role, predicate, *people, **more):
    return _fact("signature", role=role, predicate=predicate,
                 vouchers=[{"person": p, "time": "2026-11-20T00:00:00Z"} for p in people], **more)


_GATE = b"""schema = "bulla.policy/1"
[[rule]]
match = "pkg:generic/**"
require = ["digest"]
any = ["signature:release", ["contents", "age:7d"]]
[[gate]]
name = "prod"
environment = "prod"
match = ["*.tgz"]
distinct = [["builder", "approver"]]
need = [
  { type = "slsa", role = "builder", builder = "https://ci/*", source = "https://git/*" },
  { type = "approval", role = "approver", count = 2, max_age = "7d" },
]
"""

_APPROVAL = "urn:bulla:approval:v1"
_BUILD = _fact("provenance", role="builder", predicate="https://slsa.dev/provenance/v1",
               build={"builder": "https://ci/1", "source": "https://git/a", "level": 3},
               vouchers=[{"person": "ci", "counts_as": "dora", "org": "acme", "proved": True}])
_PROD = {"decision": "approve", "environment": "prod", "until": "2027-01-01T00:00:00Z"}
_NO = {"code": "hash-mismatch", "exit": 1, "text": "other bytes"}

JUDGE = {
    "built-in": b"\0" + _cases(_case([_fact("digest"), _fact("contents")])),
    "broken": b"\0" + _cases(_case([_fact("digest", "broken", finding=_NO)], verdict="denied")),
    "undecided": b"\0" + _cases(_case([_fact("digest"), _fact("contents", "undecided")])),
    "local": b"\0" + _cases(_case([_fact("local")], purl="pkg:npm/%40a/b@1", origin="local"),
                            _case([], scope="dev", origin="registry", reasons=[{"code": "threshold"}])),
    "gate": _GATE + b"\0" + _cases(
        _case([_fact("digest"), _said("release", "", "eve"), _BUILD,
               _said("approver", _APPROVAL, "ann", "bob", said=_PROD)], rule="gate prod"),
        time="2026-11-22T00:00:00Z", gate="prod", environment="prod"),
    "few": _GATE + b"\0" + _cases(
        _case([_fact("digest"), _BUILD, _said("approver", _APPROVAL, "dora", said=_PROD),
               {**_said("approver", _APPROVAL, "ann"), "outcome": "absent",
                "finding": {"code": "threshold"}}], verdict="unproven"), gate="prod"),
    "rejected": _GATE + b"\0" + _cases(
        _case([_said("approver", _APPROVAL, "ann", said={"decision": "reject"})]), gate="prod"),
    "age": _GATE + b"\0" + _cases(
        _case([_fact("digest"), _fact("contents", time="2026-11-01T00:00:00Z")])),
    "unknown-word": b"\0" + _cases(_case([_fact("digst")])),
    "nothing": b"\0" + _cases(),
}


_PYTHON = b"\nMetadata-Version: 2.1\nName: Demo\nVersion: 1.0\nRequires-Dist: x\n\ntext\n"

MANIFEST = {
    "npm": b'npm\n{"name": "demo", "version": "v1.0+5"}',
    "npm-other": b'npm\n\xef\xbb\xbf{"name": "other", "version": "1.0"}',
    "crate": b'crate\n[package]\nname = "demo"\nversion = "1.0"\n',
    "crate-project": b'crate\n[project]\nname = "demo"\nversion = "1.0"\n',
    "composer": b'composer\n{"name": "demo", "version": "1.0"}',
    "pub": b"pub\nname: demo\nversion: 1.0\n",
    "hackage": b"hackage\nname: demo\nversion: 1.0\nlibrary\n  build-depends: base\n",
    "cran": b"cran\nPackage: demo\nVersion: 1.0\n",
    "deb": b"deb\nPackage: demo\nVersion: 1.0\nArchitecture: all\n",
    "wheel": b"wheel" + _PYTHON,
    "sdist": b"sdist" + _PYTHON,
    "apk": b"apk\npkgname = demo\npkgver = 1.0\narch = x86_64\n",
    "nupkg": b"nupkg\n<package><metadata><id>Demo</id><version>1.0.0</version></metadata></package>",
    "hex": b'hex\n{<<"name">>,<<"demo">>}.\n{<<"version">>,<<"1.0">>}.\n',
    "unknown": b"zip\n{}",
}


def _component(sha256, *facts, **more):
    return {"purl": "pkg:generic/a@1", "origin": "artifact", "verdict": "allowed",
            "measured": {"sha256": sha256}, "facts": facts, **more}


def _result(*components, **more):
    return json.dumps({
        "schema": "bulla.result/1", "result": "allowed", "exit": 0,
        "totals": {"total": len(components)}, "time": "2026-11-22T00:00:00Z",
        "policy": {"name": "built-in", "digest": "sha256:" + "00" * 32}, "troubles": [],
        "components": components, **more}).encode()


_A, _B = "00" * 32, "01" + "00" * 31
_PROVED = {"proof": "provenance", "outcome": "held", "role": "builder", "build": {"level": 3},
           "evidence": "sha256:" + "02" * 32}

RESULT = {
    "one": _result(_component(_A, _fact("digest"), _PROVED)),
    "two": _result(_component(_A, _fact("digest"), _fact("signature", role="release"), _PROVED),
                   _component(_B, _fact("digest"), _PROVED)),
    "dependencies": _result(_component(_A, _PROVED), _component("03" * 32, _fact("digest"), origin="registry"),
                            _component("04" * 32, _fact("local"), origin="local")),
    "denied": _result(_component(_A, verdict="denied"), result="denied", exit=1),
    "contradicts": _result(_component(_A, verdict="denied")),
    "miscounted": _result(_component(_A), totals={"total": 2}),
    "another-file": _result(_component("05" * 32)),
    "hidden": _result(_component(_A, _fact("sign\ufeffature"))),
    "version": _result(_component(_A), schema="bulla.result/2"),
}

_KEYID = hashlib.sha256(bytes.fromhex("302a300506032b6570032100") + _POINT).hexdigest()
_PROOF = {"schema": "bulla.key-proof/1", "keyid": _KEYID, "person": "alice"}

KEY_PROOF = {
    "plain": json.dumps(_PROOF).encode(),
    "store": json.dumps({**_PROOF, "store": _A}).encode(),
    "other-store": json.dumps({**_PROOF, "store": _B}).encode(),
    "other-key": json.dumps({**_PROOF, "keyid": _A}).encode(),
    "other-person": json.dumps({**_PROOF, "person": "bob"}).encode(),
    "version": json.dumps({**_PROOF, "schema": "bulla.key-proof/2"}).encode(),
    "unknown-field": json.dumps({**_PROOF, "role": "release"}).encode(),
    "envelope": json.dumps({"payloadType": "application/vnd.bulla.key-proof+json", "payload": "e30=",
                            "signatures": [{"keyid": _KEYID, "sig": "AAAA"}]}).encode(),
}

_PEM = (b"-----BEGIN PUBLIC KEY-----\n"
        + base64.b64encode(bytes.fromhex("302a300506032b6570032100") + _POINT)
        + b"\n-----END PUBLIC KEY-----\n")

ANCHORS = {
    "pem": _PEM,
    "two-pem": _PEM + _PEM,
    "openssh": _LINE + b"\n",
    "signify": SIGNIFY["public"],
    "vkey": b"example.org+00000000+" + base64.b64encode(b"\1" + _POINT) + b"\n",
    "npm": json.dumps({"keys": [{"keyid": "SHA256:x", "keytype": "ecdsa-sha2-nistp256",
                                 "scheme": "ecdsa-sha2-nistp256", "key": "AAAA", "expires": None}]}).encode(),
    "npm-tuf": json.dumps({"keys": [{"keyId": "SHA256:x", "keyUsage": "npm:signatures", "publicKey": {
        "rawBytes": "AAAA", "keyDetails": "PKIX_ECDSA_P256_SHA_256",
        "validFor": {"start": "1999-01-01T00:00:00.000Z"}}}]}).encode(),
    "trusted-root": json.dumps({"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                                "tlogs": [], "certificateAuthorities": [], "ctlogs": [],
                                "timestampAuthorities": []}).encode(),
    "certificate": b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
    "keyring": b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxg==\n-----END PGP PUBLIC KEY BLOCK-----\n",
}

SIGNATURE = {
    "minisign": MINISIGN["prehashed"],
    "signify": SIGNIFY["signature"],
    "sshsig": b"-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(SSHSIG["ed25519"])
              + b"\n-----END SSH SIGNATURE-----\n",
    "clearsign": b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\na\n"
                 b"-----BEGIN PGP SIGNATURE-----\n\nwg==\n-----END PGP SIGNATURE-----\n",
    "note": "example.org\n1\n{}\n\n\u2014 example.org AAAAAAAA\n".format("A" * 43 + "=").encode(),
    "jws": b"eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
    "dsse": KEY_PROOF["envelope"],
    "jsf": json.dumps({"signature": {"algorithm": "ES256", "value": "AAAA"}}).encode(),
    "bundle": json.dumps({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                          "verificationMaterial": {"publicKey": {"hint": "x"}, "tlogEntries": []},
                          "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": "AAAA"},
                                               "signature": "AAAA"}}).encode(),
    "raw": bytes(64),
}

_STORE = b"""schema = "bulla.trust/1"
environments = ["dev", "prod"]
[[person]]
id = "ann"
[[person.key]]
file = "alice.pem"
until = 2027-01-01T00:00:00Z
[[person]]
id = "bob"
[[person.key]]
public = \"\"\"
""" + _PEM + b"""\"\"\"
environments = ["prod"]
[[service]]
id = "ci"
controller = "bob"
[[role]]
name = "release"
people = ["ann", "ci"]
threshold = 2
match = ["pkg:npm/**", "*.tgz"]
[[role]]
name = "builder"
people = ["ci"]
threshold = 1
match = ["*"]
[[role]]
name = "approver"
people = []
threshold = 1
match = ["*"]
[[grant]]
role = "approver"
person = "ann"
environments = ["prod"]
[[exclusive]]
roles = ["release", "reviewer"]
per = "subject"
"""

TRUST_SCENE = {
    "gate": _STORE + b"\0" + _GATE,
    "rule": _STORE + b"\0schema = \"bulla.policy/1\"\n[[rule]]\nmatch = \"pkg:npm/**\"\n"
            b"any = [\"signature:release\", \"review:reviewer\"]\n",
    "empty-store": b'schema = "bulla.trust/1"\n\0' + _GATE,
}

_LOST = b"""schema = "bulla.trust/1"
[[person]]
id = "ann"
[[person.key]]
openpgp = "4D64FEC119C2029067D6E791F8D2585B8783D481"
file = "alice.pem"
revoked = { at = 2026-01-01T00:00:00Z, reason = "%s" }
"""

TRUST_DIFFERENCE = {
    "same": _STORE + b"\0" + _STORE,
    "threshold": _STORE + b"\0" + _STORE.replace(b"threshold = 2", b"threshold = 1"),
    "wider": _STORE + b"\0" + _STORE.replace(b'["pkg:npm/**", "*.tgz"]', b'["**"]'),
    "key-gone": _STORE + b"\0" + _STORE.replace(b'[[person.key]]\nfile = "alice.pem"\n'
                                               b"until = 2027-01-01T00:00:00Z\n", b""),
    "revoked": _STORE + b"\0" + _STORE.replace(
        b'environments = ["prod"]\n[[service',
        b'revoked = { at = 2026-01-01T00:00:00Z, reason = "lost" }\n[[service'),
    "authorities": b'schema = "bulla.trust/1"\n\0schema = "bulla.trust/1"\nsigstore = "sigstore.json"\n',
    "reason": _LOST % b"lost" + b"\0" + _LOST % b"stolen",
    "from-nothing": b'schema = "bulla.trust/1"\n\0' + _STORE,
}

SEEDS = {
    "minisign": MINISIGN,
    "signify": SIGNIFY,
    "sshsig": SSHSIG,
    "openssh_key": OPENSSH_KEY,
    "allowed_signers": ALLOWED_SIGNERS,
    "json": JSON,
    "toml": TOML,
    "yaml": YAML,
    "xml": XML,
    "jsonc": JSONC,
    "purl": PURL,
    "record": RECORD,
    "image": IMAGE,
    "jar_manifest": JAR_MANIFEST,
    "nuget": NUGET,
    "pom_properties": POM_PROPERTIES,
    "glob": GLOB,
    "os_release": OS_RELEASE,
    "judge": JUDGE,
    "result": RESULT,
    "manifest": MANIFEST,
    "key_proof": KEY_PROOF,
    "anchors": ANCHORS,
    "signature": SIGNATURE,
    "trust_scene": TRUST_SCENE,
    "trust_difference": TRUST_DIFFERENCE,
    "stanzas": {f"{name}-{size}": bytes([size - 1]) + text
                for name, text in STANZAS.items() for size in (1, 7)},
}


def wanted():
    return {HERE / target / name: text
            for target, seeds in SEEDS.items() for name, text in seeds.items()}


def present():
    return {path for target in SEEDS for path in (HERE / target).glob("*")}


def check():
    files = wanted()
    wrong = sorted(present() ^ files.keys()) + [p for p, text in files.items()
                                                if p.exists() and p.read_bytes() != text]
    for path in wrong:
        print(f"not what {pathlib.Path(__file__).name} makes: {path.relative_to(HERE)}")
    return 1 if wrong else 0


def write():
    for path in present() - wanted().keys():
        path.unlink()
    for path, text in wanted().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1:] == ["--check"] else write())
