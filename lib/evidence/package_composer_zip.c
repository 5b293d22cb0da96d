/* SPDX-License-Identifier: MIT */
/*
 * Composer packages as registries and code hosts give them: a zip with
 * composer.json in its top folder, whatever the name of that.
 */
#include "evidence/composer.h"

static const char *const types[] = { "composer", NULL };

const bu_package_kind bu_package_composer_zip = {
    .title = "Composer package",
    .types = types,
    .links = BU_LINKS_IN_FOLDER,
    .accepts = bu_begins_zip,
    .walk = bu_walk_zip,
    .manifest = "composer.json",
    .place = bu_place_top_folder,
    .unpacked = bu_place_top_folder,
    .judge = bu_composer_judge,
    .state_size = sizeof(bu_top_folder),
    .member = bu_member_in_one_folder,
};
