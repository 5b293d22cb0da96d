/* SPDX-License-Identifier: MIT */
/*
 * Stanzas of Debian control data (deb-control(5), deb822(5)), streamed: one
 * stanza is in memory at a time. Refused: control characters (CR too), lines
 * of blanks only, comments, a last line without its end, a field twice.
 */
#include "syntax/lines.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "syntax/eight.h"

struct bu_stanzas {
    bu_source *source; /* borrowed */
    char *name;
    bu_buf window;   /* the input from the current stanza on, as far as it has been read */
    size_t taken;    /* bytes of it that were handed out */
    size_t searched; /* bytes of it in which no end of the next stanza is */
    uint64_t offset; /* of the window in the input */
    uint32_t line;   /* 1-based line of the first byte that was not handed out */
    bool at_end;     /* of the source */
    bu_field fields[BU_LIMIT_FIELDS];
};

void bu_stanzas_free(bu_stanzas *stanzas)
{
    if (stanzas == NULL)
        return;
    bu_buf_clear(&stanzas->window);
    free(stanzas->name);
    free(stanzas);
}

bulla_status bu_stanzas_new(bu_source *source, const char *name, bu_stanzas **out, bulla_error *err)
{
    BU_AUTO(bu_stanzas) stanzas = calloc(1, sizeof *stanzas);
    if (stanzas == NULL || (stanzas->name = strdup(name)) == NULL)
        return bu_no_memory(err);
    stanzas->source = source;
    stanzas->line = 1;
    *out = BU_STEAL(stanzas);
    return BU_OK;
}

static uint8_t fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static bool same_name(bulla_bytes a, bulla_bytes b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (fold(a.ptr[i]) != fold(b.ptr[i]))
            return false;
    return true;
}

const bu_field *bu_stanza_get(const bu_stanza *stanza, const char *name)
{
    for (size_t i = 0; i < stanza->count; i++)
        if (same_name(stanza->fields[i].name, bu_bytes_of(name)))
            return &stanza->fields[i];
    return NULL;
}

/* Reading the source */

#define SCAN_PADDING 8u /* room behind the window: scans look at eight bytes at a step */

static bulla_status read_more(bu_stanzas *s, bulla_error *err)
{
    size_t left = s->window.len - s->taken, n;
    if (left > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a stanza has more than %u bytes",
                       BU_LIMIT_METADATA_BYTES);
    if (s->taken > 0)
        memmove(s->window.ptr, s->window.ptr + s->taken, left);
    s->offset += s->taken;
    s->searched -= s->taken;
    s->window.len = left;
    s->taken = 0;
    uint8_t *room = bu_buf_room(&s->window, BU_IO_CHUNK + SCAN_PADDING);
    if (room == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_source_read(s->source, room, BU_IO_CHUNK, &n, err));
    bu_buf_added(&s->window, n);
    s->at_end = n == 0;
    return BU_OK;
}

/* Pass over empty lines; false when the window ends first. */
static bool find_start(bu_stanzas *s)
{
    while (s->taken < s->window.len && s->window.ptr[s->taken] == '\n') {
        s->taken++;
        s->line++;
    }
    s->searched = s->searched < s->taken ? s->taken : s->searched;
    return s->taken < s->window.len;
}

/* Move `searched` behind the stanza's last line; false when the window ends first. */
static bool find_end(bu_stanzas *s)
{
    for (;;) {
        bulla_bytes rest = bu_bytes_from(bu_buf_bytes(&s->window), s->searched);
        size_t line = bu_bytes_find(rest, '\n');
        if (line + 1 >= rest.len) /* whether an empty line follows is still to be seen */
            return false;
        s->searched += line + 1;
        if (rest.ptr[line + 1] == '\n')
            return true;
    }
}

/* Have the next stanza whole in the window, up to `*end`; at the end of the source that is
 * `taken`. */
static bulla_status find_stanza(bu_stanzas *s, size_t *end, bulla_error *err)
{
    bool whole = find_start(s) && find_end(s);
    while (!whole && !s->at_end) {
        BU_TRY(bu_in_file(err, read_more(s, err), s->name));
        whole = find_start(s) && find_end(s);
    }
    *end = whole ? s->searched : s->window.len;
    return BU_OK;
}

/* Lines */

/* A walk over the lines of one stanza. */
typedef struct lines {
    const bu_stanzas *s;
    const uint8_t *at, *end; /* a NUL or a line end stands at `end` */
    bulla_bytes line;        /* the newest, without its end */
    uint32_t number;         /* of it, 1-based */
    bulla_error *err;
} lines;

static bulla_status refuse(const lines *l, const uint8_t *at, bulla_code code, const char *expected)
{
    bulla_status status = bu_fail(l->err, code, "not control data: expected %s", expected);
    bulla_bytes got = bu_bytes_first((bulla_bytes){ at, (size_t)(l->end - at) }, 1);
    bu_expected(l->err, status, bu_bytes_of(expected),
                got.len == 0 ? BULLA_LIT("end of text") : got);
    bu_at_offset(l->err, status, l->s->offset + (uint64_t)(at - l->s->window.ptr));
    bu_at(l->err, status, l->number, (uint32_t)(at - l->line.ptr) + 1);
    return bu_in_file(l->err, status, l->s->name);
}

/* To the next control character other than a tab, or byte that is not UTF-8. */
static const uint8_t *skip_visible(const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        uint64_t eight = bu_eight_at(at);
        uint64_t special =
            bu_eight_below(eight, 0x20) | bu_eight_high(eight) | bu_eight_is(eight, 0x7F);
        if (special == 0) {
            at += 8;
            continue;
        }
        at += bu_eight_first(special);
        uint32_t code_point;
        size_t len = *at == '\t' || *at >= 0x80
                         ? bu_utf8_next((bulla_bytes){ at, (size_t)(end - at) }, &code_point)
                         : 0;
        if (len == 0)
            return at;
        at += len;
    }
}

static bulla_status next_line(lines *l)
{
    const uint8_t *line_end = skip_visible(l->at, l->end);
    l->line = (bulla_bytes){ l->at, (size_t)(line_end - l->at) };
    l->number++;
    l->at = line_end + 1;
    if (line_end == l->end)
        return refuse(l, line_end, BULLA_E_TRUNCATED, "a line end");
    if (*line_end >= 0x80)
        return refuse(l, line_end, BULLA_E_BAD_ENCODING, "UTF-8");
    if (*line_end != '\n')
        return refuse(l, line_end, BULLA_E_CONTROL_CHARACTER, "no control character");
    if (l->line.len > BU_LIMIT_LINE_BYTES)
        return refuse(l, l->line.ptr, BULLA_E_RESOURCE_LIMIT, "a line of at most 1 MiB");
    return BU_OK;
}

/* Fields */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* A value goes from its first byte that is no blank to the last such one on the line that was read
 * last. */
static void end_value(const lines *l, bu_field *field)
{
    const uint8_t *end = l->line.ptr + l->line.len;
    while (end > field->value.ptr && is_blank(end[-1]))
        end--;
    field->value.len = (size_t)(end - field->value.ptr);
}

static bulla_status continue_field(const lines *l, bu_field *field)
{
    if (bu_bytes_trim(l->line).len == 0) /* readers differ on whether this ends a stanza */
        return refuse(l, l->line.ptr, BULLA_E_BAD_SYNTAX, "more than blanks on a line");
    if (field == NULL)
        return refuse(l, l->line.ptr, BULLA_E_BAD_SYNTAX, "a field name");
    end_value(l, field);
    return BU_OK;
}

/* deb822(5): printable ASCII other than the colon, not beginning with '#' or '-'. */
static size_t name_length(bulla_bytes line)
{
    size_t len = 0;
    if (line.len > 0 && (line.ptr[0] == '#' || line.ptr[0] == '-'))
        return 0;
    while (len < line.len && line.ptr[len] > ' ' && line.ptr[len] < 0x7F && line.ptr[len] != ':')
        len++;
    return len;
}

static bulla_status begin_field(const lines *l, bu_stanza *stanza, bu_field *fields)
{
    size_t len = name_length(l->line);
    if (len == 0)
        return refuse(l, l->line.ptr, BULLA_E_BAD_SYNTAX, "a field name");
    if (len == l->line.len || l->line.ptr[len] != ':')
        return refuse(l, l->line.ptr + len, BULLA_E_BAD_SYNTAX, "\":\"");
    bulla_bytes name = bu_bytes_first(l->line, len);
    for (size_t i = 0; i < stanza->count; i++)
        if (same_name(fields[i].name, name))
            return refuse(l, name.ptr, BULLA_E_DUPLICATE_ENTRY, "each field once");
    if (stanza->count == BU_LIMIT_FIELDS)
        return refuse(l, name.ptr, BULLA_E_RESOURCE_LIMIT, "fewer fields");
    const uint8_t *value = name.ptr + len + 1;
    while (is_blank(*value))
        value++;
    bu_field *field = &fields[stanza->count++];
    *field = (bu_field){ .name = name, .value.ptr = value, .line = l->number };
    end_value(l, field);
    return BU_OK;
}

static bulla_status read_stanza(lines *l, bu_field *fields, bu_stanza *stanza)
{
    while (l->at < l->end) {
        BU_TRY(next_line(l));
        if (l->line.len > 0 && is_blank(l->line.ptr[0]))
            BU_TRY(continue_field(l, stanza->count == 0 ? NULL : &fields[stanza->count - 1]));
        else
            BU_TRY(begin_field(l, stanza, fields));
    }
    return BU_OK;
}

bulla_status bu_stanzas_next(bu_stanzas *s, bu_stanza *out, bool *more, bulla_error *err)
{
    size_t end;
    BU_TRY(find_stanza(s, &end, err));
    *more = end > s->taken;
    if (!*more)
        return BU_OK;
    lines l = {
        .s = s,
        .at = s->window.ptr + s->taken,
        .end = s->window.ptr + end,
        .number = s->line - 1,
        .err = err,
    };
    bu_stanza stanza = { .fields = s->fields, .line = s->line, .offset = s->offset + s->taken };
    BU_TRY(read_stanza(&l, s->fields, &stanza));
    s->line = l.number + 1;
    s->taken = end;
    *out = stanza;
    return BU_OK;
}
