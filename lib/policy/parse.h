/* SPDX-License-Identifier: MIT */
/*
 * Reading the fields of a policy. Each refusal names its place in the text.
 * Private to this room.
 */
#ifndef BU_POLICY_PARSE_H
#define BU_POLICY_PARSE_H

#include "policy/rule.h"
#include "syntax/tree.h"

typedef struct bu_policy_parser {
    const bu_tree *tree;
    bulla_bytes text; /* of the whole policy */
    bu_arena *arena;
    bulla_error *err;
} bu_policy_parser;

/** A field whose value is one text or a list of texts. */
typedef struct bu_text_nodes {
    const bu_node **items;
    size_t count;
} bu_text_nodes;

/** A list has an entry, and at most so many: empty, resource-limit. */
BULLA_MUST_USE bulla_status bu_parse_count(const bu_policy_parser *p, const bu_node *list,
                                           size_t max);
/** Fails with type-mismatch and as bu_parse_count(). */
BULLA_MUST_USE bulla_status bu_parse_text_nodes(const bu_policy_parser *p, const bu_node *node,
                                                bu_text_nodes *out);
/** A copy of a text: empty, control-character. */
BULLA_MUST_USE bulla_status bu_parse_text(const bu_policy_parser *p, const bu_node *node,
                                          const char **out);
/** A role, gate or environment, named as trust.toml names its roles: bad-name. */
BULLA_MUST_USE bulla_status bu_parse_name(const bu_policy_parser *p, const bu_node *node,
                                          const char *what, const char **out);
/** The same, one or several: NULL-terminated, and empty when `node` is NULL. */
BULLA_MUST_USE bulla_status bu_parse_names(const bu_policy_parser *p, const bu_node *node,
                                           const char *what, const char *const **out);
/** One or several texts: NULL-terminated, and empty when `node` is NULL. */
BULLA_MUST_USE bulla_status bu_parse_texts(const bu_policy_parser *p, const bu_node *node,
                                           const char *const **out);
/** "90d", or INT64_MAX when `node` is NULL: bad-time. */
BULLA_MUST_USE bulla_status bu_parse_duration(const bu_policy_parser *p, const bu_node *node,
                                              int64_t *out);
/** Refuse a word: bad-name. */
bulla_status bu_parse_unknown(const bu_policy_parser *p, const bu_node *node, const char *what,
                              const char *known);
/** True for a name as trust.toml has them. */
bool bu_is_role_name(const char *name);

/** One entry of `require` or `any`: bad-name, bad-time. */
BULLA_MUST_USE bulla_status bu_parse_want(const bu_policy_parser *p, const bu_node *node,
                                          bu_want *out);

/** SHA-256 of the text of a rule, without blank lines and comments behind it. */
BULLA_MUST_USE bulla_status bu_parse_rule_digest(const bu_policy_parser *p, const bu_node *rule,
                                                 bulla_digest *out);

/** The table `[waivers]`; NULL: what holds without it. */
BULLA_MUST_USE bulla_status bu_parse_waivers(const bu_policy_parser *p, const bu_node *table,
                                             bu_waiver_terms *out);

/** The gates, a list; NULL: none. */
BULLA_MUST_USE bulla_status bu_parse_gates(const bu_policy_parser *p, const bu_node *list,
                                           bu_gates *out);

/** The verifiers whose summaries count, a list; NULL: none. */
BULLA_MUST_USE bulla_status bu_parse_verifiers(const bu_policy_parser *p, const bu_node *list,
                                               bu_verifiers *out);

#endif
