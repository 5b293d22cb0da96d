/* SPDX-License-Identifier: MIT */
/*
 * Composer packages in a tar archive, with composer.json in the top folder,
 * whatever the name of that.
 */
#include "evidence/composer.h"

static const char *const types[] = { "composer", NULL };

const bu_package_kind bu_package_composer = {
    .title = "Composer package",
    .types = types,
    .links = BU_LINKS_IN_FOLDER,
    .accepts = bu_begins_tarball,
    .walk = bu_walk_tar,
    .manifest = "composer.json",
    .place = bu_place_top_folder,
    .unpacked = bu_place_top_folder,
    .judge = bu_composer_judge,
    .state_size = sizeof(bu_top_folder),
    .member = bu_member_in_one_folder,
};
