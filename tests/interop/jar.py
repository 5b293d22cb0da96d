#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signed JARs, by the JDK's jarsigner: what it verifies bulla does, and bulla is the stricter one."""
import os
import zipfile

from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, refused, run, spread

STORE = ["-storepass", "changeit"]
LONG = "META-INF/versions/9/" + "a-long-name/" * 8 + "A.class"  # longer than a line of the manifest


def new_key(folder, alias, algorithm):
    """A self-signed certificate for signing code; its PEM file."""
    store, pem = os.path.join(folder, "store"), os.path.join(folder, alias + ".pem")
    good("keytool", "-genkeypair", "-keystore", store, *STORE, "-alias", alias, "-dname", f"CN={alias}", "-validity", "365",
         "-ext", "eku=codeSigning", "-ext", "ku:c=digitalSignature", *algorithm)
    good("keytool", "-exportcert", "-rfc", "-keystore", store, *STORE, "-alias", alias, "-file", pem)
    return store, pem


def new_jar(path, names=("a/A.class", LONG, "b.txt")):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as jar:
        for name in names:
            jar.writestr(name, f"what is in {name}\n" * 20)
    return path


def copy(jar, to, change):
    """A copy in which `change(name, content)` gives the content of each member, or None to leave it out."""
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return to


def signed(folder, alias="author", algorithm=("-keyalg", "RSA", "-keysize", "2048"), words=()):
    store, pem = new_key(folder, alias, algorithm)
    jar = new_jar(os.path.join(folder, "demo.jar"))
    good("jarsigner", "-keystore", store, *STORE, *words, jar, alias)
    good("jarsigner", "-verify", "-keystore", store, *STORE, jar)
    return store, pem, jar


def accepted(algorithm, words):
    def test(folder):
        _, pem, jar = signed(folder, algorithm=algorithm, words=words)
        bulla("verify", "-q", "--key", pem, jar)
    return test


for title, algorithm, words in [
        ("RSA", ("-keyalg", "RSA", "-keysize", "3072"), ()),
        ("RSA and SHA-512", ("-keyalg", "RSA", "-keysize", "2048"), ("-digestalg", "SHA-512", "-sigalg", "SHA512withRSA")),
        ("P-256", ("-keyalg", "EC", "-groupname", "secp256r1"), ()),
        ("P-384", ("-keyalg", "EC", "-groupname", "secp384r1"), ()),
        ("an inner copy", ("-keyalg", "EC", "-groupname", "secp256r1"), ("-internalsf",)),
        ("sections only", ("-keyalg", "EC", "-groupname", "secp256r1"), ("-sectionsonly",))]:
    case(f"what jarsigner signs is accepted: {title}", needs=["jarsigner", "keytool"])(accepted(algorithm, words))


@case("broken digests are refused", needs=["jarsigner", "keytool"])
def weak(folder):
    store, pem = new_key(folder, "author", ("-keyalg", "RSA", "-keysize", "2048"))
    jar = new_jar(os.path.join(folder, "demo.jar"))
    good("jarsigner", "-keystore", store, *STORE, "-digestalg", "SHA1", jar, "author")
    assert b"weak-hash" in bulla_refuses("verify", "--key", pem, jar)


@case("two signers vouch, each by itself", needs=["jarsigner", "keytool"])
def two(folder):
    store, first, jar = signed(folder)
    _, second = new_key(folder, "second", ("-keyalg", "EC", "-groupname", "secp256r1"))
    _, third = new_key(folder, "third", ("-keyalg", "EC", "-groupname", "secp256r1"))
    good("jarsigner", "-keystore", store, *STORE, jar, "second")
    bulla("verify", "-q", "--key", first, jar)
    bulla("verify", "-q", "--key", second, jar)
    bulla_refuses("verify", "--key", third, jar)


@case("a changed, removed or added member, and another's signature, are refused", needs=["jarsigner", "keytool"])
def changed(folder):
    store, pem, jar = signed(folder)
    other = os.path.join(folder, "other.jar")
    copy(jar, other, lambda name, content: content + b"x" if name == "b.txt" else content)
    refused("jarsigner", "-verify", "-keystore", store, *STORE, other)
    assert b"hash-mismatch" in bulla_refuses("verify", "--key", pem, other)
    copy(jar, other, lambda name, content: None if name == "b.txt" else content)
    assert b"missing-file" in bulla_refuses("verify", "--key", pem, other)
    copy(jar, other, lambda name, content: content)
    bulla("verify", "-q", "--key", pem, other)
    with zipfile.ZipFile(other, "a") as file:
        file.writestr("evil.class", "x")
    status, _, _ = run("jarsigner", "-verify", "-keystore", store, *STORE, other)
    assert status == 0  # it only warns; with -strict it fails
    assert b"unlisted-file" in bulla_refuses("verify", "--key", pem, other)
    second = new_jar(os.path.join(folder, "second.jar"), ["a/A.class", "b.txt"])
    good("jarsigner", "-keystore", store, *STORE, second, "author")
    with zipfile.ZipFile(second) as file:
        taken = {name: file.read(name) for name in file.namelist() if name.startswith("META-INF/AUTHOR")}
    copy(jar, other, lambda name, content: taken.get(name, content))
    bulla_refuses("verify", "--key", pem, other)  # jarsigner only says that some entries are not signed


@case("one changed bit in any member is refused", needs=["jarsigner", "keytool"])
def flips(folder):
    _, pem, jar = signed(folder, algorithm=("-keyalg", "EC", "-groupname", "secp256r1"))
    other = os.path.join(folder, "other.jar")
    with zipfile.ZipFile(jar) as file:
        members = {name: file.read(name) for name in file.namelist() if not name.endswith("/")}
    for name, content in members.items():
        for bad in flipped(content, spread(content, 12)):
            copy(jar, other, lambda n, c, name=name, bad=bad: bad if n == name else c)
            bulla_refuses("verify", "-q", "--key", pem, other)


main()
