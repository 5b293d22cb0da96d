/* SPDX-License-Identifier: MIT */
/*
 * What the readers of trust.toml share: the document that is read, texts, times. Private to the
 * files trust_toml*.c.
 */
#ifndef BU_TRUST_TRUST_TOML_INSIDE_H
#define BU_TRUST_TRUST_TOML_INSIDE_H

#include "syntax/tree.h"
#include "trust/trust_toml.h"

/** A document on its way into a store. */
typedef struct bu_toml_reader {
    const bu_tree *tree;
    bulla_trust *trust;
    bulla_error *err;
} bu_toml_reader;

/** Give an error that came from below the place of the value that it is about. */
bulla_status bu_toml_at(const bu_toml_reader *r, const bu_node *node, bulla_status status);

/** One line of visible text, kept by the store. Fails with empty, control-character. */
BULLA_MUST_USE bulla_status bu_toml_keep(const bu_toml_reader *r, const bu_node *node,
                                         const char **out);

/** The same of a field that need not be there; `*out` stays as it is without it. */
BULLA_MUST_USE bulla_status bu_toml_optional(const bu_toml_reader *r, const bu_node *table,
                                             const char *key, const char **out);

/** A field with the name of a person, role or environment. Fails with bad-name. */
BULLA_MUST_USE bulla_status bu_toml_id(const bu_toml_reader *r, const bu_node *table,
                                       const char *key, const char **out, const bu_node **node);

/** A list of texts (NULL: an empty one), NULL-terminated; `check` may refuse one of them; NULL. */
BULLA_MUST_USE bulla_status bu_toml_texts(const bu_toml_reader *r, const bu_node *array,
                                          const char *const **out,
                                          bulla_status (*check)(const bu_toml_reader *r,
                                                                const bu_node *node));

/** A time that need not be there; `*out` stays as it is without it. */
BULLA_MUST_USE bulla_status bu_toml_time(const bu_toml_reader *r, const bu_node *table,
                                         const char *key, int64_t *out);

/** `from` and `until`. Fails with bad-time. */
BULLA_MUST_USE bulla_status bu_toml_validity(const bu_toml_reader *r, const bu_node *table,
                                             int64_t *from, int64_t *until);

/** `environments` of a key, role or grant: of those that the store has. Fails with bad-reference. */
BULLA_MUST_USE bulla_status bu_toml_environments(const bu_toml_reader *r, const bu_node *table,
                                                 const char *const **out);

/** Principals of all kinds, and who counts as whom. */
BULLA_MUST_USE bulla_status bu_toml_people(const bu_toml_reader *r, const bu_node *root);
/** Their keys. */
BULLA_MUST_USE bulla_status bu_toml_keys(const bu_toml_reader *r, const bu_node *root);
/** Roles, grants and exclusions. */
BULLA_MUST_USE bulla_status bu_toml_roles(const bu_toml_reader *r, const bu_node *root);

/**
 * An optional list of tables at the top, within what a store may hold. Fails with resource-limit.
 */
BULLA_MUST_USE bulla_status bu_toml_list(const bu_toml_reader *r, const bu_node *root,
                                         const char *key, const bu_node **out);

#endif
