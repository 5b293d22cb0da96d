/* SPDX-License-Identifier: MIT */
/*
 * Keys as TUF metadata writes them (TUF 1.0.34 section 4.2): Ed25519 as hex, ECDSA on P-256 or P-384
 * and RSA (PSS) as PEM. We name each by the SHA-256 of its canonical JSON; others need not (TAP 12).
 */
#ifndef BU_TRUST_TUF_KEY_H
#define BU_TRUST_TUF_KEY_H

#include "signature/key.h"
#include "syntax/json.h"

/** How metadata is read. */
typedef enum bu_tuf_manner {
    BU_TUF_OURS,   /* our own store: whatever we do not know or cannot verify is a refusal */
    BU_TUF_FOREIGN /* any repository: what we do not know or cannot verify counts for nothing */
} bu_tuf_manner;

/** A key as metadata names it. */
typedef struct bu_tuf_key {
    char *id;    /* owned; of ours TUF's: SHA-256 over the canonical JSON of the key object */
    bu_key *key; /* owned; NULL: of a kind that we do not know, in foreign metadata */
    const bu_algorithm *algorithm; /* that its scheme stands for */
} bu_tuf_key;

void bu_tuf_key_clear(bu_tuf_key *key);
BU_DEFINE_CLEAR(bu_tuf_key)

/**
 * Read one row of a "keys" object.
 * Fails with bad-name (an id with a NUL), and of ours with identity-mismatch (the id is not the
 * key's), unsupported-feature, and what keys are refused for.
 */
BULLA_MUST_USE bulla_status bu_tuf_key_read(bulla_bytes id, const bu_json *value, const char *name,
                                            bu_tuf_manner manner, bu_tuf_key *out,
                                            bulla_error *err);

/**
 * The key object, as metadata has it, and its id. Fails with unsupported-feature (another kind),
 * no-memory.
 */
BULLA_MUST_USE bulla_status bu_tuf_key_write(const bu_key *key, bu_json **out,
                                             char id[BU_KEYID_TEXT], bulla_error *err);

#endif
