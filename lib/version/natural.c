/* SPDX-License-Identifier: MIT */
/*
 * Orders that fit many: natural (runs of digits are numbers, all else is
 * text), generic (Repology's libversion), lexicographic (bytes as they are).
 */
#include "version/order.h"
#include "version/orders.h"

static bool is_other(uint8_t c)
{
    return !bu_is_digit(c);
}

int bu_order_natural(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0)) {
        bulla_bytes left = bu_take_while(&a, is_other), right = bu_take_while(&b, is_other);
        order = bu_bytes_compare(left, right);
        left = bu_take_while(&a, bu_is_digit);
        right = bu_take_while(&b, bu_is_digit);
        order = bu_then(order,
                        bu_then((left.len > 0) - (right.len > 0), bu_compare_numbers(left, right)));
    }
    return order;
}

int bu_order_lexicographic(bulla_bytes a, bulla_bytes b)
{
    return bu_bytes_compare(a, b);
}

/* libversion: each component has a rank; a missing one is a zero. */
typedef enum rank { RANK_PRE, RANK_ZERO, RANK_POST, RANK_NUMBER, RANK_SUFFIX } rank;

typedef struct component {
    rank rank;
    bulla_bytes text;
} component;

static bool is_separator(uint8_t c)
{
    return !bu_is_alnum(c);
}

static bool is_post_release(bulla_bytes word)
{
    static const char *const words[] = { "patch", "post", "pl", "errata" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (bu_starts_folded(word, words[i]) == word.len)
            return true;
    return false;
}

static bool is_pre_release(bulla_bytes word)
{
    static const char *const words[] = { "alpha", "beta", "rc", "pre" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (bu_starts_folded(word, words[i]) == word.len)
            return true;
    return false;
}

static component next_component(bulla_bytes *rest, bool *after_number)
{
    bool is_attached = *after_number && bu_is_letter(bu_front(*rest));
    (void)bu_take_while(rest, is_separator);
    bulla_bytes number = bu_take_while(rest, bu_is_digit);
    *after_number = number.len > 0;
    if (number.len > 0 || rest->len == 0)
        return (component){ bu_is_zero(number) ? RANK_ZERO : RANK_NUMBER, number };
    bulla_bytes word = bu_take_while(rest, bu_is_letter);
    if (is_post_release(word))
        return (component){ RANK_POST, word };
    bool is_suffix = is_attached && !is_pre_release(word) && !bu_is_digit(bu_front(*rest));
    return (component){ is_suffix ? RANK_SUFFIX : RANK_PRE, word };
}

static int compare_components(component a, component b)
{
    if (a.rank != b.rank)
        return (int)a.rank - (int)b.rank;
    if (a.rank == RANK_NUMBER)
        return bu_compare_numbers(a.text, b.text);
    return a.rank == RANK_ZERO ? 0 : bu_lower(bu_front(a.text)) - bu_lower(bu_front(b.text));
}

int bu_order_generic(bulla_bytes a, bulla_bytes b)
{
    bool a_number = false, b_number = false;
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0))
        order = compare_components(next_component(&a, &a_number), next_component(&b, &b_number));
    return order;
}
