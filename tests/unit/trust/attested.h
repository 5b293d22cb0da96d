/* SPDX-License-Identifier: MIT */
/*
 * What tests of packaged bundles share: an archive, statements about it, and a check against the
 * Sigstore of the test.
 */
#ifndef UNIT_TRUST_ATTESTED_H
#define UNIT_TRUST_ATTESTED_H

#include "formats.h"
#include "sigstore_world.h"

/** Hex of a digest of WORLD_ARTIFACT, in memory that lives as long as the process. */
static inline char *attested_hex(bulla_alg alg)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    char hex[BULLA_DIGEST_HEX_MAX];
    unit_ok(bu_digest_of(alg, BULLA_LIT(WORLD_ARTIFACT), &digest, &err), err);
    return test_text("%s", bulla_digest_hex(&digest, hex));
}

/** A statement about it: subject's name, digests as JSON, predicate type and predicate. */
static inline char *attested_statement(const char *name, const char *digests, const char *type,
                                       const char *predicate)
{
    return test_text("{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"%s\","
                     "\"digest\":{%s}}],\"predicateType\":\"%s\",\"predicate\":%s}",
                     name, digests, type, predicate);
}

/** The world's trusted root, its identity, and a key that is called "k" of that form and name. */
static inline bu_anchors attested_anchors(const world *w, const char *form, const char *name)
{
    bu_anchors anchors = vouch_anchors((const char *[]){ w->trusted_root, world_key(w), NULL });
    bu_anchor *identity = bu_anchors_add(&anchors);
    ck_assert_ptr_nonnull(identity);
    identity->identity = WORLD_IDENTITY;
    identity->issuer = WORLD_ISSUER;
    anchors.items[0].form = form;
    anchors.items[0].name = name;
    anchors.items[0].hint = BULLA_LIT("k");
    return anchors;
}

#endif
