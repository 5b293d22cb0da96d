/* SPDX-License-Identifier: MIT */
/*
 * The tree with places: making one, finding places, looking and judging. Keys
 * of large tables are found through buckets by hash, each in order of its
 * keys, so that keys chosen to collide cost n log n and never n squared.
 */
#include "syntax/tree_build.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "syntax/eight.h"

/* Where a block of the document begins, in lines. One every PLACE_BLOCK bytes makes looking up a
 * place a short scan, also in a document that is one line of 100 MB. */
#define PLACE_BLOCK 512u
typedef struct place {
    uint32_t line;  /* 0-based */
    uint32_t start; /* offset of that line's first byte */
} place;

struct bu_tree {
    bu_arena *arena;
    char *name;
    uint8_t *text;
    size_t size;
    place *places;
    bu_node *nodes;
    size_t count, cap;
};

#define TEXT_PADDING 16u

void bu_tree_free(bu_tree *tree)
{
    if (tree == NULL)
        return;
    free(tree->nodes);
    free(tree->places);
    free(tree->text);
    bu_arena_free(tree->arena);
    free(tree);
}

const bu_node *bu_tree_root(const bu_tree *tree)
{
    return tree->nodes;
}

const char *bu_tree_name(const bu_tree *tree)
{
    return tree->name;
}

bulla_bytes bu_tree_text(const bu_tree *tree)
{
    return (bulla_bytes){ tree->text, tree->size };
}

bu_arena *bu_tree_arena(bu_tree *tree)
{
    return tree->arena;
}

/* Places */

/* Looks at up to 7 bytes of the padding, which hold no line end. */
static uint32_t count_lines(const uint8_t *at, size_t size)
{
    const uint64_t low = BU_EIGHT_TIMES(0x7F);
    uint32_t lines = 0;
    for (size_t i = 0; i < size; i += 8) {
        uint64_t eight = bu_eight_at(at + i) ^ BU_EIGHT_TIMES('\n');
        uint64_t zeros = ~(((eight & low) + low) | eight | low); /* exact for every byte */
        lines += (uint32_t)((zeros >> 7) * BU_EIGHT_TIMES(1) >> 56);
    }
    return lines;
}

static void fill_places(bu_tree *tree)
{
    place here = { 0 };
    for (size_t block = 0; block * PLACE_BLOCK <= tree->size; block++) {
        tree->places[block] = here;
        const uint8_t *first = tree->text + block * PLACE_BLOCK;
        size_t left = tree->size - block * PLACE_BLOCK;
        size_t size = left < PLACE_BLOCK ? left : PLACE_BLOCK;
        uint32_t lines = count_lines(first, size);
        if (lines == 0)
            continue;
        const uint8_t *newest = memrchr(first, '\n', size);
        here = (place){ here.line + lines, (uint32_t)(newest + 1 - tree->text) };
    }
}

void bu_tree_place(const bu_tree *tree, uint64_t offset, uint32_t *line, uint32_t *column)
{
    size_t at = offset < tree->size ? (size_t)offset : tree->size;
    place here = tree->places[at / PLACE_BLOCK];
    for (size_t i = at / PLACE_BLOCK * PLACE_BLOCK; i < at; i++)
        if (tree->text[i] == '\n')
            here = (place){ here.line + 1, (uint32_t)(i + 1) };
    *line = here.line + 1;
    *column = (uint32_t)(at - here.start) + 1;
}

bulla_bytes bu_tree_excerpt(const bu_tree *tree, size_t offset)
{
    bulla_bytes rest = bu_bytes_from(bu_tree_text(tree), offset);
    if (rest.len == 0)
        return BULLA_LIT("end of text");
    size_t len = 0;
    while (len < 16 && ((rest.ptr[len] | 0x20) >= 'a' && (rest.ptr[len] | 0x20) <= 'z'))
        len++; /* the padding is no letter */
    uint32_t code_point;
    if (len == 0)
        len = bu_utf8_next(rest, &code_point);
    return bu_bytes_first(rest, len == 0 ? 1 : len);
}

bulla_status bu_tree_blame(const bu_tree *tree, uint64_t offset, bulla_status status,
                           bulla_error *err)
{
    uint32_t line, column;
    bu_tree_place(tree, offset, &line, &column);
    bu_at(err, bu_at_offset(err, status, offset), line, column);
    return bu_in_file(err, status, tree->name);
}

/* Making */

static bulla_status refuse_bom(const bu_tree *tree, bulla_error *err)
{
    if (!bu_bytes_starts(bu_tree_text(tree), "\xEF\xBB\xBF"))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_BAD_ENCODING, "the text begins with a BOM");
    return bu_tree_blame(tree, 0, status, err);
}

bulla_status bu_tree_new(bulla_bytes text, const char *name, size_t max, bu_tree **out,
                         bulla_error *err)
{
    if (text.len > max) {
        bulla_status status =
            bu_fail(err, BULLA_E_RESOURCE_LIMIT, "the document has more than %zu bytes", max);
        return bu_in_file(err, status, name);
    }
    BU_AUTO(bu_tree) tree = calloc(1, sizeof *tree);
    if (tree == NULL || (tree->arena = bu_arena_new()) == NULL)
        return bu_no_memory(err);
    tree->name = bu_arena_text(tree->arena, bu_bytes_of(name));
    tree->size = text.len;
    tree->text = malloc(text.len + TEXT_PADDING);
    tree->places = calloc(text.len / PLACE_BLOCK + 1, sizeof *tree->places);
    if (tree->name == NULL || tree->text == NULL || tree->places == NULL)
        return bu_no_memory(err);
    if (text.len > 0)
        memcpy(tree->text, text.ptr, text.len);
    memset(tree->text + text.len, 0, TEXT_PADDING);
    fill_places(tree);
    BU_TRY(refuse_bom(tree, err));
    *out = BU_STEAL(tree);
    return BU_OK;
}

bulla_status bu_tree_keep(bu_tree *tree, size_t offset, bulla_bytes text, bulla_bytes *out,
                          bulla_error *err)
{
    bool fits = offset <= tree->size && text.len <= tree->size - offset;
    if (fits && memcmp(tree->text + offset, text.ptr, text.len) == 0) {
        *out = (bulla_bytes){ tree->text + offset, text.len };
        return BU_OK;
    }
    *out = bu_arena_copy(tree->arena, text);
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_build_add(bu_build *build, const bu_node *node, bulla_error *err)
{
    bu_tree *tree = build->tree;
    if (tree->count == BU_LIMIT_TREE_NODES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u values", BU_LIMIT_TREE_NODES);
    if (tree->count == tree->cap)
        BU_TRY(bu_vec_grow(&tree->nodes, tree->count, &tree->cap, sizeof *tree->nodes, err));
    uint32_t index = (uint32_t)tree->count++;
    tree->nodes[index] = *node;
    if (build->depth == 0)
        return BU_OK;
    uint32_t parent = build->levels[build->depth - 1].parent;
    uint32_t last = build->levels[build->depth - 1].last;
    if (last != 0)
        tree->nodes[last].skip = index - last;
    tree->nodes[parent].size++;
    build->levels[build->depth - 1].last = index;
    return BU_OK;
}

bulla_status bu_build_open(bu_build *build, const bu_node *node, bulla_error *err)
{
    if (build->depth == BU_LIMIT_TREE_DEPTH)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "nested deeper than %u", BU_LIMIT_TREE_DEPTH);
    BU_TRY(bu_build_add(build, node, err));
    build->levels[build->depth].parent = (uint32_t)(build->tree->count - 1);
    build->levels[build->depth].last = 0;
    build->depth++;
    return BU_OK;
}

void bu_build_close(bu_build *build)
{
    build->depth--;
}

bool bu_build_in_table(const bu_build *build)
{
    return build->tree->nodes[build->levels[build->depth - 1].parent].kind == BU_NODE_TABLE;
}

bool bu_build_is_empty(const bu_build *build)
{
    return build->levels[build->depth - 1].last == 0;
}

void bu_tree_adopt(bu_tree *tree, bu_node *nodes, size_t count)
{
    tree->nodes = nodes;
    tree->count = tree->cap = count;
}

/* Keys */

#define SMALL_TABLE 16u /* up to so many fields are looked through one by one */

/* One field in an index. Hashes are compared first, keys where hashes are equal. */
typedef struct slot {
    uint32_t hash;
    uint32_t field; /* nodes from the table on */
} slot;

struct bu_key_index {
    uint32_t mask;   /* number of buckets less one */
    uint32_t *begin; /* of each bucket in `slots`, and the end of the last */
    slot *slots;
};

static uint32_t hash_of(bulla_bytes key)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ key.ptr[i]) * 0x100000001B3u;
    return (uint32_t)(hash ^ hash >> 32);
}

static int compare_to(const bu_node *table, slot s, uint32_t hash, bulla_bytes key)
{
    if (s.hash != hash)
        return s.hash < hash ? -1 : 1;
    return bu_bytes_compare(bu_node_key(table + s.field), key);
}

/* Equal keys in document order, so that the second of two is known. */
static int compare_slots(const void *left, const void *right, void *table)
{
    const bu_node *nodes = table;
    slot a = *(const slot *)left, b = *(const slot *)right;
    int order = compare_to(nodes, a, b.hash, bu_node_key(nodes + b.field));
    return order != 0 ? order : (a.field > b.field) - (a.field < b.field);
}

static void sort_bucket(bu_node *table, slot *slots, size_t count)
{
    if (count > SMALL_TABLE) {
        qsort_r(slots, count, sizeof *slots, compare_slots, table);
        return;
    }
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && compare_slots(&slots[j - 1], &slots[j], table) > 0; j--) {
            slot moved = slots[j];
            slots[j] = slots[j - 1];
            slots[j - 1] = moved;
        }
}

static bu_key_index *index_new(bu_arena *arena, uint32_t fields)
{
    uint32_t buckets = SMALL_TABLE;
    while (buckets < fields / 2)
        buckets *= 2;
    bu_key_index *index = bu_arena_get(arena, sizeof *index);
    uint32_t *begin = bu_arena_get_array(arena, buckets + 1, sizeof *begin);
    slot *slots = bu_arena_get_array(arena, fields, sizeof *slots);
    if (index == NULL || begin == NULL || slots == NULL)
        return NULL;
    *index = (bu_key_index){ buckets - 1, begin, slots };
    return index;
}

/* Counting sort: each `begin` is counted up to its bucket's end, then down while the bucket is
 * filled. */
static bu_key_index *index_table(bu_arena *arena, bu_node *table)
{
    bu_key_index *index = index_new(arena, table->size);
    if (index == NULL)
        return NULL;
    uint32_t *begin = index->begin;
    BU_EACH_CHILD(field, table)
        begin[hash_of(bu_node_key(field)) & index->mask]++;
    for (uint32_t i = 1; i <= index->mask + 1; i++)
        begin[i] += begin[i - 1];
    BU_EACH_CHILD(field, table) {
        uint32_t hash = hash_of(bu_node_key(field));
        index->slots[--begin[hash & index->mask]] = (slot){ hash, (uint32_t)(field - table) };
    }
    for (uint32_t i = 0; i <= index->mask; i++)
        sort_bucket(table, index->slots + begin[i], begin[i + 1] - begin[i]);
    return index;
}

/* The first field, in document order, whose key stood before; NULL when there is none. */
static const bu_node *repeated_in_index(const bu_node *table)
{
    const slot *slots = table->index->slots;
    uint32_t first = 0;
    for (uint32_t i = 1; i < table->size; i++)
        if (compare_to(table, slots[i - 1], slots[i].hash, bu_node_key(table + slots[i].field)) ==
                0 &&
            (first == 0 || slots[i].field < first))
            first = slots[i].field;
    return first == 0 ? NULL : table + first;
}

static const bu_node *repeated_in_small(const bu_node *table)
{
    BU_EACH_CHILD(field, table)
        for (const bu_node *other = bu_node_first(table); other != field;
             other = bu_node_next(other))
            if (bu_bytes_equal(bu_node_key(field), bu_node_key(other)))
                return field;
    return NULL;
}

static bulla_status settle_table(bu_tree *tree, bu_node *table, bool may_repeat, bulla_error *err)
{
    const bu_node *repeated;
    if (table->size <= SMALL_TABLE) {
        repeated = repeated_in_small(table);
    } else {
        table->index = index_table(tree->arena, table);
        if (table->index == NULL)
            return bu_no_memory(err);
        repeated = repeated_in_index(table);
    }
    if (repeated == NULL || may_repeat)
        return BU_OK;
    bulla_bytes key = bu_node_key(repeated);
    return bu_node_fail(tree, repeated, err, BULLA_E_DUPLICATE_KEY, "the key \"%.*s\" stands twice",
                        (int)bu_bytes_first(key, 128).len, (const char *)key.ptr);
}

static bulla_status settle(bu_tree *tree, bool merged, bulla_error *err)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].kind == BU_NODE_TABLE && tree->nodes[i].size > 1)
            BU_TRY(settle_table(tree, &tree->nodes[i], merged && i == 0, err));
    return BU_OK;
}

bulla_status bu_tree_settle(bu_tree *tree, bulla_error *err)
{
    return settle(tree, false, err);
}

bulla_status bu_tree_settle_merged(bu_tree *tree, bulla_error *err)
{
    return settle(tree, true, err);
}

/* Looking */

bu_node_kind bu_node_kind_of(const bu_node *node)
{
    return node == NULL ? BU_NODE_NULL : (bu_node_kind)node->kind;
}

uint64_t bu_node_offset(const bu_node *node)
{
    return node == NULL ? 0 : node->offset;
}

bulla_bytes bu_node_key(const bu_node *node)
{
    if (node == NULL)
        return (bulla_bytes){ 0 };
    return (bulla_bytes){ node->key, node->key_size };
}

static bool is_container(const bu_node *node)
{
    return node != NULL && (node->kind == BU_NODE_ARRAY || node->kind == BU_NODE_TABLE);
}

size_t bu_node_count(const bu_node *node)
{
    return is_container(node) ? node->size : 0;
}

const bu_node *bu_node_first(const bu_node *node)
{
    return bu_node_count(node) == 0 ? NULL : node + 1;
}

const bu_node *bu_node_next(const bu_node *node)
{
    return node == NULL || node->skip == 0 ? NULL : node + node->skip;
}

static const bu_node *get_from_index(const bu_node *table, bulla_bytes key)
{
    const bu_key_index *index = table->index;
    uint32_t hash = hash_of(key);
    uint32_t low = index->begin[hash & index->mask], high = index->begin[(hash & index->mask) + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_to(table, index->slots[middle], hash, key);
        if (order == 0)
            return table + index->slots[middle].field;
        if (order > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const bu_node *bu_node_get_bytes(const bu_node *table, bulla_bytes key)
{
    if (bu_node_kind_of(table) != BU_NODE_TABLE)
        return NULL;
    if (table->index != NULL)
        return get_from_index(table, key);
    BU_EACH_CHILD(field, table)
        if (bu_bytes_equal(bu_node_key(field), key))
            return field;
    return NULL;
}

const bu_node *bu_node_get(const bu_node *table, const char *key)
{
    return bu_node_get_bytes(table, bu_bytes_of(key));
}

bulla_bytes bu_node_text(const bu_node *node)
{
    switch (bu_node_kind_of(node)) {
    case BU_NODE_STRING:
    case BU_NODE_INTEGER:
    case BU_NODE_REAL:
    case BU_NODE_LOCAL_TIME:
        return (bulla_bytes){ node->text, node->size };
    default:
        return (bulla_bytes){ 0 };
    }
}

bool bu_node_is_true(const bu_node *node)
{
    return bu_node_kind_of(node) == BU_NODE_BOOL && (node->text[0] | 0x20) == 't';
}

static int digit_of(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    uint8_t low = byte | 0x20;
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : 16;
}

bool bu_integer_read(bulla_bytes text, int64_t *out)
{
    bool octal = bu_bytes_starts(text, "0o"), hex = bu_bytes_starts(text, "0x");
    bool negative = bu_bytes_starts(text, "-");
    size_t i = octal || hex ? 2 : negative || bu_bytes_starts(text, "+");
    int base = octal ? 8 : hex ? 16 : 10;
    int64_t value = 0; /* kept at or below zero: INT64_MIN has no positive counterpart */
    if (i == text.len)
        return false;
    for (; i < text.len; i++) {
        int digit = digit_of(text.ptr[i]);
        if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}

int64_t bu_node_integer(const bu_node *node)
{
    if (bu_node_kind_of(node) == BU_NODE_TIME)
        return node->number;
    if (bu_node_kind_of(node) != BU_NODE_INTEGER)
        return 0;
    int64_t value = 0;
    (void)bu_integer_read((bulla_bytes){ node->text, node->size }, &value);
    return value;
}

/* Judging */

static const char *kind_name(bu_node_kind kind)
{
    static const char *const names[] = {
        [BU_NODE_NULL] = "null",
        [BU_NODE_BOOL] = "true or false",
        [BU_NODE_INTEGER] = "integer",
        [BU_NODE_REAL] = "number",
        [BU_NODE_STRING] = "string",
        [BU_NODE_TIME] = "time",
        [BU_NODE_LOCAL_TIME] = "time without offset",
        [BU_NODE_ARRAY] = "array",
        [BU_NODE_TABLE] = "table",
    };
    return names[kind];
}

bulla_status bu_node_fail(const bu_tree *tree, const bu_node *node, bulla_error *err,
                          bulla_code code, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    bulla_status status = bu_fail(err, code, "%s", text);
    if (node == NULL)
        return bu_in_file(err, status, tree->name);
    return bu_tree_blame(tree, node->offset, status, err);
}

bulla_status bu_node_need(const bu_tree *tree, const bu_node *node, bu_node_kind kind,
                          bulla_error *err)
{
    if (node == NULL)
        return bu_node_fail(tree, node, err, BULLA_E_MISSING_FIELD, "a value is missing");
    if (bu_node_kind_of(node) == kind)
        return BU_OK;
    bulla_bytes key = bu_bytes_first(bu_node_key(node), 128);
    bulla_status status =
        bu_node_fail(tree, node, err, BULLA_E_TYPE_MISMATCH,
                     key.len == 0 ? "wrong type%.*s" : "\"%.*s\" is of the wrong type",
                     (int)key.len, (const char *)key.ptr);
    return bu_expected(err, status, bu_bytes_of(kind_name(kind)),
                       bu_bytes_of(kind_name(bu_node_kind_of(node))));
}

bulla_status bu_node_field(const bu_tree *tree, const bu_node *table, const char *key,
                           bu_node_kind kind, const bu_node **out, bulla_error *err)
{
    BU_TRY(bu_node_optional(tree, table, key, kind, out, err));
    if (*out != NULL)
        return BU_OK;
    bulla_status status =
        bu_node_fail(tree, table, err, BULLA_E_MISSING_FIELD, "\"%s\" is missing", key);
    return bu_expected(err, status, bu_bytes_of(kind_name(kind)), BULLA_LIT("nothing"));
}

bulla_status bu_node_optional(const bu_tree *tree, const bu_node *table, const char *key,
                              bu_node_kind kind, const bu_node **out, bulla_error *err)
{
    const bu_node *field = bu_node_get(table, key);
    if (field != NULL)
        BU_TRY(bu_node_need(tree, field, kind, err));
    *out = field;
    return BU_OK;
}

static bool is_one_of(bulla_bytes key, const char *const *names)
{
    for (; *names != NULL; names++)
        if (bu_bytes_is(key, *names))
            return true;
    return false;
}

bulla_status bu_node_only(const bu_tree *tree, const bu_node *table, const char *const *names,
                          bulla_error *err)
{
    BU_EACH_CHILD(field, table) {
        bulla_bytes key = bu_bytes_first(bu_node_key(field), 128);
        if (!is_one_of(bu_node_key(field), names))
            return bu_node_fail(tree, field, err, BULLA_E_BAD_SYNTAX, "unknown field \"%.*s\"",
                                (int)key.len, (const char *)key.ptr);
    }
    return BU_OK;
}
