/* SPDX-License-Identifier: MIT */
/*
 * The index of a Debian or Ubuntu repository: Packages, with the SHA-256 of
 * each .deb. Whether it is the archive's own is not said here: -L apt: follows
 * the signed chain.
 */
#include "ecosystem/debian.h"
#include "ecosystem/lock.h"

typedef struct reader {
    bu_lock lock;
    const char *distribution;
} reader;

static void reader_clear(reader *r)
{
    bu_lock_clear(&r->lock);
}
BU_DEFINE_CLEAR(reader)

static bool want_all(void *context, bulla_bytes package)
{
    (void)context;
    (void)package;
    return true;
}

static bulla_status add_package(void *context, const bu_deb_entry *package, bulla_error *err)
{
    reader *r = context;
    bulla_file_pin *file = bu_arena_get_array(r->lock.graph->arena, 1, sizeof *file);
    bulla_digest_set digests = { 1, { package->sha256 } };
    const bu_lock_entry entry = {
        .name = bu_bytes_of(package->package),
        .namespace = bu_bytes_of(r->distribution),
        .version = bu_bytes_of(package->version),
        .architecture = bu_bytes_of(package->architecture),
        .resolved = bu_bytes_of(package->filename),
        .origin = BULLA_ORIGIN_REGISTRY,
        .files = file,
        .file_count = 1,
        .line = package->line,
        .column = 1,
    };
    if (file == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_lock_pin_file(&r->lock, bu_bytes_of(bu_path_name(package->filename)),
                            (bulla_bytes){ 0 }, package->size, &digests, file, err));
    return bu_lock_add(&r->lock, &entry, NULL, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(reader) r = { .distribution = options->distribution };
    bu_memory_source source = bu_memory_source_of(text);
    BU_AUTO(bu_arena) scratch = bu_arena_new();
    if (scratch == NULL)
        return bu_no_memory(err);
    if (r.distribution == NULL)
        r.distribution = "debian";
    BU_TRY(bu_lock_open(&r.lock, "deb", name, options, graph, err));
    return bu_packages_read(&source.base, name, scratch, want_all, add_package, &r, err);
}

static const char *const filenames[] = { "Packages", NULL };
static const char *const places[] = { "binary-all/Packages", "binary-amd64/Packages",
                                      "binary-arm64/Packages", "binary-i386/Packages", NULL };

const bu_ecosystem bu_eco_packages = {
    .id = "packages",
    .filenames = filenames,
    .places = places,
    .title = "index of a Debian or Ubuntu repository (Packages)",
    .parse = parse,
};
