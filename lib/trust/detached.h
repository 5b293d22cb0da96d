/* SPDX-License-Identifier: MIT */
/*
 * What formats of detached signatures by bare keys share: going through the anchors.
 */
#ifndef BU_TRUST_DETACHED_H
#define BU_TRUST_DETACHED_H

#include "trust/vouch.h"

/** What a signature says of an anchor's key by its hint, which only narrows the search. */
typedef enum bu_named {
    BU_NAMED_OTHER, /* it is by another key, which is not tried */
    BU_NAMED_NONE,  /* it does not say */
    BU_NAMED,       /* it is by this one */
} bu_named;

/** One signature, and how its kind is checked. */
typedef struct bu_detached {
    const void *signature;
    bulla_bytes message; /* or its digest, as the kind has it */
    bulla_bytes hint;    /* as it is shown */
    bu_named (*names)(const struct bu_detached *detached, const bu_anchor *anchor);
    bulla_status (*verify)(const struct bu_detached *detached, const bu_key *key, bulla_error *err);
} bu_detached;

/**
 * Fill `out`. Fails with untrusted-key, expired (signed by a key that is not valid now), as `verify`
 * does for a key that was named or is the only one.
 */
BULLA_MUST_USE bulla_status bu_detached_vouch(const bu_check *check, const bu_detached *detached,
                                              bu_vouched *out, bulla_error *err);

/** A key number of signify or minisign as it is shown, in `arena`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_number_text(bulla_bytes number, bu_arena *arena, bulla_bytes *out,
                                           bulla_error *err);

/** What a signature of signify or minisign says of an anchor, by the key number that it names. */
bu_named bu_named_by_number(const bu_anchor *anchor, bulla_bytes number);

#endif
