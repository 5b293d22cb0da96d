/* SPDX-License-Identifier: MIT */
/*
 * The files of an archive with their digests, collected by a kind's `digest`
 * hook, for what can be judged only when all are known: a wheel's RECORD, h1.
 */
#ifndef BU_EVIDENCE_MEMBERS_H
#define BU_EVIDENCE_MEMBERS_H

#include "archive/walk.h"
#include "base/arena.h"
#include "digest/dirhash.h"

typedef struct bu_member_file {
    bu_dirhash_file file;
    uint64_t size;
    bool is_listed;               /* the caller's */
    struct bu_member_file *older; /* the one added before */
} bu_member_file;

/** The zero value is empty and ready. */
typedef struct bu_members {
    bu_member_file *newest;
    bu_member_file **sorted; /* by name; after bu_members_sort() */
    size_t count;
} bu_members;

/**
 * Add a file, or a folder by its name with the slash (`sha256` NULL: of nothing).
 * Fails with bad-link (a link: some installers would make a file of it), no-memory.
 */
BULLA_MUST_USE bulla_status bu_members_add(bu_members *members, const bu_member *member,
                                           const bulla_digest *sha256, bu_arena *arena,
                                           bulla_error *err);

/** All are there. Fails with duplicate-entry: a file twice, also when both are the same. */
BULLA_MUST_USE bulla_status bu_members_sort(bu_members *members, bu_arena *arena, bulla_error *err);

/** The file of that name, or NULL. */
bu_member_file *bu_members_find(const bu_members *members, bulla_bytes name);

/** The h1 of all of them; they are sorted. Fails as bu_dirhash_of(). */
BULLA_MUST_USE bulla_status bu_members_h1(const bu_members *members, bu_arena *arena,
                                          bulla_digest *out, bulla_error *err);

#endif
