/* SPDX-License-Identifier: MIT */
/*
 * Proof of possession: a key says, in a DSSE envelope signed by itself, whose
 * it is. Without one, whoever hands in a public key could claim the signatures
 * of somebody else. Payload: "bulla.key-proof/1", with no other fields.
 */
#ifndef BU_TRUST_PROOF_H
#define BU_TRUST_PROOF_H

#include "bulla/digest.h"
#include "signature/key.h"

/**
 * The envelope, appended: this key is `person`'s; when `store` (its identity) is given, in that
 * store only. Fails as signing does.
 */
BULLA_MUST_USE bulla_status bu_proof_write(const bu_secret_key *key, const char *person,
                                           const bulla_digest *store, bu_buf *out,
                                           bulla_error *err);

/**
 * The text is a proof by that key for that person and, where it names a store, for this one (NULL:
 * the store has no identity yet). Fails with identity-mismatch (another key, person or store),
 * bad-signature, bad-type, and as envelopes and JSON are refused.
 */
BULLA_MUST_USE bulla_status bu_proof_check(bulla_bytes text, const char *name, const bu_key *key,
                                           const char *person, const bulla_digest *store,
                                           bulla_error *err);

#endif
