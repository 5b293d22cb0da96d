/* SPDX-License-Identifier: MIT */
/*
 * The YAML loader: every node has a place inside of the document, every
 * refusal explains itself. JSON is YAML: what both loaders take means the
 * same, and plain JSON on one line is taken by both.
 */
#include "tree.h"

/* JSON that YAML refuses: keys go on over lines, surrogates are escaped, a tab or many blanks stand
 * between tokens, characters that only JSON allows. */
static bool is_plain_line(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7E || text.ptr[i] == '\\')
            return false;
    return text.len < 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 }, json_err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    BU_AUTO(bu_tree) json = NULL;
    bulla_status status = bu_yaml_load(text, "x", &tree, &err);
    bool is_json = bulla_ok(bu_json_load(text, "x", &json, &json_err));
    if (bulla_ok(status)) {
        fuzz_check_node(tree, bu_tree_root(tree), size);
        if (is_json)
            fuzz_check_same(bu_tree_root(tree), bu_tree_root(json));
    } else {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(!is_json || !is_plain_line(text));
    }
    fuzz_free(text);
    return 0;
}
