/* SPDX-License-Identifier: MIT */
/*
 * What edit.c and edit_owners.c share: loading what is to be changed, and
 * proposing what it is to be.
 */
#ifndef BU_TRUST_EDIT_INSIDE_H
#define BU_TRUST_EDIT_INSIDE_H

#include "trust/edit.h"
#include "trust/owners.h"

/** Fails with bad-time when the new metadata would be expired at once. */
BULLA_MUST_USE bulla_status bu_edit_need_future(const bulla_trust_edit *edit, bulla_error *err);

/**
 * The store that is to be changed, which may have expired. Until it is freed no other process
 * changes it. Fails as loading does, but for expiry.
 */
BULLA_MUST_USE bulla_status bu_edit_load(const bulla_trust_edit *edit, bulla_trust **out,
                                         bulla_error *err);

/** Read a new trust.toml, and the certificates that it names. */
BULLA_MUST_USE bulla_status bu_edit_read_new(bulla_bytes text, bulla_trust *trust,
                                             bulla_error *err);

/** What is proposed for a store. */
typedef struct bu_edit_draft {
    const bulla_trust *old;  /* NULL: a new store */
    const bu_pins *pins;     /* all that is to be pinned */
    const bu_owners *owners; /* NULL: they stay */
} bu_edit_draft;

/** Make a proposal, sign it, and put it in place when that is enough. */
BULLA_MUST_USE bulla_status bu_edit_propose(const bulla_trust_edit *edit, const bu_edit_draft *d,
                                            bulla_trust_outcome *out, bulla_error *err);

#endif
