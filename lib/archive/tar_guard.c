/* SPDX-License-Identifier: MIT */
/*
 * The strict tar reader (POSIX.1-2017 pax; GNU tar manual, "Basic Tar
 * Format"). Where readers are known to differ it refuses: extensions that
 * contradict a header, headers after the end, text after a name's end.
 */
#include "archive/tar_guard.h"

#include "archive/pax.h"
#include "base/bytes.h"

#define EXTENSION_MAX (1u << 20) /* bytes of one extension header; libarchive's limit too */

bulla_status bu_tar_guard_init(bu_entry_rules rules, bu_tar_guard *guard, bulla_error *err)
{
    *guard = (bu_tar_guard){ 0 };
    return bu_entries_init(rules, &guard->entries, err);
}

void bu_tar_guard_clear(bu_tar_guard *guard)
{
    bu_entries_clear(&guard->entries);
    bu_buf_clear(&guard->body);
    bu_hasher_free(guard->hasher);
}

static uint64_t padded(uint64_t size)
{
    return (size + BU_TAR_BLOCK - 1) / BU_TAR_BLOCK * BU_TAR_BLOCK;
}

/* An error of a part of the stream, whose offset is that in the part. */
static bulla_status from_here(bulla_error *err, bulla_status status, uint64_t start)
{
    if (err != NULL && status.code != BULLA_E_NO_MEMORY)
        err->offset = start + (err->offset == BU_OFFSET_NONE ? 0 : err->offset);
    return status;
}

static bool is_ascii(uint8_t byte)
{
    return byte < 0x80;
}

/*
 * Whether a writer that puts `full` into an extension leaves `brief` in the header: the same, less
 * what is not ASCII (dropped, or a question mark for each character), cut off where the field ends.
 */
static bool is_brief(bulla_bytes brief, bulla_bytes full)
{
    enum { FULL = 99 }; /* some keep the last of the field's 100 bytes for a NUL */
    size_t at = 0;
    size_t i = 0;
    for (; i < full.len && at < brief.len; i++) {
        if (brief.ptr[at] == full.ptr[i])
            at++;
        else if (is_ascii(full.ptr[i]))
            return false;
        else if (brief.ptr[at] == '?' && full.ptr[i] >= 0xC0)
            at++;
    }
    while (i < full.len && (!is_ascii(full.ptr[i]) || (full.ptr[i] == '/' && i + 1 == full.len)))
        i++;
    return at == brief.len && (i == full.len || brief.len >= FULL);
}

/* The name that counts: the extension's, when the header's own could have been made of it. */
static bulla_status settle(bulla_bytes in_header, bulla_bytes in_extension, bulla_bytes *out,
                           bulla_error *err)
{
    *out = in_extension.ptr == NULL ? in_header : in_extension;
    if (in_extension.ptr == NULL || is_brief(in_header, in_extension))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "header and extension give different names");
    return bu_expected(err, status, in_extension, in_header);
}

static const bu_member_kind kinds[] = {
    [BU_TAR_FILE] = BU_MEMBER_FILE,       [BU_TAR_HARDLINK] = BU_MEMBER_HARDLINK,
    [BU_TAR_LINK] = BU_MEMBER_LINK,       [BU_TAR_FOLDER] = BU_MEMBER_FOLDER,
    [BU_TAR_SPECIAL] = BU_MEMBER_SPECIAL,
};

static bulla_status make_member(bu_tar_guard *g, bulla_bytes *name, bulla_error *err)
{
    const bu_tar_header *h = &g->header;
    bu_member m = { .kind = kinds[h->type],
                    .size = h->size,
                    .offset = g->pending.offset,
                    .content = g->offset + BU_TAR_BLOCK };
    if (m.kind == BU_MEMBER_SPECIAL && g->entries.rules == BU_ENTRIES_OF_PACKAGE)
        return bu_fail(err, BULLA_E_SPECIAL_FILE, "is a device or FIFO");
    BU_TRY(settle((bulla_bytes){ h->name, h->name_len }, g->pending.path, name, err));
    BU_TRY(settle(h->link, g->pending.link, &m.target, err));
    if (g->pending.has_size && g->pending.size != h->size)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "header and extension give different sizes");
    bool is_link = m.kind == BU_MEMBER_LINK || m.kind == BU_MEMBER_HARDLINK;
    if (!is_link && m.target.len > 0)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "has a link target, but is no link");
    if (m.kind == BU_MEMBER_FILE && m.size == 0 && bu_bytes_ends(*name, "/"))
        m.kind = BU_MEMBER_FOLDER; /* as before POSIX, when folders had no type of their own */
    return bu_entries_add(&g->entries, *name, &m, err);
}

static bulla_status end_content(bu_tar_guard *g, bulla_error *err)
{
    bulla_digest_set set;
    bu_entry *e = &g->entries.items[g->entries.count - 1];
    BU_TRY(bu_hasher_finish(g->hasher, &set, err));
    e->digest =
        bu_arena_copy(g->entries.arena, (bulla_bytes){ set.items[0].bytes, set.items[0].len });
    return e->digest.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

/*
 * npm packs the file that a package's "main" names as "./x" twice, as "package/./x" and plainly.
 * That is one file only when its content is the same, so contents are hashed from the first such
 * name on.
 */
static bulla_status begin_content(bu_tar_guard *g, bulla_error *err)
{
    const bu_entry *e = &g->entries.items[g->entries.count - 1];
    g->content = e->member.size;
    g->padding = padded(e->member.size) - e->member.size;
    if (g->hasher == NULL && g->entries.rules == BU_ENTRIES_OF_PACKAGE && bu_entry_is_dotted(e))
        BU_TRY(bu_hasher_new(&g->hasher, err));
    if (g->hasher == NULL || e->member.kind != BU_MEMBER_FILE)
        return BU_OK;
    BU_TRY(bu_hasher_start(g->hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    return g->content == 0 ? end_content(g, err) : BU_OK;
}

static bulla_status take_content(bu_tar_guard *g, bulla_bytes piece, bulla_error *err)
{
    g->content -= piece.len;
    if (g->hasher == NULL)
        return BU_OK;
    BU_TRY(bu_hasher_add(g->hasher, piece, err));
    return g->content == 0 ? end_content(g, err) : BU_OK;
}

static bulla_status end_member(bu_tar_guard *g, bulla_error *err)
{
    bulla_bytes name = { g->header.name, g->header.name_len };
    BU_TRY(bu_entry_refused(name, g->pending.offset, make_member(g, &name, err), err));
    g->pending = (bu_tar_pending){ 0 };
    return begin_content(g, err);
}

static bulla_status keep_name(bu_tar_guard *g, bulla_bytes name, bulla_bytes *out, bulla_error *err)
{
    if (name.ptr == NULL)
        return BU_OK;
    if (out->ptr != NULL)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "two extensions name one member");
    *out = bu_arena_copy(g->entries.arena, name);
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status end_pax(bu_tar_guard *g, bulla_error *err)
{
    bu_pax pax;
    BU_TRY(bu_pax_read(bu_buf_bytes(&g->body), false, &pax, err));
    if (g->pending.has_pax)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "two extension headers for one member");
    g->pending.has_pax = true;
    g->pending.has_size = pax.has_size;
    g->pending.size = pax.size;
    BU_TRY(keep_name(g, pax.path, &g->pending.path, err));
    return keep_name(g, pax.link, &g->pending.link, err);
}

static bulla_status end_pax_global(bu_tar_guard *g, bulla_error *err)
{
    bu_pax pax;
    if (g->pending.has_pax || g->pending.path.ptr != NULL || g->pending.link.ptr != NULL)
        return bu_fail(err, BULLA_E_BAD_HEADER, "a global header between a member's own");
    return bu_pax_read(bu_buf_bytes(&g->body), true, &pax, err);
}

/* GNU: the name with one NUL behind it. */
static bulla_status keep_long(bu_tar_guard *g, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes body = bu_buf_bytes(&g->body);
    size_t len = bu_bytes_find(body, '\0');
    if (len + 1 != body.len)
        return bu_fail(err, BULLA_E_BAD_HEADER, "a long name that does not end in one NUL");
    return keep_name(g, bu_bytes_first(body, len), out, err);
}

static bulla_status end_long_name(bu_tar_guard *g, bulla_error *err)
{
    return keep_long(g, &g->pending.path, err);
}

static bulla_status end_long_link(bu_tar_guard *g, bulla_error *err)
{
    return keep_long(g, &g->pending.link, err);
}

/* What is done with an extension when all of its body is there. */
static bulla_status (*const extensions[])(bu_tar_guard *g, bulla_error *err) = {
    [BU_TAR_PAX] = end_pax,
    [BU_TAR_PAX_GLOBAL] = end_pax_global,
    [BU_TAR_LONG_NAME] = end_long_name,
    [BU_TAR_LONG_LINK] = end_long_link,
};

static bulla_status end_extension(bu_tar_guard *g, bulla_error *err)
{
    bulla_status status = extensions[g->header.type](g, err);
    g->body.len = 0;
    return bulla_ok(status) ? status : from_here(err, status, g->body_offset);
}

static bulla_status begin_extension(bu_tar_guard *g, bulla_error *err)
{
    if (g->header.size > EXTENSION_MAX)
        return bu_at_offset(err,
                            bu_fail(err, BULLA_E_RESOURCE_LIMIT, "an extension of %llu bytes",
                                    (unsigned long long)g->header.size),
                            g->offset);
    g->body_offset = g->offset + BU_TAR_BLOCK;
    g->missing = padded(g->header.size);
    return g->missing == 0 ? end_extension(g, err) : BU_OK;
}

/* Collect the body of an extension; its padding is passed over. */
static bulla_status take_body(bu_tar_guard *g, bulla_bytes piece, bulla_error *err)
{
    size_t wanted = (size_t)g->header.size - g->body.len;
    bu_buf_add(&g->body, bu_bytes_first(piece, wanted));
    if (g->body.broken)
        return bu_no_memory(err);
    g->missing -= piece.len;
    return g->missing == 0 ? end_extension(g, err) : BU_OK;
}

static bulla_status after_end(const bu_tar_guard *g, const uint8_t *block, bulla_error *err)
{
    bulla_status status =
        bu_tar_checksum_fits(block)
            ? bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE,
                      "a second archive follows the end of the first")
            : bu_fail(err, BULLA_E_TRAILING_DATA, "data after the end of the archive");
    return bu_at_offset(err, status, g->offset);
}

static bulla_status take_header(bu_tar_guard *g, const uint8_t *block, bulla_error *err)
{
    bulla_status status = bu_tar_header_read(block, &g->header, err);
    if (!bulla_ok(status))
        return from_here(err, status, g->offset);
    if (!g->pending.any) {
        g->pending.any = true;
        g->pending.offset = g->offset;
    }
    return g->header.type >= BU_TAR_PAX ? begin_extension(g, err) : end_member(g, err);
}

static bulla_status take_block(bu_tar_guard *g, const uint8_t *block, bulla_error *err)
{
    if (bu_tar_block_is_zero(block)) {
        if (g->zero_blocks < 2)
            g->zero_blocks++;
        return BU_OK;
    }
    if (g->zero_blocks > 0) /* some readers stop at the first block of zeros, some at the second */
        return after_end(g, block, err);
    return take_header(g, block, err);
}

static size_t at_most(uint64_t count, size_t len)
{
    return count < len ? (size_t)count : len;
}

/* Follow what comes next in `bytes`; `*n` is how much of it that was. */
static bulla_status follow(bu_tar_guard *g, bulla_bytes bytes, size_t *n, bulla_error *err)
{
    if (g->content > 0) {
        *n = at_most(g->content, bytes.len);
        return take_content(g, bu_bytes_first(bytes, *n), err);
    }
    if (g->padding > 0) {
        *n = at_most(g->padding, bytes.len);
        g->padding -= *n;
        return BU_OK;
    }
    if (g->missing > 0) {
        *n = at_most(g->missing, bytes.len);
        return take_body(g, bu_bytes_first(bytes, *n), err);
    }
    *n = BU_TAR_BLOCK;
    if (bytes.len >= BU_TAR_BLOCK)
        return take_block(g, bytes.ptr, err);
    bulla_code code = g->zero_blocks == 2 ? BULLA_E_TRAILING_DATA : BULLA_E_TRUNCATED;
    return bu_at_offset(err, bu_fail(err, code, "an incomplete tar block"), g->offset);
}

bulla_status bu_tar_guard_feed(bu_tar_guard *guard, bulla_bytes bytes, bulla_error *err)
{
    while (bytes.len > 0) {
        size_t n;
        BU_TRY(follow(guard, bytes, &n, err));
        guard->offset += n;
        bytes = bu_bytes_from(bytes, n);
    }
    return BU_OK;
}

bulla_status bu_tar_guard_end(bu_tar_guard *guard, bulla_error *err)
{
    if (guard->offset > 0 && guard->zero_blocks < 2)
        return bu_at_offset(err, bu_fail(err, BULLA_E_TRUNCATED, "the archive has no end"),
                            guard->offset);
    if (guard->pending.any)
        return bu_at_offset(err,
                            bu_fail(err, BULLA_E_BAD_HEADER, "an extension without its member"),
                            guard->pending.offset);
    return bu_entries_check(&guard->entries, err);
}
