#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Documents that bulla writes against the official CycloneDX 1.6 schema, offline.

usage: validate.py MAKE_BOM    (TAP on standard output)
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("BULLA_SOURCE_ROOT", "."))
VECTORS = pathlib.Path(os.environ.get("BULLA_VECTORS", SOURCE / ".." / "shared" / "vectors"))
SCHEMAS = VECTORS / "schemas" / "cyclonedx"
NIL_UUID = b"00000000-0000-0000-0000-000000000000"


def skip_all(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def schema_text(name):
    return (SCHEMAS / name).read_text(encoding="utf-8")


def validator():
    """The schema as one document: the two that it refers to become definitions of its own."""
    local = '"#/definitions/'
    bom = json.loads(schema_text("bom-1.6.schema.json")
                     .replace('"spdx.schema.json"', local + 'spdx"')
                     .replace('"jsf-0.82.schema.json#/definitions/', local + "jsf-"))
    signatures = json.loads(schema_text("jsf-0.82.schema.json").replace(local, local + "jsf-"))
    for name, definition in signatures["definitions"].items():
        bom["definitions"]["jsf-" + name] = definition
    bom["definitions"]["spdx"] = {"enum": spdx_identifiers()}
    return jsonschema.Draft7Validator(bom)


def spdx_identifiers():
    return json.loads(schema_text("spdx.schema.json"))["enum"]


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), "a key stands twice: %s" % keys
    return dict(pairs)


def texts(value):
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(part)


def check_graph(document):
    """Each component is there once and stands in the graph once; each reference leads to one."""
    refs = [document["metadata"]["component"]["bom-ref"]]
    refs += [component["bom-ref"] for component in document["components"]]
    assert len(set(refs)) == len(refs), "a bom-ref stands twice"
    assert refs[1:] == sorted(refs[1:]), "components are not sorted"
    nodes = {node["ref"]: node.get("dependsOn", []) for node in document["dependencies"]}
    assert len(nodes) == len(document["dependencies"]), "a component is in the graph twice"
    assert set(nodes) == set(refs), "graph and components differ"
    for needs in nodes.values():
        assert needs == sorted(set(needs)) and set(needs) <= set(refs), "a reference leads nowhere"


def check_serial(text):
    serial = re.search(rb'"urn:uuid:([0-9a-f-]{36})"', text).group(1)
    digest = bytearray(hashlib.sha256(text.replace(serial, NIL_UUID, 1)).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    assert serial.decode().replace("-", "") == digest.hex(), "serial number is not the content's"


def check_privacy(text, document):
    assert "timestamp" not in document["metadata"], "a clock was read"
    for value in texts(document):
        assert not re.match(r"(/|~|[A-Za-z]:[\\/])[\w.]", value), "a path of the machine: " + value
    hidden = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]",
                       text.decode("utf-8"))
    assert hidden is None, "a hidden character: %r" % hidden


def check(make_bom, schema, arguments):
    """Nothing when all is well; what is refused must be refused whole."""
    first, second = (subprocess.run([make_bom] + arguments, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, check=False) for _ in range(2))
    if first.returncode == 1 and not first.stdout:
        print("# refused:", first.stderr.decode("utf-8").strip())
        return
    assert first.returncode == 0, first.stderr.decode("utf-8", "replace")
    assert first.stdout == second.stdout, "two runs, two documents"
    document = json.loads(first.stdout, object_pairs_hook=no_duplicates)
    error = jsonschema.exceptions.best_match(schema.iter_errors(document))
    assert error is None, "%s at %s" % (str(error.message)[:300], list(error.absolute_path))
    check_graph(document)
    check_serial(first.stdout)
    check_privacy(first.stdout, document)


def check_identifiers():
    """The table of SPDX identifiers is the schema's."""
    source = (SOURCE / "lib/bom/spdx_ids.c").read_text(encoding="utf-8")
    table = set(re.findall(r'"([^"]+)",', source))
    wanted = set(spdx_identifiers())
    assert table == wanted, "tools/spdx-ids has to run: %s" % sorted(table ^ wanted)[:5]


def documents():
    yield from (["product"], ["empty"], ["hostile"], ["large", "300"])
    cases = VECTORS / "lockfiles" / "cases"
    for name, kind in (("package-lock.json", "npm"), ("npm-shrinkwrap.json", "npm"), ("status", "dpkg")):
        for path in sorted(cases.rglob(name)):
            yield [kind, str(path)]
    if os.path.exists("/var/lib/dpkg/status"):
        yield ["dpkg", "/var/lib/dpkg/status"]


def report(number, name, run):
    try:
        run()
    except AssertionError as error:
        print("not ok %d - %s\n# %s" % (number, name, str(error).replace("\n", " ")))
        return 1
    print("ok %d - %s" % (number, name), flush=True)
    return 0


def main():
    schema = validator()
    runs = [("SPDX identifiers", check_identifiers)]
    for arguments in documents():
        name = " ".join(arguments).replace(str(VECTORS), "vectors").replace("#", "")
        runs.append((name, lambda a=arguments: check(sys.argv[1], schema, a)))
    print("1..%d" % len(runs))
    return 1 if sum([report(i, *run) for i, run in enumerate(runs, 1)]) else 0


try:
    import jsonschema
except ImportError:
    skip_all("python3-jsonschema is not installed")
if not (SCHEMAS / "bom-1.6.schema.json").exists():
    skip_all("no official schema: %s" % SCHEMAS)
sys.exit(main())
