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

/* Why nothing can be proved of a component. */
typedef struct reason {
    bulla_code code;
    const char *text, *next;
} reason;

/* Nothing there is to be opened: the reason stands for every proof. */
static bulla_status add_reason(bu_worker *w, size_t index, bu_evidence *evidence,
                               const reason *given, bulla_error *err)
{
    const bulla_component *component = &w->options->graph->components[index];
    bulla_error why;
    bulla_status status = bu_next(&why, bu_fail(&why, given->code, "%s", given->text), given->next);
    if (component->lockfile != NULL)
        (void)bu_in_file(&why, bu_at(&why, status, component->line, component->column),
                         component->lockfile);
    (void)bu_as(&why, status, BULLA_EXIT_UNPROVEN);
    for (bulla_proof proof = BULLA_PROOF_NONE + 1; proof < BULLA_PROOF_COUNT; proof++)
        if (w->options->needs != NULL && w->options->needs[index].proofs[proof])
            BU_TRY(bu_evidence_add_why(evidence, proof, BULLA_ABSENT, &why, w->arena, err));
    return BU_OK;
}

static const reason diverted = { BULLA_E_UNPINNED,
                                 "no folder of the project, or one behind a link: nothing pins it",
                                 "put the folder itself there" };

static bulla_status examine_local(bu_worker *w, size_t index, bulla_error *err)
{
    const bulla_fact local = { .proof = BULLA_PROOF_LOCAL, .outcome = BULLA_HELD };
    size_t count;
    const bu_place *places = bu_graph_places(w->options->graph, index, &count);
    for (size_t i = 0; i < count; i++)
        if (bu_locate_is_diverted(&places[i], w->arena))
            return add_reason(w, index, &w->evidence[index], &diverted, err);
    return bu_evidence_add(&w->evidence[index], &local, w->arena, err);
}

static bulla_status examine_outside(bu_worker *w, size_t index, bulla_error *err)
{
    static const reason outside = { BULLA_E_UNPINNED,
                                    "a folder outside of the project: nothing pins it",
                                    "move it into the project, or depend on a release of it" };
    return add_reason(w, index, &w->evidence[index], &outside, err);
}

static bulla_status examine_system(bu_worker *w, size_t index, bulla_error *err)
{
    static const reason installed = { BULLA_E_MISSING_FILE,
                                      "an installed package: its .deb is not here",
                                      "bulla verify --archives DIR_OF_DEBS -L apt:LISTS_DIR" };
    return add_reason(w, index, &w->evidence[index], &installed, err);
}

/* Bundled ones are examined with the archives that hold them, see finish_places(). */
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
    bu_evidence *inside; /* by place */
    size_t done;         /* told by worker 0 alone */
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
    free(r->inside);
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

/* Group the places in archives by the component whose archive it is. */
static bulla_status group_bundled(run *r, bulla_error *err)
{
    const bu_graph *graph = r->options->graph;
    r->bundles = calloc(graph->count + 2, sizeof *r->bundles);
    r->bundled = calloc(graph->place_count + 1, sizeof *r->bundled);
    r->inside = calloc(graph->place_count + 1, sizeof *r->inside);
    if (r->bundles == NULL || r->bundled == NULL || r->inside == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->place_count; i++)
        if (graph->places[i].parent != BULLA_NO_COMPONENT)
            r->bundles[graph->places[i].parent + 2]++;
    for (size_t i = 2; i < graph->count + 2; i++)
        r->bundles[i] += r->bundles[i - 1];
    for (size_t i = 0; i < graph->place_count;
         i++) /* fills up bundles[parent + 1] to where the next group starts */
        if (graph->places[i].parent != BULLA_NO_COMPONENT)
            r->bundled[r->bundles[graph->places[i].parent + 1]++] = i;
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
                                     .inside = r->inside,
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

/* How much an outcome says against a component. */
static int weight(bulla_outcome outcome)
{
    return outcome == BULLA_HELD ? -1 : (int)outcome;
}

/* One fact for each proof: what one place says for it gives way to what another says against it. */
static bulla_status take_fact(bu_evidence *evidence, const bulla_fact *fact, bu_arena *arena,
                              bulla_error *err)
{
    for (size_t i = 0; i < evidence->count; i++) {
        bulla_fact *known = &evidence->facts[i];
        if (known->proof != fact->proof)
            continue;
        if (weight(fact->outcome) > weight(known->outcome))
            *known = *fact;
        return BU_OK;
    }
    return bu_evidence_add(evidence, fact, arena, err);
}

static const bulla_fact *left_out(const run *r, size_t index)
{
    const bu_evidence *evidence = index < r->out->count ? &r->out->items[index] : NULL;
    bool is_left_out = evidence != NULL && evidence->count > 0 &&
                       evidence->facts[0].proof == BULLA_PROOF_NOT_INSTALLED;
    return is_left_out ? &evidence->facts[0] : NULL;
}

/* What the archive around a place says, or that none spoke for it; and what a folder says against it. */
static bulla_status finish_place(run *r, size_t index, bulla_error *err)
{
    static const reason missing = { BULLA_E_MISSING_FILE,
                                    "the archive it is bundled in was not found", BU_NEXT_ARCHIVE };
    const bu_place *place = &r->options->graph->places[index];
    bu_worker *w = &r->workers[0];
    bu_evidence *said = &r->inside[index];
    bool bundled = place->parent != BULLA_NO_COMPONENT;
    if (bundled && said->count == 0 && left_out(r, place->parent) == NULL)
        BU_TRY(add_reason(w, place->component, said, &missing, err));
    if (bu_locate_is_diverted(place, w->arena))
        BU_TRY(add_reason(w, place->component, said, &diverted, err));
    for (size_t i = 0; i < said->count; i++)
        BU_TRY(take_fact(&r->out->items[place->component], &said->facts[i], w->arena, err));
    return BU_OK;
}

static bulla_status finish_places(run *r, bulla_error *err)
{
    const bu_graph *graph = r->options->graph;
    for (size_t i = 0; i < graph->place_count; i++)
        BU_TRY(finish_place(r, i, err));
    for (size_t i = 0; i < graph->count; i++) {
        const bulla_fact *fact = left_out(r, graph->components[i].parent);
        if (graph->components[i].origin == BULLA_ORIGIN_BUNDLED && r->out->items[i].count == 0 &&
            fact != NULL)
            BU_TRY(bu_evidence_add(&r->out->items[i], fact, r->workers[0].arena, err));
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
    BU_TRY(finish_places(&r, err));
    *out = gathered;
    gathered = (bu_gathered){ 0 };
    return BU_OK;
}
