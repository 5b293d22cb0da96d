/* SPDX-License-Identifier: MIT */
/*
 * NuGet packages: `.signature.p7s` is a CMS signature by the author or by a repository, which may
 * also have counter-signed the author's. It signs a digest of the package without this member.
 */
#include "archive/walk.h"
#include "base/reader.h"
#include "evidence/embedded.h"
#include "evidence/embedded_signer.h"
#include "evidence/nuget.h"
#include "evidence/package.h"
#include "signature/der.h"

#define DIGESTS (BU_ALGS(BULLA_ALG_SHA256) | BU_ALGS(BULLA_ALG_SHA384) | BU_ALGS(BULLA_ALG_SHA512))

#define OID_DATA                "1.2.840.113549.1.7.1"
#define OID_COMMITMENT          "1.2.840.113549.1.9.16.2.16"
#define OID_SIGNING_CERTIFICATE "1.2.840.113549.1.9.16.2.47"

typedef struct nuget {
    bu_arena *arena;
    bulla_bytes signature;
    bulla_digest_set unsigned_digests; /* of the package without it */
} nuget;

/* ---- the text that is signed ---- */

static bulla_status take_hash(bulla_bytes oid, bulla_bytes base64, bulla_digest *out,
                              bulla_error *err)
{
    static const struct {
        const char *oid;
        bulla_alg alg;
    } rows[] = {
        { "2.16.840.1.101.3.4.2.1", BULLA_ALG_SHA256 },
        { "2.16.840.1.101.3.4.2.2", BULLA_ALG_SHA384 },
        { "2.16.840.1.101.3.4.2.3", BULLA_ALG_SHA512 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(oid, rows[i].oid))
            return bu_digest_from_base64(rows[i].alg, base64, out, err);
    bulla_code code =
        bu_bytes_is(oid, "1.3.14.3.2.26") ? BULLA_E_WEAK_HASH : BULLA_E_UNSUPPORTED_HASH;
    return bu_expected(err, bu_fail(err, code, "a digest that proves nothing"),
                       bu_bytes_of(rows[0].oid), oid);
}

bulla_status bu_nuget_content_read(bulla_bytes text, bulla_digest *out, bulla_error *err)
{
    bu_reader r = bu_reader_of(text);
    bu_expect(&r, BULLA_LIT("Version:"), "\"Version:\"");
    bulla_bytes version = bu_until(&r, '\n', "a version");
    if (version.len > 0 && !bu_bytes_is(version, "1"))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "another version of the text"),
                           BULLA_LIT("1"), version);
    bu_expect(&r, BULLA_LIT("\n"), "an empty line");
    bulla_bytes name = bu_until(&r, ':', "the name of a digest");
    bulla_bytes value = bu_until(&r, '\n', "a digest");
    bu_expect(&r, BULLA_LIT("\n"), "an empty line");
    BU_TRY(bu_done(&r, err));
    if (!bu_bytes_ends(name, "-Hash"))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_SYNTAX, "not the digest of a package"),
                           BULLA_LIT("OID-Hash"), name);
    return take_hash(bu_bytes_first(name, name.len - strlen("-Hash")), value, out, err);
}

/* ---- the package ---- */

static bulla_status member(void *context, const bu_member *member, bool *want, bulla_error *err)
{
    (void)context;
    (void)err;
    *want = bu_bytes_is(member->path, BU_NUGET_SIGNATURE);
    return BU_OK;
}

static bulla_status content(void *context, const bu_member *member, bulla_bytes content,
                            bulla_error *err)
{
    nuget *n = context;
    (void)member;
    if (n->signature.ptr != NULL)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "a second " BU_NUGET_SIGNATURE);
    n->signature = bu_arena_copy(n->arena, content);
    return n->signature.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read(const bu_file *file, void *state, bu_arena *arena, bool *found,
                         bulla_error *err)
{
    nuget *n = state;
    bu_file_part part = bu_file_part_of(file, 0, file->size);
    const bu_walk_visitor visitor = { .context = n, .member = member, .content = content };
    n->arena = arena;
    BU_TRY(bu_walk_zip_without(&part.base, &visitor, BULLA_LIT(BU_NUGET_SIGNATURE), DIGESTS,
                               &n->unsigned_digests, err));
    *found = n->signature.ptr != NULL;
    return BU_OK;
}

static bulla_status check_digest(const nuget *n, bulla_bytes text, bulla_error *err)
{
    bulla_digest stated;
    BU_TRY(bu_in_file(err, bu_nuget_content_read(text, &stated, err), BU_NUGET_SIGNATURE));
    const bulla_digest *had = bulla_digest_set_get(&n->unsigned_digests, stated.alg);
    if (had == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a signed package with zip64 records");
    return bulla_digest_equal(had, &stated)
               ? BU_OK
               : bu_fail(err, BULLA_E_HASH_MISMATCH, "the package is not the one that was signed");
}

/* ---- who signed, as what ---- */

#define OID_BYTES 11u

typedef struct commitment {
    const char *as;
    const char *oid; /* content of the OBJECT IDENTIFIER, OID_BYTES (RFC 5126, 5.11.1) */
} commitment;

static const commitment author = { "author", "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x06\x01" };
static const commitment repository = { "repository",
                                       "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x06\x02" };

static bool is_oid(bulla_bytes oid, const commitment *of)
{
    return oid.len == OID_BYTES && memcmp(oid.ptr, of->oid, OID_BYTES) == 0;
}

static bulla_status commitment_of(const bu_cms *cms, const commitment **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) value = { 0 };
    BU_TRY(bu_cms_attribute(cms, 0, BU_CMS_SIGNED, OID_COMMITMENT, &value, err));
    bu_der all = bu_der_of(bu_buf_bytes(&value));
    bu_der body = bu_der_enter(&all, BU_DER_SEQUENCE);
    bulla_bytes oid = bu_der_take(&body, BU_DER_OID);
    *out = is_oid(oid, &author) ? &author : &repository;
    if (is_oid(oid, *out))
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_TYPE, "signed neither as author nor as repository");
}

/* NuGet: one signer, who commits to a role and whose certificate is named among what is signed. */
static bulla_status check_signer(const bu_cms *cms, const commitment *due, bulla_error *err)
{
    BU_CLEAR(bu_buf) value = { 0 };
    const commitment *is;
    if (bu_cms_count(cms) != 1)
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "%zu signers of one signature",
                       bu_cms_count(cms));
    BU_TRY(bu_cms_attribute(cms, 0, BU_CMS_SIGNED, OID_SIGNING_CERTIFICATE, &value, err));
    BU_TRY(commitment_of(cms, &is, err));
    return due == NULL || is == due
               ? BU_OK
               : bu_fail(err, BULLA_E_BAD_TYPE, "counter-signed not as repository");
}

static bulla_status add_counter(bu_signers *signers, const bu_cms *cms, bulla_error *err)
{
    BU_AUTO(bu_cms) counter = NULL;
    bulla_error why = { 0 };
    bulla_status status = bu_cms_counter(cms, 0, &counter, &why);
    if (status.code == BULLA_E_MISSING_FIELD)
        return BU_OK;
    if (!bulla_ok(status) && err != NULL)
        *err = why;
    BU_TRY(status);
    BU_TRY(bu_signers_add_cms(signers, counter, bu_cms_signature(cms, 0), err));
    return check_signer(counter, &repository, err);
}

static bulla_status verify(void *state, const bu_check *check, bu_vouched *out, bulla_error *err)
{
    nuget *n = state;
    BU_AUTO(bu_cms) cms = NULL;
    bu_signers signers = bu_signers_of(check, out);
    BU_TRY(bu_cms_read(n->signature, &cms, err));
    bulla_bytes text = bu_cms_content(cms);
    if (text.ptr == NULL || strcmp(bu_cms_content_type(cms), OID_DATA) != 0)
        return bu_fail(err, BULLA_E_BAD_TYPE, "the signature carries no data");
    BU_TRY(bu_signers_add_cms(&signers, cms, text, err));
    BU_TRY(check_signer(cms, NULL, err));
    BU_TRY(check_digest(n, text, err));
    BU_TRY(bu_within(err, add_counter(&signers, cms, err), "its counter-signature"));
    return bu_signers_finish(&signers, err);
}

static bulla_status describe(void *state, bu_description *out, bulla_error *err)
{
    const nuget *n = state;
    BU_AUTO(bu_cms) cms = NULL;
    const commitment *is;
    BU_TRY(bu_cms_read(n->signature, &cms, err));
    if (bulla_ok(commitment_of(cms, &is, NULL)))
        BU_TRY(bu_describe(out, "signed as", bu_bytes_of(is->as), err));
    return bu_signer_describe_cms(cms, out, err);
}

const bu_embedded bu_embedded_nuget = {
    .title = "NuGet signature",
    .state_size = sizeof(nuget),
    .begins = bu_begins_zip,
    .read = read,
    .verify = verify,
    .describe = describe,
};
