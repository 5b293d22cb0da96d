/* SPDX-License-Identifier: MIT */
/*
 * Sources that no package manager has packed, of meson wraps and alike: there
 * is no manifest to go by, so only the archive itself is judged.
 */
#include "evidence/package.h"

static const char *const types[] = { "generic", "github", "gitlab", "bitbucket", NULL };

const bu_package_kind bu_package_source = {
    .title = "source archive",
    .types = types,
    .links = BU_LINKS_IN_TREE,
    .accepts = bu_begins_tarball,
    .walk = bu_walk_tar,
    .place = bu_place_root,
};
