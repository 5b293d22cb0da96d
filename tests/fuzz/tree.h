/* SPDX-License-Identifier: MIT */
/*
 * What holds for every loader of trees: each node has its place inside of the
 * document, each field is found by its key; and when two trees are the same.
 * Recursion is bounded: a tree is at most BU_LIMIT_TREE_DEPTH deep.
 */
#ifndef FUZZ_TREE_H
#define FUZZ_TREE_H

#include "base/utf8.h"
#include "fuzz.h"
#include "syntax/tree.h"

static inline void fuzz_check_node(const bu_tree *tree, const bu_node *node, size_t size)
{
    uint32_t line, column;
    FUZZ_CHECK(bu_node_offset(node) <= size);
    bu_tree_place(tree, bu_node_offset(node), &line, &column);
    FUZZ_CHECK(line >= 1 && column >= 1);
    bulla_bytes text = bu_node_text(node), key = bu_node_key(node);
    FUZZ_CHECK(bu_bytes_find(text, '\0') == text.len && bu_bytes_find(key, '\0') == key.len);
    FUZZ_CHECK(bu_utf8_valid(text) == text.len && bu_utf8_valid(key) == key.len);
    size_t count = 0;
    BU_EACH_CHILD(child, node) {
        if (bu_node_kind_of(node) == BU_NODE_TABLE)
            FUZZ_CHECK(bu_node_get_bytes(node, bu_node_key(child)) == child);
        fuzz_check_node(tree, child, size);
        count++;
    }
    FUZZ_CHECK(count == bu_node_count(node));
}

/** Do both mean the same? Places are not looked at. */
static inline void fuzz_check_same(const bu_node *a, const bu_node *b)
{
    FUZZ_CHECK(bu_node_kind_of(a) == bu_node_kind_of(b));
    FUZZ_CHECK(bu_bytes_equal(bu_node_key(a), bu_node_key(b)));
    FUZZ_CHECK(bu_bytes_equal(bu_node_text(a), bu_node_text(b)));
    FUZZ_CHECK(bu_node_integer(a) == bu_node_integer(b));
    FUZZ_CHECK(bu_node_is_true(a) == bu_node_is_true(b));
    FUZZ_CHECK(bu_node_count(a) == bu_node_count(b));
    const bu_node *other = bu_node_first(b);
    BU_EACH_CHILD(child, a) {
        fuzz_check_same(child, other);
        other = bu_node_next(other);
    }
}

#endif
