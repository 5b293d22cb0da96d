/* SPDX-License-Identifier: MIT */
/*
 * The public calls for package URLs: text to text, to parts, and from parts.
 */
#include "bulla/purl.h"

#include "base/bytes.h"
#include "model/purl.h"
#include "syntax/json_writer.h"
#include "syntax/tree.h"

bulla_status bulla_purl_canonical(bulla_bytes purl, bulla_buffer *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    const char *canonical = NULL;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_purl_canonicalize(purl, arena, &canonical, err));
    bu_buf_add_text(&text, canonical);
    return bu_buf_take(&text, out, err);
}

static void put_part(bu_json_writer *writer, const char *key, bulla_bytes part)
{
    if (part.len == 0)
        bu_json_put_raw(writer, key, BULLA_LIT("null"));
    else
        bu_json_put_string(writer, key, part);
}

static bulla_status put_qualifiers(bu_json_writer *writer, const bu_purl *purl, bu_arena *arena,
                                   bulla_error *err)
{
    bu_json_begin(writer, "qualifiers", '{');
    for (size_t i = 0; i < purl->qualifier_count; i++) {
        const char *key = bu_arena_text(arena, purl->qualifiers[i].key);
        if (key == NULL)
            return bu_no_memory(err);
        bu_json_put_string(writer, key, purl->qualifiers[i].value);
    }
    bu_json_end(writer, '}');
    return BU_OK;
}

bulla_status bulla_purl_parts_json(bulla_bytes purl, bulla_buffer *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_json_writer writer = bu_json_writer_of(&text, BU_JSON_ONE_LINE);
    bu_purl parts;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_purl_parse(purl, arena, &parts, err));
    bu_json_begin(&writer, NULL, '{');
    put_part(&writer, "type", parts.type);
    put_part(&writer, "namespace", parts.namespace);
    put_part(&writer, "name", parts.name);
    put_part(&writer, "version", parts.version);
    BU_TRY(put_qualifiers(&writer, &parts, arena, err));
    put_part(&writer, "subpath", parts.subpath);
    bu_json_end(&writer, '}');
    return bu_buf_take(&text, out, err);
}

/* Absent and null are the same: there is no such part. */
static bulla_status get_part(const bu_tree *tree, const char *key, bulla_bytes *out,
                             bulla_error *err)
{
    const bu_node *node = bu_node_get(bu_tree_root(tree), key);
    if (node == NULL || bu_node_kind_of(node) == BU_NODE_NULL)
        return BU_OK;
    BU_TRY(bu_node_need(tree, node, BU_NODE_STRING, err));
    *out = bu_node_text(node);
    return BU_OK;
}

static bulla_status get_qualifiers(const bu_tree *tree, bu_arena *arena, bu_purl *out,
                                   bulla_error *err)
{
    const bu_node *table = bu_node_get(bu_tree_root(tree), "qualifiers");
    if (table == NULL || bu_node_kind_of(table) == BU_NODE_NULL)
        return BU_OK;
    BU_TRY(bu_node_need(tree, table, BU_NODE_TABLE, err));
    out->qualifiers = bu_arena_get_array(arena, bu_node_count(table), sizeof *out->qualifiers);
    if (out->qualifiers == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(field, table) {
        BU_TRY(bu_node_need(tree, field, BU_NODE_STRING, err));
        out->qualifiers[out->qualifier_count++] =
            (bu_qualifier){ bu_node_key(field), bu_node_text(field) };
    }
    return BU_OK;
}

static bulla_status get_parts(const bu_tree *tree, bu_arena *arena, bu_purl *out, bulla_error *err)
{
    static const char *const names[] = { "type",    "namespace",  "name", "version",
                                         "subpath", "qualifiers", NULL };
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(bu_node_only(tree, bu_tree_root(tree), names, err));
    BU_TRY(get_part(tree, "type", &out->type, err));
    BU_TRY(get_part(tree, "namespace", &out->namespace, err));
    BU_TRY(get_part(tree, "name", &out->name, err));
    BU_TRY(get_part(tree, "version", &out->version, err));
    BU_TRY(get_part(tree, "subpath", &out->subpath, err));
    return get_qualifiers(tree, arena, out, err);
}

bulla_status bulla_purl_build(bulla_bytes json, bulla_buffer *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    bu_purl parts = { 0 };
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_json_load(json, "parts", &tree, err));
    BU_TRY(get_parts(tree, arena, &parts, err));
    BU_TRY(bu_purl_normalize(&parts, arena, err));
    bu_purl_write(&parts, &text);
    return bu_buf_take(&text, out, err);
}
