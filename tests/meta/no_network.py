#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No command of bulla opens a socket: each runs in a process that the kernel kills when it asks for one."""
import ctypes
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile

import meta

DEMO = os.path.join(meta.ROOT, "testdata", "demo")
SYSCALLS = {"x86_64": (0xC000003E, 41, 53), "aarch64": (0xC00000B7, 198, 199)}  # audit id, socket, socketpair
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
KILLED = -31  # SIGSYS


def forbid_sockets():
    """A seccomp filter (classic BPF): kill the process at socket() and socketpair(), allow the rest."""
    audit, socket, pair = SYSCALLS[platform.machine()]
    load, equal, give, kill, allow = 0x20, 0x15, 0x06, 0x80000000, 0x7FFF0000
    code = [(load, 0, 0, 4), (equal, 0, 3, audit), (load, 0, 0, 0), (equal, 1, 0, socket), (equal, 0, 1, pair),
            (give, 0, 0, kill), (give, 0, 0, allow)]
    program = b"".join(struct.pack("HBBI", *line) for line in code)
    buffer = ctypes.create_string_buffer(program)
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no seccomp")


COMMANDS = """
verify --archives npm/archives npm
verify --trust debian/trust --at {at} --archives debian -L apt:debian/lists
verify -o json --allow-empty none
sbom npm
sbom -o purl --archives npm/archives npm
key new --allow-unencrypted --person alice a.key
key show a.key
key list
trust init --key a.key store
trust add --trust store --key a.key --public-key a.key.pub --role release --match * alice
trust list store
key import --allow-unencrypted a.key b.key
sign --key a.key npm/package.json
sign --format sigstore --key a.key npm/package.json
attest --type urn:x --predicate npm/package.json --key a.key npm/package.json
verify --trust store npm/package.json
trust remove --trust store --key a.key --role release
purl pkg:npm/a@1
help verify
completion bash
--version
""".strip().split("\n")


def check():
    complaints = []
    with tempfile.TemporaryDirectory(prefix="bulla-network-") as top:
        here = os.path.join(top, "demo")
        shutil.copytree(DEMO, here)
        os.makedirs(os.path.join(here, "none"))
        with open(os.path.join(DEMO, "debian", "at"), encoding="utf-8") as file:
            at = file.read().strip()
        for command in COMMANDS:
            done = subprocess.run([os.path.join(meta.BUILD, "cmd", "bulla"), *command.format(at=at).split()], cwd=here,
                                  env=dict(os.environ, HOME=top), preexec_fn=forbid_sockets, capture_output=True, text=True)
            if done.returncode != 0:
                complaints.append(f"bulla {command}: {'asked for a socket' if done.returncode == KILLED else done.stdout + done.stderr}")
    return complaints


def one_that_asks():
    done = subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], preexec_fn=forbid_sockets, capture_output=True)
    return ["asked for a socket"] if done.returncode == KILLED else [f"exit {done.returncode}"]


if platform.machine() not in SYSCALLS:
    print("1..0 # SKIP no seccomp filter for", platform.machine())
    sys.exit(0)
meta.main(check, wrong={"a program that asks for a socket": (one_that_asks(), "asked for a socket")})
