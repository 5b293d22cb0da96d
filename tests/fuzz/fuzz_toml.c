/* SPDX-License-Identifier: MIT */
/*
 * The TOML loader: every node lies where its text is, every field is found by
 * its key, every refusal explains itself. What was read means the same with
 * other line ends, and when it is written without headers and dotted keys.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "base/time.h"
#include "syntax/tree.h"

/* Does the text at a node's place begin as such a node does? */
static void check_place(const bu_tree *tree, const bu_node *node, bulla_bytes source)
{
    static const char *const beginnings[] = {
        [BU_NODE_BOOL] = "tf",
        [BU_NODE_INTEGER] = "+-0123456789",
        [BU_NODE_REAL] = "+-0123456789in",
        [BU_NODE_STRING] = "\"'",
        [BU_NODE_TIME] = "0123456789",
        [BU_NODE_LOCAL_TIME] = "0123456789",
        [BU_NODE_ARRAY] = "[",
    };
    uint32_t line, column;
    bu_tree_place(tree, bu_node_offset(node), &line, &column);
    FUZZ_CHECK(line >= 1 && column >= 1);
    if (bu_node_kind_of(node) == BU_NODE_TABLE) /* the root, or it begins with "[", "{" or a key */
        return;
    FUZZ_CHECK(bu_node_offset(node) < source.len);
    FUZZ_CHECK(strchr(beginnings[bu_node_kind_of(node)], source.ptr[bu_node_offset(node)]) != NULL);
}

/* Recursion is bounded: the tree is at most BU_LIMIT_TREE_DEPTH deep. */
static void check_node(const bu_tree *tree, const bu_node *node, bulla_bytes source)
{
    bulla_bytes text = bu_node_text(node);
    size_t count = 0;
    check_place(tree, node, source);
    FUZZ_CHECK(bu_bytes_find(text, '\0') == text.len);
    FUZZ_CHECK(bu_node_kind_of(node) != BU_NODE_TIME || bu_node_integer(node) >= 0);
    BU_EACH_CHILD(child, node) {
        if (bu_node_kind_of(node) == BU_NODE_TABLE)
            FUZZ_CHECK(bu_node_get_bytes(node, bu_node_key(child)) == child);
        check_node(tree, child, source);
        count++;
    }
    FUZZ_CHECK(count == bu_node_count(node));
}

/* Do two trees mean the same? */
static void check_same(const bu_node *a, const bu_node *b)
{
    FUZZ_CHECK(bu_node_kind_of(a) == bu_node_kind_of(b));
    FUZZ_CHECK(bu_bytes_equal(bu_node_key(a), bu_node_key(b)));
    FUZZ_CHECK(bu_bytes_equal(bu_node_text(a), bu_node_text(b)));
    FUZZ_CHECK(bu_node_integer(a) == bu_node_integer(b));
    FUZZ_CHECK(bu_node_is_true(a) == bu_node_is_true(b));
    FUZZ_CHECK(bu_node_count(a) == bu_node_count(b));
    const bu_node *other = bu_node_first(b);
    BU_EACH_CHILD(child, a) {
        check_same(child, other);
        other = bu_node_next(other);
    }
}

static void check_reads_as(const bu_buf *text, const bu_node *root)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    FUZZ_CHECK(!text->broken);
    FUZZ_CHECK(bulla_ok(bu_toml_load(bu_buf_bytes(text), "x", &tree, &err)));
    check_same(root, bu_tree_root(tree));
}

/* Writing */

static void write_string(bulla_bytes text, bu_buf *out)
{
    bu_buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7F || text.ptr[i] == '"' || text.ptr[i] == '\\')
            bu_buf_add_format(out, "\\u%04x", text.ptr[i]);
        else
            bu_buf_add_byte(out, text.ptr[i]);
    bu_buf_add_byte(out, '"');
}

static void write_value(const bu_node *node, bu_buf *out);

static void write_children(const bu_node *node, const char *between, bu_buf *out)
{
    BU_EACH_CHILD(child, node) {
        if (bu_node_kind_of(node) == BU_NODE_TABLE) {
            write_string(bu_node_key(child), out);
            bu_buf_add_byte(out, '=');
        }
        write_value(child, out);
        if (bu_node_next(child) != NULL)
            bu_buf_add_text(out, between);
    }
}

static void write_value(const bu_node *node, bu_buf *out)
{
    char time[BU_TIME_TEXT];
    switch (bu_node_kind_of(node)) {
    case BU_NODE_TABLE:
    case BU_NODE_ARRAY:
        bu_buf_add_byte(out, bu_node_kind_of(node) == BU_NODE_TABLE ? '{' : '[');
        write_children(node, ",", out);
        bu_buf_add_byte(out, bu_node_kind_of(node) == BU_NODE_TABLE ? '}' : ']');
        break;
    case BU_NODE_STRING:
        write_string(bu_node_text(node), out);
        break;
    case BU_NODE_BOOL:
        bu_buf_add_text(out, bu_node_is_true(node) ? "true" : "false");
        break;
    case BU_NODE_TIME:
        bu_buf_add_text(out, bu_time_format(bu_node_integer(node), time));
        break;
    default:
        bu_buf_add(out, bu_node_text(node));
        break;
    }
}

/* A time in the first hours of the year 10000, of an offset, cannot be written in UTC. */
static bool has_late_time(const bu_node *node)
{
    if (bu_node_kind_of(node) == BU_NODE_TIME && bu_node_integer(node) > 253402300799)
        return true;
    BU_EACH_CHILD(child, node)
        if (has_late_time(child))
            return true;
    return false;
}

static void check_inline(const bu_node *root)
{
    BU_CLEAR(bu_buf) text = { 0 };
    write_children(root, "\n", &text);
    if (!has_late_time(root))
        check_reads_as(&text, root);
}

static void check_line_ends(const bu_node *root, bulla_bytes source)
{
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t i = 0; i < source.len; i++)
        if (source.ptr[i] == '\n' && (i == 0 || source.ptr[i - 1] != '\r'))
            bu_buf_add_text(&text, "\r\n");
        else
            bu_buf_add_byte(&text, source.ptr[i]);
    check_reads_as(&text, root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    bulla_status status = bu_toml_load(text, "x", &tree, &err);
    if (bulla_ok(status)) {
        check_node(tree, bu_tree_root(tree), text);
        check_inline(bu_tree_root(tree));
        check_line_ends(bu_tree_root(tree), text);
    } else {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(err.line >= 1 && err.offset <= size);
    }
    fuzz_free(text);
    return 0;
}
