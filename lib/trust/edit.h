/* SPDX-License-Identifier: MIT */
/*
 * Making and changing a store: edit what trust.toml says or who owns it, and
 * make a proposal of the outcome; with enough signatures it is the store.
 */
#ifndef BU_TRUST_EDIT_H
#define BU_TRUST_EDIT_H

#include "trust/change.h"

/** See bulla_trust_init(). */
BULLA_MUST_USE bulla_status bu_store_init(const bulla_trust_edit *edit,
                                          const bulla_trust_owners *owners, const char *contents,
                                          bulla_trust_outcome *out, bulla_error *err);

/** Load, change, propose. */
BULLA_MUST_USE bulla_status bu_store_change(const bulla_trust_edit *edit, bu_change *change,
                                            const void *what, bulla_trust_outcome *out,
                                            bulla_error *err);

/** See bulla_trust_rotate_root(). */
BULLA_MUST_USE bulla_status bu_store_owners(const bulla_trust_edit *edit, const char *old,
                                            const bulla_trust_owners *owners,
                                            bulla_trust_outcome *out, bulla_error *err);

/** See bulla_trust_sign(). */
BULLA_MUST_USE bulla_status bu_store_sign(const bulla_trust_edit *edit,
                                          const char *const *proposals, bool apply,
                                          bulla_trust_outcome *out, bulla_error *err);

#endif
