/* SPDX-License-Identifier: MIT */
/*
 * The names of scopes and origins stand in JSON that other programs read.
 */
#include "bulla/component.h"
#include "suite.h"

START_TEST(scopes_keep_their_names)
{
    ck_assert_str_eq(bulla_scope_name(BULLA_SCOPE_RUNTIME), "runtime");
    ck_assert_str_eq(bulla_scope_name(BULLA_SCOPE_OPTIONAL), "optional");
    ck_assert_str_eq(bulla_scope_name(BULLA_SCOPE_BUILD), "build");
    ck_assert_str_eq(bulla_scope_name(BULLA_SCOPE_DEV), "dev");
    ck_assert_str_eq(bulla_scope_name((bulla_scope)99), "unknown");
}
END_TEST

START_TEST(origins_keep_their_names)
{
    static const char *const names[] = {
        [BULLA_ORIGIN_UNKNOWN] = "unknown",   [BULLA_ORIGIN_REGISTRY] = "registry",
        [BULLA_ORIGIN_GIT] = "git",           [BULLA_ORIGIN_FILE] = "file",
        [BULLA_ORIGIN_LOCAL] = "local",       [BULLA_ORIGIN_OUTSIDE] = "outside",
        [BULLA_ORIGIN_BUNDLED] = "bundled",   [BULLA_ORIGIN_SYSTEM] = "system",
        [BULLA_ORIGIN_ARTIFACT] = "artifact",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_str_eq(bulla_origin_name((bulla_origin)i), names[i]);
    ck_assert_str_eq(bulla_origin_name((bulla_origin)99), "unknown");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, scopes_keep_their_names);
    tcase_add_test(tc, origins_keep_their_names);
}

int main(void)
{
    return unit_run("component", add);
}
