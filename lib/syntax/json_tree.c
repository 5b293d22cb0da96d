/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) into a tree: one pass, an explicit stack, no value that two
 * readers could take for different ones. Refused beyond the grammar: a BOM,
 * duplicate keys, lone surrogates, U+0000, numbers beyond a double. JSONC is
 * the same with comments and a comma behind the last element or field.
 */
#include "base/bytes.h"
#include "base/utf8.h"
#include "syntax/eight.h"
#include "syntax/tree_build.h"

typedef struct reader {
    bu_tree *tree;
    const uint8_t *start, *end; /* NUL bytes stand at `end`: no scan needs to look for it */
    const uint8_t *at;          /* next byte */
    bulla_bytes key;            /* of the next value; .ptr is NULL outside of tables */
    bu_buf unescaped;           /* scratch */
    bool relaxed;               /* JSONC */
    bu_build build;
    bulla_error *err;
} reader;

/* Refusing */

static bulla_status refuse(const reader *r, const uint8_t *at, bulla_code code,
                           const char *expected)
{
    bulla_status status = bu_fail(r->err, code, "not %s: expected %s",
                                  r->relaxed ? "JSONC" : "strict JSON", expected);
    bu_expected(r->err, status, bu_bytes_of(expected),
                bu_tree_excerpt(r->tree, (size_t)(at - r->start)));
    return bu_tree_blame(r->tree, (uint64_t)(at - r->start), status, r->err);
}

/* The byte at `at` is not what the grammar has there: say of which kind of trouble it is. */
static bulla_status unexpected(const reader *r, const uint8_t *at, bulla_code code,
                               const char *expected)
{
    uint32_t code_point;
    if (at >= r->end)
        return refuse(r, at, BULLA_E_TRUNCATED, expected);
    if (bu_utf8_next((bulla_bytes){ at, (size_t)(r->end - at) }, &code_point) == 0)
        return refuse(r, at, BULLA_E_BAD_ENCODING, "UTF-8");
    return refuse(r, at, code, expected);
}

/* Adding to the tree */

static bu_node node_of(reader *r, bu_node_kind kind, const uint8_t *at, bulla_bytes text)
{
    bu_node node = {
        .key = r->key.ptr,
        .text = text.ptr,
        .offset = (uint32_t)(at - r->start),
        .size = (uint32_t)text.len,
        .key_size = (uint32_t)r->key.len & 0xFFFFFFFu,
        .kind = (uint32_t)kind & 0xFu,
    };
    r->key = (bulla_bytes){ 0 };
    return node;
}

static bulla_status placed(const reader *r, const uint8_t *at, bulla_status status)
{
    if (bulla_ok(status))
        return status;
    return bu_tree_blame(r->tree, (uint64_t)(at - r->start), status, r->err);
}

static bulla_status add(reader *r, bu_node_kind kind, const uint8_t *at, bulla_bytes text)
{
    bu_node node = node_of(r, kind, at, text);
    return placed(r, at, bu_build_add(&r->build, &node, r->err));
}

static bulla_status open_container(reader *r, bu_node_kind kind)
{
    bu_node node = node_of(r, kind, r->at, (bulla_bytes){ 0 });
    return placed(r, r->at++, bu_build_open(&r->build, &node, r->err));
}

/* Strings */

/* The next byte that is not plain: `"`, `\`, a control character or not ASCII. */
static const uint8_t *skip_plain(const uint8_t *at)
{
    for (;; at += 8) {
        uint64_t eight = bu_eight_at(at);
        uint64_t special = bu_eight_below(eight, 0x20) | bu_eight_high(eight) |
                           bu_eight_is(eight, '"') | bu_eight_is(eight, '\\');
        if (special != 0)
            return at + bu_eight_first(special);
    }
}

/* To the next `"`, `\` or control character; to a byte above 0x7F when it is not UTF-8. */
static const uint8_t *skip_text(const reader *r, const uint8_t *at)
{
    uint32_t code_point;
    for (at = skip_plain(at); *at >= 0x80; at = skip_plain(at)) {
        size_t len = bu_utf8_next((bulla_bytes){ at, (size_t)(r->end - at) }, &code_point);
        if (len == 0)
            return at;
        at += len;
    }
    return at;
}

/* The 16 bits of a `\uXXXX` at `at`, or -1. */
static int32_t hex_unit(const uint8_t *at)
{
    if (at[0] != '\\' || at[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (size_t i = 2; i < 6; i++) {
        uint8_t low = at[i] | 0x20;
        if (at[i] >= '0' && at[i] <= '9')
            unit = unit * 16 + (at[i] - '0');
        else if (low >= 'a' && low <= 'f')
            unit = unit * 16 + (low - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

static bulla_status unescape_unicode(reader *r)
{
    int32_t unit = hex_unit(r->at);
    if (unit < 0)
        return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "four hex digits after \\u");
    if (unit == 0)
        return refuse(r, r->at, BULLA_E_BAD_ENCODING, "a string without U+0000");
    uint32_t code_point = (uint32_t)unit;
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        int32_t low = unit < 0xDC00 ? hex_unit(r->at + 6) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return refuse(r, r->at, BULLA_E_BAD_ENCODING, "a pair of surrogates");
        code_point = 0x10000u + ((code_point & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
        r->at += 6;
    }
    r->at += 6;
    bu_utf8_encode(code_point, &r->unescaped);
    return BU_OK;
}

static bulla_status unescape(reader *r)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (r->at[1] == 'u')
        return unescape_unicode(r);
    const char *letter = r->at[1] == '\0' ? NULL : strchr(letters, r->at[1]);
    if (letter == NULL)
        return unexpected(r, r->at + 1, BULLA_E_BAD_SYNTAX, "an escape that JSON has");
    bu_buf_add_byte(&r->unescaped, (uint8_t)meanings[letter - letters]);
    r->at += 2;
    return BU_OK;
}

static bulla_status end_of_run(const reader *r)
{
    if (*r->at < 0x20 && r->at < r->end)
        return refuse(r, r->at, BULLA_E_BAD_SYNTAX, "an escape for the control character");
    return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "\"");
}

/* A string with escapes: from `start`, where at `r->at` the first one stands. */
static bulla_status read_escaped(reader *r, const uint8_t *start, bulla_bytes *out)
{
    r->unescaped.len = 0;
    for (;;) {
        bu_buf_add(&r->unescaped, (bulla_bytes){ start, (size_t)(r->at - start) });
        if (*r->at == '"')
            break;
        if (*r->at != '\\')
            return end_of_run(r);
        BU_TRY(unescape(r));
        start = r->at;
        r->at = skip_text(r, start);
    }
    r->at++;
    *out = bu_arena_copy(bu_tree_arena(r->tree), bu_buf_bytes(&r->unescaped));
    return r->unescaped.broken || out->ptr == NULL ? bu_no_memory(r->err) : BU_OK;
}

/* A string; `r->at` is on its opening quote. */
static bulla_status read_string(reader *r, bulla_bytes *out)
{
    const uint8_t *start = r->at + 1;
    r->at = skip_text(r, start);
    if (*r->at == '\\')
        return read_escaped(r, start, out);
    if (*r->at != '"')
        return end_of_run(r);
    *out = (bulla_bytes){ start, (size_t)(r->at - start) };
    r->at++;
    return BU_OK;
}

/* Numbers */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static const uint8_t *skip_digits(const uint8_t *at)
{
    while (is_digit(*at))
        at++;
    return at;
}

/* The grammar of a number; where it ends, or where it goes wrong. */
typedef struct number {
    const uint8_t *digits, *whole_end, *end; /* `whole_end`: of the digits before any point */
    const uint8_t *exponent;                 /* its digits, or NULL */
    bool exponent_negative, well_formed;
} number;

static number scan_number(const uint8_t *at)
{
    number n = { .digits = at + (*at == '-') };
    n.whole_end = *n.digits == '0' ? n.digits + 1 : skip_digits(n.digits);
    n.end = n.whole_end;
    n.well_formed = n.whole_end > n.digits && !is_digit(*n.whole_end);
    if (n.well_formed && *n.end == '.') {
        const uint8_t *fraction = n.end + 1;
        n.end = skip_digits(fraction);
        n.well_formed = n.end > fraction;
    }
    if (n.well_formed && (*n.end | 0x20) == 'e') {
        n.exponent_negative = n.end[1] == '-';
        n.exponent = n.end + 1 + (n.end[1] == '-' || n.end[1] == '+');
        n.end = skip_digits(n.exponent);
        n.well_formed = n.end > n.exponent;
    }
    return n;
}

/* The power of ten of a number's exponent part; beyond 10^9 it does not matter by how much. */
static int64_t written_exponent(const number *n)
{
    int64_t value = 0;
    if (n->exponent == NULL)
        return 0;
    for (const uint8_t *at = n->exponent; at < n->end && value < 1000000000; at++)
        value = value * 10 + (*at - '0');
    return n->exponent_negative ? -value : value;
}

/* Does it round to a finite double? Judged on the digits: the largest double is
 * 1.7976931348623157e308, and what is 1.7976931348623158079e308 or more rounds beyond it. */
static bool fits_double(const number *n)
{
    static const char too_large[] = "17976931348623158079";
    const uint8_t *at = n->digits;
    while (at < n->end && (*at == '0' || *at == '.'))
        at++;
    if (!is_digit(*at))
        return true; /* zero, whatever its exponent */
    int64_t power = at < n->whole_end ? n->whole_end - at - 1 : n->whole_end - at;
    power += written_exponent(n);
    if (power != 308)
        return power < 308;
    for (size_t i = 0; too_large[i] != '\0'; i++) {
        at += *at == '.';
        uint8_t digit = is_digit(*at) ? *at++ : '0';
        if (digit != too_large[i])
            return digit < too_large[i];
    }
    return false;
}

static bool fits_int64(const uint8_t *text, const number *n)
{
    size_t count = (size_t)(n->whole_end - n->digits);
    if (count != 19)
        return count < 19;
    return memcmp(n->digits, *text == '-' ? "9223372036854775808" : "9223372036854775807", 19) <= 0;
}

static bulla_status read_number(reader *r)
{
    const uint8_t *start = r->at;
    number n = scan_number(start);
    if (!n.well_formed)
        return unexpected(r, n.end, BULLA_E_BAD_NUMBER,
                          is_digit(*n.end) ? "a number without leading zeros" : "a digit");
    bool whole = n.end == n.whole_end && fits_int64(start, &n);
    if (!whole && !fits_double(&n))
        return refuse(r, start, BULLA_E_BAD_NUMBER, "a number below 1.8e308");
    r->at = n.end;
    return add(r, whole ? BU_NODE_INTEGER : BU_NODE_REAL, start,
               (bulla_bytes){ start, (size_t)(n.end - start) });
}

/* Blanks and comments */

static bool is_line_end(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

/* A comment from the byte behind its first slash on, and its end. Readers disagree whether U+2028
 * and U+2029 end a line. */
static bulla_status skip_comment(reader *r)
{
    bool block = *r->at == '*';
    r->at += block;
    while (r->at < r->end && !(block ? memcmp(r->at, "*/", 2) == 0 : is_line_end(*r->at))) {
        uint32_t code_point = 0;
        size_t len = bu_utf8_next((bulla_bytes){ r->at, (size_t)(r->end - r->at) }, &code_point);
        bool control = code_point < 0x20 && code_point != '\t' && !is_line_end(*r->at);
        if (len == 0 || control || code_point == 0x2028 || code_point == 0x2029)
            return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "a comment without control characters");
        r->at += len;
    }
    if (block && r->at == r->end)
        return refuse(r, r->at, BULLA_E_TRUNCATED, "*/");
    r->at += block ? 2 : 0;
    return BU_OK;
}

static bulla_status skip_blanks(reader *r)
{
    for (;;) {
        while (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')
            r->at++;
        if (*r->at != '/' || !r->relaxed)
            return BU_OK;
        r->at++;
        if (*r->at != '/' && *r->at != '*')
            return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "a comment");
        BU_TRY(skip_comment(r));
    }
}

/* Values */

static bulla_status read_literal(reader *r, bu_node_kind kind, const char *literal)
{
    bulla_bytes text = { r->at, strlen(literal) };
    if (memcmp(text.ptr, literal, text.len) != 0)
        return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "a value");
    r->at += text.len;
    return add(r, kind, text.ptr, text);
}

static bulla_status read_string_value(reader *r)
{
    const uint8_t *start = r->at;
    bulla_bytes text;
    BU_TRY(read_string(r, &text));
    return add(r, BU_NODE_STRING, start, text);
}

static bulla_status read_value(reader *r)
{
    if (is_digit(*r->at))
        return read_number(r);
    switch (*r->at) {
    case '"':
        return read_string_value(r);
    case '{':
        return open_container(r, BU_NODE_TABLE);
    case '[':
        return open_container(r, BU_NODE_ARRAY);
    case 't':
        return read_literal(r, BU_NODE_BOOL, "true");
    case 'f':
        return read_literal(r, BU_NODE_BOOL, "false");
    case 'n':
        return read_literal(r, BU_NODE_NULL, "null");
    case '-':
        return read_number(r);
    case '+':
    case '.':
        return refuse(r, r->at, BULLA_E_BAD_NUMBER, "a number that begins with a digit or -");
    default:
        return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "a value");
    }
}

static bulla_status read_key(reader *r)
{
    if (*r->at != '"')
        return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "a key in quotes");
    BU_TRY(read_string(r, &r->key));
    BU_TRY(skip_blanks(r));
    if (*r->at != ':')
        return unexpected(r, r->at, BULLA_E_BAD_SYNTAX, "\":\"");
    r->at++;
    BU_TRY(skip_blanks(r));
    return BU_OK;
}

/* Take the innermost container's closing bracket, if it stands here. */
static bool ends_container(reader *r)
{
    if (*r->at != (bu_build_in_table(&r->build) ? '}' : ']'))
        return false;
    r->at++;
    bu_build_close(&r->build);
    return true;
}

/* One step inside of the innermost container: its next child, or its end. */
static bulla_status read_next(reader *r)
{
    bool table = bu_build_in_table(&r->build), first = bu_build_is_empty(&r->build);
    BU_TRY(skip_blanks(r));
    if (ends_container(r))
        return BU_OK;
    if (!first) {
        if (*r->at != ',')
            return unexpected(r, r->at, BULLA_E_BAD_SYNTAX,
                              table ? "\",\" or \"}\"" : "\",\" or \"]\"");
        r->at++;
        BU_TRY(skip_blanks(r));
        if (r->relaxed && ends_container(r))
            return BU_OK;
    }
    if (table)
        BU_TRY(read_key(r));
    return read_value(r);
}

static bulla_status read_document(reader *r)
{
    BU_TRY(skip_blanks(r));
    if (r->at == r->end)
        return refuse(r, r->at, BULLA_E_EMPTY, "a value");
    BU_TRY(read_value(r));
    while (r->build.depth > 0)
        BU_TRY(read_next(r));
    BU_TRY(skip_blanks(r));
    if (r->at < r->end)
        return unexpected(r, r->at, BULLA_E_TRAILING_DATA, "the end of the text");
    return bu_tree_settle(r->tree, r->err);
}

static bulla_status load(bulla_bytes text, const char *name, bool relaxed, bu_tree **out,
                         bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_tree_new(text, name, BU_LIMIT_DOCUMENT_BYTES, &tree, err));
    bulla_bytes copy = bu_tree_text(tree);
    reader r = {
        .tree = tree,
        .start = copy.ptr,
        .end = copy.ptr + copy.len,
        .at = copy.ptr,
        .relaxed = relaxed,
        .build = { .tree = tree },
        .err = err,
    };
    bulla_status status = read_document(&r);
    bu_buf_clear(&r.unescaped);
    BU_TRY(status);
    *out = BU_STEAL(tree);
    return BU_OK;
}

bulla_status bu_json_load(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err)
{
    return load(text, name, false, out, err);
}

bulla_status bu_jsonc_load(bulla_bytes text, const char *name, bu_tree **out, bulla_error *err)
{
    return load(text, name, true, out, err);
}
