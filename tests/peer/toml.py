#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Our TOML reader against Python's: over many generated texts, good ones and spoiled ones, both accept the
same and mean the same, fields in the same order. Usage: toml.py DUMP [COUNT [SEED]]"""
import datetime
import json
import random
import subprocess
import sys

try:
    import tomllib
except ImportError:
    print("1..0 # SKIP this Python has no tomllib")
    sys.exit(0)

# Intended differences, and no others: where tomllib accepts, these codes of ours are right too.
#   resource-limit  deeper than BU_LIMIT_TREE_DEPTH
#   bad-number      an integer beyond 64 bits, a time before 1970
#   bad-encoding    U+0000 in a string
# Where tomllib refuses, a local date in the year 0 is right: its own type begins with the year 1.
BEYOND = "beyond what we take"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Real(str):
    """A number as it was written."""


def meaning(value):
    """What tomllib read, in the form that toml_dump writes."""
    if isinstance(value, dict):
        return ["table", [[text(key), meaning(field)] for key, field in value.items()]]
    if isinstance(value, list):
        return ["array", [meaning(element) for element in value]]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["integer", value, str(value)] if -2**63 <= value < 2**63 else [BEYOND]
    if isinstance(value, Real):
        return ["real", str(value)]
    if isinstance(value, str):
        return ["string", text(value)]
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return ["time", (value - EPOCH) // datetime.timedelta(seconds=1)] if value >= EPOCH else [BEYOND]
    return ["local", value.isoformat()]


def text(value):
    return BEYOND if "\0" in value else value


def theirs(source):
    """["table", ...], or None for what tomllib refuses."""
    try:
        return meaning(tomllib.loads(source.decode(), parse_float=Real))
    except (ValueError, RecursionError):
        return None


def local(value):
    """A local date or time of ours as Python writes it: it may have other separators and more digits."""
    form = {10: datetime.date, 8: datetime.time}.get(len(value), datetime.datetime)
    if value[2] == ":":
        form = datetime.time
    return form.fromisoformat(value).isoformat()


def plain(value):
    """Ours, with local times as Python writes them."""
    if value[0] == "local" and not value[1].startswith("0000"):
        return ["local", local(value[1])]
    if value[0] == "array":
        return ["array", [plain(element) for element in value[1]]]
    if value[0] == "table":
        return ["table", [[key, plain(field)] for key, field in value[1]]]
    return value


def agree(ours, peer):
    if "error" in ours:
        return peer is None or (BEYOND in json.dumps(peer) and ours["error"] in ("bad-number", "bad-encoding"))
    if peer is None:
        return '["local", "0000-' in json.dumps(ours)
    return plain(ours["value"]) == peer


class Maker:
    """Texts of TOML. Few names, so that tables meet each other often."""
    KEYS = ["a", "b", "c", "a", "b", "1", "-", '"a"', "'b'", '"\\u0061"', '""', "'é'", '"a.b"']
    SCALARS = [
        "1", "+1", "-0", "0", "1_000", "0x1F", "0xdead_BEEF", "0o17", "0b1_0", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "1.5", "-0.0", "+1_0.0_1e+0_1", "6E5", "1e-400", "inf", "-inf", "+nan", "nan", "true", "false",
        '""', '"x"', "''", "'\\'", '"\\b\\t\\n\\f\\r\\"\\\\"', '"\\u00e9\\U0001F600"', '"a\tb"', '"é€😀"', '"#"', "'\"'",
        '""""""', '"""\nx\n"""', '"""a\\\n  \n\t b"""', '"""\\  \n"""', '"""""x"""""', '"""a""b"c"""', "''''''", "'''\r\nx\r\n'''",
        "''''a'''''", '"""\r\n\\\r\n x"""', "1979-05-27T07:32:00Z", "1979-05-27 00:32:00.999999-07:00", "2000-02-29", "1900-01-01",
        "1979-05-27t07:32:00z", "1979-05-27T07:32:00.5", "07:32:00", "00:00:00.1234567", "0001-01-01", "9999-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+23:59", '"\\u0000"', "0000-01-01", "2026-11-21 ",
        # wrong ones
        "01", "-01", "1__0", "_1", "1_", "0x", "0X1", "+0x1", "0b2", "0o8", ".5", "5.", "1e", "1e+", "1._5", "1.5_", "Inf", "True", "t",
        '"\\q"', '"\\u12"', '"\\ud800"', '"\\U00110000"', '"a', "'a", '"""a', "'''a", '"""""""', '"a\nb"', "'''a''''''", '"\x7f"',
        '"""\x01"""', "2001-02-29", "2100-02-29", "1979-13-01", "1979-05-27T25:00:00Z", "07:60:00", "07:32", "1979-05-27T07:32:00+24:00",
        "1979-05-27T", "1979-5-27", "1979-05-27T07:32:60", "", "x", "\r", "\\", '"\\x20"', "'''\r'''", "-", "+", "--1", "1 2", "nil",
    ]
    GOOD = SCALARS.index("01")
    PIECES = ["[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", '"', "'", '"""', "'''", "\n", "\r\n", "\r", " ", "\t", "\\", "\0",
              "_", "-", "+", "0", "9", "a", "e", "T", ":", "x", "\x7f", "é", "\ufeff", "\xa0", "\\u", "# c\n", "a.", "= 1", ", 2"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def few(self, most):
        return self.random.choice([0, 1, 1, 1, 2, 2, 3, most])

    def key(self):
        dots = self.random.choice([".", ".", ".", " . ", "\t."])
        return dots.join(self.random.choice(self.KEYS) for _ in range(max(1, self.few(4) - 1)))

    def value(self, depth):
        kind = self.random.randrange(10)
        if depth < 4 and kind == 0:
            blank = self.random.choice(["", " ", "\n", " # c\n ", "\r\n"])
            inside = ("," + blank).join(blank + self.value(depth + 1) for _ in range(self.few(5)))
            return "[" + inside + self.random.choice(["", "", blank, "," + blank]) + "]"
        if depth < 4 and kind in (1, 2):
            fields = [self.field(depth + 1) for _ in range(self.few(4))]
            return self.random.choice(["{", "{ "]) + self.random.choice([",", ", "]).join(fields) + self.random.choice(["}", " }"])
        wrong = self.random.randrange(60) == 0
        return self.random.choice(self.SCALARS[self.GOOD:] if wrong else self.SCALARS[:self.GOOD])

    def field(self, depth):
        return self.key() + self.random.choice([" = ", "=", "\t= "]) + self.value(depth)

    def line(self):
        form = self.random.choice(["[{}]", "[[{}]]", "[ {} ]", " [[ {} ]]", None, None, None, "# {}", ""])
        line = form.format(self.key()) if form is not None else self.field(0)
        return line + self.random.choice(["", "", "", " ", " # x", "\t#"]) + self.random.choice(["\n", "\n", "\n", "\r\n"])

    def good(self):
        """A text that may be good: only its tables may clash, and one value in sixty is wrong."""
        return "".join(self.line() for _ in range(self.random.randrange(1, 9))).encode()

    def spoiled(self):
        """A good text with a few pieces put in, taken out, moved or doubled."""
        source = self.good()
        for _ in range(self.random.randrange(1, 4)):
            at, other = (self.random.randrange(len(source) + 1) for _ in range(2))
            low, high = min(at, other), min(max(at, other), min(at, other) + 8)
            piece = self.random.choice([self.random.choice(self.PIECES).encode(), source[low:high],
                                        bytes([self.random.randrange(256)]), b""])
            source = source[:at] + piece + source[at + self.random.choice([0, 0, len(piece), 1]):]
        return source


def dumped(dump, sources):
    """What our reader says of each."""
    stream = b"".join(b"%d\n%s" % (len(source), source) for source in sources)
    done = subprocess.run([dump], input=stream, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(dump, count=20000, seed=1):
    maker = Maker(int(seed))
    sources = [make() for _ in range(int(count) // 2) for make in (maker.good, maker.spoiled)]
    sources += [b"a = " + b"[" * 127 + b"]" * 127, b"\xef\xbb\xbf", b"a = \"\xff\"", b"# \xed\xa0\x80"]
    answers = dumped(dump, sources)
    peers = [theirs(source) for source in sources]
    wrong = [(source, ours, peer) for source, ours, peer in zip(sources, answers, peers) if not agree(ours, peer)]
    accepted = sum("value" in ours for ours in answers)
    print("1..3")
    print(f"{'ok' if len(answers) == len(sources) else 'not ok'} 1 - each of {len(sources)} texts has an answer")
    mixed = len(sources) // 5 < accepted < len(sources) * 4 // 5
    print(f"{'ok' if mixed else 'not ok'} 2 - many are accepted and many refused: {accepted} and {len(sources) - accepted}")
    print(f"{'not ok' if wrong else 'ok'} 3 - both readers agree")
    for source, ours, peer in wrong[:10]:
        print(f"# {source!r}\n#   ours:   {json.dumps(ours)}\n#   theirs: {json.dumps(peer)}")
    print(f"# {len(wrong)} differences" if wrong else "# no difference")
    return 1 if wrong or not mixed or len(answers) != len(sources) else 0


sys.exit(main(*sys.argv[1:]))
