/* SPDX-License-Identifier: MIT */
/*
 * Points in time: Unix seconds UTC. The library reads no clock.
 */
#ifndef BU_BASE_TIME_H
#define BU_BASE_TIME_H

#include "base/error.h"

#define BU_TIME_TEXT 21 /* "2026-11-21T00:00:00Z" with NUL */

/** RFC 3339 with `Z` or a numeric offset, whole seconds or a fraction that is dropped; years 1970..9999. */
BULLA_MUST_USE bulla_status bu_time_parse(bulla_bytes text, int64_t *out, bulla_error *err);

/** The date of Debian's Release files: "Sat, 10 May 2025 09:43:00 UTC" (RFC 5322, UTC or +0000 only). */
BULLA_MUST_USE bulla_status bu_time_parse_rfc5322(bulla_bytes text, int64_t *out, bulla_error *err);

/** RFC 3339 in UTC; years beyond 9999 become 9999. Returns `out`. */
const char *bu_time_format(int64_t time, char out[BU_TIME_TEXT]);

#endif
