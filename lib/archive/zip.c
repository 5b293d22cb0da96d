/* SPDX-License-Identifier: MIT */
/*
 * The zip walk. Some readers go by the headers before each member, some by the
 * central directory behind them all: the first are followed while the content
 * goes by, then both must say the same of the same members, and every byte of
 * the archive must belong to one of them.
 */
#include "archive/entries.h"
#include "archive/walk.h"
#include "archive/zip_without.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"

/* A member beside its entry: what its local header, settled, says. */
typedef struct local {
    bu_zip_header header;
    bulla_bytes text; /* the content, when it could be the target of a link */
    bool is_listed;   /* in the central directory */
} local;

typedef struct zip {
    bu_zip_input in;
    bu_zip_without without;
    bu_entries entries;
    local *locals; /* by entry */
    size_t cap;
    size_t text_bytes;
    uint64_t inflated;
    uint64_t end; /* of the last member */
    bu_hasher *hasher;
    uint8_t *scratch; /* BU_IO_CHUNK bytes */
    bu_buf content;
    const bu_walk_visitor *visitor;
    bulla_error *err;
} zip;

static void zip_clear(zip *z)
{
    bu_zip_input_clear(&z->in);
    bu_zip_without_clear(&z->without);
    bu_entries_clear(&z->entries);
    free(z->locals);
    bu_hasher_free(z->hasher);
    free(z->scratch);
    bu_buf_clear(&z->content);
}
BU_DEFINE_CLEAR(zip)

static bulla_status zip_init(zip *z, bu_source *source, const bu_walk_visitor *visitor,
                             bulla_error *err)
{
    z->visitor = visitor;
    z->err = err;
    BU_TRY(bu_zip_input_init(&z->in, source, err));
    BU_TRY(bu_entries_init(BU_ENTRIES_OF_PACKAGE, &z->entries, err));
    z->entries.links = visitor->links;
    BU_TRY(bu_hasher_new(&z->hasher, err));
    z->scratch = malloc(BU_IO_CHUNK);
    return z->scratch == NULL ? bu_no_memory(err) : BU_OK;
}

/* ---- contents ---- */

/* The content of the member that is read, as a source that stays within the limits. */
typedef struct content {
    bu_source base; /* first, so that its address is the source */
    zip *z;
    const bu_entry *entry;
    bu_zip_data data;
    uint8_t head[BU_LIMIT_NAME_BYTES]; /* what came out first */
    bool failed;                       /* and the error says where */
} content;

static bulla_status check_limits(const zip *z, bulla_error *err)
{
    if (z->inflated > BU_LIMIT_INFLATED_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %llu bytes after decompression",
                       (unsigned long long)BU_LIMIT_INFLATED_BYTES);
    if (z->inflated > BU_LIMIT_RATIO_FREE_BYTES &&
        z->inflated / BU_LIMIT_INFLATE_RATIO > bu_zip_offset(&z->in))
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "inflates to more than %u times its size",
                       BU_LIMIT_INFLATE_RATIO);
    return BU_OK;
}

static bulla_status read_some(content *c, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    uint64_t at = c->data.size;
    BU_TRY(bu_zip_data_read(&c->z->in, &c->data, buf, cap, n, err));
    if (at<sizeof c->head && * n> 0)
        memcpy(c->head + at, buf, *n < sizeof c->head - at ? *n : sizeof c->head - (size_t)at);
    c->z->inflated += *n;
    return check_limits(c->z, err);
}

static bulla_status refused(const bu_entry *e, bulla_status status, bulla_error *err)
{
    return bu_entry_refused(e->name, e->member.offset, status, err);
}

static bulla_status content_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                 bulla_error *err)
{
    content *c = (content *)self;
    bulla_status status = read_some(c, buf, cap, n, err);
    c->failed = !bulla_ok(status);
    return refused(c->entry, status, err);
}

static bulla_status give_whole(zip *z, const content *c, bu_source *from)
{
    bu_member member = c->entry->member;
    z->content.len = 0;
    bulla_status status = bu_source_slurp(from, BU_LIMIT_METADATA_BYTES, &z->content, z->err);
    if (!bulla_ok(status))
        return c->failed ? status : refused(c->entry, status, z->err);
    member.size = z->content.len;
    return z->visitor->content(z->visitor->context, &member, bu_buf_bytes(&z->content), z->err);
}

static bulla_status give(zip *z, const content *c, bu_source *from)
{
    const bu_member member = c->entry->member;
    if (z->visitor->stream != NULL)
        return z->visitor->stream(z->visitor->context, &member, from, z->err);
    return give_whole(z, c, from);
}

/* To the end, wanted or not: its CRC and its digest are of all of it. */
static bulla_status read_content(zip *z, content *c, bool wanted, bulla_digest_set *digests)
{
    bu_tap tap;
    BU_TRY(bu_tap_init(&tap, &c->base, z->hasher, BU_ALGS(BULLA_ALG_SHA256), z->err));
    if (wanted)
        BU_TRY(give(z, c, &tap.base));
    BU_TRY(bu_tap_drain(&tap, z->scratch, z->err));
    return bu_tap_finish(&tap, digests, z->err);
}

/* ---- members ---- */

/* A local header that leaves a number to the data descriptor has zero, or says the same. */
static bool is_deferred(uint64_t in_header, uint64_t in_descriptor)
{
    return in_header == 0 || in_header == in_descriptor;
}

static bulla_status read_descriptor(zip *z, bu_zip_header *h)
{
    const bu_zip_header early = *h;
    if (!bu_zip_is_streamed(h))
        return BU_OK;
    BU_TRY(bu_zip_descriptor_read(&z->in, h, z->err));
    if (is_deferred(early.crc, h->crc) && is_deferred(early.size, h->size) &&
        is_deferred(early.packed, h->packed))
        return BU_OK;
    return bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "header and data descriptor differ");
}

/* What is stored must be what the header, or the descriptor behind it, says. */
static bulla_status check_content(const bu_zip_header *said, const bu_zip_data *was,
                                  bulla_error *err)
{
    if (said->size != was->size || said->packed != was->packed)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE,
                       "%llu bytes of content in %llu, where %llu in %llu are stated",
                       (unsigned long long)was->size, (unsigned long long)was->packed,
                       (unsigned long long)said->size, (unsigned long long)said->packed);
    return said->crc == was->crc ? BU_OK : bu_fail(err, BULLA_E_CHECKSUM, "its CRC is wrong");
}

static bool may_be_target(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ')
            return false;
    return text.len > 0;
}

/* Until the central directory says what is a link, everything that could be its target is kept. */
static bulla_status keep_text(zip *z, local *l, const content *c)
{
    bulla_bytes text = { c->head, (size_t)c->data.size };
    if (c->data.size > sizeof c->head || !may_be_target(text) ||
        z->text_bytes + text.len > BU_LIMIT_METADATA_BYTES)
        return BU_OK;
    z->text_bytes += text.len;
    l->text = bu_arena_copy(z->entries.arena, text);
    return l->text.ptr == NULL ? bu_no_memory(z->err) : BU_OK;
}

static bulla_status end_member(zip *z, bu_entry *e, local *l, const content *c,
                               const bulla_digest_set *digests)
{
    BU_TRY(refused(e, read_descriptor(z, &l->header), z->err));
    BU_TRY(refused(e, check_content(&l->header, &c->data, z->err), z->err));
    if (e->member.kind == BU_MEMBER_FOLDER && c->data.size > 0)
        return refused(e, bu_fail(z->err, BULLA_E_BAD_HEADER, "has content, but is no file"),
                       z->err);
    e->member.size = c->data.size;
    e->digest = bu_arena_copy(z->entries.arena,
                              (bulla_bytes){ digests->items[0].bytes, digests->items[0].len });
    return e->digest.ptr == NULL ? bu_no_memory(z->err) : keep_text(z, l, c);
}

static bulla_status visit(zip *z, bu_entry *e, local *l)
{
    bool wanted = false, is_streamed = bu_zip_is_streamed(&l->header);
    const bu_member member = e->member;
    bulla_digest_set digests;
    content c = { .base = { content_read }, .z = z, .entry = e };
    BU_TRY(z->visitor->member(z->visitor->context, &member, &wanted, z->err));
    c.data = bu_zip_data_begin(&z->in, l->header.method == BU_ZIP_DEFLATED,
                               is_streamed ? UINT64_MAX : l->header.packed);
    BU_TRY(read_content(z, &c, wanted && member.kind == BU_MEMBER_FILE, &digests));
    return end_member(z, e, l, &c, &digests);
}

static bulla_status add_member(zip *z, const bu_zip_header *header, uint64_t offset)
{
    bool is_folder = bu_bytes_ends(header->name, "/");
    bool is_streamed = bu_zip_is_streamed(header);
    bu_member m = { .kind = is_folder ? BU_MEMBER_FOLDER : BU_MEMBER_FILE, .offset = offset };
    if (!is_folder || !is_streamed)
        m.size = is_streamed ? BU_SIZE_UNKNOWN : header->size;
    size_t count = z->entries.count;
    BU_TRY(bu_vec_grow(&z->locals, count, &z->cap, sizeof *z->locals, z->err));
    bulla_status status = bu_entries_add(&z->entries, header->name, &m, z->err);
    BU_TRY(bu_entry_refused(header->name, offset, status, z->err));
    z->locals[count] = (local){ .header = *header };
    z->locals[count].header.name = z->entries.items[count].name;
    return BU_OK;
}

static bulla_status read_member(zip *z)
{
    bu_zip_header header;
    uint64_t offset = bu_zip_offset(&z->in);
    size_t count = z->entries.count;
    BU_TRY(bu_zip_local_read(&z->in, &header, z->err));
    BU_TRY(bu_zip_without_local(&z->without, header.name, offset, z->err));
    BU_TRY(add_member(z, &header, offset));
    BU_TRY(visit(z, &z->entries.items[count], &z->locals[count]));
    return bu_zip_without_member(&z->without, offset, z->err);
}

/* ---- the central directory ---- */

static bulla_status differ(const char *what, bulla_error *err)
{
    return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "local and central header differ in %s", what);
}

static bulla_status compare(const bu_zip_header *l, const bu_zip_header *c, bulla_error *err)
{
    const struct {
        bool same;
        const char *what;
    } rows[] = {
        { l->flags == c->flags, "the flags" }, { l->method == c->method, "the compression method" },
        { l->crc == c->crc, "the CRC" },       { l->packed == c->packed, "the compressed size" },
        { l->size == c->size, "the size" },
    };
    if (!bu_bytes_equal(l->name, c->name))
        return bu_expected(err, differ("the name", err), l->name, c->name);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!rows[i].same)
            return differ(rows[i].what, err);
    return BU_OK;
}

#define TYPE_MASK   0170000u /* of a Unix mode, in the upper half of the attributes */
#define TYPE_FILE   0100000u
#define TYPE_FOLDER 0040000u
#define TYPE_LINK   0120000u
#define DOS_FOLDER  0x10u
#define HOST_UNIX   3u
#define HOST_OSX    19u

/* Some readers take the attributes of every host for Unix modes, some only those of Unix. */
static bulla_status settle_link(zip *z, bu_entry *e, const local *l, const bu_zip_header *c)
{
    if (c->host != HOST_UNIX && c->host != HOST_OSX)
        return bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "a link for some readers only");
    if (e->member.kind != BU_MEMBER_FILE || l->text.ptr == NULL)
        return bu_fail(z->err, BULLA_E_BAD_LINK, "a link whose content is no path");
    return bu_entries_make_link(&z->entries, e, l->text, z->err);
}

static bulla_status settle_kind(zip *z, bu_entry *e, const local *l, const bu_zip_header *c)
{
    unsigned type = c->attributes >> 16 & TYPE_MASK;
    bool is_folder = type == TYPE_FOLDER || (c->attributes & DOS_FOLDER) != 0;
    if (type == TYPE_LINK)
        return settle_link(z, e, l, c);
    if (type != 0 && type != TYPE_FILE && type != TYPE_FOLDER)
        return bu_fail(z->err, BULLA_E_SPECIAL_FILE, "a file of mode 0%o", c->attributes >> 16);
    if (is_folder && e->member.kind != BU_MEMBER_FOLDER)
        return bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "a folder by its attributes alone");
    return BU_OK;
}

static int by_offset(const void *key, const void *item)
{
    uint64_t offset = *(const uint64_t *)key, other = ((const bu_entry *)item)->member.offset;
    return (offset > other) - (offset < other);
}

/* Which member a central header is about: mostly the next one. */
static bu_entry *find_member(const zip *z, size_t next, uint64_t offset)
{
    bu_entry *items = z->entries.items;
    if (next < z->entries.count && items[next].member.offset == offset)
        return &items[next];
    return z->entries.count == 0
               ? NULL
               : bsearch(&offset, items, z->entries.count, sizeof *items, by_offset);
}

static bulla_status check_central(zip *z, const bu_zip_header *c, size_t next)
{
    bu_entry *e = find_member(z, next, c->offset);
    if (e == NULL && c->offset < z->end)
        return bu_fail(z->err, BULLA_E_OVERLAP, "begins inside of another member");
    if (e == NULL)
        return bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "a central header of no member");
    local *l = &z->locals[e - z->entries.items];
    if (l->is_listed)
        return bu_fail(z->err, BULLA_E_DUPLICATE_ENTRY, "a second central header of one member");
    l->is_listed = true;
    BU_TRY(compare(&l->header, c, z->err));
    return settle_kind(z, e, l, c);
}

static bulla_status read_central(zip *z, size_t next)
{
    bu_zip_header c;
    uint64_t offset = bu_zip_offset(&z->in);
    BU_TRY(bu_zip_central_read(&z->in, &c, z->err));
    BU_TRY(bu_zip_without_central(&z->without, &c, offset, z->err));
    return bu_entry_refused(c.name, offset, check_central(z, &c, next), z->err);
}

static bulla_status check_listed(const zip *z)
{
    for (size_t i = 0; i < z->entries.count; i++)
        if (!z->locals[i].is_listed)
            return refused(
                &z->entries.items[i],
                bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "not in the central directory"), z->err);
    return BU_OK;
}

/* ---- the archive ---- */

/* Bytes before an archive make it another one for readers that begin at its end. */
static bulla_status refuse_start(zip *z)
{
    bulla_bytes piece;
    bool is_split = false, has_end = false;
    BU_TRY(bu_zip_peek(&z->in, 4, &piece, z->err));
    is_split = bu_zip_record_of(piece) == BU_ZIP_DESCRIPTOR;
    do {
        BU_TRY(bu_zip_peek(&z->in, BU_IO_CHUNK, &piece, z->err));
        for (size_t i = 0; i + 4 <= piece.len && !has_end; i++)
            has_end = bu_zip_record_of(bu_bytes_from(piece, i)) == BU_ZIP_END;
        bu_zip_skip(&z->in, piece.len < 4 ? piece.len : piece.len - 3);
    } while (piece.len >= 4 && !has_end);
    if (is_split)
        return bu_fail(z->err, BULLA_E_UNSUPPORTED_FEATURE, "a part of a split archive");
    return has_end ? bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "bytes before the first member")
                   : bu_fail(z->err, BULLA_E_FORMAT_MISMATCH, "not a zip archive");
}

static bulla_status next_record(zip *z, bu_zip_record *out)
{
    bulla_bytes head;
    uint64_t offset = bu_zip_offset(&z->in);
    BU_TRY(bu_zip_peek(&z->in, 4, &head, z->err));
    *out = bu_zip_record_of(head);
    if (*out == BU_ZIP_LOCAL || *out == BU_ZIP_CENTRAL || *out == BU_ZIP_END ||
        *out == BU_ZIP_END64)
        return BU_OK;
    bulla_status status =
        head.len < 4  ? bu_fail(z->err, BULLA_E_TRUNCATED, "the archive has no end")
        : offset == 0 ? refuse_start(z)
                      : bu_fail(z->err, BULLA_E_AMBIGUOUS_ARCHIVE, "bytes that are no zip record");
    return bu_zip_at(status, offset, z->err);
}

static bulla_status read_members(zip *z)
{
    for (;;) {
        bu_zip_record record;
        BU_TRY(next_record(z, &record));
        if (record != BU_ZIP_LOCAL)
            return BU_OK;
        BU_TRY(read_member(z));
    }
}

static bulla_status read_directory(zip *z)
{
    bu_zip_directory directory = { .offset = bu_zip_offset(&z->in) };
    z->end = directory.offset;
    for (;; directory.count++) {
        bu_zip_record record;
        BU_TRY(next_record(z, &record));
        if (record != BU_ZIP_CENTRAL)
            break;
        BU_TRY(read_central(z, (size_t)directory.count));
    }
    BU_TRY(check_listed(z));
    directory.size = bu_zip_offset(&z->in) - directory.offset;
    BU_TRY(bu_zip_without_end(&z->without, z->err));
    return bu_zip_end_read(&z->in, &directory, z->err);
}

static bulla_status give_digests(const zip *z)
{
    for (size_t i = 0; i < z->entries.count && z->visitor->digest != NULL; i++) {
        const bu_entry *e = &z->entries.items[i];
        bulla_digest sha256 = { .alg = BULLA_ALG_SHA256, .len = (uint32_t)e->digest.len };
        if (e->member.kind == BU_MEMBER_FOLDER)
            continue;
        memcpy(sha256.bytes, e->digest.ptr, e->digest.len);
        BU_TRY(z->visitor->digest(z->visitor->context, &e->member, &sha256, z->err));
    }
    return BU_OK;
}

bulla_status bu_walk_zip_without(bu_source *source, const bu_walk_visitor *visitor,
                                 bulla_bytes name, bu_algs algs, bulla_digest_set *out,
                                 bulla_error *err)
{
    BU_CLEAR(zip) z = { 0 };
    BU_TRY(zip_init(&z, source, visitor, err));
    BU_TRY(bu_zip_without_init(&z.without, &z.in, name, algs, err));
    BU_TRY(read_members(&z));
    BU_TRY(read_directory(&z));
    BU_TRY(bu_entries_check(&z.entries, err));
    BU_TRY(bu_zip_without_finish(&z.without, out, err));
    return give_digests(&z);
}

bulla_status bu_walk_zip(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    bulla_digest_set none;
    return bu_walk_zip_without(source, visitor, (bulla_bytes){ 0 }, 0, &none, err);
}
