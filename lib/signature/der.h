/* SPDX-License-Identifier: MIT */
/*
 * Strict DER (X.690 section 10) as far as keys and signatures need it: one-byte
 * tags, definite lengths in their shortest form, shortest positive integers. A
 * reader stays broken, so parsers take in a straight line and check once; so
 * does a buffer that is written to.
 */
#ifndef BU_SIGNATURE_DER_H
#define BU_SIGNATURE_DER_H

#include "base/buf.h"
#include "base/bytes.h"

#define BU_DER_INTEGER      0x02
#define BU_DER_BIT_STRING   0x03
#define BU_DER_OCTET_STRING 0x04
#define BU_DER_NULL         0x05
#define BU_DER_OID          0x06
#define BU_DER_SEQUENCE     0x30
#define BU_DER_CONTEXT_0    0xa0 /* [0] EXPLICIT */
#define BU_DER_CONTEXT_1    0xa1

typedef struct bu_der {
    bulla_bytes rest;
    bool broken;
} bu_der;

static inline bu_der bu_der_of(bulla_bytes in)
{
    return (bu_der){ .rest = in };
}

/** True when the next element has this tag. */
bool bu_der_is(const bu_der *der, uint8_t tag);

/** Content of the next element, which must have this tag; empty once broken. */
bulla_bytes bu_der_take(bu_der *der, uint8_t tag);

/** A reader over the content of the next element; broken when this one is. */
bu_der bu_der_enter(bu_der *der, uint8_t tag);

/** Bytes of an INTEGER above zero, without the leading zero byte. */
bulla_bytes bu_der_positive(bu_der *der);

/** Bytes of a BIT STRING of whole bytes. */
bulla_bytes bu_der_bits(bu_der *der);

/** Where in `whole`, which the reader stands in, it is or broke. */
size_t bu_der_offset(const bu_der *der, bulla_bytes whole);

/** True when everything was taken and nothing was wrong. */
bool bu_der_done(const bu_der *der);

/** Append an element with that content. */
void bu_der_add(bu_buf *out, uint8_t tag, bulla_bytes content);

/** Append the INTEGER of a big-endian number, which may have zero bytes in front. */
void bu_der_add_positive(bu_buf *out, bulla_bytes number);

/** Append a BIT STRING of whole bytes. */
void bu_der_add_bits(bu_buf *out, bulla_bytes bits);

#endif
