/* SPDX-License-Identifier: MIT */
/*
 * Target: bu_policy_parse() and what it accepts. Whatever a policy says, it
 * allows nothing without facts and nothing that is broken.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/gate.h"

static const bu_basis plain = { .now = 1795288320 };

static bulla_verdict judge_by(const bu_policy *policy, const bu_basis *basis,
                              const bulla_component *component, const bulla_fact *facts,
                              size_t count)
{
    bulla_judgement judgement = { .component = component, .facts = facts, .fact_count = count };
    bu_arena *arena = bu_arena_new();
    if (arena == NULL || !bulla_ok(bu_policy_judge(policy, basis, &judgement, arena, NULL))) {
        FUZZ_CHECK(judgement.verdict == BULLA_DENIED);
        bu_arena_free(arena);
        return BULLA_DENIED;
    }
    FUZZ_CHECK(judgement.rule != NULL);
    FUZZ_CHECK((judgement.verdict == BULLA_ALLOWED) == (judgement.reason_count == 0));
    FUZZ_CHECK((judgement.verdict == BULLA_ALLOWED) == (judgement.exit == BULLA_EXIT_ALLOWED));
    bu_arena_free(arena);
    return judgement.verdict;
}

static bulla_verdict judge(const bu_policy *policy, const bulla_component *component,
                           const bulla_fact *facts, size_t count)
{
    return judge_by(policy, &plain, component, facts, count);
}

/* No gate opens without people, nor for one person alone where it needs two. */
static void check_gates(const bu_policy *policy)
{
    const bulla_component artifact = { .purl = "pkg:generic/x.tgz",
                                       .name = "x.tgz",
                                       .origin = BULLA_ORIGIN_ARTIFACT };
    const bulla_voucher ann = { .person = "ann", .counts_as = "ann" };
    const bulla_said said = { .environment = "prod" };
    size_t count;
    const bu_gate *gates = bu_policy_gates(policy, &count);
    for (size_t i = 0; i < count; i++) {
        const bulla_fact fact = { .proof = BULLA_PROOF_SIGNATURE,
                                  .outcome = BULLA_HELD,
                                  .role = gates[i].needs[0].role,
                                  .predicate = "urn:bulla:approval:v1",
                                  .vouchers = &ann,
                                  .voucher_count = 1,
                                  .said = &said };
        const bu_basis by_gate = { .now = plain.now, .gate = &gates[i] };
        FUZZ_CHECK(judge_by(policy, &by_gate, &artifact, NULL, 0) != BULLA_ALLOWED);
        if (gates[i].needs[0].count > 1)
            FUZZ_CHECK(judge_by(policy, &by_gate, &artifact, &fact, 1) != BULLA_ALLOWED);
    }
}

static void check_rules(const bu_policy *policy)
{
    static const char *const purls[] = { "pkg:npm/x@1", "pkg:npm/%40s/x@1", "pkg:deb/debian/x@1",
                                         "pkg:generic/x" };
    static const bulla_finding finding = { .code = BULLA_E_HASH_MISMATCH,
                                           .exit = BULLA_EXIT_DENIED,
                                           .offset = UINT64_MAX,
                                           .file = "",
                                           .expected = "",
                                           .got = "",
                                           .text = "" };
    const bulla_fact facts[] = {
        { .proof = BULLA_PROOF_CONTENTS, .outcome = BULLA_HELD },
        { .proof = BULLA_PROOF_SIGNATURE, .outcome = BULLA_HELD, .role = "release" },
        { .proof = BULLA_PROOF_ARCHIVE_CHAIN, .outcome = BULLA_HELD },
        { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_BROKEN, .finding = finding },
    };
    for (size_t i = 0; i < sizeof purls / sizeof purls[0]; i++) {
        for (int origin = BULLA_ORIGIN_UNKNOWN; origin <= BULLA_ORIGIN_ARTIFACT; origin++) {
            bulla_component component = { .purl = purls[i], .origin = (bulla_origin)origin };
            bu_needs needs = bu_policy_needs(policy, &plain, &component);
            FUZZ_CHECK(!needs.proofs[BULLA_PROOF_NONE] && !needs.proofs[BULLA_PROOF_LOCAL]);
            FUZZ_CHECK(judge(policy, &component, NULL, 0) == BULLA_UNPROVEN);
            FUZZ_CHECK(judge(policy, &component, facts, 4) == BULLA_DENIED);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size); /* exact size: one byte too far is caught */
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    bu_policy *policy = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = { copy, size };
    if (bulla_ok(bu_policy_parse(text, "bulla.policy.toml", &policy, &err))) {
        check_rules(policy);
        check_gates(policy);
    } else {
        FUZZ_CHECK(err.text[0] != '\0' &&
                   (err.exit == BULLA_EXIT_CONFIG || err.code == BULLA_E_NO_MEMORY));
    }
    bu_policy_free(policy);
    free(copy);
    return 0;
}
