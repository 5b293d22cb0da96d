/* SPDX-License-Identifier: MIT */
/*
 * The TOML loader: whatever toml++ says, every node has a place inside of the
 * document, every field is found by its key, and every refusal explains itself.
 */
#include "fuzz.h"

#include "syntax/tree.h"

/* Recursion is bounded: the tree is at most BU_LIMIT_TREE_DEPTH deep. */
static void check_node(const bu_tree *tree, const bu_node *node, size_t size)
{
    uint32_t line, column;
    FUZZ_CHECK(bu_node_offset(node) <= size);
    bu_tree_place(tree, bu_node_offset(node), &line, &column);
    FUZZ_CHECK(line >= 1 && column >= 1);
    bulla_bytes text = bu_node_text(node);
    FUZZ_CHECK(bu_bytes_find(text, '\0') == text.len);
    (void)bu_node_integer(node);
    (void)bu_node_is_true(node);
    size_t count = 0;
    BU_EACH_CHILD(child, node) {
        if (bu_node_kind_of(node) == BU_NODE_TABLE)
            FUZZ_CHECK(bu_node_get_bytes(node, bu_node_key(child)) == child);
        check_node(tree, child, size);
        count++;
    }
    FUZZ_CHECK(count == bu_node_count(node));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    bulla_status status = bu_toml_load(text, "x", &tree, &err);
    if (bulla_ok(status))
        check_node(tree, bu_tree_root(tree), size);
    else
        fuzz_check_refusal(status, &err, size);
    fuzz_free(text);
    return 0;
}
