/* SPDX-License-Identifier: MIT */
/*
 * Header blocks (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual,
 * "Basic Tar Format"). Checked is what decides which bytes are which member;
 * owner, mode and times are not: no reader finds members by them.
 */
#include "archive/tar_header.h"

#include "base/bytes.h"
#include "base/limits.h"

typedef struct field {
    size_t offset, len;
} field;

static const field name_field = { 0, 100 };
static const field size_field = { 124, 12 };
static const field checksum_field = { 148, 8 };
static const field type_field = { 156, 1 };
static const field link_field = { 157, 100 };
static const field magic_field = { 257, 8 };
static const field prefix_field = { 345, 155 };
static const field times_field = { 476, 24 }; /* in the prefix: node-tar keeps two times there */
static const field unused_field = { 500, 12 };

static bulla_bytes take(const uint8_t *block, field f)
{
    return (bulla_bytes){ block + f.offset, f.len };
}

bool bu_tar_block_is_zero(const uint8_t *block)
{
    static const uint8_t zero[BU_TAR_BLOCK];
    return block[0] == 0 && memcmp(block, zero, BU_TAR_BLOCK) == 0;
}

static bool is_zero(bulla_bytes bytes)
{
    uint8_t any = 0;
    for (size_t i = 0; i < bytes.len; i++)
        any |= bytes.ptr[i];
    return any == 0;
}

/* Octal digits, blanks and NULs. */
static bool is_numeric(bulla_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (memchr("01234567 ", bytes.ptr[i], sizeof "01234567 ") == NULL)
            return false;
    return true;
}

static bulla_status fail_at(bulla_error *err, field f, bulla_status status)
{
    return bu_at_offset(err, status, f.offset);
}

/* Blanks, octal digits, then blanks or NULs to the end: all that every reader takes alike. */
static bool read_octal(bulla_bytes bytes, uint64_t *out)
{
    size_t i = 0;
    uint64_t value = 0;
    while (i < bytes.len && bytes.ptr[i] == ' ')
        i++;
    size_t first = i;
    for (; i < bytes.len && bytes.ptr[i] >= '0' && bytes.ptr[i] <= '7'; i++)
        value = value << 3 | (uint64_t)(bytes.ptr[i] - '0'); /* at most 12 digits, 36 bits */
    bool has_digits = i > first;
    while (i < bytes.len && (bytes.ptr[i] == ' ' || bytes.ptr[i] == '\0'))
        i++;
    *out = value;
    return has_digits && i == bytes.len;
}

/* The sum of all bytes, with the checksum's own counted as blanks. */
static uint64_t checksum_of(const uint8_t *block)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < BU_TAR_BLOCK; i++)
        sum += block[i];
    for (size_t i = 0; i < checksum_field.len; i++)
        sum += ' ' - (uint32_t)block[checksum_field.offset + i];
    return sum;
}

bool bu_tar_checksum_fits(const uint8_t *block)
{
    uint64_t stored;
    return read_octal(take(block, checksum_field), &stored) && stored == checksum_of(block);
}

static bulla_status read_size(const uint8_t *block, uint64_t *out, bulla_error *err)
{
    bulla_bytes text = take(block, size_field);
    if (!read_octal(text, out))
        return fail_at(err, size_field,
                       bu_fail(err, BULLA_E_BAD_HEADER, "the size is not an octal number"));
    if (*out > BU_LIMIT_INFLATED_BYTES)
        return fail_at(err, size_field,
                       bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a member of %llu bytes",
                               (unsigned long long)*out));
    return BU_OK;
}

/* What a type flag means: a type, or a reason to refuse it. */
static const struct {
    char flag;
    bu_tar_type type;
    const char *refused;
} types[] = {
    { '0', .type = BU_TAR_FILE },        { '\0', .type = BU_TAR_FILE }, /* before POSIX */
    { '1', .type = BU_TAR_HARDLINK },    { '2', .type = BU_TAR_LINK },
    { '5', .type = BU_TAR_FOLDER },      { 'x', .type = BU_TAR_PAX },
    { 'g', .type = BU_TAR_PAX_GLOBAL },  { 'L', .type = BU_TAR_LONG_NAME },
    { 'K', .type = BU_TAR_LONG_LINK },   { '3', .type = BU_TAR_SPECIAL }, /* a character device, */
    { '4', .type = BU_TAR_SPECIAL },                                      /* a block device, */
    { '6', .type = BU_TAR_SPECIAL },                                      /* a FIFO */
    { 'S', .refused = "a sparse file" }, { 'M', .refused = "a part of a multi-volume archive" },
};

static bulla_status read_type(const uint8_t *block, bu_tar_type *out, bulla_error *err)
{
    char flag = (char)block[type_field.offset];
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].flag != flag)
            continue;
        *out = types[i].type;
        if (types[i].refused == NULL)
            return BU_OK;
        return fail_at(err, type_field,
                       bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "%s", types[i].refused));
    }
    return fail_at(err, type_field,
                   bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "unknown member type '%c'", flag));
}

/* Up to the first NUL, after which nothing but `rest` may stand: some readers go on there. */
static bulla_status read_text(const uint8_t *block, field f, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes whole = take(block, f);
    *out = bu_bytes_first(whole, bu_bytes_find(whole, '\0'));
    if (is_zero(bu_bytes_from(whole, out->len)))
        return BU_OK;
    return fail_at(err, f, bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "text after the end of a name"));
}

/* node-tar writes two times over the end of the prefix; the prefix then ends before them. */
static bool keeps_times_in_prefix(const uint8_t *block)
{
    return block[times_field.offset - 1] == '\0' && is_numeric(take(block, times_field));
}

static bulla_status read_prefix(const uint8_t *block, bulla_bytes *out, bulla_error *err)
{
    field f = prefix_field;
    if (keeps_times_in_prefix(block))
        f.len = times_field.offset - f.offset;
    return read_text(block, f, out, err);
}

/* GNU's and the old header have no prefix, but some readers look there all the same. */
static bulla_status read_no_prefix(const uint8_t *block, bulla_bytes *out, bulla_error *err)
{
    *out = (bulla_bytes){ 0 };
    if (is_zero(take(block, prefix_field)))
        return BU_OK;
    return fail_at(
        err, prefix_field,
        bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a name prefix in a header that has none"));
}

static const struct {
    bulla_bytes magic;
    bulla_status (*read_prefix)(const uint8_t *block, bulla_bytes *out, bulla_error *err);
} variants[] = {
    { { (const uint8_t *)"ustar\00000", 8 }, read_prefix },
    { { (const uint8_t *)"ustar  \0", 8 }, read_no_prefix },
    { { (const uint8_t *)"\0\0\0\0\0\0\0\0", 8 }, read_no_prefix },
};

static bulla_status read_variant(const uint8_t *block, bulla_bytes *prefix, bulla_error *err)
{
    bulla_bytes magic = take(block, magic_field);
    if (!is_zero(take(block, unused_field)))
        return fail_at(err, unused_field,
                       bu_fail(err, BULLA_E_BAD_HEADER, "data after the last header field"));
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (bu_bytes_equal(magic, variants[i].magic))
            return variants[i].read_prefix(block, prefix, err);
    return fail_at(err, magic_field, bu_fail(err, BULLA_E_BAD_HEADER, "unknown tar format"));
}

static void join_name(bulla_bytes prefix, bulla_bytes name, bu_tar_header *out)
{
    out->name_len = 0;
    if (prefix.len > 0) {
        memcpy(out->name, prefix.ptr, prefix.len);
        out->name[prefix.len] = '/';
        out->name_len = prefix.len + 1;
    }
    memcpy(out->name + out->name_len, name.ptr, name.len);
    out->name_len += name.len;
}

bulla_status bu_tar_header_read(const uint8_t *block, bu_tar_header *out, bulla_error *err)
{
    bulla_bytes prefix, name;
    if (!bu_tar_checksum_fits(block))
        return fail_at(err, checksum_field,
                       bu_fail(err, BULLA_E_CHECKSUM, "the checksum of a header is wrong"));
    BU_TRY(read_type(block, &out->type, err));
    BU_TRY(read_size(block, &out->size, err));
    BU_TRY(read_variant(block, &prefix, err));
    BU_TRY(read_text(block, name_field, &name, err));
    BU_TRY(read_text(block, link_field, &out->link, err));
    join_name(prefix, name, out);
    return BU_OK;
}
