/* SPDX-License-Identifier: MIT */
/*
 * Numbers for names: each distinct (space, key) gets the next number, counted
 * from 0. Lookup takes constant time whatever names an attacker picks: the
 * hash (SipHash) is keyed with random bytes, which no result depends on.
 */
#ifndef BU_BASE_INTERN_H
#define BU_BASE_INTERN_H

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"

#define BU_INTERN_NONE SIZE_MAX

typedef struct bu_interned {
    size_t space;
    bulla_bytes key; /* borrowed */
} bu_interned;

/** The zero value is empty and ready. */
typedef struct bu_intern {
    bu_interned *items; /* by number */
    size_t count, cap;
    struct bu_intern_slot *slots;
    size_t slot_count;
    uint8_t secret[24];
} bu_intern;

void bu_intern_clear(bu_intern *intern);
BU_DEFINE_CLEAR(bu_intern)

/**
 * The number of a key in a space, a new one when it has none. The key's bytes are borrowed for as
 * long as `intern` lives. Fails with no-memory or resource-limit.
 */
BULLA_MUST_USE bulla_status bu_intern_add(bu_intern *intern, size_t space, bulla_bytes key,
                                          size_t *out, bulla_error *err);

/** The number, or BU_INTERN_NONE. */
size_t bu_intern_find(const bu_intern *intern, size_t space, bulla_bytes key);

#endif
