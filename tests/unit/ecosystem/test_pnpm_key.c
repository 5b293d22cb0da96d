/* SPDX-License-Identifier: MIT */
/*
 * pnpm's dependency paths: read another way than pnpm does, another package
 * would be verified than the one that is installed.
 */
#include "ecosystem/pnpm_key.h"
#include "suite.h"

static const struct {
    bu_pnpm_syntax syntax;
    const char *key, *name, *version, *place;
} keys[] = {
    { BU_PNPM_5, "/a/1.0.0", "a", "1.0.0", "" },
    { BU_PNPM_5, "/@s/a/1.0.0-rc.1", "@s/a", "1.0.0-rc.1", "" },
    { BU_PNPM_5, "/a/1.0.0_b@1.0.0+@s+c@2.0.0", "a", "1.0.0", "" },
    { BU_PNPM_5, "/a/1.0.0(b@1.0.0)", "a", "1.0.0", "" },
    { BU_PNPM_5, "npm.example/@s/a/1.0.0", "@s/a", "1.0.0", "" },
    { BU_PNPM_5, "git.example/u/a/0123456789012345678901234567890123456789", "", "",
      "git.example/u/a/0123456789012345678901234567890123456789" },
    { BU_PNPM_5, "@files.example/a/1.0.0", "", "", "@files.example/a/1.0.0" },
    { BU_PNPM_5, "file:vendor/a", "", "", "file:vendor/a" },
    { BU_PNPM_6, "/a@1.0.0", "a", "1.0.0", "" },
    { BU_PNPM_6, "/@s/a@1.0.0(b@2.0.0(c@1.0.0))(@s/d@1.0.0)", "@s/a", "1.0.0", "" },
    { BU_PNPM_6, "npm.example/a@1.0.0", "a", "1.0.0", "" },
    { BU_PNPM_6, "file:a-1.0.0.tgz", "", "", "file:a-1.0.0.tgz" },
    { BU_PNPM_6, "@files.example/a.tgz", "", "", "@files.example/a.tgz" },
    { BU_PNPM_9, "a@1.0.0", "a", "1.0.0", "" },
    { BU_PNPM_9, "@s/a@1.0.0(patch_hash=abc)(b@1.0.0)", "@s/a", "1.0.0", "" },
    { BU_PNPM_9, "a@file:a-1.0.0.tgz", "a", "", "file:a-1.0.0.tgz" },
    { BU_PNPM_9, "@s/a@git+ssh://git@git.example/u/a.git#1", "@s/a", "",
      "git+ssh://git@git.example/u/a.git#1" },
    { BU_PNPM_9, "a@1.0", "a", "", "1.0" },
    { BU_PNPM_9, "a", "", "", "a" },
    { BU_PNPM_9, "@s", "", "", "@s" },
};

START_TEST(a_key_says_name_and_version_or_a_place)
{
    bu_pnpm_key key = bu_pnpm_key_of(keys[_i].syntax, bu_bytes_of(keys[_i].key));
    ck_assert_msg(bu_bytes_is(key.name, keys[_i].name), "%s", keys[_i].key);
    ck_assert_msg(bu_bytes_is(key.version, keys[_i].version), "%s", keys[_i].key);
    ck_assert_msg(bu_bytes_is(key.place, keys[_i].place), "%s", keys[_i].key);
}
END_TEST

static const struct {
    bu_pnpm_syntax syntax;
    const char *name, *reference, *key;
} references[] = {
    { BU_PNPM_5, "a", "1.0.0_b@1.0.0", "/a/1.0.0_b@1.0.0" },
    { BU_PNPM_5, "x", "/a/1.0.0", "/a/1.0.0" },
    { BU_PNPM_5, "a", "file:a", "file:a" },
    { BU_PNPM_5, "a", "git.example/u/a/1", "git.example/u/a/1" },
    { BU_PNPM_6, "@s/a", "1.0.0(@s/b@1.0.0)", "/@s/a@1.0.0(@s/b@1.0.0)" },
    { BU_PNPM_6, "x", "/a@1.0.0(b@1.0.0)", "/a@1.0.0(b@1.0.0)" },
    { BU_PNPM_6, "a", "file:a.tgz", "file:a.tgz" },
    { BU_PNPM_9, "a", "1.0.0(b@1.0.0)", "a@1.0.0(b@1.0.0)" },
    { BU_PNPM_9, "x", "a@1.0.0(b@1.0.0)", "a@1.0.0(b@1.0.0)" },
    { BU_PNPM_9, "x", "@s/a@1.0.0", "@s/a@1.0.0" },
    { BU_PNPM_9, "a", "file:vendor/@x/a", "a@file:vendor/@x/a" },
    { BU_PNPM_9, "a", "git+ssh://git@git.example/a#1", "a@git+ssh://git@git.example/a#1" },
    { BU_PNPM_9, "a", "link:../a", "" },
};

START_TEST(a_reference_means_one_key)
{
    BU_CLEAR(bu_buf) key = { 0 };
    bu_buf_add_text(&key, "before");
    bu_pnpm_key_meant(references[_i].syntax, bu_bytes_of(references[_i].name),
                      bu_bytes_of(references[_i].reference), &key);
    ck_assert_msg(bu_bytes_is(bu_buf_bytes(&key), references[_i].key), "%.*s", (int)key.len,
                  (const char *)key.ptr);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_key_says_name_and_version_or_a_place, 0,
                        sizeof keys / sizeof keys[0]);
    tcase_add_loop_test(tc, a_reference_means_one_key, 0, sizeof references / sizeof references[0]);
}

int main(void)
{
    return unit_run("pnpm_key", add);
}
