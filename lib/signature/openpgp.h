/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP (RFC 4880, RFC 9580) through librnp, of which this is the one door;
 * and the strict frame around clear-signed text (RFC 9580 section 7).
 */
#ifndef BU_SIGNATURE_OPENPGP_H
#define BU_SIGNATURE_OPENPGP_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct bu_openpgp bu_openpgp; /* certificates to check against; one thread at a time */

/**
 * Read certificates (binary, or one armored block; one or many).
 * Fails with bad-key, bad-syntax (other packets, private keys among them), bad-encoding, truncated, trailing-data,
 * empty, resource-limit, unreadable (no librnp).
 */
BULLA_MUST_USE bulla_status bu_openpgp_new(bulla_bytes certificates, bu_openpgp **out,
                                           bulla_error *err);
void bu_openpgp_free(bu_openpgp *pgp);
BU_DEFINE_AUTO(bu_openpgp)

/** A valid signature: by a (sub)key that may sign, is bound, and was not expired or revoked when made or at `now`. */
typedef struct bu_openpgp_signer {
    char fingerprint[65]; /* of the primary key, upper-case hex */
    int64_t made;
} bu_openpgp_signer;

typedef struct bu_openpgp_result {
    bu_openpgp_signer *signers; /* in `arena`; each certificate once */
    size_t count;               /* at least one */
} bu_openpgp_result;

/**
 * Check a detached signature (armored or binary; signature packets only). Good is what at least one certificate has
 * signed well and none badly; signatures by other keys are passed over. Checks take turns between threads.
 * Fails with bad-signature, untrusted-key (only by keys not given), expired, revoked, weak-hash (MD5, SHA-1), weak-key,
 * wrong-usage, bad-time (made after `now` + 5 min), bad-syntax, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_openpgp_verify_detached(bu_openpgp *pgp, bulla_bytes message,
                                                       bulla_bytes signature, int64_t now,
                                                       bu_arena *arena, bu_openpgp_result *out,
                                                       bulla_error *err);

/**
 * Open a clear-signed text: the frame must be the whole input; only the text that was hashed comes out, its lines ended
 * by LF and without blanks at their end, which are not hashed.
 * Fails as above, with the line and column, and with trailing-data and bad-syntax (text outside the frame, unknown
 * headers), control-character, truncated, ambiguous-bundle (librnp sees another text than this room's own reader).
 */
BULLA_MUST_USE bulla_status bu_openpgp_open_clearsigned(bu_openpgp *pgp, bulla_bytes message,
                                                        int64_t now, bu_arena *arena,
                                                        bulla_bytes *text, bu_openpgp_result *out,
                                                        bulla_error *err);

/** Fingerprints of the primary keys that were read, upper-case hex, in order. */
size_t bu_openpgp_certificate_count(const bu_openpgp *pgp);
const char *bu_openpgp_fingerprint(const bu_openpgp *pgp, size_t index);

#endif
