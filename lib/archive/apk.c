/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages, version 2: up to three gzip members end to end. The parts
 * before the data are tar archives that were cut off before their end, so that
 * all of it together is one archive. Refuses what apk, which goes by the
 * parts, and tar, which does not, would see differently.
 */
#include "archive/codec.h"
#include "archive/walk.h"
#include "base/bytes.h"
#include "base/limits.h"

#define TAR_BLOCK 512u
#define TAR_END   (2 * TAR_BLOCK)

typedef enum apk_part { NO_PART, SIGNATURE, CONTROL } apk_part;

typedef struct apk {
    bu_stored in;
    const bu_walk_visitor *visitor;
    apk_part visited; /* the part whose members are shown */
    apk_part last;    /* the part that was read last */
} apk;

static void apk_clear(apk *a)
{
    free(a->in.bytes);
}
BU_DEFINE_CLEAR(apk)

/* One part, with the end that was cut off put back. */
typedef struct part {
    bu_source base; /* first, so that its address is the source */
    apk *package;
    apk_part kind; /* by its members */
    void *inflater;
    uint64_t size;           /* so far */
    uint8_t last[TAR_BLOCK]; /* bytes of it */
    size_t padding;          /* handed out */
    bool at_end;
} part;

static void part_clear(part *p)
{
    if (p->inflater != NULL)
        bu_codec_gzip_member.close(p->inflater);
}
BU_DEFINE_CLEAR(part)

/* Keep the last block in sight: `last` is filled like a ring. */
static void keep_last(part *p, bulla_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        p->last[(p->size + i) % TAR_BLOCK] = bytes.ptr[i];
    p->size += bytes.len;
}

static bool ends_in_zeros(const part *p)
{
    static const uint8_t zeros[TAR_BLOCK];
    return p->size >= TAR_BLOCK && memcmp(p->last, zeros, sizeof zeros) == 0;
}

static bulla_status pad(part *p, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    if (ends_in_zeros(p))
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE,
                       "a part that ends the archive: the data is hidden from some readers");
    *n = TAR_END - p->padding < cap ? TAR_END - p->padding : cap;
    memset(buf, 0, *n);
    p->padding += *n;
    return BU_OK;
}

static bulla_status part_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    part *p = (part *)self;
    *n = 0;
    if (!p->at_end)
        BU_TRY(bu_codec_gzip_member.read(p->inflater, buf, cap, n, err));
    p->at_end = *n == 0;
    if (p->at_end)
        return pad(p, buf, cap, n, err);
    keep_last(p, (bulla_bytes){ buf, *n });
    if (p->size > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u bytes before the data",
                       BU_LIMIT_METADATA_BYTES);
    return BU_OK;
}

static bulla_status see_member(void *context, const bu_member *member, bool *want, bulla_error *err)
{
    part *p = context;
    const apk *a = p->package;
    apk_part kind = bu_bytes_starts(member->path, ".SIGN.") ? SIGNATURE : CONTROL;
    if (!bu_bytes_starts(member->path, ".") || kind <= a->last ||
        (p->kind != NO_PART && p->kind != kind))
        return bu_expected(err, bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a member of another part"),
                           (bulla_bytes){ 0 }, member->path);
    p->kind = kind;
    return kind == a->visited ? a->visitor->member(a->visitor->context, member, want, err) : BU_OK;
}

static bulla_status see_content(void *context, const bu_member *member, bulla_bytes content,
                                bulla_error *err)
{
    const apk *a = ((part *)context)->package;
    return a->visitor->content(a->visitor->context, member, content, err);
}

static bulla_status expect_gzip(apk *a, bulla_error *err)
{
    BU_TRY(bu_stored_hold(&a->in, 6, err));
    bulla_bytes head = bu_stored_rest(&a->in);
    bulla_status status = BU_OK;
    if (bu_bytes_starts(head, "ADB"))
        status = bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "an Alpine package of version 3");
    else if (head.len == 0 && a->in.offset > 0)
        status = bu_fail(err, BULLA_E_TRUNCATED, "the package ends before its data");
    else if (bu_compression_of(head) != BU_COMPRESSION_GZIP)
        status = bu_fail(err, BULLA_E_FORMAT_MISMATCH, "not an Alpine package: no gzip member");
    return bulla_ok(status) ? status : bu_at_offset(err, status, bu_stored_offset(&a->in));
}

static bulla_status read_part(apk *a, bulla_error *err)
{
    BU_CLEAR(part) p = { .base = { part_read }, .package = a };
    const bu_walk_visitor visitor = { .context = &p, .member = see_member, .content = see_content };
    BU_TRY(expect_gzip(a, err));
    BU_TRY(bu_codec_gzip_member.open(BU_COMPRESSION_GZIP, &a->in, &p.inflater, err));
    BU_TRY(bu_walk_tar(&p.base, &visitor, err));
    a->last = p.kind;
    return BU_OK;
}

/* What is left of the package, as a source. */
typedef struct rest {
    bu_source base;
    bu_stored *in;
} rest;

static bulla_status rest_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                              bulla_error *err)
{
    return bu_codec_plain.read(((rest *)self)->in, buf, cap, n, err);
}

static bulla_status pass_data(apk *a, bulla_error *err)
{
    const bu_member data = { .path = { (const uint8_t *)"data", 4 },
                             .offset = bu_stored_offset(&a->in) };
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    rest r = { { rest_read }, &a->in };
    bu_tap tap;
    bulla_digest_set digests;
    BU_TRY(expect_gzip(a, err));
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_tap_init(&tap, &r.base, hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    BU_TRY(bu_tap_drain(&tap, scratch, err));
    BU_TRY(bu_tap_finish(&tap, &digests, err));
    if (a->visitor->digest == NULL)
        return BU_OK;
    return a->visitor->digest(a->visitor->context, &data, &digests.items[0], err);
}

bulla_status bu_walk_apk_signature(bu_source *source, const bu_walk_visitor *visitor, uint64_t *end,
                                   bulla_error *err)
{
    BU_CLEAR(apk)
    a = { .in = { .inner = source }, .visitor = visitor, .visited = SIGNATURE };
    a.in.bytes = malloc(BU_IO_CHUNK);
    if (a.in.bytes == NULL)
        return bu_no_memory(err);
    BU_TRY(read_part(&a, err));
    *end = bu_stored_offset(&a.in);
    return a.last == SIGNATURE
               ? BU_OK
               : bu_fail(err, BULLA_E_FORMAT_MISMATCH, "does not begin with what signs it");
}

bulla_status bu_walk_apk(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    BU_CLEAR(apk) a = { .in = { .inner = source }, .visitor = visitor, .visited = CONTROL };
    a.in.bytes = malloc(BU_IO_CHUNK);
    if (a.in.bytes == NULL)
        return bu_no_memory(err);
    while (a.last != CONTROL)
        BU_TRY(read_part(&a, err));
    return pass_data(&a, err);
}
