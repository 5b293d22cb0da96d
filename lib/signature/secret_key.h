/* SPDX-License-Identifier: MIT */
/*
 * The forms that a private key is kept in, as the files of this room share
 * them: rows of a table, and what they make keys with.
 */
#ifndef BU_SIGNATURE_SECRET_KEY_H
#define BU_SIGNATURE_SECRET_KEY_H

#include "signature/crypto.h"

/* A buffer that held a secret: wiped, then released. It must have got all its room at once. */
static inline void bu_wiped_clear(bu_buf *buf)
{
    if (buf->ptr != NULL)
        bu_wipe(buf->ptr, buf->cap);
    bu_buf_clear(buf);
}
#define BU_WIPED __attribute__((cleanup(bu_wiped_clear))) bu_buf

/** A form of private-key files: a row of secret_forms.def, bu_secret_form_ID in one file each. */
typedef struct bu_secret_form {
    const char *id;
    bool (*is)(bulla_bytes text); /* cheap: by how it starts */
    /**
     * What it says without a passphrase. `*public` stays NULL when it does not say; of a key that is
     * not encrypted it need not be said: open() tells.
     */
    bulla_status (*describe)(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err);
    /** `passphrase` is there when the key is encrypted. */
    bulla_status (*open)(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                         bulla_error *err);
} bu_secret_form;

#define BU_SECRET_FORM(id) extern const bu_secret_form bu_secret_form_##id;
#include "signature/secret_forms.def"
#undef BU_SECRET_FORM

/** What a checksum that does not fit says: another passphrase, or a damaged file. */
bulla_status bu_secret_key_unopened(bool is_encrypted, bulla_error *err);

/* Keys of what a form holds. All fail with bad-key, weak-key, no-memory. */

/** Ed25519: 32 bytes. */
BULLA_MUST_USE bulla_status bu_secret_key_of_seed(bulla_bytes seed, bu_secret_key **out,
                                                  bulla_error *err);
/** Ed25519: its seed and its public key, 64 bytes, which must fit each other. */
BULLA_MUST_USE bulla_status bu_secret_key_of_pair(bulla_bytes pair, bu_secret_key **out,
                                                  bulla_error *err);
/** ECDSA: big-endian; shorter than the curve's size where zero bytes in front were left out. */
BULLA_MUST_USE bulla_status bu_secret_key_of_scalar(bulla_key_kind kind, bulla_bytes scalar,
                                                    bu_secret_key **out, bulla_error *err);
/** RSA: an RSAPrivateKey (DER). Also fails with bad-encoding. */
BULLA_MUST_USE bulla_status bu_secret_key_of_rsa(bulla_bytes private, bu_secret_key **out,
                                                 bulla_error *err);
/** PKCS#8 version 1 (DER): any kind. Also fails with bad-encoding, unsupported-version and -feature. */
BULLA_MUST_USE bulla_status bu_secret_key_of_pkcs8(bulla_bytes der, bu_secret_key **out,
                                                   bulla_error *err);
/** ECPrivateKey (RFC 5915, DER), which names its curve. Fails as the one above. */
BULLA_MUST_USE bulla_status bu_secret_key_of_sec1(bulla_bytes der, bu_secret_key **out,
                                                  bulla_error *err);

/** PKCS#8 DER. Fails with wrong-usage (a key that lives elsewhere). */
BULLA_MUST_USE bulla_status bu_secret_key_der(const bu_secret_key *key, bu_secret **out,
                                              bulla_error *err);

/** An RSA key whose form leaves the rest to be computed; big-endian numbers. */
typedef struct bu_rsa_numbers {
    bulla_bytes n, e, d, p, q, coefficient;
} bu_rsa_numbers;

/** The RSAPrivateKey (DER) of these. Fails with bad-key, no-memory. */
BULLA_MUST_USE bulla_status bu_rsa_write(const bu_rsa_numbers *numbers, bu_secret **out,
                                         bulla_error *err);

/** EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-2, AES-CBC. */
BULLA_MUST_USE bulla_status bu_pbes2_open(bulla_bytes der, const bu_secret *passphrase,
                                          bu_secret **out, bulla_error *err);

#endif
