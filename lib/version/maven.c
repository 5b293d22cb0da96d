/* SPDX-License-Identifier: MIT */
/*
 * Maven's ComparableVersion ("Version Order Specification" of the POM
 * reference). Its nested lists only ever nest at their end, so a version is
 * read as one stream of items and "a list opens here", without recursion.
 */
#include "version/order.h"
#include "version/orders.h"

typedef enum kind { KIND_END, KIND_NUMBER, KIND_WORD, KIND_LIST } kind;

typedef struct item {
    kind kind;
    bulla_bytes text;
    bool before_digit; /* a word that a digit follows directly: "a1" is alpha */
} item;

typedef struct stream {
    bulla_bytes rest;
    bool opens; /* a list opens before the next item */
    bool ready; /* `next` is read: it follows that many lists and then nulls */
    size_t lists, nulls;
    item next;
} stream;

static bool is_word(uint8_t c)
{
    return !bu_is_digit(c) && c != '.' && c != '-';
}

/* Qualifiers from old to new; the empty one is the release itself. */
static const char *const qualifiers[] = {
    "alpha", "beta", "milestone", "rc", "snapshot", "", "sp"
};
#define RELEASE    5
#define QUALIFIERS ((int)(sizeof qualifiers / sizeof qualifiers[0]))

static bool is_folded(bulla_bytes word, const char *lower)
{
    return word.len == strlen(lower) && bu_starts_folded(word, lower) == word.len;
}

static int qualifier(const item *word)
{
    static const struct {
        const char *word;
        int qualifier;
        bool before_digit;
    } aliases[] = { { "a", 0, true },
                    { "b", 1, true },
                    { "m", 2, true },
                    { "cr", 3, false },
                    { "ga", RELEASE, false },
                    { "final", RELEASE, false },
                    { "release", RELEASE, false } };
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (is_folded(word->text, aliases[i].word) &&
            (word->before_digit || !aliases[i].before_digit))
            return aliases[i].qualifier;
    for (int i = 0; i < QUALIFIERS; i++)
        if (is_folded(word->text, qualifiers[i]))
            return i;
    return QUALIFIERS;
}

static bool is_null(const item *i)
{
    return i->kind == KIND_NUMBER ? bu_is_zero(i->text) : qualifier(i) == RELEASE;
}

/* The next item as written, or that a list opens. */
static item read_item(stream *s)
{
    if (s->opens) {
        s->opens = false;
        return (item){ .kind = KIND_LIST };
    }
    if (s->rest.len == 0)
        return (item){ .kind = KIND_END };
    item out = { .kind = KIND_NUMBER, .text = bu_take_while(&s->rest, bu_is_digit) };
    if (out.text.len == 0 && is_word(bu_front(s->rest)))
        out = (item){ KIND_WORD, bu_take_while(&s->rest, is_word), bu_is_digit(bu_front(s->rest)) };
    bool is_dot = bu_take_byte(&s->rest, '.');
    s->opens = !is_dot && (bu_take_byte(&s->rest, '-') || s->rest.len > 0);
    return out;
}

/* Read up to an item that is not null. Nulls before a list or the end, and lists of nothing else,
 * do not count. */
static void read_ahead(stream *s)
{
    for (s->next = read_item(s);; s->next = read_item(s)) {
        if (s->next.kind == KIND_LIST) {
            s->lists++;
            s->nulls = 0;
        } else if (s->next.kind != KIND_END && is_null(&s->next)) {
            s->nulls++;
        } else {
            break;
        }
    }
    if (s->next.kind == KIND_END)
        s->lists = s->nulls = 0;
    s->ready = true;
}

static item next_item(stream *s)
{
    if (!s->ready)
        read_ahead(s);
    if (s->lists > 0) {
        s->lists--;
        return (item){ .kind = KIND_LIST };
    }
    if (s->nulls > 0) {
        s->nulls--;
        return (item){ .kind = KIND_NUMBER };
    }
    s->ready = false;
    return s->next;
}

static int compare_words(const item *a, const item *b)
{
    int left = qualifier(a), right = qualifier(b);
    return left != right || left < QUALIFIERS ? left - right : bu_compare_folded(a->text, b->text);
}

/* Against nothing: 1 and 1.0 are equal, 1-rc is older, 1-sp is newer. */
static int compare_to_nothing(const item *i)
{
    if (i->kind == KIND_NUMBER)
        return bu_is_zero(i->text) ? 0 : 1;
    return i->kind == KIND_WORD ? qualifier(i) - RELEASE : 0;
}

/* Words are older than lists, lists older than numbers. */
static int compare_items(const item *a, const item *b)
{
    static const int ranks[] = { [KIND_WORD] = 1, [KIND_LIST] = 2, [KIND_NUMBER] = 3 };
    if (a->kind == KIND_END || b->kind == KIND_END)
        return a->kind == KIND_END ? -compare_to_nothing(b) : compare_to_nothing(a);
    if (a->kind != b->kind)
        return ranks[a->kind] - ranks[b->kind];
    if (a->kind == KIND_NUMBER)
        return bu_compare_numbers(a->text, b->text);
    return a->kind == KIND_WORD ? compare_words(a, b) : 0;
}

int bu_order_maven(bulla_bytes a, bulla_bytes b)
{
    stream left = { .rest = a }, right = { .rest = b };
    int order = 0;
    while (order == 0) {
        item l = next_item(&left), r = next_item(&right);
        if (l.kind == KIND_END && r.kind == KIND_END)
            break;
        order = compare_items(&l, &r);
    }
    return order;
}
