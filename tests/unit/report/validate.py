#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Hold JSON texts against a schema, and the schema against slackness.

usage: validate.py SCHEMA FILE…

Every file must be valid; and no object in it may have one field more, or one
of its required fields less, without becoming invalid.
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


def check(validator, path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        sys.exit(f"{path}: {error.json_path}: {error.message}")
    for index in range(len(list(objects(document)))):
        spoilt = copy.deepcopy(document)
        list(objects(spoilt))[index]["unheard of"] = 1
        if validator.is_valid(spoilt):
            sys.exit(f"{path}: object {index} may have any field")
    for key in document:
        if validator.is_valid({k: v for k, v in document.items() if k != key}):
            sys.exit(f"{path}: valid without {key}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    for path in sys.argv[2:]:
        check(Draft202012Validator(schema), path)


if __name__ == "__main__":
    main()
