/* SPDX-License-Identifier: MIT */
/*
 * Which roles' word a policy asks for: what somebody could still do for a component.
 */
#include "attest/predicate.h"
#include "policy/judging.h"

typedef struct asking {
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

static bulla_status visit_rule(void *context, const bu_rule *rule)
{
    const asking *a = context;
    for (size_t i = 0; i < rule->count && !rule->warns; i++)
        for (size_t k = 0; k < rule->demands[i].count; k++) {
            const bu_alternative *alternative = &rule->demands[i].alternatives[k];
            for (size_t w = 0; w < alternative->count; w++)
                if (is_review(&alternative->wants[w]))
                    BU_TRY(a->visit(a->context, alternative->wants[w].role));
        }
    return BU_OK;
}

bulla_status bu_policy_reviewers(const bu_policy *policy, const bu_basis *basis,
                                 const bulla_component *component,
                                 bulla_status (*visit)(void *context, const char *role),
                                 void *context)
{
    asking a = { visit, context };
    return bu_rules_visit(policy, basis, component, visit_rule, &a);
}
