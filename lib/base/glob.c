/* SPDX-License-Identifier: MIT */
/*
 * Glob matching with one point to go back to for `*` and one for `**`: no
 * recursion, and a fixed number of steps for each byte of pattern x name.
 */
#include "base/glob.h"

typedef struct fallback {
    size_t pattern, name; /* where to go on; pattern 0: not set */
} fallback;

/* Let the last star take one byte more. False when it may not. */
static bool extend(fallback *star, bool across, bulla_bytes name, size_t *p, size_t *n)
{
    if (star->pattern == 0 || star->name >= name.len || (!across && name.ptr[star->name] == '/'))
        return false;
    *p = star->pattern;
    *n = ++star->name;
    return true;
}

/*
 * Let `**` take more. Where a `*` behind it has failed, it fails from every later start in the same
 * folder too: it stands for no slash, and what it is followed by was not found further on.
 */
static bool extend_across(fallback *stars, bool star_failed, bulla_bytes name, size_t *p, size_t *n)
{
    if (star_failed && stars->pattern != 0)
        stars->name += bu_bytes_find(bu_bytes_from(name, stars->name), '/');
    return extend(stars, true, name, p, n);
}

bool bu_glob_match(bulla_bytes pattern, bulla_bytes name)
{
    fallback star = { 0 }, stars = { 0 };
    size_t p = 0, n = 0;
    while (n < name.len || p < pattern.len) {
        uint8_t c = p < pattern.len ? pattern.ptr[p] : 0;
        if (c == '*' && p + 1 < pattern.len && pattern.ptr[p + 1] == '*') {
            p += 2;
            stars = (fallback){ p, n };
            star = (fallback){ 0 };
        } else if (c == '*') {
            star = (fallback){ ++p, n };
        } else if (n < name.len && p < pattern.len &&
                   (c == name.ptr[n] || (c == '?' && name.ptr[n] != '/'))) {
            p++;
            n++;
        } else if (!extend(&star, false, name, &p, &n)) {
            bool star_failed = star.pattern != 0;
            star = (fallback){ 0 };
            if (!extend_across(&stars, star_failed, name, &p, &n))
                return false;
        }
    }
    return true;
}
