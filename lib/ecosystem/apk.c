/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages that are installed: lib/apk/db/installed.
 */
#include "ecosystem/apk_db.h"

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    return bu_apk_read(text, name, true, options, graph, err);
}

static const char *const filenames[] = { "installed", NULL };
static const char *const places[] = { "lib/apk/db/installed", "usr/lib/apk/db/installed", NULL };

const bu_ecosystem bu_eco_apk = {
    .id = "apk",
    .filenames = filenames,
    .places = places,
    .title = "Alpine packages that are installed (apk's database)",
    .parse = parse,
};
