/* SPDX-License-Identifier: MIT */
/*
 * The pipeline: a row for each origin says who examines such a component; a
 * pool of workers runs it, largest archives first.
 */
#include "evidence/gather.h"

#include "base/limits.h"
#include "evidence/worker.h"
#include "io/pool.h"

void bu_gathered_clear(bu_gathered *gathered)
{
    for (size_t i = 0; i < gathered->arena_count; i++)
        bu_arena_free(gathered->arenas[i]);
    free(gathered->arenas);
    free(gathered->items);
    *gathered = (bu_gathered){ 0 };
}

static bulla_status examine_local(bu_worker *w, size_t index, bulla_error *err)
{
    const bulla_fact local = { .proof = BULLA_PROOF_LOCAL, .outcome = BULLA_HELD };
    return bu_evidence_add(&w->evidence[index], &local, w->arena, err);
}

/* Nothing there is to be opened: the reason stands for every proof. */
static bulla_status add_reason(bu_worker *w, size_t index, bulla_code code, const char *text,
                               const char *next, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    bulla_error why;
    bulla_status status = bu_next(&why, bu_fail(&why, code, "%s", text), next);
    if (component->lockfile != NULL)
        (void)bu_in_file(&why, bu_at(&why, status, component->line, component->column),
                         component->lockfile);
    (void)bu_as(&why, status, BULLA_EXIT_UNPROVEN);
    for (bulla_proof proof = BULLA_PROOF_NONE + 1; proof < BULLA_PROOF_COUNT; proof++)
        if (w->options->needs != NULL && w->options->needs[index].proofs[proof])
            BU_TRY(
                bu_evidence_add_why(&w->evidence[index], proof, BULLA_ABSENT, &why, w->arena, err));
    return BU_OK;
}

static bulla_status examine_outside(bu_worker *w, size_t index, bulla_error *err)
{
    return add_reason(w, index, BULLA_E_UNPINNED,
                      "a folder outside of the project: nothing pins it",
                      "move it into the project, or depend on a release of it", err);
}

static bulla_status examine_system(bu_worker *w, size_t index, bulla_error *err)
{
    return add_reason(w, index, BULLA_E_MISSING_FILE, "an installed package: its .deb is not here",
                      "bulla verify --archives DIR_OF_DEBS -L apt:LISTS_DIR", err);
}

/* Bundled ones are examined with the archive that holds them, see finish_bundled(). */
static bulla_status examine_bundled(bu_worker *w, size_t index, bulla_error *err)
{
    (void)w;
    (void)index;
    (void)err;
    return BU_OK;
}

static bulla_status (*const examiners[])(bu_worker *, size_t, bulla_error *) = {
    [BULLA_ORIGIN_UNKNOWN] = bu_examine_archive,   [BULLA_ORIGIN_REGISTRY] = bu_examine_archive,
    [BULLA_ORIGIN_GIT] = bu_examine_archive,       [BULLA_ORIGIN_FILE] = bu_examine_archive,
    [BULLA_ORIGIN_LOCAL] = examine_local,          [BULLA_ORIGIN_OUTSIDE] = examine_outside,
    [BULLA_ORIGIN_BUNDLED] = examine_bundled,      [BULLA_ORIGIN_SYSTEM] = examine_system,
    [BULLA_ORIGIN_ARTIFACT] = bu_examine_artifact,
};

/* One run: the workers, and what they share. */
typedef struct run {
    const bu_gather_options *options;
    bu_gathered *out;
    bu_worker *workers;
    size_t jobs;
    size_t *order;
    size_t order_count;
    size_t *bundled, *bundles;
    size_t done; /* told by worker 0 alone */
} run;

static void run_clear(run *r)
{
    for (size_t i = 0; r->workers != NULL && i < r->jobs; i++) {
        bu_hasher_free(r->workers[i].hasher);
        free(r->workers[i].scratch);
    }
    free(r->workers);
    free(r->order);
    free(r->bundled);
    free(r->bundles);
}
BU_DEFINE_CLEAR(run)

static void work(void *context, size_t worker, size_t index)
{
    run *r = context;
    bu_worker *w = &r->workers[worker];
    if (bulla_ok(w->status))
        w->status = examiners[r->options->graph->components[index].origin](w, index, NULL);
    const bulla_progress *progress = r->options->progress;
    if (progress == NULL)
        return;
    size_t done = __atomic_add_fetch(&r->done, 1, __ATOMIC_RELAXED);
    if (worker == 0 && (done % 16 == 0 || done == r->order_count))
        progress->tell(progress->context, done, r->order_count);
}

/* Group the bundled components by the one that holds them. */
static bulla_status group_bundled(run *r, bulla_error *err)
{
    const bu_graph *graph = r->options->graph;
    r->bundles = calloc(graph->count + 2, sizeof *r->bundles);
    r->bundled = calloc(graph->count + 1, sizeof *r->bundled);
    if (r->bundles == NULL || r->bundled == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->count; i++)
        if (graph->components[i].origin == BULLA_ORIGIN_BUNDLED &&
            graph->components[i].parent < graph->count)
            r->bundles[graph->components[i].parent + 2]++;
    for (size_t i = 2; i < graph->count + 2; i++)
        r->bundles[i] += r->bundles[i - 1];
    for (size_t i = 0; i < graph->count;
         i++) /* fills up bundles[parent + 1] to where the next group starts */
        if (graph->components[i].origin == BULLA_ORIGIN_BUNDLED &&
            graph->components[i].parent < graph->count)
            r->bundled[r->bundles[graph->components[i].parent + 1]++] = i;
    return BU_OK;
}

typedef struct sized {
    size_t index;
    uint64_t size;
} sized;

static int larger_first(const void *a, const void *b)
{
    const sized *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Largest first: the last one to end is then a small one. */
static bulla_status put_in_order(run *r, bulla_error *err)
{
    const bu_graph *graph = r->options->graph;
    BU_FREE sized *all = calloc(graph->count + 1, sizeof *all);
    r->order = calloc(graph->count + 1, sizeof *r->order);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    if (all == NULL || r->order == NULL || arena == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->count; i++) {
        if (i == graph->root)
            continue;
        bu_located found = { 0 };
        if (r->jobs > 1)
            BU_TRY(bu_locate(r->options->places, &graph->components[i], arena, &found, err));
        all[r->order_count++] = (sized){ i, found.size };
    }
    if (r->jobs > 1 && r->order_count > 0)
        qsort(all, r->order_count, sizeof *all, larger_first);
    for (size_t i = 0; i < r->order_count; i++)
        r->order[i] = all[i].index;
    return BU_OK;
}

static bulla_status start_workers(run *r, bulla_error *err)
{
    r->workers = calloc(r->jobs, sizeof *r->workers);
    r->out->arenas = calloc(r->jobs, sizeof(bu_arena *));
    r->out->items = calloc(r->options->graph->count + 1, sizeof *r->out->items);
    if (r->workers == NULL || r->out->arenas == NULL || r->out->items == NULL)
        return bu_no_memory(err);
    r->out->count = r->options->graph->count;
    for (size_t i = 0; i < r->jobs; i++) {
        bu_arena *arena = r->out->arenas[r->out->arena_count++] = bu_arena_new();
        r->workers[i] = (bu_worker){ .options = r->options,
                                     .evidence = r->out->items,
                                     .bundled = r->bundled,
                                     .bundles = r->bundles,
                                     .arena = arena,
                                     .scratch = malloc(BU_IO_CHUNK) };
        if (arena == NULL || r->workers[i].scratch == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_hasher_new(&r->workers[i].hasher, err));
    }
    return BU_OK;
}

/* What no archive spoke for: its parent is not installed, or was not found. */
static bulla_status finish_bundled(run *r, bulla_error *err)
{
    const bu_graph *graph = r->options->graph;
    for (size_t i = 0; i < graph->count; i++) {
        const bulla_component *component = &graph->components[i];
        if (component->origin != BULLA_ORIGIN_BUNDLED || r->out->items[i].count > 0)
            continue;
        const bu_evidence *parent =
            component->parent < graph->count ? &r->out->items[component->parent] : NULL;
        bool left_out = parent != NULL && parent->count == 1 &&
                        parent->facts[0].proof == BULLA_PROOF_NOT_INSTALLED;
        if (left_out)
            BU_TRY(bu_evidence_add(&r->out->items[i], &parent->facts[0], r->workers[0].arena, err));
        else
            BU_TRY(add_reason(&r->workers[0], i, BULLA_E_MISSING_FILE,
                              "the archive it is bundled in was not found", BU_NEXT_ARCHIVE, err));
    }
    return BU_OK;
}

bulla_status bu_gather(const bu_gather_options *options, bu_gathered *out, bulla_error *err)
{
    BU_CLEAR(bu_gathered) gathered = { 0 };
    BU_CLEAR(run) r = { .options = options, .out = &gathered };
    r.jobs = options->jobs < 1 ? 1 : options->jobs > BU_LIMIT_JOBS ? BU_LIMIT_JOBS : options->jobs;
    BU_TRY(group_bundled(&r, err));
    BU_TRY(put_in_order(&r, err));
    BU_TRY(start_workers(&r, err));
    BU_TRY(bu_pool_run(r.jobs, r.order, r.order_count, work, &r, err));
    for (size_t i = 0; i < r.jobs; i++)
        if (!bulla_ok(r.workers[i].status))
            return bu_no_memory(err);
    BU_TRY(finish_bundled(&r, err));
    *out = gathered;
    gathered = (bu_gathered){ 0 };
    return BU_OK;
}
