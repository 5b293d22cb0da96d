/* SPDX-License-Identifier: MIT */
/*
 * The members of one archive as the strict reader saw them, and the rules
 * that hold between them: no name twice, in no form; links that lead to files.
 */
#ifndef BU_ARCHIVE_ENTRIES_H
#define BU_ARCHIVE_ENTRIES_H

#include "archive/walk.h"
#include "base/arena.h"

typedef struct bu_entry {
    bu_member member;
    bulla_bytes name;     /* as stored */
    bulla_bytes key;      /* what the path is compared by */
    bulla_bytes leads_to; /* of a link: the path it resolves to */
    bulla_bytes digest;   /* SHA-256 of the content, where it may be there twice */
} bu_entry;

/** What an archive is of, by which its members are judged. */
typedef enum bu_entry_rules {
    BU_ENTRIES_OF_PACKAGE,
    BU_ENTRIES_OF_LAYER, /* bu_walk_layer() */
} bu_entry_rules;

typedef struct bu_entries {
    bu_arena *arena;
    bu_entry_rules rules;
    bu_entry *items;
    size_t count, cap;
    size_t name_bytes;
    bu_link_rule links; /* set before the first is added */
} bu_entries;

BULLA_MUST_USE bulla_status bu_entries_init(bu_entry_rules rules, bu_entries *entries,
                                            bulla_error *err);
void bu_entries_clear(bu_entries *entries);

/**
 * Add a member; `name` and `member->target` are copied, `member->path` is made from the name.
 * Fails as bu_member_path() and bu_member_link(), with bad-header (a folder or link with content,
 * a file whose name ends in a slash), and resource-limit.
 */
BULLA_MUST_USE bulla_status bu_entries_add(bu_entries *entries, bulla_bytes name,
                                           const bu_member *member, bulla_error *err);

/** What was taken for a file turns out to be a link to `target` (copied). Fails as bu_member_link(). */
BULLA_MUST_USE bulla_status bu_entries_make_link(bu_entries *entries, bu_entry *entry,
                                                 bulla_bytes target, bulla_error *err);

/** Whether `.` components were left out of the path, other than one at its start. */
bool bu_entry_is_dotted(const bu_entry *entry);

/** Judge all of them together. A file may be there twice when both have the same digest.
    Fails with empty, duplicate-entry, name-collision, bad-link. */
BULLA_MUST_USE bulla_status bu_entries_check(bu_entries *entries, bulla_error *err);

/** Put the member's name and offset into an error that is about it. Returns `status`. */
bulla_status bu_entry_refused(bulla_bytes name, uint64_t offset, bulla_status status,
                              bulla_error *err);

#endif
