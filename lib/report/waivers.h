/* SPDX-License-Identifier: MIT */
/*
 * Waivers for people and programs: in a result, and by themselves.
 */
#ifndef BU_REPORT_WAIVERS_H
#define BU_REPORT_WAIVERS_H

#include "evidence/waivers.h"
#include "syntax/json_writer.h"

/** "waivers:  1 active, 2 unused" and a line for each; nothing when there is none. */
void bu_waivers_put_text(const bu_waivers *waivers, bu_buf *out);

/** A field "waivers": an array of all of them. */
void bu_waivers_put_json(const bu_waivers *waivers, bu_json_writer *writer);

/** A list by itself: "text", or "json". Fails with usage, no-memory. */
BULLA_MUST_USE bulla_status bu_waivers_render(const bu_waivers *waivers, int64_t now,
                                              const char *format, bu_buf *out, bulla_error *err);

/** All that one says, a line for each thing. */
void bu_waiver_describe(const bulla_waiver *waiver, bu_buf *out);

#endif
