/* SPDX-License-Identifier: MIT */
/*
 * A text of lines: where each begins and ends, and what no line may have.
 */
#include "base/limits.h"
#include "suite.h"
#include "syntax/text.h"

START_TEST(lines_end_with_lf_or_crlf)
{
    bu_text text = bu_text_of(BULLA_LIT("a\n\r\n\tb\r\nlast"));
    static const char *const lines[] = { "a", "", "\tb", "last" };
    bulla_error err = { 0 };
    bool more;
    for (uint32_t i = 0; i < 4; i++) {
        unit_ok(bu_text_next(&text, &more, &err), err);
        ck_assert(more);
        ck_assert(bu_bytes_is(text.line, lines[i]));
        ck_assert_uint_eq(text.number, i + 1);
    }
    unit_ok(bu_text_next(&text, &more, &err), err);
    ck_assert(!more);
}
END_TEST

static const struct {
    const char *line;
    bulla_code code;
    uint32_t column;
} bad[] = {
    { "ab\rc", BULLA_E_CONTROL_CHARACTER, 3 },
    { "a\x1B[2J", BULLA_E_CONTROL_CHARACTER, 2 },
    { "a\x7F", BULLA_E_CONTROL_CHARACTER, 2 },
    { "ab\xFF", BULLA_E_BAD_ENCODING, 3 },
};

START_TEST(what_no_line_may_have_is_refused_at_its_place)
{
    char lines[64];
    bulla_error err = { 0 };
    bool more;
    (void)snprintf(lines, sizeof lines, "x\n%s\n", bad[_i].line);
    bu_text text = bu_text_of(bu_bytes_of(lines));
    unit_ok(bu_text_next(&text, &more, &err), err);
    unit_fails(bu_text_next(&text, &more, &err), bad[_i].code, err);
    ck_assert_uint_eq(err.line, 2);
    ck_assert_uint_eq(err.column, bad[_i].column);
    ck_assert_uint_eq(err.offset, 2 + bad[_i].column - 1);
}
END_TEST

START_TEST(a_byte_order_mark_is_refused)
{
    bu_text text = bu_text_of(BULLA_LIT("\xEF\xBB\xBFx"));
    bulla_error err = { 0 };
    bool more;
    unit_fails(bu_text_next(&text, &more, &err), BULLA_E_BAD_ENCODING, err);
}
END_TEST

START_TEST(there_is_an_end_to_a_line)
{
    size_t len = BU_LIMIT_LINE_BYTES + 1;
    char *long_line = malloc(len);
    ck_assert_ptr_nonnull(long_line);
    memset(long_line, 'a', len);
    bu_text text = bu_text_of((bulla_bytes){ (const uint8_t *)long_line, len });
    bulla_error err = { 0 };
    bool more;
    unit_fails(bu_text_next(&text, &more, &err), BULLA_E_RESOURCE_LIMIT, err);
    free(long_line);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, lines_end_with_lf_or_crlf);
    tcase_add_loop_test(tc, what_no_line_may_have_is_refused_at_its_place, 0,
                        sizeof bad / sizeof bad[0]);
    tcase_add_test(tc, a_byte_order_mark_is_refused);
    tcase_add_test(tc, there_is_an_end_to_a_line);
}

int main(void)
{
    return unit_run("text", add);
}
