/* SPDX-License-Identifier: MIT */
/*
 * The decompressor: finds the compression by its magic number, hands the work
 * to a codec, and holds what comes out to the limits.
 */
#include "archive/decompress.h"

#include "archive/codec.h"
#include "base/bytes.h"
#include "base/limits.h"

struct bu_decompressor {
    bu_source base; /* first member, so that its address is the source */
    bu_compression kind;
    const bu_codec *codec;
    void *state;
    bu_stored in;
    uint64_t inflated;
    bulla_code failed; /* a stream that failed once stays failed */
};

bu_compression bu_compression_of(bulla_bytes head)
{
    static const struct {
        bulla_bytes magic;
        bu_compression kind;
    } rows[] = {
        { { (const uint8_t *)"\x1F\x8B", 2 }, BU_COMPRESSION_GZIP },
        { { (const uint8_t *)"\xFD"
                             "7zXZ\0",
            6 },
          BU_COMPRESSION_XZ },
        { { (const uint8_t *)"\x28\xB5\x2F\xFD", 4 }, BU_COMPRESSION_ZSTD },
        { { (const uint8_t *)"\x04\x22\x4D\x18", 4 }, BU_COMPRESSION_LZ4 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_equal(bu_bytes_first(head, rows[i].magic.len), rows[i].magic))
            return rows[i].kind;
    return BU_COMPRESSION_NONE;
}

bulla_status bu_stored_hold(bu_stored *in, size_t count, bulla_error *err)
{
    if (in->len - in->at >= count)
        return BU_OK;
    in->offset += in->at;
    in->len -= in->at;
    memmove(in->bytes, in->bytes + in->at, in->len);
    in->at = 0;
    size_t n = 1;
    while (in->len < BU_IO_CHUNK && n > 0) {
        BU_TRY(bu_source_read(in->inner, in->bytes + in->len, BU_IO_CHUNK - in->len, &n, err));
        in->len += n;
    }
    return BU_OK;
}

bulla_status bu_stored_fill(bu_stored *in, bulla_error *err)
{
    return bu_stored_hold(in, 1, err);
}

static bulla_status plain_open(bu_compression kind, bu_stored *in, void **state, bulla_error *err)
{
    (void)kind;
    (void)err;
    *state = in;
    return BU_OK;
}

static bulla_status plain_read(void *state, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    bu_stored *in = state;
    BU_TRY(bu_stored_fill(in, err));
    bulla_bytes piece = bu_bytes_first(bu_stored_rest(in), cap);
    if (piece.len > 0)
        memcpy(buf, piece.ptr, piece.len);
    in->at += piece.len;
    *n = piece.len;
    return BU_OK;
}

static void plain_close(void *state)
{
    (void)state;
}

const bu_codec bu_codec_plain = { plain_open, plain_read, plain_close };

static const bu_codec *const codecs[] = {
    [BU_COMPRESSION_NONE] = &bu_codec_plain, [BU_COMPRESSION_GZIP] = &bu_codec_gzip,
    [BU_COMPRESSION_XZ] = &bu_codec_filter,  [BU_COMPRESSION_ZSTD] = &bu_codec_filter,
    [BU_COMPRESSION_LZ4] = &bu_codec_filter,
};

static bulla_status check_limits(const bu_decompressor *d, bulla_error *err)
{
    if (d->inflated > BU_LIMIT_INFLATED_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %llu bytes after decompression",
                       (unsigned long long)BU_LIMIT_INFLATED_BYTES);
    if (d->inflated > BU_LIMIT_RATIO_FREE_BYTES &&
        d->inflated / BU_LIMIT_INFLATE_RATIO > bu_stored_offset(&d->in))
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "inflates to more than %u times its size",
                       BU_LIMIT_INFLATE_RATIO);
    return BU_OK;
}

static bulla_status read_checked(bu_decompressor *d, uint8_t *buf, size_t cap, size_t *n,
                                 bulla_error *err)
{
    *n = 0;
    if (d->failed != BULLA_OK)
        return bu_fail(err, d->failed, "read on after a failure");
    BU_TRY(d->codec->read(d->state, buf, cap, n, err));
    d->inflated += *n;
    return check_limits(d, err);
}

static bulla_status decompressor_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                      bulla_error *err)
{
    bu_decompressor *d = (bu_decompressor *)self;
    bulla_status status = read_checked(d, buf, cap, n, err);
    d->failed = status.code;
    if (!bulla_ok(status) && err != NULL && err->offset == BU_OFFSET_NONE)
        return bu_at_offset(err, status, bu_stored_offset(&d->in));
    return status;
}

bulla_status bu_decompressor_new(bu_source *inner, bu_decompressor **out, bulla_error *err)
{
    BU_AUTO(bu_decompressor) d = calloc(1, sizeof *d);
    if (d == NULL)
        return bu_no_memory(err);
    *d = (bu_decompressor){ .base = { decompressor_read }, .in = { .inner = inner } };
    d->in.bytes = malloc(BU_IO_CHUNK);
    if (d->in.bytes == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_stored_fill(&d->in, err));
    d->kind = bu_compression_of(bu_stored_rest(&d->in));
    BU_TRY(codecs[d->kind]->open(d->kind, &d->in, &d->state, err));
    d->codec = codecs[d->kind];
    *out = BU_STEAL(d);
    return BU_OK;
}

void bu_decompressor_free(bu_decompressor *decompressor)
{
    if (decompressor == NULL)
        return;
    if (decompressor->codec != NULL)
        decompressor->codec->close(decompressor->state);
    free(decompressor->in.bytes);
    free(decompressor);
}

bu_source *bu_decompressor_source(bu_decompressor *decompressor)
{
    return &decompressor->base;
}

bu_compression bu_decompressor_kind(const bu_decompressor *decompressor)
{
    return decompressor->kind;
}
