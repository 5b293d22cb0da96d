/* SPDX-License-Identifier: MIT */
/*
 * Which rules apply to a component, and which proofs they mention.
 */
#include "policy/judging.h"

#include "base/glob.h"

static bool pattern_matches(const bu_pattern *pattern, bulla_bytes purl)
{
    return purl.len >= pattern->literal &&
           memcmp(purl.ptr, pattern->text.ptr, pattern->literal) == 0 &&
           (pattern->is_subtree || bu_glob_match(pattern->text, purl));
}

static bool any_matches(const bu_patterns *patterns, bulla_bytes purl)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (pattern_matches(&patterns->items[i], purl))
            return true;
    }
    return false;
}

/* A rule for environments applies also where none is named: else a slip would take it away. */
static bool is_for(const bu_rule *rule, const char *environment)
{
    return environment == NULL || bu_list_allows(rule->environments, bu_bytes_of(environment));
}

/* A value that is none of the enumeration is selected by no rule, and so never allowed. */
static bool selects(const bu_rule *rule, const bu_basis *basis, const bulla_component *component,
                    bulla_bytes purl)
{
    return (size_t)component->scope < BU_SCOPE_COUNT && rule->scopes[component->scope] &&
           (size_t)component->origin < BU_ORIGIN_COUNT && rule->origins[component->origin] &&
           is_for(rule, basis->environment) && any_matches(&rule->match, purl) &&
           !any_matches(&rule->except, purl);
}

bulla_status bu_rules_visit(const bu_policy *policy, const bu_basis *basis,
                            const bulla_component *component,
                            bulla_status (*visit)(void *context, const bu_rule *rule),
                            void *context)
{
    bulla_bytes purl = bu_bytes_of(component->purl);
    bool can_fail = basis->gate != NULL && bu_gate_is_about(basis->gate, component);
    for (size_t i = 0; i < policy->own.count; i++) {
        const bu_rule *rule = &policy->own.items[i];
        if (!selects(rule, basis, component, purl))
            continue;
        can_fail = can_fail || !rule->warns;
        BU_TRY(visit(context, rule));
    }
    for (size_t i = 0; !can_fail && i < policy->built_in.count; i++) {
        if (selects(&policy->built_in.items[i], basis, component, purl))
            BU_TRY(visit(context, &policy->built_in.items[i]));
    }
    for (size_t i = 0; i < policy->demanded.count; i++) {
        if (selects(&policy->demanded.items[i], basis, component, purl))
            BU_TRY(visit(context, &policy->demanded.items[i]));
    }
    return BU_OK;
}

/* What stands behind a want: an age is told by who signed when. */
static void need_want(bu_needs *needs, const bu_want *want)
{
    needs->proofs[want->proof] = true;
    if (want->proof == BULLA_PROOF_AGE)
        needs->proofs[BULLA_PROOF_SIGNATURE] = needs->proofs[BULLA_PROOF_REGISTRY_SIGNATURE] =
            needs->proofs[BULLA_PROOF_PROVENANCE] = true;
}

static bulla_status need_rule(void *context, const bu_rule *rule)
{
    bu_needs *needs = context;
    for (size_t d = 0; d < rule->count; d++) {
        for (size_t a = 0; a < rule->demands[d].count; a++) {
            const bu_alternative *alternative = &rule->demands[d].alternatives[a];
            for (size_t w = 0; w < alternative->count; w++)
                need_want(needs, &alternative->wants[w]);
        }
    }
    return BU_OK;
}

bu_needs bu_policy_needs(const bu_policy *policy, const bu_basis *basis,
                         const bulla_component *component)
{
    bu_needs needs = { 0 };
    (void)bu_rules_visit(policy, basis, component, need_rule, &needs); /* it does not fail */
    if (basis->gate != NULL && bu_gate_is_about(basis->gate, component))
        needs.proofs[BULLA_PROOF_SIGNATURE] = needs.proofs[BULLA_PROOF_PROVENANCE] = true;
    return needs;
}
