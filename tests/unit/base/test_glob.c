/* SPDX-License-Identifier: MIT */
/* Patterns decide who may vouch for what: they are anchored, and never cost more than they should. */
#include "suite.h"

#include "base/glob.h"

static const struct {
    const char *pattern, *name;
    bool want;
} cases[] = {
    { "pkg:npm/lodash@4.17.21", "pkg:npm/lodash@4.17.21", true },
    { "pkg:npm/lodash@*", "pkg:npm/lodash@4.17.21", true },
    { "lodash", "evil-lodash", false }, /* anchored at the front */
    { "lodash", "lodash-evil", false }, /* and at the end */
    { "pkg:npm/*", "pkg:npm/lodash@4.17.21", true },
    { "pkg:npm/*", "pkg:npm/%40scope/name@1", false }, /* one star stays in its folder */
    { "pkg:npm/**", "pkg:npm/%40scope/name@1", true },
    { "**/name@1", "pkg:npm/%40scope/name@1", true },
    { "pkg:*/lodash@*", "pkg:npm/lodash@1", true },
    { "a?c", "abc", true },
    { "a?c", "a/c", false },
    { "a?c", "ac", false },
    { "*", "", true },
    { "**", "a/b/c", true },
    { "", "", true },
    { "", "a", false },
    { "a*b*c", "a-b-b-c", true },
    { "a*b*c", "a-b-b-d", false },
    { "**a*b", "x/a/ab", true },
    { "**a*b", "x/a/a/b", false },
    { "**a*b", "xa/aab/ab", true }, /* where `*` failed, `**` goes on behind the slash */
    { "**/a*c/b", "a/ab/ac/b", true },
    { "*.tgz", "app.tgz", true },
    { "*.tgz", "app.tgz.sig", false },
    { "[ab]", "a", false }, /* no classes: a bracket is a bracket */
    { "[ab]", "[ab]", true },
};

START_TEST(patterns_are_anchored)
{
    bool got = bu_glob_match(bu_bytes_of(cases[_i].pattern), bu_bytes_of(cases[_i].name));
    ck_assert_msg(got == cases[_i].want, "%s against %s", cases[_i].pattern, cases[_i].name);
}
END_TEST

START_TEST(case_counts_unless_it_is_told_not_to)
{
    static const char pattern[] = "pkg:nuget/Ac?e.*@[1]";
    ck_assert(!bu_glob_match(bu_bytes_of(pattern), BULLA_LIT("pkg:nuget/ACME.Core@[1]")));
    ck_assert(bu_glob_match_any_case(bu_bytes_of(pattern), BULLA_LIT("PKG:nuget/ACME.Core@[1]")));
    ck_assert(!bu_glob_match_any_case(bu_bytes_of(pattern), BULLA_LIT("pkg:nuget/AC/E.Core@[1]")));
    ck_assert(!bu_glob_match_any_case(bu_bytes_of(pattern), BULLA_LIT("pkg:nuget/Acme.Core@{1}")));
}
END_TEST

START_TEST(stars_do_not_explode)
{
    char name[4097], pattern[201];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (size_t i = 0; i + 1 < sizeof pattern; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[sizeof pattern - 1] = '\0';
    ck_assert(bu_glob_match(bu_bytes_of(pattern), bu_bytes_of(name)));
    pattern[sizeof pattern - 2] = 'b'; /* with naive backtracking this would never end */
    ck_assert(!bu_glob_match(bu_bytes_of(pattern), bu_bytes_of(name)));
}
END_TEST

START_TEST(stars_of_both_kinds_do_not_explode)
{
    size_t len = 1000000; /* with its square this would take an hour */
    char *name = malloc(len + 1);
    memset(name, 'a', len);
    name[len] = '\0';
    ck_assert(!bu_glob_match(BULLA_LIT("**a*a*a*ab"), bu_bytes_of(name)));
    for (size_t i = 1; i < len; i += 2)
        name[i] = '/';
    ck_assert(!bu_glob_match(BULLA_LIT("**a*/a*/a*/a*b**a*/**x"), bu_bytes_of(name)));
    free(name);
}
END_TEST

/* All texts over `letters` up to a length, shortest first: the text of that number. */
static size_t write_text(const char *letters, size_t number, char out[8])
{
    size_t len = 0, base = strlen(letters);
    for (; number > 0; number = (number - 1) / base)
        out[len++] = letters[(number - 1) % base];
    out[len] = '\0';
    return len;
}

#define PATTERNS 85   /* of up to 3 of 4 letters */
#define NAMES    1093 /* of up to 6 of 3 letters: longer ones are not needed by two such patterns */

/* Held against trying every name: a warning about who may vouch for what must not be missed. */
START_TEST(patterns_meet_where_a_name_has_both)
{
    static bool matches[PATTERNS][NAMES];
    char text[8], other[8];
    for (size_t p = 0; p < PATTERNS; p++) {
        (void)write_text("a/*?", p, text);
        for (size_t n = 0; n < NAMES; n++) {
            (void)write_text("ab/", n, other);
            matches[p][n] = bu_glob_match(bu_bytes_of(text), bu_bytes_of(other));
        }
    }
    for (size_t a = 0; a < PATTERNS; a++)
        for (size_t b = 0; b < PATTERNS; b++) {
            bool want = false;
            for (size_t n = 0; n < NAMES && !want; n++)
                want = matches[a][n] && matches[b][n];
            (void)write_text("a/*?", a, text);
            (void)write_text("a/*?", b, other);
            ck_assert_msg(bu_glob_meet(bu_bytes_of(text), bu_bytes_of(other)) == want, "%s and %s",
                          text, other);
        }
}
END_TEST

START_TEST(long_patterns_are_not_decided)
{
    char text[BU_GLOB_MEET_BYTES + 2];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert(bu_glob_meet(bu_bytes_of(text), BULLA_LIT("b")));
    text[sizeof text - 2] = '\0';
    ck_assert(!bu_glob_meet(bu_bytes_of(text), BULLA_LIT("b")));
    ck_assert(bu_glob_meet(bu_bytes_of(text), BULLA_LIT("a*a")));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, patterns_meet_where_a_name_has_both);
    tcase_add_test(tc, long_patterns_are_not_decided);
    tcase_add_loop_test(tc, patterns_are_anchored, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, case_counts_unless_it_is_told_not_to);
    tcase_add_test(tc, stars_do_not_explode);
    tcase_add_test(tc, stars_of_both_kinds_do_not_explode);
}

int main(void)
{
    return unit_run("glob", add);
}
