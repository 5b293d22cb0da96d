#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ssh-keygen -Y: keys of all kinds, encrypted and not, allowed signers, namespaces."""
import base64
import os

from interop import BULLA, bulla, bulla_refuses, case, flipped, get, good, main, put, refused, run, spread

KINDS = {"ed25519": [], "ecdsa-256": ["-b", "256"], "ecdsa-384": ["-b", "384"], "ecdsa-521": ["-b", "521"],
         "rsa-2048": ["-b", "2048"]}
BEGIN, END = b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n"


def world(folder, kind, passphrase=""):
    key, message, signers = (os.path.join(folder, name) for name in ("key", "message", "signers"))
    put(message, b"what is signed\n" * 50)
    good("ssh-keygen", "-q", "-t", kind.split("-")[0], *KINDS[kind], "-N", passphrase, "-C", "test", "-f", key)
    put(signers, b"alice@example.com " + get(key + ".pub"))
    return key, message, signers, message + ".sig"


def ssh_accepts(signers, message, signature):
    """It says no by 255, which elsewhere is a crash."""
    status, _, err = run("ssh-keygen", "-Y", "verify", "-f", signers, "-I", "alice@example.com", "-n", "file",
                         "-s", signature, stdin=get(message))
    assert status in (0, 255), err
    return status == 0


def accepts(signers, pub, message, signature):
    assert ssh_accepts(signers, message, signature)
    for key in (signers, pub):
        bulla("verify", "-q", "--key", key, "--signature", signature, message)


def both_refuse_changes(signers, message, signature):
    def judge():
        assert not ssh_accepts(signers, message, signature)
        bulla_refuses("verify", "-q", "--key", signers, "--signature", signature, message)
    armored, plain = get(signature), get(message)
    content = base64.b64decode(armored[len(BEGIN):-len(END)])
    for changed in flipped(content, spread(content, 60)):
        put(signature, BEGIN + base64.encodebytes(changed) + END)
        judge()
    put(signature, armored)
    for changed in flipped(plain, spread(plain, 10)):
        put(message, changed)
        judge()
    put(message, plain)


def made(kind):
    def test(folder):
        key, message, signers, signature = world(folder, kind)
        bulla("sign", "--key", key, "--format", "sshsig", "-o", signature, message)
        accepts(signers, key + ".pub", message, signature)
        both_refuse_changes(signers, message, signature)
    return test


def checked(kind, digest):
    def test(folder):
        key, message, signers, signature = world(folder, kind)
        good("ssh-keygen", "-q", "-Y", "sign", "-O", f"hashalg={digest}", "-f", key, "-n", "file", message)
        accepts(signers, key + ".pub", message, signature)
        both_refuse_changes(signers, message, signature)
    return test


for name in KINDS:
    case(f"{name}: ssh-keygen accepts what bulla signs, and both refuse one changed bit", needs=["ssh-keygen"])(made(name))
    for algorithm in ("sha256", "sha512"):
        case(f"{name} over {algorithm}: bulla accepts what ssh-keygen signs, and both refuse one changed bit",
             needs=["ssh-keygen"])(checked(name, algorithm))


def encrypted(kind):
    def test(folder):
        key, message, signers, signature = world(folder, kind, "test passphrase")
        words = ("sign", "--key", key, "--format", "sshsig", "-o", signature, "--passphrase-fd", "0", message)
        bulla(*words, stdin=b"test passphrase\n")
        accepts(signers, key + ".pub", message, signature)
        os.unlink(signature)
        refused(BULLA, *words, stdin=b"wrong\n")
        assert not os.path.exists(signature)
    return test


for name in KINDS:
    case(f"{name}: an encrypted key signs for bulla, with the right passphrase alone", needs=["ssh-keygen"])(encrypted(name))


@case("a signature for another namespace is refused by both", needs=["ssh-keygen"])
def namespace(folder):
    key, message, signers, signature = world(folder, "ed25519")
    good("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "git", message)
    assert not ssh_accepts(signers, message, signature)
    bulla_refuses("verify", "-q", "--key", signers, "--signature", signature, message)


# What stands between the principal and the key; does it let the signature of now count?
OPTIONS = {'namespaces="file"': True, 'namespaces="git,f*"': True, 'namespaces="git"': False, 'namespaces="*,!file"': False,
           'valid-after="20200101Z"': True, 'valid-before="20990101Z"': True, 'valid-after="20990101Z"': False,
           'valid-before="20200101Z"': False, 'namespaces="file",valid-after="202001010203Z",valid-before="20990101000000Z"': True}


@case("options of allowed signers mean the same to both", needs=["ssh-keygen"])
def allowed_signers(folder):
    key, message, signers, signature = world(folder, "ed25519")
    good("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "file", message)
    for option, counts in OPTIONS.items():
        put(signers, b"alice@example.com " + option.encode() + b" " + get(key + ".pub"))
        assert ssh_accepts(signers, message, signature) == counts
        words = ("verify", "-q", "--key", signers, "--signature", signature, message)
        bulla(*words) if counts else refused(BULLA, *words)


main()
