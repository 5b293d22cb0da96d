#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real packages, through the machine's own clients: npm's registry and Debian's archive, with the wheels, jars and Go
sources that are in Debian's packages.

Reports in TAP. Where a client or its registry cannot be reached, the cases say so and are skipped;
no registry is named here, the clients know theirs."""
import base64
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BULLA = os.path.abspath(sys.argv[1])
PACKAGE = {"name": "real", "version": "1.0.0", "private": True,
           "dependencies": {"@babel/code-frame": "7.24.7", "esbuild": "0.24.2", "alias": "npm:ms@2.1.3"}}
DEBS = ["hostname", "libjansson4", "base-files", "debconf", "zlib1g"]


def call(command, folder, **env):
    """Exit status and output; a client that hangs counts as unreachable."""
    try:
        done = subprocess.run(command, cwd=folder, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired) as problem:
        return 99, str(problem)


def flip(path):
    with open(path, "rb") as file:
        content = bytearray(file.read())
    content[len(content) // 2] ^= 1
    os.chmod(path, 0o644)
    with open(path, "wb") as file:
        file.write(content)


def expect(number, name, exit_status, got, *texts):
    status, out = got
    good = status == exit_status and all(text in out for text in texts)
    print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in [f"exit {status}, not {exit_status}", *out.split("\n")]))
    return good


def skip(first, count, why):
    for number in range(first, first + count):
        print(f"ok {number} - real packages # SKIP {why}", flush=True)
    return True


def npm(folder, first):
    if not shutil.which("npm"):
        return skip(first, 3, "npm is not installed")
    cache = os.path.join(folder, "cache")
    with open(os.path.join(folder, "package.json"), "w") as file:
        json.dump(PACKAGE, file)
    status, out = call(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"], folder, npm_config_cache=cache)
    if status != 0:
        return skip(first, 3, "the npm registry cannot be reached")
    verify = [BULLA, "verify", "."]
    good = expect(first, "a project that npm installed is allowed, from npm's own cache", 0,
                  call(verify, folder, npm_config_cache=cache), "0 denied + 0 unproven", "RESULT: ALLOWED")
    again = call([BULLA, "sbom", "-o", "purl", "."], folder)
    good &= expect(first + 1, "its packages are listed, an alias by its real name", 0, again,
                   "pkg:npm/%40babel/code-frame@7.24.7", "pkg:npm/ms@2.1.3")
    for top, _, files in sorted(os.walk(os.path.join(cache, "_cacache", "content-v2", "sha512"))):
        if files:
            flip(os.path.join(top, files[0]))
            break
    return good & expect(first + 2, "one flipped bit in the cache is refused", 1,
                         call(verify, folder, npm_config_cache=cache), "hash-mismatch", "RESULT: DENIED")


ATTESTATIONS = os.path.join(ROOT, "..", "shared", "vectors", "npm")
TRUSTED_ROOT = os.path.join(ROOT, "..", "shared", "vectors", "sigstore", "roots", "trusted_root.prod.json")


def npm_attested(folder, first):
    """The archive of a real package, its attestations, the registry's keys and Sigstore's public-good root."""
    given = [os.path.join(ATTESTATIONS, name) for name in ("keys.json", "attestations-sigstore.json")]
    if not all(os.path.exists(path) for path in [*given, TRUSTED_ROOT]):
        return skip(first, 3, "../shared/vectors is not there")
    status, _ = call(["npm", "pack", "--ignore-scripts", "sigstore@1.0.0"], folder, npm_config_cache=os.path.join(folder, "cache"))
    archive = os.path.join(folder, "sigstore-1.0.0.tgz")
    if status != 0 or not os.path.exists(archive):
        return skip(first, 3, "the npm registry cannot be reached")
    verify = [BULLA, "verify", "-v", "--trusted-root", TRUSTED_ROOT, "--key", given[0], "--signature", given[1],
              "--package-name", "sigstore", "--package-version", "1.0.0", "--builder", "https://github.com/npm/cli", "--source"]
    good = expect(first, "a package of npm with its attestations: builder, source and commit are shown", 0,
                  call([*verify, "github.com/sigstore/sigstore-js", archive], folder), "RESULT: ALLOWED", "registry-signature",
                  "https://github.com/npm/cli@9.4.2", "https://github.com/sigstore/sigstore-js",
                  "06528997c3c8ab9f864fad9a3658446aca7fd86d")
    good &= expect(first + 1, "the same of another source is refused", 1,
                   call([*verify, "github.com/sigstore/sigstore-jS", archive], folder), "source-mismatch", "RESULT: DENIED")
    flip(archive)
    return good & expect(first + 2, "one byte of the archive changed is refused", 1,
                         call([*verify, "github.com/sigstore/sigstore-js", archive], folder), "RESULT: DENIED")


def debian(folder, first):
    status, lists = call(["apt-config", "shell", "LISTS", "Dir::State::lists/d"], folder)
    if status != 0 or "'" not in lists:
        return skip(first, 2, "apt is not installed")
    status, out = call(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *DEBS], folder)
    debs = sorted(name for name in os.listdir(folder) if name.endswith(".deb"))
    if status != 0 or len(debs) != len(DEBS):
        return skip(first, 2, "Debian's archive cannot be reached")
    verify = [BULLA, "verify", "--trust", os.path.join(ROOT, "keys"), "--archives", ".", "-L", "apt:" + lists.split("'")[1]]
    good = expect(first, "packages of Debian are allowed by the certificates in keys/", 0, call(verify, folder),
                  f"{len(DEBS)} total = {len(DEBS)} allowed", "debian-archive")
    flip(os.path.join(folder, debs[0]))
    return good & expect(first + 1, "one flipped bit in a .deb is refused", 1, call(verify, folder), "hash-mismatch", debs[0])


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def unpack(folder, *packages):
    """What these packages of Debian hold, below folder/root; None when they cannot be had."""
    status, _ = call(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *packages], folder)
    debs = glob.glob(os.path.join(folder, "*.deb"))
    if status != 0 or len(debs) != len(packages):
        return None
    for deb in debs:
        if call(["dpkg-deb", "-x", deb, "root"], folder)[0] != 0:
            return None
    return os.path.join(folder, "root")


def wheels(folder, first):
    root = unpack(folder, "python3-pip-whl", "python3-setuptools-whl")
    found = glob.glob(f"{root}/usr/share/python-wheels/*.whl") if root else []
    if not found:
        return skip(first, 2, "Debian's wheels cannot be had")
    archives = os.path.join(folder, "archives")
    os.mkdir(archives)
    lines = []
    for path in sorted(found):
        name, version = os.path.basename(path).split("-")[:2]
        lines.append(f"{name}=={version} --hash=sha256:{hashlib.sha256(read(path)).hexdigest()}\n")
        shutil.copy(path, archives)
    write(os.path.join(folder, "requirements.txt"), "".join(lines))
    verify = [BULLA, "verify", "--archives", "archives", "-L", "requirements:requirements.txt"]
    good = expect(first, "wheels of Debian hold what their RECORD lists", 0, call(verify, folder),
                  f"{len(found)} total = {len(found)} allowed")
    last = os.path.join(archives, os.path.basename(sorted(found)[-1]))
    with zipfile.ZipFile(last, "a") as wheel:
        wheel.writestr("evil.pth", "import os\n")
    lines[-1] = lines[-1].split("sha256:")[0] + "sha256:" + hashlib.sha256(read(last)).hexdigest() + "\n"
    write(os.path.join(folder, "requirements.txt"), "".join(lines))
    return good & expect(first + 1, "a file that was put into a wheel is refused, also when that wheel is pinned", 1,
                         call(verify, folder), "unlisted-file", "evil.pth")


def npm_tree(folder, first):
    if not shutil.which("npm"):
        return skip(first, 4, "npm is not installed")
    cache = os.path.join(folder, "cache")
    write(os.path.join(folder, "package.json"), json.dumps(PACKAGE))
    install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    if call(install, folder, npm_config_cache=cache)[0] != 0:
        return skip(first, 4, "the npm registry cannot be reached")
    verify = [BULLA, "verify", "--tree", "node_modules", "."]
    good = expect(first, "what npm installed is the same as its archives", 0,
                  call([*verify, "-v"], folder, npm_config_cache=cache), "digest, contents, tree", "RESULT: ALLOWED")
    good &= expect(first + 1, "a checkout does not differ from its lockfile", 0,
                   call([BULLA, "diff", ".", "package-lock.json"], folder), "0 differences", "RESULT: SAME")
    flip(os.path.join(folder, "node_modules", "alias", "index.js"))
    good &= expect(first + 2, "one changed byte of an installed file is refused by its path", 1,
                   call(verify, folder, npm_config_cache=cache), "changed 1, added 0, missing 0",
                   "hash-mismatch  node_modules/alias/index.js")
    shutil.copytree(os.path.join(folder, "node_modules", "alias"), os.path.join(folder, "node_modules", "evil"))
    return good & expect(first + 3, "a package that no lockfile names is refused", 1,
                         call(verify, folder, npm_config_cache=cache), "unlisted-file  node_modules/evil")


def python_tree(folder, first):
    root = unpack(folder, "python3-pip-whl", "python3-setuptools-whl")
    found = sorted(glob.glob(f"{root}/usr/share/python-wheels/*.whl")) if root else []
    pip = [path for path in found if os.path.basename(path).startswith("pip-")]
    if not pip:
        return skip(first, 2, "Debian's wheels cannot be had")
    tree = os.path.join(folder, "site-packages")
    status, _ = call([sys.executable, os.path.join(pip[0], "pip"), "install", "--no-index", "--no-deps", "--target", tree, *found], folder)
    if status != 0:
        return skip(first, 2, "pip does not install Debian's wheels")
    write(os.path.join(folder, "requirements.txt"), "".join(
        "{0}=={1} --hash=sha256:{2}\n".format(*os.path.basename(path).split("-")[:2], hashlib.sha256(read(path)).hexdigest()) for path in found))
    shutil.rmtree(os.path.join(tree, "bin"), ignore_errors=True)  # where --target puts what is outside of site-packages else
    verify = [BULLA, "verify", "--archives", os.path.dirname(found[0]), "--tree", "site-packages", "-L", "requirements:requirements.txt"]
    good = expect(first, "what pip installed is the same as its wheels", 0, call(verify, folder), f"{len(found)} total = {len(found)} allowed")
    write(os.path.join(tree, "evil.pth"), "import os\n")
    return good & expect(first + 1, "a file that is of no package is refused", 1, call(verify, folder), "unlisted-file  site-packages/evil.pth")


METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<verification-metadata xmlns="https://schema.gradle.org/dependency-verification">
   <components>
      <component group="{0}" name="{1}" version="{2}">
         <artifact name="{1}-{2}.jar"><sha256 value="{3}"/></artifact>
      </component>
   </components>
</verification-metadata>
"""


def jars(folder, first):
    root = unpack(folder, "libcommons-lang3-java")
    found = glob.glob(f"{root}/usr/share/maven-repo/org/apache/commons/commons-lang3/[0-9]*/*.jar") if root else []
    if not found:
        return skip(first, 2, "Debian's jars cannot be had")
    group, name, version = "org.apache.commons", "commons-lang3", os.path.basename(os.path.dirname(found[0]))
    jar = read(found[0])
    path = os.path.join(folder, "gradle", "verification-metadata.xml")
    good = True
    for number, pinned, status, texts in ((first, version, 0, ["1 total = 1 allowed"]),
                                          (first + 1, "9.9", 1, ["subject-mismatch", version])):
        write(path, METADATA.format(group, name, pinned, hashlib.sha256(jar).hexdigest()))
        os.makedirs(os.path.join(folder, "archives"), exist_ok=True)
        with open(os.path.join(folder, "archives", f"{name}-{pinned}.jar"), "wb") as file:
            file.write(jar)
        verify = [BULLA, "verify", "--archives", "archives", "-L", "gradle_verification:" + path]
        good &= expect(number, f"a jar of Debian, pinned as version {pinned}", status, call(verify, folder), *texts)
    return good


def module_files(source):
    """What Go packs: no folder with a go.mod of its own, no vendored package."""
    for top, folders, files in os.walk(source):
        folders[:] = [f for f in sorted(folders) if f != "vendor" and not os.path.exists(os.path.join(top, f, "go.mod"))]
        for name in sorted(files):
            path = os.path.join(top, name)
            if not os.path.islink(path):
                yield os.path.relpath(path, source), path


def h1(files):
    lines = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()


def go_modules(folder, first):
    module, version = "golang.org/x/mod", "v0.7.0"
    root = unpack(folder, "golang-golang-x-mod-dev")
    source = f"{root}/usr/share/gocode/src/{module}"
    if not root or not os.path.isdir(source):
        return skip(first, 2, "Debian's Go sources cannot be had")
    files = {f"{module}@{version}/{name}": read(path) for name, path in module_files(source)}
    path = os.path.join(folder, "archives", module, "@v", version + ".zip")
    os.makedirs(os.path.dirname(path))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    write(os.path.join(folder, "go.mod"), f"module example.org/app\n\ngo 1.20\n\nrequire {module} {version}\n")
    mod = h1({"go.mod": files[f"{module}@{version}/go.mod"]})
    verify = [BULLA, "verify", "--archives", "archives", "-L", "golang:go.mod"]
    good = True
    for number, change, status, texts in ((first, "", 0, ["1 total = 1 allowed"]),
                                          (first + 1, "changed", 1, ["hash-mismatch", "h1:"])):
        pinned = {**files, f"{module}@{version}/go.mod": files[f"{module}@{version}/go.mod"] + change.encode()}
        write(os.path.join(folder, "go.sum"), f"{module} {version} {h1(pinned)}\n{module} {version}/go.mod {mod}\n")
        good &= expect(number, f"a Go module of Debian's source, its h1 {change or 'as it is'}", status,
                       call(verify, folder), *texts)
    return good


def apt_sources():
    """The machine's own list of archives, asked for sources instead of packages; by file name."""
    _, out = call(["apt-config", "shell", "PARTS", "Dir::Etc::sourceparts/d", "LIST", "Dir::Etc::sourcelist/f"], ROOT)
    words = out.split("'") + [""] * 4
    paths = [words[3], *glob.glob(words[1] + "*.list"), *glob.glob(words[1] + "*.sources")]
    for path in filter(os.path.isfile, paths):
        text = read(path).decode()
        text = re.sub(r"(?m)^Types:.*", "Types: deb-src", text) if path.endswith(".sources") else re.sub(r"(?m)^deb ", "deb-src ", text)
        yield os.path.basename(path), text


def sources(folder, *packages):
    """The archives that these packages of Debian were made of, which is what their ecosystem publishes; by package."""
    os.makedirs(os.path.join(folder, "lists", "partial"))
    for name, text in apt_sources():
        write(os.path.join(folder, "parts", name), text)
    apt = ["apt-get", "-qq", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={folder}/parts",
           "-o", f"Dir::State::lists={folder}/lists", "-o", "APT::Sandbox::User=root"]
    if call([*apt, "update"], folder)[0] != 0:
        return {}
    for package in packages:
        call([*apt, "source", "--download-only", "--tar-only", package], folder)
    found = {}
    for path in glob.glob(os.path.join(folder, "*.orig.tar.gz")):
        package, _, version = os.path.basename(path)[:-len(".orig.tar.gz")].partition("_")
        found[package] = path, version
    return found


CARGO_LOCK = """version = 4

[[package]]
name = "app"
version = "1.0.0"
dependencies = [
 "{0}",
]

[[package]]
name = "{0}"
version = "{1}"
source = "registry+https://localhost/index"
checksum = "{2}"
"""
CONTENTS_ONLY = 'schema = "bulla.policy/1"\n[[rule]]\nname = "contents"\nmatch = ["**"]\nrequire = ["contents"]\n'


def put_archive(folder, path, name):
    os.makedirs(os.path.join(folder, "archives"), exist_ok=True)
    shutil.copy(path, os.path.join(folder, "archives", name))


def crate(folder, found, first):
    if "rust-libc" not in found:
        return skip(first, 2, "Debian's crates cannot be had")
    path, version = found["rust-libc"]
    good = True
    for number, locked, status, texts in ((first, version, 0, ["1 total = 1 allowed"]),
                                          (first + 1, "9.9.9", 1, ["subject-mismatch", version])):
        put_archive(folder, path, f"libc-{locked}.crate")
        write(os.path.join(folder, "Cargo.lock"), CARGO_LOCK.format("libc", locked, hashlib.sha256(read(path)).hexdigest()))
        good &= expect(number, f"a crate of Debian, locked as version {locked}", status,
                       call([BULLA, "verify", "--archives", "archives", "-L", "cargo:Cargo.lock"], folder), *texts)
    return good


def unpinned(folder, found, package, name, lockfile, kind, number):
    """Where lockfiles pin no digest, only the contents can be judged."""
    if package not in found:
        return skip(number, 1, f"Debian's source of {name} cannot be had")
    path, version = found[package]
    put_archive(folder, path, f"{name}-{version}.tar.gz")
    put_archive(folder, path, f"{name}_{version}.tar.gz")
    write(os.path.join(folder, kind + ".lock"), lockfile.format(name, version))
    write(os.path.join(folder, "policy.toml"), CONTENTS_ONLY)
    verify = [BULLA, "verify", "--policy", "policy.toml", "--archives", "archives", "-L", f"{kind}:{kind}.lock"]
    return expect(number, f"the source of {name} is what it is locked as", 0, call(verify, folder), "1 total = 1 allowed")


RENV_LOCK = ('{{"R":{{"Version":"4.2.0","Repositories":[]}},"Packages":{{"{0}":{{"Package":"{0}","Version":"{1}",'
             '"Source":"Repository","Repository":"CRAN","Hash":"470851b6d5d0ac559e9d01bb352b4021"}}}}}}')


def source_archives(folder, first):
    found = sources(folder, "rust-libc", "haskell-hashable", "r-cran-r6")
    good = crate(folder, found, first)
    good &= unpinned(folder, found, "haskell-hashable", "hashable", "constraints: any.{0} =={1}\n", "cabal", first + 2)
    return good & unpinned(folder, found, "r-cran-r6", "R6", RENV_LOCK, "renv", first + 3)


RUBY = ["ruby3.1", "libruby3.1", "ruby-rubygems", "libyaml-0-2", "libgmp10"]
GEMSPEC = """Gem::Specification.new do |s|
  s.name, s.version, s.summary, s.authors = "demo", "1.2.3", "\\"a\\"\\nname: b", ["A"]
  s.description = "c\\nd\\n\\nname: e\\n  version: 9\\n"
  s.files, s.platform = ["demo.gemspec"], "x86_64-linux-gnu"
  s.add_dependency "rake", ">= 1.0", "< 15"
end
"""
GEMFILE_LOCK = """GEM
  remote: https://localhost/
  specs:
    demo (1.2.3-x86_64-linux)
      rake (>= 1.0, < 15)
    rake (13.0.0)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  demo

CHECKSUMS
  demo (1.2.3-x86_64-linux) sha256={0}
  rake (13.0.0)
"""


def gem(folder, first):
    root = unpack(folder, *RUBY)
    ruby = f"{root}/usr/bin/ruby3.1"
    write(os.path.join(folder, "demo.gemspec"), GEMSPEC)
    paths = [f"{root}/usr/lib/{path}" for path in ("ruby/3.1.0", "x86_64-linux-gnu/ruby/3.1.0", "ruby/vendor_ruby")]
    pack = 'require "rubygems"; require "rubygems/package"; Gem::Package.build(Gem::Specification.load("demo.gemspec"))'
    status, _ = call([ruby, "--disable-gems", "-e", pack], folder, RUBYLIB=":".join(paths),
                     LD_LIBRARY_PATH=f"{root}/usr/lib/x86_64-linux-gnu") if root else (1, "")
    path = os.path.join(folder, "demo-1.2.3-x86_64-linux.gem")
    if status != 0 or not os.path.exists(path):
        return skip(first, 1, "Debian's Ruby cannot be had, or is for another machine")
    put_archive(folder, path, os.path.basename(path))
    write(os.path.join(folder, "Gemfile.lock"), GEMFILE_LOCK.format(hashlib.sha256(read(path)).hexdigest()))
    return expect(first, "a gem that RubyGems packed is what it is locked as", 3,
                  call([BULLA, "verify", "-v", "--archives", "archives", "-L", "bundler:Gemfile.lock"], folder),
                  "ALLOWED   pkg:gem/demo@1.2.3", "2 total = 1 allowed")


def main():
    print("1..25")
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="bulla-real-")
    try:
        with tempfile.TemporaryDirectory(prefix="bulla-real-") as top:
            good = True
            for name, cases, first in (("npm", npm, 1), ("debian", debian, 4), ("wheels", wheels, 6), ("jars", jars, 8),
                                       ("go", go_modules, 10), ("sources", source_archives, 12), ("gem", gem, 16), ("npm_tree", npm_tree, 17), ("python_tree", python_tree, 21),
                                       ("npm_attested", npm_attested, 23)):
                os.mkdir(os.path.join(top, name))
                good &= cases(os.path.join(top, name), first)
            return 0 if good else 1
    finally:
        shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)


sys.exit(main())
