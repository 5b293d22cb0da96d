/* SPDX-License-Identifier: MIT */
/*
 * Cases for a policy: one that is read as another would approve what it was
 * to stop, so every slip is refused, at its place.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "policy/cases.h"

#define IN(components) "{ \"schema\": \"bulla.input/1\", \"components\": [" components "] }"
#define CASE(facts)                                                                                \
    "{ \"purl\": \"pkg:npm/a@1\", \"verdict\": \"allowed\", \"facts\": [" facts "] }"
#define FACT(more) "{ \"proof\": \"digest\", \"outcome\": \"held\"" more " }"

static const struct {
    const char *json;
    bulla_code code;
    uint32_t column; /* all on line 1 */
} refused[] = {
    { "{", BULLA_E_TRUNCATED, 2 },
    { "[]", BULLA_E_TYPE_MISMATCH, 1 },
    { "{}", BULLA_E_MISSING_FIELD, 1 },
    { "{ \"schema\": \"bulla.input/2\" }", BULLA_E_UNSUPPORTED_VERSION, 13 },
    { "{ \"schema\": \"bulla.input/1\" }", BULLA_E_MISSING_FIELD, 1 },
    { "{ \"schema\": \"bulla.input/1\", \"component\": [] }", BULLA_E_BAD_SYNTAX, 43 },
    { "{ \"schema\": \"bulla.input/1\", \"time\": \"now\", \"components\": [] }", BULLA_E_BAD_TIME,
      38 },
    { IN(""), BULLA_E_EMPTY, 44 },
    { IN("1"), BULLA_E_TYPE_MISMATCH, 45 },
    { IN("{ \"facts\": [] }"), BULLA_E_MISSING_FIELD, 45 },
    { IN("{ \"purl\": \"pkg:npm/a@1\" }"), BULLA_E_MISSING_FIELD, 45 },
    { IN("{ \"purl\": \"pkg:npm/a@1\", \"facts\": [] }"), BULLA_E_MISSING_FIELD, 45 },
    { IN("{ \"purl\": \"pkg:npm/a@1\", \"facts\": [], \"verdict\": \"allow\" }"), BULLA_E_BAD_NAME,
      94 },
    { IN("{ \"purl\": \"pkg:npm/a@1\", \"origin\": \"web\" }"), BULLA_E_BAD_NAME, 80 },
    { IN("{ \"purl\": \"pkg:npm/a@1\", \"scope\": \"all\" }"), BULLA_E_BAD_NAME, 79 },
    { IN(CASE("1")), BULLA_E_TYPE_MISMATCH, 102 },
    { IN(CASE("{ \"outcome\": \"held\" }")), BULLA_E_MISSING_FIELD, 102 },
    { IN(CASE("{ \"proof\": \"digest\" }")), BULLA_E_MISSING_FIELD, 102 },
    { IN(CASE("{ \"proof\": \"digst\", \"outcome\": \"held\" }")), BULLA_E_BAD_NAME, 113 },
    { IN(CASE("{ \"proof\": \"digest\", \"outcome\": \"hold\" }")), BULLA_E_BAD_NAME, 134 },
    { IN(CASE(FACT(", \"vouchers\": [{}]"))), BULLA_E_MISSING_FIELD, 155 },
    { IN(CASE(FACT(", \"said\": { \"decision\": \"yes\" }"))), BULLA_E_BAD_NAME, 164 },
    { IN(CASE(FACT(", \"said\": { \"authors\": [\"ann\"] }"))), BULLA_E_TYPE_MISMATCH, 164 },
    { IN(CASE(FACT(", \"said\": { \"authors\": [{ \"counts_as\": \"ann\" }] }"))),
      BULLA_E_MISSING_FIELD, 164 },
    { IN(CASE(FACT(", \"finding\": { \"code\": \"oops\" }"))), BULLA_E_BAD_NAME, 163 },
    { IN(CASE(FACT(", \"finding\": { \"code\": \"expired\", \"exit\": 9 }"))), BULLA_E_BAD_NUMBER,
      182 },
};

START_TEST(slips_are_refused)
{
    bulla_error err = { 0 };
    bu_policy_cases cases;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_status status =
        bu_policy_cases_read(bu_bytes_of(refused[_i].json), "c.json", arena, &cases, &err);
    ck_assert_msg(status.code == refused[_i].code, "%s\n%s: %s", refused[_i].json,
                  bulla_code_name(status.code), err.text);
    ck_assert_msg(err.line == 1 && err.column == refused[_i].column, "%s\n%s at %u:%u",
                  refused[_i].json, err.text, err.line, err.column);
    ck_assert_str_eq(err.file, "c.json");
}
END_TEST

static const char everything[] =
    "{ \"schema\": \"bulla.input/1\", \"time\": \"2026-11-22T00:00:00Z\", \"gate\": \"prod\",\n"
    "\"environment\": \"prod\", \"policy\": {}, \"trust\": {}, \"troubles\": [], \"components\": "
    "[\n"
    "{ \"purl\": \"pkg:generic/a\", \"name\": \"a.tgz\", \"version\": \"1\", \"scope\": \"dev\",\n"
    "\"origin\": \"artifact\", \"verdict\": \"unproven\", \"rule\": \"gate prod\",\n"
    "\"reasons\": [{ \"code\": \"threshold\", \"text\": \"few\" }], \"measured\": {}, \"facts\": "
    "[\n"
    "{ \"proof\": \"provenance\", \"outcome\": \"absent\", \"role\": \"builder\", \"who\": "
    "\"ci\",\n"
    "\"predicate\": \"https://slsa.dev/provenance/v1\", \"time\": \"2026-11-21T00:00:00Z\",\n"
    "\"vouchers\": [{ \"person\": \"ci\", \"counts_as\": \"dora\", \"org\": \"acme\", \"proved\": "
    "true,\n"
    "\"time\": \"2026-11-20T00:00:00Z\" }, { \"person\": \"rob\" }],\n"
    "\"said\": { \"decision\": \"reject\", \"environment\": \"dev\", \"until\": "
    "\"2026-12-01T00:00:00Z\",\n"
    "\"authors\": [{ \"person\": \"bot\", \"counts_as\": \"ann\" }, { \"person\": \"zoe\" }] },\n"
    "\"build\": { \"builder\": \"b\", \"source\": \"s\", \"level\": 3 }, \"evidence\": "
    "\"sha256:00\",\n"
    "\"finding\": { \"code\": \"expired\", \"exit\": 5 } }] },\n"
    "{ \"purl\": \"pkg:npm/b@1\", \"verdict\": \"waived\", \"facts\": [] }] }";

START_TEST(every_field_is_read)
{
    bulla_error err = { 0 };
    bu_policy_cases cases;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    unit_ok(bu_policy_cases_read(bu_bytes_of(everything), "c.json", arena, &cases, &err), err);
    ck_assert_uint_eq(cases.count, 2);
    ck_assert(cases.has_now && cases.now == 1795305600);
    ck_assert_str_eq(cases.gate, "prod");
    ck_assert_str_eq(cases.environment, "prod");
    const bu_policy_case *c = &cases.items[0];
    ck_assert_str_eq(c->component.name, "a.tgz");
    ck_assert_int_eq(c->component.scope, BULLA_SCOPE_DEV);
    ck_assert_int_eq(c->component.origin, BULLA_ORIGIN_ARTIFACT);
    ck_assert_int_eq(c->verdict, BULLA_UNPROVEN);
    ck_assert_str_eq(c->rule, "gate prod");
    ck_assert_uint_eq(c->line, 3);
    ck_assert(c->has_reasons && c->reason_count == 1);
    ck_assert_str_eq(c->reasons[0], "threshold");
    const bulla_fact *fact = &c->facts[0];
    ck_assert_int_eq(fact->proof, BULLA_PROOF_PROVENANCE);
    ck_assert_int_eq(fact->outcome, BULLA_ABSENT);
    ck_assert_str_eq(fact->role, "builder");
    ck_assert(fact->has_time && fact->voucher_count == 2);
    ck_assert_str_eq(fact->vouchers[0].counts_as, "dora");
    ck_assert(fact->vouchers[0].has_time && fact->vouchers[0].is_proved);
    ck_assert_str_eq(fact->vouchers[1].counts_as, "rob");
    ck_assert(!fact->vouchers[1].has_time);
    ck_assert(fact->said->rejects && fact->said->has_end);
    ck_assert_str_eq(fact->said->environment, "dev");
    ck_assert_uint_eq(fact->said->author_count, 2);
    ck_assert_str_eq(fact->said->authors[0].person, "bot");
    ck_assert_str_eq(fact->said->authors[0].counts_as, "ann");
    ck_assert_str_eq(fact->said->authors[1].person, "zoe");
    ck_assert_ptr_null(fact->said->authors[1].counts_as);
    ck_assert_str_eq(fact->build->source, "s");
    ck_assert_int_eq(fact->finding.code, BULLA_E_EXPIRED);
    ck_assert_int_eq(fact->finding.exit, BULLA_EXIT_TRUST);
    ck_assert(cases.items[1].verdict == BULLA_WAIVED && !cases.items[1].has_reasons);
    ck_assert_ptr_null(cases.items[1].rule);
}
END_TEST

START_TEST(no_memory)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_policy_cases cases;
        BU_AUTO(bu_arena) arena = bu_arena_new();
        alloc_fail_at(n);
        bulla_status status =
            bu_policy_cases_read(bu_bytes_of(everything), "c.json", arena, &cases, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 1);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, slips_are_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, every_field_is_read);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("policy: cases", add);
}
