/* SPDX-License-Identifier: MIT */
/*
 * Targets metadata (TUF 1.0.34 section 4.5): the files of the store, each
 * pinned by length and digest.
 */
#ifndef BU_TRUST_TARGETS_H
#define BU_TRUST_TARGETS_H

#include "io/file.h"
#include "trust/metadata.h"

/**
 * A store is changed by writing NAME.new beside each NAME, then targets.json, then moving each to
 * its name. Until that last step is done, NAME.new holds what is pinned.
 */
#define BU_DRAFT ".new"

/** One pinned file and its bytes, once they were seen to be the pinned ones. */
typedef struct bu_pin {
    const char *name; /* relative to the store, parts of [A-Za-z0-9._-] */
    uint64_t length;
    bulla_digest_set digests; /* SHA-256 at least */
    bulla_bytes bytes;
    bool used;     /* trust.toml names it */
    bool is_draft; /* it was read from NAME.new: the change that made it did not come to its end */
} bu_pin;

/** The pinned files. While a store is made, files are pinned as they are asked for. */
typedef struct bu_pins {
    bu_arena *arena; /* borrowed */
    const bu_folder
        *source; /* where files come from that are not pinned yet; NULL: they are refused */
    bu_pin *items;
    size_t count, cap;
} bu_pins;

void bu_pins_clear(bu_pins *pins);
BU_DEFINE_CLEAR(bu_pins)

/**
 * Read what checked targets metadata pins; bytes come with bu_pins_load(). Fails with bad-name,
 * missing-hash, …
 */
BULLA_MUST_USE bulla_status bu_targets_read(const bu_metadata *metadata, bu_pins *out,
                                            bulla_error *err);

/**
 * Read every pinned file, or its draft. Fails with missing-file, hash-mismatch (length or digest),
 * special-file, unreadable.
 */
BULLA_MUST_USE bulla_status bu_pins_load(bu_pins *pins, const bu_folder *folder, bulla_error *err);

/** The pinned file of that name, or NULL. */
bu_pin *bu_pins_find(const bu_pins *pins, bulla_bytes name);

/**
 * Its bytes, marked as used. Fails with unpinned, bad-name, and as files of `source` are refused.
 */
BULLA_MUST_USE bulla_status bu_pins_use(bu_pins *pins, bulla_bytes name, bulla_bytes *out,
                                        bulla_error *err);

/**
 * Pin these bytes (copied) under a name, instead of what it had. Fails with bad-name,
 * resource-limit, no-memory.
 */
BULLA_MUST_USE bulla_status bu_pins_put(bu_pins *pins, bulla_bytes name, bulla_bytes bytes,
                                        bulla_error *err);

/** The "signed" of targets metadata over the pins. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_targets_write(const bu_pins *pins, int64_t version, int64_t expires,
                                             bu_json **out, bulla_error *err);

#endif
