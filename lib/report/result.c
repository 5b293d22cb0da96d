/* SPDX-License-Identifier: MIT */
/*
 * The result: what callers may ask of it, and the one place where the exit
 * status of a run is decided.
 */
#include "report/result.h"

#include "base/vec.h"

static const char *const proof_names[BULLA_PROOF_COUNT] = {
    [BULLA_PROOF_NONE] = "none",
#define BULLA_PROOF(id, name, title) [BULLA_PROOF_##id] = name,
#include "bulla/proofs.def"
#undef BULLA_PROOF
};

const char *bulla_proof_name(bulla_proof proof)
{
    return (size_t)proof < BULLA_PROOF_COUNT ? proof_names[proof] : "none";
}

const char *bulla_change_name(bulla_change change)
{
    static const char *const names[] = { [BULLA_FILE_CHANGED] = "changed",
                                         [BULLA_FILE_ADDED] = "added",
                                         [BULLA_FILE_MISSING] = "missing",
                                         [BULLA_FILE_GENERATED] = "generated" };
    return names[(size_t)change < sizeof names / sizeof names[0] ? change : BULLA_FILE_CHANGED];
}

const char *bulla_outcome_name(bulla_outcome outcome)
{
    switch (outcome) {
    case BULLA_ABSENT:
        return "absent";
    case BULLA_UNDECIDED:
        return "undecided";
    case BULLA_HELD:
        return "held";
    case BULLA_BROKEN:
        break;
    }
    return "broken";
}

const char *bulla_verdict_name(bulla_verdict verdict)
{
    switch (verdict) {
    case BULLA_UNPROVEN:
        return "unproven";
    case BULLA_WAIVED:
        return "waived";
    case BULLA_ALLOWED:
        return "allowed";
    case BULLA_DENIED:
        break;
    }
    return "denied";
}

const char *bu_exit_word(bulla_exit exit)
{
    static const char *const words[] = {
        [BULLA_EXIT_ALLOWED] = "allowed",
        [BULLA_EXIT_DENIED] = "denied",
        [BULLA_EXIT_CONFIG] = "configuration-error",
        [BULLA_EXIT_UNPROVEN] = "unproven",
        [BULLA_EXIT_NOTHING] = "nothing-to-verify",
        [BULLA_EXIT_TRUST] = "trust-error",
        [BULLA_EXIT_MALFORMED] = "malformed-input",
        [BULLA_EXIT_IO] = "read-error",
        [BULLA_EXIT_INTERNAL] = "internal-error",
    };
    return words[exit < BULLA_EXIT_INTERNAL ? exit : BULLA_EXIT_INTERNAL];
}

bulla_result *bu_result_new(void)
{
    bulla_result *result = calloc(1, sizeof *result);
    if (result == NULL)
        return NULL;
    result->exit = BULLA_EXIT_INTERNAL;
    result->arena = bu_arena_new();
    if (result->arena != NULL)
        return result;
    bulla_result_free(result);
    return NULL;
}

void bulla_result_free(bulla_result *result)
{
    if (result == NULL)
        return;
    free(result->inputs.items);
    free(result->passed_over.items);
    free(result->sboms.items);
    free(result->warnings.items);
    if (result->opa != NULL) {
        bu_buf_clear(&result->opa->input);
        free(result->opa->revisions.items);
    }
    bu_chain_clear(&result->chain);
    bu_gathered_clear(&result->gathered);
    bu_waivers_clear(&result->waivers);
    bu_graph_free(result->graph);
    bu_arena_free(result->arena);
    free(result);
}

bulla_status bu_result_add_text(bulla_result *result, bu_texts *list, const char *text,
                                bulla_error *err)
{
    BU_TRY(bu_vec_grow(&list->items, list->count, &list->cap, sizeof *list->items, err));
    const char *copy = bu_arena_text(result->arena, bu_bytes_of(text));
    if (copy == NULL)
        return bu_no_memory(err);
    list->items[list->count++] = copy;
    return BU_OK;
}

static int compare(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

/* Two artifacts of one name may lie in two folders. */
static int by_purl(const void *a, const void *b)
{
    const bulla_component *left = ((const bulla_judgement *)a)->component;
    const bulla_component *right = ((const bulla_judgement *)b)->component;
    int order = compare(left->purl, right->purl);
    if (order == 0)
        order = compare(left->location, right->location);
    if (order == 0)
        order = compare(left->lockfile, right->lockfile);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static bool has_held(const bulla_judgement *judgement, bulla_proof proof)
{
    for (size_t i = 0; i < judgement->fact_count; i++) {
        if (judgement->facts[i].proof == proof && judgement->facts[i].outcome == BULLA_HELD)
            return true;
    }
    return false;
}

static bulla_exit count(bulla_totals *totals, const bulla_judgement *judgement)
{
    totals->total++;
    totals->signed_by_role += has_held(judgement, BULLA_PROOF_SIGNATURE) ||
                              has_held(judgement, BULLA_PROOF_ARCHIVE_CHAIN);
    switch (judgement->verdict) {
    case BULLA_ALLOWED:
        totals->allowed++;
        totals->local += has_held(judgement, BULLA_PROOF_LOCAL);
        totals->not_installed += has_held(judgement, BULLA_PROOF_NOT_INSTALLED);
        return judgement->exit;
    case BULLA_WAIVED:
        totals->waived++;
        return judgement->exit;
    case BULLA_UNPROVEN:
        totals->unproven++;
        return bulla_exit_worse(judgement->exit, BULLA_EXIT_UNPROVEN);
    case BULLA_DENIED:
        totals->denied++;
        return bulla_exit_worse(judgement->exit, BULLA_EXIT_DENIED);
    }
    return judgement->exit; /* none of the four: in no total, so that they do not add up */
}

static bulla_exit trouble_exit(const bulla_finding *trouble)
{
    return trouble->exit == BULLA_EXIT_ALLOWED ? BULLA_EXIT_INTERNAL : trouble->exit;
}

void bu_result_total(bulla_result *result)
{
    bulla_totals totals = { 0 };
    bulla_exit exit =
        result->count == 0 && !result->allow_empty ? BULLA_EXIT_NOTHING : BULLA_EXIT_ALLOWED;
    if (result->count > 0)
        qsort(result->judgements, result->count, sizeof *result->judgements, by_purl);
    for (size_t i = 0; i < result->count; i++)
        exit = bulla_exit_worse(exit, count(&totals, &result->judgements[i]));
    for (size_t i = 0; i < result->troubles.count; i++)
        exit = bulla_exit_worse(exit, trouble_exit(&result->troubles.items[i]));
    if (totals.total != totals.allowed + totals.waived + totals.denied + totals.unproven)
        exit = BULLA_EXIT_INTERNAL;
    result->totals = totals;
    result->exit = exit;
}

bulla_exit bulla_result_exit(const bulla_result *result)
{
    return result->exit;
}

const bulla_totals *bulla_result_totals(const bulla_result *result)
{
    return &result->totals;
}

size_t bulla_result_count(const bulla_result *result)
{
    return result->count;
}

const bulla_judgement *bulla_result_at(const bulla_result *result, size_t index)
{
    return index < result->count ? &result->judgements[index] : NULL;
}

size_t bulla_result_trouble_count(const bulla_result *result)
{
    return result->troubles.count;
}

const bulla_finding *bulla_result_trouble_at(const bulla_result *result, size_t index)
{
    return index < result->troubles.count ? &result->troubles.items[index] : NULL;
}
