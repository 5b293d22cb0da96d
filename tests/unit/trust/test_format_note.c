/* SPDX-License-Identifier: MIT */
/* Notes as a signature format: verifier keys (form "vkey") open them, in their time, and nothing else does. */
#include "log.h"

#include "alloc_fail.h"

#define TREE "example.com/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static bulla_status verify(test_check *t, const bu_buf *note, bu_vouched *out, bulla_error *err)
{
    t->check.content = bu_buf_bytes(note);
    ck_assert_ptr_eq(bu_format_of(t->check.content), &bu_format_note);
    return bu_format_note.verify(&t->check, out, err);
}

START_TEST(opens)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) b = note_signer_new("b", BU_NOTE_ECDSA);
    BU_CLEAR(bu_buf) note = { 0 };
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    note_add("a text\n", (const note_signer *[]){ &b }, 1, &note);
    test_check_start(&t, test_text("%s\n\n%s\n", a.vkey, b.vkey), NULL);
    ck_assert_uint_eq(t.anchors.count, 2);
    ck_assert_str_eq(t.anchors.items[1].name, "b");
    unit_ok(verify(&t, &note, &out, &err), err);
    ck_assert(!out.by[0] && out.by[1] && !out.has_time);
    ck_assert(bu_bytes_is(out.payload, "a text\n"));
    ck_assert(bu_bytes_is(out.payload_type, "text/plain"));
}
END_TEST

START_TEST(signs_no_file)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) note = { 0 };
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    note_add("a text\n", (const note_signer *[]){ &a }, 1, &note);
    test_check_start(&t, a.vkey, "a text\n");
    unit_fails(verify(&t, &note, &out, &err), BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

START_TEST(strangers)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) b = note_signer_new("b", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) note = { 0 };
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    note_add("a text\n", (const note_signer *[]){ &a }, 1, &note);
    test_check_start(&t, b.vkey, NULL);
    unit_fails(verify(&t, &note, &out, &err), BULLA_E_UNTRUSTED_KEY, err);
    ck_assert_str_eq(err.file, "f");
    test_check_clear(&t);
    /* The same key without its name is no verifier key. */
    test_check_start(&t, test_pem(a.key), NULL);
    unit_fails(verify(&t, &note, &out, &err), BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

/* A key counts in its time: that of its own cosignature, or now. */
static const struct {
    bu_note_type type;
    int64_t from, until;
    bulla_code want;
} times[] = {
    { BU_NOTE_ED25519, TEST_NOW, TEST_NOW, BULLA_OK },
    { BU_NOTE_ED25519, INT64_MIN, TEST_NOW - 1, BULLA_E_EXPIRED },
    { BU_NOTE_ED25519, TEST_NOW + 1, INT64_MAX, BULLA_E_EXPIRED },
    { BU_NOTE_COSIGNATURE, 1700000000, 1700000000, BULLA_OK },
    { BU_NOTE_COSIGNATURE, 1700000001, INT64_MAX, BULLA_E_EXPIRED },
    { BU_NOTE_COSIGNATURE, INT64_MIN, 1699999999, BULLA_E_EXPIRED },
};

START_TEST(keys_have_their_time)
{
    BU_CLEAR(note_signer) a = note_signer_new("example.com/log", times[_i].type);
    BU_CLEAR(bu_buf) note = { 0 };
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    note_add(TREE, (const note_signer *[]){ &a }, 1, &note);
    test_check_start(&t, a.vkey, NULL);
    t.anchors.items[0].from = times[_i].from;
    t.anchors.items[0].until = times[_i].until;
    bulla_status status = verify(&t, &note, &out, &err);
    ck_assert_msg(status.code == times[_i].want, "case %d: %s", _i, err.text);
    ck_assert_int_eq(out.has_time, times[_i].type == BU_NOTE_COSIGNATURE);
    if (out.has_time)
        ck_assert_int_eq(out.time, 1700000000);
}
END_TEST

START_TEST(cosigned_in_the_future)
{
    BU_CLEAR(note_signer) a = note_signer_new("w", BU_NOTE_COSIGNATURE);
    BU_CLEAR(bu_buf) note = { 0 };
    BU_CLEAR(test_check) t = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    bu_buf_add_text(&note, TREE "\n");
    note_add_line(&a, BULLA_LIT(TREE), TEST_NOW + 301, &note);
    test_check_start(&t, a.vkey, NULL);
    unit_fails(verify(&t, &note, &out, &err), BULLA_E_BAD_TIME, err);
    t.check.now++;
    unit_ok(verify(&t, &note, &out, &err), err);
}
END_TEST

/* A file of verifier keys, the second of which is wrong. */
START_TEST(form_of_keys)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(note_signer) b = note_signer_new("b", BU_NOTE_ED25519);
    bu_anchors anchors;
    bulla_error err = { 0 };
    unit_ok(bu_anchors_start(&anchors, &err), err);
    b.vkey[0] = 'c';
    char *text = test_text("%s\n%s\n", a.vkey, b.vkey);
    unit_fails(bu_anchors_read(bu_bytes_of(text), "keys", &anchors, &err), BULLA_E_BAD_KEY, err);
    ck_assert_str_eq(err.file, "keys");
    ck_assert_uint_eq(err.line, 2);
    ck_assert(!bu_form_vkey.is(BULLA_LIT("a+b\nc+00000000+AAAA")));
    ck_assert(!bu_form_vkey.is(BULLA_LIT("a+0000000g+AAAA")));
    bu_anchors_clear(&anchors);
}
END_TEST

START_TEST(says_what_it_claims)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_ED25519);
    BU_CLEAR(bu_buf) note = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_description out = { .arena = arena };
    bulla_error err = { 0 };
    note_add(TREE, (const note_signer *[]){ &a }, 1, &note);
    unit_ok(bu_format_note.describe(bu_buf_bytes(&note), "f", &out, &err), err);
    ck_assert_str_eq(test_described(&out, "log"), "example.com/log");
    ck_assert_str_eq(test_described(&out, "tree size"), "7");
    ck_assert_str_eq(test_described(&out, "signer"), "a");
    unit_fails(bu_format_note.describe(BULLA_LIT("x\n\n\xE2\x80\x94 y\n"), "f", &out, &err),
               BULLA_E_BAD_SYNTAX, err);
}
END_TEST

/* Texts that are given as artifacts are no notes for ending in a dash. */
static const struct {
    const char *text;
    bool is, carries;
} texts[] = {
    { "a\n\n\xE2\x80\x94 n AAAAAAA=\n", true, true },
    { "a\n\n\xE2\x80\x94 Oscar Wilde\n", true, false },
    { "a\n\n\xE2\x80\x94 n AAAAAAA=\nb\n", false, false },
    { "a\n\xE2\x80\x94 n AAAAAAA=\n", false, false },
    { "a\n\n", false, false },
    { "\n", false, false },
    { "", false, false },
};

START_TEST(notes_are_told_from_texts)
{
    bulla_bytes text = bu_bytes_of(texts[_i].text);
    ck_assert_int_eq(bu_format_note.is(text), texts[_i].is);
    ck_assert_int_eq(bu_format_note.carries(text), texts[_i].carries);
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_CLEAR(note_signer) a = note_signer_new("a", BU_NOTE_COSIGNATURE);
    BU_CLEAR(bu_buf) note = { 0 };
    note_add(TREE, (const note_signer *[]){ &a }, 1, &note);
    for (size_t n = 0;; n++) {
        BU_CLEAR(test_check) t = { 0 };
        bu_vouched out = { 0 };
        bulla_error err = { 0 };
        test_check_start(&t, NULL, NULL);
        t.check.content = bu_buf_bytes(&note);
        alloc_fail_at(n);
        bulla_status status = bu_anchors_read(bu_bytes_of(a.vkey), "k", &t.anchors, &err);
        if (bulla_ok(status))
            status = bu_format_note.verify(&t.check, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, opens);
    tcase_add_test(tc, signs_no_file);
    tcase_add_test(tc, strangers);
    tcase_add_loop_test(tc, keys_have_their_time, 0, sizeof times / sizeof times[0]);
    tcase_add_test(tc, cosigned_in_the_future);
    tcase_add_test(tc, form_of_keys);
    tcase_add_test(tc, says_what_it_claims);
    tcase_add_loop_test(tc, notes_are_told_from_texts, 0, sizeof texts / sizeof texts[0]);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("trust/format_note", add);
}
