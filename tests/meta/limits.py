#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bulla(1) shows every limit of base/limits.h with its value and its words, and no other."""
import re

import meta

HEADER, PAGE = "lib/base/limits.h", "doc/man/bulla.1.scd"
UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


def shown(name, value):
    """A value as people read it: bytes in binary units, counts with separators."""
    if not name.endswith("_BYTES"):
        return f"{value:,}"
    return next((f"{value // size} {unit}" for size, unit in UNITS if value % size == 0), f"{value:,} bytes")


def in_header(text):
    text = re.sub(r"\\\n\s*", "", text)
    lines = re.findall(r"^#define BU_LIMIT_(\w+)\s+(\S.*?)\s*/\* (.*?) \*/$", text, re.M)
    return {f"*{shown(name, eval(re.sub(r'(?<=[0-9])[uUlL]+', '', value)))}*: {words}" for name, value, words in lines}


def in_page(text):
    section = re.search(r"^# LIMITS$(.*?)(?=^# |\Z)", text, re.M | re.S)
    return set(re.findall(r"^\*.*$", section[1], re.M)) if section else set()


def check(root):
    header, page = in_header(meta.read(root, HEADER)), in_page(meta.read(root, PAGE))
    count = len(re.findall(r"^#define BU_LIMIT_", meta.read(root, HEADER), re.M))
    return ([f"{HEADER}: a limit without words, or two that read the same"] * (len(header) != count)
            + [f"{PAGE} lacks: {line}" for line in sorted(header - page)]
            + [f"{PAGE} has what is no limit: {line}" for line in sorted(page - header)])


def sample(page, header="#define BU_LIMIT_A_BYTES (2u << 20) /* one thing */\n#define BU_LIMIT_B 1000u /* others */\n"):
    return meta.on_tree(check, {HEADER: header, PAGE: "# LIMITS\n\n" + page + "\n# SEE ALSO\n\n*bulla*(1)\n"})


GOOD = "*2 MiB*: one thing\n\n*1,000*: others\n"
meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a limit that is not shown": (sample("*2 MiB*: one thing\n"), "lacks: *1,000*"),
        "another value": (sample(GOOD.replace("2 MiB", "3 MiB")), "lacks: *2 MiB*"),
        "a limit that is none": (sample(GOOD + "\n*7*: dwarfs\n"), "no limit: *7*"),
        "a limit without words": (sample(GOOD, "#define BU_LIMIT_A_BYTES 1u\n"), "without words"),
    },
    right={"the two being one": sample(GOOD)})
