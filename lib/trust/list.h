/* SPDX-License-Identifier: MIT */
/*
 * A store for people and programs: text, and JSON as doc/schema/trust-list.json
 * has it.
 */
#ifndef BU_TRUST_LIST_H
#define BU_TRUST_LIST_H

#include "trust/store.h"

/**
 * Append the store as "text" or "json" (`bulla.trust-list/1`): whole, or of `name` (not NULL) what
 * belongs to that person, role or key (at least BU_KEYID_LEAST first digits of its keyid).
 * Fails with usage (another format), bad-reference (no such name), no-memory.
 */
BULLA_MUST_USE bulla_status bu_trust_list(const bulla_trust *trust, const char *name,
                                          const char *format, bu_buf *out, bulla_error *err);

#endif
