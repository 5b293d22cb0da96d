/* SPDX-License-Identifier: MIT */
/*
 * Signed JARs: a signature over digests of digests. A member that is left out, or put in, is
 * noticed; so is a signer who did not sign all.
 */
#include "embedding.h"

#include "base/encode.h"

static cert root, author, other, pinned, server;

static void make_certs(void)
{
    root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca });
    author = cert_make((cert_wish){ .name = "author", .by = &root, .extensions = cert_code });
    other = cert_make((cert_wish){ .name = "other", .key = "RSA2048", .extensions = cert_code });
    pinned = cert_make((cert_wish){ .name = "pinned", .extensions = cert_plain });
    server = cert_make((cert_wish){ .name = "server", .by = &root, .extensions = cert_plain });
}

static void clear_certs(void)
{
    cert *const all[] = { &root, &author, &other, &pinned, &server };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        cert_clear(all[i]);
}

/* What is done to an honest JAR. */
typedef struct change {
    const cert *by;        /* NULL: the author */
    const cert *second;    /* signs as well, as OTHER */
    const char *alg;       /* of all digests; NULL: SHA-256 */
    const char *attribute; /* added to the manifest's section of a member */
    const char *grown;     /* a section added to the manifest after it was signed */
    const char *main;      /* the main section of the signature file; NULL: as it should be */
    const char *version;   /* Signature-Version; NULL: 1.0 */
    bool no_manifest, no_file, no_block, attached, other_attached;
    bool other_content, unlisted, removed, unsigned_section, signed_section_changed, second_half;
    const char *more;   /* a member that nobody signed */
    const char *folder; /* "META-INF/" or in other letters; NULL */
} change;

typedef struct texts {
    bu_buf manifest, file;
    size_t main_size;
} texts;

static void texts_clear(texts *t)
{
    bu_buf_clear(&t->manifest);
    bu_buf_clear(&t->file);
}
BU_DEFINE_CLEAR(texts)

static const char *alg_of(const change *c)
{
    return c->alg == NULL ? "SHA-256" : c->alg;
}

static void add_digest(const change *c, const char *ending, bulla_bytes of, bu_buf *out)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(bu_alg_of(bu_bytes_of(alg_of(c))), of, &digest, &err), err);
    bu_buf_add_format(out, "%s%s: ", alg_of(c), ending);
    bu_base64_encode((bulla_bytes){ digest.bytes, digest.len }, out);
    bu_buf_add_text(out, "\r\n");
}

static const struct {
    const char *name;
    const char *content;
} members[] = { { "a/A.class", "class A" }, { "b.txt", "text" } };

static void add_sections(const change *c, texts *t, size_t *starts)
{
    for (size_t i = 0; i < 2; i++) {
        starts[i] = t->manifest.len;
        bu_buf_add_format(&t->manifest, "Name: %s\r\n", members[i].name);
        add_digest(c, "-Digest", bu_bytes_of(members[i].content), &t->manifest);
        bu_buf_add_text(&t->manifest, c->attribute == NULL ? "" : c->attribute);
        bu_buf_add_text(&t->manifest, "\r\n");
    }
    starts[2] = t->manifest.len;
}

static void write_texts(const change *c, texts *t)
{
    size_t starts[3];
    bu_buf_add_text(&t->manifest, "Manifest-Version: 1.0\r\nCreated-By: test\r\n\r\n");
    t->main_size = t->manifest.len;
    add_sections(c, t, starts);
    bulla_bytes whole = bu_buf_bytes(&t->manifest);
    bu_buf_add_format(&t->file, "Signature-Version: %s\r\n",
                      c->version == NULL ? "1.0" : c->version);
    if (c->main != NULL)
        bu_buf_add_text(&t->file, c->main);
    else {
        add_digest(c, "-Digest-Manifest", whole, &t->file);
        add_digest(c, "-Digest-Manifest-Main-Attributes", bu_bytes_first(whole, t->main_size),
                   &t->file);
    }
    bu_buf_add_text(&t->file, "\r\n");
    for (size_t i = 0; i < 2; i++) {
        if (c->unsigned_section && i == 1)
            continue;
        bulla_bytes section = { whole.ptr + starts[i], starts[i + 1] - starts[i] };
        bu_buf_add_format(&t->file, "Name: %s\r\n", members[i].name);
        add_digest(c, "-Digest", section, &t->file);
        bu_buf_add_text(&t->file, "\r\n");
    }
    if (c->signed_section_changed)
        bu_buf_add_text(&t->manifest, "X: 1\r\n");
    bu_buf_add_text(&t->manifest, c->grown == NULL ? "" : c->grown);
}

static const char *name_in(const change *c, const char *name, char out[64])
{
    (void)snprintf(out, 64, "%s%s", c->folder == NULL ? "META-INF/" : c->folder, name);
    return out;
}

static void build(change c, bu_buf *out)
{
    BU_CLEAR(texts) t = { 0 };
    BU_CLEAR(texts) half = { 0 };
    BU_CLEAR(bu_buf) block = { 0 }, second = { 0 };
    build_zip_member all[10] = { { 0 } };
    size_t n = 0;
    char names[4][64];
    write_texts(&c, &t);
    write_texts(&(change){ .unsigned_section = c.second_half }, &half);
    embedding_sign_cms(c.by == NULL ? &author : c.by, (embedding_cms){ .attached = c.attached },
                       c.other_attached ? BULLA_LIT("other") : bu_buf_bytes(&t.file), &block);
    if (!c.no_manifest)
        all[n++] = (build_zip_member){ .name = "META-INF/MANIFEST.MF",
                                       .content = bu_buf_bytes(&t.manifest) };
    if (!c.no_file)
        all[n++] = (build_zip_member){ .name = name_in(&c, "X.SF", names[0]),
                                       .content = bu_buf_bytes(&t.file) };
    if (!c.no_block)
        all[n++] = (build_zip_member){ .name = name_in(&c, "X.EC", names[1]),
                                       .content = bu_buf_bytes(&block) };
    if (c.second != NULL) {
        embedding_sign_cms(c.second, (embedding_cms){ 0 }, bu_buf_bytes(&half.file), &second);
        all[n++] =
            (build_zip_member){ .name = "META-INF/OTHER.SF", .content = bu_buf_bytes(&half.file) };
        all[n++] =
            (build_zip_member){ .name = "META-INF/OTHER.RSA", .content = bu_buf_bytes(&second) };
    }
    for (size_t i = 0; i < (c.removed ? 1 : 2); i++)
        all[n++] = (build_zip_member){ .name = members[i].name,
                                       .content = bu_bytes_of(
                                           c.other_content ? "evil" : members[i].content) };
    if (c.more != NULL)
        all[n++] = (build_zip_member){ .name = c.more, .content = BUILD_BYTES("evil") };
    build_zip_archive(all, NULL, out);
}

#define SECTION(name)                                                                              \
    "Name: " name "\r\nSHA-256-Digest: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\r\n\r\n"

static const struct {
    change c;
    const cert *anchor;
    bulla_code code;
} cases[] = {
    { { 0 }, &root, BULLA_OK },
    { { 0 }, &author, BULLA_OK },
    { { .alg = "SHA-384" }, &root, BULLA_OK },
    { { .alg = "SHA-512" }, &root, BULLA_OK },
    { { .by = &pinned }, &pinned, BULLA_OK },
    { { .attached = true }, &root, BULLA_OK },
    { { .folder = "meta-inf/" }, &root, BULLA_OK },
    { { .second = &other }, &root, BULLA_OK },
    { { .second = &other }, &other, BULLA_OK },
    { { .more = "META-INF/" }, &root, BULLA_E_BAD_HEADER },
    { { 0 }, &other, BULLA_E_UNTRUSTED_CHAIN },
    { { .by = &server }, &root, BULLA_E_WRONG_USAGE },
    { { .alg = "SHA-1" }, &root, BULLA_E_WEAK_HASH },
    { { .alg = "MD5" }, &root, BULLA_E_WEAK_HASH },
    { { .no_manifest = true }, &root, BULLA_E_MISSING_FILE },
    { { .no_file = true }, &root, BULLA_E_MISSING_FILE },
    { { .no_block = true }, &root, BULLA_E_MISSING_FILE },
    { { .other_attached = true }, &root, BULLA_E_HASH_MISMATCH },
    { { .attached = true, .other_attached = true }, &root, BULLA_E_AMBIGUOUS_BUNDLE },
    { { .other_content = true }, &root, BULLA_E_HASH_MISMATCH },
    { { .removed = true }, &root, BULLA_E_MISSING_FILE },
    { { .more = "evil.class" }, &root, BULLA_E_UNLISTED_FILE },
    { { .more = "META-INF/services/evil" }, &root, BULLA_E_UNLISTED_FILE },
    { { .more = "META-INF/INDEX.LIST" }, &root, BULLA_E_UNLISTED_FILE },
    { { .more = "META-INF/SIG-EVIL" }, &root, BULLA_E_UNLISTED_FILE },
    { { .more = "META-INF/x/Y.SF" }, &root, BULLA_E_UNLISTED_FILE },
    { { .more = "META-INF/EVIL.SF" }, &root, BULLA_E_MISSING_FILE },
    { { .more = "META-INF/EVIL.RSA" }, &root, BULLA_E_MISSING_FILE },
    { { .more = "META-INF/X.RSA" }, &root, BULLA_E_DUPLICATE_ENTRY },
    { { .more = "META-INF/x.DSA" }, &root, BULLA_E_DUPLICATE_ENTRY },
    { { .grown = SECTION("evil.class"), .more = "evil.class" }, &root, BULLA_E_HASH_MISMATCH },
    { { .grown = SECTION("none.class") }, &root, BULLA_E_MISSING_FILE },
    { { .grown = SECTION("folder/") }, &root, BULLA_OK },
    { { .grown = "X-Other: 1\r\n" }, &root, BULLA_E_BAD_SYNTAX },
    { { .unsigned_section = true }, &root, BULLA_E_UNLISTED_FILE },
    { { .second = &other, .second_half = true }, &root, BULLA_E_UNLISTED_FILE },
    { { .attribute = "Magic: check\r\n" }, &root, BULLA_E_UNSUPPORTED_FEATURE },
    { { .version = "2.0" }, &root, BULLA_E_UNSUPPORTED_VERSION },
    { { .main = "X: 1\r\n" }, &root, BULLA_E_MISSING_HASH },
    { { .main = "SHA1-Digest-Manifest: AQEBAQEBAQEBAQEBAQEBAQEBAQE=\r\n"
                "SHA1-Digest-Manifest-Main-Attributes: AQEBAQEBAQEBAQEBAQEBAQEBAQE=\r\n" },
      &root,
      BULLA_E_WEAK_HASH },
    { { .main = "SHA-256-Digest-Manifest-Main-Attributes: "
                "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\r\n" },
      &root,
      BULLA_E_HASH_MISMATCH },
};

START_TEST(a_jar_is_signed_as_a_whole_or_not_at_all)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) jar = { 0 };
    embedding_start(&run);
    embedding_trust(&run, cases[_i].anchor);
    build(cases[_i].c, &jar);
    bulla_status status = embedding_verify(&run, bu_buf_bytes(&jar));
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  run.err.text);
    ck_assert(!bulla_ok(status) || (run.found && run.vouched.by[0]));
}
END_TEST

START_TEST(each_signer_vouches)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) jar = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &other);
    embedding_trust(&run, &pinned);
    embedding_trust(&run, &root);
    build((change){ .second = &other }, &jar);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&jar)), run.err);
    ck_assert(run.vouched.by[0] && !run.vouched.by[1] && run.vouched.by[2]);
}
END_TEST

START_TEST(an_unsigned_jar_is_not_found_signed)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) jar = { 0 };
    embedding_start(&run);
    build((change){ .no_file = true, .no_block = true }, &jar);
    unit_ok(embedding_verify(&run, bu_buf_bytes(&jar)), run.err);
    ck_assert(!run.found);
}
END_TEST

/* Versions, times and attributes in zip headers are what no class loader looks at. */
static bool counts[1u << 16];

static bool is_header(size_t at)
{
    return !counts[at];
}

static void mark_contents(bulla_bytes jar)
{
    size_t at = 0;
    while (bu_bytes_starts(bu_bytes_from(jar, at), "PK\3\4")) {
        const uint8_t *h = jar.ptr + at;
        size_t name = h[26] + 256u * h[27], extra = h[28] + 256u * h[29];
        size_t size = h[18] + 256u * h[19];
        for (size_t i = 0; i < name + extra + size; i++)
            counts[at + 30 + i] = true;
        at += 30 + name + extra + size;
    }
}

START_TEST(every_bit_of_the_members_counts)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) jar = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &root);
    build((change){ 0 }, &jar);
    mark_contents(bu_buf_bytes(&jar));
    embedding_refuses_flips(&run, bu_buf_bytes(&jar), is_header);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(embedding) run;
    BU_CLEAR(bu_buf) jar = { 0 };
    embedding_start(&run);
    embedding_trust(&run, &root);
    build((change){ 0 }, &jar);
    embedding_survives_allocation_failures(&run, bu_buf_bytes(&jar));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_certs, clear_certs);
    tcase_add_loop_test(tc, a_jar_is_signed_as_a_whole_or_not_at_all, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, each_signer_vouches);
    tcase_add_test(tc, an_unsigned_jar_is_not_found_signed);
    tcase_add_test(tc, every_bit_of_the_members_counts);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("embedded_jar", add_tests);
}
