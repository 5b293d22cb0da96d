/* SPDX-License-Identifier: MIT */
/*
 * Strict DER, read and written. Refuses indefinite and padded lengths, negative and
 * padded integers, unused bits, and elements that end beyond their parent.
 */
#include "signature/der.h"

static bulla_bytes broken(bu_der *der)
{
    der->broken = true;
    return (bulla_bytes){ 0 };
}

bool bu_der_is(const bu_der *der, uint8_t tag)
{
    return !der->broken && der->rest.len > 0 && der->rest.ptr[0] == tag;
}

/* X.690 10.1: "The definite form of length encoding shall be used, encoded in the minimum number
 * of octets." Four octets are more than any input here can have. */
static bool take_length(bu_der *der, size_t *out)
{
    if (der->rest.len == 0)
        return false;
    uint8_t first = der->rest.ptr[0];
    der->rest = bu_bytes_from(der->rest, 1);
    *out = first;
    if (first < 0x80)
        return true;
    size_t count = first & 0x7f;
    if (count == 0 || count > 4 || count > der->rest.len)
        return false;
    *out = 0;
    for (size_t i = 0; i < count; i++)
        *out = *out << 8 | der->rest.ptr[i];
    der->rest = bu_bytes_from(der->rest, count);
    return *out >= 0x80 && *out >> (8 * (count - 1)) != 0;
}

bulla_bytes bu_der_take(bu_der *der, uint8_t tag)
{
    size_t length = 0;
    if (!bu_der_is(der, tag))
        return broken(der);
    der->rest = bu_bytes_from(der->rest, 1);
    if (!take_length(der, &length) || length > der->rest.len)
        return broken(der);
    bulla_bytes content = bu_bytes_first(der->rest, length);
    der->rest = bu_bytes_from(der->rest, length);
    return content;
}

bu_der bu_der_enter(bu_der *der, uint8_t tag)
{
    bulla_bytes content = bu_der_take(der, tag);
    return (bu_der){ .rest = content, .broken = der->broken };
}

bulla_bytes bu_der_positive(bu_der *der)
{
    bulla_bytes value = bu_der_take(der, BU_DER_INTEGER);
    if (value.len == 0 || value.ptr[0] >= 0x80)
        return broken(der);
    if (value.ptr[0] != 0)
        return value;
    /* A zero byte in front is due before a high bit only; zero itself is not positive. */
    if (value.len == 1 || value.ptr[1] < 0x80)
        return broken(der);
    return bu_bytes_from(value, 1);
}

bulla_bytes bu_der_bits(bu_der *der)
{
    bulla_bytes bits = bu_der_take(der, BU_DER_BIT_STRING);
    if (bits.len == 0 || bits.ptr[0] != 0)
        return broken(der);
    return bu_bytes_from(bits, 1);
}

bool bu_der_done(const bu_der *der)
{
    return !der->broken && der->rest.len == 0;
}

size_t bu_der_offset(const bu_der *der, bulla_bytes whole)
{
    return der->rest.len == 0 ? whole.len : (size_t)(der->rest.ptr - whole.ptr);
}

static void add_front(bu_buf *out, uint8_t tag, size_t length)
{
    size_t count = 0;
    bu_buf_add_byte(out, tag);
    if (length >= 0x80)
        for (size_t rest = length; rest > 0; rest >>= 8)
            count++;
    if (count > 0)
        bu_buf_add_byte(out, (uint8_t)(0x80 | count));
    for (size_t i = count; i-- > 1;)
        bu_buf_add_byte(out, (uint8_t)(length >> (8 * i)));
    bu_buf_add_byte(out, (uint8_t)length);
}

void bu_der_add(bu_buf *out, uint8_t tag, bulla_bytes content)
{
    add_front(out, tag, content.len);
    bu_buf_add(out, content);
}

void bu_der_add_positive(bu_buf *out, bulla_bytes number)
{
    while (number.len > 1 && number.ptr[0] == 0)
        number = bu_bytes_from(number, 1);
    bool high = number.len > 0 && number.ptr[0] >= 0x80;
    add_front(out, BU_DER_INTEGER, number.len + high);
    if (high)
        bu_buf_add_byte(out, 0);
    bu_buf_add(out, number);
}

void bu_der_add_bits(bu_buf *out, bulla_bytes bits)
{
    add_front(out, BU_DER_BIT_STRING, bits.len + 1);
    bu_buf_add_byte(out, 0);
    bu_buf_add(out, bits);
}
