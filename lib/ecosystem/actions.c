/* SPDX-License-Identifier: MIT */
/*
 * GitHub Actions: what workflows (.github/workflows) and actions (action.yml)
 * use. Spec: GitHub's "Workflow syntax" and "Metadata syntax". Only a full
 * commit or an image's digest is a pin: all else is listed, and said to be
 * unpinned. Anchors and aliases are refused as everywhere in YAML: what they
 * stand for is not what is written there. Images of `container` and `services`
 * are no `uses` and not listed.
 */
#include "ecosystem/origin.h"

typedef struct reference {
    const bu_node *node;
    bulla_bytes text;
} reference;

static bulla_status refuse(const bu_lock *lock, const reference *r, bulla_error *err,
                           bulla_code code, const char *why)
{
    return bu_node_fail(lock->tree, r->node, err, code, "%s: \"%.*s\"", why, (int)r->text.len,
                        (const char *)r->text.ptr);
}

/* A tag, a branch or no digest: what runs tomorrow may be something else. */
static bulla_status note_unpinned(bu_lock *lock, const reference *r, size_t component,
                                  bulla_error *err)
{
    bu_flaw flaw = {
        .code = BULLA_E_UNPINNED,
        .component = component,
        .what = bu_arena_format(lock->graph->arena, "%.*s is no full commit and no digest",
                                (int)r->text.len, (const char *)r->text.ptr),
        .lockfile = lock->file,
    };
    bu_tree_place(lock->tree, bu_node_offset(r->node), &flaw.line, &flaw.column);
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(lock->graph, &flaw, err);
}

/* "./path": a folder or file of this repository. */
static bulla_status add_local(bu_lock *lock, const reference *r, bulla_error *err)
{
    bu_lock_entry entry = {
        .type = "generic", .name = r->text, .scope = BULLA_SCOPE_BUILD, .node = r->node
    };
    while (bu_bytes_starts(entry.name, "./"))
        entry.name = bu_bytes_from(entry.name, 2);
    if (entry.name.len == 0)
        entry.name = BULLA_LIT("action");
    entry.location = entry.name;
    entry.origin = BULLA_ORIGIN_LOCAL;
    for (bulla_bytes rest = entry.name; rest.len > 0;) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        if (bu_bytes_is(part, ".."))
            return refuse(lock, r, err, BULLA_E_PATH_TRAVERSAL, "leads out of the repository");
        rest = bu_bytes_from(rest, part.len + 1);
    }
    return bu_lock_add(lock, &entry, NULL, err);
}

static bool is_image_digest(bulla_bytes text)
{
    bulla_bytes hex = bu_bytes_from(text, strlen("sha256:"));
    return bu_bytes_starts(text, "sha256:") && hex.len == 64 && bu_is_commit(hex);
}

/* "image", "host:5000/a/image:tag", "image@sha256:…" */
static bulla_status add_image(bu_lock *lock, const reference *r, bulla_bytes image,
                              bulla_error *err)
{
    size_t at = bu_bytes_find(image, '@'), component;
    bu_lock_entry entry = { .type = "docker",
                            .name = bu_bytes_first(image, at),
                            .version = bu_bytes_from(image, at + 1),
                            .scope = BULLA_SCOPE_BUILD,
                            .origin = BULLA_ORIGIN_REGISTRY,
                            .resolved = image,
                            .node = r->node };
    size_t colon = entry.name.len;
    while (colon > 0 && entry.name.ptr[colon - 1] != ':' && entry.name.ptr[colon - 1] != '/')
        colon--;
    if (colon > 0 && entry.name.ptr[colon - 1] == ':') {
        if (at == image.len)
            entry.version = bu_bytes_from(entry.name, colon);
        entry.name.len = colon - 1;
    }
    if (!bu_is_word(entry.name, "./_-:") || (at < image.len && !is_image_digest(entry.version)))
        return refuse(lock, r, err, BULLA_E_BAD_NAME, "not the name of an image");
    BU_TRY(bu_lock_add(lock, &entry, &component, err));
    return at < image.len ? BU_OK : note_unpinned(lock, r, component, err);
}

/* "owner/repo/path@ref". GitHub gives no branch or tag the form of a commit, which has 40 digits there. */
static bulla_status add_repository(bu_lock *lock, const reference *r, bulla_error *err)
{
    size_t at = bu_bytes_find(r->text, '@'), component;
    bulla_bytes name = bu_bytes_first(r->text, at), ref = bu_bytes_from(r->text, at + 1);
    bulla_bytes owner = bu_bytes_first(name, bu_bytes_find(name, '/'));
    bulla_bytes rest = bu_bytes_from(name, owner.len + 1);
    bulla_bytes repo = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
    bool has_names = bu_is_word(owner, "-_") && bu_is_word(repo, "._-");
    if (!has_names || !bu_is_word(name, "._-/+ ") || bu_bytes_starts(repo, "..") || ref.len == 0 ||
        bu_bytes_find(ref, ' ') < ref.len)
        return refuse(lock, r, err, BULLA_E_BAD_NAME, "not owner/repository@commit");
    const bu_lock_entry entry = {
        .name = bu_bytes_first(name, owner.len + 1 + repo.len),
        .version = ref,
        .subpath = bu_bytes_from(rest, repo.len + 1),
        .scope = BULLA_SCOPE_BUILD,
        .origin = BULLA_ORIGIN_GIT,
        .node = r->node,
    };
    BU_TRY(bu_lock_add(lock, &entry, &component, err));
    return ref.len == 40 && bu_is_commit(ref) ? BU_OK : note_unpinned(lock, r, component, err);
}

/* The `uses` of a step or a job, if it has one. */
static bulla_status read_uses(bu_lock *lock, const bu_node *holder, bulla_error *err)
{
    reference r = { 0 };
    BU_TRY(bu_node_need(lock->tree, holder, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(lock->tree, holder, "uses", BU_NODE_STRING, &r.node, err));
    if (r.node == NULL)
        return BU_OK;
    r.text = bu_node_text(r.node);
    if (bu_bytes_starts(r.text, "docker://"))
        return add_image(lock, &r, bu_bytes_from(r.text, strlen("docker://")), err);
    if (bu_bytes_starts(r.text, "./") || bu_bytes_is(r.text, "."))
        return add_local(lock, &r, err);
    return add_repository(lock, &r, err);
}

static bulla_status read_steps(bu_lock *lock, const bu_node *holder, bulla_error *err)
{
    const bu_node *steps;
    BU_TRY(bu_node_optional(lock->tree, holder, "steps", BU_NODE_ARRAY, &steps, err));
    BU_EACH_CHILD(step, steps) {
        BU_TRY(read_uses(lock, step, err));
    }
    return BU_OK;
}

static bulla_status read_jobs(bu_lock *lock, const bu_node *jobs, bulla_error *err)
{
    BU_TRY(bu_node_need(lock->tree, jobs, BU_NODE_TABLE, err));
    BU_EACH_CHILD(job, jobs) {
        BU_TRY(read_uses(lock, job, err));
        BU_TRY(read_steps(lock, job, err));
    }
    return BU_OK;
}

/* A composite action has steps; one in a container may name its image. */
static bulla_status read_runs(bu_lock *lock, const bu_node *runs, bulla_error *err)
{
    reference r = { 0 };
    BU_TRY(bu_node_need(lock->tree, runs, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(lock->tree, runs, "image", BU_NODE_STRING, &r.node, err));
    r.text = bu_node_text(r.node);
    if (bu_bytes_starts(r.text, "docker://"))
        BU_TRY(add_image(lock, &r, bu_bytes_from(r.text, strlen("docker://")), err));
    return read_steps(lock, runs, err);
}

static bulla_status fill(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    const bu_node *jobs = bu_node_get(document, "jobs"), *runs = bu_node_get(document, "runs");
    BU_TRY(bu_node_need(lock->tree, document, BU_NODE_TABLE, err));
    if ((jobs == NULL) == (runs == NULL))
        return bu_node_fail(lock->tree, document, err, BULLA_E_FORMAT_MISMATCH,
                            "neither a workflow, with jobs, nor an action, with runs");
    return jobs != NULL ? read_jobs(lock, jobs, err) : read_runs(lock, runs, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "github", bu_yaml_load, fill };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "action.yml", "action.yaml", NULL };
static const char *const places[] = { ".github/workflows/*.yml", ".github/workflows/*.yaml",
                                      "action.yml", "action.yaml", NULL };

const bu_ecosystem bu_eco_actions = {
    .id = "actions",
    .filenames = filenames,
    .places = places,
    .each_place = true,
    .title = "GitHub Actions (.github/workflows, action.yml)",
    .parse = parse,
};
