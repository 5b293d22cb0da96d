/* SPDX-License-Identifier: MIT */
/*
 * Gems: a package whose parts were exchanged, or whose specification two YAML
 * readers could read in two ways, must not pass for the one that was pinned.
 */
#include "evidence/gem.h"

#include "alloc_fail.h"
#include "package.h"
#include "suite.h"

static bulla_error err;

#define BEGIN   "--- !ruby/object:Gem::Specification\n"
#define NAME    "name: demo\n"
#define VERSION "version: !ruby/object:Gem::Version\n  version: 1.2.3\n"
#define SPEC                                                                                       \
    BEGIN NAME VERSION "platform: ruby\nauthors:\n- A\ndescription: |-\n  name: no\n\n  x: y\n"

static const struct {
    const char *what, *text;
    bulla_code code;
    uint32_t line; /* of a refusal */
    const char *name, *version, *platform[3];
} specs[] = {
    { "as written today", SPEC, BULLA_OK, 0, "demo", "1.2.3", { "ruby", "", "" } },
    { "as written by Ruby 1.8",
      "--- !ruby/object:Gem::Specification \n" NAME
      "version: !ruby/object:Gem::Version \n  hash: 27\n  prerelease: false\n  segments: \n"
      "  - 1\n  - 2\n  - 3\n  version: 1.2.3\nplatform: ruby\n",
      BULLA_OK,
      0,
      "demo",
      "1.2.3",
      { "ruby", "", "" } },
    { "a version that is referred to later",
      BEGIN NAME "version: &id001 !ruby/object:Gem::Version\n  version: '1.0'\n",
      BULLA_OK,
      0,
      "demo",
      "1.0",
      { "", "", "" } },
    { "a platform in three words",
      BEGIN NAME VERSION "platform: !ruby/object:Gem::Platform\n  cpu: x86_64\n  os: linux\n"
                         "  version: gnu\n",
      BULLA_OK,
      0,
      "demo",
      "1.2.3",
      { "x86_64", "linux", "gnu" } },
    { "a platform in two words",
      BEGIN NAME VERSION "platform: !ruby/object:Gem::Platform\n  cpu: arm64\n  os: darwin\n"
                         "  version: \n",
      BULLA_OK,
      0,
      "demo",
      "1.2.3",
      { "arm64", "darwin", "" } },
    { "two names", BEGIN NAME VERSION "name: evil\n", BULLA_E_DUPLICATE_KEY, 5, NULL, NULL, { 0 } },
    { "a second name in quotes",
      BEGIN NAME VERSION "\"name\": evil\n",
      BULLA_E_BAD_SYNTAX,
      5,
      NULL,
      NULL,
      { 0 } },
    { "a second name as a complex key",
      BEGIN NAME VERSION "? name\n: evil\n",
      BULLA_E_BAD_SYNTAX,
      5,
      NULL,
      NULL,
      { 0 } },
    { "a second name that ends a text in quotes",
      BEGIN NAME VERSION "summary: \"a\nname: evil\n\"\n",
      BULLA_E_DUPLICATE_KEY,
      6,
      NULL,
      NULL,
      { 0 } },
    { "a merged mapping", BEGIN NAME VERSION "<<: *x\n", BULLA_E_BAD_SYNTAX, 5, NULL, NULL, { 0 } },
    { "a mapping in braces", BEGIN "{name: demo}\n", BULLA_E_BAD_SYNTAX, 2, NULL, NULL, { 0 } },
    { "a second document",
      BEGIN NAME VERSION "--- \nname: evil\n",
      BULLA_E_BAD_SYNTAX,
      5,
      NULL,
      NULL,
      { 0 } },
    { "a name with an anchor",
      BEGIN "name: &a demo\n" VERSION,
      BULLA_E_BAD_SYNTAX,
      2,
      NULL,
      NULL,
      { 0 } },
    { "a name with an escape",
      BEGIN "name: \"d\\x65mo\"\n" VERSION,
      BULLA_E_BAD_SYNTAX,
      2,
      NULL,
      NULL,
      { 0 } },
    { "a version that is plain text",
      BEGIN NAME "version: 1.2.3\n",
      BULLA_E_BAD_SYNTAX,
      3,
      NULL,
      NULL,
      { 0 } },
    { "two versions", BEGIN NAME VERSION VERSION, BULLA_E_DUPLICATE_KEY, 5, NULL, NULL, { 0 } },
    { "two versions in one",
      BEGIN NAME VERSION "  version: 2\n",
      BULLA_E_DUPLICATE_KEY,
      5,
      NULL,
      NULL,
      { 0 } },
    { "another class",
      "--- !ruby/object:Gem::Requirement\n" NAME,
      BULLA_E_BAD_SYNTAX,
      1,
      NULL,
      NULL,
      { 0 } },
    { "no version", BEGIN NAME, BULLA_E_MISSING_FIELD, 0, NULL, NULL, { 0 } },
    { "nothing", "", BULLA_E_BAD_SYNTAX, 0, NULL, NULL, { 0 } },
};

START_TEST(a_gemspec_is_read_in_one_way)
{
    bu_gemspec spec;
    err = (bulla_error){ 0 };
    bulla_status status = bu_gemspec_read(bu_bytes_of(specs[_i].text), &spec, &err);
    ck_assert_msg(status.code == specs[_i].code, "%s: %s (%s)", specs[_i].what,
                  bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(err.line, specs[_i].line);
    if (!bulla_ok(status))
        return;
    ck_assert(bu_bytes_is(spec.name, specs[_i].name));
    ck_assert(bu_bytes_is(spec.version, specs[_i].version));
    for (size_t i = 0; i < 3; i++)
        ck_assert(bu_bytes_is(spec.platform[i], specs[_i].platform[i]));
}
END_TEST

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BOTH  "  metadata.gz: " HEX64 "\n  data.tar.gz: '" HEX64 "'\n"
/* The same in base64, as Ruby 2.0 wrote it. */
#define BLOCK                                                                                      \
    "!binary |-\n    MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJj\n"               \
    "    ZGVmMDEyMzQ1Njc4OWFiY2RlZg==\n"

static const struct {
    const char *text;
    bulla_code code;
    uint32_t line;
} checksums[] = {
    { "---\nSHA256:\n" BOTH, BULLA_OK, 0 },
    { "---\n!binary \"U0hBMjU2\":\n  metadata.gz: " BLOCK "  data.tar.gz: " BLOCK, BULLA_OK, 0 },
    { "---\nSHA256:\n" BOTH "  data.tar.gz: " HEX64 "\n", BULLA_E_DUPLICATE_KEY, 5 },
    { "---\nSHA256:\n  metadata.gz: " HEX64 "\n", BULLA_E_MISSING_HASH, 0 },
    { "---\n", BULLA_E_MISSING_HASH, 0 },
    { "---\nSHA256:\n  other.gz: " HEX64 "\n", BULLA_E_BAD_SYNTAX, 3 },
    { "---\n  metadata.gz: " HEX64 "\n", BULLA_E_BAD_SYNTAX, 2 },
    { "---\nROT13:\n" BOTH, BULLA_E_UNSUPPORTED_HASH, 2 },
    { "---\nSHA512:\n" BOTH, BULLA_E_BAD_ENCODING, 3 },
    { "---\nSHA256: x\n" BOTH, BULLA_E_BAD_SYNTAX, 2 },
    { "---\n!binary \"U0hBMjU2\":\n  metadata.gz: !binary |-\n    *\n", BULLA_E_BAD_ENCODING, 4 },
    { "SHA256:\n" BOTH, BULLA_E_BAD_SYNTAX, 1 },
};

START_TEST(checksums_are_read_in_one_way)
{
    bulla_digest_set sets[BU_GEM_PARTS];
    err = (bulla_error){ 0 };
    bulla_status status = bu_gem_checksums_read(bu_bytes_of(checksums[_i].text), sets, &err);
    ck_assert_msg(status.code == checksums[_i].code, "%s: %s (%s)", checksums[_i].text,
                  bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(err.line, checksums[_i].line);
    for (size_t i = 0; bulla_ok(status) && i < BU_GEM_PARTS; i++) {
        char hex[BULLA_DIGEST_HEX_MAX];
        ck_assert_uint_eq(sets[i].count, 1);
        ck_assert_str_eq(bulla_digest_hex(&sets[i].items[0], hex), HEX64);
    }
}
END_TEST

/* What is done to an honest gem. */
typedef enum change {
    NOTHING,
    NO_CHECKSUMS,
    OTHER_DATA,
    OTHER_METADATA,
    NO_DATA,
    NO_METADATA,
    PLAIN_METADATA,
    EXTRA_MEMBER,
    SECOND_METADATA,
    BAD_DATA,
    CHECKSUMS_FIRST,
} change;

static void compress(const char *text, bu_buf *out)
{
    build_compressed(BU_COMPRESSION_GZIP, bu_bytes_of(text), out);
}

static void add_digest(const char *name, bulla_bytes bytes, bu_buf *out)
{
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX];
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, &err), err);
    bu_buf_add_format(out, "  %s: %s\n", name, bulla_digest_hex(&digest, hex));
}

static void member(const char *name, const bu_buf *content, bu_buf *out)
{
    build_tar_member(&(build_member){ .name = name, .content = bu_buf_bytes(content) }, out);
}

static void build_gem(const char *spec, change what, bu_buf *out)
{
    static const build_member good[] = { { .name = "lib/demo.rb", .content = BUILD_BYTES("x") },
                                         { 0 } };
    static const build_member bad[] = { { .name = "../demo.rb", .content = BUILD_BYTES("x") },
                                        { 0 } };
    BU_CLEAR(bu_buf) metadata = { 0 }, data = { 0 }, sums = { 0 }, sums_gz = { 0 }, other = { 0 };
    compress(spec, &metadata);
    package_tar(BU_COMPRESSION_GZIP, what == BAD_DATA ? bad : good, &data);
    compress(SPEC "x: y\n", &other);
    bu_buf_add_text(&sums, "---\nSHA256:\n");
    add_digest("metadata.gz", bu_buf_bytes(what == OTHER_METADATA ? &other : &metadata), &sums);
    add_digest("data.tar.gz", bu_buf_bytes(what == OTHER_DATA ? &other : &data), &sums);
    compress((const char *)sums.ptr, &sums_gz);
    if (what == CHECKSUMS_FIRST)
        member("checksums.yaml.gz", &sums_gz, out);
    if (what != NO_METADATA)
        member(what == PLAIN_METADATA ? "metadata" : "metadata.gz", &metadata, out);
    if (what == SECOND_METADATA)
        member("./metadata.gz", &other, out);
    if (what != NO_DATA)
        member("data.tar.gz", &data, out);
    if (what != NO_CHECKSUMS && what != CHECKSUMS_FIRST)
        member("checksums.yaml.gz", &sums_gz, out);
    member(what == EXTRA_MEMBER ? "install.rb" : "metadata.gz.sig", &other, out);
    build_zeros((size_t)2 * BUILD_BLOCK, out);
}

static const struct {
    change what;
    const char *spec, *purl, *name, *version;
    bulla_code code;
} gems[] = {
    { NOTHING, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_OK },
    { CHECKSUMS_FIRST, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_OK },
    { NO_CHECKSUMS, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_OK },
    { NOTHING, SPEC, "pkg:gem/demo@1.2.4", "demo", "1.2.4", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, SPEC, "pkg:gem/demos@1.2.3", "demos", "1.2.3", BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, SPEC, "pkg:gem/demo@1.2.3?platform=java", "demo", "1.2.3",
      BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, BEGIN NAME VERSION "platform: java\n", "pkg:gem/demo@1.2.3?platform=java", "demo",
      "1.2.3", BULLA_OK },
    { NOTHING, BEGIN NAME VERSION "platform: java\n", "pkg:gem/demo@1.2.3", "demo", "1.2.3",
      BULLA_E_SUBJECT_MISMATCH },
    { NOTHING, BEGIN NAME VERSION "platform: x86_64-linux-gnu\n",
      "pkg:gem/demo@1.2.3?platform=x86_64-linux", "demo", "1.2.3", BULLA_OK },
    { NOTHING, BEGIN NAME VERSION "platform: i386-mingw32\n",
      "pkg:gem/demo@1.2.3?platform=x86-mingw32", "demo", "1.2.3", BULLA_OK },
    { NOTHING, BEGIN NAME VERSION "platform: x86_64-linux-musl\n",
      "pkg:gem/demo@1.2.3?platform=x86_64-linux", "demo", "1.2.3", BULLA_E_SUBJECT_MISMATCH },
    { OTHER_DATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_CHECKSUM },
    { OTHER_METADATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_CHECKSUM },
    { NO_DATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_MISSING_FILE },
    { NO_METADATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_MISSING_FILE },
    { PLAIN_METADATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_AMBIGUOUS_ARCHIVE },
    { EXTRA_MEMBER, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_AMBIGUOUS_ARCHIVE },
    { SECOND_METADATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_DUPLICATE_ENTRY },
    { BAD_DATA, SPEC, "pkg:gem/demo@1.2.3", "demo", "1.2.3", BULLA_E_PATH_TRAVERSAL },
};

START_TEST(a_gem_is_held_against_the_component)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    build_gem(gems[_i].spec, gems[_i].what, &bytes);
    bulla_status status = package_walk(gems[_i].purl, "gem", gems[_i].name, gems[_i].version,
                                       bu_buf_bytes(&bytes), &err);
    ck_assert_msg(status.code == gems[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  err.text);
}
END_TEST

START_TEST(a_platform_must_be_one_that_is_locked)
{
    static const bulla_file_pin files[] = { { .name = "demo-1.2.3.gem" },
                                            { .name = "demo-1.2.3-java.gem" } };
    bulla_component component = { .purl = "pkg:gem/demo@1.2.3",
                                  .type = "gem",
                                  .name = "demo",
                                  .version = "1.2.3",
                                  .files = files,
                                  .file_count = 2 };
    BU_CLEAR(bu_buf) java = { 0 }, mingw = { 0 };
    build_gem(BEGIN NAME VERSION "platform: java\n", NOTHING, &java);
    build_gem(BEGIN NAME VERSION "platform: x64-mingw32\n", NOTHING, &mingw);
    unit_ok(package_walk_component(&component, bu_buf_bytes(&java), &err), err);
    unit_fails(package_walk_component(&component, bu_buf_bytes(&mingw), &err),
               BULLA_E_SUBJECT_MISMATCH, err);
    component.files = &files[0];
    component.file_count = 1;
    unit_fails(package_walk_component(&component, bu_buf_bytes(&java), &err),
               BULLA_E_SUBJECT_MISMATCH, err);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    const bulla_component component = {
        .purl = "pkg:gem/demo@1.2.3", .type = "gem", .name = "demo", .version = "1.2.3"
    };
    build_gem(SPEC, NOTHING, &bytes);
    package_survives_allocation_failures(&component, bu_buf_bytes(&bytes));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_gemspec_is_read_in_one_way, 0, sizeof specs / sizeof specs[0]);
    tcase_add_loop_test(tc, checksums_are_read_in_one_way, 0,
                        sizeof checksums / sizeof checksums[0]);
    tcase_add_loop_test(tc, a_gem_is_held_against_the_component, 0, sizeof gems / sizeof gems[0]);
    tcase_add_test(tc, a_platform_must_be_one_that_is_locked);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("package_gem", add);
}
