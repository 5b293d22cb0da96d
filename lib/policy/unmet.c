/* SPDX-License-Identifier: MIT */
/*
 * Rules that a component does not satisfy, and for which reasons: what a waiver would have to let
 * pass. One whose reasons are not all of a kind that may be waived gets no id, so that nobody can
 * ask for it.
 */
#include "policy/judging.h"

static bulla_status grow(bu_judging *j, void *items, size_t count, size_t *cap, size_t size)
{
    void **array = items;
    if (count < *cap)
        return BU_OK;
    size_t wanted = *cap == 0 ? 4 : 2 * *cap;
    void *grown = bu_arena_get_array(j->arena, wanted, size);
    if (grown == NULL)
        return bu_no_memory(j->err);
    if (count > 0)
        memcpy(grown, *array, count * size);
    *array = grown;
    *cap = wanted;
    return BU_OK;
}

bulla_status bu_unmet_begin(bu_judging *j, const bu_rule *rule)
{
    bu_unmet_rules *list = &j->unmet;
    if (j->in_rule)
        return BU_OK; /* a further demand of the same rule */
    void *items = list->items;
    BU_TRY(grow(j, &items, list->count, &list->cap, sizeof *list->items));
    list->items = items;
    list->items[list->count++] = (bu_unmet_rule){ .rule = rule, .is_waivable = !j->broken };
    j->in_rule = true;
    return BU_OK;
}

bulla_status bu_unmet_note(bu_judging *j, const bulla_finding *finding)
{
    if (!j->in_rule)
        return BU_OK;
    bu_unmet_rule *unmet = &j->unmet.items[j->unmet.count - 1];
    unmet->is_waivable =
        unmet->is_waivable && bu_is_waivable(finding->code) && finding->exit == BULLA_EXIT_UNPROVEN;
    for (size_t i = 0; i < unmet->count; i++)
        if (unmet->codes[i] == finding->code)
            return BU_OK;
    void *codes = unmet->codes;
    BU_TRY(grow(j, &codes, unmet->count, &unmet->cap, sizeof *unmet->codes));
    unmet->codes = codes;
    unmet->codes[unmet->count++] = finding->code;
    return BU_OK;
}

static bulla_status keep_one(const bu_judging *j, const bu_unmet_rule *unmet,
                             const bu_subject *subjects, size_t subject_count, bulla_unmet *out)
{
    *out = (bulla_unmet){ .rule = bu_arena_text(j->arena, bu_bytes_of(unmet->rule->name)),
                          .rule_digest = unmet->rule->digest,
                          .codes = unmet->codes,
                          .code_count = unmet->count };
    if (out->rule == NULL)
        return bu_no_memory(j->err);
    if (!unmet->is_waivable || unmet->count == 0 || subject_count == 0)
        return BU_OK;
    return bu_waiver_id(out->rule, &out->rule_digest, j->judgement->component->purl, subjects,
                        subject_count, out->id, j->err);
}

bulla_status bu_unmet_keep(const bu_judging *j, bulla_judgement *out)
{
    bu_subject *subjects;
    size_t subject_count;
    if (j->unmet.count == 0)
        return BU_OK;
    bulla_unmet *unmet = bu_arena_get_array(j->arena, j->unmet.count, sizeof *unmet);
    if (unmet == NULL)
        return bu_no_memory(j->err);
    BU_TRY(bu_waiver_subjects(out->component, &out->measured, j->arena, &subjects, &subject_count,
                              j->err));
    for (size_t i = 0; i < j->unmet.count; i++)
        BU_TRY(keep_one(j, &j->unmet.items[i], subjects, subject_count, &unmet[i]));
    out->unmet = unmet;
    out->unmet_count = j->unmet.count;
    return BU_OK;
}
