/* SPDX-License-Identifier: MIT */
/*
 * RPM packages: name, epoch, version, release and architecture of the header,
 * and the digest of the payload that it states.
 */
#include "archive/rpm_header.h"
#include "evidence/package.h"
#include "model/purl.h"

#define PGP_SHA256 8u /* RFC 9580, 9.5, which is how RPM numbers digests */

typedef struct rpm {
    bulla_digest stated, had; /* of the payload */
} rpm;

static bulla_status need(const bu_rpm_header *header, bu_rpm_tag tag, const char *name,
                         bulla_bytes *out, bulla_error *err)
{
    BU_TRY(bu_rpm_text(header, tag, out, err));
    return out->len > 0 ? BU_OK : bu_fail(err, BULLA_E_MISSING_FIELD, "no %s", name);
}

/* A purl keeps the epoch apart: pkg:rpm/fedora/x@1-2?epoch=3. */
static bulla_status epoch_of(const bulla_component *component, bu_arena *arena, bulla_bytes *out,
                             bulla_error *err)
{
    bu_purl purl;
    BU_TRY(bu_purl_parse(bu_bytes_of(component->purl), arena, &purl, err));
    *out = (bulla_bytes){ 0 };
    for (size_t i = 0; i < purl.qualifier_count; i++)
        if (bu_bytes_is(purl.qualifiers[i].key, "epoch"))
            *out = purl.qualifiers[i].value;
    return BU_OK;
}

/* [EPOCH:]VERSION-RELEASE; an epoch of 0 is as good as none. */
static bulla_status compare_version(const bu_contents *contents, const bulla_component *component,
                                    const bu_rpm_header *header, bulla_error *err)
{
    bulla_bytes version, release, in_purl;
    bool has_epoch;
    uint32_t epoch;
    BU_TRY(need(header, BU_RPM_VERSION, "version", &version, err));
    BU_TRY(need(header, BU_RPM_RELEASE, "release", &release, err));
    BU_TRY(bu_rpm_number(header, BU_RPM_EPOCH, &has_epoch, &epoch, err));
    BU_TRY(epoch_of(component, contents->arena, &in_purl, err));
    const char *got =
        bu_arena_format(contents->arena, "%u:%.*s-%.*s", epoch, (int)version.len,
                        (const char *)version.ptr, (int)release.len, (const char *)release.ptr);
    const char *stated = component->version == NULL ? "" : component->version;
    bool complete = strchr(stated, ':') != NULL;
    const char *expected =
        complete
            ? stated
            : bu_arena_format(contents->arena, "%.*s:%s", in_purl.len == 0 ? 1 : (int)in_purl.len,
                              in_purl.len == 0 ? "0" : (const char *)in_purl.ptr, stated);
    if (got == NULL || expected == NULL)
        return bu_no_memory(err);
    return bu_package_same("version", expected, got, err);
}

static bulla_status compare_name(const bulla_component *component, const bu_rpm_header *header,
                                 bulla_error *err)
{
    bulla_bytes name, architecture;
    BU_TRY(need(header, BU_RPM_NAME, "name", &name, err));
    BU_TRY(need(header, BU_RPM_ARCH, "architecture", &architecture, err));
    if (!bu_bytes_is(name, component->name))
        return bu_package_differs("name", component->name, name, err);
    if (component->architecture != NULL && !bu_bytes_is(architecture, component->architecture))
        return bu_package_differs("architecture", component->architecture, architecture, err);
    return BU_OK;
}

/* RPM states it since 4.14; what it states in another algorithm is not accepted. */
static bulla_status read_payload_digest(const bu_rpm_header *header, bulla_digest *out,
                                        bulla_error *err)
{
    bulla_bytes hex;
    bool there;
    uint32_t alg;
    BU_TRY(bu_rpm_text(header, BU_RPM_PAYLOAD_DIGEST, &hex, err));
    BU_TRY(bu_rpm_number(header, BU_RPM_PAYLOAD_DIGEST_ALG, &there, &alg, err));
    if (hex.ptr == NULL)
        return BU_OK;
    if (there && alg != PGP_SHA256)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "a payload digest of algorithm %u", alg);
    return bu_digest_from_hex(BULLA_ALG_SHA256, hex, out, err);
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    bu_rpm_header header;
    BU_TRY(bu_rpm_header_open(manifest, &header, err));
    BU_TRY(compare_name(component, &header, err));
    BU_TRY(compare_version(contents, component, &header, err));
    return read_payload_digest(&header, &((rpm *)contents->state)->stated, err);
}

static bulla_status keep_digest(bu_contents *contents, const bu_member *member,
                                const bulla_digest *sha256, bulla_error *err)
{
    (void)member;
    (void)err;
    ((rpm *)contents->state)->had = *sha256;
    return BU_OK;
}

static bulla_status finish(bu_contents *contents, bulla_error *err)
{
    const rpm *r = contents->state;
    if (r->stated.alg == BULLA_ALG_NONE || bulla_digest_equal(&r->stated, &r->had))
        return BU_OK;
    return bu_fail(err, BULLA_E_CHECKSUM, "the payload has not the digest that the header states");
}

static const char *const types[] = { "rpm", NULL };

const bu_package_kind bu_package_rpm = {
    .title = "RPM package",
    .types = types,
    .accepts = bu_begins_rpm,
    .walk = bu_walk_rpm,
    .manifest = "header",
    .place = bu_place_root,
    .judge = judge,
    .state_size = sizeof(rpm),
    .digest = keep_digest,
    .finish = finish,
};
