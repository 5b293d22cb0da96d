/* SPDX-License-Identifier: MIT */
/*
 * The end of a zip archive (PKWARE APPNOTE.TXT 4.3.14 to 4.3.16): zip64
 * records, the end of central directory, its comment, and nothing behind it.
 * Every number must be the one that was counted while reading.
 */
#include "archive/zip_header.h"
#include "archive/zip_number.h"
#include "base/bytes.h"

#define END_BYTES     22u
#define END64_BYTES   56u
#define LOCATOR_BYTES 20u

/* A number of a record, and what it has to be. */
typedef struct field {
    size_t at, width;
    uint64_t want;
    bulla_code code;
    const char *what;
} field;

static bulla_status check_fields(bulla_bytes record, const field *fields, size_t count,
                                 bool may_refer, bulla_error *err)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t got = bu_zip_number(record, fields[i].at, fields[i].width);
        bool refers = may_refer && got == (fields[i].width == 2 ? UINT16_MAX : UINT32_MAX);
        if (got != fields[i].want && !refers)
            return bu_fail(err, fields[i].code, "the end of the archive gives %llu as %s, not %llu",
                           (unsigned long long)got, fields[i].what,
                           (unsigned long long)fields[i].want);
    }
    return BU_OK;
}

static bulla_status take_record(bu_zip_input *in, size_t size, bulla_bytes *out, bulla_error *err)
{
    BU_TRY(bu_zip_peek(in, size, out, err));
    if (out->len < size)
        return bu_fail(err, BULLA_E_TRUNCATED, "the archive has no whole end");
    bu_zip_skip(in, size);
    return BU_OK;
}

static bulla_status read_end64(bu_zip_input *in, const bu_zip_directory *is, bulla_error *err)
{
    const field fields[] = {
        { 4, 8, END64_BYTES - 12, BULLA_E_UNSUPPORTED_FEATURE, "the size of a zip64 record" },
        { 16, 4, 0, BULLA_E_UNSUPPORTED_FEATURE, "the number of this disk" },
        { 20, 4, 0, BULLA_E_UNSUPPORTED_FEATURE, "the disk of the central directory" },
        { 24, 8, is->count, BULLA_E_AMBIGUOUS_ARCHIVE, "the number of members of this disk" },
        { 32, 8, is->count, BULLA_E_AMBIGUOUS_ARCHIVE, "the number of members" },
        { 40, 8, is->size, BULLA_E_AMBIGUOUS_ARCHIVE, "the size of the central directory" },
        { 48, 8, is->offset, BULLA_E_AMBIGUOUS_ARCHIVE, "the place of the central directory" },
    };
    bulla_bytes record;
    BU_TRY(take_record(in, END64_BYTES, &record, err));
    return check_fields(record, fields, sizeof fields / sizeof fields[0], false, err);
}

static bulla_status read_locator(bu_zip_input *in, uint64_t end64, bulla_error *err)
{
    const field fields[] = {
        { 4, 4, 0, BULLA_E_UNSUPPORTED_FEATURE, "the disk of the zip64 record" },
        { 8, 8, end64, BULLA_E_AMBIGUOUS_ARCHIVE, "the place of the zip64 record" },
        { 16, 4, 1, BULLA_E_UNSUPPORTED_FEATURE, "the number of disks" },
    };
    bulla_bytes record;
    BU_TRY(take_record(in, LOCATOR_BYTES, &record, err));
    if (bu_zip_record_of(record) != BU_ZIP_LOCATOR64)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a zip64 record without its locator");
    return check_fields(record, fields, sizeof fields / sizeof fields[0], false, err);
}

/* With zip64 records a number may refer to them; without, each is what it is. */
static bulla_status read_end(bu_zip_input *in, const bu_zip_directory *is, bool has_end64,
                             size_t *comment, bulla_error *err)
{
    const field fields[] = {
        { 4, 2, 0, BULLA_E_UNSUPPORTED_FEATURE, "the number of this disk" },
        { 6, 2, 0, BULLA_E_UNSUPPORTED_FEATURE, "the disk of the central directory" },
        { 8, 2, is->count, BULLA_E_AMBIGUOUS_ARCHIVE, "the number of members of this disk" },
        { 10, 2, is->count, BULLA_E_AMBIGUOUS_ARCHIVE, "the number of members" },
        { 12, 4, is->size, BULLA_E_AMBIGUOUS_ARCHIVE, "the size of the central directory" },
        { 16, 4, is->offset, BULLA_E_AMBIGUOUS_ARCHIVE, "the place of the central directory" },
    };
    bulla_bytes record;
    BU_TRY(take_record(in, END_BYTES, &record, err));
    if (bu_zip_record_of(record) != BU_ZIP_END)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "no end of the archive where it is due");
    *comment = bu_zip_16(record, 20);
    return check_fields(record, fields, sizeof fields / sizeof fields[0], has_end64, err);
}

/* Readers look for the end from behind: what begins like one inside of the comment may be taken. */
static bulla_status read_comment(bu_zip_input *in, size_t len, bulla_error *err)
{
    bulla_bytes comment;
    uint64_t offset = bu_zip_offset(in);
    BU_TRY(bu_zip_at(take_record(in, len, &comment, err), offset, err));
    for (size_t i = 0; i + 4 <= comment.len; i++)
        if (bu_zip_record_of(bu_bytes_from(comment, i)) != BU_ZIP_UNKNOWN)
            return bu_zip_at(
                bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "the comment holds a zip record"),
                offset + i, err);
    return BU_OK;
}

static bulla_status see_end(bu_zip_input *in, bulla_error *err)
{
    bulla_bytes rest;
    BU_TRY(bu_zip_peek(in, 4, &rest, err));
    if (rest.len == 0)
        return BU_OK;
    return bu_zip_record_of(rest) != BU_ZIP_UNKNOWN
               ? bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "another archive follows the end")
               : bu_fail(err, BULLA_E_TRAILING_DATA, "data after the end of the archive");
}

bulla_status bu_zip_end_read(bu_zip_input *in, const bu_zip_directory *is, bulla_error *err)
{
    bulla_bytes head;
    size_t comment;
    uint64_t offset = bu_zip_offset(in);
    BU_TRY(bu_zip_peek(in, 4, &head, err));
    bool has_end64 = bu_zip_record_of(head) == BU_ZIP_END64;
    if (has_end64) {
        BU_TRY(bu_zip_at(read_end64(in, is, err), offset, err));
        BU_TRY(bu_zip_at(read_locator(in, offset, err), offset + END64_BYTES, err));
        offset += END64_BYTES + LOCATOR_BYTES;
    }
    BU_TRY(bu_zip_at(read_end(in, is, has_end64, &comment, err), offset, err));
    BU_TRY(read_comment(in, comment, err));
    return bu_zip_at(see_end(in, err), offset + END_BYTES + comment, err);
}
