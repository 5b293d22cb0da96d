/* SPDX-License-Identifier: MIT */
/*
 * OpenBSD's bcrypt_pbkdf(3): a key from a passphrase, in which Blowfish is set up anew for each
 * block of each round. signify and OpenSSH keep their private keys under it.
 */
#ifndef BU_SIGNATURE_BCRYPT_PBKDF_H
#define BU_SIGNATURE_BCRYPT_PBKDF_H

#include "base/secret.h"

/**
 * Fill `out`, of at most BU_BCRYPT_KEY_MAX bytes.
 * Fails with resource-limit (over BU_LIMIT_KDF_ROUNDS), bad-number (no round), bad-key (no salt, a
 * long one), wrong-passphrase (an empty one), no-memory.
 */
#define BU_BCRYPT_KEY_MAX  128
#define BU_BCRYPT_SALT_MAX 64
BULLA_MUST_USE bulla_status bu_bcrypt_pbkdf(const bu_secret *passphrase, bulla_bytes salt,
                                            uint32_t rounds, bu_secret *out, bulla_error *err);

#endif
