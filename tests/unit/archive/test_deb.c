/* SPDX-License-Identifier: MIT */
/* Debian packages: exactly three members, so that dpkg, apt and bulla see the same package. */
#include "suite.h"

#include "alloc_fail.h"
#include "base/limits.h"
#include "build.h"

/* clang-format off */
#define VERSION { .name = "debian-binary", .content = BUILD_BYTES("2.0\n") }
#define CONTROL { .name = "control.tar.gz", .control = BU_COMPRESSION_GZIP }
#define DATA    AR("data.tar.xz", "\xFD\x37zXZ\0 whatever")
#define AR(n, s) { .name = n, .content = BUILD_BYTES(s) }
#define SIZED(s) { .name = "debian-binary", .content = BUILD_BYTES("2.0\n"), .size = s }
/* clang-format on */

typedef struct ar_member {
    const char *name; /* NULL ends a list */
    bulla_bytes content;
    bu_compression control; /* NONE: the content above */
    bool plain_control;
    const char *size;
} ar_member;

static void add_control(bu_compression kind, bu_buf *out)
{
    static const build_member members[] = { { .name = "./", .type = '5' },
                                            { .name = "./control",
                                              .content = BUILD_BYTES("Package: a\n") },
                                            { .name = NULL } };
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(members, &tar);
    build_compressed(kind, bu_buf_bytes(&tar), out);
}

static void build_deb(const ar_member *m, bu_buf *out)
{
    bu_buf_add_text(out, "!<arch>\n");
    for (; m->name != NULL; m++) {
        BU_CLEAR(bu_buf) control = { 0 };
        if (m->plain_control || m->control != BU_COMPRESSION_NONE)
            add_control(m->control, &control);
        build_ar_member(m->name, m->size, control.len > 0 ? bu_buf_bytes(&control) : m->content,
                        out);
    }
}

static bulla_status walk(bulla_bytes stored, build_listing *listing, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(stored);
    const bu_walk_visitor visitor = build_visitor(listing);
    return bu_walk_deb(&source.base, &visitor, err);
}

static const struct {
    ar_member members[5];
} honest[] = {
    { { VERSION, CONTROL, DATA } },
    { { VERSION, { .name = "control.tar", .plain_control = true }, DATA } },
    { { VERSION, { .name = "control.tar.xz", .control = BU_COMPRESSION_XZ }, DATA } },
    { { VERSION, { .name = "control.tar.zst", .control = BU_COMPRESSION_ZSTD }, DATA } },
    { { VERSION, CONTROL, AR("data.tar", "plain, and of odd length!") } },
    { { VERSION, CONTROL, AR("data.tar.gz", "\x1F\x8B...") } },
    { { VERSION, CONTROL, AR("data.tar.zst", "\x28\xB5\x2F\xFD...") } },
    { { VERSION, CONTROL, AR("data.tar.bz2", "BZh9...") } },
    { { VERSION, CONTROL, AR("data.tar.lzma", "\x5D\0\0...") } },
    { { AR("debian-binary/", "2.0\n"), /* as GNU ar writes names */
        { .name = "control.tar.gz/", .control = BU_COMPRESSION_GZIP },
        AR("data.tar.xz/", "\xFD\x37zXZ\0") } },
};

START_TEST(honest_packages_are_read)
{
    BU_CLEAR(bu_buf) deb = { 0 };
    BU_CLEAR(build_listing) listing = { .wanted = "control" };
    bulla_error err = { 0 };
    build_deb(honest[_i].members, &deb);
    unit_ok(walk(bu_buf_bytes(&deb), &listing, &err), err);
    ck_assert_str_eq((const char *)listing.text.ptr, "d . 0 \nf control 11 \n");
    ck_assert_str_eq((const char *)listing.content.ptr, "Package: a\n");
}
END_TEST

#define AFTER_VERSION 72 /* where the second header is */

static const struct {
    bulla_code want;
    uint64_t offset; /* UINT64_MAX: anywhere */
    ar_member members[5];
} attacks[] = {
    /* what dpkg and apt might take from another place */
    { BULLA_E_AMBIGUOUS_ARCHIVE, UINT64_MAX, { VERSION, CONTROL, DATA, DATA } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, UINT64_MAX, { VERSION, CONTROL, CONTROL, DATA } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, AFTER_VERSION, { VERSION, VERSION, CONTROL, DATA } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      UINT64_MAX,
      { VERSION, CONTROL, DATA, { .name = "control.tar.xz", .control = BU_COMPRESSION_XZ } } },
    { BULLA_E_BAD_HEADER, AFTER_VERSION, { VERSION, DATA, CONTROL } },
    { BULLA_E_BAD_HEADER, 8, { CONTROL, VERSION, DATA } },
    { BULLA_E_BAD_HEADER, AFTER_VERSION, { VERSION, AR("_extra", "x"), CONTROL, DATA } },
    { BULLA_E_BAD_HEADER, UINT64_MAX, { VERSION, CONTROL, AR("_extra", "x"), DATA } },
    { BULLA_E_TRAILING_DATA, UINT64_MAX, { VERSION, CONTROL, DATA, AR("_gpgorigin", "x") } },
    /* what is missing */
    { BULLA_E_MISSING_FILE, 8, { { .name = NULL } } },
    { BULLA_E_MISSING_FILE, AFTER_VERSION, { VERSION } },
    { BULLA_E_MISSING_FILE, UINT64_MAX, { VERSION, CONTROL } },
    { BULLA_E_BAD_HEADER, AFTER_VERSION, { VERSION, DATA } },
    /* versions and names */
    { BULLA_E_UNSUPPORTED_VERSION, 68, { AR("debian-binary", "3.0\n"), CONTROL, DATA } },
    { BULLA_E_UNSUPPORTED_VERSION, 68, { AR("debian-binary", "2.0"), CONTROL, DATA } },
    { BULLA_E_UNSUPPORTED_VERSION, 68, { AR("debian-binary", "2.0\nmore"), CONTROL, DATA } },
    { BULLA_E_BAD_HEADER, AFTER_VERSION, { VERSION, AR("control.tar.bz2", "BZh9"), DATA } },
    { BULLA_E_BAD_HEADER, AFTER_VERSION, { VERSION, AR("control.tar.gzx", "x"), DATA } },
    { BULLA_E_FORMAT_MISMATCH,
      132,
      { VERSION, { .name = "control.tar.xz", .control = BU_COMPRESSION_GZIP }, DATA } },
    { BULLA_E_FORMAT_MISMATCH,
      132,
      { VERSION, { .name = "control.tar", .control = BU_COMPRESSION_GZIP }, DATA } },
    { BULLA_E_FORMAT_MISMATCH,
      132,
      { VERSION, { .name = "control.tar.gz", .plain_control = true }, DATA } },
    { BULLA_E_FORMAT_MISMATCH, UINT64_MAX, { VERSION, CONTROL, AR("data.tar.xz", "\x1F\x8B") } },
    { BULLA_E_FORMAT_MISMATCH, UINT64_MAX, { VERSION, CONTROL, AR("data.tar", "\x1F\x8B") } },
    /* sizes */
    { BULLA_E_BAD_HEADER, 8 + 48, { SIZED("-4") } },
    { BULLA_E_BAD_HEADER, 8 + 48, { SIZED("+4") } },
    { BULLA_E_BAD_HEADER, 8 + 48, { SIZED(" 4") } },
    { BULLA_E_BAD_HEADER, 8 + 48, { SIZED("4 x") } },
    { BULLA_E_BAD_HEADER, 8 + 48, { SIZED("0x4") } },
    { BULLA_E_BAD_HEADER, 8 + 48, { SIZED("") } },
    { BULLA_E_RESOURCE_LIMIT,
      UINT64_MAX,
      { VERSION,
        CONTROL,
        { .name = "data.tar", .content = BUILD_BYTES("x"), .size = "9999999999" } } },
    { BULLA_E_TRUNCATED,
      UINT64_MAX,
      { VERSION, CONTROL, { .name = "data.tar", .content = BUILD_BYTES("x"), .size = "1000" } } },
    { BULLA_E_TRUNCATED,
      UINT64_MAX,
      { VERSION, { .name = "control.tar.gz", .control = BU_COMPRESSION_GZIP, .size = "40" } } },
};

START_TEST(attacks_are_refused)
{
    BU_CLEAR(bu_buf) deb = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_deb(attacks[_i].members, &deb);
    bulla_status status = walk(bu_buf_bytes(&deb), &listing, &err);
    ck_assert_msg(status.code == attacks[_i].want, "%s: %s", bulla_code_name(status.code),
                  err.text);
    ck_assert_int_eq(err.exit, BULLA_EXIT_MALFORMED);
    if (attacks[_i].offset != UINT64_MAX)
        ck_assert_uint_eq(err.offset, attacks[_i].offset);
}
END_TEST

START_TEST(a_package_cut_off_anywhere_is_refused)
{
    static const ar_member members[] = { VERSION, CONTROL, DATA, { .name = NULL } };
    BU_CLEAR(bu_buf) deb = { 0 };
    build_deb(members, &deb);
    for (size_t len = 0; len < deb.len; len++) {
        BU_CLEAR(build_listing) listing = { 0 };
        bulla_error err = { 0 };
        bulla_status status = walk((bulla_bytes){ deb.ptr, len }, &listing, &err);
        ck_assert_msg(status.code == BULLA_E_TRUNCATED || status.code == BULLA_E_MISSING_FILE,
                      "%zu: %s", len, err.text);
        ck_assert_int_eq(err.exit, BULLA_EXIT_MALFORMED);
    }
}
END_TEST

START_TEST(bytes_behind_are_refused)
{
    static const ar_member members[] = { VERSION, CONTROL, DATA, { .name = NULL } };
    BU_CLEAR(bu_buf) deb = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_deb(members, &deb);
    size_t end = deb.len;
    bu_buf_add_text(&deb, "\n");
    unit_fails(walk(bu_buf_bytes(&deb), &listing, &err), BULLA_E_TRAILING_DATA, err);
    ck_assert_uint_eq(err.offset, end);
}
END_TEST

START_TEST(padding_is_one_newline)
{
    static const ar_member members[] = {
        VERSION, CONTROL, AR("data.tar", "odd"), { .name = NULL }
    };
    BU_CLEAR(bu_buf) deb = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_deb(members, &deb);
    unit_ok(walk(bu_buf_bytes(&deb), &listing, &err), err);
    deb.ptr[deb.len - 1] = 'x';
    unit_fails(walk(bu_buf_bytes(&deb), &listing, &err), BULLA_E_BAD_HEADER, err);
    ck_assert_uint_eq(err.offset, deb.len - 1);
}
END_TEST

START_TEST(other_files_are_no_packages)
{
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    unit_fails(walk(BULLA_LIT("!<arch>x"), &listing, &err), BULLA_E_FORMAT_MISMATCH, err);
    ck_assert_uint_eq(err.offset, 0);
    unit_fails(walk(BULLA_LIT("PK\3\4........"), &listing, &err), BULLA_E_FORMAT_MISMATCH, err);
    unit_fails(walk(BULLA_LIT(""), &listing, &err), BULLA_E_TRUNCATED, err);
}
END_TEST

/* What is wrong in the control archive is said with the name of that archive. */
START_TEST(control_is_walked)
{
    static const build_member evil[] = { { .name = "../a" }, { .name = NULL } };
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(bu_buf) deb = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_tar(evil, &tar);
    const ar_member members[] = {
        VERSION, { .name = "control.tar", .content = bu_buf_bytes(&tar) }, DATA, { .name = NULL }
    };
    build_deb(members, &deb);
    unit_fails(walk(bu_buf_bytes(&deb), &listing, &err), BULLA_E_PATH_TRAVERSAL, err);
    ck_assert_msg(strstr(err.text, "control.tar: member ../a") == err.text, "%s", err.text);
}
END_TEST

static bulla_status pass_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)context;
    (void)m;
    (void)want;
    (void)err;
    return BU_OK;
}

START_TEST(every_allocation_may_fail)
{
    static const ar_member members[] = { VERSION, CONTROL, DATA, { .name = NULL } };
    BU_CLEAR(bu_buf) deb = { 0 };
    build_deb(members, &deb);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&deb));
        const bu_walk_visitor visitor = { .member = pass_member };
        alloc_fail_at(n);
        bulla_status status = bu_walk_deb(&source.base, &visitor, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 5);
            return;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, honest_packages_are_read, 0, sizeof honest / sizeof honest[0]);
    tcase_add_loop_test(tc, attacks_are_refused, 0, sizeof attacks / sizeof attacks[0]);
    tcase_add_test(tc, a_package_cut_off_anywhere_is_refused);
    tcase_add_test(tc, bytes_behind_are_refused);
    tcase_add_test(tc, padding_is_one_newline);
    tcase_add_test(tc, other_files_are_no_packages);
    tcase_add_test(tc, control_is_walked);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("archive/deb", add);
}
