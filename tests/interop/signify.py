#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""signify: its keys and signatures. It asks for passphrases on a terminal, so it gets one."""
import os
import pty

from interop import BULLA, bulla, bulla_refuses, case, flipped, get, good, main, put, refused, spread

TOOL = "signify-openbsd"
PASSPHRASE = b"test passphrase"


def on_terminal(*command, answers):
    """Run with a terminal of its own; answer each prompt."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    for answer in answers:
        while not os.read(terminal, 1024).rstrip().endswith(b":"):
            pass
        os.write(terminal, answer + b"\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:  # the other end is gone
        pass
    assert os.waitpid(child, 0)[1] == 0, command


def world(folder, encrypted=False):
    key, pub, message = (os.path.join(folder, name) for name in ("key.sec", "key.pub", "message"))
    put(message, b"what is signed\n" * 50)
    if encrypted:
        on_terminal(TOOL, "-G", "-p", pub, "-s", key, answers=[PASSPHRASE, PASSPHRASE])
    else:
        good(TOOL, "-G", "-n", "-p", pub, "-s", key)
    os.chmod(key, 0o600)
    return key, pub, message, message + ".sig"


def places(signature):
    """All bits of the second line; nobody has signed the first."""
    start = signature.index(b"\n") + 1
    return [bit + 8 * start for bit in spread(signature[start:-1], 100)]


def both_refuse_changes(pub, message, signature):
    for path, bits in ((signature, places(get(signature))), (message, spread(get(message), 10))):
        content = get(path)
        for changed in flipped(content, bits):
            put(path, changed)
            bulla_refuses("verify", "-q", "--key", pub, "--signature", signature, message)
            refused(TOOL, "-V", "-q", "-p", pub, "-x", signature, "-m", message)
        put(path, content)


def accepts(pub, message, signature):
    good(TOOL, "-V", "-q", "-p", pub, "-x", signature, "-m", message)
    bulla("verify", "-q", "--key", pub, "--signature", signature, message)


@case("signify accepts what bulla signs, and both refuse one changed bit", needs=[TOOL])
def made(folder):
    key, pub, message, signature = world(folder)
    bulla("sign", "--key", key, "--format", "signify", "-o", signature, message)
    accepts(pub, message, signature)
    both_refuse_changes(pub, message, signature)


@case("bulla accepts what signify signs, byte for byte what it makes itself but for the comment", needs=[TOOL])
def checked(folder):
    key, pub, message, signature = world(folder)
    good(TOOL, "-S", "-s", key, "-x", signature, "-m", message)
    accepts(pub, message, signature)
    both_refuse_changes(pub, message, signature)
    theirs = get(signature)
    bulla("sign", "--key", key, "--format", "signify", "-o", signature, "--replace", message)
    assert get(signature).split(b"\n")[1:] == theirs.split(b"\n")[1:]


@case("a message inside of the signature, or a signature inside of the message, is refused by name", needs=[TOOL])
def embedded(folder):
    key, pub, message, signature = world(folder)
    good(TOOL, "-S", "-e", "-s", key, "-x", signature, "-m", message)
    assert b"unsupported-feature" in bulla_refuses("verify", "--key", pub, "--signature", signature, message)
    zipped = os.path.join(folder, "zipped")
    good("gzip", "-n", "-k", message)
    good(TOOL, "-S", "-z", "-s", key, "-x", zipped, "-m", message + ".gz")
    assert b"unsupported-feature" in bulla_refuses("verify", "--key", pub, "--signature", zipped, message)


@case("an encrypted key of signify signs for bulla, with the right passphrase alone", needs=[TOOL])
def encrypted(folder):
    key, pub, message, signature = world(folder, encrypted=True)
    words = ("sign", "--key", key, "--format", "signify", "-o", signature, "--passphrase-fd", "0", message)
    bulla(*words, stdin=PASSPHRASE + b"\n")
    accepts(pub, message, signature)
    os.unlink(signature)
    refused(BULLA, *words, stdin=b"wrong\n")
    assert not os.path.exists(signature)


main()
