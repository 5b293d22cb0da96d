/* SPDX-License-Identifier: MIT */
/*
 * xz, zstd and lz4 through libarchive's raw reader with exactly one filter
 * enabled, while a frame follows the stored bytes to their end. Refuses what
 * libarchive would take for something else: no filter, or the same one twice.
 */
#include "archive/codec.h"
#include "archive/frame.h"
#include "archive/libarchive.h"

typedef struct filter {
    bu_stored *in;
    bu_frame frame;
    const bu_libarchive *la;
    struct archive *archive;
    bool started, empty;
    bulla_status status; /* of feed_decoder(), which itself can only say that it failed */
    bulla_error *err;    /* of the read that is under way */
} filter;

/* Every stored byte passes through here: the frame follows it before the decoder sees it. */
static bulla_status take_chunk(filter *f, bulla_bytes *chunk)
{
    BU_TRY(bu_stored_fill(f->in, f->err));
    *chunk = bu_stored_rest(f->in);
    f->in->at = f->in->len;
    if (chunk->len == 0 && !bu_frame_ended(&f->frame))
        return bu_fail(f->err, BULLA_E_TRUNCATED, "the compressed stream has no end");
    return bu_frame_feed(&f->frame, *chunk, f->err);
}

static la_ssize_t feed_decoder(struct archive *archive, void *client, const void **buffer)
{
    (void)archive;
    filter *f = client;
    bulla_bytes chunk = { 0 };
    f->status = take_chunk(f, &chunk);
    *buffer = chunk.ptr;
    return bulla_ok(f->status) ? (la_ssize_t)chunk.len : ARCHIVE_FATAL;
}

/* Whatever the decoder left unread must be followed too. */
static bulla_status drain(filter *f)
{
    bulla_bytes chunk;
    do
        BU_TRY(take_chunk(f, &chunk));
    while (chunk.len > 0);
    return BU_OK;
}

static bulla_status damaged(filter *f, bulla_error *err)
{
    BU_TRY(f->status);
    const char *why = f->la->error_string(f->archive);
    return bu_fail(err, BULLA_E_BAD_DATA, "damaged compressed data: %s", why == NULL ? "" : why);
}

static int enable_filter(const filter *f)
{
    switch (f->frame.kind) {
    case BU_COMPRESSION_XZ:
        return f->la->read_support_filter_xz(f->archive);
    case BU_COMPRESSION_ZSTD:
        return f->la->read_support_filter_zstd(f->archive);
    case BU_COMPRESSION_LZ4:
        return f->la->read_support_filter_lz4(f->archive);
    default:
        return ARCHIVE_FATAL;
    }
}

static bulla_status start(filter *f, bulla_error *err)
{
    struct archive_entry *entry;
    if (f->la->read_support_format_raw(f->archive) != ARCHIVE_OK || enable_filter(f) != ARCHIVE_OK)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "libarchive lacks this decompressor");
    f->started = true;
    if (f->la->read_open(f->archive, f, NULL, feed_decoder, NULL) == ARCHIVE_OK &&
        f->la->read_next_header(f->archive, &entry) == ARCHIVE_OK)
        return f->la->filter_count(f->archive) == 2 /* the one that is enabled, and the callback */
                   ? BU_OK
                   : bu_fail(err, BULLA_E_BAD_DATA, "not compressed exactly once");
    BU_TRY(f->status);
    BU_TRY(drain(f));
    f->empty = !f->frame.has_content; /* the raw reader has no entry for no bytes */
    return f->empty ? BU_OK : damaged(f, err);
}

static bulla_status filter_read(void *state, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    filter *f = state;
    f->err = err;
    f->status = BU_OK;
    if (!f->started)
        BU_TRY(start(f, err));
    la_ssize_t got = f->empty ? 0 : f->la->read_data(f->archive, buf, cap);
    if (got < 0 || !bulla_ok(f->status))
        return damaged(f, err);
    *n = (size_t)got;
    return got == 0 ? drain(f) : BU_OK;
}

static void filter_close(void *state)
{
    filter *f = state;
    if (f->archive != NULL)
        (void)f->la->read_free(f->archive);
    free(f);
}

static bulla_status filter_open(bu_compression kind, bu_stored *in, void **state, bulla_error *err)
{
    const bu_libarchive *la;
    BU_TRY(bu_libarchive_open(&la, err));
    filter *f = malloc(sizeof *f);
    if (f == NULL)
        return bu_no_memory(err);
    *f = (filter){ .in = in, .frame = bu_frame_of(kind), .la = la, .archive = la->read_new() };
    if (f->archive == NULL) {
        filter_close(f);
        return bu_no_memory(err);
    }
    *state = f;
    return BU_OK;
}

const bu_codec bu_codec_filter = { filter_open, filter_read, filter_close };
