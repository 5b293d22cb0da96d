/* SPDX-License-Identifier: MIT */
/*
 * --opa: asking a running Open Policy Agent, on this machine or on a host that is allowed by name.
 */
#ifndef BU_CMD_OPA_H
#define BU_CMD_OPA_H

#include "command.h"

typedef struct bu_opa_args {
    const char *url, *host; /* NULL: not given */
    bu_count seconds;
} bu_opa_args;

/** The rows for a member `opa` of the arguments. */
#define BU_OPA_OPTIONS(args)                                                                       \
    { "opa", 0, "URL", "ask the OPA whose data API has this URL, too; it can only deny more",      \
      BU_FIELD(args, opa.url) },                                                                   \
        { "allow-opa-host", 0, "HOST", "a host that is not this machine may be asked, over https", \
          BU_FIELD(args, opa.host) },                                                              \
    {                                                                                              \
        "opa-seconds", 0, "N", "how long it may take (default: 10)", BU_FIELD(args, opa.seconds)   \
    }

/** How it is asked; the decider borrows from here. */
typedef struct bu_opa {
    const bu_opa_args *args;
    const char *tool; /* bulla-fetch */
    const char *url;  /* with what is asked for besides the decision */
    bool is_loopback;
    uint64_t seconds;
    bulla_decider decider;
} bu_opa;

/**
 * Make ready; the decider's url stays NULL when --opa is not given. `out` must stay where it is.
 * Fails with usage (also for a host that is not allowed), insecure-source.
 */
BULLA_MUST_USE bulla_status bu_opa_begin(bu_cli *cli, const bu_opa_args *args, bu_opa *out,
                                         bulla_error *err);

#endif
