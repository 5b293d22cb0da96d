/* SPDX-License-Identifier: MIT */
/*
 * RFC 8785: no blanks, fields in order of the UTF-16 code units of their keys, strings with the
 * fewest escapes, numbers as ECMAScript writes them.
 */
#include "signature/jcs.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"

/* A table or array that is open: its children are the last ones of the list, in order. */
typedef struct level {
    size_t first, next;
    bool is_table;
} level;

typedef struct writer {
    const bu_jcs *jcs;
    bu_buf *out;
    const bu_node **children;
    size_t count, cap;
    level levels[BU_LIMIT_TREE_DEPTH + 1];
    size_t depth;
} writer;

static void writer_clear(writer *w)
{
    free(w->children);
}
BU_DEFINE_CLEAR(writer)

/* Bytes of UTF-8 are in the order of UTF-16, but for what UTF-16 has surrogates for (F0 to F4): they
 * come before U+E000 to U+FFFF (EE, EF). */
static int weight(uint8_t byte)
{
    return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

static int compare_keys(const void *a, const void *b)
{
    bulla_bytes x = bu_node_key(*(const bu_node *const *)a);
    bulla_bytes y = bu_node_key(*(const bu_node *const *)b);
    size_t i = 0;
    while (i < x.len && i < y.len && x.ptr[i] == y.ptr[i])
        i++;
    if (i == x.len || i == y.len)
        return (x.len > y.len) - (x.len < y.len);
    return weight(x.ptr[i]) - weight(y.ptr[i]);
}

static void write_string(bulla_bytes text, bu_buf *out)
{
    static const char named[] = "btn\0fr"; /* 08 to 0D; 0B has no short form */
    bu_buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c == '"' || c == '\\')
            bu_buf_add_format(out, "\\%c", c);
        else if (c >= 0x08 && c <= 0x0D && c != 0x0B)
            bu_buf_add_format(out, "\\%c", named[c - 0x08]);
        else if (c < 0x20)
            bu_buf_add_format(out, "\\u%04x", c);
        else
            bu_buf_add_byte(out, c);
    }
    bu_buf_add_byte(out, '"');
}

static bool is_large(bulla_bytes text)
{
    bulla_bytes digits = bu_bytes_from(text, bu_bytes_starts(text, "-") ? 1 : 0);
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
    return digits.len > 15; /* 2^53 has 16 */
}

/* RFC 7493 section 2.2: an integer beyond 2^53 is not the same to all readers. */
static bulla_status write_number(const writer *w, const bu_node *node, bulla_error *err)
{
    BU_CLEAR(bu_buf) number = { 0 };
    bulla_bytes text = bu_node_text(node);
    bu_jcs_number(text, &number);
    if (number.broken)
        return bu_no_memory(err);
    if (is_large(text) && !bu_bytes_equal(text, bu_buf_bytes(&number)))
        return bu_expected(err,
                           bu_node_fail(w->jcs->tree, node, err, BULLA_E_BAD_NUMBER,
                                        "an integer that readers take for different numbers"),
                           bu_buf_bytes(&number), text);
    bu_buf_add(w->out, bu_buf_bytes(&number));
    return BU_OK;
}

static bulla_status open_level(writer *w, const bu_node *node, bulla_error *err)
{
    level opened = { .first = w->count, .next = w->count };
    if (w->depth == sizeof w->levels / sizeof w->levels[0])
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "nested deeper than %u", BU_LIMIT_TREE_DEPTH);
    opened.is_table = bu_node_kind_of(node) == BU_NODE_TABLE;
    BU_EACH_CHILD(child, node) {
        if (w->jcs->is_left_out != NULL && w->jcs->is_left_out(w->jcs->context, child))
            continue;
        BU_TRY(bu_vec_grow(&w->children, w->count, &w->cap, sizeof *w->children, err));
        w->children[w->count++] = child;
    }
    if (opened.is_table && w->count > opened.first)
        qsort(w->children + opened.first, w->count - opened.first, sizeof *w->children,
              compare_keys);
    w->levels[w->depth++] = opened;
    bu_buf_add_byte(w->out, opened.is_table ? '{' : '[');
    return BU_OK;
}

static bulla_status write_value(writer *w, const bu_node *node, bulla_error *err)
{
    switch (bu_node_kind_of(node)) {
    case BU_NODE_ARRAY:
    case BU_NODE_TABLE:
        return open_level(w, node, err);
    case BU_NODE_STRING:
        write_string(bu_node_text(node), w->out);
        return BU_OK;
    case BU_NODE_INTEGER:
    case BU_NODE_REAL:
        return write_number(w, node, err);
    case BU_NODE_BOOL:
        bu_buf_add_text(w->out, bu_node_is_true(node) ? "true" : "false");
        return BU_OK;
    default:
        bu_buf_add_text(w->out, "null");
        return BU_OK;
    }
}

static void close_level(writer *w)
{
    const level *top = &w->levels[--w->depth];
    w->count = top->first;
    bu_buf_add_byte(w->out, top->is_table ? '}' : ']');
}

bulla_status bu_jcs_write(const bu_jcs *jcs, const bu_node *node, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(writer) w = { .jcs = jcs, .out = out };
    BU_TRY(write_value(&w, node, err));
    while (w.depth > 0) {
        level *top = &w.levels[w.depth - 1];
        if (top->next == w.count) {
            close_level(&w);
            continue;
        }
        if (top->next > top->first)
            bu_buf_add_byte(out, ',');
        const bu_node *child = w.children[top->next++];
        if (top->is_table) {
            write_string(bu_node_key(child), out);
            bu_buf_add_byte(out, ':');
        }
        BU_TRY(write_value(&w, child, err));
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}
