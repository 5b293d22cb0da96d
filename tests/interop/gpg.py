#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""OpenPGP: what GnuPG signs, judged beside gpgv and sqv. What sqv refuses, bulla refuses."""
import hashlib
import os
import time

from interop import BULLA, bulla, bulla_refuses, case, flipped, get, good, main, put, refused, run, spread

NEEDS = ["gpg", "gpgv", "sqv"]
DAY = 86400
MESSAGE = b"what is signed\n" * 40
ALGORITHMS = ["rsa3072", "ed25519", "nistp256"]


class Home:
    """A home of GnuPG with its keys; times are days from now."""

    def __init__(self, folder):
        self.folder = folder
        self.message = put(self.path("message"), MESSAGE)

    def path(self, name):
        return os.path.join(self.folder, name)

    def gpg(self, *words, day=-10, **options):
        when = time.strftime("%Y%m%dT%H%M%S", time.gmtime(time.time() + day * DAY))
        return good("gpg", "--batch", "--yes", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "",
                    "--faked-system-time", when + "!", *words, GNUPGHOME=self.folder, **options)

    def key(self, name, algorithm="ed25519", usage="sign", expires="never", day=-20):
        self.gpg("--quick-gen-key", name, algorithm, usage, expires, day=day)
        return self.ring(name)

    def fingerprint(self, name):
        lines = self.gpg("--with-colons", "--list-keys", f"={name}").decode().splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr"))

    def ring(self, name, day=-10):
        return put(self.path(name + ".pgp"), self.gpg("--export", f"={name}", day=day))

    def sign(self, name, *words, out="message.sig", **options):
        path = self.path(out)
        self.gpg("--local-user", f"={name}", "--output", path, *words, self.message, **options)
        return path


def bulla_words(ring, signature, message):
    return ("verify", "-q", "--key", ring, "--signature", signature, message)


def all_accept(ring, signature, message):
    bulla(*bulla_words(ring, signature, message))
    good("sqv", "--keyring", ring, signature, message)
    good("gpgv", "--keyring", ring, signature, message)


def both_refuse(ring, signature, message, code):
    refused("sqv", "--keyring", ring, signature, message)
    said = bulla_refuses("verify", "-o", "json", "--key", ring, "--signature", signature, message)
    assert f'"{code}"'.encode() in said, said.decode()


def round_trip(algorithm):
    def test(folder):
        home = Home(folder)
        ring = home.key("signer", algorithm)
        for form in ([], ["--armor"]):
            signature = home.sign("signer", *form, "--detach-sign")
            all_accept(ring, signature, home.message)
            for path in (signature, home.message):
                content = get(path)
                for changed in flipped(content, spread(content, 40)):
                    put(path, changed)
                    bulla_refuses(*bulla_words(ring, signature, home.message))
                    if path == home.message:
                        refused("sqv", "--keyring", ring, signature, home.message)
                        refused("gpgv", "--keyring", ring, signature, home.message)
                put(path, content)
    return test


for name in ALGORITHMS:
    case(f"{name}: what gpg signs gpgv, sqv and bulla accept; with one bit changed none does", needs=NEEDS)(round_trip(name))


@case("an armored certificate, and a keyring of several", needs=NEEDS)
def test_keyrings(folder):
    home = Home(folder)
    home.key("signer")
    home.key("other")
    signature = home.sign("signer", "--detach-sign")
    armored = put(home.path("armored"), home.gpg("--armor", "--export", "=signer"))
    both = put(home.path("both"), home.gpg("--export"))
    twice = put(home.path("twice"), home.gpg("--armor", "--export", "=other") + get(armored))
    for ring in (armored, both, twice):
        bulla(*bulla_words(ring, signature, home.message))
    both_refuse(home.ring("other"), signature, home.message, "untrusted-key")
    refused("gpgv", "--keyring", home.ring("other"), signature, home.message)


@case("a subkey signs for its certificate; without its own binding signature it does not", needs=NEEDS)
def test_subkey(folder):
    home = Home(folder)
    home.key("signer", usage="cert")
    home.gpg("--quick-add-key", home.fingerprint("signer"), "ed25519", "sign", "never", day=-15)
    ring = home.ring("signer")
    signature = home.sign("signer", "--detach-sign")
    all_accept(ring, signature, home.message)
    put(ring, without_back_signature(get(ring)))
    both_refuse(ring, signature, home.message, "wrong-usage")
    refused("gpgv", "--keyring", ring, signature, home.message)


def without_back_signature(certificate):
    """The last packet is the subkey's binding: its unhashed area loses the embedded signature (32)."""
    at = end = 0
    while end < len(certificate):  # all headers are of the old form, with lengths of one byte or two
        at, size = end, 1 << (certificate[end] & 3)
        end = at + 1 + size + int.from_bytes(certificate[at + 1:at + 1 + size], "big")
    body = certificate[at + 1 + size:]
    loose = 6 + int.from_bytes(body[4:6], "big")
    end = loose + 2 + int.from_bytes(body[loose:loose + 2], "big")
    rest, kept = body[loose + 2:end], b""
    while rest:
        part, rest = rest[:1 + rest[0]], rest[1 + rest[0]:]
        kept += b"" if part[1] == 32 else part
    assert len(kept) < end - loose - 2, "the embedded signature is not where it was looked for"
    body = body[:loose] + len(kept).to_bytes(2, "big") + kept + body[end:]
    return certificate[:at] + b"\x88" + bytes([len(body)]) + body


def stamp(day):
    return time.strftime("%Y%m%dT%H%M%S", time.gmtime(time.time() + day * DAY))


def edited(*lines):
    """Change the signer's certificate by GnuPG's dialogue, 15 days ago: after it was made, before it signed."""
    def change(home):
        home.gpg("--no-batch", "--command-fd", "0", "--edit-key", home.fingerprint("signer"), day=-15,
                 stdin="".join(line + "\n" for line in lines).encode())
        return home.ring("signer")
    return change


def revoked(reason, day):
    """A revocation of that day, for this reason: a number of GnuPG's menu."""
    def change(home):
        home.gpg("--no-batch", "--output", home.path("revocation"), "--command-fd", "0", "--gen-revoke",
                 home.fingerprint("signer"), day=day, stdin=f"y\n{reason}\n\ny\n".encode())
        home.gpg("--import", home.path("revocation"), day=day)
        return home.ring("signer", day=day)
    return change


def expired(home):
    home.gpg("--quick-set-expire", home.fingerprint("signer"), stamp(-12), day=-15)
    return home.ring("signer", day=-14)


# what is wrong: (reason code, arguments of signing, its day, what then happens to the certificate)
REFUSED = {
    "by a key that had expired": ("expired", [], -10, expired),
    "by a key that is for certifying alone": ("wrong-usage", [], -10, edited("change-usage", "s", "q", "save")),
    "by a key that was revoked for no given reason, since": ("revoked", [], -10, revoked(0, -5)),
    "by a key that was compromised since": ("revoked", [], -10, revoked(1, -5)),
    "by a key that was retired before": ("revoked", [], -10, revoked(3, -12)),
    "over SHA-1": ("weak-hash", ["--digest-algo", "SHA1"], -10, None),
    "from the future": ("bad-time", [], 3, None),
    "that has expired": ("expired", ["--default-sig-expire", "2d"], -10, None),
    "with the file inside": ("bad-syntax", ["--armor", "--sign"], -10, None),
}


def judged(code, words, day, change):
    def test(folder):
        home = Home(folder)
        ring = home.key("signer", "rsa3072")
        signature = home.sign("signer", *(words if "--sign" in words else [*words, "--detach-sign"]), day=day)
        both_refuse(change(home) if change else ring, signature, home.message, code)
    return test


for what, arguments in REFUSED.items():
    case(f"a signature {what} is refused, as by sqv", needs=NEEDS)(judged(*arguments))


@case("bulla is stricter than sqv: what has expired or was retired since is refused, unless asked about then", needs=NEEDS)
def test_since(folder):
    home = Home(folder)
    ring = home.key("signer", expires=stamp(-5))
    signature = home.sign("signer", "--detach-sign")
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 7 * DAY))
    words = bulla_words(ring, signature, home.message)
    good("sqv", "--keyring", ring, signature, home.message)
    bulla_refuses(*words)
    bulla(words[0], "--at", then, *words[1:])


@case("a clear-signed text is opened; with a word around it or a bit changed it is not", needs=NEEDS)
def test_clear_signed(folder):
    home = Home(folder)
    for algorithm in ALGORITHMS:
        name = f"signer-{algorithm}"
        ring = home.key(name, algorithm)
        put(home.message, b"Origin: here\n- dashes\nblanks behind  \n\nFrom there\n")
        signed = home.sign(name, "--clearsign", out="message.asc")
        good("gpgv", "--keyring", ring, signed)
        words = ("verify", "-o", "payload", "--key", ring, signed)
        opened = bulla(*words)
        assert opened == b"Origin: here\n- dashes\nblanks behind\n\nFrom there\n", opened
        content = get(signed)
        start = content.index(b"Origin")
        changes = [b"before\n" + content, content + b"after\n", content.replace(b"Hash: ", b"Hash: SHA1,"), content * 2]
        changes += [content[:start] + changed for changed in flipped(content[start:], spread(content[start:], 60))]
        for changed in changes:
            put(signed, changed)
            status, out, _ = run(BULLA, *words)
            assert status != 0 or out == opened, "another text was opened"
        for changed in changes[:4]:
            put(signed, changed)
            bulla_refuses(*words)


@case("documents that list files vouch for those they list", needs=NEEDS)
def test_lists(folder):
    home = Home(folder)
    ring = home.key("signer")
    digest = hashlib.sha256(MESSAGE).hexdigest()
    md5 = hashlib.md5(MESSAGE).hexdigest()
    debian = f"Format: 3.0 (quilt)\nSource: x\nFiles:\n {md5} {len(MESSAGE)} message\n"
    strong = f"Checksums-Sha256:\n {digest} {len(MESSAGE)} message\n"
    helm = f"apiVersion: v2\nname: x\n\n...\nfiles:\n  message: sha256:{digest}\n"
    cases = {debian + strong: None, helm: None, debian: "missing-hash",
             debian + strong.replace(" message", " other"): "subject-mismatch", debian + strong.replace(digest, "0" * 64): "hash-mismatch",
             helm.replace("message", "other"): "subject-mismatch", helm.replace("sha256:", "sha512:"): "unsupported-hash"}
    for text, code in cases.items():
        put(home.path("list"), text.encode())
        home.gpg("--local-user", "=signer", "--output", home.path("list.asc"), "--clearsign", home.path("list"))
        words = ("--key", ring, "--signature", home.path("list.asc"), home.message)
        if code is None:
            bulla("verify", "-q", *words)
            continue
        said = bulla_refuses("verify", "-o", "json", *words)
        assert f'"{code}"'.encode() in said, said.decode()


@case("a file of 1 GiB needs no memory of its size", needs=NEEDS)
def test_large(folder):
    home = Home(folder)
    ring = home.key("signer")
    with open(home.message, "wb") as file:
        file.truncate(1 << 30)
    signature = home.sign("signer", "--detach-sign")
    good("sh", "-c", 'ulimit -v 500000 && exec "$@"', "sh", BULLA, *bulla_words(ring, signature, home.message))


main()
