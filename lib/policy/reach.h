/* SPDX-License-Identifier: MIT */
/*
 * How far the rights of a store reach, without a thing at hand: whether a key
 * or a grant could be used for anything that some pattern selects. Where that
 * is hard to say, it could.
 */
#ifndef BU_POLICY_REACH_H
#define BU_POLICY_REACH_H

#include "trust/store.h"

/** What somebody would have to vouch for. */
typedef struct bu_ask {
    const char *type;         /* predicate type or its short name; NULL: any */
    const char *environment;  /* NULL: none */
    const char *const *match; /* globs over purls or file names; NULL-terminated */
    bool is_file;             /* of a file given by hand, as gates are */
    int64_t now;
} bu_ask;

/** True when a signature that is made now with the key counts, there. */
bool bu_key_reaches(const bulla_trust *trust, const bu_trusted_key *key, const bu_ask *ask);

/** True when the grant is in force and could be used for that. */
bool bu_grant_reaches(const bu_role *role, const bu_grant *grant, const bu_ask *ask);

/**
 * True when the lists have something in common that both select by its package URL or file name.
 * @param is_file  it is a file given by hand, `pkg:generic/NAME`.
 */
bool bu_scopes_meet(const char *const *a, const char *const *b, bool is_file);

/** True when things of this environment (NULL: of none) may go into production. */
bool bu_is_production(const bulla_trust *trust, const char *environment);

#endif
