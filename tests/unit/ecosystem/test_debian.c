/* SPDX-License-Identifier: MIT */
/*
 * Debian's signed chain as data: what a Release, an index, a control file and
 * a file name say, and what they may not say.
 */
#include "alloc_fail.h"
#include "base/cleanup.h"
#include "ecosystem/debian.h"
#include "suite.h"

#define H "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define RELEASE                                                                                    \
    "Origin: Debian\nSuite: stable\nCodename: bookworm\nDate: Sat, 10 May 2025 09:43:00 UTC\n"

static bu_arena *arena;
static bulla_error err;

static void start(void)
{
    arena = bu_arena_new();
    err = (bulla_error){ 0 };
}

static void stop(void)
{
    bu_arena_free(arena);
}

START_TEST(a_release_names_its_files)
{
    bu_release release = { 0 };
    unit_ok(bu_release_parse(
                BULLA_LIT(RELEASE "Valid-Until: Sat, 17 May 2025 09:43:00 UTC\nMD5Sum:\n"
                                  " 0123 1 main/x\nSHA256:\n " H " 1180 main/Release\n " H
                                  "        0 main/binary-amd64/Packages\nAcquire-By-Hash: yes\n"),
                "Release", arena, &release, &err),
            err);
    ck_assert_str_eq(release.origin, "Debian");
    ck_assert_str_eq(release.suite, "stable");
    ck_assert_str_eq(release.codename, "bookworm");
    ck_assert_int_eq(release.date, 1746870180);
    ck_assert_int_eq(release.valid_until, 1747474980);
    ck_assert_uint_eq(release.count, 2);
    ck_assert_str_eq(release.files[0].path, "main/Release");
    ck_assert_uint_eq(release.files[0].size, 1180);
    ck_assert_str_eq(release.files[1].path, "main/binary-amd64/Packages");
    ck_assert_uint_eq(release.files[1].sha256.bytes[1], 0x23);
}
END_TEST

START_TEST(a_release_without_an_end_is_valid_for_ever)
{
    bu_release release = { 0 };
    unit_ok(bu_release_parse(BULLA_LIT("Date: Sat, 10 May 2025 09:43:00 UTC\nSHA256:\n"), "Release",
                             arena, &release, &err),
            err);
    ck_assert_int_eq(release.valid_until, INT64_MAX);
    ck_assert_uint_eq(release.count, 0);
    ck_assert_ptr_null(release.suite);
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
    uint32_t line;
} bad_releases[] = {
    { "", BULLA_E_EMPTY, 0 },
    { "Origin: Debian\nSHA256:\n", BULLA_E_MISSING_FIELD, 1 },
    { "Date: yesterday\nSHA256:\n", BULLA_E_BAD_TIME, 1 },
    { RELEASE "Valid-Until: never\nSHA256:\n", BULLA_E_BAD_TIME, 5 },
    { RELEASE "MD5Sum:\n", BULLA_E_MISSING_HASH, 1 },
    { RELEASE "SHA256:\n 0123 1 main/x\n", BULLA_E_BAD_ENCODING, 6 },
    { RELEASE "SHA256:\n " H " 1 main/x\n " H " one main/y\n", BULLA_E_BAD_NUMBER, 7 },
    { RELEASE "SHA256:\n " H " -1 main/x\n", BULLA_E_BAD_NUMBER, 6 },
    { RELEASE "SHA256:\n " H " 99999999999999999999 main/x\n", BULLA_E_BAD_NUMBER, 6 },
    { RELEASE "SHA256:\n " H " 1 ../x\n", BULLA_E_PATH_TRAVERSAL, 6 },
    { RELEASE "SHA256:\n " H " 1 main/../../x\n", BULLA_E_PATH_TRAVERSAL, 6 },
    { RELEASE "SHA256:\n " H " 1 /etc/x\n", BULLA_E_PATH_TRAVERSAL, 6 },
    { RELEASE "SHA256:\n " H " 1 main\\x\n", BULLA_E_PATH_TRAVERSAL, 6 },
    { RELEASE "SHA256:\n " H " 1\n", BULLA_E_PATH_TRAVERSAL, 6 },
    { RELEASE "SHA256:\n " H " 1 main/x more\n", BULLA_E_BAD_SYNTAX, 6 },
    { RELEASE "SHA256:\n " H " 1 main/x\n " H " 2 main/x\n", BULLA_E_DUPLICATE_ENTRY, 7 },
    { RELEASE "Date: Sat, 10 May 2025 09:43:00 UTC\nSHA256:\n", BULLA_E_DUPLICATE_ENTRY, 5 },
    { RELEASE "SHA256:\n\nOrigin: Evil\nSHA256:\n", BULLA_E_TRAILING_DATA, 7 },
    { "no fields\n", BULLA_E_BAD_SYNTAX, 1 },
};

START_TEST(a_bad_release_is_refused_with_its_line)
{
    bu_release release = { .count = 42 };
    unit_fails(
        bu_release_parse(bu_bytes_of(bad_releases[_i].text), "Release", arena, &release, &err),
        bad_releases[_i].code, err);
    ck_assert_uint_eq(err.line, bad_releases[_i].line);
    ck_assert_str_eq(err.file, "Release");
    ck_assert_uint_eq(release.count, 42); /* set only on success */
}
END_TEST

#define ENTRY(name)  "Package: " name "\nVersion: 1:2.0-1\nArchitecture: amd64\n"
#define LISTED(name) ENTRY(name) "Filename: pool/main/" name ".deb\nSize: 1234\nSHA256: " H "\n"

static bu_deb_entry seen[4];
static size_t seen_count;

static bool is_wanted(void *context, bulla_bytes package)
{
    return bu_bytes_is(package, context);
}

static bulla_status take(void *context, const bu_deb_entry *entry, bulla_error *e)
{
    (void)context;
    if (seen_count == 4)
        return bu_fail(e, BULLA_E_INTERNAL, "too many");
    seen[seen_count++] = *entry;
    return BU_OK;
}

static bulla_status read_packages(const char *text)
{
    bu_memory_source source = bu_memory_source_of(bu_bytes_of(text));
    char wanted[] = "b";
    seen_count = 0;
    return bu_packages_read(&source.base, "Packages", arena, is_wanted, take, wanted, &err);
}

START_TEST(an_index_gives_what_is_wanted_of_it)
{
    unit_ok(read_packages("Package: a\n\n" LISTED(
                "b") "Depends: c,\n d\nMulti-Arch: same\n"
                     "Essential: yes\nPre-Depends: e\nDescription: x\n y\n\n" LISTED(
                         "c") "\n" LISTED("b")),
            err);
    ck_assert_uint_eq(seen_count, 2); /* what is not wanted is not judged either */
    ck_assert_str_eq(seen[0].package, "b");
    ck_assert_str_eq(seen[0].version, "1:2.0-1");
    ck_assert_str_eq(seen[0].architecture, "amd64");
    ck_assert_str_eq(seen[0].filename, "pool/main/b.deb");
    ck_assert_uint_eq(seen[0].size, 1234);
    ck_assert_int_eq(seen[0].sha256.alg, BULLA_ALG_SHA256);
    ck_assert_uint_eq(seen[0].line, 3);
    ck_assert_str_eq(seen[0].depends, "c,\n d");
    ck_assert_str_eq(seen[0].pre_depends, "e");
    ck_assert_str_eq(seen[0].multiarch, "same");
    ck_assert_str_eq(seen[0].essential, "yes");
    ck_assert_ptr_null(seen[1].depends);
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
    uint32_t line;
} bad_indexes[] = {
    { "Version: 1\n", BULLA_E_MISSING_FIELD, 1 },
    { "Package: b\nVersion: 1\n", BULLA_E_MISSING_FIELD, 1 },
    { ENTRY("b") "Size: 1\nSHA256: " H "\n", BULLA_E_MISSING_FIELD, 1 },
    { ENTRY("b") "Filename: b.deb\nSHA256: " H "\n", BULLA_E_MISSING_FIELD, 1 },
    { LISTED("a") "\n" ENTRY("b") "Filename: b.deb\nSize: 1\nSHA1: 0123\n", BULLA_E_MISSING_HASH,
      8 },
    { ENTRY("b") "Filename: ../b.deb\nSize: 1\nSHA256: " H "\n", BULLA_E_PATH_TRAVERSAL, 4 },
    { ENTRY("b") "Filename: b.deb\nSize: 0x1\nSHA256: " H "\n", BULLA_E_BAD_NUMBER, 5 },
    { ENTRY("b") "Filename: b.deb\nSize: 1\nSHA256: 0123\n", BULLA_E_BAD_ENCODING, 6 },
    { "Package: b\nVersion: 1/2\nArchitecture: amd64\n", BULLA_E_BAD_NAME, 2 },
    { "Package: b\nVersion: 1\nArchitecture: ../x\n", BULLA_E_BAD_NAME, 3 },
    { LISTED("b") "Size: 2\n", BULLA_E_DUPLICATE_ENTRY, 7 },
};

START_TEST(a_bad_index_is_refused_with_its_line)
{
    unit_fails(read_packages(bad_indexes[_i].text), bad_indexes[_i].code, err);
    ck_assert_uint_eq(err.line, bad_indexes[_i].line);
    ck_assert_str_eq(err.file, "Packages");
}
END_TEST

START_TEST(a_control_file_is_one_stanza)
{
    bu_deb_entry entry = { .size = 42 };
    unit_ok(bu_control_parse(BULLA_LIT(ENTRY("b") "Depends: c\n"), "control", arena, &entry, &err),
            err);
    ck_assert_str_eq(entry.package, "b");
    ck_assert_str_eq(entry.depends, "c");
    ck_assert_uint_eq(entry.size, 0);
    unit_fails(
        bu_control_parse(BULLA_LIT(ENTRY("b") "\n" ENTRY("c")), "control", arena, &entry, &err),
        BULLA_E_TRAILING_DATA, err);
    ck_assert_uint_eq(err.line, 5);
    unit_fails(
        bu_control_parse(BULLA_LIT("Package: b\nVersion: 1\n"), "control", arena, &entry, &err),
        BULLA_E_MISSING_FIELD, err);
    unit_fails(bu_control_parse(BULLA_LIT("\n\n"), "control", arena, &entry, &err), BULLA_E_EMPTY,
               err);
}
END_TEST

static const struct {
    const char *filename, *package, *version, *architecture; /* NULL: refused */
} filenames[] = {
    { "curl_7.88.1-10+deb12u5_amd64.deb", "curl", "7.88.1-10+deb12u5", "amd64" },
    { "git_1%3a2.39.2-1.1_amd64.deb", "git", "1:2.39.2-1.1", "amd64" },
    { "x%5fy_1_all.deb", "x_y", "1", "all" },
    { "a_1~rc1_kfreebsd-amd64.deb", "a", "1~rc1", "kfreebsd-amd64" },
    { "", NULL, NULL, NULL },
    { ".deb", NULL, NULL, NULL },
    { "a_1.deb", NULL, NULL, NULL },
    { "a_1_amd64", NULL, NULL, NULL },
    { "a_1_amd64_x.deb", NULL, NULL, NULL },
    { "a_1_amd64.udeb", NULL, NULL, NULL },
    { "a__amd64.deb", NULL, NULL, NULL },
    { "_1_amd64.deb", NULL, NULL, NULL },
    { "a%2fb_1_amd64.deb", NULL, NULL, NULL },
    { "a%00b_1_amd64.deb", NULL, NULL, NULL },
    { "a_1%3_amd64.deb", NULL, NULL, NULL },
    { "a_1%3A2_amd64.deb", NULL, NULL, NULL }, /* apt writes lower case: one name has one text */
    { "../a_1_amd64.deb", NULL, NULL, NULL },
};

START_TEST(a_file_name_says_what_is_in_it)
{
    bu_deb_entry entry = { 0 };
    bulla_status status =
        bu_deb_filename_parse(bu_bytes_of(filenames[_i].filename), arena, &entry, &err);
    if (filenames[_i].package == NULL) {
        unit_fails(status, BULLA_E_BAD_NAME, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_str_eq(entry.package, filenames[_i].package);
    ck_assert_str_eq(entry.version, filenames[_i].version);
    ck_assert_str_eq(entry.architecture, filenames[_i].architecture);
}
END_TEST

static bulla_status parse_all(bulla_error *e)
{
    BU_AUTO(bu_arena) own = bu_arena_new();
    if (own == NULL)
        return bu_no_memory(e);
    bu_release release;
    bu_deb_entry entry;
    bu_memory_source source = bu_memory_source_of(BULLA_LIT(LISTED("b")));
    char wanted[] = "b";
    seen_count = 0;
    BU_TRY(bu_release_parse(BULLA_LIT(RELEASE "SHA256:\n " H " 1 main/x\n"), "Release", own,
                            &release, e));
    BU_TRY(bu_packages_read(&source.base, "Packages", own, is_wanted, take, wanted, e));
    BU_TRY(bu_control_parse(BULLA_LIT(ENTRY("b")), "control", own, &entry, e));
    return bu_deb_filename_parse(BULLA_LIT("a_1_amd64.deb"), own, &entry, e);
}

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    for (size_t n = 0;; n++) {
        err = (bulla_error){ 0 };
        alloc_fail_at(n);
        bulla_status status = parse_all(&err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, start, stop);
    tcase_add_test(tc, a_release_names_its_files);
    tcase_add_test(tc, a_release_without_an_end_is_valid_for_ever);
    tcase_add_loop_test(tc, a_bad_release_is_refused_with_its_line, 0, COUNT(bad_releases));
    tcase_add_test(tc, an_index_gives_what_is_wanted_of_it);
    tcase_add_loop_test(tc, a_bad_index_is_refused_with_its_line, 0, COUNT(bad_indexes));
    tcase_add_test(tc, a_control_file_is_one_stanza);
    tcase_add_loop_test(tc, a_file_name_says_what_is_in_it, 0, COUNT(filenames));
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("debian", add);
}
