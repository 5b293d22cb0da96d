/* SPDX-License-Identifier: MIT */
/*
 * Which bare keys a trusted key stands for: the key itself, that of its X.509 certificate, the
 * primary key and subkeys of its OpenPGP certificate. In whatever form it is written, one key is one.
 */
#ifndef BU_TRUST_MATERIAL_H
#define BU_TRUST_MATERIAL_H

#include "trust/store.h"

/**
 * Set `key->materials`, in `arena`. A certificate, or a key in it, that cannot be read vouches for
 * nothing, and gives none. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_material_find(bu_trusted_key *key, bu_arena *arena,
                                             bulla_error *err);

/** True when this bare key is in it; NULL is in none. */
bool bu_material_has(const bu_trusted_key *key, const bu_key *bare);

/** True when the same key is in both. */
bool bu_material_shared(const bu_trusted_key *a, const bu_trusted_key *b);

#endif
