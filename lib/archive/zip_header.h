/* SPDX-License-Identifier: MIT */
/*
 * The records of a zip archive (PKWARE APPNOTE.TXT 6.3, sections 4.3 and 4.5):
 * local and central headers, data descriptors, the end. Each is read strictly;
 * what two records say of one member is held together by the walk.
 */
#ifndef BU_ARCHIVE_ZIP_HEADER_H
#define BU_ARCHIVE_ZIP_HEADER_H

#include "archive/zip_input.h"

typedef enum bu_zip_record {
    BU_ZIP_UNKNOWN,
    BU_ZIP_LOCAL,
    BU_ZIP_CENTRAL,
    BU_ZIP_END,
    BU_ZIP_END64,
    BU_ZIP_LOCATOR64,
    BU_ZIP_DESCRIPTOR, /* also what a split archive begins with */
} bu_zip_record;

/** What record begins with these 4 bytes. */
bu_zip_record bu_zip_record_of(bulla_bytes head);

/** The place of a failure, unless it is about the machine. Returns `status`. */
bulla_status bu_zip_at(bulla_status status, uint64_t offset, bulla_error *err);

#define BU_ZIP_STORED   0
#define BU_ZIP_DEFLATED 8

typedef struct bu_zip_header {
    uint16_t flags, method;
    uint32_t crc;
    uint64_t packed, size; /* zip64 resolved */
    bulla_bytes name;
    bool is_zip64; /* has sizes of 8 bytes */
    /* central only */
    uint8_t host;        /* that its attributes are of */
    uint32_t attributes; /* external */
    uint64_t offset;     /* of the local header */
} bu_zip_header;

/** "general purpose bit 3": CRC and sizes follow the content. */
bool bu_zip_is_streamed(const bu_zip_header *header);

/**
 * Read the record that comes next, and go behind it; views are valid until the next read.
 * Fail with truncated, bad-header (fields that contradict themselves, extra fields that do not fit),
 * ambiguous-archive (an extension twice, or a Unicode name that is not the name), bad-encoding (a
 * name that is not ASCII and not marked as UTF-8), unsupported-feature (encryption, other methods,
 * patches, several disks); with the record's offset.
 */
BULLA_MUST_USE bulla_status bu_zip_local_read(bu_zip_input *in, bu_zip_header *out,
                                              bulla_error *err);
BULLA_MUST_USE bulla_status bu_zip_central_read(bu_zip_input *in, bu_zip_header *out,
                                                bulla_error *err);

/** Read what follows streamed content into `crc`, `packed` and `size` of `header`. */
BULLA_MUST_USE bulla_status bu_zip_descriptor_read(bu_zip_input *in, bu_zip_header *header,
                                                   bulla_error *err);

/** Where the central directory is and how many headers it has. */
typedef struct bu_zip_directory {
    uint64_t count, size, offset;
} bu_zip_directory;

/**
 * Read the end records, which begin here, to the very end of the archive: they say exactly what
 * `is` says. Fails as above, and with ambiguous-archive (zip64 records that disagree, a second end
 * in the comment, another archive behind), trailing-data.
 */
BULLA_MUST_USE bulla_status bu_zip_end_read(bu_zip_input *in, const bu_zip_directory *is,
                                            bulla_error *err);

#endif
