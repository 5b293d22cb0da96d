/* SPDX-License-Identifier: MIT */
/*
 * Reads texts of TOML, each behind a line with its size, and writes for each a
 * line of JSON: "value", with the kind of each scalar, or "error", the code.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "syntax/tree.h"

static json_t *json_of(const bu_node *node);

static json_t *text_of(bulla_bytes text)
{
    return json_stringn((const char *)text.ptr, text.len);
}

/* Fields as pairs, so that their order is told too. */
static json_t *fields_of(const bu_node *node)
{
    json_t *fields = json_array();
    BU_EACH_CHILD(field, node)
        (void)json_array_append_new(
            fields, json_pack("[o, o]", text_of(bu_node_key(field)), json_of(field)));
    return json_pack("[s, o]", "table", fields);
}

static json_t *elements_of(const bu_node *node)
{
    json_t *elements = json_array();
    BU_EACH_CHILD(element, node)
        (void)json_array_append_new(elements, json_of(element));
    return json_pack("[s, o]", "array", elements);
}

/* Recursion is bounded: the tree is at most BU_LIMIT_TREE_DEPTH deep. */
static json_t *json_of(const bu_node *node)
{
    switch (bu_node_kind_of(node)) {
    case BU_NODE_TABLE:
        return fields_of(node);
    case BU_NODE_ARRAY:
        return elements_of(node);
    case BU_NODE_BOOL:
        return json_pack("[s, b]", "bool", bu_node_is_true(node));
    case BU_NODE_INTEGER:
        return json_pack("[s, I, o]", "integer", (json_int_t)bu_node_integer(node),
                         text_of(bu_node_text(node)));
    case BU_NODE_REAL:
        return json_pack("[s, o]", "real", text_of(bu_node_text(node)));
    case BU_NODE_STRING:
        return json_pack("[s, o]", "string", text_of(bu_node_text(node)));
    case BU_NODE_TIME:
        return json_pack("[s, I]", "time", (json_int_t)bu_node_integer(node));
    case BU_NODE_LOCAL_TIME:
        return json_pack("[s, o]", "local", text_of(bu_node_text(node)));
    default:
        return json_pack("[s]", "of no kind that TOML has");
    }
}

static json_t *answer(bulla_bytes text)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    bulla_status status = bu_toml_load(text, "x", &tree, &err);
    if (!bulla_ok(status))
        return json_pack("{s: s}", "error", bulla_code_name(status.code));
    return json_pack("{s: o}", "value", json_of(bu_tree_root(tree)));
}

static bool answer_next(FILE *in)
{
    char line[32];
    if (fgets(line, sizeof line, in) == NULL)
        return false;
    size_t size = strtoul(line, NULL, 10);
    BU_FREE uint8_t *text = malloc(size + 1);
    if (text == NULL || fread(text, 1, size, in) != size)
        return false;
    json_t *said = answer((bulla_bytes){ text, size });
    (void)json_dumpf(said, stdout, JSON_COMPACT);
    (void)putchar('\n');
    json_decref(said);
    return true;
}

int main(void)
{
    while (answer_next(stdin))
        ;
    return ferror(stdin) || fflush(stdout) != 0;
}
