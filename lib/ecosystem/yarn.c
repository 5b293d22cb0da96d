/* SPDX-License-Identifier: MIT */
/*
 * yarn.lock, in both of its formats, which its content tells apart: the one of
 * yarn 1, a grammar of its own, and YAML with a `__metadata` entry (yarn 2 and
 * later). Refuses a file that is both.
 */
#include "ecosystem/yarn.h"

#include "syntax/text.h"

bu_yarn_descriptor bu_yarn_descriptor_of(bulla_bytes text)
{
    size_t at = bu_bytes_find(bu_bytes_from(text, 1), '@') + 1; /* not the one of a scope */
    return (bu_yarn_descriptor){ bu_bytes_first(text, at), bu_bytes_from(text, at + 1) };
}

bulla_status bu_yarn_range(bu_yarn *yarn, bulla_bytes range, size_t *out, bulla_error *err)
{
    return bu_intern_add(&yarn->ranges, 0, range, out, err);
}

bulla_status bu_yarn_describe(bu_yarn *yarn, bu_yarn_descriptor descriptor, size_t component,
                              const bu_lock_entry *entry, bulla_error *err)
{
    size_t range;
    const bulla_component *all = yarn->lock.graph->components;
    BU_TRY(bu_yarn_range(yarn, descriptor.range, &range, err));
    size_t known = bu_lock_find(&yarn->lock, range, descriptor.name);
    if (known == BULLA_NO_COMPONENT)
        return bu_lock_name(&yarn->lock, range, descriptor.name, component, err);
    if (strcmp(all[known].purl, all[component].purl) == 0)
        return BU_OK;
    return bu_lock_fail(&yarn->lock, entry, err, BULLA_E_AMBIGUOUS_LOCK,
                        "\"%.*s@%.*s\" is resolved twice: at line %u to another package",
                        (int)descriptor.name.len, (const char *)descriptor.name.ptr,
                        (int)descriptor.range.len, (const char *)descriptor.range.ptr,
                        all[known].line);
}

/* The two marks that yarn tells them apart by. */
typedef struct marks {
    bool v1, berry;
    uint32_t berry_line;
} marks;

static bool is_metadata(bulla_bytes line)
{
    return bu_bytes_starts(line, "__metadata:") || bu_bytes_starts(line, "\"__metadata\":") ||
           bu_bytes_starts(line, "'__metadata':");
}

static bulla_status find_marks(bulla_bytes all, marks *out, bulla_error *err)
{
    bool more, in_head = true;
    bu_text text = bu_text_of(all);
    for (;;) {
        BU_TRY(bu_text_next(&text, &more, err));
        if (!more)
            return BU_OK;
        bulla_bytes comment = bu_bytes_trim(bu_bytes_from(text.line, 1));
        in_head = in_head && (text.line.len == 0 || bu_bytes_starts(text.line, "#"));
        out->v1 = out->v1 || (in_head && bu_bytes_starts(comment, "yarn lockfile v"));
        if (!out->berry && is_metadata(text.line)) {
            out->berry = true;
            out->berry_line = text.number;
        }
    }
}

static bulla_status read_either(bu_yarn *yarn, bulla_bytes text, const char *name, bulla_error *err)
{
    marks m = { 0 };
    BU_TRY(find_marks(text, &m, err));
    if (m.v1 && m.berry)
        return bu_at(err,
                     bu_fail(err, BULLA_E_AMBIGUOUS_LOCK,
                             "a lockfile of yarn 1 by its head, of a later yarn by __metadata"),
                     m.berry_line, 1);
    return m.berry ? bu_yarn_berry_read(yarn, text, name, err) : bu_yarn_v1_read(yarn, text, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    bu_yarn yarn = { 0 };
    bulla_status status = bu_lock_open(&yarn.lock, "npm", name, options, graph, err);
    if (bulla_ok(status))
        status = read_either(&yarn, text, name, err);
    bu_lock_clear(&yarn.lock);
    bu_intern_clear(&yarn.ranges);
    return bulla_ok(status) ? status : bu_in_file(err, status, name);
}

static const char *const filenames[] = { "yarn.lock", NULL };

const bu_ecosystem bu_eco_yarn = {
    .id = "yarn",
    .filenames = filenames,
    .places = filenames,
    .title = "yarn lockfile (yarn.lock of yarn 1, and of yarn 2 and later: versions 4 to 10)",
    .parse = parse,
};
