/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages: name, version and architecture of .PKGINFO, and its
 * datahash, which is the digest of the data part.
 */
#include "base/limits.h"
#include "evidence/package.h"

typedef struct apk {
    bulla_digest stated, had;
} apk;

/* The value of a line `key = value`, which must be there once; empty when there is none. */
static bulla_status find(bulla_bytes text, const char *key, bulla_bytes *out, bulla_error *err)
{
    *out = (bulla_bytes){ 0 };
    for (uint32_t line = 1; text.len > 0; line++) {
        bulla_bytes raw = bu_bytes_first(text, bu_bytes_find(text, '\n'));
        size_t sign = bu_bytes_find(raw, '=');
        text = bu_bytes_from(text, raw.len + 1);
        if (!bu_bytes_is(bu_bytes_trim(bu_bytes_first(raw, sign)), key) || sign == raw.len)
            continue;
        if (out->ptr != NULL)
            return bu_at(err, bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%s is there twice", key), line,
                         1);
        *out = bu_bytes_trim(bu_bytes_from(raw, sign + 1));
    }
    return BU_OK;
}

static bulla_status need(bulla_bytes text, const char *key, bulla_bytes *out, bulla_error *err)
{
    BU_TRY(find(text, key, out, err));
    return out->len > 0 ? BU_OK : bu_fail(err, BULLA_E_MISSING_FIELD, "no %s", key);
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    apk *a = contents->state;
    bulla_bytes name, version, architecture, hash;
    BU_TRY(need(manifest, "pkgname", &name, err));
    BU_TRY(need(manifest, "pkgver", &version, err));
    BU_TRY(need(manifest, "arch", &architecture, err));
    BU_TRY(need(manifest, "datahash", &hash, err));
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
