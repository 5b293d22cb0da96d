/* SPDX-License-Identifier: MIT */
/*
 * Following TUF repositories (TUF 1.0.34): any one from a trusted root, such as
 * Sigstore's; and the one that serves the pinned trust store.
 */
#ifndef BULLA_TUF_H
#define BULLA_TUF_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

/** Brings files over the network: the library itself opens no socket. */
typedef struct bulla_fetcher {
    /**
     * Fetch one file of at most `max` bytes. Fails with missing-file when the server has none of
     * that name, and with any other code when that could not be found out.
     */
    bulla_status (*get)(void *context, const char *url, uint64_t max, bulla_buffer *out,
                        bulla_error *err);
    void *context;
} bulla_fetcher;

/** A repository and what is known of it. */
typedef struct bulla_tuf_options {
    /**
     * Folder of trusted metadata: root.json, timestamp.json, snapshot.json, targets.json and one
     * file for each delegated role. All of it is checked again on every run.
     */
    const char *folder;
    const char *url;              /**< of the metadata */
    const char *target_url;       /**< of the targets; NULL: "targets" below `url` */
    const bulla_fetcher *fetcher; /**< borrowed */
    int64_t now;                  /**< Unix seconds UTC; expiry is judged by it */
} bulla_tuf_options;

/** Versions of the metadata that is trusted. */
typedef struct bulla_tuf_versions {
    int64_t root, timestamp, snapshot, targets;
} bulla_tuf_versions;

/**
 * Start to follow a repository: keep its trusted root, which came by a way that is trusted.
 * Fails with write-error (there is one already), threshold (it is not signed by itself), and what
 * root metadata is refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_tuf_init(const char *folder, bulla_bytes root,
                                                     bulla_error *err);

/**
 * Bring the metadata up to date; what is found good is kept even when what follows is not.
 * Failures of the repository have exit class BULLA_EXIT_TRUST: expired, rollback, threshold,
 * hash-mismatch, missing-file, resource-limit, and what metadata is refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_tuf_refresh(const bulla_tuf_options *options,
                                                        bulla_tuf_versions *out, bulla_error *err);

/**
 * Refresh, then bring targets into `into` (made when it is not there): each as one file, its name
 * percent-encoded. A file that is there and good is not fetched again. Stops at the first failure.
 * Fails as bulla_tuf_refresh(), with unpinned (no such target) and hash-mismatch.
 * @param targets  paths of targets, NULL-terminated.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_tuf_download(const bulla_tuf_options *options,
                                                         const char *const *targets,
                                                         const char *into, bulla_error *err);

/**
 * Bring the pinned trust store in `options->folder` up to date from the repository that serves it:
 * every new root, timestamp, snapshot and targets, and the files that changed. The new store takes
 * the place of the old in one step, or the old stays.
 * @param options  `url` NULL: the one that the store itself names.
 * @param state    as in bulla_trust_options, or NULL.
 * Fails as bulla_tuf_refresh() and bulla_trust_load(), with usage (no URL) and write-error.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_update(const bulla_tuf_options *options,
                                                         const char *state, bulla_tuf_versions *out,
                                                         bulla_error *err);

BULLA_END

#endif
