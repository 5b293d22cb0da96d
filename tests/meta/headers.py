#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every header compiles alone, twice in a row; the public ones as strict C17 and as C++ too."""
import os
import shlex
import subprocess

import meta

WARN = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wundef", "-Werror"]
C = [*shlex.split(os.environ.get("CC", "cc")), *WARN, "-x", "c", "-Wstrict-prototypes"]
# These libraries have their headers in folders of their own.
FOLDERS = subprocess.run(["pkg-config", "--cflags", "libxml-2.0", "p11-kit-1"], capture_output=True, text=True).stdout.split()
CPP = [*shlex.split(os.environ.get("CXX", "c++")), *WARN, "-x", "c++", "-std=c++17"]


def compiles(root, command, header):
    text = f'#include "{header}"\n#include "{header}"\ntypedef int alone;\n'
    done = subprocess.run([*command, "-I", os.path.join(root, "include"), "-I", os.path.join(root, "lib"), "-I", root, "-"],
                          input=text, capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"{header} does not compile alone: {' '.join(command)}\n{done.stderr.strip()}"]


def check(root):
    complaints = []
    for path in meta.files(root, "include", suffix=(".h",)):
        header = path[len("include/"):]
        complaints += compiles(root, [*C, "-std=c17"], header) + compiles(root, CPP, header)
    for path in meta.files(root, "lib", "cmd", suffix=(".h",)):
        complaints += compiles(root, [*C, "-std=gnu17", "-D_GNU_SOURCE", *FOLDERS], path.removeprefix("lib/"))
    return complaints


def sample(path, text):
    return meta.on_tree(check, {path: text})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a header that lacks an include": (sample("include/bulla/a.h", "uint32_t bulla_a(void);\n"), "does not compile alone"),
        "a header without guard": (sample("lib/base/a.h", "typedef struct a { int b; } a;\n"), "does not compile alone"),
        "a public header that is no C++": (sample("include/bulla/a.h", "#pragma once\nint bulla_a(int class);\n"), "c++"),
    },
    right={"a header that is whole": sample("include/bulla/a.h", "#ifndef A_H\n#define A_H\nint bulla_a(void);\n#endif\n")})
