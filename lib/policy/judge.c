/* SPDX-License-Identifier: MIT */
/*
 * Judging: facts × rules → verdict. Broken facts come first and are looked at
 * whatever the rules say; then each rule that selects the component adds what
 * it misses. A verdict is ALLOWED in one place only, at the end, when a rule
 * that can fail was satisfied and nothing was found against it.
 */
#include "policy/judging.h"

#include "attest/predicate.h"
#include "attest/provenance.h"
#include "base/buf.h"
#include "base/duration.h"
#include "base/glob.h"
#include "base/time.h"
#include "base/utf8.h"

bool bu_fact_is_of_type(const bulla_fact *fact, const char *type)
{
    bulla_bytes name = bu_bytes_of(type), predicate = bu_bytes_of(fact->predicate);
    if (predicate.len == 0)
        return bu_bytes_is(name, "signature");
    return bu_predicate_is(predicate, name) ||
           (bu_is_provenance(predicate) && bu_is_provenance(bu_predicate_type_of(name)));
}

static bool role_is(const bulla_fact *fact, const char *role)
{
    return role == NULL || (fact->role != NULL && strcmp(fact->role, role) == 0);
}

static bool source_is(const bulla_fact *fact, const char *glob)
{
    if (glob == NULL)
        return true;
    bulla_bytes source = bu_bytes_of(fact->build == NULL ? NULL : fact->build->source);
    return source.len > 0 && bu_glob_match(bu_bytes_of(glob), bu_repository_of(source));
}

static bool is_wanted(const bulla_fact *fact, const bu_want *want)
{
    return fact->proof == want->proof && role_is(fact, want->role) &&
           (want->type == NULL || bu_fact_is_of_type(fact, want->type)) &&
           source_is(fact, want->source);
}

/* What is said of a publisher says nothing about when these bytes came to be. */
static bool is_about_publisher(const bulla_fact *fact)
{
    return fact->said != NULL && fact->said->scope != NULL;
}

/* When it was first signed, as far as that is proved; false when nothing says so. */
static bool first_time(const bulla_judgement *judgement, int64_t *out)
{
    bool known = false;
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        if (fact->outcome != BULLA_HELD || !fact->has_time || is_about_publisher(fact) ||
            (known && fact->time >= *out))
            continue;
        known = true;
        *out = fact->time;
    }
    return known;
}

static bool is_old_enough(const bu_basis *basis, const bulla_judgement *judgement,
                          const bu_want *want)
{
    int64_t time, age;
    return first_time(judgement, &time) && !__builtin_sub_overflow(basis->now, time, &age) &&
           age >= want->age;
}

bool bu_want_holds(const bu_basis *basis, const bulla_judgement *judgement, const bu_want *want)
{
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        if (fact->outcome == BULLA_HELD && (bu_proof_exempts(fact->proof) || is_wanted(fact, want)))
            return true;
    }
    return want->proof == BULLA_PROOF_AGE && is_old_enough(basis, judgement, want);
}

/* The fact that says most about why a proof is not held; one without a role is about all roles. */
static const bulla_fact *why_not(const bulla_judgement *judgement, const bu_want *want)
{
    const bulla_fact *best = NULL;
    for (size_t i = 0; i < judgement->fact_count; i++) {
        const bulla_fact *fact = &judgement->facts[i];
        bool about = fact->role == NULL ||
                     (role_is(fact, want->role) && (want->type == NULL || fact->predicate == NULL ||
                                                    bu_fact_is_of_type(fact, want->type)));
        if (fact->proof == want->proof && about && fact->outcome != BULLA_HELD &&
            (best == NULL || fact->outcome > best->outcome))
            best = fact;
    }
    return best;
}

/* Too young, or of an age that is not known. */
static bulla_status age_explain(bu_judging *j, const bu_want *want, bulla_finding *out)
{
    int64_t time;
    char words[BU_DURATION_TEXT], text[BU_TIME_TEXT];
    bool known = first_time(j->judgement, &time);
    *out = known ? bu_reason_of(BULLA_E_TOO_NEW, "it was signed too short a while ago")
                 : bu_reason_of(BULLA_E_MISSING_FILE, "no trusted time says how old it is");
    out->expected =
        bu_arena_format(j->arena, "at least %s old", bu_duration_format(want->age, words));
    out->got = known ? bu_arena_text(j->arena, bu_bytes_of(bu_time_format(time, text))) : "";
    return out->expected == NULL || out->got == NULL ? bu_no_memory(j->err) : BU_OK;
}

/* What to say when evidence itself has nothing to say. */
static bulla_status finding_make(bu_judging *j, const bu_want *want, bulla_finding *out)
{
    if (want->proof == BULLA_PROOF_AGE)
        return age_explain(j, want, out);
    const char *text =
        bu_arena_format(j->arena, "no proof that %s", bu_proof_rows[want->proof].title);
    if (text == NULL)
        return bu_no_memory(j->err);
    bool is_signature = want->proof == BULLA_PROOF_SIGNATURE;
    *out = bu_reason_of(is_signature ? BULLA_E_THRESHOLD : BULLA_E_MISSING_FILE, text);
    return BU_OK;
}

/* Add why `want` is not held: the fact's finding (NULL: there is no fact), made complete. */
static bulla_status explain(bu_judging *j, bu_reasons *list, const bu_want *want,
                            const bulla_fact *fact, const char *expected)
{
    bulla_finding finding;
    if (fact != NULL && fact->finding.code != BULLA_OK)
        finding = fact->finding;
    else
        BU_TRY(finding_make(j, want, &finding));
    finding.exit = bu_exit_of(fact == NULL ? BULLA_ABSENT : fact->outcome, finding.exit);
    if (finding.expected[0] == '\0' && finding.got[0] == '\0' && expected[0] != '\0')
        finding.expected = bu_arena_text(j->arena, bu_bytes_of(expected));
    return finding.expected == NULL ? bu_no_memory(j->err) : bu_reasons_add(j, list, &finding);
}

bool bu_demand_holds(const bu_basis *basis, const bulla_judgement *judgement,
                     const bu_demand *demand)
{
    for (size_t a = 0; a < demand->count; a++) {
        const bu_alternative *alternative = &demand->alternatives[a];
        size_t held = 0;
        while (held < alternative->count &&
               bu_want_holds(basis, judgement, &alternative->wants[held]))
            held++;
        if (held == alternative->count)
            return true;
    }
    return false;
}

/* Say for each proof that an unsatisfied demand names why it is not held. */
static bulla_status demand_explain(bu_judging *j, bu_reasons *list, const bu_demand *demand)
{
    for (size_t a = 0; a < demand->count; a++) {
        const bu_alternative *alternative = &demand->alternatives[a];
        for (size_t w = 0; w < alternative->count; w++) {
            const bu_want *want = &alternative->wants[w];
            const bulla_fact *fact = why_not(j->judgement, want);
            bool told = fact != NULL && fact->outcome == BULLA_BROKEN; /* it is a reason already */
            if (told || bu_want_holds(j->basis, j->judgement, want))
                continue;
            bool spell_out = demand->count > 1 || want->role != NULL || want->source != NULL;
            BU_TRY(explain(j, list, want, fact, spell_out ? demand->text : ""));
        }
    }
    return BU_OK;
}

static bulla_status rule_judge(void *context, const bu_rule *rule)
{
    bu_judging *j = context;
    if (!rule->warns && j->selected == NULL)
        j->selected = rule;
    for (size_t d = 0; d < rule->count; d++) {
        if (bu_demand_holds(j->basis, j->judgement, &rule->demands[d]))
            continue;
        if (!rule->warns && j->decided == NULL)
            j->decided = rule;
        if (!rule->warns)
            BU_TRY(bu_unmet_begin(j, rule));
        if (rule->warns)
            BU_TRY(demand_explain(j, &j->warnings, &rule->demands[d]));
        else if (!j->broken)
            BU_TRY(demand_explain(j, &j->reasons, &rule->demands[d]));
    }
    j->in_rule = false;
    return BU_OK;
}

static bulla_status broken_explain(bu_judging *j)
{
    for (size_t i = 0; i < j->judgement->fact_count; i++) {
        const bulla_fact *fact = &j->judgement->facts[i];
        const bu_want broken = { .proof = fact->proof };
        if (fact->outcome == BULLA_BROKEN)
            BU_TRY(explain(j, &j->reasons, &broken, fact, ""));
    }
    j->broken = j->reasons.count > 0;
    return BU_OK;
}

/* A component that no rule is about, the built-in ones included, is a defect and not allowed. */
static bulla_status unruled_explain(bu_judging *j)
{
    bulla_finding finding = bu_reason_of(BULLA_E_INTERNAL, "no rule is about this component");
    return bu_reasons_add(j, &j->reasons, &finding);
}

static bulla_exit worst_exit(const bu_reasons *list)
{
    bulla_exit worst = BULLA_EXIT_ALLOWED;
    for (size_t i = 0; i < list->count; i++)
        worst = bulla_exit_worse(worst, list->items[i].exit);
    return worst;
}

/* A rule that can fail, or a gate, is about it. */
static bool is_ruled(const bu_judging *j)
{
    return j->selected != NULL || j->gate != NULL;
}

static bulla_verdict verdict_of(const bu_judging *j)
{
    if (j->broken || j->forbidden || !is_ruled(j))
        return BULLA_DENIED;
    return j->reasons.count > 0 || j->decided != NULL ? BULLA_UNPROVEN : BULLA_ALLOWED;
}

/* Which rule or gate decided; in the arena. */
static bulla_status rule_name(bu_judging *j, const char **out)
{
    bool shut = j->gate != NULL && !j->gate->is_open && !j->broken;
    const char *name = j->decided != NULL                ? j->decided->name
                       : j->broken                       ? "built-in: nothing broken"
                       : j->gate == NULL && j->forbidden ? "built-in: the gate is about it"
                       : j->selected == NULL             ? "none"
                                                         : j->selected->name;
    bool is_gate = j->gate != NULL && !j->broken && (shut || j->decided == NULL);
    *out = is_gate ? bu_arena_format(j->arena, "gate %s", j->gate->name)
                   : bu_arena_text(j->arena, bu_bytes_of(name));
    return *out == NULL ? bu_no_memory(j->err) : BU_OK;
}

bulla_status bu_policy_judge(const bu_policy *policy, const bu_basis *basis,
                             bulla_judgement *judgement, bu_arena *arena, bulla_error *err)
{
    bu_judging j = { .basis = basis, .judgement = judgement, .arena = arena, .err = err };
    judgement->verdict = BULLA_DENIED; /* as long as it is not judged to the end */
    judgement->exit = BULLA_EXIT_INTERNAL;
    judgement->rule = "none";
    judgement->reason_count = judgement->warning_count = judgement->unmet_count = 0;
    judgement->gate = NULL;
    BU_TRY(broken_explain(&j));
    if (basis->gate != NULL)
        BU_TRY(bu_gate_judge(&j));
    BU_TRY(bu_rules_visit(policy, basis, judgement->component, rule_judge, &j));
    if (!is_ruled(&j))
        BU_TRY(unruled_explain(&j));
    BU_TRY(rule_name(&j, &judgement->rule));
    BU_TRY(bu_unmet_keep(&j, judgement));
    judgement->verdict = verdict_of(&j);
    judgement->exit = worst_exit(&j.reasons);
    judgement->reasons = j.reasons.items;
    judgement->reason_count = j.reasons.count;
    judgement->warnings = j.warnings.items;
    judgement->warning_count = j.warnings.count;
    judgement->gate = j.gate;
    return BU_OK;
}
