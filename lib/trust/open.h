/* SPDX-License-Identifier: MIT */
/*
 * Who vouched + role → payload. The only way to a bu_payload, so code that reads
 * statements cannot be given bytes that nobody checked.
 */
#ifndef BU_TRUST_OPEN_H
#define BU_TRUST_OPEN_H

#include "bulla/fact.h"
#include "trust/store.h"
#include "trust/vouch.h"

/** Bytes that enough people of a role have signed. Opaque: no other code can make one. */
typedef struct bu_payload bu_payload;

/** The document that was signed; empty, without a type, where the signature is over a file. */
bulla_bytes bu_payload_bytes(const bu_payload *payload);
bulla_bytes bu_payload_type(const bu_payload *payload);
/** Of a clear-signed text or by hand: who signed and counts, in order of the store: "alice, bob". */
const char *bu_payload_signers(const bu_payload *payload);
size_t bu_payload_people(const bu_payload *payload);
void bu_payload_free(bu_payload *payload);
BU_DEFINE_AUTO(bu_payload)

/** Everything in a store that may vouch, as anchors whose `trusted` is the index of their key. */
BULLA_MUST_USE bulla_status bu_trust_anchors(const bulla_trust *trust, bu_anchors *out,
                                             bulla_error *err);

/**
 * Did anyone who holds the role sign? Whether enough people did, and whether they may say what it
 * says, is for bu_payload_count() and whoever adds up the documents.
 * @param anchors  those that `vouched` is about: of bu_trust_anchors().
 * Fails with bad-signature (a signature that names a key of the role does not verify),
 * untrusted-key (nobody of the role signed), no-memory.
 */
BULLA_MUST_USE bulla_status bu_open(const bulla_trust *trust, const bu_role *role,
                                    const bu_anchors *anchors, const bu_vouched *vouched,
                                    bu_payload **out, bulla_error *err);

/** People who count, each once, in the order of the store. */
typedef struct bu_voices {
    bulla_voucher *items;
    size_t count;
    bool was_replaced; /* one of the keys was replaced since, and when it signed is not proved */
} bu_voices;

/**
 * Who of those that signed a payload counts in the role for `use`. Keys lead to principals, those
 * to who they count as; a key counts if it was usable when it signed, its holder if the role and
 * the grant allow it. Everything lives in `arena`.
 * Fails when nobody does, as bu_role_allows() and bu_trusted_key_counts() do for the first; and
 * with no-memory.
 */
BULLA_MUST_USE bulla_status bu_payload_count(const bu_payload *payload, const bulla_trust *trust,
                                             const bu_role *role, const bu_use *use,
                                             bu_arena *arena, bu_voices *out, bulla_error *err);

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
