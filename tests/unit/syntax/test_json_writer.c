/* SPDX-License-Identifier: MIT */
/*
 * JSON that is written as a stream: any string must come back as it was, and
 * none may hide anything from who reads the text.
 */
#include "suite.h"

#include "syntax/json_writer.h"

static bu_buf layout_sample(bu_json_layout layout)
{
    bu_buf out = { 0 };
    bu_json_writer writer = bu_json_writer_of(&out, layout);
    bu_json_begin(&writer, NULL, '{');
    bu_json_put_string(&writer, "a", BULLA_LIT("x"));
    bu_json_begin(&writer, "b", '[');
    bu_json_put_integer(&writer, NULL, INT64_MIN);
    bu_json_put_raw(&writer, NULL, BULLA_LIT("{\"c\":null}"));
    bu_json_end(&writer, ']');
    bu_json_begin(&writer, "d", '[');
    bu_json_end(&writer, ']');
    bu_json_begin(&writer, "e", '{');
    bu_json_end(&writer, '}');
    bu_json_end(&writer, '}');
    return out;
}

START_TEST(one_line_has_no_blanks)
{
    bu_buf out = layout_sample(BU_JSON_ONE_LINE);
    ck_assert_str_eq((const char *)out.ptr,
                     "{\"a\":\"x\",\"b\":[-9223372036854775808,{\"c\":null}],\"d\":[],\"e\":{}}");
    bu_buf_clear(&out);
}
END_TEST

START_TEST(indented_text_has_a_line_for_each_value)
{
    bu_buf out = layout_sample(BU_JSON_INDENTED);
    ck_assert_str_eq((const char *)out.ptr, "{\n"
                                            "  \"a\": \"x\",\n"
                                            "  \"b\": [\n"
                                            "    -9223372036854775808,\n"
                                            "    {\"c\":null}\n"
                                            "  ],\n"
                                            "  \"d\": [],\n"
                                            "  \"e\": {}\n"
                                            "}");
    bu_buf_clear(&out);
}
END_TEST

START_TEST(deep_values_share_a_line)
{
    bu_buf out = { 0 };
    bu_json_writer writer = bu_json_writer_of(&out, BU_JSON_INDENTED);
    writer.lines = 1;
    bu_json_begin(&writer, NULL, '{');
    bu_json_begin(&writer, "a", '[');
    bu_json_put_integer(&writer, NULL, 1);
    bu_json_begin(&writer, NULL, '{');
    bu_json_put_integer(&writer, "b", 2);
    bu_json_put_integer(&writer, "c", 3);
    bu_json_end(&writer, '}');
    bu_json_end(&writer, ']');
    bu_json_end(&writer, '}');
    ck_assert_str_eq((const char *)out.ptr, "{\n  \"a\": [1, {\"b\": 2, \"c\": 3}]\n}");
    bu_buf_clear(&out);
}
END_TEST

static const struct {
    bulla_bytes in;
    const char *want;
} strings[] = {
    { BULLA_LIT(""), "\"\"" },
    { BULLA_LIT("plain / text, longer than a step"), "\"plain / text, longer than a step\"" },
    { BULLA_LIT("1234567\"1234567\\"), "\"1234567\\\"1234567\\\\\"" },
    { BULLA_LIT("1234567\x1f~~~~~~~\x7f"), "\"1234567\\u001f~~~~~~~\\u007f\"" },
    { BULLA_LIT("1234567\u00e91234567 "), "\"1234567\u00e91234567 \"" },
    { BULLA_LIT("\"\\"), "\"\\\"\\\\\"" },
    { BULLA_LIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
    { BULLA_LIT("\0\x1f\x7f"), "\"\\u0000\\u001f\\u007f\"" },
    { BULLA_LIT("\u00e9\u20ac\U0001f600"), "\"\u00e9\u20ac\U0001f600\"" },
    { BULLA_LIT("\xc2\x85"), "\"\\u0085\"" },                         /* C1 */
    { BULLA_LIT("\u202e\u200b\ufeff"), "\"\\u202e\\u200b\\ufeff\"" }, /* bidi, zero width, BOM */
    { BULLA_LIT("\u2028"), "\"\\u2028\"" },                     /* ends a line of JavaScript */
    { BULLA_LIT("\U000e0041"), "\"\\udb40\\udc41\"" },          /* a tag character */
    { BULLA_LIT("a\xff\\"), "\"a\\\\xFF\\\\\\\\\"" },           /* not UTF-8: escaped as a whole */
    { BULLA_LIT("\xed\xa0\x80"), "\"\\\\xED\\\\xA0\\\\x80\"" }, /* a surrogate */
};

START_TEST(a_string_is_exact_and_hides_nothing)
{
    bu_buf out = { 0 };
    bu_json_writer writer = bu_json_writer_of(&out, BU_JSON_ONE_LINE);
    bu_json_put_string(&writer, NULL, strings[_i].in);
    ck_assert_str_eq((const char *)out.ptr, strings[_i].want);
    bu_buf_clear(&out);
}
END_TEST

START_TEST(a_broken_buffer_stays_broken)
{
    bu_buf out = { .broken = true };
    bu_json_writer writer = bu_json_writer_of(&out, BU_JSON_INDENTED);
    bu_json_begin(&writer, NULL, '[');
    bu_json_put_string(&writer, NULL, BULLA_LIT("a\xff"));
    bu_json_end(&writer, ']');
    ck_assert(out.broken);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, one_line_has_no_blanks);
    tcase_add_test(tc, indented_text_has_a_line_for_each_value);
    tcase_add_test(tc, deep_values_share_a_line);
    tcase_add_loop_test(tc, a_string_is_exact_and_hides_nothing, 0,
                        sizeof strings / sizeof strings[0]);
    tcase_add_test(tc, a_broken_buffer_stays_broken);
}

int main(void)
{
    return unit_run("json_writer", add);
}
