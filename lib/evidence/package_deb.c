/* SPDX-License-Identifier: MIT */
/*
 * Debian binary packages: name, version and architecture of the control file,
 * and with a signed index beside it what that says of dependencies.
 */
#include "evidence/package.h"

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    bu_deb_entry control = { 0 };
    const bu_deb_entry *listed = contents->listed;
    BU_TRY(bu_control_parse(manifest, "control", contents->arena, &control, err));
    BU_TRY(bu_package_same("Package", component->name, control.package, err));
    BU_TRY(bu_package_same("Version", component->version, control.version, err));
    BU_TRY(bu_package_same("Architecture", component->architecture, control.architecture, err));
    if (listed == NULL)
        return BU_OK;
    BU_TRY(bu_package_same("Multi-Arch", listed->multiarch, control.multiarch, err));
    BU_TRY(bu_package_same("Depends", listed->depends, control.depends, err));
    BU_TRY(bu_package_same("Pre-Depends", listed->pre_depends, control.pre_depends, err));
    return bu_package_same("Essential", listed->essential, control.essential, err);
}

static const char *const types[] = { "deb", NULL };

const bu_package_kind bu_package_deb = {
    .title = "Debian package",
    .types = types,
    .accepts = bu_begins_ar,
    .walk = bu_walk_deb,
    .manifest = "control",
    .place = bu_place_root,
    .judge = judge,
};
