/* SPDX-License-Identifier: MIT */
/*
 * Facts × gate → people: what each of them could be counted for, and who is.
 * A word counts for a need when it is of its type and role, for the gate's
 * environment, neither taken back nor over, and young enough.
 */
#include "policy/gating.h"

#include <stdlib.h>

#include "attest/predicate.h"
#include "attest/provenance.h"
#include "base/duration.h"
#include "base/glob.h"
#include "base/time.h"

/* What was signed and is whole, be it by fewer people than the role asks for. */
static bool is_said(const bulla_fact *fact)
{
    return fact->outcome == BULLA_HELD ||
           (fact->outcome == BULLA_ABSENT && fact->finding.code == BULLA_E_THRESHOLD);
}

static bool is_of(const bulla_fact *fact, const bu_gate_need *need)
{
    bool builds = bu_is_provenance(bu_predicate_type_of(bu_bytes_of(need->type)));
    return fact->proof == (builds ? BULLA_PROOF_PROVENANCE : BULLA_PROOF_SIGNATURE) &&
           fact->role != NULL && strcmp(fact->role, need->role) == 0 &&
           bu_fact_is_of_type(fact, need->type);
}

bool bu_gate_names_environment(const char *type)
{
    bulla_bytes predicate = bu_predicate_type_of(bu_bytes_of(type));
    return bu_predicate_is(predicate, BULLA_LIT("approval")) ||
           bu_predicate_is(predicate, BULLA_LIT("release")) ||
           bu_predicate_is(predicate, BULLA_LIT("break-glass"));
}

static bool is_for(const bulla_fact *fact, const char *environment)
{
    if (environment == NULL || fact->said == NULL)
        return true;
    return fact->said->environment == NULL ? !bu_gate_names_environment(fact->predicate)
                                           : strcmp(fact->said->environment, environment) == 0;
}

static bool any_glob(const char *const *globs, bulla_bytes text)
{
    for (; *globs != NULL; globs++)
        if (bu_glob_match(bu_bytes_of(*globs), text))
            return true;
    return false;
}

static bool is_built_so(const bulla_fact *fact, const bu_gate_need *need)
{
    const char *builder = fact->build == NULL ? NULL : fact->build->builder;
    bulla_bytes source = bu_bytes_of(fact->build == NULL ? NULL : fact->build->source);
    return (need->builders[0] == NULL || any_glob(need->builders, bu_bytes_of(builder))) &&
           (need->sources[0] == NULL || any_glob(need->sources, bu_repository_of(source)));
}

static int weight(bulla_code code)
{
    static const bulla_code order[] = { BULLA_OK, BULLA_E_UNTRUSTED_KEY, BULLA_E_EXPIRED,
                                        BULLA_E_REVOKED, BULLA_E_ENVIRONMENT_MISMATCH };
    for (int i = 0; i < (int)(sizeof order / sizeof order[0]); i++)
        if (order[i] == code)
            return i;
    return 1;
}

/* Keep why something that is there does not count, if it says more than what is known. */
static void miss(bu_gating *g, size_t need, const bulla_finding *finding)
{
    if (weight(finding->code) > weight(g->missed[need].code))
        g->missed[need] = *finding;
}

static bulla_status miss_because(bu_gating *g, size_t need, bulla_code code, const char *text,
                                 const char *expected, const char *got)
{
    bulla_finding finding = bu_reason_of(code, text);
    finding.expected = bu_arena_text(g->j->arena, bu_bytes_of(expected));
    finding.got = bu_arena_text(g->j->arena, bu_bytes_of(got));
    if (finding.expected == NULL || finding.got == NULL)
        return bu_no_memory(g->j->err);
    miss(g, need, &finding);
    return BU_OK;
}

/* Does the fact count for the need, whoever stands behind it? */
static bulla_status judge_fact(bu_gating *g, const bulla_fact *fact, size_t index, bool *counts)
{
    const bu_gate_need *need = &g->gate->needs[index];
    const bulla_said *said = fact->said;
    char until[BU_TIME_TEXT], now[BU_TIME_TEXT];
    *counts = false;
    if (!is_for(fact, g->gate->environment))
        return miss_because(g, index, BULLA_E_ENVIRONMENT_MISMATCH,
                            "was decided for another environment", g->gate->environment,
                            said->environment == NULL ? "none is named" : said->environment);
    if (!is_said(fact)) {
        miss(g, index, &fact->finding);
        return BU_OK;
    }
    if (said != NULL && said->has_end && said->until < g->j->basis->now)
        return miss_because(g, index, BULLA_E_EXPIRED, "held only until its end",
                            bu_time_format(g->j->basis->now, now),
                            bu_time_format(said->until, until));
    if (!is_built_so(fact, need))
        return miss_because(
            g, index, BULLA_E_IDENTITY_MISMATCH,
            "was built by another builder or from another source", "",
            fact->build == NULL || fact->build->builder == NULL ? "" : fact->build->builder);
    *counts = said == NULL || !said->rejects;
    return BU_OK;
}

/* Is this one's word young enough? */
static bulla_status judge_voucher(bu_gating *g, const bulla_voucher *voucher, size_t index,
                                  bool *counts)
{
    int64_t most = g->gate->needs[index].max_age, age;
    char words[BU_DURATION_TEXT], time[BU_TIME_TEXT];
    *counts = most == INT64_MAX;
    if (*counts)
        return BU_OK;
    if (!voucher->has_time)
        return miss_because(g, index, BULLA_E_EXPIRED, "nothing says when it was signed",
                            bu_duration_format(most, words), "");
    *counts = !__builtin_sub_overflow(g->j->basis->now, voucher->time, &age) && age <= most &&
              age >= -BU_CLOCK_SKEW_SECONDS;
    return *counts
               ? BU_OK
               : miss_because(g, index, BULLA_E_EXPIRED, "was signed too long ago",
                              bu_duration_format(most, words), bu_time_format(voucher->time, time));
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const bu_gate_person *)a)->id, ((const bu_gate_person *)b)->id);
}

static size_t person_of(const bu_gating *g, const char *id)
{
    size_t i = 0;
    while (i < g->count && strcmp(g->people[i].id, id) != 0)
        i++;
    return i;
}

/* Everybody who vouched for it, once. */
static bulla_status find_people(bu_gating *g)
{
    const bulla_judgement *judgement = g->j->judgement;
    size_t most = 0;
    for (size_t f = 0; f < judgement->fact_count; f++)
        most += judgement->facts[f].voucher_count;
    g->people = bu_arena_get_array(g->j->arena, most, sizeof *g->people);
    g->actors = bu_arena_get_array(g->j->arena, most, sizeof *g->actors);
    if (g->people == NULL || g->actors == NULL)
        return bu_no_memory(g->j->err);
    for (size_t f = 0; f < judgement->fact_count; f++)
        for (size_t v = 0; v < judgement->facts[f].voucher_count; v++) {
            const char *id = judgement->facts[f].vouchers[v].counts_as;
            if (person_of(g, id) == g->count)
                g->people[g->count++].id = id;
        }
    qsort(g->people, g->count, sizeof *g->people, by_id);
    return BU_OK;
}

/* Somebody acted in a role, and it counts for nothing here: it still bars what the role excludes. */
static void bar(bu_gating *g, const char *role, bu_gate_actor *who)
{
    for (size_t n = 0; n < g->gate->need_count; n++)
        if (who->barred[n] == NULL &&
            bu_gate_excludes(g->gate, &g->j->basis->exclusions, role, g->gate->needs[n].role))
            who->barred[n] = role;
}

/* What one person says in one fact: which needs it could be counted for. */
static bulla_status take_word(bu_gating *g, const bulla_fact *fact, const bulla_voucher *voucher,
                              const bool *fits)
{
    size_t person = person_of(g, voucher->counts_as);
    bool used = false;
    for (size_t n = 0; n < g->gate->need_count; n++) {
        bool counts = false;
        if (fits[n])
            BU_TRY(judge_voucher(g, voucher, n, &counts));
        if (counts && !g->people[person].may[n]) {
            g->people[person].may[n] = true;
            g->actors[person].vouchers[n] = voucher;
        }
        used = used || counts;
    }
    if (!used && fact->role != NULL)
        bar(g, fact->role, &g->actors[person]);
    return BU_OK;
}

/* Who is named as author acted as one, whoever names them: it can only bar. */
static void take_authors(bu_gating *g, const bulla_said *said)
{
    for (size_t i = 0; i < said->author_count; i++) {
        const bulla_author *author = &said->authors[i];
        size_t person = author->counts_as == NULL ? g->count : person_of(g, author->counts_as);
        if (author->counts_as == NULL && g->stranger == NULL)
            g->stranger = author->person;
        if (person < g->count)
            bar(g, BU_ROLE_AUTHOR, &g->actors[person]);
    }
}

static bulla_status take_fact(bu_gating *g, const bulla_fact *fact)
{
    bool fits[BU_LIMIT_GATE_PEOPLE] = { false };
    for (size_t n = 0; n < g->gate->need_count; n++)
        if (is_of(fact, &g->gate->needs[n]))
            BU_TRY(judge_fact(g, fact, n, &fits[n]));
    for (size_t v = 0; v < fact->voucher_count; v++)
        BU_TRY(take_word(g, fact, &fact->vouchers[v], fits));
    if (fact->voucher_count > 0 && fact->said != NULL)
        take_authors(g, fact->said);
    return BU_OK;
}

/* Everything that people said, then who may be counted at all. */
bulla_status bu_gating_count(bu_gating *g)
{
    BU_TRY(find_people(g));
    for (size_t f = 0; f < g->j->judgement->fact_count; f++)
        BU_TRY(take_fact(g, &g->j->judgement->facts[f]));
    bu_gate_person *allowed = bu_arena_get_array(g->j->arena, g->count, sizeof *allowed);
    if (allowed == NULL)
        return bu_no_memory(g->j->err);
    for (size_t i = 0; i < g->count; i++)
        for (size_t n = 0; n < g->gate->need_count; n++)
            allowed[i].may[n] = g->people[i].may[n] && g->actors[i].barred[n] == NULL;
    BU_TRY(
        bu_gate_fill(g->gate, &g->j->basis->exclusions, allowed, g->count, g->counted, g->j->err));
    for (size_t i = 0; i < g->count; i++)
        memcpy(g->people[i].counts, allowed[i].counts, sizeof allowed[i].counts);
    return BU_OK;
}
