/* SPDX-License-Identifier: MIT */
/*
 * Python source distributions (PEP 517, PEP 625): a tar.gz with one folder,
 * and PKG-INFO in it.
 */
#include "evidence/python.h"

static const char *const types[] = { "pypi", NULL };

const bu_package_kind bu_package_sdist = {
    .title = "Python source distribution",
    .types = types,
    .links = BU_LINKS_IN_FOLDER,
    .accepts = bu_begins_tarball,
    .walk = bu_walk_tar,
    .manifest = "PKG-INFO",
    .place = bu_place_top_folder,
    .judge = bu_python_judge,
    .state_size = sizeof(bu_top_folder),
    .member = bu_member_in_one_folder,
};
