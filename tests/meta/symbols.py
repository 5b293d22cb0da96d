#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What leaves the shared library: exactly what the public headers declare with BULLA_API, which is exactly
what symbols.txt pins. `symbols.py --write` pins anew: to be done knowingly, it is the library's interface."""
import os
import re
import subprocess
import sys

import meta

PINNED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "symbols.txt")


def exported(library):
    lines = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", library], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    return {line.split()[0].split("@")[0] for line in lines if line.split()[1] != "A"}  # A: the version itself


def declared(root):
    names = set()
    for path in meta.files(root, "include/bulla", suffix=(".h",)):
        for declaration in re.findall(r"^BULLA_API\b([^;]*);", meta.code(meta.read(root, path)), re.M):
            names.add(re.search(r"(\w+)\s*\(", declaration.replace("BULLA_PRINTF", ""))[1])
    return names


def compare(is_exported, is_declared, is_pinned):
    return ([f"{name} is exported, but does not begin with bulla_" for name in is_exported if not name.startswith("bulla_")]
            + [f"{name} is exported, but no public header declares it" for name in is_exported - is_declared]
            + [f"{name} is declared with BULLA_API, but not exported" for name in is_declared - is_exported]
            + [f"{name} is exported, but not pinned in symbols.txt" for name in is_exported - is_pinned]
            + [f"{name} is pinned in symbols.txt, but not exported" for name in is_pinned - is_exported])


def check():
    with open(PINNED, encoding="utf-8") as file:
        pinned = set(file.read().split())
    return sorted(compare(exported(os.path.join(meta.BUILD, "lib", "libbulla.so")), declared(meta.ROOT), pinned))


if sys.argv[1:] == ["--write"]:
    with open(PINNED, "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(declared(meta.ROOT))) + "\n")
    sys.exit()

A, B = {"bulla_a"}, {"bulla_a", "bulla_b"}
meta.main(
    check,
    wrong={
        "a foreign name": (compare({"bu_fail"}, {"bu_fail"}, {"bu_fail"}), "does not begin with bulla_"),
        "an undeclared symbol": (compare(B, A, B), "no public header declares it"),
        "a declaration without symbol": (compare(A, B, A), "not exported"),
        "a symbol that is not pinned": (compare(B, B, A), "not pinned"),
        "a symbol that went away": (compare(A, A, B), "is pinned in symbols.txt, but not exported"),
    },
    right={
        "the three being one": compare(A, A, A),
        "a declaration over two lines": compare(meta.on_tree(declared, {"include/bulla/a.h": "BULLA_API BULLA_MUST_USE x\nbulla_a(int (*f)(void));\n"}), A, A),
    })
