/* SPDX-License-Identifier: MIT */
/*
 * Lines are taken one by one, a folded one with all that continues it; then a
 * section is what stands between two empty lines.
 */
#include "evidence/jar_manifest.h"

#include <strings.h>

#include "base/bytes.h"
#include "base/limits.h"

#define NAME_BYTES 70u /* JAR File Specification: "header names … must be less than 70 bytes" */

typedef struct reading {
    bulla_bytes text;
    size_t at;        /* of the line that comes next */
    uint32_t next;    /* its number, 1-based */
    bulla_bytes line; /* the newest, without its end */
    uint32_t number;  /* of it */
    size_t begin;     /* where it is */
    bu_arena *arena;
    bu_jar_attribute attributes[BU_LIMIT_FIELDS]; /* of the section that is read */
    size_t count;
} reading;

static bulla_status refuse(const reading *r, bulla_code code, const char *why, bulla_error *err)
{
    bulla_status status = bu_at(err, bu_fail(err, code, "%s", why), r->number, 1);
    return bu_at_offset(err, status, r->begin);
}

static bool has_control(bulla_bytes line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] < ' ' && line.ptr[i] != '\t')
            return true;
    return false;
}

/* Go to the next line; there is one. */
static bulla_status next_line(reading *r, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_from(r->text, r->at);
    size_t len = bu_bytes_find(rest, '\n');
    r->begin = r->at;
    r->number = r->next++;
    r->line = bu_bytes_first(rest, len);
    if (len == rest.len)
        return refuse(r, BULLA_E_TRUNCATED, "the last line has no end", err);
    r->at += len + 1;
    if (bu_bytes_ends(r->line, "\r"))
        r->line.len--;
    return has_control(r->line)
               ? refuse(r, BULLA_E_CONTROL_CHARACTER, "a control character in a line", err)
               : BU_OK;
}

static bool is_continued(const reading *r)
{
    return r->at < r->text.len && r->text.ptr[r->at] == ' ';
}

/* The newest line with those that continue it, each without the blank that says so. */
static bulla_status unfold(reading *r, bulla_bytes *out, bulla_error *err)
{
    *out = r->line;
    if (!is_continued(r))
        return BU_OK;
    BU_CLEAR(bu_buf) whole = { 0 };
    bu_buf_add(&whole, r->line);
    while (is_continued(r)) {
        BU_TRY(next_line(r, err));
        bu_buf_add(&whole, bu_bytes_from(r->line, 1));
    }
    *out = bu_arena_copy(r->arena, bu_buf_bytes(&whole));
    return whole.broken || out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bool is_name(bulla_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
    }
    return name.len > 0 && name.len <= NAME_BYTES;
}

static bool is_same(bulla_bytes name, const char *other)
{
    return name.len == strlen(other) && strncasecmp((const char *)name.ptr, other, name.len) == 0;
}

static bool is_there(const reading *r, bulla_bytes name)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->attributes[i].name.len == name.len &&
            strncasecmp((const char *)r->attributes[i].name.ptr, (const char *)name.ptr,
                        name.len) == 0)
            return true;
    return false;
}

static bulla_status read_attribute(reading *r, bulla_error *err)
{
    bulla_bytes whole;
    size_t colon = bu_bytes_find(r->line, ':'); /* no reader folds a name */
    bulla_bytes name = bu_bytes_first(r->line, colon);
    if (!is_name(name) || !bu_bytes_starts(bu_bytes_from(r->line, colon), ": "))
        return refuse(r, BULLA_E_BAD_SYNTAX, "not a line \"name: value\"", err);
    if (is_there(r, name))
        return refuse(r, BULLA_E_DUPLICATE_KEY, "an attribute twice", err);
    if (r->count == BU_LIMIT_FIELDS)
        return refuse(r, BULLA_E_RESOURCE_LIMIT, "too many attributes in one section", err);
    BU_TRY(unfold(r, &whole, err));
    r->attributes[r->count++] = (bu_jar_attribute){ name, bu_bytes_from(whole, colon + 2) };
    return BU_OK;
}

static bulla_status keep_section(reading *r, size_t begin, uint32_t line, bu_jar_section *out,
                                 bulla_error *err)
{
    bu_jar_attribute *attributes = bu_arena_get_array(r->arena, r->count, sizeof *attributes);
    if (attributes == NULL)
        return bu_no_memory(err);
    memcpy(attributes, r->attributes, r->count * sizeof *attributes);
    *out = (bu_jar_section){ .raw = bu_bytes_first(bu_bytes_from(r->text, begin), r->at - begin),
                             .line = line,
                             .attributes = attributes,
                             .count = r->count };
    return BU_OK;
}

/* Up to and with the empty line behind it; empty lines beyond that are of no section. */
static bulla_status read_section(reading *r, bu_jar_section *out, bulla_error *err)
{
    size_t begin = r->at;
    uint32_t line = r->next;
    r->count = 0;
    while (r->at < r->text.len) {
        BU_TRY(next_line(r, err));
        if (r->line.len == 0)
            break;
        BU_TRY(read_attribute(r, err));
    }
    BU_TRY(keep_section(r, begin, line, out, err));
    while (bu_bytes_starts(bu_bytes_from(r->text, r->at), "\n") ||
           bu_bytes_starts(bu_bytes_from(r->text, r->at), "\r\n"))
        BU_TRY(next_line(r, err));
    return BU_OK;
}

/* As many sections as there can be at most. */
static size_t count_sections(bulla_bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i + 2 < text.len; i++)
        count += text.ptr[i] == '\n' && (text.ptr[i + 1] == 'N' || text.ptr[i + 1] == 'n');
    return count;
}

static int by_name(const void *a, const void *b)
{
    return bu_bytes_compare(((const bu_jar_section *)a)->name, ((const bu_jar_section *)b)->name);
}

static bulla_status refuse_section(const bu_jar_section *section, bulla_code code, const char *why,
                                   bulla_error *err)
{
    bulla_status status = bu_at(err, bu_fail(err, code, "%s", why), section->line, 1);
    return bu_expected(err, status, (bulla_bytes){ 0 }, section->name);
}

static bulla_status sort_sections(bu_jar_section *sections, size_t count, bulla_error *err)
{
    qsort(sections, count, sizeof *sections, by_name);
    for (size_t i = 1; i < count; i++)
        if (bu_bytes_equal(sections[i - 1].name, sections[i].name))
            return refuse_section(&sections[i], BULLA_E_DUPLICATE_ENTRY,
                                  "a second section of one member", err);
    return BU_OK;
}

static bulla_status read_sections(reading *r, bu_jar_manifest *out, bulla_error *err)
{
    size_t cap = count_sections(r->text), count = 0;
    bu_jar_section *sections = bu_arena_get_array(r->arena, cap, sizeof *sections);
    if (sections == NULL)
        return bu_no_memory(err);
    while (r->at < r->text.len) {
        bu_jar_section section;
        BU_TRY(read_section(r, &section, err));
        if (count == cap || section.count == 0 || !is_same(section.attributes[0].name, "Name") ||
            section.attributes[0].value.len == 0)
            return refuse_section(&section, BULLA_E_BAD_SYNTAX,
                                  "a section that begins with no name", err);
        section.name = section.attributes[0].value;
        sections[count++] = section;
    }
    out->sections = sections;
    out->count = count;
    return sort_sections(sections, count, err);
}

bulla_status bu_jar_manifest_read(bulla_bytes text, const char *version, bu_arena *arena,
                                  bu_jar_manifest *out, bulla_error *err)
{
    reading r = { .text = text, .next = 1, .arena = arena };
    *out = (bu_jar_manifest){ .text = text };
    BU_TRY(read_section(&r, &out->main, err));
    BU_TRY(read_sections(&r, out, err));
    return bu_jar_attribute_of(&out->main, version).len > 0
               ? BU_OK
               : bu_at(err, bu_fail(err, BULLA_E_MISSING_FIELD, "no %s", version), 1, 1);
}

const bu_jar_section *bu_jar_section_of(const bu_jar_manifest *manifest, bulla_bytes name)
{
    const bu_jar_section key = { .name = name };
    return manifest->count == 0
               ? NULL
               : bsearch(&key, manifest->sections, manifest->count, sizeof key, by_name);
}

bulla_bytes bu_jar_attribute_of(const bu_jar_section *section, const char *name)
{
    for (size_t i = 0; i < section->count; i++)
        if (is_same(section->attributes[i].name, name))
            return section->attributes[i].value;
    return (bulla_bytes){ 0 };
}

/* The algorithm of an attribute ALGORITHM-ending; "SHA" is SHA-1. */
static bulla_alg alg_of(bulla_bytes name, const char *ending)
{
    size_t len = strlen(ending);
    if (name.len <= len || strncasecmp((const char *)name.ptr + name.len - len, ending, len) != 0)
        return BULLA_ALG_NONE;
    name.len -= len;
    return is_same(name, "SHA") ? BULLA_ALG_SHA1 : bu_alg_of(name);
}

bulla_status bu_jar_digests(const bu_jar_section *section, const char *ending,
                            bulla_digest_set *out, bulla_error *err)
{
    bool is_weak = false;
    *out = (bulla_digest_set){ 0 };
    for (size_t i = 0; i < section->count; i++) {
        bulla_digest digest;
        bulla_alg alg = alg_of(section->attributes[i].name, ending);
        is_weak = is_weak || (alg != BULLA_ALG_NONE && !bulla_alg_is_strong(alg));
        if (!bulla_alg_is_strong(alg))
            continue;
        bulla_status status =
            bu_digest_from_base64(alg, section->attributes[i].value, &digest, err);
        if (!bulla_ok(status))
            return bu_at(err, status, section->line, 1);
        BU_TRY(bu_digest_set_add(out, &digest, err));
    }
    if (out->count > 0)
        return BU_OK;
    return is_weak ? refuse_section(section, BULLA_E_WEAK_HASH, "only a broken digest", err)
                   : refuse_section(section, BULLA_E_MISSING_HASH, "no digest", err);
}
