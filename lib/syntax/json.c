/* SPDX-License-Identifier: MIT */
/*
 * Small JSON as jansson values. Texts are read by bu_json_load(), so that
 * there is one JSON grammar in bulla, and turned into jansson values; jansson
 * itself parses nothing but the text of a real number.
 */
#include "syntax/json_value.h"

#include <jansson.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "syntax/tree.h"

void bu_json_free(bu_json *value)
{
    json_decref(value);
}

/* Parsing */

bu_json *bu_json_real(bulla_bytes text)
{
    return json_loadb((const char *)text.ptr, text.len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL,
                      NULL);
}

/* The jansson value of a node, still without children. */
static bu_json *value_of(const bu_node *node)
{
    bulla_bytes text = bu_node_text(node);
    switch (bu_node_kind_of(node)) {
    case BU_NODE_BOOL:
        return json_boolean(bu_node_is_true(node));
    case BU_NODE_INTEGER:
        return json_integer(bu_node_integer(node));
    case BU_NODE_REAL:
        return bu_json_real(text);
    case BU_NODE_STRING:
        return json_stringn_nocheck((const char *)text.ptr, text.len);
    case BU_NODE_ARRAY:
        return json_array();
    case BU_NODE_TABLE:
        return json_object();
    default:
        return json_null();
    }
}

static bool put(bu_json *parent, const bu_node *node, bu_json *value)
{
    bulla_bytes key = bu_node_key(node);
    if (json_is_array(parent))
        return json_array_append_new(parent, value) == 0;
    return json_object_setn_new_nocheck(parent, (const char *)key.ptr, key.len, value) == 0;
}

typedef struct level {
    bu_json *value; /* borrowed from the root */
    const bu_node *child;
} level;

static bool fill(bu_json *root, const bu_node *node)
{
    level levels[BU_LIMIT_TREE_DEPTH + 1] = { { root, bu_node_first(node) } };
    for (size_t depth = 1; depth > 0;) {
        level *top = &levels[depth - 1];
        const bu_node *child = top->child;
        if (child == NULL) {
            depth--;
            continue;
        }
        bu_json *value = value_of(child);
        if (value == NULL || !put(top->value, child, value))
            return false;
        top->child = bu_node_next(child);
        if (bu_node_count(child) > 0)
            levels[depth++] = (level){ value, bu_node_first(child) };
    }
    return true;
}

bulla_status bu_json_parse(bulla_bytes text, const char *name, bu_json **out, bulla_error *err)
{
    if (text.len > BU_LIMIT_METADATA_BYTES)
        return bu_in_file(err,
                          bu_fail(err, BULLA_E_RESOURCE_LIMIT,
                                  "the document has more than %u bytes", BU_LIMIT_METADATA_BYTES),
                          name);
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_json_load(text, name, &tree, err));
    BU_AUTO(bu_json) root = value_of(bu_tree_root(tree));
    if (root == NULL || !fill(root, bu_tree_root(tree)))
        return bu_no_memory(err);
    *out = BU_STEAL(root);
    return BU_OK;
}

/* Reading */

static const char *type_name(const bu_json *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "object";
    case JSON_ARRAY:
        return "array";
    case JSON_STRING:
        return "string";
    case JSON_INTEGER:
        return "integer";
    case JSON_REAL:
        return "number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        break;
    }
    return "null";
}

const bu_json *bu_json_get(const bu_json *object, const char *key)
{
    return json_object_get(object, key);
}

static bulla_status need(const bu_json *object, const char *key, const char *where, json_type type,
                         const char *wanted, const bu_json **out, bulla_error *err)
{
    const bu_json *value = json_object_get(object, key);
    if (value != NULL && json_typeof(value) == type) {
        *out = value;
        return BU_OK;
    }
    bulla_status status =
        value == NULL ? bu_fail(err, BULLA_E_MISSING_FIELD, "\"%s\" is missing", key)
                      : bu_fail(err, BULLA_E_TYPE_MISMATCH, "\"%s\" is of the wrong type", key);
    bu_expected(err, status, bu_bytes_of(wanted),
                bu_bytes_of(value == NULL ? "nothing" : type_name(value)));
    return bu_in_file(err, status, where);
}

bulla_status bu_json_need_text(const bu_json *object, const char *key, const char *where,
                               bulla_bytes *out, bulla_error *err)
{
    const bu_json *value;
    BU_TRY(need(object, key, where, JSON_STRING, "string", &value, err));
    (void)bu_json_text(value, out);
    return BU_OK;
}

bulla_status bu_json_need_integer(const bu_json *object, const char *key, const char *where,
                                  int64_t *out, bulla_error *err)
{
    const bu_json *value;
    BU_TRY(need(object, key, where, JSON_INTEGER, "integer", &value, err));
    *out = json_integer_value(value);
    return BU_OK;
}

bulla_status bu_json_need_object(const bu_json *object, const char *key, const char *where,
                                 const bu_json **out, bulla_error *err)
{
    return need(object, key, where, JSON_OBJECT, "object", out, err);
}

bulla_status bu_json_need_array(const bu_json *object, const char *key, const char *where,
                                const bu_json **out, bulla_error *err)
{
    return need(object, key, where, JSON_ARRAY, "array", out, err);
}

bool bu_json_is_object(const bu_json *value)
{
    return json_is_object(value);
}

bool bu_json_is_array(const bu_json *value)
{
    return json_is_array(value);
}

bool bu_json_is_null(const bu_json *value)
{
    return value == NULL || json_is_null(value);
}

bool bu_json_is_bool(const bu_json *value)
{
    return json_is_boolean(value);
}

bool bu_json_is_true(const bu_json *value)
{
    return json_is_true(value);
}

bool bu_json_text(const bu_json *value, bulla_bytes *out)
{
    if (!json_is_string(value))
        return false;
    *out = (bulla_bytes){ (const uint8_t *)json_string_value(value), json_string_length(value) };
    return true;
}

size_t bu_json_count(const bu_json *array)
{
    return json_array_size(array);
}

const bu_json *bu_json_at(const bu_json *array, size_t index)
{
    return json_array_get(array, index);
}

/* Fields */

void bu_json_fields_clear(bu_json_fields *fields)
{
    free(fields->items);
    *fields = (bu_json_fields){ 0 };
}

static int compare_fields(const void *left, const void *right)
{
    const bu_json_field *a = left, *b = right;
    return bu_bytes_compare(a->key, b->key);
}

bulla_status bu_json_fields_add(bu_json_fields *fields, const bu_json *object, bool sorted,
                                bulla_error *err)
{
    bu_json *iterated = (bu_json *)(uintptr_t)object; /* jansson's iterators change nothing */
    size_t first = fields->count;
    for (void *i = json_object_iter(iterated); i != NULL; i = json_object_iter_next(iterated, i)) {
        BU_TRY(
            bu_vec_grow(&fields->items, fields->count, &fields->cap, sizeof *fields->items, err));
        bulla_bytes key = { (const uint8_t *)json_object_iter_key(i), json_object_iter_key_len(i) };
        fields->items[fields->count++] = (bu_json_field){ key, json_object_iter_value(i) };
    }
    if (sorted && fields->count > first)
        qsort(fields->items + first, fields->count - first, sizeof *fields->items, compare_fields);
    return BU_OK;
}

bulla_status bu_json_each(const bu_json *object,
                          bulla_status (*each)(void *context, bulla_bytes key, const bu_json *value,
                                               bulla_error *err),
                          void *context, bulla_error *err)
{
    BU_CLEAR(bu_json_fields) fields = { 0 };
    BU_TRY(bu_json_fields_add(&fields, object, true, err));
    for (size_t i = 0; i < fields.count; i++)
        BU_TRY(each(context, fields.items[i].key, fields.items[i].value, err));
    return BU_OK;
}

/* Building */

bu_json *bu_json_object(void)
{
    return json_object();
}

bu_json *bu_json_array(void)
{
    return json_array();
}

bu_json *bu_json_string(bulla_bytes utf8)
{
    if (bu_utf8_valid(utf8) == utf8.len && bu_bytes_find(utf8, '\0') == utf8.len)
        return json_stringn_nocheck(utf8.len == 0 ? "" : (const char *)utf8.ptr, utf8.len);
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(utf8, &escaped);
    return escaped.broken ? NULL : json_stringn_nocheck((const char *)escaped.ptr, escaped.len);
}

bu_json *bu_json_integer(int64_t value)
{
    return json_integer(value);
}

bu_json *bu_json_bool(bool value)
{
    return json_boolean(value);
}

bu_json *bu_json_copy(const bu_json *value)
{
    return json_deep_copy(value);
}

bulla_status bu_json_set(bu_json *object, const char *key, bu_json *value, bulla_error *err)
{
    return json_object_set_new_nocheck(object, key, value) == 0 ? BU_OK : bu_no_memory(err);
}

bulla_status bu_json_append(bu_json *array, bu_json *value, bulla_error *err)
{
    return json_array_append_new(array, value) == 0 ? BU_OK : bu_no_memory(err);
}

bu_json *bu_json_digest_set(const bulla_digest_set *set)
{
    BU_AUTO(bu_json) object = json_object();
    for (uint32_t i = 0; object != NULL && i < set->count; i++) {
        const bulla_digest *digest = &set->items[i];
        char hex[BULLA_DIGEST_HEX_MAX];
        bu_json *value = json_string(bulla_digest_hex(digest, hex));
        if (json_object_set_new_nocheck(object, bulla_alg_name(digest->alg), value) != 0)
            return NULL;
    }
    return BU_STEAL(object);
}

typedef struct known_fields {
    const char *const *names;
} known_fields;

static bulla_status need_known(void *context, bulla_bytes key, const bu_json *value,
                               bulla_error *err)
{
    const known_fields *known = context;
    (void)value;
    for (size_t i = 0; known->names[i] != NULL; i++)
        if (bu_bytes_is(key, known->names[i]))
            return BU_OK;
    return bu_fail(err, BULLA_E_BAD_SYNTAX, "unknown field %.*s", (int)key.len,
                   (const char *)key.ptr);
}

bulla_status bu_json_only(const bu_json *object, const char *const *fields, bulla_error *err)
{
    return bu_json_each(object, need_known, &(known_fields){ fields }, err);
}
