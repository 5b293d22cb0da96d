/* SPDX-License-Identifier: MIT */
/*
 * Signatures that lie inside of what they sign: NuGet packages, gems, JARs, Alpine packages and
 * indexes. Each covers all of its package, or is refused: what a signature leaves out would be
 * believed for its sake.
 */
#ifndef BU_EVIDENCE_EMBEDDED_H
#define BU_EVIDENCE_EMBEDDED_H

#include "io/file.h"
#include "trust/vouch.h"

/**
 * Check what signs a package from within.
 * @param file   open; read without moving it on, so that the caller who hashed it can still ask
 *               bu_file_unchanged().
 * @param found  whether something in it signs; false also when it is of no kind that could.
 * @param out    who vouched; set only when something was found that holds.
 * Fails as the archive is refused (see archive/walk.h), and with bad-signature, hash-mismatch,
 * untrusted-key, untrusted-chain, expired, weak-hash, missing-file (a member that is signed and not
 * there), unlisted-file (one that is there and not signed), and as the certificates are refused.
 */
BULLA_MUST_USE bulla_status bu_embedded_verify(const bu_file *file, const bu_anchors *anchors,
                                               int64_t now, bu_arena *arena, bool *found,
                                               bu_vouched *out, bulla_error *err);

/** What such a signature claims, before anything is verified. Fails as the archive is refused. */
BULLA_MUST_USE bulla_status bu_embedded_describe(const bu_file *file, bool *found,
                                                 bu_description *out, bulla_error *err);

/** A kind of package that signs itself. */
typedef struct bu_embedded {
    const char *title;
    size_t state_size; /* bytes of the state, zeroed at the start */
    /** Whether it may be one, by its first 512 bytes, or all. */
    bool (*begins)(bulla_bytes head);
    /** Read all that is needed into `state`; what is kept lives in `arena`. */
    bulla_status (*read)(const bu_file *file, void *state, bu_arena *arena, bool *found,
                         bulla_error *err);
    /** Judge what was found. `check` has neither content nor message. */
    bulla_status (*verify)(void *state, const bu_check *check, bu_vouched *out, bulla_error *err);
    bulla_status (*describe)(void *state, bu_description *out, bulla_error *err);
} bu_embedded;

#endif
