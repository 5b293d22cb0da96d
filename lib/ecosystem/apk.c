/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages that are installed: lib/apk/db/installed.
 */
#include "ecosystem/apk_db.h"
#include "ecosystem/os_release.h"

static const char *const filenames[] = { "installed", NULL };
static const char *const places[] = { "lib/apk/db/installed", "usr/lib/apk/db/installed", NULL };

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    bu_os_release release;
    BU_TRY(bu_os_release_beside(name, places, options, graph->arena, &release, err));
    bu_ecosystem_options known = options == NULL ? (bu_ecosystem_options){ 0 } : *options;
    known.distribution = release.id;
    return bu_apk_read(text, name, true, &known, graph, err);
}

const bu_ecosystem bu_eco_apk = {
    .id = "apk",
    .filenames = filenames,
    .places = places,
    .system = true,
    .each_place = true,
    .title = "Alpine packages that are installed (apk's database)",
    .parse = parse,
};
