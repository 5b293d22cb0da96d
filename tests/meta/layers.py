#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Floors and doors: a room sees itself, lower floors and the public headers, never a neighbour on its
floor; a third-party library is seen by the rooms that are its door, and by nobody else."""
import os
import re

import meta

FLOORS = [["base"], ["digest"], ["io"], ["syntax", "archive"], ["model", "version"],
          ["ecosystem", "signature", "bom", "attest"], ["trust"], ["evidence"], ["policy"], ["report"], ["ops"]]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# Pattern of a header → where it may be included: rooms, or single files.
DOORS = {
    r"openssl/.*": ["digest", "signature", "trust"],
    r"sodium\.h": ["base", "digest", "signature"],
    r"dlfcn\.h": ["base/lazy.c"],
    r"jansson\.h": ["syntax"],
    r"yaml\.h": ["syntax"],
    r"libxml/.*": ["syntax"],
    r"archive(_entry)?\.h": ["archive"],
    r"(isa-l/|isa-l\.h|igzip_lib\.h|utf8proc\.h|zlib\.h|lzma\.h|zstd\.h|lz4.*\.h|bzlib\.h).*": ["archive"],
    r"rnp/.*": ["signature"],
    r"p11-kit/.*": ["signature/pkcs11_inside.h"],
    r"curl/.*": ["io/http.c"],
}
SYSTEM = re.compile(r"(assert|ctype|dirent|endian|errno|fcntl|float|inttypes|limits|locale|math|poll|pthread|sched|"
                    r"signal|spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|"
                    r"unistd|sys/[a-z]+|netinet/in|arpa/inet|x86intrin|immintrin|arm_neon)\.h|[a-z_]+")
FETCH = ("cmd/fetch.c", "io/http.h")  # the one program that may see a room


def third_party(path, header):
    """A complaint about an <angle> include, or None."""
    inside = path[len("lib/"):] if path.startswith("lib/") else path
    for pattern, doors in DOORS.items():
        if re.fullmatch(pattern, header):
            good = inside in doors or inside.split("/")[0] in doors
            return None if good else f"{path}: <{header}> belongs behind its door: {', '.join(doors)}"
    return None if SYSTEM.fullmatch(header) else f"{path}: <{header}> has no door"


def own(root, path, header):
    """A complaint about a "quoted" include, or None."""
    top, room, target = path.split("/")[0], path.split("/")[1], header.split("/")[0]
    beside = os.path.exists(os.path.join(root, os.path.dirname(path), header))
    if beside or (header.startswith("bulla/") and top != "include"):
        return None
    if top == "include":
        return f"{path}: a public header sees public headers alone, not {header}"
    if top == "cmd":
        return None if target == "base" or (path, header) == FETCH else f"{path}: cmd/ does not see {header}"
    if room not in FLOOR:
        return f"{path}: the room {room} is on no floor"
    if target not in FLOOR:
        return f"{path}: {header} is in no room"
    if target == room or FLOOR[target] < FLOOR[room]:
        return None
    return f"{path}: {room} (floor {FLOOR[room]}) does not see {header} (floor {FLOOR[target]})"


def check(root):
    complaints = []
    for path in meta.files(root, "lib", "include", "cmd", suffix=(".c", ".h", ".def")):
        for opening, header in re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', meta.read(root, path), re.M):
            complaints.append(third_party(path, header) if opening == "<" else own(root, path, header))
    return [text for text in complaints if text]


def sample(path, include):
    return meta.on_tree(check, {path: f"#include {include}\n"})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a higher floor": (sample("lib/io/a.c", '"trust/store.h"'), "does not see"),
        "a neighbour": (sample("lib/bom/a.c", '"attest/statement.h"'), "does not see"),
        "an unknown room": (sample("lib/attic/a.c", '"base/buf.h"'), "on no floor"),
        "a library behind no door": (sample("lib/io/a.c", "<glib.h>"), "has no door"),
        "a library through the wrong door": (sample("lib/ops/a.c", "<jansson.h>"), "behind its door"),
        "libcurl beside http.c": (sample("lib/io/file.c", "<curl/curl.h>"), "behind its door"),
        "dlopen beside lazy.c": (sample("lib/archive/a.c", "<dlfcn.h>"), "behind its door"),
        "a command that sees a room": (sample("cmd/verify.c", '"evidence/gather.h"'), "cmd/ does not see"),
        "a command that sees a library": (sample("cmd/verify.c", "<openssl/evp.h>"), "behind its door"),
        "a public header that sees a room": (sample("include/bulla/a.h", '"base/buf.h"'), "public headers alone"),
    },
    right={
        "what is allowed": meta.on_tree(check, {
            "lib/trust/a.c": '#include "signature/key.h"\n#include "trust/a.h"\n#include "bulla/key.h"\n'
                             "#include <openssl/x509.h>\n#include <string.h>\n",
            "cmd/fetch.c": '#include "io/http.h"\n#include "base/buf.h"\n'}),
    })
