/* SPDX-License-Identifier: MIT */
/*
 * What a rule asks for, one word each: "digest", "signature:ROLE",
 * "TYPE:ROLE", "provenance:SOURCE", "vsa:ROLE", "age:DURATION".
 */
#include "policy/parse.h"

#include "attest/predicate.h"
#include "attest/provenance.h"
#include "base/duration.h"

static bulla_proof proof_of(bulla_bytes name)
{
    for (size_t i = BULLA_PROOF_NONE + 1; i < BULLA_PROOF_COUNT; i++) {
        bulla_proof proof = (bulla_proof)i;
        if (bu_bytes_is(name, bu_proof_rows[i].name) && !bu_proof_exempts(proof))
            return proof;
    }
    return BULLA_PROOF_NONE;
}

static bulla_status refuse(const bu_policy_parser *p, const bu_node *node)
{
    return bu_parse_unknown(p, node, "proof",
                            "digest, contents, signature[:ROLE], TYPE:ROLE, registry-signature, "
                            "provenance[:SOURCE], archive-chain, tree, publisher, vsa[:ROLE] or "
                            "age:DURATION");
}

/* "TYPE:ROLE": a statement of that type. A type may be a URI, which has colons of its own. */
static bulla_status statement_read(const bu_policy_parser *p, const bu_node *node, bu_want *out)
{
    const char *colon = strrchr(out->text, ':');
    bulla_bytes type = { (const uint8_t *)out->text, (size_t)(colon - out->text) };
    out->proof = bu_is_provenance(bu_predicate_type_of(type)) ? BULLA_PROOF_PROVENANCE
                                                              : BULLA_PROOF_SIGNATURE;
    out->role = colon + 1;
    out->type = bu_arena_text(p->arena, type);
    if (out->type == NULL)
        return bu_no_memory(p->err);
    bool known = bu_predicate_type_of(type).len > 0 && bu_is_role_name(out->role);
    return known ? BU_OK : refuse(p, node);
}

/* What stands behind the first colon. */
static bulla_status detail_read(const bu_policy_parser *p, const bu_node *node, const char *detail,
                                bu_want *out)
{
    if (out->proof == BULLA_PROOF_NONE)
        return statement_read(p, node, out);
    if (out->proof == BULLA_PROOF_SIGNATURE || out->proof == BULLA_PROOF_VSA) {
        out->role = detail;
        return bu_is_role_name(detail) ? BU_OK : refuse(p, node);
    }
    if (out->proof == BULLA_PROOF_PROVENANCE) {
        out->source = detail;
        return detail[0] != '\0' ? BU_OK : refuse(p, node);
    }
    return refuse(p, node);
}

/* "age:7d" */
static bulla_status age_read(const bu_policy_parser *p, const bu_node *node, const char *detail,
                             bu_want *out)
{
    bulla_error why = { 0 };
    bulla_status status = bu_duration_parse(bu_bytes_of(detail), &out->age, &why);
    if (bulla_ok(status))
        return BU_OK;
    status = bu_node_fail(p->tree, node, p->err, status.code, "%s", why.text);
    return bu_expected(p->err, status, bu_bytes_of(why.expected), bu_node_text(node));
}

bulla_status bu_parse_want(const bu_policy_parser *p, const bu_node *node, bu_want *out)
{
    BU_TRY(bu_parse_text(p, node, &out->text));
    bulla_bytes text = bu_bytes_of(out->text);
    size_t colon = bu_bytes_find(text, ':');
    const char *detail = colon < text.len ? out->text + colon + 1 : NULL;
    out->proof = proof_of(bu_bytes_first(text, colon));
    if (out->proof == BULLA_PROOF_AGE)
        return detail == NULL ? refuse(p, node) : age_read(p, node, detail, out);
    if (detail != NULL)
        return detail_read(p, node, detail, out);
    return out->proof == BULLA_PROOF_NONE ? refuse(p, node) : BU_OK;
}
