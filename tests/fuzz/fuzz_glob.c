/* SPDX-License-Identifier: MIT */
/*
 * A pattern, a NUL and a name: fast matching says what a plain table of all beginnings says; what
 * matches a name meets it as a pattern, and to meet is mutual. Targets: bu_glob_match, bu_glob_meet.
 */
#include "fuzz.h"

#include "base/glob.h"

#define LONGEST 64u /* bytes: the table is small */

/* Which first parts of the name the first part of the pattern matches, one byte at a time. */
static bool matches(bulla_bytes pattern, bulla_bytes name)
{
    bool now[LONGEST + 1] = { true }, next[LONGEST + 1];
    for (size_t p = 0; p < pattern.len; p++) {
        uint8_t c = pattern.ptr[p];
        bool is_star = c == '*';
        bool crosses = is_star && p + 1 < pattern.len && pattern.ptr[p + 1] == '*';
        p += crosses;
        for (size_t n = 0; n <= name.len; n++) {
            bool one =
                n > 0 && (is_star ? crosses || name.ptr[n - 1] != '/'
                                  : c == name.ptr[n - 1] || (c == '?' && name.ptr[n - 1] != '/'));
            next[n] = is_star ? now[n] || (one && next[n - 1]) : one && now[n - 1];
        }
        memcpy(now, next, sizeof now);
    }
    return now[name.len];
}

static bool is_plain(bulla_bytes text)
{
    return bu_bytes_find(text, '*') == text.len && bu_bytes_find(text, '?') == text.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes all = { data, size };
    size_t end = bu_bytes_find(all, '\0');
    bulla_bytes pattern = bu_bytes_first(all, end < LONGEST ? end : LONGEST);
    bulla_bytes name = bu_bytes_first(bu_bytes_from(all, end + 1), LONGEST);
    bool holds = bu_glob_match(pattern, name);
    FUZZ_CHECK(holds == matches(pattern, name));
    FUZZ_CHECK(bu_glob_meet(pattern, name) == bu_glob_meet(name, pattern));
    FUZZ_CHECK(bu_glob_meet(pattern, pattern));
    if (is_plain(name))
        FUZZ_CHECK(bu_glob_meet(pattern, name) == holds);
    return 0;
}
