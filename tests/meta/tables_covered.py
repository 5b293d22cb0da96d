#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each row of each table is real: it has its source file, a test that names it, and where it reads foreign bytes, valid
and invalid cases and fuzz seeds. Reason codes that no code gives yet are listed in reserved_codes.txt, and only those."""
import os
import re

import meta

# Table, macro, files that each row {id} must have (a folder must not be empty), where a test must name it.
TABLES = [
    ("lib/ecosystem/ecosystems.def", "BU_ECOSYSTEM",
     ["lib/ecosystem/{id}.c", "testdata/ecosystem/{id}/valid", "testdata/ecosystem/{id}/invalid"], None),
    ("lib/bom/boms.def", "BU_BOM", ["lib/bom/{id}.c"], ["tests/unit/bom"]),
    ("lib/report/renderers.def", "BULLA_RENDERER", ["lib/report/{id}.c", "tests/unit/report/test_{id}.c"], None),
    ("lib/attest/predicates.def", "BU_PREDICATE", [], ["tests/unit/attest", "tests/cli/attest"]),
    ("lib/attest/decisions.def", "BU_DECISION", [], ["tests/unit/attest", "tests/cli/attest"]),
    ("lib/attest/decision_fields.def", "BU_FIELD", [], ["tests/unit/attest", "tests/cli/attest"]),
    ("lib/evidence/packages.def", "BU_PACKAGE", ["lib/evidence/package_{id}.c"], None),
    ("lib/signature/seals.def", "BU_SEAL", ["lib/signature/seal_{id}.c"], ["tests/unit/ops", "tests/cli/sign"]),
    ("lib/signature/secret_forms.def", "BU_SECRET_FORM", [], ["tests/unit/signature"]),
    ("lib/trust/formats.def", "BU_FORMAT", ["lib/trust/format_{id}.c", "tests/unit/trust/test_format_{id}.c"], None),
    ("lib/trust/anchor_forms.def", "BU_FORM", ["lib/trust/form_{id}.c"], ["tests/unit/trust", "tests/cli", "tests/interop"]),
    ("lib/version/schemes.def", "BU_SCHEME", [], ["tests/unit/version"]),
    ("include/bulla/algs.def", "BULLA_ALG", [], ["tests/unit/digest"]),
    ("include/bulla/proofs.def", "BULLA_PROOF", [], ["tests/unit"]),
    ("cmd/commands.def", "BU_COMMAND", ["cmd/{id}.c", "tests/cli/{first}", "doc/man/bulla-{first}.1.scd"], None),
]
CODES, RESERVED = "include/bulla/codes.def", "tests/meta/reserved_codes.txt"


def is_there(root, path):
    full = os.path.join(root, path)
    return os.path.isfile(full) or (os.path.isdir(full) and len(os.listdir(full)) > 0)


def text_below(root, folders):
    return "\n".join(meta.read(root, path) for path in meta.files(root, *folders, suffix=(".c", ".h", ".test", ".def", ".json")))


def rows_of_tables(root):
    complaints = []
    for table, macro, wanted, tests in TABLES:
        if not os.path.exists(os.path.join(root, table)):
            continue
        tested = text_below(root, tests) if tests else ""
        for row in dict.fromkeys(meta.rows(root, table, macro)):
            places = [path.format(id=row, first=row.split("_")[0]) for path in wanted]
            complaints += [f"{table}: {row} lacks {path}" for path in places if not is_there(root, path)]
            if tests and row not in tested:
                complaints.append(f"{table}: no test in {', '.join(tests)} names {row}")
    return complaints


def codes(root):
    """Each code is given somewhere and expected by some test, or is reserved."""
    names = meta.rows(root, CODES, "BULLA_CODE")
    reserved = meta.read(root, RESERVED).split() if os.path.exists(os.path.join(root, RESERVED)) else []
    given = set(re.findall(r"\bBULLA_E_(\w+)", meta.code(text_below(root, ["lib", "cmd"]))))
    tests = text_below(root, ["tests"])
    expected = {name for name in names
                if re.search(rf"\bBULLA_E_{name}\b|(?<![\w-]){name.lower().replace('_', '-')}(?![\w-])", tests)}
    return ([f"{CODES}: no code gives {name}: {RESERVED} does not list it" for name in names if name not in given and name not in reserved]
            + [f"{RESERVED}: {name} is given by now" for name in reserved if name in given]
            + [f"{RESERVED}: {name} is no code" for name in reserved if name not in names]
            + [f"{CODES}: no test expects {name}" for name in names if name in given and name not in expected])


def check(root):
    return rows_of_tables(root) + codes(root)


GOOD = {"cmd/commands.def": "BU_COMMAND(key_new)\n", "cmd/key_new.c": "BULLA_E_EMPTY", "tests/cli/key/a.test": "Stderr contains: [empty]",
        "doc/man/bulla-key.1.scd": "x", CODES: 'BULLA_CODE(EMPTY, "empty")\nBULLA_CODE(CYCLE, "cycle")\n', RESERVED: "CYCLE\n"}


def without(*paths, **changed):
    return meta.on_tree(check, {path: text for path, text in {**GOOD, **changed}.items() if path not in paths})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a row without source": (without("cmd/key_new.c"), "lacks cmd/key_new.c"),
        "a row without cases": (without("tests/cli/key/a.test"), "lacks tests/cli/key"),
        "a row that no test names": (without(**{"lib/attest/predicates.def": 'BU_PREDICATE("slsa", 1)\n'}), "names slsa"),
        "a code that nobody gives": (without(RESERVED), "no code gives CYCLE"),
        "a code that no test expects": (without(**{"tests/cli/key/a.test": "x"}), "no test expects EMPTY"),
        "a reserved code that is given": (without(**{RESERVED: "CYCLE EMPTY"}), "EMPTY is given by now"),
    },
    right={"tables that are covered": without()})
