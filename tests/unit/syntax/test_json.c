/* SPDX-License-Identifier: MIT */
/*
 * The JSON door: values mean what the text says, a signed form has one
 * spelling, and a refusal says which field of which document.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "base/limits.h"
#include "syntax/json.h"

static bu_json *parsed(const char *text)
{
    bu_json *value = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_json_parse(bu_bytes_of(text), "x.json", &value, &err), err);
    return value;
}

static const struct {
    bu_json_style style;
    const char *text, *written;
} written[] = {
    { BU_JSON_COMPACT, " { \"b\" : [ 1 , true , null ] , \"a\" : \"x\" } ",
      "{\"b\":[1,true,null],\"a\":\"x\"}" },
    { BU_JSON_COMPACT, "[]", "[]" },
    { BU_JSON_COMPACT, "\"x\"", "\"x\"" },
    { BU_JSON_COMPACT, "[0.1,9.8,-0.0,1e300,1e22,1.5,123456789012345678901,5e-324,1E2]",
      "[0.1,9.8,-0.0,1e300,1e22,1.5,1.2345678901234568e20,4.94065645841247e-324,100.0]" },
    { BU_JSON_COMPACT, "1.7976931348623157e308", "1.7976931348623157e308" },
    { BU_JSON_COMPACT, "[9223372036854775807,-9223372036854775808,-0]",
      "[9223372036854775807,-9223372036854775808,0]" },
    { BU_JSON_COMPACT, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u001b\"",
      "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001b\"" },
    { BU_JSON_COMPACT, "\"caf\\u00e9 \\ud83d\\ude00\"", "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"" },
    /* what would act on a terminal, or hide, is written as an escape */
    { BU_JSON_COMPACT, "\"\\u007f\\u0085\\u202e\\u200b\\udb40\\udc01\"",
      "\"\\u007f\\u0085\\u202e\\u200b\\udb40\\udc01\"" },
    { BU_JSON_COMPACT, "{\"\\u202e\":1}", "{\"\\u202e\":1}" },
    { BU_JSON_PRETTY, "{\"a\":[1,{\"b\":2}],\"c\":{},\"d\":[]}",
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}\n" },
    { BU_JSON_PRETTY, "1", "1\n" },
    /* OLPC canonical JSON */
    { BU_JSON_CANONICAL, "{\"b\":1,\"a\":[true,false,null],\"\":0,\"aa\":{}}",
      "{\"\":0,\"a\":[true,false,null],\"aa\":{},\"b\":1}" },
    { BU_JSON_CANONICAL, "{\"\\u00e9\":1,\"z\":2,\"Z\":3}", "{\"Z\":3,\"z\":2,\"\xC3\xA9\":1}" },
    { BU_JSON_CANONICAL, "\"\\\"\\\\\\n\\u202e\\u007f/\"", "\"\\\"\\\\\n\xE2\x80\xAE\x7F/\"" },
    { BU_JSON_CANONICAL, "-1", "-1" },
};

START_TEST(a_value_is_written_in_its_one_spelling)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    BU_AUTO(bu_json) value = parsed(written[_i].text);
    unit_ok(bu_json_write(value, written[_i].style, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, written[_i].written);
}
END_TEST

START_TEST(what_is_written_is_read_as_the_same)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) first = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    if (written[_i].style == BU_JSON_CANONICAL) /* it may hold raw control characters */
        return;
    BU_AUTO(bu_json) value = parsed(written[_i].text);
    unit_ok(bu_json_write(value, BU_JSON_COMPACT, &first, &err), err);
    BU_AUTO(bu_json) again = parsed((const char *)first.ptr);
    unit_ok(bu_json_write(again, BU_JSON_COMPACT, &second, &err), err);
    ck_assert_str_eq((const char *)first.ptr, (const char *)second.ptr);
}
END_TEST

START_TEST(canonical_json_has_no_real_numbers)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    BU_AUTO(bu_json) value = parsed("{\"a\":[1.0]}");
    unit_fails(bu_json_write(value, BU_JSON_CANONICAL, &out, &err), BULLA_E_BAD_NUMBER, err);
}
END_TEST

START_TEST(what_could_not_be_read_again_is_not_written)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    BU_AUTO(bu_json) value = bu_json_array();
    for (size_t i = 1; i < BU_LIMIT_TREE_DEPTH; i++) {
        bu_json *outer = bu_json_array();
        unit_ok(bu_json_append(outer, BU_STEAL(value), &err), err);
        value = outer;
    }
    unit_ok(bu_json_write(value, BU_JSON_COMPACT, &out, &err), err);
    bu_json *outer = bu_json_array();
    unit_ok(bu_json_append(outer, BU_STEAL(value), &err), err);
    value = outer;
    unit_fails(bu_json_write(value, BU_JSON_COMPACT, &out, &err), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
} refused[] = {
    { "", BULLA_E_EMPTY },
    { "{", BULLA_E_TRUNCATED },
    { "{}{}", BULLA_E_TRAILING_DATA },
    { "{'a':1}", BULLA_E_BAD_SYNTAX },
    { "{\"a\":1,\"\\u0061\":2}", BULLA_E_DUPLICATE_KEY },
    { "\"\\u0000\"", BULLA_E_BAD_ENCODING },
    { "\"\\ud800\"", BULLA_E_BAD_ENCODING },
    { "1e999", BULLA_E_BAD_NUMBER },
};

START_TEST(a_text_is_refused_as_the_tree_refuses_it)
{
    bu_json *value = NULL;
    bulla_error err = { 0 };
    unit_fails(bu_json_parse(bu_bytes_of(refused[_i].text), "x.json", &value, &err),
               refused[_i].code, err);
    ck_assert_ptr_null(value);
    ck_assert_str_eq(err.file, "x.json");
    ck_assert_uint_eq(err.line, 1);
}
END_TEST

START_TEST(a_text_over_the_limit_is_refused)
{
    bu_json *value = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = { (const uint8_t *)"", (size_t)BU_LIMIT_METADATA_BYTES + 1 };
    unit_fails(bu_json_parse(text, "x.json", &value, &err), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

START_TEST(a_field_is_there_and_of_its_type)
{
    bulla_bytes text;
    int64_t integer;
    const bu_json *inner;
    bulla_error err = { 0 };
    BU_AUTO(bu_json) value = parsed("{\"t\":\"x\",\"i\":-7,\"o\":{\"k\":1},\"a\":[1,2],\"r\":1.0}");
    unit_ok(bu_json_need_text(value, "t", "env", &text, &err), err);
    ck_assert(bu_bytes_is(text, "x"));
    unit_ok(bu_json_need_integer(value, "i", "env", &integer, &err), err);
    ck_assert_int_eq(integer, -7);
    unit_ok(bu_json_need_object(value, "o", "env", &inner, &err), err);
    ck_assert(bu_json_is_object(inner) && !bu_json_is_array(inner));
    unit_ok(bu_json_need_array(value, "a", "env", &inner, &err), err);
    ck_assert_uint_eq(bu_json_count(inner), 2);
    ck_assert(!bu_json_text(bu_json_at(inner, 1), &text));
    ck_assert_ptr_null(bu_json_at(inner, 2));
    unit_fails(bu_json_need_text(value, "none", "env", &text, &err), BULLA_E_MISSING_FIELD, err);
    ck_assert_str_eq(err.file, "env");
    ck_assert_ptr_nonnull(strstr(err.text, "\"none\""));
    unit_fails(bu_json_need_integer(value, "r", "env", &integer, &err), BULLA_E_TYPE_MISMATCH, err);
    ck_assert_str_eq(err.expected, "integer");
    ck_assert_str_eq(err.got, "number");
    unit_fails(bu_json_need_text(inner, "t", "env", &text, &err), BULLA_E_MISSING_FIELD, err);
    ck_assert_ptr_null(bu_json_get(NULL, "t"));
}
END_TEST

static bulla_status collect(void *context, bulla_bytes key, const bu_json *value, bulla_error *err)
{
    bu_buf *seen = context;
    bu_buf_add(seen, key);
    return bu_json_is_array(value) ? bu_fail(err, BULLA_E_BAD_TYPE, "an array") : BU_OK;
}

START_TEST(fields_come_in_order_of_their_keys)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) seen = { 0 };
    BU_AUTO(bu_json) value = parsed("{\"c\":1,\"a\":2,\"b\":3}");
    unit_ok(bu_json_each(value, collect, &seen, &err), err);
    ck_assert_str_eq((const char *)seen.ptr, "abc");
    BU_AUTO(bu_json) stops = parsed("{\"f\":1,\"e\":[],\"d\":3}");
    unit_fails(bu_json_each(stops, collect, &seen, &err), BULLA_E_BAD_TYPE, err);
    ck_assert_str_eq((const char *)seen.ptr, "abcde");
}
END_TEST

START_TEST(values_are_built)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    BU_AUTO(bu_json) object = bu_json_object();
    unit_ok(bu_json_set(object, "s", bu_json_string(BULLA_LIT("x\\")), &err), err);
    unit_ok(bu_json_set(object, "bad", bu_json_string(BULLA_LIT("\xFF\\")), &err), err);
    unit_ok(bu_json_set(object, "nul", bu_json_string(BULLA_LIT("a\0b")), &err), err);
    unit_ok(bu_json_set(object, "none", bu_json_string((bulla_bytes){ 0 }), &err), err);
    unit_ok(bu_json_set(object, "b", bu_json_bool(false), &err), err);
    BU_AUTO(bu_json) copy = bu_json_copy(object);
    unit_ok(bu_json_set(object, "i", bu_json_integer(-1), &err), err);
    unit_ok(bu_json_write(copy, BU_JSON_COMPACT, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, "{\"s\":\"x\\\\\",\"bad\":\"\\\\xFF\\\\\\\\\","
                                            "\"nul\":\"a\\\\x00b\",\"none\":\"\",\"b\":false}");
    unit_fails(bu_json_set(object, "x", NULL, &err), BULLA_E_NO_MEMORY, err);
    BU_AUTO(bu_json) array = bu_json_array();
    unit_fails(bu_json_append(array, NULL, &err), BULLA_E_NO_MEMORY, err);
}
END_TEST

START_TEST(a_digest_set_is_an_object_of_hex)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_digest_set set = { .count = 1, .items = { { .alg = BULLA_ALG_SHA1, .len = 20 } } };
    set.items[0].bytes[0] = 0xAB;
    BU_AUTO(bu_json) object = bu_json_digest_set(&set);
    unit_ok(bu_json_write(object, BU_JSON_COMPACT, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr,
                     "{\"sha1\":\"ab00000000000000000000000000000000000000\"}");
}
END_TEST

static bulla_status copy_text(bulla_bytes text, bulla_error *err)
{
    BU_AUTO(bu_json) value = NULL;
    BU_CLEAR(bu_buf) out = { 0 };
    BU_TRY(bu_json_parse(text, "x.json", &value, err));
    return bu_json_write(value, BU_JSON_CANONICAL, &out, err);
}

START_TEST(memory_that_is_not_there_is_told)
{
    static const char text[] = "{\"b\":[1,2,{\"c\":\"\\u00e9\"}],\"a\":{}}";
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = copy_text(bu_bytes_of(text), &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 5);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_value_is_written_in_its_one_spelling, 0,
                        sizeof written / sizeof written[0]);
    tcase_add_loop_test(tc, what_is_written_is_read_as_the_same, 0,
                        sizeof written / sizeof written[0]);
    tcase_add_test(tc, canonical_json_has_no_real_numbers);
    tcase_add_test(tc, what_could_not_be_read_again_is_not_written);
    tcase_add_loop_test(tc, a_text_is_refused_as_the_tree_refuses_it, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, a_text_over_the_limit_is_refused);
    tcase_add_test(tc, a_field_is_there_and_of_its_type);
    tcase_add_test(tc, fields_come_in_order_of_their_keys);
    tcase_add_test(tc, values_are_built);
    tcase_add_test(tc, a_digest_set_is_an_object_of_hex);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("json", add);
}
