/* SPDX-License-Identifier: MIT */
/*
 * uv's uv.lock, version 1, all revisions. It holds the members of a workspace
 * beside what they need for all platforms, so what is needed for what follows
 * from going through it. Refuses other versions, unknown kinds of source, and
 * repositories without a commit.
 */
#include "base/vec.h"
#include "ecosystem/pypi.h"

/* A component that members of the workspace ask for, and what for. */
typedef struct seed {
    size_t component;
    bulla_scope scope;
} seed;

typedef struct reader {
    bu_lock *lock;
    bu_intern members; /* names of the packages that are the project's own */
    bool *is_member;   /* by component */
    seed *seeds;
    size_t seed_count, seed_cap;
} reader;

static void reader_clear(reader *r)
{
    bu_intern_clear(&r->members);
    free(r->is_member);
    free(r->seeds);
}
BU_DEFINE_CLEAR(reader)

/* ---- Sources ---- */

static bulla_status from_registry(reader *r, const bu_node *source, bu_pypi_package *package,
                                  bulla_error *err)
{
    (void)r;
    (void)err;
    package->entry.origin = BULLA_ORIGIN_REGISTRY;
    package->entry.resolved = bu_node_text(source);
    return BU_OK;
}

/* "https://host/repository?rev=main#COMMIT" */
static bulla_status from_git(reader *r, const bu_node *source, bu_pypi_package *package,
                             bulla_error *err)
{
    bulla_bytes text = bu_node_text(source);
    bulla_bytes url = bu_bytes_first(text, bu_bytes_find(text, '#'));
    bulla_bytes commit = bu_bytes_from(text, url.len + 1);
    if (!bu_is_commit(commit))
        return bu_node_fail(r->lock->tree, source, err, BULLA_E_UNPINNED,
                            "a repository without its full commit");
    url = bu_bytes_first(url, bu_bytes_find(url, '?'));
    return bu_pypi_from_vcs(r->lock, "git", url, commit, package, err);
}

static bulla_status from_url(reader *r, const bu_node *source, bu_pypi_package *package,
                             bulla_error *err)
{
    return bu_pypi_from_url(r->lock, bu_node_text(source), package, err);
}

static bulla_status from_archive(reader *r, const bu_node *source, bu_pypi_package *package,
                                 bulla_error *err)
{
    (void)r;
    (void)err;
    bu_pypi_from_path(bu_node_text(source), false, package);
    return BU_OK;
}

static bulla_status from_folder(reader *r, const bu_node *source, bu_pypi_package *package,
                                bulla_error *err)
{
    (void)r;
    (void)err;
    bu_pypi_from_path(bu_node_text(source), true, package);
    return BU_OK;
}

static const struct {
    const char *kind;
    bulla_status (*take)(reader *r, const bu_node *source, bu_pypi_package *package,
                         bulla_error *err);
} kinds[] = {
    { "registry", from_registry }, { "git", from_git },          { "url", from_url },
    { "path", from_archive },      { "directory", from_folder }, { "editable", from_folder },
    { "virtual", from_folder },
};

static bulla_status read_source(reader *r, const bu_node *node, bu_pypi_package *package,
                                bulla_error *err)
{
    const bu_node *source;
    BU_TRY(bu_node_field(r->lock->tree, node, "source", BU_NODE_TABLE, &source, err));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const bu_node *found = bu_node_get(source, kinds[i].kind);
        if (found == NULL)
            continue;
        BU_TRY(bu_node_need(r->lock->tree, found, BU_NODE_STRING, err));
        return kinds[i].take(r, found, package, err);
    }
    return bu_node_fail(r->lock->tree, source, err, BULLA_E_UNSUPPORTED_FEATURE,
                        "no kind of source that is known");
}

/* ---- Packages ---- */

static bool is_root(const bu_lock_entry *entry)
{
    return entry->origin == BULLA_ORIGIN_LOCAL && bu_bytes_is(entry->location, ".");
}

/* Without a list of members there is one: what lies where the lockfile does. */
static bool is_own(const reader *r, const bu_lock_entry *entry)
{
    return is_root(entry) || (entry->origin == BULLA_ORIGIN_LOCAL &&
                              bu_intern_find(&r->members, 0, entry->name) != BU_INTERN_NONE);
}

static bulla_status add(void *context, const bu_node *node, bulla_error *err)
{
    reader *r = context;
    const bu_tree *tree = r->lock->tree;
    const bu_node *name, *version, *sdist, *wheels;
    size_t component;
    BU_TRY(bu_node_field(tree, node, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_optional(tree, node, "version", BU_NODE_STRING, &version, err));
    BU_TRY(bu_node_optional(tree, node, "sdist", BU_NODE_TABLE, &sdist, err));
    BU_TRY(bu_node_optional(tree, node, "wheels", BU_NODE_ARRAY, &wheels, err));
    bu_pypi_package package = {
        .entry = { .name = bu_node_text(name), .version = bu_node_text(version), .node = node }
    };
    BU_TRY(read_source(r, node, &package, err));
    if (package.entry.origin != BULLA_ORIGIN_LOCAL && package.entry.origin != BULLA_ORIGIN_GIT)
        BU_TRY(bu_pypi_read_files(r->lock, sdist, wheels, &package, err));
    BU_TRY(bu_pypi_add(r->lock, &package, &component, err));
    r->is_member[component] = is_own(r, &package.entry);
    if (is_root(&package.entry) && r->lock->graph->root == BULLA_NO_COMPONENT)
        r->lock->graph->root = component;
    return BU_OK;
}

/* ---- Who needs whom, and what for ---- */

static bulla_status plant(reader *r, size_t component, bulla_scope scope, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&r->seeds, r->seed_count, &r->seed_cap, sizeof *r->seeds, err));
    r->seeds[r->seed_count++] = (seed){ component, scope };
    return BU_OK;
}

static bulla_status connect_one(reader *r, size_t component, const bu_node *dependency,
                                bulla_scope scope, bulla_error *err)
{
    const bu_lock_entry at = { .node = dependency };
    const bu_graph *graph = r->lock->graph;
    const bu_node *name, *version;
    size_t before = graph->edge_count;
    BU_TRY(bu_node_need(r->lock->tree, dependency, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(r->lock->tree, dependency, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_optional(r->lock->tree, dependency, "version", BU_NODE_STRING, &version, err));
    BU_TRY(bu_pypi_need(r->lock, component, bu_node_text(name), bu_node_text(version),
                        BU_ABSENCE_FLAW, &at, err));
    for (size_t i = before; i < graph->edge_count && r->is_member[component]; i++)
        BU_TRY(plant(r, graph->edges[i].to, scope, err));
    return BU_OK;
}

static bulla_status connect_list(reader *r, size_t component, const bu_node *list,
                                 bulla_scope scope, bulla_error *err)
{
    BU_EACH_CHILD(dependency, list) {
        BU_TRY(connect_one(r, component, dependency, scope, err));
    }
    return BU_OK;
}

static bulla_status connect(void *context, const bu_node *node, size_t component, bulla_error *err)
{
    static const struct {
        const char *field;
        bulla_scope scope;
    } groups[] = {
        { "optional-dependencies", BULLA_SCOPE_OPTIONAL },
        { "dev-dependencies", BULLA_SCOPE_DEV },
    };
    reader *r = context;
    const bu_node *list;
    BU_TRY(bu_node_optional(r->lock->tree, node, "dependencies", BU_NODE_ARRAY, &list, err));
    BU_TRY(connect_list(r, component, list, BULLA_SCOPE_RUNTIME, err));
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        BU_TRY(bu_node_optional(r->lock->tree, node, groups[i].field, BU_NODE_TABLE, &list, err));
        BU_EACH_CHILD(group, list) {
            BU_TRY(bu_node_need(r->lock->tree, group, BU_NODE_ARRAY, err));
            BU_TRY(connect_list(r, component, group, groups[i].scope, err));
        }
    }
    return BU_OK;
}

/* Who is needed by each component: `to` of its edges, from starts[component] to the next start. */
typedef struct web {
    size_t *starts, *targets, *queue;
    bool *seen;
} web;

static void web_clear(web *w)
{
    free(w->starts);
    free(w->targets);
    free(w->queue);
    free(w->seen);
}
BU_DEFINE_CLEAR(web)

static bulla_status weave(const bu_graph *graph, web *w, bulla_error *err)
{
    w->starts = calloc(graph->count + 2, sizeof *w->starts);
    w->targets = calloc(graph->edge_count + 1, sizeof *w->targets);
    w->queue = calloc(graph->count + 1, sizeof *w->queue);
    w->seen = calloc(graph->count + 1, sizeof *w->seen);
    if (w->starts == NULL || w->targets == NULL || w->queue == NULL || w->seen == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->edge_count; i++)
        w->starts[graph->edges[i].from + 2]++;
    for (size_t i = 2; i < graph->count + 2; i++)
        w->starts[i] += w->starts[i - 1];
    for (size_t i = 0; i < graph->edge_count; i++)
        w->targets[w->starts[graph->edges[i].from + 1]++] = graph->edges[i].to;
    return BU_OK;
}

/* Members are not gone through: what they need for development is not what their users need. */
static void visit(const reader *r, web *w, size_t component, bulla_scope scope, size_t *queued)
{
    if (w->seen[component] || r->is_member[component])
        return;
    w->seen[component] = true;
    r->lock->graph->components[component].scope = scope;
    w->queue[(*queued)++] = component;
}

/* From the strongest scope to the weakest; what nobody asks for stays runtime. */
static bulla_status spread_scopes(const reader *r, bulla_error *err)
{
    static const bulla_scope scopes[] = { BULLA_SCOPE_RUNTIME, BULLA_SCOPE_OPTIONAL,
                                          BULLA_SCOPE_DEV };
    BU_CLEAR(web) w = { 0 };
    size_t queued = 0, done = 0;
    BU_TRY(weave(r->lock->graph, &w, err));
    for (size_t s = 0; s < sizeof scopes / sizeof scopes[0]; s++) {
        for (size_t i = 0; i < r->seed_count; i++)
            if (r->seeds[i].scope == scopes[s])
                visit(r, &w, r->seeds[i].component, scopes[s], &queued);
        for (; done < queued; done++)
            for (size_t i = w.starts[w.queue[done]]; i < w.starts[w.queue[done] + 1]; i++)
                visit(r, &w, w.targets[i], scopes[s], &queued);
    }
    return BU_OK;
}

/* ---- The document ---- */

static bulla_status check_version(const bu_tree *tree, const bu_node *document, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_node_field(tree, document, "version", BU_NODE_INTEGER, &version, err));
    if (bu_node_integer(version) == 1)
        return BU_OK;
    bulla_status status = bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of uv.lock is known");
    return bu_expected(err, status, BULLA_LIT("1"), bu_node_text(version));
}

static bulla_status read_members(reader *r, const bu_node *document, bulla_error *err)
{
    const bu_node *manifest, *members;
    size_t number;
    BU_TRY(bu_node_optional(r->lock->tree, document, "manifest", BU_NODE_TABLE, &manifest, err));
    BU_TRY(bu_node_optional(r->lock->tree, manifest, "members", BU_NODE_ARRAY, &members, err));
    BU_EACH_CHILD(name, members) {
        BU_TRY(bu_node_need(r->lock->tree, name, BU_NODE_STRING, err));
        BU_TRY(bu_intern_add(&r->members, 0, bu_node_text(name), &number, err));
    }
    return BU_OK;
}

/* uv before 0.3 calls a package a distribution, and later ones still read that. */
static bulla_status find_packages(const bu_tree *tree, const bu_node *document, const bu_node **out,
                                  bulla_error *err)
{
    const bu_node *old;
    BU_TRY(bu_node_optional(tree, document, "package", BU_NODE_ARRAY, out, err));
    BU_TRY(bu_node_optional(tree, document, "distribution", BU_NODE_ARRAY, &old, err));
    if (old != NULL && *out != NULL)
        return bu_node_fail(tree, old, err, BULLA_E_AMBIGUOUS_LOCK,
                            "`distribution` beside `package`");
    if (old != NULL)
        *out = old;
    return BU_OK;
}

static bulla_status fill(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    BU_CLEAR(reader) r = { .lock = lock };
    const bu_pypi_steps steps = { add, connect, &r };
    const bu_node *packages;
    BU_TRY(check_version(lock->tree, document, err));
    BU_TRY(read_members(&r, document, err));
    BU_TRY(find_packages(lock->tree, document, &packages, err));
    r.is_member = calloc(bu_node_count(packages) + 1, sizeof *r.is_member);
    if (r.is_member == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_pypi_read_packages(lock, packages, &steps, err));
    return spread_scopes(&r, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "pypi", bu_toml_load, fill };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "uv.lock", NULL };

const bu_ecosystem bu_eco_uv = {
    .id = "uv",
    .filenames = filenames,
    .places = filenames,
    .title = "uv lockfile (uv.lock, version 1)",
    .parse = parse,
};
