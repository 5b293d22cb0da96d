/* SPDX-License-Identifier: MIT */
/*
 * Lengths of time, as people write them: "90d", "24h".
 */
#ifndef BU_BASE_DURATION_H
#define BU_BASE_DURATION_H

#include "base/error.h"

/**
 * A number from 1 on with a unit, in seconds: s, m, h, d (24 h) or w; at most 100 years. Fails with
 * bad-time.
 */
BULLA_MUST_USE bulla_status bu_duration_parse(bulla_bytes text, int64_t *out, bulla_error *err);

#define BU_DURATION_TEXT 40

/** In words, in the largest unit up to days of which it is a whole number. Returns `out`. */
const char *bu_duration_format(int64_t seconds, char out[BU_DURATION_TEXT]);

#endif
