/* SPDX-License-Identifier: MIT */
/*
 * PEP 440: epochs, releases, pre-, post- and development releases, local
 * versions, with all the spellings that its appendix B takes. What is none of
 * these (older than the PEP) comes before all that are, in natural order.
 */
#include "version/order.h"
#include "version/orders.h"

typedef enum pre_kind { PRE_ALPHA, PRE_BETA, PRE_RC } pre_kind;

typedef struct numbered {
    bool is_there;
    bulla_bytes number;
} numbered;

typedef struct pep440 {
    bulla_bytes epoch, release, local;
    pre_kind pre_kind;
    numbered pre, post, dev;
} pep440;

static bool is_separator(uint8_t c)
{
    return c == '.' || c == '-' || c == '_';
}

/* Take one of the words, with a separator before it and before its number; `*which` is its row. */
static bool take_word(bulla_bytes *rest, const char *const *words, size_t *which, numbered *out)
{
    bulla_bytes from = bu_bytes_from(*rest, is_separator(bu_front(*rest)));
    for (*which = 0; words[*which] != NULL; (*which)++) {
        size_t length = bu_starts_folded(from, words[*which]);
        if (length == 0)
            continue;
        from = bu_bytes_from(from, length);
        bulla_bytes number = bu_bytes_from(from, is_separator(bu_front(from)));
        out->number = bu_take_while(&number, bu_is_digit);
        out->is_there = true;
        *rest = out->number.len > 0 ? number : from;
        return true;
    }
    return false;
}

static void take_pre(bulla_bytes *rest, pep440 *out)
{
    static const char *const words[] = { "alpha", "a",  "beta", "b", "preview",
                                         "pre",   "rc", "c",    NULL };
    size_t which;
    if (take_word(rest, words, &which, &out->pre))
        out->pre_kind = which < 2 ? PRE_ALPHA : which < 4 ? PRE_BETA : PRE_RC;
}

static void take_post(bulla_bytes *rest, pep440 *out)
{
    static const char *const words[] = { "post", "rev", "r", NULL };
    size_t which;
    bulla_bytes implicit = *rest;
    bool is_dash = bu_take_byte(&implicit, '-') && bu_is_digit(bu_front(implicit));
    if (!is_dash) {
        (void)take_word(rest, words, &which, &out->post);
        return;
    }
    out->post = (numbered){ true, bu_take_while(&implicit, bu_is_digit) };
    *rest = implicit;
}

/* Take the dotted numbers; a dot that no digit follows belongs to what comes after. */
static bulla_bytes take_release(bulla_bytes *rest)
{
    size_t length = 0;
    for (size_t i = 0; i < rest->len; i++) {
        uint8_t c = rest->ptr[i];
        if (bu_is_digit(c))
            length = i + 1;
        else if (c != '.' || length != i || i == 0)
            break;
    }
    return bu_take_bytes(rest, length);
}

static bool is_local(bulla_bytes local)
{
    bool after_separator = true;
    for (size_t i = 0; i < local.len; i++) {
        bool separates = is_separator(local.ptr[i]);
        if ((separates && after_separator) || (!separates && !bu_is_alnum(local.ptr[i])))
            return false;
        after_separator = separates;
    }
    return !after_separator;
}

static bool parse(bulla_bytes version, pep440 *out)
{
    static const char *const dev[] = { "dev", NULL };
    size_t which;
    bulla_bytes rest = bu_bytes_from(version, bu_starts_folded(version, "v"));
    *out = (pep440){ 0 };
    out->release = take_release(&rest);
    if (bu_front(rest) == '!' && bu_all(out->release, bu_is_digit)) {
        (void)bu_take_bytes(&rest, 1);
        out->epoch = out->release;
        out->release = take_release(&rest);
    }
    if (out->release.len == 0 || !bu_is_digit(out->release.ptr[0]))
        return false;
    take_pre(&rest, out);
    take_post(&rest, out);
    (void)take_word(&rest, dev, &which, &out->dev);
    if (bu_take_byte(&rest, '+')) {
        out->local = rest;
        return is_local(rest);
    }
    return rest.len == 0;
}

/* Comparing */

static int compare_release(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0)) {
        bulla_bytes left = bu_take_until(&a, '.'), right = bu_take_until(&b, '.');
        order = bu_compare_numbers(left, right);
    }
    return order;
}

/* A development release of a final release comes before its pre-releases. */
static int pre_rank(const pep440 *v)
{
    if (v->pre.is_there)
        return (int)v->pre_kind;
    return !v->post.is_there && v->dev.is_there ? -1 : PRE_RC + 1;
}

static int compare_pre(const pep440 *a, const pep440 *b)
{
    int order = pre_rank(a) - pre_rank(b);
    return bu_then(order, bu_compare_numbers(a->pre.number, b->pre.number));
}

static int compare_numbered(numbered a, numbered b)
{
    return bu_then(a.is_there - b.is_there, bu_compare_numbers(a.number, b.number));
}

static int compare_dev(numbered a, numbered b)
{
    return bu_then(b.is_there - a.is_there, bu_compare_numbers(a.number, b.number));
}

static bulla_bytes take_segment(bulla_bytes *rest)
{
    bulla_bytes segment = bu_take_while(rest, bu_is_alnum);
    (void)bu_take_bytes(rest, 1);
    return segment;
}

static int compare_segments(bulla_bytes a, bulla_bytes b)
{
    bool a_number = bu_all(a, bu_is_digit), b_number = bu_all(b, bu_is_digit);
    if (a_number != b_number)
        return a_number - b_number;
    return a_number ? bu_compare_numbers(a, b) : bu_compare_folded(a, b);
}

static int compare_local(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && a.len > 0 && b.len > 0) {
        bulla_bytes left = take_segment(&a), right = take_segment(&b);
        order = compare_segments(left, right);
    }
    return bu_then(order, (a.len > 0) - (b.len > 0));
}

static int compare(const pep440 *a, const pep440 *b)
{
    int order = bu_compare_numbers(a->epoch, b->epoch);
    order = bu_then(order, compare_release(a->release, b->release));
    order = bu_then(order, compare_pre(a, b));
    order = bu_then(order, compare_numbered(a->post, b->post));
    order = bu_then(order, compare_dev(a->dev, b->dev));
    return bu_then(order, compare_local(a->local, b->local));
}

int bu_order_pypi(bulla_bytes a, bulla_bytes b)
{
    pep440 left, right;
    bool a_modern = parse(a, &left), b_modern = parse(b, &right);
    if (a_modern && b_modern)
        return compare(&left, &right);
    return a_modern != b_modern ? a_modern - b_modern : bu_order_natural(a, b);
}

/* Writing */

static void write_number(bulla_bytes number, bu_buf *out)
{
    while (number.len > 1 && number.ptr[0] == '0')
        number = bu_bytes_from(number, 1);
    bu_buf_add(out, number.len == 0 ? BULLA_LIT("0") : number);
}

static void write_dotted(bulla_bytes numbers, bu_buf *out)
{
    while (numbers.len > 0) {
        write_number(bu_take_until(&numbers, '.'), out);
        if (numbers.len > 0)
            bu_buf_add_byte(out, '.');
    }
}

static void write_numbered(const char *word, numbered part, bu_buf *out)
{
    if (!part.is_there)
        return;
    bu_buf_add_text(out, word);
    write_number(part.number, out);
}

static void write_local(bulla_bytes local, bu_buf *out)
{
    char separator = '+';
    while (local.len > 0) {
        bulla_bytes segment = take_segment(&local);
        bu_buf_add_byte(out, (uint8_t)separator);
        bool is_number = bu_all(segment, bu_is_digit);
        if (is_number)
            write_number(segment, out);
        for (size_t i = 0; !is_number && i < segment.len; i++)
            bu_buf_add_byte(out, bu_lower(segment.ptr[i]));
        separator = '.';
    }
}

bool bu_pypi_write(bulla_bytes version, bu_buf *out)
{
    static const char *const kinds[] = { "a", "b", "rc" };
    pep440 v;
    if (!parse(version, &v))
        return false;
    if (!bu_is_zero(v.epoch)) {
        write_number(v.epoch, out);
        bu_buf_add_byte(out, '!');
    }
    write_dotted(v.release, out);
    write_numbered(kinds[v.pre_kind], v.pre, out);
    write_numbered(".post", v.post, out);
    write_numbered(".dev", v.dev, out);
    write_local(v.local, out);
    return true;
}
