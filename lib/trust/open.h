/* SPDX-License-Identifier: MIT */
/*
 * Who vouched + role → payload. The only way to a bu_payload, so code that reads
 * statements cannot be given bytes that nobody checked.
 */
#ifndef BU_TRUST_OPEN_H
#define BU_TRUST_OPEN_H

#include "trust/store.h"
#include "trust/vouch.h"

/** Bytes that enough people of a role have signed. Opaque: no other code can make one. */
typedef struct bu_payload bu_payload;

/** The document that was signed; empty, without a type, where the signature is over a file. */
bulla_bytes bu_payload_bytes(const bu_payload *payload);
bulla_bytes bu_payload_type(const bu_payload *payload);
/** The people who signed and count, as ids in order of the trust store: "alice, bob". */
const char *bu_payload_signers(const bu_payload *payload);
size_t bu_payload_people(const bu_payload *payload);
void bu_payload_free(bu_payload *payload);
BU_DEFINE_AUTO(bu_payload)

/** Everything in a store that may vouch, as anchors whose `trusted` is the index of their key. */
BULLA_MUST_USE bulla_status bu_trust_anchors(const bulla_trust *trust, bu_anchors *out,
                                             bulla_error *err);

/**
 * Did enough people of a role vouch? People are counted, not signatures or keys; a key counts when
 * it was usable at the time of the signature where a trusted one is known, else at `now`.
 * @param anchors  those that `vouched` is about: of bu_trust_anchors().
 * Fails with bad-signature (a signature that names a key of the role does not verify),
 * untrusted-key (nobody of the role signed), threshold (too few did), revoked, expired (only by
 * keys out of their validity), no-memory.
 */
BULLA_MUST_USE bulla_status bu_open(const bulla_trust *trust, const bu_role *role,
                                    const bu_anchors *anchors, const bu_vouched *vouched,
                                    int64_t now, bu_payload **out, bulla_error *err);

/**
 * Open what any one of the anchors given by hand vouches for, without a store;
 * bu_payload_signers() then shows those who do.
 * Fails with untrusted-key, no-memory.
 */
BULLA_MUST_USE bulla_status bu_open_by_hand(const bu_anchors *anchors, const bu_vouched *vouched,
                                            bu_payload **out, bulla_error *err);

/**
 * Open a clear-signed OpenPGP text against a role (its OpenPGP keys).
 * Fails as bu_openpgp_open_clearsigned() and with threshold, untrusted-key, revoked, expired.
 */
BULLA_MUST_USE bulla_status bu_open_clearsigned(const bulla_trust *trust, const bu_role *role,
                                                bulla_bytes message, int64_t now, bu_payload **out,
                                                bulla_error *err);

#endif
