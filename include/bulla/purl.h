/* SPDX-License-Identifier: MIT */
/*
 * Package URLs (ECMA-427): the one canonical form, parts, and building.
 */
#ifndef BULLA_PURL_H
#define BULLA_PURL_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

/** The canonical text of a purl. Fails with bad-purl and the offset, no-memory. */
BULLA_API BULLA_MUST_USE bulla_status bulla_purl_canonical(bulla_bytes purl, bulla_buffer *out,
                                                           bulla_error *err);

/**
 * The decoded parts of a purl as one line of JSON, without a newline:
 * {"type","namespace","name","version","qualifiers":{…},"subpath"}; null where there is none.
 * Fails as bulla_purl_canonical().
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_purl_parts_json(bulla_bytes purl, bulla_buffer *out,
                                                            bulla_error *err);

/**
 * The canonical purl of decoded parts, given as JSON like the above; parts may be absent or null.
 * Fails with bad-purl, type-mismatch, and as JSON is refused (an unknown part is bad-syntax).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_purl_build(bulla_bytes json, bulla_buffer *out,
                                                       bulla_error *err);

BULLA_END

#endif
