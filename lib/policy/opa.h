/* SPDX-License-Identifier: MIT */
/*
 * The answer of another policy engine, over the REST data API of Open Policy Agent (v1). It is
 * foreign text: whatever it does not say plainly is no permission.
 */
#ifndef BU_POLICY_OPA_H
#define BU_POLICY_OPA_H

#include "base/arena.h"
#include "base/error.h"

/** One thing that it denies. */
typedef struct bu_denial {
    bulla_bytes purl;   /* of a component; empty: all of it */
    bulla_bytes reason; /* may be empty */
} bu_denial;

/** An answer; bytes live in the arena. The zero value allows nothing. */
typedef struct bu_opa_answer {
    bool allows; /* beside what is denied one by one */
    bu_denial *denials;
    size_t count;
    bulla_bytes decision_id;      /* empty: it gave none */
    const char *const *revisions; /* of its policy: "bundle revision"; NULL-terminated */
} bu_opa_answer;

/**
 * Read an answer. Its `result` is an object with `allow` (true or false) and `deny` (a list), such
 * a list alone, or, where the URL's path ends in /allow, true or false alone. An entry of a list
 * is a text, or an object with `purl`, and `reason` or `msg`.
 * Fails with missing-field (the decision is undefined), type-mismatch (another shape), bad-status
 * (it says that it failed), resource-limit (over BU_LIMIT_DENIALS), and as JSON is refused.
 * @param url  that it is the answer of; its name in errors, too.
 */
BULLA_MUST_USE bulla_status bu_opa_read(bulla_bytes json, const char *url, bu_arena *arena,
                                        bu_opa_answer *out, bulla_error *err);

#endif
