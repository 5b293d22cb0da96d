/* SPDX-License-Identifier: MIT */
/*
 * Numbers in zip records: little-endian, at a place that the caller has seen
 * to be there.
 */
#ifndef BU_ARCHIVE_ZIP_NUMBER_H
#define BU_ARCHIVE_ZIP_NUMBER_H

#include "bulla/bytes.h"

static inline uint64_t bu_zip_number(bulla_bytes record, size_t at, size_t width)
{
    uint64_t value = 0;
    for (size_t i = width; i-- > 0 && at + width <= record.len;)
        value = value << 8 | record.ptr[at + i];
    return value;
}

static inline uint16_t bu_zip_16(bulla_bytes record, size_t at)
{
    return (uint16_t)bu_zip_number(record, at, 2);
}

static inline uint32_t bu_zip_32(bulla_bytes record, size_t at)
{
    return (uint32_t)bu_zip_number(record, at, 4);
}

static inline uint64_t bu_zip_64(bulla_bytes record, size_t at)
{
    return bu_zip_number(record, at, 8);
}

#endif
