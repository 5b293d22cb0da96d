/* SPDX-License-Identifier: MIT */
/*
 * Bundler's lockfile: Gemfile.lock and gems.locked. Spec: how Bundler itself
 * reads it (lockfile_parser.rb). One gem may be locked for several platforms:
 * these are the files of which any one will do. It says nothing about groups,
 * so all is runtime. Refuses sections and lines that Bundler would pass over,
 * git without a commit, merge conflicts, and a gem or checksum twice.
 */
#include "base/vec.h"
#include "ecosystem/origin.h"

typedef enum source_kind {
    SOURCE_NONE,
    SOURCE_GEM,
    SOURCE_GIT,
    SOURCE_PATH,
    SOURCE_PLUGIN
} source_kind;

/* GEM, GIT, PATH or PLUGIN SOURCE, as far as its options are read. */
typedef struct source {
    source_kind kind;
    bulla_bytes remote, revision;
    bool has_specs;
} source;

typedef struct gem {
    bulla_bytes name, version, platform, full; /* full: "1.0-java" */
    const source *from;                        /* in the graph's arena */
    bulla_digests digests;                     /* in the graph's arena */
    size_t group;                              /* of all platforms of this name and version */
    size_t next;                               /* gem of the group, or SIZE_MAX */
    size_t component;                          /* of its group */
    uint32_t line;
} gem;

typedef struct need {
    size_t gem;
    bulla_bytes name;
    uint32_t line;
} need;

/* The platforms of one name and version. */
typedef struct group {
    size_t first, last, count; /* gems, linked in their order */
    bool is_added;
} group;

typedef struct bundler {
    bu_lock lock;
    bu_text text;
    const struct section *section;
    source *source; /* of the section; in the graph's arena */
    gem *gems;
    size_t gem_count, gem_cap;
    need *needs;
    size_t need_count, need_cap;
    bu_intern ids; /* (NAMES, name), (versions of a name, version), (platforms of a name, full) */
    size_t *groups_or_gems; /* by number: what it means is said by its space */
    size_t id_cap;
    group *groups;
    size_t group_count, group_cap;
} bundler;

#define NAMES ((size_t)0)

static size_t versions_of(size_t name)
{
    return 1 + 2 * name;
}

static size_t platforms_of(size_t name)
{
    return 2 + 2 * name;
}

static void bundler_clear(bundler *b)
{
    bu_lock_clear(&b->lock);
    bu_intern_clear(&b->ids);
    free(b->gems);
    free(b->needs);
    free(b->groups_or_gems);
    free(b->groups);
}
BU_DEFINE_CLEAR(bundler)

/* ---- Names ---- */

static bulla_status id_of(bundler *b, size_t space, bulla_bytes key, size_t *out, bulla_error *err)
{
    size_t known = b->ids.count;
    BU_TRY(bu_vec_grow(&b->groups_or_gems, known, &b->id_cap, sizeof *b->groups_or_gems, err));
    BU_TRY(bu_intern_add(&b->ids, space, key, out, err));
    if (*out == known)
        b->groups_or_gems[known] = SIZE_MAX;
    return BU_OK;
}

/* "name (version-platform)" without the blanks in front, and what follows it. */
typedef struct spec {
    bulla_bytes name, inside, rest; /* inside: between the parentheses, or empty */
} spec;

static bool take_spec(bulla_bytes text, spec *out)
{
    size_t open = 0;
    while (open < text.len && text.ptr[open] != ' ' && text.ptr[open] != '!')
        open++;
    *out = (spec){ .name = bu_bytes_first(text, open), .rest = bu_bytes_from(text, open) };
    if (bu_bytes_starts(out->rest, " (")) {
        bulla_bytes inside = bu_bytes_from(out->rest, 2);
        out->inside = bu_bytes_first(inside, bu_bytes_find(inside, ')'));
        if (out->inside.len == 0 || out->inside.len == inside.len)
            return false;
        out->rest = bu_bytes_from(inside, out->inside.len + 1);
    }
    return bu_is_word(out->name, "._-");
}

static bulla_status refuse(const bundler *b, bulla_error *err, bulla_code code, const char *why)
{
    return bu_text_fail(&b->text, b->text.line.ptr, err, code, "%s", why);
}

/* ---- Sources and their gems ---- */

static bulla_status take_option(bundler *b, bulla_bytes key, bulla_bytes value, bulla_error *err)
{
    source *s = b->source;
    if (bu_bytes_is(key, "revision"))
        s->revision = value;
    if (!bu_bytes_is(key, "remote"))
        return BU_OK;
    if (s->kind != SOURCE_GEM && s->remote.len > 0)
        return refuse(b, err, BULLA_E_DUPLICATE_ENTRY, "a second remote");
    s->remote = value; /* the last one counts: Bundler asks the newest first */
    return BU_OK;
}

static bulla_status begin_specs(bundler *b, bulla_error *err)
{
    source *s = b->source;
    if (s->has_specs)
        return refuse(b, err, BULLA_E_DUPLICATE_ENTRY, "specs twice in one section");
    s->has_specs = true;
    if (s->kind == SOURCE_GIT && !bu_is_commit(s->revision))
        return refuse(b, err, BULLA_E_UNPINNED, "a git source without its full commit");
    if (s->kind != SOURCE_GEM && s->remote.len == 0)
        return refuse(b, err, BULLA_E_MISSING_FIELD, "a source without its remote");
    return BU_OK;
}

static bulla_status keep_gem(bundler *b, const gem *g, bulla_error *err)
{
    size_t name, version, platform;
    gem kept = *g;
    BU_TRY(id_of(b, NAMES, g->name, &name, err));
    BU_TRY(id_of(b, platforms_of(name), g->full, &platform, err));
    if (b->groups_or_gems[platform] != SIZE_MAX)
        return refuse(b, err, BULLA_E_DUPLICATE_ENTRY, "a gem that is locked twice");
    b->groups_or_gems[platform] = b->gem_count;
    BU_TRY(id_of(b, versions_of(name), g->version, &version, err));
    if (b->groups_or_gems[version] == SIZE_MAX) {
        BU_TRY(bu_vec_grow(&b->groups, b->group_count, &b->group_cap, sizeof *b->groups, err));
        b->groups[b->group_count] = (group){ .first = b->gem_count };
        b->groups_or_gems[version] = b->group_count++;
    }
    BU_TRY(bu_vec_grow(&b->gems, b->gem_count, &b->gem_cap, sizeof *b->gems, err));
    kept.group = b->groups_or_gems[version];
    kept.next = SIZE_MAX;
    group *all = &b->groups[kept.group];
    if (all->count++ > 0)
        b->gems[all->last].next = b->gem_count;
    all->last = b->gem_count;
    b->gems[b->gem_count++] = kept;
    return BU_OK;
}

static bulla_status take_gem(bundler *b, bulla_bytes text, bulla_error *err)
{
    spec s;
    if (!take_spec(text, &s) || s.inside.len == 0 || s.rest.len > 0)
        return refuse(b, err, BULLA_E_BAD_SYNTAX, "not a gem and its version");
    gem g = { .name = s.name, .full = s.inside, .from = b->source, .line = b->text.number };
    g.version = bu_bytes_first(s.inside, bu_bytes_find(s.inside, '-'));
    g.platform = bu_bytes_from(s.inside, g.version.len + 1);
    if (!bu_is_word(g.version, ".") || g.version.ptr[0] < '0' || g.version.ptr[0] > '9')
        return refuse(b, err, BULLA_E_BAD_SYNTAX, "not one exact version");
    if (g.version.len < s.inside.len && !bu_is_word(g.platform, "._-"))
        return refuse(b, err, BULLA_E_BAD_NAME, "not the name of a platform");
    return keep_gem(b, &g, err);
}

static bulla_status take_need(bundler *b, bulla_bytes text, bulla_error *err)
{
    spec s;
    if (!take_spec(text, &s) || s.rest.len > 0)
        return refuse(b, err, BULLA_E_BAD_SYNTAX, "not a dependency of a gem");
    BU_TRY(bu_vec_grow(&b->needs, b->need_count, &b->need_cap, sizeof *b->needs, err));
    b->needs[b->need_count++] =
        (need){ .gem = b->gem_count - 1, .name = s.name, .line = b->text.number };
    return BU_OK;
}

static bulla_status in_source(bundler *b, size_t indent, bulla_bytes text, bulla_error *err)
{
    size_t colon = bu_bytes_find(text, ':');
    bulla_bytes key = bu_bytes_first(text, colon);
    bool has_gem = b->gem_count > 0 && b->source->has_specs;
    if (indent == 2 && bu_bytes_is(text, "specs:"))
        return begin_specs(b, err);
    if (indent == 2 && colon < text.len && bu_is_word(key, "_"))
        return take_option(b, key, bu_bytes_trim(bu_bytes_from(text, colon + 1)), err);
    if (indent == 4 && b->source->has_specs)
        return take_gem(b, text, err);
    if (indent == 6 && has_gem)
        return take_need(b, text, err);
    return refuse(b, err, BULLA_E_BAD_SYNTAX, "neither an option nor a gem of this source");
}

/* ---- The other sections ---- */

static bulla_status in_dependencies(bundler *b, size_t indent, bulla_bytes text, bulla_error *err)
{
    spec s;
    bool is_one = indent == 2 && take_spec(text, &s);
    if (is_one && (s.rest.len == 0 || bu_bytes_is(s.rest, "!")))
        return BU_OK;
    return refuse(b, err, BULLA_E_BAD_SYNTAX, "not a dependency");
}

static bulla_status take_checksum(bundler *b, bulla_bytes text, bulla_digest_set *set,
                                  bulla_error *err)
{
    size_t equals = bu_bytes_find(text, '=');
    bulla_alg alg = bu_alg_of(bu_bytes_first(text, equals));
    bulla_digest digest;
    if (alg == BULLA_ALG_NONE)
        return refuse(b, err, BULLA_E_UNSUPPORTED_HASH, "a checksum that is not known");
    bulla_status status = bu_digest_from_hex(alg, bu_bytes_from(text, equals + 1), &digest, err);
    if (!bulla_ok(status))
        return refuse(b, err, status.code, "not a checksum in hex");
    status = bu_digest_set_add(set, &digest, err);
    return bulla_ok(status) ? BU_OK
                            : refuse(b, err, status.code, "two checksums of one kind for this gem");
}

static bulla_digest_set set_of(bulla_digests digests)
{
    bulla_digest_set set = { .count = digests.count };
    if (digests.count > 0)
        memcpy(set.items, digests.items, digests.count * sizeof set.items[0]);
    return set;
}

/* "sha256=…,sha512=…" */
static bulla_status take_checksums(bundler *b, gem *g, bulla_bytes list, bulla_error *err)
{
    bulla_digest_set set = set_of(g->digests);
    while (list.len > 0) {
        bulla_bytes one = bu_bytes_first(list, bu_bytes_find(list, ','));
        list = bu_bytes_from(list, one.len + 1);
        BU_TRY(take_checksum(b, one, &set, err));
    }
    return bu_digests_keep(&set, b->lock.graph->arena, &g->digests, err);
}

/* Bundler passes over the checksum of a gem that is not locked. */
static bulla_status in_checksums(bundler *b, size_t indent, bulla_bytes text, bulla_error *err)
{
    spec s;
    bool is_one = indent == 2 && take_spec(text, &s) && s.inside.len > 0;
    if (!is_one || (s.rest.len > 0 && s.rest.ptr[0] != ' '))
        return refuse(b, err, BULLA_E_BAD_SYNTAX, "not a gem and its checksums");
    size_t number = bu_intern_find(&b->ids, NAMES, s.name);
    if (number != BU_INTERN_NONE)
        number = bu_intern_find(&b->ids, platforms_of(number), s.inside);
    if (number == BU_INTERN_NONE)
        return BU_OK;
    return take_checksums(b, &b->gems[b->groups_or_gems[number]], bu_bytes_from(s.rest, 1), err);
}

static bulla_status in_words(bundler *b, size_t indent, bulla_bytes text, bulla_error *err)
{
    (void)text;
    return indent > 0 ? BU_OK : refuse(b, err, BULLA_E_BAD_SYNTAX, "not a line of this section");
}

static const struct section {
    const char *title;
    bulla_status (*take)(bundler *, size_t indent, bulla_bytes text, bulla_error *);
    source_kind kind;
} sections[] = {
    { "GEM", in_source, SOURCE_GEM },
    { "GIT", in_source, SOURCE_GIT },
    { "PATH", in_source, SOURCE_PATH },
    { "PLUGIN SOURCE", in_source, SOURCE_PLUGIN },
    { "DEPENDENCIES", in_dependencies, SOURCE_NONE },
    { "CHECKSUMS", in_checksums, SOURCE_NONE },
    { "PLATFORMS", in_words, SOURCE_NONE },
    { "RUBY VERSION", in_words, SOURCE_NONE },
    { "BUNDLED WITH", in_words, SOURCE_NONE },
};

static bulla_status begin_section(bundler *b, bulla_error *err)
{
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (bu_bytes_is(b->text.line, sections[i].title)) {
            b->section = &sections[i];
            b->source = bu_arena_get(b->lock.graph->arena, sizeof *b->source);
            if (b->source == NULL)
                return bu_no_memory(err);
            b->source->kind = sections[i].kind;
            return BU_OK;
        }
    return refuse(b, err, BULLA_E_BAD_SYNTAX, "no section of Bundler's lockfile");
}

static bulla_status read_line(void *context, bulla_error *err)
{
    bundler *b = context;
    static const char *const marks[] = { "<<<<<<<", "=======", ">>>>>>>", "|||||||" };
    bulla_bytes line = b->text.line;
    size_t indent = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (bu_bytes_starts(line, marks[i]))
            return refuse(b, err, BULLA_E_BAD_SYNTAX, "a merge conflict");
    while (indent < line.len && line.ptr[indent] == ' ')
        indent++;
    bulla_bytes text = bu_bytes_trim(line);
    if (text.len == 0)
        return BU_OK;
    if (indent == 0)
        return begin_section(b, err);
    if (b->section == NULL)
        return refuse(b, err, BULLA_E_BAD_SYNTAX, "a line that is in no section");
    return b->section->take(b, indent, text, err);
}

/* ---- Components ---- */

static bulla_status pin_files(bundler *b, const group *g, bu_lock_entry *entry, bulla_error *err)
{
    bulla_file_pin *files = bu_arena_get_array(b->lock.graph->arena, g->count, sizeof *files);
    if (files == NULL)
        return bu_no_memory(err);
    for (size_t i = g->first; i != SIZE_MAX; i = b->gems[i].next) {
        const gem *one = &b->gems[i];
        const char *name = bu_arena_format(b->lock.graph->arena, "%.*s-%.*s.gem",
                                           (int)one->name.len, (const char *)one->name.ptr,
                                           (int)one->full.len, (const char *)one->full.ptr);
        if (name == NULL)
            return bu_no_memory(err);
        files[entry->file_count++] = (bulla_file_pin){ .name = name, .digests = one->digests };
    }
    entry->files = files;
    return BU_OK;
}

/* A gem for several platforms is several files; none of them is pinned when no checksum is. */
static bool is_pinned(const bundler *b, const group *g)
{
    for (size_t i = g->first; i != SIZE_MAX; i = b->gems[i].next)
        if (b->gems[i].digests.count > 0)
            return true;
    return false;
}

static bulla_status add_git(bundler *b, const gem *g, bu_lock_entry *entry, size_t *out,
                            bulla_error *err)
{
    bu_qualifier vcs = { .key = BULLA_LIT("vcs_url") };
    BU_TRY(bu_lock_vcs_url(&b->lock, g->from->remote, g->from->revision, &vcs.value, err));
    entry->origin = BULLA_ORIGIN_GIT;
    entry->resolved = vcs.value;
    entry->qualifiers = &vcs;
    entry->qualifier_count = 1;
    return bu_lock_add(&b->lock, entry, out, err);
}

static bulla_status add_group(bundler *b, const group *g, size_t *out, bulla_error *err)
{
    const gem *first = &b->gems[g->first];
    bu_lock_entry entry = {
        .name = first->name, .version = first->version, .line = first->line, .column = 1
    };
    if (first->from->kind == SOURCE_PATH)
        return bu_lock_add_folder(&b->lock, &entry, first->from->remote, out, err);
    if (first->from->kind == SOURCE_GIT)
        return add_git(b, first, &entry, out, err);
    if (first->from->kind == SOURCE_GEM)
        entry.origin = BULLA_ORIGIN_REGISTRY; /* only a plugin knows where its gems come from */
    entry.resolved = first->from->remote;
    if (g->count == 1 && first->platform.len == 0)
        entry.digests = set_of(first->digests);
    else if (is_pinned(b, g))
        BU_TRY(pin_files(b, g, &entry, err));
    return bu_lock_add(&b->lock, &entry, out, err);
}

/* One gem of two sources would be whichever Bundler took last. */
static bulla_status check_group(const bundler *b, const gem *g, bulla_error *err)
{
    const source *first = b->gems[b->groups[g->group].first].from;
    const bu_lock_entry at = { .line = g->line, .column = 1 };
    if (first->kind == g->from->kind && bu_bytes_equal(first->remote, g->from->remote))
        return BU_OK;
    return bu_lock_fail(&b->lock, &at, err, BULLA_E_AMBIGUOUS_LOCK, "a gem of two sources");
}

static bulla_status add_gems(bundler *b, bulla_error *err)
{
    for (size_t i = 0; i < b->gem_count; i++) {
        gem *g = &b->gems[i];
        group *all = &b->groups[g->group];
        BU_TRY(check_group(b, g, err));
        if (!all->is_added) {
            BU_TRY(add_group(b, all, &g->component, err));
            BU_TRY(bu_lock_name(&b->lock, 0, g->name, g->component, err));
            all->is_added = true;
        }
        g->component = b->gems[all->first].component;
    }
    return BU_OK;
}

static bulla_status connect(bundler *b, bulla_error *err)
{
    for (size_t i = 0; i < b->need_count; i++) {
        const need *n = &b->needs[i];
        const bu_lock_entry at = { .line = n->line, .column = 1 };
        /* Bundler needs itself, and does not lock itself. */
        bool is_bundler = bu_bytes_is(n->name, "bundler");
        BU_TRY(bu_lock_need(&b->lock, b->gems[n->gem].component, 0, n->name,
                            is_bundler ? BU_ABSENCE_FINE : BU_ABSENCE_FLAW, &at, err));
    }
    return bu_lock_connect(&b->lock, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(bundler) b = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&b.lock, "gem", name, options, graph, err));
    BU_TRY(bu_in_file(err, bu_text_each(&b.text, read_line, &b, err), b.lock.file));
    BU_TRY(add_gems(&b, err));
    return connect(&b, err);
}

static const char *const filenames[] = { "Gemfile.lock", "gems.locked", NULL };

const bu_ecosystem bu_eco_bundler = {
    .id = "bundler",
    .filenames = filenames,
    .places = filenames,
    .title = "Bundler lockfile (Gemfile.lock, gems.locked)",
    .parse = parse,
};
