/* SPDX-License-Identifier: MIT */
/* RFC 3161: a time counts when a pinned authority stamped these very bytes, at its own good time. */
#include "stamps.h"

#include "alloc_fail.h"
#include "digest/hasher.h"
#include "trust/timestamp.h"

static bulla_bytes message = { (const uint8_t *)"what was signed", 15 };

/* An authority with an intermediate, and its twin of the same names whom nobody pinned. */
typedef struct world {
    cert root, middle, leaf, other_root, other_leaf;
} world;

static world new_world(cert_wish leaf)
{
    world w = { .root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca }),
                .other_root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca }) };
    w.middle = cert_make((cert_wish){ .name = "middle", .by = &w.root, .extensions = cert_ca });
    leaf.name = "stamper";
    leaf.by = &w.middle;
    if (leaf.extensions == NULL)
        leaf.extensions = cert_stamp;
    w.leaf = cert_make(leaf);
    w.other_leaf =
        cert_make((cert_wish){ .name = "stamper", .by = &w.other_root, .extensions = cert_stamp });
    return w;
}

static void world_clear(world *w)
{
    cert_clear(&w->root);
    cert_clear(&w->middle);
    cert_clear(&w->leaf);
    cert_clear(&w->other_root);
    cert_clear(&w->other_leaf);
}
BU_DEFINE_CLEAR(world)

static bu_tsa authority(bu_x509 **chain, size_t count)
{
    return (bu_tsa){ chain, count, CERT_FROM, CERT_UNTIL };
}

/* --- what a stamp may be --- */

static const char *const not_critical[] = { "extendedKeyUsage", "timeStamping", NULL };

static const struct stamp_case {
    const char *what;
    stamp_wish stamp;
    cert_wish leaf;
    int64_t from, until; /* of the authority; 0: as the certificates */
    bulla_code want;
} stamps[] = {
    { .what = "response" },
    { .what = "token", .stamp = { .bare = true } },
    { .what = "granted with changes", .stamp = { .status = 1 } },
    { .what = "SHA-384", .stamp = { .imprint = "SHA384", .digest = "SHA384" } },
    { .what = "SHA-512", .stamp = { .imprint = "SHA512", .digest = "SHA512" } },
    { .what = "RSA", .leaf = { .key = "RSA2048" } },
    { .what = "P-384", .leaf = { .key = "P-384" }, .stamp = { .digest = "SHA384" } },
    { .what = "last second", .stamp = { .time = CERT_UNTIL } },
    { .what = "first second", .stamp = { .time = CERT_FROM } },
    { .what = "last second that counts", .until = CERT_TIME },
    { .what = "first second that counts", .from = CERT_TIME },
    { .what = "expired since", .leaf = { .until = CERT_TIME + 1 } },
    { .what = "after it counts", .until = CERT_TIME - 1, .want = BULLA_E_BAD_TIME },
    { .what = "before it counts", .from = CERT_TIME + 1, .want = BULLA_E_BAD_TIME },
    { .what = "certificate expired", .leaf = { .until = CERT_TIME - 1 }, .want = BULLA_E_EXPIRED },
    { .what = "certificate of the future",
      .leaf = { .from = CERT_TIME + 1 },
      .want = BULLA_E_EXPIRED },
    { .what = "rejected", .stamp = { .status = 2 }, .want = BULLA_E_BAD_STATUS },
    { .what = "SHA-1 imprint", .stamp = { .imprint = "SHA1" }, .want = BULLA_E_WEAK_HASH },
    { .what = "SHA-1 signature", .stamp = { .digest = "SHA1" }, .want = BULLA_E_WEAK_HASH },
    { .what = "other message",
      .stamp = { .message = { (const uint8_t *)"x", 1 } },
      .want = BULLA_E_HASH_MISMATCH },
    { .what = "no certificate named", .stamp = { .no_name = true }, .want = BULLA_E_MISSING_FIELD },
    { .what = "not its certificate",
      .stamp = { .no_certificates = true },
      .want = BULLA_E_UNTRUSTED_CHAIN },
    { .what = "critical extension",
      .stamp = { .critical = true },
      .want = BULLA_E_UNSUPPORTED_FEATURE },
    { .what = "data as content",
      .stamp = { .type = "1.2.840.113549.1.7.1" },
      .want = BULLA_E_BAD_TYPE },
    { .what = "usage not critical",
      .leaf = { .extensions = not_critical },
      .want = BULLA_E_WRONG_USAGE },
    { .what = "for code", .leaf = { .extensions = cert_code }, .want = BULLA_E_WRONG_USAGE },
};

START_TEST(stamps_are_judged)
{
    const struct stamp_case *c = &stamps[_i];
    BU_CLEAR(world) w = new_world(c->leaf);
    stamp_wish wish = c->stamp;
    wish.signer = &w.leaf;
    wish.along = &w.middle;
    if (wish.message.ptr == NULL)
        wish.message = message;
    BU_CLEAR(bu_buf) der = stamp_make(wish);
    bu_tsa tsa = authority(&w.root.ours, 1);
    tsa.from = c->from == 0 ? tsa.from : c->from;
    tsa.until = c->until == 0 ? tsa.until : c->until;
    int64_t time = 0;
    bulla_error err = { 0 };
    bulla_status status = bu_timestamp_check(bu_buf_bytes(&der), message, &tsa, 1, &time, &err);
    ck_assert_msg(status.code == c->want, "%s: %s (%s), want %s", c->what,
                  bulla_code_name(status.code), err.text, bulla_code_name(c->want));
    if (bulla_ok(status))
        ck_assert_int_eq(time, wish.time == 0 ? CERT_TIME : wish.time);
}
END_TEST

/* --- who may stamp --- */

START_TEST(only_pinned_authorities_stamp)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(bu_buf) good = stamp_make((stamp_wish){ .signer = &w.leaf, .message = message });
    BU_CLEAR(bu_buf)
    other = stamp_make(
        (stamp_wish){ .signer = &w.other_leaf, .along = &w.other_root, .message = message });
    BU_CLEAR(bu_buf)
    bare =
        stamp_make((stamp_wish){ .signer = &w.leaf, .no_certificates = true, .message = message });
    bu_x509 *whole[] = { w.leaf.ours, w.middle.ours, w.root.ours };
    bu_x509 *second[] = { w.other_leaf.ours, w.other_root.ours };
    const bu_tsa pinned = authority(whole, 3), both[] = { authority(second, 2), pinned };
    const bu_tsa root_alone = authority(whole + 2, 1), leaf_alone = authority(whole, 1);
    const bu_tsa above = authority(whole + 1, 2);
    bulla_error err = { 0 };
    int64_t time;
    unit_ok(bu_timestamp_check(bu_buf_bytes(&good), message, &pinned, 1, &time, &err), err);
    unit_ok(bu_timestamp_check(bu_buf_bytes(&good), message, both, 2, &time, &err), err);
    unit_ok(bu_timestamp_check(bu_buf_bytes(&good), message, &above, 1, &time, &err), err);
    unit_ok(bu_timestamp_check(bu_buf_bytes(&good), message, &leaf_alone, 1, &time, &err), err);
    unit_ok(bu_timestamp_check(bu_buf_bytes(&bare), message, &pinned, 1, &time, &err), err);
    /* The way to the root is not there; certificates that come along end no chain. */
    unit_fails(bu_timestamp_check(bu_buf_bytes(&good), message, &root_alone, 1, &time, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    unit_fails(bu_timestamp_check(bu_buf_bytes(&other), message, &pinned, 1, &time, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    unit_fails(bu_timestamp_check(bu_buf_bytes(&other), message, &root_alone, 1, &time, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
    unit_fails(bu_timestamp_check(bu_buf_bytes(&good), message, NULL, 0, &time, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
}
END_TEST

/* A second certificate of the pinned root is not the leaf that was pinned. */
START_TEST(a_pinned_leaf_alone_stamps)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(cert)
    sibling =
        cert_make((cert_wish){ .name = "sibling", .by = &w.middle, .extensions = cert_stamp });
    BU_CLEAR(bu_buf) der = stamp_make((stamp_wish){ .signer = &sibling, .message = message });
    bu_x509 *whole[] = { w.leaf.ours, w.middle.ours, w.root.ours };
    const bu_tsa pinned = authority(whole, 3), above = authority(whole + 1, 2);
    bulla_error err = { 0 };
    int64_t time;
    unit_ok(bu_timestamp_check(bu_buf_bytes(&der), message, &above, 1, &time, &err), err);
    unit_fails(bu_timestamp_check(bu_buf_bytes(&der), message, &pinned, 1, &time, &err),
               BULLA_E_UNTRUSTED_CHAIN, err);
}
END_TEST

START_TEST(one_stamp_has_one_signature)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(bu_buf)
    der = stamp_make((stamp_wish){
        .signer = &w.leaf, .second = &w.other_leaf, .along = &w.middle, .message = message });
    const bu_tsa pinned = authority(&w.root.ours, 1);
    bulla_error err = { 0 };
    int64_t time;
    unit_fails(bu_timestamp_check(bu_buf_bytes(&der), message, &pinned, 1, &time, &err),
               BULLA_E_AMBIGUOUS_BUNDLE, err);
}
END_TEST

/* --- bytes --- */

START_TEST(no_changed_stamp_tells_another_time)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(bu_buf) der = stamp_make((stamp_wish){ .signer = &w.leaf, .message = message });
    bu_x509 *whole[] = { w.leaf.ours, w.middle.ours, w.root.ours };
    const bu_tsa pinned = authority(whole, 3);
    for (size_t bit = 0; bit < der.len * 8; bit += 3) {
        bulla_error err = { 0 };
        int64_t time = CERT_TIME;
        der.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bulla_status status =
            bu_timestamp_check(bu_buf_bytes(&der), message, &pinned, 1, &time, &err);
        ck_assert_int_eq(time, CERT_TIME);
        ck_assert(bulla_ok(status) || err.text[0] != '\0');
        der.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

START_TEST(nothing_may_follow)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(bu_buf)
    der = stamp_make((stamp_wish){ .signer = &w.leaf, .message = message, .bare = _i == 1 });
    bu_x509 *whole[] = { w.leaf.ours, w.middle.ours, w.root.ours };
    const bu_tsa pinned = authority(whole, 3);
    bulla_error err = { 0 };
    int64_t time;
    bu_buf_add_byte(&der, 0);
    unit_fails(bu_timestamp_check(bu_buf_bytes(&der), message, &pinned, 1, &time, &err),
               BULLA_E_TRAILING_DATA, err);
    ck_assert_uint_eq(err.offset, der.len - 1);
    for (size_t cut = 0; cut < der.len - 1; cut += 5)
        ck_assert(!bulla_ok(
            bu_timestamp_check((bulla_bytes){ der.ptr, cut }, message, &pinned, 1, &time, &err)));
}
END_TEST

START_TEST(judging_survives_without_memory)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(bu_buf)
    der = stamp_make((stamp_wish){ .signer = &w.leaf, .along = &w.middle, .message = message });
    const bu_tsa pinned = authority(&w.root.ours, 1);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        int64_t time;
        alloc_fail_at(n);
        bulla_status status =
            bu_timestamp_check(bu_buf_bytes(&der), message, &pinned, 1, &time, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

/* --- asking --- */

START_TEST(an_answer_is_to_its_question)
{
    BU_CLEAR(world) w = new_world((cert_wish){ 0 });
    BU_CLEAR(bu_buf) question = { 0 };
    BU_CLEAR(bu_buf) another = { 0 };
    bulla_error err = { 0 };
    bulla_digest digest;
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, message, &digest, &err), err);
    unit_ok(bu_timestamp_ask(&digest, &question, &err), err);
    unit_ok(bu_timestamp_ask(&digest, &another, &err), err);
    ck_assert(!bu_bytes_equal(bu_buf_bytes(&question), bu_buf_bytes(&another)));
    BU_CLEAR(bu_buf)
    answer = stamp_make(
        (stamp_wish){ .signer = &w.leaf, .message = message, .nonce = bu_buf_bytes(&question) });
    BU_CLEAR(bu_buf) no_nonce = stamp_make((stamp_wish){ .signer = &w.leaf, .message = message });
    BU_CLEAR(bu_buf)
    rejected = stamp_make((stamp_wish){ .signer = &w.leaf, .message = message, .status = 2 });
    unit_ok(bu_timestamp_answers(bu_buf_bytes(&answer), bu_buf_bytes(&question), &err), err);
    unit_fails(bu_timestamp_answers(bu_buf_bytes(&answer), bu_buf_bytes(&another), &err),
               BULLA_E_LOG_MISMATCH, err);
    unit_fails(bu_timestamp_answers(bu_buf_bytes(&no_nonce), bu_buf_bytes(&question), &err),
               BULLA_E_LOG_MISMATCH, err);
    unit_fails(bu_timestamp_answers(bu_buf_bytes(&rejected), bu_buf_bytes(&question), &err),
               BULLA_E_BAD_STATUS, err);
    unit_fails(bu_timestamp_answers(bu_buf_bytes(&answer), message, &err), BULLA_E_BAD_ENCODING,
               err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, stamps_are_judged, 0, sizeof stamps / sizeof stamps[0]);
    tcase_add_test(tc, only_pinned_authorities_stamp);
    tcase_add_test(tc, a_pinned_leaf_alone_stamps);
    tcase_add_test(tc, one_stamp_has_one_signature);
    tcase_add_test(tc, no_changed_stamp_tells_another_time);
    tcase_add_loop_test(tc, nothing_may_follow, 0, 2);
    tcase_add_test(tc, judging_survives_without_memory);
    tcase_add_test(tc, an_answer_is_to_its_question);
}

int main(void)
{
    return unit_run("trust/timestamp", add);
}
