/* SPDX-License-Identifier: MIT */
/*
 * A yarn.lock while it is read: entries, and the descriptors ("name@range")
 * that stand for them. The parts of yarn.c: one for each of its two formats.
 */
#ifndef BU_ECOSYSTEM_YARN_H
#define BU_ECOSYSTEM_YARN_H

#include "ecosystem/npm_entry.h"

typedef struct bu_yarn {
    bu_lock lock;
    bu_intern ranges; /* a descriptor is its name in the space of its range */
} bu_yarn;

typedef struct bu_yarn_descriptor {
    bulla_bytes name, range;
} bu_yarn_descriptor;

/** "@scope/name@range" → its parts; both formats part it so. */
bu_yarn_descriptor bu_yarn_descriptor_of(bulla_bytes text);

/**
 * From now on the descriptor (borrowed) stands for that component. Fails with ambiguous-lock, at the
 * entry, when it stands for another package already; no-memory.
 */
BULLA_MUST_USE bulla_status bu_yarn_describe(bu_yarn *yarn, bu_yarn_descriptor descriptor,
                                             size_t component, const bu_lock_entry *entry,
                                             bulla_error *err);

/** The number of a range, the space of bu_lock_name() and alike. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_yarn_range(bu_yarn *yarn, bulla_bytes range, size_t *out,
                                          bulla_error *err);

/** "# yarn lockfile v1": the grammar of yarn 1. */
BULLA_MUST_USE bulla_status bu_yarn_v1_read(bu_yarn *yarn, bulla_bytes text, bulla_error *err);

/** YAML with `__metadata`: yarn 2 and later ("Berry"). */
BULLA_MUST_USE bulla_status bu_yarn_berry_read(bu_yarn *yarn, bulla_bytes text, const char *name,
                                               bulla_error *err);

#endif
