/* SPDX-License-Identifier: MIT */
/* Where a compressed stream ends must be known to the byte, however it arrives. */
#include "suite.h"

#include "archive/frame.h"
#include "build.h"

static const bu_compression kinds[] = { BU_COMPRESSION_XZ, BU_COMPRESSION_ZSTD,
                                        BU_COMPRESSION_LZ4 };
#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

START_TEST(the_end_is_found_byte_by_byte)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) stored = { 0 };
    bulla_error err = { 0 };
    for (unsigned i = 0; i < 40000; i++)
        bu_buf_add_format(&text, "%u ", i * 2654435761u);
    build_compressed(kinds[_i], bu_buf_bytes(&text), &stored);
    bu_frame frame = bu_frame_of(kinds[_i]);
    bulla_status status = BU_OK;
    size_t fed = 0;
    while (!bu_frame_ended(&frame) && bulla_ok(status) && fed < stored.len)
        status = bu_frame_feed(&frame, (bulla_bytes){ stored.ptr + fed++, 1 }, &err);
    unit_ok(status, err);
    ck_assert(bu_frame_ended(&frame));
    ck_assert_uint_eq(fed, stored.len);
    ck_assert(frame.has_content);
    ck_assert_uint_eq(frame.offset, stored.len);
}
END_TEST

/* Fields that say that a frame is not what is accepted, each with the byte after it. */
static const struct {
    bu_compression kind;
    bulla_bytes bytes;
    bulla_code want;
    uint64_t offset;
} cases[] = {
    { BU_COMPRESSION_XZ, BUILD_BYTES("\xFD\x37zXZ\0\0\x02\0\0\0\0"), BULLA_E_UNSUPPORTED_FEATURE,
      12 },
    { BU_COMPRESSION_XZ, BUILD_BYTES("\xFD\x37zXZ\0\1\x01\0\0\0\0"), BULLA_E_UNSUPPORTED_FEATURE,
      12 },
    { BU_COMPRESSION_XZ, BUILD_BYTES("\xFD\x37zXZ\0\0\x01\0\0\0\0\x01\0\0\0\0\0\0\0\x03"),
      BULLA_E_BAD_DATA, 21 }, /* a control byte that LZMA2 does not have */
    { BU_COMPRESSION_XZ,
      BUILD_BYTES("\xFD\x37zXZ\0\0\x01\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),
      BULLA_E_BAD_DATA, 22 }, /* more records than there can be */
    { BU_COMPRESSION_ZSTD, BUILD_BYTES("\x28\xB5\x2F\xFD\x01"), BULLA_E_UNSUPPORTED_FEATURE, 5 },
    { BU_COMPRESSION_ZSTD, BUILD_BYTES("\x28\xB5\x2F\xFD\x08"), BULLA_E_UNSUPPORTED_FEATURE, 5 },
    { BU_COMPRESSION_ZSTD, BUILD_BYTES("\x28\xB5\x2F\xFD\0\0\x07\0\0"), BULLA_E_BAD_DATA, 9 },
    { BU_COMPRESSION_LZ4, BUILD_BYTES("\x04\x22\x4D\x18\x20"), BULLA_E_UNSUPPORTED_FEATURE, 5 },
    { BU_COMPRESSION_LZ4, BUILD_BYTES("\x04\x22\x4D\x18\x42"), BULLA_E_UNSUPPORTED_FEATURE, 5 },
    { BU_COMPRESSION_LZ4, BUILD_BYTES("\x04\x22\x4D\x18\x41"), BULLA_E_UNSUPPORTED_FEATURE, 5 },
};

START_TEST(unknown_frames_are_refused)
{
    bulla_error err = { 0 };
    bu_frame frame = bu_frame_of(cases[_i].kind);
    unit_fails(bu_frame_feed(&frame, cases[_i].bytes, &err), cases[_i].want, err);
    ck_assert_uint_eq(err.offset, cases[_i].offset);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_end_is_found_byte_by_byte, 0, KINDS);
    tcase_add_loop_test(tc, unknown_frames_are_refused, 0, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("archive/frame", add);
}
