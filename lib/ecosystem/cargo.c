/* SPDX-License-Identifier: MIT */
/*
 * Cargo's lockfile: Cargo.lock versions 1 to 4. Spec: the Cargo book,
 * "Cargo.toml vs Cargo.lock", and where it is silent, what cargo itself reads.
 * A package without a source is a folder: a member of the workspace, or what
 * `path` names. Refuses other versions, git without a commit, kinds of sources
 * that cargo does not lock, and a checksum where cargo would take a folder.
 */
#include "base/vec.h"
#include "ecosystem/cargo_local.h"
#include "ecosystem/origin.h"

typedef struct package {
    const bu_node *node;
    bulla_bytes name, version, source; /* source empty: a folder */
    bulla_bytes checksum;              /* from [metadata], as version 1 has it */
} package;

/* What goes by a name, by a version of it, or by a source of that. */
typedef struct choice {
    size_t count, first; /* versions of a name; packages of a version; packages of a source */
    size_t locals, local;
} choice;

typedef struct cargo {
    bu_lock lock;
    bu_intern ids; /* (NAMES, name), (of_name(name's number), version), (of_version(…), source) */
    choice *choices;
    size_t choice_cap;
    package *packages; /* a package's index is also that of its component */
    size_t count, cap;
    size_t locals, local; /* packages that are folders */
} cargo;

/* How a dependency names a package: "name", "name version" or "name version (source)". */
typedef struct package_id {
    bulla_bytes name, version, source;
} package_id;

#define NAMES ((size_t)0)

static size_t of_name(size_t number)
{
    return 1 + 2 * number;
}

static size_t of_version(size_t number)
{
    return 2 + 2 * number;
}

static void cargo_clear(cargo *c)
{
    bu_lock_clear(&c->lock);
    bu_intern_clear(&c->ids);
    free(c->choices);
    free(c->packages);
}
BU_DEFINE_CLEAR(cargo)

/* ---- Sources ---- */

/* A commit is written behind '#' in a package's own source alone. */
static bulla_bytes without_commit(bulla_bytes source)
{
    return bu_bytes_first(source, bu_bytes_find(source, '#'));
}

static bulla_bytes url_of(bulla_bytes source)
{
    return bu_bytes_from(source, bu_bytes_find(source, '+') + 1);
}

static bool is_default_registry(bulla_bytes source)
{
    return bu_bytes_is(source, "registry+https://github.com/rust-lang/crates.io-index") ||
           bu_bytes_is(source, "sparse+https://index.crates.io/");
}

static bulla_status take_git(cargo *c, const package *p, bu_lock_entry *entry, bu_qualifier *q,
                             bulla_error *err)
{
    bulla_bytes bare = without_commit(p->source);
    bulla_bytes commit = bu_bytes_from(p->source, bare.len + 1);
    bulla_bytes url = url_of(bare);
    if (!bu_is_commit(commit))
        return bu_node_fail(c->lock.tree, bu_node_get(p->node, "source"), err, BULLA_E_UNPINNED,
                            "a git dependency without its full commit");
    entry->origin = BULLA_ORIGIN_GIT;
    q->key = BULLA_LIT("vcs_url");
    return bu_lock_vcs_url(&c->lock, bu_bytes_first(url, bu_bytes_find(url, '?')), commit,
                           &q->value, err);
}

static bulla_status take_source(cargo *c, const package *p, bu_lock_entry *entry, bu_qualifier *q,
                                bulla_error *err)
{
    bulla_bytes kind = bu_bytes_first(p->source, bu_bytes_find(p->source, '+'));
    entry->origin = BULLA_ORIGIN_LOCAL;
    if (p->source.len == 0)
        return BU_OK;
    entry->resolved = p->source;
    if (bu_bytes_is(kind, "git"))
        return take_git(c, p, entry, q, err);
    entry->origin = BULLA_ORIGIN_OUTSIDE;
    if (bu_bytes_is(kind, "path"))
        return BU_OK;
    entry->origin = BULLA_ORIGIN_REGISTRY;
    if (!bu_bytes_is(kind, "registry") && !bu_bytes_is(kind, "sparse"))
        return bu_node_fail(c->lock.tree, bu_node_get(p->node, "source"), err,
                            BULLA_E_UNSUPPORTED_FEATURE, "cargo locks no such kind of source");
    if (is_default_registry(p->source))
        return BU_OK;
    const char *url = bu_lock_public_url(url_of(p->source), c->lock.graph->arena);
    *q = (bu_qualifier){ BULLA_LIT("repository_url"), bu_bytes_of(url) };
    return url == NULL ? bu_no_memory(err) : BU_OK;
}

/* ---- Identities ---- */

static bulla_status id_of(cargo *c, size_t space, bulla_bytes key, size_t *out, bulla_error *err)
{
    size_t known = c->ids.count;
    BU_TRY(bu_vec_grow(&c->choices, known, &c->choice_cap, sizeof *c->choices, err));
    BU_TRY(bu_intern_add(&c->ids, space, key, out, err));
    if (*out == known)
        c->choices[known] = (choice){ 0 };
    return BU_OK;
}

/* Sources are told apart only where two of them have the same package. */
static bulla_status add_source(cargo *c, size_t version, size_t index, bulla_error *err)
{
    const package *p = &c->packages[index];
    size_t source;
    BU_TRY(id_of(c, of_version(version), without_commit(p->source), &source, err));
    if (c->choices[source].count++ > 0)
        return bu_node_fail(c->lock.tree, p->node, err, BULLA_E_DUPLICATE_ENTRY,
                            "a package that is locked twice");
    c->choices[source].first = index;
    return BU_OK;
}

static bulla_status add_id(cargo *c, size_t index, bulla_error *err)
{
    const package *p = &c->packages[index];
    size_t name, version;
    BU_TRY(id_of(c, NAMES, p->name, &name, err));
    BU_TRY(id_of(c, of_name(name), p->version, &version, err));
    size_t others = c->choices[version].count++;
    if (others == 1)
        BU_TRY(add_source(c, version, c->choices[version].first, err));
    if (others > 0)
        BU_TRY(add_source(c, version, index, err));
    if (others == 0) {
        c->choices[version].first = index;
        c->choices[name].first = version;
        c->choices[name].count++;
    }
    if (p->source.len > 0)
        return BU_OK;
    c->choices[version].locals++;
    c->choices[version].local = index;
    return BU_OK;
}

static const choice *choice_of(const cargo *c, size_t space, bulla_bytes key, size_t *number)
{
    static const choice nothing = { 0 };
    *number = bu_intern_find(&c->ids, space, key);
    return *number == BU_INTERN_NONE ? &nothing : &c->choices[*number];
}

static size_t find_source(const cargo *c, size_t version, bulla_bytes source)
{
    const choice *of = &c->choices[version];
    size_t number;
    if (of->count > 1)
        of = choice_of(c, of_version(version), without_commit(source), &number);
    else if (!bu_bytes_equal(without_commit(c->packages[of->first].source), without_commit(source)))
        return BULLA_NO_COMPONENT;
    return of->count == 1 ? of->first : BULLA_NO_COMPONENT;
}

/* What is left out must leave no choice, but a folder goes before all others. */
static size_t find(const cargo *c, package_id id)
{
    size_t number;
    const choice *of = choice_of(c, NAMES, id.name, &number);
    if (id.version.len > 0) {
        of = choice_of(c, of_name(number), id.version, &number);
    } else {
        number = of->first;
        if (of->count != 1)
            return BULLA_NO_COMPONENT;
        of = &c->choices[number];
    }
    if (of->count == 0)
        return BULLA_NO_COMPONENT;
    if (id.source.len > 0)
        return find_source(c, number, id.source);
    if (of->locals > 0)
        return of->locals == 1 ? of->local : BULLA_NO_COMPONENT;
    return of->count == 1 ? of->first : BULLA_NO_COMPONENT;
}

static bool split_id(bulla_bytes text, package_id *out)
{
    *out = (package_id){ .name = bu_bytes_first(text, bu_bytes_find(text, ' ')) };
    bulla_bytes rest = bu_bytes_from(text, out->name.len + 1);
    out->version = bu_bytes_first(rest, bu_bytes_find(rest, ' '));
    bulla_bytes source = bu_bytes_from(rest, out->version.len + 1);
    bool has_version = out->name.len < text.len, has_source = out->version.len < rest.len;
    if (has_source) {
        if (source.len < 3 || source.ptr[0] != '(' || source.ptr[source.len - 1] != ')')
            return false;
        out->source = (bulla_bytes){ source.ptr + 1, source.len - 2 };
    }
    return out->name.len > 0 && (!has_version || out->version.len > 0);
}

/* ---- Packages ---- */

static bulla_status check_package(const cargo *c, const package *p, bulla_error *err)
{
    static const char *const fields[] = { "name",         "version", "source", "checksum",
                                          "dependencies", "replace", NULL };
    BU_TRY(bu_node_only(c->lock.tree, p->node, fields, err));
    for (size_t i = 0; i < p->name.len; i++)
        if (p->name.ptr[i] < 0x80 && !bu_is_word((bulla_bytes){ p->name.ptr + i, 1 }, "-_"))
            return bu_node_fail(c->lock.tree, bu_node_get(p->node, "name"), err, BULLA_E_BAD_NAME,
                                "not the name of a crate");
    if (!bu_is_semver(p->version))
        return bu_node_fail(c->lock.tree, bu_node_get(p->node, "version"), err, BULLA_E_BAD_SYNTAX,
                            "not one exact version: \"%.*s\"", (int)p->version.len,
                            (const char *)p->version.ptr);
    return BU_OK;
}

static bulla_status read_package(cargo *c, const bu_node *node, bulla_error *err)
{
    const bu_tree *tree = c->lock.tree;
    package p = { .node = node };
    BU_TRY(bu_node_need(tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_must_text(tree, node, "name", &p.name, err));
    BU_TRY(bu_node_must_text(tree, node, "version", &p.version, err));
    BU_TRY(bu_node_maybe_text(tree, node, "source", &p.source, err));
    BU_TRY(check_package(c, &p, err));
    if (p.source.len == 0) {
        c->locals++;
        c->local = c->count;
    }
    BU_TRY(bu_vec_grow(&c->packages, c->count, &c->cap, sizeof *c->packages, err));
    c->packages[c->count++] = p;
    return add_id(c, c->count - 1, err);
}

static bulla_status read_packages(cargo *c, const bu_node *document, bulla_error *err)
{
    const bu_node *list, *root;
    BU_TRY(bu_node_optional(c->lock.tree, document, "package", BU_NODE_ARRAY, &list, err));
    BU_TRY(bu_node_optional(c->lock.tree, document, "root", BU_NODE_TABLE, &root, err));
    if (root != NULL) /* until 2017 */
        BU_TRY(read_package(c, root, err));
    BU_EACH_CHILD(node, list) {
        BU_TRY(read_package(c, node, err));
    }
    return BU_OK;
}

/* "checksum NAME VERSION (SOURCE)" = "…", of version 1. cargo passes over what is no package. */
static bulla_status read_metadata(cargo *c, const bu_node *document, bulla_error *err)
{
    const bu_node *metadata;
    package_id id;
    BU_TRY(bu_node_optional(c->lock.tree, document, "metadata", BU_NODE_TABLE, &metadata, err));
    BU_EACH_CHILD(node, metadata) {
        bulla_bytes key = bu_node_key(node);
        BU_TRY(bu_node_need(c->lock.tree, node, BU_NODE_STRING, err));
        if (!bu_bytes_starts(key, "checksum "))
            continue;
        if (!split_id(bu_bytes_from(key, strlen("checksum ")), &id))
            return bu_node_fail(c->lock.tree, node, err, BULLA_E_BAD_SYNTAX,
                                "a checksum of no package");
        size_t index = find(c, id);
        if (index != BULLA_NO_COMPONENT)
            c->packages[index].checksum = bu_node_text(node);
    }
    return BU_OK;
}

static bulla_status take_checksum(const cargo *c, const package *p, bulla_bytes text,
                                  bulla_digest_set *set, bulla_error *err)
{
    bulla_digest digest;
    if (text.len == 0 || bu_bytes_is(text, "<none>"))
        return BU_OK;
    if (p->source.len == 0)
        return bu_node_fail(c->lock.tree, p->node, err, BULLA_E_AMBIGUOUS_LOCK,
                            "a checksum, but no source: cargo takes a folder, which has none");
    bulla_status status = bu_digest_from_hex(BULLA_ALG_SHA256, text, &digest, err);
    if (bulla_ok(status))
        status = bu_digest_set_add(set, &digest, err);
    return bulla_ok(status) ? BU_OK
                            : bu_node_fail(c->lock.tree, p->node, err, status.code,
                                           "not the checksum of this package: \"%.*s\"",
                                           (int)text.len, (const char *)text.ptr);
}

static bulla_status add_package(cargo *c, const package *p, bulla_error *err)
{
    bu_qualifier qualifier = { 0 };
    bu_lock_entry entry = { .name = p->name, .version = p->version, .node = p->node };
    bulla_bytes checksum;
    BU_TRY(take_source(c, p, &entry, &qualifier, err));
    if (qualifier.key.len > 0) {
        entry.qualifiers = &qualifier;
        entry.qualifier_count = 1;
    }
    BU_TRY(bu_node_maybe_text(c->lock.tree, p->node, "checksum", &checksum, err));
    BU_TRY(take_checksum(c, p, checksum, &entry.digests, err));
    BU_TRY(take_checksum(c, p, p->checksum, &entry.digests, err));
    return bu_lock_add(&c->lock, &entry, NULL, err);
}

/* ---- Edges ---- */

/* cargo passes over what is not there, or could be several; a graph with a hole is said to have one. */
static bulla_status need(cargo *c, size_t from, const bu_node *node, bulla_error *err)
{
    package_id id;
    const bu_lock_entry at = { .node = node };
    BU_TRY(bu_node_need(c->lock.tree, node, BU_NODE_STRING, err));
    if (!split_id(bu_node_text(node), &id))
        return bu_node_fail(c->lock.tree, node, err, BULLA_E_BAD_SYNTAX,
                            "not a dependency: \"%.*s\"", (int)bu_node_text(node).len,
                            (const char *)bu_node_text(node).ptr);
    size_t to = find(c, id);
    if (to != BULLA_NO_COMPONENT)
        return bu_graph_link(c->lock.graph, from, to, err);
    return bu_lock_need(&c->lock, from, 0, bu_node_text(node), BU_ABSENCE_FLAW, &at, err);
}

static bulla_status connect(cargo *c, bulla_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        const bu_node *list, *replacement;
        BU_TRY(bu_node_optional(c->lock.tree, c->packages[i].node, "dependencies", BU_NODE_ARRAY,
                                &list, err));
        BU_TRY(bu_node_optional(c->lock.tree, c->packages[i].node, "replace", BU_NODE_STRING,
                                &replacement, err));
        if (replacement != NULL)
            BU_TRY(need(c, i, replacement, err));
        BU_EACH_CHILD(node, list) {
            BU_TRY(need(c, i, node, err));
        }
    }
    return bu_lock_connect(&c->lock, err);
}

/* ---- The document ---- */

/* cargo: "lock file version `N` was found". What has no number is version 1 or 2. */
static bulla_status check_document(const bu_tree *tree, const bu_node *document, bulla_error *err)
{
    static const char *const fields[] = { "version", "package", "root", "metadata", "patch", NULL };
    const bu_node *version;
    BU_TRY(bu_node_only(tree, document, fields, err));
    BU_TRY(bu_node_optional(tree, document, "version", BU_NODE_INTEGER, &version, err));
    int64_t number = bu_node_integer(version);
    if (version == NULL || number == 3 || number == 4)
        return BU_OK;
    bulla_status status = bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of cargo's lockfile is known");
    return bu_expected(err, status, BULLA_LIT("3, 4 or none"), bu_node_text(version));
}

/* ---- Folders ---- */

/*
 * What has no source is a folder. Where another package needs it, some Cargo.toml of the project must
 * be its own: else its source was struck out, or it lies elsewhere, and nothing pins it.
 */
static bulla_status judge_locals(cargo *c, bulla_error *err)
{
    BU_CLEAR(bu_intern) locals = { 0 };
    bu_arena *arena = c->lock.graph->arena;
    bulla_bytes *wanted = bu_arena_get_array(arena, c->count, sizeof *wanted);
    bool *needed = bu_arena_get_array(arena, c->count, sizeof *needed);
    size_t count = 0;
    if (wanted == NULL || needed == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < c->lock.graph->edge_count; i++)
        needed[c->lock.graph->edges[i].to] = true;
    for (size_t i = 0; i < c->count; i++)
        if (needed[i] && c->packages[i].source.len == 0)
            wanted[count++] = c->packages[i].name;
    if (count > 0)
        BU_TRY(bu_cargo_locals(&c->lock, wanted, count, &locals, err));
    for (size_t i = 0; i < c->count && count > 0; i++)
        if (needed[i] && c->packages[i].source.len == 0 &&
            bu_intern_find(&locals, 0, c->packages[i].name) == BU_INTERN_NONE)
            c->lock.graph->components[i].origin = BULLA_ORIGIN_OUTSIDE;
    return BU_OK;
}

static bulla_status fill(cargo *c, const bu_node *document, bulla_error *err)
{
    BU_TRY(check_document(c->lock.tree, document, err));
    BU_TRY(read_packages(c, document, err));
    BU_TRY(read_metadata(c, document, err));
    for (size_t i = 0; i < c->count; i++)
        BU_TRY(add_package(c, &c->packages[i], err));
    if (c->locals == 1) /* else it is not said which of them is the product */
        c->lock.graph->root = c->local;
    BU_TRY(connect(c, err));
    return c->lock.options->read == NULL ? BU_OK : judge_locals(c, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(cargo) c = { 0 };
    BU_TRY(bu_toml_load(text, name, &tree, err));
    BU_TRY(bu_lock_open(&c.lock, "cargo", name, options, graph, err));
    c.lock.tree = tree;
    return fill(&c, bu_tree_root(tree), err);
}

static const char *const filenames[] = { "Cargo.lock", NULL };

const bu_ecosystem bu_eco_cargo = {
    .id = "cargo",
    .filenames = filenames,
    .places = filenames,
    .title = "Cargo lockfile (Cargo.lock 1-4)",
    .parse = parse,
};
