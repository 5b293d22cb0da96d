/* SPDX-License-Identifier: MIT */
/*
 * Follows the outer structure of an xz stream, a zstd frame or an lz4 frame
 * beside the library that decodes it, to know where it ends: decoders go on
 * with whatever follows, and two streams end to end must not pass as one.
 */
#ifndef BU_ARCHIVE_FRAME_H
#define BU_ARCHIVE_FRAME_H

#include "archive/decompress.h"

typedef struct bu_frame bu_frame;

/** What is done with the bytes that were asked for. */
typedef bulla_status bu_frame_step(bu_frame *frame, const uint8_t *field, bulla_error *err);

struct bu_frame {
    bu_compression kind;
    uint64_t offset; /* bytes followed so far */
    uint64_t skip;   /* content to pass over ... */
    size_t need;     /* ... then this many bytes are collected ... */
    size_t have;
    uint8_t field[16];
    bu_frame_step *step; /* ... and given to this; NULL at the end */
    bool has_content;    /* a block was seen that can hold bytes */
    size_t check_size;   /* of a checksum after each block */
    size_t trailer_size; /* of a checksum after the last block (zstd, lz4) */
    uint64_t numbers;    /* of the xz index: their count, then those still to come */
    unsigned shift;      /* bits of that count read so far */
};

/** Begin a stream of `kind`, one of xz, zstd and lz4. */
bu_frame bu_frame_of(bu_compression kind);

/**
 * Follow what comes next. Fails with bad-data, unsupported-feature, or, after the end, with
 * ambiguous-archive (another stream) or trailing-data, and the offset.
 */
BULLA_MUST_USE bulla_status bu_frame_feed(bu_frame *frame, bulla_bytes bytes, bulla_error *err);

/** Whether the stream has come to its end. */
static inline bool bu_frame_ended(const bu_frame *frame)
{
    return frame->step == NULL;
}

#endif
