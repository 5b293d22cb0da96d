/* SPDX-License-Identifier: MIT */
/*
 * Status, reason codes, exit classes and the error that explains a refusal.
 * A status is a struct, so that it cannot be mixed up with a count, a file
 * descriptor or a bool; an error has room for everything a person needs to
 * act: what, where, expected, got.
 */
#ifndef BULLA_ERROR_H
#define BULLA_ERROR_H

#include "api.h"

BULLA_BEGIN

/** Exit status of a program that reports this result; the numbers are part of the interface. */
typedef enum bulla_exit {
    BULLA_EXIT_ALLOWED = 0,   /**< all allowed, or validly waived */
    BULLA_EXIT_DENIED = 1,    /**< a proof is broken, or policy forbids it */
    BULLA_EXIT_CONFIG = 2,    /**< usage or configuration */
    BULLA_EXIT_UNPROVEN = 3,  /**< nothing wrong, but something could not be proved */
    BULLA_EXIT_NOTHING = 4,   /**< nothing to verify was found */
    BULLA_EXIT_TRUST = 5,     /**< trust store missing, expired, rolled back or not signed */
    BULLA_EXIT_MALFORMED = 6, /**< malformed or hostile input, or a limit was hit */
    BULLA_EXIT_IO = 7,        /**< file or network error */
    BULLA_EXIT_INTERNAL = 8,  /**< internal error */
} bulla_exit;

/** Why a call failed. BULLA_OK is zero; each other value is a row of codes.def. */
typedef enum bulla_code {
    BULLA_OK = 0,
#define BULLA_CODE(id, name, exit, next) BULLA_E_##id,
#include "codes.def"
#undef BULLA_CODE
} bulla_code;

/** What a fallible call returns. */
typedef struct bulla_status {
    bulla_code code;
} bulla_status;

/** The whole story of one failure. No pointer into any input: it outlives them. */
typedef struct bulla_error {
    bulla_code code;
    bulla_exit exit;       /**< exit class; the code's own unless a caller knew better */
    uint32_t line, column; /**< 1-based; 0 when the fault is not at a place in a text */
    uint64_t offset;       /**< bytes from the start of `file`; UINT64_MAX when not known */
    char file[256];        /**< escaped name of the input; "" when not known */
    char expected[160];    /**< escaped; "" when there is nothing to compare */
    char got[160];         /**< escaped; "" when there is nothing to compare */
    char text[480];        /**< one sentence, escaped, outermost context first */
    const char *next; /**< what to do next: static text, not input; NULL: as bulla_code_next() */
} bulla_error;

/** True when the call did what it says. */
static inline bool bulla_ok(bulla_status status)
{
    return status.code == BULLA_OK;
}

/** The stable printed name of a code, e.g. "hash-mismatch"; "ok" for BULLA_OK. Never NULL. */
BULLA_API const char *bulla_code_name(bulla_code code);

/** The exit class that a code has by itself. */
BULLA_API bulla_exit bulla_code_exit(bulla_code code);

/** One sentence on what to do next, when no more is known than the code. Never NULL. */
BULLA_API const char *bulla_code_next(bulla_code code);

/** The worse of two exit classes, in the order 8, 2, 7, 5, 6, 1, 3, 4, 0. */
BULLA_API bulla_exit bulla_exit_worse(bulla_exit a, bulla_exit b);

BULLA_END

#endif
