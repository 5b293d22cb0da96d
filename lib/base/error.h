/* SPDX-License-Identifier: MIT */
/*
 * Making and passing on errors. One control-flow macro; success hands the
 * value out. Whatever goes into an error is escaped here, so no caller can
 * print hostile bytes by accident.
 */
#ifndef BU_BASE_ERROR_H
#define BU_BASE_ERROR_H

#include "bulla/bytes.h"
#include "bulla/error.h"

#define BU_OK          ((bulla_status){ BULLA_OK })
#define BU_OFFSET_NONE UINT64_MAX

/** Return from this function when `expr` failed. */
#define BU_TRY(expr)                                                                               \
    do {                                                                                           \
        bulla_status bu_try_ = (expr);                                                             \
        if (bu_try_.code != BULLA_OK)                                                              \
            return bu_try_;                                                                        \
    } while (0)

/** Start an error: sets code, exit class and text, clears the rest. `err` may be NULL. */
BULLA_PRINTF(3, 4) bulla_status bu_fail(bulla_error *err, bulla_code code, const char *format, ...);

/** Put `context: ` in front of the text of an error that is being passed on. Returns `status`. */
BULLA_PRINTF(3, 4)
bulla_status bu_within(bulla_error *err, bulla_status status, const char *format, ...);

/** Name the input an error is about, unless a deeper caller has. Returns `status`. */
bulla_status bu_in_file(bulla_error *err, bulla_status status, const char *file);

/** Set line and column (1-based) of an error just made. Returns `status`. */
bulla_status bu_at(bulla_error *err, bulla_status status, uint32_t line, uint32_t column);

/** Set the byte offset of an error just made. Returns `status`. */
bulla_status bu_at_offset(bulla_error *err, bulla_status status, uint64_t offset);

/** Say what was expected and what was there; either may be the empty sequence. Returns `status`. */
bulla_status bu_expected(bulla_error *err, bulla_status status, bulla_bytes expected,
                         bulla_bytes got);

/** Override the exit class of an error that is being passed on. Returns `status`. */
bulla_status bu_as(bulla_error *err, bulla_status status, bulla_exit exit);

/** Say what to do next, where more is known than the code says: static text. Returns `status`. */
bulla_status bu_next(bulla_error *err, bulla_status status, const char *next);

/** Out of memory. */
bulla_status bu_no_memory(bulla_error *err);

#endif
