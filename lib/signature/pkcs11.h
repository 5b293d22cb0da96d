/* SPDX-License-Identifier: MIT */
/*
 * Private keys on tokens (PKCS#11), named by a URI (RFC 7512), reached through p11-kit.
 */
#ifndef BU_SIGNATURE_PKCS11_H
#define BU_SIGNATURE_PKCS11_H

#include "signature/key.h"

/** True for what starts as such a URI. */
bool bu_pkcs11_is(const char *text);

/**
 * Open the one private key that a URI names. Its module is that of the URI (module-path), else one of
 * those that p11-kit is set up for; its public half is that of the token's public key or certificate.
 * @param passphrase  gives the PIN, when the token wants one; borrowed for the call; may be NULL.
 * Fails with usage (the URI is none, carries a PIN, or names more than one key), unreadable (no
 * module, token or key), wrong-passphrase (the PIN), bad-status (what a token answers),
 * unsupported-feature and as bu_key_read() (the public half).
 */
BULLA_MUST_USE bulla_status bu_pkcs11_open(const char *uri, const bulla_passphrase *passphrase,
                                           bu_secret_key **out, bulla_error *err);

#endif
