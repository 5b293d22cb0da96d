/* SPDX-License-Identifier: MIT */
/*
 * Names of members. Nothing here touches a disk: a path is judged, and a link
 * resolved, by its text.
 */
#include "archive/member_path.h"

#include <utf8proc.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"

static bool is_plain(bulla_bytes name)
{
    uint8_t odd = 0;
    for (size_t i = 0; i < name.len; i++)
        odd |= (uint8_t)(name.ptr[i] < ' ') | (uint8_t)(name.ptr[i] >= 0x7F);
    return odd == 0;
}

static bulla_status check_text(bulla_bytes name, bulla_error *err)
{
    size_t at;
    if (name.len == 0)
        return bu_fail(err, BULLA_E_BAD_NAME, "an empty name");
    if (name.len > BU_LIMIT_NAME_BYTES)
        return bu_fail(err, BULLA_E_BAD_NAME, "a name of %zu bytes", name.len);
    if (is_plain(name))
        return BU_OK;
    if (bu_utf8_valid(name) < name.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a name that is not UTF-8");
    if (bu_utf8_hides(name, &at))
        return bu_fail(err, BULLA_E_CONTROL_CHARACTER, "a hidden character in a name");
    return BU_OK;
}

static bulla_status check_unix_text(bulla_bytes name, bulla_error *err)
{
    if (name.len == 0)
        return bu_fail(err, BULLA_E_BAD_NAME, "an empty name");
    if (name.len > BU_LIMIT_NAME_BYTES)
        return bu_fail(err, BULLA_E_BAD_NAME, "a name of %zu bytes", name.len);
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] < ' ' || name.ptr[i] == 0x7F)
            return bu_fail(err, BULLA_E_CONTROL_CHARACTER, "a control character in a name");
    return BU_OK;
}

static bool has_drive_letter(bulla_bytes component)
{
    return component.len >= 2 && component.ptr[1] == ':' &&
           ((component.ptr[0] | 0x20) >= 'a' && (component.ptr[0] | 0x20) <= 'z');
}

/* What is done with `..`, and with the other ways out of the tree. */
typedef struct rules {
    bool may_climb;
    bool is_unix;      /* a backslash and a colon are characters as others */
    bool climbs_first; /* no `..` behind a name: that name may be a link */
    bulla_code escape;
} rules;

/* A path that is put together component by component. */
typedef struct builder {
    uint8_t *bytes;
    size_t len;
    size_t floor; /* `..` goes no shorter than this */
    bool named;   /* a component was added */
} builder;

static void append(builder *b, bulla_bytes component)
{
    if (b->len > 0)
        b->bytes[b->len++] = '/';
    memcpy(b->bytes + b->len, component.ptr, component.len);
    b->len += component.len;
}

static bulla_status climb(builder *b, rules how, bulla_error *err)
{
    if (!how.may_climb || b->len <= b->floor || (how.climbs_first && b->named))
        return bu_fail(err, how.escape, "a path that climbs out with ..");
    while (b->len > 0 && b->bytes[b->len - 1] != '/')
        b->len--;
    if (b->len > 0)
        b->len--;
    return BU_OK;
}

static bulla_status add_component(builder *b, bulla_bytes component, rules how, bulla_error *err)
{
    if (bu_bytes_is(component, "."))
        return BU_OK;
    if (bu_bytes_is(component, ".."))
        return climb(b, how, err);
    if (component.len == 0)
        return bu_fail(err, BULLA_E_BAD_NAME, "a path with an empty component");
    if (!how.is_unix && has_drive_letter(component))
        return bu_fail(err, how.escape, "a path with a drive letter");
    append(b, component);
    b->named = true;
    return BU_OK;
}

static bulla_status add_components(builder *b, bulla_bytes path, rules how, bulla_error *err)
{
    while (path.len > 0) { /* a slash at the end leaves nothing behind it */
        bulla_bytes component = bu_bytes_first(path, bu_bytes_find(path, '/'));
        BU_TRY(add_component(b, component, how, err));
        path = bu_bytes_from(path, component.len + 1);
    }
    return BU_OK;
}

static bulla_status add_path(builder *b, bulla_bytes path, rules how, bulla_error *err)
{
    BU_TRY(check_text(path, err));
    if (path.ptr[0] == '/')
        return bu_fail(err, how.escape, "an absolute path");
    if (bu_bytes_find(path, '\\') < path.len)
        return bu_fail(err, how.escape, "a path with a backslash");
    return add_components(b, path, how, err);
}

static bulla_status finish(const builder *b, bulla_bytes *out)
{
    *out = b->len > 0 ? (bulla_bytes){ b->bytes, b->len } : BULLA_LIT(".");
    return BU_OK;
}

static bulla_status from_root(bulla_bytes path, rules how, bu_arena *arena, bulla_bytes *out,
                              bulla_error *err)
{
    builder b = { .bytes = bu_arena_get(arena, path.len) };
    if (b.bytes == NULL)
        return bu_no_memory(err);
    BU_TRY(add_path(&b, path, how, err));
    return finish(&b, out);
}

bulla_status bu_member_path(bulla_bytes name, bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    rules how = { .escape = BULLA_E_PATH_TRAVERSAL };
    return from_root(name, how, arena, out, err);
}

bulla_status bu_member_unix_path(bulla_bytes name, bu_arena *arena, bulla_bytes *out,
                                 bulla_error *err)
{
    rules how = { .is_unix = true, .escape = BULLA_E_PATH_TRAVERSAL };
    builder b = { .bytes = bu_arena_get(arena, name.len) };
    if (b.bytes == NULL)
        return bu_no_memory(err);
    BU_TRY(check_unix_text(name, err));
    BU_TRY(add_components(&b, bu_bytes_from(name, name.ptr[0] == '/' ? 1 : 0), how, err));
    return finish(&b, out);
}

static bulla_status check_target(bulla_bytes target, bulla_error *err)
{
    return target.len > 0 ? BU_OK : bu_fail(err, BULLA_E_BAD_LINK, "a link to nothing");
}

bulla_status bu_member_hardlink(bulla_bytes target, bu_arena *arena, bulla_bytes *out,
                                bulla_error *err)
{
    rules how = { .escape = BULLA_E_LINK_ESCAPE };
    BU_TRY(check_target(target, err));
    return from_root(target, how, arena, out, err);
}

/* The folder that `path` is in; empty for the root. */
static bulla_bytes parent_of(bulla_bytes path)
{
    size_t len = path.len;
    while (len > 0 && path.ptr[len - 1] != '/')
        len--;
    return bu_bytes_first(path, len == 0 ? 0 : len - 1);
}

static bulla_status resolve(bulla_bytes path, bulla_bytes target, rules how, size_t floor,
                            bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes parent = parent_of(path);
    BU_TRY(check_target(target, err));
    builder b = { .bytes = bu_arena_get(arena, parent.len + 1 + target.len), .floor = floor };
    if (b.bytes == NULL)
        return bu_no_memory(err);
    if (parent.len > 0)
        append(&b, parent);
    BU_TRY(add_path(&b, target, how, err));
    BU_TRY(finish(&b, out));
    return bu_bytes_equal(path, *out) ? bu_fail(err, BULLA_E_BAD_LINK, "a link to itself") : BU_OK;
}

bulla_status bu_member_link(bulla_bytes path, bulla_bytes target, bu_arena *arena, bulla_bytes *out,
                            bulla_error *err)
{
    rules how = { .may_climb = true, .escape = BULLA_E_LINK_ESCAPE };
    return resolve(path, target, how, bu_bytes_find(parent_of(path), '/'), arena, out, err);
}

bulla_status bu_member_loose_link(bulla_bytes path, bulla_bytes target, bool whole_tree,
                                  bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    rules how = { .may_climb = true, .climbs_first = true, .escape = BULLA_E_LINK_ESCAPE };
    size_t top = bu_bytes_find(parent_of(path), '/');
    return resolve(path, target, how, whole_tree ? 0 : top, arena, out, err);
}

static bulla_status fold_unicode(bulla_bytes path, utf8proc_uint8_t **out, size_t *len,
                                 bulla_error *err)
{
    utf8proc_ssize_t count = utf8proc_map(path.ptr, (utf8proc_ssize_t)path.len, out,
                                          UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (count == UTF8PROC_ERROR_NOMEM)
        return bu_no_memory(err);
    if (count < 0)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a name that cannot be normalized");
    *len = (size_t)count;
    return BU_OK;
}

static uint8_t fold_ascii(uint8_t c)
{
    if (c == '/')
        return BU_MEMBER_KEY_SLASH;
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bulla_status bu_member_key(bulla_bytes path, bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    BU_FREE utf8proc_uint8_t *folded = NULL;
    size_t len = path.len;
    if (!is_plain(path))
        BU_TRY(fold_unicode(path, &folded, &len, err));
    const uint8_t *text = folded == NULL ? path.ptr : folded;
    uint8_t *key = bu_arena_get(arena, len);
    if (key == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < len; i++)
        key[i] = fold_ascii(text[i]);
    *out = (bulla_bytes){ key, len };
    return BU_OK;
}

bulla_status bu_member_unix_key(bulla_bytes path, bu_arena *arena, bulla_bytes *out,
                                bulla_error *err)
{
    uint8_t *key = bu_arena_get(arena, path.len);
    if (key == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < path.len; i++)
        key[i] = path.ptr[i] == '/' ? BU_MEMBER_KEY_SLASH : path.ptr[i];
    *out = (bulla_bytes){ key, path.len };
    return BU_OK;
}
