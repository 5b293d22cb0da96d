#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real packages, through the machine's own clients: npm's registry and Debian's archive.

Reports in TAP. Where a client or its registry cannot be reached, the cases say so and are skipped;
no registry is named here, the clients know theirs."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BULLA = os.path.abspath(sys.argv[1])
PACKAGE = {"name": "real", "version": "1.0.0", "private": True,
           "dependencies": {"@babel/code-frame": "7.24.7", "esbuild": "0.24.2", "alias": "npm:ms@2.1.3"}}
DEBS = ["hostname", "libjansson4", "base-files", "debconf", "zlib1g"]


def call(command, folder, **env):
    """Exit status and output; a client that hangs counts as unreachable."""
    try:
        done = subprocess.run(command, cwd=folder, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired) as problem:
        return 99, str(problem)


def flip(path):
    with open(path, "rb") as file:
        content = bytearray(file.read())
    content[len(content) // 2] ^= 1
    os.chmod(path, 0o644)
    with open(path, "wb") as file:
        file.write(content)


def expect(number, name, exit_status, got, *texts):
    status, out = got
    good = status == exit_status and all(text in out for text in texts)
    print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in [f"exit {status}, not {exit_status}", *out.split("\n")]))
    return good


def skip(first, count, why):
    for number in range(first, first + count):
        print(f"ok {number} - real packages # SKIP {why}", flush=True)
    return True


def npm(folder, first):
    if not shutil.which("npm"):
        return skip(first, 3, "npm is not installed")
    cache = os.path.join(folder, "cache")
    with open(os.path.join(folder, "package.json"), "w") as file:
        json.dump(PACKAGE, file)
    status, out = call(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"], folder, npm_config_cache=cache)
    if status != 0:
        return skip(first, 3, "the npm registry cannot be reached")
    verify = [BULLA, "verify", "."]
    good = expect(first, "a project that npm installed is allowed, from npm's own cache", 0,
                  call(verify, folder, npm_config_cache=cache), "0 denied + 0 unproven", "RESULT: ALLOWED")
    again = call([BULLA, "sbom", "-o", "purl", "."], folder)
    good &= expect(first + 1, "its packages are listed, an alias by its real name", 0, again,
                   "pkg:npm/%40babel/code-frame@7.24.7", "pkg:npm/ms@2.1.3")
    for top, _, files in sorted(os.walk(os.path.join(cache, "_cacache", "content-v2", "sha512"))):
        if files:
            flip(os.path.join(top, files[0]))
            break
    return good & expect(first + 2, "one flipped bit in the cache is refused", 1,
                         call(verify, folder, npm_config_cache=cache), "hash-mismatch", "RESULT: DENIED")


def debian(folder, first):
    status, lists = call(["apt-config", "shell", "LISTS", "Dir::State::lists/d"], folder)
    if status != 0 or "'" not in lists:
        return skip(first, 2, "apt is not installed")
    status, out = call(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *DEBS], folder)
    debs = sorted(name for name in os.listdir(folder) if name.endswith(".deb"))
    if status != 0 or len(debs) != len(DEBS):
        return skip(first, 2, "Debian's archive cannot be reached")
    verify = [BULLA, "verify", "--trust", os.path.join(ROOT, "keys"), "--archives", ".", "-L", "apt:" + lists.split("'")[1]]
    good = expect(first, "packages of Debian are allowed by the certificates in keys/", 0, call(verify, folder),
                  f"{len(DEBS)} total = {len(DEBS)} allowed", "debian-archive")
    flip(os.path.join(folder, debs[0]))
    return good & expect(first + 1, "one flipped bit in a .deb is refused", 1, call(verify, folder), "hash-mismatch", debs[0])


def main():
    print("1..5")
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="bulla-real-")
    try:
        with tempfile.TemporaryDirectory(prefix="bulla-real-") as top:
            good = True
            for name, cases, first in (("npm", npm, 1), ("debian", debian, 4)):
                os.mkdir(os.path.join(top, name))
                good &= cases(os.path.join(top, name), first)
            return 0 if good else 1
    finally:
        shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)


sys.exit(main())
