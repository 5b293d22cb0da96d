/* SPDX-License-Identifier: MIT */
/*
 * Folders of waivers → waivers with their state: who signed is held against the trust store, what
 * they signed against the terms of the policy and the time. Whether one is needed is for policy/.
 */
#ifndef BU_EVIDENCE_WAIVERS_H
#define BU_EVIDENCE_WAIVERS_H

#include "attest/waiver.h"
#include "trust/store.h"

/** One that was found; `shown` is all that others see of it. */
typedef struct bu_found_waiver {
    bulla_waiver shown;
    const char *path; /* to open its file by */
    bu_statement statement;
    bu_waiver waiver;
    bool *signed_by; /* by index of people: by a key that counts */
    bool is_read;    /* it is a waiver by somebody of the store, well or not */
    bool is_used;    /* set by policy/ */
} bu_found_waiver;

typedef struct bu_waivers {
    bu_arena *arena;
    bu_found_waiver *items;
    size_t count, cap;
} bu_waivers;
void bu_waivers_clear(bu_waivers *waivers);
BU_DEFINE_CLEAR(bu_waivers)

/**
 * Read all lines of all files *.jsonl of these folders (or of files themselves). Lines with one
 * payload are one waiver, signed by all who signed any of them; a revocation wins over whatever
 * else lies there. Those in force are ACTIVE or EXPIRING.
 *   REFUSED   bad-signature, untrusted-key, bad-type, bad-time (issued in the future, lasts longer
 *             than the terms allow), and what envelopes, statements and waivers are refused for
 *   PROPOSED  threshold: fewer people of its role than the role needs, and one more; or revoked,
 *             expired … where only the key of one who signed is
 * @param folders  NULL-terminated.
 * @param trust    not NULL.
 * @param environment  that is asked about: its signers must count in it; NULL: any.
 * Fails with unreadable, special-file, resource-limit (BU_LIMIT_WAIVERS), no-memory.
 */
BULLA_MUST_USE bulla_status bu_waivers_load(const char *const *folders, const bulla_trust *trust,
                                            const bu_waiver_terms *terms, const char *environment,
                                            int64_t now, bu_waivers *out, bulla_error *err);

/** True when this person may be one of the role's who agree to the waiver. Fails with why not. */
BULLA_MUST_USE bulla_status bu_waiver_may_agree(const bu_found_waiver *found,
                                                const bulla_trust *trust, size_t person,
                                                const char *environment, int64_t now,
                                                bulla_error *err);

/** Refuse one that was found to be wrong later. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_waiver_refuse(bu_waivers *waivers, bu_found_waiver *found,
                                             const bulla_error *why, bulla_error *err);

#endif
