/* SPDX-License-Identifier: MIT */
/*
 * YAML 1.2, core schema, into a tree. libyaml reads the text and is older than
 * 1.2: what the two read differently is refused before it, and so is what it
 * needs more than linear time for. Refused beyond the grammar: all by which a
 * value can stand for another (anchors, aliases, tags, merge keys), directives,
 * a second document, keys that are no scalars.
 */
#include <yaml.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "syntax/tree_build.h"

typedef struct reader {
    bu_tree *tree;
    bulla_bytes text;
    yaml_parser_t parser;
    struct {
        size_t characters, bytes;
    } mark;            /* the place last asked for, in both measures */
    bulla_bytes key;   /* of the next value; .ptr is NULL outside of tables */
    size_t key_offset; /* of that key */
    bu_build build;
    bool ended; /* the one document has */
    bulla_error *err;
} reader;

/* Refusing */

static bulla_status refuse(const reader *r, size_t offset, bulla_code code, const char *expected)
{
    bulla_status status = bu_fail(r->err, code, "not the YAML that is read: expected %s", expected);
    bu_expected(r->err, status, bu_bytes_of(expected), bu_tree_excerpt(r->tree, offset));
    return bu_tree_blame(r->tree, offset, status, r->err);
}

static bulla_status unsupported(const reader *r, size_t offset, const char *expected)
{
    return refuse(r, offset, BULLA_E_UNSUPPORTED_FEATURE, expected);
}

static bulla_status placed(const reader *r, size_t offset, bulla_status status)
{
    return bulla_ok(status) ? status : bu_tree_blame(r->tree, offset, status, r->err);
}

/* Before libyaml */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Is it a line end in YAML 1.1, and to libyaml, but not in 1.2? */
static bool ends_old_line(const uint8_t *at)
{
    return memcmp(at, "\xC2\x85", 2) == 0 || memcmp(at, "\xE2\x80\xA8", 3) == 0 ||
           memcmp(at, "\xE2\x80\xA9", 3) == 0;
}

/* libyaml looks through all directives for each one, and clears its buffer of blanks, which grows
 * with the longest run, at each word: neither may be long. */
static bulla_status check_text(const reader *r)
{
    size_t valid = bu_utf8_valid(r->text), run = 0;
    if (valid < r->text.len)
        return refuse(r, valid, BULLA_E_BAD_ENCODING, "UTF-8");
    bool line_start = true;
    for (size_t i = 0; i < r->text.len; i++) {
        uint8_t byte = r->text.ptr[i];
        if (line_start && byte == '%')
            return unsupported(r, i, "a text without directives");
        if (byte >= 0x80 && ends_old_line(r->text.ptr + i))
            return unsupported(r, i, "a line end of YAML 1.2");
        run = is_blank(byte) ? run + 1 : 0;
        if (run > BU_LIMIT_BLANKS)
            return refuse(r, i, BULLA_E_RESOURCE_LIMIT, "fewer blanks in a row");
        line_start = byte == '\n' || byte == '\r';
    }
    return BU_OK;
}

/* Places */

static bool starts_character(uint8_t byte)
{
    return (byte & 0xC0) != 0x80;
}

/* libyaml counts characters: go from the last place to this one. Marks come nearly in order. */
static size_t offset_of(reader *r, yaml_mark_t mark)
{
    const uint8_t *text = r->text.ptr;
    size_t at = r->mark.bytes;
    for (; r->mark.characters < mark.index && at < r->text.len; r->mark.characters++)
        do
            at++;
        while (!starts_character(text[at])); /* the padding ends the last one */
    for (; r->mark.characters > mark.index && at > 0; r->mark.characters--)
        do
            at--;
        while (!starts_character(text[at]));
    r->mark.bytes = at;
    return at;
}

/* What libyaml refuses. Its sentences are "did not find expected X" and the like. */
static bulla_status malformed(reader *r)
{
    static const char wanted[] = "expected ";
    const yaml_parser_t *parser = &r->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return bu_no_memory(r->err);
    bool in_reader = parser->error == YAML_READER_ERROR;
    size_t offset = in_reader ? parser->problem_offset : offset_of(r, parser->problem_mark);
    bulla_code code = r->ended                ? BULLA_E_TRAILING_DATA
                      : offset == r->text.len ? BULLA_E_TRUNCATED
                                              : BULLA_E_BAD_SYNTAX;
    bulla_status status = bu_fail(r->err, code, "not YAML 1.2: %s", parser->problem);
    const char *expected = strstr(parser->problem, wanted);
    if (expected != NULL)
        bu_expected(r->err, status, bu_bytes_of(expected + sizeof wanted - 1),
                    bu_tree_excerpt(r->tree, offset));
    return bu_tree_blame(r->tree, offset, status, r->err);
}

/* The core schema */

static size_t skip_digits(bulla_bytes text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at;
}

static size_t skip_sign(bulla_bytes text, size_t at)
{
    return at + (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+'));
}

/* `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` */
static bool is_decimal(bulla_bytes text)
{
    size_t start = skip_sign(text, 0), at = skip_digits(text, start), digits = at - start;
    if (at < text.len && text.ptr[at] == '.') {
        start = at + 1;
        at = skip_digits(text, start);
        digits += at - start;
    }
    if (digits == 0)
        return false;
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        start = skip_sign(text, at + 1);
        at = skip_digits(text, start);
        if (at == start)
            return false;
    }
    return at == text.len;
}

/* `0o[0-7]+`, `0x[0-9a-fA-F]+`, of any size */
static bool is_based(bulla_bytes text)
{
    const char *digits = bu_bytes_starts(text, "0o")   ? "01234567"
                         : bu_bytes_starts(text, "0x") ? "0123456789abcdefABCDEF"
                                                       : "";
    for (size_t i = 2; i < text.len; i++)
        if (memchr(digits, text.ptr[i], strlen(digits)) == NULL)
            return false;
    return *digits != '\0' && text.len > 2;
}

static bu_node_kind kind_of_plain(bulla_bytes text)
{
    static const struct {
        const char *text;
        bu_node_kind kind;
    } words[] = {
        { "", BU_NODE_NULL },      { "~", BU_NODE_NULL },     { "null", BU_NODE_NULL },
        { "Null", BU_NODE_NULL },  { "NULL", BU_NODE_NULL },  { "true", BU_NODE_BOOL },
        { "True", BU_NODE_BOOL },  { "TRUE", BU_NODE_BOOL },  { "false", BU_NODE_BOOL },
        { "False", BU_NODE_BOOL }, { "FALSE", BU_NODE_BOOL }, { ".nan", BU_NODE_REAL },
        { ".NaN", BU_NODE_REAL },  { ".NAN", BU_NODE_REAL },  { ".inf", BU_NODE_REAL },
        { ".Inf", BU_NODE_REAL },  { ".INF", BU_NODE_REAL },  { "+.inf", BU_NODE_REAL },
        { "+.Inf", BU_NODE_REAL }, { "+.INF", BU_NODE_REAL }, { "-.inf", BU_NODE_REAL },
        { "-.Inf", BU_NODE_REAL }, { "-.INF", BU_NODE_REAL },
    };
    int64_t value;
    for (size_t i = 0; text.len <= 5 && i < sizeof words / sizeof words[0]; i++)
        if (bu_bytes_is(text, words[i].text))
            return words[i].kind;
    if (bu_integer_read(text, &value))
        return BU_NODE_INTEGER;
    return is_decimal(text) || is_based(text) ? BU_NODE_REAL : BU_NODE_STRING;
}

/* The tree */

static bu_node node_of(reader *r, bu_node_kind kind, size_t offset, bulla_bytes text)
{
    bu_node node = {
        .key = r->key.ptr,
        .text = text.ptr,
        .offset = (uint32_t)offset,
        .size = (uint32_t)text.len,
        .key_size = (uint32_t)r->key.len & 0xFFFFFFFu,
        .kind = (uint32_t)kind & 0xFu,
    };
    r->key = (bulla_bytes){ 0 };
    return node;
}

static bool at_key(const reader *r)
{
    return r->build.depth > 0 && bu_build_in_table(&r->build) && r->key.ptr == NULL;
}

/* The scalar's text: where it stands in the document, if it stands there as it is. */
static bulla_status text_of(reader *r, const yaml_event_t *event, size_t offset, bulla_bytes *out)
{
    bulla_bytes value = { event->data.scalar.value, event->data.scalar.length };
    if (bu_bytes_find(value, '\0') < value.len)
        return refuse(r, offset, BULLA_E_BAD_ENCODING, "a string without U+0000");
    size_t start = offset + (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE);
    return bu_tree_keep(r->tree, start, value, out, r->err);
}

static bulla_status take_key(reader *r, size_t offset, bulla_bytes text, bool plain)
{
    if (plain && bu_bytes_is(text, "<<"))
        return unsupported(r, offset, "a mapping without merge keys");
    if (text.len >= BU_LIMIT_DOCUMENT_BYTES) /* escapes can be shorter than what they mean */
        return refuse(r, offset, BULLA_E_RESOURCE_LIMIT, "a shorter key");
    r->key = text;
    r->key_offset = offset;
    return BU_OK;
}

static bulla_status take_scalar(reader *r, const yaml_event_t *event, size_t offset)
{
    bulla_bytes text = { 0 };
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
        return unsupported(r, offset, "a value without anchor or tag");
    BU_TRY(text_of(r, event, offset, &text));
    if (at_key(r))
        return take_key(r, offset, text, plain);
    bu_node node = node_of(r, plain ? kind_of_plain(text) : BU_NODE_STRING, offset, text);
    return placed(r, offset, bu_build_add(&r->build, &node, r->err));
}

static bulla_status open_container(reader *r, bu_node_kind kind, bool block, size_t offset)
{
    if (at_key(r))
        return unsupported(r, offset, "a key that is a scalar");
    if (block && r->key.ptr != NULL)
        offset = r->key_offset;
    bu_node node = node_of(r, kind, offset, (bulla_bytes){ 0 });
    return placed(r, offset, bu_build_open(&r->build, &node, r->err));
}

static bulla_status take_sequence(reader *r, const yaml_event_t *event, size_t offset)
{
    if (event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL)
        return unsupported(r, offset, "a sequence without anchor or tag");
    bool block = event->data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE;
    return open_container(r, BU_NODE_ARRAY, block, offset);
}

static bulla_status take_mapping(reader *r, const yaml_event_t *event, size_t offset)
{
    if (event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL)
        return unsupported(r, offset, "a mapping without anchor or tag");
    bool block = event->data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE;
    return open_container(r, BU_NODE_TABLE, block, offset);
}

static bulla_status take_event(reader *r, const yaml_event_t *event)
{
    size_t offset = offset_of(r, event->start_mark);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return take_scalar(r, event, offset);
    case YAML_SEQUENCE_START_EVENT:
        return take_sequence(r, event, offset);
    case YAML_MAPPING_START_EVENT:
        return take_mapping(r, event, offset);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        bu_build_close(&r->build);
        return BU_OK;
    case YAML_ALIAS_EVENT:
        return unsupported(r, offset, "a value that is no alias");
    case YAML_DOCUMENT_START_EVENT:
        return r->ended ? unsupported(r, offset, "one document") : BU_OK;
    case YAML_DOCUMENT_END_EVENT:
        r->ended = true;
        return BU_OK;
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_NO_EVENT:
        break;
    }
    return BU_OK;
}

static bulla_status read_events(reader *r)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (yaml_parser_parse(&r->parser, &event) != 1)
            return malformed(r);
        more = event.type != YAML_STREAM_END_EVENT;
        bulla_status status = take_event(r, &event);
        yaml_event_delete(&event);
        BU_TRY(status);
    }
    return BU_OK;
}

static bulla_status read_document(reader *r)
{
    BU_TRY(check_text(r));
    if (yaml_parser_initialize(&r->parser) != 1)
        return bu_no_memory(r->err);
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, r->text.ptr, r->text.len);
    bulla_status status = read_events(r);
    yaml_parser_delete(&r->parser);
    BU_TRY(status);
    if (!r->ended) {
        bu_node nothing = { .kind = BU_NODE_NULL };
        BU_TRY(bu_build_add(&r->build, &nothing, r->err));
    }
    return BU_OK;
}

static bulla_status load(bulla_bytes text, const char *name,
                         bulla_status (*settle)(bu_tree *, bulla_error *), bu_tree **out,
                         bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_tree_new(text, name, BU_LIMIT_DOCUMENT_BYTES, &tree, err));
    reader r = { .tree = tree, .text = bu_tree_text(tree), .build = { .tree = tree }, .err = err };
    BU_TRY(read_document(&r));
    BU_TRY(settle(tree, err));
    *out = BU_STEAL(tree);
    return BU_OK;
}

bulla_status bu_yaml_load(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err)
{
    return load(text, name, bu_tree_settle, out, err);
}

bulla_status bu_yaml_load_merged(bulla_bytes text, const char *name, bu_tree **out,
                                 bulla_error *err)
{
    return load(text, name, bu_tree_settle_merged, out, err);
}
