/* SPDX-License-Identifier: MIT */
/*
 * ASCII armor (RFC 9580, 6.2). Refuses text outside of blocks, headers that
 * have no meaning here, controls, sloppy base64 and wrong checksums.
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

static bool is_checksum(bulla_bytes line)
{
    return line.len == 5 && line.ptr[0] == '=';
}

/* RFC 9580, 6.1.1 */
static uint32_t crc24(bulla_bytes bytes)
{
    uint32_t crc = 0xb704ce;
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (uint32_t)bytes.ptr[i] << 16;
        for (size_t bit = 0; bit < 8; bit++)
            crc = (crc << 1) ^ ((crc & 0x800000) != 0 ? 0x1864cfb : 0);
    }
    return crc & 0xffffff;
}

/* RFC 9580, 6.1 lets a wrong one pass; but a file that was changed is not the one that was made. */
static bulla_status judge_checksum(const bu_armor_lines *lines, bulla_bytes block, bulla_error *err)
{
    BU_CLEAR(bu_buf) sum = { 0 };
    bulla_status status =
        bu_base64_decode(bu_bytes_from(lines->line, 1), BU_BASE64_STANDARD, &sum, err);
    if (!bulla_ok(status))
        return bu_armor_at(lines, 0, bu_at_offset(err, status, BU_OFFSET_NONE), err);
    uint32_t crc = crc24(block);
    const uint8_t want[] = { (uint8_t)(crc >> 16), (uint8_t)(crc >> 8), (uint8_t)crc };
    if (bu_bytes_equal(bu_buf_bytes(&sum), (bulla_bytes){ want, sizeof want }))
        return BU_OK;
    return bu_armor_at(lines, 0, bu_fail(err, BULLA_E_CHECKSUM, "the armor's checksum is wrong"),
                       err);
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
    size_t start = out->len;
    for (;;) {
        BU_TRY(bu_armor_next(lines, err));
        if (bu_bytes_starts(lines->line, DASHES))
            return BU_OK;
        if (is_checksum(lines->line)) {
            BU_TRY(judge_checksum(lines, bu_bytes_from(bu_buf_bytes(out), start), err));
            return bu_armor_next(lines, err);
        }
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

/* RFC 9580, 4.2: the first bit of a packet is always one. */
static bool is_binary(bulla_bytes input)
{
    return input.ptr[0] >= 0x80;
}

static bulla_status take_binary(bulla_bytes input, bu_buf *out, bulla_error *err)
{
    bu_buf_add(out, input);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_armor_dearmor(bulla_bytes input, const char *label, bu_buf *out, bulla_error *err)
{
    bu_armor_lines lines = { .rest = input };
    if (input.len == 0)
        return bu_fail(err, BULLA_E_EMPTY, "nothing inside");
    if (is_binary(input))
        return take_binary(input, out, err);
    BU_TRY(bu_armor_next(&lines, err));
    BU_TRY(bu_armor_read(&lines, label, out, err));
    if (lines.rest.len == 0)
        return BU_OK;
    lines.number++;
    return bu_armor_at(
        &lines, 0, bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the %s block", label), err);
}

bulla_status bu_armor_dearmor_all(bulla_bytes input, const char *label, bu_buf *out,
                                  bulla_error *err)
{
    bu_armor_lines lines = { .rest = input };
    if (input.len == 0)
        return bu_fail(err, BULLA_E_EMPTY, "nothing inside");
    if (is_binary(input))
        return take_binary(input, out, err);
    while (lines.rest.len > 0) {
        BU_TRY(bu_armor_next(&lines, err));
        if (lines.line.len > 0)
            BU_TRY(bu_armor_read(&lines, label, out, err));
    }
    return BU_OK;
}
