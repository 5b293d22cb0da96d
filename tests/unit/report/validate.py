#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Hold JSON texts against a schema, and the schema against slackness.

usage: validate.py [--optional FIELD,…] SCHEMA FILE…

Every file must be valid; and no object in it may have one field more, and the
document none of its fields less, but the optional ones, without becoming invalid.
"""
import copy
import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit(77)


def objects(value):
    """All objects in a value, parents first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from objects(child)


def check(validator, path, optional):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        sys.exit(f"{path}: {error.json_path}: {error.message}")
    for index in range(len(list(objects(document)))):
        spoilt = copy.deepcopy(document)
        list(objects(spoilt))[index]["unheard of"] = 1
        if validator.is_valid(spoilt):
            sys.exit(f"{path}: object {index} may have any field")
    for key in set(document) - optional:
        if validator.is_valid({k: v for k, v in document.items() if k != key}):
            sys.exit(f"{path}: valid without {key}")


def main():
    given = sys.argv[1] == "--optional"
    optional = set(sys.argv[2].split(",") if given else ())
    schema_path, *paths = sys.argv[3 if given else 1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    for path in paths:
        check(Draft202012Validator(schema), path, optional)


if __name__ == "__main__":
    main()
