#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""doc/schema/decision.json has the types, fields and words of the tables in lib/attest, and no others: what others check by
the schema is what bulla reads. No field of it takes free text."""
import json
import os
import re

import meta

TYPES, FIELDS, SCHEMA = "lib/attest/decisions.def", "lib/attest/decision_fields.def", "doc/schema/decision.json"


def table(root, path, macro):
    """The arguments of each row, without quotes."""
    text = re.sub(r"/\*.*?\*/", "", meta.read(root, path), flags=re.S)
    rows = re.findall(rf"^{macro}\((.*?)\)$", text, re.M | re.S)
    return [[quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([\w]+)', row)] for row in rows]


def from_tables(root):
    """{type: (needed fields, {field: its words})}"""
    words = {name: words.split() for name, _, _, words in table(root, FIELDS, "BU_FIELD")}
    return {name: (set(needed.split()), {field: reasons.split() if field == "reason" else words.get(field)
                                         for field in (needed + " " + allowed).split()})
            for name, needed, allowed, reasons, _ in table(root, TYPES, "BU_DECISION")}


def from_schema(schema):
    """The same; and what is not closed."""
    found, complaints = {}, []
    for choice in schema["oneOf"]:
        name = choice["properties"]["predicateType"]["const"].removeprefix("urn:bulla:").removesuffix(":v1")
        definition = schema["$defs"][choice["properties"]["predicate"]["$ref"].rpartition("/")[2]]
        if definition.get("additionalProperties") is not False:
            complaints.append(f"{SCHEMA}: {name} takes any field")
        found[name] = (set(definition["required"]), {field: value.get("enum", []) for field, value in definition["properties"].items()})
        complaints += [f"{SCHEMA}: {name}: {field} takes free text" for field, value in definition["properties"].items()
                       if value.get("type") == "string" and "pattern" not in value]
    return found, complaints


def check(root):
    if not os.path.exists(os.path.join(root, SCHEMA)):
        return [f"{SCHEMA} is missing"]
    tables = from_tables(root)
    found, complaints = from_schema(json.loads(meta.read(root, SCHEMA)))
    return complaints + [f"{SCHEMA}: {name} is not as in {TYPES}" for name in sorted(tables.keys() | found.keys())
                         if tables.get(name) != found.get(name)]


GOOD = {
    TYPES: 'BU_DECISION("a", "role", "reason", "x y", 0)\n',
    FIELDS: 'BU_FIELD("role", name, role, "")\nBU_FIELD("reason", name, reason, "")\n',
    SCHEMA: json.dumps({"oneOf": [{"properties": {"predicateType": {"const": "urn:bulla:a:v1"}, "predicate": {"$ref": "#/$defs/a"}}}],
                        "$defs": {"a": {"additionalProperties": False, "required": ["role"],
                                        "properties": {"role": {"type": "string", "pattern": "^a$"}, "reason": {"enum": ["x", "y"]}}}}}),
}


def changed(path, old, new):
    return meta.on_tree(check, {**GOOD, path: GOOD[path].replace(old, new)})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "another needed field": (changed(TYPES, '"role", "reason"', '"role reason", ""'), "a is not as in"),
        "another word": (changed(TYPES, "x y", "x z"), "a is not as in"),
        "an open object": (changed(SCHEMA, '"additionalProperties": false, ', ""), "takes any field"),
        "a field for free text": (changed(SCHEMA, ', "pattern": "^a$"', ""), "role takes free text"),
    },
    right={"what is the same": meta.on_tree(check, GOOD)})
