/* SPDX-License-Identifier: MIT */
/*
 * Digests: making, parsing, collecting. The only room, with signature/, that
 * sees OpenSSL.
 */
#ifndef BU_DIGEST_DIGEST_H
#define BU_DIGEST_DIGEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "bulla/digest.h"

/** A bit for each algorithm, so that one pass over bytes makes all that are wanted. */
typedef uint32_t bu_algs;
#define BU_ALGS(alg) ((bu_algs)1u << (alg))

/**
 * The algorithm of that name ("sha256", "SHA-256", "sha-256", any case), of those that are of bytes,
 * or BULLA_ALG_NONE.
 */
bulla_alg bu_alg_of(bulla_bytes name);

/** Parse exactly one digest in hex. Fails with bad-encoding. */
BULLA_MUST_USE bulla_status bu_digest_from_hex(bulla_alg alg, bulla_bytes hex, bulla_digest *out,
                                               bulla_error *err);

/** The same in base64. */
BULLA_MUST_USE bulla_status bu_digest_from_base64(bulla_alg alg, bulla_bytes base64,
                                                  bulla_digest *out, bulla_error *err);

/**
 * Add a digest to a set. The same value twice is fine; two values for one
 * algorithm fail with ambiguous-hash.
 */
BULLA_MUST_USE bulla_status bu_digest_set_add(bulla_digest_set *set, const bulla_digest *digest,
                                              bulla_error *err);

/** A set as it is looked at; borrowed. */
static inline bulla_digests bu_digests_of(const bulla_digest_set *set)
{
    return (bulla_digests){ set->items, set->count };
}

/** A copy of a set in `arena`, as large as it must be. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_digests_keep(const bulla_digest_set *set, bu_arena *arena,
                                            bulla_digests *out, bulla_error *err);

/**
 * Parse an integrity string (W3C Subresource Integrity as npm writes it): one
 * or more `alg-base64[?options]` parted by white space, added to `out`.
 * Unknown algorithms are left out. Fails with bad-encoding, ambiguous-hash, or
 * unsupported-hash when no part has a known algorithm.
 */
BULLA_MUST_USE bulla_status bu_digest_parse_sri(bulla_bytes text, bulla_digest_set *out,
                                                bulla_error *err);

/** "sha512-<base64>", appended. */
void bu_digest_format_sri(const bulla_digest *digest, bu_buf *out);

#endif
