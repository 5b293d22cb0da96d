/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP (RFC 4880, RFC 9580) through librnp, of which this is the one door;
 * and the strict frame around clear-signed text (RFC 9580 section 7).
 */
#ifndef BU_SIGNATURE_OPENPGP_H
#define BU_SIGNATURE_OPENPGP_H

#include "base/arena.h"
#include "io/source.h"
#include "signature/packet.h"

typedef struct bu_openpgp bu_openpgp; /* certificates to check against; immutable */

/**
 * Take certificates (binary, or armored blocks with nothing but empty lines between), one or many.
 * Nothing is verified: what a certificate says of itself is judged when it is needed.
 * Fails with bad-key, bad-syntax (other packets, private keys among them), bad-encoding, truncated,
 * unsupported-version (not 4), empty, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_openpgp_new(bulla_bytes certificates, bu_openpgp **out,
                                           bulla_error *err);
void bu_openpgp_free(bu_openpgp *pgp);
BU_DEFINE_AUTO(bu_openpgp)

/**
 * A valid signature: by a key that, with its primary key, was bound, not expired, not revoked and
 * for signing, both when it says it was made and at `now`.
 */
typedef struct bu_openpgp_signer {
    char fingerprint[BU_FINGERPRINT_TEXT]; /* of the primary key, upper-case hex */
    int64_t made;
} bu_openpgp_signer;

typedef struct bu_openpgp_result {
    bu_openpgp_signer *signers; /* in `arena`; each certificate once */
    size_t count;               /* at least one */
} bu_openpgp_result;

/**
 * Check a detached signature (armored or binary; signature packets only). Good is what at least one
 * certificate has signed well and none badly; signatures by other keys are passed over. `message`
 * is read to its end, unless no signature could count whatever it says.
 * Fails with bad-signature, untrusted-key (only by keys not given), expired, revoked, weak-hash (no
 * SHA-2 or SHA-3), weak-key, wrong-usage, bad-time (made after `now` + 5 min, or before its key),
 * unsupported-feature (critical and not known), unsupported-version, bad-syntax, checksum,
 * resource-limit, unreadable (no librnp).
 */
BULLA_MUST_USE bulla_status bu_openpgp_verify_detached(const bu_openpgp *pgp, bu_source *message,
                                                       bulla_bytes signature, int64_t now,
                                                       bu_arena *arena, bu_openpgp_result *out,
                                                       bulla_error *err);

/**
 * Open a clear-signed text: the frame must be the whole input; only the text that was verified
 * comes out, its lines ended by LF and without blanks at their end, which are not hashed.
 * Fails as above, with the line and column, and with trailing-data and bad-syntax (text outside the
 * frame, unknown headers), control-character, truncated.
 */
BULLA_MUST_USE bulla_status bu_openpgp_open_clearsigned(const bu_openpgp *pgp, bulla_bytes message,
                                                        int64_t now, bu_arena *arena,
                                                        bulla_bytes *text, bu_openpgp_result *out,
                                                        bulla_error *err);

/** Certificates in the order in which they stand, each once: fingerprints of their primary keys. */
size_t bu_openpgp_certificate_count(const bu_openpgp *pgp);
const char *bu_openpgp_fingerprint(const bu_openpgp *pgp, size_t index);
/** Its packets, appended. */
void bu_openpgp_packets(const bu_openpgp *pgp, size_t index, bu_buf *out);

/** The packets of a detached signature. Fails as bu_openpgp_verify_detached(). */
BULLA_MUST_USE bulla_status bu_openpgp_signature_packets(bulla_bytes signature, bu_buf *out,
                                                         bulla_error *err);

#endif
