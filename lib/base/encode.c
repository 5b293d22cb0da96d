/* SPDX-License-Identifier: MIT */
/*
 * Hex and base64 (RFC 4648), strictly: every value has one text.
 */
#include "base/encode.h"

#include "base/bytes.h"

void bu_hex_encode(bulla_bytes in, bu_buf *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t size;
    uint8_t *room = __builtin_mul_overflow(in.len, 2, &size) ? bu_buf_room(out, SIZE_MAX)
                                                             : bu_buf_room(out, size);
    if (room == NULL)
        return;
    for (size_t i = 0; i < in.len; i++) {
        room[2 * i] = (uint8_t)digits[in.ptr[i] >> 4];
        room[2 * i + 1] = (uint8_t)digits[in.ptr[i] & 15];
    }
    bu_buf_added(out, size);
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bulla_status bu_hex_decode(bulla_bytes in, uint8_t *out, size_t size, bulla_error *err)
{
    if (in.len != 2 * size)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "%zu hex digits where %zu are due", in.len,
                       2 * size);
    for (size_t i = 0; i < in.len; i++) {
        int value = hex_value(in.ptr[i]);
        if (value < 0)
            return bu_at_offset(err, bu_fail(err, BULLA_E_BAD_ENCODING, "not a hex digit"), i);
        out[i / 2] = (uint8_t)(i % 2 == 0 ? value << 4 : out[i / 2] | value);
    }
    return BU_OK;
}

static const char standard_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void bu_base64_encode(bulla_bytes in, bu_buf *out)
{
    size_t groups = in.len / 3 + (in.len % 3 != 0);
    size_t size;
    uint8_t *room = __builtin_mul_overflow(groups, 4, &size) ? bu_buf_room(out, SIZE_MAX)
                                                             : bu_buf_room(out, size);
    if (room == NULL)
        return;
    for (size_t g = 0; g < groups; g++) {
        size_t have = in.len - 3 * g < 3 ? in.len - 3 * g : 3;
        uint32_t bits = 0;
        for (size_t i = 0; i < 3; i++)
            bits = bits << 8 | (i < have ? in.ptr[3 * g + i] : 0u);
        for (size_t i = 0; i < 4; i++)
            room[4 * g + i] =
                (uint8_t)(i <= have ? standard_digits[bits >> (18 - 6 * i) & 63] : '=');
    }
    bu_buf_added(out, size);
}

/* Value of a digit; sets *alphabet once a digit of only one of the two is seen. */
static int base64_value(uint8_t c, bu_base64_alphabet *alphabet)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    bool standard = c == '+' || c == '/';
    if (!standard && c != '-' && c != '_')
        return -1;
    bu_base64_alphabet own = standard ? BU_BASE64_STANDARD : BU_BASE64_URL;
    if (*alphabet == BU_BASE64_EITHER)
        *alphabet = own;
    if (*alphabet != own)
        return -1;
    return c == '+' || c == '-' ? 62 : 63;
}

static bulla_status bad_base64(bulla_error *err, size_t offset, const char *why)
{
    return bu_at_offset(err, bu_fail(err, BULLA_E_BAD_ENCODING, "not strict base64: %s", why),
                        offset);
}

bulla_status bu_base64_decode(bulla_bytes in, bu_base64_alphabet alphabet, bu_buf *out,
                              bulla_error *err)
{
    if (in.len % 4 != 0)
        return bad_base64(err, in.len, "the length is no multiple of 4");
    size_t padding = 0;
    while (padding < 2 && padding < in.len && in.ptr[in.len - 1 - padding] == '=')
        padding++;
    size_t digits = in.len - padding;
    size_t size = in.len / 4 * 3 - padding;
    uint8_t *room = bu_buf_room(out, size);
    if (room == NULL)
        return bu_no_memory(err);
    uint32_t bits = 0;
    size_t written = 0;
    for (size_t i = 0; i < digits; i++) {
        int value = base64_value(in.ptr[i], &alphabet);
        if (value < 0)
            return bad_base64(err, i, "a character outside the alphabet");
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 0)
            room[written++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    uint32_t spare = padding == 0 ? 0 : bits & ((1u << (2 * padding)) - 1);
    if (spare != 0)
        return bad_base64(err, digits - 1, "spare bits are not zero");
    bu_buf_added(out, size);
    return BU_OK;
}
