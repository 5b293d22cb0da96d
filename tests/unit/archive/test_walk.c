/* SPDX-License-Identifier: MIT */
/* Tar: what honest packers write is listed exactly; what could be read in two ways is refused. */
#include "suite.h"

#include <locale.h>

#include "alloc_fail.h"
#include "base/limits.h"
#include "build.h"

#define TEXT(s) .content = BUILD_BYTES(s)

/* Members: file, folder, link, hard link, extension; what else is set follows the name. */
/* clang-format off */
#define F(...) { .name = __VA_ARGS__ }
#define D(...) { .type = '5', .name = __VA_ARGS__ }
#define L(...) { .type = '2', .name = __VA_ARGS__ }
#define H(...) { .type = '1', .name = __VA_ARGS__ }
#define X(flag, body) { .name = "extension", .type = flag, TEXT(body) }
#define STRASSE "stra\xC3\x9F" "e" /* with a sharp s */
/* clang-format on */

#define PATCH(at, s) .patch = { at, BUILD_BYTES(s) }
#define GNU          .magic = BUILD_GNU_MAGIC
#define OLD          .magic = BUILD_V7_MAGIC
#define LONG_50      "0123456789012345678901234567890123456789012345678/"
#define LONG_100     LONG_50 LONG_50
#define CUT_OFF      LONG_50 "0123456789012345678901234567890123456789012345678" /* 99 of them */
#define CAFE         "caf\xC3\xA9"
#define CAFE_NFD     "cafe\xCC\x81"

static bulla_status walk(bulla_bytes stored, build_listing *listing, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(stored);
    const bu_walk_visitor visitor = build_visitor(listing);
    return bu_walk_tar(&source.base, &visitor, err);
}

/* What packers write, and what must be listed. */
static const struct {
    build_member members[4];
    const char *listing;
} honest[] = {
    { { F("package/package.json", TEXT("{}")) }, "f package/package.json 2 \n" },
    { { D("./"), F("./control", TEXT("Package: a\n")) }, "d . 0 \nf control 11 \n" },
    { { D("p/d"), F("p/d/a"), F("p/d/b") }, "d p/d 0 \nf p/d/a 0 \nf p/d/b 0 \n" },
    { { F("b", .prefix = "package/lib", TEXT("x")) }, "f package/lib/b 1 \n" },
    /* GNU tar */
    { { F("p/a", GNU, TEXT("x")) }, "f p/a 1 \n" },
    { { F(CUT_OFF "/", GNU, .gnu_name = LONG_100 "end") }, "f " LONG_100 "end 0 \n" },
    { { F("p/a"), L("p/l", .link = "a", .gnu_link = "a", GNU) }, "f p/a 0 \nl p/l 0 a\n" },
    /* before POSIX */
    { { F("p/", .type = 'v', OLD), F("p/a", .type = 'v', OLD, TEXT("x")) }, "d p 0 \nf p/a 1 \n" },
    { { F("a", TEXT("x"), .size = "         01 ") }, "f a 1 \n" },
    { { F("a", TEXT("x"), .size = "00000000001 ") }, "f a 1 \n" },
    { { F("a", TEXT("x"), .size = "000000000001") }, "f a 1 \n" },
    /* git archive */
    { { X('g', "13 comment=a\n"), F("a") }, "f a 0 \n" },
    /* node-tar: owner in base 256, times in the prefix, records of its own */
    { { F("a", PATCH(108, "\x80\0\0\0\x07\x27\x07\x27")) }, "f a 0 \n" },
    { { F("a", PATCH(475, "\00013745473532\00013745473532")) }, "f a 0 \n" },
    { { F("a", TEXT("x"), .pax = { "path=a", "size=1", "NODETAR.depth=1" }) }, "f a 1 \n" },
    /* names that only an extension can hold, and what packers leave in the header then */
    { { F(CAFE, .pax = { "path=" CAFE }) }, "f " CAFE " 0 \n" },
    { { F("caf?", .pax = { "path=" CAFE }) }, "f " CAFE " 0 \n" },
    { { F("caf", .pax = { "path=" CAFE }) }, "f " CAFE " 0 \n" },
    { { F(CUT_OFF, .pax = { "path=" LONG_100 "end" }) }, "f " LONG_100 "end 0 \n" },
    { { F(CAFE) }, "f " CAFE " 0 \n" },
    { { F(CAFE_NFD, .pax = { "path=" CAFE_NFD }) }, "f " CAFE_NFD " 0 \n" }, /* from a Mac */
    { { F("a", .pax = { "uname=" CAFE, "SCHILY.xattr.user.a=\xFF" }) }, "f a 0 \n" },
    /* links */
    { { L("p/l", .link = "a"), F("p/a") }, "l p/l 0 a\nf p/a 0 \n" },
    { { F("p/a"), H("p/h", .link = "p/a") }, "f p/a 0 \nh p/h 0 p/a\n" },
    /* npm packs what "main" names as "./x" twice */
    { { F("p/./a", TEXT("same")), F("p/b"), F("p/a", TEXT("same")) },
      "f p/a 4 \nf p/b 0 \nf p/a 4 \n" },
    { { F("p/./a"), F("p/a") }, "f p/a 0 \nf p/a 0 \n" },
};

START_TEST(honest_archives_are_listed)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_tar(honest[_i].members, &tar);
    unit_ok(walk(bu_buf_bytes(&tar), &listing, &err), err);
    ck_assert_str_eq((const char *)listing.text.ptr, honest[_i].listing);
}
END_TEST

/* The same archive is the same in every language. */
START_TEST(the_locale_changes_nothing)
{
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
    for (size_t i = 0; i < sizeof honest / sizeof honest[0]; i++) {
        BU_CLEAR(bu_buf) tar = { 0 };
        BU_CLEAR(build_listing) listing = { 0 };
        bulla_error err = { 0 };
        build_tar(honest[i].members, &tar);
        unit_ok(walk(bu_buf_bytes(&tar), &listing, &err), err);
        ck_assert_str_eq((const char *)listing.text.ptr, honest[i].listing);
    }
    ck_assert_str_eq(setlocale(LC_ALL, NULL), "C.UTF-8");
}
END_TEST

/* What no honest packer writes; `offset` is where the refused header, or what follows it, is. */
static const struct {
    bulla_code want;
    uint64_t offset;
    const char *says;
    build_member members[4];
} attacks[] = {
    /* names */
    { BULLA_E_PATH_TRAVERSAL, 512, "member /etc/passwd", { F("a"), F("/etc/passwd") } },
    { BULLA_E_PATH_TRAVERSAL, 0, "member p/../../a", { F("p/../../a") } },
    { BULLA_E_PATH_TRAVERSAL, 0, "member ../a", { F("a", .prefix = "..") } },
    { BULLA_E_PATH_TRAVERSAL, 0, "backslash", { F("a\\b") } },
    { BULLA_E_PATH_TRAVERSAL, 0, "drive", { F("p/C:a") } },
    { BULLA_E_BAD_NAME, 0, "empty", { F("") } },
    { BULLA_E_BAD_NAME, 0, "a//b", { F("a//b") } },
    { BULLA_E_BAD_NAME, 0, "root", { F(".") } },
    { BULLA_E_CONTROL_CHARACTER, 0, "", { F("a\nb") } },
    { BULLA_E_CONTROL_CHARACTER, 0, "", { F("a\xE2\x80\xAE") } },
    { BULLA_E_BAD_ENCODING, 0, "", { F("a\xFF") } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "", { F("a", PATCH(50, "hidden")) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 345, "", { F("a", PATCH(480, "x")) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 345, "prefix", { F("a", GNU, .prefix = "p") } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 345, "prefix", { F("a", OLD, .prefix = "p") } },
    /* the same name twice */
    { BULLA_E_DUPLICATE_ENTRY, 1536, "member a", { F("a", TEXT("x")), F("b"), F("a", TEXT("y")) } },
    { BULLA_E_DUPLICATE_ENTRY, 512, "", { F("a"), F("a") } },
    { BULLA_E_DUPLICATE_ENTRY, 1024, "", { F("p/a", TEXT("x")), F("p/./a", TEXT("x")) } },
    { BULLA_E_DUPLICATE_ENTRY, 1024, "", { F("p/./a", TEXT("x")), F("p/a", TEXT("y")) } },
    { BULLA_E_DUPLICATE_ENTRY, 512, "", { F("p/./a"), D("p/a") } },
    { BULLA_E_DUPLICATE_ENTRY, 512, "", { F("./a"), F("a") } },
    { BULLA_E_DUPLICATE_ENTRY, 512, "", { D("a"), D("a/") } },
    { BULLA_E_DUPLICATE_ENTRY, 512, "below a file", { F("a"), F("a/b") } },
    { BULLA_E_DUPLICATE_ENTRY, 0, "below a file", { F("A/b"), F("a") } },
    { BULLA_E_NAME_COLLISION, 512, "README", { F("README"), F("readme") } },
    { BULLA_E_NAME_COLLISION, 512, CAFE, { F(CAFE), F(CAFE_NFD) } },
    { BULLA_E_NAME_COLLISION, 512, "", { F(STRASSE), F("strasse") } },
    /* links */
    { BULLA_E_LINK_ESCAPE, 0, "member p/l", { L("p/l", .link = "../../etc/passwd") } },
    { BULLA_E_LINK_ESCAPE, 0, "", { L("p/l", .link = "../a"), F("a") } },
    { BULLA_E_LINK_ESCAPE, 0, "absolute", { L("l", .link = "/etc/passwd") } },
    { BULLA_E_BAD_LINK, 0, "", { L("l") } },
    { BULLA_E_BAD_LINK, 0, "itself", { L("l", .link = "l") } },
    { BULLA_E_BAD_LINK, 512, "nothing", { F("a"), L("l", .link = "b") } },
    { BULLA_E_BAD_LINK, 512, "nothing", { F("a"), L("l", .link = "A") } },
    { BULLA_E_BAD_LINK, 1024, "", { F("a"), L("l", .link = "a"), L("m", .link = "l") } },
    { BULLA_E_BAD_LINK, 512, "than a file", { D("d"), L("l", .link = "d") } },
    { BULLA_E_BAD_LINK, 1024, "through a link", { F("a"), L("l", .link = "a"), F("l/b") } },
    { BULLA_E_BAD_LINK, 0, "later", { H("h", .link = "a"), F("a") } },
    { BULLA_E_LINK_ESCAPE, 512, "", { F("a"), H("h", .link = "../a") } },
    { BULLA_E_BAD_LINK, 1024, "", { F("a"), L("l", .link = "a"), H("h", .link = "l") } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "no link", { F("a", .link = "b") } },
    { BULLA_E_BAD_HEADER, 512, "", { F("a"), L("l/", .link = "a") } },
    /* kinds and sizes */
    { BULLA_E_SPECIAL_FILE, 0, "device", { F("a", .type = '3') } },
    { BULLA_E_SPECIAL_FILE, 0, "device", { F("a", .type = '4') } },
    { BULLA_E_SPECIAL_FILE, 0, "FIFO", { F("a", .type = '6') } },
    { BULLA_E_UNSUPPORTED_FEATURE, 156, "sparse", { F("a", .type = 'S', GNU) } },
    { BULLA_E_UNSUPPORTED_FEATURE, 156, "volume", { F("a", .type = 'M', GNU) } },
    { BULLA_E_UNSUPPORTED_FEATURE, 156, "'7'", { F("a", .type = '7') } },
    { BULLA_E_BAD_HEADER, 0, "content", { D("d", TEXT("x")) } },
    { BULLA_E_BAD_HEADER, 0, "folder", { F("d/", TEXT("x")) } },
    { BULLA_E_BAD_HEADER, 512, "content", { F("a"), L("l", .link = "a", TEXT("x")) } },
    { BULLA_E_BAD_HEADER, 512, "content", { F("a"), H("h", .link = "a", TEXT("x")) } },
    { BULLA_E_BAD_HEADER, 124, "octal", { F("a", TEXT("x"), .size = "-0000000001") } },
    { BULLA_E_BAD_HEADER, 124, "octal", { F("a", TEXT("x"), .size = "0000000001x") } },
    { BULLA_E_BAD_HEADER, 124, "octal", { F("a", TEXT("x"), .size = "00000000008") } },
    { BULLA_E_BAD_HEADER, 124, "octal", { F("a", TEXT("x"), .size = "0000 000001") } },
    { BULLA_E_BAD_HEADER, 124, "octal", { F("a", .size = "            ") } },
    { BULLA_E_BAD_HEADER,
      124,
      "octal",
      { F("a", TEXT("x"), PATCH(124, "\x80\0\0\0\0\0\0\0\0\0\0\1")) } },
    { BULLA_E_BAD_HEADER,
      124,
      "octal",
      { F("a", TEXT("x"), PATCH(124, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")) } },
    { BULLA_E_RESOURCE_LIMIT, 124, "", { F("a", .size = "777777777777") } },
    /* headers */
    { BULLA_E_CHECKSUM, 512 + 148, "", { F("a"), F("b", .bad_checksum = true) } },
    { BULLA_E_BAD_HEADER, 257, "", { F("a", .magic = BUILD_BYTES("ustar\00001")) } },
    { BULLA_E_BAD_HEADER, 257, "", { F("a", .magic = BUILD_BYTES("USTAR\00000")) } },
    { BULLA_E_BAD_HEADER, 500, "", { F("a", PATCH(508, "tar")) } },
    /* extensions that contradict the header, or each other */
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "names", { F("p/a", .pax = { "path=p/b" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "names",
      { F("p/index.js", .pax = { "path=p/index.js." CAFE }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "names", { F("p/a", .pax = { "path=" LONG_100 "p/a" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "names", { F("p/a", .gnu_name = "p/b", GNU) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      1536,
      "two",
      { F("p/a", .gnu_name = "p/a", .pax = { "path=p/a" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      512,
      "",
      { F("a"), L("l", .link = "a", .pax = { "linkpath=b" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "", { F("a", .pax = { "linkpath=b" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "sizes", { F("a", TEXT("x"), .pax = { "size=512" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "sizes", { F("a", TEXT("x"), .pax = { "size=0" }) } },
    { BULLA_E_UNSUPPORTED_FEATURE, 1024, "", { F("a"), F("b", .pax = { "GNU.sparse.name=c" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      532,
      "twice",
      { F("a", .pax = { "mtime=1", "path=a", "path=a" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      1536,
      "two extension headers",
      { X('x', "9 path=b\n"), F("b", .pax = { "mtime=1" }) } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 512, "global", { X('g', "9 path=b\n"), F("a") } },
    { BULLA_E_BAD_HEADER,
      1536,
      "global",
      { X('x', "9 path=a\n"), X('g', "11 mtime=1\n"), F("a") } },
    { BULLA_E_BAD_HEADER, 512, "without its member", { F("a"), X('x', "9 path=b\n") } },
    { BULLA_E_BAD_HEADER, 512, "NUL", { X('L', "a"), F("a") } },
    { BULLA_E_BAD_HEADER, 512, "NUL", { X('L', "a\0b\0"), F("a") } },
    { BULLA_E_BAD_HEADER, 512, "NUL", { X('L', "a\0\0"), F("a") } },
    { BULLA_E_BAD_HEADER, 512, "NUL", { X('L', ""), F("a") } },
    { BULLA_E_RESOURCE_LIMIT,
      0,
      "extension",
      { F("x", .type = 'x', .size = "00100000001"), F("a") } },
    { BULLA_E_EMPTY, UINT64_MAX, "", { { .name = NULL } } },
};

START_TEST(attacks_are_refused)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_tar(attacks[_i].members, &tar);
    bulla_status status = walk(bu_buf_bytes(&tar), &listing, &err);
    ck_assert_msg(status.code == attacks[_i].want, "%s: %s", bulla_code_name(status.code),
                  err.text);
    ck_assert_uint_eq(err.offset, attacks[_i].offset);
    ck_assert_msg(strstr(err.text, attacks[_i].says) != NULL, "%s", err.text);
}
END_TEST

/* A member that is large enough to lie across chunks. */
static void add_large(const char *name, size_t size, bu_buf *tar)
{
    uint8_t *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 2654435761u >> 13);
    build_tar_member(&(build_member){ .name = name, .content = { bytes, size } }, tar);
    free(bytes);
}

START_TEST(content_is_given_whole)
{
    static const size_t sizes[] = { 0, 1, 511, 512, 513, 130000, 131072, 131073, 1000000 };
    static const bu_compression kinds[] = { BU_COMPRESSION_NONE, BU_COMPRESSION_GZIP,
                                            BU_COMPRESSION_XZ, BU_COMPRESSION_ZSTD,
                                            BU_COMPRESSION_LZ4 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BU_CLEAR(bu_buf) tar = { 0 };
        BU_CLEAR(bu_buf) stored = { 0 };
        BU_CLEAR(build_listing) listing = { .wanted = "p/wanted" };
        bulla_error err = { 0 };
        add_large("p/before", sizes[i], &tar);
        size_t at = tar.len + BUILD_BLOCK;
        add_large("p/wanted", sizes[i], &tar);
        add_large("p/after", sizes[i], &tar);
        build_zeros(2 * BUILD_BLOCK, &tar);
        build_compressed(kinds[_i], bu_buf_bytes(&tar), &stored);
        unit_ok(walk(bu_buf_bytes(&stored), &listing, &err), err);
        ck_assert(bu_bytes_equal(bu_buf_bytes(&listing.content),
                                 (bulla_bytes){ tar.ptr + at, sizes[i] }));
    }
}
END_TEST

START_TEST(content_that_is_too_large_is_not_given)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(build_listing) listing = { .wanted = "a" };
    bulla_error err = { 0 };
    add_large("a", BU_LIMIT_METADATA_BYTES + 1, &tar);
    build_zeros(2 * BUILD_BLOCK, &tar);
    unit_fails(walk(bu_buf_bytes(&tar), &listing, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.offset, 0);
    listing.wanted = NULL;
    unit_ok(walk(bu_buf_bytes(&tar), &listing, &err), err);
}
END_TEST

/* A package cut off at any block is not a smaller package. */
START_TEST(a_missing_end_is_seen)
{
    static const build_member members[] = { { .name = "p/a", TEXT("x") },
                                            { .name = CAFE, .pax = { "path=" CAFE } },
                                            { .name = "p/b", .type = '5' },
                                            { .name = NULL } };
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(members, &tar);
    for (size_t len = 1; len < tar.len; len++) {
        BU_CLEAR(build_listing) listing = { 0 };
        bulla_error err = { 0 };
        unit_fails(walk((bulla_bytes){ tar.ptr, len }, &listing, &err), BULLA_E_TRUNCATED, err);
        ck_assert_uint_le(err.offset, len);
    }
}
END_TEST

START_TEST(nothing_but_zeros_may_follow_the_end)
{
    static const build_member one[] = { { .name = "a" }, { .name = NULL } };
    static const struct {
        size_t zeros; /* bytes of them after the end */
        const char *text;
        bool archive; /* another one */
        bulla_code want;
        uint64_t offset;
    } cases[] = {
        { 0, "", false, BULLA_OK, 0 },
        { 9216, "", false, BULLA_OK, 0 },
        { 1 << 20, "", false, BULLA_OK, 0 },
        { 0, "", true, BULLA_E_AMBIGUOUS_ARCHIVE, 1536 },
        { 8704, "", true, BULLA_E_AMBIGUOUS_ARCHIVE, 10240 },
        { 1 << 20, "", true, BULLA_E_AMBIGUOUS_ARCHIVE, (1 << 20) + 1536 },
        { 0, "x", false, BULLA_E_TRAILING_DATA, 1536 },
        { 1, "", false, BULLA_E_TRAILING_DATA, 1536 },
        { 511, "x", false, BULLA_E_TRAILING_DATA, 1536 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        BU_CLEAR(bu_buf) tar = { 0 };
        BU_CLEAR(build_listing) listing = { 0 };
        bulla_error err = { 0 };
        build_tar(one, &tar);
        build_zeros(cases[i].zeros, &tar);
        bu_buf_add_text(&tar, cases[i].text);
        if (cases[i].archive)
            build_tar(one, &tar);
        bulla_status status = walk(bu_buf_bytes(&tar), &listing, &err);
        ck_assert_msg(status.code == cases[i].want, "case %zu: %s", i, err.text);
        if (!bulla_ok(status))
            ck_assert_uint_eq(err.offset, cases[i].offset);
    }
}
END_TEST

/* After one block of zeros some readers stop, and some go on. */
START_TEST(a_lone_block_of_zeros_is_ambiguous)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_tar_member(&(build_member){ .name = "a" }, &tar);
    build_zeros(BUILD_BLOCK, &tar);
    build_tar_member(&(build_member){ .name = "b" }, &tar);
    build_zeros(2 * BUILD_BLOCK, &tar);
    unit_fails(walk(bu_buf_bytes(&tar), &listing, &err), BULLA_E_AMBIGUOUS_ARCHIVE, err);
    ck_assert_uint_eq(err.offset, 1024);
}
END_TEST

/* The end of the stream may come anywhere in our chunks. */
START_TEST(archives_of_every_length_pass)
{
    for (size_t blocks = 250; blocks < 262; blocks++) {
        BU_CLEAR(bu_buf) tar = { 0 };
        BU_CLEAR(build_listing) listing = { 0 };
        bulla_error err = { 0 };
        add_large("a", blocks * BUILD_BLOCK, &tar);
        build_zeros(2 * BUILD_BLOCK, &tar);
        unit_ok(walk(bu_buf_bytes(&tar), &listing, &err), err);
        tar.len -= BUILD_BLOCK;
        unit_fails(walk(bu_buf_bytes(&tar), &listing, &err), BULLA_E_TRUNCATED, err);
    }
}
END_TEST

START_TEST(members_are_limited)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    char name[32];
    for (unsigned i = 0; i <= BU_LIMIT_MEMBERS; i++) {
        (void)snprintf(name, sizeof name, "p/%u", i);
        build_tar_member(&(build_member){ .name = name }, &tar);
    }
    build_zeros(2 * BUILD_BLOCK, &tar);
    unit_fails(walk(bu_buf_bytes(&tar), &listing, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.offset, (uint64_t)BU_LIMIT_MEMBERS * BUILD_BLOCK);
}
END_TEST

START_TEST(names_are_limited_together)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(bu_buf) name = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    for (unsigned i = 0; i <= BU_LIMIT_METADATA_BYTES / 4000; i++) {
        name.len = 0;
        bu_buf_add_text(&name, LONG_100);
        while (name.len < 4000)
            bu_buf_add_format(&name, "%07u/", i);
        bu_buf_add_text(&name, "a");
        build_tar_member(
            &(build_member){ .name = LONG_100, GNU, .gnu_name = (const char *)name.ptr }, &tar);
    }
    build_zeros(2 * BUILD_BLOCK, &tar);
    unit_fails(walk(bu_buf_bytes(&tar), &listing, &err), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

/* The packed stream is judged too, with its own offsets. */
START_TEST(a_second_gzip_member_is_refused)
{
    static const build_member one[] = { { .name = "a" }, { .name = NULL } };
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(build_listing) listing = { 0 };
    bulla_error err = { 0 };
    build_tar(one, &tar);
    build_compressed(BU_COMPRESSION_GZIP, bu_buf_bytes(&tar), &stored);
    size_t end = stored.len;
    build_compressed(BU_COMPRESSION_GZIP, bu_buf_bytes(&tar), &stored);
    unit_fails(walk(bu_buf_bytes(&stored), &listing, &err), BULLA_E_AMBIGUOUS_ARCHIVE, err);
    ck_assert_uint_eq(err.offset, end);
}
END_TEST

/* What becomes of a link under each rule; the files are p/a, p/d/b and q/c. */
static const struct {
    const char *name, *target;
    bulla_code codes[3]; /* BU_LINKS_TO_FILES, _IN_FOLDER, _IN_TREE */
} link_rules[] = {
    { "p/l", "a", { BULLA_OK, BULLA_OK, BULLA_OK } },
    { "p/l", "d", { BULLA_E_BAD_LINK, BULLA_OK, BULLA_OK } },
    { "p/l", "none", { BULLA_E_BAD_LINK, BULLA_OK, BULLA_OK } },
    { "p/d/l", "..", { BULLA_E_BAD_LINK, BULLA_OK, BULLA_OK } },
    { "p/l", "../q/c", { BULLA_E_LINK_ESCAPE, BULLA_E_LINK_ESCAPE, BULLA_OK } },
    { "p/l", "../../x", { BULLA_E_LINK_ESCAPE, BULLA_E_LINK_ESCAPE, BULLA_E_LINK_ESCAPE } },
    { "p/l", "/etc", { BULLA_E_LINK_ESCAPE, BULLA_E_LINK_ESCAPE, BULLA_E_LINK_ESCAPE } },
    /* d may be a link itself, from where .. leads elsewhere */
    { "p/l", "d/../a", { BULLA_OK, BULLA_E_LINK_ESCAPE, BULLA_E_LINK_ESCAPE } },
    { "p/d", "a", { BULLA_E_BAD_LINK, BULLA_E_BAD_LINK, BULLA_E_BAD_LINK } }, /* p/d/b is in it */
};

START_TEST(a_link_leads_where_the_rule_lets_it)
{
    const build_member members[] = {
        F("p/a"),   F("q/c"),         L(link_rules[_i].name, .link = link_rules[_i].target),
        F("p/d/b"), { .name = NULL },
    };
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(members, &tar);
    for (bu_link_rule rule = BU_LINKS_TO_FILES; rule <= BU_LINKS_IN_TREE; rule++) {
        BU_CLEAR(build_listing) listing = { 0 };
        bulla_error err = { 0 };
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&tar));
        bu_walk_visitor visitor = build_visitor(&listing);
        visitor.links = rule;
        bulla_status status = bu_walk_tar(&source.base, &visitor, &err);
        ck_assert_msg(status.code == link_rules[_i].codes[rule], "%s -> %s, rule %d: %s (%s)",
                      link_rules[_i].name, link_rules[_i].target, (int)rule,
                      bulla_code_name(status.code), err.text);
    }
}
END_TEST

static bulla_status refuse_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)context;
    (void)want;
    return bu_bytes_is(m->path, "b") ? bu_fail(err, BULLA_E_BAD_NAME, "not this one") : BU_OK;
}

START_TEST(a_visitor_can_stop_the_walk)
{
    static const build_member three[] = {
        { .name = "a" }, { .name = "b" }, { .name = "c" }, { .name = NULL }
    };
    BU_CLEAR(bu_buf) tar = { 0 };
    bulla_error err = { 0 };
    build_tar(three, &tar);
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&tar));
    const bu_walk_visitor visitor = { .member = refuse_member };
    unit_fails(bu_walk_tar(&source.base, &visitor, &err), BULLA_E_BAD_NAME, err);
    ck_assert_str_eq(err.text, "not this one");
}
END_TEST

static bulla_status list_nothing(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)context;
    (void)m;
    (void)err;
    *want = true;
    return BU_OK;
}

static bulla_status read_nothing(void *context, const bu_member *m, bulla_bytes content,
                                 bulla_error *err)
{
    (void)context;
    (void)m;
    (void)content;
    (void)err;
    return BU_OK;
}

/* Without memory at any one place the walk says so; it never passes an archive half read. */
START_TEST(every_allocation_may_fail)
{
    static const build_member members[] = { { .name = CAFE, TEXT("x"), .pax = { "path=" CAFE } },
                                            { .name = "p/./a" },
                                            { .name = "p/a" },
                                            { .name = "p/l", .type = '2', .link = "a" },
                                            { .name = NULL } };
    BU_CLEAR(bu_buf) tar = { 0 };
    BU_CLEAR(bu_buf) stored = { 0 };
    build_tar(members, &tar);
    build_compressed(_i == 0 ? BU_COMPRESSION_GZIP : BU_COMPRESSION_XZ, bu_buf_bytes(&tar),
                     &stored);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
        const bu_walk_visitor visitor = { .member = list_nothing, .content = read_nothing };
        alloc_fail_at(n);
        bulla_status status = bu_walk_tar(&source.base, &visitor, &err);
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
    tcase_add_loop_test(tc, honest_archives_are_listed, 0, sizeof honest / sizeof honest[0]);
    tcase_add_test(tc, the_locale_changes_nothing);
    tcase_add_loop_test(tc, attacks_are_refused, 0, sizeof attacks / sizeof attacks[0]);
    tcase_add_loop_test(tc, content_is_given_whole, 0, 5);
    tcase_add_test(tc, content_that_is_too_large_is_not_given);
    tcase_add_test(tc, a_missing_end_is_seen);
    tcase_add_test(tc, nothing_but_zeros_may_follow_the_end);
    tcase_add_test(tc, a_lone_block_of_zeros_is_ambiguous);
    tcase_add_test(tc, archives_of_every_length_pass);
    tcase_add_test(tc, members_are_limited);
    tcase_add_test(tc, names_are_limited_together);
    tcase_add_test(tc, a_second_gzip_member_is_refused);
    tcase_add_loop_test(tc, a_link_leads_where_the_rule_lets_it, 0,
                        sizeof link_rules / sizeof link_rules[0]);
    tcase_add_test(tc, a_visitor_can_stop_the_walk);
    tcase_add_loop_test(tc, every_allocation_may_fail, 0, 2);
}

int main(void)
{
    return unit_run("archive/walk", add);
}
