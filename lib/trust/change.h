/* SPDX-License-Identifier: MIT */
/*
 * What `bulla trust add`, `grant`, `revoke`, `rotate` and `remove` do to a
 * store in memory, before trust.toml is written from it. They only move data:
 * whether the outcome makes sense is for the reader of trust.toml to say.
 */
#ifndef BU_TRUST_CHANGE_H
#define BU_TRUST_CHANGE_H

#include "trust/store.h"

#define BU_CERTIFICATES  "certificates/" /* where added certificates and roots are pinned */
#define BU_SIGSTORE_ROOT BU_CERTIFICATES "sigstore.json"
#define BU_PROOFS        "proofs/" /* where proofs of possession are pinned */
#define BU_POLICY_FILE   "bulla.policy.toml"

/** One change; each casts `what` to the struct that bulla/trust.h has for it. */
typedef bulla_status bu_change(bulla_trust *trust, const void *what, int64_t now, bulla_error *err);

/** What is to be taken away. */
typedef struct bu_removal {
    const char *person, *role, *keyid;
} bu_removal;

/** A new key in the place of an old one. */
typedef struct bu_rotation {
    const char *person, *old;
    const bulla_trust_enrolment *key;
} bu_rotation;

/* Each fails as the call of bulla/trust.h that it is for. */
bu_change bu_change_add;    /* bulla_trust_addition */
bu_change bu_change_remove; /* bu_removal */
bu_change bu_change_grant;  /* bulla_trust_right */
bu_change bu_change_revoke; /* bulla_trust_revocation */
bu_change bu_change_rotate; /* bu_rotation */

/**
 * Enrol a key, certificate or identity: one more of trust->keys. Fails with identity-mismatch,
 * missing-file (its proof), and what key files are refused for.
 */
BULLA_MUST_USE bulla_status bu_change_enrol(bulla_trust *trust,
                                            const bulla_trust_enrolment *enrolment, size_t person,
                                            bulla_error *err);

/** True when an enrolment brings in anything. */
bool bu_change_enrols(const bulla_trust_enrolment *enrolment);

/* What changes share. */
/** The array with room for one more at its end, or NULL. */
void *bu_change_extend(const bulla_trust *trust, const void *items, size_t count, size_t size);
/** A copy of a list, NULL being empty. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_change_keep(const bulla_trust *trust, const char *const *texts,
                                           const char *const **out, bulla_error *err);
/** Fails with bad-reference: the store has no such thing. */
bulla_status bu_change_none(const char *what, const char *name, bulla_error *err);
/** The index of a person who must be there. Fails with bad-reference. */
BULLA_MUST_USE bulla_status bu_change_find(const bulla_trust *trust, const char *id, size_t *out,
                                           bulla_error *err);

#endif
