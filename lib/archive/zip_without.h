/* SPDX-License-Identifier: MIT */
/*
 * The digest that a zip archive would have without one of its members: what
 * NuGet pins of a package that was signed, as the signature comes later. The
 * headers behind that member say other places then, and the end other numbers.
 */
#ifndef BU_ARCHIVE_ZIP_WITHOUT_H
#define BU_ARCHIVE_ZIP_WITHOUT_H

#include "archive/zip_header.h"

typedef struct bu_zip_without {
    bu_zip_input *in;
    bulla_bytes name;   /* of the member that is left out */
    bu_hasher *hasher;  /* NULL: nobody asks */
    bool found;         /* and then: */
    uint64_t offset;    /* of its local header */
    uint64_t size;      /* of header, content and data descriptor */
    size_t header_size; /* of its central header */
} bu_zip_without;

/** Begin at the start of the archive. All of these do nothing when `name` is empty. */
BULLA_MUST_USE bulla_status bu_zip_without_init(bu_zip_without *without, bu_zip_input *in,
                                                bulla_bytes name, bu_algs algs, bulla_error *err);
void bu_zip_without_clear(bu_zip_without *without);

/** A local header was read that began at `offset`; then its content was. */
BULLA_MUST_USE bulla_status bu_zip_without_local(bu_zip_without *without, bulla_bytes name,
                                                 uint64_t offset, bulla_error *err);
BULLA_MUST_USE bulla_status bu_zip_without_member(bu_zip_without *without, uint64_t offset,
                                                  bulla_error *err);

/** A central header was read that began at `offset`: it is still in the window. */
BULLA_MUST_USE bulla_status bu_zip_without_central(bu_zip_without *without,
                                                   const bu_zip_header *header, uint64_t offset,
                                                   bulla_error *err);

/** The end is to be read next. */
BULLA_MUST_USE bulla_status bu_zip_without_end(bu_zip_without *without, bulla_error *err);

/** The digests; none when there is no such member, or the archive has a zip64 end. */
BULLA_MUST_USE bulla_status bu_zip_without_finish(bu_zip_without *without, bulla_digest_set *out,
                                                  bulla_error *err);

#endif
