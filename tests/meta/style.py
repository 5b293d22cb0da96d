#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What clang-format does not see: a licence line, a short comment that says what the file is for, lines of at most
100 columns (120 in comments and tables), no tab, no unfinished work or merge, no `else` after `return`."""
import re

import meta

LICENCE = "/* SPDX-License-Identifier: MIT */\n"
WIDTH, TEXT_WIDTH = 100, 120


def complain(path, text):
    comment = re.match(re.escape(LICENCE) + r"/\*\n((?: \*.*\n)+?) \*/\n", text)
    lines = text.split("\n")
    found = [] if text.startswith(LICENCE) else [f"{path}: no licence line"]
    if not comment:
        found += [] if path.startswith("tests/") else [f"{path}: no file comment"]
    elif comment[1].count("\n") > (6 if path.endswith(".c") and not path.startswith("tests/") else 12):
        found.append(f"{path}: the file comment has {comment[1].count(chr(10))} lines")
    for number, line in enumerate(lines if not path.startswith("tests/") else [], 1):
        if len(line) > (TEXT_WIDTH if re.match(r"\s*(/?\*|//)|.*/\*", line) or path.endswith(".def") else WIDTH) \
                and not re.match(r"BULLA_CODE", line):
            found.append(f"{path}:{number}: {len(line)} columns")
        if "\t" in line:
            found.append(f"{path}:{number}: a tab")
    found += [f"{path}: unfinished: {word}" for word in re.findall(r"\b(TODO|FIXME|XXX|HACK)\b", text)]
    found += [f"{path}: a merge that was not finished" for _ in re.findall(r"^(?:<{7}|>{7}) ", text, re.M)]
    plain = meta.code(text)
    for match in re.finditer(r"^( *)if \([^;{}]*\)\n[^;{}]*return\b[^;]*;\n\1else\b", plain, re.M):
        found.append(f"{path}:{plain[:match.start()].count(chr(10)) + 1}: else after return")
    return found


def check(root):
    return [text for path in meta.files(root, "lib", "cmd", "include", "tests", suffix=(".c", ".h", ".def"))
            for text in complain(path, meta.read(root, path))]


HEAD = LICENCE + "/*\n * What this is for.\n */\n"
meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "no licence": (complain("a.c", "int a;\n"), "no licence line"),
        "no file comment": (complain("a.c", LICENCE + "int a;\n"), "no file comment"),
        "a long file comment": (complain("a.c", LICENCE + "/*\n" + " * a\n" * 9 + " */\n"), "has 9 lines"),
        "a long line": (complain("a.c", HEAD + "int " + "a" * 100 + ";\n"), "105 columns"),
        "unfinished work": (complain("a.c", HEAD + "/* " + "TO" + "DO: all of it */\n"), "unfinished"),
        "an unfinished merge": (complain("a.c", HEAD + "/*\n" + "<" * 7 + " ours\n*/\n"), "merge"),
        "else after return": (complain("a.c", HEAD + "    if (a)\n        return 1;\n    else\n        b();\n"), "else after return"),
        "a tab": (complain("a.c", HEAD + "\tint a;\n"), "a tab"),
    },
    right={"a good file": complain("a.c", HEAD + "    if (a)\n        return 1;\n    b();\n")})
