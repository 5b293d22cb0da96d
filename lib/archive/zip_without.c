/* SPDX-License-Identifier: MIT */
/*
 * Everything but the member is hashed as it goes by; the few numbers that would
 * be others are put in their place.
 */
#include "archive/zip_without.h"

#include "archive/zip_number.h"
#include "base/bytes.h"

#define END_BYTES     22u
#define CENTRAL_PLACE 42u /* where a central header says where the local one is */

bulla_status bu_zip_without_init(bu_zip_without *without, bu_zip_input *in, bulla_bytes name,
                                 bu_algs algs, bulla_error *err)
{
    *without = (bu_zip_without){ .in = in, .name = name };
    if (name.len == 0)
        return BU_OK;
    BU_TRY(bu_hasher_new(&without->hasher, err));
    BU_TRY(bu_hasher_start(without->hasher, algs, err));
    in->hasher = without->hasher;
    in->is_hashed = true;
    return BU_OK;
}

void bu_zip_without_clear(bu_zip_without *without)
{
    bu_hasher_free(without->hasher);
    *without = (bu_zip_without){ 0 };
}

/* Bytes are hashed only at a mark or when they leave the window, so there is time until here. */
bulla_status bu_zip_without_local(bu_zip_without *without, bulla_bytes name, uint64_t offset,
                                  bulla_error *err)
{
    bu_zip_input *in = without->in;
    if (without->hasher == NULL || without->found || !bu_bytes_equal(name, without->name))
        return BU_OK;
    size_t size = (size_t)(bu_zip_offset(in) - offset);
    without->found = true;
    without->offset = offset;
    in->at -= size;
    BU_TRY(bu_zip_mark(in, false, err));
    in->at += size;
    return BU_OK;
}

bulla_status bu_zip_without_member(bu_zip_without *without, uint64_t offset, bulla_error *err)
{
    if (without->hasher == NULL || !without->found || without->offset != offset)
        return BU_OK;
    without->size = bu_zip_offset(without->in) - offset;
    return bu_zip_mark(without->in, true, err);
}

static void put_number(uint8_t *at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

bulla_status bu_zip_without_central(bu_zip_without *without, const bu_zip_header *header,
                                    uint64_t offset, bulla_error *err)
{
    bu_zip_input *in = without->in;
    uint8_t place[4];
    if (without->hasher == NULL)
        return BU_OK;
    size_t size = (size_t)(bu_zip_offset(in) - offset);
    const bulla_bytes record = { in->bytes + in->at - size, size };
    bool is_behind = without->found && header->offset > without->offset;
    in->at -= size;
    BU_TRY(bu_zip_mark(in, false, err));
    in->at += size;
    if (without->found && header->offset == without->offset) {
        without->header_size = size;
        return bu_zip_mark(in, true, err);
    }
    put_number(place, header->offset - (is_behind ? without->size : 0), sizeof place);
    BU_TRY(bu_hasher_add(without->hasher, bu_bytes_first(record, CENTRAL_PLACE), err));
    BU_TRY(bu_hasher_add(without->hasher, (bulla_bytes){ place, sizeof place }, err));
    BU_TRY(
        bu_hasher_add(without->hasher, bu_bytes_from(record, CENTRAL_PLACE + sizeof place), err));
    return bu_zip_mark(in, true, err);
}

/* Numbers that are too small are refused when the end is read. */
static void shrink(uint8_t *record, size_t at, size_t width, uint64_t by)
{
    put_number(record + at, bu_zip_number((bulla_bytes){ record, END_BYTES }, at, width) - by,
               width);
}

bulla_status bu_zip_without_end(bu_zip_without *without, bulla_error *err)
{
    bulla_bytes all;
    uint8_t record[END_BYTES];
    if (without->hasher == NULL || !without->found)
        return BU_OK;
    BU_TRY(bu_zip_mark(without->in, false, err));
    BU_TRY(bu_zip_peek(without->in, END_BYTES + UINT16_MAX, &all, err));
    without->found = all.len >= END_BYTES && bu_zip_record_of(all) == BU_ZIP_END;
    if (!without->found)
        return BU_OK;
    memcpy(record, all.ptr, sizeof record);
    shrink(record, 8, 2, 1);
    shrink(record, 10, 2, 1);
    shrink(record, 12, 4, without->header_size);
    shrink(record, 16, 4, without->size);
    BU_TRY(bu_hasher_add(without->hasher, (bulla_bytes){ record, sizeof record }, err));
    return bu_hasher_add(without->hasher, bu_bytes_from(all, END_BYTES), err);
}

bulla_status bu_zip_without_finish(bu_zip_without *without, bulla_digest_set *out, bulla_error *err)
{
    *out = (bulla_digest_set){ 0 };
    if (without->hasher == NULL || !without->found)
        return BU_OK;
    return bu_hasher_finish(without->hasher, out, err);
}
