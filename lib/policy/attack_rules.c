/* SPDX-License-Identifier: MIT */
/*
 * Rules, attacked: an alternative falls when all that is signed in it can be
 * forged. Digests and other proofs of bytes are no obstacle to who writes the
 * bytes.
 */
#include "policy/attack.h"
#include "policy/rule.h"

/* Proofs that somebody of the store signs; the others are of bytes alone. */
bool bu_want_is_signed(const bu_want *want)
{
    return want->proof == BULLA_PROOF_SIGNATURE || want->proof == BULLA_PROOF_PROVENANCE ||
           want->proof == BULLA_PROOF_REGISTRY_SIGNATURE ||
           want->proof == BULLA_PROOF_ARCHIVE_CHAIN || want->proof == BULLA_PROOF_VSA;
}

/* Enough people of the role are in hand. */
static bool role_falls(bu_attack *a, const bu_role *role, const bu_ask *ask)
{
    uint32_t count = 0;
    memset(a->counted, 0, a->trust->people_count * sizeof *a->counted);
    for (size_t i = 0; i < role->grant_count; i++) {
        size_t counts_as = a->trust->people[role->grants[i].person].counts_as;
        if (a->counted[counts_as] || !bu_attack_could_sign(a, role, &role->grants[i], ask))
            continue;
        a->counted[counts_as] = true;
        count++;
    }
    return count >= role->threshold;
}

/* The type of statement that the proof is, unless the policy names another. */
static const char *type_of(const bu_want *want)
{
    if (want->type != NULL)
        return want->type;
    return want->proof == BULLA_PROOF_PROVENANCE ? "slsa"
           : want->proof == BULLA_PROOF_VSA      ? "vsa"
                                                 : NULL;
}

/* Summaries count by the verifiers that the policy names, and by nobody else. */
static bool is_believed(const bu_attack *a, const bu_want *want, const bu_role *role)
{
    const bu_verifiers *verifiers = bu_policy_verifiers(a->scene->policy);
    for (size_t i = 0; want->proof == BULLA_PROOF_VSA && i < verifiers->count; i++)
        if (strcmp(verifiers->items[i].role, role->name) == 0)
            return true;
    return want->proof != BULLA_PROOF_VSA;
}

/* `aim` is what the rule is about; the type of statement is the proof's. */
static bool want_falls(bu_attack *a, const bu_want *want, const bu_ask *aim)
{
    bu_ask ask = *aim;
    ask.type = type_of(want);
    for (size_t i = 0; i < a->trust->role_count; i++) {
        const bu_role *role = &a->trust->roles[i];
        if ((want->role == NULL || strcmp(want->role, role->name) == 0) &&
            is_believed(a, want, role) && role_falls(a, role, &ask))
            return true;
    }
    return false;
}

static bool asks_for_signature(const bu_alternative *alternative)
{
    for (size_t i = 0; i < alternative->count; i++)
        if (bu_want_is_signed(&alternative->wants[i]))
            return true;
    return false;
}

static bool alternative_falls(bu_attack *a, const bu_alternative *alternative, const bu_ask *aim)
{
    for (size_t i = 0; i < alternative->count && !a->store_falls; i++)
        if (bu_want_is_signed(&alternative->wants[i]) &&
            !want_falls(a, &alternative->wants[i], aim))
            return false;
    return asks_for_signature(alternative);
}

/* An alternative of it falls, or none has to: one asks for no signature at all. */
static bool is_open(bu_attack *a, const bu_demand *demand, const bu_ask *aim)
{
    for (size_t i = 0; i < demand->count; i++)
        if (!asks_for_signature(&demand->alternatives[i]) ||
            alternative_falls(a, &demand->alternatives[i], aim))
            return true;
    return false;
}

static bulla_status add_alternative(bu_attack *a, const bu_rule *rule,
                                    const bu_alternative *alternative, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t i = 0; i < alternative->count; i++)
        bu_buf_add_format(&text, "%s%s", i == 0 ? "" : " and ", alternative->wants[i].text);
    const char *detail = text.broken ? NULL : bu_arena_text(a->arena, bu_buf_bytes(&text));
    if (detail == NULL)
        return bu_no_memory(err);
    return bu_attack_add(a, (bu_fall){ BU_FALL_RULE, rule->name, detail, false }, err);
}

static bulla_status attack_in(bu_attack *a, const bu_rule *rule, const bu_ask *aim,
                              bulla_error *err)
{
    for (size_t d = 0; d < rule->count; d++)
        if (!is_open(a, &rule->demands[d], aim))
            return BU_OK;
    for (size_t d = 0; d < rule->count; d++)
        for (size_t i = 0; i < rule->demands[d].count; i++)
            if (alternative_falls(a, &rule->demands[d].alternatives[i], aim))
                BU_TRY(add_alternative(a, rule, &rule->demands[d].alternatives[i], err));
    return BU_OK;
}

static bulla_status globs_of(const bu_patterns *patterns, bu_arena *arena, const char *const **out,
                             bulla_error *err)
{
    const char **globs = bu_arena_get_array(arena, patterns->count + 1, sizeof *globs);
    for (size_t i = 0; globs != NULL && i < patterns->count; i++)
        globs[i] = bu_arena_text(arena, patterns->items[i].text);
    if (globs == NULL || (patterns->count > 0 && globs[patterns->count - 1] == NULL))
        return bu_no_memory(err);
    *out = globs;
    return BU_OK;
}

/* In each environment that the rule is for; where it falls in one, that is enough. */
static bulla_status attack_rule(bu_attack *a, const bu_rule *rule, bulla_error *err)
{
    bu_ask aim = { .now = a->scene->now };
    size_t before = a->attempt->count, i = 0;
    BU_TRY(globs_of(&rule->match, a->arena, &aim.match, err));
    do {
        aim.environment = rule->environments[i];
        BU_TRY(attack_in(a, rule, &aim, err));
    } while (aim.environment != NULL && rule->environments[++i] != NULL &&
             a->attempt->count == before);
    return BU_OK;
}

/* A rule that asks for something that is signed, and fails without. */
static bool is_target(const bu_rule *rule)
{
    for (size_t d = 0; !rule->warns && d < rule->count; d++)
        for (size_t i = 0; i < rule->demands[d].count; i++)
            if (asks_for_signature(&rule->demands[d].alternatives[i]))
                return true;
    return false;
}

/* The built-in rules are what there is to attack where the policy has nothing of its own. */
const bu_rules *bu_rules_to_attack(const bu_policy *policy)
{
    return policy->own.count + policy->gates.count > 0 ? &policy->own : &policy->built_in;
}

size_t bu_attackable_rules(const bu_policy *policy)
{
    const bu_rules *rules = bu_rules_to_attack(policy);
    size_t count = 0;
    for (size_t i = 0; i < rules->count; i++)
        count += is_target(&rules->items[i]);
    return count;
}

bulla_status bu_attack_rules(bu_attack *a, bulla_error *err)
{
    const bu_rules *rules = bu_rules_to_attack(a->scene->policy);
    for (size_t i = 0; i < rules->count; i++)
        if (is_target(&rules->items[i]))
            BU_TRY(attack_rule(a, &rules->items[i], err));
    return BU_OK;
}
