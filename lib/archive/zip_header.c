/* SPDX-License-Identifier: MIT */
/*
 * Local and central headers of zip members and their extra fields (PKWARE
 * APPNOTE.TXT 4.3.7, 4.3.9, 4.3.12, 4.4.4, 4.5.3; Info-ZIP's Unicode path).
 */
#include "archive/zip_header.h"

#include <isa-l/crc.h>

#include "archive/zip_number.h"
#include "base/bytes.h"

#define LOCAL_BYTES   30u
#define CENTRAL_BYTES 46u

#define LOCATOR_BYTES 20u /* readers look for it right before the end, whether it is due or not */

#define ALL_ONES_32 UINT32_MAX /* "see the zip64 field" */

/* Bits of the flags (4.4.4). */
#define ENCRYPTED    0x0001u
#define STREAMED     0x0008u
#define UTF8         0x0800u
#define KNOWN_FLAGS  (STREAMED | UTF8 | 0x0006u) /* and how hard deflate tried */
#define EXTRA_ZIP64  0x0001u
#define EXTRA_UPATH  0x7075u
#define UPATH_HEADER 5u /* its version and a CRC of the name */

bu_zip_record bu_zip_record_of(bulla_bytes head)
{
    static const struct {
        const char *magic;
        bu_zip_record record;
    } rows[] = {
        { "PK\3\4", BU_ZIP_LOCAL },     { "PK\1\2", BU_ZIP_CENTRAL },
        { "PK\5\6", BU_ZIP_END },       { "PK\6\6", BU_ZIP_END64 },
        { "PK\6\7", BU_ZIP_LOCATOR64 }, { "PK\7\10", BU_ZIP_DESCRIPTOR },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_starts(head, rows[i].magic))
            return rows[i].record;
    return BU_ZIP_UNKNOWN;
}

bulla_status bu_zip_at(bulla_status status, uint64_t offset, bulla_error *err)
{
    bool has_place =
        bulla_ok(status) || status.code == BULLA_E_NO_MEMORY || status.code == BULLA_E_UNREADABLE;
    return has_place ? status : bu_at_offset(err, status, offset);
}

bool bu_zip_is_streamed(const bu_zip_header *header)
{
    return (header->flags & STREAMED) != 0;
}

/* ---- extra fields ---- */

/* The two that change what a header says; empty when they are not there. */
typedef struct extras {
    bool has_zip64, has_upath;
    bulla_bytes zip64, upath;
} extras;

static bulla_status keep_extra(bool *there, bulla_bytes *out, bulla_bytes value, bulla_error *err)
{
    if (*there)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "an extra field twice");
    *there = true;
    *out = value;
    return BU_OK;
}

static bulla_status read_extras(bulla_bytes all, extras *out, bulla_error *err)
{
    *out = (extras){ 0 };
    while (all.len > 0) {
        if (all.len < 4 || bu_zip_16(all, 2) > all.len - 4)
            return bu_fail(err, BULLA_E_BAD_HEADER, "an extra field that does not fit");
        unsigned id = bu_zip_16(all, 0);
        bulla_bytes value = { all.ptr + 4, bu_zip_16(all, 2) };
        if (id == EXTRA_ZIP64)
            BU_TRY(keep_extra(&out->has_zip64, &out->zip64, value, err));
        if (id == EXTRA_UPATH)
            BU_TRY(keep_extra(&out->has_upath, &out->upath, value, err));
        all = bu_bytes_from(all, 4 + value.len);
    }
    return BU_OK;
}

/*
 * APPNOTE 4.5.3: a number "MUST only appear if the corresponding ... field is set to 0xFFFF or
 * 0xFFFFFFFF", in this order. Readers that go by the place of a number and those that go by the
 * rule would take different ones when there are more.
 */
static bulla_status resolve_zip64(const extras *e, uint64_t *const *fields, size_t count,
                                  bulla_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (*fields[i] != ALL_ONES_32)
            continue;
        if (!e->has_zip64 || e->zip64.len - at < 8)
            return bu_fail(err, BULLA_E_BAD_HEADER, "a size without its zip64 field");
        *fields[i] = bu_zip_64(e->zip64, at);
        at += 8;
    }
    if (at != e->zip64.len)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a zip64 field with more than is missing");
    return BU_OK;
}

/*
 * Ant writes both sizes into local headers that have them already, the packed one sometimes wrong:
 * every reader goes by the header then, and the size of the content is the same in both.
 */
static bool is_needless(const extras *e, const bu_zip_header *h)
{
    return h->size != ALL_ONES_32 && h->packed != ALL_ONES_32 && !bu_zip_is_streamed(h) &&
           e->zip64.len == 16 && bu_zip_64(e->zip64, 0) == h->size;
}

static bool is_ascii(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* A name has one reading: marked as UTF-8, or ASCII; its Unicode form is the same text. */
static bulla_status check_name(const bu_zip_header *h, const extras *e, bulla_error *err)
{
    if ((h->flags & UTF8) == 0 && !is_ascii(h->name))
        return bu_fail(err, BULLA_E_BAD_ENCODING,
                       "a name that is not ASCII and not marked as UTF-8");
    if (!e->has_upath)
        return BU_OK;
    bool fits = e->upath.len >= UPATH_HEADER && e->upath.ptr[0] == 1 &&
                bu_zip_32(e->upath, 1) == crc32_gzip_refl(0, h->name.ptr, h->name.len);
    if (!fits || !bu_bytes_equal(bu_bytes_from(e->upath, UPATH_HEADER), h->name))
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "its Unicode path is another name");
    return BU_OK;
}

/* ---- headers ---- */

static bulla_status check_features(const bu_zip_header *h, bulla_error *err)
{
    if ((h->flags & ENCRYPTED) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "an encrypted member");
    if ((h->flags & ~KNOWN_FLAGS) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "flags 0x%04x", h->flags);
    if (h->method != BU_ZIP_STORED && h->method != BU_ZIP_DEFLATED)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "compression method %u", h->method);
    if (h->method == BU_ZIP_STORED && bu_zip_is_streamed(h))
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "a stored member whose size comes behind its content");
    if (h->method == BU_ZIP_STORED && h->packed != h->size)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a stored member with two sizes");
    return BU_OK;
}

/* What local and central headers have alike: flags, method, CRC, sizes, lengths. */
static void read_common(bulla_bytes fields, bu_zip_header *out)
{
    *out = (bu_zip_header){
        .flags = bu_zip_16(fields, 0),
        .method = bu_zip_16(fields, 2),
        .crc = bu_zip_32(fields, 8),
        .packed = bu_zip_32(fields, 12),
        .size = bu_zip_32(fields, 16),
    };
}

/* The whole record: `fixed` bytes, then what the three lengths at `lengths` (or two) say. */
static bulla_status peek_record(bu_zip_input *in, size_t fixed, size_t lengths, size_t count,
                                bulla_bytes *out, bulla_error *err)
{
    size_t whole = fixed;
    BU_TRY(bu_zip_peek(in, fixed, out, err));
    for (size_t i = 0; i < count && out->len == fixed; i++)
        whole += bu_zip_16(*out, lengths + 2 * i);
    BU_TRY(bu_zip_peek(in, whole, out, err));
    return out->len < whole ? bu_fail(err, BULLA_E_TRUNCATED, "an incomplete header") : BU_OK;
}

static bulla_status parse_local(bu_zip_input *in, bu_zip_header *out, bulla_error *err)
{
    bulla_bytes all;
    extras e;
    BU_TRY(peek_record(in, LOCAL_BYTES, 26, 2, &all, err));
    read_common(bu_bytes_from(all, 6), out);
    out->name = bu_bytes_first(bu_bytes_from(all, LOCAL_BYTES), bu_zip_16(all, 26));
    BU_TRY(read_extras(bu_bytes_from(all, LOCAL_BYTES + out->name.len), &e, err));
    if (!is_needless(&e, out))
        BU_TRY(resolve_zip64(&e, (uint64_t *[]){ &out->size, &out->packed }, 2, err));
    BU_TRY(check_name(out, &e, err));
    BU_TRY(check_features(out, err));
    out->is_zip64 = e.has_zip64;
    bu_zip_skip(in, all.len);
    return BU_OK;
}

static bulla_status parse_central(bu_zip_input *in, bu_zip_header *out, bulla_error *err)
{
    bulla_bytes all;
    extras e;
    BU_TRY(peek_record(in, CENTRAL_BYTES, 28, 3, &all, err));
    read_common(bu_bytes_from(all, 8), out);
    out->host = all.ptr[5];
    out->attributes = bu_zip_32(all, 38);
    out->offset = bu_zip_32(all, 42);
    size_t extra_len = bu_zip_16(all, 30);
    out->name = bu_bytes_first(bu_bytes_from(all, CENTRAL_BYTES), bu_zip_16(all, 28));
    bulla_bytes extra =
        bu_bytes_first(bu_bytes_from(all, CENTRAL_BYTES + out->name.len), extra_len);
    BU_TRY(read_extras(extra, &e, err));
    BU_TRY(resolve_zip64(&e, (uint64_t *[]){ &out->size, &out->packed, &out->offset }, 3, err));
    BU_TRY(check_name(out, &e, err));
    BU_TRY(check_features(out, err));
    if (bu_zip_record_of(bu_bytes_from(all, all.len - LOCATOR_BYTES)) == BU_ZIP_LOCATOR64)
        return bu_fail(err, BULLA_E_AMBIGUOUS_ARCHIVE, "a header that ends as a zip64 locator");
    if (bu_zip_16(all, 34) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a member on another disk");
    bu_zip_skip(in, all.len);
    return BU_OK;
}

bulla_status bu_zip_local_read(bu_zip_input *in, bu_zip_header *out, bulla_error *err)
{
    uint64_t offset = bu_zip_offset(in);
    return bu_zip_at(parse_local(in, out, err), offset, err);
}

bulla_status bu_zip_central_read(bu_zip_input *in, bu_zip_header *out, bulla_error *err)
{
    uint64_t offset = bu_zip_offset(in);
    return bu_zip_at(parse_central(in, out, err), offset, err);
}

/* "Although not originally assigned a signature", most write one (4.3.9.3). */
bulla_status bu_zip_descriptor_read(bu_zip_input *in, bu_zip_header *header, bulla_error *err)
{
    bulla_bytes all;
    uint64_t offset = bu_zip_offset(in);
    size_t width = header->is_zip64 ? 8 : 4;
    BU_TRY(bu_zip_peek(in, 4, &all, err));
    size_t at = bu_zip_record_of(all) == BU_ZIP_DESCRIPTOR ? 4 : 0;
    size_t whole = at + 4 + 2 * width;
    BU_TRY(bu_zip_peek(in, whole, &all, err));
    if (all.len < whole)
        return bu_zip_at(bu_fail(err, BULLA_E_TRUNCATED, "an incomplete data descriptor"), offset,
                         err);
    header->crc = bu_zip_32(all, at);
    header->packed = width == 8 ? bu_zip_64(all, at + 4) : bu_zip_32(all, at + 4);
    header->size = width == 8 ? bu_zip_64(all, at + 12) : bu_zip_32(all, at + 8);
    bu_zip_skip(in, whole);
    return BU_OK;
}
