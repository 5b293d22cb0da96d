/* SPDX-License-Identifier: MIT */
/*
 * A builder of zip archives, honest and not: what any record says can be set
 * to what no packer would write.
 */
#ifndef UNIT_ARCHIVE_BUILD_ZIP_H
#define UNIT_ARCHIVE_BUILD_ZIP_H

#include "build.h"

/** Written over a record, from its signature on. */
typedef struct build_patch {
    size_t at;
    bulla_bytes bytes; /* none: no patch */
} build_patch;

/** One member. Fields that are not set get what an honest packer on Unix puts there. */
typedef struct build_zip_member {
    const char *name; /* NULL ends a list of members */
    bulla_bytes content;
    bool deflated;
    bool streamed; /* CRC and sizes come behind the content */
    bool unsigned_descriptor;
    uint32_t mode;           /* Unix; 0 means 0100644, or 040755 for a name that ends in a slash */
    uint32_t dos;            /* lower half of the attributes */
    uint8_t host;            /* 0 means Unix, 255 means 0 */
    const char *before;      /* bytes in front of the local header */
    const char *packed_more; /* stored bytes behind the content, counted as its own */
    bulla_bytes local_extra, central_extra, central_comment;
    build_patch local, central, descriptor;
    const char *central_name;
    bool unlisted, listed_twice;
    bool listed_first; /* its central header goes before the others */
} build_zip_member;

typedef struct build_zip {
    const char *before_directory, *before_end, *after;
    bulla_bytes comment;
    bool zip64;
    build_patch end, end64, locator;
} build_zip;

/** Append an archive of the members up to the one without a name. `how` NULL: an honest one. */
void build_zip_archive(const build_zip_member *members, const build_zip *how, bu_buf *out);

#endif
