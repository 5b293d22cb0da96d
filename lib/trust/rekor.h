/* SPDX-License-Identifier: MIT */
/*
 * Entries of Rekor, Sigstore's transparency log, versions 1 and 2: is an entry about this
 * signature, and does the log vouch for it (signed entry timestamp, inclusion proof, checkpoint)?
 */
#ifndef BU_TRUST_REKOR_H
#define BU_TRUST_REKOR_H

#include "trust/bundle.h"

/** What an entry must be about. All borrowed. */
typedef struct bu_logged {
    bulla_bytes signature;
    bulla_bytes certificate; /* DER; empty: it is `key` that signed */
    const bu_key *key;
    const bu_dsse *envelope;   /* what is signed … */
    const bu_message *message; /* … when it is no envelope */
} bu_logged;

/**
 * Is the body of an entry about this signature by this certificate or key, over this? Kinds: hashedrekord 0.0.1 and
 * 0.0.2 (also over an envelope: then of its PAE), dsse 0.0.1 and 0.0.2, intoto 0.0.2.
 * Fails with log-mismatch, unsupported-version (of the kind), missing-field, bad-encoding …, and as
 * bu_message_digest().
 */
BULLA_MUST_USE bulla_status bu_rekor_is_about(const bu_log_entry *entry, const bu_logged *about,
                                              bu_arena *arena, bulla_error *err);

/**
 * Does a log of this root vouch for an entry? All that the entry carries must hold: signed entry timestamp, inclusion
 * proof, checkpoint.
 * @param log   gets the log, borrowed from the root.
 * @param time  gets the time that a signed entry timestamp states; INT64_MIN: there is none.
 * Fails with log-mismatch, untrusted-key (unknown log), bad-signature, bad-time (the log did not count then), and as
 * notes are refused.
 */
BULLA_MUST_USE bulla_status bu_rekor_check(const bu_log_entry *entry, const bu_sigstore_root *root,
                                           bu_arena *arena, const bu_tlog **log, int64_t *time,
                                           bulla_error *err);

#endif
