/* SPDX-License-Identifier: MIT */
/*
 * Debian binary packages (deb(5)): an ar archive of exactly debian-binary,
 * control.tar and data.tar. Refuses everything that dpkg and apt might read
 * in two ways: other members, a second one, sizes that are not plain digits.
 */
#include "archive/decompress.h"
#include "archive/walk.h"
#include "base/bytes.h"
#include "base/limits.h"

#define AR_HEADER 60u
#define AR_NAME   16u /* its first field */

/* The package, and the one member of it that can be read now, as a source. */
typedef struct deb {
    bu_source member; /* first, so that its address is the source */
    bu_source *inner;
    uint64_t offset; /* in the package */
    uint64_t left;   /* of the member */
    bool is_padded;  /* to an even length */
    char name[AR_NAME + 1];
    uint8_t head[6]; /* the member's first bytes, read ahead ... */
    size_t head_len; /* ... how many there are ... */
    size_t head_at;  /* ... and how many were handed out */
} deb;

/* Put the place into an error just made: so many bytes back from where the package is read. */
static bulla_status at(const deb *d, size_t back, bulla_status status, bulla_error *err)
{
    return bu_at_offset(err, status, d->offset - back);
}

/* Up to `cap` bytes of the package; less only at its end. */
static bulla_status read_up_to(deb *d, uint8_t *buf, size_t cap, size_t *len, bulla_error *err)
{
    size_t n = 1;
    for (*len = 0; *len < cap && n > 0; *len += n)
        BU_TRY(bu_source_read(d->inner, buf + *len, cap - *len, &n, err));
    d->offset += *len;
    return BU_OK;
}

static bulla_status read_exactly(deb *d, uint8_t *buf, size_t count, bulla_error *err)
{
    size_t len;
    BU_TRY(read_up_to(d, buf, count, &len, err));
    if (len < count)
        return at(d, 0, bu_fail(err, BULLA_E_TRUNCATED, "the package ends too early"), err);
    return BU_OK;
}

static bulla_status member_read(bu_source *self, uint8_t *buf, size_t cap, size_t *n,
                                bulla_error *err)
{
    deb *d = (deb *)self;
    size_t ahead = d->head_len - d->head_at;
    if (ahead > 0) {
        *n = ahead < cap ? ahead : cap;
        memcpy(buf, d->head + d->head_at, *n);
        d->head_at += *n;
        return BU_OK;
    }
    *n = d->left < cap ? (size_t)d->left : cap;
    d->left -= *n;
    return read_exactly(d, buf, *n, err);
}

/* Digits, then blanks to the end of the field. */
static bool read_digits(bulla_bytes field, uint64_t *out)
{
    size_t i = 0;
    for (*out = 0; i < field.len && field.ptr[i] >= '0' && field.ptr[i] <= '9'; i++)
        *out = *out * 10 + (uint64_t)(field.ptr[i] - '0'); /* at most 12 digits */
    bool has_digits = i > 0;
    while (i < field.len && field.ptr[i] == ' ')
        i++;
    return has_digits && i == field.len;
}

/* The name up to its blanks; GNU ar puts a slash behind it, which dpkg and apt both take off. */
static void keep_name(deb *d, bulla_bytes field)
{
    while (bu_bytes_ends(field, " "))
        field.len--;
    if (bu_bytes_ends(field, "/"))
        field.len--;
    memcpy(d->name, field.ptr, field.len);
    d->name[field.len] = '\0';
}

static bulla_status parse_header(deb *d, const uint8_t *header, bulla_error *err)
{
    static const struct {
        size_t offset, len;
    } numbers[] = { { 16, 12 }, { 28, 6 }, { 34, 6 }, { 40, 8 }, { 48, 10 } }; /* the last: size */
    keep_name(d, (bulla_bytes){ header, AR_NAME });
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (!read_digits((bulla_bytes){ header + numbers[i].offset, numbers[i].len }, &d->left))
            return at(d, AR_HEADER - numbers[i].offset,
                      bu_fail(err, BULLA_E_BAD_HEADER, "an ar field that is not a number"), err);
    if (memcmp(header + 58, "`\n", 2) != 0)
        return at(d, 2, bu_fail(err, BULLA_E_BAD_HEADER, "an ar header without its end"), err);
    if (d->left > BU_LIMIT_ARCHIVE_BYTES)
        return at(d, AR_HEADER,
                  bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a member of %llu bytes",
                          (unsigned long long)d->left),
                  err);
    d->is_padded = d->left % 2 != 0;
    return BU_OK;
}

/* The next header; `*there` is false at the end of the package. */
static bulla_status next_header(deb *d, bool *there, bulla_error *err)
{
    uint8_t header[AR_HEADER];
    size_t len;
    BU_TRY(read_up_to(d, header, sizeof header, &len, err));
    *there = len > 0;
    if (len > 0 && len < sizeof header)
        return at(d, len, bu_fail(err, BULLA_E_TRUNCATED, "an incomplete ar header"), err);
    return *there ? parse_header(d, header, err) : BU_OK;
}

/* How members may be compressed, and how that begins. */
static const struct {
    const char *suffix;
    const char *magic;
    bool in_control;
} suffixes[] = {
    { "", "", true },
    { ".gz", "\x1F\x8B", true },
    { ".xz", "\xFD\x37zXZ", true },
    { ".zst", "\x28\xB5\x2F\xFD", true },
    { ".bz2", "BZh", false },
    { ".lzma", "\x5D", false },
};

typedef enum slot { DEBIAN_BINARY, CONTROL, DATA, SLOTS, NO_SLOT = SLOTS } slot;
static const char *const slot_names[] = { "debian-binary", "control.tar", "data.tar" };

/* Which of the three a name is; the row of its suffix is in `*suffix`. */
static slot slot_of(bulla_bytes name, size_t *suffix)
{
    *suffix = 0;
    if (bu_bytes_is(name, slot_names[DEBIAN_BINARY]))
        return DEBIAN_BINARY;
    for (slot s = CONTROL; s <= DATA; s++) {
        if (!bu_bytes_starts(name, slot_names[s]))
            continue;
        bulla_bytes rest = bu_bytes_from(name, strlen(slot_names[s]));
        for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
            *suffix = i;
            if (bu_bytes_is(rest, suffixes[i].suffix) && (s == DATA || suffixes[i].in_control))
                return s;
        }
    }
    return NO_SLOT;
}

/* dpkg goes by the name, others by the content: both must say the same. */
static bulla_status read_head(deb *d, size_t suffix, bulla_error *err)
{
    d->head_at = 0;
    d->head_len = d->left < sizeof d->head ? (size_t)d->left : sizeof d->head;
    d->left -= d->head_len;
    BU_TRY(read_exactly(d, d->head, d->head_len, err));
    bulla_bytes head = { d->head, d->head_len };
    if (bu_bytes_starts(head, suffixes[suffix].magic) &&
        (suffix > 0 || bu_compression_of(head) == BU_COMPRESSION_NONE))
        return BU_OK;
    return at(
        d, d->head_len,
        bu_fail(err, BULLA_E_FORMAT_MISMATCH, "%s is not compressed as its name says", d->name),
        err);
}

/* Come to the member that is due. */
static bulla_status expect(deb *d, slot due, bulla_error *err)
{
    bool there;
    size_t suffix;
    BU_TRY(next_header(d, &there, err));
    if (!there)
        return bu_as(err,
                     at(d, 0, bu_fail(err, BULLA_E_MISSING_FILE, "no %s", slot_names[due]), err),
                     BULLA_EXIT_MALFORMED);
    slot found = slot_of(bu_bytes_of(d->name), &suffix);
    if (found == due)
        return due == DEBIAN_BINARY ? BU_OK : read_head(d, suffix, err);
    bulla_status status = found < due
                              ? bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a second %s", d->name)
                              : bu_fail(err, BULLA_E_BAD_HEADER, "a member out of its place");
    bu_expected(err, status, bu_bytes_of(slot_names[due]), bu_bytes_of(d->name));
    return at(d, AR_HEADER, status, err);
}

static bulla_status end_member(deb *d, bulla_error *err)
{
    uint8_t padding;
    if (!d->is_padded)
        return BU_OK;
    BU_TRY(read_exactly(d, &padding, 1, err));
    if (padding != '\n')
        return at(d, 1, bu_fail(err, BULLA_E_BAD_HEADER, "an ar member with wrong padding"), err);
    return BU_OK;
}

static bulla_status read_version(deb *d, bulla_error *err)
{
    uint8_t magic[8], version[4];
    BU_TRY(read_exactly(d, magic, sizeof magic, err));
    if (memcmp(magic, "!<arch>\n", sizeof magic) != 0)
        return at(d, sizeof magic, bu_fail(err, BULLA_E_FORMAT_MISMATCH, "not an ar archive"), err);
    BU_TRY(expect(d, DEBIAN_BINARY, err));
    bool fits = d->left == sizeof version;
    if (fits)
        BU_TRY(read_exactly(d, version, sizeof version, err));
    if (!fits || memcmp(version, "2.0\n", sizeof version) != 0)
        return at(d, fits ? sizeof version : 0,
                  bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "not a package of version 2.0"), err);
    return end_member(d, err);
}

static bulla_status walk_control(deb *d, const bu_walk_visitor *visitor, bulla_error *err)
{
    BU_TRY(expect(d, CONTROL, err));
    BU_TRY(bu_within(err, bu_walk_tar(&d->member, visitor, err), "%s", d->name));
    return end_member(d, err);
}

static bulla_status pass_data(deb *d, bulla_error *err)
{
    BU_TRY(expect(d, DATA, err));
    BU_FREE uint8_t *scratch = malloc(BU_IO_CHUNK);
    if (scratch == NULL)
        return bu_no_memory(err);
    for (size_t n = 1; n > 0;)
        BU_TRY(member_read(&d->member, scratch, BU_IO_CHUNK, &n, err));
    return end_member(d, err);
}

static bulla_status see_end(deb *d, bulla_error *err)
{
    uint8_t header[AR_HEADER] = { 0 };
    size_t len, suffix;
    BU_TRY(read_up_to(d, header, sizeof header, &len, err));
    if (len == 0)
        return BU_OK;
    keep_name(d, (bulla_bytes){ header, AR_NAME });
    bulla_status status =
        slot_of(bu_bytes_of(d->name), &suffix) == NO_SLOT
            ? bu_fail(err, BULLA_E_TRAILING_DATA, "data after the package's last member")
            : bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a second %s", d->name);
    return at(d, len, status, err);
}

bulla_status bu_walk_deb(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    deb d = { .member = { member_read }, .inner = source };
    BU_TRY(read_version(&d, err));
    BU_TRY(walk_control(&d, visitor, err));
    BU_TRY(pass_data(&d, err));
    return see_end(&d, err);
}
