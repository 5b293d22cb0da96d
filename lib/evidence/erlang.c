/* SPDX-License-Identifier: MIT */
/*
 * Erlang terms as file:consult reads them, as far as hex_core writes them:
 * tuples, lists, binaries of one string, strings, atoms, integers.
 */
#include "evidence/erlang.h"

#include "base/limits.h"
#include "base/utf8.h"

typedef enum token_kind { END, OPEN, CLOSE, COMMA, STOP, BINARY, OTHER } token_kind;

typedef struct token {
    token_kind kind;
    uint8_t bracket;  /* of OPEN and CLOSE: the one that closes it */
    bulla_bytes text; /* what is in a BINARY */
} token;

typedef struct reading {
    bulla_bytes text;
    size_t at;
    token token;
    bu_erlang_field *fields;
    size_t field_count;
} reading;

static bulla_status refuse(const reading *r, bulla_code code, const char *why, bulla_error *err)
{
    return bu_at_offset(err, bu_fail(err, code, "%s", why), r->at);
}

static bool is_at(const reading *r, const char *literal)
{
    return bu_bytes_starts(bu_bytes_from(r->text, r->at), literal);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(reading *r)
{
    while (r->at < r->text.len && (is_blank(r->text.ptr[r->at]) || r->text.ptr[r->at] == '%'))
        if (r->text.ptr[r->at] == '%') /* a comment */
            r->at += bu_bytes_find(bu_bytes_from(r->text, r->at), '\n');
        else
            r->at++;
}

/* "…" or '…' from here on; an escape keeps the quote behind it from ending it. */
static bulla_status read_quoted(reading *r, bulla_bytes *out, bulla_error *err)
{
    uint8_t quote = r->text.ptr[r->at];
    size_t start = ++r->at;
    while (r->at < r->text.len && r->text.ptr[r->at] != quote)
        r->at += r->text.ptr[r->at] == '\\' ? 2 : 1;
    if (r->at >= r->text.len)
        return refuse(r, BULLA_E_BAD_SYNTAX, "a quote without its end", err);
    *out = (bulla_bytes){ r->text.ptr + start, r->at - start };
    r->at++;
    return BU_OK;
}

/* <<"…">> or <<"…"/utf8>>; <<>> is empty. */
static bulla_status read_binary(reading *r, bulla_error *err)
{
    r->token = (token){ .kind = BINARY };
    r->at += 2;
    skip_blanks(r);
    if (is_at(r, "\""))
        BU_TRY(read_quoted(r, &r->token.text, err));
    skip_blanks(r);
    if (is_at(r, "/utf8"))
        r->at += 5;
    skip_blanks(r);
    if (!is_at(r, ">>"))
        return refuse(r, BULLA_E_BAD_SYNTAX, "a binary that is not one string", err);
    r->at += 2;
    return BU_OK;
}

static bool is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '@' || c == '-';
}

static bulla_status read_other(reading *r, bulla_error *err)
{
    bulla_bytes ignored;
    r->token = (token){ .kind = OTHER };
    if (is_at(r, "\"") || is_at(r, "'"))
        return read_quoted(r, &ignored, err);
    size_t start = r->at;
    while (r->at < r->text.len && is_word(r->text.ptr[r->at]))
        r->at++;
    return r->at > start ? BU_OK : refuse(r, BULLA_E_BAD_SYNTAX, "not an Erlang term", err);
}

static bulla_status next_token(reading *r, bulla_error *err)
{
    static const struct {
        char c;
        token token;
    } marks[] = {
        { '{', { OPEN, '}', { 0 } } },  { '[', { OPEN, ']', { 0 } } },
        { '}', { CLOSE, '}', { 0 } } }, { ']', { CLOSE, ']', { 0 } } },
        { ',', { COMMA, 0, { 0 } } },   { '.', { STOP, 0, { 0 } } },
    };
    skip_blanks(r);
    r->token = (token){ .kind = END };
    if (r->at >= r->text.len)
        return BU_OK;
    if (is_at(r, "<<"))
        return read_binary(r, err);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (r->text.ptr[r->at] == (uint8_t)marks[i].c) {
            r->token = marks[i].token;
            r->at++;
            return BU_OK;
        }
    return read_other(r, err);
}

static bulla_status expect(reading *r, token_kind kind, const char *what, bulla_error *err)
{
    BU_TRY(next_token(r, err));
    return r->token.kind == kind ? BU_OK : refuse(r, BULLA_E_BAD_SYNTAX, what, err);
}

/* Go on to behind the value that the present token begins. */
static bulla_status skip_value(reading *r, bulla_error *err)
{
    uint8_t open[BU_LIMIT_TREE_DEPTH];
    size_t depth = 0;
    for (;;) {
        if (r->token.kind == OPEN && depth == sizeof open)
            return refuse(r, BULLA_E_RESOURCE_LIMIT, "terms are nested too deep", err);
        if (r->token.kind == OPEN)
            open[depth++] = r->token.bracket;
        else if (r->token.kind == CLOSE && (depth == 0 || open[--depth] != r->token.bracket))
            return refuse(r, BULLA_E_BAD_SYNTAX, "a bracket that nothing opens", err);
        else if (r->token.kind == END || r->token.kind == STOP)
            return refuse(r, BULLA_E_BAD_SYNTAX, "a term without its end", err);
        if (depth == 0)
            return BU_OK;
        BU_TRY(next_token(r, err));
    }
}

static bulla_status keep(reading *r, bu_erlang_field *f, bulla_error *err)
{
    if (r->token.kind != BINARY)
        return refuse(r, BULLA_E_TYPE_MISMATCH, "not a binary", err);
    if (f->value.ptr != NULL)
        return refuse(r, BULLA_E_DUPLICATE_KEY, "the same key twice", err);
    if (bu_bytes_find(r->token.text, '\\') < r->token.text.len ||
        bu_utf8_hides(r->token.text, &(size_t){ 0 }))
        return refuse(r, BULLA_E_BAD_ENCODING, "an escape or a control character in a name", err);
    f->value = r->token.text;
    return BU_OK;
}

/* {<<"key">>, value}. */
static bulla_status read_pair(reading *r, bulla_error *err)
{
    if (r->token.kind != OPEN || r->token.bracket != '}')
        return refuse(r, BULLA_E_BAD_SYNTAX, "not a pair", err);
    BU_TRY(expect(r, BINARY, "a key that is no binary", err));
    bulla_bytes key = r->token.text;
    if (bu_bytes_find(key, '\\') < key.len)
        return refuse(r, BULLA_E_BAD_ENCODING, "an escape in a key", err);
    BU_TRY(expect(r, COMMA, "no comma behind a key", err));
    BU_TRY(next_token(r, err));
    for (size_t i = 0; i < r->field_count; i++)
        if (bu_bytes_is(key, r->fields[i].key))
            BU_TRY(keep(r, &r->fields[i], err));
    BU_TRY(skip_value(r, err));
    BU_TRY(expect(r, CLOSE, "a pair without its end", err));
    return expect(r, STOP, "no full stop behind a pair", err);
}

bulla_status bu_erlang_read(bulla_bytes text, bu_erlang_field *fields, size_t count,
                            bulla_error *err)
{
    reading r = { .text = text, .fields = fields, .field_count = count };
    BU_TRY(next_token(&r, err));
    while (r.token.kind != END) {
        BU_TRY(read_pair(&r, err));
        BU_TRY(next_token(&r, err));
    }
    return BU_OK;
}
