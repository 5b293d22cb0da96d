/* SPDX-License-Identifier: MIT */
/*
 * What Sigstore's certificate authority certified about who signed (Fulcio's certificate
 * specification, OIDs 1.3.6.1.4.1.57264.1).
 */
#ifndef BU_TRUST_CLAIMS_H
#define BU_TRUST_CLAIMS_H

/** Texts of one certificate; NULL: not in it. URLs as they stand. */
typedef struct bu_claims {
    const char *identity; /* subject alternative name: URI, e-mail address or other name */
    const char *issuer;   /* OpenID Connect issuer: .8, or .1 */
    const char *build_signer_uri, *build_signer_digest;  /* .9, .10: the (reusable) workflow */
    const char *runner_environment;                      /* .11: "github-hosted" */
    const char *source_uri, *source_digest, *source_ref; /* .12, .13, .14 (or .5, .3, .6) */
    const char *source_owner_uri;                        /* .16 */
    const char *build_config_uri, *build_config_digest;  /* .18, .19: the top-level workflow */
    const char *build_trigger;                           /* .20, or .2: "push" */
    const char *run_uri;                                 /* .21 */
} bu_claims;

#endif
