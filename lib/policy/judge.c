/* SPDX-License-Identifier: MIT */
/*
 * Judging: facts × rules → verdict. Broken facts come first and are looked at
 * whatever the rules say; then each rule that selects the component adds what
 * it misses. A verdict is ALLOWED in one place only, at the end, when a rule
 * that can fail was satisfied and nothing was found against it.
 */
#include "policy/rule.h"

#include "base/buf.h"
#include "base/glob.h"
#include "base/utf8.h"

/* Findings in an arena; a component that is allowed needs none of its memory. */
typedef struct findings {
    bulla_finding *items;
    size_t count, cap;
} findings;

typedef struct judging {
    const bulla_judgement *judgement;
    bu_arena *arena;
    bulla_error *err;
    findings reasons, warnings;
    bool broken;             /* what is only missing is no reason any more */
    const bu_rule *selected; /* first rule with action "fail" that applies */
    const bu_rule *decided;  /* first rule that is not satisfied */
} judging;

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

/* A value that is none of the enumeration is selected by no rule, and so never allowed. */
static bool selects(const bu_rule *rule, const bulla_component *component, bulla_bytes purl)
{
    return (size_t)component->scope < BU_SCOPE_COUNT && rule->scopes[component->scope] &&
           (size_t)component->origin < BU_ORIGIN_COUNT && rule->origins[component->origin] &&
           any_matches(&rule->match, purl) && !any_matches(&rule->except, purl);
}

/* Call `visit` for each rule of the policy that applies to the component. */
static bulla_status each_rule(const bu_policy *policy, const bulla_component *component,
                              bulla_status (*visit)(void *context, const bu_rule *rule),
                              void *context)
{
    bulla_bytes purl = bu_bytes_of(component->purl);
    bool can_fail = false;
    for (size_t i = 0; i < policy->own.count; i++) {
        const bu_rule *rule = &policy->own.items[i];
        if (!selects(rule, component, purl))
            continue;
        can_fail = can_fail || !rule->warns;
        BU_TRY(visit(context, rule));
    }
    for (size_t i = 0; !can_fail && i < policy->built_in.count; i++) {
        if (selects(&policy->built_in.items[i], component, purl))
            BU_TRY(visit(context, &policy->built_in.items[i]));
    }
    for (size_t i = 0; i < policy->demanded.count; i++) {
        if (selects(&policy->demanded.items[i], component, purl))
            BU_TRY(visit(context, &policy->demanded.items[i]));
    }
    return BU_OK;
}

static bulla_status need(void *context, const bu_rule *rule)
{
    bu_needs *needs = context;
    for (size_t d = 0; d < rule->count; d++) {
        for (size_t a = 0; a < rule->demands[d].count; a++) {
            const bu_alternative *alternative = &rule->demands[d].alternatives[a];
            for (size_t w = 0; w < alternative->count; w++)
                needs->proofs[alternative->wants[w].proof] = true;
        }
    }
    return BU_OK;
}

bu_needs bu_policy_needs(const bu_policy *policy, const bulla_component *component)
{
    bu_needs needs = { 0 };
    (void)each_rule(policy, component, need, &needs); /* need() does not fail */
    return needs;
}

static bool same_finding(const bulla_finding *a, const bulla_finding *b)
{
    return a->code == b->code && a->line == b->line && a->column == b->column &&
           a->offset == b->offset && strcmp(a->file, b->file) == 0 &&
           strcmp(a->text, b->text) == 0 && strcmp(a->expected, b->expected) == 0 &&
           strcmp(a->got, b->got) == 0;
}

static bulla_status findings_grow(judging *j, findings *list)
{
    size_t cap = list->cap == 0 ? 4 : 2 * list->cap;
    bulla_finding *items = bu_arena_get_array(j->arena, cap, sizeof *items);
    if (items == NULL)
        return bu_no_memory(j->err);
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->cap = cap;
    return BU_OK;
}

/* One missing archive is the reason for two proofs: said once. */
static bulla_status findings_add(judging *j, findings *list, const bulla_finding *finding)
{
    for (size_t i = 0; i < list->count; i++) {
        if (same_finding(&list->items[i], finding))
            return BU_OK;
    }
    if (list->count == list->cap)
        BU_TRY(findings_grow(j, list));
    list->items[list->count++] = *finding;
    return BU_OK;
}

/* Where the component stands in its lockfile: the place of findings that have no better one. */
static bulla_status place(judging *j, bulla_finding *finding)
{
    const bulla_component *component = j->judgement->component;
    if (finding->file[0] != '\0' || component->lockfile == NULL)
        return BU_OK;
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(bu_bytes_of(component->lockfile), &escaped);
    const char *file = escaped.broken ? NULL : bu_arena_text(j->arena, bu_buf_bytes(&escaped));
    if (file == NULL)
        return bu_no_memory(j->err);
    finding->file = file;
    finding->line = component->line;
    finding->column = component->column;
    finding->offset = UINT64_MAX;
    return BU_OK;
}

/* The outcome decides between denied and unproven; an exit class of another kind is kept. */
static bulla_exit exit_of(bulla_outcome outcome, bulla_exit exit)
{
    bulla_exit least = outcome == BULLA_BROKEN ? BULLA_EXIT_DENIED : BULLA_EXIT_UNPROVEN;
    return exit == BULLA_EXIT_DENIED ? least : bulla_exit_worse(least, exit);
}

/* A finding of ours: `text` is static or in the arena. */
static bulla_finding finding_of(bulla_code code, const char *text)
{
    return (bulla_finding){ .code = code,
                            .exit = bulla_code_exit(code),
                            .offset = UINT64_MAX,
                            .file = "",
                            .expected = "",
                            .got = "",
                            .text = text };
}

/* What to say when evidence itself has nothing to say. */
static bulla_status finding_make(judging *j, bulla_proof proof, bulla_finding *out)
{
    const char *text = bu_arena_format(j->arena, "no proof that %s", bu_proof_rows[proof].title);
    if (text == NULL)
        return bu_no_memory(j->err);
    bool is_signature = proof == BULLA_PROOF_SIGNATURE;
    *out = finding_of(is_signature ? BULLA_E_THRESHOLD : BULLA_E_MISSING_FILE, text);
    return BU_OK;
}

/* Add why `proof` is not held: the fact's finding (NULL: there is no fact), made complete. */
static bulla_status explain(judging *j, findings *list, bulla_proof proof, const bulla_fact *fact,
                            const char *expected)
{
    bulla_finding finding;
    if (fact != NULL && fact->finding.code != BULLA_OK)
        finding = fact->finding;
    else
        BU_TRY(finding_make(j, proof, &finding));
    finding.exit = exit_of(fact == NULL ? BULLA_ABSENT : fact->outcome, finding.exit);
    if (finding.expected[0] == '\0' && finding.got[0] == '\0' && expected[0] != '\0')
        finding.expected = bu_arena_text(j->arena, bu_bytes_of(expected));
    if (finding.expected == NULL)
        return bu_no_memory(j->err);
    BU_TRY(place(j, &finding));
    return findings_add(j, list, &finding);
}

static bool role_is(const bulla_fact *fact, const char *role)
{
    return role == NULL || (fact->role != NULL && strcmp(fact->role, role) == 0);
}

static bool holds(const bulla_judgement *judgement, const bu_want *want)
{
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        bool about = bu_proof_exempts(fact->proof) ||
                     (fact->proof == want->proof && role_is(fact, want->role));
        if (about && fact->outcome == BULLA_HELD)
            return true;
    }
    return false;
}

/* The fact that says most about why a proof is not held; one without a role is about all roles. */
static const bulla_fact *why_not(const bulla_judgement *judgement, const bu_want *want)
{
    const bulla_fact *best = NULL;
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        bool about =
            fact->proof == want->proof && (fact->role == NULL || role_is(fact, want->role));
        if (about && fact->outcome != BULLA_HELD && (best == NULL || fact->outcome > best->outcome))
            best = fact;
    }
    return best;
}

static bool demand_holds(const bulla_judgement *judgement, const bu_demand *demand)
{
    for (size_t a = 0; a < demand->count; a++) {
        const bu_alternative *alternative = &demand->alternatives[a];
        size_t held = 0;
        while (held < alternative->count && holds(judgement, &alternative->wants[held]))
            held++;
        if (held == alternative->count)
            return true;
    }
    return false;
}

/* Say for each proof that an unsatisfied demand names why it is not held. */
static bulla_status demand_explain(judging *j, findings *list, const bu_demand *demand)
{
    for (size_t a = 0; a < demand->count; a++) {
        const bu_alternative *alternative = &demand->alternatives[a];
        for (size_t w = 0; w < alternative->count; w++) {
            const bu_want *want = &alternative->wants[w];
            const bulla_fact *fact = why_not(j->judgement, want);
            bool told = fact != NULL && fact->outcome == BULLA_BROKEN; /* it is a reason already */
            if (told || holds(j->judgement, want))
                continue;
            bool spell_out = demand->count > 1 || want->role != NULL;
            BU_TRY(explain(j, list, want->proof, fact, spell_out ? demand->text : ""));
        }
    }
    return BU_OK;
}

static bulla_status rule_judge(void *context, const bu_rule *rule)
{
    judging *j = context;
    if (!rule->warns && j->selected == NULL)
        j->selected = rule;
    for (size_t d = 0; d < rule->count; d++) {
        if (demand_holds(j->judgement, &rule->demands[d]))
            continue;
        if (!rule->warns && j->decided == NULL)
            j->decided = rule;
        if (rule->warns)
            BU_TRY(demand_explain(j, &j->warnings, &rule->demands[d]));
        else if (!j->broken)
            BU_TRY(demand_explain(j, &j->reasons, &rule->demands[d]));
    }
    return BU_OK;
}

static bulla_status broken_explain(judging *j)
{
    for (size_t i = 0; i < j->judgement->fact_count; i++) {
        const bulla_fact *fact = &j->judgement->facts[i];
        if (fact->outcome == BULLA_BROKEN)
            BU_TRY(explain(j, &j->reasons, fact->proof, fact, ""));
    }
    j->broken = j->reasons.count > 0;
    return BU_OK;
}

/* A component that no rule is about, the built-in ones included, is a defect and not allowed. */
static bulla_status unruled_explain(judging *j)
{
    bulla_finding finding = finding_of(BULLA_E_INTERNAL, "no rule is about this component");
    BU_TRY(place(j, &finding));
    return findings_add(j, &j->reasons, &finding);
}

static bulla_exit worst_exit(const findings *list)
{
    bulla_exit worst = BULLA_EXIT_ALLOWED;
    for (size_t i = 0; i < list->count; i++)
        worst = bulla_exit_worse(worst, list->items[i].exit);
    return worst;
}

static bulla_verdict verdict_of(const judging *j)
{
    if (j->broken || j->selected == NULL)
        return BULLA_DENIED;
    return j->reasons.count > 0 || j->decided != NULL ? BULLA_UNPROVEN : BULLA_ALLOWED;
}

static const char *rule_name(const judging *j)
{
    if (j->decided != NULL)
        return j->decided->name;
    if (j->broken)
        return "built-in: nothing broken";
    return j->selected == NULL ? "none" : j->selected->name;
}

bulla_status bu_policy_judge(const bu_policy *policy, bulla_judgement *judgement, bu_arena *arena,
                             bulla_error *err)
{
    judging j = { .judgement = judgement, .arena = arena, .err = err };
    judgement->verdict = BULLA_DENIED; /* as long as it is not judged to the end */
    judgement->exit = BULLA_EXIT_INTERNAL;
    judgement->rule = "none";
    judgement->reason_count = judgement->warning_count = 0;
    BU_TRY(broken_explain(&j));
    BU_TRY(each_rule(policy, judgement->component, rule_judge, &j));
    if (j.selected == NULL)
        BU_TRY(unruled_explain(&j));
    const char *rule = bu_arena_text(arena, bu_bytes_of(rule_name(&j)));
    if (rule == NULL)
        return bu_no_memory(err);
    judgement->verdict = verdict_of(&j);
    judgement->exit = worst_exit(&j.reasons);
    judgement->rule = rule;
    judgement->reasons = j.reasons.items;
    judgement->reason_count = j.reasons.count;
    judgement->warnings = j.warnings.items;
    judgement->warning_count = j.warnings.count;
    return BU_OK;
}
