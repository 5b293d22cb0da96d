/* SPDX-License-Identifier: MIT */
/*
 * Layers on top of each other (OCI image-spec, "Image Layer Filesystem
 * Changeset"). A layer is first read whole; then it takes away from what was
 * there, by whiteouts and by having other things of the same name; then what
 * it has itself is added. So the order in a layer does not matter.
 */
#include "archive/overlay.h"

#include "archive/member_path.h"
#include "base/bytes.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/vec.h"

#define HOPS 16u /* links on one path */

/* Something at a place, or on the way to one. */
typedef struct node {
    bulla_bytes path;
    bu_member_kind kind;
    bu_whiteout whiteout;
    bulla_bytes target;  /* of a link: the path it leads to; NULL when that takes more than text */
    bulla_bytes content; /* of a file */
} node;

typedef struct nodes {
    node *items;
    size_t count, cap;
} nodes;

struct bu_overlay {
    bu_arena *arena;
    const char *const *places, *const *hints;
    nodes lower; /* what is there */
    nodes links; /* those of it that are on ways: few, as each path is there once */
    nodes upper; /* what the layer that is being read has */
    uint64_t kept;
    bu_overlay_file *files;
};

void bu_overlay_free(bu_overlay *overlay)
{
    if (overlay == NULL)
        return;
    bu_arena_free(overlay->arena);
    free(overlay->lower.items);
    free(overlay->links.items);
    free(overlay->upper.items);
    free(overlay->files);
    free(overlay);
}

bulla_status bu_overlay_new(const char *const *places, const char *const *hints, bu_overlay **out,
                            bulla_error *err)
{
    BU_AUTO(bu_overlay) o = calloc(1, sizeof *o);
    if (o == NULL)
        return bu_no_memory(err);
    *o = (bu_overlay){ .arena = bu_arena_new(), .places = places, .hints = hints };
    if (o->arena == NULL)
        return bu_no_memory(err);
    *out = BU_STEAL(o);
    return BU_OK;
}

/* ---- Paths ---- */

static bool is_below(bulla_bytes path, bulla_bytes folder)
{
    return bu_bytes_is(folder, ".") || (path.len > folder.len && path.ptr[folder.len] == '/' &&
                                        bu_bytes_equal(bu_bytes_first(path, folder.len), folder));
}

/* The length of the folder that a path is in, with its slash. */
static size_t folder_len(bulla_bytes path)
{
    size_t len = path.len;
    while (len > 0 && path.ptr[len - 1] != '/')
        len--;
    return len;
}

static bool is_at(bulla_bytes path, const char *form)
{
    size_t len = folder_len(bu_bytes_of(form));
    return folder_len(path) == len &&
           bu_bytes_equal(bu_bytes_first(path, len), bu_bytes_first(bu_bytes_of(form), len)) &&
           bu_bytes_match(bu_bytes_from(path, len), form + len);
}

static bool is_in(const char *const *forms, bulla_bytes path)
{
    for (; *forms != NULL; forms++)
        if (is_at(path, *forms))
            return true;
    return false;
}

static bool is_way_to(const char *const *forms, bulla_bytes path)
{
    for (; *forms != NULL; forms++)
        if (is_below(bu_bytes_of(*forms), path))
            return true;
    return false;
}

static bool is_kept(const bu_overlay *o, bulla_bytes path)
{
    return is_in(o->places, path) || is_in(o->hints, path);
}

static bool is_way(const bu_overlay *o, bulla_bytes path)
{
    return is_way_to(o->places, path) || is_way_to(o->hints, path);
}

/* "a" and "b/c" → "a/b/c"; the root is "." */
static bulla_status join(bu_arena *arena, bulla_bytes folder, bulla_bytes rest, bulla_bytes *out,
                         bulla_error *err)
{
    bool bare = folder.len == 0 || bu_bytes_is(folder, ".");
    const char *text =
        bu_arena_format(arena, "%.*s%s%.*s", bare ? 0 : (int)folder.len, (const char *)folder.ptr,
                        bare || rest.len == 0 ? "" : "/", (int)rest.len, (const char *)rest.ptr);
    if (text == NULL)
        return bu_no_memory(err);
    *out = text[0] == '\0' ? BULLA_LIT(".") : bu_bytes_of(text);
    return BU_OK;
}

/* The link that a path goes through: `whole`, that it may also be. */
static const node *link_on(const bu_overlay *o, bulla_bytes path, bool whole)
{
    for (size_t i = 0; i < o->links.count; i++) {
        const node *n = &o->links.items[i];
        if (is_below(path, n->path) || (whole && bu_bytes_equal(path, n->path)))
            return n;
    }
    return NULL;
}

/* The path without the links of lower layers. */
static bulla_status resolve(const bu_overlay *o, bool whole, bulla_bytes *path, bulla_error *err)
{
    for (size_t hops = 0; hops < HOPS; hops++) {
        const node *n = link_on(o, *path, whole);
        if (n == NULL)
            return BU_OK;
        BU_TRY(join(o->arena, n->target, bu_bytes_from(*path, n->path.len + 1), path, err));
    }
    return bu_fail(err, BULLA_E_CYCLE, "%.*s goes through more than %u links", (int)path->len,
                   (const char *)path->ptr, HOPS);
}

/*
 * Where a link leads, by its text: `..` at its start climbs out of real folders. Behind another part,
 * which may be a link itself, it is not followed.
 */
static bulla_status lead(bu_arena *arena, bulla_bytes path, bulla_bytes target, bulla_bytes *out,
                         bulla_error *err)
{
    bulla_bytes folder = bu_bytes_first(path, folder_len(path));
    bulla_bytes at = folder.len == 0 ? folder : bu_bytes_first(folder, folder.len - 1);
    bool down = false;
    if (target.len > 0 && target.ptr[0] == '/')
        at.len = 0;
    *out = (bulla_bytes){ 0 };
    while (target.len > 0) {
        bulla_bytes part = bu_bytes_first(target, bu_bytes_find(target, '/'));
        target = bu_bytes_from(target, part.len + 1);
        if (part.len == 0 || bu_bytes_is(part, "."))
            continue;
        if (!bu_bytes_is(part, "..")) {
            BU_TRY(join(arena, at, part, &at, err));
            down = true;
            continue;
        }
        if (down)
            return BU_OK;
        at.len = folder_len(at);
        at.len -= at.len > 0;
    }
    *out = at.len == 0 ? BULLA_LIT(".") : at;
    return BU_OK;
}

static bulla_status append(nodes *list, const node *n, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&list->items, list->count, &list->cap, sizeof *n, err));
    list->items[list->count++] = *n;
    return BU_OK;
}

/* ---- Reading a layer ---- */

static bulla_status keep_target(const bu_overlay *o, const bu_member *m, node *n, bulla_error *err)
{
    if (m->kind == BU_MEMBER_LINK)
        return lead(o->arena, n->path, m->target, &n->target, err);
    if (m->kind == BU_MEMBER_HARDLINK)
        return bu_member_unix_path(m->target, o->arena, &n->target, err);
    return BU_OK;
}

static bulla_status see_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    bu_overlay *o = context;
    bulla_bytes path = m->path;
    BU_TRY(resolve(o, m->whiteout == BU_WHITEOUT_BELOW, &path, err));
    bool kept = is_kept(o, m->path) || is_kept(o, path);
    if (!kept && !is_way(o, m->path) && !is_way(o, path))
        return BU_OK;
    node n = { .path = bu_arena_copy(o->arena, m->path), .kind = m->kind, .whiteout = m->whiteout };
    if (n.path.ptr == NULL)
        return bu_no_memory(err);
    BU_TRY(keep_target(o, m, &n, err));
    if (o->upper.count == BU_LIMIT_MEMBERS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u files of package databases",
                       BU_LIMIT_MEMBERS);
    BU_TRY(append(&o->upper, &n, err));
    *want = kept && m->kind == BU_MEMBER_FILE && m->whiteout == BU_WHITEOUT_NONE;
    return BU_OK;
}

static bulla_status see_content(void *context, const bu_member *m, bu_source *content,
                                bulla_error *err)
{
    bu_overlay *o = context;
    BU_CLEAR(bu_buf) text = { 0 };
    (void)m;
    BU_TRY(bu_source_slurp(content, BU_LIMIT_DOCUMENT_BYTES - o->kept, &text, err));
    o->kept += text.len;
    node *n = &o->upper.items[o->upper.count - 1];
    n->content = bu_arena_copy(o->arena, bu_buf_bytes(&text));
    return n->content.ptr == NULL && text.len > 0 ? bu_no_memory(err) : BU_OK;
}

/* ---- Putting it on top ---- */

/* How the upper layer takes a path away. */
enum { WHOLE, BELOW, ITSELF };

static bulla_status hide(bu_intern *hidden, const node *n, bulla_error *err)
{
    size_t number, how = WHOLE;
    if (n->whiteout == BU_WHITEOUT_BELOW)
        how = BELOW;
    else if (n->whiteout == BU_WHITEOUT_NONE && n->kind == BU_MEMBER_FOLDER)
        how = ITSELF;
    return bu_intern_add(hidden, how, n->path, &number, err);
}

static bool has(const bu_intern *hidden, size_t how, bulla_bytes path)
{
    return bu_intern_find(hidden, how, path) != BU_INTERN_NONE;
}

static bool is_hidden(const bu_intern *hidden, bulla_bytes path)
{
    if (has(hidden, WHOLE, path) || has(hidden, ITSELF, path))
        return true;
    while ((path.len = folder_len(path)) > 0) {
        path.len--;
        if (has(hidden, WHOLE, path) || has(hidden, BELOW, path))
            return true;
    }
    return has(hidden, BELOW, BULLA_LIT("."));
}

static bulla_status find_links(bu_overlay *o, bulla_error *err)
{
    o->links.count = 0;
    for (size_t i = 0; i < o->lower.count; i++) {
        const node *n = &o->lower.items[i];
        if (n->kind == BU_MEMBER_LINK && n->target.ptr != NULL && is_way(o, n->path))
            BU_TRY(append(&o->links, n, err));
    }
    return BU_OK;
}

static bulla_status drop_hidden(bu_overlay *o, const bu_intern *hidden, bulla_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < o->lower.count; i++)
        if (!is_hidden(hidden, o->lower.items[i].path))
            o->lower.items[count++] = o->lower.items[i];
    o->lower.count = count;
    return find_links(o, err);
}

/* What the layer takes away by the paths that it names. */
static bulla_status hide_all(bu_overlay *o, bu_intern *hidden, bulla_error *err)
{
    for (size_t i = 0; i < o->upper.count; i++)
        BU_TRY(hide(hidden, &o->upper.items[i], err));
    return BU_OK;
}

/* Links that the layer replaces are gone for its own paths, too; then these are without links. */
static bulla_status resolve_all(bu_overlay *o, bulla_error *err)
{
    for (size_t i = 0; i < o->upper.count; i++) {
        node *n = &o->upper.items[i];
        BU_TRY(resolve(o, n->whiteout == BU_WHITEOUT_BELOW, &n->path, err));
        if (n->kind == BU_MEMBER_HARDLINK)
            BU_TRY(resolve(o, false, &n->target, err));
    }
    return BU_OK;
}

static bool is_listed(const char *const *forms, bulla_bytes path)
{
    for (; *forms != NULL; forms++)
        if (bu_bytes_is(path, *forms))
            return true;
    return false;
}

static const node *find_file(const nodes *in, bulla_bytes path)
{
    for (size_t i = 0; i < in->count; i++)
        if (in->items[i].kind == BU_MEMBER_FILE && in->items[i].whiteout == BU_WHITEOUT_NONE &&
            bu_bytes_equal(in->items[i].path, path))
            return &in->items[i];
    return NULL;
}

/* A hard link at a place to a file that is kept is that file. */
static void settle_hardlink(const bu_overlay *o, node *n)
{
    if (n->kind != BU_MEMBER_HARDLINK || !is_listed(o->places, n->path))
        return;
    const node *file = find_file(&o->upper, n->target);
    if (file == NULL)
        file = find_file(&o->lower, n->target);
    if (file == NULL || file->content.ptr == NULL)
        return;
    n->kind = BU_MEMBER_FILE;
    n->content = file->content;
}

/* A file on a way is in the way of nothing: there is then no database below it. */
static bool stays(const bu_overlay *o, const node *n)
{
    if (n->whiteout != BU_WHITEOUT_NONE || n->kind == BU_MEMBER_FOLDER)
        return false;
    bool kept = is_kept(o, n->path);
    return kept ||
           (is_way(o, n->path) && (n->kind == BU_MEMBER_LINK || n->kind == BU_MEMBER_SPECIAL));
}

static bulla_status add_upper(bu_overlay *o, bulla_error *err)
{
    for (size_t i = 0; i < o->upper.count; i++) {
        const node *n = &o->upper.items[i];
        if (stays(o, n))
            BU_TRY(append(&o->lower, n, err));
    }
    o->upper.count = 0;
    return find_links(o, err);
}

bulla_status bu_overlay_add(bu_overlay *overlay, bu_source *layer, bulla_error *err)
{
    const bu_walk_visitor visitor = { .context = overlay,
                                      .member = see_member,
                                      .stream = see_content };
    BU_CLEAR(bu_intern) stored = { 0 }, hidden = { 0 };
    BU_TRY(bu_walk_layer(layer, &visitor, err));
    for (size_t i = 0; i < overlay->upper.count; i++)
        settle_hardlink(overlay, &overlay->upper.items[i]);
    BU_TRY(hide_all(overlay, &stored, err));
    BU_TRY(drop_hidden(overlay, &stored, err));
    BU_TRY(resolve_all(overlay, err));
    BU_TRY(hide_all(overlay, &hidden, err));
    BU_TRY(drop_hidden(overlay, &hidden, err));
    return add_upper(overlay, err);
}

/* ---- What is there ---- */

/* Each place that the link stands before must be one also where the link leads. */
static bulla_status check_link(const bu_overlay *o, const node *n, bulla_error *err)
{
    bool fine = n->target.ptr != NULL;
    if (is_in(o->places, n->path))
        fine = fine && is_in(o->places, n->target);
    for (const char *const *form = o->places; *form != NULL && fine; form++) {
        bulla_bytes place = bu_bytes_of(*form), there;
        if (!is_below(place, n->path))
            continue;
        BU_TRY(join(o->arena, n->target, bu_bytes_from(place, n->path.len + 1), &there, err));
        BU_TRY(resolve(o, false, &there, err));
        fine = is_listed(o->places, there);
    }
    if (fine)
        return BU_OK;
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                   "a package database may be behind the link %.*s, which is not followed",
                   (int)n->path.len, (const char *)n->path.ptr);
}

static bulla_status check_node(const bu_overlay *o, const node *n, bulla_error *err)
{
    bulla_bytes path;
    bool hint = !is_in(o->places, n->path) && !is_way_to(o->places, n->path);
    if (hint)
        return BU_OK;
    if (n->kind == BU_MEMBER_FILE)
        return bu_member_path(n->path, o->arena, &path, err);
    if (n->kind == BU_MEMBER_LINK)
        return check_link(o, n, err);
    if (n->kind == BU_MEMBER_HARDLINK)
        return bu_fail(err, BULLA_E_BAD_LINK, "%.*s is a hard link to another file",
                       (int)n->path.len, (const char *)n->path.ptr);
    return bu_fail(err, BULLA_E_SPECIAL_FILE, "%.*s is a device or FIFO", (int)n->path.len,
                   (const char *)n->path.ptr);
}

static int by_path(const void *a, const void *b)
{
    const bu_overlay_file *x = a, *y = b;
    return bu_bytes_compare(x->path, y->path);
}

bulla_status bu_overlay_finish(bu_overlay *overlay, const bu_overlay_file **out, size_t *count,
                               bulla_error *err)
{
    free(overlay->files);
    overlay->files = calloc(overlay->lower.count + 1, sizeof *overlay->files);
    if (overlay->files == NULL)
        return bu_no_memory(err);
    *count = 0;
    for (size_t i = 0; i < overlay->lower.count; i++) {
        const node *n = &overlay->lower.items[i];
        BU_TRY(check_node(overlay, n, err));
        if (n->kind == BU_MEMBER_FILE)
            overlay->files[(*count)++] = (bu_overlay_file){ n->path, n->content };
    }
    if (*count > 0)
        qsort(overlay->files, *count, sizeof *overlay->files, by_path);
    *out = overlay->files;
    return BU_OK;
}
