/* SPDX-License-Identifier: MIT */
/*
 * Commits, folders and versions: what may be taken at its word. A path that
 * does not plainly stay in the project is outside of it.
 */
#include "ecosystem/origin.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool bu_is_commit(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i] | 0x20;
        if (!is_digit(text.ptr[i]) && (c < 'a' || c > 'f'))
            return false;
    }
    return text.len == 40 || text.len == 64;
}

bool bu_is_word(bulla_bytes text, const char *others)
{
    bulla_bytes more = bu_bytes_of(others);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (!is_digit(c) && !is_letter(c) && bu_bytes_find(more, c) == more.len)
            return false;
    }
    return text.len > 0;
}

/* ---- Versions ---- */

static bool is_number(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]))
            return false;
    return text.len == 1 || (text.len > 1 && text.ptr[0] != '0');
}

static bulla_bytes next_part(bulla_bytes *rest, bool *more)
{
    bulla_bytes part = bu_bytes_first(*rest, bu_bytes_find(*rest, '.'));
    *more = part.len < rest->len;
    *rest = bu_bytes_from(*rest, part.len + 1);
    return part;
}

static bool is_core(bulla_bytes text)
{
    bool more = true;
    size_t count = 0;
    for (; more; count++)
        if (count == 3 || !is_number(next_part(&text, &more)))
            return false;
    return count == 3;
}

/* "Numeric identifiers MUST NOT include leading zeroes": of a pre-release, not of a build. */
static bool is_identifiers(bulla_bytes text, bool prerelease)
{
    for (bool more = true; more;) {
        bulla_bytes part = next_part(&text, &more);
        bool digits = part.len > 1 && part.ptr[0] == '0';
        for (size_t i = 0; i < part.len; i++)
            digits = digits && is_digit(part.ptr[i]);
        if (!bu_is_word(part, "-") || (prerelease && digits))
            return false;
    }
    return true;
}

bool bu_is_semver(bulla_bytes text)
{
    bulla_bytes front = bu_bytes_first(text, bu_bytes_find(text, '+'));
    bulla_bytes core = bu_bytes_first(front, bu_bytes_find(front, '-'));
    if (front.len < text.len && !is_identifiers(bu_bytes_from(text, front.len + 1), false))
        return false;
    if (core.len < front.len && !is_identifiers(bu_bytes_from(front, core.len + 1), true))
        return false;
    return is_core(core);
}

/* ---- Folders ---- */

static bool stays_inside(bulla_bytes path)
{
    for (bool more = path.len > 0; more;) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        more = part.len < path.len;
        path = bu_bytes_from(path, part.len + 1);
        if (part.len == 0 || bu_bytes_is(part, ".") || bu_bytes_is(part, ".."))
            return false;
    }
    return true;
}

static bool may_mean_another_place(bulla_bytes path)
{
    return bu_bytes_find(path, '\\') < path.len || bu_bytes_find(path, ':') < path.len ||
           bu_bytes_starts(path, "~") || bu_bytes_find(path, '\0') < path.len;
}

/* "./a/" → "a"; "." and "./" → "". */
static bulla_bytes plain_path(bulla_bytes path)
{
    while (bu_bytes_starts(path, "./"))
        path = bu_bytes_from(path, 2);
    if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return bu_bytes_is(path, ".") ? (bulla_bytes){ 0 } : path;
}

static bulla_status add_place(bu_lock *lock, size_t component, bulla_bytes path, bulla_error *err)
{
    const char *folder = bu_arena_text(lock->graph->arena, path);
    const bu_place place = {
        .component = component,
        .parent = BULLA_NO_COMPONENT,
        .path = folder,
        .folder = folder,
        .lockfile = lock->file,
    };
    return folder == NULL ? bu_no_memory(err) : bu_graph_place(lock->graph, &place, err);
}

bulla_status bu_lock_add_folder(bu_lock *lock, bu_lock_entry *entry, bulla_bytes path, size_t *out,
                                bulla_error *err)
{
    bulla_bytes plain = plain_path(path);
    bool inside = !may_mean_another_place(path) && (plain.len == 0 || stays_inside(plain));
    size_t index;
    entry->origin = inside ? BULLA_ORIGIN_LOCAL : BULLA_ORIGIN_OUTSIDE;
    entry->location = inside ? plain : path;
    BU_TRY(bu_lock_add(lock, entry, &index, err));
    if (out != NULL)
        *out = index;
    return inside && plain.len > 0 ? add_place(lock, index, plain, err) : BU_OK;
}

bulla_status bu_lock_vcs_url(const bu_lock *lock, bulla_bytes url, bulla_bytes commit,
                             bulla_bytes *out, bulla_error *err)
{
    const char *shown = bu_lock_public_url(url, lock->graph->arena);
    const char *text = shown == NULL ? NULL
                                     : bu_arena_format(lock->graph->arena, "git+%s%s%.*s", shown,
                                                       commit.len == 0 ? "" : "@", (int)commit.len,
                                                       (const char *)commit.ptr);
    *out = bu_bytes_of(text);
    return text == NULL ? bu_no_memory(err) : BU_OK;
}

/* ---- Fields ---- */

bulla_status bu_node_maybe_text(const bu_tree *tree, const bu_node *table, const char *key,
                                bulla_bytes *out, bulla_error *err)
{
    const bu_node *field;
    BU_TRY(bu_node_optional(tree, table, key, BU_NODE_STRING, &field, err));
    *out = bu_node_text(field);
    return BU_OK;
}

bulla_status bu_node_must_text(const bu_tree *tree, const bu_node *table, const char *key,
                               bulla_bytes *out, bulla_error *err)
{
    const bu_node *field;
    BU_TRY(bu_node_field(tree, table, key, BU_NODE_STRING, &field, err));
    *out = bu_node_text(field);
    if (out->len == 0)
        return bu_node_fail(tree, field, err, BULLA_E_MISSING_FIELD, "%s is empty", key);
    return BU_OK;
}

bulla_status bu_node_scalar(const bu_tree *tree, const bu_node *table, const char *key,
                            bulla_bytes *out, bulla_error *err)
{
    const bu_node *node = bu_node_get(table, key);
    bu_node_kind kind = bu_node_kind_of(node);
    *out = bu_node_text(node);
    if (kind != BU_NODE_ARRAY && kind != BU_NODE_TABLE)
        return BU_OK;
    return bu_node_fail(tree, node, err, BULLA_E_TYPE_MISMATCH, "\"%s\" is not a text", key);
}
