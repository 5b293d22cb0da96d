/* SPDX-License-Identifier: MIT */
/*
 * The stored bytes of a zip archive, front to back: a window that any record
 * fits into, and the content of one member coming out of it. Deflate ends by
 * itself: what the inflater read too far is given back.
 */
#ifndef BU_ARCHIVE_ZIP_INPUT_H
#define BU_ARCHIVE_ZIP_INPUT_H

#include "archive/codec.h"

typedef struct bu_zip_input {
    bu_source *inner; /* borrowed */
    uint8_t *bytes;
    size_t at, len;  /* the next byte to use; how many there are */
    uint64_t offset; /* of bytes[0] */
    bool at_end;     /* of the source */
    void *inflater;  /* of the member that is read */
    /* Bytes are hashed when they leave the window, or at a mark. */
    bu_hasher *hasher; /* borrowed; NULL: nobody asks */
    bool is_hashed;    /* what is read since the last mark */
    uint64_t hashed;   /* up to here it is done */
} bu_zip_input;

BULLA_MUST_USE bulla_status bu_zip_input_init(bu_zip_input *in, bu_source *inner, bulla_error *err);
void bu_zip_input_clear(bu_zip_input *in);

/** The next `count` bytes (at most 256 KiB), fewer at the end; valid until the next call. */
BULLA_MUST_USE bulla_status bu_zip_peek(bu_zip_input *in, size_t count, bulla_bytes *out,
                                        bulla_error *err);

/** Go on behind so many bytes that were peeked at. */
void bu_zip_skip(bu_zip_input *in, size_t count);

/** From here on bytes are hashed, or not. */
BULLA_MUST_USE bulla_status bu_zip_mark(bu_zip_input *in, bool is_hashed, bulla_error *err);

/** Where the next byte is. */
static inline uint64_t bu_zip_offset(const bu_zip_input *in)
{
    return in->offset + in->at;
}

/** The content of one member while it is read. */
typedef struct bu_zip_data {
    bool is_deflated;
    uint64_t left;   /* stored bytes that it may still take; UINT64_MAX: as many as it wants */
    uint64_t packed; /* stored bytes that it took */
    uint64_t size;   /* bytes that came out */
    uint32_t crc;    /* of them */
    bool ended;
} bu_zip_data;

/** Begin with the next byte. `packed` is its stored size, UINT64_MAX: where its deflate data ends. */
bu_zip_data bu_zip_data_begin(bu_zip_input *in, bool is_deflated, uint64_t packed);

/**
 * The next bytes of the content: as many as fit but for the last; 0 is the end.
 * Fails with bad-data, truncated, ambiguous-archive (its data ends before its stored size).
 */
BULLA_MUST_USE bulla_status bu_zip_data_read(bu_zip_input *in, bu_zip_data *data, uint8_t *buf,
                                             size_t cap, size_t *n, bulla_error *err);

#endif
