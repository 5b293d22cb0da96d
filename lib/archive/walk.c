/* SPDX-License-Identifier: MIT */
/*
 * The walk: libarchive's tar reader over the bytes that the strict reader has
 * already followed. Each member that libarchive finds must be the next one
 * that the strict reader saw: the same name, kind, size, target and place.
 */
#include "archive/walk.h"

#include <locale.h>

#include "archive/decompress.h"
#include "archive/libarchive.h"
#include "archive/tar_guard.h"
#include "base/bytes.h"
#include "base/limits.h"

typedef struct walk {
    const bu_libarchive *la;
    struct archive *archive;
    locale_t locale; /* the C locale, in which libarchive leaves names as they are */
    bu_source *source;
    bool at_end;    /* of the source */
    uint8_t *chunk; /* BU_IO_CHUNK bytes */
    bu_tar_guard guard;
    size_t next; /* the entry that libarchive must come to next */
    bu_buf content;
    bu_hasher *hasher;   /* of contents, when digests are asked for ... */
    uint8_t *scratch;    /* ... and BU_IO_CHUNK bytes to read them into */
    bulla_status status; /* of feed_reader(), which itself can only say that it failed */
    bulla_error *err;
} walk;

static void walk_clear(walk *w)
{
    if (w->archive != NULL)
        (void)w->la->read_free(w->archive);
    if (w->locale != (locale_t)0)
        freelocale(w->locale);
    free(w->chunk);
    bu_hasher_free(w->hasher);
    free(w->scratch);
    bu_tar_guard_clear(&w->guard);
    bu_buf_clear(&w->content);
}
BU_DEFINE_CLEAR(walk)

static bulla_status walk_init(walk *w, bu_source *source, bu_entry_rules rules, bulla_error *err)
{
    w->source = source;
    w->err = err;
    BU_TRY(bu_libarchive_open(&w->la, err));
    BU_TRY(bu_tar_guard_init(rules, &w->guard, err));
    w->chunk = malloc(BU_IO_CHUNK);
    w->archive = w->la->read_new();
    w->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (w->chunk == NULL || w->archive == NULL || w->locale == (locale_t)0)
        return bu_no_memory(err);
    return BU_OK;
}

static bulla_status init_hasher(walk *w)
{
    w->scratch = malloc(BU_IO_CHUNK);
    return w->scratch == NULL ? bu_no_memory(w->err) : bu_hasher_new(&w->hasher, w->err);
}

/* The next bytes, a full chunk but for the last, after the strict reader has passed them. */
static bulla_status pull(walk *w, bulla_bytes *out)
{
    size_t len = 0;
    *out = (bulla_bytes){ 0 };
    if (w->at_end)
        return BU_OK;
    while (len < BU_IO_CHUNK && !w->at_end) {
        size_t n;
        BU_TRY(bu_source_read(w->source, w->chunk + len, BU_IO_CHUNK - len, &n, w->err));
        len += n;
        w->at_end = n == 0;
    }
    *out = (bulla_bytes){ w->chunk, len };
    BU_TRY(bu_tar_guard_feed(&w->guard, *out, w->err));
    return w->at_end ? bu_tar_guard_end(&w->guard, w->err) : BU_OK;
}

static la_ssize_t feed_reader(struct archive *archive, void *client, const void **buffer)
{
    (void)archive;
    walk *w = client;
    bulla_bytes chunk = { 0 };
    w->status = pull(w, &chunk);
    *buffer = chunk.ptr;
    return bulla_ok(w->status) ? (la_ssize_t)chunk.len : ARCHIVE_FATAL;
}

/* libarchive stops at the end marker; the strict reader must see all that follows. */
static bulla_status drain(walk *w)
{
    bulla_bytes chunk;
    do
        BU_TRY(pull(w, &chunk));
    while (chunk.len > 0);
    return BU_OK;
}

static bulla_status disagree(const walk *w, const char *what)
{
    const char *why = w->la->error_string(w->archive);
    return bu_fail(w->err, BULLA_E_AMBIGUOUS_ARCHIVE, "two tar readers differ on %s%s%s", what,
                   why == NULL ? "" : ": ", why == NULL ? "" : why);
}

static bulla_status open_reader(walk *w)
{
    if (w->la->read_support_format_tar(w->archive) == ARCHIVE_OK &&
        w->la->read_open(w->archive, w, NULL, feed_reader, NULL) == ARCHIVE_OK)
        return BU_OK;
    BU_TRY(w->status);
    return disagree(w, "the format");
}

/* A warning is about text that the C locale cannot show; what counts is compared below. */
static bulla_status read_header(walk *w, struct archive_entry **entry)
{
    locale_t old = uselocale(w->locale);
    int result = w->la->read_next_header(w->archive, entry);
    (void)uselocale(old);
    BU_TRY(w->status);
    if (result == ARCHIVE_EOF)
        *entry = NULL;
    if (result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF)
        return BU_OK;
    return disagree(w, "a header");
}

static bool is_kind(const walk *w, struct archive_entry *entry, bu_member_kind kind)
{
    if (kind == BU_MEMBER_HARDLINK || w->la->entry_hardlink(entry) != NULL)
        return kind == BU_MEMBER_HARDLINK && w->la->entry_hardlink(entry) != NULL;
    switch (w->la->entry_filetype(entry)) {
    case AE_IFREG:
        return kind == BU_MEMBER_FILE;
    case AE_IFDIR:
        return kind == BU_MEMBER_FOLDER;
    case AE_IFLNK:
        return kind == BU_MEMBER_LINK;
    default:
        return kind == BU_MEMBER_SPECIAL;
    }
}

static bool is_target(const walk *w, struct archive_entry *entry, const bu_member *m)
{
    if (m->kind == BU_MEMBER_HARDLINK)
        return bu_bytes_is(m->target, w->la->entry_hardlink(entry));
    return m->kind != BU_MEMBER_LINK || bu_bytes_is(m->target, w->la->entry_symlink(entry));
}

/* What libarchive found must be what the strict reader saw next. */
static bulla_status compare(walk *w, struct archive_entry *entry, const bu_entry **out)
{
    if (w->next == w->guard.entries.count)
        return disagree(w, "the number of members");
    const bu_entry *e = &w->guard.entries.items[w->next++];
    const bu_member *m = &e->member;
    const struct {
        bool same;
        const char *what;
    } rows[] = {
        { bu_bytes_is(e->name, w->la->entry_pathname(entry)), "the name" },
        { is_kind(w, entry, m->kind), "the kind" },
        { is_target(w, entry, m), "the link target" },
        { w->la->entry_size(entry) == (la_int64_t)m->size, "the size" },
        { w->la->read_header_position(w->archive) == (la_int64_t)m->offset, "the place" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!rows[i].same)
            return bu_entry_refused(e->name, m->offset, disagree(w, rows[i].what), w->err);
    *out = e;
    return BU_OK;
}

/* The content of the file that libarchive has come to. */
typedef struct content {
    bu_source base; /* first, so that its address is the source */
    walk *w;
    uint64_t left;
} content;

static bulla_status content_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                 bulla_error *err)
{
    content *c = (content *)self;
    *n = 0;
    if (c->left == 0)
        return BU_OK;
    bulla_error *outer = c->w->err;
    c->w->err = err;
    la_ssize_t got = c->w->la->read_data(c->w->archive, buf, c->left < cap ? (size_t)c->left : cap);
    bulla_status status =
        !bulla_ok(c->w->status) || got > 0 ? c->w->status : disagree(c->w, "the content");
    c->w->err = outer;
    BU_TRY(status);
    *n = (size_t)got;
    c->left -= *n;
    return BU_OK;
}

static bulla_status read_whole(walk *w, const bu_member *member, bu_source *from)
{
    if (member->size > BU_LIMIT_METADATA_BYTES)
        return bu_fail(w->err, BULLA_E_RESOURCE_LIMIT, "%llu bytes, where at most %u are read",
                       (unsigned long long)member->size, BU_LIMIT_METADATA_BYTES);
    w->content.len = 0;
    return bu_source_slurp(from, BU_LIMIT_METADATA_BYTES, &w->content, w->err);
}

static bulla_status give(walk *w, bulla_bytes name, const bu_member *member, bu_source *from,
                         const bu_walk_visitor *visitor)
{
    if (visitor->stream != NULL)
        return visitor->stream(visitor->context, member, from, w->err);
    BU_TRY(bu_entry_refused(name, member->offset, read_whole(w, member, from), w->err));
    return visitor->content(visitor->context, member, bu_buf_bytes(&w->content), w->err);
}

/* The same, but the whole content is hashed, wanted or not. */
static bulla_status give_hashed(walk *w, bulla_bytes name, const bu_member *member, bu_source *from,
                                bool wanted, const bu_walk_visitor *visitor)
{
    bu_tap tap;
    bulla_digest_set digests;
    BU_TRY(bu_tap_init(&tap, from, w->hasher, BU_ALGS(BULLA_ALG_SHA256), w->err));
    if (wanted)
        BU_TRY(give(w, name, member, &tap.base, visitor));
    BU_TRY(bu_entry_refused(name, member->offset, bu_tap_drain(&tap, w->scratch, w->err), w->err));
    BU_TRY(bu_tap_finish(&tap, &digests, w->err));
    return visitor->digest(visitor->context, member,
                           bulla_digest_set_get(&digests, BULLA_ALG_SHA256), w->err);
}

static bulla_status visit(walk *w, const bu_entry *e, const bu_walk_visitor *visitor)
{
    bool wanted = false;
    bu_member member = e->member; /* entries move when more are read */
    bulla_bytes name = e->name;
    BU_TRY(visitor->member(visitor->context, &member, &wanted, w->err));
    content c = { .base = { content_read }, .w = w, .left = member.size };
    if (member.kind != BU_MEMBER_FILE)
        return BU_OK;
    if (visitor->digest != NULL)
        return give_hashed(w, name, &member, &c.base, wanted, visitor);
    return wanted ? give(w, name, &member, &c.base, visitor) : BU_OK;
}

static bulla_status walk_members(walk *w, const bu_walk_visitor *visitor)
{
    struct archive_entry *entry;
    const bu_entry *e = NULL;
    if (visitor->digest != NULL)
        BU_TRY(init_hasher(w));
    BU_TRY(open_reader(w));
    for (;;) {
        BU_TRY(read_header(w, &entry));
        if (entry == NULL)
            break;
        BU_TRY(compare(w, entry, &e));
        BU_TRY(visit(w, e, visitor));
    }
    BU_TRY(drain(w));
    return w->next == w->guard.entries.count ? BU_OK : disagree(w, "the number of members");
}

bulla_status bu_walk_tar(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    BU_AUTO(bu_decompressor) decompressor = NULL;
    BU_CLEAR(walk) w = { 0 };
    BU_TRY(bu_decompressor_new(source, &decompressor, err));
    BU_TRY(walk_init(&w, bu_decompressor_source(decompressor), BU_ENTRIES_OF_PACKAGE, err));
    w.guard.entries.links = visitor->links;
    return walk_members(&w, visitor);
}

bulla_status bu_walk_layer(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    BU_CLEAR(walk) w = { 0 };
    BU_TRY(walk_init(&w, source, BU_ENTRIES_OF_LAYER, err));
    return walk_members(&w, visitor);
}
