/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages: name, version and architecture of .PKGINFO, and its
 * datahash, which is the digest of the data part.
 */
#include "evidence/fields.h"
#include "evidence/package.h"

typedef struct apk {
    bulla_digest stated, had;
} apk;

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    apk *a = contents->state;
    bulla_bytes name, version, architecture, hash;
    BU_TRY(bu_pkginfo_field(manifest, "pkgname", &name, err));
    BU_TRY(bu_pkginfo_field(manifest, "pkgver", &version, err));
    BU_TRY(bu_pkginfo_field(manifest, "arch", &architecture, err));
    BU_TRY(bu_pkginfo_field(manifest, "datahash", &hash, err));
    BU_TRY(bu_digest_from_hex(BULLA_ALG_SHA256, hash, &a->stated, err));
    BU_TRY(bu_package_is(component, name, version, err));
    if (component->architecture == NULL || bu_bytes_is(architecture, component->architecture))
        return BU_OK;
    return bu_package_differs("arch", component->architecture, architecture, err);
}

static bulla_status keep_digest(bu_contents *contents, const bu_member *member,
                                const bulla_digest *sha256, bulla_error *err)
{
    (void)member;
    (void)err;
    ((apk *)contents->state)->had = *sha256;
    return BU_OK;
}

/* Without a manifest there is nothing stated, and that is refused already. */
static bulla_status finish(bu_contents *contents, bulla_error *err)
{
    const apk *a = contents->state;
    if (a->stated.alg == BULLA_ALG_NONE || bulla_digest_equal(&a->stated, &a->had))
        return BU_OK;
    return bu_fail(err, BULLA_E_CHECKSUM, "the data has not the datahash of .PKGINFO");
}

static const char *const types[] = { "apk", NULL };

const bu_package_kind bu_package_apk = {
    .title = "Alpine package",
    .types = types,
    .accepts = bu_begins_tar_gz,
    .walk = bu_walk_apk,
    .manifest = ".PKGINFO",
    .place = bu_place_root,
    .judge = judge,
    .state_size = sizeof(apk),
    .digest = keep_digest,
    .finish = finish,
};
