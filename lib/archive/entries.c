/* SPDX-License-Identifier: MIT */
/*
 * Members as a whole. Names are sorted and compared with their neighbours:
 * no hash that an archive could be made to collide in.
 */
#include "archive/entries.h"

#include "archive/member_path.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"

bulla_status bu_entries_init(bu_entry_rules rules, bu_entries *entries, bulla_error *err)
{
    *entries = (bu_entries){ .arena = bu_arena_new(), .rules = rules };
    return entries->arena == NULL ? bu_no_memory(err) : BU_OK;
}

void bu_entries_clear(bu_entries *entries)
{
    bu_arena_free(entries->arena);
    free(entries->items);
    *entries = (bu_entries){ 0 };
}

static bulla_status check_room(bu_entries *entries, const bu_entry *entry, bulla_error *err)
{
    static const struct {
        size_t members, name_bytes;
    } limits[] = {
        [BU_ENTRIES_OF_PACKAGE] = { BU_LIMIT_MEMBERS, BU_LIMIT_METADATA_BYTES },
        [BU_ENTRIES_OF_LAYER] = { BU_LIMIT_LAYER_MEMBERS, BU_LIMIT_LAYER_NAME_BYTES },
    };
    size_t members = limits[entries->rules].members, bytes = limits[entries->rules].name_bytes;
    entries->name_bytes += entry->name.len + entry->member.target.len;
    if (entries->count == members)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %zu members", members);
    if (entries->name_bytes > bytes)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %zu bytes of names", bytes);
    return BU_OK;
}

static bulla_status copy(bu_arena *arena, bulla_bytes *bytes, bulla_error *err)
{
    *bytes = bu_arena_copy(arena, *bytes);
    return bytes->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status resolve_link(bu_entries *entries, bu_entry *e, bulla_error *err)
{
    bu_arena *arena = entries->arena;
    const bu_member *m = &e->member;
    if (m->kind == BU_MEMBER_LINK)
        return entries->links == BU_LINKS_TO_FILES
                   ? bu_member_link(m->path, m->target, arena, &e->leads_to, err)
                   : bu_member_loose_link(m->path, m->target, entries->links == BU_LINKS_IN_TREE,
                                          arena, &e->leads_to, err);
    if (e->member.kind == BU_MEMBER_HARDLINK)
        return bu_member_hardlink(e->member.target, arena, &e->leads_to, err);
    return BU_OK;
}

/* ".wh.NAME" hides NAME; ".wh..wh..opq" hides all beside it. Other ".wh..wh." names are of one file system alone. */
static bulla_status read_whiteout(bu_entry *e, bu_arena *arena, bulla_error *err)
{
    bulla_bytes path = e->member.path, base = path;
    for (size_t slash; (slash = bu_bytes_find(base, '/')) < base.len;)
        base = bu_bytes_from(base, slash + 1);
    bulla_bytes folder = bu_bytes_first(path, path.len - base.len);
    bulla_bytes hidden = bu_bytes_from(base, 4);
    if (!bu_bytes_starts(base, ".wh."))
        return BU_OK;
    if (e->member.kind != BU_MEMBER_FILE && e->member.kind != BU_MEMBER_HARDLINK &&
        !bu_bytes_starts(base, ".wh..wh."))
        return bu_fail(err, BULLA_E_BAD_NAME, "is named as a whiteout, but is no file");
    if (hidden.len == 0)
        return bu_fail(err, BULLA_E_BAD_NAME, "a whiteout of nothing");
    if (bu_bytes_is(hidden, ".") || bu_bytes_is(hidden, ".."))
        return bu_fail(err, BULLA_E_PATH_TRAVERSAL, "a whiteout of \"%.*s\"", (int)hidden.len,
                       (const char *)hidden.ptr);
    if (bu_bytes_is(hidden, ".wh..opq")) {
        e->member.whiteout = BU_WHITEOUT_BELOW;
        e->member.path = folder.len == 0 ? BULLA_LIT(".") : bu_bytes_first(path, folder.len - 1);
        return BU_OK;
    }
    if (bu_bytes_starts(hidden, ".wh."))
        return BU_OK;
    e->member.whiteout = BU_WHITEOUT_ONE;
    uint8_t *subject = bu_arena_get(arena, folder.len + hidden.len);
    if (subject == NULL)
        return bu_no_memory(err);
    if (folder.len > 0)
        memcpy(subject, folder.ptr, folder.len);
    memcpy(subject + folder.len, hidden.ptr, hidden.len);
    e->member.path = (bulla_bytes){ subject, folder.len + hidden.len };
    return BU_OK;
}

/* Only files have content; only folders have names that end in a slash. */
static bulla_status check_kind(const bu_entry *e, bulla_error *err)
{
    if (e->member.kind != BU_MEMBER_FILE && e->member.size > 0)
        return bu_fail(err, BULLA_E_BAD_HEADER, "has content, but is no file");
    if (e->member.kind != BU_MEMBER_FOLDER && bu_bytes_ends(e->name, "/"))
        return bu_fail(err, BULLA_E_BAD_HEADER, "is named as a folder, but is none");
    if (e->member.kind != BU_MEMBER_FOLDER && bu_bytes_is(e->member.path, "."))
        return bu_fail(err, BULLA_E_BAD_NAME, "is named as the root");
    return BU_OK;
}

static bulla_status fill(bu_entries *entries, bu_entry *e, bulla_error *err)
{
    bu_arena *arena = entries->arena;
    BU_TRY(bu_member_path(e->name, arena, &e->member.path, err));
    BU_TRY(check_kind(e, err));
    BU_TRY(bu_member_key(e->member.path, arena, &e->key, err));
    BU_TRY(copy(arena, &e->name, err));
    BU_TRY(copy(arena, &e->member.target, err));
    return resolve_link(entries, e, err);
}

/* What is whited out is compared as what is there: both at once is ambiguous. */
static bulla_status fill_of_layer(bu_entry *e, bu_arena *arena, bulla_error *err)
{
    BU_TRY(bu_member_unix_path(e->name, arena, &e->member.path, err));
    BU_TRY(check_kind(e, err));
    bulla_bytes own = e->member.path;
    BU_TRY(read_whiteout(e, arena, err));
    bool one = e->member.whiteout == BU_WHITEOUT_ONE;
    BU_TRY(bu_member_unix_key(one ? e->member.path : own, arena, &e->key, err));
    BU_TRY(copy(arena, &e->name, err));
    return copy(arena, &e->member.target, err);
}

bulla_status bu_entries_add(bu_entries *entries, bulla_bytes name, const bu_member *member,
                            bulla_error *err)
{
    bu_entry e = { .member = *member, .name = name };
    BU_TRY(check_room(entries, &e, err));
    bool layer = entries->rules == BU_ENTRIES_OF_LAYER;
    BU_TRY(layer ? fill_of_layer(&e, entries->arena, err) : fill(entries, &e, err));
    BU_TRY(bu_vec_grow(&entries->items, entries->count, &entries->cap, sizeof e, err));
    entries->items[entries->count++] = e;
    return BU_OK;
}

bulla_status bu_entries_make_link(bu_entries *entries, bu_entry *entry, bulla_bytes target,
                                  bulla_error *err)
{
    entry->member.kind = BU_MEMBER_LINK;
    entry->member.size = 0;
    entry->member.target = target;
    BU_TRY(copy(entries->arena, &entry->member.target, err));
    return resolve_link(entries, entry, err);
}

bulla_status bu_entry_refused(bulla_bytes name, uint64_t offset, bulla_status status,
                              bulla_error *err)
{
    if (bulla_ok(status) || status.code == BULLA_E_NO_MEMORY)
        return status;
    bu_within(err, status, "member %.*s", (int)name.len, name.ptr);
    return bu_at_offset(err, status, offset);
}

static bulla_status about(const bu_entry *e, bulla_status status, bulla_error *err)
{
    return bu_entry_refused(e->name, e->member.offset, status, err);
}

bool bu_entry_is_dotted(const bu_entry *entry)
{
    size_t start = bu_bytes_starts(entry->name, "./") ? 2 : 0;
    size_t slash = bu_bytes_ends(entry->name, "/") ? 1 : 0;
    return start + entry->member.path.len + slash < entry->name.len;
}

static int by_key(const void *a, const void *b)
{
    const bu_entry *const *x = a, *const *y = b;
    return bu_bytes_compare((*x)->key, (*y)->key);
}

static bool is_same_file(const bu_entry *a, const bu_entry *b)
{
    return a->member.kind == BU_MEMBER_FILE && b->member.kind == BU_MEMBER_FILE &&
           bu_bytes_equal(a->member.path, b->member.path) && a->digest.ptr != NULL &&
           bu_bytes_equal(a->digest, b->digest);
}

static bool is_same_folder(const bu_entry *a, const bu_entry *b)
{
    return a->member.kind == BU_MEMBER_FOLDER && b->member.kind == BU_MEMBER_FOLDER;
}

/* One path in one layer. */
static bulla_status check_alike_in_layer(const bu_entry *a, const bu_entry *b, bulla_error *err)
{
    const bu_entry *later = a < b ? b : a;
    if (is_same_folder(a, b))
        return BU_OK;
    if (a->member.whiteout != b->member.whiteout)
        return about(later,
                     bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "is hidden and there in one layer"),
                     err);
    return about(later, bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "is there twice"), err);
}

/* Two with one key. */
static bulla_status check_alike(const bu_entry *a, const bu_entry *b, bulla_error *err)
{
    const bu_entry *later = a < b ? b : a; /* they lie in one array, in archive order */
    const bu_entry *other = a < b ? a : b;
    if (is_same_file(a, b))
        return BU_OK;
    if (bu_bytes_equal(a->member.path, b->member.path))
        return about(later, bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "is there twice"), err);
    return about(later,
                 bu_fail(err, BULLA_E_NAME_COLLISION, "is the same name as %.*s on some systems",
                         (int)other->name.len, other->name.ptr),
                 err);
}

/* Two that are neighbours in the order of keys, where what is in a folder follows the folder. */
static bulla_status check_pair(bu_entry_rules rules, const bu_entry *a, const bu_entry *b,
                               bulla_error *err)
{
    if (bu_bytes_equal(a->key, b->key))
        return rules == BU_ENTRIES_OF_LAYER ? check_alike_in_layer(a, b, err)
                                            : check_alike(a, b, err);
    bool inside = b->key.len > a->key.len && b->key.ptr[a->key.len] == BU_MEMBER_KEY_SLASH &&
                  bu_bytes_equal(bu_bytes_first(b->key, a->key.len), a->key);
    if (!inside || a->member.kind == BU_MEMBER_FOLDER)
        return BU_OK;
    if (a->member.whiteout != BU_WHITEOUT_NONE)
        return about(b, bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "is below what the layer hides"),
                     err);
    if (a->member.kind == BU_MEMBER_LINK)
        return about(b, bu_fail(err, BULLA_E_BAD_LINK, "is written through a link"), err);
    return about(b, bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "is below a file"), err);
}

static const bu_entry *find(const bu_entry *const *sorted, size_t count, const bu_entry *key)
{
    const bu_entry *const *hit = bsearch(&key, sorted, count, sizeof *sorted, by_key);
    return hit == NULL ? NULL : *hit;
}

/* A link leads to a file of this archive; a hard link to one that is there already. */
static bulla_status check_link(bu_entries *entries, const bu_entry *const *sorted,
                               const bu_entry *link, bulla_error *err)
{
    if (entries->links != BU_LINKS_TO_FILES && link->member.kind == BU_MEMBER_LINK)
        return BU_OK; /* it stays inside, wherever it leads */
    bu_entry wanted = { .member.path = link->leads_to };
    BU_TRY(bu_member_key(link->leads_to, entries->arena, &wanted.key, err));
    const bu_entry *target = find(sorted, entries->count, &wanted);
    if (target == NULL || !bu_bytes_equal(target->member.path, link->leads_to))
        return bu_fail(err, BULLA_E_BAD_LINK, "a link to nothing in this archive");
    if (target->member.kind != BU_MEMBER_FILE)
        return bu_fail(err, BULLA_E_BAD_LINK, "a link to something else than a file");
    if (link->member.kind == BU_MEMBER_HARDLINK && target > link)
        return bu_fail(err, BULLA_E_BAD_LINK, "a hard link to a later member");
    return BU_OK;
}

static bulla_status check_sorted(bu_entries *entries, const bu_entry *const *sorted,
                                 bulla_error *err)
{
    for (size_t i = 1; i < entries->count; i++)
        BU_TRY(check_pair(entries->rules, sorted[i - 1], sorted[i], err));
    for (size_t i = 0; i < entries->count; i++) {
        const bu_entry *e = &entries->items[i];
        if (e->leads_to.ptr != NULL)
            BU_TRY(about(e, check_link(entries, sorted, e, err), err));
    }
    return BU_OK;
}

bulla_status bu_entries_check(bu_entries *entries, bulla_error *err)
{
    if (entries->count == 0 && entries->rules == BU_ENTRIES_OF_LAYER)
        return BU_OK;
    if (entries->count == 0)
        return bu_fail(err, BULLA_E_EMPTY, "an archive without members");
    const bu_entry **sorted = bu_arena_get_array(entries->arena, entries->count, sizeof *sorted);
    if (sorted == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < entries->count; i++)
        sorted[i] = &entries->items[i];
    qsort(sorted, entries->count, sizeof *sorted, by_key);
    return check_sorted(entries, sorted, err);
}
