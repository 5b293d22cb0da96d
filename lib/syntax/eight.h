/* SPDX-License-Identifier: MIT */
/*
 * Eight bytes of text at a step, without leaving C: each question gives a mask
 * that is exact up to its first hit, which is all that a scan asks for.
 */
#ifndef BU_SYNTAX_EIGHT_H
#define BU_SYNTAX_EIGHT_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define BU_EIGHT_TIMES(byte) (0x0101010101010101u * (uint64_t)(byte))

/** The eight bytes at `at`, the first one lowest. */
static inline uint64_t bu_eight_at(const uint8_t *at)
{
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    return le64toh(eight);
}

/** Which bytes are below `limit` (at most 0x80)? */
static inline uint64_t bu_eight_below(uint64_t eight, uint8_t limit)
{
    return (eight - BU_EIGHT_TIMES(limit)) & ~eight & BU_EIGHT_TIMES(0x80);
}

/** Which bytes are `byte`? */
static inline uint64_t bu_eight_is(uint64_t eight, uint8_t byte)
{
    return bu_eight_below(eight ^ BU_EIGHT_TIMES(byte), 1);
}

/** Which bytes are beyond ASCII? */
static inline uint64_t bu_eight_high(uint64_t eight)
{
    return eight & BU_EIGHT_TIMES(0x80);
}

/** Index of the first hit in a mask that has one. */
static inline size_t bu_eight_first(uint64_t mask)
{
    return (size_t)__builtin_ctzll(mask) >> 3;
}

#endif
