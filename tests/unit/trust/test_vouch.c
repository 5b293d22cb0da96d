/* SPDX-License-Identifier: MIT */
/*
 * Who vouched, and when: the stamp of one signer may not date what another one signed beside it,
 * and an authority of others may not tell the time.
 */
#include "build.h"
#include "trust/open.h"
#include "trust/trust_toml.h"

/** What each signer's stamp proves, in order; 0: none; -1 ends a case. */
static const struct {
    int64_t times[4];
    bool has_time;
    int64_t time;
} cases[] = {
    { { 5, -1 }, true, 5 },        { { 0, -1 }, false, 0 },    { { 5, 9, -1 }, true, 9 },
    { { 9, 5, -1 }, true, 9 },     { { 5, 0, -1 }, false, 0 }, { { 0, 5, -1 }, false, 0 },
    { { 5, 0, 9, -1 }, false, 0 },
};

START_TEST(all_have_signed_by_the_latest_stamp)
{
    bu_vouched vouched = { 0 };
    for (size_t i = 0; cases[_i].times[i] >= 0; i++)
        bu_vouched_add_time(&vouched, cases[_i].times[i] > 0, cases[_i].times[i]);
    ck_assert_int_eq(vouched.has_time, cases[_i].has_time);
    if (vouched.has_time)
        ck_assert_int_eq(vouched.time, cases[_i].time);
}
END_TEST

START_TEST(what_is_of_a_vendor_tells_no_time)
{
    const char *text = test_text(
        "schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n[[person.key]]\npublic = "
        "\"\"\"\n%s\"\"\"\n[[vendor]]\nid = \"acme\"\n[[vendor.key]]\npublic = \"\"\"\n%s\"\"\"\n",
        test_pem(test_key(BULLA_KEY_ED25519)), test_pem(test_key(BULLA_KEY_ED25519)));
    bulla_error err = { 0 };
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_status status = bu_store_new(&trust, &err);
    unit_ok(status, err);
    status = bu_trust_toml_read(bu_bytes_of(text), trust, &err);
    unit_ok(status, err);
    status = bu_anchors_start(&anchors, &err);
    unit_ok(status, err);
    status = bu_trust_anchors(trust, &anchors, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(anchors.count, 2);
    ck_assert(!anchors.items[0].tells_no_time);
    ck_assert(anchors.items[1].tells_no_time);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, all_have_signed_by_the_latest_stamp, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, what_is_of_a_vendor_tells_no_time);
}

int main(void)
{
    return unit_run("trust/vouch", add);
}
