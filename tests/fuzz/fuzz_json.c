/* SPDX-License-Identifier: MIT */
/*
 * Our JSON reader against jansson: they accept the same texts and mean the
 * same, but for the differences below. What the door reads, it can write and
 * read again.
 */
#include <jansson.h>

#include "fuzz.h"

#include "syntax/json.h"
#include "syntax/tree.h"

/*
 * Intended differences, and no others:
 *   - Integers beyond int64_t: jansson refuses, we keep them as reals, since SBOMs and lockfiles of
 *     other tools have such numbers, and it is for whoever wants an integer to refuse them.
 *   - NUL bytes in the text: jansson passes over some of them, we refuse, as the grammar has none.
 *   - Nesting between BU_LIMIT_TREE_DEPTH and jansson's own 2048: we refuse.
 *   - Reals that are told from the largest double only behind their twentieth digit: we may refuse
 *     what just rounds to it.
 */

static bulla_bytes string_of(const json_t *value)
{
    return (bulla_bytes){ (const uint8_t *)json_string_value(value), json_string_length(value) };
}

static void check_same(const bu_node *node, json_t *value);

static void check_same_fields(const bu_node *node, json_t *value)
{
    FUZZ_CHECK(bu_node_count(node) == json_object_size(value));
    BU_EACH_CHILD(child, node) {
        bulla_bytes key = bu_node_key(child);
        json_t *field = json_object_getn(value, (const char *)key.ptr, key.len);
        FUZZ_CHECK(field != NULL);
        FUZZ_CHECK(bu_node_get_bytes(node, key) == child);
        check_same(child, field);
    }
}

static void check_same_elements(const bu_node *node, json_t *value)
{
    size_t i = 0;
    FUZZ_CHECK(bu_node_count(node) == json_array_size(value));
    BU_EACH_CHILD(child, node)
        check_same(child, json_array_get(value, i++));
}

/* Recursion is bounded: the tree is at most BU_LIMIT_TREE_DEPTH deep. */
static void check_same(const bu_node *node, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_TABLE);
        check_same_fields(node, value);
        break;
    case JSON_ARRAY:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_ARRAY);
        check_same_elements(node, value);
        break;
    case JSON_STRING:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_STRING);
        FUZZ_CHECK(bu_bytes_equal(bu_node_text(node), string_of(value)));
        break;
    case JSON_INTEGER:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_INTEGER);
        FUZZ_CHECK(bu_node_integer(node) == json_integer_value(value));
        break;
    case JSON_REAL:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_REAL);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_BOOL);
        FUZZ_CHECK(bu_node_is_true(node) == json_is_true(value));
        break;
    case JSON_NULL:
        FUZZ_CHECK(bu_node_kind_of(node) == BU_NODE_NULL);
        break;
    }
}

/* Is there a real that is written as an integer? */
static bool has_large_integer(const bu_node *node)
{
    bulla_bytes text = bu_node_text(node);
    if (bu_node_kind_of(node) == BU_NODE_REAL && bu_bytes_find(text, '.') == text.len &&
        bu_bytes_find(text, 'e') == text.len && bu_bytes_find(text, 'E') == text.len)
        return true;
    BU_EACH_CHILD(child, node)
        if (has_large_integer(child))
            return true;
    return false;
}

/* Parse, write compact, parse again: the same value and the same text. */
static void check_door(bulla_bytes text, json_t *peer)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_json) value = NULL;
    BU_AUTO(bu_json) again = NULL;
    BU_CLEAR(bu_buf) first = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    FUZZ_CHECK(bulla_ok(bu_json_parse(text, "x", &value, &err)));
    FUZZ_CHECK(peer == NULL || json_equal(value, peer));
    FUZZ_CHECK(bulla_ok(bu_json_write(value, BU_JSON_COMPACT, &first, &err)));
    FUZZ_CHECK(bulla_ok(bu_json_parse(bu_buf_bytes(&first), "x", &again, &err)));
    FUZZ_CHECK(json_equal(value, again));
    FUZZ_CHECK(bulla_ok(bu_json_write(again, BU_JSON_COMPACT, &second, &err)));
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&first), bu_buf_bytes(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    json_error_t peer_error = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    bulla_status status = bu_json_load(text, "x", &tree, &err);
    BU_AUTO(bu_json)
    peer = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
                      &peer_error);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(peer == NULL || status.code == BULLA_E_RESOURCE_LIMIT ||
                   bu_bytes_find(text, '\0') < text.len);
    } else {
        if (peer != NULL)
            check_same(bu_tree_root(tree), peer);
        else
            FUZZ_CHECK(json_error_code(&peer_error) == json_error_numeric_overflow &&
                       has_large_integer(bu_tree_root(tree)));
        check_door(text, peer);
    }
    fuzz_free(text);
    return 0;
}
