/* SPDX-License-Identifier: MIT */
/*
 * Lines of a requirements file as pip sees them: joined, without comments, and
 * taken apart into what is required and its options (pip, "Requirements File
 * Format").
 */
#ifndef BU_ECOSYSTEM_REQUIREMENTS_H
#define BU_ECOSYSTEM_REQUIREMENTS_H

#include "base/arena.h"
#include "syntax/text.h"

/** One line that is not empty. Bytes are of the text, or of the arena. */
typedef struct bu_requirement_line {
    bulla_bytes text;
    uint32_t line, column; /* where it starts */
} bu_requirement_line;

/**
 * The next line, `*more` false at the end. Fails as bu_text_next(), with control-character also for
 * what Python takes for the end of a line and others do not, and with no-memory.
 */
BULLA_MUST_USE bulla_status bu_requirement_line_next(bu_text *text, bu_arena *arena,
                                                     bu_requirement_line *out, bool *more,
                                                     bulla_error *err);

/** What is required (empty for a line of options alone), and the options behind it. */
void bu_requirement_line_split(bulla_bytes line, bulla_bytes *required, bulla_bytes *options);

typedef enum bu_requirement_option {
    BU_REQUIREMENT_IGNORED,   /* says where and how, not what */
    BU_REQUIREMENT_INCLUDE,   /* -r */
    BU_REQUIREMENT_CONSTRAIN, /* -c */
    BU_REQUIREMENT_EDIT,      /* -e */
    BU_REQUIREMENT_HASH,      /* --hash */
    BU_REQUIREMENT_UNKNOWN,   /* pip would refuse the file */
} bu_requirement_option;

/** Take the next option off `rest`; `*more` is false when there is none. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_requirement_option_next(bulla_bytes *rest, bu_arena *arena,
                                                       bu_requirement_option *option,
                                                       bulla_bytes *value, bool *more,
                                                       bulla_error *err);

#endif
