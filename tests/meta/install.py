#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `meson install` puts down works from there: the programs and their links, the headers, bulla.pc
with the shared and with the static library, man pages, completion and the shipped trust store."""
import glob
import os
import shutil
import subprocess
import tempfile

import meta

PROGRAM = """#include <bulla/bulla.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bulla_trust_options options = { .folder = argv[argc - 1], .now = %d };
    if (!bulla_ok(bulla_trust_load(&options, &trust, &err)))
        return puts(err.text), 1;
    bulla_trust_free(trust);
    puts(bulla_version());
    return 0;
}
"""
NOW = 1795219200  # the shipped store is valid then
LINKS = ["attest", "key", "purl", "sbom", "sign", "trust", "verify"]


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    return done.returncode, done.stdout + done.stderr


def pages():
    """Man pages of the build: none when it was set up without them."""
    return [os.path.basename(path) for path in glob.glob(os.path.join(meta.BUILD, "doc", "man", "*.1"))]


def present(top):
    """`top`: the installed prefix."""
    wanted = ["bin/bulla", "bin/bulla-fetch", "share/bulla/keys/root.json",
              "share/bash-completion/completions/bulla.bash",
              *(f"bin/bulla-{name}" for name in LINKS), *(f"share/man/man1/{name}" for name in pages()),
              *(f"include/bulla/{name}" for name in os.listdir(os.path.join(meta.ROOT, "include", "bulla")))]
    return [f"{path} is not installed" for path in wanted if not os.path.exists(os.path.join(top, path))]


def programs(top):
    complaints = []
    for program in ["bulla", "bulla-fetch"]:
        status, said = run(os.path.join(top, "bin", program), "--help")
        if status != 0 or not said.startswith("usage: " + program):
            complaints.append(f"{program} --help: exit {status}: {said}")
    for name in LINKS:
        status, said = run(os.path.join(top, "bin", "bulla-" + name), "--help")
        if f"bulla {name}" not in said:
            complaints.append(f"bulla-{name} is not bulla {name}: exit {status}: {said}")
    return complaints


def library(top, static, strip=()):
    """Compile, link and run a program with what pkg-config says of `top`."""
    folder = glob.glob(os.path.join(top, "lib*", "**", "pkgconfig"), recursive=True)[0]
    env = dict(os.environ, PKG_CONFIG_PATH=folder, LD_LIBRARY_PATH=os.path.dirname(folder))
    status, flags = run("pkg-config", "--define-variable=prefix=.", "--cflags", "--libs", *(["--static"] if static else []),
                        "bulla", env=env)
    if status != 0:
        return ["pkg-config: " + flags]
    words = [word for word in flags.split() if word not in strip]
    if static:  # of this one library; the others are only to be had as shared ones
        words = [os.path.join(os.path.dirname(folder), "libbulla.a") if word == "-lbulla" else word for word in words]
    with tempfile.TemporaryDirectory(prefix="bulla-install-") as here:
        source, program = os.path.join(here, "program.c"), os.path.join(here, "program")
        with open(source, "w", encoding="utf-8") as file:
            file.write(PROGRAM % NOW)
        status, said = run("cc", source, "-o", program, *words, cwd=top)
        if status != 0:
            return [f"{'static' if static else 'shared'}: does not link: {said[-600:]}"]
        status, said = run(program, os.path.join(top, "share", "bulla", "keys"), env=env)
        needed = run("readelf", "-d", program)[1]
    complaints = [] if status == 0 else [f"{'static' if static else 'shared'}: exit {status}: {said}"]
    if ("[libbulla.so.0]" in needed) == static:
        complaints.append("static: needs libbulla.so.0" if static else "shared: does not need libbulla.so.0")
    return complaints


with tempfile.TemporaryDirectory(prefix="bulla-install-") as root:
    status, said = run("meson", "install", "-C", meta.BUILD, "--no-rebuild", "--destdir", root)
    prefix = os.path.dirname(os.path.dirname(glob.glob(os.path.join(root, "**", "bin", "bulla"), recursive=True)[0]))
    broken = os.path.join(root, "broken")
    shutil.copytree(prefix, broken, symlinks=True)
    os.remove(os.path.join(broken, "bin", "bulla-verify"))
    os.symlink("bulla-fetch", os.path.join(broken, "bin", "bulla-verify"))
    os.remove(os.path.join(broken, "include", "bulla", "verify.h"))
    meta.main(
        lambda: ([said] if status != 0 else []) + present(prefix) + programs(prefix) +
        ([] if meta.sanitized() else library(prefix, False) + library(prefix, True)),
        wrong={
            "a header that is not installed": (present(broken), "include/bulla/verify.h is not installed"),
            "a link to another program": (programs(broken), "bulla-verify is not bulla verify"),
            "a library that bulla.pc forgets": (library(prefix, True, ("-lsodium",)), "does not link"),
        })
