/* SPDX-License-Identifier: MIT */
/* Strict encodings: one value has one text, so two texts never mean one digest or one signature. */
#include "suite.h"

#include "base/encode.h"

static const struct {
    const char *text;
    bu_base64_alphabet alphabet;
    bulla_code want;
    const char *decoded;
} cases[] = {
    { "", BU_BASE64_STANDARD, BULLA_OK, "" },
    { "Zg==", BU_BASE64_STANDARD, BULLA_OK, "f" },
    { "Zm8=", BU_BASE64_STANDARD, BULLA_OK, "fo" },
    { "Zm9vYmFy", BU_BASE64_STANDARD, BULLA_OK, "foobar" },
    { "+/+/", BU_BASE64_STANDARD, BULLA_OK, "\xfb\xff\xbf" },
    { "-_-_", BU_BASE64_URL, BULLA_OK, "\xfb\xff\xbf" },
    { "-_-_", BU_BASE64_EITHER, BULLA_OK, "\xfb\xff\xbf" },
    { "+/+/", BU_BASE64_EITHER, BULLA_OK, "\xfb\xff\xbf" },
    { "+_+/", BU_BASE64_EITHER, BULLA_E_BAD_ENCODING, "" }, /* a mix of both alphabets */
    { "-_-_", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
    { "+/+/", BU_BASE64_URL, BULLA_E_BAD_ENCODING, "" },
    { "Zg", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" }, /* padding is missing */
    { "Zh==", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING,
      "" }, /* spare bits: a second text for "f" */
    { "Zm9=", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
    { "Zg===", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
    { "Z===", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
    { "====", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
    { "Zg==Zg==", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" }, /* padding in the middle */
    { "Zm9v\nYmF", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
    { " Zm9", BU_BASE64_STANDARD, BULLA_E_BAD_ENCODING, "" },
};

START_TEST(base64_is_strict)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_base64_decode(bu_bytes_of(cases[_i].text), cases[_i].alphabet, &out, &err);
    ck_assert_msg(status.code == cases[_i].want, "\"%s\": %s", cases[_i].text,
                  bulla_code_name(status.code));
    if (bulla_ok(status))
        ck_assert(bu_bytes_is(bu_buf_bytes(&out), cases[_i].decoded));
}
END_TEST

START_TEST(base64_goes_round)
{
    uint8_t bytes[67];
    for (size_t len = 0; len <= sizeof bytes; len++) {
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(i * 37 + len);
        BU_CLEAR(bu_buf) text = { 0 };
        BU_CLEAR(bu_buf) back = { 0 };
        bulla_error err = { 0 };
        bu_base64_encode((bulla_bytes){ bytes, len }, &text);
        unit_ok(bu_base64_decode(bu_buf_bytes(&text), BU_BASE64_STANDARD, &back, &err), err);
        ck_assert(bu_bytes_equal(bu_buf_bytes(&back), (bulla_bytes){ bytes, len }));
    }
}
END_TEST

START_TEST(hex_is_strict)
{
    uint8_t out[2];
    bulla_error err = { 0 };
    unit_ok(bu_hex_decode(BULLA_LIT("00fF"), out, 2, &err), err);
    ck_assert_int_eq(out[0], 0);
    ck_assert_int_eq(out[1], 255);
    unit_fails(bu_hex_decode(BULLA_LIT("00f"), out, 2, &err), BULLA_E_BAD_ENCODING, err);
    unit_fails(bu_hex_decode(BULLA_LIT("00ff0"), out, 2, &err), BULLA_E_BAD_ENCODING, err);
    unit_fails(bu_hex_decode(BULLA_LIT("00fg"), out, 2, &err), BULLA_E_BAD_ENCODING, err);
    ck_assert_uint_eq(err.offset, 3);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, base64_is_strict, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, base64_goes_round);
    tcase_add_test(tc, hex_is_strict);
}

int main(void)
{
    return unit_run("encode", add);
}
