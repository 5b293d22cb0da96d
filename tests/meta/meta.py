# SPDX-License-Identifier: MIT
"""What the meta tests share. Each is a check that returns complaints, and samples that must make it
complain: a check that cannot fail proves nothing, so the samples run with it every time."""
import json
import os
import re
import sys
import tempfile

ROOT = os.environ.get("BULLA_SOURCE_ROOT") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BULLA_BUILD_ROOT") or os.path.join(ROOT, "build")


def sanitized():
    """Whether a sanitizer is built in: its runtime goes with no other checker, and is linked by who uses it."""
    with open(os.path.join(BUILD, "meson-info", "intro-buildoptions.json"), encoding="utf-8") as options:
        return next(option["value"] for option in json.load(options) if option["name"] == "b_sanitize") != "none"


def files(root, *folders, suffix=(".c", ".h")):
    """Paths below these folders of `root`, relative to it, in order."""
    found = []
    for folder in folders:
        for path, _, names in os.walk(os.path.join(root, folder)):
            found += [os.path.relpath(os.path.join(path, name), root) for name in names if name.endswith(suffix)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def code(text):
    """C without comments and without what is in strings; every line stays where it is."""
    def blank(match):
        kept = match[0][0] * 2 if match[0][0] in "\"'" else ""
        return kept + "\n" * match[0].count("\n")
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def rows(root, path, macro):
    """First argument of each row of a .def table, without quotes."""
    return re.findall(rf'^{macro}\(\s*"?([^",)]+)', read(root, path), re.M)


def tree(contents):
    """A temporary tree of {path: text}; it lives as long as what is returned."""
    folder = tempfile.TemporaryDirectory(prefix="bulla-meta-")
    for path, text in contents.items():
        full = os.path.join(folder.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
    return folder


def on_tree(check, contents):
    with tree(contents) as folder:
        return check(folder)


def main(check, wrong, right=None):
    """TAP. `check()` gives the complaints about the project; `wrong` is {what: (complaints of a sample,
    words that must be in one)}; `right` are samples that nothing may be complained about."""
    results = [(f"complains about {what}", [] if any(words in text for text in complaints) else
                [f"no complaint says: {words}", *complaints]) for what, (complaints, words) in wrong.items()]
    results += [(f"accepts {what}", complaints) for what, complaints in (right or {}).items()]
    if sys.argv[1:] != ["--self-test"]:
        results.append(("the project", check()))
    print(f"1..{len(results)}")
    for number, (name, complaints) in enumerate(results, 1):
        print(f"{'not ' if complaints else ''}ok {number} - {name}")
        print("".join(f"# {line}\n" for text in complaints for line in text.split("\n")), end="")
    sys.exit(any(complaints for _, complaints in results))
