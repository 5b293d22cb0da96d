/* SPDX-License-Identifier: MIT */
/*
 * A source gives bytes, front to back, once. Everything that reads foreign
 * data reads from one, so that files, members and decompressed streams look
 * the same and are bounded and hashed in the same way.
 */
#ifndef BU_IO_SOURCE_H
#define BU_IO_SOURCE_H

#include "base/buf.h"
#include "digest/hasher.h"

typedef struct bu_source bu_source;
struct bu_source {
    /**
     * Put up to `cap` bytes (cap > 0) into `buf` and their number into `*n`;
     * 0 is the end, and stays the end.
     */
    bulla_status (*read)(bu_source *self, uint8_t *buf, size_t cap, size_t *n, bulla_error *err);
};

static inline bulla_status bu_source_read(bu_source *source, uint8_t *buf, size_t cap, size_t *n,
                                          bulla_error *err)
{
    return source->read(source, buf, cap, n, err);
}

/** Read buffers are this large: big enough for the disk, small enough for the cache. */
#define BU_IO_CHUNK (128u << 10)

/** Bytes in memory as a source. */
typedef struct bu_memory_source {
    bu_source base; /* first member, so a bu_memory_source is a bu_source */
    bulla_bytes rest;
} bu_memory_source;
bu_memory_source bu_memory_source_of(bulla_bytes bytes);

/** Passes bytes through, after its first ones were looked at. */
typedef struct bu_peek {
    bu_source base;
    bu_source *inner; /* borrowed */
    uint8_t head[512];
    size_t len, at; /* bytes of `head`; handed out */
} bu_peek;
/** Read the head: all of it, unless the source is shorter. */
BULLA_MUST_USE bulla_status bu_peek_init(bu_peek *peek, bu_source *inner, bulla_error *err);
static inline bulla_bytes bu_peek_head(const bu_peek *peek)
{
    return (bulla_bytes){ peek->head, peek->len };
}

/** Passes bytes through and hashes them; no digest exists before the end was read. */
typedef struct bu_tap {
    bu_source base;
    bu_source *inner;  /* borrowed */
    bu_hasher *hasher; /* borrowed; started by bu_tap_init */
    uint64_t count;    /* bytes that passed */
    bool at_end;
} bu_tap;
BULLA_MUST_USE bulla_status bu_tap_init(bu_tap *tap, bu_source *inner, bu_hasher *hasher,
                                        bu_algs algs, bulla_error *err);

/** Read whatever is left, so that the digest covers all of it. `scratch` has BU_IO_CHUNK bytes. */
BULLA_MUST_USE bulla_status bu_tap_drain(bu_tap *tap, uint8_t *scratch, bulla_error *err);

/** The digests. Fails with internal when the end was not read yet. */
BULLA_MUST_USE bulla_status bu_tap_finish(bu_tap *tap, bulla_digest_set *out, bulla_error *err);

/** Read to the end into `out`. Fails with resource-limit beyond `max` bytes. */
BULLA_MUST_USE bulla_status bu_source_slurp(bu_source *source, uint64_t max, bu_buf *out,
                                            bulla_error *err);

#endif
