/* SPDX-License-Identifier: MIT */
/*
 * The nodes of a TOML document. Headers may come back to a table that others
 * have followed, so nodes are kept in order of the text, each with the number
 * of its parent, and moved to their places at the end: linear time, and for a
 * lockfile, whose tables are in order, nothing moves.
 */
#include "base/vec.h"
#include "syntax/toml.h"

/* What is known of a table, and with that, who may still define or extend it. */
typedef enum table_state {
    ABSENT,
    IMPLICIT, /* only tables inside of it have been defined */
    DEFINED,  /* by its own header */
    DOTTED,   /* by a dotted key; complete when the next header comes */
    ARRAY,    /* of tables */
} table_state;

/*
 * The state that a table is in afterwards; ABSENT where TOML forbids that step. "[Tables] cannot be
 * defined more than once", also not by a header what a dotted key defined or the other way round;
 * "the [table] form can, however, be used to define sub-tables within tables defined via dotted
 * keys".
 */
static const uint8_t state_after[][ARRAY + 1] = {
    [BU_TOML_THROUGH] = { IMPLICIT, IMPLICIT, DEFINED, DOTTED, ARRAY },
    [BU_TOML_DEFINE] = { DEFINED, DEFINED, ABSENT, ABSENT, ABSENT },
    [BU_TOML_APPEND] = { ARRAY, ABSENT, ABSENT, ABSENT, ARRAY },
    [BU_TOML_DOTTED] = { DOTTED, DOTTED, ABSENT, DOTTED, ABSENT },
};

void bu_toml_nodes_clear(bu_toml_nodes *nodes)
{
    bu_intern_clear(&nodes->names);
    free(nodes->items);
    free(nodes->tables);
    *nodes = (bu_toml_nodes){ 0 };
}

bulla_status bu_toml_add(bu_toml_nodes *nodes, bu_toml_spot parent, const bu_node *node,
                         bulla_error *err)
{
    if (nodes->count == BU_LIMIT_TREE_NODES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u values", BU_LIMIT_TREE_NODES);
    if (nodes->count == nodes->cap)
        BU_TRY(bu_vec_grow(&nodes->items, nodes->count, &nodes->cap, sizeof *nodes->items, err));
    bu_node *added = &nodes->items[nodes->count++];
    *added = *node;
    added->skip = parent.node;
    nodes->items[parent.node].size++;
    return BU_OK;
}

bulla_status bu_toml_root(bu_toml_nodes *nodes, bu_toml_spot *out, bulla_error *err)
{
    *out = (bu_toml_spot){ 0, 1 };
    BU_TRY(bu_toml_add(nodes, *out, &(bu_node){ .kind = BU_NODE_TABLE }, err));
    nodes->items[0].size = 0; /* it was counted as its own child */
    return BU_OK;
}

bulla_status bu_toml_open(bu_toml_nodes *nodes, bu_toml_spot *spot, const bu_node *node,
                          bulla_error *err)
{
    if (spot->depth == BU_LIMIT_TREE_DEPTH)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "nested deeper than %u", BU_LIMIT_TREE_DEPTH);
    BU_TRY(bu_toml_add(nodes, *spot, node, err));
    *spot = (bu_toml_spot){ (uint32_t)(nodes->count - 1), spot->depth + 1 };
    return BU_OK;
}

/* Tables */

static bu_node container(bu_node_kind kind, bulla_bytes key, uint32_t offset)
{
    return (bu_node){
        .key = key.ptr,
        .offset = offset,
        .key_size = (uint32_t)key.len & 0xFFFFFFFu,
        .kind = (uint32_t)kind & 0xFu,
    };
}

static bulla_status make_table(bu_toml_nodes *nodes, bu_toml_spot spot, bu_toml_way way,
                               bulla_bytes key, uint32_t offset, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&nodes->tables, nodes->table_count, &nodes->table_cap, sizeof *nodes->tables,
                       err));
    bu_node node = container(way == BU_TOML_APPEND ? BU_NODE_ARRAY : BU_NODE_TABLE, key, offset);
    BU_TRY(bu_toml_open(nodes, &spot, &node, err));
    nodes->tables[nodes->table_count++] =
        (bu_toml_table){ .node = spot.node, .depth = (uint8_t)spot.depth };
    return BU_OK;
}

static bulla_status append_table(bu_toml_nodes *nodes, bu_toml_table *array, uint32_t offset,
                                 bulla_error *err)
{
    bu_toml_spot spot = { array->node, array->depth };
    bu_node node = container(BU_NODE_TABLE, (bulla_bytes){ 0 }, offset);
    BU_TRY(bu_toml_open(nodes, &spot, &node, err));
    array->newest = spot.node;
    return BU_OK;
}

bulla_status bu_toml_enter(bu_toml_nodes *nodes, bu_toml_spot *spot, bu_toml_way way,
                           bulla_bytes key, uint32_t offset, bulla_error *err)
{
    size_t number;
    BU_TRY(bu_intern_add(&nodes->names, spot->node, key, &number, err));
    if (number == nodes->table_count)
        BU_TRY(make_table(nodes, *spot, way, key, offset, err));
    bu_toml_table *table = &nodes->tables[number];
    uint8_t state = state_after[way][table->state];
    if (state == ABSENT)
        return bu_fail(err, BULLA_E_DUPLICATE_KEY, "the table \"%.*s\" is already defined",
                       (int)bu_bytes_first(key, 128).len, (const char *)key.ptr);
    table->state = state;
    if (way == BU_TOML_APPEND)
        BU_TRY(append_table(nodes, table, offset, err));
    if (way == BU_TOML_DEFINE)
        nodes->items[table->node].offset = offset;
    *spot = (bu_toml_spot){ table->node, table->depth };
    if (state == ARRAY)
        *spot = (bu_toml_spot){ table->newest, table->depth + 1u };
    return BU_OK;
}

/* Order */

/* From `skip` as the parent's number to `skip` as trees have it. `place` gets where each node
 * belongs: a parent before its children, each with all that is inside of it. */
static void find_places(bu_node *nodes, size_t count, uint32_t *sizes, uint32_t *place)
{
    for (size_t i = count - 1; i > 0; i--) {
        uint32_t parent = nodes[i].skip;
        place[i] = sizes[parent]; /* nodes in later siblings */
        sizes[parent] += ++sizes[i];
    }
    place[0] = 0;
    sizes[0]++;
    for (size_t i = 1; i < count; i++) {
        uint32_t parent = nodes[i].skip;
        nodes[i].skip = place[i] == 0 ? 0 : sizes[i];
        place[i] = place[parent] + sizes[parent] - place[i] - sizes[i];
    }
}

static void move_to_places(bu_node *nodes, size_t count, uint32_t *place)
{
    for (size_t i = 0; i < count; i++)
        while (place[i] != i) { /* each exchange brings one node home */
            uint32_t to = place[i];
            bu_node moved = nodes[i];
            nodes[i] = nodes[to];
            nodes[to] = moved;
            place[i] = place[to];
            place[to] = to;
        }
}

bulla_status bu_toml_lay_out(bu_toml_nodes *nodes, bu_tree *tree, bulla_error *err)
{
    BU_FREE uint32_t *sizes = calloc(nodes->count, sizeof *sizes);
    BU_FREE uint32_t *place = calloc(nodes->count, sizeof *place);
    if (sizes == NULL || place == NULL)
        return bu_no_memory(err);
    find_places(nodes->items, nodes->count, sizes, place);
    move_to_places(nodes->items, nodes->count, place);
    bu_tree_adopt(tree, BU_STEAL(nodes->items), nodes->count);
    return BU_OK;
}
