/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF;
 * and the one function that makes text from outside safe to show.
 */
#ifndef BU_BASE_UTF8_H
#define BU_BASE_UTF8_H

#include "base/buf.h"

/** Length in bytes (1..4) of the code point that `in` starts with, or 0 when it is not valid UTF-8. */
size_t bu_utf8_next(bulla_bytes in, uint32_t *code_point);

/** Offset of the first byte that is not valid UTF-8, or `in.len`. */
size_t bu_utf8_valid(bulla_bytes in);

/** Append the code point (a Unicode scalar value) as UTF-8. */
void bu_utf8_encode(uint32_t code_point, bu_buf *out);

/** True for C0, DEL, C1, bidi and zero-width controls, U+2028/9, BOM and tag characters. */
bool bu_utf8_is_hidden(uint32_t code_point);

/** True when a name has an invalid byte or a hidden character; `at` gets the offset of the first. */
bool bu_utf8_hides(bulla_bytes in, size_t *at);

/**
 * Append `in` so that it may be shown anywhere: valid visible UTF-8 stays, every
 * other byte becomes \xNN or \u{N}, a backslash becomes two.
 */
void bu_escape(bulla_bytes in, bu_buf *out);

/** The same into a fixed array, NUL-terminated; what does not fit ends in "...". */
void bu_escape_into(bulla_bytes in, char *out, size_t cap);

#endif
