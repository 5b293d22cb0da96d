/* SPDX-License-Identifier: MIT */
/*
 * A policy, a NUL and cases (bulla.input/1): no cases are read that cannot be judged; what does not
 * hold makes nothing allowed, what is broken is never allowed, and the order in which facts were
 * found changes no verdict. Targets: bu_policy_cases_read, bu_policy_judge.
 */
#include "fuzz.h"

#include "policy/cases.h"
#include "trust/trust_toml.h"

#define NOW 1795288320

static bulla_verdict judge(const bu_policy *policy, const bu_basis *basis, const bu_policy_case *c,
                           const bulla_fact *facts, size_t count)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_judgement j = { .component = &c->component, .facts = facts, .fact_count = count };
    bulla_error err = { 0 };
    FUZZ_CHECK(arena != NULL && bulla_ok(bu_policy_judge(policy, basis, &j, arena, &err)));
    FUZZ_CHECK(j.rule != NULL);
    FUZZ_CHECK((j.verdict == BULLA_ALLOWED) == (j.reason_count == 0));
    FUZZ_CHECK((j.verdict == BULLA_ALLOWED) == (j.exit == BULLA_EXIT_ALLOWED));
    for (size_t i = 0; i < j.reason_count; i++)
        FUZZ_CHECK(j.reasons[i].code != BULLA_OK);
    return j.verdict;
}

/* A gate counts the people of a role on its own: also where they are fewer than the role asks for. */
static bool counts(const bulla_fact *fact)
{
    return fact->outcome == BULLA_HELD ||
           (fact->outcome == BULLA_ABSENT && fact->finding.code == BULLA_E_THRESHOLD);
}

static void check_facts(const bu_policy *policy, const bu_basis *basis, const bu_policy_case *c)
{
    bulla_fact *some = calloc(c->fact_count + 1, sizeof *some);
    size_t held = 0, broken = 0;
    FUZZ_CHECK(some != NULL);
    bulla_verdict verdict = judge(policy, basis, c, c->facts, c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++) {
        some[c->fact_count - 1 - i] = c->facts[i];
        broken += c->facts[i].outcome == BULLA_BROKEN;
    }
    FUZZ_CHECK(judge(policy, basis, c, some, c->fact_count) == verdict);
    FUZZ_CHECK(broken == 0 || verdict == BULLA_DENIED);
    for (size_t i = 0; i < c->fact_count; i++)
        if (counts(&c->facts[i]))
            some[held++] = c->facts[i];
    if (verdict == BULLA_ALLOWED)
        FUZZ_CHECK(held > 0 && judge(policy, basis, c, some, held) == BULLA_ALLOWED);
    FUZZ_CHECK(judge(policy, basis, c, NULL, 0) != BULLA_ALLOWED);
    free(some);
}

static void check_cases(const bu_policy *policy, const bu_policy_cases *cases)
{
    BU_AUTO(bulla_trust) trust = NULL; /* what every store excludes */
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_store_new(&trust, &err)));
    FUZZ_CHECK(
        bulla_ok(bu_trust_toml_read(BULLA_LIT("schema = \"bulla.trust/1\"\n"), trust, &err)));
    const bu_basis basis = {
        .now = cases->has_now ? cases->now : NOW,
        .environment = cases->environment,
        .gate = cases->gate == NULL ? NULL : bu_policy_gate(policy, cases->gate),
        .exclusions = { trust->exclusions, trust->exclusion_count },
    };
    FUZZ_CHECK(cases->count > 0);
    for (size_t i = 0; i < cases->count; i++)
        check_facts(policy, &basis, &cases->items[i]);
}

static bulla_status read_policy(bulla_bytes text, bu_policy **out, bulla_error *err)
{
    return text.len == 0 ? bu_policy_builtin(out, err)
                         : bu_policy_parse(text, "bulla.policy.toml", out, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_policy_cases cases;
    bulla_error err = { 0 };
    size_t end = bu_bytes_find((bulla_bytes){ data, size }, '\0');
    bulla_bytes rest = bu_bytes_from((bulla_bytes){ data, size }, end + 1);
    bulla_bytes text = fuzz_copy(rest.ptr, rest.len);
    FUZZ_CHECK(arena != NULL);
    bulla_status status = bu_policy_cases_read(text, "cases", arena, &cases, &err);
    fuzz_free(text); /* the cases borrow nothing from it */
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, rest.len);
    else if (bulla_ok(read_policy((bulla_bytes){ data, end }, &policy, &err)))
        check_cases(policy, &cases);
    return 0;
}
