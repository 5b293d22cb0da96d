/* SPDX-License-Identifier: MIT */
/*
 * TOML 1.0 into a tree: one pass, an explicit stack, each rule about tables
 * that are defined twice enforced. Refused beyond the grammar: a BOM, U+0000,
 * integers beyond 64 bits, points in time before 1970.
 */
#include "base/bytes.h"
#include "syntax/toml.h"

typedef struct reader {
    bu_toml_text text;
    bu_toml_nodes nodes;
    bu_toml_spot section;                     /* what the newest header leads to */
    bu_toml_spot levels[BU_LIMIT_TREE_DEPTH]; /* open arrays and inline tables */
    size_t depth;
} reader;

static bulla_status expect(bu_toml_text *t, uint8_t byte, const char *expected)
{
    if (*t->at != byte)
        return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, expected);
    t->at++;
    return BU_OK;
}

static bulla_status end_line(bu_toml_text *t)
{
    bool newline;
    bu_toml_skip_blanks(t);
    BU_TRY(bu_toml_skip_comment(t));
    BU_TRY(bu_toml_skip_newline(t, &newline));
    if (newline || t->at == t->end)
        return BU_OK;
    return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "the end of the line");
}

/* Keys */

static bulla_status enter(reader *r, bu_toml_spot *spot, bu_toml_way way, bulla_bytes key,
                          const uint8_t *place)
{
    bu_toml_text *t = &r->text;
    uint32_t offset = (uint32_t)(place - t->start);
    bulla_status status = bu_toml_enter(&r->nodes, spot, way, key, offset, t->err);
    return bu_toml_placed(t, status.code == BULLA_E_DUPLICATE_KEY ? place : t->at, status);
}

/* A key up to its last part, which is handed out. A dotted key's tables lie at their names, those of
 * a header at its bracket, `header`. */
static bulla_status read_key(reader *r, const uint8_t *header, bu_toml_spot *spot, bulla_bytes *out)
{
    bu_toml_text *t = &r->text;
    bu_toml_way way = header == NULL ? BU_TOML_DOTTED : BU_TOML_THROUGH;
    for (;; t->at++) {
        bu_toml_skip_blanks(t);
        const uint8_t *part = t->at;
        BU_TRY(bu_toml_key_part(t, out));
        bu_toml_skip_blanks(t);
        if (*t->at != '.')
            return BU_OK;
        BU_TRY(enter(r, spot, way, *out, header == NULL ? part : header));
    }
}

static bulla_status read_header(reader *r)
{
    bu_toml_text *t = &r->text;
    const uint8_t *start = t->at;
    bool array = start[1] == '[';
    bulla_bytes key;
    r->section = (bu_toml_spot){ 0, 1 };
    t->at += array ? 2 : 1;
    BU_TRY(read_key(r, start, &r->section, &key));
    BU_TRY(expect(t, ']', "\"]\""));
    if (array)
        BU_TRY(expect(t, ']', "\"]]\""));
    BU_TRY(enter(r, &r->section, array ? BU_TOML_APPEND : BU_TOML_DEFINE, key, start));
    return end_line(t);
}

/* Values */

/* Read a value that belongs in `spot`; of an array or inline table, its opening. */
static bulla_status read_value(reader *r, bu_toml_spot spot, bulla_bytes key)
{
    bu_toml_text *t = &r->text;
    const uint8_t *start = t->at;
    bu_node node = { .key = key.ptr, .key_size = (uint32_t)key.len & 0xFFFFFFFu };
    if (*start != '[' && *start != '{') {
        BU_TRY(bu_toml_scalar(t, &node));
        return bu_toml_placed(t, start, bu_toml_add(&r->nodes, spot, &node, t->err));
    }
    node.kind = *start == '[' ? BU_NODE_ARRAY : BU_NODE_TABLE;
    node.offset = (uint32_t)(start - t->start);
    BU_TRY(bu_toml_placed(t, start, bu_toml_open(&r->nodes, &spot, &node, t->err)));
    r->levels[r->depth++] = spot;
    t->at++;
    return BU_OK;
}

static bulla_status start_field(reader *r, bu_toml_spot spot)
{
    bu_toml_text *t = &r->text;
    bulla_bytes key;
    BU_TRY(read_key(r, NULL, &spot, &key));
    BU_TRY(expect(t, '=', "\"=\""));
    bu_toml_skip_blanks(t);
    return read_value(r, spot, key);
}

/* What may stand between the elements of an array. */
static bulla_status skip_lines(bu_toml_text *t)
{
    bool newline = true;
    while (newline) {
        bu_toml_skip_blanks(t);
        BU_TRY(bu_toml_skip_comment(t));
        BU_TRY(bu_toml_skip_newline(t, &newline));
    }
    return BU_OK;
}

static bool closes(reader *r, uint8_t bracket)
{
    if (*r->text.at != bracket)
        return false;
    r->text.at++;
    r->depth--;
    return true;
}

static bulla_status next_element(reader *r, bu_toml_spot array)
{
    bu_toml_text *t = &r->text;
    BU_TRY(skip_lines(t));
    if (closes(r, ']'))
        return BU_OK;
    if (r->nodes.items[array.node].size > 0) {
        BU_TRY(expect(t, ',', "\",\" or \"]\""));
        BU_TRY(skip_lines(t));
        if (closes(r, ']'))
            return BU_OK;
    }
    return read_value(r, array, (bulla_bytes){ 0 });
}

/* "No newlines are allowed between the curly braces [...]. A terminating comma is not permitted". */
static bulla_status next_field(reader *r, bu_toml_spot table)
{
    bu_toml_text *t = &r->text;
    bu_toml_skip_blanks(t);
    if (closes(r, '}'))
        return BU_OK;
    if (r->nodes.items[table.node].size > 0)
        BU_TRY(expect(t, ',', "\",\" or \"}\""));
    return start_field(r, table);
}

static bulla_status read_field(reader *r)
{
    BU_TRY(start_field(r, r->section));
    while (r->depth > 0) {
        bu_toml_spot spot = r->levels[r->depth - 1];
        bool table = r->nodes.items[spot.node].kind == BU_NODE_TABLE;
        BU_TRY(table ? next_field(r, spot) : next_element(r, spot));
    }
    return end_line(&r->text);
}

static bulla_status read_document(reader *r)
{
    bu_toml_text *t = &r->text;
    BU_TRY(bu_toml_root(&r->nodes, &r->section, t->err));
    for (;;) {
        BU_TRY(skip_lines(t));
        if (t->at == t->end)
            return bu_toml_lay_out(&r->nodes, t->tree, t->err);
        BU_TRY(*t->at == '[' ? read_header(r) : read_field(r));
    }
}

bulla_status bu_toml_load(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_tree_new(text, name, BU_LIMIT_DOCUMENT_BYTES, &tree, err));
    bulla_bytes copy = bu_tree_text(tree);
    reader r = {
        .text = { .tree = tree,
                  .start = copy.ptr,
                  .end = copy.ptr + copy.len,
                  .at = copy.ptr,
                  .err = err },
    };
    bulla_status status = read_document(&r);
    bu_buf_clear(&r.text.unescaped);
    bu_toml_nodes_clear(&r.nodes);
    BU_TRY(status);
    BU_TRY(bu_tree_settle(tree, err));
    *out = BU_STEAL(tree);
    return BU_OK;
}
