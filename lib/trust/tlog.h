/* SPDX-License-Identifier: MIT */
/*
 * Transparency logs as they are kept offline: hash tiles of height 8 (C2SP tlog-tiles and Go's
 * checksum database) → proofs; checkpoints → who vouches for a tree. Tiles are foreign: what is
 * made of them counts only once it leads to a root that was signed.
 */
#ifndef BU_TRUST_TLOG_H
#define BU_TRUST_TLOG_H

#include "digest/merkle.h"
#include "io/file.h"
#include "signature/note.h"
#include "trust/vouch.h"

/** Where tiles are read from. */
typedef struct bu_tiles {
    const char *prefix; /* of their paths: "tile/" (C2SP), "tile/8/" (Go) */
    /** Append the tile of that path. Fails with missing-file when there is none. */
    bulla_status (*read)(void *context, const char *path, bu_buf *out, bulla_error *err);
    void *context;
} bu_tiles;

/** Tiles in a folder, which is borrowed: of Go's module cache, cache/download/sumdb/NAME. */
bu_tiles bu_tiles_in(const bu_folder *folder, const char *prefix);

#define BU_TILE_WIDTH 256 /* hashes of a full tile */

/** Append the path of a tile: "tile/0/x001/234", of a partial one "tile/0/x001/234.p/5". */
void bu_tile_path(const char *prefix, unsigned level, uint64_t index, unsigned width, bu_buf *out);

#define BU_PROOF_MAX 64
typedef struct bu_proof {
    bu_merkle_hash hashes[BU_PROOF_MAX];
    size_t count;
} bu_proof;

/**
 * The proof that leaf `index` is in the tree of that size. A partial tile may be read from a wider
 * one. Fails with bad-number (no such leaf), missing-file, truncated (a tile), and as `read` does.
 */
BULLA_MUST_USE bulla_status bu_tiles_prove_leaf(const bu_tiles *tiles, uint64_t index,
                                                uint64_t size, bu_proof *out, bulla_error *err);

/** The proof that the tree of `before` is the beginning of the tree of that size. Fails likewise. */
BULLA_MUST_USE bulla_status bu_tiles_prove_tree(const bu_tiles *tiles, uint64_t before,
                                                uint64_t size, bu_proof *out, bulla_error *err);

/** Is a leaf in the checkpoint's tree? Fails with log-mismatch, bad-number. */
BULLA_MUST_USE bulla_status bu_checkpoint_holds(const bu_checkpoint *checkpoint,
                                                const bu_merkle_hash *leaf, uint64_t index,
                                                const bu_proof *proof, bulla_error *err);

/**
 * Check a note against the verifier keys among the anchors; as bu_format.verify(). Where there are
 * cosignatures, their latest time is that of the note.
 */
BULLA_MUST_USE bulla_status bu_note_vouch(const bu_note *note, const bu_check *check,
                                          bu_vouched *out, bulla_error *err);

/**
 * The same for a checkpoint: nobody vouches unless a key that is called as the log (`name`) does;
 * a witness alone says nothing of what a log holds. NULL: as the checkpoint's origin.
 * Fails with identity-mismatch, and as the checkpoint is malformed.
 */
BULLA_MUST_USE bulla_status bu_checkpoint_vouch(const bu_note *note, const char *name,
                                                const bu_check *check, bu_checkpoint *checkpoint,
                                                bu_vouched *out, bulla_error *err);

/** What a note claims: who signed, and of a checkpoint its log, size and root. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_note_describe(const bu_note *note, bu_description *out,
                                             bulla_error *err);

#endif
