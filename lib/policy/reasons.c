/* SPDX-License-Identifier: MIT */
/*
 * The findings of a judgement: each once, with a place.
 */
#include "policy/judging.h"

#include "base/buf.h"
#include "base/utf8.h"

static bool same_finding(const bulla_finding *a, const bulla_finding *b)
{
    return a->code == b->code && a->line == b->line && a->column == b->column &&
           a->offset == b->offset && strcmp(a->file, b->file) == 0 &&
           strcmp(a->text, b->text) == 0 && strcmp(a->expected, b->expected) == 0 &&
           strcmp(a->got, b->got) == 0;
}

static bulla_status reasons_grow(bu_judging *j, bu_reasons *list)
{
    size_t cap = list->cap == 0 ? 4 : 2 * list->cap;
    bulla_finding *items = bu_arena_get_array(j->arena, cap, sizeof *items);
    if (items == NULL)
        return bu_no_memory(j->err);
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->cap = cap;
    return BU_OK;
}

/* Where the component stands in its lockfile: the place of findings that have no better one. */
static bulla_status place(bu_judging *j, bulla_finding *finding)
{
    const bulla_component *component = j->judgement->component;
    if (finding->file[0] != '\0' || component->lockfile == NULL)
        return BU_OK;
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(bu_bytes_of(component->lockfile), &escaped);
    const char *file = escaped.broken ? NULL : bu_arena_text(j->arena, bu_buf_bytes(&escaped));
    if (file == NULL)
        return bu_no_memory(j->err);
    finding->file = file;
    finding->line = component->line;
    finding->column = component->column;
    finding->offset = UINT64_MAX;
    return BU_OK;
}

/* One missing archive is the reason for two proofs: said once. */
bulla_status bu_reasons_add(bu_judging *j, bu_reasons *list, const bulla_finding *finding)
{
    bulla_finding placed = *finding;
    BU_TRY(place(j, &placed));
    if (list == &j->reasons)
        BU_TRY(bu_unmet_note(j, &placed));
    for (size_t i = 0; i < list->count; i++) {
        if (same_finding(&list->items[i], &placed))
            return BU_OK;
    }
    if (list->count == list->cap)
        BU_TRY(reasons_grow(j, list));
    list->items[list->count++] = placed;
    return BU_OK;
}

bulla_exit bu_exit_of(bulla_outcome outcome, bulla_exit exit)
{
    bulla_exit least = outcome == BULLA_BROKEN ? BULLA_EXIT_DENIED : BULLA_EXIT_UNPROVEN;
    return exit == BULLA_EXIT_DENIED ? least : bulla_exit_worse(least, exit);
}

bulla_finding bu_reason_of(bulla_code code, const char *text)
{
    return (bulla_finding){ .code = code,
                            .exit = bulla_code_exit(code),
                            .offset = UINT64_MAX,
                            .file = "",
                            .expected = "",
                            .got = "",
                            .text = text };
}
