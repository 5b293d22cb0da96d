/* SPDX-License-Identifier: MIT */
/*
 * Compressed streams as sources. gzip goes through the inflater (ISA-L), which
 * says where a member ends; xz, zstd and lz4 through libarchive. One member or
 * stream, nothing after it; size and ratio are bounded.
 */
#ifndef BU_ARCHIVE_DECOMPRESS_H
#define BU_ARCHIVE_DECOMPRESS_H

#include "io/source.h"

typedef enum bu_compression {
    BU_COMPRESSION_NONE,
    BU_COMPRESSION_GZIP,
    BU_COMPRESSION_XZ,
    BU_COMPRESSION_ZSTD,
    BU_COMPRESSION_LZ4,
} bu_compression;

/** What these first bytes (6 are enough) are: by magic number, never by name. */
bu_compression bu_compression_of(bulla_bytes head);

typedef struct bu_decompressor bu_decompressor;

/**
 * A source of what `inner` holds, whichever compression its first bytes show (NONE passes through).
 * Fails, when made or when read, with bad-header, bad-data, truncated, checksum,
 * unsupported-feature, ambiguous-archive (a second gzip member or stream), trailing-data,
 * resource-limit (BU_LIMIT_INFLATED_BYTES, BU_LIMIT_INFLATE_RATIO); errors carry the offset in the
 * stored bytes.
 */
BULLA_MUST_USE bulla_status bu_decompressor_new(bu_source *inner, bu_decompressor **out,
                                                bulla_error *err);
void bu_decompressor_free(bu_decompressor *decompressor);
BU_DEFINE_AUTO(bu_decompressor)
bu_source *bu_decompressor_source(bu_decompressor *decompressor);
bu_compression bu_decompressor_kind(const bu_decompressor *decompressor);

#endif
