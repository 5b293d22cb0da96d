/* SPDX-License-Identifier: MIT */
/*
 * Patterns that leave out, as .gitignore has them.
 */
#include "evidence/exclude.h"
#include "suite.h"

static const struct {
    const char *patterns[4], *path;
    bool is_folder;
    const char *by; /* NULL: it stays */
} cases[] = {
    { { "docs" }, "docs", true, "docs" },
    { { "docs" }, "a/b/docs", false, "docs" },
    { { "docs" }, "docs2", true, NULL },
    { { "docs/" }, "docs", true, "docs/" },
    { { "docs/" }, "docs", false, NULL },
    { { "/docs" }, "docs", true, "/docs" },
    { { "/docs" }, "a/docs", true, NULL },
    { { "a/docs" }, "a/docs", true, "a/docs" },
    { { "a/docs" }, "b/a/docs", true, NULL },
    { { "**/fixtures" }, "fixtures", true, "**/fixtures" },
    { { "**/fixtures" }, "a/b/fixtures", true, "**/fixtures" },
    { { "a/**" }, "a/b/c.lock", false, "a/**" },
    { { "*.lock" }, "a/x.lock", false, "*.lock" },
    { { "a/*.lock" }, "a/b/x.lock", false, NULL },
    { { "*.lock", "!x.lock" }, "a/x.lock", false, NULL },
    { { "!x.lock", "*.lock" }, "a/x.lock", false, "*.lock" },
    { { "", "!" }, "a", true, NULL },
};

START_TEST(the_last_pattern_that_matches_decides)
{
    const char *by =
        bu_excluded_by(cases[_i].patterns, bu_bytes_of(cases[_i].path), cases[_i].is_folder);
    ck_assert_msg((by == NULL) == (cases[_i].by == NULL), "%s: %s", cases[_i].path,
                  by == NULL ? "stays" : by);
    if (by != NULL)
        ck_assert_str_eq(by, cases[_i].by);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_last_pattern_that_matches_decides, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("exclude", add);
}
