/* SPDX-License-Identifier: MIT */
/*
 * A file as a message: what is read of it again are the bytes that were hashed, or it fails.
 */
#ifndef BU_EVIDENCE_FILE_MESSAGE_H
#define BU_EVIDENCE_FILE_MESSAGE_H

#include "evidence/worker.h"

typedef struct bu_file_message {
    bu_message base;
    bu_worker *w;            /* its hasher and scratch are used */
    const bu_folder *folder; /* that `path` is in; NULL: the working folder */
    const char *path;        /* NULL: only digests are known */
} bu_file_message;

/** Hash a whole file, once. Fails as files are refused. */
BULLA_MUST_USE bulla_status bu_file_digests(bu_worker *w, const bu_folder *folder, const char *path,
                                            bu_algs algs, bulla_digest_set *out, bulla_error *err);

/**
 * Set up `out`, which must stay where it is, over a file with these digests (SHA-256 among them), or
 * over digests alone (`path` NULL).
 */
void bu_file_message_init(bu_file_message *out, bu_worker *w, const bu_folder *folder,
                          const char *path, const char *name, const bulla_digest_set *digests);

#endif
