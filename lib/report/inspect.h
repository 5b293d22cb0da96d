/* SPDX-License-Identifier: MIT */
/*
 * Rendering an inspection.
 */
#ifndef BU_REPORT_INSPECT_H
#define BU_REPORT_INSPECT_H

#include "evidence/inspect.h"

/** Append it as "text" or "json" (`bulla.inspect/1`). Fails with usage, no-memory. */
BULLA_MUST_USE bulla_status bu_inspection_render(const bu_inspection *in, const char *format,
                                                 bu_buf *out, bulla_error *err);

#endif
