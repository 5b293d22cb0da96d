/* SPDX-License-Identifier: MIT */
/*
 * pom.properties as Maven's archiver and bnd write it. java.util.Properties
 * takes much more: what it would read as something else is refused.
 */
#include "ecosystem/pom_properties.h"

#include "syntax/text.h"

static bulla_status keep(const bu_text *text, bulla_bytes value, bulla_bytes *out, bulla_error *err)
{
    if (out->ptr != NULL)
        return bu_text_fail(text, text->line.ptr, err, BULLA_E_DUPLICATE_KEY, "a key twice");
    *out = value;
    return BU_OK;
}

static bulla_status read_property(const bu_text *text, bu_pom_properties *out, bulla_error *err)
{
    bulla_bytes line = text->line;
    size_t equals = bu_bytes_find(line, '=');
    bulla_bytes key = bu_bytes_first(line, equals), value = { 0 };
    if (equals < line.len) /* never NULL, so that an empty one is known to be there */
        value = (bulla_bytes){ line.ptr + equals + 1, line.len - equals - 1 };
    if (equals == line.len || bu_bytes_find(line, '\\') < line.len ||
        bu_bytes_find(key, ':') < key.len || bu_bytes_find(key, ' ') < key.len ||
        bu_bytes_find(line, '\t') < line.len || bu_bytes_starts(value, " "))
        return bu_text_fail(text, line.ptr, err, BULLA_E_BAD_SYNTAX, "not a plain key=value");
    if (bu_bytes_is(key, "groupId"))
        return keep(text, value, &out->group, err);
    if (bu_bytes_is(key, "artifactId"))
        return keep(text, value, &out->artifact, err);
    return bu_bytes_is(key, "version") ? keep(text, value, &out->version, err) : BU_OK;
}

bulla_status bu_pom_properties_read(bulla_bytes text, bu_pom_properties *out, bulla_error *err)
{
    bu_text lines = bu_text_of(text);
    *out = (bu_pom_properties){ 0 };
    for (;;) {
        bool more;
        BU_TRY(bu_text_next(&lines, &more, err));
        if (!more)
            break;
        bool is_comment = bu_bytes_starts(lines.line, "#") || bu_bytes_starts(lines.line, "!");
        if (lines.line.len > 0 && !is_comment)
            BU_TRY(read_property(&lines, out, err));
    }
    if (out->group.len == 0 || out->artifact.len == 0 || out->version.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "no groupId, artifactId or version");
    return BU_OK;
}
