/* SPDX-License-Identifier: MIT */
/*
 * A builder of archives, honest and not: every field of a tar or ar header
 * can be set to what no packer would write.
 */
#ifndef UNIT_ARCHIVE_BUILD_H
#define UNIT_ARCHIVE_BUILD_H

#include "archive/decompress.h"
#include "archive/walk.h"

#define BUILD_BLOCK 512u

/** Bytes of a literal, NULs included. */
#define BUILD_BYTES(literal)                                                                       \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

/** One member. Fields that are not set get what an honest ustar writer puts there. */
typedef struct build_member {
    const char *name; /* NULL ends a list of members */
    char type;        /* 0 means '0'; 'v' a file as before POSIX, with a NUL here */
    bulla_bytes content;
    const char *pax[5];   /* "key=value" records of an extension header before it */
    const char *gnu_name; /* a GNU header with its long name before it */
    const char *gnu_link;
    const char *link;
    const char *prefix;
    bulla_bytes magic; /* 8 bytes */
    const char *size;  /* up to 12 characters */
    struct {           /* written over the header, before its checksum is made */
        size_t at;
        bulla_bytes bytes;
    } patch;
    bool bad_checksum;
} build_member;

#define BUILD_GNU_MAGIC BUILD_BYTES("ustar  \0")
#define BUILD_V7_MAGIC  BUILD_BYTES("\0\0\0\0\0\0\0\0")

/** Append a member: header, content, padding. */
void build_tar_member(const build_member *member, bu_buf *out);

/** Append members up to the one without a name, then the two blocks that end an archive. */
void build_tar(const build_member *members, bu_buf *out);

void build_zeros(size_t count, bu_buf *out);

/** Append the bytes, compressed (NONE: as they are). */
void build_compressed(bu_compression kind, bulla_bytes bytes, bu_buf *out);

/** Append an ar member; `size` is the text of its size field, NULL for the true one. */
void build_ar_member(const char *name, const char *size, bulla_bytes content, bu_buf *out);

/** A visitor that keeps what it is shown as lines: "kind path size target", then wanted content. */
typedef struct build_listing {
    bu_buf text;
    const char *wanted; /* the path whose content is asked for, or NULL */
    bu_buf content;
} build_listing;
bu_walk_visitor build_visitor(build_listing *listing);
void build_listing_clear(build_listing *listing);
BU_DEFINE_CLEAR(build_listing)

#endif
