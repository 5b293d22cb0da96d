/* SPDX-License-Identifier: MIT */
/*
 * Gem::Version of RubyGems: runs of digits and letters; letters make a
 * pre-release and come before numbers; zeros before them or the end are nothing.
 */
#include "version/order.h"
#include "version/orders.h"

typedef struct stream {
    bulla_bytes rest;
    size_t zeros;     /* read, but not handed out yet */
    bulla_bytes next; /* what follows the zeros; empty: nothing is read ahead */
    bool in_words;    /* behind the first word, zeros count */
} stream;

static bulla_bytes read_segment(stream *s)
{
    while (bu_front(s->rest) == '.')
        (void)bu_take_bytes(&s->rest, 1);
    if (bu_take_byte(&s->rest, '-'))
        return BULLA_LIT("pre");
    bulla_bytes number = bu_take_while(&s->rest, bu_is_digit);
    return number.len > 0 ? number : bu_take_while(&s->rest, bu_is_letter);
}

static bool is_number(bulla_bytes segment)
{
    return segment.len == 0 || bu_is_digit(segment.ptr[0]);
}

/* The next segment; empty, which is a zero, at the end. */
static bulla_bytes next_segment(stream *s)
{
    if (s->zeros == 0 && s->next.len == 0) {
        bulla_bytes segment = read_segment(s);
        for (; segment.len > 0 && is_number(segment) && bu_is_zero(segment);
             segment = read_segment(s))
            s->zeros++;
        bool is_word = !is_number(segment);
        if (is_word && !s->in_words)
            s->zeros = 0;
        s->in_words = s->in_words || is_word;
        s->next = segment;
    }
    if (s->zeros > 0) {
        s->zeros--;
        return BULLA_LIT("0");
    }
    bulla_bytes segment = s->next;
    s->next = (bulla_bytes){ 0 };
    return segment;
}

static int compare_segments(bulla_bytes a, bulla_bytes b)
{
    if (is_number(a) != is_number(b))
        return is_number(a) - is_number(b);
    return is_number(a) ? bu_compare_numbers(a, b) : bu_bytes_compare(a, b);
}

int bu_order_gem(bulla_bytes a, bulla_bytes b)
{
    stream left = { .rest = a }, right = { .rest = b };
    int order = 0;
    while (order == 0) {
        bulla_bytes l = next_segment(&left), r = next_segment(&right);
        if (l.len == 0 && r.len == 0)
            break;
        order = compare_segments(l, r);
    }
    return order;
}

size_t bu_fault_gem(bulla_bytes version)
{
    bool after_dot = false, after_dash = false;
    if (!bu_is_digit(bu_front(version)))
        return 0;
    for (size_t i = 0; i < version.len; i++) {
        uint8_t c = version.ptr[i];
        bool is_dot = c == '.', is_dash = c == '-';
        if ((is_dot && after_dot) || (is_dash && after_dot && !after_dash) ||
            (!is_dot && !is_dash && !bu_is_alnum(c)))
            return i;
        after_dash = after_dash || is_dash;
        after_dot = is_dot || (is_dash && i + 1 == version.len);
    }
    return after_dot ? version.len : BU_NO_FAULT;
}
