/* SPDX-License-Identifier: MIT */
/*
 * Go's checksum database (golang.org/x/mod/sumdb): a lookup's answer, which is a record and the
 * signed tree that holds it, as the go command keeps it in cache/download/sumdb/NAME/lookup.
 */
#ifndef BU_TRUST_SUMDB_H
#define BU_TRUST_SUMDB_H

#include "trust/tlog.h"

#define BU_SUMDB_ORIGIN "go.sum database tree"
/** Where its tiles stand below cache/download/sumdb/NAME. */
#define BU_SUMDB_TILES "tile/8/"

/** A record: the lines of go.sum for one version of a module. */
typedef struct bu_sumdb_record {
    uint64_t id;
    bulla_bytes text;            /* what the tree holds */
    bulla_bytes module, version; /* of all its lines */
    bulla_digest zip, mod; /* h1 of the module's zip, and of its go.mod; alg NONE: not stated */
    bu_note tree;          /* not verified */
} bu_sumdb_record;

/**
 * Read a lookup's answer; bytes live in `arena`.
 * Fails with bad-number, truncated, ambiguous-hash (two zips), missing-hash (none), and as a go.sum and notes are
 * refused.
 */
BULLA_MUST_USE bulla_status bu_sumdb_read(bulla_bytes answer, const char *file, bu_arena *arena,
                                          bu_sumdb_record *out, bulla_error *err);

/**
 * Is the record in a tree of the database, by the tiles? Fails with log-mismatch, bad-number,
 * missing-file (no tiles), and as bu_tiles_prove_leaf().
 */
BULLA_MUST_USE bulla_status bu_sumdb_holds(const bu_sumdb_record *record,
                                           const bu_checkpoint *checkpoint, const bu_tiles *tiles,
                                           bulla_error *err);

#endif
