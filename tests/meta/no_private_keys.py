#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No private key anywhere but the throw-away keys of testdata/keys."""
import os
import re
import subprocess

import meta

KEY = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\"\\nr]*(?:[A-Za-z-]+: [^\n]*\n)*[\s\"\\nr]*[A-Za-z0-9+/]{32}"
                 rb"|\"schema\": ?\"bulla\.key/1\"[^}]*\}[^}]*\"ciphertext\": ?\"[A-Za-z0-9+/]{32}"
                 rb"|openssh-key-v1\x00|untrusted comment: [^\n]*(?:secret|private) key[^\n]*\n[A-Za-z0-9+/]{32}")
ALLOWED = "testdata/keys/"


def of_the_project(root):
    """What git tracks, or else all files."""
    done = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True)
    if done.returncode == 0:
        return [name for name in done.stdout.decode().split("\0") if name]
    return [os.path.relpath(os.path.join(path, name), root) for path, _, names in os.walk(root) for name in names]


def check(root):
    complaints = []
    for path in of_the_project(root):
        full = os.path.join(root, path)
        if not os.path.isfile(full) or path.startswith(ALLOWED) or path == os.path.relpath(__file__, root):
            continue
        with open(full, "rb") as file:
            if KEY.search(file.read()):
                complaints.append(f"{path} holds a private key")
    return complaints


BODY = "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
PEM = "-----BEGIN PRIVATE KEY-----\n" + BODY
meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a PEM key": (meta.on_tree(check, {"keys/a.pem": PEM}), "holds a private key"),
        "an encrypted one": (meta.on_tree(check, {"a": PEM.replace("PRIVATE", "ENCRYPTED PRIVATE")}), "holds a private key"),
        "one in a C string": (meta.on_tree(check, {"tests/a.c": '"' + PEM.replace("\n", '\\n"\n"')}), "holds a private key"),
        "a key of bulla's own": (meta.on_tree(check, {"a": '{"schema": "bulla.key/1", "kdf": {"a": 1}, "ciphertext": "' + BODY}), "holds a private key"),
        "an OpenSSH key, decoded": (meta.on_tree(check, {"a": "openssh-key-v1\0\0\0\0\4none"}), "holds a private key"),
        "an OpenPGP key": (meta.on_tree(check, {"a.asc": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + BODY}), "holds a private key"),
    },
    right={
        "throw-away keys and public ones": meta.on_tree(check, {"testdata/keys/a.pem": PEM, "keys/a.pem": PEM.replace("PRIVATE", "PUBLIC")}),
        "code that names the marks": meta.on_tree(check, {"lib/a.c": '"-----BEGIN PRIVATE KEY-----"'})})
