/* SPDX-License-Identifier: MIT */
/*
 * Signed NuGet packages: author and repository sign the package as it was before the signature was
 * put into it.
 */
#include "embedding.h"

#include "base/encode.h"
#include "evidence/nuget.h"

static cert root, author, repository, server, stranger;

static void make_certs(void)
{
    root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca });
    author = cert_make(
        (cert_wish){ .name = "author", .by = &root, .key = "RSA2048", .extensions = cert_code });
    repository = cert_make((cert_wish){ .name = "repository", .extensions = cert_code });
    server = cert_make((cert_wish){ .name = "server", .by = &root, .extensions = cert_plain });
    stranger = cert_make((cert_wish){ .name = "stranger", .extensions = cert_code });
}

static void clear_certs(void)
{
    cert *const all[] = { &root, &author, &repository, &server, &stranger };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        cert_clear(all[i]);
}

/* What is done to an honest package. */
typedef struct change {
    const cert *by; /* NULL: the author */
    embedding_cms how;
    const char *text;                       /* that is signed; NULL: the right one */
    bool other, more, less, renamed, twice; /* the package is changed after it was signed */
} change;

static void build_zip_of(const change *c, bool is_signed, bulla_bytes signature, bu_buf *out)
{
    build_zip_member members[6] = {
        { .name = "demo.nuspec", .content = bu_bytes_of(c->other ? "<other/>" : "<package/>") },
    };
    size_t n = 1;
    if (is_signed)
        members[n++] = (build_zip_member){ .name = c->renamed ? "x.p7s" : BU_NUGET_SIGNATURE,
                                           .content = signature };
    if (!c->less)
        members[n++] = (build_zip_member){ .name = "lib/demo.dll", .content = BUILD_BYTES("MZ") };
    if (c->more)
        members[n++] = (build_zip_member){ .name = "lib/evil.dll", .content = BUILD_BYTES("MZ") };
    if (c->twice)
        members[n++] = (build_zip_member){ .name = BU_NUGET_SIGNATURE, .content = signature };
    build_zip_archive(members, NULL, out);
}

static void text_of(bulla_alg alg, bulla_bytes package, bu_buf *out)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(alg, package, &digest, &err), err);
    bu_buf_add_format(out, "Version:1\n\n2.16.840.1.101.3.4.2.%d-Hash:",
                      alg == BULLA_ALG_SHA256   ? 1
                      : alg == BULLA_ALG_SHA384 ? 2
                                                : 3);
    bu_base64_encode((bulla_bytes){ digest.bytes, digest.len }, out);
    bu_buf_add_text(out, "\n\n");
}

static void build_with(change c, bulla_alg alg, bu_buf *out)
{
    BU_CLEAR(bu_buf) before = { 0 }, text = { 0 }, signature = { 0 };
    build_zip_of(&(change){ 0 }, false, (bulla_bytes){ 0 }, &before);
    if (c.text != NULL)
        bu_buf_add_text(&text, c.text);
    else
        text_of(alg, bu_buf_bytes(&before), &text);
    embedding_sign_cms(c.by == NULL ? &author : c.by, c.how, bu_buf_bytes(&text), &signature);
    build_zip_of(&c, true, bu_buf_bytes(&signature), out);
}

#define HONEST .attached = true, .names_certificate = true
#define AUTHOR                                                                                     \
    {                                                                                              \
        HONEST, .commitment = "1"                                                                  \
    }
#define REPOSITORY                                                                                 \
    {                                                                                              \
        HONEST, .commitment = "2"                                                                  \
    }

static const struct {
    change c;
    const cert *anchor;
    bulla_code code;
} cases[] = {
    { { .how = AUTHOR }, &root, BULLA_OK },
    { { .how = AUTHOR }, &author, BULLA_OK },
    { { .how = REPOSITORY, .by = &repository }, &repository, BULLA_OK },
    { { .how = AUTHOR }, &stranger, BULLA_E_UNTRUSTED_CHAIN },
    { { .how = AUTHOR, .by = &server }, &root, BULLA_E_WRONG_USAGE },
    { { .how = { HONEST } }, &root, BULLA_E_MISSING_FIELD },
    { { .how = { HONEST, .commitment = "3" } }, &root, BULLA_E_BAD_TYPE },
    { { .how = { .attached = true, .commitment = "1" } }, &root, BULLA_E_MISSING_FIELD },
    { { .how = { HONEST, .commitment = "1", .no_certificate = true } },
      &root,
      BULLA_E_MISSING_FIELD },
    { { .how = { HONEST, .commitment = "1", .digest = "SHA1" } }, &root, BULLA_E_WEAK_HASH },
    { { .how = { .names_certificate = true, .commitment = "1" } }, &root, BULLA_E_BAD_TYPE },
    { { .how = AUTHOR, .other = true }, &root, BULLA_E_HASH_MISMATCH },
    { { .how = AUTHOR, .more = true }, &root, BULLA_E_HASH_MISMATCH },
    { { .how = AUTHOR, .less = true }, &root, BULLA_E_HASH_MISMATCH },
    { { .how = AUTHOR, .twice = true }, &root, BULLA_E_DUPLICATE_ENTRY },
    { { .how = AUTHOR, .text = "Version:1\n\n1.3.14.3.2.26-Hash:AQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\n" },
      &root,
      BULLA_E_WEAK_HASH },
    { { .how = AUTHOR, .text = "Version:2\n\n" }, &root, BULLA_E_UNSUPPORTED_VERSION },
    { { .how = { HONEST, .commitment = "1", .counter = &repository, .counter_as = "2" } },
      &root,
      BULLA_OK },
    { { .how = { HONEST, .commitment = "1", .counter = &repository, .counter_as = "2" } },
      &repository,
      BULLA_OK },
    { { .how = { HONEST, .commitment = "1", .counter = &repository, .counter_as = "1" } },
      &repository,
      BULLA_E_BAD_TYPE },
    { { .how = { HONEST, .commitment = "1", .counter = &repository, .counter_as = "2" } },
      &stranger,
      BULLA_E_UNTRUSTED_CHAIN },
};

START_TEST(a_package_is_signed_as_it_was)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust(&run, cases[_i].anchor);
    build_with(cases[_i].c, BULLA_ALG_SHA256, &package);
    bulla_status status = embedding_verify(&run, bu_buf_bytes(&package));
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  run.err.text);
    ck_assert(!bulla_ok(status) || (run.found && run.vouched.by[0]));
}
END_TEST

START_TEST(any_strong_digest_will_do)
{
    static const bulla_alg algs[] = { BULLA_ALG_SHA256, BULLA_ALG_SHA384, BULLA_ALG_SHA512 };
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        BU_CLEAR(embedding) run;
        BU_CLEAR(bu_buf) package = { 0 };
        embedding_start(&run);
        embedding_trust(&run, &root);
        build_with((change){ .how = AUTHOR }, algs[i], &package);
        unit_ok(embedding_verify(&run, bu_buf_bytes(&package)), run.err);
    }
}
END_TEST

START_TEST(a_signature_by_another_name_is_none)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    build_with((change){ .how = AUTHOR, .renamed = true }, BULLA_ALG_SHA256, &package);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&package)), run.err);
    ck_assert(!run.found);
}
END_TEST

START_TEST(author_and_repository_both_vouch)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &stranger);
    embedding_trust(&run, &root);
    embedding_trust(&run, &repository);
    build_with(
        (change){ .how = { HONEST, .commitment = "1", .counter = &repository, .counter_as = "2" } },
        BULLA_ALG_SHA256, &package);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&package)), run.err);
    ck_assert(!run.vouched.by[0] && run.vouched.by[1] && run.vouched.by[2]);
}
END_TEST

/* The headers of the signature are no part of the package. */
static size_t headers[2]; /* where the name stands in them */

static bool is_own_header(size_t at)
{
    return (at < headers[0] && at + 30 >= headers[0]) || (at < headers[1] && at + 46 >= headers[1]);
}

static void find_headers(bulla_bytes package)
{
    size_t n = 0;
    for (size_t i = 0; i < package.len && n < 2; i++)
        if (bu_bytes_starts(bu_bytes_from(package, i), BU_NUGET_SIGNATURE))
            headers[n++] = i;
    ck_assert_uint_eq(n, 2);
}

START_TEST(every_bit_counts)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &root);
    build_with((change){ .how = AUTHOR }, BULLA_ALG_SHA256, &package);
    find_headers(bu_buf_bytes(&package));
    embedding_refuses_flips(&run, bu_buf_bytes(&package), is_own_header);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) package = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &root);
    build_with((change){ .how = AUTHOR }, BULLA_ALG_SHA256, &package);
    embedding_survives_allocation_failures(&run, bu_buf_bytes(&package));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_certs, clear_certs);
    tcase_add_loop_test(tc, a_package_is_signed_as_it_was, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, any_strong_digest_will_do);
    tcase_add_test(tc, a_signature_by_another_name_is_none);
    tcase_add_test(tc, author_and_repository_both_vouch);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("embedded_nuget", add_tests);
}
