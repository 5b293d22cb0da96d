/* SPDX-License-Identifier: MIT */
/*
 * One header block of a tar archive, read strictly: POSIX ustar, GNU's
 * variant of it, and the plain headers of before both.
 */
#ifndef BU_ARCHIVE_TAR_HEADER_H
#define BU_ARCHIVE_TAR_HEADER_H

#include "base/error.h"

#define BU_TAR_BLOCK 512u

typedef enum bu_tar_type {
    BU_TAR_FILE,
    BU_TAR_HARDLINK,
    BU_TAR_LINK,
    BU_TAR_FOLDER,
    BU_TAR_SPECIAL,    /* a device or FIFO: for the caller to judge */
    BU_TAR_PAX,        /* extension of the next member */
    BU_TAR_PAX_GLOBAL, /* extension of all that follow */
    BU_TAR_LONG_NAME,  /* GNU: name of the next member */
    BU_TAR_LONG_LINK,  /* GNU: link target of the next member */
} bu_tar_type;

typedef struct bu_tar_header {
    bu_tar_type type;
    uint64_t size;
    bulla_bytes link; /* borrowed from the block */
    size_t name_len;
    uint8_t name[256]; /* prefix, slash, name */
} bu_tar_header;

/** True for a block of zeros. */
bool bu_tar_block_is_zero(const uint8_t *block);

/** True when the block carries the checksum of a header. */
bool bu_tar_checksum_fits(const uint8_t *block);

/**
 * Read one header of BU_TAR_BLOCK bytes that is not zero.
 * Fails with checksum, bad-header, ambiguous-archive (bytes that only some readers take for a part
 * of the name), unsupported-feature, resource-limit; the offset is that in the block.
 */
BULLA_MUST_USE bulla_status bu_tar_header_read(const uint8_t *block, bu_tar_header *out,
                                               bulla_error *err);

#endif
