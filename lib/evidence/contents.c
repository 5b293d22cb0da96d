/* SPDX-License-Identifier: MIT */
/*
 * Contents: one row a package type says how its archive is walked and how its
 * manifest is read.
 */
#include "evidence/contents.h"

#include "archive/walk.h"
#include "syntax/tree.h"

/* One walk over one archive. */
typedef struct walk {
    bu_expected_package *packages;
    size_t count;
    const bu_deb_entry *listed;
    bu_arena *arena;
    bu_expected_package *open; /* whose manifest is coming, */
    size_t open_count;         /* this many: they follow each other */
} walk;

static bulla_status disagrees(const char *field, const char *expected, bulla_bytes got,
                              bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_SUBJECT_MISMATCH,
                                  "the archive is another package: its %s differs", field);
    return bu_expected(err, status, bu_bytes_of(expected), got);
}

/* npm publishes "v1.0.0" and "=1.0.0" as 1.0.0 (semver's clean form). */
static bulla_bytes clean_version(bulla_bytes version)
{
    version = bu_bytes_trim(version);
    while (version.len > 0 &&
           (version.ptr[0] == 'v' || version.ptr[0] == '=' || version.ptr[0] == ' '))
        version = bu_bytes_from(version, 1);
    return version;
}

/* The last parts of build metadata are not part of a published version: 1.0.0+5 is 1.0.0. */
static bool same_version(const char *expected, bulla_bytes got)
{
    bulla_bytes want = bu_bytes_of(expected);
    got = clean_version(got);
    return bu_bytes_equal(want, got) ||
           bu_bytes_equal(want, bu_bytes_first(got, bu_bytes_find(got, '+')));
}

/* What a package calls itself says nothing about a commit: that is then its version. */
static const char *published_version(const bulla_component *component)
{
    return component->origin == BULLA_ORIGIN_GIT ? NULL : component->version;
}

static bulla_status compare_package_json(const bulla_component *component, const bu_tree *tree,
                                         bulla_error *err)
{
    const bu_node *name, *version;
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "version", BU_NODE_STRING, &version, err));
    if (!bu_bytes_is(bu_node_text(name), component->name))
        return disagrees("name", component->name, bu_node_text(name), err);
    const char *expected = published_version(component);
    if (expected != NULL && !same_version(expected, bu_node_text(version)))
        return disagrees("version", expected, bu_node_text(version), err);
    return BU_OK;
}

static bulla_status judge_package_json(const walk *w, const bulla_component *component,
                                       bulla_bytes content, bulla_error *err)
{
    (void)w;
    BU_AUTO(bu_tree) tree = NULL;
    if (bu_bytes_starts(content, "\xEF\xBB\xBF"))
        content = bu_bytes_from(content, 3); /* npm reads it so, and old packages have it */
    BU_TRY(bu_json_load(content, "package.json", &tree, err));
    return compare_package_json(component, tree, err);
}

static bulla_status same_text(const char *field, const char *expected, const char *got,
                              bulla_error *err)
{
    bool same = expected == NULL || got == NULL ? expected == got : strcmp(expected, got) == 0;
    return same ? BU_OK : disagrees(field, expected == NULL ? "" : expected, bu_bytes_of(got), err);
}

static bulla_status judge_control(const walk *w, const bulla_component *component,
                                  bulla_bytes content, bulla_error *err)
{
    bu_deb_entry control = { 0 };
    BU_TRY(bu_control_parse(content, "control", w->arena, &control, err));
    BU_TRY(same_text("Package", component->name, control.package, err));
    BU_TRY(same_text("Version", component->version, control.version, err));
    BU_TRY(same_text("Architecture", component->architecture, control.architecture, err));
    if (w->listed == NULL)
        return BU_OK;
    BU_TRY(same_text("Multi-Arch", w->listed->multiarch, control.multiarch, err));
    BU_TRY(same_text("Depends", w->listed->depends, control.depends, err));
    BU_TRY(same_text("Pre-Depends", w->listed->pre_depends, control.pre_depends, err));
    return same_text("Essential", w->listed->essential, control.essential, err);
}

/* npm drops the first folder of every path, whatever its name. */
static bulla_bytes below_top_folder(bulla_bytes path)
{
    return bu_bytes_from(path, bu_bytes_find(path, '/') + 1);
}

static bulla_bytes as_it_is(bulla_bytes path)
{
    return path;
}

typedef struct reader {
    const char *type;
    bulla_status (*walk)(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err);
    bulla_bytes (*place)(
        bulla_bytes path); /* where a member stands below the package's own folder */
    bulla_status (*judge)(const walk *w, const bulla_component *component, bulla_bytes content,
                          bulla_error *err);
} reader;

static const reader readers[] = {
    { "npm", bu_walk_tar, below_top_folder, judge_package_json },
    { "deb", bu_walk_deb, as_it_is, judge_control },
};

static const reader *reader_of(const char *type)
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        if (strcmp(readers[i].type, type) == 0)
            return &readers[i];
    return NULL;
}

bool bu_contents_known(const char *type)
{
    return reader_of(type) != NULL;
}

/* Those whose manifest stands at `path`: two places of the project may hold the same archive. */
static void open_packages(walk *w, bulla_bytes path)
{
    size_t low = 1, high = w->count;
    w->open = w->packages;
    w->open_count = bu_bytes_is(path, w->packages[0].path) ? 1 : 0;
    if (w->open_count > 0)
        return;
    while (low < high) { /* the first whose path is not before */
        size_t middle = low + (high - low) / 2;
        if (bu_bytes_compare(bu_bytes_of(w->packages[middle].path), path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    w->open += low;
    while (low + w->open_count < w->count && bu_bytes_is(path, w->open[w->open_count].path))
        w->open_count++;
}

static bulla_status visit_member(void *context, const bu_member *member, bool *want,
                                 bulla_error *err)
{
    walk *w = context;
    open_packages(w, reader_of(w->packages[0].component->type)->place(member->path));
    if (w->open_count == 0)
        return BU_OK;
    if (bu_bytes_equal(w->open->seen, member->path))
        return BU_OK; /* one file packed twice, see doc/archives.md: the walk compares them */
    if (w->open->seen.len > 0)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "a second %s", w->open->path);
    bulla_bytes seen = bu_arena_copy(w->arena, member->path);
    if (seen.ptr == NULL)
        return bu_no_memory(err);
    *want = member->kind == BU_MEMBER_FILE;
    for (size_t i = 0; i < w->open_count; i++) {
        w->open[i].seen = seen;
        if (!*want)
            w->open[i].status = bu_fail(&w->open[i].error, BULLA_E_BAD_LINK,
                                        "%s is not a regular file", w->open[i].path);
    }
    return BU_OK;
}

static bulla_status visit_content(void *context, const bu_member *member, bulla_bytes content,
                                  bulla_error *err)
{
    (void)member;
    walk *w = context;
    for (size_t i = 0; i < w->open_count; i++) {
        bu_expected_package *p = &w->open[i];
        p->status =
            reader_of(w->packages[0].component->type)->judge(w, p->component, content, &p->error);
        (void)bu_in_file(&p->error, p->status, p->path);
        if (p->status.code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
    }
    return BU_OK;
}

bulla_status bu_contents_walk(bu_source *source, bu_expected_package *packages, size_t count,
                              const bu_deb_entry *listed, bu_arena *arena, bulla_error *err)
{
    walk w = { .packages = packages, .count = count, .listed = listed, .arena = arena };
    const bu_walk_visitor visitor = { .context = &w,
                                      .member = visit_member,
                                      .content = visit_content };
    BU_TRY(reader_of(packages[0].component->type)->walk(source, &visitor, err));
    for (size_t i = 0; i < count; i++)
        if (packages[i].seen.len == 0)
            packages[i].status = bu_as(&packages[i].error,
                                       bu_fail(&packages[i].error, BULLA_E_MISSING_FILE,
                                               "the archive has no %s", packages[i].path),
                                       BULLA_EXIT_DENIED);
    return BU_OK;
}
