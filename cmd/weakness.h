/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that look for weak places in a trust store.
 */
#ifndef BU_CMD_WEAKNESS_H
#define BU_CMD_WEAKNESS_H

#include "bulla/weakness.h"
#include "command.h"

typedef struct bu_weakness_args {
    const char *trust, *policy;
    bu_outputs outputs;
    bu_moment at;
} bu_weakness_args;

/** The rows for a member `weakness` of the arguments. */
#define BU_WEAKNESS_OPTIONS(args)                                                                  \
    { "policy", 'p', "FILE", "the policy (default: as for verify)",                                \
      BU_FIELD(args, weakness.policy) },                                                           \
        { "trust", 0, "DIR", "the store (default: the nearest .bulla/trust)",                      \
          BU_FIELD(args, weakness.trust) },                                                        \
        { "output",                                                                                \
          'o',                                                                                     \
          "FORMAT[=FILE]",                                                                         \
          "write it as text (default) or json",                                                    \
          BU_FIELD(args, weakness.outputs),                                                        \
          .values = "text json" },                                                                 \
    {                                                                                              \
        "at", 0, "TIME", "judge times at this one instead of now", BU_FIELD(args, weakness.at)     \
    }

/** One way to look: writes a page, and says what the exit status is to be. */
typedef bulla_status bu_weakness_look(const bulla_weighing *weighing, const void *args,
                                      const char *format, bulla_buffer *page, bulla_exit *verdict,
                                      bulla_error *err);

/** Load store and policy, look, and write each output. */
BULLA_MUST_USE bulla_status bu_weakness_run(bu_cli *cli, const bu_weakness_args *common,
                                            bu_weakness_look *look, const void *args,
                                            bulla_error *err);

#endif
