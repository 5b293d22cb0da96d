/* SPDX-License-Identifier: MIT */
/*
 * ASCII armor and packet framing (RFC 9580 sections 4.2 and 6.2). Refuses text
 * outside of blocks, headers that have no meaning here, controls, sloppy base64,
 * and packets of other kinds than asked for.
 */
#include "signature/armor.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"

#define BEGIN  "-----BEGIN "
#define END    "-----END "
#define DASHES "-----"

bulla_status bu_armor_at(const bu_armor_lines *lines, size_t column, bulla_status status,
                         bulla_error *err)
{
    return bu_at(err, status, lines->number, (uint32_t)column + 1);
}

/* Controls could hide in a terminal, end a C string, or be a line end for one reader only. */
static bulla_status judge_line(const bu_armor_lines *lines, bulla_error *err)
{
    for (size_t i = 0; i < lines->line.len; i++) {
        uint8_t c = lines->line.ptr[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return bu_armor_at(
                lines, i,
                bu_fail(err, BULLA_E_CONTROL_CHARACTER, "a control character (0x%02x)", c), err);
    }
    size_t valid = bu_utf8_valid(lines->line);
    if (valid < lines->line.len)
        return bu_armor_at(lines, valid, bu_fail(err, BULLA_E_BAD_ENCODING, "not UTF-8"), err);
    return BU_OK;
}

bulla_status bu_armor_next(bu_armor_lines *lines, bulla_error *err)
{
    lines->number++;
    if (lines->rest.len == 0)
        return bu_armor_at(lines, 0, bu_fail(err, BULLA_E_TRUNCATED, "the text ends too early"),
                           err);
    size_t end = bu_bytes_find(lines->rest, '\n');
    if (end > BU_LIMIT_LINE_BYTES)
        return bu_armor_at(
            lines, 0,
            bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a line of over %u bytes", BU_LIMIT_LINE_BYTES),
            err);
    lines->line = bu_bytes_first(lines->rest, end);
    lines->rest = bu_bytes_from(lines->rest, end + 1);
    if (end > 0 && lines->line.ptr[end - 1] == '\r')
        lines->line.len--;
    return judge_line(lines, err);
}

static bool is_fence(bulla_bytes line, const char *front, const char *label)
{
    size_t skip = strlen(front);
    return bu_bytes_starts(line, front) && bu_bytes_starts(bu_bytes_from(line, skip), label) &&
           bu_bytes_is(bu_bytes_from(line, skip + strlen(label)), DASHES);
}

bool bu_armor_begins(bulla_bytes line, const char *label)
{
    return is_fence(line, BEGIN, label);
}

/* Headers that say nothing which anyone relies on; up to the empty line. */
static bulla_status skip_headers(bu_armor_lines *lines, bulla_error *err)
{
    static const char *const known[] = { "Version: ", "Comment: " };
    for (;;) {
        bool fits = false;
        BU_TRY(bu_armor_next(lines, err));
        if (lines->line.len == 0)
            return BU_OK;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            fits = fits || bu_bytes_starts(lines->line, known[i]);
        if (!fits)
            return bu_armor_at(lines, 0,
                               bu_fail(err, BULLA_E_BAD_SYNTAX, "an unknown armor header"), err);
    }
}

/* "=" and four characters. RFC 9580, 6.1: an implementation "MUST NOT reject" by its value. */
static bool is_checksum(bulla_bytes line)
{
    return line.len == 5 && line.ptr[0] == '=';
}

static bulla_status decode_line(const bu_armor_lines *lines, bu_buf *out, bulla_error *err)
{
    bulla_status status = bu_base64_decode(lines->line, BU_BASE64_STANDARD, out, err);
    if (bulla_ok(status) || err == NULL || status.code == BULLA_E_NO_MEMORY)
        return status;
    size_t column =
        (size_t)err->offset; /* in the line; from here on the place is line and column */
    return bu_armor_at(lines, column, bu_at_offset(err, status, BU_OFFSET_NONE), err);
}

static bulla_status read_body(bu_armor_lines *lines, bu_buf *out, bulla_error *err)
{
    bool ended = false;
    for (;;) {
        BU_TRY(bu_armor_next(lines, err));
        if (bu_bytes_starts(lines->line, DASHES))
            return BU_OK;
        if (is_checksum(lines->line))
            return bu_armor_next(lines, err);
        if (ended || lines->line.len == 0)
            return bu_armor_at(lines, 0, bu_fail(err, BULLA_E_BAD_ENCODING, "not a line of base64"),
                               err);
        BU_TRY(decode_line(lines, out, err));
        ended = lines->line.ptr[lines->line.len - 1] == '=';
    }
}

bulla_status bu_armor_read(bu_armor_lines *lines, const char *label, bu_buf *out, bulla_error *err)
{
    if (!bu_armor_begins(lines->line, label))
        return bu_armor_at(
            lines, 0,
            bu_fail(err, BULLA_E_BAD_SYNTAX, "no block of the kind %s begins here", label), err);
    BU_TRY(skip_headers(lines, err));
    BU_TRY(read_body(lines, out, err));
    if (!is_fence(lines->line, END, label))
        return bu_armor_at(
            lines, 0, bu_fail(err, BULLA_E_BAD_SYNTAX, "the %s block does not end here", label),
            err);
    return BU_OK;
}

bulla_status bu_armor_dearmor(bulla_bytes input, const char *label, bu_buf *out, bulla_error *err)
{
    bu_armor_lines lines = { .rest = input };
    if (input.len == 0)
        return bu_fail(err, BULLA_E_EMPTY, "nothing inside");
    if (input.ptr[0] >= 0x80) { /* RFC 9580, 4.2: the first bit of a packet is always one */
        bu_buf_add(out, input);
        return out->broken ? bu_no_memory(err) : BU_OK;
    }
    BU_TRY(bu_armor_next(&lines, err));
    BU_TRY(bu_armor_read(&lines, label, out, err));
    if (lines.rest.len == 0)
        return BU_OK;
    lines.number++;
    return bu_armor_at(
        &lines, 0, bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the %s block", label), err);
}

typedef struct packet {
    uint8_t tag;
    size_t header, body; /* bytes */
} packet;

/* Big-endian number of `count` bytes after the first; false when they are not there. */
static bool take_number(bulla_bytes in, size_t count, size_t *out)
{
    if (in.len < 1 + count)
        return false;
    *out = 0;
    for (size_t i = 1; i <= count; i++)
        *out = *out << 8 | in.ptr[i];
    return true;
}

/* RFC 9580, 4.2.2: the old format; length type 3 is indeterminate. */
static bool take_old_header(bulla_bytes in, packet *out)
{
    static const size_t widths[] = { 1, 2, 4 };
    size_t type = in.ptr[0] & 3;
    out->tag = (in.ptr[0] >> 2) & 15;
    if (type == 3 || !take_number(in, widths[type], &out->body))
        return false;
    out->header = 1 + widths[type];
    return true;
}

/* RFC 9580, 4.2.1: lengths of one, two and five bytes; 224 to 254 would be partial. */
static bool take_new_header(bulla_bytes in, packet *out)
{
    size_t first;
    out->tag = in.ptr[0] & 63;
    if (!take_number(in, 1, &first))
        return false;
    out->body = first;
    out->header = 2;
    if (first < 192)
        return true;
    if (first == 255) {
        out->header = 6;
        return take_number(bu_bytes_from(in, 1), 4, &out->body);
    }
    if (first >= 224 || !take_number(bu_bytes_from(in, 1), 1, &out->body))
        return false;
    out->body += ((first - 192) << 8) + 192;
    out->header = 3;
    return true;
}

static bool take_header(bulla_bytes in, packet *out)
{
    if ((in.ptr[0] & 0x80) == 0)
        return false;
    return (in.ptr[0] & 0x40) != 0 ? take_new_header(in, out) : take_old_header(in, out);
}

bulla_status bu_packets_only(bulla_bytes packets, const char *tags, size_t *count, bulla_error *err)
{
    size_t found = 0;
    size_t offset = 0;
    for (; offset < packets.len; found++) {
        packet p;
        bulla_bytes rest = bu_bytes_from(packets, offset);
        if (!take_header(rest, &p))
            return bu_at_offset(
                err,
                bu_fail(err, BULLA_E_BAD_SYNTAX, "not the header of a packet of definite length"),
                offset);
        if (p.tag == 0 || strchr(tags, p.tag) == NULL)
            return bu_at_offset(err,
                                bu_fail(err, BULLA_E_BAD_SYNTAX,
                                        "a packet of the kind %u has no place here", p.tag),
                                offset);
        if (p.body > rest.len - p.header)
            return bu_at_offset(err, bu_fail(err, BULLA_E_TRUNCATED, "a packet without its end"),
                                offset);
        offset += p.header + p.body;
    }
    if (found == 0)
        return bu_fail(err, BULLA_E_EMPTY, "no packet inside");
    if (count != NULL)
        *count = found;
    return BU_OK;
}
