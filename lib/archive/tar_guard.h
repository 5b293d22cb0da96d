/* SPDX-License-Identifier: MIT */
/*
 * The strict tar reader that runs beside libarchive: follows every header
 * block to the very end of the stream and lists the members that it sees.
 */
#ifndef BU_ARCHIVE_TAR_GUARD_H
#define BU_ARCHIVE_TAR_GUARD_H

#include "archive/entries.h"
#include "archive/tar_header.h"
#include "base/buf.h"

/* What extension headers say about the next member; views into the arena of the entries. */
typedef struct bu_tar_pending {
    bool any;
    uint64_t offset; /* of the first header of the member */
    bool has_pax, has_size;
    uint64_t size;
    bulla_bytes path, link;
} bu_tar_pending;

typedef struct bu_tar_guard {
    bu_entries entries;
    uint64_t offset;      /* bytes followed so far */
    uint64_t content;     /* bytes of the member's content still to come ... */
    uint64_t padding;     /* ... and of the padding behind it */
    bu_hasher *hasher;    /* of contents, from the first name with `.` components on */
    bu_buf body;          /* of an extension header ... */
    uint64_t missing;     /* ... how much of it, padding included, is still to come ... */
    uint64_t body_offset; /* ... and where it began */
    bu_tar_header header;
    bu_tar_pending pending;
    unsigned zero_blocks; /* seen in a row; two are the end */
} bu_tar_guard;

BULLA_MUST_USE bulla_status bu_tar_guard_init(bu_entry_rules rules, bu_tar_guard *guard,
                                              bulla_error *err);
void bu_tar_guard_clear(bu_tar_guard *guard);
BU_DEFINE_CLEAR(bu_tar_guard)

/** Follow the next bytes; whole blocks, but for the last call. Fails as bu_walk_tar(). */
BULLA_MUST_USE bulla_status bu_tar_guard_feed(bu_tar_guard *guard, bulla_bytes bytes,
                                              bulla_error *err);

/** The stream has ended: see that the archive has, and judge its members together. */
BULLA_MUST_USE bulla_status bu_tar_guard_end(bu_tar_guard *guard, bulla_error *err);

#endif
