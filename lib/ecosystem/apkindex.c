/* SPDX-License-Identifier: MIT */
/*
 * The index of an Alpine repository: APKINDEX, as it is in APKINDEX.tar.gz.
 * Its `C` is the hash of a package's control part, not of the file: it pins
 * no bytes here.
 */
#include "ecosystem/apk_db.h"

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    return bu_apk_read(text, name, false, options, graph, err);
}

static const char *const filenames[] = { "APKINDEX", NULL };

const bu_ecosystem bu_eco_apkindex = {
    .id = "apkindex",
    .filenames = filenames,
    .places = filenames,
    .title = "index of an Alpine repository (APKINDEX)",
    .parse = parse,
};
