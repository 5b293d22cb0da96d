/* SPDX-License-Identifier: MIT */
/* Names that write outside their folder, hide something, or are one name on some file systems. */
#include "suite.h"

#include "archive/member_path.h"
#include "base/limits.h"
#include "build.h"

static const struct {
    bulla_bytes name;
    bulla_code want;
    const char *path;
} names[] = {
    { BUILD_BYTES("package/index.js"), BULLA_OK, "package/index.js" },
    { BUILD_BYTES("./control"), BULLA_OK, "control" },
    { BUILD_BYTES("./"), BULLA_OK, "." },
    { BUILD_BYTES("package/./dist/index.js"), BULLA_OK, "package/dist/index.js" },
    { BUILD_BYTES("package/lib/"), BULLA_OK, "package/lib" },
    { BUILD_BYTES("..."), BULLA_OK, "..." },
    { BUILD_BYTES("a..b/.c"), BULLA_OK, "a..b/.c" },
    { BUILD_BYTES("a:b"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("1:b"), BULLA_OK, "1:b" },
    { BUILD_BYTES("na\xC3\xAFve"), BULLA_OK, "na\xC3\xAFve" },
    { BUILD_BYTES("/etc/passwd"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("//a"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES(".."), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("../a"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("a/../b"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("a/.."), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("a\\..\\b"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("\\\\host\\share"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("C:evil"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES("package/c:/evil"), BULLA_E_PATH_TRAVERSAL, NULL },
    { BUILD_BYTES(""), BULLA_E_BAD_NAME, NULL },
    { BUILD_BYTES("a//b"), BULLA_E_BAD_NAME, NULL },
    { BUILD_BYTES("a//"), BULLA_E_BAD_NAME, NULL },
    { BUILD_BYTES("a\0b"), BULLA_E_CONTROL_CHARACTER, NULL },
    { BUILD_BYTES("a\nb"), BULLA_E_CONTROL_CHARACTER, NULL },
    { BUILD_BYTES("a\x7F"), BULLA_E_CONTROL_CHARACTER, NULL },
    { BUILD_BYTES("a\xE2\x80\xAEgpj.exe"), BULLA_E_CONTROL_CHARACTER, NULL }, /* U+202E, bidi */
    { BUILD_BYTES("a\xE2\x80\x8B"), BULLA_E_CONTROL_CHARACTER, NULL },        /* zero width */
    { BUILD_BYTES("a\xFF"), BULLA_E_BAD_ENCODING, NULL },
    { BUILD_BYTES("a\xC0\xAF"), BULLA_E_BAD_ENCODING, NULL }, /* a slash, overlong */
    { BUILD_BYTES("a\xED\xA0\x80"), BULLA_E_BAD_ENCODING, NULL },
};

START_TEST(names_are_judged)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes path = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_member_path(names[_i].name, arena, &path, &err);
    ck_assert_msg(status.code == names[_i].want, "%s: %s", names[_i].name.ptr,
                  bulla_code_name(status.code));
    if (bulla_ok(status))
        ck_assert(bu_bytes_is(path, names[_i].path));
}
END_TEST

START_TEST(long_names_are_limited)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) name = { 0 };
    bulla_bytes path;
    bulla_error err = { 0 };
    for (size_t i = 0; i < BU_LIMIT_NAME_BYTES / 2; i++)
        bu_buf_add_text(&name, "a/");
    unit_ok(bu_member_path(bu_buf_bytes(&name), arena, &path, &err), err);
    bu_buf_add_text(&name, "a");
    unit_fails(bu_member_path(bu_buf_bytes(&name), arena, &path, &err), BULLA_E_BAD_NAME, err);
}
END_TEST

static const struct {
    const char *path, *target;
    bulla_code want;
    const char *leads_to;
} links[] = {
    { "p/a", "b", BULLA_OK, "p/b" },
    { "p/a", "./b/c", BULLA_OK, "p/b/c" },
    { "p/x/a", "../b", BULLA_OK, "p/b" },
    { "p/x/y/a", "../../b/../c", BULLA_OK, "p/c" },
    { "a", "b", BULLA_OK, "b" },
    { "p/x/a", "..", BULLA_OK, "p" },
    { "a", "../b", BULLA_E_LINK_ESCAPE, NULL },
    { "a", "b/../../c", BULLA_E_LINK_ESCAPE, NULL },
    { "p/a", "../b", BULLA_E_LINK_ESCAPE, NULL }, /* out of the folder that npm strips */
    { "p/a", "../p/b", BULLA_E_LINK_ESCAPE, NULL },
    { "p/x/a", "../../b", BULLA_E_LINK_ESCAPE, NULL },
    { "p/a", "/etc/passwd", BULLA_E_LINK_ESCAPE, NULL },
    { "p/a", "..\\..\\b", BULLA_E_LINK_ESCAPE, NULL },
    { "p/a", "C:b", BULLA_E_LINK_ESCAPE, NULL },
    { "p/a", "", BULLA_E_BAD_LINK, NULL },
    { "p/a", "a", BULLA_E_BAD_LINK, NULL },
    { "p/a", "b/../a", BULLA_E_BAD_LINK, NULL },
    { "p/a", "b\nc", BULLA_E_CONTROL_CHARACTER, NULL },
    { "p/a", "b\xFF", BULLA_E_BAD_ENCODING, NULL },
    { "p/a", "b//c", BULLA_E_BAD_NAME, NULL },
};

START_TEST(links_stay_in_their_tree)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes to = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_member_link(bu_bytes_of(links[_i].path), bu_bytes_of(links[_i].target),
                                         arena, &to, &err);
    ck_assert_msg(status.code == links[_i].want, "%s -> %s: %s", links[_i].path, links[_i].target,
                  bulla_code_name(status.code));
    if (bulla_ok(status))
        ck_assert(bu_bytes_is(to, links[_i].leads_to));
}
END_TEST

START_TEST(hard_links_are_named_from_the_root)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes to;
    bulla_error err = { 0 };
    unit_ok(bu_member_hardlink(BULLA_LIT("./p/a"), arena, &to, &err), err);
    ck_assert(bu_bytes_is(to, "p/a"));
    unit_fails(bu_member_hardlink(BULLA_LIT("p/../a"), arena, &to, &err), BULLA_E_LINK_ESCAPE, err);
    unit_fails(bu_member_hardlink(BULLA_LIT("/a"), arena, &to, &err), BULLA_E_LINK_ESCAPE, err);
    unit_fails(bu_member_hardlink(BULLA_LIT(""), arena, &to, &err), BULLA_E_BAD_LINK, err);
}
END_TEST

static const struct {
    const char *a, *b;
    bool same;
} keys[] = {
    { "README", "readme", true },
    { "a/B", "A/b", true },
    { "a", "b", false },
    { "a/b", "a\\b", false },
    { "caf\xC3\xA9", "cafe\xCC\x81", true },             /* composed, decomposed */
    { "\xC3\x89t\xC3\xA9", "e\xCC\x81T\xC3\x89", true }, /* and another case */
    { "stra\xC3\x9F"
      "e",
      "STRASSE", true },              /* sharp s */
    { "\xE2\x84\xAA", "k", true },    /* Kelvin sign */
    { "\xCE\xA3", "\xCF\x82", true }, /* final sigma */
    { "\xEF\xAC\x81", "fi", true },   /* ligature */
    { "\xE2\x91\xA0", "1", false },   /* a circled one stays another name */
};

START_TEST(names_that_are_one_somewhere_have_one_key)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_bytes a, b;
    bulla_error err = { 0 };
    unit_ok(bu_member_key(bu_bytes_of(keys[_i].a), arena, &a, &err), err);
    unit_ok(bu_member_key(bu_bytes_of(keys[_i].b), arena, &b, &err), err);
    ck_assert_msg(bu_bytes_equal(a, b) == keys[_i].same, "%s, %s", keys[_i].a, keys[_i].b);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, names_are_judged, 0, sizeof names / sizeof names[0]);
    tcase_add_test(tc, long_names_are_limited);
    tcase_add_loop_test(tc, links_stay_in_their_tree, 0, sizeof links / sizeof links[0]);
    tcase_add_test(tc, hard_links_are_named_from_the_root);
    tcase_add_loop_test(tc, names_that_are_one_somewhere_have_one_key, 0,
                        sizeof keys / sizeof keys[0]);
}

int main(void)
{
    return unit_run("archive/member_path", add);
}
