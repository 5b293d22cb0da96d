# SPDX-License-Identifier: MIT
"""A TUF repository that is made while one looks on: metadata is a set of Python objects until it is published,
signed with keys of openssl's, and served from memory on the loopback address."""
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
import urllib.parse

ADAPTER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "conformance", "tuf-client")
NOW = "2026-01-10T00:00:00Z"
LATER = "2026-02-10T00:00:00Z"
PAST = "2026-01-01T00:00:00Z"
TOP = ("root", "timestamp", "snapshot", "targets")
RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
KINDS = {  # keytype, scheme, how the key is made, how it signs
    "ed25519": ("ed25519", "ed25519", ["-algorithm", "ed25519"], []),
    "p256": ("ecdsa", "ecdsa-sha2-nistp256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], ["-sha256"]),
    "p256_old": ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
                 ["-sha256"]),
    "p384": ("ecdsa", "ecdsa-sha2-nistp384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], ["-sha384"]),
    "rsa": ("rsa", "rsassa-pss-sha256", RSA, ["-sha256", "-sigopt", "rsa_pss_saltlen:digest"]),
    "rsa_longest_salt": ("rsa", "rsassa-pss-sha256", RSA, ["-sha256", "-sigopt", "rsa_pss_saltlen:max"]),
    "rsa_sha384": ("rsa", "rsassa-pss-sha384", RSA, ["-sha384", "-sigopt", "rsa_pss_saltlen:digest"]),
    "rsa_sha512": ("rsa", "rsassa-pss-sha512", RSA, ["-sha512", "-sigopt", "rsa_pss_saltlen:max"]),
}


def canonical(value):
    """OLPC canonical JSON: sorted keys, no blanks, nothing escaped but the quote and the backslash."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(k)}:{canonical(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return json.dumps(value)


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, check=True, capture_output=True).stdout


class Key:
    folder = tempfile.TemporaryDirectory()
    made = []

    def __init__(self, kind="ed25519"):
        self.kind, self.path = kind, os.path.join(self.folder.name, f"{len(self.made)}.pem")
        self.made.append(self)
        openssl("genpkey", *KINDS[kind][2], "-out", self.path)
        keytype, scheme, _, _ = KINDS[kind]
        public = openssl("pkey", "-in", self.path, "-pubout").decode()
        if kind == "ed25519":
            public = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")[-32:].hex()
        self.object = {"keytype": keytype, "scheme": scheme, "keyval": {"public": public}}
        self.id = hashlib.sha256(canonical(self.object).encode()).hexdigest()

    def sign(self, data):
        if self.kind == "ed25519":
            with tempfile.NamedTemporaryFile() as file:
                file.write(data)
                file.flush()
                return openssl("pkeyutl", "-sign", "-inkey", self.path, "-rawin", "-in", file.name).hex()
        pss = ["-sigopt", "rsa_padding_mode:pss"] if KINDS[self.kind][0] == "rsa" else []
        return openssl("dgst", "-sign", self.path, *pss, *KINDS[self.kind][3], data=data).hex()


class Keys:
    """Keys are dear: the nth of a kind is the same in every case."""
    pool = {}

    @classmethod
    def nth(cls, number, kind="ed25519"):
        if (number, kind) not in cls.pool:
            cls.pool[number, kind] = Key(kind)
        return cls.pool[number, kind]


class Repository:
    def __init__(self, consistent=True):
        self.served, self.requests, self.artifacts = {}, [], {}
        self.compute_hashes = False
        self.fresh = 100
        self.signers = {role: [Keys.nth(i)] for i, role in enumerate(TOP)}
        self.root = self.body("root", consistent_snapshot=consistent, keys={}, roles={})
        for role in TOP:
            self.root["roles"][role] = {"keyids": [], "threshold": 1}
            for key in self.signers[role]:
                self.authorize(role, key)
        self.targets = self.body("targets", targets={})
        self.snapshot = self.body("snapshot", meta={"targets.json": {"version": 1}})
        self.timestamp = self.body("timestamp", meta={"snapshot.json": {"version": 1}})
        self.delegated = {}
        self.publish("root", "targets", "snapshot", "timestamp", bump=False)

    @staticmethod
    def body(kind, **fields):
        return {"_type": kind, "spec_version": "1.0.34", "version": 1, "expires": LATER, **fields}

    def of(self, role):
        return getattr(self, role) if role in TOP else self.delegated[role]

    def authorize(self, role, key, keyid=None):
        self.root["keys"][keyid or key.id] = key.object
        self.root["roles"][role]["keyids"].append(keyid or key.id)

    def another_key(self):
        self.fresh += 1
        return Keys.nth(self.fresh)

    def add_key(self, role):
        key = self.another_key()
        self.authorize(role, key)
        self.signers[role].append(key)

    def rotate(self, role):
        self.root["roles"][role]["keyids"].clear()
        self.signers[role].clear()
        self.add_key(role)

    def signed(self, role):
        """The file of a role as it is now."""
        data = canonical(self.of(role)).encode()
        rows = [{"keyid": key.id, "sig": key.sign(data)} for key in self.signers[role]]
        return json.dumps({"signed": self.of(role), "signatures": rows}, indent=1).encode()

    def put(self, role, text):
        version = self.of(role)["version"]
        name = urllib.parse.quote(role, "")
        if role == "root" or (role != "timestamp" and self.root["consistent_snapshot"]):
            name = f"{version}.{name}"
        self.served[f"/metadata/{name}.json"] = text

    def list_in(self, lister, name, text, version):
        entry = {"version": version}
        if self.compute_hashes:
            entry.update(length=len(text), hashes={"sha256": hashlib.sha256(text).hexdigest()})
        lister["meta"][name] = entry

    def publish(self, *roles, bump=True, lists=True):
        """A new version of each role, and what lists it says so; in the order in which they are named."""
        for role in roles:
            self.of(role)["version"] += bump
            text = self.signed(role)
            self.put(role, text)
            if lists and role == "snapshot":
                self.list_in(self.timestamp, "snapshot.json", text, self.snapshot["version"])
            elif lists and role not in ("root", "timestamp"):
                self.list_in(self.snapshot, f"{role}.json", text, self.of(role)["version"])

    def publish_all(self, *roles):
        self.publish(*roles, "snapshot", "timestamp")

    def delegate(self, delegator, name, key=None, body=None, **fields):
        """Targets of `name`, delegated by another role; more delegators may follow."""
        key = key or self.signers.get(name, [self.another_key()])[0]
        self.signers.setdefault(name, [key])
        self.delegated.setdefault(name, body or self.body("targets", targets={}))
        delegations = self.of(delegator).setdefault("delegations", {"keys": {}, "roles": []})
        delegations["keys"][key.id] = key.object
        fields = fields if {"paths", "path_hash_prefixes"} & set(fields) else {"paths": ["*"], **fields}
        delegations["roles"].append({"name": name, "keyids": [key.id], "threshold": 1, "terminating": False, **fields})

    def add_artifact(self, role, path, content, hashes=("sha256",)):
        digests = {name: hashlib.new(name, content).hexdigest() for name in hashes}
        self.of(role)["targets"][path] = {"length": len(content), "hashes": digests}
        self.serve_artifact(path, content, digests.values())

    def serve_artifact(self, path, content, names):
        folder, slash, last = path.rpartition("/")
        for name in names if self.root["consistent_snapshot"] else [None]:
            last_part = f"{name}.{last}" if name else last
            self.served[f"/targets/{folder}{slash}{last_part}"] = content

    def replace_artifact(self, path, content):
        for name in [n for n in self.served if n.startswith("/targets/") and n.endswith(path.rpartition("/")[2])]:
            self.served[name] = content


class Server:
    """Serves one repository at a time."""

    def __init__(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                repository = outer.repository
                repository.requests.append(self.path)
                body = repository.served.get(self.path)
                if body is None:
                    return self.send_error(404)
                self.send_response(200)
                self.end_headers()
                for chunk in body if callable(getattr(body, "__next__", None)) else [body]:
                    self.wfile.write(chunk)

            def log_message(self, *_):
                pass

        self.repository = None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # a client that has enough hangs up
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Client:
    """Follows a repository with `bulla tuf`."""

    def __init__(self, bulla, server, repository, root=None):
        self.bulla, self.server, self.repository = bulla, server, repository
        server.repository = repository
        self.home = tempfile.TemporaryDirectory()
        self.metadata, self.targets = (os.path.join(self.home.name, name) for name in ("metadata", "targets"))
        os.mkdir(self.targets)
        path = os.path.join(self.home.name, "root.json")
        with open(path, "wb") as file:
            file.write(root or repository.served["/metadata/1.root.json"])
        self.started = self.run("init", "--metadata", self.metadata, path)

    def run(self, *words):
        done = subprocess.run([self.bulla, "tuf", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.said = done.stdout + done.stderr
        return done.returncode

    def protocol(self, command, *words, targets=(), clock=(), again=False):
        """The same, in the words of the public suite."""
        if again:
            shutil.rmtree(self.metadata)
            os.mkdir(self.metadata)
        options = ["--metadata-dir", self.metadata]
        if command != "init":
            options += ["--metadata-url", self.server.url + "/metadata"]
        for name in targets:
            options += ["--target-name", name, "--target-dir", self.targets, "--target-base-url", self.server.url + "/targets/"]
        done = subprocess.run([*clock, ADAPTER, *options, command, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, env={**os.environ, "BULLA": self.bulla})
        self.said = done.stdout + done.stderr
        return done.returncode

    def repository_words(self, at):
        return ["--metadata", self.metadata, "--url", self.server.url + "/metadata", "--at", at, "--allow-loopback-http"]

    def refresh(self, at=NOW):
        self.repository.requests.clear()
        return self.run("refresh", *self.repository_words(at))

    def download(self, *names, at=NOW):
        self.repository.requests.clear()
        return self.run("download", *self.repository_words(at), "--targets-url", self.server.url + "/targets/",
                        "--into", self.targets, "--", *names)

    def asked(self):
        """The metadata that was asked for, as the repository names it."""
        return [path[len("/metadata/"):-len(".json")] for path in self.repository.requests if path.startswith("/metadata/")]

    def trusted(self):
        found = {}
        for name in sorted(os.listdir(self.metadata)):
            with open(os.path.join(self.metadata, name), "rb") as file:
                found[name[:-len(".json")]] = json.load(file)["signed"]["version"]
        return found

    def version(self, role):
        return self.trusted().get(role)

    def artifacts(self):
        found = []
        for name in sorted(os.listdir(self.targets)):
            with open(os.path.join(self.targets, name), "rb") as file:
                found.append(file.read())
        return found
