#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Everything that others may call is explained: each public function has a comment with its contract; each command has
a man page, and each option a line in it and in the help."""
import os
import re
import subprocess

import meta

HIDDEN = {"help": {"man"}, "fetch": set()}  # for the build alone


def undocumented(root):
    """Declarations that stand in no paragraph with a comment."""
    complaints = []
    for path in meta.files(root, "include", suffix=(".h",)):
        for paragraph in re.split(r"\n\s*\n", meta.read(root, path)):
            functions = re.findall(r"^(?!static|typedef|#|\s|/?\*)[\w \*]+?\b(bulla_\w+)\([^;{]*\);", meta.code(paragraph), re.M)
            if functions and "/*" not in paragraph and not all(re.search(r"_(free|clear)$", name) for name in functions):
                complaints += [f"{path}: {name} has no contract" for name in functions]
    return complaints


def options(root, command):
    """Names of the options in the tables of a command's file, and of the tables it shares."""
    headers = "".join(meta.read(root, path) for path in meta.files(root, "cmd", suffix=(".h",)))
    tables = dict(re.findall(r"#define (BU_\w+)\(args\)((?:.*\\\n)*.*)", headers))
    text = meta.read(root, f"cmd/{command}.c")
    for _ in range(2):  # a table may hold another
        text = re.sub(r"\b(BU_\w+)\(args\)", lambda use: tables.get(use[1], ""), text)
    return re.findall(r'^\s*\{[\s\\]*"([a-z0-9-]+)",', text, re.M)


def undescribed(command, names, page, usage):
    names = [name for name in names if name not in HIDDEN.get(command, set())]
    return ([f"{command}: --{name} is not in the man page" for name in names if not re.search(rf"--{re.escape(name)}\b", page)]
            + [f"{command}: --{name} is not in the help" for name in names if not re.search(rf"--{re.escape(name)}\b", usage)])


def output(*words):
    return subprocess.run([os.path.join(meta.BUILD, "cmd", words[0]), *words[1:]], check=True, capture_output=True, text=True).stdout


def man(page):
    path = os.path.join(meta.BUILD, "doc", "man", page + ".1")
    if not os.path.exists(path):
        return None
    text = subprocess.run(["man", "-l", path], env=dict(os.environ, MANWIDTH="1000", MANPAGER="cat"), check=True, capture_output=True, text=True).stdout
    return text.replace("\u2010", "-")


def check():
    complaints = undocumented(meta.ROOT)
    commands = meta.rows(meta.ROOT, "cmd/commands.def", "BU_COMMAND")
    for command in [*commands, "fetch"]:
        program = "bulla-fetch" if command == "fetch" else "bulla-" + command.split("_")[0]
        usage = output("bulla-fetch", "--help") if command == "fetch" else output("bulla", "help", *command.split("_"))
        page = man(program)
        if page is None:
            complaints.append(f"{command}: there is no man page {program}(1)")
        else:
            complaints += undescribed(command, options(meta.ROOT, command), page, usage)
            complaints += [f"{program}(1) has no section {title}" for title in ("EXAMPLES", "EXIT STATUS") if f"\n{title}\n" not in page]
    overview = man("bulla") or ""
    return complaints + [f"bulla(1) does not name {command}" for command in commands if command.replace("_", " ") not in overview]


def sample(text):
    return meta.on_tree(undocumented, {"include/bulla/a.h": text})


meta.main(
    check,
    wrong={
        "a function without a contract": (sample("/** A. */\nint bulla_a(void);\n\nint bulla_b(int a,\n         int b);\n"), "bulla_b has no contract"),
        "a public one": (sample("BULLA_API int bulla_a(void);\n"), "bulla_a has no contract"),
        "an option that no page has": (undescribed("sign", ["key", "dry"], "--key FILE", "--key --dry"), "--dry is not in the man page"),
        "an option that the help lacks": (undescribed("sign", ["key", "dry"], "--key --dry", "--key"), "--dry is not in the help"),
    },
    right={
        "contracts, and what needs none": sample("/** A. */\nint bulla_a(void);\nvoid bulla_a_free(void);\n\nvoid bulla_b_clear(void);\n\nstatic inline int bulla_c(void)\n{\n}\n"),
        "options that are described": undescribed("help", ["man", "key"], "--key", "--key")})
