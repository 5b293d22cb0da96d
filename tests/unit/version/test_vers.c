/* SPDX-License-Identifier: MIT */
/*
 * vers: one text for one range, what it holds, and texts that are no valid
 * vers, refused at their place.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "bulla/version.h"

static const struct {
    const char *text, *canonical;
} accepted[] = {
    { "vers:npm/*", "vers:npm/*" },
    { "vers:npm/1.0.0", "vers:npm/1.0.0" },
    { "vers:npm/>=1.0.0|<2.0.0", "vers:npm/>=1.0.0|<2.0.0" },
    { "vers:npm/1.0.0|!=1.1.0|1.2.0|>=2.0.0|!=2.5.0|<3.0.0|>4.0.0",
      "vers:npm/1.0.0|!=1.1.0|1.2.0|>=2.0.0|!=2.5.0|<3.0.0|>4.0.0" },
    { "vers:npm/<1.0.0|1.5.0|>=2.0.0", "vers:npm/<1.0.0|1.5.0|>=2.0.0" },
    { "vers:npm/%31.0.0", "vers:npm/1.0.0" },
    { "vers:generic/a%20b", "vers:generic/a%20b" },
    { "vers:generic/%3c%3E%3D%21%2a%7c%25", "vers:generic/%3C%3E%3D%21%2A%7C%25" },
    { "vers:generic/a%2531", "vers:generic/a%2531" }, /* decoded once */
    { "vers:lexicographic/%C3%A9", "vers:lexicographic/%C3%A9" },
    { "vers:pypi/3|1|>=2|1", "vers:pypi/1|1|>=2|3" }, /* as its definition has them */
    { "vers:datetime/2024-01-01T00:00:00Z", "vers:datetime/2024-01-01T00:00:00Z" },
    { "vers:all/*", "vers:all/*" },
    { "vers:none/*", "vers:none/*" },
    { "vers:example/2|1", "vers:example/2|1" }, /* no order is known */
    { "vers:no-such.type2/>=1|<2", "vers:no-such.type2/>=1|<2" },
};

START_TEST(a_range_has_one_text)
{
    bulla_buffer once = { 0 }, twice = { 0 };
    bulla_error err = { 0 };
    unit_ok(bulla_vers_canonical(bu_bytes_of(accepted[_i].text), &once, &err), err);
    ck_assert_str_eq((const char *)once.ptr, accepted[_i].canonical);
    unit_ok(bulla_vers_canonical((bulla_bytes){ once.ptr, once.len }, &twice, &err), err);
    ck_assert_str_eq((const char *)twice.ptr, accepted[_i].canonical);
    bulla_buffer_free(&once);
    bulla_buffer_free(&twice);
}
END_TEST

static const struct {
    const char *text;
    uint64_t offset;
} refused[] = {
    { "", 0 },
    { "vers", 0 },
    { "vers:", 5 },
    { "VERS:npm/1", 0 },
    { "pkg:npm/1", 0 },
    { "vers:NPM/1", 5 },
    { "vers:n%70m/1", 5 },
    { "vers:1npm/1", 5 },
    { "vers:/1", 5 },
    { "vers:npm", 5 },
    { "vers:invalid/1", 5 },
    { "vers:npm/", 9 },
    { "vers:npm/ 1", 9 },
    { "vers:npm/>=1|\t<2", 13 },
    { "vers:npm/1\n", 10 },
    { "vers:npm/1.0\xC3\xA9", 12 },
    { "vers:npm/|1", 9 },
    { "vers:npm/1|", 11 },
    { "vers:npm/1||2", 11 },
    { "vers:npm/=1", 9 },
    { "vers:npm/==1", 9 },
    { "vers:npm/>=", 11 },
    { "vers:npm/<>1", 10 },
    { "vers:npm/**", 9 },
    { "vers:npm/*|1", 9 },
    { "vers:npm/1|*", 11 },
    { "vers:npm/1%", 10 },
    { "vers:npm/1%4", 10 },
    { "vers:npm/1%4|2", 10 },
    { "vers:npm/1%zz", 10 },
    { "vers:npm/1%09", 10 },
    { "vers:npm/1%00", 10 },
    { "vers:npm/latest", 9 },
    { "vers:deb/>=1_0", 11 },
    { "vers:datetime/2024-01-01T00%3A00%3A00Z", 27 },
    { "vers:datetime/2024-01-01t00:00:00Z", 24 },
    { "vers:all/1", 9 },
    { "vers:none/>1", 10 },
    /* out of order, twice, or saying nothing new */
    { "vers:npm/>=2.0.0|<1.0.0", 17 },
    { "vers:npm/2.0.0|1.0.0", 15 },
    { "vers:npm/1.0.0|1.0.0", 15 },
    { "vers:npm/1.0.0|!=1.0", 15 },
    { "vers:npm/>=1.0.0|<1.0.0", 17 },
    { "vers:npm/>1.0.0|>=2.0.0", 16 },
    { "vers:npm/<1.0.0|<=2.0.0", 16 },
    { "vers:npm/<1.0.0|1.5.0|<=2.0.0", 22 },
    { "vers:npm/1.0.0|!=1.5.0|<2.0.0", 23 },
};

START_TEST(a_text_that_is_no_vers_is_refused_at_its_place)
{
    bulla_buffer out = { 0 };
    bulla_error err = { 0 };
    unit_fails(bulla_vers_canonical(bu_bytes_of(refused[_i].text), &out, &err), BULLA_E_BAD_SYNTAX,
               err);
    ck_assert_uint_eq(err.offset, refused[_i].offset);
    ck_assert_ptr_null(out.ptr);
}
END_TEST

static const struct {
    const char *vers, *in, *out; /* versions, parted by blanks */
} held[] = {
    { "vers:npm/*", "0.0.0 1.0.0 99.0.0-pre", "" },
    { "vers:all/*", "anything", "" },
    { "vers:none/*", "", "1.0.0" },
    { "vers:example/*", "1", "" },
    { "vers:example/>=2|1|!=3", "2 1", "3" }, /* no order, but the same texts */
    { "vers:npm/1.2.3", "1.2.3 v1.2.3 1.2.3+b", "1.2.2 1.2.4 1.2.3-pre" },
    { "vers:npm/>1.0.0", "1.0.1 2.0.0", "1.0.0 0.9.0" },
    { "vers:npm/>=1.0.0", "1.0.0 2.0.0", "1.0.0-rc.1" },
    { "vers:npm/<1.0.0", "0.9.0 1.0.0-rc.1", "1.0.0 1.0.1" },
    { "vers:npm/<=1.0.0", "1.0.0 0.1.0", "1.0.1" },
    { "vers:npm/>=1.0.0|<2.0.0", "1.0.0 1.9.9", "0.9.9 2.0.0 3.0.0" },
    { "vers:npm/<1.0.0|>=2.0.0|<3.0.0|>4.0.0", "0.1.0 2.0.0 2.9.0 5.0.0",
      "1.0.0 1.5.0 3.0.0 3.5.0 4.0.0" },
    { "vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.4.0 1.6.0", "1.5.0" },
    { "vers:npm/<1.0.0|1.5.0|>2.0.0", "0.1.0 1.5.0 2.1.0", "1.0.0 1.4.0 1.6.0 2.0.0" },
    { "vers:npm/!=1.0.0", "0.9.0 1.1.0", "1.0.0" },
    { "vers:npm/!=1.0.0|!=2.0.0", "0.9.0 1.1.0", "1.0.0 2.0.0" },
    { "vers:npm/1.0.0|!=2.0.0", "1.0.0", "2.0.0 3.0.0" },
    /* what from_native may leave: several bounds in one direction, a version twice */
    { "vers:npm/<1.0.0|<2.0.0|<3.0.0", "0.1.0 1.0.0 1.5.0 2.9.0", "3.0.0 4.0.0" },
    { "vers:npm/>1.0.0|>=2.0.0", "1.5.0 2.0.0 3.0.0", "1.0.0 0.9.0" },
    { "vers:npm/<1.5.0|>=1.5.0", "1.0.0 1.5.0 2.0.0", "" },
    { "vers:npm/<1.5.0|>1.5.0", "1.0.0 2.0.0", "1.5.0" },
    { "vers:npm/>=1.0.0|<2.0.0|<2.0.0|>=3.0.0", "1.0.0 3.0.0", "2.0.0 2.5.0" },
    { "vers:pypi/0.0.2|0.0.6|>=3.0.0|0.0.1", "0.0.1 0.0.6.0 3.1", "2.0.3 0.0.3" },
    { "vers:pypi/>=1.0|<2.0", "1.0.post1 2.0rc1", "1.0rc1 2.0" },
    { "vers:deb/>=1.0|<1:1.0", "1.0 9 0:9-1", "1.0~rc1 1:1.0" },
    { "vers:openssl/>=1.0.2|<1.0.2zb", "1.0.2a 1.0.2za", "1.0.2zb 1.0.1z 3.0.0" },
    { "vers:maven/>=1.0|<=2.0", "1 1.5-SNAPSHOT 2.0.0", "1.0-rc1 2.0-sp" },
};

static void check_held(bulla_bytes vers, const char *versions, bool want)
{
    bulla_bytes rest = bu_bytes_of(versions);
    while (rest.len > 0) {
        size_t end = bu_bytes_find(rest, ' ');
        bulla_bytes version = bu_bytes_first(rest, end);
        bool is_in = !want;
        bulla_error err = { 0 };
        unit_ok(bulla_vers_contains(vers, version, &is_in, &err), err);
        ck_assert_msg(is_in == want, "%.*s is %s %s", (int)version.len, (const char *)version.ptr,
                      is_in ? "in" : "not in", (const char *)vers.ptr);
        rest = bu_bytes_from(rest, end + 1);
    }
}

START_TEST(a_range_holds_what_it_says)
{
    check_held(bu_bytes_of(held[_i].vers), held[_i].in, true);
    check_held(bu_bytes_of(held[_i].vers), held[_i].out, false);
}
END_TEST

START_TEST(what_cannot_be_judged_is_never_in)
{
    bool is_in = true;
    bulla_error err = { 0 };
    unit_fails(bulla_vers_contains(BULLA_LIT("vers:example/>1"), BULLA_LIT("2"), &is_in, &err),
               BULLA_E_UNSUPPORTED_FEATURE, err);
    ck_assert(!is_in);
    is_in = true;
    unit_fails(bulla_vers_contains(BULLA_LIT("vers:npm/*"), BULLA_LIT("latest"), &is_in, &err),
               BULLA_E_BAD_SYNTAX, err);
    ck_assert(!is_in);
    is_in = true;
    unit_fails(bulla_vers_contains(BULLA_LIT("vers:npm/>=2|<1"), BULLA_LIT("3.0.0"), &is_in, &err),
               BULLA_E_BAD_SYNTAX, err);
    ck_assert_uint_eq(err.offset, 13);
    ck_assert(!is_in);
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer out = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_vers_canonical(
            BULLA_LIT("vers:pypi/9|8|7|6|5|4|3|2|1|>=10|<11|>12|<13|>14|<15|>16|<17"), &out, &err);
        bool was_hit = alloc_fail_off();
        bulla_buffer_free(&out);
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_range_has_one_text, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tc, a_text_that_is_no_vers_is_refused_at_its_place, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, a_range_holds_what_it_says, 0, sizeof held / sizeof held[0]);
    tcase_add_test(tc, what_cannot_be_judged_is_never_in);
    tcase_add_test(tc, memory_that_is_not_there_is_told);
}

int main(void)
{
    return unit_run("vers", add);
}
