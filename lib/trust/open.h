/* SPDX-License-Identifier: MIT */
/*
 * Envelope + role → payload. The only way to a bu_payload, so code that reads
 * statements cannot be given bytes that nobody checked.
 */
#ifndef BU_TRUST_OPEN_H
#define BU_TRUST_OPEN_H

#include "trust/store.h"

/** Bytes that enough people of a role have signed. Opaque: no other code can make one. */
typedef struct bu_payload bu_payload;

bulla_bytes bu_payload_bytes(const bu_payload *payload);
bulla_bytes bu_payload_type(const bu_payload *payload);
/** The people who signed and count, as ids in order of the trust store: "alice, bob". */
const char *bu_payload_signers(const bu_payload *payload);
size_t bu_payload_people(const bu_payload *payload);
void bu_payload_free(bu_payload *payload);
BU_DEFINE_AUTO(bu_payload)

/**
 * Open an envelope against one role: people are counted, not signatures or keys.
 * Fails with bad-signature, untrusted-key (nobody of the role signed), threshold (too few did),
 * revoked, expired (only by keys out of their validity at `now`), no-memory.
 */
BULLA_MUST_USE bulla_status bu_open(const bulla_trust *trust, const bu_role *role,
                                    const bu_dsse *envelope, int64_t now, bu_payload **out,
                                    bulla_error *err);

/** Open against one key given by hand, without a store; bu_payload_signers() is then its keyid. */
BULLA_MUST_USE bulla_status bu_open_with_key(const bu_key *key, const bu_dsse *envelope,
                                             bu_payload **out, bulla_error *err);

/**
 * Open a clear-signed OpenPGP text against a role (its OpenPGP keys).
 * Fails as bu_openpgp_open_clearsigned() and with threshold, untrusted-key, revoked, expired.
 */
BULLA_MUST_USE bulla_status bu_open_clearsigned(const bulla_trust *trust, const bu_role *role,
                                                bulla_bytes message, int64_t now, bu_payload **out,
                                                bulla_error *err);

#endif
