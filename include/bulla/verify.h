/* SPDX-License-Identifier: MIT */
/*
 * Verify: every dependency of a checkout, Debian packages, artifacts with
 * their sidecars. Never networked.
 */
#ifndef BULLA_VERIFY_H
#define BULLA_VERIFY_H

#include "fact.h"
#include "trust.h"

BULLA_BEGIN

/** A document named by hand: -L kind:path. */
typedef struct bulla_input {
    const char *kind; /**< id of a bulla_kind, or "apt": a folder of apt's lists */
    const char *path;
} bulla_input;

/** A kind of lockfile, manifest or package database that is understood. */
typedef struct bulla_kind {
    const char *id;            /**< "npm" */
    const char *title;         /**< for people */
    const char *const *places; /**< where it is looked for in each folder; NULL-terminated */
} bulla_kind;

/** The kinds by number, from 0; false behind the last. */
BULLA_API bool bulla_kind_at(size_t index, bulla_kind *out);

/** A folder in which a tool keeps the archives that it fetched. */
typedef struct bulla_cache {
    const char *kind; /**< whose: "cargo", "go", "maven", "npm" … */
    const char *path;
} bulla_cache;

/** What is being done, for a progress bar. */
typedef struct bulla_progress {
    /** `done` of `total` pieces of work; called from one thread at a time, not for each piece. */
    void (*tell)(void *context, size_t done, size_t total);
    void *context;
} bulla_progress;

/** What the provenance of an artifact has to say. NULL: not asked for. */
typedef struct bulla_build_expected {
    const char *source;        /**< repository: "github.com/org/repo" */
    const char *builder;       /**< builder id, with or without its @version */
    const char *branch;        /**< "main" */
    const char *tag;           /**< exactly this tag */
    const char *versioned_tag; /**< a release of this line: "v1" also means v1.2.3 */
    const char *const *inputs; /**< "NAME=VALUE" of the workflow; NULL-terminated */
} bulla_build_expected;

/** Who may vouch, given by hand instead of a trust store. NULL lists are empty. */
typedef struct bulla_vouchers {
    const char *const *keys; /**< files of public keys, certificates, keyrings; NULL-terminated */
    const char *identity; /**< of a Sigstore certificate: exactly, or with * for any characters */
    const char *issuer;   /**< of that identity; both or none */
    const char *trusted_root; /**< file: Sigstore's logs and authorities, trusted_root.json */
} bulla_vouchers;

/** Another policy engine (OPA's data API): the library itself never uses a network. */
typedef struct bulla_decider {
    const char *url; /**< of its decision, as the result is to name it */
    /** Send the question (JSON) and take what is answered into `response`. */
    bulla_status (*ask)(void *context, bulla_bytes question, bulla_buffer *response,
                        bulla_error *err);
    void *context;
} bulla_decider;

/** All of it may be zero; NULL lists are empty. Everything is borrowed for the call. */
typedef struct bulla_verify_options {
    /** Checkouts, lockfiles, artifacts, "sha256:HEX" of an artifact elsewhere; NULL-terminated. */
    const char *const *paths;
    const char *const
        *exclude; /**< patterns of what is left out, as in .gitignore; NULL-terminated */
    const char
        *exclude_base; /**< the first path, from the folder that the patterns are of; NULL: "" */
    const bulla_input *inputs; /**< documents named by hand */
    size_t input_count;
    const char *const *archives; /**< folders with archives; NULL-terminated */
    const bulla_cache *caches;   /**< those that are not there are left out */
    size_t cache_count;
    /**
     * Installed trees (node_modules, vendor, site-packages): every package of their kinds must be
     * there as in its archive, and nothing else. NULL-terminated.
     */
    const char *const *trees;
    const char *policy;       /**< policy file, or NULL: the built-in policy */
    const char *gate;         /**< gate of the policy that artifacts must pass; NULL: none */
    const bulla_trust *trust; /**< or NULL: nothing can be vouched for */
    const char *lock;         /**< bulla.lock: who vouched before, and from where it came; NULL */
    bool publishers; /**< find out who vouches for each dependency, whether or not policy asks */
    bulla_vouchers vouchers;       /**< given by hand */
    const char *const *signatures; /**< files that sign the one path; NULL-terminated */
    const char *const
        *evidence; /**< folders with files that sign, named by digest; NULL-terminated */
    const char *const *waivers; /**< folders with waivers; NULL-terminated */
    const char
        *tiles; /**< folder with the hashes of a checksum database (Go's sumdb cache); NULL */
    const char *algorithm;       /**< of a raw detached signature; NULL: by the key */
    bulla_build_expected build;  /**< what the provenance of the artifacts must say */
    const char *package_name;    /**< the package that what signs must be about; NULL: any */
    const char *package_version; /**< its version; NULL: any */
    const char *const *sboms; /**< SBOM files that an attestation of the artifact must name too */
    const char *environment;  /**< what is said for other environments does not count; NULL */
    int64_t now;              /**< the time to judge by */
    size_t jobs;              /**< worker threads; 0 counts as 1 */
    bool allow_empty;         /**< nothing to verify is fine */
    const bulla_decider *decider; /**< is asked at last, and can only add denials; NULL: nobody */
    const bulla_progress *progress;
} bulla_verify_options;

/**
 * Verify what the options name.
 * @param out  owned by the caller; set whenever a verdict could be reached for at least one thing, also when
 *             that verdict is a refusal: bulla_result_exit() tells. Troubles with single documents are in it.
 * Fails with usage and with what policy files are refused for (exit class CONFIG), no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_verify(const bulla_verify_options *options,
                                                   bulla_result **out, bulla_error *err);

/**
 * Open documents that carry what they sign (envelopes, bundles, notes, clear-signed texts) with
 * keys given by hand, and hand out their payloads: what --key … -o payload prints. Of several each
 * ends with a newline.
 * @param paths  files, NULL-terminated; each may hold one document a line.
 * @param tiles  as in bulla_verify_options
 * Fails as documents or keys are refused: bad-signature, untrusted-key, bad-syntax …
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_open_documents(const char *const *paths,
                                                           const bulla_vouchers *vouchers,
                                                           const char *tiles, int64_t now,
                                                           bulla_buffer *payload, bulla_error *err);

BULLA_END

#endif
