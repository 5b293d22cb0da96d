/* SPDX-License-Identifier: MIT */
/*
 * The parts of the TOML reader: toml_tree.c knows documents, toml_text.c keys
 * and strings, toml_scalar.c the other values, toml_nodes.c how tables come to
 * be and in which order the tree has them.
 */
#ifndef BU_SYNTAX_TOML_H
#define BU_SYNTAX_TOML_H

#include "base/buf.h"
#include "base/intern.h"
#include "syntax/tree_build.h"

/* Text */

/** A document that is being read. */
typedef struct bu_toml_text {
    bu_tree *tree;
    const uint8_t *start, *end; /* NUL bytes stand at `end`: no scan needs to look for it */
    const uint8_t *at;          /* next byte */
    bu_buf unescaped;           /* scratch */
    bulla_error *err;
} bu_toml_text;

/** The byte at `at` is not what the grammar has there: truncated, bad-encoding or else `code`. */
bulla_status bu_toml_unexpected(const bu_toml_text *t, const uint8_t *at, bulla_code code,
                                const char *expected);

/** It is, but may not be. */
bulla_status bu_toml_refuse(const bu_toml_text *t, const uint8_t *at, bulla_code code,
                            const char *expected);

/** Put the place on an error just made. Returns `status`. */
bulla_status bu_toml_placed(const bu_toml_text *t, const uint8_t *at, bulla_status status);

/** Past spaces and tabs. */
void bu_toml_skip_blanks(bu_toml_text *t);

/** Past a comment, if there is one, to the end of its line. */
BULLA_MUST_USE bulla_status bu_toml_skip_comment(bu_toml_text *t);

/** Past the end of a line, if one is here: LF or CRLF. `*out`: was it? */
BULLA_MUST_USE bulla_status bu_toml_skip_newline(bu_toml_text *t, bool *out);

/** The value of a hex digit; 16 for any other byte. */
static inline uint8_t bu_toml_digit(uint8_t byte)
{
    uint8_t low = byte | 0x20;
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return low >= 'a' && low <= 'f' ? (uint8_t)(low - 'a' + 10) : 16;
}

/** A string, whose opening quote is here; of several lines only when it `may_have_lines`. */
BULLA_MUST_USE bulla_status bu_toml_string(bu_toml_text *t, bool may_have_lines, bulla_bytes *out);

/** One part of a key: bare, "basic" or 'literal'. */
BULLA_MUST_USE bulla_status bu_toml_key_part(bu_toml_text *t, bulla_bytes *out);

/** Any value but an array or inline table: kind, offset and text or number of `out`. */
BULLA_MUST_USE bulla_status bu_toml_scalar(bu_toml_text *t, bu_node *out);

/* Nodes */

/** A container, which may be filled. */
typedef struct bu_toml_spot {
    uint32_t node;
    uint32_t depth; /* of what is inside of it; the root's is 1 */
} bu_toml_spot;

/** A table or array of tables that a header or dotted key has made. */
typedef struct bu_toml_table {
    uint32_t node;
    uint32_t newest; /* element of an array of tables */
    uint8_t depth;
    uint8_t state;
} bu_toml_table;

/** All nodes, in order of the text; `skip` is the number of the parent. */
typedef struct bu_toml_nodes {
    bu_node *items;
    size_t count, cap;
    bu_intern names; /* (node of the parent, key) of each of `tables` */
    bu_toml_table *tables;
    size_t table_count, table_cap;
} bu_toml_nodes;

/** How a key leads to a table. */
typedef enum bu_toml_way {
    BU_TOML_THROUGH, /* a header's key but for its last part */
    BU_TOML_DEFINE,  /* the last part of [header] */
    BU_TOML_APPEND,  /* the last part of [[header]] */
    BU_TOML_DOTTED,  /* a key of `key = value` but for its last part */
} bu_toml_way;

void bu_toml_nodes_clear(bu_toml_nodes *nodes);
BU_DEFINE_CLEAR(bu_toml_nodes)

/** Add the root table. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_toml_root(bu_toml_nodes *nodes, bu_toml_spot *out, bulla_error *err);

/** Add a value: kind, key, offset and text or number of `node` are taken. */
BULLA_MUST_USE bulla_status bu_toml_add(bu_toml_nodes *nodes, bu_toml_spot parent,
                                        const bu_node *node, bulla_error *err);

/** Add an ARRAY or TABLE inside of `spot` and go into it. */
BULLA_MUST_USE bulla_status bu_toml_open(bu_toml_nodes *nodes, bu_toml_spot *spot,
                                         const bu_node *node, bulla_error *err);

/**
 * Go to the table of that key below `spot`; what is not there is made, with this offset. Fails with
 * duplicate-key where TOML forbids to define or extend that table. That the key is one of a value is
 * found by bu_tree_settle().
 */
BULLA_MUST_USE bulla_status bu_toml_enter(bu_toml_nodes *nodes, bu_toml_spot *spot, bu_toml_way way,
                                          bulla_bytes key, uint32_t offset, bulla_error *err);

/** Bring the nodes into the order that trees have and give them to `tree`. */
BULLA_MUST_USE bulla_status bu_toml_lay_out(bu_toml_nodes *nodes, bu_tree *tree, bulla_error *err);

#endif
