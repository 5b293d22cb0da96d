/* SPDX-License-Identifier: MIT */
/* Zip: what honest packers write is listed exactly; what could be read in two ways is refused. */
#include "suite.h"

#include "alloc_fail.h"
#include "base/limits.h"
#include "build_zip.h"

#define TEXT(s)  .content = BUILD_BYTES(s)
#define BYTES(s) BUILD_BYTES(s)
/* clang-format off */
#define F(...)       { .name = __VA_ARGS__ }
#define LOCAL(a, s)  .local = { a, BUILD_BYTES(s) }
#define CENTRAL(a, s) .central = { a, BUILD_BYTES(s) }
#define DESCRIPTOR(a, s) .descriptor = { a, BUILD_BYTES(s) }
/* clang-format on */
#define DEFLATED .deflated = true
#define STREAMED .deflated = true, .streamed = true
#define LINK     .mode = 0120777
#define CAFE     "caf\xC3\xA9"
#define CAFE_NFD "cafe\xCC\x81"

/* Extra fields: zip64 with two sizes, Info-ZIP's Unicode path of "a" (CRC 0xE8B7BE43). */
#define ZIP64(size, packed) BYTES("\x01\0\x10\0" size "\0\0\0\0\0\0\0" packed "\0\0\0\0\0\0\0")
#define ALL_ONES_8          "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
#define UPATH(name)         BYTES("up\x06\0\x01\x43\xBE\xB7\xE8" name)

/* Kept: "kind path size target" of each file and link, in archive order, and what was wanted. */
typedef struct listing {
    build_listing shown; /* by member() */
    bu_buf digests;      /* by digest() */
} listing;

static void listing_clear(listing *l)
{
    build_listing_clear(&l->shown);
    bu_buf_clear(&l->digests);
}
BU_DEFINE_CLEAR(listing)

static bulla_status see_member(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    listing *l = context;
    bu_walk_visitor inner = build_visitor(&l->shown);
    return inner.member(inner.context, m, want, err);
}

static bulla_status see_content(void *context, const bu_member *m, bulla_bytes content,
                                bulla_error *err)
{
    listing *l = context;
    bu_walk_visitor inner = build_visitor(&l->shown);
    return inner.content(inner.context, m, content, err);
}

static bulla_status see_digest(void *context, const bu_member *m, const bulla_digest *sha256,
                               bulla_error *err)
{
    (void)err;
    listing *l = context;
    ck_assert_int_eq(sha256->alg, BULLA_ALG_SHA256);
    bu_buf_add_format(&l->digests, "%c %.*s %llu %02x%02x %.*s\n",
                      m->kind == BU_MEMBER_LINK ? 'l' : 'f', (int)m->path.len, m->path.ptr,
                      (unsigned long long)m->size, sha256->bytes[0], sha256->bytes[1],
                      (int)m->target.len, m->target.ptr);
    return BU_OK;
}

static bulla_status walk(bulla_bytes stored, listing *l, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(stored);
    const bu_walk_visitor visitor = {
        .context = l, .member = see_member, .content = see_content, .digest = see_digest
    };
    return bu_walk_zip(&source.base, &visitor, err);
}

/* What packers write, and what must be listed; e3b0 is the digest of nothing, 2d71 that of "x". */
static const struct {
    build_zip_member members[4];
    const char *listing;
    build_zip how;
} honest[] = {
    { { F("a", TEXT("x")) }, "f a 1 2d71 \n", { 0 } },
    { { F("a", TEXT("x"), DEFLATED), F("b") }, "f a 1 2d71 \nf b 0 e3b0 \n", { 0 } },
    { { F("a", TEXT("x"), STREAMED) }, "f a 1 2d71 \n", { 0 } },
    { { F("a", TEXT("x"), STREAMED, .unsigned_descriptor = true) }, "f a 1 2d71 \n", { 0 } },
    { { F("d/"), F("d/a", TEXT("x")) }, "f d/a 1 2d71 \n", { 0 } },
    { { F("d/", STREAMED, .dos = 0x10), F("d/a") }, "f d/a 0 e3b0 \n", { 0 } },
    { { F("./a", TEXT("x")) }, "f a 1 2d71 \n", { 0 } },
    { { F(CAFE, TEXT("x")) }, "f " CAFE " 1 2d71 \n", { 0 } },
    /* without attributes of Unix, and by DOS */
    { { F("a", CENTRAL(38, "\0\0\0\0")) }, "f a 0 e3b0 \n", { 0 } },
    { { F("a", .host = 255) }, "f a 0 e3b0 \n", { 0 } },
    /* comments, and the central directory in another order */
    { { F("a", .central_comment = BYTES("text")) }, "f a 0 e3b0 \n", { .comment = BYTES("text") } },
    { { F("a"), F("b", .listed_first = true) }, "f a 0 e3b0 \nf b 0 e3b0 \n", { 0 } },
    /* zip64: in the end alone, and in headers that do and do not need it */
    { { F("a", TEXT("x")) }, "f a 1 2d71 \n", { .zip64 = true } },
    { { F("a", TEXT("x"), LOCAL(18, ALL_ONES_8), .local_extra = ZIP64("\1", "\1")) },
      "f a 1 2d71 \n",
      { 0 } },
    { { F("a", TEXT("x"), .local_extra = ZIP64("\1", "\3")) }, "f a 1 2d71 \n", { 0 } },
    /* other extra fields: a jar's marker, a time */
    { { F("a", .local_extra = BYTES("\xFE\xCA\0\0"), .central_extra = BYTES("UT\1\0\0")) },
      "f a 0 e3b0 \n",
      { 0 } },
    { { F("a", .local_extra = UPATH("a"), .central_extra = UPATH("a")) }, "f a 0 e3b0 \n", { 0 } },
    /* links: shown as files first; the content is the target */
    { { F("p/a"), F("p/l", TEXT("a"), LINK) }, "f p/a 0 e3b0 \nl p/l 0 ca97 a\n", { 0 } },
    /* a file twice that is the same, byte for byte */
    { { F("a", TEXT("x")), F("b"), F("a", TEXT("x"), DEFLATED) },
      "f a 1 2d71 \nf b 0 e3b0 \nf a 1 2d71 \n",
      { 0 } },
};

START_TEST(honest_archives_are_listed)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(listing) l = { 0 };
    bulla_error err = { 0 };
    build_zip_archive(honest[_i].members, &honest[_i].how, &stored);
    unit_ok(walk(bu_buf_bytes(&stored), &l, &err), err);
    ck_assert_str_eq((const char *)l.digests.ptr, honest[_i].listing);
}
END_TEST

/* What no honest packer writes; `offset` is where the refused record is. Of "a" with one byte of
   content the local header is 31 bytes long, the central header 47, and an end 22. */
static const struct {
    bulla_code want;
    uint64_t offset;
    const char *says;
    build_zip_member members[4];
    build_zip how;
} attacks[] = {
    /* local against central */
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "the name", { F("a", .central_name = "b") }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "the flags", { F("a", CENTRAL(8, "\2")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "the flags", { F("a", LOCAL(7, "\10")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "method", { F("a", CENTRAL(10, "\10")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "the CRC", { F("a", CENTRAL(16, "\1")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      32,
      "the compressed size",
      { F("a", TEXT("x"), CENTRAL(20, "\2\0\0\0\2")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      34,
      "the size",
      { F("a", TEXT("x"), DEFLATED, CENTRAL(24, "\2")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "member b", { F("a"), F("b", .unlisted = true) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "of no member", { F("a", CENTRAL(42, "\x1F")) }, { 0 } },
    { BULLA_E_OVERLAP, 31, "inside of another", { F("a", CENTRAL(42, "\x1E")) }, { 0 } },
    { BULLA_E_DUPLICATE_ENTRY, 78, "second central", { F("a", .listed_twice = true) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      62,
      "the name",
      { F("a"), F("b", CENTRAL(42, "\0"), .listed_first = true) },
      { 0 } },
    /* contents against headers */
    { BULLA_E_CHECKSUM,
      0,
      "CRC",
      { F("a", TEXT("x"), LOCAL(14, "\1"), CENTRAL(16, "\1")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "1 bytes of content in 3, where 2 in 3",
      { F("a", TEXT("x"), DEFLATED, LOCAL(22, "\2"), CENTRAL(24, "\2")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "two sizes", { F("a", TEXT("xy"), LOCAL(22, "\1")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "4 bytes between",
      { F("a", TEXT("x"), DEFLATED, .packed_more = "more") },
      { 0 } },
    { BULLA_E_BAD_DATA,
      0,
      "goes on",
      { F("a", TEXT("x"), DEFLATED, LOCAL(18, "\2"), CENTRAL(20, "\2")) },
      { 0 } },
    { BULLA_E_BAD_DATA, 0, "damaged", { F("a", TEXT("\7damage"), LOCAL(8, "\10")) }, { 0 } },
    { BULLA_E_CHECKSUM, 0, "", { F("a", TEXT("x"), STREAMED, DESCRIPTOR(4, "\1")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "content",
      { F("a", TEXT("x"), STREAMED, DESCRIPTOR(12, "\2")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "descriptor differ",
      { F("a", TEXT("x"), STREAMED, LOCAL(22, "\2")) },
      { 0 } },
    { BULLA_E_UNSUPPORTED_FEATURE,
      0,
      "behind its content",
      { F("a", TEXT("x"), .streamed = true) },
      { 0 } },
    /* bytes that are of no record */
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "before the first",
      { F("a", .before = "#!/bin/sh\n") },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "no zip record", { F("a"), F("b", .before = "gap") }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "no zip record", { F("a") }, { .before_directory = "gap!" } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 78, "no zip record", { F("a") }, { .before_end = "gap!" } },
    { BULLA_E_TRAILING_DATA, 100, "after the end", { F("a") }, { .after = "x" } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 100, "another archive", { F("a") }, { .after = "PK\3\4" } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 100, "another archive", { F("a") }, { .after = "PK\5\6" } },
    { BULLA_E_UNSUPPORTED_FEATURE, 0, "split", { F("a", .before = "PK\7\10") }, { 0 } },
    /* the end */
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      102,
      "comment",
      { F("a") },
      { .comment = BYTES("ab"
                         "PK\5\6"
                         "cd") } },
    { BULLA_E_TRUNCATED, 100, "", { F("a") }, { .end = { 20, BYTES("\1") } } },
    { BULLA_E_UNSUPPORTED_FEATURE, 78, "this disk", { F("a") }, { .end = { 4, BYTES("\1") } } },
    { BULLA_E_UNSUPPORTED_FEATURE, 78, "the disk", { F("a") }, { .end = { 6, BYTES("\1") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 78, "this disk", { F("a") }, { .end = { 8, BYTES("\2") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 78, "of members", { F("a") }, { .end = { 10, BYTES("\2") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 78, "the size", { F("a") }, { .end = { 12, BYTES("\1") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 78, "the place", { F("a") }, { .end = { 16, BYTES("\1") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      78,
      "the place",
      { F("a") },
      { .end = { 16, BYTES("\xFF\xFF\xFF\xFF") } } },
    { BULLA_E_UNSUPPORTED_FEATURE, 31, "disk", { F("a", CENTRAL(34, "\1")) }, { 0 } },
    /* zip64 */
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      154,
      "of members",
      { F("a") },
      { .zip64 = true, .end = { 10, BYTES("\2\0") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      78,
      "of members",
      { F("a") },
      { .zip64 = true, .end64 = { 32, BYTES("\2") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      78,
      "the place",
      { F("a") },
      { .zip64 = true, .end64 = { 48, BYTES("\1") } } },
    { BULLA_E_UNSUPPORTED_FEATURE,
      78,
      "zip64 record",
      { F("a") },
      { .zip64 = true, .end64 = { 4, BYTES("\x2D") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      134,
      "zip64 record",
      { F("a") },
      { .zip64 = true, .locator = { 8, BYTES("\0") } } },
    { BULLA_E_UNSUPPORTED_FEATURE,
      134,
      "disks",
      { F("a") },
      { .zip64 = true, .locator = { 16, BYTES("\2") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      134,
      "without its locator",
      { F("a") },
      { .zip64 = true, .locator = { 0, BYTES("KP") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      31,
      "ends as a zip64 locator",
      { F("a", .central_comment = BYTES("PK\6\7abcdefghijklmnop")) },
      { 0 } },
    { BULLA_E_BAD_HEADER, 0, "zip64", { F("a", TEXT("x"), LOCAL(18, ALL_ONES_8)) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "zip64",
      { F("a", TEXT("x"), .local_extra = ZIP64("\2", "\1")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      32,
      "zip64",
      { F("a", TEXT("x"), .central_extra = ZIP64("\1", "\1")) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      0,
      "twice",
      { F("a", .local_extra = BYTES("\x01\0\0\0\x01\0\0\0")) },
      { 0 } },
    /* extra fields */
    { BULLA_E_BAD_HEADER, 0, "does not fit", { F("a", .local_extra = BYTES("UT\2\0x")) }, { 0 } },
    { BULLA_E_BAD_HEADER, 31, "does not fit", { F("a", .central_extra = BYTES("UT")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "Unicode", { F("a", .local_extra = UPATH("b")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "Unicode", { F("a", .central_extra = UPATH("b")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "Unicode", { F("b", .local_extra = UPATH("b")) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 0, "Unicode", { F("a", .local_extra = BYTES("up\0\0")) }, { 0 } },
    /* features */
    { BULLA_E_UNSUPPORTED_FEATURE, 0, "encrypted", { F("a", LOCAL(6, "\1")) }, { 0 } },
    { BULLA_E_UNSUPPORTED_FEATURE, 0, "flags 0x0020", { F("a", LOCAL(6, "\x20")) }, { 0 } },
    { BULLA_E_UNSUPPORTED_FEATURE, 0, "method 12", { F("a", LOCAL(8, "\x0C")) }, { 0 } },
    { BULLA_E_UNSUPPORTED_FEATURE, 31, "encrypted", { F("a", CENTRAL(8, "\1")) }, { 0 } },
    /* names */
    { BULLA_E_PATH_TRAVERSAL, 31, "member /etc/passwd", { F("a"), F("/etc/passwd") }, { 0 } },
    { BULLA_E_PATH_TRAVERSAL, 0, "member p/../../a", { F("p/../../a") }, { 0 } },
    { BULLA_E_PATH_TRAVERSAL, 0, "backslash", { F("a\\b") }, { 0 } },
    { BULLA_E_PATH_TRAVERSAL, 0, "drive", { F("C:a") }, { 0 } },
    { BULLA_E_BAD_NAME, 0, "empty", { F("") }, { 0 } },
    { BULLA_E_BAD_NAME, 0, "empty component", { F("a//b") }, { 0 } },
    { BULLA_E_CONTROL_CHARACTER, 0, "", { F("a\nb") }, { 0 } },
    { BULLA_E_CONTROL_CHARACTER, 0, "", { F("ab", LOCAL(31, "\0")) }, { 0 } },
    { BULLA_E_CONTROL_CHARACTER, 0, "", { F("a\xE2\x80\xAE") }, { 0 } },
    { BULLA_E_BAD_ENCODING, 0, "UTF-8", { F("a\xFF") }, { 0 } },
    { BULLA_E_BAD_ENCODING, 0, "not marked", { F(CAFE, LOCAL(7, "\0")) }, { 0 } },
    { BULLA_E_DUPLICATE_ENTRY,
      63,
      "a: is",
      { F("a", TEXT("x")), F("b"), F("a", TEXT("y")) },
      { 0 } },
    { BULLA_E_DUPLICATE_ENTRY, 32, "", { F("a", TEXT("x")), F("./a", TEXT("y")) }, { 0 } },
    { BULLA_E_DUPLICATE_ENTRY, 31, "below a file", { F("a"), F("a/b") }, { 0 } },
    { BULLA_E_DUPLICATE_ENTRY, 32, "", { F("d/"), F("d/") }, { 0 } },
    { BULLA_E_NAME_COLLISION, 36, "README", { F("README"), F("readme") }, { 0 } },
    { BULLA_E_NAME_COLLISION, 35, "", { F(CAFE), F(CAFE_NFD) }, { 0 } },
    { BULLA_E_BAD_HEADER, 0, "content", { F("d/", TEXT("x")) }, { 0 } },
    { BULLA_E_BAD_HEADER, 0, "content", { F("d/", TEXT("x"), STREAMED) }, { 0 } },
    /* links and other kinds, by their attributes */
    { BULLA_E_LINK_ESCAPE,
      78,
      "member l",
      { F("l", TEXT("../../etc/passwd"), LINK), F("a") },
      { 0 } },
    { BULLA_E_BAD_LINK, 0, "nothing", { F("l", TEXT("b"), LINK), F("a") }, { 0 } },
    { BULLA_E_BAD_LINK, 31, "no path", { F("l", LINK) }, { 0 } },
    { BULLA_E_BAD_LINK, 34, "no path", { F("l", TEXT("a\nb"), LINK) }, { 0 } },
    { BULLA_E_BAD_LINK, 32, "no path", { F("l/", LINK) }, { 0 } },
    { BULLA_E_BAD_LINK,
      63,
      "through a link",
      { F("a"), F("l", TEXT("a"), LINK), F("l/b") },
      { 0 } },
    { BULLA_E_DUPLICATE_ENTRY,
      63,
      "",
      { F("a"), F("l", TEXT("a")), F("l", TEXT("a"), LINK) },
      { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE,
      110,
      "some readers",
      { F("a"), F("l", TEXT("a"), LINK, .host = 255) },
      { 0 } },
    { BULLA_E_SPECIAL_FILE, 31, "mode 0", { F("a", .mode = 0020644) }, { 0 } },
    { BULLA_E_SPECIAL_FILE, 31, "mode 0", { F("a", .mode = 0010644) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "attributes", { F("a", .mode = 0040755) }, { 0 } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, 31, "attributes", { F("a", .dos = 0x10) }, { 0 } },
    { BULLA_E_EMPTY, UINT64_MAX, "", { { .name = NULL } }, { 0 } },
};

START_TEST(attacks_are_refused)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(listing) l = { 0 };
    bulla_error err = { 0 };
    build_zip_archive(attacks[_i].members, &attacks[_i].how, &stored);
    bulla_status status = walk(bu_buf_bytes(&stored), &l, &err);
    ck_assert_msg(status.code == attacks[_i].want, "%s: %s", bulla_code_name(status.code),
                  err.text);
    ck_assert_msg(err.offset == attacks[_i].offset, "%s: at %llu", err.text,
                  (unsigned long long)err.offset);
    ck_assert_msg(strstr(err.text, attacks[_i].says) != NULL, "%s", err.text);
    ck_assert_ptr_null(l.digests.ptr); /* none before all is known to be sound */
}
END_TEST

/* Sources give what they have: a few bytes at a time is as good as all at once. */
static bulla_status trickle_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                 bulla_error *err)
{
    (void)err;
    bu_memory_source *source = (bu_memory_source *)self;
    bulla_bytes piece = bu_bytes_first(source->rest, cap < 7 ? cap : 7);
    memcpy(buf, piece.ptr == NULL ? (const uint8_t *)"" : piece.ptr, piece.len);
    source->rest = bu_bytes_from(source->rest, piece.len);
    *n = piece.len;
    return BU_OK;
}

static bulla_bytes make_content(size_t size)
{
    uint8_t *bytes = malloc(size + 1);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i % 1000 < 400 ? i * 2654435761u >> 13 : i >> 9);
    return (bulla_bytes){ bytes, size };
}

/* Deflate data ends anywhere in our window, and what follows starts right behind it. */
START_TEST(content_is_given_whole)
{
    static const size_t sizes[] = { 0,      1,      4095,   4096,    4097,   131071,
                                    131072, 262140, 262148, 1000003, 3000000 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BU_CLEAR(bu_buf) stored = { 0 };
        BU_CLEAR(listing) l = { .shown.wanted = "wanted" };
        bulla_error err = { 0 };
        bulla_bytes content = make_content(sizes[i]);
        bool deflated = _i > 0, streamed = _i > 1;
        const build_zip_member members[] = {
            { .name = "before", .content = content, .deflated = deflated, .streamed = streamed },
            { .name = "wanted", .content = content, .deflated = deflated, .streamed = streamed },
            { .name = "after", .content = content, .deflated = deflated, .streamed = streamed },
            { .name = NULL },
        };
        build_zip_archive(members, NULL, &stored);
        unit_ok(walk(bu_buf_bytes(&stored), &l, &err), err);
        ck_assert(bu_bytes_equal(bu_buf_bytes(&l.shown.content), content));
        BU_CLEAR(listing) slow = { .shown.wanted = "wanted" };
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
        source.base.read = trickle_read;
        const bu_walk_visitor visitor = {
            .context = &slow, .member = see_member, .content = see_content, .digest = see_digest
        };
        unit_ok(bu_walk_zip(&source.base, &visitor, &err), err);
        ck_assert_str_eq((const char *)slow.digests.ptr, (const char *)l.digests.ptr);
        free((void *)(uintptr_t)content.ptr);
    }
}
END_TEST

/* A package cut off at any byte is not a smaller package. */
START_TEST(a_missing_end_is_seen)
{
    static const build_zip_member members[] = {
        F("p/a", TEXT("x")), F("p/b", TEXT("xxxxxxxxxxxxxxxx"), STREAMED), F("p/"), { .name = NULL }
    };
    static const build_zip how = { .zip64 = true, .comment = BUILD_BYTES("comment") };
    BU_CLEAR(bu_buf) stored = { 0 };
    build_zip_archive(members, &how, &stored);
    for (size_t len = 1; len < stored.len; len++) {
        BU_CLEAR(listing) l = { 0 };
        bulla_error err = { 0 };
        unit_fails(walk((bulla_bytes){ stored.ptr, len }, &l, &err), BULLA_E_TRUNCATED, err);
        ck_assert_uint_le(err.offset, len);
    }
}
END_TEST

/* Whatever single bit is wrong in any record but one of time, attributes or comments, is seen. */
START_TEST(no_flipped_bit_shows_another_package)
{
    static const build_zip_member members[] = { F("p/a", TEXT("some text, some text")),
                                                F("p/b", TEXT("some text, some text"), DEFLATED),
                                                F("p/c", TEXT("some text, some text"), STREAMED),
                                                { .name = NULL } };
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(listing) whole = { 0 };
    bulla_error err = { 0 };
    size_t passed = 0;
    build_zip_archive(members, NULL, &stored);
    unit_ok(walk(bu_buf_bytes(&stored), &whole, &err), err);
    for (size_t bit = 0; bit < stored.len * 8; bit++) {
        BU_CLEAR(listing) l = { 0 };
        stored.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (bulla_ok(walk(bu_buf_bytes(&stored), &l, &err))) {
            ck_assert_str_eq((const char *)l.digests.ptr, (const char *)whole.digests.ptr);
            passed++;
        }
        stored.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ck_assert_uint_gt(passed, 0); /* times of members say nothing about the package */
}
END_TEST

START_TEST(a_bomb_is_stopped)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(listing) l = { 0 };
    bulla_error err = { 0 };
    uint8_t *zeros = calloc(1, 64u << 20);
    ck_assert_ptr_nonnull(zeros);
    const build_zip_member members[] = {
        { .name = "a", .content = { zeros, 64u << 20 }, .deflated = true }, { .name = NULL }
    };
    build_zip_archive(members, NULL, &stored);
    unit_fails(walk(bu_buf_bytes(&stored), &l, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.offset, 0);
    free(zeros);
}
END_TEST

START_TEST(content_that_is_too_large_is_not_given)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(listing) l = { .shown.wanted = "a" };
    bulla_error err = { 0 };
    bulla_bytes content = make_content(BU_LIMIT_METADATA_BYTES + 1);
    const build_zip_member members[] = { { .name = "a", .content = content }, { .name = NULL } };
    build_zip_archive(members, NULL, &stored);
    unit_fails(walk(bu_buf_bytes(&stored), &l, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.offset, 0);
    l.shown.wanted = NULL;
    unit_ok(walk(bu_buf_bytes(&stored), &l, &err), err);
    free((void *)(uintptr_t)content.ptr);
}
END_TEST

START_TEST(what_is_no_archive_is_said_to_be_none)
{
    BU_CLEAR(listing) l = { 0 };
    bulla_error err = { 0 };
    bulla_bytes content = make_content(300000);
    unit_fails(walk(content, &l, &err), BULLA_E_FORMAT_MISMATCH, err);
    ck_assert_uint_eq(err.offset, 0);
    free((void *)(uintptr_t)content.ptr);
}
END_TEST

static void copy_members(const build_zip_member *from, const char *but, build_zip_member *to)
{
    size_t n = 0;
    for (size_t i = 0; from[i].name != NULL; i++)
        if (strcmp(from[i].name, but) != 0)
            to[n++] = from[i];
    to[n] = (build_zip_member){ .name = NULL };
}

/* A signed package has the digest that it had before the signature was put in, wherever that is. */
START_TEST(an_archive_has_a_digest_without_a_member)
{
    static const build_zip_member members[] = { F("a", TEXT("text a"), DEFLATED),
                                                F("b", TEXT("text b"), STREAMED),
                                                F("c", TEXT("text c"),
                                                  .central_comment = BUILD_BYTES("comment")),
                                                { .name = NULL } };
    static const build_zip how = { .comment = BUILD_BYTES("comment") };
    static const char *const names[] = { "a", "b", "c", "d" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        BU_CLEAR(bu_buf) whole = { 0 };
        BU_CLEAR(bu_buf) without = { 0 };
        BU_CLEAR(listing) l = { 0 };
        build_zip_member others[4];
        bulla_digest want;
        bulla_digest_set got;
        bulla_error err = { 0 };
        copy_members(members, names[i], others);
        build_zip_archive(members, &how, &whole);
        build_zip_archive(others, &how, &without);
        unit_ok(bu_digest_of(BULLA_ALG_SHA512, bu_buf_bytes(&without), &want, &err), err);
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&whole));
        source.base.read = i % 2 == 0 ? trickle_read : source.base.read;
        const bu_walk_visitor visitor = {
            .context = &l, .member = see_member, .content = see_content, .digest = see_digest
        };
        unit_ok(bu_walk_zip_without(&source.base, &visitor, bu_bytes_of(names[i]),
                                    BU_ALGS(BULLA_ALG_SHA512), &got, &err),
                err);
        ck_assert_uint_eq(got.count, strcmp(names[i], "d") == 0 ? 0 : 1);
        ck_assert(got.count == 0 || bulla_digest_equal(&got.items[0], &want));
    }
}
END_TEST

/* Also when it is large, and bytes leave the window while it is read. */
START_TEST(a_large_archive_has_a_digest_without_a_member)
{
    BU_CLEAR(bu_buf) whole = { 0 };
    BU_CLEAR(bu_buf) without = { 0 };
    BU_CLEAR(listing) l = { 0 };
    bulla_error err = { 0 };
    bulla_digest want;
    bulla_digest_set got;
    bulla_bytes content = make_content(1000003);
    const build_zip_member members[] = { { .name = "a", .content = content },
                                         { .name = "b", .content = content, STREAMED },
                                         { .name = "c", .content = content, DEFLATED },
                                         { .name = NULL } };
    build_zip_member others[4];
    copy_members(members, "b", others);
    build_zip_archive(members, NULL, &whole);
    build_zip_archive(others, NULL, &without);
    unit_ok(bu_digest_of(BULLA_ALG_SHA512, bu_buf_bytes(&without), &want, &err), err);
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&whole));
    const bu_walk_visitor visitor = {
        .context = &l, .member = see_member, .content = see_content, .digest = see_digest
    };
    unit_ok(bu_walk_zip_without(&source.base, &visitor, BULLA_LIT("b"), BU_ALGS(BULLA_ALG_SHA512),
                                &got, &err),
            err);
    ck_assert_uint_eq(got.count, 1);
    ck_assert(bulla_digest_equal(&got.items[0], &want));
    free((void *)(uintptr_t)content.ptr);
}
END_TEST

static bulla_status stream_two(void *context, const bu_member *m, bu_source *content,
                               bulla_error *err)
{
    uint8_t bytes[2];
    size_t n;
    bu_buf *out = context;
    (void)m;
    BU_TRY(bu_source_read(content, bytes, sizeof bytes, &n, err));
    bu_buf_add(out, (bulla_bytes){ bytes, n });
    return BU_OK;
}

static bulla_status want_all(void *context, const bu_member *m, bool *want, bulla_error *err)
{
    (void)context;
    (void)err;
    *want = m->kind == BU_MEMBER_FILE;
    return BU_OK;
}

/* What a visitor leaves unread is passed over, and still checked. */
START_TEST(content_can_be_streamed)
{
    static const build_zip_member members[] = {
        F("a", TEXT("abc")), F("d/"), F("b", TEXT("defg"), STREAMED), { .name = NULL }
    };
    BU_CLEAR(bu_buf) stored = { 0 };
    BU_CLEAR(bu_buf) seen = { 0 };
    bulla_error err = { 0 };
    build_zip_archive(members, NULL, &stored);
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
    const bu_walk_visitor visitor = { .context = &seen, .member = want_all, .stream = stream_two };
    unit_ok(bu_walk_zip(&source.base, &visitor, &err), err);
    ck_assert_str_eq((const char *)seen.ptr, "abde");
}
END_TEST

/* Without memory at any one place the walk says so; it never passes an archive half read. */
START_TEST(every_allocation_may_fail)
{
    static const build_zip_member members[] = { F(CAFE, TEXT("x"), DEFLATED),
                                                F("p/a", TEXT("x")),
                                                F("p/l", TEXT("a"), LINK),
                                                { .name = NULL } };
    BU_CLEAR(bu_buf) stored = { 0 };
    build_zip_archive(members, NULL, &stored);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
        BU_CLEAR(bu_buf) seen = { 0 };
        const bu_walk_visitor visitor = { .context = &seen,
                                          .member = want_all,
                                          .stream = stream_two };
        alloc_fail_at(n);
        bulla_status status = bu_walk_zip(&source.base, &visitor, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 5);
            return;
        }
        if (!seen.broken)
            unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, honest_archives_are_listed, 0, sizeof honest / sizeof honest[0]);
    tcase_add_loop_test(tc, attacks_are_refused, 0, sizeof attacks / sizeof attacks[0]);
    tcase_add_loop_test(tc, content_is_given_whole, 0, 3);
    tcase_add_test(tc, a_missing_end_is_seen);
    tcase_add_test(tc, no_flipped_bit_shows_another_package);
    tcase_add_test(tc, a_bomb_is_stopped);
    tcase_add_test(tc, content_that_is_too_large_is_not_given);
    tcase_add_test(tc, what_is_no_archive_is_said_to_be_none);
    tcase_add_test(tc, an_archive_has_a_digest_without_a_member);
    tcase_add_test(tc, a_large_archive_has_a_digest_without_a_member);
    tcase_add_test(tc, content_can_be_streamed);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("archive/zip", add);
}
