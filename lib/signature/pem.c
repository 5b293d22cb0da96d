/* SPDX-License-Identifier: MIT */
/*
 * PEM (RFC 7468), read strictly. Refuses text around the block, a second block,
 * headers, blank lines, blanks in lines, and base64 that is not the one form of
 * its value. Lines end with LF or CR LF.
 */
#include "signature/pem.h"

#include "base/bytes.h"
#include "base/encode.h"

#define BEGIN           "-----BEGIN "
#define END             "-----END "
#define DASHES          "-----"
#define LINE_CHARACTERS 64 /* that we write; others write up to 76 */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t blanks_before(bulla_bytes text)
{
    size_t count = 0;
    while (count < text.len && is_blank(text.ptr[count]))
        count++;
    return count;
}

/* The next line without its end; `rest` moves behind it. */
static bulla_bytes take_line(bulla_bytes *rest)
{
    size_t end = bu_bytes_find(*rest, '\n');
    bulla_bytes line = bu_bytes_first(*rest, end);
    *rest = bu_bytes_from(*rest, end + 1);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* What stands between `front` and the dashes at the end; empty when the line is no such one. */
static bulla_bytes label_of(bulla_bytes line, const char *front)
{
    size_t around = strlen(front) + strlen(DASHES);
    if (!bu_bytes_starts(line, front) || !bu_bytes_ends(line, DASHES) || line.len <= around)
        return (bulla_bytes){ 0 };
    return bu_bytes_first(bu_bytes_from(line, strlen(front)), line.len - around);
}

bulla_bytes bu_pem_label(bulla_bytes text)
{
    bulla_bytes rest = bu_bytes_from(text, blanks_before(text));
    return label_of(take_line(&rest), BEGIN);
}

bool bu_pem_next(bulla_bytes *text, bulla_bytes *block)
{
    *text = bu_bytes_from(*text, blanks_before(*text));
    if (text->len == 0)
        return false;
    bulla_bytes rest = *text;
    while (rest.len > 0 && label_of(take_line(&rest), END).len == 0) {
    }
    *block = bu_bytes_first(*text, text->len - rest.len);
    *text = rest;
    return true;
}

static bulla_status at(bulla_error *err, bulla_status status, bulla_bytes text, bulla_bytes place)
{
    uint64_t offset = place.ptr == NULL ? text.len : (uint64_t)(place.ptr - text.ptr);
    return bu_at_offset(err, status, offset);
}

/* `part` stands at `place`, or around it. */
static bulla_status decode_part(bulla_bytes text, const uint8_t *place, bulla_bytes part,
                                bu_buf *out, bulla_error *err)
{
    bulla_status status = bu_base64_decode(part, BU_BASE64_STANDARD, out, err);
    uint64_t inside =
        err == NULL || err->offset == BU_OFFSET_NONE || place != part.ptr ? 0 : err->offset;
    if (!bulla_ok(status) && status.code != BULLA_E_NO_MEMORY)
        return bu_at_offset(err, status, (uint64_t)(place - text.ptr) + inside);
    return status;
}

/* Four characters that are parted by the end of a line: OpenSSH writes lines of 70. */
typedef struct group {
    uint8_t characters[4];
    size_t len;
} group;

static bulla_bytes move_into(group *open, bulla_bytes line, size_t count)
{
    bulla_bytes moved = bu_bytes_first(line, count);
    if (moved.len > 0)
        memcpy(open->characters + open->len, moved.ptr, moved.len);
    open->len += moved.len;
    return bu_bytes_from(line, moved.len);
}

static bulla_status decode_line(bulla_bytes text, bulla_bytes line, group *open, bu_buf *out,
                                bulla_error *err)
{
    bulla_bytes rest = line;
    if (line.len == 0)
        return at(err, bu_fail(err, BULLA_E_BAD_ENCODING, "an empty line inside PEM"), text, line);
    if (open->len > 0)
        rest = move_into(open, rest, sizeof open->characters - open->len);
    if (open->len == sizeof open->characters) {
        open->len = 0;
        BU_TRY(decode_part(text, line.ptr, (bulla_bytes){ open->characters, 4 }, out, err));
    }
    bulla_bytes whole = bu_bytes_first(rest, rest.len - rest.len % sizeof open->characters);
    BU_TRY(decode_part(text, rest.ptr, whole, out, err));
    (void)move_into(open, bu_bytes_from(rest, whole.len), rest.len - whole.len);
    return BU_OK;
}

/* The lines up to the last one of the block, which is left in `line`. */
static bulla_status decode_lines(bulla_bytes text, bulla_bytes *rest, bulla_bytes *line,
                                 bu_buf *out, bulla_error *err)
{
    bool ended = false;
    group open = { .len = 0 };
    while (rest->len > 0) {
        *line = take_line(rest);
        if (bu_bytes_starts(*line, DASHES) && open.len > 0)
            return at(err, bu_fail(err, BULLA_E_BAD_ENCODING, "base64 without its end"), text,
                      *line);
        if (bu_bytes_starts(*line, DASHES))
            return BU_OK;
        if (ended)
            return at(err, bu_fail(err, BULLA_E_BAD_ENCODING, "base64 goes on after its padding"),
                      text, *line);
        BU_TRY(decode_line(text, *line, &open, out, err));
        ended = line->ptr[line->len - 1] == '=';
    }
    return at(err, bu_fail(err, BULLA_E_TRUNCATED, "PEM without its last line"), text, *rest);
}

bulla_status bu_pem_decode(bulla_bytes text, const char *label, bu_buf *out, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_from(text, blanks_before(text));
    bulla_bytes line = take_line(&rest);
    bulla_bytes found = label_of(line, BEGIN);
    if (found.len == 0)
        return at(err, bu_fail(err, BULLA_E_BAD_ENCODING, "not PEM"), text, line);
    if (!bu_bytes_is(found, label)) {
        bulla_status status = bu_fail(err, BULLA_E_FORMAT_MISMATCH, "PEM of another thing");
        return at(err, bu_expected(err, status, bu_bytes_of(label), found), text, line);
    }
    if (bu_buf_room(out, rest.len) == NULL) /* the only allocation: the text is longer */
        return bu_no_memory(err);
    BU_TRY(decode_lines(text, &rest, &line, out, err));
    if (!bu_bytes_is(label_of(line, END), label))
        return at(err, bu_fail(err, BULLA_E_BAD_ENCODING, "the last line is not that of the first"),
                  text, line);
    rest = bu_bytes_from(rest, blanks_before(rest));
    if (rest.len > 0)
        return at(err, bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the PEM block"), text,
                  rest);
    return BU_OK;
}

void bu_pem_encode(bulla_bytes der, const char *label, bu_buf *out)
{
    const size_t bytes_a_line = LINE_CHARACTERS / 4 * 3;
    bu_buf_add_format(out, BEGIN "%s" DASHES "\n", label);
    for (size_t i = 0; i < der.len; i += bytes_a_line) {
        bu_base64_encode(bu_bytes_first(bu_bytes_from(der, i), bytes_a_line), out);
        bu_buf_add_byte(out, '\n');
    }
    bu_buf_add_format(out, END "%s" DASHES "\n", label);
}
