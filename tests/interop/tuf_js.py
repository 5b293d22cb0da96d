#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The npm package `tuf-js`, the client that npm itself uses, follows what `bulla trust publish` writes: over new versions and
a change of owners; what is changed or older it refuses."""
import functools
import http.server
import json
import os
import shutil
import threading

from interop import bulla, case, flipped, get, good, main, npm, put, refused, spread

NODE, NEEDS = npm("tuf-js", ["tuf-js@5.0.1"])
FOLLOW = """
const { Updater } = require('tuf-js');
const [metadataDir, url, targetDir, ...targets] = process.argv.slice(2);
const updater = new Updater({ metadataDir, metadataBaseUrl: url, targetDir, targetBaseUrl: url + '/targets' });
(async () => {
  await updater.refresh();
  for (const name of targets) {
    const info = await updater.getTargetInfo(name);
    if (!info) throw new Error('no such target: ' + name);
    await updater.downloadTarget(info);
  }
})().catch((error) => { console.error(String(error)); process.exit(1); });
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Story:
    """A store of three owners, two of whom must sign; what is published of it, served; and a client."""

    def __init__(self, folder, algorithm="ed25519"):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        for name in ("a", "b", "c", "d", "online"):
            bulla("key", "new", "--allow-unencrypted", "--type", algorithm, name, folder=folder)
        self.bulla("init", "store", "--threshold", "2", "--key", "a", "--key", "b", "--public-key", "c.pub", "--online-key",
                   "online.pub")
        self.publish()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=self.path("web")))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.script = put(self.path("follow.js"), FOLLOW.encode())
        os.mkdir(self.path("metadata"))
        os.mkdir(self.path("targets"))
        shutil.copy(self.path("web/1.root.json"), self.path("metadata/root.json"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def bulla(self, command, *words):
        return bulla("trust", command, *words, folder=self.folder)

    def change(self, command, *words, keys=("a", "b")):
        said = self.bulla(command, "--trust", "store", *words, *(word for key in keys for word in ("--key", key)))
        assert b"the store is changed" in said, said

    def publish(self):
        self.bulla("publish", "web", "--trust", "store", "--key", "online")

    def words(self, targets):
        return ["node", self.script, self.path("metadata"), self.url, self.path("targets"), *targets]

    def follow(self, *targets):
        """The versions that are trusted then; the targets are the store's files."""
        good(*self.words(targets), **NODE)
        for name in targets:
            assert get(self.path(f"targets/{name}")) == get(self.path(f"store/{name}")), name
        return self.trusted()

    def refuse(self, *targets, role="targets"):
        """It is refused, and what was trusted of the role stays."""
        before = self.trusted().get(role)
        said = refused(*self.words(targets), **NODE)
        assert self.trusted().get(role) == before, said
        return said.decode()

    def trusted(self):
        found = {}
        for name in os.listdir(self.path("metadata")):
            found[name.partition(".")[0]] = json.loads(get(self.path(f"metadata/{name}")))["signed"]["version"]
        return found


def versions(root, timestamp, snapshot, targets):
    return {"root": root, "timestamp": timestamp, "snapshot": snapshot, "targets": targets}


def followed(algorithm):
    def test(folder):
        story = Story(folder, algorithm)
        assert story.follow("trust.toml") == versions(1, 1, 1, 1)
        story.change("add", "ann", "--allow-no-proof", "--public-key", "d.pub")
        story.publish()
        assert story.follow("trust.toml") == versions(1, 2, 2, 2)
        story.publish()
        assert story.follow("trust.toml") == versions(1, 3, 3, 2)
        assert "no such target" in story.refuse("none")
    return test


for name in ("ed25519", "ecdsa-p256"):
    case(f"{name}: tuf-js follows what bulla publishes, over new versions", needs=NEEDS)(followed(name))


def keyid(story, name):
    return bulla("key", "show", name, folder=story.folder).split()[0].decode()


def rotate(story, old, new, keys):
    keyid = bulla("key", "show", old + ".pub", folder=story.folder).split()[0].decode()
    story.change("rotate", "--root", "--old", keyid, "--public-key", new + ".pub", keys=keys)


@case("tuf-js follows changes of owners, also several at once", needs=NEEDS)
def rotated(folder):
    story = Story(folder)
    rotate(story, "a", "d", keys=("b", "c"))
    story.publish()
    assert story.follow("trust.toml") == versions(2, 2, 2, 2)
    rotate(story, "b", "a", keys=("c", "d"))
    story.change("rotate", "--root", "--threshold", "3", keys=("a", "c", "d"))
    story.publish()
    assert story.follow("trust.toml") == versions(4, 3, 3, 4)


@case("a root that the owners before did not sign is refused", needs=NEEDS)
def strangers(folder):
    story, other = (Story(os.path.join(folder, name)) for name in ("one", "other"))
    rotate(other, "a", "d", keys=("b", "c"))
    other.publish()
    shutil.copy(other.path("web/2.root.json"), story.path("web/2.root.json"))
    assert "signed by" in story.refuse(role="root")


def serve_changed(story, name, *targets):
    content = get(story.path(f"web/{name}"))
    for other in flipped(content, spread(content, 5)):
        put(story.path(f"web/{name}"), other)
        story.refuse(*targets)
    put(story.path(f"web/{name}"), content)


@case("with one bit changed, no pinned file and no metadata is accepted", needs=NEEDS)
def changed(folder):
    story = Story(folder)
    serve_changed(story, "1.snapshot.json")
    serve_changed(story, "1.targets.json")
    assert story.follow() == versions(1, 1, 1, 1)
    pinned = next(name for name in os.listdir(story.path("web/targets")) if name.endswith(".trust.toml"))
    serve_changed(story, f"targets/{pinned}", "trust.toml")


@case("what its signatures do not cover is refused: another root, another timestamp", needs=NEEDS)
def forged(folder):
    story = Story(folder)
    rotate(story, "a", "d", keys=("b", "c"))
    story.publish()
    for name in ("2.root.json", "timestamp.json"):
        path = story.path(f"web/{name}")
        content = get(path)
        document = json.loads(content)
        document["signed"]["expires"] = "2099-01-01T00:00:00Z"
        put(path, json.dumps(document).encode())
        assert "signed by" in story.refuse(role=document["signed"]["_type"])
        put(path, content)
    assert story.follow() == versions(2, 2, 2, 2)


@case("an older state than the one that was seen is refused", needs=NEEDS)
def older(folder):
    story = Story(folder)
    old = get(story.path("web/timestamp.json"))
    story.publish()
    assert story.follow() == versions(1, 2, 2, 1)
    put(story.path("web/timestamp.json"), old)
    assert "version" in story.refuse(role="timestamp")


main()
