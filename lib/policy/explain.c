/* SPDX-License-Identifier: MIT */
/*
 * A policy in plain English, so that whoever signs it can read what it asks
 * for. The same policy always gives the same text.
 */
#include "policy/explain.h"

#include <inttypes.h>

#include "base/duration.h"
#include "policy/rule.h"

/* "a, b or c", each escaped by being of the policy, which hides nothing. */
static void add_choice(bu_buf *out, const char *const *words, size_t count, const char *last)
{
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(out, "%s%s", i == 0 ? "" : i + 1 == count ? last : ", ", words[i]);
}

static size_t length_of(const char *const *words)
{
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    return count;
}

static void add_patterns(bu_buf *out, const bu_patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++)
        bu_buf_add_format(out, "%s%s",
                          i == 0                     ? ""
                          : i + 1 == patterns->count ? " or "
                                                     : ", ",
                          (const char *)patterns->items[i].text.ptr);
}

/* Nothing where all of them are meant. */
static void add_chosen(bu_buf *out, const char *before, const bool *chosen, size_t count,
                       const char *(*name)(size_t value))
{
    const char *words[BU_ORIGIN_COUNT + BU_SCOPE_COUNT];
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (chosen[i])
            words[found++] = name(i);
    if (found == count)
        return;
    bu_buf_add_text(out, before);
    add_choice(out, words, found, " or ");
}

static const char *scope_name(size_t value)
{
    return bulla_scope_name((bulla_scope)value);
}

static const char *origin_name(size_t value)
{
    return bulla_origin_name((bulla_origin)value);
}

static void add_want(bu_buf *out, const bu_want *want)
{
    char words[BU_DURATION_TEXT];
    if (want->proof == BULLA_PROOF_AGE)
        bu_buf_add_format(out, "a trusted time says that it is at least %s old",
                          bu_duration_format(want->age, words));
    else if (want->type != NULL)
        bu_buf_add_format(out, "enough people of role %s signed a statement of type %s about it",
                          want->role, want->type);
    else if (want->role != NULL)
        bu_buf_add_format(out, "enough people of role %s signed it", want->role);
    else if (want->source != NULL)
        bu_buf_add_format(out, "it is signed that it was built from a source that matches %s",
                          want->source);
    else
        bu_buf_add_text(out, bu_proof_rows[want->proof].title);
    bu_buf_add_format(out, " (%s)", want->text);
}

static void add_alternative(bu_buf *out, const bu_alternative *alternative)
{
    for (size_t w = 0; w < alternative->count; w++) {
        bu_buf_add_text(out, w == 0 ? "" : ", and ");
        add_want(out, &alternative->wants[w]);
    }
    bu_buf_add_byte(out, '\n');
}

static void add_demand(bu_buf *out, const bu_demand *demand)
{
    if (demand->count == 1) {
        bu_buf_add_text(out, "  - ");
        add_alternative(out, &demand->alternatives[0]);
        return;
    }
    bu_buf_add_text(out, "  - one of these:\n");
    for (size_t a = 0; a < demand->count; a++) {
        bu_buf_add_text(out, "    - ");
        add_alternative(out, &demand->alternatives[a]);
    }
}

static void add_rule(bu_buf *out, const bu_rule *rule)
{
    bu_buf_add_format(out, "Rule \"%s\" is about packages that match ", rule->name);
    add_patterns(out, &rule->match);
    if (rule->except.count > 0) {
        bu_buf_add_text(out, ", but not ");
        add_patterns(out, &rule->except);
    }
    add_chosen(out, "; of scope ", rule->scopes, BU_SCOPE_COUNT, scope_name);
    add_chosen(out, "; of origin ", rule->origins, BU_ORIGIN_COUNT, origin_name);
    if (rule->environments[0] != NULL) {
        bu_buf_add_text(out, "; unless an environment is named that is not ");
        add_choice(out, rule->environments, length_of(rule->environments), " or ");
    }
    bu_buf_add_text(out, rule->warns ? ".\n  It reports, and lets pass, what is not proved of:\n"
                                     : ".\n  Each needs proof of all of:\n");
    for (size_t d = 0; d < rule->count; d++)
        add_demand(out, &rule->demands[d]);
    bu_buf_add_byte(out, '\n');
}

static void add_need(bu_buf *out, const bu_gate_need *need)
{
    char words[BU_DURATION_TEXT];
    bu_buf_add_format(out, "  - %s by %" PRIu32 " %s of role %s", need->type, need->count,
                      need->count == 1 ? "person" : "people", need->role);
    if (need->max_age != INT64_MAX)
        bu_buf_add_format(out, ", at most %s ago", bu_duration_format(need->max_age, words));
    if (need->builders[0] != NULL) {
        bu_buf_add_text(out, ", built by ");
        add_choice(out, need->builders, length_of(need->builders), " or ");
    }
    if (need->sources[0] != NULL) {
        bu_buf_add_text(out, ", built from ");
        add_choice(out, need->sources, length_of(need->sources), " or ");
    }
    bu_buf_add_byte(out, '\n');
}

static void add_distinctness(bu_buf *out, const bu_gate *gate)
{
    if (gate->distinct == BU_DISTINCT_ALL)
        bu_buf_add_text(out, "  Nobody is counted for two of these.\n");
    if (gate->distinct == BU_DISTINCT_NONE)
        bu_buf_add_text(out, "  One person may be counted for several of these.\n");
    for (size_t i = 0; i < gate->pair_count; i++)
        bu_buf_add_format(out, "  Nobody is counted both as %s and as %s.\n", gate->pairs[i].a,
                          gate->pairs[i].b);
    bu_buf_add_text(out,
                    "  Nobody is counted in two roles that the trust store holds apart; a service "
                    "counts\n  as the person behind it.\n");
}

static void add_gate(bu_buf *out, const bu_gate *gate)
{
    bu_buf_add_format(out, "Gate \"%s\" is about artifacts that match ", gate->name);
    add_choice(out, gate->match, length_of(gate->match), " or ");
    if (gate->environment != NULL)
        bu_buf_add_format(out, ", released into the environment %s", gate->environment);
    bu_buf_add_text(out, ".\n  Each needs all of:\n");
    for (size_t i = 0; i < gate->need_count; i++)
        add_need(out, &gate->needs[i]);
    add_distinctness(out, gate);
    bu_buf_add_byte(out, '\n');
}

static void add_verifier(bu_buf *out, const bu_verifier *verifier)
{
    char words[BU_DURATION_TEXT];
    bu_buf_add_format(out, "Verifier %s, signed by role %s, is believed about ", verifier->id,
                      verifier->role);
    add_choice(out, verifier->resources, length_of(verifier->resources), " or ");
    if (verifier->levels[0] != NULL) {
        bu_buf_add_text(out, ", where it found ");
        add_choice(out, verifier->levels, length_of(verifier->levels), " and ");
    }
    if (verifier->max_age != INT64_MAX)
        bu_buf_add_format(out, ", at most %s ago", bu_duration_format(verifier->max_age, words));
    bu_buf_add_text(out, ".\n\n");
}

static void add_waivers(bu_buf *out, const bu_waiver_terms *waivers)
{
    if (waivers->days_max == 0) {
        bu_buf_add_text(out, "No waiver counts.\n\n");
        return;
    }
    bu_buf_add_text(out, "What a rule misses can be waived for at most ");
    bu_buf_add_count(out, (size_t)waivers->days_max, "day");
    bu_buf_add_text(out, " by people of ");
    add_choice(out, waivers->roles, length_of(waivers->roles), " or ");
    bu_buf_add_text(out, ": as many\nas the role needs, and one more");
    for (size_t i = 0; i < waivers->never_count; i++)
        bu_buf_add_format(out, "%s%s", i == 0 ? "; but never " : ", ",
                          bulla_code_name(waivers->never[i]));
    bu_buf_add_text(out, ". What a gate misses cannot be waived.\n\n");
}

bulla_status bu_policy_explain(const bu_policy *policy, bu_buf *out, bulla_error *err)
{
    const bu_rules *rules =
        policy->own.count + policy->gates.count == 0 ? &policy->built_in : &policy->own;
    for (size_t i = 0; i < rules->count; i++)
        add_rule(out, &rules->items[i]);
    for (size_t i = 0; i < policy->gates.count; i++)
        add_gate(out, &policy->gates.items[i]);
    for (size_t i = 0; i < policy->verifiers.count; i++)
        add_verifier(out, &policy->verifiers.items[i]);
    if (policy->gates.count > 0)
        bu_buf_add_text(out, "Gates are judged where they are asked for: bulla verify --gate "
                             "NAME.\n\n");
    add_waivers(out, &policy->waivers);
    bu_buf_add_text(out,
                    "Whatever is broken (other bytes, a wrong signature, a hostile archive) is "
                    "denied, whatever\nthese rules say. All rules that are about a package have "
                    "to be satisfied. ");
    bu_buf_add_text(out, "What no rule is about,\nor only rules that let pass, is judged by the "
                         "built-in rules, too, unless it is brought to a\ngate: see bulla policy "
                         "explain --built-in.\n");
    return out->broken ? bu_no_memory(err) : BU_OK;
}
