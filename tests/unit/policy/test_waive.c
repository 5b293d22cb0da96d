/* SPDX-License-Identifier: MIT */
/*
 * What a waiver lets pass: judgements x waivers → waived or not. In most cases the attack is a good
 * waiver that is for something else.
 */
#include "suite.h"

#include "base/buf.h"
#include "policy/gate.h"
#include "policy/waive.h"

#define NOW   ((int64_t)1795219200) /* 2026-11-21T00:00:00Z */
#define DAY   86400
#define FIRST "schema = \"bulla.policy/1\"\n"
#define RULE                                                                                       \
    "[[rule]]\nname = \"npm packages\"\nmatch = \"pkg:npm/**\"\nrequire = [\"digest\", "           \
    "\"signature:release\"]\n"
#define OTHER "[[rule]]\nname = \"all\"\nmatch = \"**\"\nrequire = [\"contents\"]\n"

static const bulla_digest pin = { .alg = BULLA_ALG_SHA256, .len = 32, .bytes = { 1 } };
static const bulla_digest other_pin = { .alg = BULLA_ALG_SHA256, .len = 32, .bytes = { 2 } };
static const bulla_component npm = { .purl = "pkg:npm/x@1",
                                     .origin = BULLA_ORIGIN_REGISTRY,
                                     .digests = { &pin, 1 } };
static const bulla_component unpinned = { .purl = "pkg:npm/x@1", .origin = BULLA_ORIGIN_REGISTRY };

/* A world of one component, one policy and at most two waivers. */
typedef struct world {
    bu_arena *arena;
    bu_policy *policy;
    bulla_fact facts[4];
    bulla_judgement judgement;
    bu_found_waiver found[2];
    bu_subject subjects[2];
    bulla_code codes[2][4];
    bulla_voucher signers[2];
    bu_waivers waivers;
} world;

static bulla_fact held(bulla_proof proof)
{
    return (bulla_fact){ .proof = proof, .outcome = BULLA_HELD };
}

static void world_set(world *w, const char *policy, const bulla_component *component)
{
    bulla_error err = { 0 };
    *w = (world){ .arena = bu_arena_new() };
    w->waivers.arena = w->arena;
    w->waivers.items = w->found;
    unit_ok(bu_policy_parse(bu_bytes_of(policy), "p", &w->policy, &err), err);
    w->judgement.component = component;
    w->judgement.facts = w->facts;
}

static void world_drop(world *w)
{
    bu_policy_free(w->policy);
    bu_arena_free(w->arena);
}

static void judge(world *w)
{
    bulla_error err = { 0 };
    const bu_basis basis = { .now = NOW };
    unit_ok(bu_policy_judge(w->policy, &basis, &w->judgement, w->arena, &err), err);
}

/* The waiver that is asked for: two people signed it, and it lets pass all that was found. */
static bu_found_waiver *grant(world *w, size_t unmet)
{
    bu_found_waiver *found = &w->found[w->waivers.count];
    bu_subject *subject = &w->subjects[w->waivers.count];
    bulla_code *codes = w->codes[w->waivers.count++];
    const bulla_unmet *what = &w->judgement.unmet[unmet];
    w->signers[0] = (bulla_voucher){ .person = "alice", .counts_as = "alice" };
    w->signers[1] = (bulla_voucher){ .person = "bob", .counts_as = "bob" };
    memcpy(codes, what->codes, what->code_count * sizeof *codes);
    *subject = (bu_subject){ .digests = { .count = 1, .items = { pin } } };
    *found = (bu_found_waiver){
        .shown = { .state = BULLA_WAIVER_ACTIVE,
                   .file = "w.jsonl",
                   .line = 1,
                   .signers = w->signers,
                   .signer_count = 2 },
        .statement = { .subjects = subject, .count = 1 },
        .waiver = { .rule = bu_bytes_of(what->rule),
                    .rule_digest = what->rule_digest,
                    .package = BULLA_LIT("pkg:npm/x@1"),
                    .waives = codes,
                    .waives_count = what->code_count },
        .is_read = true,
    };
    return found;
}

static bulla_verdict waive(world *w)
{
    bulla_error err = { 0 };
    unit_ok(bu_policy_waive(bu_policy_waiver_terms(w->policy), &w->waivers, &w->judgement, w->arena,
                            &err),
            err);
    bu_waivers_settle(&w->waivers);
    return w->judgement.verdict;
}

/* A package whose signature is missing, and the waiver for that. */
static bu_found_waiver *unsigned_package(world *w)
{
    world_set(w, FIRST RULE, &npm);
    w->facts[0] = held(BULLA_PROOF_DIGEST);
    w->judgement.fact_count = 1;
    judge(w);
    ck_assert_int_eq(w->judgement.verdict, BULLA_UNPROVEN);
    ck_assert_uint_eq(w->judgement.unmet_count, 1);
    ck_assert_str_ne(w->judgement.unmet[0].id, "");
    return grant(w, 0);
}

START_TEST(a_waiver_lets_pass_what_it_is_for)
{
    world w;
    bu_found_waiver *found = unsigned_package(&w);
    ck_assert_int_eq(waive(&w), BULLA_WAIVED);
    ck_assert_int_eq(w.judgement.exit, BULLA_EXIT_ALLOWED);
    ck_assert(w.judgement.unmet[0].is_waived);
    ck_assert_uint_gt(w.judgement.reason_count, 0);
    ck_assert_int_eq(found->shown.state, BULLA_WAIVER_ACTIVE);
    world_drop(&w);
}
END_TEST

static void other_rule(bu_found_waiver *found)
{
    found->waiver.rule = BULLA_LIT("others");
}
static void other_text(bu_found_waiver *found)
{
    found->waiver.rule_digest = other_pin;
}
static void other_package(bu_found_waiver *found)
{
    found->waiver.package = BULLA_LIT("pkg:npm/x@2");
}
static void other_bytes(bu_found_waiver *found)
{
    found->statement.subjects[0].digests.items[0] = other_pin;
}
static void other_reason(bu_found_waiver *found)
{
    static const bulla_code missing[] = { BULLA_E_MISSING_FILE };
    found->waiver.waives = missing;
}
static void proposed(bu_found_waiver *found)
{
    found->shown.state = BULLA_WAIVER_PROPOSED;
}
static void expired(bu_found_waiver *found)
{
    found->shown.state = BULLA_WAIVER_EXPIRED;
}
static void revoked(bu_found_waiver *found)
{
    found->shown.state = BULLA_WAIVER_REVOKED;
}
static void refused(bu_found_waiver *found)
{
    found->shown.state = BULLA_WAIVER_REFUSED;
}

static void (*const twists[])(bu_found_waiver *found) = { other_rule,  other_text,   other_package,
                                                          other_bytes, other_reason, proposed,
                                                          expired,     revoked,      refused };

START_TEST(a_waiver_for_something_else_lets_nothing_pass)
{
    world w;
    bu_found_waiver *found = unsigned_package(&w);
    twists[_i](found);
    bulla_waiver_state before = found->shown.state;
    ck_assert_int_eq(waive(&w), BULLA_UNPROVEN);
    ck_assert_int_eq(w.judgement.exit, BULLA_EXIT_UNPROVEN);
    ck_assert(!w.judgement.unmet[0].is_waived);
    ck_assert_int_eq(found->shown.state,
                     before == BULLA_WAIVER_ACTIVE ? BULLA_WAIVER_UNUSED : before);
    world_drop(&w);
}
END_TEST

START_TEST(who_vouches_for_a_thing_does_not_waive_for_it)
{
    static const bulla_voucher ci = { .person = "ci", .counts_as = "bob" };
    world w;
    bu_found_waiver *found = unsigned_package(&w);
    w.facts[1] = (bulla_fact){ .proof = BULLA_PROOF_PROVENANCE,
                               .outcome = BULLA_HELD,
                               .role = "builder",
                               .vouchers = &ci,
                               .voucher_count = 1 };
    w.judgement.fact_count = 2;
    ck_assert_int_eq(waive(&w), BULLA_UNPROVEN);
    ck_assert_int_eq(found->shown.state, BULLA_WAIVER_REFUSED);
    ck_assert_int_eq(found->shown.finding.code, BULLA_E_DUTY_CONFLICT);
    ck_assert_uint_eq(found->shown.finding.line, 1);
    world_drop(&w);
}
END_TEST

static const struct {
    bulla_author author;
    bulla_verdict verdict;
    bulla_code code; /* of the waiver's refusal */
} authors[] = {
    { { "bot", "bob" }, BULLA_UNPROVEN, BULLA_E_DUTY_CONFLICT },
    { { "zoe", NULL }, BULLA_UNPROVEN, BULLA_E_BAD_REFERENCE },
    { { "dora", "dora" }, BULLA_WAIVED, BULLA_OK },
};

START_TEST(who_wrote_a_thing_does_not_waive_for_it)
{
    static const bulla_voucher ci = { .person = "ci", .counts_as = "carol" };
    const bulla_said said = { .authors = &authors[_i].author, .author_count = 1 };
    world w;
    bu_found_waiver *found = unsigned_package(&w);
    w.facts[1] = (bulla_fact){ .proof = BULLA_PROOF_SIGNATURE,
                               .outcome = BULLA_HELD,
                               .role = "builder",
                               .vouchers = &ci,
                               .voucher_count = 1,
                               .said = &said };
    w.judgement.fact_count = 2;
    ck_assert_int_eq(waive(&w), authors[_i].verdict);
    ck_assert_int_eq(found->shown.finding.code, authors[_i].code);
    world_drop(&w);
}
END_TEST

/* One fact that is broken, and no waiver for anything of it. */
START_TEST(what_is_broken_is_never_waived)
{
    world w;
    bu_found_waiver *found = unsigned_package(&w);
    w.facts[1] = (bulla_fact){ .proof = BULLA_PROOF_SIGNATURE,
                               .outcome = BULLA_BROKEN,
                               .finding = { .code = BULLA_E_BAD_SIGNATURE,
                                            .exit = BULLA_EXIT_DENIED,
                                            .file = "",
                                            .expected = "",
                                            .got = "",
                                            .text = "wrong" } };
    w.judgement.fact_count = 2;
    judge(&w);
    ck_assert_str_eq(w.judgement.unmet[0].id, "");
    ck_assert_int_eq(waive(&w), BULLA_DENIED);
    ck_assert_int_eq(found->shown.state, BULLA_WAIVER_UNUSED);
    world_drop(&w);
}
END_TEST

/* Reasons that say more than that something is missing: no id, so nobody can ask. */
static const struct {
    bulla_outcome outcome;
    bulla_code code;
    bulla_exit exit;
} never[] = {
    { BULLA_ABSENT, BULLA_E_MISSING_FILE, BULLA_EXIT_TRUST },
    { BULLA_UNDECIDED, BULLA_E_UNREADABLE, BULLA_EXIT_IO },
    { BULLA_UNDECIDED, BULLA_E_RESOURCE_LIMIT, BULLA_EXIT_MALFORMED },
    { BULLA_ABSENT, BULLA_E_EXPIRED, BULLA_EXIT_DENIED },
    { BULLA_ABSENT, BULLA_E_REVOKED, BULLA_EXIT_DENIED },
    { BULLA_ABSENT, BULLA_E_LOG_MISMATCH, BULLA_EXIT_DENIED },
    { BULLA_ABSENT, BULLA_E_DUTY_CONFLICT, BULLA_EXIT_DENIED },
    { BULLA_ABSENT, BULLA_E_ENVIRONMENT_MISMATCH, BULLA_EXIT_UNPROVEN },
};

START_TEST(other_reasons_are_never_waived)
{
    world w;
    world_set(&w, FIRST RULE, &npm);
    w.facts[0] = held(BULLA_PROOF_DIGEST);
    w.facts[1] = (bulla_fact){ .proof = BULLA_PROOF_SIGNATURE,
                               .outcome = never[_i].outcome,
                               .finding = { .code = never[_i].code,
                                            .exit = never[_i].exit,
                                            .file = "",
                                            .expected = "",
                                            .got = "",
                                            .text = "x" } };
    w.judgement.fact_count = 2;
    judge(&w);
    ck_assert_uint_eq(w.judgement.unmet_count, 1);
    ck_assert_str_eq(w.judgement.unmet[0].id, "");
    (void)grant(&w, 0);
    ck_assert_int_eq(waive(&w), BULLA_UNPROVEN);
    world_drop(&w);
}
END_TEST

START_TEST(what_has_no_digest_is_never_waived)
{
    world w;
    world_set(&w, FIRST RULE, &unpinned);
    w.facts[0] = held(BULLA_PROOF_DIGEST);
    w.judgement.fact_count = 1;
    judge(&w);
    ck_assert_str_eq(w.judgement.unmet[0].id, "");
    (void)grant(&w, 0);
    ck_assert_int_eq(waive(&w), BULLA_UNPROVEN);
    world_drop(&w);
}
END_TEST

START_TEST(every_rule_needs_its_own_waiver)
{
    world w;
    world_set(&w, FIRST RULE OTHER, &npm);
    w.facts[0] = held(BULLA_PROOF_DIGEST);
    w.judgement.fact_count = 1;
    judge(&w);
    ck_assert_uint_eq(w.judgement.unmet_count, 2);
    ck_assert_str_ne(w.judgement.unmet[0].id, w.judgement.unmet[1].id);
    (void)grant(&w, 0);
    ck_assert_int_eq(waive(&w), BULLA_UNPROVEN);
    ck_assert(w.judgement.unmet[0].is_waived && !w.judgement.unmet[1].is_waived);
    (void)grant(&w, 1);
    ck_assert_int_eq(waive(&w), BULLA_WAIVED);
    world_drop(&w);
}
END_TEST

START_TEST(a_policy_may_forbid_it)
{
    world w;
    world_set(&w, FIRST RULE "[waivers]\nnever = [\"threshold\"]\nmax_days = 7\nrole = \"a\"\n",
              &npm);
    const bu_waiver_terms *terms = bu_policy_waiver_terms(w.policy);
    ck_assert_int_eq(terms->days_max, 7);
    ck_assert_str_eq(terms->roles[0], "a");
    ck_assert_ptr_null(terms->roles[1]);
    w.facts[0] = held(BULLA_PROOF_DIGEST);
    w.judgement.fact_count = 1;
    judge(&w);
    (void)grant(&w, 0);
    ck_assert_int_eq(waive(&w), BULLA_UNPROVEN);
    world_drop(&w);
}
END_TEST

/* What names a rule: its own text, and nothing around it. */
static const struct {
    const char *policy;
    bool same;
} texts[] = {
    { FIRST RULE, true },
    { "# all of it\n" FIRST "\n" RULE, true },
    { FIRST RULE "\n# the next one\n\n" OTHER, true },
    { FIRST RULE "[waivers]\nmax_days = 7\n", true },
    { FIRST OTHER RULE, true },
    { FIRST RULE "scope = [\"runtime\"]\n", false },
    { FIRST "[[rule]]\nname = \"npm packages\"\nmatch = \"pkg:npm/**\"\nrequire = [\"digest\", "
            "\"signature\"]\n",
      false },
};

static bulla_digest text_digest(const char *policy)
{
    world w;
    world_set(&w, policy, &npm);
    judge(&w);
    bulla_digest digest = { 0 };
    for (size_t i = 0; i < w.judgement.unmet_count; i++)
        if (strcmp(w.judgement.unmet[i].rule, "npm packages") == 0)
            digest = w.judgement.unmet[i].rule_digest;
    world_drop(&w);
    return digest;
}

START_TEST(a_rule_is_named_by_its_own_text)
{
    bulla_digest is = text_digest(texts[_i].policy), was = text_digest(FIRST RULE);
    ck_assert_int_eq(is.alg, BULLA_ALG_SHA256);
    ck_assert_int_eq(bulla_digest_equal(&is, &was), texts[_i].same);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_waiver_lets_pass_what_it_is_for);
    tcase_add_loop_test(tc, a_waiver_for_something_else_lets_nothing_pass, 0,
                        sizeof twists / sizeof *twists);
    tcase_add_test(tc, who_vouches_for_a_thing_does_not_waive_for_it);
    tcase_add_loop_test(tc, who_wrote_a_thing_does_not_waive_for_it, 0,
                        sizeof authors / sizeof authors[0]);
    tcase_add_test(tc, what_is_broken_is_never_waived);
    tcase_add_loop_test(tc, other_reasons_are_never_waived, 0, sizeof never / sizeof *never);
    tcase_add_test(tc, what_has_no_digest_is_never_waived);
    tcase_add_test(tc, every_rule_needs_its_own_waiver);
    tcase_add_test(tc, a_policy_may_forbid_it);
    tcase_add_loop_test(tc, a_rule_is_named_by_its_own_text, 0, sizeof texts / sizeof *texts);
}

int main(void)
{
    return unit_run("waive", add);
}
