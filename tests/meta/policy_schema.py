#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""doc/schema/policy.json knows every field that the policy's parser reads, and no other; and every policy that the
documentation, the templates and the fuzz seeds show is valid by it (where python has jsonschema and tomllib)."""
import json
import os
import re

import meta

SCHEMA = "doc/schema/policy.json"
PARSERS = ["lib/policy/parse.c", "lib/policy/parse_gate.c", "lib/policy/parse_vsa.c",
           "lib/policy/parse_waivers.c"]
SHOWN = ["doc", "README.md", "share", "testdata/fuzz/policy/everything.toml"]


def fields_read(root):
    """Names in the parsers' lists of fields."""
    lists = [text for path in PARSERS for text in re.findall(r"fields\[\] = \{(.*?)NULL", meta.read(root, path), re.S)]
    return sorted(field for text in lists for field in re.findall(r'"(\w+)"', text))


def fields_known(root):
    schema = json.loads(meta.read(root, SCHEMA))
    parts = [*schema["properties"].values(), *schema.get("$defs", {}).values()]
    objects = [schema] + [part for part in parts if "properties" in part]
    return sorted(field for part in objects for field in part["properties"])


def policies(root):
    """(place, text) of every policy that is shown."""
    single = [path for path in SHOWN if os.path.isfile(os.path.join(root, path))]
    for path in single + meta.files(root, *SHOWN, suffix=(".md", ".toml", ".scd")):
        text = meta.read(root, path)
        if path.endswith(".toml"):
            blocks = [text]
        else:
            blocks = re.findall(r"^```(?:toml)?\n(.*?)^```", text, re.S | re.M)
        yield from ((path, block) for block in blocks if re.search(r'^schema = "bulla\.policy/1"', block, re.M))


def invalid(root):
    try:
        import jsonschema
        import tomllib
    except ImportError:
        return []
    validator = jsonschema.Draft202012Validator(json.loads(meta.read(root, SCHEMA)))
    return [f"{path}: a policy that {SCHEMA} refuses: {error.message[:120]}"
            for path, text in policies(root) for error in validator.iter_errors(tomllib.loads(text))]


def check(root):
    read, known = fields_read(root), fields_known(root)
    return ([f"{SCHEMA} lacks: {field}" for field in sorted(set(read) - set(known))]
            + [f"{SCHEMA} has what no policy has: {field}" for field in sorted(set(known) - set(read))]
            + ([] if read else [f"{PARSERS}: no list of fields is found"]) + invalid(root))


def sample(fields, schema='{"properties": {"a": {"const": "bulla.policy/1"}, "schema": {}}, "required": ["a"]}'):
    parser = "static const char *const fields[] = { " + fields + ", NULL };\n"
    page = '```toml\nschema = "bulla.policy/1"\na = "bulla.policy/1"\n```\n'
    return meta.on_tree(check, {PARSERS[0]: parser, PARSERS[1]: "", PARSERS[2]: "", PARSERS[3]: "", SCHEMA: schema, "doc/a.md": page})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "a field that the schema lacks": (sample('"a", "schema", "b"'), "lacks: b"),
        "a field that only the schema has": (sample('"a"'), "has what no policy has: schema"),
    },
    right={"the same on both sides": sample('"a", "schema"')})
