#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What verifies loads no network library: neither bulla nor libbulla needs, or can open by name, libcurl;
and nothing heavy is loaded before it is needed."""
import os
import subprocess

import meta

NETWORK = ("libcurl", "libnghttp", "libssh")
HEAVY = ("libarchive", "librnp", "libp11-kit", "libxml2", "libstdc++", "libbotan")


def loaded(path):
    return subprocess.run(["ldd", path], check=True, capture_output=True, text=True).stdout


def complain(name, libraries, contents):
    return ([f"{name} loads {library}" for library in NETWORK + HEAVY if library in libraries]
            + [f"{name} can open {library}" for library in NETWORK if library.encode() in contents])


def check():
    complaints = []
    for path in ("cmd/bulla", "lib/libbulla.so"):
        full = os.path.join(meta.BUILD, path)
        with open(full, "rb") as file:
            complaints += complain(path, loaded(full), file.read())
    return complaints


FETCH = os.path.join(meta.BUILD, "cmd", "bulla-fetch")
meta.main(
    check,
    wrong={
        "bulla-fetch, which is meant to": (complain("bulla-fetch", loaded(FETCH), b""), "loads libcurl"),
        "a name to open": (complain("bulla", "", b"\0libcurl.so.4\0"), "can open libcurl"),
        "a heavy library": (complain("bulla", "libarchive.so.13 => /lib/libarchive.so.13", b""), "loads libarchive"),
    },
    right={"a bare program": complain("bulla", "libc.so.6", b"libarchive.so.13")})
