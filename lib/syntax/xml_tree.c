/* SPDX-License-Identifier: MIT */
/*
 * XML 1.0 into a tree. libxml2 says what is well-formed; it is given the text
 * piece by piece, so that none of it stays there. Refused beyond the grammar:
 * document types, and with them all entities but the five, processing
 * instructions, other versions and encodings.
 */
#include <strings.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "syntax/libxml.h"
#include "syntax/tree_build.h"

typedef struct reader {
    const bu_libxml *xml;
    xmlParserCtxt *parser;
    bu_tree *tree;
    bulla_bytes text;
    size_t given; /* bytes that libxml2 has been given */
    bu_buf inner; /* text since the last tag, without the blanks before it */
    size_t inner_offset;
    bu_build build;
    bulla_status status; /* of the failure that stopped the reading */
    bulla_error *err;
} reader;

/* Refusing */

static bulla_status refuse(const reader *r, size_t offset, bulla_code code, const char *expected)
{
    bulla_status status = bu_fail(r->err, code, "not the XML that is read: expected %s", expected);
    bu_expected(r->err, status, bu_bytes_of(expected), bu_tree_excerpt(r->tree, offset));
    return bu_tree_blame(r->tree, offset, status, r->err);
}

/* Remember the first failure; libxml2 calls nothing more. */
static void stop(reader *r, bulla_status status)
{
    if (bulla_ok(r->status))
        r->status = status;
    r->xml->StopParser(r->parser);
}

/* Before libxml2 */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static size_t skip_blanks(bulla_bytes text, size_t at)
{
    while (at < text.len && is_blank(text.ptr[at]))
        at++;
    return at;
}

/* What stands in quotes behind the next "="; `*at` goes behind it. */
static bulla_bytes next_quoted(bulla_bytes text, size_t *at)
{
    size_t sign = *at + bu_bytes_find(bu_bytes_from(text, *at), '=');
    size_t quote = skip_blanks(text, sign + 1);
    if (quote >= text.len)
        return (bulla_bytes){ 0 };
    bulla_bytes rest = bu_bytes_from(text, quote + 1);
    bulla_bytes value = bu_bytes_first(rest, bu_bytes_find(rest, text.ptr[quote]));
    *at = quote + value.len + 2;
    return value;
}

static bool is_encoding(bulla_bytes name, const char *wanted)
{
    return name.len == strlen(wanted) && strncasecmp((const char *)name.ptr, wanted, name.len) == 0;
}

/* Does a text in this encoding mean the same in UTF-8? */
static bool is_utf8(bulla_bytes encoding, bulla_bytes text)
{
    if (!is_encoding(encoding, "ISO-8859-1") && !is_encoding(encoding, "US-ASCII"))
        return is_encoding(encoding, "UTF-8");
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* The declaration: `<?xml version="1.0" encoding="UTF-8" …?>`; libxml2 checks its grammar. */
static bulla_status check_declaration(const reader *r)
{
    const uint8_t *end = memmem(r->text.ptr, r->text.len, "?>", 2);
    if (!bu_bytes_starts(r->text, "<?xml") || end == NULL || !is_blank(r->text.ptr[5]))
        return BU_OK;
    bulla_bytes declaration = bu_bytes_first(r->text, (size_t)(end - r->text.ptr));
    size_t at = 0;
    if (!bu_bytes_is(next_quoted(declaration, &at), "1.0"))
        return refuse(r, 0, BULLA_E_UNSUPPORTED_FEATURE, "XML 1.0");
    const uint8_t *name = memmem(declaration.ptr, declaration.len, "encoding", 8);
    if (name == NULL || is_utf8(next_quoted(declaration, &at), r->text))
        return BU_OK;
    return refuse(r, (size_t)(name - r->text.ptr), BULLA_E_UNSUPPORTED_FEATURE, "UTF-8");
}

/* Behind the next `end` from `at` on, or the end of the text. */
static size_t behind(bulla_bytes text, size_t at, const char *end)
{
    bulla_bytes rest = bu_bytes_from(text, at);
    const uint8_t *hit = rest.len == 0 ? NULL : memmem(rest.ptr, rest.len, end, strlen(end));
    return hit == NULL ? text.len : (size_t)(hit - text.ptr) + strlen(end);
}

/* Behind the tag that begins at `at`. libxml2 compares each attribute with all others. */
static bulla_status check_tag(const reader *r, size_t *at)
{
    size_t attributes = 0;
    while (*at < r->text.len && r->text.ptr[*at] != '>') {
        const char quote[] = { (char)r->text.ptr[(*at)++], '\0' };
        if (*quote != '"' && *quote != '\'')
            continue;
        if (++attributes > BU_LIMIT_ATTRIBUTES)
            return refuse(r, *at - 1, BULLA_E_RESOURCE_LIMIT, "fewer attributes");
        *at = behind(r->text, *at, quote);
    }
    return BU_OK;
}

/* Tags are where libxml2 sees them, as far as it reads: it stops where the text is malformed. */
static bulla_status check_tags(const reader *r)
{
    static const char *const others[][2] = { { "<!--", "-->" },
                                             { "<![CDATA[", "]]>" },
                                             { "<?", "?>" } };
    for (size_t at = 0; (at += bu_bytes_find(bu_bytes_from(r->text, at), '<')) < r->text.len;) {
        size_t i = 0, count = sizeof others / sizeof others[0];
        while (i < count && !bu_bytes_starts(bu_bytes_from(r->text, at), others[i][0]))
            i++;
        if (i < count)
            at = behind(r->text, at + strlen(others[i][0]), others[i][1]);
        else
            BU_TRY(check_tag(r, &at));
    }
    return BU_OK;
}

/* No encoding but UTF-8 can be meant by what is valid UTF-8 without NUL and BOM. */
static bulla_status check_text(const reader *r)
{
    size_t valid = bu_utf8_valid(r->text), nul = bu_bytes_find(r->text, '\0');
    if (valid < r->text.len || nul < r->text.len)
        return refuse(r, valid < nul ? valid : nul, BULLA_E_BAD_ENCODING, "UTF-8");
    if (skip_blanks(r->text, 0) == r->text.len)
        return refuse(r, r->text.len, BULLA_E_EMPTY, "an element");
    BU_TRY(check_declaration(r));
    return check_tags(r);
}

/* The tree */

/* Where libxml2 is: behind what it calls back about. */
static size_t here(const reader *r)
{
    const xmlParserInput *input = r->parser->input;
    size_t at = input->consumed + (size_t)(input->cur - input->base);
    return at < r->text.len ? at : r->text.len;
}

/* The newest "<" before here. */
static size_t markup_start(const reader *r)
{
    const uint8_t *start = memrchr(r->text.ptr, '<', here(r));
    return start == NULL ? 0 : (size_t)(start - r->text.ptr);
}

static bulla_status add(reader *r, size_t offset, bulla_bytes key, const char *value, size_t size)
{
    bulla_bytes text;
    BU_TRY(bu_tree_keep(r->tree, offset, (bulla_bytes){ (const uint8_t *)value, size }, &text,
                        r->err));
    bu_node node = {
        .key = key.ptr,
        .text = text.ptr,
        .offset = (uint32_t)offset,
        .size = (uint32_t)text.len,
        .key_size = (uint32_t)key.len & 0xFFFFFFFu,
        .kind = BU_NODE_STRING,
    };
    return bu_build_add(&r->build, &node, r->err);
}

/* The text that a tag ends. */
static bulla_status flush(reader *r)
{
    bulla_bytes text = bu_buf_bytes(&r->inner);
    if (r->inner.broken)
        return bu_no_memory(r->err);
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    size_t offset = skip_blanks(r->text, r->inner_offset);
    if (text.len > 0)
        BU_TRY(add(r, offset, (bulla_bytes){ 0 }, (const char *)text.ptr, text.len));
    r->inner.len = 0;
    return BU_OK;
}

static bulla_status add_attributes(reader *r, const xmlChar **attributes, size_t at)
{
    for (; attributes != NULL && *attributes != NULL; attributes += 2) {
        const char *key =
            bu_arena_format(bu_tree_arena(r->tree), "@%s", (const char *)attributes[0]);
        const char *value = (const char *)attributes[1];
        if (key == NULL)
            return bu_no_memory(r->err);
        size_t offset = (size_t)(next_quoted(r->text, &at).ptr - r->text.ptr);
        BU_TRY(add(r, offset, bu_bytes_of(key), value, strlen(value)));
    }
    return BU_OK;
}

static bulla_status open_element(reader *r, const char *name, const xmlChar **attributes)
{
    size_t offset = markup_start(r), behind = offset + 1 + strlen(name);
    const char *prefix = strrchr(name, ':');
    size_t size = strlen(prefix == NULL ? name : prefix + 1);
    bu_node node = {
        .key = r->text.ptr + behind - size,
        .offset = (uint32_t)offset,
        .key_size = (uint32_t)size & 0xFFFFFFFu,
        .kind = BU_NODE_ARRAY,
    };
    BU_TRY(flush(r));
    BU_TRY(bu_build_open(&r->build, &node, r->err));
    return add_attributes(r, attributes, behind);
}

/* What libxml2 calls */

static void settle(reader *r, bulla_status status)
{
    if (!bulla_ok(status))
        stop(r, bu_tree_blame(r->tree, markup_start(r), status, r->err));
}

static void take_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    reader *r = context;
    settle(r, open_element(r, (const char *)name, attributes));
    r->inner_offset = here(r) + 1; /* libxml2 is at the tag's ">" */
}

static void take_end(void *context, const xmlChar *name)
{
    reader *r = context;
    (void)name;
    settle(r, flush(r));
    bu_build_close(&r->build);
    r->inner_offset = here(r);
}

static void take_text(void *context, const xmlChar *text, int size)
{
    reader *r = context;
    bulla_bytes piece = { text, (size_t)size };
    if (r->inner.len == 0)
        piece = bu_bytes_from(piece, skip_blanks(piece, 0));
    bu_buf_add(&r->inner, piece);
}

static void take_comment(void *context, const xmlChar *text)
{
    reader *r = context;
    (void)text;
    if (r->inner.len == 0) /* the text begins behind the comment */
        r->inner_offset = here(r);
}

static void take_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    reader *r = context;
    (void)target;
    (void)data;
    stop(r, refuse(r, markup_start(r), BULLA_E_UNSUPPORTED_FEATURE, "no processing instruction"));
}

static void take_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
                         const xmlChar *system_id)
{
    reader *r = context;
    (void)name;
    (void)public_id;
    (void)system_id;
    stop(r, refuse(r, markup_start(r), BULLA_E_UNSUPPORTED_FEATURE, "no DOCTYPE"));
}

static bulla_code code_of(int error, bool at_end)
{
    switch (error) {
    case XML_ERR_UNDECLARED_ENTITY:
        return BULLA_E_UNSUPPORTED_FEATURE;
    case XML_ERR_ATTRIBUTE_REDEFINED:
        return BULLA_E_DUPLICATE_KEY;
    case XML_ERR_DOCUMENT_END:
        return BULLA_E_TRAILING_DATA;
    case XML_ERR_NAME_TOO_LONG:
    case XML_ERR_INTERNAL_ERROR: /* what goes over a limit of libxml2 */
        return BULLA_E_RESOURCE_LIMIT;
    default:
        return at_end ? BULLA_E_TRUNCATED : BULLA_E_BAD_SYNTAX;
    }
}

static bulla_status malformed(const reader *r, const xmlError *error)
{
    size_t offset = here(r);
    bulla_bytes why = bu_bytes_of(error->message);
    bulla_status status =
        bu_fail(r->err, code_of(error->code, offset == r->text.len), "not XML 1.0: %.*s",
                (int)bu_bytes_find(why, '\n'), (const char *)why.ptr);
    bu_expected(r->err, status, BULLA_LIT("well-formed XML"), bu_tree_excerpt(r->tree, offset));
    return bu_tree_blame(r->tree, offset, status, r->err);
}

static bulla_status mismatch(const reader *r, const xmlError *error)
{
    bulla_status status = bu_fail(r->err, BULLA_E_BAD_SYNTAX, "an element ends as another one");
    bu_expected(r->err, status, bu_bytes_of(error->str1), bu_bytes_of(error->str2));
    return bu_tree_blame(r->tree, markup_start(r), status, r->err);
}

/* Its printf-like arguments say what `lastError` says. */
static void take_error(void *context, const char *format, ...)
{
    reader *r = context;
    (void)format;
    if (r->parser == NULL || !bulla_ok(r->status))
        return;
    const xmlError *error = &r->parser->lastError;
    if (r->xml->DictGetUsage(r->parser->dict) > BU_LIMIT_XML_NAMES_BYTES)
        stop(r, refuse(r, here(r), BULLA_E_RESOURCE_LIMIT, "fewer distinct names"));
    else if (error->code == XML_ERR_NO_MEMORY)
        stop(r, bu_no_memory(r->err));
    else if (error->code == XML_ERR_TAG_NAME_MISMATCH)
        stop(r, mismatch(r, error));
    else
        stop(r, malformed(r, error));
}

static int give(void *context, char *out, int size)
{
    reader *r = context;
    bulla_bytes next = bu_bytes_first(bu_bytes_from(r->text, r->given), (size_t)size);
    if (next.len > 0)
        memcpy(out, next.ptr, next.len);
    r->given += next.len;
    return (int)next.len;
}

static bulla_status read_document(reader *r)
{
    xmlSAXHandler handler = {
        .initialized = 1, /* SAX 1: it knows no namespaces, which cost more than linear time */
        .startElement = take_start,
        .endElement = take_end,
        .characters = take_text,
        .ignorableWhitespace = take_text,
        .comment = take_comment,
        .processingInstruction = take_instruction,
        .internalSubset = take_doctype,
        .error = take_error,
    };
    BU_TRY(check_text(r));
    BU_TRY(bu_libxml_open(&r->xml, r->err));
    r->parser = r->xml->CreateIOParserCtxt(&handler, r, give, NULL, r, XML_CHAR_ENCODING_UTF8);
    if (r->parser == NULL)
        return bu_no_memory(r->err);
    /* NOENT means that "&amp;" becomes "&"; no DOCTYPE, no other entity. */
    int options = XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT;
    (void)r->xml->CtxtUseOptions(r->parser, options);
    /* The more names there are, the longer it takes to find one. */
    (void)r->xml->DictSetLimit(r->parser->dict, BU_LIMIT_XML_NAMES_BYTES);
    bool parsed = r->xml->ParseDocument(r->parser) == 0 && bu_tree_root(r->tree) != NULL;
    r->xml->FreeParserCtxt(r->parser);
    if (!parsed && bulla_ok(r->status))
        return refuse(r, 0, BULLA_E_BAD_SYNTAX, "well-formed XML");
    return r->status;
}

bulla_status bu_xml_load(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    if (bu_bytes_starts(text, "\xEF\xBB\xBF"))
        text = bu_bytes_from(text, 3);
    BU_TRY(bu_tree_new(text, name, BU_LIMIT_DOCUMENT_BYTES, &tree, err));
    reader r = { .tree = tree, .text = bu_tree_text(tree), .build = { .tree = tree }, .err = err };
    bulla_status status = read_document(&r);
    bu_buf_clear(&r.inner);
    BU_TRY(status);
    *out = BU_STEAL(tree);
    return BU_OK;
}

/* Looking */

static bool is_element(const bu_node *node)
{
    return bu_node_kind_of(node) == BU_NODE_ARRAY;
}

const bu_node *bu_xml_child(const bu_node *element, const char *name)
{
    BU_EACH_CHILD(child, element)
        if (is_element(child) && bu_bytes_is(bu_node_key(child), name))
            return child;
    return NULL;
}

bulla_bytes bu_xml_attribute(const bu_node *element, const char *name)
{
    BU_EACH_CHILD(child, element) {
        bulla_bytes key = bu_node_key(child);
        if (!is_element(child) && key.len > 0 && bu_bytes_is(bu_bytes_from(key, 1), name))
            return bu_node_text(child);
    }
    return (bulla_bytes){ 0 };
}

bulla_bytes bu_xml_text(const bu_node *element)
{
    bulla_bytes text = { 0 };
    BU_EACH_CHILD(child, element) {
        if (is_element(child))
            return (bulla_bytes){ 0 };
        if (bu_node_key(child).len == 0)
            text = bu_node_text(child);
    }
    return text;
}
