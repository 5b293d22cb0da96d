/* SPDX-License-Identifier: MIT */
/*
 * yarn.lock of yarn 1: entries are descriptors and a colon, then fields two
 * blanks in, then what a field holds four blanks in. What yarn's own parser
 * takes and yarn never writes (other indentation, fields of several names, an
 * entry that goes on behind an empty line) is refused, and so are merge
 * conflicts, git without a commit and descriptors of different packages.
 */
#include "base/vec.h"
#include "ecosystem/yarn.h"
#include "syntax/text.h"

/* A value, and where it stands. */
typedef struct value {
    bulla_bytes text;
    uint32_t line, column; /* 0: it is not there */
} value;

typedef enum field {
    NAME,
    VERSION,
    RESOLVED,
    INTEGRITY,
    DEPENDENCIES,
    OPTIONAL_DEPENDENCIES,
    FIELD_COUNT,
    OTHER = FIELD_COUNT, /* yarn's own business: uid, registry, permissions … */
} field;

static const struct {
    const char *name;
    bool is_map;
} fields[FIELD_COUNT] = {
    [NAME] = { "name", false },
    [VERSION] = { "version", false },
    [RESOLVED] = { "resolved", false },
    [INTEGRITY] = { "integrity", false },
    [DEPENDENCIES] = { "dependencies", true },
    [OPTIONAL_DEPENDENCIES] = { "optionalDependencies", true },
};

typedef struct dependency {
    value name;
    bulla_bytes range;
    bool optional;
} dependency;

typedef struct reader {
    bu_yarn *yarn;
    bu_text text;
    bulla_bytes rest; /* of the line */
    /* The entry that is being read; none when it has no descriptors. */
    value *descriptors;
    size_t descriptor_count, descriptor_cap;
    value fields[FIELD_COUNT];
    field open; /* the field that lines four blanks in belong to; OTHER */
    bool in_map;
    dependency *dependencies;
    size_t dependency_count, dependency_cap;
} reader;

/* Words of a line */

static bulla_status refuse(const reader *r, bulla_error *err, const char *expected)
{
    static const uint8_t nothing[] = "end of line";
    const uint8_t *at = r->rest.len == 0 ? r->text.line.ptr + r->text.line.len : r->rest.ptr;
    bulla_status status = bu_text_fail(&r->text, at, err, BULLA_E_BAD_SYNTAX,
                                       "not a lockfile of yarn 1: expected %s", expected);
    bulla_bytes got = r->rest.len == 0 ? (bulla_bytes){ nothing, sizeof nothing - 1 }
                                       : bu_bytes_first(r->rest, 1);
    return bu_expected(err, status, bu_bytes_of(expected), got);
}

static void skip_blanks(reader *r)
{
    while (bu_bytes_starts(r->rest, " "))
        r->rest = bu_bytes_from(r->rest, 1);
    if (bu_bytes_starts(r->rest, "#"))
        r->rest = (bulla_bytes){ 0 };
}

static bool accept(reader *r, const char *mark)
{
    skip_blanks(r);
    if (!bu_bytes_starts(r->rest, mark))
        return false;
    r->rest = bu_bytes_from(r->rest, strlen(mark));
    return true;
}

/* JSON's string; of its escapes those that paths of Windows and quotes need. */
static bulla_status take_quoted(reader *r, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes in = bu_bytes_from(r->rest, 1);
    size_t end = 0, escapes = 0;
    for (; end < in.len && in.ptr[end] != '"'; end++)
        if (in.ptr[end] == '\\') {
            escapes++;
            end++;
            if (end >= in.len || memchr("\\\"/", in.ptr[end], 3) == NULL)
                return refuse(r, err, "a string whose escapes are \\\\, \\\" and \\/");
        }
    if (end >= in.len)
        return refuse(r, err, "a string that ends in its line");
    *out = bu_bytes_first(in, end);
    r->rest = bu_bytes_from(in, end + 1);
    if (escapes == 0)
        return BU_OK;
    uint8_t *plain = bu_arena_get(r->yarn->lock.graph->arena, end);
    if (plain == NULL)
        return bu_no_memory(err);
    size_t len = 0;
    for (size_t i = 0; i < end; i++)
        plain[len++] = in.ptr[in.ptr[i] == '\\' ? ++i : i];
    *out = (bulla_bytes){ plain, len };
    return BU_OK;
}

static bool starts_word(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || memchr("/.-", byte, 3) != NULL;
}

/* A quoted string, or a word up to a blank, a colon or a comma. */
static bulla_status take(reader *r, value *out, const char *expected, bulla_error *err)
{
    skip_blanks(r);
    if (r->rest.len == 0)
        return refuse(r, err, expected);
    *out = (value){ .line = r->text.number, .column = bu_text_column(&r->text, r->rest.ptr) };
    if (bu_bytes_starts(r->rest, "\""))
        return take_quoted(r, &out->text, err);
    if (!starts_word(r->rest.ptr[0]))
        return refuse(r, err, expected);
    size_t len = 0;
    while (len < r->rest.len && memchr(" :,", r->rest.ptr[len], 3) == NULL)
        len++;
    out->text = bu_bytes_first(r->rest, len);
    r->rest = bu_bytes_from(r->rest, len);
    return BU_OK;
}

static bulla_status end_line(reader *r, bulla_error *err)
{
    skip_blanks(r);
    return r->rest.len == 0 ? BU_OK : refuse(r, err, "the end of the line");
}

/* What an entry is */

static bu_lock_entry entry_at(const value *place)
{
    return (bu_lock_entry){ .line = place->line, .column = place->column };
}

/* The package that a descriptor asks for, when it says so: "x@npm:name@range", "name@range". */
static bulla_bytes package_of(bu_yarn_descriptor d)
{
    bulla_bytes name, version;
    if (bu_npm_alias(d.range, &name, &version))
        return name;
    return bu_npm_source_of(d.range) == BU_NPM_NOWHERE ? d.name : (bulla_bytes){ 0 };
}

/* All descriptors of an entry mean one package. */
static bulla_status choose_name(const reader *r, bulla_bytes *out, bulla_error *err)
{
    const bu_lock_entry at = entry_at(&r->descriptors[0]);
    bulla_bytes package = { 0 };
    for (size_t i = 0; i < r->descriptor_count; i++) {
        bulla_bytes other = package_of(bu_yarn_descriptor_of(r->descriptors[i].text));
        if (other.len > 0 && package.len > 0 && !bu_bytes_equal(other, package))
            return bu_lock_fail(&r->yarn->lock, &at, err, BULLA_E_AMBIGUOUS_LOCK,
                                "one entry for two packages: %.*s and %.*s", (int)package.len,
                                (const char *)package.ptr, (int)other.len, (const char *)other.ptr);
        if (package.len == 0)
            package = other;
    }
    *out = package;
    if (package.len == 0)
        *out = r->fields[NAME].text.len > 0 ? r->fields[NAME].text
                                            : bu_yarn_descriptor_of(r->descriptors[0].text).name;
    return BU_OK;
}

/* What an entry calls its package must be what one of its descriptors does. */
static bulla_status check_stated_name(const reader *r, bulla_bytes name, bulla_error *err)
{
    const value *stated = &r->fields[NAME];
    bool known = stated->line == 0 || bu_bytes_equal(stated->text, name);
    for (size_t i = 0; i < r->descriptor_count && !known; i++)
        known = bu_bytes_equal(stated->text, bu_yarn_descriptor_of(r->descriptors[i].text).name);
    if (known)
        return BU_OK;
    const bu_lock_entry at = entry_at(stated);
    return bu_lock_fail(&r->yarn->lock, &at, err, BULLA_E_AMBIGUOUS_LOCK,
                        "an entry for %.*s that is named otherwise", (int)name.len,
                        (const char *)name.ptr);
}

static bulla_bytes alias_of(const reader *r, bulla_bytes name)
{
    for (size_t i = 0; i < r->descriptor_count; i++)
        if (bu_bytes_equal(bu_yarn_descriptor_of(r->descriptors[i].text).name, name))
            return (bulla_bytes){ 0 };
    bulla_bytes first = bu_yarn_descriptor_of(r->descriptors[0].text).name;
    return bu_npm_is_name(first) ? first : (bulla_bytes){ 0 }; /* else a place without a name */
}

/* Where `resolved` is missing, or is a repository without the commit, the descriptor says it. */
static bulla_bytes choose_place(const reader *r)
{
    bulla_bytes resolved = r->fields[RESOLVED].text;
    bulla_bytes range = bu_yarn_descriptor_of(r->descriptors[0].text).range;
    bool is_place = bu_npm_source_of(range) != BU_NPM_NOWHERE && !bu_bytes_starts(range, "npm:");
    bool lacks_commit =
        bu_npm_source_of(resolved) == BU_NPM_GIT && bu_bytes_find(resolved, '#') == resolved.len;
    if (is_place && lacks_commit && r->descriptor_count == 1 && bu_npm_commit(range).len > 0)
        return range;
    return resolved.len == 0 && is_place ? range : resolved;
}

static bulla_status fill_entry(const reader *r, bu_lock_entry *entry, bulla_error *err)
{
    const bu_lock *lock = &r->yarn->lock;
    const value *version = &r->fields[VERSION];
    if (version->line == 0)
        return bu_lock_fail(lock, entry, err, BULLA_E_MISSING_FIELD, "an entry without `version`");
    entry->version = version->text;
    BU_TRY(choose_name(r, &entry->name, err));
    BU_TRY(check_stated_name(r, entry->name, err));
    entry->alias = alias_of(r, entry->name);
    bu_lock_entry at = entry_at(&r->fields[INTEGRITY]);
    BU_TRY(bu_npm_entry_integrity(lock, &at, r->fields[INTEGRITY].text, err));
    entry->digests = at.digests;
    bulla_bytes place = choose_place(r);
    if (place.len > 0)
        BU_TRY(bu_npm_entry_place(lock, entry, place, err));
    else
        entry->origin = BULLA_ORIGIN_REGISTRY;
    return bu_npm_entry_check(lock, entry, err);
}

static bulla_status need(reader *r, size_t component, const dependency *d, bulla_error *err)
{
    size_t range;
    const bu_lock_entry at = entry_at(&d->name);
    BU_TRY(bu_yarn_range(r->yarn, d->range, &range, err));
    return bu_lock_need(&r->yarn->lock, component, range, d->name.text,
                        d->optional ? BU_ABSENCE_FINE : BU_ABSENCE_FLAW, &at, err);
}

static bulla_status end_entry(reader *r, bulla_error *err)
{
    size_t component;
    if (r->descriptor_count == 0)
        return BU_OK;
    bu_lock_entry entry = entry_at(&r->descriptors[0]);
    BU_TRY(fill_entry(r, &entry, err));
    BU_TRY(bu_npm_entry_add(&r->yarn->lock, &entry, &component, err));
    for (size_t i = 0; i < r->descriptor_count; i++) {
        const bu_lock_entry at = entry_at(&r->descriptors[i]);
        bu_yarn_descriptor d = bu_yarn_descriptor_of(r->descriptors[i].text);
        BU_TRY(bu_yarn_describe(r->yarn, d, component, &at, err));
    }
    for (size_t i = 0; i < r->dependency_count; i++)
        BU_TRY(need(r, component, &r->dependencies[i], err));
    r->descriptor_count = r->dependency_count = 0;
    memset(r->fields, 0, sizeof r->fields);
    return BU_OK;
}

/* Lines */

static bulla_status read_descriptors(reader *r, bulla_error *err)
{
    if (!starts_word(r->rest.ptr[0]) && r->rest.ptr[0] != '"')
        return refuse(r, err, "a descriptor");
    BU_TRY(end_entry(r, err));
    do {
        BU_TRY(bu_vec_grow(&r->descriptors, r->descriptor_count, &r->descriptor_cap,
                           sizeof *r->descriptors, err));
        BU_TRY(take(r, &r->descriptors[r->descriptor_count], "a descriptor", err));
        r->descriptor_count++;
    } while (accept(r, ","));
    r->in_map = false;
    if (!accept(r, ":"))
        return refuse(r, err, "a colon");
    return end_line(r, err);
}

static field field_named(bulla_bytes name)
{
    field f = 0;
    while (f < FIELD_COUNT && !bu_bytes_is(name, fields[f].name))
        f++;
    return f;
}

static bulla_status read_field(reader *r, bulla_error *err)
{
    value name, text;
    BU_TRY(take(r, &name, "the name of a field", err));
    r->open = field_named(name.text);
    bool colon = accept(r, ":");
    skip_blanks(r);
    r->in_map = colon && r->rest.len == 0;
    bu_lock_entry at = entry_at(&name);
    if (!r->in_map)
        BU_TRY(take(r, &text, "a value", err));
    if (r->open == OTHER)
        return end_line(r, err);
    if (r->in_map != fields[r->open].is_map)
        return bu_lock_fail(&r->yarn->lock, &at, err, BULLA_E_TYPE_MISMATCH, "`%s` should be %s",
                            fields[r->open].name, r->in_map ? "one value" : "a group");
    if (r->fields[r->open].line != 0)
        return bu_lock_fail(&r->yarn->lock, &at, err, BULLA_E_DUPLICATE_KEY,
                            "`%s` stands twice in one entry", fields[r->open].name);
    r->fields[r->open] = r->in_map ? name : text;
    return end_line(r, err);
}

static bulla_status read_dependency(reader *r, bulla_error *err)
{
    dependency d = { .optional = r->open == OPTIONAL_DEPENDENCIES };
    value range;
    BU_TRY(take(r, &d.name, "a name", err));
    (void)accept(r, ":");
    BU_TRY(take(r, &range, "a value", err));
    d.range = range.text;
    if (r->open != OTHER) {
        BU_TRY(bu_vec_grow(&r->dependencies, r->dependency_count, &r->dependency_cap,
                           sizeof *r->dependencies, err));
        r->dependencies[r->dependency_count++] = d;
    }
    return end_line(r, err);
}

/* A later version of this format would say so here. */
static bulla_status check_version(const reader *r, bulla_error *err)
{
    static const char head[] = "yarn lockfile v";
    bulla_bytes comment = bu_bytes_trim(bu_bytes_from(r->text.line, 1));
    if (!bu_bytes_starts(comment, head) || bu_bytes_is(comment, "yarn lockfile v1"))
        return BU_OK;
    bulla_status status = bu_text_fail(&r->text, comment.ptr, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of yarn's lockfile is known");
    return bu_expected(err, status, BULLA_LIT("1"), bu_bytes_from(comment, sizeof head - 1));
}

static bulla_status read_line(reader *r, bulla_error *err)
{
    r->rest = r->text.line;
    while (bu_bytes_starts(r->rest, " "))
        r->rest = bu_bytes_from(r->rest, 1);
    size_t indent = r->text.line.len - r->rest.len;
    if (bu_bytes_starts(r->rest, "#"))
        return check_version(r, err);
    if (r->text.line.len == 0)
        return end_entry(r, err);
    if (indent == 0)
        return read_descriptors(r, err);
    if (indent == 2 && r->descriptor_count > 0)
        return read_field(r, err);
    if (indent == 4 && r->descriptor_count > 0 && r->in_map)
        return read_dependency(r, err);
    return refuse(r, err, "an entry, two blanks and a field, or four and what it holds");
}

static bulla_status read_lines(reader *r, bulla_error *err)
{
    bool more = true;
    while (more) {
        BU_TRY(bu_text_next(&r->text, &more, err));
        BU_TRY(more ? read_line(r, err) : end_entry(r, err));
    }
    return bu_lock_connect(&r->yarn->lock, err);
}

bulla_status bu_yarn_v1_read(bu_yarn *yarn, bulla_bytes text, bulla_error *err)
{
    reader r = { .yarn = yarn, .text = bu_text_of(text), .open = OTHER };
    bulla_status status = read_lines(&r, err);
    free(r.descriptors);
    free(r.dependencies);
    return status;
}
