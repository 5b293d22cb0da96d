/* SPDX-License-Identifier: MIT */
/*
 * A digest is an algorithm and bytes; a digest set holds at most one of each
 * algorithm for one thing.
 */
#ifndef BULLA_DIGEST_H
#define BULLA_DIGEST_H

#include "bytes.h"

BULLA_BEGIN

/** Zero means "no digest". Larger is stronger. */
typedef enum bulla_alg {
    BULLA_ALG_NONE = 0,
#define BULLA_ALG(id, name, ossl, size, strong) BULLA_ALG_##id,
#include "algs.def"
#undef BULLA_ALG
    BULLA_ALG_COUNT
} bulla_alg;

#define BULLA_DIGEST_MAX     64  /**< bytes of the longest digest */
#define BULLA_DIGEST_HEX_MAX 129 /**< characters of its hex form, with NUL */

/** One digest. `len` is the size of `alg`; unused bytes are zero. */
typedef struct bulla_digest {
    bulla_alg alg;
    uint32_t len;
    uint8_t bytes[BULLA_DIGEST_MAX];
} bulla_digest;

/** Digests of one thing, in order of rising strength, each algorithm once. */
typedef struct bulla_digest_set {
    uint32_t count;
    bulla_digest items[BULLA_ALG_COUNT - 1];
} bulla_digest_set;

/** Digests of one thing that lie elsewhere: borrowed, in the same order. */
typedef struct bulla_digests {
    const bulla_digest *items;
    uint32_t count;
} bulla_digests;

/** "sha256" and so on; "none" for BULLA_ALG_NONE. Never NULL. */
BULLA_API const char *bulla_alg_name(bulla_alg alg);

/** Size in bytes; 0 for BULLA_ALG_NONE. */
BULLA_API uint32_t bulla_alg_size(bulla_alg alg);

/** True for algorithms that may prove something: SHA-256 and longer. */
BULLA_API bool bulla_alg_is_strong(bulla_alg alg);

/**
 * True for digests of a file's bytes. False for `h1`, which is over the names and contents of what
 * is in an archive (Go's dirhash, golang.org/x/mod/sumdb/dirhash).
 */
BULLA_API bool bulla_alg_is_of_bytes(bulla_alg alg);

/** Same algorithm and same bytes. Two absent digests are not equal. */
BULLA_API bool bulla_digest_equal(const bulla_digest *a, const bulla_digest *b);

/** Lower-case hex with NUL into `out`; returns `out`. */
BULLA_API const char *bulla_digest_hex(const bulla_digest *digest, char out[BULLA_DIGEST_HEX_MAX]);

/** The digest of that algorithm, borrowed from the set, or NULL. */
BULLA_API const bulla_digest *bulla_digest_set_get(const bulla_digest_set *set, bulla_alg alg);

/** The strongest digest, borrowed from the set, or NULL when it is empty. */
BULLA_API const bulla_digest *bulla_digest_set_strongest(const bulla_digest_set *set);

/** The same questions to digests that lie elsewhere. */
BULLA_API const bulla_digest *bulla_digests_get(bulla_digests digests, bulla_alg alg);
BULLA_API const bulla_digest *bulla_digests_strongest(bulla_digests digests);

BULLA_END

#endif
