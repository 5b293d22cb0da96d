/* SPDX-License-Identifier: MIT */
/*
 * Which rules apply to a component, and which proofs they mention. Of many
 * rules few are about one name; the others are told from it without matching
 * patterns: they have a pair of bytes that the name has not.
 */
#include "policy/judging.h"

#include "base/glob.h"

/* A component as rules look at it. */
typedef struct subject {
    const bulla_component *component;
    const char *environment;
    bulla_bytes purl;
    bu_pairs pairs;
} subject;

static bool is_wildcard(uint8_t c)
{
    return c == '*' || c == '?';
}

bu_pairs bu_pairs_of(bulla_bytes text, bool is_pattern)
{
    bu_pairs pairs = { { 0 } };
    for (size_t i = 0; i + 1 < text.len; i++) {
        uint8_t a = text.ptr[i], b = text.ptr[i + 1];
        uint8_t hash = (uint8_t)(a * 7u + b * 61u);
        if (!is_pattern || (!is_wildcard(a) && !is_wildcard(b)))
            pairs.words[hash / 64] |= UINT64_C(1) << hash % 64;
    }
    return pairs;
}

static bool has_pairs(const bu_pairs *all, const bu_pairs *wanted)
{
    uint64_t missing = 0;
    for (size_t i = 0; i < BU_PAIR_WORDS; i++)
        missing |= wanted->words[i] & ~all->words[i];
    return missing == 0;
}

static bool pattern_matches(const bu_pattern *pattern, const subject *s)
{
    return has_pairs(&s->pairs, &pattern->pairs) && s->purl.len >= pattern->literal &&
           memcmp(s->purl.ptr, pattern->text.ptr, pattern->literal) == 0 &&
           (pattern->is_subtree || bu_glob_match(pattern->text, s->purl));
}

static bool any_matches(const bu_patterns *patterns, const subject *s)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (pattern_matches(&patterns->items[i], s))
            return true;
    }
    return false;
}

/* NuGet resolves a name in any case: another case takes no rule away, but makes no exception. */
static bool is_meant(const bu_patterns *patterns, const subject *s)
{
    if (!bu_bytes_starts(s->purl, "pkg:nuget/"))
        return any_matches(patterns, s);
    for (size_t i = 0; i < patterns->count; i++)
        if (bu_glob_match_any_case(patterns->items[i].text, s->purl))
            return true;
    return false;
}

/* A rule for environments applies also where none is named: else a slip would take it away. */
static bool is_for(const bu_rule *rule, const char *environment)
{
    return environment == NULL || bu_list_allows(rule->environments, bu_bytes_of(environment));
}

/* A value that is none of the enumeration is selected by no rule, and so never allowed. */
static bool selects(const bu_rule *rule, const subject *s)
{
    const bulla_component *component = s->component;
    return (size_t)component->scope < BU_SCOPE_COUNT && rule->scopes[component->scope] &&
           (size_t)component->origin < BU_ORIGIN_COUNT && rule->origins[component->origin] &&
           is_meant(&rule->match, s) && !any_matches(&rule->except, s) &&
           is_for(rule, s->environment);
}

bulla_status bu_rules_visit(const bu_policy *policy, const bu_basis *basis,
                            const bulla_component *component,
                            bulla_status (*visit)(void *context, const bu_rule *rule),
                            void *context)
{
    subject s = { component, basis->environment, bu_bytes_of(component->purl), { { 0 } } };
    s.pairs = bu_pairs_of(s.purl, false);
    bool can_fail = basis->gate != NULL && bu_gate_is_about(basis->gate, component);
    for (size_t i = 0; i < policy->own.count; i++) {
        const bu_rule *rule = &policy->own.items[i];
        if (!selects(rule, &s))
            continue;
        can_fail = can_fail || !rule->warns;
        BU_TRY(visit(context, rule));
    }
    for (size_t i = 0; !can_fail && i < policy->built_in.count; i++) {
        if (selects(&policy->built_in.items[i], &s))
            BU_TRY(visit(context, &policy->built_in.items[i]));
    }
    for (size_t i = 0; i < policy->demanded.count; i++) {
        if (selects(&policy->demanded.items[i], &s))
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
