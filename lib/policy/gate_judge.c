/* SPDX-License-Identifier: MIT */
/*
 * A gate is open when every need has its people. Too few people, and people
 * who acted where they may not, are two different answers: the first may mend
 * itself, the second is forbidden.
 */
#include "policy/gating.h"

#include <inttypes.h>

#include "attest/decision.h"
#include "base/buf.h"
#include "base/glob.h"

bool bu_gate_is_about(const bu_gate *gate, const bulla_component *component)
{
    if (component->origin != BULLA_ORIGIN_ARTIFACT)
        return false;
    for (const char *const *glob = gate->match; *glob != NULL; glob++)
        if (bu_glob_match(bu_bytes_of(*glob), bu_bytes_of(component->purl)) ||
            bu_glob_match(bu_bytes_of(*glob), bu_bytes_of(component->name)))
            return true;
    return false;
}

/* In which role somebody acts who is therefore not counted for the need. */
static const char *other_role(const bu_gating *g, size_t person, size_t need)
{
    for (size_t n = 0; n < g->gate->need_count; n++)
        if (n != need && g->people[person].counts[n])
            return g->gate->needs[n].role;
    return g->actors[person].barred[need];
}

/* "2: alice, bob", and who would be counted but for another role: "carol acts as builder". */
static const char *describe_people(const bu_gating *g, size_t need)
{
    BU_CLEAR(bu_buf) text = { 0 };
    const char *between = ": ";
    bu_buf_add_format(&text, "%" PRIu32, g->counted[need]);
    for (size_t i = 0; i < g->count; i++) {
        if (!g->people[i].may[need])
            continue;
        const char *role = g->people[i].counts[need] ? NULL : other_role(g, i, need);
        bu_buf_add_format(&text, "%s%s%s%s", between, g->people[i].id,
                          role == NULL ? "" : ", who acts as ", role == NULL ? "" : role);
        between = role == NULL ? ", " : "; ";
    }
    return text.broken ? NULL : bu_arena_text(g->j->arena, bu_buf_bytes(&text));
}

/* How one more person says what a need asks for; in the arena. */
static const char *next_for(const bu_gating *g, size_t index)
{
    const bu_gate_need *need = &g->gate->needs[index];
    const char *environment = g->gate->environment;
    if (strcmp(need->type, "signature") == 0)
        return g->counted[index] > 0 ? bulla_code_next(BULLA_E_THRESHOLD)
                                     : "let a person of the role sign: bulla sign --key KEY FILE";
    bool is_said = bu_decision_type(bu_bytes_of(need->type)).len > 0;
    bool is_named = is_said && environment != NULL && bu_gate_names_environment(need->type);
    return bu_arena_format(g->j->arena,
                           "let one more person of the role say so: bulla attest --type %s%s%s%s%s "
                           "--key KEY FILE",
                           need->type, is_said ? " --role " : " --predicate JSON",
                           is_said ? need->role : "", is_named ? " --environment " : "",
                           is_named ? environment : "");
}

static bulla_status add_need_reason(bu_gating *g, size_t index, bulla_code code, const char *why)
{
    bu_judging *j = g->j;
    const bu_gate_need *need = &g->gate->needs[index];
    bulla_finding finding =
        bu_reason_of(code, bu_arena_format(j->arena, "gate %s needs %s by role %s: %s",
                                           g->gate->name, need->type, need->role, why));
    finding.exit = bu_exit_of(BULLA_ABSENT, finding.exit);
    if (code == BULLA_E_DUTY_CONFLICT)
        finding.exit = BULLA_EXIT_DENIED;
    else
        finding.next = next_for(g, index);
    finding.expected = bu_arena_format(j->arena, "%" PRIu32 " of role %s", need->count, need->role);
    finding.got = describe_people(g, index);
    if (finding.text == NULL || finding.expected == NULL || finding.got == NULL ||
        (code == BULLA_E_THRESHOLD && finding.next == NULL))
        return bu_no_memory(j->err);
    return bu_reasons_add(j, &j->reasons, &finding);
}

/* The same finding, said of a need of this gate. */
static bulla_status add_missed(bu_gating *g, size_t index)
{
    const bu_gate_need *need = &g->gate->needs[index];
    bulla_finding finding = g->missed[index];
    if (finding.code == BULLA_OK)
        return BU_OK;
    finding.exit = bu_exit_of(BULLA_ABSENT, finding.exit);
    finding.text =
        bu_arena_format(g->j->arena, "%s by role %s: %s", need->type, need->role, finding.text);
    return finding.text == NULL ? bu_no_memory(g->j->err)
                                : bu_reasons_add(g->j, &g->j->reasons, &finding);
}

static bulla_status explain_need(bu_gating *g, size_t index)
{
    size_t able = 0, needed = g->gate->needs[index].count;
    for (size_t i = 0; i < g->count; i++)
        able += g->people[i].may[index];
    if (able >= needed) {
        g->j->forbidden = true;
        return add_need_reason(g, index, BULLA_E_DUTY_CONFLICT,
                               "somebody acts in two roles, and counts for one");
    }
    BU_TRY(add_missed(g, index));
    return add_need_reason(g, index, BULLA_E_THRESHOLD, "too few people");
}

/* An author whom nobody knows may be anybody, also one of those who are counted. */
static bulla_status refuse_stranger(bu_gating *g)
{
    bu_judging *j = g->j;
    if (g->stranger == NULL || !bu_gate_bars_authors(g->gate, &j->basis->exclusions))
        return BU_OK;
    bulla_finding finding = bu_reason_of(
        BULLA_E_BAD_REFERENCE,
        bu_arena_format(j->arena,
                        "gate %s counts nobody for their own work, and the trust store does not "
                        "know an author of it",
                        g->gate->name));
    finding.exit = BULLA_EXIT_UNPROVEN;
    finding.expected = "ids of the trust store";
    finding.got = bu_arena_text(j->arena, bu_bytes_of(g->stranger));
    finding.next = BU_NEXT_AUTHOR;
    if (finding.text == NULL || finding.got == NULL)
        return bu_no_memory(j->err);
    return bu_reasons_add(j, &j->reasons, &finding);
}

/* What no role is known of may be the word that is missing. */
static bulla_status explain_strangers(bu_gating *g)
{
    for (size_t f = 0; f < g->j->judgement->fact_count; f++) {
        const bulla_fact *fact = &g->j->judgement->facts[f];
        bool is_word =
            fact->proof == BULLA_PROOF_SIGNATURE || fact->proof == BULLA_PROOF_PROVENANCE;
        if (!is_word || fact->role != NULL || fact->outcome == BULLA_HELD ||
            fact->outcome == BULLA_BROKEN || fact->finding.code == BULLA_OK)
            continue;
        bulla_finding finding = fact->finding;
        finding.exit = bu_exit_of(fact->outcome, finding.exit);
        BU_TRY(bu_reasons_add(g->j, &g->j->reasons, &finding));
    }
    return BU_OK;
}

static bulla_status keep_vouchers(const bu_gating *g, size_t index, bulla_gate_need *out)
{
    const bulla_voucher **vouchers =
        bu_arena_get_array(g->j->arena, g->counted[index], sizeof(const bulla_voucher *));
    if (vouchers == NULL)
        return bu_no_memory(g->j->err);
    for (size_t i = 0; i < g->count; i++)
        if (g->people[i].counts[index])
            vouchers[out->counted++] = g->actors[i].vouchers[index];
    out->vouchers = vouchers;
    return BU_OK;
}

/* A copy of a text of the policy, which may be freed before the result. */
static bulla_status copy(bu_judging *j, const char *text, const char **out)
{
    *out = text == NULL ? NULL : bu_arena_text(j->arena, bu_bytes_of(text));
    return text != NULL && *out == NULL ? bu_no_memory(j->err) : BU_OK;
}

static bulla_status keep_outcome(bu_gating *g, bulla_gate *out)
{
    bu_judging *j = g->j;
    bulla_gate_need *needs = bu_arena_get_array(j->arena, g->gate->need_count, sizeof *needs);
    if (needs == NULL)
        return bu_no_memory(j->err);
    BU_TRY(copy(j, g->gate->name, &out->name));
    BU_TRY(copy(j, g->gate->environment, &out->environment));
    out->needs = needs;
    for (; out->need_count < g->gate->need_count; out->need_count++) {
        const bu_gate_need *need = &g->gate->needs[out->need_count];
        bulla_gate_need *kept = &needs[out->need_count];
        BU_TRY(copy(j, need->type, &kept->type));
        BU_TRY(copy(j, need->role, &kept->role));
        kept->needed = need->count;
        BU_TRY(keep_vouchers(g, out->need_count, kept));
    }
    return BU_OK;
}

/* An artifact that is brought to a gate which is not about it would pass unseen. */
static bulla_status refuse_other(bu_judging *j, const bu_gate *gate)
{
    bulla_finding finding =
        bu_reason_of(BULLA_E_SUBJECT_MISMATCH,
                     bu_arena_format(j->arena, "gate %s is not about this artifact", gate->name));
    if (finding.text == NULL)
        return bu_no_memory(j->err);
    finding.next = "name a gate that matches it";
    j->forbidden = true;
    return bu_reasons_add(j, &j->reasons, &finding);
}

static bulla_status judge_needs(bu_gating *g)
{
    bu_judging *j = g->j;
    size_t before = j->reasons.count;
    BU_TRY(bu_gating_count(g));
    if (j->broken)
        return BU_OK; /* what is only missing is no reason any more */
    BU_TRY(refuse_stranger(g));
    for (size_t n = 0; n < g->gate->need_count; n++)
        if (g->counted[n] < g->gate->needs[n].count)
            BU_TRY(explain_need(g, n));
    if (j->reasons.count > before)
        BU_TRY(explain_strangers(g));
    j->gate->is_open = j->reasons.count == before;
    return BU_OK;
}

bulla_status bu_gate_judge(bu_judging *j)
{
    const bu_gate *gate = j->basis->gate;
    if (j->judgement->component->origin != BULLA_ORIGIN_ARTIFACT)
        return BU_OK;
    if (!bu_gate_is_about(gate, j->judgement->component))
        return refuse_other(j, gate);
    bu_gating g = { .j = j, .gate = gate };
    j->gate = bu_arena_get(j->arena, sizeof *j->gate);
    if (j->gate == NULL)
        return bu_no_memory(j->err);
    BU_TRY(judge_needs(&g));
    return keep_outcome(&g, j->gate);
}
