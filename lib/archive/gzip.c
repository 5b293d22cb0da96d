/* SPDX-License-Identifier: MIT */
/*
 * gzip (RFC 1952) through ISA-L, which checks CRC and length and leaves every
 * byte after the member where it is. Refuses a second member, and anything
 * after the first but the zero bytes that fill GNU tar's last record.
 */
#include "archive/codec.h"

#include <isa-l/igzip_lib.h>

#include "base/bytes.h"

#define FLAG_OFFSET   3     /* RFC 1952, 2.3: ID1, ID2, CM, FLG */
#define FLAG_RESERVED 0xE0u /* "Reserved FLG bits must be zero." */
#define TAR_BLOCK     512u
#define TAR_RECORD    10240u

typedef struct gzip {
    bu_stored *in;
    struct inflate_state inflate;
} gzip;

static bulla_status gzip_open(bu_compression kind, bu_stored *in, void **state, bulla_error *err)
{
    (void)kind;
    bulla_bytes head = bu_stored_rest(in);
    if (head.len > FLAG_OFFSET && (head.ptr[FLAG_OFFSET] & FLAG_RESERVED) != 0)
        return bu_at_offset(err, bu_fail(err, BULLA_E_BAD_HEADER, "reserved gzip flags are set"),
                            bu_stored_offset(in) + FLAG_OFFSET);
    gzip *g = malloc(sizeof *g); /* large, and all of it that matters is set by the next call */
    if (g == NULL)
        return bu_no_memory(err);
    g->in = in;
    isal_inflate_init(&g->inflate);
    g->inflate.crc_flag = ISAL_GZIP;
    *state = g;
    return BU_OK;
}

static bulla_status inflate_failed(int result, bulla_error *err)
{
    static const struct {
        int result;
        bulla_code code;
        const char *text;
    } rows[] = {
        { ISAL_INCORRECT_CHECKSUM, BULLA_E_CHECKSUM, "CRC or length of the gzip member is wrong" },
        { ISAL_INVALID_WRAPPER, BULLA_E_BAD_HEADER, "not a gzip header" },
        { ISAL_UNSUPPORTED_METHOD, BULLA_E_UNSUPPORTED_FEATURE, "gzip method is not deflate" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].result == result)
            return bu_fail(err, rows[i].code, "%s", rows[i].text);
    return bu_fail(err, BULLA_E_BAD_DATA, "damaged gzip data");
}

/* Feed the inflater what is stored next. */
static bulla_status inflate_more(gzip *g, bulla_error *err)
{
    BU_TRY(bu_stored_fill(g->in, err));
    uint32_t room = g->inflate.avail_out;
    size_t given = g->in->len - g->in->at;
    g->inflate.next_in = g->in->bytes + g->in->at;
    g->inflate.avail_in = (uint32_t)given;
    int result = isal_inflate(&g->inflate);
    if (g->inflate.avail_in <= given) /* after damage it can give back more than it was given */
        g->in->at += given - g->inflate.avail_in;
    if (result != ISAL_DECOMP_OK)
        return inflate_failed(result, err);
    if (given == 0 && g->inflate.avail_out == room && g->inflate.block_state != ISAL_BLOCK_FINISH)
        return bu_fail(err, BULLA_E_TRUNCATED, "the gzip member has no end");
    return BU_OK;
}

static bulla_status refuse_rest(const bu_stored *in, bulla_error *err)
{
    if (bu_compression_of(bu_stored_rest(in)) == BU_COMPRESSION_GZIP)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a second gzip member follows the first");
    return bu_fail(err, BULLA_E_TRAILING_DATA, "data after the end of the gzip member");
}

/* GNU tar of old filled its last record behind the compressor; every reader skips such zeros. */
static bulla_status check_end(bu_stored *in, bulla_error *err)
{
    uint64_t end = bu_stored_offset(in);
    for (;;) {
        BU_TRY(bu_stored_fill(in, err));
        bulla_bytes rest = bu_stored_rest(in);
        if (rest.len == 0)
            break;
        while (in->at < in->len && in->bytes[in->at] == 0)
            in->at++;
        if (in->at < in->len)
            return refuse_rest(in, err);
    }
    uint64_t size = bu_stored_offset(in);
    if (size != end && (size % TAR_BLOCK != 0 || size - end >= TAR_RECORD))
        return bu_at_offset(err, refuse_rest(in, err), end);
    return BU_OK;
}

static bulla_status member_read(void *state, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    gzip *g = state;
    g->inflate.next_out = buf;
    g->inflate.avail_out = cap < UINT32_MAX ? (uint32_t)cap : UINT32_MAX;
    uint32_t room = g->inflate.avail_out;
    while (g->inflate.avail_out > 0 && g->inflate.block_state != ISAL_BLOCK_FINISH)
        BU_TRY(inflate_more(g, err));
    *n = room - g->inflate.avail_out;
    return BU_OK;
}

static bulla_status gzip_read(void *state, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    BU_TRY(member_read(state, buf, cap, n, err));
    return *n == 0 ? check_end(((gzip *)state)->in, err) : BU_OK;
}

static void gzip_close(void *state)
{
    free(state);
}

const bu_codec bu_codec_gzip = { gzip_open, gzip_read, gzip_close };
const bu_codec bu_codec_gzip_member = { gzip_open, member_read, gzip_close };
