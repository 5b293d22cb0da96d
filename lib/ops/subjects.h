/* SPDX-License-Identifier: MIT */
/*
 * Things on their way to be the subjects of a statement that is signed.
 */
#ifndef BU_OPS_SUBJECTS_H
#define BU_OPS_SUBJECTS_H

#include "attest/statement.h"
#include "bulla/sign.h"
#include "digest/hasher.h"
#include "signature/dsse.h"

typedef struct bu_subjects {
    bu_arena *arena;
    bu_hasher *hasher;
    uint8_t *scratch; /* BU_IO_CHUNK bytes */
    bu_subject *items;
    size_t count, cap;
} bu_subjects;

/** Make ready. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_subjects_start(bu_subjects *self, bulla_error *err);
void bu_subjects_clear(bu_subjects *self);
BU_DEFINE_CLEAR(bu_subjects)

/**
 * Read a file of at most `max` bytes once, hash it (SHA-256 and SHA-512), and keep its content when
 * `content` is given. Fails as files are refused.
 */
BULLA_MUST_USE bulla_status bu_subjects_measure(bu_subjects *self, const char *path, uint64_t max,
                                                bu_buf *content, bulla_digest_set *out,
                                                bulla_error *err);

/** Add a thing whose digests are known; `name` is borrowed. Fails with resource-limit. */
BULLA_MUST_USE bulla_status bu_subjects_add(bu_subjects *self, bulla_bytes name,
                                            const bulla_digest_set *digests, bulla_error *err);

/** Add a file. Fails as files are refused and with control-character (its name hides something). */
BULLA_MUST_USE bulla_status bu_subjects_add_file(bu_subjects *self, const char *path,
                                                 bulla_error *err);

/** Add files, at least one, and put them in order. Fails with usage, and as the others do. */
BULLA_MUST_USE bulla_status bu_subjects_add_files(bu_subjects *self, const char *const *files,
                                                  bulla_error *err);

/** All are there: into the order of their names. Fails with duplicate-entry. */
BULLA_MUST_USE bulla_status bu_subjects_sort(bu_subjects *self, bulla_error *err);

/**
 * Open an envelope as data: it must be a statement about exactly these subjects.
 * Fails with bad-type, subject-mismatch, and as envelopes and statements are refused.
 */
BULLA_MUST_USE bulla_status bu_subjects_read_envelope(const bu_subjects *self, bulla_bytes json,
                                                      bu_dsse *out, bulla_error *err);

/** An envelope that was made: opened with the public key, then handed out with its line end. */
BULLA_MUST_USE bulla_status bu_subjects_hand_out(const bu_subjects *self,
                                                 const bulla_secret_key *key, bu_buf *envelope,
                                                 bulla_buffer *out, bulla_error *err);

/** Sign a statement about the subjects, in the form of the options. */
BULLA_MUST_USE bulla_status bu_subjects_seal(const bu_subjects *self, const bulla_secret_key *key,
                                             const bulla_sign_options *options, bulla_bytes type,
                                             bulla_bytes predicate, bulla_buffer *out,
                                             bulla_error *err);

#endif
