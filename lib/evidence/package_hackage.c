/* SPDX-License-Identifier: MIT */
/*
 * Haskell source distributions: a tar.gz whose only folder is NAME-VERSION,
 * as cabal-install demands, with NAME.cabal in it.
 */
#include "evidence/fields.h"
#include "evidence/package.h"

static bulla_bytes place(const bu_contents *contents, bulla_bytes path)
{
    bulla_bytes below = bu_place_top_folder(contents, path);
    const char *name = contents->packages[0].component->name;
    bool is_manifest =
        bu_bytes_starts(below, name) && bu_bytes_is(bu_bytes_from(below, strlen(name)), ".cabal");
    return is_manifest ? BULLA_LIT(".cabal") : (bulla_bytes){ 0 };
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    bulla_bytes name, version;
    BU_TRY(bu_layout_field(manifest, "name", &name, err));
    BU_TRY(bu_layout_field(manifest, "version", &version, err));
    return bu_package_is(component, name, version, err);
}

static const char *const types[] = { "hackage", NULL };

const bu_package_kind bu_package_hackage = {
    .title = "Haskell source distribution",
    .types = types,
    .accepts = bu_begins_tar_gz,
    .walk = bu_walk_tar,
    .manifest = ".cabal",
    .place = place,
    .judge = judge,
    .member = bu_member_in_release,
};
