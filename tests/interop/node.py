#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Node's cryptography (and its JSON) as a maker of JSON Web Signatures and of documents that sign themselves (JSF)."""
import os

from interop import bulla, bulla_refuses, case, flipped, get, good, main, put, spread

# Key types of node, and how each algorithm signs.
KEYS = {"EdDSA": "'ed25519'", "ES256": "'ec',{namedCurve:'P-256'}", "ES384": "'ec',{namedCurve:'P-384'}",
        "ES512": "'ec',{namedCurve:'P-521'}", "RS256": "'rsa',{modulusLength:2048}", "PS384": "'rsa',{modulusLength:2048}"}
# No exponents or hex letters in the document: in capitals they mean the same.
SCRIPT = """
const fs = require('fs'), crypto = require('crypto');
const [alg, folder] = process.argv.slice(1);
const { publicKey, privateKey } = crypto.generateKeyPairSync(KEY);
const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST };
const sign = data => crypto.sign(alg === 'EdDSA' ? null : 'sha' + alg.slice(2), Buffer.from(data),
    { key: privateKey, dsaEncoding: 'ieee-p1363', ...(alg.startsWith('PS') ? pss : {}) }).toString('base64url');
const write = (name, text) => fs.writeFileSync(folder + '/' + name, text);
const url = text => Buffer.from(text).toString('base64url');

const message = 'what is signed\\n'.repeat(20);
const header = url(JSON.stringify({ alg, jwk: publicKey.export({ format: 'jwk' }) }));
const plain = url(JSON.stringify({ alg, b64: false, crit: ['b64'] }));
write('key.pub', publicKey.export({ type: 'spki', format: 'pem' }));
write('message', message);
write('message.jws', header + '..' + sign(header + '.' + url(message)));
write('plain.jws', plain + '..' + sign(plain + '.' + message));

const canonical = value => Array.isArray(value) ? '[' + value.map(canonical).join() + ']'
    : value === null || typeof value !== 'object' ? JSON.stringify(value)
    : '{' + Object.keys(value).sort().map(k => JSON.stringify(k) + ':' + canonical(value[k])).join() + '}';
const document = { version: 1, bomFormat: 'CycloneDX', numbers: [1e20, 0.000001, 0.1, -0, 333333333.33333329],
    texts: { '\\u{1F600}': '\\u0010"\\\\/', '\\ufb33': 'é', '\\r': null }, flags: [true, false] };
document.signature = { algorithm: alg === 'EdDSA' ? 'Ed25519' : alg, publicKey: publicKey.export({ format: 'jwk' }) };
document.signature.value = sign(canonical(document));
write('bom.json', JSON.stringify(document, null, 2));
"""


def make(algorithm, folder):
    good("node", "-e", SCRIPT.replace("KEY", KEYS[algorithm], 1), algorithm, folder)


def judge(folder, signature, message):
    words = ["verify", "-q", "--key", os.path.join(folder, "key.pub"), "--signature", signature, message]
    bulla(*words)
    for path in {signature, message}:
        content = get(path)
        for changed in flipped(content, spread(content, 25)):
            put(path, changed)
            bulla_refuses(*words)
        put(path, content)


def accepted(algorithm):
    def test(folder):
        make(algorithm, folder)
        message, document = (os.path.join(folder, name) for name in ("message", "bom.json"))
        judge(folder, os.path.join(folder, "message.jws"), message)
        judge(folder, os.path.join(folder, "plain.jws"), message)
        judge(folder, document, document)
    return test


for name in KEYS:
    case(f"{name}: JWS and JSF that node signs are accepted, with one bit changed they are not", needs=["node"])(accepted(name))

main()
