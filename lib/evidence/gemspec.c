/* SPDX-License-Identifier: MIT */
/*
 * A gemspec: a mapping whose keys stand at the start of their lines. What is
 * nested is indented, or an item of a list, and passed over but for the
 * version and the platform, which may be objects.
 */
#include "evidence/gem.h"
#include "evidence/gem_text.h"

#define CLASS "!ruby/object:Gem::"

typedef struct field {
    const char *key;
    bulla_bytes *out;
} field;

static bulla_status take(bu_gem_text *text, const field *f, bulla_error *err)
{
    if (f->out->ptr != NULL)
        return bu_gem_refuse(text, BULLA_E_DUPLICATE_KEY, "the same key twice", err);
    return bu_gem_word(text, text->line.value, f->out, err);
}

static const field *field_of(const field *fields, size_t count, bulla_bytes key)
{
    for (size_t i = 0; i < count; i++)
        if (bu_bytes_is(key, fields[i].key))
            return &fields[i];
    return NULL;
}

/* The fields of an object, which are the indented lines that follow. */
static bulla_status read_object(bu_gem_text *text, const field *fields, size_t count,
                                bulla_error *err)
{
    for (bu_gem_line ahead = bu_gem_ahead(text); ahead.indent > 0; ahead = bu_gem_ahead(text)) {
        (void)bu_gem_next(text);
        const field *f = ahead.has_key ? field_of(fields, count, ahead.key) : NULL;
        if (!ahead.has_key && !ahead.is_item)
            return bu_gem_refuse(text, BULLA_E_BAD_SYNTAX, "neither a key nor an item", err);
        if (f != NULL && ahead.value.len > 0 && !bu_bytes_is(ahead.value, "''"))
            BU_TRY(take(text, f, err));
    }
    return BU_OK;
}

/* Without the anchor that the emitter gives to an object which it refers to later. */
static bulla_bytes without_anchor(bulla_bytes value)
{
    if (!bu_bytes_starts(value, "&"))
        return value;
    return bu_bytes_trim(bu_bytes_from(value, bu_bytes_find(value, ' ')));
}

static bulla_status read_name(bu_gem_text *text, bu_gemspec *spec, bulla_error *err)
{
    return take(text, &(field){ "name", &spec->name }, err);
}

static bulla_status read_version(bu_gem_text *text, bu_gemspec *spec, bulla_error *err)
{
    const field fields[] = { { "version", &spec->version } };
    if (spec->version.ptr != NULL)
        return bu_gem_refuse(text, BULLA_E_DUPLICATE_KEY, "the same key twice", err);
    if (!bu_bytes_is(without_anchor(text->line.value), CLASS "Version"))
        return bu_gem_refuse(text, BULLA_E_BAD_SYNTAX, "the version is no Gem::Version", err);
    return read_object(text, fields, 1, err);
}

static bulla_status read_platform(bu_gem_text *text, bu_gemspec *spec, bulla_error *err)
{
    const field fields[] = { { "cpu", &spec->platform[0] },
                             { "os", &spec->platform[1] },
                             { "version", &spec->platform[2] } };
    if (spec->platform[0].ptr != NULL)
        return bu_gem_refuse(text, BULLA_E_DUPLICATE_KEY, "the same key twice", err);
    if (bu_bytes_is(without_anchor(text->line.value), CLASS "Platform"))
        return read_object(text, fields, 3, err);
    return text->line.value.len == 0 ? BU_OK
                                     : take(text, &(field){ "platform", &spec->platform[0] }, err);
}

/* The lines up to the next key: items of a list, and what is below them. */
static bulla_status read_chain(bu_gem_text *text, bu_gemspec *spec, bulla_error *err)
{
    const bulla_bytes from = text->rest;
    if (spec->cert_chain.ptr != NULL)
        return bu_gem_refuse(text, BULLA_E_DUPLICATE_KEY, "the same key twice", err);
    if (text->line.value.len > 0 && !bu_bytes_is(text->line.value, "[]"))
        return bu_gem_refuse(text, BULLA_E_BAD_SYNTAX, "the certificates are no list", err);
    for (bu_gem_line ahead = bu_gem_ahead(text); ahead.indent > 0 || ahead.is_item;
         ahead = bu_gem_ahead(text))
        (void)bu_gem_next(text);
    spec->cert_chain = (bulla_bytes){ from.ptr, from.len - text->rest.len };
    return BU_OK;
}

bulla_status bu_gem_certificate(bulla_bytes *rest, bu_buf *out, bulla_error *err)
{
    bu_gem_text text = { .rest = *rest };
    bool begins = bu_gem_next(&text) && text.line.is_item &&
                  (bu_bytes_is(text.line.text, "- |") || bu_bytes_is(text.line.text, "- |-"));
    if (!begins)
        return bu_expected(
            err, bu_fail(err, BULLA_E_BAD_SYNTAX, "a certificate that is no block of text"),
            BULLA_LIT("- |"), text.line.text);
    size_t indent = text.line.indent;
    for (bu_gem_line ahead = bu_gem_ahead(&text); ahead.indent > indent;
         ahead = bu_gem_ahead(&text)) {
        (void)bu_gem_next(&text);
        bu_buf_add(out, ahead.text);
        bu_buf_add_text(out, "\n");
    }
    *rest = text.rest;
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static const struct {
    const char *key;
    bulla_status (*read)(bu_gem_text *text, bu_gemspec *spec, bulla_error *err);
} keys[] = {
    { "cert_chain", read_chain },
    { "name", read_name },
    { "version", read_version },
    { "platform", read_platform },
};

static bulla_status read_line(bu_gem_text *text, bu_gemspec *spec, bulla_error *err)
{
    if (text->line.indent > 0 || text->line.is_item)
        return BU_OK;
    if (!text->line.has_key)
        return bu_gem_refuse(text, BULLA_E_BAD_SYNTAX, "not a key of the specification", err);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (bu_bytes_is(text->line.key, keys[i].key))
            return keys[i].read(text, spec, err);
    return BU_OK;
}

bulla_status bu_gemspec_read(bulla_bytes text, bu_gemspec *out, bulla_error *err)
{
    bu_gem_text t = { .rest = text };
    *out = (bu_gemspec){ 0 };
    BU_TRY(bu_gem_begin(&t, CLASS "Specification", err));
    while (bu_gem_next(&t))
        BU_TRY(read_line(&t, out, err));
    if (out->name.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "no name");
    if (out->version.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "no version");
    return BU_OK;
}
