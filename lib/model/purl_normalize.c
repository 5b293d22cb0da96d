/* SPDX-License-Identifier: MIT */
/*
 * The canonical form of a purl's parts (ECMA-427 clause 5.6), and what its
 * type demands of them: a table, purl_types.def, and a few rules that no
 * column can hold. Refused: whatever the type forbids, and what is not text.
 */
#include "base/bytes.h"
#include "base/utf8.h"
#include "model/purl_parts.h"

bulla_status bu_purl_refuse(bu_purl_work *work, bu_purl_part at, const char *why)
{
    work->at = at;
    return bu_fail(work->err, BULLA_E_BAD_PURL, "not a valid package URL: %s", why);
}

/* Letters. ASCII alone: no registry takes others where it folds case. */

typedef uint8_t (*mapping)(uint8_t c);

static uint8_t keep(uint8_t c)
{
    return c;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static uint8_t upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? c & 0xDF : c;
}

static uint8_t kebab(uint8_t c)
{
    return c == '_' || c == ' ' ? '-' : c;
}

static uint8_t lower_dashed(uint8_t c)
{
    return c == '_' ? '-' : lower(c);
}

static bool is_letter(uint8_t c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static uint8_t lower_word(uint8_t c)
{
    return is_letter(c) || is_digit(c) ? lower(c) : '_';
}

/* Put a mapped copy of a part in its place. */
static bulla_status rewrite(bu_purl_work *work, bulla_bytes *in, mapping to)
{
    uint8_t *out = bu_arena_get(work->arena, in->len);
    if (out == NULL)
        return bu_no_memory(work->err);
    for (size_t i = 0; i < in->len; i++)
        out[i] = to(in->ptr[i]);
    *in = (bulla_bytes){ out, in->len };
    return BU_OK;
}

static bool equal_folded(bulla_bytes a, const char *lower_case)
{
    if (a.len != strlen(lower_case))
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != (uint8_t)lower_case[i])
            return false;
    return true;
}

/* Rules of single types */

static bu_qualifier *find_qualifier(const bu_purl *purl, const char *key)
{
    for (size_t i = 0; i < purl->qualifier_count; i++)
        if (bu_bytes_is(purl->qualifiers[i].key, key))
            return &purl->qualifiers[i];
    return NULL;
}

/* ^\d+(\.\d+){0,3}$ */
static bool is_one_to_four_numbers(bulla_bytes version)
{
    size_t dots = 0;
    bool after_digit = false;
    for (size_t i = 0; i < version.len; i++) {
        bool digit = is_digit(version.ptr[i]);
        if (!digit && (version.ptr[i] != '.' || !after_digit || ++dots > 3))
            return false;
        after_digit = digit;
    }
    return after_digit;
}

static bulla_status chrome_extension_rule(bu_purl_work *work)
{
    static const char why[] = "the name of a chrome extension is 32 letters from a to p";
    bulla_bytes name = work->purl->name, version = work->purl->version;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] < 'a' || name.ptr[i] > 'p')
            return bu_purl_refuse(work, BU_PURL_NAME, why);
    if (name.len != 32)
        return bu_purl_refuse(work, BU_PURL_NAME, why);
    if (version.len > 0 && !is_one_to_four_numbers(version))
        return bu_purl_refuse(work, BU_PURL_VERSION,
                              "the version of a chrome extension is one to four numbers");
    return BU_OK;
}

static bulla_status cocoapods_rule(bu_purl_work *work)
{
    bulla_bytes name = work->purl->name;
    bool fits = name.ptr[0] != '.';
    for (size_t i = 0; i < name.len; i++)
        fits = fits && name.ptr[i] > ' ' && name.ptr[i] != '+';
    if (fits)
        return BU_OK;
    return bu_purl_refuse(work, BU_PURL_NAME,
                          "the name of a pod has no blank and no '+', and begins with no '.'");
}

static bulla_status cpan_rule(bu_purl_work *work)
{
    bulla_bytes name = work->purl->name;
    if (!bu_bytes_has(name, "::"))
        return BU_OK;
    return bu_purl_refuse(work, BU_PURL_NAME,
                          "the name is that of a CPAN distribution, not of a module");
}

/* Paths of git repositories have case, but not those on GitHub. */
static bulla_status git_rule(bu_purl_work *work)
{
    bu_purl *purl = work->purl;
    bulla_bytes host = bu_bytes_first(purl->namespace, bu_bytes_find(purl->namespace, '/'));
    if (!equal_folded(host, "github") && !equal_folded(host, "github.com"))
        return BU_OK;
    BU_TRY(rewrite(work, &purl->namespace, lower));
    return rewrite(work, &purl->name, lower);
}

/* "Case sensitivity depends on the server implementation": Databricks has none. */
static bulla_status mlflow_rule(bu_purl_work *work)
{
    const bu_qualifier *url = find_qualifier(work->purl, "repository_url");
    bulla_bytes vendor = BULLA_LIT("databricks");
    if (url == NULL || memmem(url->value.ptr, url->value.len, vendor.ptr, vendor.len) == NULL)
        return BU_OK;
    return rewrite(work, &work->purl->name, lower);
}

static bulla_status otp_rule(bu_purl_work *work)
{
    return rewrite(work, &work->purl->subpath, lower);
}

static bool is_guid(bulla_bytes text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.len != sizeof form - 1)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = lower(text.ptr[i]);
        if (form[i] == '-' ? c != '-' : !is_digit(c) && (c < 'a' || c > 'f'))
            return false;
    }
    return true;
}

static bulla_status swid_rule(bu_purl_work *work)
{
    bulla_bytes namespace = work->purl->namespace;
    bulla_bytes second = bu_bytes_from(namespace, bu_bytes_find(namespace, '/') + 1);
    if (bu_bytes_find(second, '/') < second.len)
        return bu_purl_refuse(work, BU_PURL_NAMESPACE, "the namespace has at most two segments");
    bu_qualifier *id = find_qualifier(work->purl, "tag_id");
    return is_guid(id->value) ? rewrite(work, &id->value, lower) : BU_OK;
}

/* The table */

typedef enum presence { OPTIONAL, REQUIRED, PROHIBITED } presence;

typedef struct type_row {
    const char *type;
    presence namespace;
    mapping namespace_in, name_in, version_in;
    const char *required_qualifier;
    bulla_status (*rule)(bu_purl_work *work);
} type_row;

static const type_row types[] = {
#define BU_PURL_TYPE(type, namespace, namespace_in, name_in, version_in, qualifier, rule)          \
    { type, namespace, namespace_in, name_in, version_in, qualifier, rule },
#include "model/purl_types.def"
#undef BU_PURL_TYPE
};

static const type_row unregistered = { "", OPTIONAL, keep, keep, keep, NULL, NULL };

static const type_row *row_of(bulla_bytes type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (bu_bytes_is(type, types[i].type))
            return &types[i];
    return &unregistered;
}

bool bu_purl_type_is_known(bulla_bytes type)
{
    return row_of(type) != &unregistered;
}

/* Parts */

/* Text, and none that C would cut short. */
static bool is_text(bulla_bytes in)
{
    return bu_utf8_valid(in) == in.len && bu_bytes_find(in, '\0') == in.len;
}

static bool is_dots(bulla_bytes segment)
{
    return bu_bytes_is(segment, ".") || bu_bytes_is(segment, "..");
}

/* Segments joined by single slashes, without empty ones and, in a subpath, without `.` and `..`. */
static bulla_status join_segments(bu_purl_work *work, bulla_bytes *in, bool subpath)
{
    uint8_t *out = bu_arena_get(work->arena, in->len);
    size_t len = 0;
    if (out == NULL)
        return bu_no_memory(work->err);
    for (bulla_bytes rest = *in; rest.len > 0;) {
        bulla_bytes segment = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        rest = bu_bytes_from(rest, segment.len + 1);
        if (segment.len == 0 || (subpath && is_dots(segment)))
            continue;
        if (len > 0)
            out[len++] = '/';
        memcpy(out + len, segment.ptr, segment.len);
        len += segment.len;
    }
    *in = (bulla_bytes){ out, len };
    return BU_OK;
}

static bulla_bytes strip_slashes(bulla_bytes in)
{
    while (in.len > 0 && in.ptr[0] == '/')
        in = bu_bytes_from(in, 1);
    while (in.len > 0 && in.ptr[in.len - 1] == '/')
        in.len--;
    return in;
}

static bulla_status normalize_type(bu_purl_work *work)
{
    bulla_bytes type = work->purl->type;
    if (type.len == 0)
        return bu_purl_refuse(work, BU_PURL_TYPE_PART, "the type is missing");
    for (size_t i = 0; i < type.len; i++) {
        uint8_t c = type.ptr[i];
        if (!is_letter(c) && (i == 0 || (!is_digit(c) && c != '.' && c != '-')))
            return bu_purl_refuse(
                work, BU_PURL_TYPE_PART,
                "a type is letters, digits, '.' and '-', and begins with a letter");
    }
    return rewrite(work, &work->purl->type, lower);
}

static bulla_status normalize_namespace(bu_purl_work *work, const type_row *row)
{
    bulla_bytes *namespace = &work->purl->namespace;
    if (!is_text(*namespace))
        return bu_purl_refuse(work, BU_PURL_NAMESPACE, "the namespace is not text");
    BU_TRY(join_segments(work, namespace, false));
    if (row->namespace == REQUIRED && namespace->len == 0)
        return bu_purl_refuse(work, BU_PURL_NAMESPACE, "this type needs a namespace");
    if (row->namespace == PROHIBITED && namespace->len > 0)
        return bu_purl_refuse(work, BU_PURL_NAMESPACE, "this type has no namespaces");
    return rewrite(work, namespace, row->namespace_in);
}

static bulla_status normalize_name(bu_purl_work *work, const type_row *row)
{
    bulla_bytes *name = &work->purl->name;
    *name = strip_slashes(*name);
    if (name->len == 0)
        return bu_purl_refuse(work, BU_PURL_NAME, "the name is missing");
    if (!is_text(*name))
        return bu_purl_refuse(work, BU_PURL_NAME, "the name is not text");
    return rewrite(work, name, row->name_in);
}

static bulla_status normalize_version(bu_purl_work *work, const type_row *row)
{
    if (!is_text(work->purl->version))
        return bu_purl_refuse(work, BU_PURL_VERSION, "the version is not text");
    return rewrite(work, &work->purl->version, row->version_in);
}

static bulla_status normalize_subpath(bu_purl_work *work)
{
    if (!is_text(work->purl->subpath))
        return bu_purl_refuse(work, BU_PURL_SUBPATH, "the subpath is not text");
    return join_segments(work, &work->purl->subpath, true);
}

/* Qualifiers */

static bool is_key(bulla_bytes key)
{
    for (size_t i = 0; i < key.len; i++) {
        uint8_t c = key.ptr[i];
        if (!is_letter(c) && (i == 0 || (!is_digit(c) && c != '.' && c != '-' && c != '_')))
            return false;
    }
    return key.len > 0;
}

static int compare_qualifiers(const void *left, const void *right)
{
    const bu_qualifier *a = left, *b = right;
    return bu_bytes_compare(a->key, b->key);
}

static bulla_status normalize_qualifier(bu_purl_work *work, bu_qualifier *q)
{
    if (!is_key(q->key))
        return bu_purl_refuse(
            work, BU_PURL_QUALIFIERS,
            "a key is letters, digits, '.', '-' and '_', and begins with a letter");
    if (!is_text(q->value))
        return bu_purl_refuse(work, BU_PURL_QUALIFIERS, "a qualifier is not text");
    BU_TRY(rewrite(work, &q->key, lower));
    return rewrite(work, &q->value, keep);
}

/* In order of keys, each once, without those that have no value. */
static bulla_status normalize_qualifiers(bu_purl_work *work, const type_row *row)
{
    bu_purl *purl = work->purl;
    bu_qualifier *kept = bu_arena_get_array(work->arena, purl->qualifier_count, sizeof *kept);
    size_t count = 0;
    if (kept == NULL)
        return bu_no_memory(work->err);
    for (size_t i = 0; i < purl->qualifier_count; i++) {
        kept[count] = purl->qualifiers[i];
        BU_TRY(normalize_qualifier(work, &kept[count]));
        count += kept[count].value.len > 0;
    }
    qsort(kept, count, sizeof *kept, compare_qualifiers);
    for (size_t i = 1; i < count; i++)
        if (bu_bytes_equal(kept[i - 1].key, kept[i].key))
            return bu_purl_refuse(work, BU_PURL_QUALIFIERS, "a key stands twice");
    purl->qualifiers = kept;
    purl->qualifier_count = count;
    if (row->required_qualifier != NULL && find_qualifier(purl, row->required_qualifier) == NULL)
        return bu_purl_refuse(work, BU_PURL_QUALIFIERS,
                              "a qualifier that this type needs is missing");
    return BU_OK;
}

bulla_status bu_purl_normalize_work(bu_purl_work *work)
{
    BU_TRY(normalize_type(work));
    const type_row *row = row_of(work->purl->type);
    BU_TRY(normalize_name(work, row));
    BU_TRY(normalize_namespace(work, row));
    BU_TRY(normalize_version(work, row));
    BU_TRY(normalize_qualifiers(work, row));
    BU_TRY(normalize_subpath(work));
    return row->rule == NULL ? BU_OK : row->rule(work);
}

bulla_status bu_purl_normalize(bu_purl *purl, bu_arena *arena, bulla_error *err)
{
    bu_purl_work work = { .purl = purl, .arena = arena, .err = err };
    return bu_purl_normalize_work(&work);
}
