/* SPDX-License-Identifier: MIT */
/*
 * Answers of another policy engine: the shapes that permit, and that nothing else does.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "policy/opa.h"

#define URL "http://127.0.0.1:8181/v1/data/bulla"

static const struct {
    const char *url, *json;
    bool allows;
    size_t count;
    const char *purl, *reason; /* of the first denial */
} accepted[] = {
    { URL "/allow", "{\"result\":true}", true, 0, NULL, NULL },
    { URL "/allow", "{\"result\":false}", false, 0, NULL, NULL },
    { URL "/deny", "{\"result\":[]}", true, 0, NULL, NULL },
    { URL, "{\"result\":{\"allow\":true,\"deny\":[]}}", true, 0, NULL, NULL },
    { URL, "{\"result\":{\"allow\":false,\"deny\":[],\"helper\":7}}", false, 0, NULL, NULL },
    { URL, "{\"result\":{\"allow\":true,\"deny\":[{\"purl\":\"pkg:a/b\",\"reason\":\"no\"}]}}",
      true, 1, "pkg:a/b", "no" },
    { URL "/deny", "{\"result\":[\"no\",{\"msg\":\"neither\"}]}", true, 2, "", "no" },
    { URL "/deny", "{\"result\":[{\"msg\":\"neither\"}]}", true, 1, "", "neither" },
    { URL "/deny", "{\"result\":[{}]}", true, 1, "", "" },
};

START_TEST(plain_answers_are_read)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_opa_answer answer = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_opa_read(bu_bytes_of(accepted[_i].json), accepted[_i].url, arena, &answer, &err),
            err);
    ck_assert_int_eq(answer.allows, accepted[_i].allows);
    ck_assert_uint_eq(answer.count, accepted[_i].count);
    if (answer.count == 0)
        return;
    ck_assert(bu_bytes_is(answer.denials[0].purl, accepted[_i].purl));
    ck_assert(bu_bytes_is(answer.denials[0].reason, accepted[_i].reason));
}
END_TEST

static const struct {
    const char *url, *json;
    bulla_code code;
    const char *place; /* part of the sentence */
} refused[] = {
    { URL, "", BULLA_E_EMPTY, "" },
    { URL, "{\"result\":{\"allow\":true", BULLA_E_TRUNCATED, "" },
    { URL, "[]", BULLA_E_TYPE_MISMATCH, "answer" },
    { URL, "{}", BULLA_E_MISSING_FIELD, "undefined" },
    { URL, "{\"result\":null}", BULLA_E_TYPE_MISMATCH, "result" },
    { URL, "{\"result\":\"allow\"}", BULLA_E_TYPE_MISMATCH, "result" },
    /* At the end of /deny, true would mean the opposite. */
    { URL "/deny", "{\"result\":true}", BULLA_E_TYPE_MISMATCH, "/allow" },
    { URL "/deny", "{\"result\":false}", BULLA_E_TYPE_MISMATCH, "/allow" },
    { URL "/disallow", "{\"result\":true}", BULLA_E_TYPE_MISMATCH, "/allow" },
    { URL, "{\"result\":{\"deny\":[]}}", BULLA_E_TYPE_MISMATCH, "result" },
    { URL, "{\"result\":{\"allow\":true}}", BULLA_E_TYPE_MISMATCH, "deny" },
    { URL, "{\"result\":{\"allow\":1,\"deny\":[]}}", BULLA_E_TYPE_MISMATCH, "result" },
    { URL, "{\"result\":{\"allow\":true,\"deny\":{}}}", BULLA_E_TYPE_MISMATCH, "deny" },
    { URL, "{\"result\":[true]}", BULLA_E_TYPE_MISMATCH, "denial 1" },
    { URL, "{\"result\":[\"x\",{\"purl\":1}]}", BULLA_E_TYPE_MISMATCH, "denial 2: purl" },
    { URL, "{\"result\":[{\"reason\":[]}]}", BULLA_E_TYPE_MISMATCH, "reason" },
    { URL, "{\"result\":[],\"decision_id\":7}", BULLA_E_TYPE_MISMATCH, "decision_id" },
    { URL, "{\"code\":\"internal_error\",\"result\":[]}", BULLA_E_BAD_STATUS, "failed" },
    { URL, "{\"errors\":[],\"result\":[]}", BULLA_E_BAD_STATUS, "failed" },
    { URL, "{\"result\":[\"no\"],\"result\":[]}", BULLA_E_DUPLICATE_KEY, "" },
};

START_TEST(all_else_is_no_permission)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_opa_answer answer = { 0 };
    bulla_error err = { 0 };
    unit_fails(bu_opa_read(bu_bytes_of(refused[_i].json), refused[_i].url, arena, &answer, &err),
               refused[_i].code, err);
    ck_assert_msg(strstr(err.text, refused[_i].place) != NULL, "%s", err.text);
    ck_assert_str_eq(err.file, refused[_i].url);
    ck_assert(!answer.allows && answer.count == 0);
}
END_TEST

static const char whole[] =
    "{\"decision_id\":\"d1\",\"result\":[{\"purl\":\"pkg:a/b\",\"reason\":\"no\"}],\"provenance\":{"
    "\"revision\":\"old\",\"bundles\":{\"b\":{\"revision\":\"r2\"},\"a\":{\"revision\":\"r1\"},"
    "\"c\":{}}}}";

START_TEST(it_says_who_decided)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_opa_answer answer = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_opa_read(bu_bytes_of(whole), URL, arena, &answer, &err), err);
    ck_assert(bu_bytes_is(answer.decision_id, "d1"));
    ck_assert_str_eq(answer.revisions[0], "old");
    ck_assert_str_eq(answer.revisions[1], "a r1");
    ck_assert_str_eq(answer.revisions[2], "b r2");
    ck_assert_ptr_null(answer.revisions[3]);
}
END_TEST

START_TEST(no_memory_is_no_permission)
{
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_opa_answer answer = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_opa_read(bu_bytes_of(whole), URL, arena, &answer, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert(!answer.allows);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, plain_answers_are_read, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tc, all_else_is_no_permission, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, it_says_who_decided);
    tcase_add_test(tc, no_memory_is_no_permission);
}

int main(void)
{
    return unit_run("policy/opa", add);
}
