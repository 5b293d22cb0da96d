/* SPDX-License-Identifier: MIT */
/*
 * RECORD is CSV as Python's csv module writes it: three fields a line, one
 * with a comma or a quote is quoted, and quotes in it are doubled. A field that
 * goes on in the next line is refused: no member has such a name.
 */
#include "ecosystem/record.h"

#include "base/encode.h"
#include "base/reader.h"
#include "digest/digest.h"
#include "syntax/text.h"

#define FIELDS 3u /* path, digest, size */

typedef struct record {
    bu_text text;
    bu_arena *arena;
} record;

/* What stands between the quotes at the start of `rest`, which is moved behind them. */
static bulla_status take_quoted(const record *r, bulla_bytes *rest, bulla_bytes *out,
                                bulla_error *err)
{
    uint8_t *plain = bu_arena_get(r->arena, rest->len);
    size_t len = 0, at = 1;
    if (plain == NULL)
        return bu_no_memory(err);
    for (; at < rest->len; at++) {
        bool is_quote = rest->ptr[at] == '"';
        if (is_quote && (at + 1 == rest->len || rest->ptr[at + 1] != '"'))
            break;
        plain[len++] = rest->ptr[at];
        at += is_quote ? 1 : 0;
    }
    if (at >= rest->len)
        return bu_text_fail(&r->text, rest->ptr, err, BULLA_E_BAD_SYNTAX,
                            "a quote without its end");
    *rest = bu_bytes_from(*rest, at + 1);
    *out = (bulla_bytes){ plain, len };
    return BU_OK;
}

/* A field, and where it starts in the line. */
typedef struct field {
    bulla_bytes text;
    const uint8_t *start;
} field;

static bulla_status take_field(const record *r, bulla_bytes *rest, bool is_last, field *out,
                               bulla_error *err)
{
    bool is_quoted = bu_bytes_starts(*rest, "\"");
    out->start = r->text.line.ptr + (r->text.line.len - rest->len);
    out->text = bu_bytes_first(*rest, bu_bytes_find(*rest, ','));
    if (is_quoted)
        BU_TRY(take_quoted(r, rest, &out->text, err));
    else
        *rest = bu_bytes_from(*rest, out->text.len);
    if (!is_quoted && bu_bytes_find(out->text, '"') < out->text.len)
        return bu_text_fail(&r->text, out->start, err, BULLA_E_BAD_SYNTAX,
                            "a quote inside of a field");
    if (is_last ? rest->len > 0 : !bu_bytes_starts(*rest, ","))
        return bu_text_fail(&r->text, out->start, err, BULLA_E_BAD_SYNTAX,
                            "not three fields: path, digest, size");
    *rest = bu_bytes_from(*rest, 1);
    return BU_OK;
}

/* base64url without padding has one form for 32, 48 or 64 bytes. */
static bulla_status decode(bulla_bytes text, bulla_digest *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) padded = { 0 };
    BU_CLEAR(bu_buf) bytes = { 0 };
    bu_buf_add(&padded, text);
    while (padded.len % 4 != 0 && padded.len - text.len < 2)
        bu_buf_add_byte(&padded, '=');
    if (padded.broken)
        return bu_no_memory(err);
    BU_TRY(bu_base64_decode(bu_buf_bytes(&padded), BU_BASE64_URL, &bytes, err));
    if (bytes.len != out->len || bu_bytes_find(text, '=') < text.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a whole digest in base64 without padding");
    memcpy(out->bytes, bytes.ptr, bytes.len);
    return BU_OK;
}

static bulla_status read_digest(const record *r, const field *f, bulla_digest *out,
                                bulla_error *err)
{
    *out = (bulla_digest){ 0 };
    if (f->text.len == 0)
        return BU_OK;
    size_t name = bu_bytes_find(f->text, '=');
    out->alg = bu_alg_of(bu_bytes_first(f->text, name));
    out->len = bulla_alg_size(out->alg);
    if (out->alg == BULLA_ALG_NONE || !bulla_alg_is_of_bytes(out->alg))
        return bu_text_fail(&r->text, f->start, err, BULLA_E_UNSUPPORTED_HASH,
                            "an unknown digest algorithm");
    if (!bulla_alg_is_strong(out->alg))
        return bu_text_fail(&r->text, f->start, err, BULLA_E_WEAK_HASH, "a %s digest",
                            bulla_alg_name(out->alg));
    bulla_status status = decode(bu_bytes_from(f->text, name + 1), out, err);
    return bulla_ok(status) || status.code == BULLA_E_NO_MEMORY
               ? status
               : bu_text_fail(&r->text, f->start, err, status.code, "not a %s digest in base64",
                              bulla_alg_name(out->alg));
}

static bulla_status read_size(const record *r, const field *f, bu_record_row *out, bulla_error *err)
{
    bu_reader reader = bu_reader_of(f->text);
    out->has_size = f->text.len > 0;
    if (!out->has_size)
        return BU_OK;
    out->size = bu_number(&reader, INT64_MAX, "a size in bytes");
    if (bulla_ok(bu_done(&reader, err)))
        return BU_OK;
    return bu_text_fail(&r->text, f->start, err, BULLA_E_BAD_NUMBER, "not a size in bytes");
}

static bulla_status read_row(const record *r, bu_record_row *out, bulla_error *err)
{
    bulla_bytes rest = r->text.line;
    field fields[FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
        BU_TRY(take_field(r, &rest, i + 1 == FIELDS, &fields[i], err));
    *out =
        (bu_record_row){ .path = bu_arena_copy(r->arena, fields[0].text), .line = r->text.number };
    if (out->path.ptr == NULL)
        return bu_no_memory(err);
    BU_TRY(read_digest(r, &fields[1], &out->digest, err));
    return read_size(r, &fields[2], out, err);
}

bulla_status bu_record_read(bulla_bytes text, bu_arena *arena,
                            bulla_status (*each)(void *context, const bu_record_row *row,
                                                 bulla_error *err),
                            void *context, bulla_error *err)
{
    record r = { .text = bu_text_of(text), .arena = arena };
    for (;;) {
        bool more;
        bu_record_row row;
        BU_TRY(bu_text_next(&r.text, &more, err));
        if (!more)
            return BU_OK;
        if (r.text.line.len == 0)
            continue; /* Python's reader passes over empty lines, and some tools end with one */
        BU_TRY(read_row(&r, &row, err));
        BU_TRY(each(context, &row, err));
    }
}
