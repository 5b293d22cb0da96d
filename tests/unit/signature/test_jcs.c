/* SPDX-License-Identifier: MIT */
/* RFC 8785: one value has one text, whoever wrote it. */
#include "suite.h"

#include "alloc_fail.h"
#include "signature/jcs.h"

static bulla_status canonical(const char *text, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_json_load(bu_bytes_of(text), "t.json", &tree, err));
    const bu_jcs jcs = { .tree = tree };
    return bu_jcs_write(&jcs, bu_tree_root(tree), out, err);
}

static const struct {
    const char *text, *want;
} numbers[] = {
    /* RFC 8785 appendix B, and its neighbours */
    { "0", "0" },
    { "-0", "0" },
    { "-0.0e5", "0" },
    { "5e-324", "5e-324" },
    { "-4.9406564584124654e-324", "-5e-324" },
    { "1.7976931348623157e308", "1.7976931348623157e+308" },
    { "9007199254740992", "9007199254740992" },
    { "-9007199254740992", "-9007199254740992" },
    { "295147905179352830000", "295147905179352830000" },
    { "9.999999999999997e22", "9.999999999999997e+22" },
    { "1e23", "1e+23" },
    { "1.0000000000000001e23", "1.0000000000000001e+23" },
    { "9.999999999999997e20", "999999999999999700000" },
    { "9.999999999999999e20", "999999999999999900000" },
    { "1e21", "1e+21" },
    { "1E20", "100000000000000000000" },
    { "9.999999999999997e-7", "9.999999999999997e-7" },
    { "0.000001", "0.000001" },
    { "0.0000001", "1e-7" },
    { "333333333.33333325", "333333333.33333325" },
    { "333333333.3333333", "333333333.3333333" },
    { "333333333.33333329", "333333333.3333333" },
    { "-0.0000033333333333333333", "-0.0000033333333333333333" },
    { "1424953923781206.2", "1424953923781206.2" },
    { "4.50", "4.5" },
    { "2e-3", "0.002" },
    { "0.000000000000000000000000001", "1e-27" },
    { "100", "100" },
    { "1.0", "1" },
    { "10e-1", "1" },
    { "123456789012345", "123456789012345" },
    { "5.684341886080801486968994140625e-14", "5.684341886080802e-14" }, /* 2^-44 */
    { "9.5367431640625e-7", "9.5367431640625e-7" },                      /* 2^-20 */
    { "0.1", "0.1" },
    { "0.30000000000000004", "0.30000000000000004" },
    { "1e-99999999999999999999", "0" },
    { "0e99999999999999999999", "0" },
};

START_TEST(numbers_are_those_of_ecmascript)
{
    BU_CLEAR(bu_buf) got = { 0 };
    bulla_error err = { 0 };
    unit_ok(canonical(numbers[_i].text, &got, &err), err);
    ck_assert_str_eq((const char *)got.ptr, numbers[_i].want);
}
END_TEST

static const struct {
    const char *text, *want;
} values[] = {
    { " null ", "null" },
    { "[ true , false,null ]", "[true,false,null]" },
    { "{}", "{}" },
    { "[[],{},[[]]]", "[[],{},[[]]]" },
    { "{\"b\":1,\"a\":{\"d\":[],\"c\":2},\"\":3}", "{\"\":3,\"a\":{\"c\":2,\"d\":[]},\"b\":1}" },
    { "{\"aa\":1,\"a\":2}", "{\"a\":2,\"aa\":1}" },
    { "\"\\u0000\"", NULL }, /* U+0000 is refused by the reader */
    { "\"\\u0008\\t\\n\\u000B\\f\\r\\u001F\\u007f\"", "\"\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\"" },
    { "\"\\/\\\"\\\\\\u20ac\\u0041\"", "\"/\\\"\\\\\xE2\x82\xAC"
                                       "A\"" },
    { "\"A\\u030a\"", "\"A\xCC\x8A\"" }, /* not normalized */
    /* RFC 8785 section 3.2.3: by UTF-16, in which an emoji comes before a Hebrew presentation form */
    { "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
      "\"\\u00f6\":7}",
      "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,\"\xF0\x9F\x98\x80\":5,"
      "\"\xEF\xAC\xB3\":3}" },
};

START_TEST(values_have_one_text)
{
    BU_CLEAR(bu_buf) got = { 0 };
    BU_CLEAR(bu_buf) again = { 0 };
    bulla_error err = { 0 };
    bulla_status status = canonical(values[_i].text, &got, &err);
    if (values[_i].want == NULL) {
        ck_assert(!bulla_ok(status));
        return;
    }
    unit_ok(status, err);
    ck_assert_str_eq((const char *)got.ptr, values[_i].want);
    unit_ok(canonical((const char *)got.ptr, &again, &err), err);
    ck_assert_str_eq((const char *)again.ptr, (const char *)got.ptr);
}
END_TEST

/* To one reader they are one number, to another two: one signature would hold for both. */
static const char *const ambiguous[] = { "9007199254740993", "-9007199254740993",
                                         "[1,\n 295147905179352830001]", "1000000000000000000001" };

START_TEST(integers_that_are_not_exact)
{
    BU_CLEAR(bu_buf) got = { 0 };
    bulla_error err = { 0 };
    unit_fails(canonical(ambiguous[_i], &got, &err), BULLA_E_BAD_NUMBER, err);
    ck_assert_uint_eq(err.line, _i == 2 ? 2 : 1);
    ck_assert_str_ne(err.expected, "");
}
END_TEST

static bool is_x(const void *context, const bu_node *node)
{
    return bu_bytes_is(bu_node_key(node), context);
}

START_TEST(fields_are_left_out)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(bu_buf) got = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_json_load(BULLA_LIT("{\"x\":1,\"a\":{\"x\":[2],\"y\":3},\"z\":{\"x\":4}}"), "t",
                         &tree, &err),
            err);
    const bu_jcs jcs = { .tree = tree, .is_left_out = is_x, .context = "x" };
    unit_ok(bu_jcs_write(&jcs, bu_tree_root(tree), &got, &err), err);
    ck_assert_str_eq((const char *)got.ptr, "{\"a\":{\"y\":3},\"z\":{}}");
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_AUTO(bu_tree) tree = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_json_load(BULLA_LIT("{\"b\":[1.5,2,\"x\"],\"a\":{}}"), "t", &tree, &err), err);
    const bu_jcs jcs = { .tree = tree };
    for (size_t n = 0;; n++) {
        BU_CLEAR(bu_buf) got = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_jcs_write(&jcs, bu_tree_root(tree), &got, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, numbers_are_those_of_ecmascript, 0, sizeof numbers / sizeof numbers[0]);
    tcase_add_loop_test(tc, values_have_one_text, 0, sizeof values / sizeof values[0]);
    tcase_add_loop_test(tc, integers_that_are_not_exact, 0, sizeof ambiguous / sizeof ambiguous[0]);
    tcase_add_test(tc, fields_are_left_out);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("signature/jcs", add);
}
