/* SPDX-License-Identifier: MIT */
/*
 * The dependency graph: growing it, and settling it into the one form that
 * everything above can rely on. Settling costs one sort by purl and one of
 * the edges; it builds beside the old arrays, so a failure changes nothing.
 */
#include "model/graph.h"

#include <string.h>

#include "base/limits.h"
#include "base/vec.h"
#include "digest/digest.h"

bu_graph *bu_graph_new(void)
{
    bu_graph *graph = calloc(1, sizeof *graph);
    if (graph == NULL)
        return NULL;
    graph->root = BULLA_NO_COMPONENT;
    graph->arena = bu_arena_new();
    if (graph->arena == NULL) {
        free(graph);
        return NULL;
    }
    return graph;
}

void bu_graph_free(bu_graph *graph)
{
    if (graph == NULL)
        return;
    bu_arena_free(graph->arena);
    free(graph->components);
    free(graph->edges);
    free(graph->flaws);
    free(graph->places);
    free(graph);
}

bulla_status bu_graph_add(bu_graph *graph, const bulla_component *component, size_t *out,
                          bulla_error *err)
{
    if (graph->count >= BU_LIMIT_COMPONENTS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u components", BU_LIMIT_COMPONENTS);
    BU_TRY(
        bu_vec_grow(&graph->components, graph->count, &graph->cap, sizeof *graph->components, err));
    graph->components[graph->count] = *component;
    *out = graph->count++;
    return BU_OK;
}

bulla_status bu_graph_link(bu_graph *graph, size_t from, size_t to, bulla_error *err)
{
    BU_TRY(
        bu_vec_grow(&graph->edges, graph->edge_count, &graph->edge_cap, sizeof *graph->edges, err));
    graph->edges[graph->edge_count++] = (bu_edge){ from, to };
    return BU_OK;
}

bulla_status bu_graph_note(bu_graph *graph, const bu_flaw *flaw, bulla_error *err)
{
    BU_TRY(
        bu_vec_grow(&graph->flaws, graph->flaw_count, &graph->flaw_cap, sizeof *graph->flaws, err));
    graph->flaws[graph->flaw_count++] = *flaw;
    return BU_OK;
}

bulla_status bu_graph_place(bu_graph *graph, const bu_place *place, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&graph->places, graph->place_count, &graph->place_cap, sizeof *graph->places,
                       err));
    graph->places[graph->place_count++] = *place;
    return BU_OK;
}

/* A component on its way to its place: sorting these moves 16 bytes, not 500. */
typedef struct slot {
    const bulla_component *component;
    size_t index;
} slot;

static int compare_slots(const void *a, const void *b)
{
    const slot *x = a, *y = b;
    int order = strcmp(x->component->purl, y->component->purl);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* How hard one place is to prove. What is united must not be easier than any of its places. */
typedef enum demand {
    IN_PROJECT,
    IN_ARCHIVE,
    INSTALLED,
    PINNED,
    WEAKLY_PINNED,
    UNPINNED,
} demand;

static demand demand_of(const bulla_component *c)
{
    if (c->origin == BULLA_ORIGIN_LOCAL)
        return IN_PROJECT;
    if (c->origin == BULLA_ORIGIN_BUNDLED)
        return IN_ARCHIVE;
    if (c->origin == BULLA_ORIGIN_SYSTEM)
        return INSTALLED;
    const bulla_digest *pinned = bulla_digest_set_strongest(&c->digests);
    if (pinned == NULL)
        return UNPINNED;
    return bulla_alg_is_strong(pinned->alg) ? PINNED : WEAKLY_PINNED;
}

static bool has_own_bytes(const bulla_component *c)
{
    return demand_of(c) > IN_ARCHIVE;
}

static bulla_status contradict(const bulla_component *a, const bulla_component *b, bulla_alg alg,
                               bulla_error *err)
{
    char first[BULLA_DIGEST_HEX_MAX], second[BULLA_DIGEST_HEX_MAX];
    bulla_digest_hex(bulla_digest_set_get(&a->digests, alg), first);
    bulla_digest_hex(bulla_digest_set_get(&b->digests, alg), second);
    const char *file = b->lockfile == NULL ? "" : b->lockfile;
    const char *other = a->lockfile == NULL ? "" : a->lockfile;
    bulla_status status = bu_fail(
        err, BULLA_E_AMBIGUOUS_LOCK, "%s has two %s pins: %s:%u:%u has one, %s:%u:%u the other",
        b->purl, bulla_alg_name(alg), other, a->line, a->column, file, b->line, b->column);
    status = bu_expected(err, status, bu_bytes_of(first), bu_bytes_of(second));
    return bu_in_file(err, bu_at(err, status, b->line, b->column), file);
}

/* Add the pins of the last of `slots` to those of the others. */
static bulla_status unite_pins(const slot *slots, size_t last, bulla_digest_set *pins,
                               bulla_error *err)
{
    const bulla_component *c = slots[last].component;
    for (uint32_t i = 0; i < c->digests.count; i++) {
        const bulla_digest *mine = &c->digests.items[i];
        if (bulla_ok(bu_digest_set_add(pins, mine, NULL)))
            continue;
        size_t s = 0;
        while (bulla_digest_set_get(&slots[s].component->digests, mine->alg) == NULL)
            s++;
        return contradict(slots[s].component, c, mine->alg, err);
    }
    return BU_OK;
}

/* What only one of two places says, or both must say to be believed. */
static void blend(bulla_component *into, const bulla_component *c)
{
    if (c->scope < into->scope)
        into->scope = c->scope;
    if (into->license == NULL)
        into->license = c->license;
    if (into->location == NULL)
        into->location = c->location;
    if (has_own_bytes(c) == has_own_bytes(into)) {
        into->may_be_absent = into->may_be_absent && c->may_be_absent;
        into->excluded_here = into->excluded_here && c->excluded_here;
    }
}

/* One component of all that share a purl. */
static bulla_status unite(const slot *slots, size_t count, bulla_component *out, bulla_error *err)
{
    bulla_digest_set pins = { 0 };
    const bulla_component *hardest = slots[0].component;
    for (size_t i = 0; i < count; i++) {
        BU_TRY(unite_pins(slots, i, &pins, err));
        if (demand_of(slots[i].component) > demand_of(hardest))
            hardest = slots[i].component;
    }
    *out = *hardest;
    for (size_t i = 0; i < count; i++)
        blend(out, slots[i].component);
    if (demand_of(hardest) <= PINNED)
        out->digests = pins;
    return BU_OK;
}

/* Where each old index goes, and what stands there. */
typedef struct settlement {
    slot *slots;
    size_t *moved; /* old index to new one */
    bulla_component *components;
    size_t count;
} settlement;

static void settlement_clear(settlement *s)
{
    free(s->slots);
    free(s->moved);
    free(s->components);
}
BU_DEFINE_CLEAR(settlement)

static size_t group_size(const slot *slots, size_t count)
{
    size_t n = 1;
    while (n < count && strcmp(slots[n].component->purl, slots[0].component->purl) == 0)
        n++;
    return n;
}

static bulla_status sort_slots(const bu_graph *graph, settlement *s, bulla_error *err)
{
    s->slots = calloc(graph->count, sizeof *s->slots);
    s->moved = calloc(graph->count, sizeof *s->moved);
    if (s->slots == NULL || s->moved == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->count; i++)
        s->slots[i] = (slot){ &graph->components[i], i };
    qsort(s->slots, graph->count, sizeof *s->slots, compare_slots);
    for (size_t at = 0; at < graph->count; at += group_size(s->slots + at, graph->count - at))
        s->count++;
    s->components = calloc(s->count, sizeof *s->components);
    return s->components == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status unite_all(const bu_graph *graph, settlement *s, bulla_error *err)
{
    size_t at = 0;
    for (size_t to = 0; to < s->count; to++) {
        size_t size = group_size(s->slots + at, graph->count - at);
        BU_TRY(unite(s->slots + at, size, &s->components[to], err));
        for (size_t i = at; i < at + size; i++)
            s->moved[s->slots[i].index] = to;
        at += size;
    }
    return BU_OK;
}

static size_t moved_to(const settlement *s, size_t index)
{
    return index == BULLA_NO_COMPONENT ? index : s->moved[index];
}

static int compare_edges(const void *a, const void *b)
{
    const bu_edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from > y->from ? 1 : -1;
    return (x->to > y->to) - (x->to < y->to);
}

/* Renumber, sort, and keep each edge once; nothing needs itself. */
static void settle_edges(bu_graph *graph, const settlement *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->edge_count; i++) {
        bu_edge edge = { moved_to(s, graph->edges[i].from), moved_to(s, graph->edges[i].to) };
        if (edge.from != edge.to)
            graph->edges[kept++] = edge;
    }
    graph->edge_count = kept;
    if (kept == 0)
        return;
    qsort(graph->edges, kept, sizeof *graph->edges, compare_edges);
    size_t unique = 1;
    for (size_t i = 1; i < kept; i++)
        if (compare_edges(&graph->edges[i], &graph->edges[unique - 1]) != 0)
            graph->edges[unique++] = graph->edges[i];
    graph->edge_count = unique;
}

static int compare_places(const void *a, const void *b)
{
    const bu_place *x = a, *y = b;
    if (x->component != y->component)
        return x->component < y->component ? -1 : 1;
    int order = strcmp(x->lockfile, y->lockfile);
    return order != 0 ? order : strcmp(x->path, y->path);
}

static void settle_places(bu_graph *graph, const settlement *s)
{
    for (size_t i = 0; i < graph->place_count; i++) {
        graph->places[i].component = moved_to(s, graph->places[i].component);
        graph->places[i].parent = moved_to(s, graph->places[i].parent);
    }
    if (graph->place_count > 0)
        qsort(graph->places, graph->place_count, sizeof *graph->places, compare_places);
}

static void renumber(bu_graph *graph, const settlement *s)
{
    for (size_t i = 0; i < graph->count; i++) {
        bulla_component *c = &graph->components[i];
        bool inside = c->origin == BULLA_ORIGIN_BUNDLED;
        c->parent = inside ? moved_to(s, c->parent) : BULLA_NO_COMPONENT;
    }
    for (size_t i = 0; i < graph->flaw_count; i++)
        graph->flaws[i].component = moved_to(s, graph->flaws[i].component);
    graph->root = moved_to(s, graph->root);
    if (graph->root != BULLA_NO_COMPONENT &&
        demand_of(&graph->components[graph->root]) != IN_PROJECT)
        graph->root = BULLA_NO_COMPONENT; /* else a lockfile could hide a dependency by its name */
}

bulla_status bu_graph_settle(bu_graph *graph, bulla_error *err)
{
    if (graph->count == 0)
        return BU_OK;
    BU_CLEAR(settlement) s = { 0 };
    BU_TRY(sort_slots(graph, &s, err));
    BU_TRY(unite_all(graph, &s, err));
    free(graph->components);
    graph->components = BU_STEAL(s.components);
    graph->count = graph->cap = s.count;
    settle_edges(graph, &s);
    settle_places(graph, &s);
    renumber(graph, &s);
    return BU_OK;
}

const bu_place *bu_graph_places(const bu_graph *graph, size_t component, size_t *count)
{
    size_t low = 0, high = graph->place_count;
    while (low < high) { /* the first that is not of a component before */
        size_t middle = low + (high - low) / 2;
        if (graph->places[middle].component < component)
            low = middle + 1;
        else
            high = middle;
    }
    for (*count = 0; low + *count < graph->place_count; ++*count)
        if (graph->places[low + *count].component != component)
            break;
    return *count == 0 ? NULL : &graph->places[low];
}

/* The strings of a component, so that a copy can have its own. */
static const size_t strings[] = {
    offsetof(bulla_component, purl),         offsetof(bulla_component, type),
    offsetof(bulla_component, name),         offsetof(bulla_component, version),
    offsetof(bulla_component, architecture), offsetof(bulla_component, license),
    offsetof(bulla_component, resolved),     offsetof(bulla_component, location),
    offsetof(bulla_component, alias),        offsetof(bulla_component, lockfile),
};

static bulla_status copy_text(bu_arena *arena, const char **text, bulla_error *err)
{
    if (*text == NULL)
        return BU_OK;
    *text = bu_arena_text(arena, bu_bytes_of(*text));
    return *text == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status copy_component(bu_graph *into, const bulla_component *component, size_t shift,
                                   bulla_error *err)
{
    bulla_component copy = *component;
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        BU_TRY(copy_text(into->arena, (const char **)(void *)((char *)&copy + strings[i]), err));
    if (copy.parent != BULLA_NO_COMPONENT)
        copy.parent += shift;
    size_t index;
    return bu_graph_add(into, &copy, &index, err);
}

static bulla_status copy_flaw(bu_graph *into, const bu_flaw *flaw, size_t shift, bulla_error *err)
{
    bu_flaw copy = *flaw;
    BU_TRY(copy_text(into->arena, &copy.what, err));
    BU_TRY(copy_text(into->arena, &copy.lockfile, err));
    if (copy.component != BULLA_NO_COMPONENT)
        copy.component += shift;
    return bu_graph_note(into, &copy, err);
}

static bulla_status copy_place(bu_graph *into, const bu_place *place, size_t shift,
                               bulla_error *err)
{
    bu_place copy = *place;
    BU_TRY(copy_text(into->arena, &copy.path, err));
    BU_TRY(copy_text(into->arena, &copy.folder, err));
    BU_TRY(copy_text(into->arena, &copy.lockfile, err));
    copy.component += shift;
    if (copy.parent != BULLA_NO_COMPONENT)
        copy.parent += shift;
    return bu_graph_place(into, &copy, err);
}

bulla_status bu_graph_merge(bu_graph *into, const bu_graph *from, bulla_error *err)
{
    size_t shift = into->count;
    for (size_t i = 0; i < from->count; i++)
        BU_TRY(copy_component(into, &from->components[i], shift, err));
    for (size_t i = 0; i < from->edge_count; i++)
        BU_TRY(bu_graph_link(into, from->edges[i].from + shift, from->edges[i].to + shift, err));
    for (size_t i = 0; i < from->flaw_count; i++)
        BU_TRY(copy_flaw(into, &from->flaws[i], shift, err));
    for (size_t i = 0; i < from->place_count; i++)
        BU_TRY(copy_place(into, &from->places[i], shift, err));
    if (into->root == BULLA_NO_COMPONENT && from->root != BULLA_NO_COMPONENT)
        into->root = from->root + shift;
    return BU_OK;
}
