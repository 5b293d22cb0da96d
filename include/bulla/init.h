/* SPDX-License-Identifier: MIT */
/*
 * Beginning: the configuration, the policy and the trust store of a project,
 * from a template to adapt.
 */
#ifndef BULLA_INIT_H
#define BULLA_INIT_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

typedef enum bulla_party {
    BULLA_PARTY_PERSON,
    BULLA_PARTY_SERVICE,
    BULLA_PARTY_VENDOR,
} bulla_party;

/** Somebody who takes the next place of their kind. */
typedef struct bulla_enrolment {
    bulla_party kind;
    const char *id;       /**< 1 to 64 of a-z 0-9 . _ -, the first a letter or digit */
    const char *key_file; /**< public key; NAME.pub has its proof of possession in NAME.proof */
} bulla_enrolment;

typedef struct bulla_init_options {
    const char *
        name; /**< of the template: "clinic", "device-maker", "open-source", "saas", "small-team" */
    const char *folder;  /**< of the project */
    const char *product; /**< glob over the file names of what is released */
    const bulla_enrolment *people;
    size_t people_count;
    int64_t now; /**< Unix seconds UTC: keys and reviews end so many days later */
} bulla_init_options;

/**
 * Write `bulla.toml`, `bulla.policy.toml` and `.bulla/draft/` (trust.toml and the keys it names) in
 * the folder; a store is made of the draft with bulla_trust_init(). Nothing that is there is
 * replaced. Places that nobody takes keep the template's name, and the draft is refused until they
 * are filled.
 * @param out  who takes which place, what is missing, and the next commands.
 * Fails with usage (no such template, too many people, a product that is no pattern), bad-name,
 * duplicate-entry, write-error (a file is there), and as files are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_init(const bulla_init_options *options,
                                                 bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
