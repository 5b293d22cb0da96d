/* SPDX-License-Identifier: MIT */
/* CMS signatures as a format: who vouches, by which pinned certificate, at which time. */
#include "formats.h"
#include "stamps.h"

#include "signature/pem.h"

static bulla_bytes text = { (const uint8_t *)"what is signed", 14 };

typedef struct world {
    cert root, leaf, short_lived, stamper, other;
    bu_anchors anchors; /* other, root */
    bu_arena *arena;
} world;

static void add_anchor(bu_anchors *anchors, const cert *one)
{
    bulla_error err = { 0 };
    bulla_status status = bu_anchors_read(bu_x509_der(one->ours), "ca.der", anchors, &err);
    unit_ok(status, err);
}

static world new_world(void)
{
    bulla_error err = { 0 };
    world w = { .root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca }),
                .other = cert_make((cert_wish){ .name = "other", .extensions = cert_ca }),
                .arena = bu_arena_new() };
    w.leaf = cert_make((cert_wish){ .name = "leaf", .by = &w.root, .extensions = cert_plain });
    w.short_lived = cert_make((cert_wish){
        .name = "short", .by = &w.root, .until = CERT_TIME + 60, .extensions = cert_plain });
    w.stamper =
        cert_make((cert_wish){ .name = "stamper", .by = &w.root, .extensions = cert_stamp });
    unit_ok(bu_anchors_start(&w.anchors, &err), err);
    add_anchor(&w.anchors, &w.other);
    add_anchor(&w.anchors, &w.root);
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    cert_clear(&w->root);
    cert_clear(&w->leaf);
    cert_clear(&w->short_lived);
    cert_clear(&w->stamper);
    cert_clear(&w->other);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bulla_status verify(const world *w, bulla_bytes content, bulla_bytes *about, int64_t now,
                           bu_vouched *out, bulla_error *err)
{
    const bu_message message = about == NULL ? (bu_message){ 0 } : vouch_message(about);
    const bu_check check = { .content = content,
                             .file = "a.p7s",
                             .message = about == NULL ? NULL : &message,
                             .anchors = &w->anchors,
                             .now = now,
                             .arena = w->arena };
    ck_assert_ptr_eq(bu_format_of(content), &bu_format_cms);
    return bu_format_cms.verify(&check, out, err);
}

START_TEST(the_pinned_certificate_vouches)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf) der = cms_make((cms_wish){ .signer = &w.leaf, .content = text });
    BU_CLEAR(bu_buf) pem = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    bu_pem_encode(bu_buf_bytes(&der), _i == 0 ? "CMS" : "PKCS7", &pem);
    unit_ok(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err), err);
    ck_assert(out.by[1] && !out.by[0] && !out.has_time);
    unit_ok(verify(&w, bu_buf_bytes(&pem), &text, CERT_TIME, &out, &err), err);
    ck_assert(out.by[1]);
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf) der = cms_make((cms_wish){ .signer = &w.leaf, .content = text });
    BU_CLEAR(bu_buf)
    bare = cms_make((cms_wish){ .signer = &w.leaf, .content = text, .no_certificates = true });
    bulla_bytes other = BULLA_LIT("another file");
    bu_vouched out;
    bulla_error err = { 0 };
    unit_fails(verify(&w, bu_buf_bytes(&der), &other, CERT_TIME, &out, &err), BULLA_E_HASH_MISMATCH,
               err);
    ck_assert(out.wrong[1] && !out.by[1]);
    unit_fails(verify(&w, bu_buf_bytes(&der), &text, CERT_UNTIL + 1, &out, &err), BULLA_E_EXPIRED,
               err);
    unit_fails(verify(&w, bu_buf_bytes(&bare), &text, CERT_TIME, &out, &err), BULLA_E_UNTRUSTED_KEY,
               err);
    unit_fails(verify(&w, bu_buf_bytes(&der), NULL, CERT_TIME, &out, &err), BULLA_E_FORMAT_MISMATCH,
               err);
    add_anchor(&w.anchors, &w.leaf); /* its certificate itself is pinned */
    unit_ok(verify(&w, bu_buf_bytes(&bare), &text, CERT_TIME, &out, &err), err);
    ck_assert(out.by[2]);
    w.anchors.count = 1;
    unit_fails(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    w.anchors.count = 0;
    unit_fails(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
}
END_TEST

typedef struct stamping {
    const cert *stamper;
    int64_t time;
    bool elsewhere;
} stamping;

static bu_buf stamp(void *context, bulla_bytes signature)
{
    const stamping *s = context;
    return stamp_make((stamp_wish){ .signer = s->stamper,
                                    .time = s->time,
                                    .message = s->elsewhere ? text : signature,
                                    .bare = true });
}

/* What has expired since stays good where a trusted authority saw it in time, and only then. */
static const struct time_case {
    const char *what;
    bool no_stamp, by_other, elsewhere;
    int64_t stamped, now;
    bulla_code want;
} times[] = {
    { .what = "seen in time", .stamped = CERT_TIME, .now = CERT_TIME + 1000 },
    { .what = "seen too late",
      .stamped = CERT_TIME + 61,
      .now = CERT_TIME + 1000,
      .want = BULLA_E_EXPIRED },
    { .what = "never seen", .no_stamp = true, .now = CERT_TIME + 1000, .want = BULLA_E_EXPIRED },
    { .what = "still valid", .no_stamp = true, .now = CERT_TIME },
    { .what = "seen by whom nobody knows",
      .by_other = true,
      .stamped = CERT_TIME,
      .now = CERT_TIME + 1000,
      .want = BULLA_E_EXPIRED },
    { .what = "a stamp of something else",
      .elsewhere = true,
      .stamped = CERT_TIME,
      .now = CERT_TIME,
      .want = BULLA_E_HASH_MISMATCH },
    { .what = "stamped in the future",
      .stamped = CERT_TIME + 1000,
      .now = CERT_TIME,
      .want = BULLA_E_BAD_TIME },
};

START_TEST(the_time_that_counts_is_a_trusted_one)
{
    const struct time_case *c = &times[_i];
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(cert) unknown = cert_make((cert_wish){ .name = "unknown", .extensions = cert_stamp });
    stamping how = { c->by_other ? &unknown : &w.stamper, c->stamped, c->elsewhere };
    const cms_wish wish = { .signer = &w.short_lived, .content = text };
    BU_CLEAR(bu_buf) der = c->no_stamp ? cms_make(wish) : cms_make_stamped(wish, stamp, &how);
    bu_vouched out;
    bulla_error err = { 0 };
    bulla_status status = verify(&w, bu_buf_bytes(&der), &text, c->now, &out, &err);
    ck_assert_msg(status.code == c->want, "%s: %s (%s)", c->what, bulla_code_name(status.code),
                  err.text);
    if (bulla_ok(status))
        ck_assert(out.has_time == !c->no_stamp && out.time == c->stamped);
}
END_TEST

START_TEST(what_it_carries_is_opened)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf)
    der = cms_make((cms_wish){ .signer = &w.leaf, .content = text, .carries = true });
    bu_vouched out;
    bulla_error err = { 0 };
    ck_assert(bu_format_cms.carries(bu_buf_bytes(&der)));
    unit_ok(verify(&w, bu_buf_bytes(&der), NULL, CERT_TIME, &out, &err), err);
    ck_assert(bu_bytes_equal(out.payload, text));
    unit_ok(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err), err);
}
END_TEST

/* One of two signers is known: that suffices, whichever it is. */
START_TEST(unknown_signers_are_passed_over)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(cert) unknown = cert_make((cert_wish){ .name = "unknown", .extensions = cert_plain });
    BU_CLEAR(bu_buf)
    der = cms_make((cms_wish){ .signer = _i == 0 ? &unknown : &w.leaf,
                               .second = _i == 0 ? &w.leaf : &unknown,
                               .content = text });
    bu_vouched out;
    bulla_error err = { 0 };
    unit_ok(verify(&w, bu_buf_bytes(&der), &text, CERT_TIME, &out, &err), err);
    ck_assert(out.by[1] && !out.by[0]);
}
END_TEST

START_TEST(a_signature_describes_itself)
{
    BU_CLEAR(world) w = new_world();
    BU_CLEAR(bu_buf) der = cms_make((cms_wish){ .signer = &w.leaf, .content = text });
    bu_description out = { .arena = w.arena };
    bulla_error err = { 0 };
    unit_ok(bu_format_cms.describe(bu_buf_bytes(&der), "a.p7s", &out, &err), err);
    ck_assert_uint_eq(out.count, 3);
    ck_assert(bu_bytes_is(out.items[1].text, "CN=leaf"));
    ck_assert(bu_bytes_is(out.items[2].text, "sha256"));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_pinned_certificate_vouches, 0, 2);
    tcase_add_test(tc, what_is_wrong_is_refused);
    tcase_add_loop_test(tc, the_time_that_counts_is_a_trusted_one, 0,
                        sizeof times / sizeof times[0]);
    tcase_add_test(tc, what_it_carries_is_opened);
    tcase_add_loop_test(tc, unknown_signers_are_passed_over, 0, 2);
    tcase_add_test(tc, a_signature_describes_itself);
}

int main(void)
{
    return unit_run("trust/format_cms", add);
}
