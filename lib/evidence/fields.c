/* SPDX-License-Identifier: MIT */
/*
 * One pass over the lines, looking for one field.
 */
#include "evidence/fields.h"

#include <strings.h>

/* Where the search is. */
typedef struct search {
    bulla_bytes rest; /* lines to come */
    bulla_bytes line; /* without its end */
    uint32_t number;
    bool found, odd; /* the field; a line that is no field */
} search;

/* A line ends with LF or CRLF. */
static bool next_line(search *s)
{
    if (s->rest.len == 0)
        return false;
    size_t len = bu_bytes_find(s->rest, '\n');
    s->line = bu_bytes_first(s->rest, len);
    s->rest = bu_bytes_from(s->rest, len + 1);
    if (bu_bytes_ends(s->line, "\r"))
        s->line.len--;
    s->number++;
    return true;
}

static bool is_indented(bulla_bytes line)
{
    return line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
}

static bool is_field(bulla_bytes line, const char *name, bulla_bytes *value)
{
    size_t colon = bu_bytes_find(line, ':');
    bulla_bytes key = bu_bytes_trim(bu_bytes_first(line, colon));
    *value = bu_bytes_trim(bu_bytes_from(line, colon + 1));
    return colon < line.len && key.len == strlen(name) &&
           strncasecmp((const char *)key.ptr, name, key.len) == 0;
}

static bulla_status refuse(const search *s, bulla_code code, const char *name, const char *why,
                           bulla_error *err)
{
    return bu_at(err, bu_fail(err, code, "the field %s %s", name, why), s->number, 1);
}

/* Goes on in the next line? An indented line of blanks only is none. */
static bool goes_on(const search *s)
{
    search ahead = *s;
    return next_line(&ahead) && is_indented(ahead.line) && bu_bytes_trim(ahead.line).len > 0;
}

static bulla_status take(search *s, const char *name, bulla_bytes value, bool layout,
                         bulla_bytes *out, bulla_error *err)
{
    if (s->found)
        return refuse(s, BULLA_E_DUPLICATE_ENTRY, name, "is there twice", err);
    if (s->odd && !layout)
        return refuse(s, BULLA_E_BAD_SYNTAX, name, "stands behind a line that is no field", err);
    if (value.len == 0 && layout && goes_on(s) && next_line(s))
        value = bu_bytes_trim(s->line);
    if (goes_on(s))
        return refuse(s, BULLA_E_BAD_SYNTAX, name, "goes on in the next line", err);
    if (value.len == 0)
        return refuse(s, BULLA_E_MISSING_FIELD, name, "is empty", err);
    s->found = true;
    *out = value;
    return BU_OK;
}

static bulla_status find(bulla_bytes text, const char *name, bool layout, bulla_bytes *out,
                         bulla_error *err)
{
    search s = { .rest = text };
    bulla_bytes value;
    while (next_line(&s) && (s.line.len > 0 || layout)) {
        if (is_indented(s.line) || s.line.len == 0)
            continue;
        if (is_field(s.line, name, &value))
            BU_TRY(take(&s, name, value, layout, out, err));
        s.odd = s.odd || bu_bytes_find(s.line, ':') == s.line.len;
    }
    if (s.found)
        return BU_OK;
    return bu_fail(err, BULLA_E_MISSING_FIELD, "no field %s", name);
}

bulla_status bu_header_field(bulla_bytes text, const char *name, bulla_bytes *out, bulla_error *err)
{
    return find(text, name, false, out, err);
}

bulla_status bu_layout_field(bulla_bytes text, const char *name, bulla_bytes *out, bulla_error *err)
{
    return find(text, name, true, out, err);
}

bulla_status bu_pkginfo_field(bulla_bytes text, const char *name, bulla_bytes *out,
                              bulla_error *err)
{
    search s = { .rest = text };
    *out = (bulla_bytes){ 0 };
    while (next_line(&s)) {
        size_t sign = bu_bytes_find(s.line, '=');
        if (!bu_bytes_is(bu_bytes_trim(bu_bytes_first(s.line, sign)), name) || sign == s.line.len)
            continue;
        if (s.found)
            return refuse(&s, BULLA_E_DUPLICATE_ENTRY, name, "is there twice", err);
        s.found = true;
        *out = bu_bytes_trim(bu_bytes_from(s.line, sign + 1));
    }
    return out->len > 0 ? BU_OK : bu_fail(err, BULLA_E_MISSING_FIELD, "no %s", name);
}
