# SPDX-License-Identifier: MIT
"""What the round trips with other tools share: cases in TAP, tools that may be missing, flipped bits.

    @case("minisign accepts what bulla signs", needs=["minisign"])
    def test(folder): …        # fails by an exception, an assertion among them

    main()"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

BULLA = os.path.abspath(sys.argv[1])
CASES = []


def case(name, needs=()):
    def add(function):
        CASES.append((name, needs, function))
        return function
    return add


def run(*command, folder=None, stdin=None, **env):
    """Exit status, standard output, standard error; `stdin` is bytes."""
    done = subprocess.run([str(word) for word in command], cwd=folder, input=stdin or b"", capture_output=True,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **env}, timeout=120)
    return done.returncode, done.stdout, done.stderr


def good(*command, **options):
    """Standard output of a command that must succeed."""
    status, out, err = run(*command, **options)
    assert status == 0, f"{command[0]} {command[1:]}: exit {status}\n{out.decode(errors='replace')}{err.decode(errors='replace')}"
    return out


def refused(*command, **options):
    """A command that must fail, by a status and not by a signal."""
    status, out, err = run(*command, **options)
    assert 0 < status < 100, f"{command}: exit {status}\n{out.decode(errors='replace')}{err.decode(errors='replace')}"
    return out + err


def bulla(*words, **options):
    return good(BULLA, *words, **options)


def bulla_refuses(*words, **options):
    """Refused as something that is wrong, unproven or malformed: never a usage or an internal error."""
    status, out, err = run(BULLA, *words, **options)
    assert status in (1, 3, 6), f"{words}: exit {status}\n{out.decode(errors='replace')}{err.decode(errors='replace')}"
    return out + err


def put(path, content):
    with open(path, "wb") as file:
        file.write(content)
    return path


def get(path):
    with open(path, "rb") as file:
        return file.read()


def npm(name, packages):
    """What node needs to find these packages (its environment), and what to tell case(): they are installed once, with the
    machine's own npm, into the cache of the user. Without npm, or where that reaches no registry, cases are skipped."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(cache, "bulla-interop", f"{name}-{packages[0].rpartition('@')[2]}")
    if not os.path.isdir(folder) and shutil.which("npm"):
        npm_install(folder, packages)
    needs = "node" if os.path.isdir(folder) else name
    return {"NODE_PATH": os.path.join(folder, "node_modules")}, [needs]


def npm_install(folder, packages):
    fresh = f"{folder}.{os.getpid()}"
    os.makedirs(fresh)
    try:
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", *packages], cwd=fresh,
                       check=True, capture_output=True, timeout=120)
        os.rename(fresh, folder)
    except (OSError, subprocess.SubprocessError):
        shutil.rmtree(fresh, ignore_errors=True)


def flipped(content, bits):
    """The content with one bit changed, for each of these bit numbers."""
    for bit in bits:
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def spread(content, count):
    """`count` bit numbers spread over the content, first and last byte among them."""
    last = len(content) * 8 - 1
    return sorted({last * i // (count - 1) for i in range(count)}) if len(content) > 0 else []


def main():
    print(f"1..{len(CASES)}", flush=True)
    failed = False
    for number, (name, needs, function) in enumerate(CASES, 1):
        missing = [tool for tool in needs if shutil.which(tool) is None]
        if missing:
            print(f"ok {number} - {name} # SKIP {', '.join(missing)} is not installed", flush=True)
            continue
        with tempfile.TemporaryDirectory(prefix="bulla-interop-") as folder:
            try:
                function(folder)
                print(f"ok {number} - {name}", flush=True)
            except Exception:  # whatever went wrong is shown, and the other cases still run
                failed = True
                print(f"not ok {number} - {name}", flush=True)
                print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
    sys.exit(failed)
