/* SPDX-License-Identifier: MIT */
/*
 * TOML 1.0 into a tree. toml++ reads the text; before that, what would cost it
 * too much is bounded here: it takes documents apart by recursion and looks
 * through all dotted keys for each one. Refused beyond the grammar: a BOM,
 * U+0000, times before 1970.
 */
#include "syntax/toml.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "syntax/tree_build.h"

/* Bounds */

/* A walk over the text that knows strings and comments, and counts how deep the value here is at
 * most. */
typedef struct scan {
    const uint8_t *at, *end; /* NUL bytes stand at `end` */
    size_t parts;            /* dots in the key that is being read */
    size_t header;           /* parts of the [table] that the line belongs to */
    size_t outer;            /* parts of the keys around the open brackets, and those brackets */
    size_t dotted;           /* keys and headers with a dot so far */
    size_t open;
    size_t saved[BU_LIMIT_TREE_DEPTH]; /* `parts` outside of each open bracket */
    bool line_start, in_header;
} scan;

/* Behind the string whose first quote is at `at`. */
static const uint8_t *skip_string(const uint8_t *at, const uint8_t *end)
{
    uint8_t quote = *at;
    bool basic = quote == '"', multi = at[1] == quote && at[2] == quote;
    for (at += multi ? 3 : 1; at < end; at++) {
        if (basic && *at == '\\' && at + 1 < end)
            at++;
        else if (!multi && (*at == quote || *at == '\n'))
            return *at == quote ? at + 1 : at;
        else if (multi && at[0] == quote && at[1] == quote && at[2] == quote)
            break;
    }
    for (size_t quotes = 0; quotes < 5 && at < end && *at == quote; quotes++)
        at++; /* three, and up to two that end the string's text */
    return at;
}

static void end_line(scan *s)
{
    if (s->open > 0)
        return;
    if (s->in_header) {
        s->header = s->parts + 1;
        s->dotted += s->parts > 0;
    }
    s->parts = 0;
    s->in_header = false;
    s->line_start = true;
}

static void open_bracket(scan *s)
{
    s->saved[s->open++] = s->parts; /* within bounds: each open bracket counts in `outer` */
    s->outer += s->parts + 1;
    s->parts = 0;
}

static void close_bracket(scan *s)
{
    if (s->open == 0)
        return;
    s->parts = s->saved[--s->open];
    s->outer -= s->parts + 1;
}

/* One step; false when that goes over a limit. */
static bool scan_step(scan *s)
{
    uint8_t byte = *s->at;
    bool line_start = s->line_start;
    s->line_start = line_start && (byte == ' ' || byte == '\t');
    if (byte == '"' || byte == '\'') {
        s->at = skip_string(s->at, s->end);
        return true;
    }
    if (byte == '#') {
        s->at += bu_bytes_find((bulla_bytes){ s->at, (size_t)(s->end - s->at) }, '\n');
        return true;
    }
    s->at++;
    if (byte == '\n')
        end_line(s);
    else if (byte == ',')
        s->parts = 0;
    else if (byte == '.')
        s->parts++;
    else if (byte == '=')
        s->dotted += s->parts > 0;
    else if (byte == '[' && line_start && s->open == 0)
        s->in_header = true;
    else if ((byte == '[' || byte == '{') && !s->in_header)
        open_bracket(s);
    else if ((byte == ']' || byte == '}') && !s->in_header)
        close_bracket(s);
    return s->dotted <= BU_LIMIT_DOTTED_KEYS &&
           s->header + s->outer + s->parts < BU_LIMIT_TREE_DEPTH;
}

static bulla_status check_bounds(const bu_tree *tree, bulla_error *err)
{
    bulla_bytes text = bu_tree_text(tree);
    scan s = { .at = text.ptr, .end = text.ptr + text.len, .line_start = true };
    while (s.at < s.end) {
        const uint8_t *at = s.at;
        if (scan_step(&s))
            continue;
        bool dotted = s.dotted > BU_LIMIT_DOTTED_KEYS;
        bulla_status status = bu_fail(err, BULLA_E_RESOURCE_LIMIT,
                                      dotted ? "more than %u dotted keys" : "nested deeper than %u",
                                      dotted ? BU_LIMIT_DOTTED_KEYS : BU_LIMIT_TREE_DEPTH);
        return bu_tree_blame(tree, (uint64_t)(at - text.ptr), status, err);
    }
    return BU_OK;
}

/* Places */

#define MARK_STEP 64u /* code points */

/* Turns lines and columns in code points into offsets, in constant time. */
typedef struct marks {
    uint32_t *lines; /* number of the first code point of each line */
    size_t line_count, line_cap;
    uint32_t *offsets; /* of each MARK_STEP-th code point */
    size_t offset_count, offset_cap;
} marks;

static bool starts_code_point(uint8_t byte)
{
    return (byte & 0xC0) != 0x80;
}

static bulla_status add_mark(uint32_t **items, size_t *count, size_t *cap, size_t value,
                             bulla_error *err)
{
    BU_TRY(bu_vec_grow(items, *count, cap, sizeof **items, err));
    (*items)[(*count)++] = (uint32_t)value;
    return BU_OK;
}

static bulla_status make_marks(marks *m, bulla_bytes text, bulla_error *err)
{
    size_t code_points = 0;
    bool line_start = true;
    for (size_t i = 0; i < text.len; i++) {
        if (line_start)
            BU_TRY(add_mark(&m->lines, &m->line_count, &m->line_cap, code_points, err));
        line_start = text.ptr[i] == '\n';
        if (!starts_code_point(text.ptr[i]))
            continue;
        if (code_points % MARK_STEP == 0)
            BU_TRY(add_mark(&m->offsets, &m->offset_count, &m->offset_cap, i, err));
        code_points++;
    }
    return BU_OK;
}

static size_t offset_of(const marks *m, bulla_bytes text, bu_toml_place place)
{
    if (place.line == 0 || place.line > m->line_count || place.column == 0)
        return place.line == 0 ? 0 : text.len;
    size_t code_point = (size_t)m->lines[place.line - 1] + place.column - 1;
    if (code_point / MARK_STEP >= m->offset_count)
        return text.len;
    size_t at = m->offsets[code_point / MARK_STEP];
    for (size_t left = code_point % MARK_STEP; left > 0 && at < text.len; left--)
        do
            at++;
        while (at < text.len && !starts_code_point(text.ptr[at]));
    return at;
}

/* The tree */

typedef struct reader {
    bu_tree *tree;
    bulla_bytes text;
    marks marks;
    bu_build build;
    bulla_status status; /* of the failure that stopped the reading */
    bulla_error *err;
} reader;

/* Text that is to outlive toml++'s document. */
static bulla_status keep(reader *r, const char *text, size_t len, bulla_bytes *out)
{
    bulla_bytes bytes = { (const uint8_t *)text, len };
    if (bu_bytes_find(bytes, '\0') < len)
        return bu_fail(r->err, BULLA_E_BAD_ENCODING, "U+0000 in a string");
    *out = bu_arena_copy(bu_tree_arena(r->tree), bytes);
    return out->ptr == NULL ? bu_no_memory(r->err) : BU_OK;
}

static bulla_status set_integer(reader *r, bu_node *node, int64_t value)
{
    char *text = bu_arena_format(bu_tree_arena(r->tree), "%" PRId64, value);
    if (text == NULL)
        return bu_no_memory(r->err);
    node->text = (const uint8_t *)text;
    node->size = (uint32_t)strlen(text);
    return BU_OK;
}

static bulla_status set_time(reader *r, bu_node *node, bulla_bytes written)
{
    int64_t time;
    if (!bulla_ok(bu_time_parse(written, &time, NULL)))
        return bu_expected(r->err, bu_fail(r->err, BULLA_E_BAD_NUMBER, "a time out of range"),
                           BULLA_LIT("a time from 1970 on"), written);
    node->number = time;
    return BU_OK;
}

static bulla_status fill_node(reader *r, const bu_toml_item *item, bu_node *node)
{
    size_t end = offset_of(&r->marks, r->text, item->end);
    bulla_bytes written = bu_bytes_from(bu_bytes_first(r->text, end), node->offset), text;
    switch (item->kind) {
    case BU_TOML_STRING:
        BU_TRY(keep(r, item->text, item->text_len, &text));
        node->text = text.ptr;
        node->size = (uint32_t)text.len;
        return BU_OK;
    case BU_TOML_INTEGER:
        return set_integer(r, node, item->integer);
    case BU_TOML_TIME:
        return set_time(r, node, written);
    case BU_TOML_BOOL:
    case BU_TOML_REAL:
    case BU_TOML_LOCAL_TIME:
        node->text = written.ptr;
        node->size = (uint32_t)written.len;
        return BU_OK;
    case BU_TOML_ARRAY:
    case BU_TOML_TABLE:
        break;
    }
    return BU_OK;
}

static bulla_status add_item(reader *r, const bu_toml_item *item, size_t offset)
{
    static const bu_node_kind kinds[] = {
        [BU_TOML_BOOL] = BU_NODE_BOOL,   [BU_TOML_INTEGER] = BU_NODE_INTEGER,
        [BU_TOML_REAL] = BU_NODE_REAL,   [BU_TOML_STRING] = BU_NODE_STRING,
        [BU_TOML_TIME] = BU_NODE_TIME,   [BU_TOML_LOCAL_TIME] = BU_NODE_LOCAL_TIME,
        [BU_TOML_ARRAY] = BU_NODE_ARRAY, [BU_TOML_TABLE] = BU_NODE_TABLE,
    };
    bu_node node = { .offset = (uint32_t)offset, .kind = (uint32_t)kinds[item->kind] & 0xFu };
    BU_TRY(fill_node(r, item, &node));
    if (item->key != NULL) {
        bulla_bytes key;
        BU_TRY(keep(r, item->key, item->key_len, &key));
        node.key = key.ptr;
        node.key_size = (uint32_t)key.len & 0xFFFFFFFu;
    }
    if (item->kind == BU_TOML_ARRAY || item->kind == BU_TOML_TABLE)
        return bu_build_open(&r->build, &node, r->err);
    return bu_build_add(&r->build, &node, r->err);
}

static bool take_item(void *context, const bu_toml_item *item)
{
    reader *r = context;
    size_t offset = offset_of(&r->marks, r->text, item->begin);
    r->status = add_item(r, item, offset);
    if (bulla_ok(r->status))
        return true;
    (void)bu_tree_blame(r->tree, offset, r->status, r->err);
    return false;
}

static void take_close(void *context)
{
    reader *r = context;
    bu_build_close(&r->build);
}

/* toml++ gives sentences, no codes: these are parts of those that are not about syntax. */
static bulla_code code_of(const char *why)
{
    static const struct {
        const char *part;
        bulla_code code;
    } codes[] = {
        { "cannot redefine", BULLA_E_DUPLICATE_KEY },
        { "end-of-file", BULLA_E_TRUNCATED },
        { "saw EOF", BULLA_E_TRUNCATED },
        { "surrogates", BULLA_E_BAD_ENCODING },
        { "U+10FFFF", BULLA_E_BAD_ENCODING },
        { "64 bits", BULLA_E_BAD_NUMBER },
        { "leading zeroes", BULLA_E_BAD_NUMBER },
        { "underscores", BULLA_E_BAD_NUMBER },
        { "length limit", BULLA_E_BAD_NUMBER },
        { "decimal digit", BULLA_E_BAD_NUMBER },
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strstr(why, codes[i].part) != NULL)
            return codes[i].code;
    return BULLA_E_BAD_SYNTAX;
}

static void take_refusal(void *context, const char *why, bu_toml_place place)
{
    static const char prefix[] = "Error while parsing ", wanted[] = "expected ", found[] = ", saw ";
    reader *r = context;
    if (strncmp(why, prefix, sizeof prefix - 1) == 0)
        why += sizeof prefix - 1;
    r->status = bu_fail(r->err, code_of(why), "not TOML 1.0: %s", why);
    const char *expected = strstr(why, wanted);
    const char *got = expected == NULL ? NULL : strstr(expected, found);
    if (got != NULL) {
        expected += sizeof wanted - 1;
        bulla_bytes text = { (const uint8_t *)expected, (size_t)(got - expected) };
        bu_expected(r->err, r->status, text, bu_bytes_of(got + sizeof found - 1));
    }
    (void)bu_tree_blame(r->tree, offset_of(&r->marks, r->text, place), r->status, r->err);
}

static bulla_status read_document(reader *r)
{
    size_t valid = bu_utf8_valid(r->text);
    if (valid < r->text.len) {
        bulla_status status = bu_fail(r->err, BULLA_E_BAD_ENCODING, "not UTF-8");
        return bu_tree_blame(r->tree, valid, status, r->err);
    }
    BU_TRY(check_bounds(r->tree, r->err));
    BU_TRY(make_marks(&r->marks, r->text, r->err));
    bu_toml_sink sink = { r, take_item, take_close, take_refusal };
    switch (bu_toml_read((const char *)r->text.ptr, r->text.len, &sink)) {
    case BU_TOML_DONE:
        return bu_tree_settle(r->tree, r->err);
    case BU_TOML_STOPPED:
        return r->status;
    case BU_TOML_NO_MEMORY:
        break;
    }
    return bu_no_memory(r->err);
}

bulla_status bu_toml_load(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_tree_new(text, name, BU_LIMIT_METADATA_BYTES, &tree, err));
    reader r = { .tree = tree, .text = bu_tree_text(tree), .build = { .tree = tree }, .err = err };
    bulla_status status = read_document(&r);
    free(r.marks.lines);
    free(r.marks.offsets);
    BU_TRY(status);
    *out = BU_STEAL(tree);
    return BU_OK;
}
