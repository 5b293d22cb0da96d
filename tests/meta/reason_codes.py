#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reason codes are spelled in one way: kebab-case, each once, and every one of ../shared/reasons.md is there."""
import os
import re

import meta

TABLE = "include/bulla/codes.def"
SHARED = os.path.join(meta.ROOT, "..", "shared", "reasons.md")


def complain(table, agreed):
    pairs = re.findall(r'^BULLA_CODE\((\w+), "([^"]*)"', table, re.M)
    names = [name for _, name in pairs]
    return ([f"{name} is not kebab-case" for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)]
            + [f"{code} is printed as {name}" for code, name in pairs if code != name.upper().replace("-", "_")]
            + [f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]
            + [f"{name} is agreed on, but not in {TABLE}" for name in agreed if name not in names])


def check():
    agreed = []
    if os.path.exists(SHARED):
        with open(SHARED, encoding="utf-8") as file:
            agreed = re.findall(r"^\| `([a-z-]+)`", file.read(), re.M)
    else:
        print("# skipped: ../shared/reasons.md is not there to compare with")
    return complain(meta.read(meta.ROOT, TABLE), agreed)


ROW = 'BULLA_CODE(BAD_KEY, "bad-key", MALFORMED, "x")\n'
meta.main(
    check,
    wrong={
        "another spelling": (complain(ROW.replace("bad-key", "bad_key"), []), "not kebab-case"),
        "another name": (complain(ROW.replace("bad-key", "bad-keys"), []), "is printed as"),
        "a name that stands twice": (complain(ROW * 2, []), "stands twice"),
        "a code that is missing": (complain(ROW, ["bad-key", "expired"]), "expired is agreed on"),
    },
    right={"a good table": complain(ROW, ["bad-key"])})
