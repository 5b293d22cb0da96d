/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's signatures as a format, and lists of allowed signers: a key counts that is on the list,
 * for files, and while the list says so.
 */
#include "base/encode.h"
#include "formats.h"
#include "signature/sshsig.h"

typedef struct world {
    bulla_secret_key *signer;
    bu_anchors anchors;
    bu_arena *arena;
    bu_buf signature;
} world;

static const bulla_key_kind kinds[] = { BULLA_KEY_ED25519, BULLA_KEY_ECDSA_P256 };
static bulla_bytes text = { (const uint8_t *)"what is signed", 14 };

/* TYPE BASE64 */
static const char *line_of(const bulla_secret_key *key)
{
    BU_CLEAR(bu_buf) base64 = { 0 };
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_ssh_public) read = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_ssh_public_write(bu_secret_key_public(key), &blob, &err);
    unit_ok(status, err);
    status = bu_ssh_public_read(bu_buf_bytes(&blob), &read, &err);
    unit_ok(status, err);
    bu_base64_encode(bu_buf_bytes(&blob), &base64);
    return test_text("%s %s", read.name, (const char *)base64.ptr);
}

static bu_buf signature_for(const bulla_secret_key *key, const char *space)
{
    bu_buf out = { 0 };
    bulla_digest digest;
    bulla_error err = { 0 };
    bulla_status status = bu_digest_of(BULLA_ALG_SHA512, text, &digest, &err);
    unit_ok(status, err);
    status = bu_sshsig_make(key, space, &digest, &out, &err);
    unit_ok(status, err);
    return out;
}

static world new_world(bulla_key_kind kind)
{
    world w = { .signer = test_key(kind), .arena = bu_arena_new() };
    w.signature = signature_for(w.signer, "file");
    w.anchors = vouch_anchors(
        (const char *[]){ line_of(test_key(kind)), line_of(w.signer), test_pem(w.signer), NULL });
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    bu_buf_clear(&w->signature);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bulla_status verify(const world *w, bulla_bytes *bytes, int64_t now, bu_vouched *out,
                           bulla_error *err)
{
    const bu_message message = vouch_message(bytes);
    const bu_check check = { .content = bu_buf_bytes(&w->signature),
                             .file = "a.sig",
                             .message = &message,
                             .anchors = &w->anchors,
                             .now = now,
                             .arena = w->arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_sshsig);
    return bu_format_sshsig.verify(&check, out, err);
}

START_TEST(the_key_that_signed_vouches)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_bytes other = BULLA_LIT("what is signeD");
    bulla_status status = verify(&w, &text, TEST_NOW, &vouched, &err);
    unit_ok(status, err);
    ck_assert(!vouched.by[0] && vouched.by[1] && vouched.by[2]);
    status = verify(&w, &other, TEST_NOW, &vouched, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert(!vouched.wrong[0] && vouched.wrong[1]);
}
END_TEST

/* The signature carries its key, which must not vouch for itself. */
START_TEST(a_key_that_is_not_listed_is_not_trusted)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bu_vouched vouched;
    bulla_error err = { 0 };
    w.anchors.items[1].key = w.anchors.items[2].key = w.anchors.items[0].key;
    bulla_status status = verify(&w, &text, TEST_NOW, &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(a_signature_for_another_purpose_is_refused)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bu_vouched vouched;
    bulla_error err = { 0 };
    bu_buf_clear(&w.signature);
    w.signature = signature_for(w.signer, "git");
    bulla_status status = verify(&w, &text, TEST_NOW, &vouched, &err);
    unit_fails(status, BULLA_E_WRONG_USAGE, err);
    ck_assert_str_eq(err.expected, "file");
    ck_assert_str_eq(err.got, "git");
}
END_TEST

START_TEST(what_it_claims_is_told)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bu_description said = { .arena = w.arena };
    bulla_error err = { 0 };
    bulla_status status =
        bu_format_sshsig.describe(bu_buf_bytes(&w.signature), "a.sig", &said, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(said.count, 4);
    ck_assert(bu_bytes_is(said.items[2].text, "file"));
}
END_TEST

/* Allowed signers: what stands in front of (and behind) the key. */
static const struct {
    const char *front, *behind;
    bulla_code want; /* of reading */
    int64_t from, until;
    const char *name;
} lists[] = {
    { "", "", BULLA_OK, INT64_MIN, INT64_MAX, NULL },
    { "", " a comment", BULLA_OK, INT64_MIN, INT64_MAX, NULL },
    { "# first\n\n", "\n# last\n", BULLA_OK, INT64_MIN, INT64_MAX, NULL },
    { "alice@example.com ", "", BULLA_OK, INT64_MIN, INT64_MAX, "alice@example.com" },
    { "  alice@example.com\t", "\r\n", BULLA_OK, INT64_MIN, INT64_MAX, "alice@example.com" },
    { "\"alice, of b\" ", "", BULLA_OK, INT64_MIN, INT64_MAX, "alice, of b" },
    { "a,b namespaces=\"file\" ", "", BULLA_OK, INT64_MIN, INT64_MAX, "a,b" },
    { "a namespaces=\"git,f*\" ", "", BULLA_OK, INT64_MIN, INT64_MAX, "a" },
    { "a namespaces=\"git\" ", "", BULLA_E_WRONG_USAGE, 0, 0, NULL },
    { "a namespaces=\"*,!file\" ", "", BULLA_E_WRONG_USAGE, 0, 0, NULL },
    { "a namespaces=\"\" ", "", BULLA_E_WRONG_USAGE, 0, 0, NULL },
    { "a valid-after=\"20200101Z\" ", "", BULLA_OK, 1577836800, INT64_MAX, "a" },
    { "a valid-before=\"202001010203Z\",valid-after=\"20200101000001Z\" ", "", BULLA_OK, 1577836801,
      1577844180, "a" },
    { "a valid-after=\"20200101\" ", "", BULLA_E_BAD_TIME, 0, 0, NULL }, /* in which zone? */
    { "a valid-after=\"2020Z\" ", "", BULLA_E_BAD_TIME, 0, 0, NULL },
    { "a valid-after=\"20201301Z\" ", "", BULLA_E_BAD_TIME, 0, 0, NULL },
    { "a valid-after ", "", BULLA_E_UNSUPPORTED_FEATURE, 0, 0, NULL },
    { "a cert-authority ", "", BULLA_E_UNSUPPORTED_FEATURE, 0, 0, NULL },
    { "a no-touch-required ", "", BULLA_E_UNSUPPORTED_FEATURE, 0, 0, NULL },
    { "a namespaces=\"file\"valid-after=\"20200101Z\" ", "", BULLA_E_BAD_SYNTAX, 0, 0, NULL },
    { "a namespaces=\"git\",namespaces=\"file\" ", "", BULLA_E_DUPLICATE_ENTRY, 0, 0, NULL },
    { "a\xe2\x80\xae"
      "b ",
      "", BULLA_E_CONTROL_CHARACTER, 0, 0, NULL },
    { "", "\nbob ssh-dss AAAA", BULLA_E_BAD_SYNTAX, 0, 0, NULL },
    { "", "\nssh-ed25519 AAAA", BULLA_E_BAD_ENCODING, 0, 0, NULL },
    { "", "\nssh-ed25519", BULLA_E_BAD_ENCODING, 0, 0, NULL },
};

START_TEST(lists_are_read_strictly)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_CLEAR(bu_buf) list = { 0 };
    bu_buf_add_format(&list, "%s%s%s", lists[_i].front, line_of(test_key(BULLA_KEY_ED25519)),
                      lists[_i].behind);
    bulla_status status = bu_anchors_start(&anchors, &err);
    unit_ok(status, err);
    status = bu_anchors_read(bu_buf_bytes(&list), "signers", &anchors, &err);
    ck_assert_msg(status.code == lists[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (!bulla_ok(status))
        return;
    ck_assert_uint_eq(anchors.count, 1);
    ck_assert_str_eq(anchors.items[0].form, "openssh");
    ck_assert_int_eq(anchors.items[0].from, lists[_i].from);
    ck_assert_int_eq(anchors.items[0].until, lists[_i].until);
    ck_assert_pstr_eq(anchors.items[0].name, lists[_i].name);
}
END_TEST

START_TEST(a_line_is_named_by_its_number)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_CLEAR(bu_buf) list = { 0 };
    const char *line = line_of(test_key(BULLA_KEY_ED25519));
    bu_buf_add_format(&list, "%s\n\nssh-rsa%s\n", line, line + strlen("ssh-ed25519"));
    bulla_status status = bu_anchors_start(&anchors, &err);
    unit_ok(status, err);
    status = bu_anchors_read(bu_buf_bytes(&list), "signers", &anchors, &err);
    unit_fails(status, BULLA_E_BAD_KEY, err);
    ck_assert_uint_eq(err.line, 3);
    ck_assert_str_eq(err.file, "signers");
}
END_TEST

START_TEST(a_signer_counts_while_the_list_says_so)
{
    BU_CLEAR(world) w = new_world(BULLA_KEY_ED25519);
    BU_CLEAR(bu_buf) list = { 0 };
    bu_vouched vouched;
    bulla_error err = { 0 };
    bu_buf_add_format(&list, "a valid-before=\"20261121Z\" %s", line_of(w.signer));
    bu_anchors_clear(&w.anchors);
    w.anchors = vouch_anchors((const char *[]){ (const char *)list.ptr, NULL });
    bulla_status status = verify(&w, &text, TEST_NOW, &vouched, &err);
    unit_ok(status, err);
    status = verify(&w, &text, TEST_NOW + 1, &vouched, &err);
    unit_fails(status, BULLA_E_EXPIRED, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_key_that_signed_vouches, 0, 2);
    tcase_add_loop_test(tc, a_key_that_is_not_listed_is_not_trusted, 0, 2);
    tcase_add_loop_test(tc, a_signature_for_another_purpose_is_refused, 0, 2);
    tcase_add_loop_test(tc, what_it_claims_is_told, 0, 2);
    tcase_add_loop_test(tc, lists_are_read_strictly, 0, (int)(sizeof lists / sizeof lists[0]));
    tcase_add_test(tc, a_line_is_named_by_its_number);
    tcase_add_test(tc, a_signer_counts_while_the_list_says_so);
}

int main(void)
{
    return unit_run("trust/format_sshsig", add);
}
