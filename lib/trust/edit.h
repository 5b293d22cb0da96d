/* SPDX-License-Identifier: MIT */
/*
 * Making and changing a store: edit what trust.toml says, let its own reader
 * judge the outcome, sign a new targets version, write it file by file.
 */
#ifndef BU_TRUST_EDIT_H
#define BU_TRUST_EDIT_H

#include "trust/store.h"

/** See bulla_trust_init(), bulla_trust_add() and bulla_trust_remove(). */
BULLA_MUST_USE bulla_status bu_store_init(const bulla_trust_edit *edit, uint32_t threshold,
                                          const char *contents, bulla_error *err);
BULLA_MUST_USE bulla_status bu_store_add(const bulla_trust_edit *edit,
                                         const bulla_trust_addition *addition, bulla_error *err);
BULLA_MUST_USE bulla_status bu_store_remove(const bulla_trust_edit *edit, const char *person,
                                            const char *role, const char *keyid, bulla_error *err);

#endif
