#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""minisign: its keys and signatures, encrypted and not, prehashed and legacy."""
import os

from interop import BULLA, bulla, bulla_refuses, case, flipped, get, good, main, put, refused, spread

PASSWORD = b"test passphrase\n"


def world(folder, encrypted=False):
    """A key pair of minisign's and a message."""
    key, pub, message = (os.path.join(folder, name) for name in ("key", "key.pub", "message"))
    put(message, b"what is signed\n" * 50)
    words = [] if encrypted else ["-W"]
    good("minisign", "-G", "-f", *words, "-p", pub, "-s", key, stdin=PASSWORD * 2 if encrypted else None)
    os.chmod(key, 0o600)
    return key, pub, message


def places(signature):
    """All bits of the signature file but those of the untrusted comment, which nobody has signed, and of line ends."""
    start = signature.index(b"\n") + 1
    ends = {i for i, byte in enumerate(signature) if byte == 0x0a}
    return [bit + 8 * start for bit in spread(signature[start:], 120) if (bit + 8 * start) // 8 not in ends]


def both_refuse_changes(pub, message, signature):
    def judged_by(judge):
        content = get(signature)
        for changed in flipped(content, places(content)):
            put(signature, changed)
            judge()
        put(signature, content)
        content = get(message)
        for changed in flipped(content, spread(content, 10)):
            put(message, changed)
            judge()
        put(message, content)
    judged_by(lambda: bulla_refuses("verify", "-q", "--key", pub, "--signature", signature, message))
    judged_by(lambda: refused("minisign", "-V", "-q", "-p", pub, "-x", signature, "-m", message))


def accepts(pub, message, signature):
    good("minisign", "-V", "-p", pub, "-x", signature, "-m", message)
    bulla("verify", "-q", "--key", pub, "--signature", signature, message)


@case("minisign accepts what bulla signs, and both refuse one changed bit", needs=["minisign"])
def made(folder):
    key, pub, message = world(folder)
    signature = message + ".minisig"
    bulla("sign", "--key", key, "--format", "minisign", "-o", signature, message)
    accepts(pub, message, signature)
    both_refuse_changes(pub, message, signature)


def checked(words):
    def test(folder):
        key, pub, message = world(folder)
        signature = message + ".minisig"
        good("minisign", "-S", *words, "-s", key, "-x", signature, "-m", message, "-t", "a trusted comment")
        accepts(pub, message, signature)
        both_refuse_changes(pub, message, signature)
    return test


case("bulla accepts what minisign signs, and both refuse one changed bit", needs=["minisign"])(checked([]))
case("the same over the bytes, as older versions signed", needs=["minisign"])(checked(["-l"]))


@case("another key is not trusted by either", needs=["minisign"])
def other(folder):
    key, pub, message = world(folder)
    signature = message + ".minisig"
    good("minisign", "-S", "-s", key, "-x", signature, "-m", message)
    world(folder)  # the same names, another key
    bulla_refuses("verify", "-q", "--key", pub, "--signature", signature, message)
    refused("minisign", "-V", "-p", pub, "-x", signature, "-m", message)


@case("an encrypted key of minisign signs for bulla, with the right passphrase alone", needs=["minisign"])
def encrypted(folder):
    key, pub, message = world(folder, encrypted=True)
    signature = message + ".minisig"
    words = ("sign", "--key", key, "--format", "minisign", "-o", signature, "--passphrase-fd", "0", message)
    bulla(*words, stdin=PASSWORD)
    accepts(pub, message, signature)
    os.unlink(signature)
    refused(BULLA, *words, stdin=b"wrong\n")
    assert not os.path.exists(signature)


main()
