#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The npm package `sigstore`: bundles with a managed key."""
import json
import os

from interop import bulla, bulla_refuses, case, flipped, get, good, main, npm, put, refused, spread

PACKAGES = ["sigstore@4.1.1", "@sigstore/bundle@4.0.0", "@sigstore/sign@4.1.1", "@sigstore/verify@3.1.1"]
KEYS = os.path.join(os.environ["BULLA_SOURCE_ROOT"], "testdata", "keys")
# sigstore-js asks OpenSSL to check Ed25519 over a digest, which there is not; in an envelope it does not.
KINDS = {"message": ["p256", "p384", "p521", "rsa2048"], "envelope": ["ed25519", "p256", "p384", "p521", "rsa2048"]}
VERIFY = """
const fs = require('fs'), crypto = require('crypto');
const { bundleFromJSON } = require('@sigstore/bundle');
const { toTrustMaterial, toSignedEntity, Verifier } = require('@sigstore/verify');
const { createKeyFinder } = require('sigstore/dist/config');
const [bundle, key, file] = process.argv.slice(2).map((path) => fs.readFileSync(path));
const spki = crypto.createPublicKey(key).export({ type: 'spki', format: 'der' });
const hint = crypto.createHash('sha256').update(spki).digest('base64');
const finder = createKeyFinder((given) => given === hint ? key.toString() : undefined);
const nobody = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
const verifier = new Verifier(toTrustMaterial(nobody, finder), { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle)), file));
"""
SIGN = """
const fs = require('fs'), crypto = require('crypto');
const { MessageSignatureBundleBuilder, DSSEBundleBuilder } = require('@sigstore/sign');
const { bundleToJSON } = require('@sigstore/bundle');
const [kind, path, file, out] = process.argv.slice(2);
const key = fs.readFileSync(path), publicKey = crypto.createPublicKey(key).export({ type: 'spki', format: 'pem' });
const signer = { sign: async (data) => ({ signature: crypto.sign(key.includes('EC') ? 'sha256' : undefined, data, key),
                                          key: { $case: 'publicKey', publicKey, hint: 'any' } }) };
const builder = kind === 'message' ? new MessageSignatureBundleBuilder({ signer, witnesses: [] })
                                   : new DSSEBundleBuilder({ signer, witnesses: [] });
builder.create({ data: fs.readFileSync(file), type: 'application/vnd.in-toto+json' })
       .then((bundle) => fs.writeFileSync(out, JSON.stringify(bundleToJSON(bundle))));
"""


NODE, NEEDS = npm("sigstore-js", PACKAGES)


def scripts(folder):
    return put(os.path.join(folder, "verify.js"), VERIFY.encode()), put(os.path.join(folder, "sign.js"), SIGN.encode())


def private(folder, kind):
    path = put(os.path.join(folder, "key"), get(f"{KEYS}/throwaway-{kind}.pem"))
    os.chmod(path, 0o600)
    return path


def message(folder):
    return put(os.path.join(folder, "message"), b"what is signed\n" * 20)


def sign(folder, form, kind):
    """(bundle, file that sigstore-js wants beside it) of bulla's making."""
    file, out = message(folder), os.path.join(folder, "bundle.json")
    predicate = put(os.path.join(folder, "predicate.json"), b'{"any": ["thing", 1]}')
    if os.path.exists(out):
        os.unlink(out)
    words = ["sign"] if form == "message" else ["attest", "--type", "https://example.org/predicate/v1", "--predicate", predicate]
    bulla(*words, "--format", "sigstore", "--key", private(folder, kind), "--output", out, file)
    return out, file


@case("sigstore-js accepts what bulla signs", needs=NEEDS)
def accepted(folder):
    verify, _ = scripts(folder)
    for form, kinds in KINDS.items():
        for kind in kinds:
            bundle, file = sign(folder, form, kind)
            good("node", verify, bundle, f"{KEYS}/{kind}.pub", file, **NODE)
            bulla("verify", "-q", "--key", f"{KEYS}/{kind}.pub", "--signature", bundle, file)


@case("with one bit of the signed changed, neither accepts it", needs=NEEDS)
def changed(folder):
    verify, _ = scripts(folder)
    for form in KINDS:
        bundle, file = sign(folder, form, "p256")
        document = json.loads(get(bundle))
        place = ("messageSignature", "signature") if form == "message" else ("dsseEnvelope", "payload")
        text = document[place[0]][place[1]].encode()
        for bits in flipped(text, [8 * (len(text) // 2)]):
            document[place[0]][place[1]] = bits.decode()
            put(bundle, json.dumps(document).encode())
            refused("node", verify, bundle, f"{KEYS}/p256.pub", file, **NODE)
            bulla_refuses("verify", "-q", "--key", f"{KEYS}/p256.pub", "--signature", bundle, file)
    bundle, file = sign(folder, "message", "p256")
    for content in flipped(get(file), spread(get(file), 3)):
        put(file, content)
        refused("node", verify, bundle, f"{KEYS}/p256.pub", file, **NODE)
        bulla_refuses("verify", "-q", "--key", f"{KEYS}/p256.pub", "--signature", bundle, file)


@case("bulla accepts what sigstore-js signs; with one bit changed it does not", needs=NEEDS)
def signed_by_js(folder):
    _, script = scripts(folder)
    file, bundle = message(folder), os.path.join(folder, "bundle.json")
    for kind in ("p256", "rsa2048", "ed25519"):
        words = ("verify", "-q", "--key", f"{KEYS}/{kind}.pub", "--signature", bundle, file)
        good("node", script, "message", private(folder, kind), file, bundle, **NODE)
        bulla(*words)
        content = get(file)
        for other in flipped(content, spread(content, 5)):
            put(file, other)
            bulla_refuses(*words)
        put(file, content)


main()
