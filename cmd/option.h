/* SPDX-License-Identifier: MIT */
/*
 * Options as tables. One row says how an option is written, explained and
 * kept; the parser, --help, the completion and the man page all read the same
 * rows. The kind follows from the C type of the field, so it cannot disagree.
 */
#ifndef BU_CMD_OPTION_H
#define BU_CMD_OPTION_H

#include "bulla/verify.h"

/** Operands, or the values of an option that may be repeated; NULL, or ended by NULL. */
typedef struct bu_words {
    const char **items;
    size_t count;
} bu_words;

/** FORMAT[=FILE], may be repeated. */
typedef struct bu_output {
    const char *format;
    const char *file; /* NULL: standard output */
} bu_output;
typedef struct bu_outputs {
    bu_output *items;
    size_t count;
} bu_outputs;

/** KIND:PATH, may be repeated. */
typedef struct bu_inputs {
    bulla_input *items;
    size_t count;
} bu_inputs;

/** A number; `given` tells an absent one from a zero. */
typedef struct bu_count {
    bool given;
    uint64_t value;
} bu_count;

/** A point in time, RFC 3339. */
typedef struct bu_moment {
    bool given;
    int64_t value;
} bu_moment;

/** A flag that can carry a value: --name or --name=VALUE. */
typedef struct bu_maybe {
    bool given;
    const char *value; /* NULL: none */
} bu_maybe;

typedef enum bu_option_kind {
    BU_OPTION_FLAG,
    BU_OPTION_TEXT,
    BU_OPTION_WORDS,
    BU_OPTION_OUTPUTS,
    BU_OPTION_INPUTS,
    BU_OPTION_COUNT,
    BU_OPTION_MOMENT,
    BU_OPTION_MAYBE,
} bu_option_kind;

typedef struct bu_option {
    const char *name;     /* long name without its dashes; NULL ends a table */
    char letter;          /* short name, or 0 */
    const char *argument; /* what its value is called in the usage; NULL for a flag */
    const char *help;     /* what it does: no capital, no full stop */
    size_t offset;        /* of its field in the arguments */
    bu_option_kind kind;
    bool required;
    const char *excludes; /* name of an option that may not be given with it; NULL */
    const char *values;   /* the only values (or formats) there are, parted by spaces; NULL: any */
} bu_option;

/** The last columns of a row: where the value goes, and what kind of value that is. */
#define BU_FIELD(args, field)                                                                      \
    .offset = offsetof(args, field), .kind = _Generic(((args *)0)->field, \
        bool: BU_OPTION_FLAG,                                             \
        const char *: BU_OPTION_TEXT,                                     \
        bu_words: BU_OPTION_WORDS,                                        \
        bu_outputs: BU_OPTION_OUTPUTS,                                    \
        bu_inputs: BU_OPTION_INPUTS,                                      \
        bu_count: BU_OPTION_COUNT,                                        \
        bu_moment: BU_OPTION_MOMENT,                                      \
        bu_maybe: BU_OPTION_MAYBE)

/** Most options of one command. */
#define BU_OPTIONS_MAX 64

/** True for kinds whose option may be given more than once. */
static inline bool bu_option_repeats(const bu_option *option)
{
    return option->kind == BU_OPTION_WORDS || option->kind == BU_OPTION_OUTPUTS ||
           option->kind == BU_OPTION_INPUTS;
}

#endif
