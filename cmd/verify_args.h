/* SPDX-License-Identifier: MIT */
/*
 * The options of bulla verify: a table of its own, for there are many.
 */
#ifndef BU_CMD_VERIFY_ARGS_H
#define BU_CMD_VERIFY_ARGS_H

#include "opa.h"

typedef struct bu_verify_args {
    bu_words paths;
    bu_outputs outputs;
    bu_inputs inputs;
    bu_words archives, trees, exclude, evidence, waivers;
    const char *policy, *trust, *gate, *environment, *lock, *emit_input;
    bu_opa_args opa;
    /* About artifacts. */
    bu_words keys, signatures, sboms, workflow_inputs;
    const char *tiles, *algorithm, *identity, *issuer, *trusted_root;
    const char *source, *builder, *branch, *tag, *versioned_tag;
    const char *package_name, *package_version;
    bu_moment at;
    bu_count jobs;
    bool allow_empty, quiet, verbose, no_color;
} bu_verify_args;

extern const bu_option bu_verify_options[];

/** The rows for a member `verify` of the arguments that other commands share: what is looked at. */
#define BU_LOOK_OPTIONS(args)                                                                      \
    { "exclude", 0, "GLOB",                                                                        \
      "leave out what matches, as in .gitignore (also: exclude in bulla.toml)",                    \
      BU_FIELD(args, verify.exclude) },                                                            \
        { "input", 'L', "KIND:PATH", "read this document as KIND, whatever its name",              \
          BU_FIELD(args, verify.inputs) },                                                         \
        { "at", 0, "TIME", "judge expiry at this time instead of now",                             \
          BU_FIELD(args, verify.at) },                                                             \
    {                                                                                              \
        "jobs", 'j', "N", "worker threads (default: one for each processor)",                      \
            BU_FIELD(args, verify.jobs)                                                            \
    }

#endif
