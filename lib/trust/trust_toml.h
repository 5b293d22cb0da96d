/* SPDX-License-Identifier: MIT */
/*
 * trust.toml, schema "bulla.trust/1": people, services, their keys, and roles.
 * doc/trust.md is its reference.
 */
#ifndef BU_TRUST_TRUST_TOML_H
#define BU_TRUST_TRUST_TOML_H

#include "trust/store.h"

#define BU_TRUST_TOML "trust.toml"

/**
 * Read the text into the people, keys and roles of `trust` (new: bu_store_new()); files that it
 * names come from `trust->pins`. Every failure has line and column.
 * Fails as bu_toml_load() and with unsupported-version, missing-field, type-mismatch, bad-syntax
 * (unknown field), bad-name, control-character, duplicate-entry (id, role, person in a role),
 * duplicate-key (key material), bad-reference (person), threshold, bad-time, bad-type (predicate),
 * bad-key, unpinned, empty,
 * resource-limit.
 */
BULLA_MUST_USE bulla_status bu_trust_toml_read(bulla_bytes text, bulla_trust *trust,
                                               bulla_error *err);

/**
 * The same as text, appended: same content, same bytes. Marks `out` broken when there is no memory.
 */
void bu_trust_toml_write(const bulla_trust *trust, bu_buf *out);

#endif
