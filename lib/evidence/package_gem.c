/* SPDX-License-Identifier: MIT */
/*
 * Gems: a plain tar archive of metadata.gz (the gemspec), data.tar.gz and
 * checksums.yaml.gz, each perhaps with a signature beside it. The checksums
 * are recomputed; gems of before RubyGems 2.0 have none.
 */
#include "archive/decompress.h"
#include "base/limits.h"
#include "evidence/gem.h"
#include "evidence/package.h"
#include "model/purl.h"

/* What one walk keeps. */
typedef struct gem {
    bulla_digest_set had[BU_GEM_PARTS];
    bulla_digest_set stated[BU_GEM_PARTS];
    bool has_data, has_checksums;
} gem;

#define CHECKSUM_ALGS                                                                              \
    (BU_ALGS(BULLA_ALG_SHA1) | BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(BULLA_ALG_SHA384) |             \
     BU_ALGS(BULLA_ALG_SHA512))

/* RubyGems also takes `metadata` and `checksums.yaml` uncompressed: then there could be two of them. */
static bulla_status check_name(bu_contents *contents, const bu_member *member, bool *want,
                               bulla_error *err)
{
    static const struct {
        const char *name;
        bool wanted;
    } rows[] = {
        { "metadata.gz", true },       { "data.tar.gz", true },
        { "checksums.yaml.gz", true }, { "metadata.gz.sig", false },
        { "data.tar.gz.sig", false },  { "checksums.yaml.gz.sig", false },
    };
    (void)contents;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(member->path, rows[i].name) && member->kind == BU_MEMBER_FILE) {
            *want = rows[i].wanted;
            return BU_OK;
        }
    return bu_expected(err, bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a gem has no such member"),
                       (bulla_bytes){ 0 }, member->path);
}

/* All that `source` inflates to. */
static bulla_status inflate(bu_source *source, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_decompressor) decompressor = NULL;
    BU_TRY(bu_decompressor_new(source, &decompressor, err));
    if (bu_decompressor_kind(decompressor) != BU_COMPRESSION_GZIP)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "not compressed as its name says");
    return bu_source_slurp(bu_decompressor_source(decompressor), BU_LIMIT_METADATA_BYTES, out, err);
}

static bulla_status pass_member(void *context, const bu_member *member, bool *want,
                                bulla_error *err)
{
    (void)context;
    (void)member;
    (void)want;
    (void)err;
    return BU_OK;
}

/* Hashed as it is walked; a gem may hold no files. */
static bulla_status walk_data(gem *g, bu_source *content, bulla_error *err)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    const bu_walk_visitor visitor = { .links = BU_LINKS_IN_TREE, .member = pass_member };
    bu_tap tap;
    if (scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_tap_init(&tap, content, hasher, CHECKSUM_ALGS, err));
    bulla_status status = bu_walk_tar(&tap.base, &visitor, err);
    if (!bulla_ok(status) && status.code != BULLA_E_EMPTY)
        return status;
    BU_TRY(bu_tap_drain(&tap, scratch, err));
    g->has_data = true;
    return bu_tap_finish(&tap, &g->had[BU_GEM_DATA], err);
}

static bulla_status read_checksums(gem *g, bu_source *content, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(inflate(content, &text, err));
    BU_TRY(bu_gem_checksums_read(bu_buf_bytes(&text), g->stated, err));
    g->has_checksums = true;
    return BU_OK;
}

static bulla_status stream(bu_contents *contents, const bu_member *member, bu_source *content,
                           bulla_error *err)
{
    gem *g = contents->state;
    bulla_status status = bu_bytes_is(member->path, "data.tar.gz")
                              ? walk_data(g, content, err)
                              : read_checksums(g, content, err);
    return bulla_ok(status) ? status
                            : bu_within(err, status, "%.*s", (int)member->path.len,
                                        (const char *)member->path.ptr);
}

/* "x86_64-linux" of three words; "ruby" when nothing is said. */
static const char *platform_of(const bu_gemspec *spec, bu_arena *arena)
{
    bu_buf text = { 0 };
    for (size_t i = 0; i < 3; i++)
        if (spec->platform[i].len > 0) {
            bu_buf_add_text(&text, text.len == 0 ? "" : "-");
            bu_buf_add(&text, spec->platform[i]);
        }
    const char *platform = text.broken     ? NULL
                           : text.len == 0 ? "ruby"
                                           : bu_arena_text(arena, bu_buf_bytes(&text));
    bu_buf_clear(&text);
    return platform;
}

/*
 * A gemspec keeps the platform as its author wrote it, files are named by the normal form: there
 * i386 … i686 are x86, and GNU's libc goes without saying.
 */
static const char *normal_platform(const char *platform, bu_arena *arena)
{
    size_t len = strlen(platform), skip = 0;
    if (len > 4 && platform[0] == 'i' && memcmp(platform + 2, "86-", 3) == 0)
        skip = 4;
    if (bu_bytes_ends(bu_bytes_of(platform), "-linux-gnu"))
        len -= strlen("-gnu");
    return bu_arena_format(arena, "%s%.*s", skip > 0 ? "x86" : "", (int)(len - skip),
                           platform + skip);
}

/* NAME-VERSION.gem, or NAME-VERSION-PLATFORM.gem. */
static bool is_file_of(const char *file, const bulla_component *component, const char *platform,
                       bu_arena *arena)
{
    bulla_bytes rest = bu_bytes_of(file);
    const char *stem = bu_arena_format(arena, "%s-%s", component->name, component->version);
    if (stem == NULL || !bu_bytes_starts(rest, stem))
        return false;
    rest = bu_bytes_from(rest, strlen(stem));
    if (!bu_bytes_ends(rest, ".gem"))
        return false;
    rest.len -= strlen(".gem");
    if (rest.len == 0)
        return strcmp(platform, "ruby") == 0;
    const char *named = bu_arena_text(arena, bu_bytes_from(rest, 1));
    const char *normal = named == NULL ? NULL : normal_platform(named, arena);
    return rest.ptr[0] == '-' && normal != NULL && strcmp(normal, platform) == 0;
}

static bool has_file(const bulla_component *component, const char *platform, bu_arena *arena)
{
    for (size_t i = 0; i < component->file_count; i++)
        if (component->files[i].name != NULL &&
            is_file_of(component->files[i].name, component, platform, arena))
            return true;
    return false;
}

/* Of a gem that is locked for several platforms, it must be one that is. */
static bulla_status compare_platform(const bu_contents *contents, const bulla_component *component,
                                     const bu_gemspec *spec, bulla_error *err)
{
    bu_arena *arena = contents->arena;
    bu_purl purl;
    const char *got = platform_of(spec, arena);
    const char *expected = component->architecture == NULL ? "ruby" : component->architecture;
    BU_TRY(bu_purl_parse(bu_bytes_of(component->purl), arena, &purl, err));
    for (size_t i = 0; i < purl.qualifier_count; i++)
        if (bu_bytes_is(purl.qualifiers[i].key, "platform"))
            expected = bu_arena_text(arena, purl.qualifiers[i].value);
    expected = expected == NULL ? NULL : normal_platform(expected, arena);
    got = got == NULL ? NULL : normal_platform(got, arena);
    if (expected == NULL || got == NULL)
        return bu_no_memory(err);
    return has_file(component, got, arena) ? BU_OK
                                           : bu_package_same("platform", expected, got, err);
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    gem *g = contents->state;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_hasher) hasher = NULL;
    bu_gemspec spec;
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_hasher_start(hasher, CHECKSUM_ALGS, err));
    BU_TRY(bu_hasher_add(hasher, manifest, err));
    BU_TRY(bu_hasher_finish(hasher, &g->had[BU_GEM_METADATA], err));
    bu_memory_source source = bu_memory_source_of(manifest);
    BU_TRY(inflate(&source.base, &text, err));
    BU_TRY(bu_gemspec_read(bu_buf_bytes(&text), &spec, err));
    BU_TRY(bu_package_is(component, spec.name, spec.version, err));
    return compare_platform(contents, component, &spec, err);
}

static bulla_status check_part(const bulla_digest_set *stated, const bulla_digest_set *had,
                               const char *name, bulla_error *err)
{
    for (uint32_t i = 0; i < stated->count; i++)
        if (!bulla_digest_equal(&stated->items[i], bulla_digest_set_get(had, stated->items[i].alg)))
            return bu_fail(err, BULLA_E_CHECKSUM, "%s has not the %s of checksums.yaml", name,
                           bulla_alg_name(stated->items[i].alg));
    return BU_OK;
}

static bulla_status finish(bu_contents *contents, bulla_error *err)
{
    const gem *g = contents->state;
    if (!g->has_data)
        return bu_as(err, bu_fail(err, BULLA_E_MISSING_FILE, "the gem has no data.tar.gz"),
                     BULLA_EXIT_DENIED);
    if (!g->has_checksums)
        return BU_OK;
    BU_TRY(check_part(&g->stated[BU_GEM_METADATA], &g->had[BU_GEM_METADATA], "metadata.gz", err));
    return check_part(&g->stated[BU_GEM_DATA], &g->had[BU_GEM_DATA], "data.tar.gz", err);
}

static const char *const types[] = { "gem", NULL };

const bu_package_kind bu_package_gem = {
    .title = "gem",
    .types = types,
    .accepts = bu_begins_tar,
    .walk = bu_walk_tar,
    .manifest = "metadata.gz",
    .place = bu_place_root,
    .judge = judge,
    .state_size = sizeof(gem),
    .member = check_name,
    .stream = stream,
    .finish = finish,
};
