/* SPDX-License-Identifier: MIT */
/* A time stamp beside a file says when a pinned authority saw it, and refuses every other file. */
#include "formats.h"
#include "stamps.h"

#include "signature/pem.h"

static bulla_bytes text = { (const uint8_t *)"what is stamped", 15 };

typedef struct world {
    cert root, leaf, other;
    bu_anchors anchors; /* other, root */
    bu_arena *arena;
} world;

static void add_anchor(bu_anchors *anchors, const cert *one, bool as_pem)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    bulla_error err = { 0 };
    bu_pem_encode(bu_x509_der(one->ours), "CERTIFICATE", &pem);
    bulla_status status = bu_anchors_read(as_pem ? bu_buf_bytes(&pem) : bu_x509_der(one->ours),
                                          "ca.pem", anchors, &err);
    unit_ok(status, err);
}

static world new_world(void)
{
    bulla_error err = { 0 };
    world w = { .root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca }),
                .other = cert_make((cert_wish){ .name = "other", .extensions = cert_ca }),
                .arena = bu_arena_new() };
    w.leaf = cert_make((cert_wish){ .name = "stamper", .by = &w.root, .extensions = cert_stamp });
    unit_ok(bu_anchors_start(&w.anchors, &err), err);
    add_anchor(&w.anchors, &w.other, true);
    add_anchor(&w.anchors, &w.root, false);
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    cert_clear(&w->root);
    cert_clear(&w->leaf);
    cert_clear(&w->other);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bulla_status verify(const world *w, bulla_bytes content, bulla_bytes *about, int64_t now,
                           bu_vouched *out, bulla_error *err)
{
    const bu_message message = vouch_message(about);
    const bu_check check = { .content = content,
                             .file = "a.tsr",
                             .message = &message,
                             .anchors = &w->anchors,
                             .now = now,
                             .arena = w->arena };
    ck_assert_ptr_eq(bu_format_of(content), &bu_format_timestamp);
    return bu_format_timestamp.verify(&check, out, err);
}

START_TEST(the_authority_vouches_for_the_time)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf)
    der = stamp_make((stamp_wish){ .signer = &w.leaf, .message = text, .bare = _i == 1 });
    bu_vouched out;
    bulla_error err = { 0 };
    unit_ok(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err), err);
    ck_assert(out.has_time && out.by[1] && !out.by[0]);
    ck_assert_int_eq(out.time, CERT_TIME);
    ck_assert_ptr_nonnull(out.caveat);
    unit_ok(verify(&w, bu_buf_bytes(&der), &text, CERT_UNTIL + 1, &out, &err),
            err); /* good for ever */
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf) der = stamp_make((stamp_wish){ .signer = &w.leaf, .message = text });
    BU_CLEAR(bu_buf)
    rejected = stamp_make((stamp_wish){ .signer = &w.leaf, .message = text, .status = 2 });
    bulla_bytes other = BULLA_LIT("another file");
    bu_vouched out;
    bulla_error err = { 0 };
    unit_fails(verify(&w, bu_buf_bytes(&der), &other, CERT_TIME, &out, &err), BULLA_E_HASH_MISMATCH,
               err);
    unit_fails(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME - 301, &out, &err), BULLA_E_BAD_TIME,
               err);
    unit_fails(verify(&w, bu_buf_bytes(&rejected), &text, CERT_TIME, &out, &err),
               BULLA_E_BAD_STATUS, err);
    unit_fails(verify(&w, BULLA_LIT("\x30\x05\x30\x03\x02\x01\x02"), &text, CERT_TIME, &out, &err),
               BULLA_E_BAD_STATUS, err);
    w.anchors.count = 1;
    unit_fails(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    const bu_check opening = { .content = bu_buf_bytes(&der),
                               .anchors = &w.anchors,
                               .arena = w.arena };
    unit_fails(bu_format_timestamp.verify(&opening, &out, &err), BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

START_TEST(an_anchor_counts_in_its_time)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf) der = stamp_make((stamp_wish){ .signer = &w.leaf, .message = text });
    bu_vouched out;
    bulla_error err = { 0 };
    w.anchors.items[1].until = CERT_TIME - 1;
    unit_fails(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err), BULLA_E_BAD_TIME, err);
}
END_TEST

START_TEST(a_stamp_describes_itself)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf) der = stamp_make((stamp_wish){ .signer = &w.leaf, .message = text });
    bu_description out = { .arena = w.arena };
    bulla_error err = { 0 };
    unit_ok(bu_format_timestamp.describe(bu_buf_bytes(&der), "a.tsr", &out, &err), err);
    ck_assert_uint_eq(out.count, 3);
    ck_assert(bu_bytes_is(out.items[0].text, "2025-06-15T15:06:40Z"));
    ck_assert(bu_bytes_starts(out.items[1].text, "sha256:"));
    ck_assert(bu_bytes_is(out.items[2].text, "CN=stamper"));
}
END_TEST

/* --- the form of anchors --- */

static const struct form_case {
    const char *text;
    bulla_code want;
} forms[] = {
    { "-----BEGIN CERTIFICATE-----\n", BULLA_E_TRUNCATED },
    { "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", BULLA_E_BAD_ENCODING },
    { "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", BULLA_E_BAD_ENCODING },
    { "\x30\x07\x30\x05\xa0\x03\x02\x01\x02", BULLA_E_BAD_ENCODING },
};

START_TEST(certificates_are_pinned_strictly)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_anchors_start(&anchors, &err), err);
    unit_fails(bu_anchors_read(bu_bytes_of(forms[_i].text), "ca.pem", &anchors, &err),
               forms[_i].want, err);
    ck_assert_str_eq(err.file, "ca.pem");
}
END_TEST

START_TEST(a_file_pins_several_certificates)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    bulla_error err = { 0 };
    bu_pem_encode(bu_x509_der(w.other.ours), "CERTIFICATE", &pem);
    bu_pem_encode(bu_x509_der(w.root.ours), "CERTIFICATE", &pem);
    unit_ok(bu_anchors_start(&anchors, &err), err);
    unit_ok(bu_anchors_read(bu_buf_bytes(&pem), "ca.pem", &anchors, &err), err);
    ck_assert_uint_eq(anchors.count, 2);
    ck_assert_str_eq(anchors.items[1].form, "certificates");
    ck_assert(bu_bytes_equal(anchors.items[1].certificate, bu_x509_der(w.root.ours)));
    ck_assert_uint_eq(strlen(anchors.items[1].who), 64);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_authority_vouches_for_the_time, 0, 2);
    tcase_add_test(tc, what_is_wrong_is_refused);
    tcase_add_test(tc, an_anchor_counts_in_its_time);
    tcase_add_test(tc, a_stamp_describes_itself);
    tcase_add_loop_test(tc, certificates_are_pinned_strictly, 0, sizeof forms / sizeof forms[0]);
    tcase_add_test(tc, a_file_pins_several_certificates);
}

int main(void)
{
    return unit_run("trust/format_timestamp", add);
}
