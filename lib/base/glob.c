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

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool stands_for(uint8_t part, uint8_t c, bool any_case)
{
    return part == c || (part == '?' && c != '/') || (any_case && lower(part) == lower(c));
}

static bool match(bulla_bytes pattern, bulla_bytes name, bool any_case)
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
        } else if (n < name.len && p < pattern.len && stands_for(c, name.ptr[n], any_case)) {
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

bool bu_glob_match(bulla_bytes pattern, bulla_bytes name)
{
    return match(pattern, name, false);
}

bool bu_glob_match_any_case(bulla_bytes pattern, bulla_bytes name)
{
    return match(pattern, name, true);
}

/* A pattern as one number for each of its parts: a byte, or one of these. */
enum { ONE = 256, STAR, STARS };

typedef struct parts {
    uint16_t items[BU_GLOB_MEET_BYTES];
    size_t count;
} parts;

static void take_apart(bulla_bytes pattern, parts *out)
{
    for (size_t i = 0; i < pattern.len; i++) {
        uint8_t c = pattern.ptr[i];
        bool twice = c == '*' && i + 1 < pattern.len && pattern.ptr[i + 1] == '*';
        i += twice;
        out->items[out->count++] = twice ? STARS : c == '*' ? STAR : c == '?' ? ONE : c;
    }
}

static bool is_star(uint16_t part)
{
    return part == STAR || part == STARS;
}

/* Is there one byte that both stand for? For '/' only `**` stands, besides itself. */
static bool share_byte(uint16_t a, uint16_t b)
{
    if (a < ONE && b < ONE)
        return a == b;
    return (a != '/' || b == STARS) && (b != '/' || a == STARS);
}

/* What is left of both at [i] and [j] can be reached by one name; `row` is i, `next` is i + 1. */
static void step(const parts *a, const parts *b, size_t i, size_t j, bool *row, bool *next)
{
    bool in_a = i < a->count, in_b = j < b->count;
    uint16_t x = in_a ? a->items[i] : 0, y = in_b ? b->items[j] : 0;
    bool common = in_a && in_b && share_byte(x, y);
    if (in_a && (is_star(x) || (common && is_star(y)))) /* x stands for nothing, or y goes on */
        next[j] = true;
    if (in_b && (is_star(y) || (common && is_star(x))))
        row[j + 1] = true;
    if (common)
        next[j + 1] = true;
}

bool bu_glob_meet(bulla_bytes a, bulla_bytes b)
{
    parts left = { .count = 0 }, right = { .count = 0 };
    bool rows[2][BU_GLOB_MEET_BYTES + 1] = { { true } };
    if (a.len > BU_GLOB_MEET_BYTES || b.len > BU_GLOB_MEET_BYTES)
        return true;
    take_apart(a, &left);
    take_apart(b, &right);
    for (size_t i = 0; i <= left.count; i++) {
        bool *row = rows[i % 2], *next = rows[(i + 1) % 2];
        memset(next, 0, sizeof rows[0]);
        for (size_t j = 0; j <= right.count; j++)
            if (row[j])
                step(&left, &right, i, j, row, next);
    }
    return rows[left.count % 2][right.count];
}
