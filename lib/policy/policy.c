/* SPDX-License-Identifier: MIT */
/*
 * Making a policy. The built-in one is a text in the policy's own language, so
 * that there is one mechanism; doc/policy.md shows the same text.
 */
#include "policy/rule.h"
#include "policy/waive.h"

static const char built_in_text[] = "schema = \"bulla.policy/1\"\n"
                                    "\n"
                                    "[[rule]]\n"
                                    "name = \"built-in: artifacts\"\n"
                                    "match = \"**\"\n"
                                    "origin = [\"artifact\"]\n"
                                    "require = [\"signature\"]\n"
                                    "\n"
                                    "[[rule]]\n"
                                    "name = \"built-in: Debian packages\"\n"
                                    "match = \"pkg:deb/**\"\n"
                                    "origin = [\"unknown\", \"registry\", \"git\", \"file\", "
                                    "\"local\", \"outside\", \"bundled\", \"system\"]\n"
                                    "require = [\"archive-chain\"]\n"
                                    "\n"
                                    "[[rule]]\n"
                                    "name = \"built-in: dependencies\"\n"
                                    "match = \"**\"\n"
                                    "except = \"pkg:deb/**\"\n"
                                    "origin = [\"unknown\", \"registry\", \"git\", \"file\", "
                                    "\"local\", \"outside\", \"bundled\", \"system\"]\n"
                                    "require = [\"digest\", \"contents\"]\n";

void bu_policy_free(bu_policy *policy)
{
    if (policy != NULL)
        bu_arena_free(policy->arena);
    free(policy);
}

static bulla_status policy_new(const char *name, bulla_bytes text, bu_policy **out,
                               bulla_error *err)
{
    BU_AUTO(bu_policy) policy = calloc(1, sizeof *policy);
    if (policy == NULL)
        return bu_no_memory(err);
    policy->arena = bu_arena_new();
    if (policy->arena == NULL)
        return bu_no_memory(err);
    policy->name = bu_arena_text(policy->arena, bu_bytes_of(name));
    policy->text = bu_arena_copy(policy->arena, text);
    if (policy->name == NULL || (policy->text.ptr == NULL && text.len > 0))
        return bu_no_memory(err);
    bu_policy_parts parts = { 0 };
    BU_TRY(
        bu_rules_parse(bu_bytes_of(built_in_text), "built-in policy", policy->arena, &parts, err));
    policy->built_in = parts.rules;
    policy->waivers = parts.waivers;
    *out = BU_STEAL(policy);
    return BU_OK;
}

bulla_status bu_policy_builtin(bu_policy **out, bulla_error *err)
{
    return policy_new("built-in", bu_bytes_of(built_in_text), out, err);
}

/* A policy that cannot be used is a matter of configuration, not of what is verified. */
static bulla_status as_config(bulla_error *err, bulla_status status)
{
    if (bulla_ok(status) || status.code == BULLA_E_NO_MEMORY)
        return status;
    return bu_as(err, status, BULLA_EXIT_CONFIG);
}

bulla_status bu_policy_parse(bulla_bytes toml, const char *name, bu_policy **out, bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    bu_policy_parts parts = { 0 };
    BU_TRY(policy_new(name, toml, &policy, err));
    BU_TRY(as_config(err, bu_rules_parse(toml, name, policy->arena, &parts, err)));
    policy->own = parts.rules;
    policy->gates = parts.gates;
    policy->verifiers = parts.verifiers;
    policy->waivers = parts.waivers;
    *out = BU_STEAL(policy);
    return BU_OK;
}

bulla_status bu_policy_demand(bu_policy *policy, bulla_proof proof, const char *type,
                              bool artifacts, const char *name, bulla_error *err)
{
    static const char outside[] = "\"unknown\", \"registry\", \"git\", \"file\"";
    bu_policy_parts one = { 0 };
    bu_rules *all = &policy->demanded;
    const char *text = bu_arena_format(policy->arena,
                                       "schema = \"bulla.policy/1\"\n"
                                       "[[rule]]\n"
                                       "name = \"%s\"\n"
                                       "match = \"pkg:%s/**\"\n"
                                       "origin = [%s]\n"
                                       "require = [\"%s\"]\n",
                                       name, type, artifacts ? "\"artifact\"" : outside,
                                       bu_proof_rows[proof].name);
    if (text == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_rules_parse(bu_bytes_of(text), name, policy->arena, &one, err));
    bu_rule *items = bu_arena_get_array(policy->arena, all->count + 1, sizeof *items);
    if (items == NULL)
        return bu_no_memory(err);
    if (all->count > 0)
        memcpy(items, all->items, all->count * sizeof *items);
    items[all->count] = one.rules.items[0];
    *all = (bu_rules){ items, all->count + 1 };
    return BU_OK;
}

bool bu_policy_is_built_in(const bu_policy *policy)
{
    return policy->own.count == 0 && bu_bytes_is(policy->text, built_in_text);
}

const char *bu_policy_name(const bu_policy *policy)
{
    return policy->name;
}

const struct bu_verifiers *bu_policy_verifiers(const bu_policy *policy)
{
    return &policy->verifiers;
}

bulla_bytes bu_policy_text(const bu_policy *policy)
{
    return policy->text;
}

const bu_waiver_terms *bu_policy_waiver_terms(const bu_policy *policy)
{
    return &policy->waivers;
}

const bu_gate *bu_policy_gates(const bu_policy *policy, size_t *count)
{
    *count = policy->gates.count;
    return policy->gates.items;
}

const bu_gate *bu_policy_gate(const bu_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->gates.count; i++)
        if (strcmp(policy->gates.items[i].name, name) == 0)
            return &policy->gates.items[i];
    return NULL;
}

static bool has_text(const char *const *list, const char *text)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

bool bu_policy_names_environment(const bu_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->own.count; i++)
        if (has_text(policy->own.items[i].environments, name))
            return true;
    for (size_t i = 0; i < policy->gates.count; i++)
        if (policy->gates.items[i].environment != NULL &&
            strcmp(policy->gates.items[i].environment, name) == 0)
            return true;
    return false;
}
