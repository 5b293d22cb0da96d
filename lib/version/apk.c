/* SPDX-License-Identifier: MIT */
/*
 * Alpine's apk-tools and Gentoo's ebuilds (PMS 3.3), which share a grammar:
 * numbers, a letter, suffixes, revision. They differ in how zeros count. apk
 * compares token by token, also of texts that are not of the grammar: what is
 * not comes first.
 */
#include "version/order.h"
#include "version/orders.h"

/* In their order when the versions are equal before them. */
typedef enum token_kind {
    TOKEN_OTHER,
    TOKEN_PRE_SUFFIX,
    TOKEN_END,
    TOKEN_REVISION,
    TOKEN_HASH,
    TOKEN_SUFFIX_NUMBER,
    TOKEN_POST_SUFFIX,
    TOKEN_LETTER,
    TOKEN_NUMBER,
    TOKEN_FIRST_NUMBER,
} token_kind;

typedef struct token {
    token_kind kind;
    bulla_bytes text;
    int suffix;
} token;

static const char *const suffixes[] = {
    "alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"
};
#define SUFFIXES   ((int)(sizeof suffixes / sizeof suffixes[0]))
#define FIRST_POST 4

static bool is_hex(uint8_t c)
{
    return bu_is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static token take_suffix(bulla_bytes *rest)
{
    bulla_bytes from = bu_bytes_from(*rest, 1), run = from, word = bu_take_while(&run, is_lower);
    for (int i = 0; i < SUFFIXES; i++)
        if (bu_bytes_is(word, suffixes[i])) {
            *rest = run;
            return (token){ i < FIRST_POST ? TOKEN_PRE_SUFFIX : TOKEN_POST_SUFFIX, word, i };
        }
    return (token){ TOKEN_OTHER, *rest, 0 };
}

/* `mark` and then what `is`, when that is next. */
static bool take_marked(bulla_bytes *rest, const char *mark, bool (*is)(uint8_t), bulla_bytes *out)
{
    size_t length = strlen(mark);
    if (!bu_bytes_starts(*rest, mark) || (rest->len > length && !is(rest->ptr[length])))
        return false;
    *rest = bu_bytes_from(*rest, length);
    *out = bu_take_while(rest, is);
    return true;
}

/* How the two differ. */
typedef struct dialect {
    bool has_zeros; /* a suffix without a number has 0, a version without revision has 0 */
    bu_order *fractions;
} dialect;

static bool is_suffix(token_kind kind)
{
    return kind == TOKEN_PRE_SUFFIX || kind == TOKEN_POST_SUFFIX;
}

/* Letters, suffixes, hash and revision, each in its turn. */
static token next_tail(bulla_bytes *rest, token_kind last)
{
    bulla_bytes text = { 0 };
    if (last >= TOKEN_NUMBER && is_lower(bu_front(*rest)))
        return (token){ .kind = TOKEN_LETTER, .text = bu_take_bytes(rest, 1) };
    if ((last > TOKEN_HASH || is_suffix(last)) && bu_front(*rest) == '_')
        return take_suffix(rest);
    if ((last > TOKEN_HASH || is_suffix(last)) && take_marked(rest, "~", is_hex, &text))
        return (token){ .kind = TOKEN_HASH, .text = text };
    if (last > TOKEN_REVISION || is_suffix(last))
        if (take_marked(rest, "-r", bu_is_digit, &text))
            return (token){ .kind = TOKEN_REVISION, .text = text };
    return (token){ .kind = TOKEN_OTHER, .text = *rest };
}

static token next_token(bulla_bytes *rest, token_kind last, const dialect *by)
{
    bool digit = bu_is_digit(bu_front(*rest));
    if (is_suffix(last) && (digit || by->has_zeros))
        return (token){ .kind = TOKEN_SUFFIX_NUMBER, .text = bu_take_while(rest, bu_is_digit) };
    if (rest->len == 0 && by->has_zeros && last != TOKEN_REVISION && last != TOKEN_OTHER)
        return (token){ .kind = TOKEN_REVISION };
    if (rest->len == 0)
        return (token){ .kind = TOKEN_END };
    if (last == TOKEN_OTHER && digit)
        return (token){ .kind = TOKEN_FIRST_NUMBER, .text = bu_take_while(rest, bu_is_digit) };
    bulla_bytes number = bu_bytes_from(*rest, 1);
    if (last >= TOKEN_NUMBER && bu_front(*rest) == '.' && bu_is_digit(bu_front(number))) {
        *rest = number;
        return (token){ .kind = TOKEN_NUMBER, .text = bu_take_while(rest, bu_is_digit) };
    }
    return next_tail(rest, last);
}

/* Numbers behind the first are text when one of them begins with a zero, as if behind a point. */
static int apk_fractions(bulla_bytes a, bulla_bytes b)
{
    bool is_text = bu_front(a) == '0' || bu_front(b) == '0';
    return is_text ? bu_bytes_compare(a, b) : bu_compare_numbers(a, b);
}

static bulla_bytes without_zeros(bulla_bytes number)
{
    while (number.len > 0 && number.ptr[number.len - 1] == '0')
        number.len--;
    return number;
}

static int gentoo_fractions(bulla_bytes a, bulla_bytes b)
{
    bool is_text = bu_front(a) == '0' || bu_front(b) == '0';
    return is_text ? bu_bytes_compare(without_zeros(a), without_zeros(b))
                   : bu_compare_numbers(a, b);
}

static const dialect apk = { false, apk_fractions }, gentoo = { true, gentoo_fractions };

static int compare_tokens(const token *a, const token *b, const dialect *by)
{
    if (a->kind != b->kind)
        return (int)a->kind - (int)b->kind;
    if (is_suffix(a->kind))
        return a->suffix - b->suffix;
    if (a->kind == TOKEN_NUMBER)
        return by->fractions(a->text, b->text);
    if (a->kind == TOKEN_OTHER || a->kind == TOKEN_LETTER || a->kind == TOKEN_HASH)
        return bu_bytes_compare(a->text, b->text);
    return bu_compare_numbers(a->text, b->text);
}

static int compare(bulla_bytes a, bulla_bytes b, const dialect *by)
{
    token left = { .kind = TOKEN_OTHER }, right = left;
    int order = 0;
    do {
        left = next_token(&a, left.kind, by);
        right = next_token(&b, right.kind, by);
        order = compare_tokens(&left, &right, by);
    } while (order == 0 && left.kind != TOKEN_END && left.kind != TOKEN_OTHER);
    return order;
}

int bu_order_apk(bulla_bytes a, bulla_bytes b)
{
    return compare(a, b, &apk);
}

int bu_order_gentoo(bulla_bytes a, bulla_bytes b)
{
    return compare(a, b, &gentoo);
}

size_t bu_fault_gentoo(bulla_bytes version)
{
    bulla_bytes rest = version;
    token read = { .kind = TOKEN_OTHER };
    do {
        read = next_token(&rest, read.kind, &gentoo);
    } while (read.kind != TOKEN_OTHER && read.kind != TOKEN_END);
    return read.kind == TOKEN_END && version.len > 0 ? BU_NO_FAULT : version.len - rest.len;
}
