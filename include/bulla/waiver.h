/* SPDX-License-Identifier: MIT */
/*
 * Waivers: two people let one thing pass one rule of the policy for a while.
 * Proposed by one, approved by another, revoked by any one of the role.
 */
#ifndef BULLA_WAIVER_H
#define BULLA_WAIVER_H

#include "verify.h"

BULLA_BEGIN

#define BULLA_WAIVER_SOON_DAYS 14 /**< one that ends within so many days is shown as expiring */
#define BULLA_WAIVER_ID        13 /**< characters of an id, with NUL: "W-0123456789" */

/** A rule that a component does not satisfy: what a waiver is for. */
struct bulla_unmet {
    char id[BULLA_WAIVER_ID]; /**< of rule and bytes; "" when it may not be waived */
    const char *rule;
    bulla_digest rule_digest; /**< SHA-256 of its text */
    const bulla_code *codes;  /**< of the reasons, each once */
    size_t code_count;
    bool is_waived;
};

typedef enum bulla_waiver_state {
    BULLA_WAIVER_REFUSED = 0, /**< `finding` says why; it counts for nothing */
    BULLA_WAIVER_PROPOSED,    /**< too few people have agreed; `finding` says so */
    BULLA_WAIVER_REVOKED,
    BULLA_WAIVER_EXPIRED,
    BULLA_WAIVER_UNUSED,   /**< in force, and nothing needs it */
    BULLA_WAIVER_EXPIRING, /**< in force, and ends within BULLA_WAIVER_SOON_DAYS */
    BULLA_WAIVER_ACTIVE = 0x41435456,
} bulla_waiver_state;

/** "refused", "proposed", "revoked", "expired", "unused", "expiring", "active". Never NULL. */
BULLA_API const char *bulla_waiver_state_name(bulla_waiver_state state);

/** A waiver as it was found; texts are NULL where one was refused before it was read. */
typedef struct bulla_waiver {
    bulla_waiver_state state;
    const char *file; /**< escaped */
    uint32_t line;
    bulla_digest payload;     /**< SHA-256 of what was signed: names this waiver */
    char id[BULLA_WAIVER_ID]; /**< of the finding that it is for; "" when it was not read */
    const char *purl, *rule, *reason, *role;
    const bulla_code *waives; /**< reasons that it lets pass */
    size_t waives_count;
    int64_t issued, until; /**< Unix seconds; `until` is inclusive */
    const bulla_voucher *signers;
    size_t signer_count;
    bulla_finding finding; /**< of a refused or proposed one */
} bulla_waiver;

/** Why a waiver is asked for, by number, from 0; false behind the last. */
BULLA_API bool bulla_waiver_reason_at(size_t index, const char **word, const char **meaning);

/** What is to be waived. */
typedef struct bulla_waiver_proposal {
    const char *what;   /**< id of a finding ("W-0123456789"), or a package URL */
    const char *rule;   /**< name of the rule, where the package fails several; NULL */
    const char *reason; /**< a word of bulla_waiver_reason_at() */
    const char *role;   /**< whose people must agree; NULL: the policy's first that the store has */
    int64_t until;      /**< inclusive */
} bulla_waiver_proposal;

/**
 * Verify what the options name, find what is to be waived, and sign a waiver for it, as the first
 * of at least two people.
 * @param id   gets the id of the finding, which is the waiver's too.
 * @param out  the envelope: one line.
 * Fails with usage (nothing by that name, or several), wrong-usage (what was found may not be
 * waived), bad-name (the reason), bad-time (the end), untrusted-key (the key is nobody's, or no
 * role may waive), duplicate-entry (it is proposed already), and as verifying does.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_waiver_propose(const bulla_secret_key *key,
                                                           const bulla_verify_options *options,
                                                           const bulla_waiver_proposal *proposal,
                                                           char id[BULLA_WAIVER_ID],
                                                           bulla_buffer *out, bulla_error *err);

/** Where waivers lie and by what they are judged. All is borrowed, also by what is loaded. */
typedef struct bulla_waiver_options {
    const char *const *folders; /**< or files; NULL-terminated; NULL: none */
    const char *policy;         /**< file; NULL: the store's, or the built-in one */
    const bulla_trust *trust;   /**< not NULL */
    int64_t now;
} bulla_waiver_options;

/** The waivers of some folders, each with its state. */
typedef struct bulla_waivers bulla_waivers;
BULLA_API void bulla_waivers_free(bulla_waivers *waivers);

/**
 * Read all waivers. That one is refused is no failure: it is listed so. None is UNUSED: nothing was
 * verified.
 * Fails with unreadable, special-file, resource-limit, and as policies are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_waivers_load(const bulla_waiver_options *options,
                                                         bulla_waivers **out, bulla_error *err);

BULLA_API size_t bulla_waivers_count(const bulla_waivers *waivers);
/** In order of their ends; borrowed. NULL behind the last. */
BULLA_API const bulla_waiver *bulla_waivers_at(const bulla_waivers *waivers, size_t index);

/**
 * The one waiver that is proposed, of that id (NULL: of all that were loaded); borrowed. Fails with
 * usage: there is none, or there are several.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_waivers_find(const bulla_waivers *waivers,
                                                         const char *id, const bulla_waiver **out,
                                                         bulla_error *err);

/** "text", or "json" (`bulla.waiver-list/1`, doc/schema/waiver-list.json). Fails with usage. */
BULLA_API BULLA_MUST_USE bulla_status bulla_waivers_render(const bulla_waivers *waivers,
                                                           const char *format, bulla_buffer *out,
                                                           bulla_error *err);

/** All that one waiver says, for who is to sign it. Fails with no-memory. */
BULLA_API BULLA_MUST_USE bulla_status bulla_waiver_describe(const bulla_waiver *waiver,
                                                            bulla_buffer *out, bulla_error *err);

/**
 * Sign a proposed waiver as one more person.
 * @param waiver  of bulla_waivers_find().
 * @param path    gets the file that it lies in, borrowed from `waivers`.
 * @param out     that whole file anew, with the signature.
 * Fails with untrusted-key (the key's person may not agree to this), duty-conflict (has signed
 * already, by whatever key), and as its role is refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_waiver_approve(const bulla_secret_key *key,
                                                           const bulla_waivers *waivers,
                                                           const bulla_waiver *waiver,
                                                           const char **path, bulla_buffer *out,
                                                           bulla_error *err);

/**
 * Take back every waiver of that id that is proposed or in force.
 * @param out  signed lines, one for each.
 * Fails with usage (there is none), untrusted-key (the key's person does not hold its role).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_waiver_revoke(const bulla_secret_key *key,
                                                          const bulla_waivers *waivers,
                                                          const char *id, bulla_buffer *out,
                                                          bulla_error *err);

BULLA_END

#endif
