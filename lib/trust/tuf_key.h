/* SPDX-License-Identifier: MIT */
/*
 * Keys as TUF metadata writes them (TUF 1.0.34 section 4.2): Ed25519 as hex,
 * ECDSA on P-256 as PEM, each under the SHA-256 of its canonical JSON.
 */
#ifndef BU_TRUST_TUF_KEY_H
#define BU_TRUST_TUF_KEY_H

#include "signature/key.h"
#include "syntax/json.h"

/** A key as metadata names it. `id` is TUF's: SHA-256 over the canonical JSON of the key object. */
typedef struct bu_tuf_key {
    char id[BU_KEYID_TEXT];
    bu_key *key; /* owned */
} bu_tuf_key;

/**
 * Read one row of a "keys" object; the caller frees `out->key`. Ed25519 and ECDSA P-256.
 * Fails with identity-mismatch (the id is not the key's), unsupported-feature, and what keys are
 * refused for.
 */
BULLA_MUST_USE bulla_status bu_tuf_key_read(bulla_bytes id, const bu_json *value, const char *name,
                                            bu_tuf_key *out, bulla_error *err);

/**
 * The key object, as metadata has it, and its id. Fails with unsupported-feature (another kind),
 * no-memory.
 */
BULLA_MUST_USE bulla_status bu_tuf_key_write(const bu_key *key, bu_json **out,
                                             char id[BU_KEYID_TEXT], bulla_error *err);

#endif
