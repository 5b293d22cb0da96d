/* SPDX-License-Identifier: MIT */
/* One compressed stream, whole, undamaged, with nothing behind it. */
#include "suite.h"

#include "base/limits.h"
#include "build.h"

static const bu_compression kinds[] = { BU_COMPRESSION_NONE, BU_COMPRESSION_GZIP, BU_COMPRESSION_XZ,
                                        BU_COMPRESSION_ZSTD, BU_COMPRESSION_LZ4 };
#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

/* Text that packs, but not to nothing. */
static void text_of(size_t lines, bu_buf *out)
{
    for (size_t i = 0; i < lines; i++)
        bu_buf_add_format(out, "%zu %zu\n", i, i * 2654435761u % 1000);
}

/* Read to the end in pieces of `piece` bytes. */
static bulla_status inflate(bulla_bytes stored, size_t piece, bu_buf *out, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(stored);
    BU_AUTO(bu_decompressor) d = NULL;
    BU_TRY(bu_decompressor_new(&source.base, &d, err));
    for (size_t n = 1; n > 0; bu_buf_added(out, n))
        BU_TRY(bu_source_read(bu_decompressor_source(d), bu_buf_room(out, piece), piece, &n, err));
    return BU_OK;
}

START_TEST(what_was_packed_comes_out)
{
    static const size_t lines[] = { 0, 1, 100, 60000 };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        for (size_t piece = 7; piece < 1u << 20; piece *= 1000) {
            BU_CLEAR(bu_buf) text = { 0 };
            BU_CLEAR(bu_buf) stored = { 0 };
            BU_CLEAR(bu_buf) back = { 0 };
            bulla_error err = { 0 };
            text_of(lines[i], &text);
            build_compressed(kinds[_i], bu_buf_bytes(&text), &stored);
            unit_ok(inflate(bu_buf_bytes(&stored), piece, &back, &err), err);
            ck_assert(bu_bytes_equal(bu_buf_bytes(&text), bu_buf_bytes(&back)));
        }
    }
}
END_TEST

START_TEST(the_kind_is_seen_by_content)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    build_compressed(kinds[_i], BULLA_LIT("some text"), &stored);
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
    BU_AUTO(bu_decompressor) d = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_decompressor_new(&source.base, &d, &err), err);
    ck_assert_int_eq(bu_decompressor_kind(d), kinds[_i]);
    ck_assert_int_eq(bu_compression_of(bu_bytes_first(bu_buf_bytes(&stored), 6)), kinds[_i]);
    ck_assert_int_eq(bu_compression_of(bu_bytes_first(bu_buf_bytes(&stored), 1)),
                     BU_COMPRESSION_NONE);
}
END_TEST

static void expect(bulla_bytes stored, bulla_code want, uint64_t offset)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    unit_fails(inflate(stored, 4096, &out, &err), want, err);
    ck_assert_uint_eq(err.offset, offset);
}

/* An archive cut off anywhere must never look like a shorter one. */
START_TEST(a_missing_end_is_seen)
{
    if (kinds[_i] == BU_COMPRESSION_NONE)
        return;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) stored = { 0 };
    text_of(100, &text);
    build_compressed(kinds[_i], bu_buf_bytes(&text), &stored);
    for (size_t len = 6; len < stored.len; len++) {
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_error err = { 0 };
        unit_fails(inflate((bulla_bytes){ stored.ptr, len }, 4096, &out, &err), BULLA_E_TRUNCATED,
                   err);
    }
}
END_TEST

/* Two streams end to end: some readers stop at the end of the first. */
START_TEST(a_second_stream_is_refused)
{
    if (kinds[_i] == BU_COMPRESSION_NONE)
        return;
    BU_CLEAR(bu_buf) stored = { 0 };
    build_compressed(kinds[_i], BULLA_LIT("one"), &stored);
    size_t end = stored.len;
    build_compressed(kinds[_i], BULLA_LIT("two"), &stored);
    expect(bu_buf_bytes(&stored), BULLA_E_AMBIGUOUS_ARCHIVE, end);
}
END_TEST

START_TEST(bytes_behind_are_refused)
{
    if (kinds[_i] == BU_COMPRESSION_NONE)
        return;
    BU_CLEAR(bu_buf) stored = { 0 };
    build_compressed(kinds[_i], BULLA_LIT("one"), &stored);
    size_t end = stored.len;
    bu_buf_add_text(&stored, "x");
    expect(bu_buf_bytes(&stored), BULLA_E_TRAILING_DATA, end);
}
END_TEST

/* No damaged bit may change what comes out. (This writer's zstd frames have no checksum.) */
START_TEST(damage_is_seen)
{
    if (kinds[_i] == BU_COMPRESSION_NONE || kinds[_i] == BU_COMPRESSION_ZSTD)
        return;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) stored = { 0 };
    text_of(20, &text);
    build_compressed(kinds[_i], bu_buf_bytes(&text), &stored);
    for (size_t i = 0; i < stored.len; i++) {
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_error err = { 0 };
        stored.ptr[i] ^= 0x20;
        bulla_status status = inflate(bu_buf_bytes(&stored), 4096, &out, &err);
        if (bulla_ok(status) && bu_compression_of(bu_buf_bytes(&stored)) != BU_COMPRESSION_NONE)
            ck_assert_msg(bu_bytes_equal(bu_buf_bytes(&text), bu_buf_bytes(&out)), "at %zu", i);
        if (!bulla_ok(status))
            ck_assert_uint_le(err.offset, stored.len);
        stored.ptr[i] ^= 0x20;
    }
}
END_TEST

START_TEST(crc_and_length_are_checked)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    build_compressed(BU_COMPRESSION_GZIP, BULLA_LIT("some text"), &stored);
    stored.ptr[stored.len - 8 + (size_t)_i] ^= 1;
    expect(bu_buf_bytes(&stored), BULLA_E_CHECKSUM, stored.len);
}
END_TEST

START_TEST(gzip_headers_are_strict)
{
    static const struct {
        size_t at;
        uint8_t value;
        bulla_code want;
    } cases[] = {
        { 2, 7, BULLA_E_UNSUPPORTED_FEATURE }, /* a method that is not deflate */
        { 3, 0x20, BULLA_E_BAD_HEADER },       /* reserved flags */
        { 3, 0x80, BULLA_E_BAD_HEADER },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        BU_CLEAR(bu_buf) stored = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_error err = { 0 };
        build_compressed(BU_COMPRESSION_GZIP, BULLA_LIT("some text"), &stored);
        stored.ptr[cases[i].at] = cases[i].value;
        unit_fails(inflate(bu_buf_bytes(&stored), 4096, &out, &err), cases[i].want, err);
    }
}
END_TEST

/* Old GNU tar filled its last record behind the compressor: only that is let pass. */
START_TEST(only_the_padding_of_a_tar_record_may_follow)
{
    static const struct {
        size_t size; /* of the file, filled up with zeros */
        const char *then;
        bulla_code want;
    } cases[] = {
        { 512, "", BULLA_OK },
        { 10240, "", BULLA_OK },
        { 513, "", BULLA_E_TRAILING_DATA },
        { 10752, "", BULLA_E_TRAILING_DATA },
        { 511, "x", BULLA_E_TRAILING_DATA },
        { 509, "\x1F\x8B\x08", BULLA_E_AMBIGUOUS_ARCHIVE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        BU_CLEAR(bu_buf) stored = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_error err = { 0 };
        build_compressed(BU_COMPRESSION_GZIP, BULLA_LIT("some text"), &stored);
        build_zeros(cases[i].size - stored.len, &stored);
        bu_buf_add_text(&stored, cases[i].then);
        bulla_status status = inflate(bu_buf_bytes(&stored), 4096, &out, &err);
        ck_assert_msg(status.code == cases[i].want, "case %zu: %s", i,
                      bulla_code_name(status.code));
    }
}
END_TEST

/* xz in xz: a library that unpacks layer by layer would show what nobody asked for. */
START_TEST(packed_twice_is_refused)
{
    if (kinds[_i] == BU_COMPRESSION_NONE || kinds[_i] == BU_COMPRESSION_GZIP)
        return;
    BU_CLEAR(bu_buf) once = { 0 };
    BU_CLEAR(bu_buf) twice = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    build_compressed(kinds[_i], BULLA_LIT("some text"), &once);
    build_compressed(kinds[_i], bu_buf_bytes(&once), &twice);
    unit_fails(inflate(bu_buf_bytes(&twice), 4096, &out, &err), BULLA_E_BAD_DATA, err);
}
END_TEST

/* A source of zeros without an end. */
static bulla_status endless(bu_source *self, uint8_t *buf, size_t cap, size_t *n, bulla_error *err)
{
    (void)self;
    (void)err;
    memset(buf, 0, cap);
    *n = cap;
    return BU_OK;
}

static bulla_status pass_over(bu_source *inner, uint64_t *total, bulla_error *err)
{
    static uint8_t scratch[BU_IO_CHUNK];
    BU_AUTO(bu_decompressor) d = NULL;
    *total = 0;
    BU_TRY(bu_decompressor_new(inner, &d, err));
    for (size_t n = 1; n > 0; *total += n)
        BU_TRY(bu_source_read(bu_decompressor_source(d), scratch, sizeof scratch, &n, err));
    return BU_OK;
}

START_TEST(the_total_is_limited)
{
    bu_source zeros = { endless };
    uint64_t total;
    bulla_error err = { 0 };
    unit_fails(pass_over(&zeros, &total, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_le(total, BU_LIMIT_INFLATED_BYTES);
}
END_TEST

START_TEST(a_bomb_is_stopped)
{
    BU_CLEAR(bu_buf) zeros = { 0 };
    BU_CLEAR(bu_buf) bomb = { 0 };
    bulla_error err = { 0 };
    uint64_t total;
    build_zeros(64u << 20, &zeros);
    build_compressed(BU_COMPRESSION_GZIP, bu_buf_bytes(&zeros), &bomb); /* about 1029 to 1 */
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&bomb));
    unit_fails(pass_over(&source.base, &total, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_ge(total, BU_LIMIT_RATIO_FREE_BYTES);
    ck_assert_uint_le(total, BU_LIMIT_RATIO_FREE_BYTES + (1u << 20));
}
END_TEST

/* Small things may pack as well as they like. */
START_TEST(a_small_archive_of_zeros_passes)
{
    BU_CLEAR(bu_buf) zeros = { 0 };
    BU_CLEAR(bu_buf) stored = { 0 };
    bulla_error err = { 0 };
    uint64_t total;
    build_zeros(BU_LIMIT_RATIO_FREE_BYTES, &zeros);
    build_compressed(kinds[_i], bu_buf_bytes(&zeros), &stored);
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
    unit_ok(pass_over(&source.base, &total, &err), err);
    ck_assert_uint_eq(total, zeros.len);
}
END_TEST

START_TEST(a_failed_stream_stays_failed)
{
    BU_CLEAR(bu_buf) stored = { 0 };
    uint8_t scratch[64];
    size_t n;
    bulla_error err = { 0 };
    build_compressed(BU_COMPRESSION_GZIP, BULLA_LIT("some text"), &stored);
    stored.len -= 4;
    bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&stored));
    BU_AUTO(bu_decompressor) d = NULL;
    unit_ok(bu_decompressor_new(&source.base, &d, &err), err);
    bu_source *inflated = bu_decompressor_source(d);
    unit_fails(bu_source_read(inflated, scratch, sizeof scratch, &n, &err), BULLA_E_TRUNCATED, err);
    unit_fails(bu_source_read(inflated, scratch, sizeof scratch, &n, &err), BULLA_E_TRUNCATED, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, what_was_packed_comes_out, 0, KINDS);
    tcase_add_loop_test(tc, the_kind_is_seen_by_content, 0, KINDS);
    tcase_add_loop_test(tc, a_missing_end_is_seen, 0, KINDS);
    tcase_add_loop_test(tc, a_second_stream_is_refused, 0, KINDS);
    tcase_add_loop_test(tc, bytes_behind_are_refused, 0, KINDS);
    tcase_add_loop_test(tc, damage_is_seen, 0, KINDS);
    tcase_add_loop_test(tc, crc_and_length_are_checked, 0, 8);
    tcase_add_test(tc, gzip_headers_are_strict);
    tcase_add_test(tc, only_the_padding_of_a_tar_record_may_follow);
    tcase_add_loop_test(tc, packed_twice_is_refused, 0, KINDS);
    tcase_add_test(tc, the_total_is_limited);
    tcase_add_test(tc, a_bomb_is_stopped);
    tcase_add_loop_test(tc, a_small_archive_of_zeros_passes, 0, KINDS);
    tcase_add_test(tc, a_failed_stream_stays_failed);
}

int main(void)
{
    return unit_run("archive/decompress", add);
}
