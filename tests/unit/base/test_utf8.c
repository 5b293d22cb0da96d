/* SPDX-License-Identifier: MIT */
/* UTF-8 and escaping: nothing hostile reaches a terminal or a log. */
#include "suite.h"

#include "base/utf8.h"

static const struct {
    const char *text;
    size_t valid; /* offset of the first bad byte */
    const char *shown;
} cases[] = {
    { "plain", 5, "plain" },
    { "gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f" },
    { "\xf0\x9f\x94\x92", 4, "\xf0\x9f\x94\x92" },
    { "a\\b", 3, "a\\\\b" },
    { "\x1b[31mred", 8, "\\x1B[31mred" },     /* terminal escape */
    { "a\nb\r\tc", 6, "a\\x0Ab\\x0D\\x09c" }, /* forged lines */
    { "\x7f", 1, "\\x7F" },
    { "\xc2\x9b"
      "31m",
      5, "\\u{9B}31m" }, /* C1 control sequence introducer */
    { "a\xe2\x80\xae"
      "b",
      5, "a\\u{202E}b" }, /* right-to-left override */
    { "a\xe2\x80\x8b"
      "b",
      5, "a\\u{200B}b" },                 /* zero width space */
    { "\xef\xbb\xbfx", 4, "\\u{FEFF}x" }, /* byte order mark */
    { "\xc0\xaf", 0, "\\xC0\\xAF" },      /* overlong slash */
    { "\xe0\x80\xaf", 0, "\\xE0\\x80\\xAF" },
    { "x\xed\xa0\x80", 1, "x\\xED\\xA0\\x80" },        /* surrogate */
    { "\xf4\x90\x80\x80", 0, "\\xF4\\x90\\x80\\x80" }, /* above U+10FFFF */
    { "ab\xe2\x82", 2, "ab\\xE2\\x82" },               /* cut short */
    { "12345678\xff", 8, "12345678\\xFF" },            /* behind a whole word of ASCII */
};

START_TEST(text_is_judged_and_shown)
{
    bulla_bytes in = bu_bytes_of(cases[_i].text);
    ck_assert_uint_eq(bu_utf8_valid(in), cases[_i].valid);
    BU_CLEAR(bu_buf) out = { 0 };
    bu_escape(in, &out);
    ck_assert_str_eq((const char *)out.ptr, cases[_i].shown);
}
END_TEST

START_TEST(escape_into_cuts_between_characters)
{
    char out[12];
    bu_escape_into(BULLA_LIT("short"), out, sizeof out);
    ck_assert_str_eq(out, "short");
    bu_escape_into(BULLA_LIT("exactly 11!"), out, sizeof out);
    ck_assert_str_eq(out, "exactly 11!");
    bu_escape_into(BULLA_LIT("one too long"), out, sizeof out);
    ck_assert_str_eq(out, "one too ...");
    bu_escape_into(BULLA_LIT("abcdef\x1b\x1b\x1b"), out,
                   sizeof out); /* an escape is never cut in two */
    ck_assert_str_eq(out, "abcdef...");
}
END_TEST

START_TEST(every_code_point_goes_round)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c = c == 0xD7FF ? 0xE000 : c + 1) {
        BU_CLEAR(bu_buf) out = { 0 };
        uint32_t back = 1;
        bu_utf8_encode(c, &out);
        if (bu_utf8_next(bu_buf_bytes(&out), &back) != out.len || back != c)
            ck_abort_msg("U+%04X came back as U+%04X", c, back);
    }
}
END_TEST

START_TEST(hidden_characters_are_found)
{
    size_t at = 99;
    ck_assert(!bu_utf8_hides(BULLA_LIT("gr\xc3\xbc\xc3\x9f-1.0"), &at));
    ck_assert(bu_utf8_hides(BULLA_LIT("ab\xe2\x80\x8b"), &at));
    ck_assert_uint_eq(at, 2);
    ck_assert(bu_utf8_hides(BULLA_LIT("a\xff"), &at));
    ck_assert_uint_eq(at, 1);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, text_is_judged_and_shown, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, escape_into_cuts_between_characters);
    tcase_add_test(tc, every_code_point_goes_round);
    tcase_add_test(tc, hidden_characters_are_found);
}

int main(void)
{
    return unit_run("utf8", add);
}
