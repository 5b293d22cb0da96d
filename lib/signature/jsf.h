/* SPDX-License-Identifier: MIT */
/*
 * JSON Signature Format 0.82, as CycloneDX documents carry it: a "signature" in the document that it
 * is over, in the canonical form of RFC 8785. One signer, several (each for itself), or a chain
 * (each over those before it).
 */
#ifndef BU_SIGNATURE_JSF_H
#define BU_SIGNATURE_JSF_H

#include "signature/jose.h"

typedef struct bu_jsf_signer {
    bu_jose_signature jose;
    const bu_node *node;  /* its object, in `signers` or `chain` where there is one */
    const bu_node *value; /* what it does not sign of itself */
} bu_jsf_signer;

typedef struct bu_jsf {
    bu_tree *document;
    bu_jsf_signer *signers;
    size_t count; /* at least one */
    bool is_chain;
} bu_jsf;

void bu_jsf_clear(bu_jsf *jsf);
BU_DEFINE_CLEAR(bu_jsf)

/**
 * Read one; bytes live in `arena`, and in `text` itself.
 * Fails as bu_json_load() and with missing-field, type-mismatch, bad-encoding, bad-syntax (a field
 * that JSF has not), unsupported-feature (an algorithm; "excludes": parts that are not signed;
 * "extensions"), empty, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_jsf_parse(bulla_bytes text, const char *file, bu_arena *arena,
                                         bu_jsf *out, bulla_error *err);

/** Which keys have signed the document. Fails with bad-signature, untrusted-key, bad-number, no-memory. */
BULLA_MUST_USE bulla_status bu_jsf_check(const bu_jsf *jsf, bu_jose_tally *tally, bulla_error *err);

#endif
