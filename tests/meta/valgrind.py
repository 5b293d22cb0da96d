#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No command leaks or reads what was never written, whether its input is good or hostile: valgrind runs them."""
import os
import shutil
import subprocess
import sys
import tempfile

import meta

FOUND = 99
VALGRIND = ["valgrind", "-q", f"--error-exitcode={FOUND}", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect"]
COMMANDS = """
verify --archives npm/archives npm
verify --trust debian/trust --at {at} --archives debian -L apt:debian/lists -o json
verify --trust npm npm/package.json
verify -L npm:bad.json -L npm:cut.json -L dpkg:bad.json
verify --archives bad npm
sbom --archives npm/archives npm
sign --key bad.json npm/package.json
sign --key a.key npm/package.json
attest --type urn:x --predicate npm/package.json --key a.key npm/package.json
trust add --trust store --key a.key --public-key a.key.pub --role release --match * alice
verify --trust store -v npm/package.json
purl pkg:npm/a@1 pkg:bad
""".strip().split("\n")


def make_ready(here):
    shutil.copytree(os.path.join(meta.ROOT, "testdata", "demo"), here)
    lockfile = meta.read(here, "npm/package-lock.json")
    for name, text in {"bad.json": '{"a": 1, "a": 2}', "cut.json": lockfile[:len(lockfile) // 2]}.items():
        with open(os.path.join(here, name), "w", encoding="utf-8") as file:
            file.write(text)
    shutil.copytree(os.path.join(here, "npm", "archives"), os.path.join(here, "bad"))
    for number, name in enumerate(sorted(os.listdir(os.path.join(here, "bad")))):
        os.truncate(os.path.join(here, "bad", name), 100 * number)
    bulla = os.path.join(meta.BUILD, "cmd", "bulla")
    for command in ["key new --allow-unencrypted --person alice a.key", "trust init --key a.key store"]:
        subprocess.run([bulla, *command.split()], cwd=here, check=True, capture_output=True)


def check():
    complaints = []
    with tempfile.TemporaryDirectory(prefix="bulla-valgrind-") as top:
        here = os.path.join(top, "demo")
        make_ready(here)
        at = meta.read(here, "debian/at").strip()
        for command in COMMANDS:
            done = subprocess.run([*VALGRIND, os.path.join(meta.BUILD, "cmd", "bulla"), *command.format(at=at).split()],
                                  cwd=here, env=dict(os.environ, HOME=top), capture_output=True, text=True)
            if done.returncode == FOUND or done.returncode < 0:
                complaints.append(f"bulla {command}: {done.stderr}")
    return complaints


def one_that_leaks():
    with tempfile.TemporaryDirectory(prefix="bulla-valgrind-") as here:
        program = os.path.join(here, "leak")
        subprocess.run(["cc", "-x", "c", "-", "-o", program], check=True, text=True, input="#include <stdlib.h>\n"
                       "int main(void) { void *volatile leaked = malloc(9); leaked = 0; return leaked != 0; }\n")
        done = subprocess.run([*VALGRIND, program], capture_output=True, text=True)
    return ["a leak"] if done.returncode == FOUND else [f"exit {done.returncode}: {done.stderr}"]


if not shutil.which("valgrind"):
    print("1..0 # SKIP valgrind is not installed")
    sys.exit(0)
if meta.sanitized():
    print("1..0 # SKIP a sanitizer is built in")
    sys.exit(0)
meta.main(check, wrong={"a program that leaks": (one_that_leaks(), "a leak")})
