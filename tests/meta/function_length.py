#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Functions are short: half of them have at most 15 lines, nine in ten at most 40, none more than 80; a
command's file has fewer than 100. Lines count from the name to the closing brace."""
import os
import re
import statistics

import meta

MEDIAN, NINE_IN_TEN, LONGEST, COMMAND = 15, 40, 80, 100


def functions(text):
    """(name, lines) of each function: by the project's style its braces are alone in the first column."""
    lines, found = meta.code(text).split("\n"), []
    for begin in (number for number, line in enumerate(lines) if line == "{"):
        name = begin - 1
        while name > 0 and lines[name].startswith(" "):
            name -= 1
        end = next((number for number in range(begin, len(lines)) if lines[number].startswith("}")), len(lines))
        label = re.search(r"(\w+)\s*\(", lines[name])
        found.append((label[1] if label else lines[name], end - name + 1))
    return found


def check(root):
    complaints, lengths = [], []
    for path in meta.files(root, "lib", "cmd", "tests", suffix=(".c",)):
        for name, length in functions(meta.read(root, path)):
            if not path.startswith("tests/"):
                lengths.append(length)
            if length > LONGEST:
                complaints.append(f"{path}: {name} has {length} lines, over {LONGEST}")
    for name in meta.rows(root, "cmd/commands.def", "BU_COMMAND"):
        length = meta.read(root, f"cmd/{name}.c").count("\n")
        if length >= COMMAND:
            complaints.append(f"cmd/{name}.c has {length} lines, not under {COMMAND}")
    lengths.sort()
    if lengths and statistics.median(lengths) > MEDIAN:
        complaints.append(f"the median is {statistics.median(lengths)} lines, over {MEDIAN}")
    if lengths and lengths[len(lengths) * 9 // 10] > NINE_IN_TEN:
        complaints.append(f"one in ten has {lengths[len(lengths) * 9 // 10]} lines or more, over {NINE_IN_TEN}")
    return complaints


def sample(*lengths, command=1):
    text = "".join(f"static int f{n}(void)\n{{\n" + "    x();\n" * (length - 3) + "}\n" for n, length in enumerate(lengths))
    return meta.on_tree(check, {"lib/base/a.c": text, "cmd/commands.def": "BU_COMMAND(a)\n", "cmd/a.c": "\n" * command})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a function that is too long": (sample(5, 5, 81), "has 81 lines"),
        "too many long ones": (sample(*[5] * 8, 41, 41), "one in ten"),
        "a high median": (sample(16, 16, 16), "the median is 16"),
        "a command that is too long": (sample(5, command=100), "not under 100"),
    },
    right={"functions at the limits": sample(5, 15, 15, 80, *[5] * 40, command=99)})
