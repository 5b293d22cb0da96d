/* SPDX-License-Identifier: MIT */
/*
 * Compressed streams: the same bytes come out in large reads and in small
 * ones; what is refused says why; and where zlib, which most other readers
 * are made of, takes a gzip member too, it takes the same from it.
 */
#include "fuzz.h"

#include <zlib.h>

#include "archive/decompress.h"
#include "base/bytes.h"

#define MAX (1u << 20) /* bytes that are compared */

/* Read up to MAX bytes in pieces of `piece`. */
static bulla_status inflate_all(bulla_bytes in, size_t piece, bu_buf *out, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(in);
    BU_AUTO(bu_decompressor) d = NULL;
    BU_TRY(bu_decompressor_new(&source.base, &d, err));
    for (size_t n = 1; n > 0 && out->len < MAX; bu_buf_added(out, n)) {
        uint8_t *room = bu_buf_room(out, piece);
        if (room == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_source_read(bu_decompressor_source(d), room, piece, &n, err));
    }
    return BU_OK;
}

static void check_zlib(bulla_bytes in, bulla_bytes out)
{
    static uint8_t inflated[MAX];
    z_stream z = { .next_in = (Bytef *)(uintptr_t)in.ptr, .avail_in = (uInt)in.len };
    FUZZ_CHECK(inflateInit2(&z, 15 + 16) == Z_OK);
    z.next_out = inflated;
    z.avail_out = MAX;
    if (inflate(&z, Z_FINISH) == Z_STREAM_END)
        FUZZ_CHECK(bu_bytes_equal(out, (bulla_bytes){ inflated, MAX - z.avail_out }));
    (void)inflateEnd(&z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes in = { data, size };
    BU_CLEAR(bu_buf) large = { 0 };
    BU_CLEAR(bu_buf) small = { 0 };
    bulla_error err = { 0 }, again = { 0 };
    bulla_status status = inflate_all(in, 65536, &large, &err);
    FUZZ_CHECK(inflate_all(in, 61, &small, &again).code == status.code);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        return 0;
    }
    if (large.len >= MAX)
        return 0;
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&large), bu_buf_bytes(&small)));
    if (bu_compression_of(in) == BU_COMPRESSION_GZIP)
        check_zlib(in, bu_buf_bytes(&large));
    return 0;
}
