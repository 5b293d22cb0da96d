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

#endif
