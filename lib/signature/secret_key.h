/* SPDX-License-Identifier: MIT */
/*
 * The forms that a private key is kept in, as the files of this room share
 * them: each opens to PKCS#8 DER in guarded memory.
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

/** EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-2, AES-CBC. */
BULLA_MUST_USE bulla_status bu_pbes2_open(bulla_bytes der, const bu_secret *passphrase,
                                          bu_secret **out, bulla_error *err);

/** bulla's encrypted form: what it says of itself without a passphrase; not authenticated. */
BULLA_MUST_USE bulla_status bu_key_file_describe(bulla_bytes text, bu_key **out, bulla_error *err);

/** Open it. `public` gets the key that the file is bound to. */
BULLA_MUST_USE bulla_status bu_key_file_open(bulla_bytes text, const bu_secret *passphrase,
                                             bu_key **public, bu_secret **out, bulla_error *err);

/** PKCS#8 DER. */
BULLA_MUST_USE bulla_status bu_secret_key_der(const bu_secret_key *key, bu_secret **out,
                                              bulla_error *err);

#endif
