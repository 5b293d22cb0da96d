/* SPDX-License-Identifier: MIT */
/*
 * The client workflow of TUF 1.0.34 (section 5): follow a repository from a
 * trusted root. Files come through a callback and trusted metadata is kept on
 * a shelf; the shelf is as untrusted as the network and checked on every run.
 */
#ifndef BU_TRUST_TUF_CLIENT_H
#define BU_TRUST_TUF_CLIENT_H

#include "bulla/tuf.h"
#include "trust/root.h"
#include "trust/tuf_file.h"

/** Where trusted metadata is kept, under file names that are safe. */
typedef struct bu_tuf_shelf {
    /** Append the file. Fails with missing-file, and as files do. */
    bulla_status (*load)(void *context, const char *name, bu_buf *out, bulla_error *err);
    /** Keep it, whole or not at all. */
    bulla_status (*save)(void *context, const char *name, bulla_bytes content, bulla_error *err);
    /** Forget it; fine when it is not there. */
    bulla_status (*drop)(void *context, const char *name, bulla_error *err);
    void *context;
} bu_tuf_shelf;

/** A folder as a shelf; `folder` is its path. */
bu_tuf_shelf bu_tuf_folder_shelf(const char *folder);

/** One run. */
typedef struct bu_tuf_client {
    bu_tuf_manner manner; /* of the repository */
    bu_tuf_shelf shelf;
    const bulla_fetcher *fetcher;
    const char *url;        /* of the metadata, with or without a slash at its end */
    const char *target_url; /* of the targets; NULL: "targets" below it */
    int64_t now;            /* TUF 5.1: the fixed time of this update */
    /* What is trusted so far; owned. */
    bu_root *root;
    bu_metadata timestamp, snapshot, targets;
} bu_tuf_client;

void bu_tuf_client_clear(bu_tuf_client *client);
BU_DEFINE_CLEAR(bu_tuf_client)

/**
 * TUF 5.2 to 5.6.6: bring root, timestamp, snapshot and targets up to date, keeping each as it is
 * found good.
 * Fails with expired, rollback, threshold, hash-mismatch, missing-file, resource-limit, what
 * metadata is refused for, and as the fetcher and the shelf do.
 */
BULLA_MUST_USE bulla_status bu_tuf_refresh(bu_tuf_client *client, bulla_error *err);

/**
 * TUF 5.6.1 to 5.6.6 for one role, top-level or delegated: its targets metadata as the snapshot lists
 * it and the role signed it, from the shelf's `file` or else fetched and kept there. Fails as
 * refreshing does.
 */
BULLA_MUST_USE bulla_status bu_tuf_bring_targets(const bu_tuf_client *client, const char *name,
                                                 const bu_tuf_role *role, const char *file,
                                                 bu_metadata *out, bulla_error *err);

/**
 * TUF 5.6.7: the pre-order depth-first search for a target, after bu_tuf_refresh(). Every role on
 * the way is checked against the role that it was reached through.
 * Fails with unpinned (no role has it), resource-limit (too many roles), bad-name, and as refreshing
 * does.
 */
BULLA_MUST_USE bulla_status bu_tuf_search(bu_tuf_client *client, const char *target,
                                          bu_tuf_file *out, bulla_error *err);

/** TUF 5.7: fetch a target and check its length and hashes; appended. Fails with hash-mismatch, … */
BULLA_MUST_USE bulla_status bu_tuf_fetch(const bu_tuf_client *client, const char *target,
                                         const bu_tuf_file *file, bu_buf *out, bulla_error *err);

#endif
