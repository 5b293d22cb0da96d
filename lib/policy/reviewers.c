/* SPDX-License-Identifier: MIT */
/*
 * Which roles' word a policy asks for: what somebody could still do for a component.
 */
#include "attest/predicate.h"
#include "policy/judging.h"

typedef struct asking {
    const bu_basis *basis;
    const bulla_judgement *judgement;
    bulla_status (*visit)(void *context, const char *role);
    void *context;
} asking;

/* Of a role any statement, or a review. */
static bool is_review(const bu_want *want)
{
    return want->proof == BULLA_PROOF_SIGNATURE && want->role != NULL &&
           (want->type == NULL ||
            bu_predicate_is(bu_predicate_type_of(BULLA_LIT("review")), bu_bytes_of(want->type)));
}

static bulla_status visit_alternative(const asking *a, const bu_alternative *alternative)
{
    for (size_t w = 0; w < alternative->count; w++) {
        const bu_want *want = &alternative->wants[w];
        if (is_review(want) && !bu_want_holds(a->basis, a->judgement, want))
            BU_TRY(a->visit(a->context, want->role));
    }
    return BU_OK;
}

static bulla_status visit_rule(void *context, const bu_rule *rule)
{
    const asking *a = context;
    for (size_t i = 0; i < rule->count; i++) {
        const bu_demand *demand = &rule->demands[i];
        if (bu_demand_holds(a->basis, a->judgement, demand))
            continue;
        for (size_t k = 0; k < demand->count; k++)
            BU_TRY(visit_alternative(a, &demand->alternatives[k]));
    }
    return BU_OK;
}

bulla_status bu_policy_reviewers(const bu_policy *policy, const bu_basis *basis,
                                 const bulla_judgement *judgement,
                                 bulla_status (*visit)(void *context, const char *role),
                                 void *context)
{
    asking a = { basis, judgement, visit, context };
    return bu_rules_visit(policy, basis, judgement->component, visit_rule, &a);
}
