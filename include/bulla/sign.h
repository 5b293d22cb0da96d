/* SPDX-License-Identifier: MIT */
/*
 * Sign and attest: in-toto Statement v1 in DSSE 1.0.2.
 */
#ifndef BULLA_SIGN_H
#define BULLA_SIGN_H

#include "bytes.h"
#include "key.h"

BULLA_BEGIN

/** The predicateType of a plain bulla signature: "these are the files that I signed". */
#define BULLA_PREDICATE_SIGNATURE "urn:bulla:signature:v1"

/** Asks a time-stamping authority (RFC 3161): the library itself never uses a network. */
typedef struct bulla_stamper {
    /** Send the request (DER) and take what is answered into `response`. */
    bulla_status (*ask)(void *context, bulla_bytes request, bulla_buffer *response,
                        bulla_error *err);
    void *context;
} bulla_stamper;

/** How to sign. The zero value is what bulla itself verifies by its policy: an envelope. */
typedef struct bulla_sign_options {
    /**
     * "dsse" (or NULL): one envelope over all files, with a statement. Each of the others is over one
     * file: "sigstore" (bundle version 0.3 with a managed key), "minisign", "signify", "sshsig"
     * (namespace "file"), "raw" (a bare signature, as openssl reads it).
     */
    const char *format;
    const char *algorithm;        /**< of "raw": "ecdsa-p256-sha256" …; NULL: the key's own */
    int64_t now;                  /**< Unix seconds UTC, for forms that say a time, unproven */
    const bulla_stamper *stamper; /**< of "sigstore": a time stamp over the signature; or NULL */
} bulla_sign_options;

/** What is appended to a file's name for its signature in that form: ".minisig"; NULL: no such form. */
BULLA_API const char *bulla_sign_ending(const char *format);

/**
 * Sign files. An envelope is over one statement with a subject for each (name = last part of the
 * path, SHA-256 and SHA-512).
 * @param options  NULL: the zero value.
 * @param files    NULL-terminated, at least one; names must differ. Exactly one unless it is an
 *                 envelope.
 * @param out      the whole signature file.
 * Fails with missing-file, unreadable, special-file, control-character (a name that hides something),
 * duplicate-entry, usage (options that do not fit), wrong-usage (a form that has no such keys), no-memory;
 * with bad-status, log-mismatch and as the stamper fails when a time stamp is wanted.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_sign(const bulla_secret_key *key,
                                                 const bulla_sign_options *options,
                                                 const char *const *files, bulla_buffer *out,
                                                 bulla_error *err);

/**
 * Co-sign: add a signature to an envelope, after seeing that it is about exactly these files (by digest).
 * Fails as bulla_sign() and with subject-mismatch, duplicate-key (this key has signed), bad-type (no
 * in-toto statement), and what envelopes and statements are refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_cosign(const bulla_secret_key *key,
                                                   bulla_bytes envelope, const char *const *files,
                                                   bulla_buffer *out, bulla_error *err);

/**
 * Attest: bind a predicate to files. For the type "sbom" the SBOM's own bytes are a subject too.
 * @param options    NULL: the zero value; format "dsse" or "sigstore".
 * @param type       "sbom", "slsa", or a predicate type URI.
 * @param predicate  file with the predicate (JSON).
 * Fails as bulla_sign() and with bad-type, and what the predicate is refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_attest(const bulla_secret_key *key,
                                                   const bulla_sign_options *options,
                                                   const char *type, const char *predicate,
                                                   const char *const *files, bulla_buffer *out,
                                                   bulla_error *err);

/** What a person decides; all but `type` may be zero. Everything is borrowed for the call. */
typedef struct bulla_decision {
    const char *type; /**< "approval", "review", "release" …, or its URI: doc/reviews.md */
    /** "NAME=VALUE" each: "role=reviewer"; of a list or digest set once for each; NULL-terminated. */
    const char *const *fields;
    int64_t issued; /**< Unix seconds UTC */
    /** Files, "sha512:HEX", package URLs of `lockfile`; NULL-terminated. None for a publisher. */
    const char *const *subjects;
    const char *lockfile; /**< pins the packages; NULL */
    const char *from;     /**< what a review compared with: a file or "sha512:HEX"; NULL */
} bulla_decision;

/** True when bulla_decide() knows the type. */
BULLA_API bool bulla_is_decision(const char *type);

/**
 * State what a person decides, as one line: an envelope (or bundle) with a closed predicate.
 * @param options  NULL: the zero value; format "dsse" or "sigstore".
 * @param names    "sha512-HEX" of each subject, a line each: evidence is found by these names.
 * Fails as bulla_sign(), with what fields are refused for (exit class CONFIG): missing-field,
 * bad-syntax (no such field), bad-name, bad-time …, with bad-reference and missing-hash (a package
 * that is not in the lockfile, or not pinned), and as lockfiles are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_decide(const bulla_secret_key *key,
                                                   const bulla_sign_options *options,
                                                   const bulla_decision *decision,
                                                   bulla_buffer *out, bulla_buffer *names,
                                                   bulla_error *err);

/** What is told to others of a result. */
typedef struct bulla_summary_request {
    const char
        *type; /**< "vsa": SLSA Verification Summary v1; "svr": Simple Verification Result v0.2 */
    const char *result;   /**< file: `bulla.result/1`, as bulla_result_render() wrote it as JSON */
    const char *verifier; /**< URI: who verified */
    const char *resource; /**< URI: what the files are; NULL: the package URL that the result has */
    const char *policy;   /**< URI of the policy; NULL: one made of its digest */
} bulla_summary_request;

/**
 * Attest a result: sum up what was verified of files, and sign that. Nothing protects the result
 * itself: whoever signs vouches for it. What does not allow becomes FAILED, never PASSED.
 * @param options  NULL: the zero value; format "dsse" or "sigstore".
 * Fails as bulla_sign() and with subject-mismatch (the result measured no such file), bad-status (a
 * "svr" of a result that does not allow), ambiguous-bundle (the result contradicts itself), usage
 * (no URI), and as results are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_attest_result(const bulla_secret_key *key,
                                                          const bulla_sign_options *options,
                                                          const bulla_summary_request *request,
                                                          const char *const *files,
                                                          bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
