/* SPDX-License-Identifier: MIT */
/*
 * Gradle's gradle.lockfile: "group:name:version=configuration,…" a line. It
 * has no digests; those of gradle/verification-metadata.xml beside it are
 * taken. Spec: Gradle manual, "Locking versions"; LockFileReaderWriter.
 */
#include "ecosystem/gradle.h"

typedef struct reader {
    bu_lock lock;
    bu_text text;
} reader;

static void reader_clear(reader *r)
{
    bu_lock_clear(&r->lock);
}
BU_DEFINE_CLEAR(reader)

/* Configurations that a product is not made of; any other one counts as runtime. */
static bulla_scope scope_of(bulla_bytes configurations)
{
    bulla_scope scope = BULLA_SCOPE_DEV;
    for (bulla_bytes rest = configurations; rest.len > 0;) {
        bulla_bytes one = bu_bytes_first(rest, bu_bytes_find(rest, ','));
        bool test = bu_bytes_starts(one, "test") || bu_bytes_starts(one, "androidTest");
        bool build = bu_bytes_ends(one, "nnotationProcessor") || bu_bytes_is(one, "classpath");
        bulla_scope own = test ? BULLA_SCOPE_DEV : build ? BULLA_SCOPE_BUILD : BULLA_SCOPE_RUNTIME;
        scope = own < scope ? own : scope;
        rest = bu_bytes_from(rest, one.len + 1);
    }
    return configurations.len == 0 ? BULLA_SCOPE_RUNTIME : scope;
}

/* A line that names no module is no lock of anything, and Gradle would not take it either. */
static bulla_status note_line(reader *r, bulla_error *err)
{
    const bu_flaw flaw = {
        .code = BULLA_E_BAD_SYNTAX,
        .component = BULLA_NO_COMPONENT,
        .what = "a line that is not GROUP:NAME:VERSION=CONFIGURATION,…",
        .lockfile = r->lock.file,
        .line = r->text.number,
        .column = 1,
    };
    return bu_graph_note(r->lock.graph, &flaw, err);
}

static bulla_status take_module(reader *r, bulla_bytes module, bulla_bytes configurations,
                                bulla_error *err)
{
    size_t colon = bu_bytes_find(module, ':');
    bulla_bytes rest = bu_bytes_from(module, colon + 1);
    size_t second = bu_bytes_find(rest, ':');
    bu_lock_entry entry = {
        .name = bu_bytes_first(module, colon + 1 + second),
        .version = bu_bytes_from(rest, second + 1),
        .scope = scope_of(configurations),
        .origin = BULLA_ORIGIN_REGISTRY,
        .line = r->text.number,
        .column = 1,
    };
    if (colon == 0 || second == 0 || entry.version.len == 0 ||
        bu_bytes_find(entry.version, ':') < entry.version.len)
        return note_line(r, err);
    return bu_lock_add(&r->lock, &entry, NULL, err);
}

static bulla_status take_line(void *context, bulla_error *err)
{
    reader *r = context;
    bulla_bytes line = bu_bytes_trim(r->text.line);
    size_t equals = bu_bytes_find(line, '=');
    if (line.len == 0 || line.ptr[0] == '#')
        return BU_OK;
    bulla_bytes module = bu_bytes_first(line, equals);
    if (bu_bytes_is(module, "empty")) /* configurations without anything */
        return BU_OK;
    if (equals == line.len || bu_bytes_find(module, ':') == module.len)
        return note_line(r, err);
    return take_module(r, module, bu_bytes_from(line, equals + 1), err);
}

/* What the verification metadata pins is united with what is locked here when the graph settles. */
static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(reader) r = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&r.lock, "maven", name, options, graph, err));
    BU_TRY(bu_text_each(&r.text, take_line, &r, err));
    return bu_gradle_pin(&r.lock, err);
}

static const char *const filenames[] = { "gradle.lockfile", "buildscript-gradle.lockfile", NULL };

const bu_ecosystem bu_eco_gradle = {
    .id = "gradle",
    .filenames = filenames,
    .places = filenames,
    .each_place = true,
    .title = "Gradle lockfile (gradle.lockfile)",
    .parse = parse,
};
