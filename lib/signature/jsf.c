/* SPDX-License-Identifier: MIT */
/*
 * JSF 0.82 (section 6, validation; 8, multiple signatures; 9, chains). All of the document is
 * signed but the signature's own value, or it is refused.
 */
#include "signature/jsf.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "signature/jcs.h"

void bu_jsf_clear(bu_jsf *jsf)
{
    bu_tree_free(jsf->document);
    *jsf = (bu_jsf){ 0 };
}

static const char *const core_fields[] = { "algorithm",       "keyId", "publicKey",
                                           "certificatePath", "value", NULL };
static const char *const key_fields[] = { "kty", "crv", "x", "y", "n", "e", NULL };

/* "there must not be any not here defined properties inside of the signature object" */
static bulla_status judge_options(const bu_tree *tree, const bu_node *signature, bulla_error *err)
{
    static const char *const options[] = { "excludes", "extensions" };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const bu_node *option = bu_node_get(signature, options[i]);
        if (option != NULL)
            return bu_node_fail(tree, option, err, BULLA_E_UNSUPPORTED_FEATURE,
                                "\"%s\" in a signature", options[i]);
    }
    return BU_OK;
}

static bulla_status read_algorithm(const bu_tree *tree, const bu_node *node, bulla_bytes *out,
                                   bulla_error *err)
{
    const bu_node *algorithm;
    BU_TRY(bu_node_field(tree, node, "algorithm", BU_NODE_STRING, &algorithm, err));
    *out = bu_node_text(algorithm);
    bulla_status status = bu_bytes_is(*out, "EdDSA") /* JSF has Ed25519 and Ed448 instead */
                              ? bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "no algorithm of JSF")
                              : bu_jose_algorithm_known(*out, err);
    if (bulla_ok(status))
        return status;
    uint32_t line, column;
    bu_tree_place(tree, bu_node_offset(algorithm), &line, &column);
    (void)bu_at_offset(err, status, bu_node_offset(algorithm));
    return bu_at(err, status, line, column);
}

static bulla_status read_value(const bu_tree *tree, const bu_node *value, bu_arena *arena,
                               bulla_bytes *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    bulla_error why = { 0 };
    bulla_status status = bu_base64url_decode(bu_node_text(value), &bytes, &why);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (!bulla_ok(status))
        return bu_node_fail(tree, value, err, BULLA_E_BAD_ENCODING, "not base64url: %s", why.text);
    *out = bu_arena_copy(arena, bu_buf_bytes(&bytes));
    return out->ptr == NULL && bytes.len > 0 ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_signer(const bu_tree *tree, const bu_node *node, bu_arena *arena,
                                bu_jsf_signer *out, bulla_error *err)
{
    const bu_node *keyid, *path;
    BU_TRY(bu_node_need(tree, node, BU_NODE_TABLE, err));
    BU_TRY(judge_options(tree, node, err));
    BU_TRY(bu_node_only(tree, node, core_fields, err));
    BU_TRY(read_algorithm(tree, node, &out->jose.algorithm, err));
    BU_TRY(bu_node_optional(tree, node, "keyId", BU_NODE_STRING, &keyid, err));
    BU_TRY(bu_node_optional(tree, node, "publicKey", BU_NODE_TABLE, &out->jose.jwk, err));
    BU_TRY(bu_node_optional(tree, node, "certificatePath", BU_NODE_ARRAY, &path, err));
    if (out->jose.jwk != NULL)
        BU_TRY(bu_node_only(tree, out->jose.jwk, key_fields, err));
    BU_TRY(bu_node_field(tree, node, "value", BU_NODE_STRING, &out->value, err));
    out->node = node;
    out->jose.keyid = bu_node_text(keyid);
    return read_value(tree, out->value, arena, &out->jose.value, err);
}

/* The lists that stand for one signer, where one is there. */
static const bu_node *list_of(const bu_node *signature, bool *is_chain)
{
    const bu_node *list = bu_node_get(signature, "signers");
    *is_chain = list == NULL && bu_node_get(signature, "chain") != NULL;
    return *is_chain ? bu_node_get(signature, "chain") : list;
}

static bulla_status read_list(const bu_tree *tree, const bu_node *signature, const bu_node *list,
                              bu_arena *arena, bu_jsf *out, bulla_error *err)
{
    static const char *const lists[] = { "signers", "chain", NULL };
    BU_TRY(judge_options(tree, signature, err));
    BU_TRY(bu_node_only(tree, signature, lists, err));
    if (bu_node_count(signature) != 1)
        return bu_node_fail(tree, signature, err, BULLA_E_AMBIGUOUS_BUNDLE,
                            "both \"signers\" and \"chain\"");
    BU_TRY(bu_node_need(tree, list, BU_NODE_ARRAY, err));
    if (bu_node_count(list) == 0)
        return bu_node_fail(tree, list, err, BULLA_E_EMPTY, "no signers");
    if (bu_node_count(list) > BU_LIMIT_SIGNATURES)
        return bu_node_fail(tree, list, err, BULLA_E_RESOURCE_LIMIT,
                            "%zu signatures are over the limit of %u", bu_node_count(list),
                            BU_LIMIT_SIGNATURES);
    out->signers = bu_arena_get_array(arena, bu_node_count(list), sizeof *out->signers);
    if (out->signers == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(node, list)
        BU_TRY(read_signer(tree, node, arena, &out->signers[out->count++], err));
    return BU_OK;
}

static bulla_status parse(bu_arena *arena, bu_jsf *out, bulla_error *err)
{
    const bu_tree *tree = out->document;
    const bu_node *signature;
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "signature", BU_NODE_TABLE, &signature, err));
    const bu_node *list = list_of(signature, &out->is_chain);
    if (list != NULL)
        return read_list(tree, signature, list, arena, out, err);
    out->signers = bu_arena_get_array(arena, 1, sizeof *out->signers);
    if (out->signers == NULL)
        return bu_no_memory(err);
    out->count = 1;
    return read_signer(tree, signature, arena, &out->signers[0], err);
}

bulla_status bu_jsf_parse(bulla_bytes text, const char *file, bu_arena *arena, bu_jsf *out,
                          bulla_error *err)
{
    BU_CLEAR(bu_jsf) jsf = { 0 };
    BU_TRY(bu_json_load(text, file, &jsf.document, err));
    BU_TRY(bu_in_file(err, parse(arena, &jsf, err), file));
    *out = jsf;
    jsf = (bu_jsf){ 0 };
    return BU_OK;
}

/* What one signer has not signed. */
typedef struct unsigned_part {
    const bu_jsf *jsf;
    size_t signer;
} unsigned_part;

/* Its own value; other signers, or in a chain those that came after it. */
static bool is_unsigned(const void *context, const bu_node *node)
{
    const unsigned_part *part = context;
    const bu_jsf *jsf = part->jsf;
    if (node == jsf->signers[part->signer].value)
        return true;
    for (size_t i = 0; i < jsf->count; i++)
        if (node == jsf->signers[i].node)
            return jsf->is_chain ? i > part->signer : i != part->signer && jsf->count > 1;
    return false;
}

static bulla_status check_one(const bu_jsf *jsf, size_t signer, bu_jose_tally *tally,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) input = { 0 };
    const unsigned_part part = { jsf, signer };
    const bu_jcs jcs = { .tree = jsf->document, .is_left_out = is_unsigned, .context = &part };
    BU_TRY(bu_jcs_write(&jcs, bu_tree_root(jsf->document), &input, err));
    return bu_jose_try(&jsf->signers[signer].jose, bu_buf_bytes(&input), tally, err);
}

bulla_status bu_jsf_check(const bu_jsf *jsf, bu_jose_tally *tally, bulla_error *err)
{
    for (size_t i = 0; i < jsf->count; i++)
        BU_TRY(check_one(jsf, i, tally, err));
    return bu_jose_judge(tally, err);
}
