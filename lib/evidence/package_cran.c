/* SPDX-License-Identifier: MIT */
/*
 * R source packages: a tar archive whose only folder is NAME, with DESCRIPTION
 * in it.
 */
#include "evidence/fields.h"
#include "evidence/package.h"

static bulla_status in_folder(bu_contents *contents, const bu_member *member, bool *want,
                              bulla_error *err)
{
    (void)want;
    return bu_member_in_folder(member, contents->packages[0].component->name, err);
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    bulla_bytes name, version;
    BU_TRY(bu_header_field(manifest, "Package", &name, err));
    BU_TRY(bu_header_field(manifest, "Version", &version, err));
    return bu_package_is(component, name, version, err);
}

static const char *const types[] = { "cran", NULL };

const bu_package_kind bu_package_cran = {
    .title = "R source package",
    .types = types,
    .accepts = bu_begins_tarball,
    .walk = bu_walk_tar,
    .manifest = "DESCRIPTION",
    .place = bu_place_top_folder,
    .judge = judge,
    .member = in_folder,
};
