/* SPDX-License-Identifier: MIT */
/*
 * Waiving: each rule that is not satisfied needs a waiver for its text, for these bytes and for
 * every reason that was found.
 */
#include "policy/waive.h"

#include "policy/gate.h"

typedef struct waiving {
    const bu_waiver_terms *terms;
    bu_waivers *waivers;
    bulla_judgement *judgement;
    const bu_subject *subjects;
    size_t subject_count;
    bulla_error *err;
} waiving;

static bool is_in_force(const bu_found_waiver *found)
{
    return found->shown.state == BULLA_WAIVER_ACTIVE || found->shown.state == BULLA_WAIVER_EXPIRING;
}

static bool has_code(const bulla_code *codes, size_t count, bulla_code code)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i] == code)
            return true;
    return false;
}

/* Every reason is one that it names, and that the policy lets be waived. */
static bool lets_pass(const waiving *w, const bu_waiver *waiver, const bulla_unmet *unmet)
{
    for (size_t i = 0; i < unmet->code_count; i++)
        if (!has_code(waiver->waives, waiver->waives_count, unmet->codes[i]) ||
            has_code(w->terms->never, w->terms->never_count, unmet->codes[i]))
            return false;
    return unmet->code_count > 0;
}

/* Of the same rule, the same package and the same bytes, whichever file they are in. */
static bool is_for(const waiving *w, const bu_found_waiver *found, const bulla_unmet *unmet)
{
    const bu_waiver *waiver = &found->waiver;
    if (!bu_bytes_is(waiver->rule, unmet->rule) ||
        !bulla_digest_equal(&waiver->rule_digest, &unmet->rule_digest) ||
        !bu_bytes_is(waiver->package, w->judgement->component->purl))
        return false;
    for (size_t i = 0; i < w->subject_count; i++)
        if (!bu_statement_is_about(&found->statement, &w->subjects[i].digests))
            return false;
    return w->subject_count > 0;
}

static bulla_status unknown_author(const bulla_author *author, bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_BAD_REFERENCE,
                                  "the trust store does not know an author of it: %s, who may be "
                                  "one of those who waive it",
                                  author->person);
    return bu_as(err, bu_next(err, status, BU_NEXT_AUTHOR), BULLA_EXIT_UNPROVEN);
}

static bulla_status need_no_author(const bulla_said *said, const bulla_voucher *signer,
                                   bulla_error *err)
{
    for (size_t i = 0; said != NULL && i < said->author_count; i++) {
        const bulla_author *author = &said->authors[i];
        if (author->counts_as == NULL)
            return unknown_author(author, err);
        if (strcmp(author->counts_as, signer->counts_as) == 0)
            return bu_fail(err, BULLA_E_DUTY_CONFLICT, "%s, who waives it, wrote it (as %s)",
                           signer->person, author->person);
    }
    return BU_OK;
}

/* Who vouches for the component, or wrote it, has no say in its waiver. */
static bulla_status judge_signer(const waiving *w, const bulla_voucher *signer, bulla_error *err)
{
    for (size_t f = 0; f < w->judgement->fact_count; f++) {
        const bulla_fact *fact = &w->judgement->facts[f];
        for (size_t v = 0; v < fact->voucher_count; v++)
            if (strcmp(fact->vouchers[v].counts_as, signer->counts_as) == 0)
                return bu_fail(err, BULLA_E_DUTY_CONFLICT,
                               "%s, who waives it, vouches for it too (as %s)", signer->person,
                               fact->vouchers[v].person);
        if (fact->voucher_count > 0)
            BU_TRY(need_no_author(fact->said, signer, err));
    }
    return BU_OK;
}

static bulla_status refuse_conflicts(const waiving *w, bu_found_waiver *found)
{
    for (size_t i = 0; i < found->shown.signer_count; i++) {
        bulla_error why;
        if (!bulla_ok(judge_signer(w, &found->shown.signers[i], &why)))
            return bu_waiver_refuse(w->waivers, found, &why, w->err);
    }
    return BU_OK;
}

static bulla_status waive_rule(const waiving *w, bulla_unmet *unmet)
{
    for (size_t i = 0; i < w->waivers->count; i++) {
        bu_found_waiver *found = &w->waivers->items[i];
        if (!is_in_force(found) || !is_for(w, found, unmet) || !lets_pass(w, &found->waiver, unmet))
            continue;
        BU_TRY(refuse_conflicts(w, found));
        if (!is_in_force(found))
            continue;
        found->is_used = true;
        unmet->is_waived = true;
    }
    return BU_OK;
}

/* Nothing broken, no gate that stays shut, and no reason but those of the rules. */
static bool may_be_waived(const bulla_judgement *judgement)
{
    bool may = judgement->verdict == BULLA_UNPROVEN && judgement->exit == BULLA_EXIT_UNPROVEN &&
               (judgement->gate == NULL || judgement->gate->is_open) && judgement->unmet_count > 0;
    for (size_t i = 0; i < judgement->unmet_count; i++)
        may = may && judgement->unmet[i].id[0] != '\0';
    return may;
}

bulla_status bu_policy_waive(const bu_waiver_terms *terms, bu_waivers *waivers,
                             bulla_judgement *judgement, bu_arena *arena, bulla_error *err)
{
    waiving w = { .terms = terms, .waivers = waivers, .judgement = judgement, .err = err };
    bu_subject *subjects;
    bool all = true;
    if (waivers->count == 0 || !may_be_waived(judgement))
        return BU_OK;
    BU_TRY(bu_waiver_subjects(judgement->component, &judgement->measured, arena, &subjects,
                              &w.subject_count, err));
    w.subjects = subjects;
    for (size_t i = 0; i < judgement->unmet_count; i++) {
        BU_TRY(waive_rule(&w, &judgement->unmet[i]));
        all = all && judgement->unmet[i].is_waived;
    }
    if (!all)
        return BU_OK;
    judgement->verdict = BULLA_WAIVED;
    judgement->exit = BULLA_EXIT_ALLOWED;
    return BU_OK;
}

void bu_waivers_need(const bu_waivers *waivers, const bulla_component *component, bu_needs *needs)
{
    for (size_t i = 0; i < waivers->count; i++)
        if (bu_bytes_is(waivers->items[i].waiver.package, component->purl))
            needs->proofs[BULLA_PROOF_SIGNATURE] = needs->proofs[BULLA_PROOF_PROVENANCE] = true;
}

void bu_waivers_settle(bu_waivers *waivers)
{
    for (size_t i = 0; i < waivers->count; i++)
        if (is_in_force(&waivers->items[i]) && !waivers->items[i].is_used)
            waivers->items[i].shown.state = BULLA_WAIVER_UNUSED;
}
