/* SPDX-License-Identifier: MIT */
/*
 * Detached OpenPGP signatures as a format: by the certificates that may vouch, over the message
 * itself, in their time.
 */
#include "openpgp.h"

static bulla_bytes text = { (const uint8_t *)"payload\n", 8 };

/* What a file may be refused for, told by its first bytes. */
static const struct {
    const char *file;
    bool is;
} looks[] = { { "by-alice.asc", true },
              { "by-both.sig", true },
              { "by-alice.txt", false },
              { "make", false },
              { "alice.asc", true /* to be refused by name */ } };

START_TEST(files_are_told_by_their_look)
{
    const bu_format *format = bu_format_of(openpgp_file(looks[_i].file));
    ck_assert(format != NULL);
    ck_assert_int_eq(format == &bu_format_openpgp, looks[_i].is);
}
END_TEST

static const struct {
    const char *first, *second, *signature;
    bulla_code want;
    bool by[2];
} cases[] = {
    { "alice.asc", NULL, "by-alice.asc", BULLA_OK, { true } },
    { "bob.asc", NULL, "by-alice.asc", BULLA_E_UNTRUSTED_KEY, { false } },
    { "bob.asc", "alice.asc", "by-alice.asc", BULLA_OK, { false, true } },
    { "bob.asc", "alice.asc", "by-both.sig", BULLA_OK, { true, true } },
    { "bob.asc", NULL, "by-both.sig", BULLA_OK, { true } },
    { NULL, NULL, "by-both.sig", BULLA_E_UNTRUSTED_KEY, { false } },
    { "alice.asc", NULL, "by-alice.txt", BULLA_E_BAD_SYNTAX, { false } },
    { "alice.asc", NULL, "alice.asc", BULLA_E_BAD_SYNTAX, { false } },
};

START_TEST(anchors_vouch_for_a_message)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of(cases[_i].first, cases[_i].second);
    const bu_message message = vouch_message(&text);
    bulla_error err = { 0 };
    bulla_status status = openpgp_verify(
        &run, &bu_format_openpgp, openpgp_file(cases[_i].signature), &message, TEST_NOW, &err);
    if (cases[_i].want != BULLA_OK) {
        unit_fails(status, cases[_i].want, err);
        return;
    }
    unit_ok(status, err);
    for (size_t i = 0; i < run.anchors.count; i++)
        ck_assert_int_eq(run.vouched.by[i], cases[_i].by[i]);
    ck_assert_ptr_null(run.vouched.payload.ptr); /* the message itself is what was signed */
}
END_TEST

START_TEST(a_changed_message_is_refused)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
    bulla_bytes other = BULLA_LIT("paYload\n");
    const bu_message message = vouch_message(&other);
    bulla_error err = { 0 };
    unit_fails(openpgp_verify(&run, &bu_format_openpgp, openpgp_file("by-alice.asc"), &message,
                              TEST_NOW, &err),
               BULLA_E_BAD_SIGNATURE, err);
    unit_fails(openpgp_verify(&run, &bu_format_openpgp, openpgp_file("by-alice.asc"), NULL,
                              TEST_NOW, &err),
               BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

/* Each bit of the armor: headers, line ends, base64, checksum, dashes. */
START_TEST(every_bit_counts)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
    const bu_message message = vouch_message(&text);
    bulla_bytes signature = openpgp_file("by-alice.asc");
    uint8_t *bytes = (uint8_t *)(uintptr_t)signature.ptr;
    for (size_t i = 0; i < 8 * signature.len; i++) {
        bulla_error err = { 0 };
        uint8_t bit = (uint8_t)(1 << i % 8);
        bytes[i / 8] ^= bit;
        bulla_status status =
            openpgp_verify(&run, &bu_format_openpgp, signature, &message, TEST_NOW, &err);
        bytes[i / 8] ^= bit;
        ck_assert_msg(!bulla_ok(status), "bit %zu", i);
        ck_assert_msg(err.text[0] != '\0', "bit %zu", i);
    }
}
END_TEST

START_TEST(an_anchor_counts_in_its_time)
{
    BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
    const bu_message message = vouch_message(&text);
    bulla_error err = { 0 };
    run.anchors.items[0].until = TEST_NOW - 1;
    unit_fails(openpgp_verify(&run, &bu_format_openpgp, openpgp_file("by-alice.asc"), &message,
                              TEST_NOW, &err),
               BULLA_E_UNTRUSTED_KEY, err);
    unit_fails(openpgp_verify(&run, &bu_format_openpgp, openpgp_file("by-alice.asc"), &message,
                              INT64_C(1780000000), &err),
               BULLA_E_BAD_TIME, err); /* made after that */
}
END_TEST

START_TEST(it_says_whose_it_claims_to_be)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_description said = { .arena = arena };
    bulla_error err = { 0 };
    BU_CLEAR(openpgp_run) run = openpgp_run_of("alice.asc", NULL);
    unit_ok(bu_format_openpgp.describe(openpgp_file("by-alice.asc"), "a.asc", &said, &err), err);
    ck_assert_uint_eq(said.count, 5);
    ck_assert_str_eq(said.items[1].label, "fingerprint");
    ck_assert(bu_bytes_is(said.items[1].text, run.anchors.items[0].who));
    ck_assert(bu_bytes_is(said.items[4].text, "2026-06-01T00:00:00Z"));
}
END_TEST

START_TEST(no_memory_is_said)
{
    const bu_message message = vouch_message(&text);
    openpgp_without_memory(&bu_format_openpgp, openpgp_file("by-alice.asc"), &message);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, files_are_told_by_their_look, 0, (int)(sizeof looks / sizeof looks[0]));
    tcase_add_loop_test(tc, anchors_vouch_for_a_message, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, a_changed_message_is_refused);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_test(tc, an_anchor_counts_in_its_time);
    tcase_add_test(tc, it_says_whose_it_claims_to_be);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("trust/format_openpgp", add);
}
