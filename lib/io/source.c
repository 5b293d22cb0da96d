/* SPDX-License-Identifier: MIT */
/*
 * Sources: bytes in memory, a look at the first ones, the hashing tap, reading
 * to the end.
 */
#include "io/source.h"

#include <string.h>

static bulla_status memory_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                bulla_error *err)
{
    (void)err;
    bu_memory_source *source = (bu_memory_source *)self;
    size_t count = source->rest.len < cap ? source->rest.len : cap;
    if (count > 0)
        memcpy(buf, source->rest.ptr, count);
    source->rest = (bulla_bytes){ source->rest.ptr + count, source->rest.len - count };
    *n = count;
    return BU_OK;
}

bu_memory_source bu_memory_source_of(bulla_bytes bytes)
{
    static const uint8_t nothing[1];
    if (bytes.len == 0)
        bytes.ptr = nothing;
    return (bu_memory_source){ .base = { memory_read }, .rest = bytes };
}

static bulla_status peek_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    bu_peek *peek = (bu_peek *)self;
    size_t left = peek->len - peek->at;
    if (left == 0)
        return bu_source_read(peek->inner, buf, cap, n, err);
    *n = left < cap ? left : cap;
    memcpy(buf, peek->head + peek->at, *n);
    peek->at += *n;
    return BU_OK;
}

bulla_status bu_peek_init(bu_peek *peek, bu_source *inner, bulla_error *err)
{
    *peek = (bu_peek){ .base = { peek_read }, .inner = inner };
    for (size_t n = 1; n > 0 && peek->len < sizeof peek->head; peek->len += n)
        BU_TRY(
            bu_source_read(inner, peek->head + peek->len, sizeof peek->head - peek->len, &n, err));
    return BU_OK;
}

static bulla_status tap_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    bu_tap *tap = (bu_tap *)self;
    BU_TRY(bu_source_read(tap->inner, buf, cap, n, err));
    if (*n == 0)
        tap->at_end = true;
    tap->count += *n;
    return bu_hasher_add(tap->hasher, (bulla_bytes){ buf, *n }, err);
}

bulla_status bu_tap_init(bu_tap *tap, bu_source *inner, bu_hasher *hasher, bu_algs algs,
                         bulla_error *err)
{
    *tap = (bu_tap){ .base = { tap_read }, .inner = inner, .hasher = hasher };
    return bu_hasher_start(hasher, algs, err);
}

bulla_status bu_tap_drain(bu_tap *tap, uint8_t *scratch, bulla_error *err)
{
    while (!tap->at_end) {
        size_t n;
        BU_TRY(tap_read(&tap->base, scratch, BU_IO_CHUNK, &n, err));
    }
    return BU_OK;
}

bulla_status bu_tap_finish(bu_tap *tap, bulla_digest_set *out, bulla_error *err)
{
    if (!tap->at_end)
        return bu_fail(err, BULLA_E_INTERNAL, "a digest was asked for before the end was read");
    return bu_hasher_finish(tap->hasher, out, err);
}

bulla_status bu_source_slurp(bu_source *source, uint64_t max, bu_buf *out, bulla_error *err)
{
    uint64_t total = 0;
    for (size_t step = 4096;; step = step < BU_IO_CHUNK ? step * 2 : step) {
        uint8_t *room = bu_buf_room(out, step);
        if (room == NULL)
            return bu_no_memory(err);
        size_t n;
        BU_TRY(bu_source_read(source, room, step, &n, err));
        bu_buf_added(out, n);
        total += n;
        if (total > max)
            return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %llu bytes",
                           (unsigned long long)max);
        if (n == 0)
            return BU_OK;
    }
}
