/* SPDX-License-Identifier: MIT */
/*
 * Documents that carry their own signature (JSF 0.82), as CycloneDX has them. The document is what
 * is signed: beside another file it proves nothing.
 */
#include "base/bytes.h"
#include "digest/hasher.h"
#include "signature/jsf.h"
#include "trust/bare_keys.h"

static bool is_jsf(bulla_bytes content)
{
    return bu_bytes_starts(bu_bytes_trim(content), "{") && bu_bytes_has(content, "\"signature\"") &&
           bu_bytes_has(content, "\"algorithm\"") && bu_bytes_has(content, "\"value\"") &&
           !bu_bytes_has(content, "\"verificationMaterial\"");
}

/* Not somewhere inside of it: by itself. */
static bool is_signed(bulla_bytes content)
{
    BU_AUTO(bu_tree) tree = NULL;
    bulla_error why;
    return is_jsf(content) && bulla_ok(bu_json_load(content, "", &tree, &why)) &&
           bu_node_kind_of(bu_node_get(bu_tree_root(tree), "signature")) == BU_NODE_TABLE;
}

/* Given by itself, or as the signature of itself. */
static bulla_status is_of_itself(const bu_check *check, bulla_error *err)
{
    bulla_digest own, other;
    if (check->message == NULL)
        return BU_OK;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, check->content, &own, err));
    BU_TRY(bu_message_digest(check->message, BULLA_ALG_SHA256, &other, err));
    if (bulla_digest_equal(&own, &other))
        return BU_OK;
    return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "a document that signs itself, not this file");
}

static bulla_bytes type_of(const bu_jsf *jsf)
{
    const bu_node *format = bu_node_get(bu_tree_root(jsf->document), "bomFormat");
    return bu_bytes_is(bu_node_text(format), "CycloneDX")
               ? BULLA_LIT("application/vnd.cyclonedx+json")
               : BULLA_LIT("application/json");
}

static bulla_status verify(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_CLEAR(bu_jsf) jsf = { 0 };
    bu_bare_keys keys;
    BU_TRY(is_of_itself(check, err));
    BU_TRY(bu_jsf_parse(check->content, check->file, check->arena, &jsf, err));
    BU_TRY(bu_bare_keys_of(check, &keys, err));
    bu_jose_tally tally = { .keys = keys.items,
                            .count = keys.count,
                            .signed_by = keys.signed_by,
                            .broken_by = keys.broken_by };
    BU_TRY(bu_jsf_check(&jsf, &tally, err));
    BU_TRY(bu_bare_keys_vouch(&keys, check, out, err));
    if (check->message != NULL)
        return BU_OK;
    out->payload = bu_arena_copy(check->arena, check->content);
    out->payload_type = type_of(&jsf);
    return out->payload.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status verify_jsf(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    return bu_in_file(err, verify(check, out, err), check->file);
}

static bulla_status describe_jsf(bulla_bytes content, const char *file, bu_description *out,
                                 bulla_error *err)
{
    BU_CLEAR(bu_jsf) jsf = { 0 };
    BU_TRY(bu_jsf_parse(content, file, out->arena, &jsf, err));
    for (size_t i = 0; i < jsf.count; i++) {
        BU_TRY(bu_describe(out, "algorithm", jsf.signers[i].jose.algorithm, err));
        if (jsf.signers[i].jose.keyid.len > 0)
            BU_TRY(bu_describe(out, "keyid", jsf.signers[i].jose.keyid, err));
    }
    return bu_describe(out, "payload type", type_of(&jsf), err);
}

const bu_format bu_format_jsf = {
    .id = "jsf",
    .title = "JSON document that is signed in itself",
    .endings = (const char *const[]){ ".jsf", NULL },
    .is = is_jsf,
    .carries = is_signed,
    .verify = verify_jsf,
    .describe = describe_jsf,
};
