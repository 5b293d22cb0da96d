/* SPDX-License-Identifier: MIT */
/*
 * Safe entries of an archive stream. A tar stream is read by two readers at
 * once: libarchive gives the members, a strict reader of ours follows every
 * header byte beside it. Where the two see different archives, or one sees
 * what no honest packer writes, the walk fails: two parsers must not be able
 * to see two different packages.
 */
#ifndef BU_ARCHIVE_WALK_H
#define BU_ARCHIVE_WALK_H

#include "io/source.h"

typedef enum bu_member_kind {
    BU_MEMBER_FILE,
    BU_MEMBER_FOLDER,
    BU_MEMBER_LINK,
    BU_MEMBER_HARDLINK
} bu_member_kind;

typedef struct bu_member {
    bulla_bytes
        path; /* as stored, without a leading "./" and trailing "/"; UTF-8, no control characters */
    bu_member_kind kind;
    uint64_t size;      /* of a file's content */
    uint64_t offset;    /* of its header in the decompressed stream */
    bulla_bytes target; /* of a link */
} bu_member;

/** What a caller does with members: all calls in archive order, on one thread. */
typedef struct bu_walk_visitor {
    void *context; /* last in no call: handed to each */
    /**
     * A member begins. Set `*want` to have its content given to `content`
     * (files only; at most BU_LIMIT_METADATA_BYTES, resource-limit beyond).
     */
    bulla_status (*member)(void *context, const bu_member *member, bool *want, bulla_error *err);
    /** The whole content of a member that was wanted; borrowed for the call. */
    bulla_status (*content)(void *context, const bu_member *member, bulla_bytes content,
                            bulla_error *err);
} bu_walk_visitor;

/**
 * Walk a tar stream, compressed or not, to its very end.
 *
 * Refuses, with the member's name and offset: path-traversal (absolute, `..`, backslash, drive letter), link-escape,
 * bad-link, special-file, duplicate-entry, name-collision (case-folded or normalized alike), control-character,
 * bad-encoding, bad-name (empty, over BU_LIMIT_NAME_BYTES), bad-header, checksum, truncated, trailing-data, ambiguous-archive (second archive
 * after the end, gzip members, header fields or extensions that contradict each other, readers that disagree),
 * unsupported-feature (sparse files, multi-volume, unknown type flags), resource-limit, empty (no member).
 * Specs: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"; RFC 1952.
 */
BULLA_MUST_USE bulla_status bu_walk_tar(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

/**
 * Read a Debian binary package (deb(5)): exactly debian-binary ("2.0"), control.tar, data.tar, in this order, and
 * `_`-members nowhere; walks control.tar, and passes over data.tar without unpacking it. The source is read to its end.
 * Fails as bu_walk_tar() and with bad-header, duplicate-entry, missing-file, unsupported-version, trailing-data.
 */
BULLA_MUST_USE bulla_status bu_walk_deb(bu_source *source, const bu_walk_visitor *visitor,
                                        bulla_error *err);

#endif
