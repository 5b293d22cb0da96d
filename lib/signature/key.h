/* SPDX-License-Identifier: MIT */
/*
 * Keys. A public key is held in canonical form, so that one key is one value
 * however it was written; its keyid is SHA-256 over its SubjectPublicKeyInfo
 * (DER), in hex. Private keys live in bu_secret and are encrypted at rest.
 */
#ifndef BU_SIGNATURE_KEY_H
#define BU_SIGNATURE_KEY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "bulla/digest.h"
#include "bulla/key.h"

typedef struct bu_key bu_key; /* public */
typedef struct bulla_secret_key bu_secret_key;

#define BU_KEYID_TEXT 65 /* 64 hex digits and NUL */

/**
 * Read a public key: PEM (PUBLIC KEY) or DER SubjectPublicKeyInfo. Ed25519, ECDSA on P-256, P-384, P-521 (named curves
 * only), RSA 2048..8192 bits with an odd e of 3 or more.
 * Fails with bad-key, bad-encoding, truncated, trailing-data, weak-key (small order, short, bad exponent, unnamed
 * curve), unsupported-feature, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_key_read(bulla_bytes text, bu_key **out, bulla_error *err);
void bu_key_free(bu_key *key);
BU_DEFINE_AUTO(bu_key)

/**
 * False for an RSA key with an exponent below 65537 (FIPS 186-5): it can check what it is given by
 * hand for, but no trust store takes it.
 */
bool bu_key_may_be_enrolled(const bu_key *key);

bulla_key_kind bu_key_kind(const bu_key *key);
const char *bu_key_id(const bu_key *key);   /* 64 hex digits */
bulla_bytes bu_key_spki(const bu_key *key); /* DER, canonical */
void bu_key_write_pem(const bu_key *key, bu_buf *out);
bool bu_key_equal(const bu_key *a, const bu_key *b);

/** Make a new private key: any kind but RSA. */
BULLA_MUST_USE bulla_status bu_secret_key_new(bulla_key_kind kind, bu_secret_key **out,
                                              bulla_error *err);
void bu_secret_key_free(bu_secret_key *key);
BU_DEFINE_AUTO(bu_secret_key)

/** The public half, borrowed. */
const bu_key *bu_secret_key_public(const bu_secret_key *key);

/** What minisign and signify name a key by, kept with a key that came from there; else NULL. */
#define BU_KEY_NUMBER_BYTES 8
const uint8_t *bu_secret_key_number(const bu_secret_key *key);
void bu_secret_key_set_number(bu_secret_key *key, const uint8_t number[BU_KEY_NUMBER_BYTES]);

/**
 * A key that lives elsewhere. What the signer answers is verified before it is used.
 * @param public  as bu_key_read() takes it.
 * @param signer  copied; released with the key, but not when this fails.
 * Fails as bu_key_read().
 */
BULLA_MUST_USE bulla_status bu_secret_key_elsewhere(bulla_bytes public, const bulla_signer *signer,
                                                    bu_secret_key **out, bulla_error *err);

/**
 * Read a private key of any form (secret_forms.def): bulla's own, PEM …
 * `passphrase` may be NULL: an encrypted key then fails with wrong-passphrase ("is encrypted").
 * Fails with bad-key, bad-encoding, wrong-passphrase (also when the file was changed), unsupported-version,
 * unsupported-feature, resource-limit, and as JSON and PEM are refused.
 */
BULLA_MUST_USE bulla_status bu_secret_key_read(bulla_bytes text, const bu_secret *passphrase,
                                               bu_secret_key **out, bulla_error *err);

/**
 * What a key file, private or public, says of itself without a passphrase. The public half in bulla's encrypted form is
 * not authenticated until the key is read; encrypted PKCS#8 has none (`*out` is then NULL).
 * Fails as bu_secret_key_read() and bu_key_read(), but never with wrong-passphrase.
 */
BULLA_MUST_USE bulla_status bu_key_describe(bulla_bytes text, bu_key **out, bool *is_private,
                                            bool *is_encrypted, bulla_error *err);

/** bulla's encrypted form: JSON with Argon2id and XChaCha20-Poly1305 over the PKCS#8 DER; see doc/keys.md. */
BULLA_MUST_USE bulla_status bu_secret_key_write(const bu_secret_key *key,
                                                const bu_secret *passphrase, bu_buf *out,
                                                bulla_error *err);

/** PKCS#8 PEM, not encrypted: only for export that a person asked for by name. `out` is wiped by bu_secret_free. */
BULLA_MUST_USE bulla_status bu_secret_key_write_plain(const bu_secret_key *key, bu_secret **out,
                                                      bulla_error *err);

/* Raw signatures over a message: Ed25519 (RFC 8032, canonical S, no small order), ECDSA (FIPS 186-4, DER or
 * IEEE P1363), RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017). */

/** How a raw signature is made: which digest, which encoding. */
typedef struct bu_algorithm bu_algorithm; /* a row of algorithms.def */

/** The row with that name ("ed25519", "ecdsa-p256-sha256", "rsa-pss-sha256-mgf1sha256-salt32" …), or NULL. */
const bu_algorithm *bu_algorithm_by_name(bulla_bytes name);

/** What bulla itself uses for a kind of key: Ed25519; ECDSA with the curve's own SHA-2, DER; RSA-PSS. */
const bu_algorithm *bu_algorithm_of_key(const bu_key *key);
const char *bu_algorithm_name(const bu_algorithm *algorithm);

/** Check. Fails with bad-signature, wrong-usage (key of another kind), weak-key, no-memory. */
BULLA_MUST_USE bulla_status bu_verify(const bu_key *key, const bu_algorithm *algorithm,
                                      bulla_bytes message, bulla_bytes signature, bulla_error *err);

/**
 * The digest of the message that an algorithm signs; NONE for Ed25519, which hashes the message
 * itself, so that it must be at hand.
 */
bulla_alg bu_algorithm_digest(const bu_algorithm *algorithm);

/** Check over that digest of a message. Fails as bu_verify(), and with wrong-usage for any other digest. */
BULLA_MUST_USE bulla_status bu_verify_digest(const bu_key *key, const bu_algorithm *algorithm,
                                             const bulla_digest *digest, bulla_bytes signature,
                                             bulla_error *err);

/**
 * Whether an RSA signature (PKCS #1 v1.5) is one over SHA-1 or MD5. It tells why one is refused that
 * does not verify as it should; never that one may be believed.
 */
bool bu_rsa_is_over_weak_hash(const bu_key *key, bulla_bytes signature);

/**
 * Make, and verify what was made before it is handed out. Fails with wrong-usage (key of another
 * kind), bad-signature (what a signer answered does not verify), bad-key (its parts do not fit), and
 * as the signer fails.
 */
BULLA_MUST_USE bulla_status bu_sign(const bu_secret_key *key, const bu_algorithm *algorithm,
                                    bulla_bytes message, bu_buf *out, bulla_error *err);

/** The same over that digest of a message. Fails with wrong-usage for any other digest. */
BULLA_MUST_USE bulla_status bu_sign_digest(const bu_secret_key *key, const bu_algorithm *algorithm,
                                           const bulla_digest *digest, bu_buf *out,
                                           bulla_error *err);

#endif
