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
    uint64_t
        key; /* bytes of the purl behind what all purls begin with: most are told apart by it */
    const bulla_component *component;
    size_t index;
} slot;

static int compare_slots(const void *a, const void *b)
{
    const slot *x = a, *y = b;
    if (x->key != y->key)
        return x->key > y->key ? 1 : -1;
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

static demand demand_of_pins(bulla_digests pins)
{
    const bulla_digest *strongest = bulla_digests_strongest(pins);
    if (strongest == NULL)
        return UNPINNED;
    return bulla_alg_is_strong(strongest->alg) ? PINNED : WEAKLY_PINNED;
}

/* A file without a pin is none that may be taken. */
static demand demand_of(const bulla_component *c)
{
    if (c->origin == BULLA_ORIGIN_LOCAL)
        return IN_PROJECT;
    if (c->origin == BULLA_ORIGIN_BUNDLED)
        return IN_ARCHIVE;
    if (c->origin == BULLA_ORIGIN_SYSTEM)
        return INSTALLED;
    demand least = demand_of_pins(c->digests);
    for (size_t i = 0; i < c->file_count && least > PINNED; i++)
        if (demand_of_pins(c->files[i].digests) < least)
            least = demand_of_pins(c->files[i].digests);
    return least;
}

static bool has_own_bytes(const bulla_component *c)
{
    return demand_of(c) > IN_ARCHIVE;
}

static bulla_status contradict(const bulla_component *a, const bulla_component *b, bulla_alg alg,
                               bulla_error *err)
{
    char first[BULLA_DIGEST_HEX_MAX], second[BULLA_DIGEST_HEX_MAX];
    bulla_digest_hex(bulla_digests_get(a->digests, alg), first);
    bulla_digest_hex(bulla_digests_get(b->digests, alg), second);
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
        while (bulla_digests_get(slots[s].component->digests, mine->alg) == NULL)
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

/* A file on its way into the union of all that are pinned for one purl. */
typedef struct file_slot {
    const bulla_file_pin *pin;
    const bulla_component *component; /* that has it */
} file_slot;

static int compare_files(const void *a, const void *b)
{
    const bulla_file_pin *x = ((const file_slot *)a)->pin, *y = ((const file_slot *)b)->pin;
    int order = bu_bytes_compare(bu_bytes_of(x->name), bu_bytes_of(y->name));
    if (order != 0 || x->digests.count == 0 || y->digests.count == 0)
        return order != 0
                   ? order
                   : (x->digests.count > y->digests.count) - (x->digests.count < y->digests.count);
    const bulla_digest *p = bulla_digests_strongest(x->digests);
    const bulla_digest *q = bulla_digests_strongest(y->digests);
    return p->alg != q->alg ? (p->alg > q->alg ? 1 : -1) : memcmp(p->bytes, q->bytes, p->len);
}

static bulla_status contradict_file(const file_slot *a, const file_slot *b, bulla_error *err)
{
    const bulla_component *c = b->component;
    bulla_status status =
        bu_fail(err, BULLA_E_AMBIGUOUS_LOCK, "%s has two pins for %s: one at %s:%u:%u", c->purl,
                b->pin->name, a->component->lockfile == NULL ? "" : a->component->lockfile,
                a->component->line, a->component->column);
    return bu_in_file(err, bu_at(err, status, c->line, c->column),
                      c->lockfile == NULL ? "" : c->lockfile);
}

/* Each file once; two of one name are one file, and have the same bytes. */
static bulla_status settle_files(const file_slot *all, size_t count, bu_arena *arena,
                                 bulla_component *out, bulla_error *err)
{
    bulla_file_pin *files = bu_arena_get_array(arena, count, sizeof *files);
    size_t kept = 0;
    if (files == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_files(&all[i - 1], &all[i]) == 0)
            continue;
        bool same_name = i > 0 && all[i].pin->name != NULL && all[i - 1].pin->name != NULL &&
                         strcmp(all[i - 1].pin->name, all[i].pin->name) == 0;
        if (same_name && all[i - 1].pin->digests.count > 0)
            return contradict_file(&all[i - 1], &all[i], err);
        files[kept++] = *all[i].pin;
    }
    out->files = files;
    out->file_count = kept;
    return BU_OK;
}

static bulla_status unite_files(const slot *slots, size_t count, bu_arena *arena,
                                bulla_component *out, bulla_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        total += slots[i].component->file_count;
    if (total == 0)
        return BU_OK;
    BU_FREE file_slot *all = calloc(total, sizeof *all);
    if (all == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < slots[i].component->file_count; k++)
            all[at++] = (file_slot){ &slots[i].component->files[k], slots[i].component };
    qsort(all, total, sizeof *all, compare_files);
    return settle_files(all, total, arena, out, err);
}

/* One component of all that share a purl. */
static bulla_status unite(const slot *slots, size_t count, bu_arena *arena, bulla_component *out,
                          bulla_error *err)
{
    bulla_digest_set pins = { 0 };
    const bulla_component *hardest = slots[0].component;
    *out = *hardest;
    if (count == 1 && out->file_count == 0)
        return BU_OK;
    for (size_t i = 0; i < count; i++) {
        BU_TRY(unite_pins(slots, i, &pins, err));
        if (demand_of(slots[i].component) > demand_of(hardest))
            hardest = slots[i].component;
    }
    *out = *hardest;
    for (size_t i = 0; i < count; i++)
        blend(out, slots[i].component);
    if (demand_of(hardest) > PINNED)
        return BU_OK;
    BU_TRY(bu_digests_keep(&pins, arena, &out->digests, err));
    return unite_files(slots, count, arena, out, err);
}

/* Where each old index goes, and what stands there. */
typedef struct settlement {
    slot *slots;
    size_t *moved; /* old index to new one */
    bulla_component *components;
    size_t count;
    bool between_documents; /* a dispute is a flaw */
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

/* How many bytes all purls begin with. */
static size_t common_prefix(const bu_graph *graph)
{
    size_t len = strlen(graph->components[0].purl);
    for (size_t i = 1; i < graph->count; i++)
        for (size_t k = 0; k < len; k++)
            if (graph->components[i].purl[k] != graph->components[0].purl[k])
                len = k;
    return len;
}

static uint64_t key_of(const char *purl, size_t prefix)
{
    uint64_t key = 0;
    bool ended = false;
    for (size_t i = 0; i < sizeof key; i++) {
        ended = ended || purl[prefix + i] == '\0';
        key = key << 8 | (ended ? 0 : (uint8_t)purl[prefix + i]);
    }
    return key;
}

static bulla_status sort_slots(const bu_graph *graph, settlement *s, bulla_error *err)
{
    s->slots = calloc(graph->count, sizeof *s->slots);
    s->moved = calloc(graph->count, sizeof *s->moved);
    if (s->slots == NULL || s->moved == NULL)
        return bu_no_memory(err);
    size_t prefix = common_prefix(graph);
    for (size_t i = 0; i < graph->count; i++)
        s->slots[i] = (slot){ key_of(graph->components[i].purl, prefix), &graph->components[i], i };
    qsort(s->slots, graph->count, sizeof *s->slots, compare_slots);
    for (size_t at = 0; at < graph->count; at += group_size(s->slots + at, graph->count - at))
        s->count++;
    s->components = calloc(s->count, sizeof *s->components);
    return s->components == NULL ? bu_no_memory(err) : BU_OK;
}

/* Two documents that disagree: one of them is kept, and a flaw says so. */
static bulla_status note_dispute(bu_graph *graph, size_t component, const bulla_error *why,
                                 bulla_error *err)
{
    const bu_flaw flaw = {
        .code = why->code,
        .component = component,
        .what = bu_arena_text(graph->arena, bu_bytes_of(why->text)),
        .lockfile = bu_arena_text(graph->arena, bu_bytes_of(why->file)),
        .line = why->line,
        .column = why->column,
    };
    if (flaw.what == NULL || flaw.lockfile == NULL)
        return bu_no_memory(err);
    return bu_graph_note(graph, &flaw, err);
}

static bulla_status unite_all(bu_graph *graph, settlement *s, bulla_error *err)
{
    size_t at = 0;
    for (size_t to = 0; to < s->count; to++) {
        size_t size = group_size(s->slots + at, graph->count - at);
        bulla_error why = { 0 };
        bulla_status status = unite(s->slots + at, size, graph->arena, &s->components[to], &why);
        if (status.code == BULLA_E_AMBIGUOUS_LOCK && s->between_documents)
            status = note_dispute(graph, s->slots[at].index, &why, &why);
        if (!bulla_ok(status)) {
            if (err != NULL)
                *err = why;
            return status;
        }
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

/* All is there: room for more components is not needed any more. */
static bulla_status give_back(bu_graph *graph, bulla_error *err)
{
    bulla_component *exact = realloc(graph->components, graph->count * sizeof *graph->components);
    if (exact == NULL)
        return bu_no_memory(err);
    graph->components = exact;
    graph->cap = graph->count;
    return BU_OK;
}

static bulla_status settle(bu_graph *graph, bool between_documents, bulla_error *err)
{
    if (graph->count == 0)
        return BU_OK;
    BU_CLEAR(settlement) s = { .between_documents = between_documents };
    BU_TRY(give_back(graph, err));
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

bulla_status bu_graph_settle(bu_graph *graph, bulla_error *err)
{
    return settle(graph, false, err);
}

bulla_status bu_graph_settle_documents(bu_graph *graph, bulla_error *err)
{
    return settle(graph, true, err);
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

/* An array of a graph, by the addresses of its fields. */
typedef struct array {
    void *items; /* address of the pointer */
    size_t *count, *cap;
} array;

/* Append all of `from`; an array that was empty takes the other as it is. */
static bulla_status append(array into, array from, size_t size, bulla_error *err)
{
    void **base = into.items, **more = from.items;
    if (*from.count == 0)
        return BU_OK;
    if (*into.count == 0) {
        void *empty = *base;
        *base = *more;
        *more = empty;
        *into.count = *into.cap = *from.count;
        *from.count = *from.cap = 0;
        return BU_OK;
    }
    size_t want = *into.count + *from.count;
    if (want > *into.cap) {
        want += want / 2;
        void *grown = realloc(*base, want * size);
        if (grown == NULL)
            return bu_no_memory(err);
        *base = grown;
        *into.cap = want;
    }
    memcpy((char *)*base + *into.count * size, *more, *from.count * size);
    *into.count += *from.count;
    return BU_OK;
}

static void shift_index(size_t *index, size_t shift)
{
    if (*index != BULLA_NO_COMPONENT)
        *index += shift;
}

static void shift_all(bu_graph *graph, size_t shift)
{
    for (size_t i = 0; i < graph->count; i++)
        shift_index(&graph->components[i].parent, shift);
    for (size_t i = 0; i < graph->edge_count; i++) {
        graph->edges[i].from += shift;
        graph->edges[i].to += shift;
    }
    for (size_t i = 0; i < graph->flaw_count; i++)
        shift_index(&graph->flaws[i].component, shift);
    for (size_t i = 0; i < graph->place_count; i++) {
        graph->places[i].component += shift;
        shift_index(&graph->places[i].parent, shift);
    }
    shift_index(&graph->root, shift);
}

bulla_status bu_graph_absorb(bu_graph *into, bu_graph *from, bulla_error *err)
{
    if (from->count > BU_LIMIT_COMPONENTS - into->count)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u components", BU_LIMIT_COMPONENTS);
    shift_all(from, into->count);
    BU_TRY(append((array){ &into->components, &into->count, &into->cap },
                  (array){ &from->components, &from->count, &from->cap }, sizeof *into->components,
                  err));
    BU_TRY(append((array){ &into->edges, &into->edge_count, &into->edge_cap },
                  (array){ &from->edges, &from->edge_count, &from->edge_cap }, sizeof *into->edges,
                  err));
    BU_TRY(append((array){ &into->flaws, &into->flaw_count, &into->flaw_cap },
                  (array){ &from->flaws, &from->flaw_count, &from->flaw_cap }, sizeof *into->flaws,
                  err));
    BU_TRY(append((array){ &into->places, &into->place_count, &into->place_cap },
                  (array){ &from->places, &from->place_count, &from->place_cap },
                  sizeof *into->places, err));
    if (into->root == BULLA_NO_COMPONENT)
        into->root = from->root;
    bu_arena_adopt(into->arena, BU_STEAL(from->arena));
    return BU_OK;
}
