/* SPDX-License-Identifier: MIT */
/*
 * RPM headers: 16 bytes of intro, 16 bytes an index entry (tag, type, offset,
 * count; big-endian), then the store.
 */
#include "archive/rpm_header.h"

#include "base/limits.h"

#define ENTRY_SIZE  16u
#define MAX_ENTRIES 65536u

typedef enum value_type {
    CHAR = 1,
    INT8,
    INT16,
    INT32,
    INT64,
    TEXT,
    BINARY,
    TEXTS,
    I18N_TEXTS,
} value_type;

typedef struct entry {
    uint32_t tag, type, offset, count;
} entry;

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static entry entry_at(const uint8_t *p)
{
    return (entry){ big_endian(p), big_endian(p + 4), big_endian(p + 8), big_endian(p + 12) };
}

bulla_status bu_rpm_header_size(bulla_bytes intro, uint64_t *out, bulla_error *err)
{
    if (intro.len < BU_RPM_INTRO || memcmp(intro.ptr, "\x8E\xAD\xE8\x01\0\0\0\0", 8) != 0)
        return bu_fail(err, BULLA_E_BAD_HEADER, "not an RPM header of version 1");
    uint32_t count = big_endian(intro.ptr + 8), bytes = big_endian(intro.ptr + 12);
    if (count > MAX_ENTRIES || bytes > BU_LIMIT_METADATA_BYTES * 4)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "an RPM header of %u entries and %u bytes",
                       count, bytes);
    if (count == 0)
        return bu_fail(err, BULLA_E_BAD_HEADER, "an RPM header without entries");
    *out = BU_RPM_INTRO + (uint64_t)count * ENTRY_SIZE + bytes;
    return BU_OK;
}

/* Bytes of `count` texts from `offset` on, each with its NUL; 0 when they do not end. */
static uint64_t texts_size(bulla_bytes store, const entry *e)
{
    bulla_bytes rest = bu_bytes_from(store, e->offset);
    for (uint32_t i = 0; i < e->count; i++) {
        size_t end = bu_bytes_find(rest, '\0');
        if (end == rest.len)
            return 0;
        rest = bu_bytes_from(rest, end + 1);
    }
    return store.len - e->offset - rest.len;
}

/* Bytes that a value takes in the store; 0 is never right. */
static uint64_t value_size(bulla_bytes store, const entry *e)
{
    static const uint32_t sizes[] = {
        [CHAR] = 1, [INT8] = 1, [INT16] = 2, [INT32] = 4, [INT64] = 8, [BINARY] = 1
    };
    if (e->type == TEXT || e->type == TEXTS || e->type == I18N_TEXTS)
        return e->type == TEXT && e->count != 1 ? 0 : texts_size(store, e);
    if (e->type >= sizeof sizes / sizeof sizes[0])
        return 0;
    return e->offset % (sizes[e->type] == 0 ? 1 : sizes[e->type]) != 0
               ? 0
               : (uint64_t)sizes[e->type] * e->count;
}

static bulla_status refuse(size_t index, bulla_code code, const char *why, bulla_error *err)
{
    return bu_at_offset(err, bu_fail(err, code, "%s", why), BU_RPM_INTRO + index * ENTRY_SIZE);
}

/* In front stands the region: its trailer, in the store, says how many entries it covers. */
static bulla_status check_region(const bu_rpm_header *h, bulla_error *err)
{
    entry region = entry_at(h->index.ptr);
    bool fits = (region.tag == BU_RPM_SIGNATURES || region.tag == BU_RPM_IMMUTABLE) &&
                region.type == BINARY && region.count == ENTRY_SIZE &&
                region.offset <= h->store.len && h->store.len - region.offset == ENTRY_SIZE;
    if (!fits)
        return refuse(0, BULLA_E_BAD_HEADER, "no region covers the header", err);
    entry trailer = entry_at(h->store.ptr + region.offset);
    if (trailer.tag != region.tag || trailer.type != BINARY || trailer.count != ENTRY_SIZE ||
        trailer.offset != (uint32_t) - (int32_t)(h->count * ENTRY_SIZE))
        return refuse(0, BULLA_E_BAD_HEADER, "the region covers a part of the header", err);
    return BU_OK;
}

/* Tags rise, and values follow each other in the same order: so rpm writes them. */
static bulla_status check_entries(const bu_rpm_header *h, bulla_error *err)
{
    uint64_t end = 0;
    uint32_t last = 0;
    for (size_t i = 1; i < h->count; i++) {
        entry e = entry_at(h->index.ptr + i * ENTRY_SIZE);
        if (e.tag == last)
            return refuse(i, BULLA_E_DUPLICATE_ENTRY, "the same tag twice", err);
        if (e.tag < last)
            return refuse(i, BULLA_E_BAD_HEADER, "tags out of order", err);
        uint64_t size = e.offset < h->store.len ? value_size(h->store, &e) : 0;
        if (size == 0 || size > h->store.len - e.offset)
            return refuse(i, BULLA_E_BAD_HEADER, "a value that is not in the store", err);
        if (e.offset < end)
            return refuse(i, BULLA_E_OVERLAP, "values that share bytes", err);
        end = e.offset + size;
        last = e.tag;
    }
    return BU_OK;
}

bulla_status bu_rpm_header_open(bulla_bytes bytes, bu_rpm_header *out, bulla_error *err)
{
    uint64_t size;
    BU_TRY(bu_rpm_header_size(bytes, &size, err));
    if (size != bytes.len)
        return bu_fail(err, BULLA_E_BAD_HEADER, "not the size that the header states");
    bu_rpm_header h = { .count = big_endian(bytes.ptr + 8) };
    h.index = (bulla_bytes){ bytes.ptr + BU_RPM_INTRO, (size_t)h.count * ENTRY_SIZE };
    h.store = bu_bytes_from(bytes, BU_RPM_INTRO + h.index.len);
    BU_TRY(check_region(&h, err));
    BU_TRY(check_entries(&h, err));
    *out = h;
    return BU_OK;
}

static bool find(const bu_rpm_header *h, bu_rpm_tag tag, entry *out)
{
    for (size_t i = 1; i < h->count; i++) {
        *out = entry_at(h->index.ptr + i * ENTRY_SIZE);
        if (out->tag == (uint32_t)tag)
            return true;
    }
    return false;
}

static bulla_status wrong_type(bu_rpm_tag tag, bulla_error *err)
{
    return bu_fail(err, BULLA_E_TYPE_MISMATCH, "tag %d has a value of another type", (int)tag);
}

bulla_status bu_rpm_text(const bu_rpm_header *header, bu_rpm_tag tag, bulla_bytes *out,
                         bulla_error *err)
{
    entry e;
    *out = (bulla_bytes){ 0 };
    if (!find(header, tag, &e))
        return BU_OK;
    if (e.type != TEXT && e.type != TEXTS && e.type != I18N_TEXTS)
        return wrong_type(tag, err);
    bulla_bytes rest = bu_bytes_from(header->store, e.offset);
    *out = bu_bytes_first(rest, bu_bytes_find(rest, '\0'));
    return BU_OK;
}

bulla_status bu_rpm_number(const bu_rpm_header *header, bu_rpm_tag tag, bool *there, uint32_t *out,
                           bulla_error *err)
{
    entry e;
    *there = find(header, tag, &e);
    *out = 0;
    if (!*there)
        return BU_OK;
    if (e.type != INT32 || e.count != 1)
        return wrong_type(tag, err);
    *out = big_endian(header->store.ptr + e.offset);
    return BU_OK;
}
