/* SPDX-License-Identifier: MIT */
/*
 * The XML loader: every element stands at a "<", every refusal explains
 * itself, and what was read, written and read again is the same.
 */
#include "base/buf.h"
#include "tree.h"

static bool is_element(const bu_node *node)
{
    return bu_node_kind_of(node) == BU_NODE_ARRAY;
}

static void write_text(bulla_bytes text, bu_buf *out)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr("<>&\"\n\r\t", text.ptr[i]) != NULL)
            bu_buf_add_format(out, "&#%d;", text.ptr[i]);
        else
            bu_buf_add_byte(out, text.ptr[i]);
}

/* A prefix makes a name of what is one only behind a prefix. */
static void write_element(const bu_node *element, bu_buf *out)
{
    bulla_bytes name = bu_node_key(element);
    bu_buf_add_format(out, "<x:%.*s", (int)name.len, (const char *)name.ptr);
    const bu_node *child = bu_node_first(element);
    for (; bu_node_key(child).len > 0 && !is_element(child); child = bu_node_next(child)) {
        bulla_bytes key = bu_bytes_from(bu_node_key(child), 1);
        bu_buf_add_format(out, " %.*s=\"", (int)key.len, (const char *)key.ptr);
        write_text(bu_node_text(child), out);
        bu_buf_add_text(out, "\"");
    }
    bu_buf_add_text(out, ">");
    for (; child != NULL; child = bu_node_next(child))
        if (is_element(child))
            write_element(child, out);
        else
            write_text(bu_node_text(child), out);
    bu_buf_add_format(out, "</x:%.*s>", (int)name.len, (const char *)name.ptr);
}

static void check_elements(const bu_node *element, bulla_bytes text)
{
    FUZZ_CHECK(text.ptr[bu_node_offset(element)] == '<');
    BU_EACH_CHILD(child, element) {
        bulla_bytes inner = bu_node_text(child);
        if (is_element(child))
            check_elements(child, text);
        else if (bu_node_key(child).len == 0)
            FUZZ_CHECK(inner.len > 0 && strchr(" \t\r\n", inner.ptr[0]) == NULL);
    }
}

static void check_written(const bu_node *root)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) again = NULL;
    BU_CLEAR(bu_buf) out = { 0 };
    write_element(root, &out);
    FUZZ_CHECK(!out.broken);
    FUZZ_CHECK(bulla_ok(bu_xml_load(bu_buf_bytes(&out), "x", &again, &err)));
    fuzz_check_same(root, bu_tree_root(again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    bulla_status status = bu_xml_load(text, "x", &tree, &err);
    if (bulla_ok(status)) {
        size_t bom = bu_bytes_starts(text, "\xEF\xBB\xBF") ? 3 : 0;
        fuzz_check_node(tree, bu_tree_root(tree), size);
        check_elements(bu_tree_root(tree), bu_bytes_from(text, bom));
        check_written(bu_tree_root(tree));
    } else {
        fuzz_check_refusal(status, &err, size);
    }
    fuzz_free(text);
    return 0;
}
