/* SPDX-License-Identifier: MIT */
/*
 * Signed gems: each part is signed, by the last certificate of a chain that ends at one that is
 * trusted. Half a signature is none.
 */
#include "embedding.h"
#include "package.h"

#include "evidence/gem.h"

/* What is done to an honest gem. */
typedef struct change {
    const char *digest;   /* that is signed with; NULL: SHA256 */
    bool direct;          /* over the part itself, not over its digest */
    const cert *by;       /* who signs; NULL: the last of the chain */
    const cert *chain[3]; /* none: the self-signed one */
    const char *block;    /* how a certificate is written; NULL: "- |" */
    bool no_checksums, no_certificates, reversed;
    const char *leave_out;  /* a member */
    const char *other;      /* a part whose signature is that of another */
    const char *second_key; /* added to the gemspec */
} change;

static cert author, stranger, curve, root, middle, leaf, late, other_root;

static void make_certs(void)
{
    author = cert_make((cert_wish){ .name = "author", .key = "RSA2048", .extensions = cert_plain });
    stranger =
        cert_make((cert_wish){ .name = "stranger", .key = "RSA2048", .extensions = cert_plain });
    curve = cert_make((cert_wish){ .name = "curve", .extensions = cert_plain });
    root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca });
    other_root = cert_make((cert_wish){ .name = "other root", .extensions = cert_ca });
    middle = cert_make((cert_wish){ .name = "middle", .by = &root, .extensions = cert_ca });
    leaf = cert_make(
        (cert_wish){ .name = "leaf", .by = &middle, .key = "RSA2048", .extensions = cert_plain });
    late = cert_make((cert_wish){
        .name = "late", .key = "RSA2048", .until = CERT_TIME - 1, .extensions = cert_plain });
}

static void clear_certs(void)
{
    cert *const all[] = { &author, &stranger, &curve, &root, &middle, &leaf, &late, &other_root };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        cert_clear(all[i]);
}

static const cert *signer_of(const change *c)
{
    size_t last = 0;
    while (last < 2 && c->chain[last + 1] != NULL)
        last++;
    return c->by != NULL ? c->by : c->chain[0] == NULL ? &author : c->chain[last];
}

static void add_chain(const change *c, bu_buf *spec)
{
    const cert *alone[] = { &author, NULL };
    const cert *const *chain = c->chain[0] == NULL ? alone : c->chain;
    bu_buf_add_text(spec, "cert_chain:\n");
    for (size_t i = 0; i < 3 && chain[i] != NULL; i++) {
        bu_buf_add_format(spec, "%s\n", c->block == NULL ? "- |" : c->block);
        embedding_pem(chain[i], "  ", spec);
    }
}

static void build_metadata(const change *c, bu_buf *out)
{
    BU_CLEAR(bu_buf) spec = { 0 };
    bu_buf_add_text(&spec, "--- !ruby/object:Gem::Specification\nname: demo\nversion: "
                           "!ruby/object:Gem::Version\n  version: 1.2.3\n");
    if (!c->no_certificates)
        add_chain(c, &spec);
    if (c->second_key != NULL)
        bu_buf_add_text(&spec, c->second_key);
    bu_buf_add_text(&spec, "description: \"x\"\n");
    build_compressed(BU_COMPRESSION_GZIP, bu_buf_bytes(&spec), out);
}

static void sign_part(const change *c, bulla_bytes part, bu_buf *out)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    const char *alg = c->digest == NULL ? "SHA256" : c->digest;
    unit_ok(bu_digest_of(strcmp(alg, "SHA1") == 0 ? BULLA_ALG_SHA1 : BULLA_ALG_SHA256, part,
                         &digest, &err),
            err);
    bulla_bytes message = c->direct ? part : (bulla_bytes){ digest.bytes, digest.len };
    embedding_sign(signer_of(c), alg, message, out);
}

static bool counts[1u << 16]; /* by byte of the gem that was built last */

static void add(const change *c, const char *name, bulla_bytes content, bu_buf *out)
{
    size_t from = out->len;
    if (c->leave_out != NULL && strcmp(c->leave_out, name) == 0)
        return;
    build_tar_member(&(build_member){ .name = name, .content = content }, out);
    ck_assert_uint_lt(out->len, sizeof counts);
    for (size_t i = 0; i < out->len - from; i++)
        counts[from + i] = i < BUILD_BLOCK + content.len && (i < 148 || i >= 156);
}

static void build(change c, bu_buf *out)
{
    static const char *const names[] = { "metadata.gz", "data.tar.gz", "checksums.yaml.gz" };
    BU_CLEAR(bu_buf) metadata = { 0 }, data = { 0 };
    const build_member file[] = { { .name = "lib/demo.rb", .content = BUILD_BYTES("x") }, { 0 } };
    build_metadata(&c, &metadata);
    package_tar(BU_COMPRESSION_GZIP, file, &data);
    const bulla_bytes parts[] = { bu_buf_bytes(&metadata), bu_buf_bytes(&data),
                                  BULLA_LIT("checksums") };
    for (size_t i = 0; i < (c.no_checksums ? 2 : 3); i++) {
        BU_CLEAR(bu_buf) signature = { 0 };
        char sig[64];
        bool is_other = c.other != NULL && strcmp(c.other, names[i]) == 0;
        (void)snprintf(sig, sizeof sig, "%s.sig", names[i]);
        sign_part(&c, is_other ? parts[(i + 1) % 2] : parts[i], &signature);
        add(&c, names[i], parts[i], out);
        add(&c, sig, bu_buf_bytes(&signature), out);
    }
    build_zeros((size_t)2 * BUILD_BLOCK, out);
}

static const struct {
    change c;
    const cert *anchor;
    bulla_code code;
} cases[] = {
    { { 0 }, &author, BULLA_OK },
    { { .no_checksums = true }, &author, BULLA_OK },
    { { .block = "- |-" }, &author, BULLA_OK },
    { { .chain = { &curve } }, &curve, BULLA_OK },
    { { .chain = { &root, &middle, &leaf } }, &root, BULLA_OK },
    { { .chain = { &middle, &leaf } }, &root, BULLA_OK },
    { { .chain = { &root, &middle, &leaf } }, &middle, BULLA_OK },
    { { .chain = { &root, &middle, &leaf } }, &leaf, BULLA_OK },
    { { .chain = { &root, &middle, &leaf } }, &other_root, BULLA_E_UNTRUSTED_CHAIN },
    { { .chain = { &leaf } }, &root, BULLA_E_UNTRUSTED_CHAIN },
    { { .chain = { &late } }, &late, BULLA_E_EXPIRED },
    { { 0 }, &stranger, BULLA_E_UNTRUSTED_CHAIN },
    { { .by = &stranger }, &author, BULLA_E_BAD_SIGNATURE },
    { { .by = &stranger }, &stranger, BULLA_E_BAD_SIGNATURE },
    { { .chain = { &author, &stranger }, .by = &author }, &author, BULLA_E_BAD_SIGNATURE },
    { { .digest = "SHA1" }, &author, BULLA_E_WEAK_HASH },
    { { .digest = "SHA1", .direct = true }, &author, BULLA_E_WEAK_HASH },
    { { .direct = true }, &author, BULLA_E_BAD_SIGNATURE },
    { { .no_certificates = true }, &author, BULLA_E_MISSING_FIELD },
    { { .block = "- >" }, &author, BULLA_E_BAD_SYNTAX },
    { { .second_key = "cert_chain: []\n" }, &author, BULLA_E_DUPLICATE_KEY },
    { { .leave_out = "metadata.gz" }, &author, BULLA_E_MISSING_FILE },
    { { .leave_out = "data.tar.gz" }, &author, BULLA_E_MISSING_FILE },
    { { .leave_out = "checksums.yaml.gz" }, &author, BULLA_E_MISSING_FILE },
    { { .leave_out = "metadata.gz.sig" }, &author, BULLA_E_UNLISTED_FILE },
    { { .leave_out = "data.tar.gz.sig" }, &author, BULLA_E_UNLISTED_FILE },
    { { .leave_out = "checksums.yaml.gz.sig" }, &author, BULLA_E_UNLISTED_FILE },
    { { .other = "metadata.gz" }, &author, BULLA_E_BAD_SIGNATURE },
    { { .other = "data.tar.gz" }, &author, BULLA_E_BAD_SIGNATURE },
};

START_TEST(a_gem_is_signed_in_all_its_parts_or_not_at_all)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) gem = { 0 };
    embedding_start(&run);
    embedding_trust(&run, cases[_i].anchor);
    build(cases[_i].c, &gem);
    bulla_status status = embedding_verify(&run, bu_buf_bytes(&gem));
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  run.err.text);
    ck_assert(run.found);
    ck_assert(!bulla_ok(status) || run.vouched.by[0]);
}
END_TEST

START_TEST(a_bare_key_of_the_signer_vouches_too)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) gem = { 0 };
    embedding_start(&run);
    build((change){ 0 }, &gem);
    embedding_refuses(&run, bu_buf_bytes(&gem), BULLA_E_UNTRUSTED_KEY);
    embedding_trust_key(&run, &stranger);
    embedding_refuses(&run, bu_buf_bytes(&gem), BULLA_E_UNTRUSTED_KEY);
    embedding_trust_key(&run, &author);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&gem)), run.err);
    ck_assert(!run.vouched.by[0] && run.vouched.by[1]);
    run.anchors.items[1].from = CERT_TIME + 1;
    embedding_refuses(&run, bu_buf_bytes(&gem), BULLA_E_EXPIRED);
}
END_TEST

START_TEST(another_tar_is_no_gem)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) tar = { 0 };
    const build_member members[] = { { .name = "a", .content = BUILD_BYTES("x") }, { 0 } };
    embedding_start(&run);
    build_tar(members, &tar);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&tar)), run.err);
    ck_assert(!run.found);
}
END_TEST

START_TEST(an_unsigned_gem_is_not_found_signed)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) gem = { 0 };
    const build_member members[] = { { .name = "metadata.gz", .content = BUILD_BYTES("x") },
                                     { .name = "data.tar.gz", .content = BUILD_BYTES("x") },
                                     { 0 } };
    embedding_start(&run);
    embedding_trust(&run, &author);
    build_tar(members, &gem);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&gem)), run.err);
    ck_assert(!run.found);
}
END_TEST

START_TEST(no_member_is_added)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) gem = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &author);
    build((change){ 0 }, &gem);
    gem.len -= (size_t)2 * BUILD_BLOCK;
    build_tar_member(&(build_member){ .name = "metadata", .content = BUILD_BYTES("evil") }, &gem);
    build_zeros((size_t)2 * BUILD_BLOCK, &gem);
    embedding_refuses(&run, bu_buf_bytes(&gem), BULLA_E_AMBIGUOUS_ARCHIVE);
}
END_TEST

/* The checksum in a tar header may be written in several ways; what fills the last block is nothing. */
static bool is_free(size_t at)
{
    return !counts[at];
}

START_TEST(every_bit_of_the_parts_counts)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) gem = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &author);
    build((change){ 0 }, &gem);
    embedding_refuses_flips(&run, bu_buf_bytes(&gem), is_free);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) gem = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &root);
    build((change){ .chain = { &root, &middle, &leaf } }, &gem);
    embedding_survives_allocation_failures(&run, bu_buf_bytes(&gem));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_certs, clear_certs);
    tcase_add_loop_test(tc, a_gem_is_signed_in_all_its_parts_or_not_at_all, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_bare_key_of_the_signer_vouches_too);
    tcase_add_test(tc, another_tar_is_no_gem);
    tcase_add_test(tc, an_unsigned_gem_is_not_found_signed);
    tcase_add_test(tc, no_member_is_added);
    tcase_add_test(tc, every_bit_of_the_parts_counts);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("embedded_gem", add_tests);
}
