/* SPDX-License-Identifier: MIT */
/*
 * Totals and the exit status: the one number that a pipeline looks at. It is
 * 0 only when every verdict is "allowed" or "waived".
 */
#include "suite.h"

#include "alloc_fail.h"
#include "report/result.h"
#include "sample.h"

static const bulla_component component = { .purl = "pkg:npm/x@1" };

static bulla_judgement judgement_of(bulla_verdict verdict, bulla_exit exit)
{
    return (bulla_judgement){
        .component = &component, .verdict = verdict, .exit = exit, .rule = "rule 1"
    };
}

static const struct {
    bulla_verdict verdicts[3];
    bulla_exit exits[3];
    size_t count;
    bulla_exit trouble; /* ALLOWED: none */
    bool allow_empty;
    bulla_exit want;
} exits[] = {
    { { 0 }, { 0 }, 0, BULLA_EXIT_ALLOWED, false, BULLA_EXIT_NOTHING },
    { { 0 }, { 0 }, 0, BULLA_EXIT_ALLOWED, true, BULLA_EXIT_ALLOWED },
    { { 0 }, { 0 }, 0, BULLA_EXIT_IO, true, BULLA_EXIT_IO },
    { { 0 }, { 0 }, 0, BULLA_EXIT_MALFORMED, false, BULLA_EXIT_MALFORMED },
    { { BULLA_ALLOWED }, { 0 }, 1, BULLA_EXIT_ALLOWED, false, BULLA_EXIT_ALLOWED },
    { { BULLA_WAIVED }, { 0 }, 1, BULLA_EXIT_ALLOWED, false, BULLA_EXIT_ALLOWED },
    { { BULLA_ALLOWED }, { 0 }, 1, BULLA_EXIT_TRUST, false, BULLA_EXIT_TRUST },
    { { BULLA_ALLOWED }, { BULLA_EXIT_IO }, 1, BULLA_EXIT_ALLOWED, false, BULLA_EXIT_IO },
    /* a verdict whose exit was forgotten */
    { { BULLA_DENIED }, { 0 }, 1, BULLA_EXIT_ALLOWED, false, BULLA_EXIT_DENIED },
    { { BULLA_UNPROVEN }, { 0 }, 1, BULLA_EXIT_ALLOWED, false, BULLA_EXIT_UNPROVEN },
    /* the worst counts, wherever it stands */
    { { BULLA_ALLOWED, BULLA_UNPROVEN, BULLA_ALLOWED },
      { 0, BULLA_EXIT_UNPROVEN, 0 },
      3,
      BULLA_EXIT_ALLOWED,
      false,
      BULLA_EXIT_UNPROVEN },
    { { BULLA_UNPROVEN, BULLA_DENIED, BULLA_ALLOWED },
      { BULLA_EXIT_UNPROVEN, BULLA_EXIT_DENIED, 0 },
      3,
      BULLA_EXIT_ALLOWED,
      false,
      BULLA_EXIT_DENIED },
    { { BULLA_DENIED, BULLA_DENIED, BULLA_UNPROVEN },
      { BULLA_EXIT_DENIED, BULLA_EXIT_MALFORMED, BULLA_EXIT_IO },
      3,
      BULLA_EXIT_ALLOWED,
      false,
      BULLA_EXIT_IO },
    { { BULLA_DENIED }, { BULLA_EXIT_DENIED }, 1, BULLA_EXIT_CONFIG, false, BULLA_EXIT_CONFIG },
    /* a verdict that is none of the four */
    { { BULLA_ALLOWED, (bulla_verdict)2 },
      { 0 },
      2,
      BULLA_EXIT_ALLOWED,
      false,
      BULLA_EXIT_INTERNAL },
};

START_TEST(exit_is_the_worst)
{
    bulla_judgement judgements[3];
    bulla_finding trouble = { .code = BULLA_E_INTERNAL, .exit = exits[_i].trouble };
    BU_AUTO(bulla_result) result = bu_result_new();
    result->judgements = judgements;
    result->count = exits[_i].count;
    result->allow_empty = exits[_i].allow_empty;
    result->troubles.items = &trouble;
    result->troubles.count = exits[_i].trouble != BULLA_EXIT_ALLOWED;
    for (size_t i = 0; i < result->count; i++)
        judgements[i] = judgement_of(exits[_i].verdicts[i], exits[_i].exits[i]);
    bu_result_total(result);
    ck_assert_int_eq(bulla_result_exit(result), exits[_i].want);
}
END_TEST

/* Before it is totalled, a result does not say "allowed"; nor does trouble that forgot its class. */
START_TEST(unfinished_is_not_allowed)
{
    BU_AUTO(bulla_result) result = bu_result_new();
    ck_assert_int_eq(bulla_result_exit(result), BULLA_EXIT_INTERNAL);
    bulla_finding trouble = { .code = BULLA_E_UNREADABLE };
    result->troubles.items = &trouble;
    result->troubles.count = 1;
    result->allow_empty = true;
    bu_result_total(result);
    ck_assert_int_eq(bulla_result_exit(result), BULLA_EXIT_INTERNAL);
    ck_assert_uint_eq(bulla_result_trouble_count(result), 1);
    ck_assert_ptr_eq(bulla_result_trouble_at(result, 0), &trouble);
    ck_assert_ptr_null(bulla_result_trouble_at(result, 1));
}
END_TEST

/* A small generator of our own: the same mixes on every machine. */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

START_TEST(totals_add_up)
{
    static const bulla_verdict verdicts[] = { BULLA_DENIED, BULLA_UNPROVEN, BULLA_WAIVED,
                                              BULLA_ALLOWED };
    static const bulla_fact held = { .proof = BULLA_PROOF_ARCHIVE_CHAIN, .outcome = BULLA_HELD };
    uint32_t state = (uint32_t)_i;
    size_t want[4] = { 0 }, with_chain = 0;
    BU_AUTO(bulla_result) result = bu_result_new();
    result->count = next(&state) % 200;
    result->judgements = bu_arena_get_array(result->arena, result->count, sizeof(bulla_judgement));
    for (size_t i = 0; i < result->count; i++) {
        size_t pick = next(&state) % 4;
        want[pick]++;
        result->judgements[i] = judgement_of(verdicts[pick], BULLA_EXIT_ALLOWED);
        result->judgements[i].facts = &held;
        result->judgements[i].fact_count = next(&state) % 2;
        with_chain += result->judgements[i].fact_count;
    }
    bu_result_total(result);
    const bulla_totals *totals = bulla_result_totals(result);
    ck_assert_uint_eq(totals->total, result->count);
    ck_assert_uint_eq(totals->denied, want[0]);
    ck_assert_uint_eq(totals->unproven, want[1]);
    ck_assert_uint_eq(totals->waived, want[2]);
    ck_assert_uint_eq(totals->allowed, want[3]);
    ck_assert_uint_eq(totals->signed_by_role, with_chain);
    bool clean = want[0] + want[1] == 0 && result->count > 0;
    ck_assert_int_eq(bulla_result_exit(result) == BULLA_EXIT_ALLOWED, clean);
}
END_TEST

START_TEST(parts_of_the_total)
{
    BU_AUTO(bulla_result) result = sample_mixed();
    const bulla_totals *totals = bulla_result_totals(result);
    ck_assert_uint_eq(totals->total, 6);
    ck_assert_uint_eq(totals->allowed, 4);
    ck_assert_uint_eq(totals->denied, 1);
    ck_assert_uint_eq(totals->unproven, 1);
    ck_assert_uint_eq(totals->local, 1);
    ck_assert_uint_eq(totals->not_installed, 1);
    ck_assert_uint_eq(totals->signed_by_role, 1);
}
END_TEST

/* What is only said to be signed, or is wrongly signed, is not counted as signed. */
START_TEST(signed_means_held)
{
    static const bulla_fact facts[] = {
        { .proof = BULLA_PROOF_SIGNATURE, .outcome = BULLA_BROKEN, .who = "alice" },
        { .proof = BULLA_PROOF_DIGEST, .outcome = BULLA_HELD },
    };
    bulla_judgement judgement = judgement_of(BULLA_DENIED, BULLA_EXIT_DENIED);
    judgement.facts = facts;
    judgement.fact_count = 2;
    BU_AUTO(bulla_result) result = bu_result_new();
    result->judgements = &judgement;
    result->count = 1;
    bu_result_total(result);
    ck_assert_uint_eq(bulla_result_totals(result)->signed_by_role, 0);
}
END_TEST

START_TEST(order_is_by_purl)
{
    BU_AUTO(bulla_result) result = sample_mixed();
    ck_assert_uint_eq(bulla_result_count(result), 6);
    for (size_t i = 1; i < 6; i++)
        ck_assert_int_lt(strcmp(bulla_result_at(result, i - 1)->component->purl,
                                bulla_result_at(result, i)->component->purl),
                         0);
    ck_assert_ptr_null(bulla_result_at(result, 6));
}
END_TEST

/* Two of one name: their order must not hang on memory addresses. */
START_TEST(order_of_namesakes)
{
    static const bulla_component twins[] = {
        { .purl = "pkg:generic/a", .location = "2/a" },
        { .purl = "pkg:generic/a", .location = "1/a", .lockfile = "b", .line = 2 },
        { .purl = "pkg:generic/a", .location = "1/a", .lockfile = "b", .line = 1 },
        { .purl = "pkg:generic/a", .location = "1/a", .lockfile = "a", .line = 9 },
        { .purl = "pkg:generic/a" },
    };
    bulla_judgement judgements[5];
    BU_AUTO(bulla_result) result = bu_result_new();
    result->judgements = judgements;
    result->count = 5;
    for (size_t i = 0; i < 5; i++) {
        judgements[i] = judgement_of(BULLA_ALLOWED, BULLA_EXIT_ALLOWED);
        judgements[i].component = &twins[i];
    }
    bu_result_total(result);
    for (size_t i = 0; i < 5; i++)
        ck_assert_ptr_eq(bulla_result_at(result, i)->component, &twins[4 - i]);
}
END_TEST

START_TEST(names)
{
    ck_assert_str_eq(bulla_proof_name(BULLA_PROOF_ARCHIVE_CHAIN), "archive-chain");
    ck_assert_str_eq(bulla_proof_name(BULLA_PROOF_NONE), "none");
    ck_assert_str_eq(bulla_proof_name((bulla_proof)99), "none");
    ck_assert_str_eq(bulla_outcome_name(BULLA_HELD), "held");
    ck_assert_str_eq(bulla_outcome_name(BULLA_ABSENT), "absent");
    ck_assert_str_eq(bulla_outcome_name(BULLA_UNDECIDED), "undecided");
    ck_assert_str_eq(bulla_outcome_name(BULLA_BROKEN), "broken");
    ck_assert_str_eq(bulla_outcome_name((bulla_outcome)3), "broken");
    ck_assert_str_eq(bulla_verdict_name(BULLA_ALLOWED), "allowed");
    ck_assert_str_eq(bulla_verdict_name(BULLA_WAIVED), "waived");
    ck_assert_str_eq(bulla_verdict_name(BULLA_UNPROVEN), "unproven");
    ck_assert_str_eq(bulla_verdict_name(BULLA_DENIED), "denied");
    ck_assert_str_eq(bulla_verdict_name((bulla_verdict)2), "denied");
    ck_assert_str_eq(bu_exit_word(BULLA_EXIT_NOTHING), "nothing-to-verify");
    ck_assert_str_eq(bu_exit_word((bulla_exit)42), "internal-error");
}
END_TEST

START_TEST(no_memory)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        BU_AUTO(bulla_result) result = bu_result_new();
        bulla_status status = { BULLA_OK };
        if (result != NULL)
            status = bu_result_add_text(result, &result->inputs, "package-lock.json", &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_str_eq(result->inputs.items[0], "package-lock.json");
            ck_assert_uint_gt(n, 2);
            break;
        }
        if (result != NULL) {
            unit_fails(status, BULLA_E_NO_MEMORY, err);
            ck_assert_uint_eq(result->inputs.count, 0);
        }
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, exit_is_the_worst, 0, sizeof exits / sizeof exits[0]);
    tcase_add_test(tc, unfinished_is_not_allowed);
    tcase_add_loop_test(tc, totals_add_up, 0, 50);
    tcase_add_test(tc, parts_of_the_total);
    tcase_add_test(tc, signed_means_held);
    tcase_add_test(tc, order_is_by_purl);
    tcase_add_test(tc, order_of_namesakes);
    tcase_add_test(tc, names);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("report: result", add);
}
