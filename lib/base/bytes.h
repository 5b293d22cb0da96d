/* SPDX-License-Identifier: MIT */
/*
 * Questions about borrowed bytes.
 */
#ifndef BU_BASE_BYTES_H
#define BU_BASE_BYTES_H

#include <string.h>

#include "bulla/bytes.h"

/** A C string as bytes; NULL is the empty sequence. */
static inline bulla_bytes bu_bytes_of(const char *text)
{
    return (bulla_bytes){ (const uint8_t *)text, text == NULL ? 0 : strlen(text) };
}

static inline bool bu_bytes_equal(bulla_bytes a, bulla_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool bu_bytes_is(bulla_bytes a, const char *text)
{
    return bu_bytes_equal(a, bu_bytes_of(text));
}

static inline bool bu_bytes_starts(bulla_bytes a, const char *prefix)
{
    bulla_bytes p = bu_bytes_of(prefix);
    return a.len >= p.len && (p.len == 0 || memcmp(a.ptr, p.ptr, p.len) == 0);
}

static inline bool bu_bytes_ends(bulla_bytes a, const char *suffix)
{
    bulla_bytes s = bu_bytes_of(suffix);
    return a.len >= s.len && (s.len == 0 || memcmp(a.ptr + a.len - s.len, s.ptr, s.len) == 0);
}

/** Bytes from `start` on; empty when there are none. */
static inline bulla_bytes bu_bytes_from(bulla_bytes a, size_t start)
{
    if (start >= a.len)
        return (bulla_bytes){ 0 };
    return (bulla_bytes){ a.ptr + start, a.len - start };
}

/** The first `count` bytes, or all. */
static inline bulla_bytes bu_bytes_first(bulla_bytes a, size_t count)
{
    return (bulla_bytes){ a.ptr, count < a.len ? count : a.len };
}

/** Index of the first `byte`, or `a.len`. */
static inline size_t bu_bytes_find(bulla_bytes a, uint8_t byte)
{
    const uint8_t *hit = a.len == 0 ? NULL : memchr(a.ptr, byte, a.len);
    return hit == NULL ? a.len : (size_t)(hit - a.ptr);
}

/** Whether `a` is of this form, in which one `*` stands for any characters, or none. */
static inline bool bu_bytes_match(bulla_bytes a, const char *form)
{
    bulla_bytes whole = bu_bytes_of(form);
    size_t star = bu_bytes_find(whole, '*');
    if (star == whole.len)
        return bu_bytes_equal(whole, a);
    bulla_bytes end = bu_bytes_from(whole, star + 1);
    return a.len >= star + end.len &&
           bu_bytes_equal(bu_bytes_first(a, star), bu_bytes_first(whole, star)) &&
           bu_bytes_equal(bu_bytes_from(a, a.len - end.len), end);
}

/** True when `text` stands anywhere in the bytes. */
static inline bool bu_bytes_has(bulla_bytes a, const char *text)
{
    return a.len > 0 && memmem(a.ptr, a.len, text, strlen(text)) != NULL;
}

/** Without spaces and tabs at both ends. */
static inline bulla_bytes bu_bytes_trim(bulla_bytes a)
{
    while (a.len > 0 && (a.ptr[0] == ' ' || a.ptr[0] == '\t'))
        a = bu_bytes_from(a, 1);
    while (a.len > 0 && (a.ptr[a.len - 1] == ' ' || a.ptr[a.len - 1] == '\t'))
        a.len--;
    return a;
}

/** Without white space at both ends, line ends among it. */
static inline bulla_bytes bu_bytes_strip(bulla_bytes a)
{
    const char *blank = " \t\r\n";
    while (a.len > 0 && strchr(blank, a.ptr[0]) != NULL && a.ptr[0] != '\0')
        a = bu_bytes_from(a, 1);
    while (a.len > 0 && strchr(blank, a.ptr[a.len - 1]) != NULL && a.ptr[a.len - 1] != '\0')
        a.len--;
    return a;
}

/** How much of a path is its folder, with the slash; 0 when it names none. */
static inline size_t bu_path_folder(bulla_bytes path)
{
    size_t len = path.len;
    while (len > 0 && path.ptr[len - 1] != '/')
        len--;
    return len;
}

/** The last part of a path, NUL-terminated as it is. */
static inline const char *bu_path_name(const char *path)
{
    return path + bu_path_folder(bu_bytes_of(path));
}

/** ASCII letters in lower case. */
static inline uint8_t bu_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/** Order of bytes; a prefix comes first. */
static inline int bu_bytes_compare(bulla_bytes a, bulla_bytes b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

#endif
