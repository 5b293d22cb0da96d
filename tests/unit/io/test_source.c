/* SPDX-License-Identifier: MIT */
/* Sources: no digest before the end, and no more bytes than the limit. */
#include "suite.h"

#include "io/source.h"

START_TEST(no_digest_before_the_end)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_hasher_new(&hasher, &err), err);
    bu_memory_source memory = bu_memory_source_of(BULLA_LIT("abcdef"));
    bu_tap tap;
    unit_ok(bu_tap_init(&tap, &memory.base, hasher, BU_ALGS(BULLA_ALG_SHA256), &err), err);
    uint8_t buf[6];
    size_t n;
    unit_ok(bu_source_read(&tap.base, buf, sizeof buf, &n, &err), err);
    ck_assert_uint_eq(n, 6);
    bulla_digest_set set;
    unit_fails(bu_tap_finish(&tap, &set, &err), BULLA_E_INTERNAL,
               err); /* all bytes, but not the end */
    unit_ok(bu_source_read(&tap.base, buf, sizeof buf, &n, &err), err);
    ck_assert_uint_eq(n, 0);
    unit_ok(bu_tap_finish(&tap, &set, &err), err);
    bulla_digest whole;
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, BULLA_LIT("abcdef"), &whole, &err), err);
    ck_assert(bulla_digest_equal(&whole, &set.items[0]));
}
END_TEST

START_TEST(a_limit_is_a_limit)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    bu_memory_source six = bu_memory_source_of(BULLA_LIT("abcdef"));
    unit_ok(bu_source_slurp(&six.base, 6, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, "abcdef");
    bu_memory_source seven = bu_memory_source_of(BULLA_LIT("abcdefg"));
    unit_fails(bu_source_slurp(&seven.base, 6, &out, &err), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, no_digest_before_the_end);
    tcase_add_test(tc, a_limit_is_a_limit);
}

int main(void)
{
    return unit_run("source", add);
}
