/* SPDX-License-Identifier: MIT */
/*
 * Package URLs (ECMA-427): taken apart from the right, as the specification's
 * "How to parse" has it, and written in the one canonical form. Refused:
 * characters that no URL has, encodings that do not decode, a slash that is
 * hidden in a segment.
 */
#include "model/purl.h"

#include "base/bytes.h"
#include "model/purl_parts.h"

/* Reading */

typedef struct reader {
    bu_purl_work work;
    const uint8_t *start;
    const uint8_t *places[BU_PURL_PART_COUNT]; /* where each part begins */
    bool fold_keys;
} reader;

static int hex_value(uint8_t c)
{
    uint8_t low = c | 0x20;
    if (c >= '0' && c <= '9')
        return c - '0';
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* Percent-decode into the arena. `segments`: the text is a path, whose segments hide no slash. */
static bulla_status decode(reader *r, bu_purl_part part, bulla_bytes in, bool segments,
                           bulla_bytes *out)
{
    uint8_t *bytes = bu_arena_get(r->work.arena, in.len);
    size_t len = 0;
    r->places[part] = in.ptr;
    if (bytes == NULL)
        return bu_no_memory(r->work.err);
    for (size_t i = 0; i < in.len; i++) {
        if (in.ptr[i] != '%') {
            bytes[len++] = in.ptr[i];
            continue;
        }
        int high = i + 2 < in.len ? hex_value(in.ptr[i + 1]) : -1;
        int low = i + 2 < in.len ? hex_value(in.ptr[i + 2]) : -1;
        r->places[part] = in.ptr + i;
        if (high < 0 || low < 0)
            return bu_purl_refuse(&r->work, part, "'%' without two hex digits");
        bytes[len++] = (uint8_t)(high * 16 + low);
        if (segments && bytes[len - 1] == '/')
            return bu_purl_refuse(&r->work, part, "an encoded slash in a segment");
        i += 2;
    }
    r->places[part] = in.ptr;
    *out = (bulla_bytes){ bytes, len };
    return BU_OK;
}

/* Cut `text` at its last `separator`: what is behind it goes to `tail`, which is empty when there
 * is none. */
static bulla_bytes cut_last(bulla_bytes text, uint8_t separator, bulla_bytes *tail)
{
    const uint8_t *at = text.len == 0 ? NULL : memrchr(text.ptr, separator, text.len);
    *tail = (bulla_bytes){ text.ptr + text.len, 0 };
    if (at == NULL)
        return text;
    size_t head = (size_t)(at - text.ptr);
    *tail = (bulla_bytes){ at + 1, text.len - head - 1 };
    return bu_bytes_first(text, head);
}

static bulla_status read_qualifier(reader *r, bulla_bytes pair, bu_qualifier *out)
{
    size_t key = bu_bytes_find(pair, '=');
    r->places[BU_PURL_QUALIFIERS] = pair.ptr;
    if (key == pair.len)
        return bu_purl_refuse(&r->work, BU_PURL_QUALIFIERS, "a qualifier without '='");
    /* The specification's tests refuse to parse `Arch=`, but parse `repositorY_url=` and
     * canonicalize both. */
    if (!r->fold_keys && key > 0 && pair.ptr[0] >= 'A' && pair.ptr[0] <= 'Z')
        return bu_purl_refuse(&r->work, BU_PURL_QUALIFIERS, "a key that begins with a capital");
    out->key = bu_bytes_first(pair, key);
    bulla_bytes value = { pair.ptr + key + 1, pair.len - key - 1 };
    return decode(r, BU_PURL_QUALIFIERS, value, false, &out->value);
}

static bulla_status read_qualifiers(reader *r, bulla_bytes text)
{
    bu_purl *purl = r->work.purl;
    size_t count = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '&';
    purl->qualifiers = bu_arena_get_array(r->work.arena, count, sizeof *purl->qualifiers);
    if (purl->qualifiers == NULL)
        return bu_no_memory(r->work.err);
    for (bulla_bytes rest = text; purl->qualifier_count < count;) {
        bulla_bytes pair = bu_bytes_first(rest, bu_bytes_find(rest, '&'));
        rest = (bulla_bytes){ rest.ptr + pair.len + 1, rest.len - pair.len - 1 };
        BU_TRY(read_qualifier(r, pair, &purl->qualifiers[purl->qualifier_count]));
        purl->qualifier_count++;
    }
    r->places[BU_PURL_QUALIFIERS] = text.ptr;
    return BU_OK;
}

/* The '@' before the version: the last one, unless it begins a segment that others follow (npm's
 * scopes). */
static bulla_bytes cut_version(bulla_bytes text, bulla_bytes *version)
{
    bulla_bytes head = cut_last(text, '@', version);
    bool begins_segment = head.len == 0 || head.ptr[head.len - 1] == '/';
    if (head.len == text.len || !begins_segment || bu_bytes_find(*version, '/') == version->len)
        return head;
    *version = (bulla_bytes){ text.ptr + text.len, 0 };
    return text;
}

static bulla_status read_path(reader *r, bulla_bytes text)
{
    bu_purl *purl = r->work.purl;
    bulla_bytes name, version;
    text = cut_version(text, &version);
    BU_TRY(decode(r, BU_PURL_VERSION, version, false, &purl->version));
    while (version.len == 0 && text.len > 0 && text.ptr[text.len - 1] == '/')
        text.len--;
    bulla_bytes namespace = cut_last(text, '/', &name);
    if (namespace.len == text.len) { /* no slash: all of it is the name */
        name = text;
        namespace.len = 0;
    }
    BU_TRY(decode(r, BU_PURL_NAME, name, false, &purl->name));
    return decode(r, BU_PURL_NAMESPACE, namespace, true, &purl->namespace);
}

static bulla_status read_text(reader *r, bulla_bytes text)
{
    bulla_bytes qualifiers, subpath;
    for (size_t i = 0; i < text.len; i++) {
        r->places[BU_PURL_TYPE_PART] = text.ptr + i;
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return bu_purl_refuse(&r->work, BU_PURL_TYPE_PART, "a character that no URL has");
    }
    text = cut_last(text, '#', &subpath);
    BU_TRY(decode(r, BU_PURL_SUBPATH, subpath, true, &r->work.purl->subpath));
    text = cut_last(text, '?', &qualifiers);
    BU_TRY(read_qualifiers(r, qualifiers));
    r->places[BU_PURL_TYPE_PART] = text.ptr;
    if (text.len < 4 || (text.ptr[0] | 0x20) != 'p' || (text.ptr[1] | 0x20) != 'k' ||
        (text.ptr[2] | 0x20) != 'g' || text.ptr[3] != ':')
        return bu_purl_refuse(&r->work, BU_PURL_TYPE_PART, "it begins with \"pkg:\"");
    text = bu_bytes_from(text, 4);
    while (text.len > 0 && text.ptr[0] == '/')
        text = bu_bytes_from(text, 1);
    bulla_bytes type = bu_bytes_first(text, bu_bytes_find(text, '/'));
    r->places[BU_PURL_TYPE_PART] = type.ptr == NULL ? r->start : type.ptr;
    r->work.purl->type = type;
    if (type.len == text.len)
        return bu_purl_refuse(&r->work, BU_PURL_TYPE_PART, "the name is missing");
    return read_path(r, (bulla_bytes){ text.ptr + type.len + 1, text.len - type.len - 1 });
}

static bulla_status parse(bulla_bytes text, bool fold_keys, bu_arena *arena, bu_purl *out,
                          bulla_error *err)
{
    bu_purl purl = { 0 };
    if (text.len == 0)
        text = BULLA_LIT("");
    reader r = {
        .work = { .purl = &purl, .arena = arena, .err = err },
        .start = text.ptr,
        .fold_keys = fold_keys,
    };
    for (size_t i = 0; i < BU_PURL_PART_COUNT; i++)
        r.places[i] = text.ptr;
    bulla_status status = read_text(&r, text);
    if (bulla_ok(status))
        status = bu_purl_normalize_work(&r.work);
    if (status.code == BULLA_E_BAD_PURL) {
        bu_expected(err, status, BULLA_LIT("a package URL like pkg:npm/name@1.0.0"), text);
        return bu_at_offset(err, status, (uint64_t)(r.places[r.work.at] - r.start));
    }
    BU_TRY(status);
    *out = purl;
    return BU_OK;
}

bulla_status bu_purl_parse(bulla_bytes text, bu_arena *arena, bu_purl *out, bulla_error *err)
{
    return parse(text, false, arena, out, err);
}

/* Writing */

static bool is_plain(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' ||
           c == '-' || c == '_' || c == '~' || c == ':';
}

/* Percent-encode; in a path, slashes part the segments. */
static void encode(bulla_bytes in, bool path, bu_buf *out)
{
    for (size_t i = 0; i < in.len; i++) {
        if (is_plain(in.ptr[i]) || (path && in.ptr[i] == '/'))
            bu_buf_add_byte(out, in.ptr[i]);
        else
            bu_buf_add_format(out, "%%%02X", in.ptr[i]);
    }
}

void bu_purl_write(const bu_purl *purl, bu_buf *out)
{
    bu_buf_add_text(out, "pkg:");
    bu_buf_add(out, purl->type);
    bu_buf_add_byte(out, '/');
    if (purl->namespace.len > 0) {
        encode(purl->namespace, true, out);
        bu_buf_add_byte(out, '/');
    }
    encode(purl->name, false, out);
    if (purl->version.len > 0) {
        bu_buf_add_byte(out, '@');
        encode(purl->version, false, out);
    }
    for (size_t i = 0; i < purl->qualifier_count; i++) {
        bu_buf_add_byte(out, i == 0 ? '?' : '&');
        bu_buf_add(out, purl->qualifiers[i].key);
        bu_buf_add_byte(out, '=');
        encode(purl->qualifiers[i].value, false, out);
    }
    if (purl->subpath.len > 0) {
        bu_buf_add_byte(out, '#');
        encode(purl->subpath, true, out);
    }
}

/* Making */

static bulla_status text_of(const bu_purl *purl, bu_arena *arena, const char **out,
                            bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_purl_write(purl, &text);
    *out = text.broken ? NULL : bu_arena_text(arena, bu_buf_bytes(&text));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_purl_canonicalize(bulla_bytes text, bu_arena *arena, const char **out,
                                  bulla_error *err)
{
    bu_purl purl;
    BU_TRY(parse(text, true, arena, &purl, err));
    return text_of(&purl, arena, out, err);
}

bulla_status bu_purl_text(bu_purl *purl, bu_arena *arena, const char **out, bulla_error *err)
{
    BU_TRY(bu_purl_normalize(purl, arena, err));
    return text_of(purl, arena, out, err);
}

void bu_purl_split_name(bu_purl *purl, bulla_bytes name)
{
    purl->namespace = cut_last(name, bu_bytes_is(purl->type, "maven") ? ':' : '/', &purl->name);
    if (purl->namespace.len == name.len) {
        purl->namespace = (bulla_bytes){ 0 };
        purl->name = name;
    }
}

bulla_status bu_purl_make(const char *type, const char *namespace, const char *name,
                          const char *version, const char *architecture, bu_arena *arena,
                          const char **out, bulla_error *err)
{
    bu_qualifier arch = { BULLA_LIT("arch"), bu_bytes_of(architecture) };
    bu_purl purl = {
        .type = bu_bytes_of(type),
        .namespace = bu_bytes_of(namespace),
        .name = bu_bytes_of(name),
        .version = bu_bytes_of(version),
        .qualifiers = &arch,
        .qualifier_count = 1,
    };
    if (namespace == NULL)
        bu_purl_split_name(&purl, purl.name);
    return bu_purl_text(&purl, arena, out, err);
}
