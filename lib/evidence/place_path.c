/* SPDX-License-Identifier: MIT */
/*
 * Words in the patterns of places.def, each a function from a component to
 * text. What comes from a lockfile may not lead out of the folder.
 */
#include "evidence/place_path.h"

#include "base/buf.h"
#include "digest/hasher.h"
#include "model/purl.h"

const bu_place_row bu_place_rows[] = {
#define BU_PLACE(kind, type, pattern) { kind, type, pattern },
#include "evidence/places.def"
#undef BU_PLACE
    { NULL, NULL, NULL },
};

/* Whose path it is. */
typedef struct subject {
    const bulla_component *component;
    bu_purl purl;
    const bulla_file_pin *file; /* NULL: there is none */
} subject;

/* A text as it is, or nothing. */
static void write_text(const char *text, bu_buf *out)
{
    bu_buf_add_text(out, text == NULL ? "" : text);
}

static void write_mapped(const char *text, char from, char to, bu_buf *out)
{
    for (; text != NULL && *text != '\0'; text++)
        bu_buf_add_byte(out, (uint8_t)(*text == from ? to : *text));
}

static void write_lower(const char *text, bu_buf *out)
{
    for (; text != NULL && *text != '\0'; text++)
        bu_buf_add_byte(out, (uint8_t)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text));
}

/* Go writes a capital as `!` and the small letter, for file systems without case. */
static void write_escaped(const char *text, bu_buf *out)
{
    for (; text != NULL && *text != '\0'; text++) {
        bool capital = *text >= 'A' && *text <= 'Z';
        if (capital)
            bu_buf_add_byte(out, '!');
        bu_buf_add_byte(out, (uint8_t)(capital ? *text - 'A' + 'a' : *text));
    }
}

static void put_name(const subject *s, bu_buf *out)
{
    write_text(s->component->name, out);
}

static void put_version(const subject *s, bu_buf *out)
{
    write_text(s->component->version, out);
}

static void put_architecture(const subject *s, bu_buf *out)
{
    write_text(s->component->architecture, out);
}

static void put_location(const subject *s, bu_buf *out)
{
    const char *location = s->component->location;
    write_text(location != NULL && strchr(location, '/') == NULL ? location : NULL, out);
}

/* "@scope/name" → "scope-name", as `npm pack` writes it. */
static void put_flat(const subject *s, bu_buf *out)
{
    const char *name = s->component->name;
    write_mapped(name + (name[0] == '@' ? 1 : 0), '/', '-', out);
}

/* "@scope/name" → "@scope-name", as Yarn writes it. */
static void put_slug(const subject *s, bu_buf *out)
{
    write_mapped(s->component->name, '/', '-', out);
}

static void put_lower(const subject *s, bu_buf *out)
{
    write_lower(s->component->name, out);
}

static void put_lower_version(const subject *s, bu_buf *out)
{
    write_lower(s->component->version, out);
}

/* A wheel's name has `_` for each run of `-`, `_` and `.`. */
static void put_wheel(const subject *s, bu_buf *out)
{
    BU_CLEAR(bu_buf) lower = { 0 };
    write_lower(s->component->name, &lower);
    for (size_t i = 0; i < lower.len; i++) {
        bool separator = strchr("-_.", lower.ptr[i]) != NULL;
        if (!separator)
            bu_buf_add_byte(out, lower.ptr[i]);
        else if (out->len > 0 && out->ptr[out->len - 1] != '_')
            bu_buf_add_byte(out, '_');
    }
    out->broken = out->broken || lower.broken;
}

static void put_module(const subject *s, bu_buf *out)
{
    write_escaped(s->component->name, out);
}

static void put_module_version(const subject *s, bu_buf *out)
{
    write_escaped(s->component->version, out);
}

static void put_group(const subject *s, bu_buf *out)
{
    bu_buf_add(out, s->purl.namespace);
}

/* "org.acme" → "org/acme". */
static void put_groups(const subject *s, bu_buf *out)
{
    for (size_t i = 0; i < s->purl.namespace.len; i++)
        bu_buf_add_byte(out, s->purl.namespace.ptr[i] == '.' ? '/' : s->purl.namespace.ptr[i]);
}

static void put_artifact(const subject *s, bu_buf *out)
{
    bu_buf_add(out, s->purl.name);
}

static void put_platform(const subject *s, bu_buf *out)
{
    for (size_t i = 0; i < s->purl.qualifier_count; i++)
        if (bu_bytes_is(s->purl.qualifiers[i].key, "platform"))
            bu_buf_add(out, s->purl.qualifiers[i].value);
}

static void put_file(const subject *s, bu_buf *out)
{
    write_text(s->file == NULL ? NULL : s->file->name, out);
}

static const char *url_of(const subject *s)
{
    return s->file != NULL && s->file->url != NULL ? s->file->url : s->component->resolved;
}

/* The last part of the URL, without query and fragment. */
static void put_base(const subject *s, bu_buf *out)
{
    const char *url = url_of(s);
    if (url == NULL || strstr(url, "://") == NULL)
        return;
    bulla_bytes text = bu_bytes_first(bu_bytes_of(url), strcspn(url, "?#"));
    for (size_t slash; (slash = bu_bytes_find(text, '/')) < text.len;)
        text = bu_bytes_from(text, slash + 1);
    bu_buf_add(out, text);
}

/* npm's cacache: ALG/aa/bb/rest of the digest. */
static void put_digest(const subject *s, bu_buf *out)
{
    const bulla_digest *pinned = bulla_digests_strongest(s->component->digests);
    char hex[BULLA_DIGEST_HEX_MAX];
    if (pinned == NULL)
        return;
    bulla_digest_hex(pinned, hex);
    bu_buf_add_format(out, "%s/%.2s/%.2s/%s", bulla_alg_name(pinned->alg), hex, hex + 2, hex + 4);
}

static void put_sha1_of_url(const subject *s, bu_buf *out)
{
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    if (url_of(s) != NULL &&
        bulla_ok(bu_digest_of(BULLA_ALG_SHA1, bu_bytes_of(url_of(s)), &digest, NULL)))
        write_text(bulla_digest_hex(&digest, hex), out);
}

/* pip: five folders of one character, then all of it; the fragment is not a part of it. */
static void put_sha224_of_url(const subject *s, bu_buf *out)
{
    const char *url = url_of(s);
    char hex[BU_SHA224_HEX_MAX];
    if (url == NULL)
        return;
    if (!bulla_ok(bu_sha224_hex(bu_bytes_first(bu_bytes_of(url), strcspn(url, "#")), hex, NULL)))
        return;
    for (size_t i = 0; i < 5; i++)
        bu_buf_add_format(out, "%c/", hex[i]);
    write_text(hex, out);
}

static const struct {
    const char *word;
    void (*put)(const subject *s, bu_buf *out); /* nothing: it has no value */
    bool of_files;
} words[] = {
    { "architecture", put_architecture, false },
    { "artifact", put_artifact, false },
    { "base", put_base, true },
    { "digest", put_digest, false },
    { "escaped", put_module_version, false },
    { "file", put_file, true },
    { "flat", put_flat, false },
    { "group", put_group, false },
    { "groups", put_groups, false },
    { "location", put_location, false },
    { "lower", put_lower, false },
    { "lower-version", put_lower_version, false },
    { "module", put_module, false },
    { "name", put_name, false },
    { "platform", put_platform, false },
    { "sha1-of-url", put_sha1_of_url, true },
    { "sha224-of-url", put_sha224_of_url, true },
    { "slug", put_slug, false },
    { "version", put_version, false },
    { "wheel", put_wheel, false },
};

#define WORDS (sizeof words / sizeof words[0])

/* The word in braces that `pattern` begins with; its length with them is in `*len`. */
static size_t word_at(bulla_bytes pattern, size_t *len)
{
    *len = bu_bytes_find(pattern, '}') + 1;
    for (size_t i = 0; i < WORDS; i++)
        if (bu_bytes_starts(bu_bytes_from(pattern, 1), words[i].word) &&
            *len == strlen(words[i].word) + 2)
            return i;
    return WORDS;
}

bool bu_place_is_of_files(const bu_place_row *row)
{
    bulla_bytes rest = bu_bytes_of(row->pattern);
    size_t len, brace;
    while ((brace = bu_bytes_find(rest, '{')) < rest.len) {
        size_t word = word_at(bu_bytes_from(rest, brace), &len);
        if (word < WORDS && words[word].of_files)
            return true;
        rest = bu_bytes_from(rest, brace + len);
    }
    return false;
}

/* No part is empty, `.` or `..`; so nothing leads out, or to where another name leads. */
static bool is_below(bulla_bytes path)
{
    for (bool more = true; more;) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        if (part.len == 0 || bu_bytes_is(part, ".") || bu_bytes_is(part, ".."))
            return false;
        more = part.len < path.len;
        path = bu_bytes_from(path, part.len + 1);
    }
    return true;
}

/* A value that is there, and has no star or question mark of its own. */
static bool put_word(const subject *s, size_t word, bu_buf *out)
{
    BU_CLEAR(bu_buf) value = { 0 };
    if (word == WORDS)
        return false;
    words[word].put(s, &value);
    out->broken = out->broken || value.broken;
    bulla_bytes text = bu_buf_bytes(&value);
    if (text.len == 0 || bu_bytes_find(text, '*') < text.len || bu_bytes_find(text, '?') < text.len)
        return false;
    bu_buf_add(out, text);
    return true;
}

static bool expand(const subject *s, bulla_bytes pattern, bu_buf *out)
{
    while (pattern.len > 0) {
        size_t len = bu_bytes_find(pattern, '{');
        bu_buf_add(out, bu_bytes_first(pattern, len));
        pattern = bu_bytes_from(pattern, len);
        if (pattern.len == 0)
            break;
        if (!put_word(s, word_at(pattern, &len), out))
            return false;
        pattern = bu_bytes_from(pattern, len);
    }
    return is_below(bu_buf_bytes(out));
}

bulla_status bu_place_path(const bu_place_row *row, const bulla_component *component, size_t file,
                           bu_arena *arena, const char **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    subject s = { .component = component };
    *out = NULL;
    if (file < component->file_count)
        s.file = &component->files[file];
    bulla_status status = bu_purl_parse(bu_bytes_of(component->purl), arena, &s.purl, err);
    if (status.code == BULLA_E_NO_MEMORY)
        return status;
    bool whole = expand(&s, bu_bytes_of(row->pattern), &path);
    if (path.broken)
        return bu_no_memory(err);
    if (!whole)
        return BU_OK;
    *out = bu_arena_text(arena, bu_buf_bytes(&path));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}
