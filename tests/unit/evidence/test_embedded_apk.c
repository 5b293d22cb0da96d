/* SPDX-License-Identifier: MIT */
/*
 * Signed Alpine packages and indexes: the signature is over the control part, which pins the data;
 * of an index it is over everything.
 */
#include "embedding.h"
#include "package.h"

/* What is done to an honest package. */
typedef struct change {
    const char *kind;   /* of the signature; NULL: "RSA256" */
    const char *digest; /* NULL: SHA256 */
    bool is_index, other_control, other_data, no_hash, more, unsigned_one;
} change;

static cert signer, stranger, weak;

static void make_certs(void)
{
    signer = cert_make((cert_wish){ .name = "signer", .key = "RSA2048" });
    stranger = cert_make((cert_wish){ .name = "stranger", .key = "RSA2048" });
    weak = cert_make((cert_wish){ .name = "curve" });
}

static void clear_certs(void)
{
    cert_clear(&signer);
    cert_clear(&stranger);
    cert_clear(&weak);
}

/* A gzip member with a tar archive, cut off before its end or not. */
static void add_part(const build_member *members, bool whole, bu_buf *out)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(members, &tar);
    if (!whole)
        tar.len -= (size_t)2 * BUILD_BLOCK;
    build_compressed(BU_COMPRESSION_GZIP, bu_buf_bytes(&tar), out);
}

static void build_data(bu_buf *out)
{
    const build_member members[] = { { .name = "usr/bin/demo", .content = BUILD_BYTES("x") },
                                     { 0 } };
    add_part(members, true, out);
}

static void build_control(const char *version, bulla_bytes data, bool no_hash, bu_buf *out)
{
    BU_CLEAR(bu_buf) info = { 0 };
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, data, &digest, &err), err);
    bu_buf_add_format(&info, "pkgname = demo\npkgver = %s\n", version);
    if (!no_hash)
        bu_buf_add_format(&info, "datahash = %s\n", bulla_digest_hex(&digest, hex));
    const build_member members[] = { { .name = ".PKGINFO", .content = bu_buf_bytes(&info) },
                                     { 0 } };
    add_part(members, false, out);
}

static void build_index(bu_buf *out)
{
    const build_member members[] = { { .name = "DESCRIPTION", .content = BUILD_BYTES("v1") },
                                     { .name = "APKINDEX", .content = BUILD_BYTES("P:demo\n") },
                                     { 0 } };
    add_part(members, true, out);
}

static void add_signature(const cert *by, const change *c, bulla_bytes message, bu_buf *out)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    char name[64];
    (void)snprintf(name, sizeof name, ".SIGN.%s.key.rsa.pub", c->kind == NULL ? "RSA256" : c->kind);
    embedding_sign(by, c->digest == NULL ? "SHA256" : c->digest, message, &bytes);
    const build_member members[] = { { .name = name, .content = bu_buf_bytes(&bytes) }, { 0 } };
    add_part(members, false, out);
}

static void build(const cert *by, change c, bu_buf *out)
{
    BU_CLEAR(bu_buf) data = { 0 }, control = { 0 }, other = { 0 };
    build_data(&data);
    build_control("1", bu_buf_bytes(&data), c.no_hash, &control);
    build_control("2", bu_buf_bytes(&data), c.no_hash, &other);
    if (c.is_index) {
        control.len = data.len = 0;
        build_index(&control);
    }
    if (!c.unsigned_one)
        add_signature(by, &c, bu_buf_bytes(&control), out);
    bu_buf_add(out, bu_buf_bytes(c.other_control ? &other : &control));
    if (c.other_data)
        data.ptr[4] ^= 1; /* the time in the gzip header */
    bu_buf_add(out, bu_buf_bytes(&data));
    if (c.more)
        bu_buf_add_text(out, "x");
}

static const struct {
    change c;
    bulla_code code;
} cases[] = {
    { { 0 }, BULLA_OK },
    { { .kind = "RSA512", .digest = "SHA512" }, BULLA_OK },
    { { .is_index = true }, BULLA_OK },
    { { .kind = "RSA", .digest = "SHA1" }, BULLA_E_WEAK_HASH },
    { { .kind = "RSA", .digest = "SHA1", .is_index = true }, BULLA_E_WEAK_HASH },
    { { .kind = "RSA" }, BULLA_E_WEAK_HASH },
    { { .kind = "DSA" }, BULLA_E_WEAK_HASH },
    { { .kind = "NEW" }, BULLA_E_UNSUPPORTED_FEATURE },
    { { .kind = "RSA256", .digest = "SHA1" }, BULLA_E_BAD_SIGNATURE },
    { { .kind = "RSA512" }, BULLA_E_BAD_SIGNATURE },
    { { .other_control = true }, BULLA_E_BAD_SIGNATURE },
    { { .other_data = true }, BULLA_E_HASH_MISMATCH },
    { { .more = true }, BULLA_E_HASH_MISMATCH },
    { { .more = true, .is_index = true }, BULLA_E_TRAILING_DATA },
    { { .no_hash = true }, BULLA_E_MISSING_FIELD },
};

START_TEST(a_signed_package_is_believed_as_far_as_it_is_signed)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust_key(&run, &signer);
    build(&signer, cases[_i].c, &package);
    bulla_status status = embedding_verify(&run, bu_buf_bytes(&package));
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  run.err.text);
    if (bulla_ok(status))
        ck_assert(run.found && run.vouched.by[0]);
}
END_TEST

START_TEST(what_is_not_signed_is_not_found)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust_key(&run, &signer);
    build(&signer, (change){ .unsigned_one = true }, &package);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&package)), run.err);
    ck_assert(!run.found);
    unit_ok(embedding_verify(&run, BULLA_LIT("\x1f\x8b\x08 no gzip")), run.err);
    ck_assert(!run.found);
}
END_TEST

START_TEST(only_who_signed_vouches)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    build(&signer, (change){ 0 }, &package);
    embedding_refuses(&run, bu_buf_bytes(&package), BULLA_E_UNTRUSTED_KEY);
    embedding_trust_key(&run, &weak); /* no RSA key: not asked */
    embedding_refuses(&run, bu_buf_bytes(&package), BULLA_E_UNTRUSTED_KEY);
    embedding_trust_key(&run, &stranger);
    embedding_refuses(&run, bu_buf_bytes(&package), BULLA_E_BAD_SIGNATURE);
    embedding_trust_key(&run, &signer);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&package)), run.err);
    ck_assert(!run.vouched.by[0] && !run.vouched.by[1] && run.vouched.by[2]);
    run.anchors.items[2].until = CERT_TIME - 1;
    embedding_refuses(&run, bu_buf_bytes(&package), BULLA_E_BAD_SIGNATURE);
}
END_TEST

/* Of the signature part, only what is in the signature counts: its gzip and tar headers are free. */
static size_t signed_from;

static bool is_signature_part(size_t at)
{
    return at < signed_from;
}

START_TEST(every_bit_that_is_signed_counts)
{
    for (int index = 0; index < 2; index++) {
        BU_CLEAR(embedding) run;
        BU_CLEAR(bu_buf) package = { 0 }, rest = { 0 };
        embedding_start(&run);
        embedding_trust_key(&run, &signer);
        build(&signer, (change){ .is_index = index == 1 }, &package);
        build(&signer, (change){ .is_index = index == 1, .unsigned_one = true }, &rest);
        signed_from = package.len - rest.len;
        embedding_refuses_flips(&run, bu_buf_bytes(&package), is_signature_part);
    }
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust_key(&run, &signer);
    build(&signer, (change){ 0 }, &package);
    embedding_survives_allocation_failures(&run, bu_buf_bytes(&package));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_certs, clear_certs);
    tcase_add_loop_test(tc, a_signed_package_is_believed_as_far_as_it_is_signed, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, what_is_not_signed_is_not_found);
    tcase_add_test(tc, only_who_signed_vouches);
    tcase_add_test(tc, every_bit_that_is_signed_counts);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("embedded_apk", add);
}
