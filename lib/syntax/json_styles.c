/* SPDX-License-Identifier: MIT */
/*
 * Writing jansson values: compact and pretty for people and tools, canonical (OLPC
 * canonical JSON, as TUF and securesystemslib sign it) for signatures. What is
 * written can be read again: nesting over BU_LIMIT_TREE_DEPTH is refused, and
 * so are reals in the canonical form, which has none.
 */
#include <jansson.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "syntax/json_value.h"
#include "syntax/json_writer.h"

/* An array or object that is being written. */
typedef struct level {
    const bu_json *array;    /* NULL for an object */
    size_t first, next, end; /* elements of the array, or its part of the writer's fields */
} level;

typedef struct writer {
    bu_json_style style;
    bu_buf *out;
    bulla_error *err;
    bu_json_fields fields; /* of all open objects, innermost last */
    size_t depth;
    level levels[BU_LIMIT_TREE_DEPTH];
} writer;

/* Strings */

/* OLPC canonical JSON escapes the quote and the backslash, and nothing else. */
static void quote_canonical(bulla_bytes text, bu_buf *out)
{
    size_t written = 0;
    bu_buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '"' && text.ptr[i] != '\\')
            continue;
        bu_buf_add(out, bu_bytes_from(bu_bytes_first(text, i), written));
        bu_buf_add_byte(out, '\\');
        written = i;
    }
    bu_buf_add(out, bu_bytes_from(text, written));
    bu_buf_add_byte(out, '"');
}

static void write_string(writer *w, bulla_bytes text)
{
    if (w->style == BU_JSON_CANONICAL)
        quote_canonical(text, w->out);
    else
        bu_json_quote(text, w->out);
}

/* Numbers */

/* The shortest text that is read as the same number; 17 digits always are. */
static bulla_status write_real(writer *w, const bu_json *value)
{
    if (w->style == BU_JSON_CANONICAL)
        return bu_fail(w->err, BULLA_E_BAD_NUMBER, "canonical JSON has no real numbers");
    char text[64];
    size_t len = 0;
    for (size_t digits = 15; digits <= 17; digits++) {
        len = json_dumpb(value, text, sizeof text, JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
        BU_AUTO(bu_json) again = bu_json_real((bulla_bytes){ (const uint8_t *)text, len });
        if (again != NULL && json_equal(again, value))
            break;
    }
    bu_buf_add(w->out, (bulla_bytes){ (const uint8_t *)text, len });
    return BU_OK;
}

/* Structure */

static void new_line(writer *w)
{
    if (w->style != BU_JSON_PRETTY)
        return;
    bu_buf_add_byte(w->out, '\n');
    for (size_t i = 0; i < w->depth; i++)
        bu_buf_add_text(w->out, "  ");
}

static bulla_status open_level(writer *w, const bu_json *value)
{
    if (w->depth == BU_LIMIT_TREE_DEPTH)
        return bu_fail(w->err, BULLA_E_RESOURCE_LIMIT, "nested deeper than %u",
                       BU_LIMIT_TREE_DEPTH);
    level opened = { .array = value, .end = json_array_size(value) };
    if (json_is_object(value)) {
        opened = (level){ .first = w->fields.count, .next = w->fields.count };
        BU_TRY(bu_json_fields_add(&w->fields, value, w->style == BU_JSON_CANONICAL, w->err));
        opened.end = w->fields.count;
    }
    w->levels[w->depth++] = opened;
    bu_buf_add_byte(w->out, json_is_object(value) ? '{' : '[');
    return BU_OK;
}

static void close_level(writer *w)
{
    level *top = &w->levels[--w->depth];
    if (top->end > top->first)
        new_line(w);
    if (top->array == NULL)
        w->fields.count = top->first;
    bu_buf_add_byte(w->out, top->array == NULL ? '}' : ']');
}

static bulla_status write_value(writer *w, const bu_json *value)
{
    bulla_bytes text;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return open_level(w, value);
    case JSON_STRING:
        (void)bu_json_text(value, &text);
        write_string(w, text);
        return BU_OK;
    case JSON_INTEGER:
        bu_buf_add_format(w->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return BU_OK;
    case JSON_REAL:
        return write_real(w, value);
    case JSON_TRUE:
    case JSON_FALSE:
        bu_buf_add_text(w->out, json_is_true(value) ? "true" : "false");
        return BU_OK;
    case JSON_NULL:
        break;
    }
    bu_buf_add_text(w->out, "null");
    return BU_OK;
}

/* The next element or field of the innermost container, or its end. */
static bulla_status write_next(writer *w)
{
    level *top = &w->levels[w->depth - 1];
    if (top->next == top->end) {
        close_level(w);
        return BU_OK;
    }
    if (top->next > top->first)
        bu_buf_add_byte(w->out, ',');
    new_line(w);
    size_t index = top->next++;
    if (top->array != NULL)
        return write_value(w, json_array_get(top->array, index));
    write_string(w, w->fields.items[index].key);
    bu_buf_add_text(w->out, w->style == BU_JSON_PRETTY ? ": " : ":");
    return write_value(w, w->fields.items[index].value);
}

static bulla_status write_document(writer *w, const bu_json *value)
{
    BU_TRY(write_value(w, value));
    while (w->depth > 0)
        BU_TRY(write_next(w));
    if (w->style == BU_JSON_PRETTY)
        bu_buf_add_byte(w->out, '\n');
    return w->out->broken ? bu_no_memory(w->err) : BU_OK;
}

bulla_status bu_json_write(const bu_json *value, bu_json_style style, bu_buf *out, bulla_error *err)
{
    writer w = { .style = style, .out = out, .err = err };
    bulla_status status = write_document(&w, value);
    bu_json_fields_clear(&w.fields);
    return status;
}
