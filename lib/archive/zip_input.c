/* SPDX-License-Identifier: MIT */
/*
 * The window on the stored bytes, and ISA-L's inflater behind it. Its bit
 * buffer may hold whole bytes that it did not need; these are given back, also
 * those of the window before, so that the next record starts where it starts.
 */
#include "archive/zip_input.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "base/bytes.h"

#define WINDOW (256u << 10) /* more than the longest record: 46 bytes and three times 65535 */
#define BACK   8u           /* bytes that the inflater may give back */

bulla_status bu_zip_input_init(bu_zip_input *in, bu_source *inner, bulla_error *err)
{
    *in = (bu_zip_input){ .inner = inner };
    in->bytes = malloc(BACK + WINDOW);
    in->inflater = malloc(sizeof(struct inflate_state));
    return in->bytes == NULL || in->inflater == NULL ? bu_no_memory(err) : BU_OK;
}

void bu_zip_input_clear(bu_zip_input *in)
{
    free(in->bytes);
    free(in->inflater);
    *in = (bu_zip_input){ 0 };
}

static bulla_status hash_to(bu_zip_input *in, size_t end, bulla_error *err)
{
    size_t start = (size_t)(in->hashed - in->offset);
    if (in->hasher == NULL || in->hashed >= in->offset + end)
        return BU_OK;
    in->hashed = in->offset + end;
    return in->is_hashed
               ? bu_hasher_add(in->hasher, (bulla_bytes){ in->bytes + start, end - start }, err)
               : BU_OK;
}

bulla_status bu_zip_mark(bu_zip_input *in, bool is_hashed, bulla_error *err)
{
    BU_TRY(hash_to(in, in->at, err));
    in->is_hashed = is_hashed;
    return BU_OK;
}

/* Make room behind what is left, and keep what may be given back in front of it. */
static bulla_status move_window(bu_zip_input *in, bulla_error *err)
{
    size_t kept = in->at < BACK ? in->at : BACK;
    size_t from = in->at - kept;
    BU_TRY(hash_to(in, from, err));
    memmove(in->bytes, in->bytes + from, in->len - from);
    in->offset += from;
    in->at = kept;
    in->len -= from;
    return BU_OK;
}

bulla_status bu_zip_peek(bu_zip_input *in, size_t count, bulla_bytes *out, bulla_error *err)
{
    if (in->len - in->at < count && !in->at_end)
        BU_TRY(move_window(in, err));
    while (in->len - in->at < count && !in->at_end) {
        size_t n;
        BU_TRY(bu_source_read(in->inner, in->bytes + in->len, BACK + WINDOW - in->len, &n, err));
        in->len += n;
        in->at_end = n == 0;
    }
    *out = bu_bytes_first((bulla_bytes){ in->bytes + in->at, in->len - in->at }, count);
    return BU_OK;
}

void bu_zip_skip(bu_zip_input *in, size_t count)
{
    in->at += count;
}

bu_zip_data bu_zip_data_begin(bu_zip_input *in, bool is_deflated, uint64_t packed)
{
    if (is_deflated)
        isal_inflate_init(in->inflater);
    return (bu_zip_data){ .is_deflated = is_deflated, .left = packed };
}

static void take(bu_zip_input *in, bu_zip_data *d, size_t count)
{
    bu_zip_skip(in, count);
    d->packed += count;
    d->left -= d->left == UINT64_MAX ? 0 : count;
}

static void give_back(bu_zip_input *in, bu_zip_data *d, size_t count)
{
    in->at -= count;
    d->packed -= count;
    d->left += d->left == UINT64_MAX ? 0 : count;
}

/* What there is of the member's stored bytes; nothing only when all were used. */
static bulla_status peek_data(bu_zip_input *in, const bu_zip_data *d, bulla_bytes *out,
                              bulla_error *err)
{
    *out = (bulla_bytes){ 0 };
    if (d->left == 0)
        return BU_OK;
    BU_TRY(bu_zip_peek(in, 1, out, err));
    if (out->len == 0)
        return bu_fail(err, BULLA_E_TRUNCATED, "its content has no end");
    *out = bu_bytes_first((bulla_bytes){ in->bytes + in->at, in->len - in->at },
                          d->left < WINDOW ? (size_t)d->left : WINDOW);
    return BU_OK;
}

static bulla_status read_stored(bu_zip_input *in, bu_zip_data *d, uint8_t *buf, size_t cap,
                                size_t *n, bulla_error *err)
{
    bulla_bytes piece;
    for (*n = 0; *n < cap; *n += piece.len) {
        BU_TRY(peek_data(in, d, &piece, err));
        piece = bu_bytes_first(piece, cap - *n);
        if (piece.len == 0)
            break;
        memcpy(buf + *n, piece.ptr, piece.len);
        take(in, d, piece.len);
    }
    return BU_OK;
}

/* Give the inflater what is stored next. */
static bulla_status inflate_more(bu_zip_input *in, bu_zip_data *d, struct inflate_state *state,
                                 bulla_error *err)
{
    bulla_bytes piece;
    uint32_t room = state->avail_out;
    BU_TRY(peek_data(in, d, &piece, err));
    state->next_in = (uint8_t *)(uintptr_t)piece.ptr;
    state->avail_in = (uint32_t)piece.len;
    int result = isal_inflate(state);
    if (result != ISAL_DECOMP_OK || state->avail_in > piece.len)
        return bu_fail(err, BULLA_E_BAD_DATA, "damaged deflate data");
    take(in, d, piece.len - state->avail_in);
    if (piece.len == 0 && state->avail_out == room && state->block_state != ISAL_BLOCK_FINISH)
        return bu_fail(err, BULLA_E_BAD_DATA, "its deflate data goes on behind its stored size");
    return BU_OK;
}

static bulla_status end_deflate(bu_zip_input *in, bu_zip_data *d, struct inflate_state *state,
                                bulla_error *err)
{
    if (state->read_in_length > 0)
        give_back(in, d, (size_t)state->read_in_length / 8);
    if (d->left > 0 && d->left != UINT64_MAX)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE,
                       "%llu bytes between the end of its deflate data and its stored size",
                       (unsigned long long)d->left);
    return BU_OK;
}

static bulla_status read_deflated(bu_zip_input *in, bu_zip_data *d, uint8_t *buf, size_t cap,
                                  size_t *n, bulla_error *err)
{
    struct inflate_state *state = in->inflater;
    *n = 0;
    if (d->ended)
        return BU_OK;
    state->next_out = buf;
    state->avail_out = (uint32_t)cap;
    while (state->avail_out > 0 && state->block_state != ISAL_BLOCK_FINISH)
        BU_TRY(inflate_more(in, d, state, err));
    *n = cap - state->avail_out;
    d->ended = state->block_state == ISAL_BLOCK_FINISH;
    return d->ended ? end_deflate(in, d, state, err) : BU_OK;
}

bulla_status bu_zip_data_read(bu_zip_input *in, bu_zip_data *data, uint8_t *buf, size_t cap,
                              size_t *n, bulla_error *err)
{
    if (cap > UINT32_MAX)
        cap = UINT32_MAX;
    BU_TRY(data->is_deflated ? read_deflated(in, data, buf, cap, n, err)
                             : read_stored(in, data, buf, cap, n, err));
    data->crc = crc32_gzip_refl(data->crc, buf, *n);
    data->size += *n;
    return BU_OK;
}
