/* SPDX-License-Identifier: MIT */
/*
 * Composer's and Packagist's versions, ordered as PHP's version_compare does:
 * dev < alpha < beta < RC < a number < pl; "#" stands for any number; words
 * that are none of these come first. A leading "v" and case do not count.
 */
#include "version/order.h"
#include "version/orders.h"

typedef enum rank {
    RANK_OTHER,
    RANK_DEV,
    RANK_ALPHA,
    RANK_BETA,
    RANK_RC,
    RANK_NUMBER,
    RANK_PATCH,
    RANK_END
} rank;

typedef struct part {
    rank rank;
    bulla_bytes number; /* empty for "#" and words */
} part;

static bool is_separator(uint8_t c)
{
    return c == '.' || c == '-' || c == '_' || c == '+';
}

static bool is_word(uint8_t c)
{
    return !is_separator(c) && !bu_is_digit(c);
}

static rank rank_of(bulla_bytes word)
{
    static const struct {
        const char *prefix;
        rank rank;
    } words[] = { { "dev", RANK_DEV }, { "a", RANK_ALPHA },  { "b", RANK_BETA },
                  { "rc", RANK_RC },   { "#", RANK_NUMBER }, { "p", RANK_PATCH } };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (bu_starts_folded(word, words[i].prefix) > 0)
            return words[i].rank;
    return RANK_OTHER;
}

static part next_part(bulla_bytes *rest)
{
    (void)bu_take_while(rest, is_separator);
    if (rest->len == 0)
        return (part){ .rank = RANK_END };
    bulla_bytes number = bu_take_while(rest, bu_is_digit);
    if (number.len > 0)
        return (part){ RANK_NUMBER, number };
    return (part){ .rank = rank_of(bu_take_while(rest, is_word)) };
}

/* What one version has more than the other: a number makes it greater, a word is held against "#". */
static int compare_more(part more)
{
    return more.number.len > 0 ? 1 : (int)more.rank - (int)RANK_NUMBER;
}

static int compare_parts(part a, part b)
{
    if (a.rank == RANK_END || b.rank == RANK_END)
        return a.rank == RANK_END ? -compare_more(b) : compare_more(a);
    if (a.number.len > 0 && b.number.len > 0)
        return bu_compare_numbers(a.number, b.number);
    return (int)a.rank - (int)b.rank;
}

int bu_order_composer(bulla_bytes a, bulla_bytes b)
{
    a = bu_bytes_from(a, bu_starts_folded(a, "v"));
    b = bu_bytes_from(b, bu_starts_folded(b, "v"));
    part left, right;
    int order = 0;
    do {
        left = next_part(&a);
        right = next_part(&b);
        if (left.rank == RANK_END && right.rank == RANK_END)
            break;
        order = compare_parts(left, right);
    } while (order == 0 && left.rank != RANK_END && right.rank != RANK_END);
    return order;
}
