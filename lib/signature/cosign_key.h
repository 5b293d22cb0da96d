/* SPDX-License-Identifier: MIT */
/*
 * cosign's encrypted private keys: PEM around JSON around NaCl's secretbox, under scrypt.
 */
#ifndef BU_SIGNATURE_COSIGN_KEY_H
#define BU_SIGNATURE_COSIGN_KEY_H

#include "signature/key.h"

/** The labels of its PEM: of now, and of cosign 1. */
#define BU_COSIGN_LABEL     "ENCRYPTED SIGSTORE PRIVATE KEY"
#define BU_COSIGN_LABEL_OLD "ENCRYPTED COSIGN PRIVATE KEY"

/**
 * Open one: to PKCS#8 DER. `passphrase` may be NULL: it then fails with wrong-passphrase.
 * Fails as PEM and JSON are refused, and with wrong-passphrase (also when the file was changed),
 * unsupported-feature, bad-number, resource-limit (BU_LIMIT_KDF_BYTES, BU_LIMIT_KDF_SCRYPT).
 */
BULLA_MUST_USE bulla_status bu_cosign_key_open(bulla_bytes text, const bu_secret *passphrase,
                                               bu_secret **out, bulla_error *err);

#endif
