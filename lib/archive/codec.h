/* SPDX-License-Identifier: MIT */
/*
 * What the decompressor is made of: the stored bytes with their place, and
 * one codec a compression.
 */
#ifndef BU_ARCHIVE_CODEC_H
#define BU_ARCHIVE_CODEC_H

#include "archive/decompress.h"

/** Bytes as stored, a chunk at a time. */
typedef struct bu_stored {
    bu_source *inner; /* borrowed */
    uint8_t *bytes;   /* BU_IO_CHUNK of them */
    size_t at, len;   /* the next byte to use; how many there are */
    uint64_t offset;  /* of bytes[0] */
} bu_stored;

/** Read on when all was used. What is left after it is empty only at the end. */
BULLA_MUST_USE bulla_status bu_stored_fill(bu_stored *in, bulla_error *err);

/** Have at least `count` bytes (at most BU_IO_CHUNK) in what is left, or all there are. */
BULLA_MUST_USE bulla_status bu_stored_hold(bu_stored *in, size_t count, bulla_error *err);

static inline bulla_bytes bu_stored_rest(const bu_stored *in)
{
    return (bulla_bytes){ in->bytes + in->at, in->len - in->at };
}

/** Where the next byte is. */
static inline uint64_t bu_stored_offset(const bu_stored *in)
{
    return in->offset + in->at;
}

/** One compression. */
typedef struct bu_codec {
    /** Make ready to read `kind` from `in`, which is borrowed for the life of `*state`. */
    bulla_status (*open)(bu_compression kind, bu_stored *in, void **state, bulla_error *err);
    /** As bu_source.read: 0 is the end, after it was seen that nothing follows. */
    bulla_status (*read)(void *state, uint8_t *buf, size_t cap, size_t *n, bulla_error *err);
    void (*close)(void *state);
} bu_codec;

extern const bu_codec bu_codec_plain; /* passes through; its state is the bu_stored */
extern const bu_codec bu_codec_gzip;  /* ISA-L */
extern const bu_codec
    bu_codec_gzip_member;              /* the same, and ends with the member, whatever follows */
extern const bu_codec bu_codec_filter; /* xz, zstd and lz4 through libarchive */

#endif
