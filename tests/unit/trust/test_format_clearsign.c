/* SPDX-License-Identifier: MIT */
/*
 * Clear-signed texts as a format: opened, or vouching for a file that they list by a digest that is
 * not broken.
 */
#include "openpgp.h"

static bulla_bytes text = { (const uint8_t *)"payload\n", 8 };

START_TEST(a_text_is_opened)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("bob.asc", "alice.asc");
    bulla_error err = { 0 };
    unit_ok(openpgp_verify(&run, &bu_format_clearsign, openpgp_file("by-alice.txt"), NULL, TEST_NOW,
                           &err),
            err);
    ck_assert(!run.vouched.by[0] && run.vouched.by[1]);
    ck_assert(bu_bytes_is(run.vouched.payload, "payload\n"));
    ck_assert(bu_bytes_is(run.vouched.payload_type, "text/plain"));
    ck_assert(bu_format_of(openpgp_file("by-alice.txt")) == &bu_format_clearsign);
}
END_TEST

static const struct {
    const char *document, *name, *content;
    bulla_code want;
} lists[] = {
    { "list.dsc", "message", "payload\n", BULLA_OK },
    { "list.dsc", "message", "paYload\n", BULLA_E_HASH_MISMATCH },
    { "list.dsc", "massage", "payload\n", BULLA_E_SUBJECT_MISMATCH },
    { "list.dsc", NULL, "payload\n", BULLA_E_SUBJECT_MISMATCH },
    { "weak.dsc", "message", "payload\n", BULLA_E_MISSING_HASH }, /* MD5 alone */
    { "InRelease", "message", "payload\n", BULLA_OK },            /* under one of two paths */
    { "InRelease", "message", "", BULLA_OK },
    { "InRelease", "message", "paYload\n", BULLA_E_HASH_MISMATCH },
    { "InRelease", "main/message", "payload\n", BULLA_E_SUBJECT_MISMATCH },
    { "chart.prov", "message", "payload\n", BULLA_OK },
    { "chart.prov", "message", "paYload\n", BULLA_E_HASH_MISMATCH },
    { "chart.prov", "massage", "payload\n", BULLA_E_SUBJECT_MISMATCH },
    { "by-alice.txt", "message", "payload\n", BULLA_E_BAD_SYNTAX }, /* lists nothing */
};

START_TEST(lists_vouch_for_what_they_name)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
    bulla_bytes content = bu_bytes_of(lists[_i].content);
    bu_message message = vouch_message(&content);
    message.name = lists[_i].name;
    bulla_error err = { 0 };
    bulla_status status = openpgp_verify(
        &run, &bu_format_clearsign, openpgp_file(lists[_i].document), &message, TEST_NOW, &err);
    if (lists[_i].want != BULLA_OK) {
        unit_fails(status, lists[_i].want, err);
        return;
    }
    unit_ok(status, err);
    ck_assert(run.vouched.by[0]);
    ck_assert_ptr_null(run.vouched.payload.ptr);
}
END_TEST

/* A list is worth nothing when somebody else signed it. */
START_TEST(a_stranger_lists_nothing)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("bob.asc", NULL);
    const bu_message message = vouch_message(&text);
    bulla_error err = { 0 };
    unit_fails(openpgp_verify(&run, &bu_format_clearsign, openpgp_file("list.dsc"), &message,
                              TEST_NOW, &err),
               BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(every_bit_counts)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
    bulla_bytes document = openpgp_file("by-alice.txt");
    uint8_t *bytes = (uint8_t *)(uintptr_t)document.ptr;
    for (size_t i = 0; i < 8 * document.len; i++) {
        bulla_error err = { 0 };
        uint8_t bit = (uint8_t)(1 << i % 8);
        bytes[i / 8] ^= bit;
        bulla_status status =
            openpgp_verify(&run, &bu_format_clearsign, document, NULL, TEST_NOW, &err);
        bytes[i / 8] ^= bit;
        /* The Hash header is not signed: SHA256 says as little as SHA512. */
        ck_assert_msg(!bulla_ok(status) || bu_bytes_is(run.vouched.payload, "payload\n"), "bit %zu",
                      i);
    }
}
END_TEST

START_TEST(it_says_whose_it_claims_to_be)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_description said = { .arena = arena };
    bulla_error err = { 0 };
    unit_ok(bu_format_clearsign.describe(openpgp_file("by-both.txt"), "a.asc", &said, &err), err);
    ck_assert_uint_eq(said.count, 10); /* two signatures */
}
END_TEST

START_TEST(no_memory_is_said)
{
    const bu_message message = vouch_message(&text);
    openpgp_without_memory(&bu_format_clearsign, openpgp_file("list.dsc"), &message);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_text_is_opened);
    tcase_add_loop_test(tc, lists_vouch_for_what_they_name, 0,
                        (int)(sizeof lists / sizeof lists[0]));
    tcase_add_test(tc, a_stranger_lists_nothing);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_test(tc, it_says_whose_it_claims_to_be);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("trust/format_clearsign", add);
}
