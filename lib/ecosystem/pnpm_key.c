/* SPDX-License-Identifier: MIT */
/*
 * Taking dependency paths apart, as pnpm's own reader of each version does.
 */
#include "ecosystem/pnpm_key.h"

#include "ecosystem/npm_spec.h"

bulla_bytes bu_pnpm_key_without_peers(bulla_bytes key)
{
    return bu_bytes_ends(key, ")") ? bu_bytes_first(key, bu_bytes_find(key, '(')) : key;
}

/* One exact version begins with three numbers; a place has a scheme or a slash. */
static bool is_version(bulla_bytes text)
{
    bulla_bytes rest = text;
    for (int numbers = 1; numbers <= 3; numbers++) {
        size_t digits = 0;
        while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9')
            digits++;
        if (digits == 0 || (numbers < 3 && (digits == rest.len || rest.ptr[digits] != '.')))
            return false;
        rest = bu_bytes_from(rest, numbers < 3 ? digits + 1 : digits);
    }
    return bu_npm_is_version(text);
}

/* "name" or "@scope/name", up to this mark; its length, or 0. */
static size_t name_length(bulla_bytes text, uint8_t mark)
{
    size_t scope = bu_bytes_starts(text, "@") ? bu_bytes_find(text, '/') + 1 : 0;
    if (scope > text.len)
        return 0;
    size_t len = scope + bu_bytes_find(bu_bytes_from(text, scope), mark);
    return len < text.len ? len : 0;
}

static bu_pnpm_key split(bulla_bytes path, uint8_t mark)
{
    size_t len = name_length(path, mark);
    bulla_bytes version = bu_bytes_from(path, len + 1);
    if (mark == '/')
        version = bu_bytes_first(version, bu_bytes_find(version, '_'));
    if (len == 0 || !is_version(version))
        return (bu_pnpm_key){ 0 };
    return (bu_pnpm_key){ .name = bu_bytes_first(path, len), .version = version };
}

/* "/name…" of the default registry, "host/name…" of another one; else a place. */
static bu_pnpm_key of_registry(bulla_bytes path, uint8_t mark)
{
    bool of_default = bu_bytes_starts(path, "/");
    bulla_bytes below = bu_bytes_from(path, bu_bytes_find(path, '/') + 1);
    bu_pnpm_key key = split(below, mark);
    bool is_host = !bu_bytes_starts(path, "@") && bu_npm_source_of(path) != BU_NPM_FOLDER &&
                   bu_npm_source_of(path) != BU_NPM_ARCHIVE;
    if (key.name.len > 0 && (of_default || is_host))
        return key;
    return (bu_pnpm_key){ .place = path };
}

bu_pnpm_key bu_pnpm_key_of(bu_pnpm_syntax syntax, bulla_bytes key)
{
    bulla_bytes path = bu_pnpm_key_without_peers(key);
    if (syntax != BU_PNPM_9)
        return of_registry(path, syntax == BU_PNPM_5 ? '/' : '@');
    size_t len = name_length(path, '@');
    bulla_bytes rest = bu_bytes_from(path, len + 1);
    if (len == 0)
        return (bu_pnpm_key){ .place = path };
    bu_pnpm_key out = { .name = bu_bytes_first(path, len) };
    *(is_version(rest) ? &out.version : &out.place) = rest;
    return out;
}

/* Is it a key, where a plain version could stand? */
static bool is_key(bu_pnpm_syntax syntax, bulla_bytes reference)
{
    if (syntax != BU_PNPM_9)
        return bu_bytes_starts(reference, "file:") ||
               bu_bytes_find(bu_pnpm_key_without_peers(reference), '/') <
                   bu_pnpm_key_without_peers(reference).len;
    size_t at = bu_bytes_find(reference, '@');
    return bu_bytes_starts(reference, "@") ||
           (at < reference.len && at < bu_bytes_find(reference, ':') &&
            at < bu_bytes_find(reference, '('));
}

void bu_pnpm_key_meant(bu_pnpm_syntax syntax, bulla_bytes name, bulla_bytes reference, bu_buf *out)
{
    static const char *const marks[] = { [BU_PNPM_5] = "/", [BU_PNPM_6] = "@", [BU_PNPM_9] = "@" };
    out->len = 0;
    if (bu_bytes_starts(reference, "link:"))
        return;
    if (!is_key(syntax, reference)) {
        if (syntax != BU_PNPM_9)
            bu_buf_add_byte(out, '/');
        bu_buf_add(out, name);
        bu_buf_add_text(out, marks[syntax]);
    }
    bu_buf_add(out, reference);
}
